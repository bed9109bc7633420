#include "base/hash.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"

/* ---- status ---- */

static const struct column status_columns[] = {
    {.name = "driver", .kind = COLUMN_ID, .help = "which database"},
    {.name = "location", .kind = COLUMN_TEXT, .help = "where it is"},
    {.name = "schema", .kind = COLUMN_COUNT, .help = "version it has"},
    {.name = "schema_wanted", .kind = COLUMN_COUNT, .help = "version this program wants"},
    {.name = "products", .kind = COLUMN_COUNT, .help = "of all sellers"},
    {.name = "decisions", .kind = COLUMN_COUNT, .help = "in the log"},
    {.name = "snapshots", .kind = COLUMN_COUNT, .help = "of trees"},
    {.name = "bytes", .kind = COLUMN_COUNT, .help = "on disk; null when not known"},
    END_OF_COLUMNS,
};

/* Opened as it is, whatever its schema: telling that is what the command is for. */
static enum aisle_status open_store(struct cli *cli, bool migrate, struct store **out,
                                    struct aisle_err *err)
{
    struct store_options options = {.must_exist = true, .no_migrate = !migrate};
    enum aisle_status status = store_open(cli_text(cli, "store"), &options, out, err);

    cli_try_store(cli, status, err);
    return status;
}

static enum aisle_status status_row(struct cli *cli, struct store *store,
                                    struct aisle_err *err)
{
    struct store_facts facts;
    struct out *out = &cli->out;
    enum aisle_status status = store->ops->facts(store, &cli->arena, &facts, err);

    if (status == AISLE_OK)
        status = out_begin_one(out, status_columns, err);
    if (status != AISLE_OK)
        return status;
    out_str(out, facts.driver);
    out_str(out, facts.location);
    out_int(out, facts.schema_version);
    out_int(out, facts.schema_wanted);
    out_int(out, (int64_t)facts.products);
    out_int(out, (int64_t)facts.decisions);
    out_int(out, (int64_t)facts.snapshots);
    out_int_if(out, facts.bytes >= 0, facts.bytes);
    return out_done(out, err);
}

static enum aisle_status run_status(struct cli *cli, struct aisle_err *err)
{
    struct store *store = NULL;
    enum aisle_status status = open_store(cli, false, &store, err);

    if (status == AISLE_OK)
        status = status_row(cli, store, err);
    store_close(store);
    return status;
}

static const struct example status_examples[] = {
    {"aisle db status", "which database, how large, which schema"},
    END_OF_EXAMPLES,
};

const struct command command_db_status = {
    .noun = "db",
    .verb = "status",
    .summary = "which database, how large, which schema",
    .examples = status_examples,
    .columns = status_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_status,
};

/* ---- check ---- */

static enum aisle_status run_check(struct cli *cli, struct aisle_err *err)
{
    struct store *store = NULL;
    enum aisle_status status = open_store(cli, false, &store, err);

    if (status == AISLE_OK)
        status = store->ops->check(store, err);
    if (status == AISLE_OK)
        say(&cli->voice, "the store is whole and sound");
    store_close(store);
    return status;
}

static const struct example check_examples[] = {
    {"aisle db check", "reads all of it; exit code 1 and the place when it is not sound"},
    END_OF_EXAMPLES,
};

const struct command command_db_check = {
    .noun = "db",
    .verb = "check",
    .summary = "is the store whole and sound?",
    .examples = check_examples,
    .uses = USES_STORE,
    .run = run_check,
};

/* ---- backup ---- */

static enum aisle_status run_backup(struct cli *cli, struct aisle_err *err)
{
    struct str path = cli_operand(cli, 0);
    struct store *store = NULL;
    enum aisle_status status = open_store(cli, false, &store, err);

    if (status != AISLE_OK)
        return status;
    if (store->ops->backup)
        status = store->ops->backup(store, path, err);
    else
        status =
            aisle_fail(err, AISLE_INVALID, "this database is copied by its own tools");
    if (status == AISLE_OK)
        say(&cli->voice, "copied to %.*s", STR_ARG(path));
    store_close(store);
    return status;
}

static const struct example backup_examples[] = {
    {"aisle db backup aisle-2026-11-21.db", "a whole copy, also while others write"},
    END_OF_EXAMPLES,
};

const struct command command_db_backup = {
    .noun = "db",
    .verb = "backup",
    .operands = "FILE",
    .summary = "copy the store into a new file, while others go on",
    .examples = backup_examples,
    .uses = USES_STORE,
    .run = run_backup,
};

/* ---- migrate ---- */

static enum aisle_status run_migrate(struct cli *cli, struct aisle_err *err)
{
    struct store *store = NULL;
    struct store_facts facts;
    enum aisle_status status = open_store(cli, true, &store, err);

    if (status == AISLE_OK)
        status = store->ops->facts(store, &cli->arena, &facts, err);
    if (status == AISLE_OK)
        say(&cli->voice, "the schema is at version %lld",
            (long long)facts.schema_version);
    store_close(store);
    return status;
}

static const struct example migrate_examples[] = {
    {"aisle db migrate", "after a new version of aisle was installed"},
    END_OF_EXAMPLES,
};

const struct command command_db_migrate = {
    .noun = "db",
    .verb = "migrate",
    .summary = "bring the store up to this version's schema",
    .about = "Goes forward only, in one piece; aisle db backup first.",
    .examples = migrate_examples,
    .uses = USES_STORE,
    .run = run_migrate,
};

/* ---- copy ---- */

static const struct column copy_columns[] = {
    {.name = "table", .kind = COLUMN_ID, .help = "what was copied"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in both"},
    {.name = "sha256",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "of all values, in both, in the order of the primary key"},
    END_OF_COLUMNS,
};

/* Anybody may list programs and what they were called with. */
static enum aisle_status open_operand(struct cli *cli, size_t i, bool must_exist,
                                      struct store **out, struct aisle_err *err)
{
    struct str location = cli_operand(cli, i);
    struct store_options options = {.must_exist = must_exist, .no_migrate = must_exist};

    if (store_location_has_password(location))
        return aisle_fail(err, AISLE_CONFIG,
                          "a password on the command line is seen by everyone on this "
                          "machine: keep it in ~/.pgpass or PGPASSFILE");
    return store_open(location, &options, out, err);
}

static enum aisle_status copied_row(void *ctx, const struct store_copied *copied,
                                    struct aisle_err *err)
{
    struct cli *cli = ctx;
    char hex[SHA256_HEX_LEN + 1];

    sha256_hex(&copied->hash, hex);
    out_str(&cli->out, copied->table);
    out_int(&cli->out, (int64_t)copied->rows);
    out_str(&cli->out, str_of(hex));
    return out_row(&cli->out, err);
}

static enum aisle_status run_copy(struct cli *cli, struct aisle_err *err)
{
    struct store *from = NULL, *to = NULL;
    enum aisle_status status = open_operand(cli, 0, true, &from, err);

    if (status == AISLE_OK)
        status = open_operand(cli, 1, false, &to, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, copy_columns, err);
    if (status == AISLE_OK)
        status = store_copy(from, to, copied_row, cli, err);
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK)
        say(&cli->voice, "copied; rows were counted and hashed on both sides");
    store_close(to);
    store_close(from);
    return status;
}

static const struct example copy_examples[] = {
    {"aisle db copy aisle.db postgresql://aisle@db.example/aisle",
     "from one file to a server, with everything that was decided"},
    {"aisle db copy postgresql://aisle@db.example/aisle copy.db", "and back"},
    END_OF_EXAMPLES,
};

const struct command command_db_copy = {
    .noun = "db",
    .verb = "copy",
    .operands = "FROM TO",
    .summary = "copy a whole store into another database",
    .about = "TO must have nothing in it yet. Both are locations as --store takes them; "
             "passwords come from ~/.pgpass or PGPASSFILE. Others may go on using FROM; "
             "what they write meanwhile stays there. The tokens of shops are copied as "
             "they are sealed: the same key file opens them.",
    .examples = copy_examples,
    .columns = copy_columns,
    .uses = USES_ROWS,
    .run = run_copy,
};
