/* listing_upgrade.c - live products moved to the marketplace's newer tree, by itself */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/brands.h"
#include "flows/sync.h"

static enum aisle_status count_older(void *ctx, const struct listing *l,
                                     struct aisle_err *err)
{
    size_t *count = ctx;

    (void)err;
    *count += str_is(l->version, "v1");
    return AISLE_OK;
}

static const struct column columns[] = {
    {.name = "target", .kind = COLUMN_ID, .help = "whose products"},
    {.name = "older", .kind = COLUMN_COUNT, .help = "live in the older tree, known here"},
    {.name = "asked", .kind = COLUMN_FLAG, .help = "the marketplace, to move them"},
    END_OF_COLUMNS,
};

static enum aisle_status put_asked(struct cli *cli, struct str target, size_t older,
                                   bool asked, struct aisle_err *err)
{
    enum aisle_status status = out_begin_one(&cli->out, columns, err);

    if (status != AISLE_OK)
        return status;
    out_str(&cli->out, target);
    out_int(&cli->out, (int64_t)older);
    out_flag(&cli->out, asked);
    return out_done(&cli->out, err);
}

static enum aisle_status run(struct cli *cli, struct aisle_err *err)
{
    bool asks = !cli_switch(cli, "dry-run");
    struct target target;
    size_t count = 0;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_target(cli, &target, NULL, err);
    if (status == AISLE_OK) {
        const struct listing_filter live = {.shop_id = target.shop_id,
                                            .states = 1u << LISTING_LIVE};

        status = cli->app.store->ops->listings->each(cli->app.store, &live, count_older,
                                                     &count, err);
    }
    if (status == AISLE_OK)
        say(&cli->voice, "%zu live %s known here %s in the older tree", count,
            say_noun((int64_t)count, "listing", "listings"), count == 1 ? "lies" : "lie");
    if (status == AISLE_OK && asks)
        status = flow_listing_upgrade(&cli->app, target.id, err);
    if (status == AISLE_OK && asks) {
        say(&cli->voice, "the marketplace was asked to move what is live; it takes up to "
                         "two hours, and leaves out what is live for less than a day");
        say(&cli->voice, "next: aisle listing status --all --target %.*s",
            STR_ARG(target.id));
    }
    if (status == AISLE_OK && cli_wants_summary(cli))
        status = put_asked(cli, target.id, count, asks, err);
    return status;
}

static const struct option options[] = {
    OPTION_TARGET,
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle listing upgrade --dry-run", "how many listings lie in the older tree"},
    {"aisle listing upgrade", "have the marketplace move them"},
    END_OF_EXAMPLES,
};

const struct command command_listing_upgrade = {
    .noun = "listing",
    .verb = "upgrade",
    .summary = "have live products moved to the newer tree",
    .about =
        "The marketplace moves what is live from its v1 tree to its v2 tree, all of "
        "a shop's products at once, and says of each where it went. Mappings follow "
        "those notifications (aisle serve, or aisle hook apply). Asked twice it moves "
        "what is left.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run,
};
