/* workers.c - processes that take tasks, and how often shops may be called */
#include "store/sql/tasks.h"

static const struct column worker_columns[] = {
    COLUMN(struct worker_report, id, "id", MEMBER_TEXT),
    COLUMN(struct worker_report, started_at, "started_at", MEMBER_INT),
    COLUMN(struct worker_report, seen_at, "seen_at", MEMBER_INT),
    COLUMN(struct worker_report, slots, "slots", MEMBER_INT),
    COLUMN(struct worker_report, busy, "busy", MEMBER_INT),
    COLUMN(struct worker_report, done, "done", MEMBER_INT),
    COLUMN(struct worker_report, failed, "failed", MEMBER_INT),
    COLUMN(struct worker_report, lost, "lost", MEMBER_INT),
    COLUMN(struct worker_report, doing, "doing", MEMBER_TEXT),
    COLUMN(struct worker_report, last_error, "last_error", MEMBER_TEXT),
};
static const struct noun worker_noun =
    NOUN("worker", struct worker_report, worker_columns, 1);

static const struct column limit_columns[] = {
    COLUMN(struct call_limit, key, "key", MEMBER_TEXT),
    COLUMN(struct call_limit, version, "version", MEMBER_INT),
    COLUMN(struct call_limit, per_second, "per_second", MEMBER_REAL),
    COLUMN(struct call_limit, most, "most", MEMBER_REAL),
    COLUMN(struct call_limit, best, "best", MEMBER_REAL),
    COLUMN(struct call_limit, next_ms, "next_ms", MEMBER_INT),
    COLUMN(struct call_limit, grown_ms, "grown_ms", MEMBER_INT),
    COLUMN(struct call_limit, window_ms, "window_ms", MEMBER_INT),
    COLUMN(struct call_limit, turns, "turns", MEMBER_INT),
    COLUMN(struct call_limit, answers, "answers", MEMBER_INT),
    COLUMN(struct call_limit, refused, "refused", MEMBER_INT),
    COLUMN(struct call_limit, asking, "asking", MEMBER_BOOL),
    COLUMN(struct call_limit, asked_from, "asked_from", MEMBER_REAL),
    COLUMN(struct call_limit, asked_share, "asked_share", MEMBER_REAL),
    COLUMN(struct call_limit, put_up_with, "put_up_with", MEMBER_REAL),
    COLUMN(struct call_limit, put_up_until_ms, "put_up_until_ms", MEMBER_INT),
    COLUMN(struct call_limit, calls, "calls", MEMBER_INT),
    COLUMN(struct call_limit, throttled, "throttled", MEMBER_INT),
};
static const struct noun limit_noun =
    NOUN("call_limit", struct call_limit, limit_columns, 1);

/* ---- workers ---- */

struct put_work {
    const struct worker_report *worker;
    int64_t gone_before;
};

static enum aisle_status write_worker(struct conn *c, const void *work,
                                      struct aisle_err *err)
{
    const struct put_work *w = work;
    enum aisle_status status = noun_put(c, &worker_noun, w->worker, err);

    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM worker WHERE seen_at < ?",
                         SQL_VALUES(sql_int(w->gone_before)), err);
    return status;
}

enum aisle_status sql_put_worker(struct store *s, const struct worker_report *worker,
                                 int64_t gone_before, struct aisle_err *err)
{
    struct put_work work = {worker, gone_before};

    return sql_write(s, write_worker, &work, err);
}

static enum aisle_status write_gone(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct str *id = work;

    return sql_run(c, "DELETE FROM worker WHERE id = ?", SQL_VALUES(sql_text(*id)), err);
}

enum aisle_status sql_drop_worker(struct store *s, struct str id, struct aisle_err *err)
{
    return sql_write(s, write_gone, &id, err);
}

enum aisle_status sql_each_worker(struct store *s,
                                  enum aisle_status (*fn)(void *ctx,
                                                          const struct worker_report *,
                                                          struct aisle_err *),
                                  void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct worker_report worker;
    struct walk w;

    query_select(&q, &worker_noun);
    query_add(&q, " ORDER BY id");
    w = walk_begin(s, &worker_noun, &q, err);
    while (walk_next(&w, &worker))
        w.status = fn(ctx, &worker, err);
    return walk_end(&w);
}

/* ---- limits ---- */

enum aisle_status sql_get_limit(struct store *s, struct str key, struct arena *arena,
                                struct call_limit *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &limit_noun);
    query_where(&q, "key = ?", sql_text(key));
    status = sql_get(s, &limit_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "nobody called %.*s yet", STR_ARG(key));
    return status;
}

static enum aisle_status write_limit(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    const struct call_limit *l = work;
    struct call_limit next = *l;
    int64_t changed = 0;
    enum aisle_status status;

    next.version = l->version + 1;
    if (l->version == 0)
        status =
            sql_change(c,
                       "INSERT INTO call_limit (key, version, per_second, most, best, "
                       "next_ms, grown_ms, window_ms, turns, answers, refused, asking, "
                       "asked_from, asked_share, put_up_with, put_up_until_ms, calls, "
                       "throttled) VALUES (?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
                       "0, 0, 0) ON CONFLICT (key) DO NOTHING",
                       SQL_VALUES(sql_text(l->key)), &changed, err);
    else
        status = sql_change(
            c, "UPDATE call_limit SET version = version WHERE key = ? AND version = ?",
            SQL_VALUES(sql_text(l->key), sql_int(l->version)), &changed, err);
    if (status == AISLE_OK && !changed)
        return aisle_fail(err, AISLE_CONFLICT, "the limit of %.*s was changed meanwhile",
                          STR_ARG(l->key));
    return status == AISLE_OK ? noun_put(c, &limit_noun, &next, err) : status;
}

enum aisle_status sql_put_limit(struct store *s, const struct call_limit *limit,
                                struct aisle_err *err)
{
    return sql_write(s, write_limit, limit, err);
}

enum aisle_status sql_each_limit(struct store *s,
                                 enum aisle_status (*fn)(void *ctx,
                                                         const struct call_limit *,
                                                         struct aisle_err *),
                                 void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct call_limit limit;
    struct walk w;

    query_select(&q, &limit_noun);
    query_add(&q, " ORDER BY key");
    w = walk_begin(s, &limit_noun, &q, err);
    while (walk_next(&w, &limit))
        w.status = fn(ctx, &limit, err);
    return walk_end(&w);
}
