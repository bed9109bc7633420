/* turns.c - whose turn it is, and taking
 *
 * Whatever makes a task due earlier holds its lane's row until the commit (put, a taking,
 * an end that tries again), so that a lane's times are never later than its tasks'. A
 * renewal only makes one due later, and leaves the lane alone: it is then looked at once
 * in vain, when the lease would have been over.
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
    COLUMN(struct task, begun_at, "begun_at", MEMBER_INT),
    COLUMN(struct task, finished_at, "finished_at", MEMBER_INT),
};
const struct noun sql_task_noun = NOUN("task", struct task, task_columns, 3);

/* ---- lanes ---- */

enum aisle_status sql_call_lane(struct conn *c, struct str seller_id, struct str shop_id,
                                bool urgent, int64_t due_at, struct aisle_err *err)
{
    return sql_run(
        c,
        "INSERT INTO lane (seller_id, shop_id, urgent_at, due_at, lost_at, served) "
        "VALUES (?, ?, ?, ?, 9223372036854775807, 0) ON CONFLICT (seller_id, shop_id) DO "
        "UPDATE SET "
        "urgent_at = CASE WHEN excluded.urgent_at < lane.urgent_at "
        "THEN excluded.urgent_at ELSE lane.urgent_at END, "
        "due_at = CASE WHEN excluded.due_at < lane.due_at "
        "THEN excluded.due_at ELSE lane.due_at END",
        SQL_VALUES(sql_text(seller_id), sql_text(shop_id),
                   sql_int(urgent ? due_at : TASK_NEVER),
                   sql_int(urgent ? TASK_NEVER : due_at)),
        err);
}

#define EARLIEST(where)                                                                  \
    "(SELECT coalesce(min(t.due_at), 9223372036854775807) FROM task t "                  \
    "WHERE t.seller_id = lane.seller_id AND t.shop_id = lane.shop_id AND t." where ")"
#define EARLIEST_URGENT EARLIEST("urgent = 1")
#define EARLIEST_OTHER EARLIEST("urgent = 0")
#define EARLIEST_LEASE EARLIEST("state = 'taken'")

enum aisle_status sql_look_over_lane(struct conn *c, struct str seller_id,
                                     struct str shop_id, struct aisle_err *err)
{
    return sql_run(c,
                   "UPDATE lane SET urgent_at = " EARLIEST_URGENT
                   ", due_at = " EARLIEST_OTHER ", lost_at = " EARLIEST_LEASE
                   " WHERE seller_id = ? AND shop_id = ?",
                   SQL_VALUES(sql_text(seller_id), sql_text(shop_id)), err);
}

enum aisle_status sql_hold_lane(struct conn *c, struct str seller_id, struct str shop_id,
                                struct aisle_err *err)
{
    return sql_call_lane(c, seller_id, shop_id, false, TASK_NEVER, err);
}

/* ---- taking ---- */

enum { LANES_AT_ONCE = 8, TASKS_AT_ONCE = 64, LOOKS = 4 };

struct turn {
    struct str seller_id, shop_id;
    int64_t served;
    bool lost; /* a lease may be over */
};

struct take_work {
    const struct task_wish *wish;
    struct arena *arena;
    struct task *out;
    size_t *count;
};

static int64_t due_by(const struct task_wish *wish)
{
    return wish->now - wish->passed_over_s;
}

/* Lanes with something due: those with urgent tasks first, then those with tasks whose
 * worker was lost, then as they were served. */
static enum aisle_status prepare_turns(struct conn *c, const struct task_wish *wish,
                                       struct stmt **st, struct aisle_err *err)
{
    struct value by = sql_int(due_by(wish));
    struct value rest = sql_int(wish->passed_over_s ? -1 : wish->now);

    return sql_prepare(
        c,
        "SELECT seller_id, shop_id, served, CASE WHEN lost_at <= ? THEN 1 ELSE 0 END "
        "FROM lane WHERE urgent_at <= ? OR lost_at <= ? OR due_at <= ? "
        "ORDER BY CASE WHEN urgent_at <= ? THEN 0 WHEN lost_at <= ? THEN 1 ELSE 2 END, "
        "served, seller_id, shop_id LIMIT 8",
        SQL_VALUES(by, by, by, rest, by, by), st, err);
}

static enum aisle_status list_turns(struct conn *c, const struct take_work *w,
                                    struct turn *turns, size_t *count,
                                    struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = true;
    enum aisle_status status = prepare_turns(c, w->wish, &st, err);

    while (status == AISLE_OK && row && *count < LANES_AT_ONCE) {
        struct turn *t = &turns[*count];

        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        t->seller_id = arena_str(w->arena, sql_column(st, 0));
        t->shop_id = arena_str(w->arena, sql_column(st, 1));
        t->served = sql_column_int(st, 2);
        t->lost = sql_column_int(st, 3) > 0;
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

/* What is due of a lane, in the order it is taken. */
enum part { PART_URGENT, PART_LOST, PART_REST, PARTS };

static bool is_wanted(const struct take_work *w, const struct turn *t, enum part part)
{
    return part == PART_URGENT || (part == PART_LOST && t->lost) ||
           (part == PART_REST && !w->wish->passed_over_s);
}

static void select_part(struct query *q, const struct take_work *w, const struct turn *t,
                        enum part part)
{
    query_select(q, &sql_task_noun);
    query_where(q, "seller_id = ?", sql_text(t->seller_id));
    query_where(q, "shop_id = ?", sql_text(t->shop_id));
    query_where(q, "urgent = ?", sql_int(part == PART_URGENT));
    query_where(q, "due_at <= ?", sql_int(due_by(w->wish)));
    if (part == PART_LOST)
        query_add(q, " AND state = 'taken'");
    if (part == PART_REST)
        query_add(q, " AND state = 'waiting'");
    query_add(q, " ORDER BY due_at, id");
}

static enum aisle_status list_part(struct conn *c, const struct take_work *w,
                                   const struct turn *t, enum part part, size_t most,
                                   struct task *due, size_t *count, struct aisle_err *err)
{
    struct query q = {0};
    struct stmt *st = NULL;
    bool row = true;
    enum aisle_status status;

    select_part(&q, w, t, part);
    query_limit(&q, most - *count);
    status = sql_prepare(c, q.text, query_values(&q), &st, err);
    while (status == AISLE_OK && row) {
        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        status = noun_read(&sql_task_noun, st, &due[*count], err);
        if (status == AISLE_OK)
            status = noun_keep(&sql_task_noun, &due[*count], w->arena, err);
        ++*count;
    }
    sql_finish(st);
    return status;
}

/* Tasks of the lane that are due, as they are. */
static enum aisle_status list_due(struct conn *c, const struct take_work *w,
                                  const struct turn *t, struct task *due, size_t *count,
                                  struct aisle_err *err)
{
    size_t most = w->wish->most < TASKS_AT_ONCE ? w->wish->most : TASKS_AT_ONCE;
    enum aisle_status status = AISLE_OK;

    for (int part = 0; part < PARTS && *count < most && status == AISLE_OK; part++)
        if (is_wanted(w, t, (enum part)part))
            status = list_part(c, w, t, (enum part)part, most, due, count, err);
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
                   "text = ? || text, finished_at = ?, fence = fence + 1 WHERE " TASK_KEY,
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
    t->begun_at = t->begun_at ? t->begun_at : wish->now;
    return sql_run(
        c,
        "UPDATE task SET state = 'taken', attempts = ?, fence = ?, due_at = ?, "
        "owner = ?, started_at = ?, begun_at = ? WHERE " TASK_KEY,
        SQL_VALUES(sql_int(t->attempts), sql_int(t->fence), sql_int(t->due_at),
                   sql_text(t->owner), sql_int(t->started_at), sql_int(t->begun_at),
                   sql_text(t->seller_id), sql_text(t->shop_id), sql_text(t->id)),
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
                            "UPDATE task SET state = 'taken' WHERE " TASK_KEY
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
        status = sql_look_over_lane(c, turn->seller_id, turn->shop_id, err);
    *w->count = taken;
    return status;
}

/* *looked_at: lanes, of which there may be more when it is as many as are looked at once.
 */
static enum aisle_status look_once(struct conn *c, const struct take_work *w,
                                   size_t *looked_at, struct aisle_err *err)
{
    struct turn turns[LANES_AT_ONCE];
    size_t count = 0;
    enum aisle_status status = list_turns(c, w, turns, &count, err);

    *looked_at = count;
    for (size_t i = 0; i < count && status == AISLE_OK && *w->count == 0; i++) {
        bool ours = false;

        status = take_turn(c, w, &turns[i], &ours, err);
        if (status == AISLE_OK && ours)
            status = take_due(c, w, &turns[i], err);
    }
    return status;
}

/* Lanes that were looked at in vain have their times put right, and are not among the
 * next. */
static enum aisle_status write_take(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct take_work *w = work;
    size_t looked_at = LANES_AT_ONCE;
    enum aisle_status status = AISLE_OK;

    *w->count = 0;
    for (int i = 0; i < LOOKS && looked_at == LANES_AT_ONCE && *w->count == 0; i++) {
        status = look_once(c, w, &looked_at, err);
        if (status != AISLE_OK)
            break;
    }
    return status;
}

enum aisle_status sql_take_tasks(struct store *s, const struct task_wish *wish,
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
