/* care.c - how a store is: what is in it, and whether it is sound */
#include "store/postgres/driver.h"

/* Tables, indexes and what is too long for a row. */
static const char size_of_tables[] =
    "SELECT coalesce(sum(pg_catalog.pg_total_relation_size(oid)), 0)::bigint FROM "
    "pg_catalog.pg_class WHERE relkind = 'r' AND relnamespace = "
    "pg_catalog.to_regnamespace(pg_catalog.quote_ident(pg_catalog.current_schema()))";

static enum aisle_status read_facts(struct conn *c, void *work, struct aisle_err *err)
{
    struct store_facts *f = work;
    enum aisle_status status = pg_schema_version(c, &f->schema_version, err);

    if (status == AISLE_OK)
        status = sql_count_rows(c, f, err);
    if (status == AISLE_OK)
        status = sql_ask(c, size_of_tables, SQL_NO_VALUES, -1, &f->bytes, err);
    return status;
}

enum aisle_status pg_facts(struct store *store, struct arena *arena,
                           struct store_facts *out, struct aisle_err *err)
{
    const struct pg_store *s = pg_store_of(store);
    struct store_facts f = {.driver = str_of(store->ops->name),
                            .location = arena_str(arena, str_of(s->address.place)),
                            .schema_wanted = pg_schema_wanted()};
    enum aisle_status status =
        f.location.p ? sql_read(store, read_facts, &f, err) : aisle_nomem(err);

    if (status == AISLE_OK)
        *out = f;
    return status;
}

static enum aisle_status look_at_schema(struct conn *c, void *work, struct aisle_err *err)
{
    (void)work;
    return pg_schema_known(c, err);
}

enum aisle_status pg_check_schema(struct store *s, struct aisle_err *err)
{
    return sql_read(s, look_at_schema, NULL, err);
}

static enum aisle_status read_now(struct conn *c, void *work, struct aisle_err *err)
{
    return sql_ask(c, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
                   SQL_NO_VALUES, 0, work, err);
}

enum aisle_status pg_now(struct store *s, int64_t *ms, struct aisle_err *err)
{
    return sql_read(s, read_now, ms, err);
}

/* PostgreSQL looks after its pages and references itself (pg_amcheck). */
static enum aisle_status check_rows(struct conn *c, void *work, struct aisle_err *err)
{
    (void)work;
    return sql_check_rows(c, err);
}

enum aisle_status pg_check(struct store *s, struct aisle_err *err)
{
    return sql_read(s, check_rows, NULL, err);
}
