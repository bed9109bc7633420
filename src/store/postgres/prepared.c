/* prepared.c - which statements the server knows by now, and its way of writing ?s */
#include "base/mem.h"
#include "store/postgres/conn.h"

#include <ctype.h>
#include <stdio.h>

enum { PLACES = 2 * PG_MAX_PREPARED };

/* The same text with values of other kinds is another statement to the server. Text and
 * NULL are of one kind. */
static uint64_t hash_of(const char *sql, struct values values)
{
    uint64_t hash = str_hash(str_of(sql));

    for (size_t i = 0; i < values.count; i++) {
        uint64_t kind =
            values.list[i].kind == VALUE_TEXT_OR_NULL ? VALUE_TEXT : values.list[i].kind;

        hash = (hash ^ (kind + 1)) * 1099511628211u; /* FNV-1a goes on */
    }
    return hash;
}

static struct pg_prepared *place_of(struct pg_conn *c, const char *sql, uint64_t hash)
{
    for (size_t i = hash % PLACES;; i = (i + 1) % PLACES) {
        struct pg_prepared *p = &c->prepared[i];

        if (!p->sql || (p->hash == hash && strcmp(p->sql, sql) == 0))
            return p;
    }
}

struct pg_prepared *pg_prepared_find(struct pg_conn *c, const char *sql,
                                     struct values values)
{
    uint64_t hash = hash_of(sql, values);
    struct pg_prepared *p = place_of(c, sql, hash);

    if (p->sql)
        return p;
    if (c->prepared_count == PG_MAX_PREPARED)
        return NULL;
    p->sql = mem_dup(sql, strlen(sql));
    if (!p->sql)
        return NULL;
    p->hash = hash;
    p->number = ++c->last_number;
    c->prepared_count++;
    return p;
}

void pg_prepared_clear(struct pg_conn *c)
{
    for (size_t i = 0; c->prepared && i < PLACES; i++)
        mem_free(c->prepared[i].sql);
    if (c->prepared)
        memset(c->prepared, 0, PLACES * sizeof *c->prepared);
    c->prepared_count = 0;
}

/* No text of ours has a ? that is not a value's. */
bool pg_prepared_text(const char *sql, char *out, size_t room)
{
    size_t n = 0;
    unsigned next = 1;

    for (const char *p = sql; *p; p++) {
        if (n + 8 > room)
            return false;
        if (*p != '?')
            out[n++] = *p;
        else if (isdigit((unsigned char)p[1]))
            out[n++] = '$'; /* the number follows */
        else
            n += (size_t)snprintf(out + n, room - n, "$%u", next++);
    }
    out[n] = '\0';
    return true;
}
