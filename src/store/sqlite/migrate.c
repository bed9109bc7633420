/* migrate.c - from whatever schema a file has to ours, one number at a time, forward only
 */
#include "store/sqlite/driver.h"

/* src/store/migrations/NNNN_….sqlite.sql, embedded when we are built. Each sets
 * user_version itself. */
extern const char store_schema_0001[], store_schema_0002[], store_schema_0003[],
    store_schema_0004[], store_schema_0005[], store_schema_0006[], store_schema_0007[],
    store_schema_0008[], store_schema_0009[], store_schema_0010[], store_schema_0011[],
    store_schema_0012[], store_schema_0013[], store_schema_0014[], store_schema_0015[],
    store_schema_0016[];

static const char *const migrations[] = {
    store_schema_0001, store_schema_0002, store_schema_0003, store_schema_0004,
    store_schema_0005, store_schema_0006, store_schema_0007, store_schema_0008,
    store_schema_0009, store_schema_0010, store_schema_0011, store_schema_0012,
    store_schema_0013, store_schema_0014, store_schema_0015, store_schema_0016};

/* "Aisl": what PRAGMA application_id says of a file of ours, and file(1) shows. */
static const int64_t application_id = 0x4169736C;

int64_t sqlite_schema_wanted(void)
{
    return sizeof migrations / sizeof *migrations;
}

/* An empty file has neither number nor table. Asked in this order: another process may
 * make both between our questions, and then the number is there with the tables. */
static enum aisle_status check_owner(struct conn *c, struct aisle_err *err)
{
    int64_t id = 0, tables = 0;
    enum aisle_status status =
        sql_ask(c, "SELECT count(*) FROM sqlite_schema", SQL_NO_VALUES, 0, &tables, err);

    if (status == AISLE_OK)
        status = sql_ask(c, "PRAGMA application_id", SQL_NO_VALUES, 0, &id, err);
    if (status != AISLE_OK)
        return status;
    if (id == application_id || (id == 0 && tables == 0))
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFIG, "%s is a database of another program", c->place);
}

enum aisle_status sqlite_schema_version(struct conn *c, int64_t *version,
                                        struct aisle_err *err)
{
    enum aisle_status status = check_owner(c, err);

    if (status == AISLE_OK)
        status = sql_ask(c, "PRAGMA user_version", SQL_NO_VALUES, 0, version, err);
    return status;
}

enum aisle_status sqlite_schema_known(struct conn *c, struct aisle_err *err)
{
    int64_t version = 0;
    enum aisle_status status = sqlite_schema_version(c, &version, err);

    return status == AISLE_OK ? sql_check_schema(c, version, sqlite_schema_wanted(), err)
                              : status;
}

/* Another process may have done it between our looking and our turn. */
static enum aisle_status step_up(struct conn *c, struct aisle_err *err)
{
    int64_t version = 0;
    enum aisle_status status = sql_begin_write(c, SQL_HERE, err);

    if (status != AISLE_OK)
        return status;
    status = sqlite_schema_version(c, &version, err);
    if (status == AISLE_OK && version < sqlite_schema_wanted())
        status = sql_script(c, migrations[version], err);
    if (status == AISLE_OK)
        return sql_commit(c, err);
    sql_rollback(c);
    return status;
}

enum aisle_status sqlite_migrate(struct conn *c, bool no_migrate, struct aisle_err *err)
{
    int64_t version = 0, wanted = sqlite_schema_wanted();
    enum aisle_status status = sqlite_schema_version(c, &version, err);

    if (status == AISLE_OK && version < wanted && no_migrate)
        return aisle_fail(err, AISLE_CONFIG,
                          "%s has schema %lld, this program wants %lld: migrate it first",
                          c->place, (long long)version, (long long)wanted);
    while (status == AISLE_OK && version < wanted) {
        status = step_up(c, err);
        if (status == AISLE_OK)
            status = sqlite_schema_version(c, &version, err);
    }
    return status == AISLE_OK ? sql_check_schema(c, version, sqlite_schema_wanted(), err)
                              : status;
}
