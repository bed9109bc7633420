#include "feeds/products.h"

#include "base/text.h"
#include "catalog/currency.h"
#include "feeds/import.h"
#include "feeds/kinds.h"

enum { HEADER_WITHIN = 10 }; /* rows: some exports have a title above their header */

const char *feed_form_name(enum feed_form form)
{
    switch (form) {
    case FEED_TABLE:
        return "table";
    case FEED_SHOPIFY:
        return "Shopify export";
    case FEED_WOOCOMMERCE:
        return "WooCommerce export";
    case FEED_JSON_LINES:
        return "JSON Lines";
    }
    return "unknown";
}

/* ---- a look ahead ---- */

/* A source whose first bytes were looked at, and are read again. */
struct peeked {
    struct feed_source source;
    char head[FEED_HEAD];
    size_t n, at;
    bool at_end;
};

static enum aisle_status peek(struct peeked *p, struct aisle_err *err)
{
    while (p->n < sizeof p->head && !p->at_end) {
        size_t got;
        enum aisle_status status = p->source.read(p->source.ctx, p->head + p->n,
                                                  sizeof p->head - p->n, &got, err);

        if (status != AISLE_OK)
            return status;
        p->n += got;
        p->at_end = got == 0;
    }
    return AISLE_OK;
}

static enum aisle_status read_peeked(void *ctx, char *out, size_t cap, size_t *n,
                                     struct aisle_err *err)
{
    struct peeked *p = ctx;

    if (p->at == p->n) {
        *n = 0;
        return p->at_end ? AISLE_OK : p->source.read(p->source.ctx, out, cap, n, err);
    }
    *n = p->n - p->at < cap ? p->n - p->at : cap;
    memcpy(out, p->head + p->at, *n);
    p->at += *n;
    return AISLE_OK;
}

/* ---- the header ---- */

static bool is_header(const struct feed_columns *c)
{
    return c->from_count[FEED_ID] > 0 &&
           (c->from_count[FEED_TITLE] > 0 || c->form == FEED_SHOPIFY);
}

/* "Judul, Kategori, …": the first names, as many as a message has room for. */
static void list_names(const struct feed_columns *c, struct buf *out)
{
    for (size_t i = 0; i < c->count; i++) {
        if (i > 0)
            buf_addz(out, ", ");
        if (out->n > 70) {
            buf_addz(out, "…");
            return;
        }
        buf_add(out, utf8_head(c->names[i], 30));
    }
}

static enum aisle_status no_header(const struct feed_columns *c, struct aisle_err *err)
{
    struct buf names = BUF_INIT(BUF_MAX_LINE);
    const char *field = c->from_count[FEED_ID] > 0 ? "title" : "id";
    enum aisle_status status;

    list_names(c, &names);
    status = buf_check(&names, "header", err);
    if (status == AISLE_OK)
        status = aisle_fail(err, AISLE_INVALID,
                            "no column is known as the product's %s among: %s; map one: "
                            "%s=COLUMN",
                            field, names.p ? names.p : "", field);
    buf_clear(&names);
    return status;
}

/* The first row that can be a header; of the others the first is named in the failure. */
static enum aisle_status find_header(struct feed_import *im, struct csv *csv,
                                     struct aisle_err *err)
{
    struct feed_columns first = {0};
    struct aisle_err map_error = {0};

    for (size_t i = 0; i < HEADER_WITHIN; i++) {
        struct feed_columns columns;
        struct csv_row row;
        struct aisle_err why = {0};
        enum aisle_status status = csv_next(csv, &row, err);

        if (status != AISLE_OK)
            return status;
        if (row.count == 0)
            break;
        status =
            feed_columns_read(row.cells, row.count, &im->map, &im->file, &columns, &why);
        if (status == AISLE_NOMEM)
            return aisle_nomem(err);
        if (status != AISLE_OK && map_error.status == AISLE_OK)
            map_error = why;
        if (status != AISLE_OK)
            continue;
        if (is_header(&columns)) {
            im->columns = columns;
            csv_expect(csv, columns.count);
            return AISLE_OK;
        }
        if (first.count == 0)
            first = columns;
    }
    if (map_error.status != AISLE_OK)
        return aisle_fail(err, map_error.status, "%s", map_error.text);
    return no_header(&first, err);
}

/* A column of images speaks of all of them, one of an image of the main one. */
static void name_images(const struct feed_columns *c, struct buf *names)
{
    for (size_t i = 0; i < c->from_count[FEED_IMAGE]; i++)
        if (c->several[c->from[FEED_IMAGE][i]])
            feed_row_name(names, STR_LIT("images"));
    if (c->most_pictures)
        feed_row_name(names, STR_LIT("images"));
}

static enum aisle_status list_columns(struct feed_import *im, struct aisle_err *err)
{
    const struct feed_columns *c = &im->columns;
    struct buf names = BUF_INIT(CSV_MAX_ROW);
    enum aisle_status status;

    for (size_t i = 0; i < c->count; i++)
        feed_row_name(&names, c->names[i]);
    name_images(c, &names);
    if (c->form == FEED_SHOPIFY)
        feed_shopify_names(c, &names);
    if (c->form == FEED_WOOCOMMERCE)
        feed_woocommerce_names(c, &names);
    if (feed_may_have_variants(im))
        feed_variant_names(im, &names);
    status = buf_check(&names, "header", err);
    if (status == AISLE_OK) {
        im->names = arena_str(&im->file, buf_str(&names));
        status = im->names.p ? AISLE_OK : aisle_nomem(err);
    }
    buf_clear(&names);
    return status;
}

/* ---- reading ---- */

static enum aisle_status read_rows(struct feed_import *im, struct csv *csv,
                                   struct aisle_err *err)
{
    im->counts.form = im->columns.form;
    switch (im->columns.form) {
    case FEED_SHOPIFY:
        return feed_read_shopify(im, csv, err);
    case FEED_WOOCOMMERCE:
        return feed_read_woocommerce(im, csv, err);
    default:
        return feed_may_have_variants(im) ? feed_read_variants(im, csv, err)
                                          : feed_read_table(im, csv, err);
    }
}

static enum aisle_status read_csv(struct feed_import *im, struct feed_source source,
                                  struct aisle_err *err)
{
    struct csv csv;
    enum aisle_status status = csv_open(&csv, source, im->options->delimiter, err);

    if (status == AISLE_OK)
        status = find_header(im, &csv, err);
    if (status == AISLE_OK)
        status = list_columns(im, err);
    if (status == AISLE_OK) {
        im->cells = arena_zalloc(&im->file, im->columns.count, sizeof *im->cells);
        status = im->cells ? read_rows(im, &csv, err) : aisle_nomem(err);
    }
    csv_close(&csv);
    return status;
}

static enum aisle_status read_any(struct feed_import *im, struct feed_source source,
                                  struct aisle_err *err)
{
    struct peeked peeked = {.source = source};
    struct feed_source again = {&peeked, read_peeked};
    enum aisle_status status = peek(&peeked, err);
    bool is_json = false;

    if (status == AISLE_OK)
        status = feed_kind(str_n(peeked.head, peeked.n), peeked.at_end, &is_json, err);
    if (status != AISLE_OK)
        return status;
    if (!is_json)
        return read_csv(im, again, err);
    im->counts.form = FEED_JSON_LINES;
    return feed_read_json_lines(im, again, err);
}

static enum aisle_status take_currency(struct feed_import *im, struct aisle_err *err)
{
    struct str currency = im->options->currency;

    if (str_empty(currency) || currency_parse(currency, im->currency))
        return AISLE_OK;
    return aisle_fail(err, AISLE_INVALID,
                      "\"%.*s\" is no currency we know; write it as IDR, USD, …",
                      STR_ARG(utf8_head(currency, 40)));
}

enum aisle_status feed_products(struct feed_source source,
                                const struct feed_options *options,
                                const struct feed_visitor *visitor,
                                struct feed_counts *out, struct aisle_err *err)
{
    struct feed_import im = {.options = options,
                             .visitor = visitor,
                             .file = ARENA_INIT(4 * CSV_MAX_ROW),
                             .row = ARENA_INIT(16 * CSV_MAX_ROW)};
    enum aisle_status status;

    /* a first block that rewinding keeps */
    if (!arena_alloc(&im.row, 1))
        return aisle_nomem(err);
    im.row_mark = arena_mark(&im.row);

    status = feed_map_parse(options->map, &im.file, &im.map, err);
    if (status == AISLE_OK)
        status = take_currency(&im, err);
    if (status == AISLE_OK)
        status = read_any(&im, source, err);
    if (status == AISLE_OK) {
        feed_tell_promos(&im);
        *out = im.counts;
    }
    seen_clear(&im.seen);
    arena_clear(&im.row);
    arena_clear(&im.file);
    return status;
}
