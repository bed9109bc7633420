/* lacking.c - what a store has to have before anything can be listed anywhere: a shop,
 * and its tree */
#include "cli/cli.h"
#include "taxonomy/snapshot.h"

struct shops {
    size_t count;
    struct str first; /* in the arena */
    struct arena *arena;
};

static enum aisle_status count_shop(void *ctx, const struct shop *shop,
                                    struct aisle_err *err)
{
    struct shops *s = ctx;

    if (s->count++ == 0)
        s->first = arena_str(s->arena, shop->id);
    return s->first.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status count_target(void *ctx, const struct target *target,
                                      struct aisle_err *err)
{
    (void)target;
    (void)err;
    ++*(size_t *)ctx;
    return AISLE_OK;
}

static bool is_unknown(struct cli *cli, struct str asked)
{
    struct store *store = cli->app.store;
    struct target target;
    struct shop shop;

    return target_parse(asked, &target, NULL) == AISLE_OK &&
           store->ops->shops->get_shop(store, target.shop_id, &cli->arena, &shop, NULL) ==
               AISLE_NOT_FOUND;
}

void cli_try_lacking(struct cli *cli, struct str asked)
{
    struct store *store = cli->app.store;
    struct shops shops = {.arena = &cli->arena};
    size_t targets = 0;

    if (store->ops->shops->each_shop(store, count_shop, &shops, NULL) != AISLE_OK ||
        store->ops->shops->each_target(store, STR_LIT(""), count_target, &targets,
                                       NULL) != AISLE_OK)
        return;
    asked = str_cut(&asked, ',');
    if (shops.count == 0)
        cli_try(cli, "aisle shop add SHOP, or aisle sandbox start to try it all first");
    else if (!str_empty(asked) && is_unknown(cli, asked))
        cli_try(cli, "aisle shop list");
    else if (str_empty(asked) && targets == 0 && shops.count == 1)
        cli_try(cli, "aisle tree sync %.*s", STR_ARG(shops.first));
    else if (str_empty(asked) && targets == 0)
        cli_try(cli, "aisle tree sync");
}
