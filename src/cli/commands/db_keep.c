/* db_keep.c - what is kept how long, and a backup brought back */
#include "base/file.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"

#include "flows/prune.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* ---- prune ---- */

static const struct column columns[] = {
    {.name = "runs", .kind = COLUMN_COUNT, .help = "with their items"},
    {.name = "snapshots", .kind = COLUMN_COUNT, .help = "of trees; never the newest"},
    {.name = "images", .kind = COLUMN_COUNT, .help = "uploaded, and used no more"},
    END_OF_COLUMNS,
};

static enum aisle_status prune(struct cli *cli, struct pruned *out, struct aisle_err *err)
{
    const struct keeping keep = {.runs_s = cli_seconds(cli, "runs", 0),
                                 .snapshots_s = cli_seconds(cli, "snapshots", 0),
                                 .images_s = cli_seconds(cli, "images", 0)};

    if (keep.runs_s <= 0 && keep.snapshots_s <= 0 && keep.images_s <= 0)
        return aisle_fail(err, AISLE_INVALID,
                          "say --runs, --snapshots or --images, and how long they are "
                          "kept");
    return flow_prune(&cli->app, &keep, cli_switch(cli, "dry-run"), out, err);
}

static enum aisle_status run_prune(struct cli *cli, struct aisle_err *err)
{
    struct pruned pruned = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = prune(cli, &pruned, err);
    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, columns, err);
    if (status != AISLE_OK)
        return status;
    out_int(&cli->out, (int64_t)pruned.runs);
    out_int(&cli->out, (int64_t)pruned.snapshots);
    out_int(&cli->out, (int64_t)pruned.images);
    return out_done(&cli->out, err);
}

static const struct option prune_options[] = {
    {.name = "runs",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "drop runs that ended longer ago"},
    {.name = "snapshots",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "drop snapshots that were last found so longer ago, but the newest"},
    {.name = "images",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "drop images uploaded longer ago that no product names"},
    {.name = "objects",
     .kind = OPTION_FILE,
     .argument = "PLACE",
     .fallback = "objects",
     .help = "where uploaded images are kept: a folder, or s3://BUCKET/PREFIX"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example prune_examples[] = {
    {"aisle db prune --runs 90d --snapshots 365d --images 30d",
     "from cron, say once a week"},
    END_OF_EXAMPLES,
};

const struct command command_db_prune = {
    .noun = "db",
    .verb = "prune",
    .summary = "drop runs, snapshots and images that were kept long enough",
    .about =
        "Decisions, products and the newest snapshot of each tree are never dropped. An "
        "image goes when no product of its seller names it any more, so all of a seller "
        "without products do; keep no other store's images in the same place.",
    .examples = prune_examples,
    .options = prune_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_prune,
};

/* ---- restore ---- */

/* The file behind a location, or nothing where a server keeps the store. */
static struct str file_of(struct str location)
{
    if (str_starts(location, "sqlite:"))
        return str_skip(location, strlen("sqlite:"));
    return str_find(location, STR_LIT("://")) < location.n || str_is(location, "memory:")
               ? (struct str){0}
               : location;
}

/* Whole, sound, and brought up to our schema, in a new file beside the store. */
static enum aisle_status copy_sound(struct cli *cli, struct str from, struct str to,
                                    struct aisle_err *err)
{
    struct store_options options = {.must_exist = true, .no_migrate = false};
    struct store *store = NULL;
    enum aisle_status status = store_open(from, &options, &store, err);

    if (status == AISLE_OK)
        status = store->ops->check(store, err);
    if (status == AISLE_OK)
        status = store->ops->backup
                     ? store->ops->backup(store, to, err)
                     : aisle_fail(err, AISLE_INVALID, "%.*s is no backup of ours",
                                  STR_ARG(from));
    if (status == AISLE_OK)
        say(&cli->voice, "%.*s is whole and sound", STR_ARG(from));
    store_close(store);
    return status;
}

/* The store there is goes aside under another name, with its log; nothing is lost. */
static enum aisle_status put_aside(struct cli *cli, struct str file,
                                   struct aisle_err *err)
{
    static const char *const parts[] = {"", "-wal", "-shm"};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct str from = arena_fmt(&cli->arena, "%.*s%s", STR_ARG(file), parts[i]);
        struct str to =
            arena_fmt(&cli->arena, "%.*s.before-restore%s", STR_ARG(file), parts[i]);

        if (!from.p || !to.p)
            return aisle_nomem(err);
        if (rename(from.p, to.p) != 0 && errno != ENOENT)
            return aisle_fail(err, AISLE_IO, "cannot put %s aside: %s", from.p,
                              strerror(errno));
    }
    return AISLE_OK;
}

static enum aisle_status run_restore(struct cli *cli, struct aisle_err *err)
{
    struct str backup = cli_operand(cli, 0), file = file_of(cli_text(cli, "store"));
    struct str half = arena_fmt(&cli->arena, "%.*s.restoring", STR_ARG(file));
    struct str whole = arena_str(&cli->arena, file);
    enum aisle_status status;

    if (str_empty(file))
        return aisle_fail(err, AISLE_INVALID,
                          "a database server's store is restored by its own tools");
    if (!half.p || !whole.p)
        return aisle_nomem(err);
    status = copy_sound(cli, backup, half, err);
    if (status == AISLE_OK)
        status = cli_confirm(
            cli, err, "put %.*s in the place of %.*s? Nothing else may be using it",
            STR_ARG(backup), STR_ARG(file));
    if (status == AISLE_OK)
        status = put_aside(cli, file, err);
    if (status == AISLE_OK && rename(half.p, whole.p) != 0)
        status = aisle_fail(err, AISLE_IO, "cannot make %.*s: %s", STR_ARG(file),
                            strerror(errno));
    if (status == AISLE_OK)
        status = file_sync_name(whole.p, err);
    if (status == AISLE_OK)
        say(&cli->voice, "restored; what was there is %.*s.before-restore",
            STR_ARG(file));
    else
        unlink(half.p);
    return status;
}

static const struct option restore_options[] = {OPTION_YES, END_OF_OPTIONS};

static const struct example restore_examples[] = {
    {"aisle db restore aisle-2026-11-21.db", "with the service stopped"},
    END_OF_EXAMPLES,
};

const struct command command_db_restore = {
    .noun = "db",
    .verb = "restore",
    .operands = "FILE",
    .summary = "put a backup in the place of the store",
    .about = "The backup is checked and copied first, and stays as it is but for its "
             "schema, which is brought up to this version's. The store there was is kept "
             "beside it as FILE.before-restore. Stop the service first.",
    .examples = restore_examples,
    .options = restore_options,
    .uses = USES_STORE,
    .run = run_restore,
};
