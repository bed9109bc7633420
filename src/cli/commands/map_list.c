/* map_list.c - where every product goes: the decision that counts for it, its own or
 * another's */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/newest.h"

enum { PAGE = 200 };

static const struct column list_columns[] = {
    {.name = "id", .kind = COLUMN_ID, .help = "of the product"},
    {.name = "title", .kind = COLUMN_TEXT, .help = "its name"},
    {.name = "leaf", .kind = COLUMN_ID, .help = "category it goes to; empty for none"},
    {.name = "path", .kind = COLUMN_PATH, .help = "the way to it"},
    {.name = "state",
     .kind = COLUMN_TEXT,
     .help = "accepted, proposed, rejected, none, or open"},
    {.name = "by",
     .kind = COLUMN_TEXT,
     .help = "who advised: local, marketplace, rule, person"},
    {.name = "from",
     .kind = COLUMN_TEXT,
     .help = "whose decision it is: product or seller-category"},
    {.name = "conflict",
     .kind = COLUMN_FLAG,
     .detail = true,
     .help = "differs from its seller category"},
    {.name = "category",
     .kind = COLUMN_PATH,
     .detail = true,
     .help = "the seller's own category"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose"},
    {.name = "decision",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "its place in the log"},
    END_OF_COLUMNS,
};

/* Products of one page, kept until the store's walk is over. */
struct page {
    struct arena arena;
    struct product items[PAGE];
    size_t count;
};

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct page *page = ctx;
    struct product *at = &page->items[page->count++];

    *at = (struct product){
        .seller_id = arena_str(&page->arena, p->seller_id),
        .id = arena_str(&page->arena, p->id),
        .title = arena_str(&page->arena, p->title),
        .seller_category_id = arena_str(&page->arena, p->seller_category_id),
    };
    return at->seller_id.p && at->id.p && at->title.p && at->seller_category_id.p
               ? AISLE_OK
               : aisle_nomem(err);
}

static void put_decision(struct cli *cli, const struct open_tree *t,
                         const struct product *p, const struct decision *d,
                         struct arena *arena)
{
    const struct category *c = d ? taxonomy_get(&t->tree, d->category_id) : NULL;

    out_str(&cli->out, p->id);
    out_str(&cli->out, p->title);
    out_opt(&cli->out, d ? d->category_id : STR_LIT(""));
    out_opt(&cli->out, c ? open_tree_path(t, c, arena) : STR_LIT(""));
    out_str(&cli->out, d ? str_of(decision_state_name(d->state)) : STR_LIT("open"));
    out_opt(&cli->out, d ? str_of(advisor_name(d->advisor)) : STR_LIT(""));
    out_opt(&cli->out, d ? str_of(decision_scope_name(d->scope)) : STR_LIT(""));
    out_flag(&cli->out, d && d->conflict);
    out_opt(&cli->out, p->seller_category_id);
    out_str(&cli->out, p->seller_id);
    out_int(&cli->out, d ? d->seq : 0);
}

static enum aisle_status put_product(struct cli *cli, const struct open_tree *t,
                                     const struct product *p, struct arena *arena,
                                     struct aisle_err *err)
{
    struct aisle_err none = {0};
    struct decision d;
    enum aisle_status status =
        flow_mapping_of(&cli->app, p, t->target.id, arena, &d, &none);

    if (status != AISLE_OK && status != AISLE_NOT_FOUND) {
        aisle_pass(err, &none);
        return status;
    }
    put_decision(cli, t, p, status == AISLE_OK ? &d : NULL, arena);
    return out_row(&cli->out, err);
}

static enum aisle_status put_all(struct cli *cli, const struct open_tree *t,
                                 struct aisle_err *err)
{
    struct page page = {.arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct arena keys = ARENA_INIT(BUF_MAX_REQUEST);
    struct product_filter filter = {.seller_id = cli_text(cli, "seller"), .limit = PAGE};
    size_t left = (size_t)cli_count(cli, "limit", 0);
    bool limited = left > 0;
    enum aisle_status status;

    do {
        arena_clear(&page.arena);
        page.count = 0;
        filter.limit = limited && left < PAGE ? left : PAGE;
        status = cli->app.store->ops->catalogue->each_product(cli->app.store, &filter,
                                                              note_product, &page, err);
        for (size_t i = 0; status == AISLE_OK && i < page.count; i++)
            status = put_product(cli, t, &page.items[i], &page.arena, err);
        left -= limited ? page.count : 0;
        if (page.count == PAGE) {
            arena_clear(&keys);
            filter.after_seller = arena_str(&keys, page.items[PAGE - 1].seller_id);
            filter.after_id = arena_str(&keys, page.items[PAGE - 1].id);
        }
    } while (status == AISLE_OK && page.count == PAGE && !(limited && left == 0));
    arena_clear(&page.arena);
    arena_clear(&keys);
    return status;
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct open_tree t;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_tree(cli, 0, &t, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, list_columns, err);
    if (status == AISLE_OK)
        status = put_all(cli, &t, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {OPTION_TARGET, OPTION_SELLER, OPTION_LOCALE,
                                             OPTION_LIMIT, END_OF_OPTIONS};

static const struct example list_examples[] = {
    {"aisle map list", "every product and the leaf it goes to"},
    {"aisle map list --jsonl --fields id,leaf,state", "the same, for a program"},
    END_OF_EXAMPLES,
};

const struct command command_map_list = {
    .noun = "map",
    .verb = "list",
    .summary = "where every product goes",
    .about = "A product's own decision counts before its seller category's.",
    .examples = list_examples,
    .options = list_options,
    .columns = list_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};
