/* map_look.c - looking at mappings: how far they are, and what the matcher would say */
#include "cli/commands/list.h"
#include "cli/commands/model.h"
#include "flows/learn.h"
#include "flows/sync.h"
#include "match/match.h"

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

/* ---- suggest ---- */

static const struct column suggest_columns[] = {
    {.name = "id", .kind = COLUMN_ID, .help = "of the leaf"},
    {.name = "path", .kind = COLUMN_PATH, .help = "the way to it"},
    {.name = "confidence", .kind = COLUMN_SHARE, .help = "the chance that it is right"},
    {.name = "reasons",
     .kind = COLUMN_TEXT,
     .help = "words that decided, and approved products like it"},
    END_OF_COLUMNS,
};

enum { SUGGEST_MOST = 100 };

static enum aisle_status rank(struct cli *cli, const struct open_tree *t,
                              const struct match_query *query, struct suggestion *out,
                              size_t cap, size_t *count, struct aisle_err *err)
{
    struct learn_request from = {
        .seller_id = cli_seller(cli), .target_id = t->target.id, .tree = &t->tree};
    struct learnt learnt = {0};
    struct matcher *matcher = NULL;
    struct match_scratch *scratch = NULL;
    enum aisle_status status = match_new(&t->tree, &matcher, err);

    if (status == AISLE_OK)
        status = match_scratch_new(&scratch, err);
    if (status == AISLE_OK)
        status = learnt_open(&cli->app, &from, &learnt, err);
    if (status == AISLE_OK) {
        match_use(matcher, &(struct match_sources){.approvals = learnt.approvals});
        status = match_rank(matcher, scratch, query, &cli->arena, out, cap, count, err);
    }
    match_scratch_free(scratch);
    match_free(matcher);
    learnt_close(&learnt);
    return status;
}

/* What is asked about: words, or a product of the catalogue. */
static enum aisle_status said_query(struct cli *cli, struct match_query *out,
                                    struct aisle_err *err)
{
    struct str product_id = cli_text(cli, "product");
    struct store *store = cli->app.store;
    struct product p;
    enum aisle_status status;

    if (str_empty(product_id) == (cli->args.operand_count == 0))
        return cli_misuse(cli, err, "say a title, or --product with its id");
    if (str_empty(product_id)) {
        *out = (struct match_query){.title = cli_operand(cli, 0),
                                    .brand = cli_text(cli, "brand"),
                                    .seller_category = cli_text(cli, "in")};
        return AISLE_OK;
    }
    status = store->ops->catalogue->get_product(store, cli_seller(cli), product_id,
                                                &cli->arena, &p, err);
    if (status == AISLE_OK)
        *out = (struct match_query){.title = p.title,
                                    .description = p.description,
                                    .brand = p.brand,
                                    .seller_category = p.seller_category_id};
    return status;
}

static enum aisle_status run_suggest(struct cli *cli, struct aisle_err *err)
{
    struct suggestion found[SUGGEST_MOST];
    size_t cap = (size_t)cli_count(cli, "limit", 5), count = 0;
    struct match_query query;
    struct open_tree t;
    enum aisle_status status;

    if (!str_empty(cli_text(cli, "model")))
        return model_answer(cli, suggest_columns, err);
    status = cli_open(cli, err);
    cap = cap == 0 || cap > SUGGEST_MOST ? SUGGEST_MOST : cap;
    if (status == AISLE_OK)
        status = said_query(cli, &query, err);
    if (status == AISLE_OK)
        status = cli_tree(cli, 0, &t, err);
    if (status == AISLE_OK)
        status = rank(cli, &t, &query, found, cap, &count, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, suggest_columns, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        const struct category *c = taxonomy_get(&t.tree, found[i].category_id);

        out_str(&cli->out, found[i].category_id);
        out_opt(&cli->out, c ? open_tree_path(&t, c, &cli->arena) : STR_LIT(""));
        out_share(&cli->out, found[i].confidence);
        out_opt(&cli->out, found[i].reasons);
        status = out_row(&cli->out, err);
    }
    if (status == AISLE_OK && count == 0)
        say(&cli->voice, "nothing in these words points to a leaf");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option suggest_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    OPTION_LOCALE,
    {.name = "product",
     .kind = OPTION_TEXT,
     .argument = "ID",
     .help = "a product of the catalogue, instead of a title"},
    OPTION_MODEL,
    OPTION_TITLES_ONLY,
    {.name = "in",
     .kind = OPTION_TEXT,
     .argument = "PATH",
     .help = "the seller's own category, with a title"},
    {.name = "brand", .kind = OPTION_TEXT, .argument = "BRAND", .help = "with a title"},
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "5",
     .help = "at most so many"},
    END_OF_OPTIONS,
};

static const struct example suggest_examples[] = {
    {"aisle map suggest 'Kaos polos pria lengan panjang'", "leaves for a title, offline"},
    {"aisle map suggest --product SKU-1", "for a product of the catalogue"},
    {"aisle map suggest --model shop.model --jsonl < products.csv",
     "for a file of products, by a model that was taught"},
    END_OF_EXAMPLES,
};

const struct command command_map_suggest = {
    .noun = "map",
    .verb = "suggest",
    .operands = "[TITLE]",
    .summary = "leaves our matcher proposes, without asking anyone",
    .about =
        "By the names of the tree; with --model by what model train learnt. With a model "
        "and neither title nor --product, a file of products is read from stdin, CSV "
        "or JSON Lines, and with --jsonl each of its rows is answered by an object "
        "with its id and suggestions, in the order of the rows; a row that cannot "
        "be read is answered with its line and what is wrong with it.",
    .examples = suggest_examples,
    .options = suggest_options,
    .columns = suggest_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_suggest,
};
