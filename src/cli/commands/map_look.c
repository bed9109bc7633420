/* map_look.c - looking at mappings: how far they are */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/sync.h"

/* ---- status ---- */

static const struct column status_columns[] = {
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree"},
    {.name = "products", .kind = COLUMN_COUNT, .help = "in the catalogue"},
    {.name = "settled",
     .kind = COLUMN_COUNT,
     .help = "by their own decision or their seller category's"},
    {.name = "open",
     .kind = COLUMN_COUNT,
     .help = "not settled; conflicts and broken ones wait for a person too"},
    {.name = "accepted", .kind = COLUMN_COUNT, .help = "mappings accepted"},
    {.name = "none", .kind = COLUMN_COUNT, .help = "keys without a legal leaf"},
    {.name = "proposed", .kind = COLUMN_COUNT, .help = "mappings that wait for a person"},
    {.name = "conflicts",
     .kind = COLUMN_COUNT,
     .help = "mappings that differ from their seller category"},
    {.name = "broken",
     .kind = COLUMN_COUNT,
     .help = "mappings whose leaf is gone or closed"},
    {.name = "provisional",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "mappings to a leaf the tree lacks as yet"},
    END_OF_COLUMNS,
};

struct status_counts {
    int64_t accepted, none, proposed, conflicts, provisional;
};

static enum aisle_status count_mapping(void *ctx, const struct decision *d,
                                       struct aisle_err *err)
{
    struct status_counts *c = ctx;

    (void)err;
    c->accepted += d->state == DECISION_ACCEPTED;
    c->none += d->state == DECISION_NONE;
    c->proposed += d->state == DECISION_PROPOSED;
    c->conflicts += d->conflict && d->state != DECISION_CLEARED;
    c->provisional += d->provisional && d->state != DECISION_CLEARED;
    return AISLE_OK;
}

static enum aisle_status status_row(struct cli *cli, struct str target_id,
                                    struct aisle_err *err)
{
    struct store *store = cli->app.store;
    struct str seller = cli_text(cli, "seller");
    struct product_filter products = {.seller_id = seller};
    struct mapping_filter mappings = {.seller_id = seller, .target_id = target_id};
    struct status_counts counts = {0};
    size_t all = 0, open = 0, broken = 0;
    enum aisle_status status =
        store->ops->catalogue->count_products(store, &products, &all, err);

    products.undecided_for = target_id;
    if (status == AISLE_OK)
        status = store->ops->catalogue->count_products(store, &products, &open, err);
    if (status == AISLE_OK)
        status = store->ops->decisions->each_mapping(store, &mappings, count_mapping,
                                                     &counts, err);
    if (status == AISLE_OK)
        status = flow_tree_broken(&cli->app, target_id, seller, &broken, err);
    if (status != AISLE_OK)
        return status;
    out_str(&cli->out, target_id);
    out_int(&cli->out, (int64_t)all);
    out_int(&cli->out, (int64_t)(all - open));
    out_int(&cli->out, (int64_t)open);
    out_int(&cli->out, counts.accepted);
    out_int(&cli->out, counts.none);
    out_int(&cli->out, counts.proposed);
    out_int(&cli->out, counts.conflicts);
    out_int(&cli->out, (int64_t)broken);
    out_int(&cli->out, counts.provisional);
    return out_row(&cli->out, err);
}

enum { MOST_TARGETS = 256 };

struct target_ids {
    struct cli *cli;
    struct str list[MOST_TARGETS];
    size_t count;
};

static enum aisle_status note_target(void *ctx, const struct target *target,
                                     struct aisle_err *err)
{
    struct target_ids *ids = ctx;

    if (ids->count == MOST_TARGETS)
        return aisle_fail(err, AISLE_LIMIT, "over %d targets: say --target",
                          MOST_TARGETS);
    ids->list[ids->count] = arena_str(&ids->cli->arena, target->id);
    return ids->list[ids->count++].p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status run_status(struct cli *cli, struct aisle_err *err)
{
    struct target_ids ids = {.cli = cli};
    struct target target;
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    store = cli->app.store;
    if (status == AISLE_OK && !str_empty(cli_text(cli, "target"))) {
        status = cli_target(cli, &target, NULL, err);
        ids.list[0] = target.id;
        ids.count = 1;
    } else if (status == AISLE_OK) {
        status =
            store->ops->shops->each_target(store, STR_LIT(""), note_target, &ids, err);
    }
    if (status == AISLE_OK)
        status = out_begin(&cli->out, status_columns, err);
    for (size_t i = 0; status == AISLE_OK && i < ids.count; i++)
        status = status_row(cli, ids.list[i], err);
    if (status == AISLE_OK && ids.count == 0)
        say(&cli->voice, "no tree was synced yet; next: aisle tree sync SHOP");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option status_options[] = {OPTION_TARGET, OPTION_SELLER,
                                               END_OF_OPTIONS};

static const struct example status_examples[] = {
    {"aisle map status", "how much of the catalogue is mapped, for every target"},
    END_OF_EXAMPLES,
};

const struct command command_map_status = {
    .noun = "map",
    .verb = "status",
    .summary = "how much of the catalogue is mapped",
    .examples = status_examples,
    .options = status_options,
    .columns = status_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_status,
};
