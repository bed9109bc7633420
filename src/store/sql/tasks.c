/* tasks.c - work that waits, lane by lane
 *
 * Whatever makes a task due earlier holds its lane's row until the commit (put, a taking,
 * an end that tries again), so that a lane's times are never later than its tasks'. A
 * renewal only makes one due later, and leaves the lane alone: it is then looked at once
 * in vain.
 */
#include "store/sql/tasks.h"

#include <stdio.h>

static const struct column task_columns[] = {
    COLUMN(struct task, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct task, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct task, id, "id", MEMBER_TEXT),
    COLUMN_WORD(struct task, kind, "kind", &sql_task_kind_words),
    COLUMN(struct task, target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct task, parameters, "parameters", MEMBER_TEXT),
    COLUMN(struct task, urgent, "urgent", MEMBER_BOOL),
    COLUMN_WORD(struct task, state, "state", &sql_task_words),
    COLUMN(struct task, attempts, "attempts", MEMBER_INT),
    COLUMN(struct task, most_attempts, "most_attempts", MEMBER_INT),
    COLUMN(struct task, due_at, "due_at", MEMBER_INT),
    COLUMN(struct task, fence, "fence", MEMBER_INT),
    COLUMN(struct task, owner, "owner", MEMBER_TEXT),
    COLUMN(struct task, text, "text", MEMBER_TEXT),
    COLUMN(struct task, created_at, "created_at", MEMBER_INT),
    COLUMN(struct task, started_at, "started_at", MEMBER_INT),
    COLUMN(struct task, finished_at, "finished_at", MEMBER_INT),
};
static const struct noun task_noun = NOUN("task", struct task, task_columns, 3);

#define KEY "seller_id = ? AND shop_id = ? AND id = ?"

/* ---- lanes ---- */

static enum aisle_status call_lane(struct conn *c, struct str seller_id,
                                   struct str shop_id, bool urgent, int64_t due_at,
                                   struct aisle_err *err)
{
    return sql_run(
        c,
        "INSERT INTO lane (seller_id, shop_id, urgent_at, due_at, served) "
        "VALUES (?, ?, ?, ?, 0) ON CONFLICT (seller_id, shop_id) DO UPDATE SET "
        "urgent_at = CASE WHEN excluded.urgent_at < lane.urgent_at "
        "THEN excluded.urgent_at ELSE lane.urgent_at END, "
        "due_at = CASE WHEN excluded.due_at < lane.due_at "
        "THEN excluded.due_at ELSE lane.due_at END",
        SQL_VALUES(sql_text(seller_id), sql_text(shop_id),
                   sql_int(urgent ? due_at : TASK_NEVER),
                   sql_int(urgent ? TASK_NEVER : due_at)),
        err);
}

#define EARLIEST(urgent)                                                                 \
    "(SELECT coalesce(min(t.due_at), 9223372036854775807) FROM task t "                  \
    "WHERE t.seller_id = lane.seller_id AND t.shop_id = lane.shop_id "                   \
    "AND t.urgent = " urgent ")"

/* Held already. */
static enum aisle_status look_over_lane(struct conn *c, struct str seller_id,
                                        struct str shop_id, struct aisle_err *err)
{
    return sql_run(c,
                   "UPDATE lane SET urgent_at = " EARLIEST("1") ", due_at = " EARLIEST(
                       "0") " WHERE seller_id = ? AND shop_id = ?",
                   SQL_VALUES(sql_text(seller_id), sql_text(shop_id)), err);
}

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
        call_lane(c, t->seller_id, t->shop_id, t->urgent, t->due_at, err);

    if (status == AISLE_OK)
        status = sql_change(
            c,
            "INSERT INTO task (seller_id, shop_id, id, kind, target_id, parameters, "
            "urgent, "
            "state, attempts, most_attempts, due_at, fence, owner, text, created_at, "
            "started_at, finished_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, ?, '', '', ?, 0, 0) "
            "ON CONFLICT (seller_id, shop_id, id) DO UPDATE SET kind = excluded.kind, "
            "target_id = excluded.target_id, parameters = excluded.parameters, "
            "urgent = excluded.urgent, state = 'waiting', attempts = 0, "
            "most_attempts = excluded.most_attempts, due_at = excluded.due_at, owner = "
            "'', "
            "text = '', created_at = excluded.created_at, started_at = 0, finished_at = "
            "0 "
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

    query_select(&q, &task_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "shop_id = ?", sql_text(shop_id));
    query_where(&q, "id = ?", sql_text(id));
    status = sql_get(s, &task_noun, &q, arena, out, &found, err);
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

    query_select(&q, &task_noun);
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
    w = walk_begin(s, &task_noun, &q, err);
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

/* ---- taking ---- */

enum { LANES_AT_ONCE = 8, TASKS_AT_ONCE = 64 };

struct turn {
    struct str seller_id, shop_id;
    int64_t served;
};

struct take_work {
    const struct task_wish *wish;
    struct arena *arena;
    struct task *out;
    size_t *count;
};

/* Lanes with something due: those with urgent tasks first, then as they were served. */
static enum aisle_status list_turns(struct conn *c, const struct take_work *w,
                                    struct turn *turns, size_t *count,
                                    struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = true;
    enum aisle_status status = sql_prepare(
        c,
        "SELECT seller_id, shop_id, served FROM lane WHERE urgent_at <= ? OR due_at <= ? "
        "ORDER BY CASE WHEN urgent_at <= ? THEN 0 ELSE 1 END, served, seller_id, shop_id "
        "LIMIT 8",
        SQL_VALUES(sql_int(w->wish->now), sql_int(w->wish->now), sql_int(w->wish->now)),
        &st, err);

    while (status == AISLE_OK && row && *count < LANES_AT_ONCE) {
        struct turn *t = &turns[*count];

        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        t->seller_id = arena_str(w->arena, sql_column(st, 0));
        t->shop_id = arena_str(w->arena, sql_column(st, 1));
        t->served = sql_column_int(st, 2);
        ++*count;
        if (!t->seller_id.p || !t->shop_id.p)
            status = aisle_nomem(err);
    }
    sql_finish(st);
    return status;
}

/* Ours, unless another was faster; held until the commit. */
static enum aisle_status take_turn(struct conn *c, const struct take_work *w,
                                   const struct turn *t, bool *ours,
                                   struct aisle_err *err)
{
    int64_t changed = 0,
            at = w->wish->turn_ms > t->served ? w->wish->turn_ms : t->served + 1;
    enum aisle_status status = sql_change(
        c,
        "UPDATE lane SET served = ? WHERE seller_id = ? AND shop_id = ? AND served = ?",
        SQL_VALUES(sql_int(at), sql_text(t->seller_id), sql_text(t->shop_id),
                   sql_int(t->served)),
        &changed, err);

    *ours = changed > 0;
    return status;
}

/* Tasks of the lane that are due, as they are. */
static enum aisle_status list_due(struct conn *c, const struct take_work *w,
                                  const struct turn *t, struct task *due, size_t *count,
                                  struct aisle_err *err)
{
    size_t most = w->wish->most < TASKS_AT_ONCE ? w->wish->most : TASKS_AT_ONCE;
    enum aisle_status status = AISLE_OK;

    for (int urgent = 1; urgent >= 0 && *count < most && status == AISLE_OK; urgent--) {
        struct query q = {0};
        struct stmt *st = NULL;
        bool row = true;

        query_select(&q, &task_noun);
        query_where(&q, "seller_id = ?", sql_text(t->seller_id));
        query_where(&q, "shop_id = ?", sql_text(t->shop_id));
        query_where(&q, "urgent = ?", sql_int(urgent));
        query_where(&q, "due_at <= ?", sql_int(w->wish->now));
        query_add(&q, " ORDER BY due_at, id");
        query_limit(&q, most - *count);
        status = sql_prepare(c, q.text, query_values(&q), &st, err);
        while (status == AISLE_OK && row) {
            status = sql_step(st, &row, err);
            if (status != AISLE_OK || !row)
                break;
            status = noun_read(&task_noun, st, &due[*count], err);
            if (status == AISLE_OK)
                status = noun_keep(&task_noun, &due[*count], w->arena, err);
            ++*count;
        }
        sql_finish(st);
    }
    return status;
}

/* Its worker was lost as often as is borne with. */
static enum aisle_status give_up(struct conn *c, struct task *t, int64_t now,
                                 struct aisle_err *err)
{
    char text[160];

    snprintf(text, sizeof text, "given up: its worker was lost %lld %s%s",
             (long long)t->attempts, t->attempts == 1 ? "time" : "times",
             t->text.n ? "; before: " : "");
    return sql_run(c,
                   "UPDATE task SET state = 'dead', due_at = 9223372036854775807, "
                   "text = ? || text, finished_at = ?, fence = fence + 1 WHERE " KEY,
                   SQL_VALUES(sql_text(str_of(text)), sql_int(now),
                              sql_text(t->seller_id), sql_text(t->shop_id),
                              sql_text(t->id)),
                   err);
}

static enum aisle_status take_one(struct conn *c, const struct take_work *w,
                                  struct task *t, struct aisle_err *err)
{
    const struct task_wish *wish = w->wish;

    t->state = TASK_TAKEN;
    t->attempts++;
    t->fence++;
    t->due_at = wish->until;
    t->owner = wish->owner;
    t->started_at = wish->now;
    return sql_run(
        c,
        "UPDATE task SET state = 'taken', attempts = ?, fence = ?, due_at = ?, "
        "owner = ?, started_at = ? WHERE " KEY,
        SQL_VALUES(sql_int(t->attempts), sql_int(t->fence), sql_int(t->due_at),
                   sql_text(t->owner), sql_int(t->started_at), sql_text(t->seller_id),
                   sql_text(t->shop_id), sql_text(t->id)),
        err);
}

/* While the lane is held its tasks can only be renewed or end, so what was found due is
 * asked for once more as it is taken: a renewal may have come between. */
static enum aisle_status take_due(struct conn *c, const struct take_work *w,
                                  const struct turn *turn, struct aisle_err *err)
{
    struct task *due = w->out;
    size_t found = 0, taken = 0;
    enum aisle_status status = list_due(c, w, turn, due, &found, err);

    for (size_t i = 0; i < found && status == AISLE_OK; i++) {
        int64_t still = 0;

        status = sql_change(c,
                            "UPDATE task SET state = 'taken' WHERE " KEY
                            " AND fence = ? AND due_at = ?",
                            SQL_VALUES(sql_text(due[i].seller_id),
                                       sql_text(due[i].shop_id), sql_text(due[i].id),
                                       sql_int(due[i].fence), sql_int(due[i].due_at)),
                            &still, err);
        if (status != AISLE_OK || !still)
            continue;
        if (due[i].attempts >= due[i].most_attempts) {
            status = give_up(c, &due[i], w->wish->now, err);
            continue;
        }
        due[taken] = due[i];
        status = take_one(c, w, &due[taken++], err);
    }
    if (status == AISLE_OK)
        status = look_over_lane(c, turn->seller_id, turn->shop_id, err);
    *w->count = taken;
    return status;
}

static enum aisle_status write_take(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct take_work *w = work;
    struct turn turns[LANES_AT_ONCE];
    size_t count = 0;
    enum aisle_status status = list_turns(c, w, turns, &count, err);

    *w->count = 0;
    for (size_t i = 0; i < count && status == AISLE_OK && *w->count == 0; i++) {
        bool ours = false;

        status = take_turn(c, w, &turns[i], &ours, err);
        if (status == AISLE_OK && ours)
            status = take_due(c, w, &turns[i], err);
    }
    return status;
}

static enum aisle_status take(struct store *s, const struct task_wish *wish,
                              struct arena *arena, struct task *out, size_t *count,
                              struct aisle_err *err)
{
    size_t taken = 0;
    struct take_work work = {wish, arena, out, &taken};
    enum aisle_status status = sql_write(s, write_take, &work, err);

    if (status == AISLE_OK)
        *count = taken;
    return status;
}

/* ---- holding and ending ---- */

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

/* The lane first, as everywhere, and held: the time may be earlier than the lease's. */
static enum aisle_status write_end(struct conn *c, const void *work,
                                   struct aisle_err *err)
{
    const struct task_end *e = work;
    const struct task_hold *h = &e->hold;
    bool again = e->state == TASK_WAITING;
    int64_t ours = 0;
    enum aisle_status status = AISLE_OK;

    if (again) {
        status = call_lane(c, h->seller_id, h->shop_id, true, e->due_at, err);
        if (status == AISLE_OK)
            status = call_lane(c, h->seller_id, h->shop_id, false, e->due_at, err);
    }
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
    return status == AISLE_OK && !ours ? fail_lost(h, err) : status;
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
    enum aisle_status status = call_lane(c, w->seller_id, w->shop_id, true, w->now, err);

    if (status == AISLE_OK)
        status = call_lane(c, w->seller_id, w->shop_id, false, w->now, err);
    if (status == AISLE_OK)
        status =
            sql_change(c,
                       "UPDATE task SET state = 'waiting', attempts = 0, due_at = ?, "
                       "finished_at = 0 WHERE " KEY " AND state = 'dead'",
                       SQL_VALUES(sql_int(w->now), sql_text(w->seller_id),
                                  sql_text(w->shop_id), sql_text(w->id)),
                       &changed, err);
    if (status == AISLE_OK && !changed)
        return aisle_fail(err, AISLE_NOT_FOUND, "no task %.*s was given up",
                          STR_ARG(w->id));
    return status;
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
    .take = take,
    .renew = renew,
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
