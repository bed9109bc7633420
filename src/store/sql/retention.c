/* retention.c - dropping what was kept long enough */
#include "store/sql/rows.h"

#define OLD_RUNS "state <> 'under-way' AND finished_at > 0 AND finished_at < ?"
#define OLD_SNAPSHOTS                                                                    \
    "SELECT o.target_id, o.id FROM snapshot o WHERE o.checked_at < ? AND o.id < "        \
    "(SELECT "                                                                           \
    "max(n.id) FROM snapshot n WHERE n.target_id = o.target_id)"
#define LOST_TREES                                                                       \
    "SELECT t.id FROM tree_content t WHERE NOT EXISTS (SELECT 1 FROM snapshot_content "  \
    "k "                                                                                 \
    "WHERE k.content = t.id)"

struct drop {
    const char *count; /* how many there are */
    const char *pieces[6];
    int64_t before;
    bool dry;
    size_t *dropped;
};

static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct drop *d = work;
    int64_t n = 0;
    enum aisle_status status =
        sql_ask(c, d->count, SQL_VALUES(sql_int(d->before)), 0, &n, err);

    for (size_t i = 0; status == AISLE_OK && !d->dry && n && d->pieces[i]; i++) {
        bool timed = strchr(d->pieces[i], '?') != NULL;

        status = sql_run(c, d->pieces[i],
                         timed ? SQL_VALUES(sql_int(d->before)) : SQL_NO_VALUES, err);
    }
    *d->dropped = (size_t)n;
    return status;
}

static enum aisle_status drop(struct store *s, struct drop d, int64_t before, bool dry,
                              size_t *count, struct aisle_err *err)
{
    size_t dropped = 0;
    enum aisle_status status;

    d.before = before;
    d.dry = dry;
    d.dropped = &dropped;
    status = sql_write(s, write_drop, &d, err);
    if (status == AISLE_OK)
        *count = dropped;
    return status;
}

static enum aisle_status drop_runs(struct store *s, int64_t before, bool dry,
                                   size_t *count, struct aisle_err *err)
{
    static const struct drop runs = {
        .count = "SELECT count(*) FROM run WHERE " OLD_RUNS,
        .pieces = {"DELETE FROM run_item WHERE run_id IN (SELECT id FROM run "
                   "WHERE " OLD_RUNS ")",
                   "DELETE FROM run WHERE " OLD_RUNS},
    };

    return drop(s, runs, before, dry, count, err);
}

/* Those that refer go before those referred to. */
static enum aisle_status drop_snapshots(struct store *s, int64_t before, bool dry,
                                        size_t *count, struct aisle_err *err)
{
    static const struct drop snapshots = {
        .count = "SELECT count(*) FROM (" OLD_SNAPSHOTS ") AS old",
        .pieces = {"DELETE FROM permission WHERE (target_id, snapshot_id) "
                   "IN (" OLD_SNAPSHOTS ")",
                   "DELETE FROM snapshot_content WHERE (target_id, snapshot_id) "
                   "IN (" OLD_SNAPSHOTS ")",
                   "DELETE FROM snapshot WHERE (target_id, id) IN (" OLD_SNAPSHOTS ")",
                   "DELETE FROM category WHERE content IN (" LOST_TREES ")",
                   "DELETE FROM tree_content WHERE id IN (" LOST_TREES ")"},
    };

    return drop(s, snapshots, before, dry, count, err);
}

const struct store_retention sql_retention = {
    .drop_runs = drop_runs,
    .drop_snapshots = drop_snapshots,
};
