/* fail.c - what PostgreSQL's SQLSTATEs mean to us ("PostgreSQL Error Codes", appendix A
 * of its manual) */
#include "store/postgres/conn.h"

#include <stdio.h>

/* By the longest code that fits; two letters are a class. */
static const struct {
    const char *code;
    enum aisle_status status;
    const char *words; /* %s: the place; NULL: the server's own */
    bool lost, outage; /* who is lost is out */
} table[] = {
    {"08", AISLE_IO, NULL, true, false},
    {"22021", AISLE_INVALID, "%s takes UTF-8 text only, without NUL", false, false},
    {"22P05", AISLE_INVALID, "%s takes UTF-8 text only, without NUL", false, false},
    {"23", AISLE_INVALID, NULL, false, false},
    {"25006", AISLE_IO, "%s is a replica, which cannot be written to", true, false},
    {"25P03", AISLE_BUSY, "%s waited too long for this program", true, false},
    {"28", AISLE_CONFIG, NULL, false, false},
    {"3D000", AISLE_CONFIG, NULL, false, false},
    {"40001", AISLE_BUSY, "another process changes the same in %s", false, false},
    {"40P01", AISLE_BUSY, "another process changes the same in %s", false, false},
    {"42501", AISLE_CONFIG, NULL, false, false},
    {"53100", AISLE_IO, "disk is full: %s", false, true},
    {"53200", AISLE_BUSY, "%s has no memory left", false, true},
    {"53300", AISLE_BUSY, "%s has no connection left", false, true},
    {"54000", AISLE_LIMIT, "text is too large for %s", false, false},
    {"55P03", AISLE_BUSY, "another process holds %s", false, false},
    {"57014", AISLE_BUSY, "%s took too long", false, false},
    {"57P", AISLE_IO, NULL, true, false},
    {"58", AISLE_IO, NULL, false, true},
    {"XX001", AISLE_GARBLED, NULL, false, false},
    {"XX002", AISLE_GARBLED, NULL, false, false},
};

bool pg_state_is(const struct pg_conn *c, const char *sqlstate)
{
    return strncmp(c->sqlstate, sqlstate, strlen(sqlstate)) == 0;
}

/* Between what two lines said. */
static const char *between(char before, char next)
{
    if (strchr(".,:;?!", before))
        return " ";
    return next >= 'A' && next <= 'Z' ? ". " : "; ";
}

/* One space for each run of blanks. */
static size_t add_words(struct str line, char *out, size_t n, size_t room)
{
    for (size_t i = 0; i < line.n && n + 1 < room; i++) {
        bool blank = line.p[i] == ' ' || line.p[i] == '\t';

        if (!blank || (n > 0 && out[n - 1] != ' '))
            out[n++] = blank ? ' ' : line.p[i];
    }
    return n;
}

/* Its lines are sentences, or a host's words each, and seldom end with a mark. What it
 * asks back behind each host it could not reach would be most of it where there are
 * several. */
void pg_words(const char *message, char *out, size_t room)
{
    struct str rest = str_of(message);
    size_t n = 0;

    while (!str_empty(rest)) {
        struct str line = str_trim(str_cut(&rest, '\n'));

        if (str_empty(line) || str_starts(line, "Is the server running "))
            continue;
        if (n > 0)
            n = add_words(str_of(between(out[n - 1], line.p[0])), out, n, room);
        n = add_words(line, out, n, room);
    }
    out[n] = '\0';
}

bool pg_is_mistaken(const char *message)
{
    static const char *const settled[] = {
        "invalid port number",
        "invalid integer value",
        "invalid channel_binding value",
        "invalid gssencmode value",
        "invalid sslmode value",
        "invalid ssl_min_protocol_version value",
        "invalid ssl_max_protocol_version value",
        "invalid target_session_attrs value",
        "could not match ", /* port numbers to hosts, addresses to names */
        "could not parse network address",
        "Name or service not known",           /* of getaddrinfo(3): there is none; one */
        "No address associated with hostname", /* that cannot be asked is temporary */
        "server does not support SSL, but SSL was required",
        "sslmode value ",
        "certificate verify failed",
        "does not match host name",
        "root certificate file ",
        "could not read root certificate file",
        "could not open certificate file",
        "could not load private key file",
        "private key file ",
        "is too long", /* a socket's path */
    };
    struct str rest = str_of(message);
    bool mistaken = !str_empty(str_trim(rest));

    while (mistaken && !str_empty(rest)) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        bool known = str_empty(line);

        for (size_t i = 0; !known && i < sizeof settled / sizeof *settled; i++)
            known = str_find(line, str_of(settled[i])) < line.n;
        mistaken = known;
    }
    return mistaken;
}

static enum aisle_status fail_as(struct pg_conn *c, size_t i, const char *server,
                                 struct aisle_err *err)
{
    const char *place = c->base.place;

    c->lost = c->lost || table[i].lost;
    if (!table[i].words)
        return aisle_fail(err, table[i].status, "%s: %s", place, server);
    /* one of ours, with one %s */
    return aisle_fail(err, table[i].status, "%.*s%s%s", (int)strcspn(table[i].words, "%"),
                      table[i].words, place, strstr(table[i].words, "%s") + 2);
}

static enum aisle_status fail(struct pg_conn *c, const PGresult *result, bool *outage,
                              struct aisle_err *err)
{
    const char *code = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *server =
        result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *place = c->base.place, *where = c->base.where;
    char words[200];

    snprintf(c->sqlstate, sizeof c->sqlstate, "%s", code ? code : "08006");
    c->lost = c->lost || PQstatus(c->pg) == CONNECTION_BAD;
    pg_words(server ? server : PQerrorMessage(c->pg), words, sizeof words);
    if (!code && !c->lost)
        return aisle_nomem(err); /* libpq had none for the result */
    if (!code || c->lost) {
        c->lost = true;
        return aisle_fail(err, AISLE_IO, "the connection to %s was lost: %s", place,
                          words);
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (pg_state_is(c, table[i].code)) {
            *outage = table[i].outage;
            return fail_as(c, i, words, err);
        }
    return aisle_fail(err, AISLE_IO, "%s: %s (%s)%s%s", place, words, c->sqlstate,
                      where ? ", begun at " : "", where ? where : "");
}

enum aisle_status pg_fail(struct pg_conn *c, const PGresult *result,
                          struct aisle_err *err)
{
    bool first = err && err->status == AISLE_OK, outage = false;
    enum aisle_status status = fail(c, result, &outage, err);

    if (first)
        err->outage = outage || c->lost;
    return status;
}
