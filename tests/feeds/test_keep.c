/* What stands of a product and a later file has no column for. */
#include "check.h"

#include "base/json.h"
#include "feeds/products.h"

/* ---- two files, one after the other ---- */

struct told {
    struct arena arena;
    struct product product;
    struct feed_gaps gaps;
};

static struct str copied(struct told *told, struct str s)
{
    struct str copy = arena_str(&told->arena, s);

    assert_non_null(copy.p);
    return copy;
}

static enum aisle_status take(void *ctx, const struct feed_item *item,
                              struct aisle_err *err)
{
    struct told *told = ctx;
    struct product *p = &told->product;
    struct str *texts[] = {&p->id,
                           &p->title,
                           &p->description,
                           &p->brand,
                           &p->currency,
                           &p->seller_category_id,
                           &p->image_location,
                           &p->attributes};

    (void)err;
    *p = item->product;
    told->gaps = item->gaps;
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = copied(told, *texts[i]);
    told->gaps.columns = copied(told, told->gaps.columns);
    told->gaps.price = copied(told, told->gaps.price);
    return AISLE_OK;
}

static unsigned stock_alone(struct str key)
{
    return str_is(key, "stok") || str_is(key, "quantity");
}

static void read_file(const char *file, struct told *told)
{
    struct str text = str_of(file);
    struct feed_options options = {.seller_id = STR_LIT("acme"), .sense = stock_alone};
    struct feed_visitor visitor = {.ctx = told, .product = take};
    struct feed_counts counts = {0};
    struct aisle_err err = {0};

    *told = (struct told){.arena = ARENA_INIT(1 << 24)};
    assert_ok(feed_products(feed_source_text(&text), &options, &visitor, &counts, &err),
              &err);
    assert_true(counts.products > 0); /* the last one counts */
}

/* "title|description|brand|category|image|price currency|attributes" */
static void add_product(const struct product *p, struct buf *out)
{
    buf_addf(out, "%.*s|%.*s|%.*s|%.*s|%.*s|%lld %.*s|%.*s", STR_ARG(p->title),
             STR_ARG(p->description), STR_ARG(p->brand), STR_ARG(p->seller_category_id),
             STR_ARG(p->image_location), (long long)p->price_minor, STR_ARG(p->currency),
             STR_ARG(p->attributes));
}

static void add_kept(unsigned kept, struct buf *out)
{
    for (size_t f = 0; f < FEED_FIELDS; f++)
        if (kept & 1u << f)
            buf_addf(out, " %s", feed_field_name((enum feed_field)f));
    if (kept & FEED_NO_ROOM)
        buf_addz(out, " (no room)");
    if (kept & FEED_VARIANTS_LOST)
        buf_addz(out, " (variants lost)");
}

/* ---- cases ---- */

#define WHOLE                                                                            \
    "id,title,description,brand,category,image,price,currency,Kain,Warna\n"              \
    "1,Kaos,Adem,Ronara,Fashion > Kaos,a.png,59000,IDR,katun,hitam\n"
#define WOO_WHOLE                                                                        \
    "ID,Type,SKU,Name,Parent,Categories,Images,Brands\n"                                 \
    "9,variable,K,Kaos,,Fashion > Kaos,a.png,Ronara\n"                                   \
    "10,variation,1,Kaos - L,K,,,\n"
#define WOO_OPTIONS                                                                      \
    "ID,Type,SKU,Name,Parent,Regular price,Stock,Attribute 1 name,Attribute 1 "          \
    "value(s)\n"                                                                         \
    "10,variation,K-M,Kaos - M,K,5.00,1,Size,M\n11,variation,,Kaos - L,id:9,6.00,2,"     \
    "Size,L\n9,variable,K,Kaos,,,,,\n"
#define WOO_VARIANTS                                                                     \
    "\"variants\":[{\"Option1 Name\":\"Size\",\"Option1 Value\":\"M\",\"Variant "        \
    "ID\":\"10\",\"Variant SKU\":\"K-M\",\"Variant Price\":\"5.00\",\"Variant "          \
    "Inventory Qty\":\"1\"},{\"Option1 Name\":\"Size\",\"Option1 Value\":\"L\","         \
    "\"Variant ID\":\"11\",\"Variant Price\":\"6.00\",\"Variant Inventory "              \
    "Qty\":\"2\"}]"
#define SHOPIFY_WHOLE                                                                    \
    "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"                \
    "kaos,Kaos,Size,M,K-1,5.00\nkaos,,,L,K-2,6.00\n"
#define FIRST_VARIANT                                                                    \
    "{\"Option1 Name\":\"Size\",\"Option1 Value\":\"M\",\"Variant SKU\":\"K-1\","        \
    "\"Variant Price\":\"5.00\"}"
#define SECOND_VARIANT                                                                   \
    "{\"Option1 Value\":\"L\",\"Variant SKU\":\"K-2\",\"Variant Price\":\"6.00\"}"
#define STANDS "Kaos|Adem|Ronara|Fashion > Kaos|a.png|"
#define FURTHER "|{\"Kain\":\"katun\",\"Warna\":\"hitam\"}"

static const struct {
    const char *says, *stands, *comes, *want, *kept;
} cases[] = {
    {"a list of prices changes the price", WHOLE,
     "id,title,price,currency\n1,Kaos,61000,IDR\n", STANDS "6100000 IDR" FURTHER,
     " description brand category image attributes"},
    {"the same file again keeps nothing", WHOLE, WHOLE, STANDS "5900000 IDR" FURTHER, ""},
    {"an empty cell empties", WHOLE,
     "id,title,description,brand,category,image,price,currency,Kain,Warna\n"
     "1,Kaos,,,,,,,,\n",
     "Kaos|||||-1 |", ""},
    {"an empty further cell empties it alone", WHOLE, "id,title,Kain\n1,Kaos,\n",
     STANDS "5900000 IDR|{\"Warna\":\"hitam\"}",
     " description brand category image price attributes"},
    {"further columns that come stand first", WHOLE,
     "id,title,Ukuran,Kain\n1,Kaos,L,linen\n",
     STANDS "5900000 IDR|{\"Ukuran\":\"L\",\"Kain\":\"linen\",\"Warna\":\"hitam\"}",
     " description brand category image price attributes"},
    {"a column is known in whatever case", "id,title,Stok,Kain\n1,Kaos,5,katun\n",
     "id,title,STOK\n1,Kaos,0\n", "Kaos|||||-1 |{\"STOK\":\"0\",\"Kain\":\"katun\"}",
     " attributes"},
    {"a column empties one of the same name in other letters",
     "id,title,Stok,Kain\n1,Kaos,5,katun\n", "id,title,stok*\n1,Kaos,\n",
     "Kaos|||||-1 |{\"Kain\":\"katun\"}", " attributes"},
    {"stock is told in one word at a time", "id,title,Stok,Kain\n1,Kaos,5,katun\n",
     "id,title,Quantity\n1,Kaos,0\n",
     "Kaos|||||-1 |{\"Quantity\":\"0\",\"Kain\":\"katun\"}", " attributes"},
    {"also in JSON", "id,title,Stok,Kain\n1,Kaos,5,katun\n",
     "{\"id\":\"1\",\"title\":\"Kaos\",\"Quantity\":0}\n",
     "Kaos|||||-1 |{\"Quantity\":0,\"Kain\":\"katun\"}", " attributes"},
    {"columns of signs are no other's", "id,title,(+),(-)\n1,Kaos,a,b\n",
     "id,title,(+)\n1,Kaos,c\n", "Kaos|||||-1 |{\"(+)\":\"c\",\"(-)\":\"b\"}",
     " attributes"},
    {"a column of all further ones is all of them", WHOLE,
     "id,title,attributes\n1,Kaos,\"{\"\"Kain\"\":\"\"linen\"\"}\"\n",
     STANDS "5900000 IDR|{\"Kain\":\"linen\"}",
     " description brand category image price"},
    {"a price alone is read in the currency that stands",
     "id,title,price\n1,Kaos,5000 JPY\n", "id,title,price\n1,Kaos,6000\n",
     "Kaos|||||6000 JPY|", " currency"},
    {"one that is unclear alone too", "id,title,price\n1,Kaos,Rp 10.000\n",
     "id,title,price\n1,Kaos,12.000\n", "Kaos|||||1200000 IDR|", " currency"},
    {"a price nobody can read takes none away", "id,title,price\n1,Kaos,Rp 10.000\n",
     "id,title,price\n1,Kaos,ask us\n", "Kaos|||||1000000 IDR|", ""},
    {"nor does one that is unclear in its own currency",
     "id,title,price\n1,Kaos,Rp 10.000\n", "id,title,price,currency\n1,Kaos,12.000,USD\n",
     "Kaos|||||1000000 IDR|", ""},
    {"a price in another's sign is not read in what stands",
     "id,title,price\n1,Kaos,Rp 10.000\n", "id,title,price\n1,Kaos,$12.00\n",
     "Kaos|||||1200 |", ""},
    {"a price in another currency is that", "id,title,price\n1,Kaos,5000 JPY\n",
     "id,title,price\n1,Kaos,60 USD\n", "Kaos|||||6000 USD|", ""},
    {"a currency alone says nothing", WHOLE, "id,title,currency\n1,Kaos,USD\n",
     STANDS "5900000 IDR" FURTHER, " description brand category image price attributes"},
    {"an empty price is none", WHOLE, "id,title,price\n1,Kaos,\n", STANDS "-1 " FURTHER,
     " description brand category image attributes"},
    {"a category's id says its category",
     "id,title,category,category_id\n1,Kaos,Fashion,c-1\n",
     "id,title,category\n1,Kaos,Baju\n", "Kaos|||Baju||-1 |", ""},
    {"an empty id of a category empties it", "id,title,category\n1,Kaos,Fashion\n",
     "id,title,category_id\n1,Kaos,\n", "Kaos|||||-1 |", ""},
    {"JSON says what it has a key for", WHOLE,
     "{\"sku\":\"1\",\"title\":\"Kemeja\",\"brand\":null,\"Kain\":\"\"}\n",
     "Kemeja|Adem||Fashion > Kaos|a.png|5900000 IDR|{\"Warna\":\"hitam\"}",
     " description category image price attributes"},
    {"images of a product stay together",
     "{\"sku\":\"1\",\"title\":\"Kaos\",\"images\":[\"a.png\",\"b.png\"]}\n",
     "id,title,price\n1,Kaos,1 IDR\n", "Kaos||||a.png|100 IDR|{\"images\":[\"b.png\"]}",
     " image attributes"},
    {"a column of one image speaks of the main one",
     "{\"sku\":\"1\",\"title\":\"Kaos\",\"images\":[\"a.png\",\"b.png\"]}\n",
     "id,title,image\n1,Kaos,c.png\n", "Kaos||||c.png|-1 |{\"images\":[\"b.png\"]}",
     " attributes"},
    {"one of images, by whatever name, of all",
     "{\"sku\":\"1\",\"title\":\"Kaos\",\"images\":[\"a.png\",\"b.png\"]}\n",
     "id,title,Gambar\n1,Kaos,c.png\n", "Kaos||||c.png|-1 |", ""},
    {"and a list in JSON",
     "{\"sku\":\"1\",\"title\":\"Kaos\",\"images\":[\"a.png\",\"b.png\"]}\n",
     "{\"sku\":\"1\",\"title\":\"Kaos\",\"image\":[\"c.png\"]}\n", "Kaos||||c.png|-1 |",
     ""},
    {"a product with variations has what a list of stock says nothing of", WOO_WHOLE,
     "ID,Type,SKU,Name,Parent,Stock\n9,variable,K,Kaos,,\n10,variation,1,Kaos - L,K,4\n",
     "Kaos||Ronara|Fashion > Kaos|a.png|-1 |{\"ID\":\"9\",\"Type\":\"variable\","
     "\"variants\":[{\"Variant ID\":\"10\",\"Variant SKU\":\"1\",\"Variant Inventory "
     "Qty\":\"4\"}]}",
     " brand category image"},
    {"the same export again changes nothing", WOO_OPTIONS, WOO_OPTIONS,
     "Kaos|||||500 |{\"ID\":\"9\",\"Type\":\"variable\"," WOO_VARIANTS "}", ""},
    {"variations are known by their SKU, and where they have none by their number",
     WOO_OPTIONS,
     "ID,Type,SKU,Name,Parent,Stock\n11,variation,,Kaos - L,K,0\n9,variable,K,Kaos,,\n",
     "Kaos|||||500 |{\"ID\":\"9\",\"Type\":\"variable\",\"variants\":[{\"Option1 "
     "Name\":\"Size\",\"Option1 Value\":\"M\",\"Variant ID\":\"10\",\"Variant "
     "SKU\":\"K-M\",\"Variant Price\":\"5.00\",\"Variant Inventory Qty\":\"1\"},"
     "{\"Variant ID\":\"11\",\"Variant Inventory Qty\":\"0\",\"Option1 "
     "Name\":\"Size\",\"Option1 Value\":\"L\",\"Variant Price\":\"6.00\"}]}",
     " price attributes"},
    {"a variable product that comes without variations keeps them, and its price",
     WOO_OPTIONS,
     "ID,Type,SKU,Name,Parent,Regular price,Stock,Attribute 1 name,Attribute 1 "
     "value(s)\n9,variable,K,Kaos Polos,,,,,\n",
     "Kaos Polos|||||500 |{\"ID\":\"9\",\"Type\":\"variable\"," WOO_VARIANTS "}",
     " price attributes"},
    {"one that is no variable product any more has none", WOO_OPTIONS,
     "ID,Type,SKU,Name,Parent,Regular price\n9,simple,K,Kaos,,7.00\n",
     "Kaos|||||700 |{\"ID\":\"9\",\"Type\":\"simple\"}", ""},
    {"one of fewer options keeps no other", WOO_OPTIONS,
     "ID,Type,SKU,Name,Parent,Attribute 1 name,Attribute 1 value(s)\n"
     "9,variable,K,Kaos,,,\n10,variation,K-M,Kaos - M,K,Color,Red\n",
     "Kaos|||||500 |{\"ID\":\"9\",\"Type\":\"variable\",\"variants\":[{\"Option1 "
     "Name\":\"Color\",\"Option1 Value\":\"Red\",\"Variant ID\":\"10\",\"Variant "
     "SKU\":\"K-M\",\"Variant Price\":\"5.00\",\"Variant Inventory Qty\":\"1\"}]}",
     " price attributes"},
    {"and go together",
     "{\"sku\":\"1\",\"title\":\"Kaos\",\"images\":[\"a.png\",\"b.png\"]}\n",
     "{\"sku\":\"1\",\"title\":\"Kaos\",\"images\":[\"c.png\"]}\n", "Kaos||||c.png|-1 |",
     ""},
    {"of Shopify's handles a title is made for new ones alone",
     "Handle,Title,Variant SKU,Variant Price,Image Src,Fabric\n"
     "kaos,Kaos Polos,K-1,5.00,a.png,katun\nkaos,,K-2,6.00,b.png,\n",
     "Handle,Variant SKU,Variant Price\nkaos,K-3,7.00\n",
     "Kaos Polos||||a.png|700 |{\"variants\":[{\"Variant SKU\":\"K-3\",\"Variant "
     "Price\":\"7.00\"}],\"Fabric\":\"katun\",\"images\":[\"b.png\"]}",
     " title image attributes (variants lost)"},
    {"a list of Shopify's stock changes the variants it names", SHOPIFY_WHOLE,
     "Handle,Title,Variant SKU,Variant Inventory Qty\nkaos,Kaos,K-2,0\n",
     "Kaos|||||500 |{\"variants\":[" FIRST_VARIANT
     ",{\"Variant SKU\":\"K-2\",\"Variant Inventory Qty\":\"0\",\"Option1 Value\":\"L\","
     "\"Variant Price\":\"6.00\"}]}",
     " price attributes"},
    {"in whatever order", SHOPIFY_WHOLE,
     "Handle,Title,Variant SKU,Variant Price\nkaos,Kaos,K-2,6.00\nkaos,,K-1,5.00\n",
     "Kaos|||||600 |{\"variants\":[" FIRST_VARIANT "," SECOND_VARIANT "]}",
     " attributes"},
    {"one with options has all of them", SHOPIFY_WHOLE,
     "Handle,Title,Variant SKU,Option1 Name,Option1 Value\nkaos,Kaos,K-2,Ukuran,XL\n",
     "Kaos|||||500 |{\"variants\":[{\"Variant SKU\":\"K-2\",\"Option1 Name\":\"Ukuran\","
     "\"Option1 Value\":\"XL\",\"Variant Price\":\"6.00\"}]}",
     " price attributes"},
};

static void check_case(size_t i)
{
    struct buf got = BUF_INIT(BUF_MAX_LINE), kept_words = BUF_INIT(BUF_MAX_LINE);
    struct told then, now;
    unsigned kept = 0;
    struct aisle_err err = {0};

    read_file(cases[i].stands, &then);
    read_file(cases[i].comes, &now);
    assert_ok(feed_keep(&now.gaps, &then.product, &now.product, &now.arena, &kept, &err),
              &err);
    arena_clear(&then.arena);
    add_product(&now.product, &got);
    add_kept(kept, &kept_words);
    assert_text(cases[i].says, buf_str(&got), cases[i].want);
    assert_text(cases[i].says, buf_str(&kept_words), cases[i].kept);
    arena_clear(&now.arena);
    buf_clear(&got);
    buf_clear(&kept_words);
}

static void what_a_file_has_no_column_for_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check_case(i);
}

/* ---- the rest ---- */

static struct product with_attribute(struct arena *arena, const char *name, size_t n)
{
    struct str value = {arena_zalloc(arena, n, 1), n};

    assert_non_null(value.p);
    memset((char *)(uintptr_t)value.p, 'x', n);
    return (struct product){
        .price_minor = -1,
        .attributes = arena_fmt(arena, "{\"%s\":\"%.*s\"}", name, STR_ARG(value))};
}

static void further_columns_that_find_no_room_are_left_as_they_stand(void **state)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct product then = with_attribute(&arena, "a", 40000);
    struct product now = with_attribute(&arena, "b", 40000);
    struct feed_gaps gaps = {.lacks = 1u << FEED_ATTRIBUTES};
    struct aisle_err err = {0};
    unsigned kept;

    (void)state;
    assert_ok(feed_keep(&gaps, &then, &now, &arena, &kept, &err), &err);
    assert_true(str_eq(now.attributes, then.attributes));
    assert_int_equal(kept, 1u << FEED_FIELDS | 1u << FEED_ATTRIBUTES);
    arena_clear(&arena);
}

/* As somebody wrote them over HTTP. */
static void further_columns_that_are_no_other_stay_as_they_are_written(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct product then = {.attributes = STR_LIT("{ \"b\": 1.50, \"a\": \"x\" }")};
    struct product now = {.attributes = STR_LIT("{\"a\":\"x\"}")};
    struct feed_gaps gaps = {.lacks = 1u << FEED_ATTRIBUTES, .columns = str_n("a\0", 2)};
    struct aisle_err err = {0};
    unsigned kept;

    (void)state;
    assert_ok(feed_keep(&gaps, &then, &now, &arena, &kept, &err), &err);
    assert_str(now.attributes, "{ \"b\": 1.50, \"a\": \"x\" }");
    arena_clear(&arena);
}

static enum aisle_status keep_silently(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct product then = {.description = STR_LIT("Adem"),
                           .attributes =
                               STR_LIT("{\"a\":\"x\",\"b\":[1],\"variants\":[{\"Variant "
                                       "SKU\":\"K\",\"Option1 Value\":\"L\"}]}")};
    struct product now = {
        .attributes = STR_LIT("{\"c\":\"y\",\"variants\":[{\"Variant SKU\":\"K\"}]}")};
    struct feed_gaps gaps = {.lacks = ~0u, .columns_last = true};
    unsigned kept;
    enum aisle_status status = feed_keep(&gaps, &then, &now, &arena, &kept, err);

    (void)ctx;
    if (status == AISLE_OK)
        assert_str(now.attributes,
                   "{\"c\":\"y\",\"variants\":[{\"Variant SKU\":\"K\",\"Option1 "
                   "Value\":\"L\"}],\"a\":\"x\",\"b\":[1]}");
    arena_clear(&arena);
    return status;
}

static void keeping_survives_running_out_of_memory(void **state)
{
    (void)state;
    each_allocation_failing(keep_silently, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_has_no_column_for_stays),
        cmocka_unit_test(further_columns_that_find_no_room_are_left_as_they_stand),
        cmocka_unit_test(further_columns_that_are_no_other_stay_as_they_are_written),
        cmocka_unit_test(keeping_survives_running_out_of_memory),
    };

    json_set_alloc_funcs(mem_alloc, mem_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
