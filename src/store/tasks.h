/* tasks.h - work that waits, who is at it, and how often shops may be called; part of
 * store.h
 *
 * Lanes take turns: who takes a task gets one of the lane that was served longest ago,
 * however many wait in the others. Two kinds go before the rest, in every lane: first
 * urgent ones, then those whose worker was lost. A taking names its lane, so that a
 * database that parts rows by seller is asked in one place.
 */
#ifndef STORE_TASKS_H
#define STORE_TASKS_H

#include "base/arena.h"
#include "base/status.h"
#include "work/task.h"

struct store;

struct task_filter {
    struct str seller_id, shop_id;                 /* empty: any */
    unsigned states, kinds;                        /* bits 1 << enum; 0: any */
    struct str after_seller, after_shop, after_id; /* begin behind this one */
    size_t limit;                                  /* 0: all */
};

struct task_wish {
    struct str owner;
    int64_t now;     /* UTC seconds; hosts' clocks agree to a second or so */
    int64_t turn_ms; /* the same in milliseconds: in which order lanes were served */
    int64_t until;   /* of the lease */
    size_t most;     /* of one lane */
    int64_t passed_over_s; /* only what goes before the rest and nobody took for so long;
                              0: all that is due */
};

struct store_tasks {
    /* Add tasks, all or none. One that is there already and open is left as it is, its
     * parameters too, but that an urgent one makes a waiting one urgent; one that ended
     * is begun anew. *added counts what was changed; may be NULL. */
    enum aisle_status (*put)(struct store *s, const struct task *list, size_t count,
                             size_t *added, struct aisle_err *err);
    enum aisle_status (*get)(struct store *s, struct str seller_id, struct str shop_id,
                             struct str id, struct arena *arena, struct task *out,
                             struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* By (seller_id, shop_id, id). */
    enum aisle_status (*each)(struct store *s, const struct task_filter *filter,
                              enum aisle_status (*fn)(void *ctx, const struct task *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err);
    /* Take up to wish->most tasks of one lane into out; *count 0 when nothing is due. One
     * whose last attempt lost its worker is given up instead. */
    enum aisle_status (*take)(struct store *s, const struct task_wish *wish,
                              struct arena *arena, struct task *out, size_t *count,
                              struct aisle_err *err);
    /* Hold it until then. AISLE_CONFLICT: it was lost meanwhile. */
    enum aisle_status (*renew)(struct store *s, const struct task_hold *hold,
                               int64_t until, struct aisle_err *err);
    /* Those that wait, or are taken, until later than `latest` got their time from a
     * clock that was ahead: they are due now. *count is how many there were; of very many
     * shops' the rest is for the next time. */
    enum aisle_status (*pull_in)(struct store *s, int64_t latest, int64_t now,
                                 size_t *count, struct aisle_err *err);
    /* AISLE_CONFLICT as for renew: nothing is written then. */
    enum aisle_status (*end)(struct store *s, const struct task_end *end,
                             struct aisle_err *err);
    /* One given up may be tried again from now on. AISLE_NOT_FOUND, also when it is not
     * given up. */
    enum aisle_status (*revive)(struct store *s, struct str seller_id, struct str shop_id,
                                struct str id, int64_t now, struct aisle_err *err);
    /* The task; whoever has it loses it. AISLE_NOT_FOUND. */
    enum aisle_status (*drop)(struct store *s, struct str seller_id, struct str shop_id,
                              struct str id, struct aisle_err *err);
    /* Those done before then; those given up stay. */
    enum aisle_status (*sweep)(struct store *s, int64_t before, struct aisle_err *err);
    /* Lanes that have tasks, by (seller_id, shop_id). */
    enum aisle_status (*each_lane)(struct store *s,
                                   enum aisle_status (*fn)(void *ctx, const struct lane *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err);

    /* Add or replace what a worker says of itself. Those not seen since `gone_before` are
     * dropped along. */
    enum aisle_status (*put_worker)(struct store *s, const struct worker_report *worker,
                                    int64_t gone_before, struct aisle_err *err);
    enum aisle_status (*drop_worker)(struct store *s, struct str id,
                                     struct aisle_err *err); /* gone already is fine */
    enum aisle_status (*each_worker)(struct store *s,
                                     enum aisle_status (*fn)(void *ctx,
                                                             const struct worker_report *,
                                                             struct aisle_err *),
                                     void *ctx, struct aisle_err *err); /* by id */

    /* AISLE_NOT_FOUND. */
    enum aisle_status (*get_limit)(struct store *s, struct str key, struct arena *arena,
                                   struct call_limit *out, struct aisle_err *err);
    /* Add (limit->version 0) or replace; the version kept is one more. AISLE_CONFLICT
     * when it is another's by now. */
    enum aisle_status (*put_limit)(struct store *s, const struct call_limit *limit,
                                   struct aisle_err *err);
    enum aisle_status (*each_limit)(struct store *s,
                                    enum aisle_status (*fn)(void *ctx,
                                                            const struct call_limit *,
                                                            struct aisle_err *),
                                    void *ctx, struct aisle_err *err); /* by key */
};

#endif
