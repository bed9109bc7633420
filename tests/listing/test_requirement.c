/* What a leaf demands: as text and back, its digest, and what changed between two. */
#include "check.h"

#include "base/json.h"
#include "listing/requirement_diff.h"

static const char shirts[] =
    "{\"category_id\":\"600001\",\"version\":\"v2\",\"locale\":\"id-ID\",\"rules\":{"
    "\"certificates\":[{\"id\":\"c1\",\"name\":\"SNI\",\"when\":[{\"attribute_id\":"
    "\"10\","
    "\"value_id\":\"2\"}]},{\"id\":\"c2\",\"name\":\"Halal\",\"required\":true,"
    "\"expiration_required\":true}],\"size_chart_supported\":true,\"cod_supported\":true,"
    "\"special_types\":\"CUSTOM,PRE_ORDER\",\"fees\":[{\"type\":\"PFAND\"}]},"
    "\"attributes\":[{\"id\":\"10\",\"name\":\"Bahan\",\"required\":true,\"values\":["
    "{\"id\":\"1\",\"name\":\"Katun\"},{\"id\":\"2\",\"name\":\"Poliester\"}]},"
    "{\"id\":\"20\",\"name\":\"Warna\",\"sales\":true,\"customizable\":true,"
    "\"values\":[]}]}";

static const char shop[] =
    "{\"market\":\"ID\",\"category\":{\"exists\":true,\"is_leaf\":true,"
    "\"permissions\":\"INVITE_ONLY\",\"path\":\"Baju > "
    "Kaos\"},\"brands\":[{\"id\":\"b1\","
    "\"name\":\"Acme\",\"authorized\":true,\"available\":true}],\"warehouses\":["
    "{\"id\":\"w1\",\"type\":\"SALES_WAREHOUSE\",\"status\":\"ENABLED\","
    "\"default\":true}],\"delivery_options\":[{\"id\":\"d1\",\"max_weight_g\":30000}],"
    "\"manufacturer_ids\":[\"m1\"],\"responsible_person_ids\":[],"
    "\"size_chart_ids\":[\"s1\"],\"products\":[{\"id\":\"p1\",\"category_id\":\"600001\","
    "\"status\":\"ACTIVATE\",\"skus\":[{\"id\":\"k1\",\"price_minor\":100},"
    "{\"id\":\"k2\",\"deactivated\":true}]}],\"images\":[{\"uri\":\"tos/1\","
    "\"kind\":\"JPEG\",\"width\":800,\"height\":800,\"bytes\":1234,\"white\":true}],"
    "\"videos\":[{\"id\":\"v1\",\"width\":720,\"seconds\":20}],"
    "\"image_hosts\":[\"localhost\"],\"platforms\":[\"TIKTOK_SHOP\"]}";

static void read_requirement(const char *text, struct arena *arena,
                             struct requirement *out)
{
    struct aisle_err err = {0};

    assert_ok(requirement_parse(str_of(text), arena, out, &err), &err);
}

static void a_requirement_comes_back_as_it_was(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 20);
    struct requirement r;

    (void)state;
    read_requirement(shirts, &arena, &r);
    requirement_format(&r, &out);
    assert_str(buf_str(&out), shirts);
    assert_non_null(requirement_attribute(&r, STR_LIT("20")));
    assert_null(requirement_attribute(&r, STR_LIT("15")));
    assert_non_null(requirement_certificate(&r, STR_LIT("c1")));
    assert_null(requirement_certificate(&r, STR_LIT("")));
    buf_clear(&out);
    arena_clear(&arena);
}

static void a_shop_comes_back_as_it_was(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 20);
    struct aisle_err err = {0};
    struct listing_shop s;

    (void)state;
    assert_ok(listing_shop_parse(str_of(shop), &arena, &s, &err), &err);
    listing_shop_format(&s, &out);
    assert_str(buf_str(&out), shop);
    buf_clear(&out);
    arena_clear(&arena);
}

static void order_and_doubles_make_no_difference(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct requirement a, b;
    struct sha256 x, y;
    struct aisle_err err = {0};

    (void)state;
    read_requirement("{\"attributes\":[{\"id\":\"2\"},{\"id\":\"1\",\"required\":true},"
                     "{\"id\":\"2\",\"required\":true}]}",
                     &arena, &a);
    read_requirement("{\"attributes\":[{\"id\":\"1\",\"required\":true},{\"id\":\"2\"}]}",
                     &arena, &b);
    assert_int_equal(a.attribute_count, 2);
    assert_ok(requirement_hash(&a, &x, &err), &err);
    assert_ok(requirement_hash(&b, &y, &err), &err);
    assert_memory_equal(x.b, y.b, SHA256_LEN);
    read_requirement("{\"attributes\":[{\"id\":\"1\"},{\"id\":\"2\"}]}", &arena, &b);
    assert_ok(requirement_hash(&b, &y, &err), &err);
    assert_memory_not_equal(x.b, y.b, SHA256_LEN);
    arena_clear(&arena);
}

static void of_two_values_with_one_id_the_first_stays_where_it_is(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct requirement r;

    (void)state;
    read_requirement("{\"attributes\":[{\"id\":\"1\",\"values\":[{\"id\":\"9\",\"name\":"
                     "\"Katun\"},{\"id\":\"3\",\"name\":\"Linen\"},{\"id\":\"9\","
                     "\"name\":\"Wol\"},{\"id\":\"9\"}]}]}",
                     &arena, &r);
    assert_int_equal(r.attributes[0].value_count, 2);
    assert_str(r.attributes[0].values[0].name, "Katun");
    assert_str(r.attributes[0].values[1].name, "Linen");
    arena_clear(&arena);
}

static const struct {
    const char *says, *was, *is;
    const char *told; /* "change id[/value]!": ! where it may break a listing */
} changes[] = {
    {"nothing", "{\"attributes\":[{\"id\":\"1\"}]}", "{\"attributes\":[{\"id\":\"1\"}]}",
     ""},
    {"an attribute came", "{\"attributes\":[]}", "{\"attributes\":[{\"id\":\"1\"}]}",
     "attribute-added 1;"},
    {"a mandatory one came", "{\"attributes\":[]}",
     "{\"attributes\":[{\"id\":\"1\",\"required\":true}]}", "attribute-added 1!;"},
    {"one went", "{\"attributes\":[{\"id\":\"1\"},{\"id\":\"2\"}]}",
     "{\"attributes\":[{\"id\":\"2\"}]}", "attribute-removed 1!;"},
    {"one became mandatory", "{\"attributes\":[{\"id\":\"1\"}]}",
     "{\"attributes\":[{\"id\":\"1\",\"required\":true}]}", "became-mandatory 1!;"},
    {"one became optional", "{\"attributes\":[{\"id\":\"1\",\"required\":true}]}",
     "{\"attributes\":[{\"id\":\"1\"}]}", "became-optional 1;"},
    {"values came and went",
     "{\"attributes\":[{\"id\":\"1\",\"values\":[{\"id\":\"a\"},{\"id\":\"b\"}]}]}",
     "{\"attributes\":[{\"id\":\"1\",\"values\":[{\"id\":\"b\"},{\"id\":\"c\"}]}]}",
     "value-removed 1/a!;value-added 1/c;"},
    {"names in one language",
     "{\"attributes\":[{\"id\":\"1\",\"name\":\"Bahan\",\"values\":[{\"id\":\"a\","
     "\"name\":\"Katun\"}]}]}",
     "{\"attributes\":[{\"id\":\"1\",\"name\":\"Material\",\"values\":[{\"id\":\"a\","
     "\"name\":\"Katun tebal\"}]}]}",
     "value-renamed 1/a;attribute-renamed 1;"},
    {"names in two languages",
     "{\"locale\":\"id-ID\",\"attributes\":[{\"id\":\"1\",\"name\":\"Bahan\"}]}",
     "{\"locale\":\"en-US\",\"attributes\":[{\"id\":\"1\",\"name\":\"Material\"}]}", ""},
    {"one takes several values now", "{\"attributes\":[{\"id\":\"1\"}]}",
     "{\"attributes\":[{\"id\":\"1\",\"multiple\":true}]}", "attribute-kind 1!;"},
    {"a condition changed",
     "{\"attributes\":[{\"id\":\"1\",\"when\":[{\"attribute_id\":\"2\","
     "\"value_id\":\"3\"}]}]}",
     "{\"attributes\":[{\"id\":\"1\",\"when\":[{\"attribute_id\":\"2\","
     "\"value_id\":\"4\"}]}]}",
     "conditions-changed 1!;"},
    {"certificates",
     "{\"rules\":{\"certificates\":[{\"id\":\"a\"},{\"id\":\"b\",\"required\":true},"
     "{\"id\":\"c\"}]}}",
     "{\"rules\":{\"certificates\":[{\"id\":\"a\",\"required\":true},{\"id\":\"b\"},"
     "{\"id\":\"d\"},{\"id\":\"e\",\"required\":true}]}}",
     "certificate-demanded a!;certificate-relaxed b;certificate-removed c!;"
     "certificate-added d;certificate-demanded e!;"},
    {"rules",
     "{\"rules\":{\"cod_supported\":true,\"manufacturer_required\":true,"
     "\"special_types\":\"CUSTOM\"}}",
     "{\"rules\":{\"size_chart_required\":true,\"size_chart_supported\":true,"
     "\"special_types\":\"PRE_ORDER\",\"fees\":[{\"type\":\"PFAND\","
     "\"required\":true}]}}",
     "rule-demanded size_chart!;rule-relaxed manufacturer;no-longer-allowed cod!;"
     "allowed size_chart;allowed PRE_ORDER;no-longer-allowed CUSTOM!;"
     "rule-demanded PFAND!;"},
    {"a market more and a market less that demand it",
     "{\"attributes\":[{\"id\":\"1\",\"required_in\":\"MY,TH\"},{\"id\":\"2\","
     "\"required_in\":\"MY,TH\"}],\"rules\":{\"manufacturer_in\":\"DE\"}}",
     "{\"attributes\":[{\"id\":\"1\",\"required_in\":\"MY,VN\"},{\"id\":\"2\","
     "\"required_in\":\"MY\"}],\"rules\":{\"manufacturer_in\":\"DE,IE\"}}",
     "rule-demanded manufacturer!;became-mandatory 1!;became-optional 2;"},
    {"what was never asked for is no difference", "{}",
     "{\"rules\":{\"cod_supported\":true},\"attributes\":[{\"id\":\"1\"}]}", ""},
};

static enum aisle_status write_down(void *ctx, const struct requirement_diff *d,
                                    struct aisle_err *err)
{
    struct buf *told = ctx;

    (void)err;
    buf_addf(told, "%s %.*s", requirement_change_name(d->change), STR_ARG(d->id));
    if (!str_empty(d->value_id))
        buf_addf(told, "/%.*s", STR_ARG(d->value_id));
    buf_addf(told, "%s;", d->breaks ? "!" : "");
    return AISLE_OK;
}

static void each_change_is_told_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct arena arena = ARENA_INIT(1 << 20);
        struct buf told = BUF_INIT(1000);
        struct requirement was, is;

        read_requirement(changes[i].was, &arena, &was);
        read_requirement(changes[i].is, &arena, &is);
        assert_ok(requirement_diff(&was, &is, write_down, &told, NULL), NULL);
        assert_text(changes[i].says, buf_str(&told), changes[i].told);
        buf_clear(&told);
        arena_clear(&arena);
    }
}

static const char global[] =
    "{\"category_id\":\"600001\",\"rules\":{\"certificates\":[{\"id\":\"c1\","
    "\"required_in\":\"MY\"},{\"id\":\"c2\",\"required\":true,\"required_in\":\"VN\","
    "\"when\":[{\"attribute_id\":\"1\",\"value_id\":\"2\",\"region\":\"TH\"},"
    "{\"attribute_id\":\"1\",\"value_id\":\"3\",\"region\":\"MY\"}]}],"
    "\"manufacturer_required\":true,\"manufacturer_in\":\"DE,IE\","
    "\"responsible_person_in\":\"TH\",\"fees\":[]},\"attributes\":["
    "{\"id\":\"1\",\"required\":true,\"required_in\":\"MY,TH\",\"values\":[]},"
    "{\"id\":\"2\",\"required\":true,\"values\":[]},"
    "{\"id\":\"3\",\"required\":true,\"required_in\":\"VN\",\"values\":[]}]}";

static void of_a_global_leaf_counts_what_the_markets_asked_for_demand(void **state)
{
    const struct str there[] = {STR_LIT("MY"), STR_LIT("TH")};
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 20);
    struct aisle_err err = {0};
    struct requirement r, m;

    (void)state;
    read_requirement(global, &arena, &r);
    requirement_format(&r, &out);
    assert_str(buf_str(&out), global);
    assert_ok(requirement_in_markets(&r, there, 2, &arena, &m, &err), &err);
    assert_true(m.certificates[0].required);
    assert_false(m.certificates[1].required);
    assert_int_equal(m.certificates[1].when.count, 2);
    assert_false(m.manufacturer_required);
    assert_true(m.responsible_person_required);
    assert_true(m.attributes[0].required);
    assert_true(m.attributes[1].required);
    assert_false(m.attributes[2].required);
    assert_ok(requirement_in_markets(&r, there, 1, &arena, &m, &err), &err);
    assert_int_equal(m.certificates[1].when.count, 1);
    assert_false(m.responsible_person_required);
    assert_true(r.certificates[1].required);
    buf_clear(&out);
    arena_clear(&arena);
}

static enum aisle_status stop_at_once(void *ctx, const struct requirement_diff *d,
                                      struct aisle_err *err)
{
    (void)d;
    (void)err;
    ++*(int *)ctx;
    return AISLE_STOPPED;
}

static void a_visitor_may_end_the_walk(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct requirement was, is;
    int calls = 0;

    (void)state;
    read_requirement(changes[12].was, &arena, &was);
    read_requirement(changes[12].is, &arena, &is);
    assert_int_equal(requirement_diff(&was, &is, stop_at_once, &calls, NULL),
                     AISLE_STOPPED);
    assert_int_equal(calls, 1);
    arena_clear(&arena);
}

static void what_is_no_object_is_garbled(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct requirement r;
    struct listing_shop s;

    (void)state;
    assert_int_equal(requirement_parse(STR_LIT("[]"), &arena, &r, NULL), AISLE_GARBLED);
    assert_int_equal(requirement_parse(STR_LIT("{"), &arena, &r, NULL), AISLE_GARBLED);
    assert_int_equal(listing_shop_parse(STR_LIT("[]"), &arena, &s, NULL), AISLE_GARBLED);
    arena_clear(&arena);
}

static enum aisle_status parse_both(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct requirement r;
    struct listing_shop s;
    enum aisle_status status = requirement_parse(str_of(shirts), &arena, &r, err);

    (void)ctx;
    if (status == AISLE_OK)
        status = requirement_in_markets(&r, &STR_LIT("MY"), 1, &arena, &r, err);
    if (status == AISLE_OK)
        status = listing_shop_parse(str_of(shop), &arena, &s, err);
    arena_clear(&arena);
    return status;
}

static void no_memory_is_said_and_nothing_leaks(void **state)
{
    (void)state;
    json_set_alloc_funcs(mem_alloc, mem_free);
    each_allocation_failing(parse_both, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_requirement_comes_back_as_it_was),
        cmocka_unit_test(a_shop_comes_back_as_it_was),
        cmocka_unit_test(order_and_doubles_make_no_difference),
        cmocka_unit_test(of_two_values_with_one_id_the_first_stays_where_it_is),
        cmocka_unit_test(each_change_is_told_once),
        cmocka_unit_test(of_a_global_leaf_counts_what_the_markets_asked_for_demand),
        cmocka_unit_test(a_visitor_may_end_the_walk),
        cmocka_unit_test(what_is_no_object_is_garbled),
        cmocka_unit_test(no_memory_is_said_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
