/* tasks.h - what tasks.c and workers.c make of store_tasks between them */
#ifndef STORE_SQL_TASKS_H
#define STORE_SQL_TASKS_H

#include "store/sql/rows.h"

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
