/* Real sellers' files: as many products as their manifest counts, whatever the encoding.
 */
#include "data.h"

#include "base/text.h"
#include "feeds/csv.h"
#include "feeds/products.h"

#define EXPORTS "seller_exports"

/* Where the manifest's count is not that of products, and why. */
static const struct {
    const char *file;
    size_t products;
} counted_otherwise[] = {
    /* a blank line and a TAB before the mark hid the header from whoever counted */
    {"dorechi_ru_tab_bom.csv", 9},
    /* rows, seven of them variations */
    {"official_sample_products.csv", 18},
    {"official_sample_products_override.csv", 18},
};

struct tally {
    size_t products;
    size_t withheld; /* not on sale where they come from, which the manifest counts too */
    uint64_t sum;    /* of what each says, whatever its order in the file */
    struct buf problems;
};

/* Letters beyond Latin-1 count as "?": the files in other encodings have that instead. */
static void mix(uint64_t *hash, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);

        *hash = (*hash ^ (c < 0x100 ? c : '?')) * 0x9E3779B97F4A7C15u;
    }
    *hash += s.n == 0;
}

static enum aisle_status add_product(void *ctx, const struct feed_item *item,
                                     struct aisle_err *err)
{
    struct tally *t = ctx;
    const struct product *p = &item->product;
    uint64_t hash = 1;

    (void)err;
    mix(&hash, p->id);
    mix(&hash, p->title);
    mix(&hash, p->description);
    mix(&hash, p->brand);
    mix(&hash, item->category_path);
    mix(&hash, p->image_location);
    mix(&hash, p->attributes);
    t->sum += hash + (uint64_t)p->price_minor;
    t->products++;
    return AISLE_OK;
}

static void add_problem(void *ctx, const struct feed_problem *p)
{
    struct tally *t = ctx;

    t->withheld += str_ends(p->remedy, "to have it all the same");
    buf_addf(&t->problems, "  line %zu: %.*s\n", p->line, STR_ARG(p->what));
}

static struct tally read_export(const char *folder, const char *file, const char *map,
                                struct feed_counts *counts)
{
    struct tally t = {.problems = BUF_INIT(BUF_MAX_REPLY)};
    struct buf bytes = data_read(folder, file);
    struct str text = buf_str(&bytes);
    struct feed_options options = {.map = str_of(map)};
    struct feed_visitor visitor = {&t, add_product, add_problem};
    struct aisle_err err = {0};

    if (feed_products(feed_source_text(&text), &options, &visitor, counts, &err))
        fail_msg("%s: %s", file, err.text);
    buf_clear(&bytes);
    return t;
}

/* ---- Shopify and WooCommerce, by the manifest ---- */

static size_t wanted(struct str file, struct str count)
{
    int64_t n = -1;

    for (size_t i = 0; i < COUNT(counted_otherwise); i++)
        if (str_is(file, counted_otherwise[i].file))
            return counted_otherwise[i].products;
    assert_true(parse_i64(count, 0, 1000000, &n));
    return (size_t)n;
}

static size_t column_of(const struct csv_row *header, const char *name)
{
    size_t i = 0;

    while (i < header->count && !str_is(header->cells[i], name))
        i++;
    assert_true(i < header->count);
    return i;
}

/* One line of the manifest; whether its file is there. */
static bool check_export(struct str kind, struct str name, struct str count)
{
    char folder[256], file[256];
    struct feed_counts counts;
    struct tally t;

    snprintf(folder, sizeof folder, EXPORTS "/%.*s", STR_ARG(kind));
    snprintf(file, sizeof file, "%.*s", STR_ARG(name));
    if (!data_is_there(folder, file))
        return false;
    t = read_export(folder, file, "", &counts);
    if (t.products + t.withheld != wanted(name, count))
        fail_msg("%s: %zu products, the manifest says %.*s\n%s", file, t.products,
                 STR_ARG(count), t.problems.p ? t.problems.p : "");
    assert_int_equal(counts.form,
                     str_is(kind, "shopify") ? FEED_SHOPIFY : FEED_WOOCOMMERCE);
    buf_clear(&t.problems);
    return true;
}

static void every_export_has_the_products_its_manifest_counts(void **state)
{
    struct buf bytes = data_read(EXPORTS, "MANIFEST.csv");
    struct str text = buf_str(&bytes);
    size_t kind, file, products, checked = 0;
    struct csv csv;
    struct csv_row row;

    (void)state;
    assert_int_equal(csv_open(&csv, feed_source_text(&text), '\0', NULL), AISLE_OK);
    assert_int_equal(csv_next(&csv, &row, NULL), AISLE_OK);
    kind = column_of(&row, "kind");
    file = column_of(&row, "file");
    products = column_of(&row, "products");
    while (csv_next(&csv, &row, NULL) == AISLE_OK && row.count > 0)
        if (str_is(row.cells[kind], "shopify") || str_is(row.cells[kind], "woocommerce"))
            checked +=
                check_export(row.cells[kind], row.cells[file], row.cells[products]);
    assert_true(checked > 0);
    csv_close(&csv);
    buf_clear(&bytes);
}

/* ---- the same in another encoding ---- */

static const struct {
    const char *original, *derived;
} encodings[] = {
    {"babyheaven_es.csv", "babyheaven_es.cp1252_semicolon_crlf.csv"},
    {"trendnow_pt-BR.csv", "trendnow_pt-BR.latin1_comma.csv"},
};

static void another_encoding_gives_the_same_products(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(encodings); i++) {
        struct feed_counts counts;
        struct tally a, b;

        if (!data_is_there(EXPORTS "/derived", encodings[i].derived))
            continue;
        a = read_export(EXPORTS "/shopify", encodings[i].original, "", &counts);
        b = read_export(EXPORTS "/derived", encodings[i].derived, "", &counts);
        assert_int_equal(a.products, b.products);
        assert_true(a.sum == b.sum);
        buf_clear(&a.problems);
        buf_clear(&b.problems);
    }
}

/* ---- others: by their names, or a map ---- */

static const struct {
    const char *folder, *file, *map;
    size_t products;
} others[] = {
    {"gmc", "bilali_awin.csv", "", 48},
    {"magento", "sample_gear_bags.csv", "", 14},
    {"magento", "sample_gear_watches.csv", "", 9},
    {"magento", "sample_configurable_products.csv", "", 1994},
    {"magento", "sample_categories.csv", "id=url_key,category=path", 6},
    {"magento", "export_catalog_product_ced.csv", "", 1},
    {"prestashop", "products_import.csv", "", 2},
    {"prestashop", "categories_import.csv", "", 3},
    {"prestashop", "combinations_import.csv", "id=Options (Group:Value)*,title=Reference",
     2},
    /* 29,050 rows, 16 of them without a name */
    {"akeneo", "icecat_attributes_map.csv", "id=feature_id,title=feature_name", 29034},
};

static void other_tables_come_in_by_name_or_map(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        char folder[256];
        struct feed_counts counts;
        struct tally t;

        snprintf(folder, sizeof folder, EXPORTS "/%s", others[i].folder);
        if (!data_is_there(folder, others[i].file))
            continue;
        t = read_export(folder, others[i].file, others[i].map, &counts);
        if (t.products != others[i].products)
            fail_msg("%s: %zu products, not %zu\n%s", others[i].file, t.products,
                     others[i].products, t.problems.p ? t.problems.p : "");
        buf_clear(&t.problems);
    }
}

static enum aisle_status no_product(void *ctx, const struct feed_item *item,
                                    struct aisle_err *err)
{
    (void)ctx;
    (void)item;
    return aisle_fail(err, AISLE_STOPPED, "a product out of XML");
}

static void xml_feeds_are_refused_in_one_sentence(void **state)
{
    static const char *const files[] = {"airfeel_en.xml", "polza_ru.yml",
                                        "opispot_es_rss_bom_cdata.xml", "mevlana_tr.xml"};

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct buf bytes = data_read(EXPORTS "/gmc", files[i]);
        struct str text = buf_str(&bytes);
        struct feed_options options = {0};
        struct feed_visitor visitor = {NULL, no_product, NULL};
        struct feed_counts counts;
        struct aisle_err err = {0};

        assert_int_equal(
            feed_products(feed_source_text(&text), &options, &visitor, &counts, &err),
            AISLE_INVALID);
        assert_non_null(strstr(err.text, "this is XML"));
        buf_clear(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_export_has_the_products_its_manifest_counts),
        cmocka_unit_test(another_encoding_gives_the_same_products),
        cmocka_unit_test(other_tables_come_in_by_name_or_map),
        cmocka_unit_test(xml_feeds_are_refused_in_one_sentence),
    };

    if (!data_or_skip(EXPORTS))
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
