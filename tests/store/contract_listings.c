/* Products in shops, what leaves demand, where leaves went. */
#include "contract.h"

static const struct store_listings *listings(const struct store_test *t)
{
    return t->s->ops->listings;
}

static struct listing a_listing(const char *seller_id, const char *product_id)
{
    return (struct listing){.seller_id = str_of(seller_id),
                            .shop_id = STR_LIT("toko-a"),
                            .product_id = str_of(product_id),
                            .state = LISTING_DRAFT,
                            .created_at = 100};
}

static int64_t put(struct store_test *t, struct listing listing)
{
    int64_t version = 0;

    assert_ok(listings(t)->put(t->s, &listing, &version, &t->err), &t->err);
    return version;
}

static enum aisle_status see_listing(void *ctx, const struct listing *l,
                                     struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s/%.*s/%.*s %s %s\n", STR_ARG(l->seller_id),
             STR_ARG(l->shop_id), STR_ARG(l->product_id), listing_state_name(l->state),
             listing_doing_name(l->doing));
    return AISLE_OK;
}

static void see(struct store_test *t, struct listing_filter filter)
{
    assert_ok(listings(t)->each(t->s, &filter, see_listing, t, &t->err), &t->err);
}

static void a_listing_comes_back_as_it_was_put(void **state)
{
    struct store_test *t = *state;
    struct listing put_in = {
        .seller_id = STR_LIT("acme"),
        .shop_id = STR_LIT("toko-a"),
        .product_id = STR_LIT("K-01"),
        .remote_id = STR_LIT("1729592969712207008"),
        .state = LISTING_PLATFORM_OFF,
        .audit = STR_LIT("APPROVED"),
        .reason = STR_LIT("counterfeit"),
        .category_id = STR_LIT("600001"),
        .version = STR_LIT("v2"),
        .platforms = STR_LIT("TIKTOK_SHOP"),
        .skus = STR_LIT("[]"),
        .markets = STR_LIT("[{}]"),
        .warnings = STR_LIT("[\"w\"]"),
        .sent_hash = STR_LIT("ab"),
        .refused_hash = STR_LIT("cd"),
        .doing = LISTING_PUBLISHING,
        .attempt = STR_LIT("uuid"),
        .code = STR_LIT("12052093"),
        .request_id = STR_LIT("r1"),
        .attempted_at = 1,
        .retry_at = 2,
        .status_at = 3,
        .created_at = 4,
        .updated_at = 5,
    };
    struct listing got;

    assert_int_equal(put(t, put_in), 1);
    assert_ok(listings(t)->get(t->s, put_in.seller_id, put_in.shop_id, put_in.product_id,
                               &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.remote_id, "1729592969712207008");
    assert_int_equal(got.state, LISTING_PLATFORM_OFF);
    assert_str(got.audit, "APPROVED");
    assert_str(got.reason, "counterfeit");
    assert_str(got.category_id, "600001");
    assert_str(got.version, "v2");
    assert_str(got.platforms, "TIKTOK_SHOP");
    assert_str(got.skus, "[]");
    assert_str(got.markets, "[{}]");
    assert_str(got.warnings, "[\"w\"]");
    assert_str(got.sent_hash, "ab");
    assert_str(got.refused_hash, "cd");
    assert_int_equal(got.doing, LISTING_PUBLISHING);
    assert_str(got.attempt, "uuid");
    assert_str(got.code, "12052093");
    assert_str(got.request_id, "r1");
    assert_int_equal(got.attempted_at, 1);
    assert_int_equal(got.retry_at, 2);
    assert_int_equal(got.status_at, 3);
    assert_int_equal(got.created_at, 4);
    assert_int_equal(got.updated_at, 5);
    assert_int_equal(got.version_no, 1);
}

static void who_read_an_older_one_may_not_write_over_it(void **state)
{
    struct store_test *t = *state;
    struct listing listing = a_listing("acme", "K-01"), got;

    listing.version_no = put(t, listing);
    listing.state = LISTING_LIVE;
    assert_int_equal(put(t, listing), 2);
    listing.state = LISTING_FAILED;
    listings(t)->put(t->s, &listing, NULL, &t->err);
    assert_failure(t, AISLE_CONFLICT,
                   "the listing of product K-01 in shop toko-a was changed meanwhile");
    assert_ok(listings(t)->get(t->s, listing.seller_id, listing.shop_id,
                               listing.product_id, &t->arena, &got, &t->err),
              &t->err);
    assert_int_equal(got.state, LISTING_LIVE);
}

static void one_is_found_by_the_marketplaces_id_in_its_shop(void **state)
{
    struct store_test *t = *state;
    struct listing listing = a_listing("acme", "K-01"), got;

    listing.remote_id = STR_LIT("77");
    put(t, listing);
    put(t, a_listing("acme", "K-02"));
    assert_ok(listings(t)->find(t->s, STR_LIT("acme"), STR_LIT("toko-a"), STR_LIT("77"),
                                &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.product_id, "K-01");
    listings(t)->find(t->s, STR_LIT("acme"), STR_LIT("toko-b"), STR_LIT("77"), &t->arena,
                      &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no listing of 77 in shop toko-b");
    listings(t)->find(t->s, STR_LIT("zeta"), STR_LIT("toko-a"), STR_LIT("77"), &t->arena,
                      &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no listing of 77 in shop toko-a");
    listings(t)->find(t->s, STR_LIT("acme"), STR_LIT("toko-a"), STR_LIT(""), &t->arena,
                      &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no listing of  in shop toko-a");
}

static void they_are_listed_by_key_and_filtered(void **state)
{
    struct store_test *t = *state;
    struct listing live = a_listing("acme", "K-03");

    live.state = LISTING_LIVE;
    live.doing = LISTING_EDITING;
    live.category_id = STR_LIT("600001");
    put(t, a_listing("zeta", "A"));
    put(t, live);
    put(t, a_listing("acme", "K-02"));
    put(t, a_listing("acme", "K-01"));
    see(t, (struct listing_filter){0});
    assert_seen(t, "acme/toko-a/K-01 draft idle\nacme/toko-a/K-02 draft idle\n"
                   "acme/toko-a/K-03 live editing\nzeta/toko-a/A draft idle\n");
    see(t, (struct listing_filter){.seller_id = STR_LIT("acme"), .limit = 1});
    assert_seen(t, "acme/toko-a/K-01 draft idle\n");
    see(t, (struct listing_filter){.after_seller = STR_LIT("acme"),
                                   .after_shop = STR_LIT("toko-a"),
                                   .after_product = STR_LIT("K-02")});
    assert_seen(t, "acme/toko-a/K-03 live editing\nzeta/toko-a/A draft idle\n");
    see(t, (struct listing_filter){.product_id = STR_LIT("A")});
    assert_seen(t, "zeta/toko-a/A draft idle\n");
    see(t, (struct listing_filter){.states = 1u << LISTING_LIVE});
    assert_seen(t, "acme/toko-a/K-03 live editing\n");
    see(t, (struct listing_filter){.under_way = true});
    assert_seen(t, "acme/toko-a/K-03 live editing\n");
    see(t, (struct listing_filter){.category_id = STR_LIT("600001")});
    assert_seen(t, "acme/toko-a/K-03 live editing\n");
}

/* ---- what leaves demand ---- */

static struct requirement_snapshot demands(const char *leaf, const char *body, int64_t at)
{
    struct requirement_snapshot r = {.channel = STR_LIT("tiktok"),
                                     .region = STR_LIT("ID"),
                                     .version = STR_LIT("v2"),
                                     .category_id = str_of(leaf),
                                     .locale = STR_LIT("id-ID"),
                                     .body = str_of(body),
                                     .checked_at = at};

    assert_int_equal(sha256_of(r.body, &r.hash, NULL), AISLE_OK);
    return r;
}

static bool keep(struct store_test *t, struct requirement_snapshot r)
{
    bool changed = false;

    assert_ok(listings(t)->put_requirement(t->s, &r, &changed, &t->err), &t->err);
    return changed;
}

static enum aisle_status see_requirement(void *ctx, const struct requirement_snapshot *r,
                                         struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s %.*s %lld..%lld\n", STR_ARG(r->category_id),
             STR_ARG(r->body), (long long)r->first_at, (long long)r->checked_at);
    return AISLE_OK;
}

static void a_demand_is_kept_anew_only_when_it_changed(void **state)
{
    struct store_test *t = *state;
    struct requirement_key all = {0},
                           leaf = {STR_LIT("tiktok"), STR_LIT("ID"), STR_LIT("v2"),
                                   STR_LIT("600001"), STR_LIT("id-ID")};
    struct requirement_snapshot got;

    assert_true(keep(t, demands("600001", "a", 100)));
    assert_false(keep(t, demands("600001", "a", 200)));
    assert_true(keep(t, demands("600001", "b", 300)));
    assert_true(keep(t, demands("600001", "a", 400))); /* back to what it was */
    assert_true(keep(t, demands("600002", "x", 150)));
    assert_ok(listings(t)->each_requirement(t->s, &all, see_requirement, t, &t->err),
              &t->err);
    assert_seen(t, "600001 a 400..400\n600001 b 300..300\n600001 a 100..200\n"
                   "600002 x 150..150\n");
    assert_ok(listings(t)->get_requirement(t->s, &leaf, &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.body, "a");
    assert_int_equal(got.first_at, 400);
    leaf.region = STR_LIT("MY");
    listings(t)->get_requirement(t->s, &leaf, &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "what category 600001 demands was never fetched");
}

/* ---- where leaves went ---- */

static void move(struct store_test *t, const char *to, int64_t at)
{
    struct category_move m = {STR_LIT("tiktok"), STR_LIT("ID"), STR_LIT("600001"),
                              str_of(to), at};

    assert_ok(listings(t)->put_move(t->s, &m, &t->err), &t->err);
}

static void the_newest_word_about_a_leaf_counts(void **state)
{
    struct store_test *t = *state;
    struct category_move got;

    move(t, "600003", 300);
    move(t, "600002", 200); /* came late */
    assert_ok(listings(t)->get_move(t->s, STR_LIT("tiktok"), STR_LIT("ID"),
                                    STR_LIT("600001"), &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.to_id, "600003");
    move(t, "600004", 400);
    assert_ok(listings(t)->get_move(t->s, STR_LIT("tiktok"), STR_LIT("ID"),
                                    STR_LIT("600001"), &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.to_id, "600004");
    listings(t)->get_move(t->s, STR_LIT("tiktok"), STR_LIT("MY"), STR_LIT("600001"),
                          &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "nothing was moved from category 600001");
}

static const struct contract_case cases[] = {
    CASE(a_listing_comes_back_as_it_was_put),
    CASE(who_read_an_older_one_may_not_write_over_it),
    CASE(one_is_found_by_the_marketplaces_id_in_its_shop),
    CASE(they_are_listed_by_key_and_filtered),
    CASE(a_demand_is_kept_anew_only_when_it_changed),
    CASE(the_newest_word_about_a_leaf_counts),
};
const struct contract_table contract_listings = CONTRACT_TABLE(cases);
