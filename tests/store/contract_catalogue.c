/* Products, seller categories, images. */
#include "contract.h"

#include <pthread.h>
#include <stdio.h>

static const struct store_catalogue *catalogue(const struct store_test *t)
{
    return t->s->ops->catalogue;
}

static struct put_counts put(struct store_test *t, const struct product *list,
                             size_t count, int64_t at)
{
    struct put_counts counts = {0};

    assert_ok(catalogue(t)->put_products(t->s, list, count, at, &counts, &t->err),
              &t->err);
    return counts;
}

static struct product get(struct store_test *t, const char *seller_id, const char *id)
{
    struct product got;

    assert_ok(catalogue(t)->get_product(t->s, str_of(seller_id), str_of(id), &t->arena,
                                        &got, &t->err),
              &t->err);
    return got;
}

static struct product_image get_image(struct store_test *t, const char *image_id,
                                      const char *shop_id)
{
    struct product_image got;

    assert_ok(catalogue(t)->get_image(t->s, STR_LIT("acme"), str_of(image_id),
                                      str_of(shop_id), &t->arena, &got, &t->err),
              &t->err);
    return got;
}

static void push_and_link(struct store_test *t, const char *image_id, const char *uuid)
{
    struct pushed_image pushed = a_pushed_image(uuid, "bytes");
    struct run_step step = {.pushed = &pushed,
                            .seller_id = STR_LIT("acme"),
                            .shop_id = STR_LIT("toko-a"),
                            .link_image_id = str_of(image_id),
                            .link_channel_image_id = str_of(uuid)};

    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
}

static void a_product_comes_back_whole(void **state)
{
    struct store_test *t = *state;
    struct product p = {
        .seller_id = STR_LIT("acme"),
        .id = STR_LIT("K-01"),
        .title = STR_LIT("Kaos \xe2\x98\x95 Polos"),
        .description = STR_LIT("Katun\nadem"),
        .brand = STR_LIT("Bram"),
        .seller_category_id = STR_LIT("Fashion > Kaos"),
        .image_id = STR_LIT("img-1"),
        .image_location = STR_LIT("https://acme.example/a/kaos.jpg?v=2"),
        .attributes = STR_LIT("{\"size\":\"L\"}"),
        .price_minor = 4999900,
        .currency = STR_LIT("IDR"),
        .created_at = 1,
        .updated_at = 2,
        .version = 3,
    };
    struct product got;

    assert_int_equal(put(t, &p, 1, 1000).added, 1);
    got = get(t, "acme", "K-01");
    assert_true(product_same(&got, &p));
    assert_str(got.seller_id, "acme");
    assert_str(got.id, "K-01");
    assert_str(got.image_id, "img-1");
    assert_int_equal(got.created_at, 1000);
    assert_int_equal(got.updated_at, 1000);
    assert_int_equal(got.version, 1);
}

static void a_product_without_image_or_category_has_neither(void **state)
{
    struct store_test *t = *state;
    struct product p = a_product("acme", "K-01"), got;

    p.seller_category_id = STR_LIT("");
    p.image_id = STR_LIT("img-1"); /* of nothing */
    put(t, &p, 1, 1);
    got = get(t, "acme", "K-01");
    assert_str(got.image_id, "");
    assert_str(got.image_location, "");
    assert_int_equal(got.price_minor, -1);
    assert_ok(
        catalogue(t)->each_seller_category(t->s, STR_LIT(""), see_category, t, &t->err),
        &t->err);
    assert_seen(t, "");
}

static void equal_products_are_left_alone_and_changed_ones_counted(void **state)
{
    struct store_test *t = *state;
    struct product list[3] = {a_product("acme", "A"), a_product("acme", "B"),
                              a_product("acme", "C")};
    struct put_counts counts;
    struct product got;

    counts = put(t, list, 2, 1000);
    assert_int_equal(counts.added, 2);
    list[1].title = STR_LIT("Kemeja");
    list[0].created_at = 5; /* none of its content */
    counts = put(t, list, 3, 2000);
    assert_int_equal(counts.added, 1);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(counts.same, 1);
    got = get(t, "acme", "A");
    assert_int_equal(got.version, 1);
    assert_int_equal(got.updated_at, 1000);
    got = get(t, "acme", "B");
    assert_str(got.title, "Kemeja");
    assert_int_equal(got.version, 2);
    assert_int_equal(got.created_at, 1000);
    assert_int_equal(got.updated_at, 2000);
    /* counts is added to */
    assert_ok(catalogue(t)->put_products(t->s, list, 3, 3000, &counts, &t->err), &t->err);
    assert_int_equal(counts.same, 4);
    assert_int_equal(counts.added, 1);
}

static void a_product_twice_in_one_piece_is_the_later_one(void **state)
{
    struct store_test *t = *state;
    struct product list[2] = {a_product("acme", "A"), a_product("acme", "A")};
    struct put_counts counts;

    list[1].title = STR_LIT("Later");
    counts = put(t, list, 2, 1000);
    assert_int_equal(counts.added, 1);
    assert_int_equal(counts.changed, 1);
    assert_str(get(t, "acme", "A").title, "Later");
}

static void a_product_is_changed_by_who_saw_it_last(void **state)
{
    struct store_test *t = *state;
    struct product p = a_product("acme", "A");

    assert_ok(catalogue(t)->change_product(t->s, &p, 0, 1000, &t->err), &t->err);
    assert_status(catalogue(t)->change_product(t->s, &p, 0, 1000, NULL), AISLE_CONFLICT,
                  NULL);
    p.title = STR_LIT("Kemeja");
    assert_ok(catalogue(t)->change_product(t->s, &p, 1, 2000, &t->err), &t->err);
    p.title = STR_LIT("Too late");
    assert_status(catalogue(t)->change_product(t->s, &p, 1, 3000, &t->err),
                  AISLE_CONFLICT, &t->err);
    assert_str(get(t, "acme", "A").title, "Kemeja");
    assert_int_equal(get(t, "acme", "A").version, 2);
    t->err = (struct aisle_err){0};
    /* equal to what is there: fine, and nothing changes */
    p.title = STR_LIT("Kemeja");
    assert_ok(catalogue(t)->change_product(t->s, &p, 2, 3000, &t->err), &t->err);
    assert_int_equal(get(t, "acme", "A").version, 2);
    p.id = STR_LIT("B");
    assert_status(catalogue(t)->change_product(t->s, &p, 7, 3000, NULL), AISLE_CONFLICT,
                  NULL);
}

struct race {
    struct store *s;
    const char *title;
    enum aisle_status status;
};

static void *change_at_once(void *ctx)
{
    struct race *r = ctx;
    struct product p = a_product("acme", "A");

    p.title = str_of(r->title);
    r->status = r->s->ops->catalogue->change_product(r->s, &p, 1, 2000, NULL);
    return NULL;
}

static void of_many_who_change_a_product_at_once_one_does(void **state)
{
    static const char *const titles[] = {"One", "Two", "Three", "Four"};
    struct store_test *t = *state;
    struct product p = a_product("acme", "A");
    struct race races[COUNT(titles)];
    pthread_t threads[COUNT(titles)];
    size_t won = 0;

    put(t, &p, 1, 1000);
    for (size_t i = 0; i < COUNT(titles); i++) {
        races[i] = (struct race){t->s, titles[i], AISLE_OK};
        assert_int_equal(pthread_create(&threads[i], NULL, change_at_once, &races[i]), 0);
    }
    for (size_t i = 0; i < COUNT(titles); i++) {
        pthread_join(threads[i], NULL);
        won += races[i].status == AISLE_OK;
        assert_true(races[i].status == AISLE_OK || races[i].status == AISLE_CONFLICT);
    }
    assert_int_equal(won, 1);
    assert_int_equal(get(t, "acme", "A").version, 2);
}

static void products_go_in_all_or_none(void **state)
{
    struct store_test *t = *state;
    static char long_id[PRODUCT_MAX_FIELD + 2];
    struct product list[2] = {a_product("acme", "A"), a_product("acme", "B")};
    struct put_counts counts = {.added = 7};
    size_t count = 9;

    memset(long_id, 'x', sizeof long_id - 1);
    list[1].image_id = str_of(long_id);
    list[1].image_location = STR_LIT("a.jpg");
    assert_status(catalogue(t)->put_products(t->s, list, 2, 1, &counts, &t->err),
                  AISLE_LIMIT, &t->err);
    last_failure(t);
    assert_int_equal(counts.added, 7);
    assert_ok(
        catalogue(t)->count_products(t->s, &(struct product_filter){0}, &count, &t->err),
        &t->err);
    assert_int_equal(count, 0);
    assert_ok(t->s->ops->shops->each_seller(t->s, see_seller, t, &t->err), &t->err);
    assert_seen(t, "");
}

static void a_product_brings_its_seller_and_category(void **state)
{
    struct store_test *t = *state;
    struct product list[4] = {a_product("acme", "A"), a_product("acme", "B"),
                              a_product("acme", "C"), a_product("zeta", "A")};

    list[2].seller_category_id = STR_LIT("Celana");
    put(t, list, 4, 1);
    list[1].seller_category_id = STR_LIT("Celana");
    put(t, &list[1], 1, 2);
    assert_ok(t->s->ops->shops->each_seller(t->s, see_seller, t, &t->err), &t->err);
    assert_seen(t, "acme -\nzeta -\n");
    assert_ok(
        catalogue(t)->each_seller_category(t->s, STR_LIT(""), see_category, t, &t->err),
        &t->err);
    assert_seen(t, "acme Celana Celana 2\nacme Fashion > Kaos Fashion > Kaos 1\n"
                   "zeta Fashion > Kaos Fashion > Kaos 1\n");
    assert_ok(catalogue(t)->each_seller_category(t->s, STR_LIT("zeta"), see_category, t,
                                                 &t->err),
              &t->err);
    assert_seen(t, "zeta Fashion > Kaos Fashion > Kaos 1\n");
}

static void an_unknown_product_is_not_found(void **state)
{
    struct store_test *t = *state;
    struct product p = a_product("acme", "A"), got = {.id = STR_LIT("untouched")};

    put(t, &p, 1, 1);
    catalogue(t)->get_product(t->s, STR_LIT("zeta"), STR_LIT("A"), &t->arena, &got,
                              &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "seller zeta has no product A");
    assert_str(got.id, "untouched");
    catalogue(t)->drop_product(t->s, STR_LIT("acme"), STR_LIT("B"), 0, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "seller acme has no product B");
}

static void a_product_is_dropped_as_it_was_seen_only(void **state)
{
    struct store_test *t = *state;
    struct product p = a_product("acme", "A"), got;

    put(t, &p, 1, 1);
    assert_ok(
        catalogue(t)->get_product(t->s, p.seller_id, p.id, &t->arena, &got, &t->err),
        &t->err);
    catalogue(t)->drop_product(t->s, p.seller_id, p.id, got.version + 1, &t->err);
    assert_failure(t, AISLE_CONFLICT, "product A of seller acme was changed meanwhile");
    assert_ok(catalogue(t)->drop_product(t->s, p.seller_id, p.id, got.version, &t->err),
              &t->err);
    catalogue(t)->drop_product(t->s, p.seller_id, p.id, got.version, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "seller acme has no product A");
}

/* ---- lists ---- */

static const struct {
    const char *says;
    struct product_filter filter;
    const char *want;
} filter_cases[] = {
    {"all",
     {.limit = 0},
     "acme/A\nacme/B\nacme/C\nacme/D\nacme/E\nacme/F\nzeta/A\nzeta/B\n"},
    {"a limit", {.limit = 2}, "acme/A\nacme/B\n"},
    {"one seller's", {.seller_id = STR_INIT("zeta")}, "zeta/A\nzeta/B\n"},
    {"nobody's", {.seller_id = STR_INIT("nobody")}, ""},
    {"behind a key",
     {.after_seller = STR_INIT("acme"), .after_id = STR_INIT("C")},
     "acme/D\nacme/E\nacme/F\nzeta/A\nzeta/B\n"},
    {"behind the last of a seller",
     {.after_seller = STR_INIT("acme"), .after_id = STR_INIT("F"), .limit = 1},
     "zeta/A\n"},
    {"behind a key that is none",
     {.after_seller = STR_INIT("acme"), .after_id = STR_INIT("BB"), .limit = 1},
     "acme/C\n"},
    {"behind the end", {.after_seller = STR_INIT("zz")}, ""},
    {"one seller's behind a key",
     {.seller_id = STR_INIT("acme"),
      .after_seller = STR_INIT("acme"),
      .after_id = STR_INIT("B")},
     "acme/C\nacme/D\nacme/E\nacme/F\n"},
    {"one seller's behind an id",
     {.seller_id = STR_INIT("acme"), .after_id = STR_INIT("D")},
     "acme/E\nacme/F\n"},
    {"one seller's behind an earlier seller's",
     {.seller_id = STR_INIT("zeta"),
      .after_seller = STR_INIT("acme"),
      .after_id = STR_INIT("Z")},
     "zeta/A\nzeta/B\n"},
    {"one seller's behind a later seller's",
     {.seller_id = STR_INIT("acme"), .after_seller = STR_INIT("zeta")},
     ""},
    {"of one category",
     {.has_seller_category = true, .seller_category_id = STR_INIT("Celana")},
     "acme/B\nacme/E\nacme/F\nzeta/B\n"},
    {"of no category",
     {.seller_id = STR_INIT("acme"), .has_seller_category = true},
     "acme/D\n"},
    {"undecided",
     {.undecided_for = STR_INIT(TARGET)},
     "acme/C\nacme/D\nacme/E\nzeta/A\nzeta/B\n"},
    {"undecided, and for a run to decide",
     {.undecided_for = STR_INIT(TARGET), .for_run = true},
     "acme/C\nacme/D\nzeta/A\nzeta/B\n"},
    {"undecided elsewhere",
     {.undecided_for = STR_INIT("toko-x"), .limit = 3},
     "acme/A\nacme/B\nacme/C\n"},
    {"undecided, page by page",
     {.undecided_for = STR_INIT(TARGET),
      .seller_id = STR_INIT("acme"),
      .after_id = STR_INIT("A"),
      .limit = 1},
     "acme/C\n"},
    {"everything at once",
     {.undecided_for = STR_INIT(TARGET),
      .has_seller_category = true,
      .seller_category_id = STR_INIT("Celana"),
      .seller_id = STR_INIT("zeta"),
      .after_seller = STR_INIT("zeta"),
      .after_id = STR_INIT("A")},
     "zeta/B\n"},
};

/* A has a decision of its own, B by its category; C was rejected, D merely proposed. Of
 * the category's leaf E was told that it is wrong, F of another. */
static void put_decided(struct store_test *t)
{
    struct product list[8] = {a_product("zeta", "B"), a_product("acme", "D"),
                              a_product("acme", "A"), a_product("acme", "C"),
                              a_product("zeta", "A"), a_product("acme", "B"),
                              a_product("acme", "E"), a_product("acme", "F")};
    struct decision_write decisions[] = {
        a_decision("A", DECISION_NONE, ""),
        a_decision("Celana", DECISION_ACCEPTED, "30"),
        a_decision("C", DECISION_ACCEPTED, "30"),
        a_decision("C", DECISION_REJECTED, "30"),
        a_decision("D", DECISION_PROPOSED, "30"),
        a_decision("E", DECISION_REJECTED, "30"),
        a_decision("F", DECISION_REJECTED, "31"),
    };

    decisions[1].d.scope = SCOPE_SELLER_CATEGORY;
    list[0].seller_category_id = list[5].seller_category_id = STR_LIT("Celana");
    list[6].seller_category_id = list[7].seller_category_id = STR_LIT("Celana");
    list[1].seller_category_id = STR_LIT("");
    put(t, list, 8, 1);
    assert_ok(
        t->s->ops->decisions->append(t->s, decisions, COUNT(decisions), NULL, &t->err),
        &t->err);
}

static void products_are_listed_in_order_page_by_page(void **state)
{
    struct store_test *t = *state;

    put_decided(t);
    for (size_t i = 0; i < COUNT(filter_cases); i++) {
        size_t count = 99, lines = 0;

        assert_ok(catalogue(t)->each_product(t->s, &filter_cases[i].filter, see_product,
                                             t, &t->err),
                  &t->err);
        assert_text(filter_cases[i].says, buf_str(&t->seen), filter_cases[i].want);
        buf_reset(&t->seen);
        assert_ok(
            catalogue(t)->count_products(t->s, &filter_cases[i].filter, &count, &t->err),
            &t->err);
        for (const char *p = filter_cases[i].want; *p; p++)
            lines += *p == '\n';
        assert_int_equal(count, lines);
    }
}

static const struct {
    const char *says;
    struct product_filter filter;
    const char *want;
} words_cases[] = {
    {"of the title", {.words = STR_INIT("polos")}, "acme/A\nacme/B\nzeta/Z\n"},
    {"in either case", {.words = STR_INIT("KAOS pOLOS")}, "acme/A\nzeta/Z\n"},
    {"a piece of one", {.words = STR_INIT("elan")}, "acme/B\n"},
    {"one of the title, one the brand", {.words = STR_INIT("erigo kaos")}, "acme/A\n"},
    {"of the id", {.words = STR_INIT("c-10")}, "acme/C-10\n"},
    {"blanks around", {.words = STR_INIT("  celana  polos ")}, "acme/B\n"},
    {"blanks alone", {.words = STR_INIT("  "), .limit = 1}, "acme/A\n"},
    {"none has all", {.words = STR_INIT("celana kaos")}, ""},
    {"a sign of patterns is a sign", {.words = STR_INIT("100%_\\")}, "acme/C-10\n"},
    {"and no pattern", {.words = STR_INIT("k%s")}, ""},
    {"nor one character", {.words = STR_INIT("ka_s")}, ""},
    {"a quote", {.words = STR_INIT("o'neill")}, "acme/D\n"},
    {"beyond ASCII as written", {.words = STR_INIT("caf\xC3\xA9")}, "acme/D\n"},
    {"more words than are looked for",
     {.words = STR_INIT("k a o s p o l o not-there")},
     "acme/A\nzeta/Z\n"},
    {"of one seller, behind a key",
     {.words = STR_INIT("polos"),
      .seller_id = STR_INIT("acme"),
      .after_id = STR_INIT("A")},
     "acme/B\n"},
    {"not beyond the end",
     {.words = STR_INIT("polos"),
      .until_seller = STR_INIT("acme"),
      .until_id = STR_INIT("A")},
     "acme/A\n"},
    {"the end itself among them",
     {.until_seller = STR_INIT("acme"), .until_id = STR_INIT("C-10")},
     "acme/A\nacme/B\nacme/C-10\n"},
    {"undecided, of a category",
     {.words = STR_INIT("polos"),
      .undecided_for = STR_INIT(TARGET),
      .has_seller_category = true,
      .seller_category_id = STR_INIT("Fashion > Kaos")},
     "acme/A\nacme/B\nzeta/Z\n"},
};

static struct product a_named(const char *seller, const char *id, const char *title,
                              const char *brand)
{
    struct product p = a_product(seller, id);

    p.title = str_of(title);
    p.brand = str_of(brand);
    return p;
}

static void products_are_found_by_words(void **state)
{
    struct store_test *t = *state;
    const struct product list[] = {
        a_named("acme", "A", "Kaos Polos Pria", "ERIGO"),
        a_named("acme", "B", "Celana polos", ""),
        a_named("acme", "C-10", "Katun 100%_\\", ""),
        a_named("acme", "D", "Caf\xC3\xA9 O'Neill", ""),
        a_named("zeta", "Z", "kaos polos", "x"),
    };

    put(t, list, COUNT(list), 1);
    for (size_t i = 0; i < COUNT(words_cases); i++) {
        assert_ok(catalogue(t)->each_product(t->s, &words_cases[i].filter, see_product, t,
                                             &t->err),
                  &t->err);
        assert_text(words_cases[i].says, buf_str(&t->seen), words_cases[i].want);
        buf_reset(&t->seen);
    }
}

static void the_nth_product_has_a_key(void **state)
{
    struct store_test *t = *state;
    struct product_filter filter = {.after_seller = STR_LIT("acme"),
                                    .after_id = STR_LIT("B")};
    struct str seller = STR_LIT("as it was"), id = {0};

    put_decided(t);
    assert_ok(
        catalogue(t)->nth_product(t->s, &filter, 5, &t->arena, &seller, &id, &t->err),
        &t->err);
    assert_str(seller, "zeta");
    assert_str(id, "A");
    assert_status(
        catalogue(t)->nth_product(t->s, &filter, 7, &t->arena, &seller, &id, &t->err),
        AISLE_NOT_FOUND, &t->err);
    assert_str(id, "A");
    filter.seller_id = STR_LIT("acme");
    assert_status(
        catalogue(t)->nth_product(t->s, &filter, 5, &t->arena, &seller, &id, &t->err),
        AISLE_NOT_FOUND, &t->err);
}

static void a_dropped_product_leaves_its_decisions(void **state)
{
    struct store_test *t = *state;
    const struct store_decisions *decisions = t->s->ops->decisions;
    struct decision d;

    put_decided(t);
    assert_ok(catalogue(t)->drop_product(t->s, STR_LIT("acme"), STR_LIT("A"), 0, &t->err),
              &t->err);
    assert_status(catalogue(t)->get_product(t->s, STR_LIT("acme"), STR_LIT("A"),
                                            &t->arena, &(struct product){0}, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(decisions->get(t->s, STR_LIT("acme"), STR_LIT(TARGET), SCOPE_PRODUCT,
                             STR_LIT("A"), &t->arena, &d, &t->err),
              &t->err);
    assert_int_equal(d.state, DECISION_NONE);
}

/* ---- images ---- */

static struct product pictured(const char *id, const char *location)
{
    struct product p = a_product("acme", id);

    p.image_location = str_of(location);
    return p;
}

static void an_image_is_where_its_product_says(void **state)
{
    struct store_test *t = *state;
    struct product p = pictured("A", "https://acme.example/a/kaos.jpg?v=2#x");
    struct product_image image;
    char id[IMAGE_ID_LEN + 1], local[IMAGE_ID_LEN + 1];
    struct str got_id;

    put(t, &p, 1, 1);
    got_id = get(t, "acme", "A").image_id;
    assert_ok(image_id_of("image", p.seller_id, p.image_location, id, &t->err), &t->err);
    assert_ok(image_id_of("local", p.seller_id, p.image_location, local, &t->err),
              &t->err);
    assert_str(got_id, id);
    image = get_image(t, id, "toko-a");
    assert_str(image.seller_id, "acme");
    assert_str(image.id, id);
    assert_str(image.file_name, "kaos.jpg");
    assert_str(image.local_image_id, local);
    assert_str(image.location, "https://acme.example/a/kaos.jpg?v=2#x");
    assert_str(image.channel_image_id, "");
    catalogue(t)->get_image(t->s, STR_LIT("zeta"), str_of("x"), STR_LIT("toko-a"),
                            &t->arena, &image, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "seller zeta has no image x");
}

static void a_pushed_image_is_found_by_uuid_and_by_its_bytes(void **state)
{
    struct store_test *t = *state;
    struct pushed_image want = a_pushed_image("uuid-1", "bytes"), got;
    struct sha256 other;
    struct run_step step = {.pushed = &want};

    put_shop_and_target(t);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    assert_ok(catalogue(t)->get_pushed(t->s, want.seller_id, want.shop_id, want.id,
                                       &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.uri, "tos-1/kaos");
    assert_str(got.url, "https://cdn.example/kaos");
    assert_memory_equal(&got.bytes_hash, &want.bytes_hash, SHA256_LEN);
    assert_int_equal(got.width, 600);
    assert_int_equal(got.height, 800);
    assert_str(got.use_case, "MAIN_IMAGE");
    assert_str(got.request_id, "req-1");
    assert_int_equal(got.pushed_at, 450);

    assert_ok(catalogue(t)->find_pushed(t->s, want.seller_id, want.shop_id,
                                        &want.bytes_hash, want.use_case, &t->arena, &got,
                                        &t->err),
              &t->err);
    assert_str(got.id, "uuid-1");
    assert_ok(sha256_of(STR_LIT("other"), &other, NULL), NULL);
    catalogue(t)->find_pushed(t->s, want.seller_id, want.shop_id, &other, want.use_case,
                              &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "these bytes were not pushed for shop toko-a");
    assert_status(catalogue(t)->find_pushed(t->s, want.seller_id, want.shop_id,
                                            &want.bytes_hash, STR_LIT("OTHER"), &t->arena,
                                            &got, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_status(catalogue(t)->find_pushed(t->s, want.seller_id, STR_LIT("toko-b"),
                                            &want.bytes_hash, want.use_case, &t->arena,
                                            &got, NULL),
                  AISLE_NOT_FOUND, NULL);
    catalogue(t)->get_pushed(t->s, want.seller_id, want.shop_id, STR_LIT("uuid-2"),
                             &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "shop toko-a has no image uuid-2");
}

static void a_refused_image_is_found_by_its_bytes(void **state)
{
    struct store_test *t = *state;
    struct refused_image want = {.seller_id = STR_LIT("acme"),
                                 .shop_id = STR_LIT("toko-a"),
                                 .use_case = STR_LIT("MAIN_IMAGE"),
                                 .code = STR_LIT("12038004"),
                                 .text = STR_LIT("what is this?"),
                                 .at = 450},
                         got;
    struct run_step step = {.refused = &want};

    put_shop_and_target(t);
    assert_ok(sha256_of(STR_LIT("bytes"), &want.bytes_hash, NULL), NULL);
    assert_status(catalogue(t)->find_refused(t->s, want.seller_id, want.shop_id,
                                             &want.bytes_hash, want.use_case, &t->arena,
                                             &got, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    want.code = STR_LIT("12038005");
    want.at = 460;
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    assert_ok(catalogue(t)->find_refused(t->s, want.seller_id, want.shop_id,
                                         &want.bytes_hash, want.use_case, &t->arena, &got,
                                         &t->err),
              &t->err);
    assert_str(got.code, "12038005");
    assert_str(got.text, "what is this?");
    assert_int_equal(got.at, 460);
    assert_memory_equal(&got.bytes_hash, &want.bytes_hash, SHA256_LEN);
    assert_status(catalogue(t)->find_refused(t->s, want.seller_id, STR_LIT("toko-b"),
                                             &want.bytes_hash, want.use_case, &t->arena,
                                             &got, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(t->s->ops->shops->drop_shop(t->s, want.shop_id, &t->err), &t->err);
    catalogue(t)->find_refused(t->s, want.seller_id, want.shop_id, &want.bytes_hash,
                               want.use_case, &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "these bytes were not refused for shop toko-a");
}

/* Two threads had the same bytes in hand. */
static void bytes_pushed_twice_are_found_as_the_later_image(void **state)
{
    struct store_test *t = *state;
    struct pushed_image image = a_pushed_image("uuid-1", "bytes"), got;
    struct run_step step = {.pushed = &image};

    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    image.id = STR_LIT("uuid-2");
    image.pushed_at++;
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    assert_ok(catalogue(t)->find_pushed(t->s, image.seller_id, image.shop_id,
                                        &image.bytes_hash, image.use_case, &t->arena,
                                        &got, &t->err),
              &t->err);
    assert_str(got.id, "uuid-2");
}

static void a_link_is_seen_by_its_own_shop_alone(void **state)
{
    struct store_test *t = *state;
    struct product p = pictured("A", "a.jpg");

    p.image_id = STR_LIT("img-1");
    put(t, &p, 1, 1);
    push_and_link(t, "img-1", "uuid-1");
    assert_str(get_image(t, "img-1", "toko-a").channel_image_id, "uuid-1");
    assert_str(get_image(t, "img-1", "toko-b").channel_image_id, "");
    assert_str(get_image(t, "img-1", "").channel_image_id, "");
    push_and_link(t, "img-1", "uuid-2");
    assert_str(get_image(t, "img-1", "toko-a").channel_image_id, "uuid-2");
}

static void an_image_that_moved_is_linked_to_nothing(void **state)
{
    struct store_test *t = *state;
    struct product own = pictured("A", "a.jpg"), named = pictured("B", "b.jpg");
    char id[IMAGE_ID_LEN + 1];

    named.image_id = STR_LIT("img-b");
    put(t, &own, 1, 1);
    put(t, &named, 1, 1);
    assert_ok(image_id_of("image", own.seller_id, own.image_location, id, &t->err),
              &t->err);
    push_and_link(t, id, "uuid-1");
    push_and_link(t, "img-b", "uuid-2");

    /* other changes leave the link */
    own.title = named.title = STR_LIT("Another title");
    put(t, &own, 1, 2);
    put(t, &named, 1, 2);
    assert_str(get_image(t, id, "toko-a").channel_image_id, "uuid-1");
    assert_str(get_image(t, "img-b", "toko-a").channel_image_id, "uuid-2");

    own.image_location = STR_LIT("c.jpg");
    named.image_location = STR_LIT("d.jpg");
    put(t, &own, 1, 3);
    put(t, &named, 1, 3);
    assert_str(get(t, "acme", "A").image_location, "c.jpg");
    assert_str(get_image(t, "img-b", "toko-a").channel_image_id, "");
    assert_str(get_image(t, "img-b", "toko-a").location, "d.jpg");
    assert_str(get_image(t, "img-b", "toko-a").file_name, "d.jpg");
    /* nobody has the old one any more; back there it starts afresh */
    assert_status(catalogue(t)->get_image(t->s, own.seller_id, str_of(id),
                                          STR_LIT("toko-a"), &t->arena,
                                          &(struct product_image){0}, NULL),
                  AISLE_NOT_FOUND, NULL);
    own.image_location = STR_LIT("a.jpg");
    put(t, &own, 1, 4);
    assert_str(get_image(t, id, "toko-a").channel_image_id, "");
    /* what was pushed is still known by its bytes */
    assert_ok(catalogue(t)->get_pushed(t->s, STR_LIT("acme"), STR_LIT("toko-a"),
                                       STR_LIT("uuid-1"), &t->arena,
                                       &(struct pushed_image){0}, &t->err),
              &t->err);
}

static void an_image_of_two_products_stays_for_the_other(void **state)
{
    struct store_test *t = *state;
    struct product list[2] = {pictured("A", "a.jpg"), pictured("B", "a.jpg")};
    char id[IMAGE_ID_LEN + 1];

    put(t, list, 2, 1);
    assert_ok(image_id_of("image", STR_LIT("acme"), STR_LIT("a.jpg"), id, &t->err),
              &t->err);
    push_and_link(t, id, "uuid-1");
    assert_ok(catalogue(t)->drop_product(t->s, STR_LIT("acme"), STR_LIT("A"), 0, &t->err),
              &t->err);
    assert_str(get_image(t, id, "toko-a").channel_image_id, "uuid-1");
    assert_ok(catalogue(t)->drop_product(t->s, STR_LIT("acme"), STR_LIT("B"), 0, &t->err),
              &t->err);
    assert_status(catalogue(t)->get_image(t->s, STR_LIT("acme"), str_of(id),
                                          STR_LIT("toko-a"), &t->arena,
                                          &(struct product_image){0}, NULL),
                  AISLE_NOT_FOUND, NULL);
}

/* As an edit does it: the id of the old picture's place is still in the struct. */
static void a_new_picture_for_one_product_is_not_given_to_the_others(void **state)
{
    struct store_test *t = *state;
    struct product list[2] = {pictured("A", "a.jpg"), pictured("B", "a.jpg")}, edited;

    put(t, list, 2, 1);
    edited = get(t, "acme", "A");
    edited.image_location = STR_LIT("c.jpg");
    put(t, &edited, 1, 2);
    assert_str(get(t, "acme", "A").image_location, "c.jpg");
    assert_str(get(t, "acme", "B").image_location, "a.jpg");
    assert_int_equal(put(t, &list[1], 1, 3).same, 1);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static void an_image_taken_away_is_gone(void **state)
{
    struct store_test *t = *state;
    struct product p = pictured("A", "a.jpg");

    put(t, &p, 1, 1);
    p.image_location = STR_LIT("");
    assert_int_equal(put(t, &p, 1, 2).changed, 1);
    assert_str(get(t, "acme", "A").image_id, "");
    assert_int_equal(put(t, &p, 1, 3).same, 1);
}

static const struct contract_case cases[] = {
    CASE(a_product_comes_back_whole),
    CASE(a_product_without_image_or_category_has_neither),
    CASE(equal_products_are_left_alone_and_changed_ones_counted),
    CASE(a_product_twice_in_one_piece_is_the_later_one),
    CASE(a_product_is_changed_by_who_saw_it_last),
    CASE(of_many_who_change_a_product_at_once_one_does),
    CASE(products_go_in_all_or_none),
    CASE(a_product_brings_its_seller_and_category),
    CASE(an_unknown_product_is_not_found),
    CASE(a_product_is_dropped_as_it_was_seen_only),
    CASE(products_are_listed_in_order_page_by_page),
    CASE(products_are_found_by_words),
    CASE(the_nth_product_has_a_key),
    CASE(a_dropped_product_leaves_its_decisions),
    CASE(an_image_is_where_its_product_says),
    CASE(a_pushed_image_is_found_by_uuid_and_by_its_bytes),
    CASE(a_refused_image_is_found_by_its_bytes),
    CASE(bytes_pushed_twice_are_found_as_the_later_image),
    CASE(a_link_is_seen_by_its_own_shop_alone),
    CASE(an_image_that_moved_is_linked_to_nothing),
    CASE(an_image_of_two_products_stays_for_the_other),
    CASE(a_new_picture_for_one_product_is_not_given_to_the_others),
    CASE(an_image_taken_away_is_gone),
};
const struct contract_table contract_catalogue = CONTRACT_TABLE(cases);
