/* leases.c - who may work alone at what has a name, and until when */
#include "store/sql/rows.h"

#include <limits.h>

struct claim_write {
    struct lease_claim claim;
    struct arena *arena;
    struct str *holder; /* of a lease that is not to be had */
    int64_t *taken;     /* rows changed */
};

/* The first second in which it is over. */
static int over_in_s(const struct lease_claim *claim, int64_t until)
{
    int64_t left = until < claim->now ? 0 : until - claim->now;

    return left < INT_MAX ? (int)left + 1 : INT_MAX;
}

static enum aisle_status fail_held(struct conn *c, const struct claim_write *w,
                                   struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool held = false;
    enum aisle_status status =
        sql_prepare(c, "SELECT owner, until FROM lease WHERE name = ?",
                    SQL_VALUES(sql_text(w->claim.name)), &st, err);

    if (status == AISLE_OK)
        status = sql_step(st, &held, err);
    if (status == AISLE_OK) {
        struct str holder = held ? sql_column(st, 0) : STR_LIT("");

        status = aisle_fail(err, AISLE_CONFLICT, "%.*s is held by %.*s",
                            STR_ARG(w->claim.name), STR_ARG(holder));
        if (held && err)
            err->retry_after_s = over_in_s(&w->claim, sql_column_int(st, 1));
        *w->holder = w->arena ? arena_str(w->arena, holder) : str_of(NULL);
    }
    sql_finish(st);
    return status;
}

/* Taken where it is free, over or ours, or ends later than anybody is given it; somebody
 * else's changes no row. */
static enum aisle_status write_claim(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    const struct claim_write *w = work;
    const struct lease_claim *claim = &w->claim;

    return sql_change_later(
        c,
        "INSERT INTO lease (name, owner, until) VALUES (?, ?, ?) ON CONFLICT (name) DO "
        "UPDATE SET owner = excluded.owner, until = excluded.until "
        "WHERE lease.owner = excluded.owner OR lease.until < ? OR lease.until > ?",
        SQL_VALUES(sql_text(claim->name), sql_text(claim->owner), sql_int(claim->until),
                   sql_int(claim->now),
                   sql_int(claim->latest ? claim->latest : INT64_MAX)),
        w->taken, err);
}

static enum aisle_status look_at_claim(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    const struct claim_write *w = work;

    return *w->taken ? AISLE_OK : fail_held(c, w, err);
}

static enum aisle_status claim(struct store *s, const struct lease_claim *claim,
                               struct arena *arena, struct str *holder,
                               struct aisle_err *err)
{
    struct str held_by = {0};
    int64_t taken = 0;
    const struct claim_write w = {*claim, holder ? arena : NULL, &held_by, &taken};
    enum aisle_status status = sql_write_looked(s, write_claim, look_at_claim, &w, err);

    if (status != AISLE_CONFLICT || !holder)
        return status;
    if (!held_by.p)
        return aisle_nomem(err);
    *holder = held_by;
    return status;
}

static enum aisle_status write_release(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    const struct claim_write *w = work;

    return sql_run(c, "DELETE FROM lease WHERE name = ? AND owner = ?",
                   SQL_VALUES(sql_text(w->claim.name), sql_text(w->claim.owner)), err);
}

static enum aisle_status release(struct store *s, struct str name, struct str owner,
                                 struct aisle_err *err)
{
    const struct claim_write w = {.claim = {.name = name, .owner = owner}};

    return sql_write(s, write_release, &w, err);
}

const struct store_leases sql_leases = {
    .claim = claim,
    .release = release,
};
