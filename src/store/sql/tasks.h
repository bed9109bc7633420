/* tasks.h - what tasks.c, turns.c and workers.c make of store_tasks between them */
#ifndef STORE_SQL_TASKS_H
#define STORE_SQL_TASKS_H

#include "store/sql/noun.h"
#include "store/sql/rows.h"

extern const struct noun sql_task_noun;
#define TASK_KEY "seller_id = ? AND shop_id = ? AND id = ?"

/* Hold a lane until the commit; a task in it is due then, or earlier. */
enum aisle_status sql_call_lane(struct conn *c, struct str seller_id, struct str shop_id,
                                bool urgent, int64_t due_at, struct aisle_err *err);
enum aisle_status sql_hold_lane(struct conn *c, struct str seller_id, struct str shop_id,
                                struct aisle_err *err);
/* After its tasks were changed; it is held. */
enum aisle_status sql_look_over_lane(struct conn *c, struct str seller_id,
                                     struct str shop_id, struct aisle_err *err);

enum aisle_status sql_take_tasks(struct store *s, const struct task_wish *wish,
                                 struct arena *arena, struct task *out, size_t *count,
                                 struct aisle_err *err);

enum aisle_status sql_put_worker(struct store *s, const struct worker_report *worker,
                                 int64_t gone_before, struct aisle_err *err);
enum aisle_status sql_drop_worker(struct store *s, struct str id, struct aisle_err *err);
enum aisle_status sql_each_worker(struct store *s,
                                  enum aisle_status (*fn)(void *ctx,
                                                          const struct worker_report *,
                                                          struct aisle_err *),
                                  void *ctx, struct aisle_err *err);

enum aisle_status sql_get_limit(struct store *s, struct str key, struct arena *arena,
                                struct call_limit *out, struct aisle_err *err);
enum aisle_status sql_put_limit(struct store *s, const struct call_limit *limit,
                                struct aisle_err *err);
enum aisle_status sql_each_limit(struct store *s,
                                 enum aisle_status (*fn)(void *ctx,
                                                         const struct call_limit *,
                                                         struct aisle_err *),
                                 void *ctx, struct aisle_err *err);

#endif
