/* The twelve steps of the guide "Map product categories to TikTok Shop product
 * categories", each held against the rows it speaks of.
 *
 * What is written goes through the contract, as the flows do it. What is read is read
 * with plain SQL on a connection of its own, as somebody with the guide in one hand and
 * the sqlite3 shell in the other would.
 */
#include "store_test.h"

#include "store/sqlite/driver.h"

#include "base/clock.h"

static int begin(void **state)
{
    *state = store_test_new(&store_sqlite_ops);
    return 0;
}

/* A synced tree, and product K-01 of seller acme as an import brings it. */
static void put_ground(struct store_test *t)
{
    struct product kaos = a_product("acme", "K-01");
    struct test_tree tree;
    int64_t id;

    put_shop_and_target(t);
    tree_read(&tree, "600001 0 Menswear\n601226 600001 T-shirts*!AVAILABLE",
              "600001 0 Pakaian Pria\n601226 600001 Kaos*!AVAILABLE");
    assert_ok(tree_apply(t, &tree, 0, 1000, &id), &t->err);
    kaos.title = STR_LIT("Kaos Polos Pria");
    kaos.image_id = STR_LIT("img-7");
    kaos.image_location = STR_LIT("https://acme.example/img/kaos.jpg");
    assert_ok(t->s->ops->catalogue->put_products(t->s, &kaos, 1, 1000, NULL, &t->err),
              &t->err);
}

/* Steps 1 to 3: what is known before anything is called. */
static void read_product_and_image(struct store_test *t)
{
    struct product product;
    struct product_image image;

    assert_sql(t, "SELECT id, title, seller_category_id, image_id FROM product",
               "K-01|Kaos Polos Pria|Fashion > Kaos|img-7\n");
    assert_sql(t,
               "SELECT image_id, file_name, channel_image_id FROM product_image_mapping "
               "WHERE image_id = 'img-7' AND shop_id = 'toko-a'",
               "img-7|kaos.jpg|NULL\n");
    assert_sql(t,
               "SELECT l.location FROM product_image_mapping i JOIN local_image l "
               "ON l.seller_id = i.seller_id AND l.id = i.local_image_id",
               "https://acme.example/img/kaos.jpg\n");

    assert_ok(t->s->ops->catalogue->get_product(t->s, STR_LIT("acme"), STR_LIT("K-01"),
                                                &t->arena, &product, &t->err),
              &t->err);
    assert_ok(t->s->ops->catalogue->get_image(t->s, STR_LIT("acme"), product.image_id,
                                              STR_LIT("toko-a"), &t->arena, &image,
                                              &t->err),
              &t->err);
    assert_str(image.location, "https://acme.example/img/kaos.jpg");
    assert_true(str_empty(image.channel_image_id));
}

/* Steps 4 to 9: the bytes are uploaded; uri and url are kept under a new UUID, and the
 * image is linked to it. */
static void keep_uploaded_image(struct store_test *t, char uuid[UUID_LEN + 1])
{
    struct pushed_image pushed;
    struct run_step step;
    struct str linked;

    uuid_v4(rng_system(), uuid);
    pushed = a_pushed_image(uuid, "the bytes of kaos.jpg");
    pushed.uri = STR_LIT("tos-maliva-i-o3syd03w52-us/c668cdf70b7f483c94dbe");
    pushed.url = STR_LIT("https://p16-oec-va.ibyteimg.com/tos-maliva/c668cdf7.jpeg");
    step = (struct run_step){.pushed = &pushed,
                             .seller_id = STR_LIT("acme"),
                             .shop_id = STR_LIT("toko-a"),
                             .link_image_id = STR_LIT("img-7"),
                             .link_channel_image_id = str_of(uuid)};
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);

    assert_sql(t, "SELECT length(id), uri, url FROM channel_image",
               "36|tos-maliva-i-o3syd03w52-us/c668cdf70b7f483c94dbe|"
               "https://p16-oec-va.ibyteimg.com/tos-maliva/c668cdf7.jpeg\n");
    linked = arena_fmt(&t->arena, "img-7|%s\n", uuid);
    assert_sql(t,
               "SELECT image_id, channel_image_id FROM product_image_mapping "
               "WHERE shop_id = 'toko-a'",
               linked.p);
}

/* Steps 10 and 11: asked with title and uri, and answered with a leaf. */
static void keep_answer(struct store_test *t)
{
    struct answer answer = {.seller_id = STR_LIT("acme"),
                            .target_id = STR_LIT(TARGET),
                            .question = STR_LIT("5e1f"),
                            .category_id = STR_LIT("601226"),
                            .request_id = STR_LIT("2026112120585601"),
                            .with_image = true,
                            .at = 1100};
    struct run_step step = {.answer = &answer};

    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    assert_sql(t, "SELECT category_id, with_image FROM answer", "601226|1\n");
    /* the manual steps' 17: it is one of the categories stored */
    assert_sql(t,
               "SELECT locale, parent_id, local_name, is_leaf FROM category_now "
               "WHERE target_id = '" TARGET "' AND id = '601226' ORDER BY locale",
               "en-US|600001|T-shirts|1\nid-ID|600001|Kaos|1\n");
}

/* Step 12: the seller category's mapping. */
static void keep_mapping(struct store_test *t)
{
    struct decision_write w = a_decision("Fashion > Kaos", DECISION_ACCEPTED, "601226");

    w.d.scope = SCOPE_SELLER_CATEGORY;
    w.d.advisor = ADVISOR_MARKETPLACE;
    w.expected = 0;
    assert_sql(t, "SELECT count(*) FROM category_mapping", "0\n");
    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
    assert_sql(t,
               "SELECT local_category_id, category_id FROM category_mapping "
               "WHERE target_id = '" TARGET "'",
               "Fashion > Kaos|601226\n");
    assert_sql(t, "SELECT scope, state, advisor, who FROM decision",
               "seller-category|accepted|marketplace|budi\n");
}

static void the_twelve_steps_stand_in_the_tables_row_by_row(void **state)
{
    struct store_test *t = *state;
    char uuid[UUID_LEN + 1];
    size_t undecided = 9;

    put_ground(t);
    read_product_and_image(t);
    keep_uploaded_image(t, uuid);
    keep_answer(t);
    keep_mapping(t);
    assert_ok(t->s->ops->catalogue->count_products(
                  t->s, &(struct product_filter){.undecided_for = STR_LIT(TARGET)},
                  &undecided, &t->err),
              &t->err);
    assert_int_equal(undecided, 0);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

/* "If not, add it to the table." */
static void a_leaf_the_tree_lacks_is_kept_beside_it(void **state)
{
    struct store_test *t = *state;
    struct provisional_category leaf = {STR_LIT(TARGET), STR_LIT("601999"),
                                        STR_LIT("Kaos Polo"), STR_LIT("600001"), 1100};
    struct run_step step = {.provisional = &leaf};

    put_ground(t);
    assert_sql(t, "SELECT count(*) FROM category_now WHERE id = '601999'", "0\n");
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    assert_sql(t, "SELECT target_id, id, name, parent_id FROM provisional_category",
               TARGET "|601999|Kaos Polo|600001\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, store_test_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_twelve_steps_stand_in_the_tables_row_by_row),
        TEST(a_leaf_the_tree_lacks_is_kept_beside_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
