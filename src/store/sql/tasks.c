/* tasks.c - work that waits: added, looked at, held and ended; turns.c has how it is
 * taken
 */
#include "store/sql/tasks.h"

#define KEY TASK_KEY

/* ---- adding ---- */

/* A task that was dropped and added again must not have an earlier one's numbers. */
enum { FENCES_A_SECOND = 1000 };

struct put_work {
    const struct task *list;
    size_t count;
    size_t *added;
};

static enum aisle_status put_one(struct conn *c, const struct task *t, size_t *added,
                                 struct aisle_err *err)
{
    int64_t changed = 0;
    enum aisle_status status =
        sql_call_lane(c, t->seller_id, t->shop_id, t->urgent, t->due_at, err);

    if (status == AISLE_OK)
        status = sql_change(
            c,
            "INSERT INTO task (seller_id, shop_id, id, kind, target_id, parameters, "
            "urgent, state, attempts, most_attempts, due_at, fence, owner, text, "
            "created_at, started_at, finished_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, ?, '', '', ?, 0, 0) "
            "ON CONFLICT (seller_id, shop_id, id) DO UPDATE SET kind = excluded.kind, "
            "target_id = excluded.target_id, parameters = "
            "CASE WHEN task.state = 'waiting' THEN task.parameters "
            "ELSE excluded.parameters END, "
            "urgent = excluded.urgent, state = 'waiting', attempts = 0, "
            "most_attempts = excluded.most_attempts, due_at = excluded.due_at, "
            "owner = '', text = '', created_at = excluded.created_at, started_at = 0, "
            "begun_at = 0, finished_at = 0 "
            "WHERE task.state IN ('done', 'dead') "
            "OR (task.state = 'waiting' AND excluded.urgent > task.urgent)",
            SQL_VALUES(sql_text(t->seller_id), sql_text(t->shop_id), sql_text(t->id),
                       sql_text(str_of(task_kind_name(t->kind))), sql_text(t->target_id),
                       sql_text(t->parameters), sql_int(t->urgent),
                       sql_int(t->most_attempts), sql_int(t->due_at),
                       sql_int(t->created_at * FENCES_A_SECOND), sql_int(t->created_at)),
            &changed, err);
    *added += changed > 0;
    return status;
}

static enum aisle_status write_put(struct conn *c, const void *work,
                                   struct aisle_err *err)
{
    const struct put_work *w = work;
    size_t added = 0;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < w->count && status == AISLE_OK; i++)
        status = put_one(c, &w->list[i], &added, err);
    if (status == AISLE_OK && w->added)
        *w->added = added;
    return status;
}

static enum aisle_status put(struct store *s, const struct task *list, size_t count,
                             size_t *added, struct aisle_err *err)
{
    struct put_work work = {list, count, added};

    return sql_write(s, write_put, &work, err);
}

/* ---- looking ---- */

static enum aisle_status no_task(struct str id, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no task %.*s", STR_ARG(id));
}

static enum aisle_status get(struct store *s, struct str seller_id, struct str shop_id,
                             struct str id, struct arena *arena, struct task *out,
                             struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &sql_task_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "shop_id = ?", sql_text(shop_id));
    query_where(&q, "id = ?", sql_text(id));
    status = sql_get(s, &sql_task_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_task(id, err) : status;
}

static enum aisle_status each(struct store *s, const struct task_filter *filter,
                              enum aisle_status (*fn)(void *ctx, const struct task *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct task task;
    struct walk w;

    query_select(&q, &sql_task_noun);
    query_where_text(&q, "seller_id = ?", filter->seller_id);
    query_where_text(&q, "shop_id = ?", filter->shop_id);
    query_where_words(&q, "state", &sql_task_words, filter->states);
    query_where_words(&q, "kind", &sql_task_kind_words, filter->kinds);
    if (filter->after_id.n) {
        query_where(&q, "(seller_id, shop_id, id) > (?,", sql_text(filter->after_seller));
        query_add(&q, " ?, ?)");
        query_value(&q, sql_text(filter->after_shop));
        query_value(&q, sql_text(filter->after_id));
    }
    query_add(&q, " ORDER BY seller_id, shop_id, id");
    query_limit(&q, filter->limit);
    w = walk_begin(s, &sql_task_noun, &q, err);
    while (walk_next(&w, &task))
        w.status = fn(ctx, &task, err);
    return walk_end(&w);
}

static const struct column lane_columns[] = {
    COLUMN(struct lane, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct lane, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct lane, waiting, "waiting", MEMBER_INT),
    COLUMN(struct lane, urgent, "urgent", MEMBER_INT),
    COLUMN(struct lane, taken, "taken", MEMBER_INT),
    COLUMN(struct lane, done, "done", MEMBER_INT),
    COLUMN(struct lane, dead, "dead", MEMBER_INT),
    COLUMN(struct lane, oldest_at, "oldest_at", MEMBER_INT),
};
static const struct noun lane_noun = NOUN("lane", struct lane, lane_columns, 2);

#define COUNT_WHERE(what) "count(CASE WHEN " what " THEN 1 END)"

static enum aisle_status each_lane(struct store *s,
                                   enum aisle_status (*fn)(void *ctx, const struct lane *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct lane lane;
    struct walk w;

    query_add(
        &q,
        "SELECT seller_id, shop_id, " COUNT_WHERE("state = 'waiting'") ", " COUNT_WHERE("state = 'waiting' AND urgent = 1") ", " COUNT_WHERE(
            "state = 'taken'") ", " COUNT_WHERE("state = 'done'") ", " COUNT_WHERE("state"
                                                                                   " = "
                                                                                   "'dead"
                                                                                   "'") ", "
                                                                                        "coalesce(min(CASE WHEN state IN ('waiting', 'taken') THEN created_at END), 0) "
                                                                                        "FROM task GROUP BY seller_id, shop_id ORDER BY seller_id, shop_id");
    w = walk_begin(s, &lane_noun, &q, err);
    while (walk_next(&w, &lane))
        w.status = fn(ctx, &lane, err);
    return walk_end(&w);
}

/* ---- holding ---- */

static enum aisle_status fail_lost(const struct task_hold *hold, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_CONFLICT, "task %.*s is somebody else's by now",
                      STR_ARG(hold->id));
}

enum aisle_status sql_check_hold(struct conn *c, const struct task_hold *hold,
                                 struct aisle_err *err)
{
    int64_t ours = 0;
    enum aisle_status status = sql_change(
        c,
        "UPDATE task SET fence = fence WHERE " KEY " AND fence = ? AND state = 'taken'",
        SQL_VALUES(sql_text(hold->seller_id), sql_text(hold->shop_id), sql_text(hold->id),
                   sql_int(hold->fence)),
        &ours, err);

    return status == AISLE_OK && !ours ? fail_lost(hold, err) : status;
}

struct renew_work {
    const struct task_hold *hold;
    int64_t until;
    int64_t *ours; /* rows changed */
};

static enum aisle_status write_renew(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    const struct renew_work *w = work;

    return sql_change_later(
        c, "UPDATE task SET due_at = ? WHERE " KEY " AND fence = ? AND state = 'taken'",
        SQL_VALUES(sql_int(w->until), sql_text(w->hold->seller_id),
                   sql_text(w->hold->shop_id), sql_text(w->hold->id),
                   sql_int(w->hold->fence)),
        w->ours, err);
}

static enum aisle_status look_at_renewal(struct conn *c, const void *work,
                                         struct aisle_err *err)
{
    const struct renew_work *w = work;

    (void)c;
    return *w->ours ? AISLE_OK : fail_lost(w->hold, err);
}

static enum aisle_status renew(struct store *s, const struct task_hold *hold,
                               int64_t until, struct aisle_err *err)
{
    int64_t ours = 0;
    struct renew_work work = {hold, until, &ours};

    return sql_write_looked(s, write_renew, look_at_renewal, &work, err);
}

/* ---- times of a clock that was ahead ---- */

enum { LANES_PULLED_IN = 64 };

#define STRAYED "due_at > ? AND due_at < 9223372036854775807"

struct pull_work {
    int64_t latest, now;
    size_t count;
};

struct stray_lane {
    struct str seller_id, shop_id;
};

/* Only looks, so that the usual case keeps no writer waiting. */
static enum aisle_status count_strayed(struct conn *c, void *work, struct aisle_err *err)
{
    struct pull_work *w = work;
    int64_t count = 0;
    enum aisle_status status = sql_ask(c, "SELECT count(*) FROM task WHERE " STRAYED,
                                       SQL_VALUES(sql_int(w->latest)), 0, &count, err);

    w->count = (size_t)count;
    return status;
}

static enum aisle_status list_strayed(struct conn *c, const struct pull_work *w,
                                      struct arena *arena, struct stray_lane *lanes,
                                      size_t *count, struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = true;
    enum aisle_status status =
        sql_prepare(c,
                    "SELECT DISTINCT seller_id, shop_id FROM task WHERE " STRAYED
                    " ORDER BY seller_id, shop_id LIMIT 64",
                    SQL_VALUES(sql_int(w->latest)), &st, err);

    while (status == AISLE_OK && *count < LANES_PULLED_IN) {
        struct stray_lane *l = &lanes[*count];

        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        l->seller_id = arena_str(arena, sql_column(st, 0));
        l->shop_id = arena_str(arena, sql_column(st, 1));
        ++*count;
        if (!l->seller_id.p || !l->shop_id.p)
            status = aisle_nomem(err);
    }
    sql_finish(st);
    return status;
}

static enum aisle_status pull_in_lane(struct conn *c, const struct pull_work *w,
                                      const struct stray_lane *l, struct aisle_err *err)
{
    enum aisle_status status = sql_hold_lane(c, l->seller_id, l->shop_id, err);

    if (status == AISLE_OK)
        status = sql_run(
            c,
            "UPDATE task SET due_at = ? WHERE seller_id = ? AND shop_id = ? AND " STRAYED,
            SQL_VALUES(sql_int(w->now), sql_text(l->seller_id), sql_text(l->shop_id),
                       sql_int(w->latest)),
            err);
    return status == AISLE_OK ? sql_look_over_lane(c, l->seller_id, l->shop_id, err)
                              : status;
}

static enum aisle_status write_pull_in(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    const struct pull_work *w = work;
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct stray_lane lanes[LANES_PULLED_IN];
    size_t count = 0;
    enum aisle_status status = list_strayed(c, w, &arena, lanes, &count, err);

    for (size_t i = 0; i < count && status == AISLE_OK; i++)
        status = pull_in_lane(c, w, &lanes[i], err);
    arena_clear(&arena);
    return status;
}

static enum aisle_status pull_in(struct store *s, int64_t latest, int64_t now,
                                 size_t *count, struct aisle_err *err)
{
    struct pull_work work = {latest, now, 0};
    enum aisle_status status = sql_read(s, count_strayed, &work, err);

    if (status == AISLE_OK && work.count)
        status = sql_write(s, write_pull_in, &work, err);
    if (status == AISLE_OK)
        *count = work.count;
    return status;
}

/* ---- ending ---- */

/* The lane first, as everywhere, and held: the time may be earlier than the lease's. */
static enum aisle_status write_end(struct conn *c, const void *work,
                                   struct aisle_err *err)
{
    const struct task_end *e = work;
    const struct task_hold *h = &e->hold;
    bool again = e->state == TASK_WAITING;
    int64_t ours = 0;
    enum aisle_status status = AISLE_OK;

    if (again)
        status = sql_hold_lane(c, h->seller_id, h->shop_id, err);
    if (status == AISLE_OK)
        status = sql_change(
            c,
            "UPDATE task SET state = ?, text = ?, due_at = ?, attempts = attempts - ?, "
            "finished_at = ? WHERE " KEY " AND fence = ? AND state = 'taken'",
            SQL_VALUES(sql_text(str_of(task_state_name(e->state))), sql_text(e->text),
                       sql_int(again ? e->due_at : TASK_NEVER), sql_int(e->unused),
                       sql_int(again ? 0 : e->at), sql_text(h->seller_id),
                       sql_text(h->shop_id), sql_text(h->id), sql_int(h->fence)),
            &ours, err);
    if (status == AISLE_OK && !ours)
        status = fail_lost(h, err);
    return status == AISLE_OK && again
               ? sql_look_over_lane(c, h->seller_id, h->shop_id, err)
               : status;
}

static enum aisle_status end(struct store *s, const struct task_end *e,
                             struct aisle_err *err)
{
    return sql_write(s, write_end, e, err);
}

/* ---- by hand ---- */

struct by_hand {
    struct str seller_id, shop_id, id;
    int64_t now;
};

static enum aisle_status write_revive(struct conn *c, const void *work,
                                      struct aisle_err *err)
{
    const struct by_hand *w = work;
    int64_t changed = 0;
    enum aisle_status status = sql_hold_lane(c, w->seller_id, w->shop_id, err);

    if (status == AISLE_OK)
        status =
            sql_change(c,
                       "UPDATE task SET state = 'waiting', attempts = 0, due_at = ?, "
                       "begun_at = 0, finished_at = 0 WHERE " KEY " AND state = 'dead'",
                       SQL_VALUES(sql_int(w->now), sql_text(w->seller_id),
                                  sql_text(w->shop_id), sql_text(w->id)),
                       &changed, err);
    if (status == AISLE_OK && !changed)
        status =
            aisle_fail(err, AISLE_NOT_FOUND, "no task %.*s was given up", STR_ARG(w->id));
    return status == AISLE_OK ? sql_look_over_lane(c, w->seller_id, w->shop_id, err)
                              : status;
}

static enum aisle_status revive(struct store *s, struct str seller_id, struct str shop_id,
                                struct str id, int64_t now, struct aisle_err *err)
{
    struct by_hand work = {seller_id, shop_id, id, now};

    return sql_write(s, write_revive, &work, err);
}

static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct by_hand *w = work;
    int64_t changed = 0;
    enum aisle_status status = sql_change(
        c, "DELETE FROM task WHERE " KEY,
        SQL_VALUES(sql_text(w->seller_id), sql_text(w->shop_id), sql_text(w->id)),
        &changed, err);

    return status == AISLE_OK && !changed ? no_task(w->id, err) : status;
}

static enum aisle_status drop(struct store *s, struct str seller_id, struct str shop_id,
                              struct str id, struct aisle_err *err)
{
    struct by_hand work = {seller_id, shop_id, id, 0};

    return sql_write(s, write_drop, &work, err);
}

static enum aisle_status write_sweep(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    const int64_t *before = work;

    return sql_run(c, "DELETE FROM task WHERE state = 'done' AND finished_at < ?",
                   SQL_VALUES(sql_int(*before)), err);
}

static enum aisle_status sweep(struct store *s, int64_t before, struct aisle_err *err)
{
    return sql_write(s, write_sweep, &before, err);
}

const struct store_tasks sql_tasks = {
    .put = put,
    .get = get,
    .each = each,
    .take = sql_take_tasks,
    .renew = renew,
    .pull_in = pull_in,
    .end = end,
    .revive = revive,
    .drop = drop,
    .sweep = sweep,
    .each_lane = each_lane,
    .put_worker = sql_put_worker,
    .drop_worker = sql_drop_worker,
    .each_worker = sql_each_worker,
    .get_limit = sql_get_limit,
    .put_limit = sql_put_limit,
    .each_limit = sql_each_limit,
};
