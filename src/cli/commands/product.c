#include "catalog/price.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"

/* ---- rows ---- */

static const struct column columns[] = {
    {.name = "id", .kind = COLUMN_ID, .help = "the seller's own: sku or handle"},
    {.name = "title", .kind = COLUMN_TEXT, .help = "its name"},
    {.name = "category", .kind = COLUMN_PATH, .help = "the seller's own category"},
    {.name = "image", .kind = COLUMN_PATH, .help = "where its main image is"},
    {.name = "brand",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "as the seller has it"},
    {.name = "description", .kind = COLUMN_TEXT, .detail = true, .help = "whole"},
    {.name = "price_minor",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "in minor units; null when not known"},
    {.name = "currency", .kind = COLUMN_ID, .detail = true, .help = "such as IDR"},
    {.name = "attributes",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "other columns of the file it came from, as JSON"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose"},
    {.name = "version",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "grows with changes"},
    {.name = "updated_at", .kind = COLUMN_TIME, .detail = true, .help = "last changed"},
    END_OF_COLUMNS,
};

static void out_product(struct out *o, const struct product *p)
{
    out_str(o, p->id);
    out_str(o, p->title);
    out_opt(o, p->seller_category_id);
    out_opt(o, p->image_location);
    out_opt(o, p->brand);
    out_opt(o, p->description);
    out_int_if(o, p->price_minor >= 0, p->price_minor);
    out_opt(o, p->currency);
    out_opt(o, p->attributes);
    out_str(o, p->seller_id);
    out_int(o, p->version);
    out_int(o, p->updated_at);
}

/* ---- add and edit ---- */

/* "59000 IDR", "Rp 59.000", "12.50 USD". */
static enum aisle_status said_price(struct cli *cli, struct product *p,
                                    struct aisle_err *err)
{
    struct price price;
    struct str text;

    if (!args_value(&cli->args, "price", &text))
        return AISLE_OK;
    if (price_parse(text, p->currency, false, &price) != PRICE_READ)
        return aisle_fail(err, AISLE_INVALID, "price '%.*s' is not clear: '12.50 USD' is",
                          STR_ARG(text));
    p->price_minor = price.minor;
    p->currency = arena_str(&cli->arena, str_of(price.currency));
    return p->currency.p ? AISLE_OK : aisle_nomem(err);
}

/* Only what was said; a seller category as it is written everywhere else. */
static enum aisle_status said_fields(struct cli *cli, struct product *p,
                                     struct aisle_err *err)
{
    const struct {
        const char *option;
        struct str *field;
    } fields[] = {{"title", &p->title},
                  {"description", &p->description},
                  {"brand", &p->brand},
                  {"category", &p->seller_category_id},
                  {"image", &p->image_location}};
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct str category;
    enum aisle_status status = said_price(cli, p, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        args_value(&cli->args, fields[i].option, fields[i].field);
    if (!args_value(&cli->args, "category", &category))
        return AISLE_OK;
    seller_category_path(category, &path);
    status = buf_check(&path, "category", err);
    p->seller_category_id = arena_str(&cli->arena, buf_str(&path));
    if (status == AISLE_OK && !p->seller_category_id.p)
        status = aisle_nomem(err);
    buf_clear(&path);
    return status;
}

static enum aisle_status keep_product(struct cli *cli, const struct product *p,
                                      struct aisle_err *err)
{
    struct store *store = cli->app.store;
    bool dry = cli_switch(cli, "dry-run");
    struct product now = *p;
    enum aisle_status status = product_check(p, err);

    if (status == AISLE_OK && !dry)
        status = store->ops->catalogue->change_product(store, p, p->version,
                                                       clock_now_s(cli->app.clock), err);
    if (status == AISLE_OK && !dry)
        status = store->ops->catalogue->get_product(store, p->seller_id, p->id,
                                                    &cli->arena, &now, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%.*s: %s", STR_ARG(p->id),
            dry                         ? "fine (dry run)"
            : p->version == 0           ? "added"
            : now.version != p->version ? "changed"
                                        : "the same as before");
    return status;
}

static enum aisle_status find_product(struct cli *cli, struct product *out,
                                      struct aisle_err *err)
{
    struct store *store = cli->app.store;

    return store->ops->catalogue->get_product(store, cli_seller(cli), cli_operand(cli, 0),
                                              &cli->arena, out, err);
}

static enum aisle_status run_add(struct cli *cli, struct aisle_err *err)
{
    struct product p = {.seller_id = cli_seller(cli),
                        .id = cli_operand(cli, 0),
                        .price_minor = -1},
                   there;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && find_product(cli, &there, NULL) == AISLE_OK) {
        cli_try(cli, "aisle product edit %.*s", STR_ARG(p.id));
        status = aisle_fail(err, AISLE_CONFLICT, "product %.*s is there already",
                            STR_ARG(p.id));
    }
    if (status == AISLE_OK)
        status = said_fields(cli, &p, err);
    return status == AISLE_OK ? keep_product(cli, &p, err) : status;
}

static enum aisle_status run_edit(struct cli *cli, struct aisle_err *err)
{
    struct product p;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = find_product(cli, &p, err);
    if (status == AISLE_OK)
        status = said_fields(cli, &p, err);
    return status == AISLE_OK ? keep_product(cli, &p, err) : status;
}

static const struct option fields_options[] = {
    OPTION_SELLER,
    {.name = "title", .kind = OPTION_TEXT, .argument = "TITLE", .help = "its name"},
    {.name = "category",
     .kind = OPTION_TEXT,
     .argument = "PATH",
     .help = "the seller's own category, such as 'Fashion > Kaos'"},
    {.name = "image",
     .kind = OPTION_FILE,
     .argument = "LOCATION",
     .help = "where its main image is: a URL or a file"},
    {.name = "brand", .kind = OPTION_TEXT, .argument = "BRAND", .help = "its brand"},
    {.name = "price",
     .kind = OPTION_TEXT,
     .argument = "PRICE",
     .help = "with its currency, such as '59000 IDR'"},
    {.name = "description",
     .kind = OPTION_TEXT,
     .argument = "TEXT",
     .help = "what it is, in sentences"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example add_examples[] = {
    {"aisle product add SKU-1 --title 'Kaos polos pria' --category 'Fashion > Kaos' "
     "--image "
     "kaos.jpg",
     "one product"},
    END_OF_EXAMPLES,
};

const struct command command_product_add = {
    .noun = "product",
    .verb = "add",
    .operands = "ID",
    .summary = "add one product",
    .examples = add_examples,
    .options = fields_options,
    .uses = USES_STORE,
    .run = run_add,
};

static const struct example edit_examples[] = {
    {"aisle product edit SKU-1 --title 'Kaos polos pria hitam'",
     "only what is said changes"},
    END_OF_EXAMPLES,
};

const struct command command_product_edit = {
    .noun = "product",
    .verb = "edit",
    .operands = "ID",
    .summary = "change fields of one product",
    .examples = edit_examples,
    .options = fields_options,
    .uses = USES_STORE,
    .run = run_edit,
};

/* ---- list and show ---- */

static enum aisle_status list_row(void *ctx, const struct product *p,
                                  struct aisle_err *err)
{
    struct cli *cli = ctx;

    out_product(&cli->out, p);
    return out_row(&cli->out, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct product_filter filter = {.seller_id = cli_text(cli, "seller"),
                                    .limit = (size_t)cli_count(cli, "limit", 0)};
    struct target target = {0};
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    filter.has_seller_category = args_value(&cli->args, "in", &filter.seller_category_id);
    if (status == AISLE_OK && cli_switch(cli, "open"))
        status = cli_target(cli, &target, NULL, err);
    filter.undecided_for = target.id;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    store = cli->app.store;
    if (status == AISLE_OK)
        status = store->ops->catalogue->each_product(store, &filter, list_row, cli, err);
    if (status == AISLE_OK && cli->out.rows == 0)
        say(&cli->voice, "no products; next: aisle product import FILE");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    OPTION_SELLER,
    {.name = "in",
     .kind = OPTION_TEXT,
     .argument = "PATH",
     .help = "only of this seller category"},
    {.name = "open",
     .kind = OPTION_SWITCH,
     .help = "only those without a settled mapping"},
    OPTION_TARGET,
    OPTION_LIMIT,
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle product list --limit 20", "the first twenty"},
    {"aisle product list --open --fields id,title", "what has no leaf yet"},
    END_OF_EXAMPLES,
};

const struct command command_product_list = {
    .noun = "product",
    .verb = "list",
    .summary = "products of the catalogue",
    .examples = list_examples,
    .options = list_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

static enum aisle_status run_show(struct cli *cli, struct aisle_err *err)
{
    struct product p;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = find_product(cli, &p, err);
    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, columns, err);
    if (status != AISLE_OK)
        return status;
    out_product(&cli->out, &p);
    return out_done(&cli->out, err);
}

static const struct option seller_options[] = {OPTION_SELLER, END_OF_OPTIONS};

static const struct example show_examples[] = {
    {"aisle product show SKU-1", "everything known of one product"},
    END_OF_EXAMPLES,
};

const struct command command_product_show = {
    .noun = "product",
    .verb = "show",
    .operands = "ID",
    .summary = "everything known of one product",
    .examples = show_examples,
    .options = seller_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_show,
};

/* ---- remove ---- */

static enum aisle_status run_remove(struct cli *cli, struct aisle_err *err)
{
    struct product p;
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = find_product(cli, &p, err);
    if (status == AISLE_OK && cli_switch(cli, "dry-run")) {
        say(&cli->voice, "%.*s would be removed", STR_ARG(p.id));
        return AISLE_OK;
    }
    if (status == AISLE_OK)
        status =
            cli_confirm(cli, err, "remove %.*s, %.*s?", STR_ARG(p.id), STR_ARG(p.title));
    store = cli->app.store;
    if (status == AISLE_OK)
        status = store->ops->catalogue->drop_product(store, p.seller_id, p.id, 0, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%.*s is removed; its decisions stay in the log", STR_ARG(p.id));
    return status;
}

static const struct option remove_options[] = {OPTION_SELLER, OPTION_YES, OPTION_DRY_RUN,
                                               END_OF_OPTIONS};

static const struct example remove_examples[] = {
    {"aisle product remove SKU-1", "asks first"},
    END_OF_EXAMPLES,
};

const struct command command_product_remove = {
    .noun = "product",
    .verb = "remove",
    .operands = "ID",
    .summary = "take one product out of the catalogue",
    .examples = remove_examples,
    .options = remove_options,
    .uses = USES_STORE,
    .run = run_remove,
};
