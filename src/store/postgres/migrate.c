/* migrate.c - from whatever schema a database has to ours, one number at a time, forward
 * only
 *
 * The tables live in the first schema of the search path, so that several stores can
 * share a database.
 */
#include "store/postgres/driver.h"

#include <stdio.h>

/* src/store/migrations/NNNN_….postgres.sql, embedded when we are built. */
extern const char store_pg_schema_0001[], store_pg_schema_0002[], store_pg_schema_0003[],
    store_pg_schema_0004[], store_pg_schema_0005[], store_pg_schema_0006[],
    store_pg_schema_0007[], store_pg_schema_0008[], store_pg_schema_0009[],
    store_pg_schema_0010[], store_pg_schema_0011[], store_pg_schema_0012[],
    store_pg_schema_0013[], store_pg_schema_0014[], store_pg_schema_0015[],
    store_pg_schema_0016[];

static const char *const migrations[] = {
    store_pg_schema_0001, store_pg_schema_0002, store_pg_schema_0003,
    store_pg_schema_0004, store_pg_schema_0005, store_pg_schema_0006,
    store_pg_schema_0007, store_pg_schema_0008, store_pg_schema_0009,
    store_pg_schema_0010, store_pg_schema_0011, store_pg_schema_0012,
    store_pg_schema_0013, store_pg_schema_0014, store_pg_schema_0015,
    store_pg_schema_0016};

int64_t pg_schema_wanted(void)
{
    return sizeof migrations / sizeof *migrations;
}

static const char look[] =
    "SELECT (SELECT count(*) FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND "
    "relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident("
    "pg_catalog.current_schema()))), "
    "(SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'aisle_schema' AND "
    "relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident("
    "pg_catalog.current_schema()))), "
    "pg_catalog.current_schema() IS NOT NULL";

enum aisle_status pg_schema_version(struct conn *c, int64_t *version,
                                    struct aisle_err *err)
{
    int64_t tables = 0, ours = 0, there = 0;
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status = sql_prepare(c, look, SQL_NO_VALUES, &st, err);

    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK && row) {
        tables = sql_column_int(st, 0);
        ours = sql_column_int(st, 1);
        there = sql_column_int(st, 2);
    }
    sql_finish(st);
    if (status != AISLE_OK)
        return status;
    if (!there)
        return aisle_fail(
            err, AISLE_CONFIG,
            "%s has no schema to keep tables in: its search_path names none "
            "that is there",
            c->place);
    if (tables && !ours)
        return aisle_fail(err, AISLE_CONFIG, "%s is a database of another program",
                          c->place);
    if (!ours) {
        *version = 0;
        return AISLE_OK;
    }
    return sql_ask(c, "SELECT version FROM aisle_schema", SQL_NO_VALUES, 0, version, err);
}

/* Whoever moves the number first makes the step; the next waits for that and finds it
 * made. */
static enum aisle_status make_step(struct conn *c, int64_t version, struct aisle_err *err)
{
    int64_t moved = 0;
    enum aisle_status status = AISLE_OK;

    if (version == 0)
        status = sql_script(c,
                            "CREATE TABLE aisle_schema (version BIGINT NOT NULL "
                            "PRIMARY KEY); INSERT INTO aisle_schema VALUES (0)",
                            err);
    if (status == AISLE_OK)
        status = sql_change(
            c, "UPDATE aisle_schema SET version = version + 1 WHERE version = ?",
            SQL_VALUES(sql_int(version)), &moved, err);
    if (status == AISLE_OK && moved)
        status = sql_script(c, migrations[version], err);
    return status;
}

/* Made by another at the same moment: its tables are there when we look again. */
static bool was_made_meanwhile(const struct pg_conn *c)
{
    return pg_state_is(c, "42P07") || pg_state_is(c, "23505") || pg_state_is(c, "40") ||
           pg_state_is(c, "42710");
}

static enum aisle_status step_up(struct conn *c, int64_t version, struct aisle_err *err)
{
    struct aisle_err now = {0};
    enum aisle_status status = sql_begin_write(c, SQL_HERE, err);

    if (status != AISLE_OK)
        return status;
    status = make_step(c, version, &now);
    if (status == AISLE_OK)
        status = sql_commit(c, &now);
    else
        sql_rollback(c);
    if (status != AISLE_OK && was_made_meanwhile(pg_conn_of(c)))
        return AISLE_OK;
    aisle_pass(err, &now);
    return status;
}

enum aisle_status pg_schema_known(struct conn *c, struct aisle_err *err)
{
    int64_t version = 0;
    enum aisle_status status = pg_schema_version(c, &version, err);

    return status == AISLE_OK ? sql_check_schema(c, version, pg_schema_wanted(), err)
                              : status;
}

static enum aisle_status check_wanted(struct conn *c, int64_t version,
                                      const struct store_options *options,
                                      struct aisle_err *err)
{
    int64_t wanted = pg_schema_wanted();

    if (version == 0 && options->must_exist)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no store at %s", c->place);
    if (version == 0 && options->no_migrate)
        return aisle_fail(err, AISLE_CONFIG, "there is no store at %s: make it first",
                          c->place);
    if (version < wanted && options->no_migrate)
        return aisle_fail(err, AISLE_CONFIG,
                          "%s has schema %lld, this program wants %lld: migrate it first",
                          c->place, (long long)version, (long long)wanted);
    return sql_check_schema(c, version, pg_schema_wanted(), err);
}

enum aisle_status pg_migrate(struct conn *c, const struct store_options *options,
                             struct aisle_err *err)
{
    int64_t version = 0;
    enum aisle_status status = pg_schema_version(c, &version, err);

    if (status == AISLE_OK)
        status = check_wanted(c, version, options, err);
    for (unsigned tries = 0; status == AISLE_OK && version < pg_schema_wanted();
         tries++) {
        if (tries == 100)
            return aisle_fail(err, AISLE_BUSY, "another process migrates %s", c->place);
        status = step_up(c, version, err);
        if (status == AISLE_OK)
            status = pg_schema_version(c, &version, err);
    }
    return status;
}
