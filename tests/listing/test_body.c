/* Bodies to drafts and back. */
#include "check.h"

#include "base/json.h"
#include "listing/body.h"

/* Every member of Create Product, once. */
static const char full[] =
    "{\"save_mode\":\"LISTING\",\"title\":\"Kaos polos\",\"description\":\"<p>Kaos</p>\","
    "\"category_id\":\"600001\",\"category_version\":\"v2\",\"brand_id\":\"70824\","
    "\"main_images\":[{\"uri\":\"tos-a/1\"},{\"uri\":\"tos-a/2\"}],"
    "\"skus\":[{\"seller_sku\":\"K-1\",\"external_sku_id\":\"x1\","
    "\"price\":{\"amount\":\"59000\",\"sale_price\":\"49000.50\",\"currency\":\"IDR\"},"
    "\"inventory\":[{\"warehouse_id\":\"7068\",\"quantity\":5,\"backorder_quantity\":1,"
    "\"handling_time\":2}],"
    "\"sales_attributes\":[{\"id\":\"100000\",\"name\":\"Warna\",\"value_id\":\"1\","
    "\"value_name\":\"Merah\",\"sku_img\":{\"uri\":\"tos-a/3\"},"
    "\"supplementary_sku_images\":[{\"uri\":\"tos-a/4\"}]}],"
    "\"identifier_code\":{\"code\":\"4006381333931\",\"type\":\"EAN\"},"
    "\"extra_identifier_codes\":[\"96385074\"],\"external_urls\":[\"https://a.example/"
    "\"],"
    "\"combined_skus\":[{\"product_id\":\"1\",\"sku_id\":\"2\",\"sku_count\":3}],"
    "\"list_price\":{\"amount\":\"70000\",\"currency\":\"IDR\"},"
    "\"external_list_prices\":[{\"amount\":\"71000\",\"currency\":\"IDR\","
    "\"source\":\"SHOPIFY_COMPARE_AT_PRICE\"}],\"sku_unit_count\":\"1.5\","
    "\"pre_sale\":{\"type\":\"PRE_ORDER\",\"fulfillment_type\":{"
    "\"handling_duration_days\":7,\"release_date\":1790000000}},"
    "\"fees\":[{\"type\":\"PFAND\",\"amount\":\"25\","
    "\"additional_attribute\":\"SINGLE_USE\"}]}],"
    "\"package_weight\":{\"value\":\"0.250\",\"unit\":\"KILOGRAM\"},"
    "\"package_dimensions\":{\"length\":\"30\",\"width\":\"20\",\"height\":\"2\","
    "\"unit\":\"CENTIMETER\"},"
    "\"product_attributes\":[{\"id\":\"100392\",\"values\":[{\"id\":\"1001\"},"
    "{\"name\":\"Katun\"}]}],"
    "\"certifications\":[{\"id\":\"7182\",\"images\":[{\"uri\":\"tos-a/5\"}],"
    "\"files\":[{\"id\":\"v09\",\"name\":\"cert.PDF\",\"format\":\"PDF\"}],"
    "\"expiration_date\":1800000000}],"
    "\"size_chart\":{\"image\":{\"uri\":\"tos-a/6\"},\"template\":{\"id\":\"99\"}},"
    "\"manufacturer\":{\"name\":\"Pabrik\",\"address\":\"Jl. Satu\","
    "\"phone_number\":\"+62 8123456789\",\"email\":\"a@pabrik.example\"},"
    "\"manufacturer_ids\":[\"m1\"],\"responsible_person_ids\":[\"r1\"],"
    "\"video\":{\"id\":\"v10\"},\"delivery_option_ids\":[\"d1\",\"d2\"],"
    "\"external_product_id\":\"P-1\",\"primary_combined_product_id\":\"17\","
    "\"is_cod_allowed\":true,\"is_not_for_sale\":false,\"is_pre_owned\":false,"
    "\"auto_translate_enabled\":true,\"listing_platforms\":[\"TIKTOK_SHOP\"],"
    "\"shipping_insurance_requirement\":\"OPTIONAL\",\"shipping_template_id\":\"s1\","
    "\"minimum_order_quantity\":2,\"idempotency_key\":\"0b1e\",\"locale\":\"id-ID\","
    "\"key_product_features\":[\"adem\"],\"search_terms\":[\"kaos\"],"
    "\"scheduled_sale\":{\"is_enabled_scheduled_sale\":true,"
    "\"schedule_sale_time\":1790000000000}}";

struct body {
    struct arena arena;
    struct findings findings;
    struct listing_draft draft;
};

static enum aisle_status read_text(struct body *b, struct str text, struct aisle_err *err)
{
    *b = (struct body){.arena = ARENA_INIT(1 << 26)};
    b->findings.arena = &b->arena;
    return listing_read_body(text, &b->arena, &b->draft, &b->findings, err);
}

static void every_member_comes_back_as_it_was(void **state)
{
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);
    struct aisle_err err = {0};
    json_t *was = NULL, *is = NULL;
    struct body b;

    (void)state;
    assert_ok(read_text(&b, str_of(full), &err), &err);
    assert_int_equal(b.findings.count, 0);
    listing_write_body(&b.draft, BODY_CREATE, &out);
    assert_ok(buf_check(&out, "body", &err), &err);
    assert_ok(json_read(str_of(full), 100000, "was", &was, &err), &err);
    assert_ok(json_read(buf_str(&out), 100000, "is", &is, &err), &err);
    if (!json_equal(was, is))
        fail_msg("wrote %.*s", STR_ARG(buf_str(&out)));
    json_decref(was);
    json_decref(is);
    buf_clear(&out);
    arena_clear(&b.arena);
}

static void amounts_are_counted_in_their_currency(void **state)
{
    struct aisle_err err = {0};
    struct body b;

    (void)state;
    assert_ok(read_text(&b, str_of(full), &err), &err);
    assert_int_equal(b.draft.skus[0].price.minor, 5900000);
    assert_int_equal(b.draft.skus[0].sale_price.minor, 4900050);
    assert_str(b.draft.skus[0].sale_price.currency, "IDR");
    arena_clear(&b.arena);
}

static const struct {
    const char *says, *body, *what; /* of the only finding; "" for none */
} odd[] = {
    {"a number for a text is read as text", "{\"category_id\":600001}",
     "param category_id type invalid. actual type:number, expected type:string"},
    {"a text for a number is read as a number",
     "{\"skus\":[{\"inventory\":[{\"quantity\":\"12\"}]}]}",
     "param skus[0].inventory[0].quantity type invalid. actual type:string, expected "
     "type:number"},
    {"a text that is no number counts as absent",
     "{\"skus\":[{},{\"inventory\":[{\"quantity\":\"many\"}]}]}",
     "param skus[1].inventory[0].quantity type invalid. actual type:string, expected "
     "type:number"},
    {"a fraction of a thing is none", "{\"minimum_order_quantity\":1.5}",
     "param minimum_order_quantity type invalid. actual type:number, expected "
     "type:integer"},
    {"a flag in words", "{\"is_cod_allowed\":\"true\"}",
     "param is_cod_allowed type invalid. actual type:string, expected type:boolean"},
    {"an object where a list should be", "{\"main_images\":{\"uri\":\"a\"}}",
     "param main_images type invalid. actual type:object, expected type:array"},
    {"texts where objects should be", "{\"main_images\":[\"https://a.example/1.jpg\"]}",
     "param main_images[0] type invalid. actual type:string, expected type:object"},
    {"a list where a text should be", "{\"title\":[\"Kaos\"]}",
     "param title type invalid. actual type:array, expected type:string"},
    {"a member nobody knows", "{\"price\":{\"amount\":[1,{\"a\":\"b\"}]}}",
     "no such member is documented"},
    {"one further down", "{\"skus\":[{\"colour\":\"red\"}]}",
     "no such member is documented"},
    {"null is absent",
     "{\"title\":null,\"skus\":null,\"video\":null,"
     "\"is_cod_allowed\":null,\"minimum_order_quantity\":null}",
     ""},
    {"the older spelling of delivery options", "{\"delivery_options_ids\":[\"d1\"]}", ""},
};

static void what_is_odd_is_named_by_its_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(odd); i++) {
        struct aisle_err err = {0};
        struct body b;

        assert_ok(read_text(&b, str_of(odd[i].body), &err), &err);
        if (b.findings.count != (odd[i].what[0] != '\0'))
            fail_msg("%s: %zu findings", odd[i].says, b.findings.count);
        if (b.findings.count)
            assert_text(odd[i].says, b.findings.rows[0].what, odd[i].what);
        arena_clear(&b.arena);
    }
}

static void wrong_types_are_mended_by_writing_again(void **state)
{
    static const char body[] =
        "{\"category_id\":600001,\"skus\":[{\"inventory\":[{\"quantity\":\"12\"}]}],"
        "\"is_cod_allowed\":\"yes\"}";
    static const char want[] =
        "{\"category_id\":\"600001\",\"skus\":[{\"inventory\":[{\"quantity\":12}]}],"
        "\"is_cod_allowed\":true}";
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);
    struct aisle_err err = {0};
    struct body b;

    (void)state;
    assert_ok(read_text(&b, str_of(body), &err), &err);
    for (size_t i = 0; i < b.findings.count; i++)
        assert_int_equal(b.findings.rows[i].mend, MEND_TYPE);
    listing_write_body(&b.draft, BODY_CREATE, &out);
    assert_str(buf_str(&out), want);
    buf_clear(&out);
    arena_clear(&b.arena);
}

static void absent_and_empty_are_two_things(void **state)
{
    static const char body[] = "{\"title\":\"\",\"main_images\":[],\"skus\":[{}],"
                               "\"video\":{}}";
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);
    struct aisle_err err = {0};
    struct body b;

    (void)state;
    assert_ok(read_text(&b, str_of(body), &err), &err);
    assert_non_null(b.draft.title.p);
    assert_null(b.draft.description.p);
    listing_write_body(&b.draft, BODY_PARTIAL_EDIT, &out);
    assert_str(buf_str(&out), body);
    buf_clear(&out);
    arena_clear(&b.arena);
}

static void a_body_is_written_for_the_call_it_goes_to(void **state)
{
    static const char body[] = "{\"save_mode\":\"AS_DRAFT\",\"idempotency_key\":\"k\","
                               "\"skus\":[{\"id\":\"1\"}],\"inventory_mode\":\"SHARED\"}";
    static const struct {
        enum listing_body_kind kind;
        const char *want;
    } kinds[] = {
        {BODY_CREATE, "{\"save_mode\":\"AS_DRAFT\",\"skus\":[{}],"
                      "\"idempotency_key\":\"k\"}"},
        {BODY_EDIT, "{\"save_mode\":\"AS_DRAFT\",\"skus\":[{\"id\":\"1\"}],"
                    "\"inventory_mode\":\"SHARED\"}"},
        {BODY_CHECK, "{\"skus\":[{}]}"},
        {BODY_GLOBAL, "{\"skus\":[{}]}"},
        {BODY_GLOBAL_EDIT, "{\"skus\":[{\"id\":\"1\"}]}"},
    };
    struct aisle_err err = {0};
    struct body b;

    (void)state;
    assert_ok(read_text(&b, str_of(body), &err), &err);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct buf out = BUF_INIT(BUF_MAX_REQUEST);

        listing_write_body(&b.draft, kinds[i].kind, &out);
        assert_text("kind", buf_str(&out), kinds[i].want);
        buf_clear(&out);
    }
    arena_clear(&b.arena);
}

static void what_is_no_object_fails(void **state)
{
    static const char *const bodies[] = {"", "[]", "\"title\"", "{", "{\"title\":}", "1"};

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct aisle_err err = {0};
        struct body b;

        assert_status(read_text(&b, str_of(bodies[i]), &err), AISLE_GARBLED, &err);
        arena_clear(&b.arena);
    }
}

static void lists_have_a_limit(void **state)
{
    struct buf text = BUF_INIT(1 << 20);
    struct aisle_err err = {0};
    struct body b;

    (void)state;
    buf_addz(&text, "{\"skus\":[{}");
    for (int i = 0; i < LISTING_LIST_MAX; i++)
        buf_addz(&text, ",{}");
    buf_addz(&text, "]}");
    assert_status(read_text(&b, buf_str(&text), &err), AISLE_LIMIT, &err);
    assert_string_equal(err.text, "body has a list of more than 2000 entries");
    arena_clear(&b.arena);
    buf_clear(&text);
}

static enum aisle_status read_and_write(void *ctx, struct aisle_err *err)
{
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);
    enum aisle_status status;
    struct body b;

    (void)ctx;
    status = read_text(&b,
                       STR_LIT("{\"title\":1,\"odd\":2,\"skus\":[{},{},{},{},{}],"
                               "\"search_terms\":[\"a\",\"b\"]}"),
                       err);
    if (status == AISLE_OK)
        listing_write_body(&b.draft, BODY_CREATE, &out);
    if (status == AISLE_OK)
        status = buf_check(&out, "body", err);
    buf_clear(&out);
    arena_clear(&b.arena);
    return status;
}

static void no_memory_is_said_and_nothing_leaks(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(read_and_write, NULL) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_comes_back_as_it_was),
        cmocka_unit_test(amounts_are_counted_in_their_currency),
        cmocka_unit_test(what_is_odd_is_named_by_its_path),
        cmocka_unit_test(wrong_types_are_mended_by_writing_again),
        cmocka_unit_test(absent_and_empty_are_two_things),
        cmocka_unit_test(a_body_is_written_for_the_call_it_goes_to),
        cmocka_unit_test(what_is_no_object_fails),
        cmocka_unit_test(lists_have_a_limit),
        cmocka_unit_test(no_memory_is_said_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
