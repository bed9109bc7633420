/* Sellers, shops, keys, targets. */
#include "contract.h"

static const struct store_shops *shops(const struct store_test *t)
{
    return t->s->ops->shops;
}

static void put(struct store_test *t, struct shop shop)
{
    assert_ok(shops(t)->put_shop(t->s, &shop, &t->err), &t->err);
}

static void a_seller_is_added_and_renamed(void **state)
{
    struct store_test *t = *state;
    struct seller acme = {STR_LIT("acme"), STR_LIT("Acme")};
    struct seller zeta = {STR_LIT("zeta"), STR_LIT("")};

    assert_ok(shops(t)->put_seller(t->s, &zeta, &t->err), &t->err);
    assert_ok(shops(t)->put_seller(t->s, &acme, &t->err), &t->err);
    acme.name = STR_LIT("PT Acme");
    assert_ok(shops(t)->put_seller(t->s, &acme, &t->err), &t->err);
    assert_ok(shops(t)->each_seller(t->s, see_seller, t, &t->err), &t->err);
    assert_seen(t, "acme PT Acme\nzeta -\n");
}

static void a_shop_comes_with_its_seller_and_without_keys(void **state)
{
    struct store_test *t = *state;
    struct shop shop = a_shop("toko-b", "acme");

    shop.sealed = STR_LIT("sealed elsewhere");
    shop.keys_version = 7;
    shop.api_url = STR_LIT("http://127.0.0.1:1");
    shop.auth_url = STR_LIT("http://127.0.0.1:2");
    put(t, shop);
    put(t, a_shop("toko-a", "acme"));
    assert_ok(shops(t)->each_shop(t->s, see_shop, t, &t->err), &t->err);
    assert_seen(t, "toko-a acme tiktok Toko 7494 ID app - - - 0 100\n"
                   "toko-b acme tiktok Toko 7494 ID app http://127.0.0.1:1 "
                   "http://127.0.0.1:2 - 0 100\n");
    assert_ok(shops(t)->each_seller(t->s, see_seller, t, &t->err), &t->err);
    assert_seen(t, "acme -\n");
}

static void a_new_shop_leaves_its_sellers_name_alone(void **state)
{
    struct store_test *t = *state;
    struct seller acme = {STR_LIT("acme"), STR_LIT("Acme")};

    assert_ok(shops(t)->put_seller(t->s, &acme, &t->err), &t->err);
    put(t, a_shop("toko-a", "acme"));
    assert_ok(shops(t)->each_seller(t->s, see_seller, t, &t->err), &t->err);
    assert_seen(t, "acme Acme\n");
}

static void a_shop_changes_in_all_but_its_keys_and_birth(void **state)
{
    struct store_test *t = *state;
    struct shop shop = a_shop("toko-a", "acme"), got;
    int64_t version = 0;

    put(t, shop);
    assert_ok(shops(t)->put_keys(t->s, shop.id, 0, STR_LIT("k1"), &version, &t->err),
              &t->err);
    shop.name = STR_LIT("Toko Baru");
    shop.remote_id = STR_LIT("1");
    shop.region = STR_LIT("MY");
    shop.seller_type = STR_LIT("CROSS_BORDER");
    shop.app_key = STR_LIT("app2");
    shop.created_at = 999;
    put(t, shop);
    assert_ok(shops(t)->get_shop(t->s, shop.id, &t->arena, &got, &t->err), &t->err);
    see_shop(t, &got, NULL);
    assert_seen(t, "toko-a acme tiktok Toko Baru 1 MY app2 - - k1 1 100\n");
    assert_str(got.seller_type, "CROSS_BORDER");
}

static void a_shop_does_not_change_hands_or_channel(void **state)
{
    struct store_test *t = *state;
    struct shop shop = a_shop("toko-a", "acme"), other = a_shop("toko-a", "zeta");

    put(t, shop);
    shops(t)->put_shop(t->s, &other, &t->err);
    assert_failure(t, AISLE_CONFLICT, "shop toko-a is a tiktok shop of seller acme");
    shop.channel = STR_LIT("tokopedia");
    shops(t)->put_shop(t->s, &shop, &t->err);
    assert_failure(t, AISLE_CONFLICT, "shop toko-a is a tiktok shop of seller acme");
    assert_ok(shops(t)->each_seller(t->s, see_seller, t, &t->err), &t->err);
    assert_seen(t, "acme -\n"); /* nothing of it is there */
}

static void an_unknown_shop_is_not_found(void **state)
{
    struct store_test *t = *state;
    struct shop got = {.id = STR_LIT("untouched")};
    struct target target = {.id = STR_LIT("toko-x"), .shop_id = STR_LIT("toko-x")};
    int64_t version = 77;

    shops(t)->get_shop(t->s, STR_LIT("toko-x"), &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no shop toko-x");
    assert_str(got.id, "untouched");
    shops(t)->drop_shop(t->s, STR_LIT("toko-x"), &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no shop toko-x");
    shops(t)->put_keys(t->s, STR_LIT("toko-x"), 0, STR_LIT("k"), &version, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no shop toko-x");
    assert_int_equal(version, 77);
    shops(t)->put_target(t->s, &target, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no shop toko-x");
}

static void keys_are_replaced_by_whoever_read_the_last_ones(void **state)
{
    struct store_test *t = *state;
    struct shop got;
    struct str id = STR_LIT("toko-a");
    int64_t version = 0;

    put(t, a_shop("toko-a", "acme"));
    assert_ok(shops(t)->put_keys(t->s, id, 0, STR_LIT("first"), &version, &t->err),
              &t->err);
    assert_int_equal(version, 1);
    shops(t)->put_keys(t->s, id, 0, STR_LIT("late"), &version, &t->err);
    assert_failure(t, AISLE_CONFLICT, "the keys of shop toko-a were changed meanwhile");
    assert_int_equal(version, 1);
    assert_ok(shops(t)->put_keys(t->s, id, 1, STR_LIT("second"), &version, &t->err),
              &t->err);
    assert_int_equal(version, 2);
    assert_ok(shops(t)->get_shop(t->s, id, &t->arena, &got, &t->err), &t->err);
    assert_str(got.sealed, "second");
    assert_int_equal(got.keys_version, 2);
}

static void targets_are_listed_by_shop_and_id(void **state)
{
    struct store_test *t = *state;
    struct target v1 = {STR_LIT("toko-a:v1"), STR_LIT("toko-a"), STR_LIT("v1"),
                        STR_LIT("")};
    struct target b = {STR_LIT("toko-b"), STR_LIT("toko-b"), STR_LIT(""), STR_LIT("")};

    put_shop_and_target(t);
    put(t, a_shop("toko-b", "acme"));
    assert_ok(shops(t)->put_target(t->s, &b, &t->err), &t->err);
    assert_ok(shops(t)->put_target(t->s, &v1, &t->err), &t->err);
    assert_ok(shops(t)->put_target(t->s, &v1, &t->err), &t->err);
    assert_ok(shops(t)->each_target(t->s, STR_LIT(""), see_target, t, &t->err), &t->err);
    assert_seen(t, "toko-a:v1 toko-a v1 -\n"
                   "toko-a:v2:TIKTOK_SHOP toko-a v2 TIKTOK_SHOP\n"
                   "toko-b toko-b - -\n");
    assert_ok(shops(t)->each_target(t->s, STR_LIT("toko-b"), see_target, t, &t->err),
              &t->err);
    assert_seen(t, "toko-b toko-b - -\n");
}

static void a_dropped_shop_takes_targets_keys_and_uploads_along(void **state)
{
    struct store_test *t = *state;
    const struct store_catalogue *catalogue = t->s->ops->catalogue;
    struct product product = a_product("acme", "K-01");
    struct pushed_image pushed = a_pushed_image("uuid-1", "bytes"), got;
    struct decision_write decision = a_decision("K-01", DECISION_ACCEPTED, "600001");
    struct run_step step = {.pushed = &pushed,
                            .seller_id = STR_LIT("acme"),
                            .shop_id = STR_LIT("toko-a"),
                            .link_image_id = STR_LIT("img-1"),
                            .link_channel_image_id = STR_LIT("uuid-1"),
                            .decisions = &decision,
                            .decision_count = 1};
    struct product_image image;
    struct decision standing;
    struct test_tree tree;
    struct taxonomy loaded;
    int64_t snapshot;

    put_shop_and_target(t);
    product.image_id = STR_LIT("img-1");
    product.image_location = STR_LIT("https://acme.example/kaos.jpg");
    assert_ok(catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err), &t->err);
    tree_read(&tree, "1 0 Fashion\n2 1 Kaos*", NULL);
    assert_ok(tree_apply(t, &tree, 0, 10, &snapshot), &t->err);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);

    assert_ok(shops(t)->drop_shop(t->s, STR_LIT("toko-a"), &t->err), &t->err);
    assert_ok(shops(t)->each_shop(t->s, see_shop, t, &t->err), &t->err);
    assert_ok(shops(t)->each_target(t->s, STR_LIT(""), see_target, t, &t->err), &t->err);
    assert_seen(t, "");
    assert_status(catalogue->get_pushed(t->s, STR_LIT("acme"), STR_LIT("toko-a"),
                                        STR_LIT("uuid-1"), &t->arena, &got, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(catalogue->get_image(t->s, STR_LIT("acme"), STR_LIT("img-1"),
                                   STR_LIT("toko-a"), &t->arena, &image, &t->err),
              &t->err);
    assert_str(image.channel_image_id, "");
    /* what stays */
    assert_ok(t->s->ops->trees->load(t->s, STR_LIT(TARGET), 0, &t->arena, NULL, &loaded,
                                     &t->err),
              &t->err);
    assert_int_equal(loaded.count, 2);
    assert_ok(t->s->ops->decisions->get(t->s, STR_LIT("acme"), STR_LIT(TARGET),
                                        SCOPE_PRODUCT, STR_LIT("K-01"), &t->arena,
                                        &standing, &t->err),
              &t->err);
    assert_str(standing.category_id, "600001");
}

static const struct contract_case cases[] = {
    CASE(a_seller_is_added_and_renamed),
    CASE(a_shop_comes_with_its_seller_and_without_keys),
    CASE(a_new_shop_leaves_its_sellers_name_alone),
    CASE(a_shop_changes_in_all_but_its_keys_and_birth),
    CASE(a_shop_does_not_change_hands_or_channel),
    CASE(an_unknown_shop_is_not_found),
    CASE(keys_are_replaced_by_whoever_read_the_last_ones),
    CASE(targets_are_listed_by_shop_and_id),
    CASE(a_dropped_shop_takes_targets_keys_and_uploads_along),
};
const struct contract_table contract_shops = CONTRACT_TABLE(cases);
