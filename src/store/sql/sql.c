#include "store/sql/sql.h"

#include <assert.h>

enum aisle_status sql_ask(struct conn *c, const char *sql, struct values values,
                          int64_t absent, int64_t *answer, struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status = sql_prepare(c, sql, values, &st, err);

    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK)
        *answer = row ? sql_column_int(st, 0) : absent;
    sql_finish(st);
    return status;
}

enum aisle_status sql_begin_write(struct conn *c, const char *where,
                                  struct aisle_err *err)
{
    enum aisle_status status;

    assert(!c->where);
    status = c->ops->begin_write(c, err);
    if (status == AISLE_OK)
        c->where = where;
    return status;
}

enum aisle_status sql_begin_read(struct conn *c, const char *where, struct aisle_err *err)
{
    enum aisle_status status;

    assert(!c->where);
    status = c->ops->begin_read(c, err);
    if (status == AISLE_OK)
        c->where = where;
    return status;
}

enum aisle_status sql_commit(struct conn *c, struct aisle_err *err)
{
    enum aisle_status status = c->ops->commit(c, err);

    c->where = NULL;
    return status;
}

void sql_rollback(struct conn *c)
{
    c->ops->rollback(c);
    c->where = NULL;
}

enum aisle_status sql_check_schema(const struct conn *c, int64_t version, int64_t wanted,
                                   struct aisle_err *err)
{
    if (version <= wanted)
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFIG,
                      "%s has schema %lld, this program knows %lld: use a newer program",
                      c->place, (long long)version, (long long)wanted);
}
