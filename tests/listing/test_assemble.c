/* From a seller's product to a draft, and what could not be filled. */
#include "check.h"

#include "case.h"
#include "listing/assemble.h"
#include "listing/check.h"
#include "listing/seller_sku.h"

#include <stdlib.h>

static const char attributes[] =
    "{\"Bahan\":\"Cotton\",\"Motif\":\"polos; Garis halus\",\"Musim\":\"hujan\","
    "\"Length\":\"25.0\",\"Width\":\"20\",\"Height\":\"2\",\"Berat (gram)\":\"250\","
    "\"images\":[\"b.jpg\",\"c.jpg\"],\"variants\":["
    "{\"Option1 Name\":\"Color\",\"Option1 Value\":\"Merah\",\"Option2 Name\":\"Size\","
    "\"Option2 Value\":\"M\",\"Variant SKU\":\"KP-M\",\"Variant Price\":\"59000.00\","
    "\"Variant Barcode\":\"4006381333931\",\"Variant Inventory Qty\":\"25\","
    "\"Variant Image\":\"m.jpg\"},"
    "{\"Option1 Value\":\"Merah\",\"Option2 Value\":\"XXL\",\"Variant "
    "SKU\":\"KP-XXL\"}]}";

static const struct product shirt = {
    .seller_id = STR_INIT("acme"),
    .id = STR_INIT("KP-01"),
    .title = STR_INIT("Kaos Polos Pria Katun Combed 30s"),
    .description = STR_INIT("Adem dan lembut.\n\nTidak mudah melar.\n"),
    .brand = STR_INIT("katun kita"),
    .image_location = STR_INIT("a.jpg"),
    .attributes = {attributes, sizeof attributes - 1},
    .price_minor = 6100000,
    .currency = STR_INIT("IDR"),
};

struct made {
    struct arena arena;
    struct requirement need;
    struct listing_shop shop;
    struct listing_draft defaults;
    struct findings findings;
    struct assemble_request request;
    struct assembled out;
};

static struct str load(const char *name, struct arena *arena)
{
    json_t *value = case_load(name);
    char *text = json_dumps(value, JSON_COMPACT);
    struct str kept = arena_str(arena, str_of(text));

    free(text);
    json_decref(value);
    return kept;
}

static void prepare(struct made *m, const struct product *product, const char *defaults)
{
    struct aisle_err err = {0};

    *m = (struct made){.arena = ARENA_INIT(1 << 24)};
    m->findings.arena = &m->arena;
    assert_ok(requirement_parse(load("base/requirement.json", &m->arena), &m->arena,
                                &m->need, &err),
              &err);
    assert_ok(
        listing_shop_parse(load("base/shop.json", &m->arena), &m->arena, &m->shop, &err),
        &err);
    assert_ok(
        listing_read_body(str_of(defaults), &m->arena, &m->defaults, &m->findings, &err),
        &err);
    m->request = (struct assemble_request){
        .product = product,
        .category_id = STR_LIT("600001"),
        .category_version = STR_LIT("v2"),
        .requirement = &m->need,
        .shop = &m->shop,
        .limits = listing_limits_get(STR_LIT("ID"), LISTING_CURRENT),
        .shop_defaults = &m->defaults,
    };
    assert_ok(listing_fields(product, &m->arena, &m->request, &err), &err);
}

static void assemble(struct made *m)
{
    struct aisle_err err = {0};

    assert_ok(listing_assemble(&m->request, &m->arena, &m->out, &err), &err);
}

static void a_flag_is_read_in_the_words_of_its_market(void **state)
{
    static const struct {
        const char *word;
        enum listing_flag flag;
    } rows[] = {
        {"Iya", LISTING_YES},  {"Aktif", LISTING_YES}, {"YES", LISTING_YES},
        {"1", LISTING_YES},    {"Có", LISTING_YES},    {"ใช่", LISTING_YES},
        {"tidak", LISTING_NO}, {"No", LISTING_NO},     {"0", LISTING_NO},
        {"không", LISTING_NO}, {"ไม่", LISTING_NO},     {"nonaktif", LISTING_NO},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct product product = shirt;
        char columns[128];
        struct made m;

        snprintf(columns, sizeof columns, "{\"is_cod_allowed\":\"%s\"}", rows[i].word);
        product.attributes = str_of(columns);
        prepare(&m, &product, "{}");
        assemble(&m);
        assert_int_equal(m.out.draft.is_cod_allowed, rows[i].flag);
        arena_clear(&m.arena);
    }
}

static void a_column_may_bear_the_name_of_a_member(void **state)
{
    static const char columns[] =
        "{\"is_cod_allowed\":\"ya\",\"Minimum Order Quantity\":\"3\",\"not for sale\":"
        "\"no\",\"Listing Platforms\":\"TIKTOK_SHOP, "
        "TOKOPEDIA\",\"key_product_features\":"
        "\"Adem, halus; Awet|\",\"Delivery option IDs\":\"\",\"Pre-order days\":\"7\"}";
    struct product product = shirt;
    const struct listing_draft *d;
    struct made m;

    (void)state;
    product.attributes = str_of(columns);
    prepare(&m, &product,
            "{\"minimum_order_quantity\":9,\"delivery_option_ids\":[\"5\"],\"skus\":[{"
            "\"pre_sale\":{\"type\":\"NONE\"}}]}");
    assemble(&m);
    d = &m.out.draft;
    assert_int_equal(d->is_cod_allowed, LISTING_YES);
    assert_int_equal(d->is_not_for_sale, LISTING_NO);
    assert_int_equal(d->minimum_order_quantity.n, 3); /* before the shop's */
    assert_int_equal(d->listing_platforms.count, 2);
    assert_str(d->listing_platforms.rows[1], "TOKOPEDIA");
    assert_int_equal(d->key_product_features.count, 2);
    assert_str(d->key_product_features.rows[0], "Adem, halus");
    assert_str(d->delivery_option_ids.rows[0], "5"); /* an empty cell says nothing */
    assert_str(d->skus[0].pre_sale.type, "PRE_ORDER");
    assert_int_equal(d->skus[0].pre_sale.handling_duration_days.n, 7);
    arena_clear(&m.arena);
}

static void columns_in_indonesian_mean_what_ours_do(void **state)
{
    static const char columns[] =
        "{\"Minimum Pemesanan\":\"3\",\"Kondisi\":\"Bekas\",\"COD\":\"Tidak\",\"Waktu "
        "Preorder\":\"9\",\"Berat\":\"250\",\"Satuan Berat\":\"Gram\",\"Panjang Paket "
        "(cm)\":\"20\",\"Lebar Paket (cm)\":\"15\",\"Tinggi Paket "
        "(cm)\":\"3\",\"variants\":[{"
        "\"Nama Varian 1\":\"Warna\",\"Pilihan Varian 1\":\"Merah\",\"Nama Variasi 2\":"
        "\"Ukuran\",\"Nilai Variasi 2\":\"XL\",\"SKU Varian\":\"M-XL\",\"Harga Varian\":"
        "\"65.000\",\"Stok Varian\":\"4\",\"Kode Batang\":\"8992761002015\"}]}";
    struct product product = shirt;
    const struct listing_draft *d;
    const struct listing_sku *sku;
    struct made m;

    (void)state;
    product.attributes = str_of(columns);
    prepare(&m, &product, "{}");
    assemble(&m);
    d = &m.out.draft;
    sku = &d->skus[0];
    assert_int_equal(d->minimum_order_quantity.n, 3);
    assert_int_equal(d->is_pre_owned, LISTING_YES);
    assert_int_equal(d->is_cod_allowed, LISTING_NO);
    assert_str(d->weight.value.text, "0.25");
    assert_str(d->dimensions.length.text, "20");
    assert_str(d->dimensions.height.text, "3");
    assert_int_equal(sku->pre_sale.handling_duration_days.n, 9);
    assert_str(sku->seller_sku, "M-XL");
    assert_int_equal(sku->price.minor, 6500000); /* hundredths */
    assert_int_equal(sku->stock[0].quantity.n, 4);
    assert_str(sku->identifier_code, "8992761002015");
    assert_int_equal(sku->attribute_count, 2);
    assert_str(sku->attributes[0].value_name, "Merah");
    assert_str(sku->attributes[1].value_name, "XL");
    arena_clear(&m.arena);
}

#define VARIANT(size, colour, picture)                                                   \
    "{\"Option1 Name\":\"Size\",\"Option1 Value\":\"" size                               \
    "\",\"Option2 Name\":\"Color\",\"Option2 Value\":\"" colour "\"," picture "}"

static void
pictures_of_variants_are_those_of_the_first_attribute_they_follow(void **state)
{
    static const struct {
        const char *variants, *name, *want[3]; /* of the first attribute; "" no picture */
    } rows[] = {
        {VARIANT("S", "Red", "\"Image\":\"r.jpg\"") "," VARIANT(
             "M", "Red", "\"Image\":\"r.jpg\"") "," VARIANT("S", "Blue",
                                                            "\"Image\":\"b.jpg\""),
         "Color",
         {"r.jpg", "r.jpg", "b.jpg"}},
        {VARIANT("S", "Red", "\"Foto Varian\":\"r.jpg\"") "," VARIANT(
             "S", "Blue", "\"Foto Varian\":\"b.jpg\"") "," VARIANT("L", "Red", "\"x\":1"),
         "Color",
         {"r.jpg", "b.jpg", "r.jpg"}},
        {VARIANT("S", "Red", "\"image url\":\"s.jpg\"") "," VARIANT(
             "M", "Red", "\"image url\":\"m.jpg\"") "," VARIANT("L", "Red", "\"x\":1"),
         "Size",
         {"s.jpg", "m.jpg", ""}},
        {VARIANT("S", "Red", "\"Gambar\":\"1.jpg\"") "," VARIANT(
             "S", "Red", "\"Gambar\":\"2.jpg\"") "," VARIANT("L", "Red", "\"x\":1"),
         "Size",
         {"1.jpg", "1.jpg", ""}},
        {VARIANT("S", "Red", "\"x\":1") "," VARIANT("M", "Red", "\"x\":1") "," VARIANT(
             "L", "Red", "\"x\":1"),
         "Size",
         {"", "", ""}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct product product = shirt;
        char text[900];
        struct made m;

        snprintf(text, sizeof text, "{\"variants\":[%s]}", rows[i].variants);
        product.attributes = str_of(text);
        prepare(&m, &product, "{}");
        assemble(&m);
        assert_int_equal(m.out.draft.sku_count, 3);
        for (size_t k = 0; k < 3; k++) {
            const struct listing_sales_attribute *a = m.out.draft.skus[k].attributes;

            assert_int_equal(m.out.draft.skus[k].attribute_count, 2);
            assert_text(rows[i].variants, a[0].name, rows[i].name);
            assert_text(rows[i].variants,
                        a[0].image_said ? a[0].image.location : STR_LIT(""),
                        rows[i].want[k]);
            assert_false(a[1].image_said);
        }
        arena_clear(&m.arena);
    }
}

static void what_is_new_is_not_said(void **state)
{
    struct product product = shirt;
    struct made m;

    (void)state;
    product.attributes = STR_LIT("{\"Kondisi\":\"Baru\"}");
    prepare(&m, &product, "{}");
    assemble(&m);
    assert_int_equal(m.out.draft.is_pre_owned, LISTING_UNSAID);
    arena_clear(&m.arena);
}

static void a_column_says_what_a_bundle_is_made_of(void **state)
{
    struct product product = shirt;
    const struct listing_sku *sku;
    struct made m;

    (void)state;
    product.attributes =
        STR_LIT("{\"Combined SKUs\":\"1729000000000000001/1729000000000000011 x 2; "
                "17/18; nonsense"
                "\",\"primary_combined_product_id\":\"1729000000000000001\"}");
    prepare(&m, &product, "{}");
    assemble(&m);
    sku = &m.out.draft.skus[0];
    assert_str(m.out.draft.primary_combined_product_id, "1729000000000000001");
    assert_int_equal(sku->combined_count, 3);
    assert_str(sku->combined[0].product_id, "1729000000000000001");
    assert_str(sku->combined[0].sku_id, "1729000000000000011");
    assert_int_equal(sku->combined[0].sku_count.n, 2);
    assert_str(sku->combined[1].sku_id, "18");
    assert_int_equal(sku->combined[1].sku_count.n, 1);
    assert_str(sku->combined[2].product_id, "nonsense"); /* and no SKU: refused */
    assert_str(sku->combined[2].sku_id, "");
    arena_clear(&m.arena);

    product.attributes =
        STR_LIT("{\"variants\":[{\"SKU\":\"B\",\"bundle of\":\"1/2 x 3\"}]}");
    prepare(&m, &product, "{}");
    assemble(&m);
    assert_int_equal(m.out.draft.skus[0].combined[0].sku_count.n, 3);
    arena_clear(&m.arena);
}

static void columns_variants_and_images_find_their_places(void **state)
{
    const struct listing_draft *d;
    struct made m;

    (void)state;
    prepare(&m, &shirt, "{}");
    assemble(&m);
    d = &m.out.draft;
    assert_str(d->title, "Kaos Polos Pria Katun Combed 30s");
    assert_str(d->description, "<p>Adem dan lembut.</p><p>Tidak mudah melar.</p>");
    assert_str(d->brand_id, "7001");
    assert_int_equal(d->main_images.count, 3);
    assert_str(d->main_images.rows[0].location, "a.jpg");
    assert_str(d->weight.value.text, "0.25");
    assert_str(d->weight.unit, "KILOGRAM");
    assert_str(d->dimensions.length.text, "25");
    assert_int_equal(d->sku_count, 2);
    assert_str(d->skus[0].seller_sku, "KP-M");
    assert_int_equal(d->skus[0].price.minor, 5900000);
    assert_int_equal(d->skus[1].price.minor, 6100000); /* the product's */
    assert_str(d->skus[0].identifier_type, "EAN");
    assert_str(d->skus[0].stock[0].warehouse_id, "7101"); /* the default one */
    assert_int_equal(d->skus[0].stock[0].quantity.n, 25);
    arena_clear(&m.arena);
}

/* A product, an option of its variants each, and what comes of it in a market. */
static struct product costing(const char *attributes_of, int64_t price, const char *code)
{
    struct product p = shirt;

    p.attributes = str_of(attributes_of);
    p.price_minor = price;
    p.currency = str_of(code);
    return p;
}

static void sell_in(struct made *m, const struct product *product, const char *market)
{
    prepare(m, product,
            "{\"package_weight\":{\"value\":\"9\",\"unit\":\"KILOGRAM\"},\"skus\":[{"
            "\"inventory\":[{\"warehouse_id\":\"7101\",\"quantity\":10}]}]}");
    m->request.limits = listing_limits_get(str_of(market), LISTING_CURRENT);
    assemble(m);
}

static const struct finding *found(struct made *m, const char *rule, size_t n)
{
    struct listing_question q = {.draft = &m->out.draft,
                                 .requirement = &m->need,
                                 .shop = &m->shop,
                                 .limits = m->request.limits};
    struct aisle_err err = {0};

    m->findings = (struct findings){.arena = &m->arena};
    assert_ok(listing_check(&q, &m->findings, &err), &err);
    for (size_t i = 0; i < m->findings.count; i++)
        if (strcmp(m->findings.rows[i].rule, rule) == 0 && n-- == 0)
            return &m->findings.rows[i];
    return NULL;
}

static void a_price_without_a_currency_is_worth_the_same_in_the_markets(void **state)
{
    static const struct {
        const char *market;
        int64_t hundredths, want;
    } rows[] = {
        {"ID", 15000000, 15000000}, {"VN", 15000000, 150000}, {"JP", 150000, 1500},
        {"US", 1250, 1250},         {"VN", 1250, -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct product p = costing("{}", rows[i].hundredths, "");
        const struct listing_money *price;
        struct made m;

        sell_in(&m, &p, rows[i].market);
        price = &m.out.draft.skus[0].price;
        assert_true(price->said);
        assert_int_equal(price->minor, rows[i].want);
        assert_str(price->currency, m.request.limits->currency);
        if (rows[i].want < 0)
            assert_str(found(&m, "price", 0)->found, "12.50");
        else
            assert_null(found(&m, "price", 0));
        arena_clear(&m.arena);
    }
}

static void a_variants_price_is_read_as_a_products_is(void **state)
{
    static const struct {
        const char *cell, *currency, *market;
        int64_t want; /* -1: an error, -2: the product's */
    } rows[] = {
        {"\"150.000\"", "IDR", "ID", 15000000},
        {"\"Rp 165.000\"", "IDR", "ID", 16500000},
        {"\"175,000\"", "IDR", "ID", 17500000},
        {"\"185.000,00\"", "IDR", "ID", 18500000},
        {"\"1,350,000.00\"", "IDR", "ID", 135000000},
        {"\"59000.00\"", "IDR", "ID", 5900000},
        {"150000", "IDR", "ID", 15000000},
        {"59.125", "IDR", "ID", -1}, /* a number has no thousands */
        {"\"150.000\"", "", "VN", 150000},
        {"150000", "", "VN", 150000},
        {"\"12.500\"", "USD", "US", -1},
        {"\"12.50 or so\"", "USD", "US", -1},
        {"\"$5\"", "IDR", "ID", -1},
        {"\"\"", "IDR", "ID", -2},
        {"null", "IDR", "ID", -2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct listing_money *price;
        char text[200];
        struct product p;
        struct made m;

        snprintf(text, sizeof text, "{\"variants\":[{\"SKU\":\"A\",\"Price\":%s}]}",
                 rows[i].cell);
        p = costing(text, 100, rows[i].currency);
        sell_in(&m, &p, rows[i].market);
        price = &m.out.draft.skus[0].price;
        assert_true(price->said);
        assert_int_equal(price->minor, rows[i].want == -2 ? 100 : rows[i].want);
        assert_int_equal(found(&m, "price", 0) != NULL, rows[i].want == -1);
        arena_clear(&m.arena);
    }
}

static void a_quantity_is_read_or_refused_and_never_the_defaults(void **state)
{
    static const struct {
        const char *cell;
        int64_t want; /* -1: an error */
    } rows[] = {{"7", 7},      {" 7 ", 7},     {"0", 0},      {"-3", 0},   {"", 10},
                {"1.000", -1}, {"10 pcs", -1}, {"1,250", -1}, {"many", -1}};
    static const struct {
        const char *before, *after;
    } places[] = {
        {"{\"Stok\":\"", "\"}"},
        {"{\"Stok Bandung\":\"", "\"}"},
        {"{\"variants\":[{\"SKU\":\"A\",\"Variant Inventory Qty\":\"", "\"}]}"},
        {"{\"variants\":[{\"SKU\":\"A\",\"Quantity 7101\":\"", "\"}]}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(places); i++) {
        const struct listing_stock *stock;
        const char *cell = rows[i / COUNT(places)].cell;
        int64_t want = rows[i / COUNT(places)].want;
        const struct finding *why;
        char text[200];
        struct product p;
        struct made m;

        snprintf(text, sizeof text, "%s%s%s", places[i % COUNT(places)].before, cell,
                 places[i % COUNT(places)].after);
        p = costing(text, 100, "IDR");
        sell_in(&m, &p, "ID");
        stock = m.out.draft.skus[0].stock;
        why = found(&m, "stock-format", 0);
        assert_int_equal(stock->quantity.said, want >= 0);
        assert_int_equal(stock->quantity.n, want < 0 ? 0 : want);
        assert_int_equal(why != NULL, want < 0);
        if (why)
            assert_str(why->found, cell);
        arena_clear(&m.arena);
    }
}

static void a_cell_that_says_nothing_a_member_could_be_is_refused(void **state)
{
    static const struct {
        const char *columns, *rule, *path, *found;
    } rows[] = {
        {"{\"is_cod_allowed\":\"mungkin\"}", "cell-flag", "is_cod_allowed", "mungkin"},
        {"{\"COD\":\"2\",\"is_cod_allowed\":\"?\"}", "cell-flag", "is_cod_allowed", "2"},
        {"{\"Minimum Order Quantity\":\"2 pcs\"}", "cell-number",
         "minimum_order_quantity", "2 pcs"},
        {"{\"Minimum Order Quantity\":\"2\",\"COD\":\"tidak\"}", NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct product product = costing(rows[i].columns, 100, "IDR");
        const char *rules[] = {"cell-flag", "cell-number"};
        const struct finding *why = NULL;
        struct made m;

        sell_in(&m, &product, "ID");
        for (size_t k = 0; k < COUNT(rules); k++) {
            why = found(&m, rules[k], 0);
            assert_int_equal(why != NULL,
                             rows[i].rule && !strcmp(rules[k], rows[i].rule));
            if (why) {
                assert_str(why->path, rows[i].path);
                assert_str(why->found, rows[i].found);
            }
        }
        assert_null(found(&m, "minimum-range", 0));
        arena_clear(&m.arena);
    }
}

static void what_is_no_tag_of_html_is_text(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"Ukuran <M atau L>\nAdem", "<p>Ukuran < M atau L></p><p>Adem</p>"},
        {"Muat <xl saja", "<p>Muat < xl saja</p>"},
        {"<p>Ukuran <M atau L></p>", "<p>Ukuran < M atau L></p>"},
        {"</M> a < b <3", "<p>< /M> a < b <3</p>"},
        {"<DIV class=\"a <M\">Adem</DIV><o:p></o:p>",
         "<DIV class=\"a <M\">Adem</DIV><o:p></o:p>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct product product = shirt;
        struct made m;

        product.description = str_of(rows[i].text);
        prepare(&m, &product, "{}");
        assemble(&m);
        assert_text(rows[i].text, m.out.draft.description, rows[i].want);
        arena_clear(&m.arena);
    }
}

static void a_variant_that_is_sold_out_is_named(void **state)
{
    static const struct {
        const char *columns, *found, *fix;
    } rows[] = {
        {"{\"Stok\":\"0\"}", "0", "take it off sale while there is none"},
        {"{\"variants\":[{\"SKU\":\"A\",\"Stok\":\"3\",\"Option1 "
         "Name\":\"Size\",\"Option1 "
         "Value\":\"S\"},{\"SKU\":\"B\",\"Stok\":\"0\",\"Option1 Value\":\"M\"}]}",
         "0 of B",
         "leave this variant out while there is none, or take the product off sale"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct product p = costing(rows[i].columns, 100, "IDR");
        const struct finding *f;
        struct made m;

        sell_in(&m, &p, "ID");
        f = found(&m, "stock-range", 0);
        assert_non_null(f);
        assert_str(f->found, rows[i].found);
        assert_str(f->fix, rows[i].fix);
        assert_null(found(&m, "stock-range", 1));
        arena_clear(&m.arena);
    }
}

static void a_barcode_is_sent_or_warned_of(void **state)
{
    static const struct {
        const char *cell, *code, *type, *what; /* what: NULL, or of the warning */
    } rows[] = {
        {"8992761002015", "8992761002015", "EAN", NULL},
        {"899 2761-002015", "8992761002015", "EAN", NULL},
        {"8992761002015.0", "8992761002015", "EAN", NULL},
        {"036000291452", "036000291452", "UPC", NULL},
        {"0-306-40615-2", "0306406152", "ISBN", NULL},
        {"043942089x", "043942089X", "ISBN", NULL},
        {"8992761002016", "", "", "check digit is wrong"},
        {"89927610020", "", "", "wrong number of digits"},
        {"8.99276E+12", "", "", "a spreadsheet shortened"},
        {"8,99E+12", "", "", "a spreadsheet shortened"},
        {"-", "", "", NULL},
        {"tidak ada", "", "", NULL},
        {"0", "", "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct finding *unread;
        const struct listing_sku *sku;
        struct product p;
        struct made m;
        char text[200];

        snprintf(text, sizeof text, "{\"Barcode\":\"%s\"}", rows[i].cell);
        p = costing(text, 100, "IDR");
        sell_in(&m, &p, "ID");
        unread = found(&m, "identifier-unread", 0);
        sku = &m.out.draft.skus[0];
        assert_int_equal(sku->identifier_said, *rows[i].code != '\0');
        assert_text(rows[i].cell, sku->identifier_code, rows[i].code);
        assert_text(rows[i].cell, sku->identifier_type, rows[i].type);
        assert_int_equal(unread != NULL, rows[i].what != NULL);
        if (unread) {
            assert_int_equal(unread->level, FINDING_WARNING);
            assert_str(unread->path, "skus[0].identifier_code");
            assert_true(str_find(unread->what, str_of(rows[i].what)) < unread->what.n);
        }
        arena_clear(&m.arena);
    }
}

static void a_weight_is_read_or_refused_and_never_the_defaults(void **state)
{
    static const struct {
        const char *column, *cell, *want; /* NULL: an error */
    } rows[] = {
        {"Berat", "0.5", "0.5"},
        {"Berat", "0,5", "0.5"},
        {"Berat", "12,25", "12.25"},
        {"Berat", "0,250", "0.25"},
        {"Berat", "2 kg", "2"},
        {"Berat", "500 g", "0.5"},
        {"Berat", "500gram", "0.5"},
        {"Berat (gram)", "1.5 Kg", "1.5"},
        {"Berat (gram)", "250", "0.25"},
        {"Berat (gram)", "200.0", "0.2"},
        {"Satuan Berat\":\"gr\",\"Berat", "250", "0.25"},
        {"Satuan Berat\":\"Gram\",\"Berat", "1.5 kg", "1.5"},
        {"Satuan Berat\":\"Gram\",\"Berat", "1.250", NULL},
        {"Satuan Berat\":\"ons\",\"Berat", "2", NULL},
        {"Berat", "0", "9"},
        {"Berat", "", "9"},
        {"Berat", "9", "9"},
        {"Berat", "10", NULL}, /* of what? */
        {"Berat Paket", "250", NULL},
        {"weight", "250.0", NULL},
        {"weight", "99.5", "99.5"},
        {"weight", "100.5", NULL},
        {"Berat (kg)", "250", "250"},
        {"Weight unit\":\"kg\",\"Weight", "25", "25"},
        {"Weight unit\":\"\",\"Weight", "25", NULL},
        {"Berat\":\"250\",\"Berat (kg)", "0.3", "0.3"},
        {"Berat", "1,250", NULL},
        {"Berat (gram)", "1.250", NULL},
        {"Berat", "2 lb", NULL},
        {"Berat", "2 cm", NULL},
        {"Berat", "ringan", NULL},
        {"Berat", "-1", NULL},
        {"Berat", "1.250,5", NULL},
        {"Berat", "1,2,3", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[200];
        struct product p;
        struct made m;

        snprintf(text, sizeof text, "{\"%s\":\"%s\"}", rows[i].column, rows[i].cell);
        p = costing(text, 100, "IDR");
        sell_in(&m, &p, "ID");
        assert_int_equal(found(&m, "weight-format", 0) != NULL, !rows[i].want);
        if (rows[i].want)
            assert_text(rows[i].cell, m.out.draft.weight.value.text, rows[i].want);
        arena_clear(&m.arena);
    }
}

static void sides_are_read_or_refused(void **state)
{
    static const struct {
        const char *cell, *want; /* NULL: an error; "": no sides at all */
    } rows[] = {{"20", "20"}, {"20 cm", "20"}, {"20,5", "20.5"}, {"20 inch", NULL},
                {"0", ""},    {"", ""},        {"1,250", NULL},  {"long", NULL}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[200];
        struct product p;
        struct made m;

        snprintf(text, sizeof text,
                 "{\"Panjang\":\"%s\",\"Lebar\":\"5\",\"Tinggi\":\"2\"}", rows[i].cell);
        p = costing(text, 100, "IDR");
        sell_in(&m, &p, "ID");
        assert_int_equal(found(&m, "side-format", 0) != NULL, !rows[i].want);
        assert_int_equal(m.out.draft.dimensions.said, !rows[i].want || rows[i].want[0]);
        if (rows[i].want)
            assert_text(rows[i].cell, m.out.draft.dimensions.length.text, rows[i].want);
        arena_clear(&m.arena);
    }
}

static void an_image_is_listed_once_however_often_it_is_named(void **state)
{
    struct product p =
        costing("{\"images\":[\"a.jpg\",\"b.jpg\",\"\",\"b.jpg\",{\"src\":\"c.jpg\"}]}",
                100, "IDR");
    struct made m;

    (void)state;
    sell_in(&m, &p, "ID");
    assert_int_equal(m.out.draft.main_images.count, 2);
    assert_str(m.out.draft.main_images.rows[0].location, "a.jpg");
    assert_str(m.out.draft.main_images.rows[1].location, "b.jpg");
    arena_clear(&m.arena);
}

static const char in_two[] =
    "{\"Stock status\":\"7\",\"Stok Bandung\":\"4\",\"variants\":["
    "{\"SKU\":\"A\",\"Stock Bandung\":\"3\",\"Quantity 7102\":\"9\",\"Quantity\":\"1\"},"
    "{\"SKU\":\"B\",\"Stock Bandung\":\"\",\"Stock "
    "Surabaya\":\"8\",\"Quantity\":\"2\"}]}";

static void stock_lies_where_a_column_names_one_of_the_shops_warehouses(void **state)
{
    static const char of_one[] = "{\"Stock status\":\"7\",\"Stok Bandung\":\"4\"}";
    const struct listing_draft *d;
    struct product shirts = shirt;
    struct made m;

    (void)state;
    shirts.attributes = str_of(in_two);
    prepare(&m, &shirts, "{}");
    assemble(&m);
    d = &m.out.draft;
    assert_int_equal(d->skus[0].stock_count, 2);
    assert_str(d->skus[0].stock[0].warehouse_id, "7101");
    assert_int_equal(d->skus[0].stock[0].quantity.n, 3);
    assert_str(d->skus[0].stock[1].warehouse_id, "7102");
    assert_int_equal(d->skus[0].stock[1].quantity.n, 9);
    assert_int_equal(d->skus[1].stock_count, 1); /* none that is known: the default one */
    assert_int_equal(d->skus[1].stock[0].quantity.n, 2);
    arena_clear(&m.arena);
    shirts.attributes = str_of(of_one);
    prepare(&m, &shirts, "{}");
    assemble(&m);
    assert_int_equal(m.out.draft.skus[0].stock_count, 1);
    assert_int_equal(m.out.draft.skus[0].stock[0].quantity.n, 4);
    arena_clear(&m.arena);
}

static const struct {
    const char *product, *values[2], *want;
} nameless[] = {
    {"KP-01", {"Merah Tua", "XL"}, "KP-01-Merah-Tua-XL"},
    {"KP-01", {"S"}, "KP-01-S"},
    {"KP-01", {" S "}, "KP-01-S"},
    {"KP 01", {"S"}, "KP-01-S"},
    {"KP-01", {"1/2"}, "KP-01-1-2-5ff07480"},
    {"KP-01", {"1+2"}, "KP-01-1-2-7d077166"},
    {"KP-01", {"\xe9\xbb\x91"}, "KP-01--b1cc72be"},
    {"a-product-with-an-id-that-is-all-of-its-own-length",
     {"S"},
     "a-product-with-an-id-that-is-all-of-its-o-a2e45ab9"},
    {"a-product-with-an-id-that-is-all-of-its-own-length",
     {"M"},
     "a-product-with-an-id-that-is-all-of-its-o-93ea5e37"},
};

static void a_variant_without_a_sku_has_one_that_stays(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);

    (void)state;
    for (size_t i = 0; i < sizeof nameless / sizeof *nameless; i++) {
        struct listing_field options[2] = {0};
        size_t n = 0;

        for (; n < 2 && nameless[i].values[n]; n++)
            options[n].value = str_of(nameless[i].values[n]);
        assert_str(seller_sku_make(str_of(nameless[i].product), options, n, 50, &arena),
                   nameless[i].want);
    }
    arena_clear(&arena);
}

static void variants_without_a_sku_are_told_apart(void **state)
{
    static const char two[] =
        "{\"variants\":[{\"Option1 Name\":\"Size\",\"Option1 Value\":\"S\"},"
        "{\"Option1 Value\":\"M\",\"Variant SKU\":\"\"}]}";
    struct product shirts = shirt;
    struct made m;

    (void)state;
    shirts.attributes = str_of(two);
    prepare(&m, &shirts, "{}");
    assemble(&m);
    assert_int_equal(m.out.draft.sku_count, 2);
    assert_str(m.out.draft.skus[0].seller_sku, "KP-01-S");
    assert_str(m.out.draft.skus[1].seller_sku, "KP-01-M");
    arena_clear(&m.arena);
}

/* So that it is no other when a second comes beside it. */
static void an_only_variant_with_an_option_has_the_sku_it_keeps(void **state)
{
    static const char one[] =
        "{\"variants\":[{\"Option1 Name\":\"Size\",\"Option1 Value\":\"S\"}]}";
    struct product shirts = shirt;
    struct made m;

    (void)state;
    shirts.attributes = str_of(one);
    prepare(&m, &shirts, "{}");
    assemble(&m);
    assert_int_equal(m.out.draft.sku_count, 1);
    assert_str(m.out.draft.skus[0].seller_sku, "KP-01-S");
    arena_clear(&m.arena);
}

static void options_become_sales_attributes_by_a_word_for_the_same(void **state)
{
    const struct listing_sku *sku;
    struct made m;

    (void)state;
    prepare(&m, &shirt, "{}");
    assemble(&m);
    sku = &m.out.draft.skus[0];
    assert_int_equal(sku->attribute_count, 2);
    assert_str(sku->attributes[0].id, "20");
    assert_str(sku->attributes[0].value_name, "Merah");
    assert_str(sku->attributes[0].image.location, "m.jpg");
    assert_str(sku->attributes[1].id, "21");
    assert_str(sku->attributes[1].value_id, "212");
    assert_str(m.out.draft.skus[1].attributes[1].value_id, "");
    assert_str(m.out.draft.skus[1].attributes[1].value_name, "XXL");
    arena_clear(&m.arena);
}

static void attributes_are_mapped_by_name_word_and_value(void **state)
{
    const struct listing_draft *d;
    struct made m;

    (void)state;
    prepare(&m, &shirt, "{}");
    assemble(&m);
    d = &m.out.draft;
    assert_int_equal(d->attribute_count, 2);
    assert_str(d->attributes[0].id, "10");
    assert_str(d->attributes[0].values[0].id, "101"); /* Cotton is Katun */
    assert_str(d->attributes[1].id, "11");            /* Motif is Pola */
    assert_int_equal(d->attributes[1].value_count, 2);
    assert_str(d->attributes[1].values[0].id, "111");
    assert_str(d->attributes[1].values[1].name, "Garis halus");
    arena_clear(&m.arena);
}

static void what_stays_open_is_listed_with_the_reason(void **state)
{
    struct made m;

    (void)state;
    prepare(&m, &shirt, "{}");
    assemble(&m);
    assert_int_equal(m.out.unfilled_count, 2);
    assert_str(m.out.unfilled[0].name, "Gramasi");
    assert_int_equal(m.out.unfilled[0].why, UNFILLED_NO_FIELD);
    assert_str(m.out.unfilled[1].name, "Musim");
    assert_int_equal(m.out.unfilled[1].why, UNFILLED_NO_VALUE);
    assert_str(m.out.unfilled[1].seller_value, "hujan");
    arena_clear(&m.arena);
}

static void what_a_person_taught_comes_first(void **state)
{
    static const struct attribute_lesson lessons[] = {
        {.seller_name = STR_INIT("musim"),
         .seller_value = STR_INIT("hujan"),
         .attribute_id = STR_INIT("14"),
         .value_id = STR_INIT("141")},
        {.seller_name = STR_INIT("motif"), .attribute_id = STR_INIT("12")},
    };
    struct made m;

    (void)state;
    prepare(&m, &shirt, "{}");
    m.request.lessons = lessons;
    m.request.lesson_count = 2;
    assemble(&m);
    assert_int_equal(m.out.unfilled_count, 0);
    assert_str(m.out.draft.attributes[3].id, "14");
    assert_str(m.out.draft.attributes[3].values[0].id, "141");
    arena_clear(&m.arena);
}

static struct str value_of(const struct listing_draft *d, const char *attribute)
{
    for (size_t i = 0; i < d->attribute_count; i++)
        if (str_is(d->attributes[i].id, attribute))
            return d->attributes[i].values[0].id.n ? d->attributes[i].values[0].id
                                                   : d->attributes[i].values[0].name;
    return STR_LIT("");
}

/* "attribute, column, value, leaf -> id or text", and what that makes of the shirt. */
static void a_lesson_goes_as_far_as_it_says_and_no_further(void **state)
{
    static const struct {
        struct attribute_lesson lessons[2];
        const char *attribute, *value;
    } rows[] = {
        /* a column's only value by a text of one's own */
        {{{.attribute_id = STR_INIT("12"),
           .seller_name = STR_INIT("berat gram"),
           .seller_value = STR_INIT("250"),
           .value_name = STR_INIT("160")}},
         "12",
         "160"},
        /* another value of that column goes as it is */
        {{{.attribute_id = STR_INIT("12"),
           .seller_name = STR_INIT("berat gram"),
           .seller_value = STR_INIT("999"),
           .value_name = STR_INIT("160")}},
         "12",
         "250"},
        /* without a column: where the product says nothing */
        {{{.attribute_id = STR_INIT("12"), .value_name = STR_INIT("140")}}, "12", "140"},
        {{{.attribute_id = STR_INIT("10"), .value_id = STR_INIT("102")}}, "10", "101"},
        /* another leaf's says nothing here */
        {{{.category_id = STR_INIT("600002"),
           .attribute_id = STR_INIT("12"),
           .value_name = STR_INIT("140")}},
         "12",
         ""},
        /* this leaf's before every leaf's */
        {{{.attribute_id = STR_INIT("12"), .value_name = STR_INIT("140")},
          {.category_id = STR_INIT("600001"),
           .attribute_id = STR_INIT("12"),
           .value_name = STR_INIT("150")}},
         "12",
         "150"},
        /* any value's is the attribute's own constant */
        {{{.attribute_id = STR_INIT("14"),
           .seller_name = STR_INIT("musim"),
           .value_id = STR_INIT("141")}},
         "14",
         "141"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct made m;

        prepare(&m, &shirt, "{}");
        m.request.lessons = rows[i].lessons;
        m.request.lesson_count = 1 + (rows[i].lessons[1].attribute_id.n > 0);
        assemble(&m);
        assert_str(value_of(&m.out.draft, rows[i].attribute), rows[i].value);
        arena_clear(&m.arena);
    }
}

static void an_option_is_what_it_was_taught_to_be(void **state)
{
    static const struct attribute_lesson lessons[] = {
        {.attribute_id = STR_INIT("21"),
         .seller_name = STR_INIT("size"),
         .seller_value = STR_INIT("xxl"),
         .value_id = STR_INIT("213")},
    };
    struct made m;

    (void)state;
    prepare(&m, &shirt, "{}");
    m.request.lessons = lessons;
    m.request.lesson_count = 1;
    assemble(&m);
    assert_str(m.out.draft.skus[0].attributes[1].value_id, "212");
    assert_str(m.out.draft.skus[1].attributes[1].value_id, "213");
    arena_clear(&m.arena);
}

static void defaults_fill_only_what_is_not_there(void **state)
{
    static const char defaults[] =
        "{\"title\":\"no\",\"package_weight\":{\"value\":\"9\",\"unit\":\"KILOGRAM\"},"
        "\"is_cod_allowed\":true,\"delivery_option_ids\":[\"8001\"],"
        "\"product_attributes\":[{\"id\":\"14\",\"values\":[{\"id\":\"141\"}]}],"
        "\"skus\":[{\"inventory\":[{\"warehouse_id\":\"7104\",\"quantity\":3}]}],"
        "\"scheduled_sale\":{\"is_enabled_scheduled_sale\":false}}";
    const struct listing_draft *d;
    struct made m;

    (void)state;
    prepare(&m, &shirt, defaults);
    assemble(&m);
    d = &m.out.draft;
    assert_str(d->title, "Kaos Polos Pria Katun Combed 30s");
    assert_str(d->weight.value.text, "0.25");
    assert_int_equal(d->is_cod_allowed, LISTING_YES);
    assert_str(d->delivery_option_ids.rows[0], "8001");
    assert_str(d->skus[0].stock[0].warehouse_id, "7104");
    assert_int_equal(d->skus[0].stock[0].quantity.n, 25); /* its own */
    assert_int_equal(d->skus[1].stock[0].quantity.n, 3);
    assert_true(d->scheduled_said);
    assert_int_equal(d->scheduled_enabled, LISTING_NO);
    assert_str(d->attributes[2].id, "14");
    arena_clear(&m.arena);
}

static void a_product_with_nothing_more_is_one_sku(void **state)
{
    static const struct product plain = {.id = STR_INIT("P1"),
                                         .title = STR_INIT("Kaos"),
                                         .description = STR_INIT("<p>Kaos</p>"),
                                         .price_minor = -1};
    struct made m;

    (void)state;
    prepare(&m, &plain, "{}");
    assemble(&m);
    assert_str(m.out.draft.description, "<p>Kaos</p>");
    assert_int_equal(m.out.draft.sku_count, 1);
    assert_str(m.out.draft.skus[0].seller_sku, "P1");
    assert_false(m.out.draft.skus[0].price_said);
    assert_null(m.out.draft.main_images.rows);
    assert_null(m.out.draft.attributes);
    assert_int_equal(m.out.unfilled_count, 4);
    arena_clear(&m.arena);
}

static struct made *prepared;

static enum aisle_status assemble_again(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct assemble_request request = prepared->request;
    struct assembled out;
    enum aisle_status status = listing_fields(&shirt, &arena, &request, err);

    (void)ctx;
    if (status == AISLE_OK)
        status = listing_assemble(&request, &arena, &out, err);
    arena_clear(&arena);
    return status;
}

static void no_memory_is_said_and_nothing_leaks(void **state)
{
    struct made m;

    (void)state;
    json_set_alloc_funcs(mem_alloc, mem_free);
    prepare(&m, &shirt, "{}");
    prepared = &m;
    assert_true(each_allocation_failing(assemble_again, NULL) > 10);
    arena_clear(&m.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_may_bear_the_name_of_a_member),
        cmocka_unit_test(columns_in_indonesian_mean_what_ours_do),
        cmocka_unit_test(
            pictures_of_variants_are_those_of_the_first_attribute_they_follow),
        cmocka_unit_test(what_is_new_is_not_said),
        cmocka_unit_test(a_flag_is_read_in_the_words_of_its_market),
        cmocka_unit_test(a_cell_that_says_nothing_a_member_could_be_is_refused),
        cmocka_unit_test(a_column_says_what_a_bundle_is_made_of),
        cmocka_unit_test(columns_variants_and_images_find_their_places),
        cmocka_unit_test(a_price_without_a_currency_is_worth_the_same_in_the_markets),
        cmocka_unit_test(a_variants_price_is_read_as_a_products_is),
        cmocka_unit_test(a_quantity_is_read_or_refused_and_never_the_defaults),
        cmocka_unit_test(what_is_no_tag_of_html_is_text),
        cmocka_unit_test(a_variant_that_is_sold_out_is_named),
        cmocka_unit_test(a_barcode_is_sent_or_warned_of),
        cmocka_unit_test(a_weight_is_read_or_refused_and_never_the_defaults),
        cmocka_unit_test(sides_are_read_or_refused),
        cmocka_unit_test(an_image_is_listed_once_however_often_it_is_named),
        cmocka_unit_test(stock_lies_where_a_column_names_one_of_the_shops_warehouses),
        cmocka_unit_test(a_variant_without_a_sku_has_one_that_stays),
        cmocka_unit_test(variants_without_a_sku_are_told_apart),
        cmocka_unit_test(an_only_variant_with_an_option_has_the_sku_it_keeps),
        cmocka_unit_test(options_become_sales_attributes_by_a_word_for_the_same),
        cmocka_unit_test(attributes_are_mapped_by_name_word_and_value),
        cmocka_unit_test(what_stays_open_is_listed_with_the_reason),
        cmocka_unit_test(what_a_person_taught_comes_first),
        cmocka_unit_test(a_lesson_goes_as_far_as_it_says_and_no_further),
        cmocka_unit_test(an_option_is_what_it_was_taught_to_be),
        cmocka_unit_test(defaults_fill_only_what_is_not_there),
        cmocka_unit_test(a_product_with_nothing_more_is_one_sku),
        cmocka_unit_test(no_memory_is_said_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
