/* A global product in its markets: prices by rates, limits of several, what is kept. */
#include "check.h"

#include "base/json.h"
#include "listing/abroad.h"

static struct listing_money money(int64_t minor, const char *currency)
{
    return (struct listing_money){
        .said = true, .minor = minor, .currency = str_of(currency)};
}

static void an_amount_is_worth_as_much_in_another_currency(void **state)
{
    static const struct {
        int64_t minor;
        const char *from, *to;
        int64_t want; /* 0: no price */
    } rows[] = {
        {5000000, "IDR", "USD", 321}, {1000, "USD", "MYR", 4400},
        {1000, "USD", "VND", 250000}, {250000, "VND", "USD", 1000},
        {1234, "MYR", "MYR", 1234},   {1234, "SGD", "SGD", 1234},
        {1234, "SGD", "USD", 0},      {1234, "USD", "SGD", 0},
        {1, "IDR", "USD", 0},         {-1, "USD", "MYR", 0},
        {INT64_MAX, "USD", "IDR", 0},
    };
    const struct listing_rate rates[] = {{STR_LIT("USD"), 1},
                                         {STR_LIT("IDR"), 15600},
                                         {STR_LIT("MYR"), 4.4},
                                         {STR_LIT("VND"), 25000}};
    const struct listing_rates all = {rates, COUNT(rates)};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct listing_money from = money(rows[i].minor, rows[i].from), to = {0};
        bool got = listing_convert(&all, &from, str_of(rows[i].to), &to);

        assert_int_equal(got, rows[i].want != 0);
        assert_int_equal(to.minor, rows[i].want);
        if (got)
            assert_str(to.currency, rows[i].to);
    }
}

static void of_several_markets_the_narrowest_limits_count(void **state)
{
    const struct str both[] = {STR_LIT("GB"), STR_LIT("MY")}, eu[] = {STR_LIT("DE")};
    struct listing_limits l = listing_limits_abroad(both, 2, LISTING_CURRENT);

    (void)state;
    assert_int_equal(l.title_min, 25);
    assert_int_equal(l.title_max, 255);
    assert_int_equal(l.sku_max, 100);
    assert_int_equal(l.weight_max_g, 30000);
    assert_true(l.v2_only);
    assert_false(l.eu);
    assert_string_equal(l.currency, "USD");
    assert_int_equal(l.weight_units, UNIT_KILOGRAM);
    l = listing_limits_abroad(eu, 1, LISTING_CURRENT);
    assert_int_equal(l.title_min, 1);
    assert_int_equal(l.sku_max, 300);
    assert_true(l.eu);
    assert_false(l.pfand);
}

static const char kept[] =
    "[{\"region\":\"MY\",\"state\":\"live\",\"id\":\"1730\",\"shop_id\":\"7495\","
    "\"skus\":[{\"seller_sku\":\"K-01\",\"id\":\"9\"}]},{\"region\":\"TH\",\"state\":"
    "\"absent\",\"reason\":\"Missing price\",\"refused_hash\":\"ab\"}]";

static enum aisle_status read_kept(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct listing_abroad rows[ABROAD_MAX];
    struct buf out = BUF_INIT(1 << 20);
    size_t count;
    enum aisle_status status =
        listing_abroad_parse(str_of(kept), &arena, rows, &count, err);

    (void)ctx;
    if (status == AISLE_OK) {
        listing_abroad_format(rows, count, &out);
        status = buf_check(&out, "markets", err);
    }
    if (status == AISLE_OK)
        assert_str(buf_str(&out), kept);
    buf_clear(&out);
    arena_clear(&arena);
    return status;
}

static void what_is_kept_comes_back_as_it_was(void **state)
{
    struct aisle_err err = {0};

    (void)state;
    assert_ok(read_kept(NULL, &err), &err);
    json_set_alloc_funcs(mem_alloc, mem_free);
    each_allocation_failing(read_kept, NULL);
}

static void what_is_no_list_of_markets_is_garbled(void **state)
{
    static const char *const texts[] = {"{", "[{}]", "[{\"region\":\"MY\"}]",
                                        "[{\"region\":\"MY\",\"state\":\"x\"}]"};
    struct arena arena = ARENA_INIT(1 << 20);
    struct listing_abroad rows[ABROAD_MAX];
    size_t count = 7;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_int_equal(
            listing_abroad_parse(str_of(texts[i]), &arena, rows, &count, NULL),
            AISLE_GARBLED);
        assert_int_equal(count, 0);
    }
    assert_int_equal(listing_abroad_parse(STR_LIT(""), &arena, rows, &count, NULL),
                     AISLE_OK);
    arena_clear(&arena);
}

static void as_a_whole_it_is_what_needs_a_person_first(void **state)
{
    static const struct {
        enum listing_state my, th, want;
    } rows[] = {
        {LISTING_LIVE, LISTING_LIVE, LISTING_LIVE},
        {LISTING_LIVE, LISTING_PENDING, LISTING_PENDING},
        {LISTING_PENDING, LISTING_FAILED, LISTING_FAILED},
        {LISTING_DELETED, LISTING_LIVE, LISTING_LIVE},
        {LISTING_OFF, LISTING_DELETED, LISTING_OFF},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct listing_abroad there[] = {
            {.region = STR_LIT("MY"), .id = STR_LIT("1"), .state = rows[i].my},
            {.region = STR_LIT("TH"), .id = STR_LIT("2"), .state = rows[i].th},
            {.region = STR_LIT("VN"), .id = STR_LIT(""), .state = LISTING_FAILED},
        };

        assert_int_equal(listing_abroad_state(there, 3), rows[i].want);
    }
    assert_int_equal(listing_abroad_state(NULL, 0), LISTING_DRAFT);
}

static void a_market_is_told_of_each_sku_and_its_price(void **state)
{
    const struct str ids[] = {STR_LIT("9"), STR_LIT("10")};
    const struct listing_money my[] = {money(1410, "MYR"), money(1500, "MYR")};
    const struct listing_money vn[] = {money(80000, "VND"), money(90000, "VND")};
    const struct listing_publication rows[] = {{STR_LIT("MY"), ids, my, 2},
                                               {STR_LIT("VN"), ids, vn, 1}};
    struct buf out = BUF_INIT(1 << 20);

    (void)state;
    listing_write_publication(rows, 2, &out);
    assert_str(buf_str(&out),
               "{\"publish_target\":[{\"region\":\"MY\",\"skus\":["
               "{\"related_global_sku_id\":\"9\",\"price\":{\"amount\":\"14.10\","
               "\"currency\":\"MYR\"}},{\"related_global_sku_id\":\"10\",\"price\":"
               "{\"amount\":\"15\",\"currency\":\"MYR\"}}]},{\"region\":\"VN\",\"skus\":["
               "{\"related_global_sku_id\":\"9\",\"price\":{\"amount\":\"80000\","
               "\"currency\":\"VND\"}}]}]}");
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_is_worth_as_much_in_another_currency),
        cmocka_unit_test(of_several_markets_the_narrowest_limits_count),
        cmocka_unit_test(what_is_kept_comes_back_as_it_was),
        cmocka_unit_test(what_is_no_list_of_markets_is_garbled),
        cmocka_unit_test(as_a_whole_it_is_what_needs_a_person_first),
        cmocka_unit_test(a_market_is_told_of_each_sku_and_its_price),
    };

    return cmocka_run_group_tests_name("listing: abroad", tests, NULL, NULL);
}
