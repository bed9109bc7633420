#include "feeds/import.h"

#include "base/text.h"
#include "catalog/currency.h"
#include "catalog/price.h"
#include "catalog/shop.h"
#include "feeds/jsonl.h"

#include <stdio.h>

enum { IMAGES_MAX = 12 * 1024 }; /* of 64 KiB attributes */

/* ---- telling ---- */

void feed_tell(struct feed_import *im, size_t line, struct str column,
               enum feed_loss loss, const char *remedy, const char *fmt, ...)
{
    char what[FEED_WHAT];
    va_list ap;

    im->counts.problems++;
    im->counts.left_out += loss == FEED_LEFT_OUT;
    im->counts.dropped += loss == FEED_DROPPED;
    if (!im->visitor->problem)
        return;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    im->visitor->problem(im->visitor->ctx,
                         &(struct feed_problem){.line = line,
                                                .column = column,
                                                .loss = loss,
                                                .what = str_of(what),
                                                .remedy = str_of(remedy)});
}

static void tell_field(struct feed_import *im, const struct feed_row *row,
                       enum feed_field field, enum feed_loss loss, const char *remedy,
                       const char *what)
{
    feed_tell(im, row->line, row->column[field], loss, remedy, "%s", what);
}

enum aisle_status feed_note_promo(struct feed_import *im, struct feed_promos *promos,
                                  size_t line, struct str column, struct aisle_err *err)
{
    if (promos->count++)
        return AISLE_OK;
    promos->line = line;
    promos->column = arena_str(&im->file, column);
    return promos->column.p ? AISLE_OK : aisle_nomem(err);
}

void feed_tell_promos(struct feed_import *im)
{
    if (im->unused.count)
        feed_tell(im, im->unused.line, im->unused.column, FEED_TAKEN,
                  "map price to this column to sell at them",
                  "promotional prices are not taken: a listing has one price, and there "
                  "is another; rows with one: %zu",
                  im->unused.count);
    if (im->alone.count)
        feed_tell(im, im->alone.line, im->alone.column, FEED_TAKEN,
                  "map price to another column if they hold for a time",
                  "promotional prices are taken for the price, as there is no other; "
                  "rows with one: %zu",
                  im->alone.count);
}

/* ---- filling ---- */

void feed_row_init(struct feed_row *row)
{
    /* a name in JSON is no shorter than it comes to here */
    *row = (struct feed_row){.attributes = BUF_INIT(PRODUCT_MAX_ATTRIBUTES),
                             .images = BUF_INIT(2 * PRODUCT_MAX_ATTRIBUTES),
                             .columns = BUF_INIT(JSONL_MAX_LINE)};
}

void feed_row_clear(struct feed_row *row)
{
    buf_clear(&row->attributes);
    buf_clear(&row->images);
    buf_clear(&row->columns);
}

void feed_row_begin(struct feed_import *im, struct feed_row *row, size_t line)
{
    struct buf attributes = row->attributes, images = row->images, columns = row->columns;

    arena_rewind(&im->row, im->row_mark);
    buf_reset(&attributes);
    buf_reset(&images);
    buf_reset(&columns);
    *row = (struct feed_row){
        .line = line, .attributes = attributes, .images = images, .columns = columns};
    row->json = (struct json_out){.buf = &row->attributes};
    json_open(&row->json);
    row->image_list = (struct json_out){.buf = &row->images};
    json_open_list(&row->image_list);
}

enum aisle_status feed_row_set(struct feed_import *im, struct feed_row *row,
                               enum feed_field field, struct str column, bool several,
                               struct str value, struct aisle_err *err)
{
    if (!str_empty(row->value[field]) || str_empty(text_trim(value)))
        return AISLE_OK;
    /* a description may have more than one line, and so may a list of images */
    row->value[field] = field == FEED_DESCRIPTION || field == FEED_IMAGE
                            ? arena_str(&im->row, text_trim(value))
                            : feed_clean(value, &im->row);
    if (!row->value[field].p)
        return aisle_nomem(err);
    row->column[field] = column;
    row->several[field] = several;
    return AISLE_OK;
}

/* A name as the attributes have it. */
static struct str short_name(struct str name)
{
    return utf8_head(name, 60);
}

void feed_row_name(struct buf *names, struct str name)
{
    feed_attribute_key(short_name(name), names);
    buf_addc(names, '\0');
}

void feed_attribute_key(struct str name, struct buf *out)
{
    size_t before = out->n;

    text_key(name, out);
    if (out->n == before)
        buf_add(out, name); /* of signs alone */
}

/* Appends a member, or takes back what it wrote of it; room is kept for the last brace.
 */
static void add_member(struct feed_row *row, struct str name, struct str value,
                       void (*put)(struct json_out *json, struct str value))
{
    struct json_out before = row->json;
    size_t n = row->attributes.n;
    char key[256];

    snprintf(key, sizeof key, "%.*s", STR_ARG(short_name(name)));
    json_key(&row->json, key);
    put(&row->json, value);
    if (row->attributes.n < PRODUCT_MAX_ATTRIBUTES && !row->attributes.failed)
        return;
    if (row->attributes.failed == AISLE_NOMEM)
        return;
    row->attributes.failed = AISLE_OK;
    row->attributes.n = n;
    row->attributes.p[n] = '\0';
    row->json = before;
    row->is_full = true;
}

void feed_row_extra(struct feed_row *row, struct str name, struct str value)
{
    value = text_trim(value);
    if (!str_empty(value))
        add_member(row, name, value, json_put_str);
}

void feed_row_extra_json(struct feed_row *row, struct str name, struct str json)
{
    add_member(row, name, json, json_put_raw);
}

enum aisle_status feed_row_extra_value(struct feed_row *row, struct str name,
                                       const json_t *value, struct aisle_err *err)
{
    struct buf json = BUF_INIT(PRODUCT_MAX_ATTRIBUTES);
    enum aisle_status status = AISLE_OK;

    if (json_dump_to(&json, value))
        feed_row_extra_json(row, name, buf_str(&json));
    else if (json.failed == AISLE_LIMIT)
        row->is_full = true;
    else
        status = aisle_nomem(err);
    buf_clear(&json);
    return status;
}

/* ---- images ---- */

static struct str main_image(const struct feed_row *row)
{
    return feed_first_image(row->value[FEED_IMAGE]);
}

void feed_row_image(struct feed_row *row, struct str location)
{
    location = text_trim(location);
    if (str_empty(location) || str_eq(location, main_image(row)))
        return;
    if (row->images.n + location.n > IMAGES_MAX) {
        row->is_full = true;
        return;
    }
    json_put_str(&row->image_list, location);
    row->image_count++;
}

void feed_row_images(struct feed_row *row, struct str cell)
{
    while (!str_empty(cell))
        feed_row_image(row, feed_cut_address(&cell));
}

bool feed_row_has_images(const struct feed_row *row)
{
    return row->image_count > 0 || main_image(row).n < row->value[FEED_IMAGE].n;
}

static enum aisle_status close_images(struct feed_row *row, struct aisle_err *err)
{
    feed_row_images(row, row->value[FEED_IMAGE]);
    json_close_list(&row->image_list);
    if (row->images.failed)
        return aisle_nomem(err);
    if (row->image_count > 0)
        feed_row_extra_json(row, STR_LIT("images"), buf_str(&row->images));
    return AISLE_OK;
}

/* ---- judging ---- */

static bool is_among(struct str value, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_nocase(value, str_of(*words)))
            return true;
    return false;
}

bool feed_is_no_category(struct str value, struct str key)
{
    static const char *const fillers[] = {
        "uncategorized",
        "uncategorised",
        "sin categorizar",
        "sem categoria",
        "tanpa kategori",
        "tak berkategori",
        "n/a",
        "-",
        NULL,
    };
    static const char *const kinds[] = {
        "simple",  "configurable", "bundle",    "virtual",  "downloadable",
        "grouped", "variable",     "variation", "external", NULL,
    };
    bool of_kinds = str_is(key, "type") || str_is(key, "product type");

    return is_among(value, fillers) || (of_kinds && is_among(value, kinds));
}

/* Up to a comma that stands behind no backslash, as WooCommerce writes one in a name. */
static struct str cut_listed(struct str *rest)
{
    size_t at = 0;
    struct str one;

    while (at < rest->n && rest->p[at] != ',')
        at += rest->p[at] == '\\' && at + 1 < rest->n ? 2 : 1;
    one = str_head(*rest, at);
    *rest = str_skip(*rest, at + 1);
    return text_trim(one);
}

static size_t count_levels(struct str path)
{
    size_t n = 1;

    for (size_t i = 0; i < path.n; i++)
        n += path.p[i] == '>';
    return n;
}

/* A path evened out, without the backslashes before its commas; in the row arena. */
static struct str even_path(struct feed_import *im, struct str raw)
{
    struct buf plain = BUF_INIT(CSV_MAX_CELL), path = BUF_INIT(4 * CSV_MAX_CELL);
    struct str kept = {0};

    for (size_t i = 0; i < raw.n; i++)
        if (!(raw.p[i] == '\\' && i + 1 < raw.n && raw.p[i + 1] == ','))
            buf_addc(&plain, raw.p[i]);
    seller_category_path(buf_str(&plain), &path);
    if (!plain.failed && !path.failed)
        kept = arena_str(&im->row, buf_str(&path));
    buf_clear(&plain);
    buf_clear(&path);
    return kept;
}

/* The category: of several the one that says most, "Clothing > Hoodies" before
 * "Clothing". */
static enum aisle_status find_category(struct feed_import *im, struct feed_row *row,
                                       struct str *out, struct aisle_err *err)
{
    struct str rest = row->value[FEED_CATEGORY], best = STR_LIT("");
    struct str key =
        str_empty(rest) ? STR_LIT("") : feed_key(row->column[FEED_CATEGORY], &im->row);
    size_t levels = 0, count = 0;

    if (!key.p)
        return aisle_nomem(err);
    while (!str_empty(rest) && count++ < 100) {
        struct str one = row->several[FEED_CATEGORY] ? cut_listed(&rest) : rest, path;

        if (!row->several[FEED_CATEGORY])
            rest.n = 0;
        if (str_empty(one) || feed_is_no_category(one, key))
            continue;
        path = even_path(im, one);
        if (!path.p)
            return aisle_nomem(err);
        if (!str_empty(path) && count_levels(path) > levels) {
            best = path;
            levels = count_levels(path);
        }
    }
    if (count > 1 && !str_empty(row->column[FEED_CATEGORY]))
        feed_row_extra(row, row->column[FEED_CATEGORY], row->value[FEED_CATEGORY]);
    *out = best;
    return AISLE_OK;
}

static const char UNCLEAR_REMEDY[] = "write 12000 or 12.50, and name the currency";

static const char *unclear_price(struct str text, char what[FEED_WHAT])
{
    snprintf(what, FEED_WHAT, "price is unclear: %.*s", STR_ARG(utf8_head(text, 40)));
    return what;
}

bool feed_unclear_price(const struct feed_gaps *gaps, unsigned kept, size_t line,
                        char what[FEED_WHAT], struct feed_problem *out)
{
    if (!gaps->unclear || str_empty(gaps->price) || kept & 1u << FEED_CURRENCY)
        return false;
    *out = (struct feed_problem){.line = line,
                                 .column = gaps->price_column,
                                 .loss = FEED_DROPPED,
                                 .what = str_of(unclear_price(gaps->price, what)),
                                 .remedy = str_of(UNCLEAR_REMEDY)};
    return true;
}

/* The currency of a row's price, "" where neither row nor import names one. False where
 * the row names one that we do not know: its number in another would be another price. */
static bool find_currency(struct feed_import *im, struct feed_row *row, char code[4])
{
    struct str own = row->value[FEED_CURRENCY];

    row->names_currency = !str_empty(own) || im->currency[0];
    if (str_empty(own)) {
        memcpy(code, im->currency, sizeof im->currency);
        return true;
    }
    if (currency_parse(own, code))
        return true;
    feed_tell(im, row->line, row->column[FEED_CURRENCY], FEED_DROPPED,
              "write it as IDR, USD, …", "no currency we know: %.*s",
              STR_ARG(utf8_head(own, 40)));
    return false;
}

/* A price's own word counts before the import's, but not against its row's. */
static bool agrees(const struct feed_row *row, const char *code,
                   const struct price *price)
{
    return str_empty(row->value[FEED_CURRENCY]) || strcmp(price->currency, code) == 0;
}

static void tell_price(struct feed_import *im, const struct feed_row *row, bool read)
{
    struct str text = utf8_head(row->value[FEED_PRICE], 40);

    if (read)
        feed_tell(im, row->line, row->column[FEED_PRICE], FEED_DROPPED,
                  "leave the currency out of one of them",
                  "price and its row's currency do not agree: %.*s, %.*s", STR_ARG(text),
                  STR_ARG(row->value[FEED_CURRENCY]));
    else
        tell_field(im, row, FEED_PRICE, FEED_DROPPED, UNCLEAR_REMEDY,
                   unclear_price(text, (char[FEED_WHAT]){0}));
}

static enum aisle_status find_price(struct feed_import *im, struct feed_row *row,
                                    struct product *p, struct aisle_err *err)
{
    char code[4] = "";
    bool known = find_currency(im, row, code);
    struct price price = {0};
    enum price_reading reading =
        price_parse(row->value[FEED_PRICE], str_of(code), row->point, &price);
    bool read = reading == PRICE_READ;

    p->price_minor = -1;
    p->currency = str_of(NULL);
    if (reading == PRICE_NONE)
        return AISLE_OK;
    if (read && (known ? agrees(row, code, &price) : price.currency[0])) {
        p->price_minor = price.minor;
        p->currency = arena_str(&im->row, str_of(price.currency));
        return p->currency.p ? AISLE_OK : aisle_nomem(err);
    }
    row->unclear = true;
    if (known && row->names_currency)
        tell_price(im, row, read);
    return AISLE_OK;
}

/* A value that a product can do without, if it is not too long. */
static struct str fitting(struct feed_import *im, const struct feed_row *row,
                          enum feed_field field, struct str value, size_t max)
{
    if (value.n <= max)
        return value;
    feed_tell(im, row->line, row->column[field], FEED_DROPPED, "make it shorter",
              "%s has %zu bytes, more than %zu: left empty", feed_field_name(field),
              value.n, max);
    return STR_LIT("");
}

/* Whether id and title will do; told when not. */
static bool has_essentials(struct feed_import *im, const struct feed_row *row)
{
    static const struct {
        enum feed_field field;
        size_t max;
        const char *remedy;
    } essentials[] = {
        {FEED_ID, PRODUCT_MAX_ID, "give every product an id of its own, such as its SKU"},
        {FEED_TITLE, PRODUCT_MAX_TITLE, "give every product a title"},
    };

    for (size_t i = 0; i < sizeof essentials / sizeof *essentials; i++) {
        enum feed_field field = essentials[i].field;
        struct str value = row->value[field];

        if (str_empty(value)) {
            feed_tell(im, row->line, row->column[field], FEED_LEFT_OUT,
                      essentials[i].remedy, "%s is empty", feed_field_name(field));
            return false;
        }
        if (field == FEED_ID && feed_is_spoiled(value)) {
            feed_tell(im, row->line, row->column[field], FEED_LEFT_OUT, SPOILED_REMEDY,
                      SPOILED_WHAT, STR_ARG(value));
            return false;
        }
        if (value.n > essentials[i].max) {
            feed_tell(im, row->line, row->column[field], FEED_LEFT_OUT, "make it shorter",
                      "%s has %zu bytes, more than %zu", feed_field_name(field), value.n,
                      essentials[i].max);
            return false;
        }
    }
    return true;
}

/* Whether the row's seller will do; told when not. */
static bool has_seller(struct feed_import *im, struct feed_row *row)
{
    struct str own = row->value[FEED_SELLER], ours = im->options->seller_id;

    if (!str_empty(own) && !short_word_valid(own)) {
        feed_tell(im, row->line, row->column[FEED_SELLER], FEED_LEFT_OUT,
                  "write 1 to 40 of a-z 0-9 - _", "\"%.*s\" is no name for a seller",
                  STR_ARG(utf8_head(own, 60)));
        return false;
    }
    if (!str_empty(own) && im->options->one_seller && !str_eq(own, ours)) {
        feed_tell(im, row->line, row->column[FEED_SELLER], FEED_LEFT_OUT,
                  "import it for its own seller, or for none",
                  "it is %.*s's, and what is imported is %.*s's", STR_ARG(own),
                  STR_ARG(ours));
        return false;
    }
    row->value[FEED_SELLER] = str_empty(own) ? ours : own;
    return true;
}

static enum aisle_status is_new(struct feed_import *im, const struct feed_row *row,
                                bool *out, struct aisle_err *err)
{
    struct str id = row->value[FEED_ID], seller = row->value[FEED_SELLER];
    struct str key = id; /* of another seller it is another */
    size_t before;
    enum aisle_status status;

    if (!str_eq(seller, im->options->seller_id))
        key = arena_fmt(&im->row, "%.*s\n%.*s", STR_ARG(seller), STR_ARG(id));
    if (!key.p)
        return aisle_nomem(err);
    status = seen_note(&im->seen, key, row->line, &before, err);
    if (status != AISLE_OK)
        return status;
    if (before)
        feed_tell(im, row->line, row->column[FEED_ID], FEED_LEFT_OUT,
                  "the first one was taken; give each product an id of its own",
                  "id %.*s was in line %zu already", STR_ARG(utf8_head(id, 60)), before);
    *out = before == 0;
    return AISLE_OK;
}

/* Members of an object we once exported are attributes again, not an attribute. */
static enum aisle_status add_attributes(struct feed_import *im, struct feed_row *row,
                                        struct aisle_err *err)
{
    struct str text = row->value[FEED_ATTRIBUTES];
    struct aisle_err why = {0};
    json_t *object, *value;
    const char *key;
    enum aisle_status status;

    if (str_empty(text))
        return AISLE_OK;
    status = json_read(text, PRODUCT_MAX_ATTRIBUTES, "attributes", &object, &why);
    if (status == AISLE_NOMEM)
        return aisle_nomem(err);
    if (status != AISLE_OK || !json_is_object(object)) {
        if (status == AISLE_OK)
            json_decref(object);
        tell_field(im, row, FEED_ATTRIBUTES, FEED_TAKEN, "write {\"name\": \"value\"}",
                   "attributes are no JSON object: kept as they stand");
        feed_row_extra(row, row->column[FEED_ATTRIBUTES], text);
        return AISLE_OK;
    }
    json_object_foreach(object, key, value)
    {
        if (row->image_count > 0 && str_is(str_of(key), "images"))
            continue; /* the row names its images itself */
        status = feed_row_extra_value(row, str_of(key), value, err);
        if (status != AISLE_OK)
            break;
    }
    json_decref(object);
    return status;
}

static enum aisle_status close_attributes(struct feed_import *im, struct feed_row *row,
                                          struct str *out, struct aisle_err *err)
{
    json_close(&row->json);
    if (row->attributes.failed)
        return buf_check(&row->attributes, "attributes", err);
    if (row->is_full)
        feed_tell(im, row->line, str_of(NULL), FEED_DROPPED,
                  "leave columns out that say nothing of the product",
                  "more variants, images or further columns than there is room for: some "
                  "were left out");
    *out =
        str_is(buf_str(&row->attributes), "{}") ? STR_LIT("") : buf_str(&row->attributes);
    return AISLE_OK;
}

/* The last of the columns, with its NUL. */
static void leave_out_variants(struct feed_gaps *gaps)
{
    static const char last[] = "variants";
    struct str names = gaps->columns;

    if (names.n < sizeof last ||
        !str_eq(str_skip(names, names.n - sizeof last), str_n(last, sizeof last)))
        return;
    gaps->columns = str_head(names, names.n - sizeof last);
    gaps->columns_last = false; /* not those of the file's other products */
}

/* A category's id is its path where there is no other: who says either says both. */
static enum aisle_status find_gaps(const struct feed_import *im,
                                   const struct feed_row *row, const struct product *p,
                                   struct feed_gaps *out, struct aisle_err *err)
{
    unsigned has =
        row->has | (row->has & 1u << FEED_CATEGORY_ID ? 1u << FEED_CATEGORY : 0);

    *out = (struct feed_gaps){.lacks = ~has & ((1u << FEED_FIELDS) - 1),
                              .columns = im->names,
                              .columns_last = true,
                              .sense = im->options->sense,
                              .point = row->point,
                              .price_column = row->column[FEED_PRICE],
                              .unclear = row->unclear};
    if (str_empty(p->currency) && !row->names_currency)
        out->price = row->value[FEED_PRICE];
    if (row->keeps_variants)
        leave_out_variants(out);
    if (im->counts.form != FEED_JSON_LINES)
        return AISLE_OK;
    out->columns = buf_str(&row->columns);
    out->columns_last = false;
    return buf_check(&row->columns, "names of columns", err);
}

static enum aisle_status make_item(struct feed_import *im, struct feed_row *row,
                                   struct feed_item *item, struct aisle_err *err)
{
    struct product *p = &item->product;
    struct str image = main_image(row);
    enum aisle_status status;

    status = find_category(im, row, &item->category_path, err);
    if (status == AISLE_OK)
        status = find_price(im, row, p, err);
    if (status == AISLE_OK)
        status = close_images(row, err);
    if (status == AISLE_OK)
        status = add_attributes(im, row, err);
    if (status == AISLE_OK)
        status = close_attributes(im, row, &p->attributes, err);
    if (status != AISLE_OK)
        return status;

    item->line = row->line;
    item->category_path =
        fitting(im, row, FEED_CATEGORY, item->category_path, PRODUCT_MAX_FIELD);
    p->seller_id = row->value[FEED_SELLER];
    p->id = row->value[FEED_ID];
    p->title = row->value[FEED_TITLE];
    p->description = fitting(im, row, FEED_DESCRIPTION, row->value[FEED_DESCRIPTION],
                             PRODUCT_MAX_DESCRIPTION);
    p->brand = fitting(im, row, FEED_BRAND, row->value[FEED_BRAND], PRODUCT_MAX_FIELD);
    p->image_location = fitting(im, row, FEED_IMAGE, image, PRODUCT_MAX_FIELD);
    p->seller_category_id = fitting(im, row, FEED_CATEGORY_ID,
                                    row->value[FEED_CATEGORY_ID], PRODUCT_MAX_FIELD);
    if (str_empty(p->seller_category_id))
        p->seller_category_id = item->category_path;
    return find_gaps(im, row, p, &item->gaps, err);
}

void feed_tell_withheld(struct feed_import *im, const struct feed_row *row)
{
    struct str column = im->columns.names[row->withheld_by];
    struct str id = utf8_head(row->value[FEED_ID], 60);

    switch (row->withheld) {
    case FEED_ON_SALE:
        return;
    case FEED_ARCHIVED:
        feed_tell(im, row->line, column, FEED_LEFT_OUT,
                  "write active there to have it all the same", "%.*s is archived",
                  STR_ARG(id));
        return;
    case FEED_DRAFT:
        feed_tell(im, row->line, column, FEED_LEFT_OUT,
                  "write active there to have it all the same", "%.*s is a draft",
                  STR_ARG(id));
        return;
    case FEED_HIDDEN:
        feed_tell(im, row->line, column, FEED_LEFT_OUT,
                  "write true there to have it all the same", "%.*s is not published",
                  STR_ARG(id));
        return;
    case FEED_UNPUBLISHED:
        feed_tell(im, row->line, column, FEED_LEFT_OUT,
                  "write 1 there to have it all the same", "%.*s is not published",
                  STR_ARG(id));
        return;
    case FEED_GROUPED:
        feed_tell(im, row->line, column, FEED_LEFT_OUT,
                  "write simple there to have it all the same",
                  "%.*s is a group of other products, which come by themselves",
                  STR_ARG(id));
        return;
    case FEED_EXTERNAL:
        feed_tell(im, row->line, column, FEED_LEFT_OUT,
                  "write simple there to have it all the same",
                  "%.*s is sold by somebody else", STR_ARG(id));
        return;
    }
}

enum aisle_status feed_row_finish(struct feed_import *im, struct feed_row *row,
                                  struct aisle_err *err)
{
    struct feed_item item = {0};
    struct aisle_err why = {0};
    enum aisle_status status;
    bool new;

    if (!has_essentials(im, row) || !has_seller(im, row))
        return AISLE_OK;
    status = is_new(im, row, &new, err);
    if (status != AISLE_OK || !new)
        return status;
    if (row->withheld) {
        feed_tell_withheld(im, row);
        return AISLE_OK;
    }
    status = make_item(im, row, &item, err);
    if (status != AISLE_OK)
        return status;
    if (product_check(&item.product, &why) != AISLE_OK) {
        feed_tell(im, row->line, str_of(NULL), FEED_LEFT_OUT, "", "%s", why.text);
        return AISLE_OK;
    }
    im->counts.products++;
    return im->visitor->product(im->visitor->ctx, &item, err);
}
