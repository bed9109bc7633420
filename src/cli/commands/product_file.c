/* product_file.c - the catalogue from a file and into one */
#include "catalog/price.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/catalogue.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- import ---- */

static const struct column columns[] = {
    {.name = "form", .kind = COLUMN_ID, .help = "what kind of file it is"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in the file"},
    {.name = "products", .kind = COLUMN_COUNT, .help = "read from them"},
    {.name = "problems", .kind = COLUMN_COUNT, .help = "named by line on stderr"},
    {.name = "left_out", .kind = COLUMN_COUNT, .help = "rows that could not be kept"},
    {.name = "dropped",
     .kind = COLUMN_COUNT,
     .help = "values that could not be taken, of rows that were"},
    {.name = "added", .kind = COLUMN_COUNT, .help = "products that are new"},
    {.name = "changed", .kind = COLUMN_COUNT, .help = "that differ from before"},
    {.name = "same", .kind = COLUMN_COUNT, .help = "that were there like that"},
    {.name = "kept",
     .kind = COLUMN_TEXT,
     .help = "what products had and the file has no column for"},
    END_OF_COLUMNS,
};

struct importing {
    struct cli *cli;
    struct str file;
};

static void tell_problem(void *ctx, size_t line, struct str column, bool left_out,
                         const char *what)
{
    struct importing *im = ctx;

    say_warning(&im->cli->voice, "%.*s:%zu: %s%.*s%s%s%s", STR_ARG(im->file), line,
                str_empty(column) ? "" : "column ", STR_ARG(column),
                str_empty(column) ? "" : ": ", what, left_out ? " (left out)" : "");
}

/* Where relative image paths of a file are: --image-root, else beside the file. */
static struct str image_root(struct cli *cli, struct str file)
{
    struct str said = cli_text(cli, "image-root"), copy, root;
    char whole[PATH_MAX];
    size_t n;

    if (!str_empty(said) || str_is(file, "-"))
        return said;
    copy = arena_str(&cli->arena, file);
    if (!copy.p || !realpath(copy.p, whole))
        return STR_LIT(""); /* reading it will say why */
    for (n = strlen(whole); n > 0 && whole[n - 1] != '/';)
        n--;
    root = arena_str(&cli->arena, str_n(whole, n > 1 ? n - 1 : n));
    return root.p ? root : STR_LIT("");
}

/* "description, brand"; "" for nothing. */
static struct str kept_words(struct cli *cli, unsigned kept)
{
    struct buf words = BUF_INIT(BUF_MAX_LINE);
    struct str text;

    for (size_t f = 0; f < FEED_FIELDS; f++)
        if (kept & 1u << f)
            buf_addf(&words, "%s%s", words.n ? ", " : "",
                     f == FEED_ATTRIBUTES ? "further columns"
                                          : feed_field_name((enum feed_field)f));
    text = arena_str(&cli->arena, buf_str(&words));
    buf_clear(&words);
    return text.p ? text : STR_LIT("");
}

static enum aisle_status import_row(struct cli *cli, const struct import_result *r,
                                    struct aisle_err *err)
{
    struct out *out = &cli->out;
    enum aisle_status status = out_begin_one(out, columns, err);

    if (status != AISLE_OK)
        return status;
    out_str(out, str_of(feed_form_name(r->form)));
    out_int(out, (int64_t)r->rows);
    out_int(out, (int64_t)r->products);
    out_int(out, (int64_t)r->problems);
    out_int(out, (int64_t)r->left_out);
    out_int(out, (int64_t)r->dropped);
    out_int(out, (int64_t)r->counts.added);
    out_int(out, (int64_t)r->counts.changed);
    out_int(out, (int64_t)r->counts.same);
    out_str(out, kept_words(cli, r->kept));
    return out_done(out, err);
}

static void tell_end(struct cli *cli, const struct import_result *r, bool dry_run)
{
    struct voice *v = &cli->voice;
    const char *rows = say_noun((int64_t)r->rows, "row", "rows");
    struct str kept = kept_words(cli, r->kept);

    say(v, "%zu %s of a %s: %zu %s %sadded, %zu changed, %zu the same", r->rows, rows,
        feed_form_name(r->form), r->counts.added,
        say_noun((int64_t)r->counts.added, "product", "products"),
        dry_run ? "would be " : "", r->counts.changed, r->counts.same);
    if (!str_empty(kept))
        say(v, "the file has no column for %.*s: %s (--replace empties them)",
            STR_ARG(kept), dry_run ? "would be kept" : "kept as they were");
    if (r->left_out)
        say(v, "%zu %s left out", r->left_out,
            say_noun((int64_t)r->left_out, "row was", "rows were"));
    if (r->dropped)
        say(v, "%zu %s not taken", r->dropped,
            say_noun((int64_t)r->dropped, "value was", "values were"));
    if (!dry_run && r->products)
        say(v, "next: aisle map run");
}

static enum aisle_status run_import(struct cli *cli, struct aisle_err *err)
{
    struct str file = cli_operand(cli, 0);
    struct importing im = {cli, file};
    struct import_request request = {.seller_id = cli_text(cli, "seller"),
                                     .map = cli_text(cli, "map"),
                                     .currency = cli_text(cli, "currency"),
                                     .image_root = image_root(cli, file),
                                     .replace = cli_switch(cli, "replace"),
                                     .dry_run = cli_switch(cli, "dry-run")};
    struct import_result r = {0};
    FILE *stream = NULL;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_open_stream(file, &stream, err);
    if (status == AISLE_OK)
        status = flow_import(&cli->app, &request, feed_source_stream(stream),
                             tell_problem, &im, &r, err);
    cli_close_stream(stream);
    say_progress_end(&cli->voice);
    if (status == AISLE_OK && cli_wants_summary(cli))
        status = import_row(cli, &r, err);
    if (status == AISLE_OK && r.left_out + r.dropped)
        cli->exit_code = r.products ? EXIT_PARTLY : EXIT_FINDINGS;
    if (status == AISLE_OK)
        tell_end(cli, &r, request.dry_run);
    return status;
}

static const struct option import_options[] = {
    OPTION_SELLER,
    {.name = "map",
     .kind = OPTION_TEXT,
     .argument = "FIELD=COLUMN,…",
     .help = "columns with names of their own, such as title=Judul,category=Kategori"},
    {.name = "currency",
     .kind = OPTION_TEXT,
     .argument = "CODE",
     .help = "of prices that name none, such as IDR"},
    {.name = "image-root",
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .help = "folder that relative image paths are under; else the file's"},
    {.name = "replace",
     .kind = OPTION_SWITCH,
     .help = "empty what the file has no column for; else it is kept"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example import_examples[] = {
    {"aisle product import products.csv", "as Excel, Shopify or WooCommerce write it"},
    {"aisle product import products.csv --map title=Judul,category=Kategori --dry-run",
     "what would be read, with columns named"},
    {"aisle product import prices.csv --dry-run",
     "sku, name and price: how many would change, and what would be kept"},
    {"zcat products.jsonl.gz | aisle product import -", "JSON Lines, from a pipe"},
    END_OF_EXAMPLES,
};

const struct command command_product_import = {
    .noun = "product",
    .verb = "import",
    .operands = "FILE",
    .summary = "read products from CSV or JSON Lines",
    .about =
        "Columns are known by name, in several languages; there is one for id and "
        "title at least. Each bad row, and what a shop's export says is not on sale "
        "there, is named by its line and left out, the others are kept; the same file "
        "again changes nothing. Rows that are one product's variants or variations "
        "become its variants. Of a product that is there already stays what the "
        "file has no column for (for JSON, the object no key), so that a list of "
        "prices changes prices alone; an empty cell empties, and a column of images "
        "speaks of all of them. What product export wrote of several sellers goes to "
        "each of them; with --seller the others' rows are left out.\n\n"
        "Ends with 7 when a row was left out or a value could not be taken, such as a "
        "price nobody can read, and with 6 when there was no product at all.",
    .examples = import_examples,
    .options = import_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_import,
};

/* ---- export ---- */

/* In the currency's own units, as price_parse reads it back: "59000.00". */
static void add_price(struct buf *out, const struct product *p)
{
    struct price one;
    int64_t unit = 100;

    if (p->price_minor < 0)
        return;
    if (price_parse(STR_LIT("1"), p->currency, true, &one) == PRICE_READ)
        unit = one.minor;
    buf_addf(out, "%lld", (long long)(p->price_minor / unit));
    for (int64_t rest = p->price_minor % unit, digit = unit / 10; digit > 0; digit /= 10)
        buf_addf(out, "%s%lld", digit == unit / 10 ? "." : "",
                 (long long)(rest / digit % 10));
}

/* What is only told where it would be missed. */
struct exporting {
    struct cli *cli;
    bool sellers;      /* there are others than the one an import goes to */
    bool category_ids; /* some category has an id of its own */
};

static enum aisle_status look_at_seller(void *ctx, const struct seller *seller,
                                        struct aisle_err *err)
{
    struct exporting *ex = ctx;

    (void)err;
    ex->sellers = ex->sellers || !str_is(seller->id, "default");
    return AISLE_OK;
}

/* An id that is no path would come back as one. */
static enum aisle_status is_own_id(struct str category_id, bool *own,
                                   struct aisle_err *err)
{
    struct buf path = BUF_INIT(4 * PRODUCT_MAX_FIELD);
    enum aisle_status status;

    seller_category_path(category_id, &path);
    status = buf_check(&path, "category", err);
    *own = !str_eq(buf_str(&path), category_id);
    buf_clear(&path);
    return status;
}

static enum aisle_status look_at_category(void *ctx, const struct seller_category *row,
                                          struct aisle_err *err)
{
    struct exporting *ex = ctx;
    bool own = false;
    enum aisle_status status = is_own_id(row->id, &own, err);

    ex->category_ids = ex->category_ids || own;
    return status;
}

static enum aisle_status choose_columns(struct exporting *ex, struct str seller_id,
                                        struct aisle_err *err)
{
    struct store *s = ex->cli->app.store;
    enum aisle_status status = AISLE_OK;

    if (str_empty(seller_id))
        status = s->ops->shops->each_seller(s, look_at_seller, ex, err);
    if (status == AISLE_OK)
        status = s->ops->catalogue->each_seller_category(s, seller_id, look_at_category,
                                                         ex, err);
    return status;
}

static void add_header(const struct exporting *ex)
{
    struct buf *out = &ex->cli->out.buf;

    buf_addz(out, "id,title,description,brand,category,image,price,currency,attributes");
    if (ex->category_ids)
        buf_addz(out, ",category_id");
    if (ex->sellers)
        buf_addz(out, ",seller");
    buf_addz(out, "\r\n");
}

/* Of a path there is no id to tell. */
static enum aisle_status add_category_id(struct exporting *ex, const struct product *p,
                                         struct aisle_err *err)
{
    bool own = false;
    enum aisle_status status = is_own_id(p->seller_category_id, &own, err);

    buf_addc(&ex->cli->out.buf, ',');
    buf_csv(&ex->cli->out.buf, own ? p->seller_category_id : STR_LIT(""));
    return status;
}

static enum aisle_status export_row(void *ctx, const struct product *p,
                                    struct aisle_err *err)
{
    struct exporting *ex = ctx;
    struct buf *out = &ex->cli->out.buf;
    const struct str texts[] = {p->id,
                                p->title,
                                p->description,
                                p->brand,
                                p->seller_category_id,
                                p->image_location};
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buf_csv(out, texts[i]);
        buf_addc(out, ',');
    }
    add_price(out, p);
    buf_addc(out, ',');
    buf_csv(out, p->currency);
    buf_addc(out, ',');
    buf_csv(out, p->attributes);
    if (ex->category_ids)
        status = add_category_id(ex, p, err);
    if (ex->sellers) {
        buf_addc(out, ',');
        buf_csv(out, p->seller_id);
    }
    buf_addz(out, "\r\n");
    return status == AISLE_OK ? out_text(&ex->cli->out, STR_LIT(""), err) : status;
}

static enum aisle_status run_export(struct cli *cli, struct aisle_err *err)
{
    struct product_filter filter = {.seller_id = cli_text(cli, "seller")};
    struct exporting ex = {.cli = cli};
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = choose_columns(&ex, filter.seller_id, err);
    if (status != AISLE_OK)
        return status;
    store = cli->app.store;
    add_header(&ex);
    return store->ops->catalogue->each_product(store, &filter, export_row, &ex, err);
}

static const struct option export_options[] = {OPTION_SELLER, END_OF_OPTIONS};

static const struct example export_examples[] = {
    {"aisle product export > products.csv", "in the form that product import reads"},
    {"aisle product export --seller budi > budi.csv", "one seller's, for any to import"},
    END_OF_EXAMPLES,
};

const struct command command_product_export = {
    .noun = "product",
    .verb = "export",
    .summary = "the catalogue as CSV, in the form import reads",
    .about = "Without --seller every seller's products: where there is another than "
             "default, a column says whose each is, and an import without --seller gives "
             "it back to them. With --seller there is no such column.",
    .examples = export_examples,
    .options = export_options,
    .uses = USES_STORE,
    .run = run_export,
};
