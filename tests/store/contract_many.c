/* Many products at once: a driver may have a way of its own for them, and what comes of
 * it is what one by one would have made. */
#include "contract.h"

#include "base/clock.h"

#include <stdio.h>

enum { IDS = 150, PLACES = 40, MOST = 450 };

/* What a file may bring, for one of two sellers. */
struct drawn {
    int id, title, category, place, own;
};

/* own: some name their image. */
static struct drawn draw(const struct rng *rng, bool own)
{
    return (struct drawn){.id = (int)rng_below(rng, IDS),
                          .title = (int)rng_below(rng, 3),
                          .category = (int)rng_below(rng, 12),
                          .place = (int)rng_below(rng, PLACES),
                          .own = own ? (int)rng_below(rng, 8) : 0};
}

static struct str text(struct arena *arena, const char *kind, int number)
{
    return arena_fmt(arena, "%s-%03d", kind, number);
}

static struct product product_of(struct store_test *t, const struct drawn *d,
                                 struct str seller_id)
{
    struct product p = {.seller_id = seller_id,
                        .id = text(&t->arena, "P", d->id),
                        .title = text(&t->arena, "Kaos", d->title),
                        .attributes = STR_LIT("{}"),
                        .currency = STR_LIT("IDR"),
                        .price_minor = d->title};

    if (d->category > 0)
        p.seller_category_id = text(&t->arena, "Fashion > Kaos", d->category);
    if (d->place > 0)
        p.image_location = text(&t->arena, "https://cdn.example/a", d->place);
    if (d->own == 1)
        p.image_id = text(&t->arena, "own", d->id % 7);
    return p;
}

static void put(struct store_test *t, const struct product *list, size_t count,
                int64_t at, struct put_counts *counts)
{
    assert_ok(t->s->ops->catalogue->put_products(t->s, list, count, at, counts, &t->err),
              &t->err);
}

struct look {
    struct store_test *t;
    struct buf seen;
};

static enum aisle_status look_at(void *ctx, const struct product *p,
                                 struct aisle_err *err)
{
    struct look *l = ctx;
    struct product_image image = {0};
    bool own = str_starts(p->image_id, "own-");

    if (!str_empty(p->image_id)) {
        assert_ok(l->t->s->ops->catalogue->get_image(l->t->s, p->seller_id, p->image_id,
                                                     STR_LIT("toko-a"), &l->t->arena,
                                                     &image, err),
                  err);
        assert_true(str_eq(image.location, p->image_location));
    }
    buf_addf(&l->seen, "%.*s %.*s %.*s %.*s %.*s %.*s %lld %lld %lld %lld\n",
             STR_ARG(p->id), STR_ARG(p->title), STR_ARG(p->seller_category_id),
             STR_ARG(p->image_location), STR_ARG(image.file_name),
             STR_ARG(own ? p->image_id : STR_LIT("-")), (long long)p->price_minor,
             (long long)p->created_at, (long long)p->updated_at, (long long)p->version);
    return AISLE_OK;
}

static enum aisle_status look_at_category(void *ctx, const struct seller_category *row,
                                          struct aisle_err *err)
{
    struct look *l = ctx;

    (void)err;
    buf_addf(&l->seen, "%.*s %.*s %zu\n", STR_ARG(row->id), STR_ARG(row->path),
             row->products);
    return AISLE_OK;
}

/* All that is a seller's, but for his name and the ids made of it. */
static struct buf all_of(struct store_test *t, struct str seller_id)
{
    const struct store_catalogue *catalogue = t->s->ops->catalogue;
    struct look l = {t, BUF_INIT(1 << 22)};

    assert_ok(catalogue->each_product(t->s,
                                      &(struct product_filter){.seller_id = seller_id},
                                      look_at, &l, &t->err),
              &t->err);
    assert_ok(
        catalogue->each_seller_category(t->s, seller_id, look_at_category, &l, &t->err),
        &t->err);
    return l.seen;
}

static void hold_alike(struct store_test *t, const char *one, const char *other)
{
    struct buf a = all_of(t, str_of(one)), b = all_of(t, str_of(other));

    assert_text(one, buf_str(&a), b.p);
    buf_clear(&a);
    buf_clear(&b);
}

/* Twins: what the one is given in pieces the other is given singly. */
static void many_products_at_once_are_put_as_they_are_one_by_one(void **state)
{
    static const size_t sizes[] = {60, 5, MOST, 30, 200, 12, MOST};
    struct store_test *t = *state;
    struct rng_seeded rng;
    static struct product list[2 * MOST];

    rng_seeded_init(&rng, 7);
    for (size_t turn = 0; turn < COUNT(sizes); turn++) {
        struct put_counts many = {0}, singly = {0};
        int64_t at = 1000 + (int64_t)turn;
        size_t n = sizes[turn];

        for (size_t i = 0; i < n; i++) {
            struct drawn d = draw(&rng.rng, turn % 2 == 1);
            bool second = rng_below(&rng.rng, 2);

            list[i] = product_of(t, &d, second ? STR_LIT("two") : STR_LIT("one"));
            list[MOST + i] =
                product_of(t, &d, second ? STR_LIT("two-twin") : STR_LIT("one-twin"));
        }
        put(t, list, n, at, &many);
        for (size_t i = 0; i < n; i++)
            put(t, &list[MOST + i], 1, at, &singly);
        assert_int_equal(many.added, singly.added);
        assert_int_equal(many.changed, singly.changed);
        assert_int_equal(many.same, singly.same);
        hold_alike(t, "one", "one-twin");
        hold_alike(t, "two", "two-twin");
        assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
    }
}

static struct product numbered(struct store_test *t, int i, const char *place)
{
    struct product p = a_product("acme", "");

    p.id = text(&t->arena, "P", i);
    p.image_location = text(&t->arena, place, i);
    return p;
}

static struct product_image image_of(struct store_test *t, struct str product_id)
{
    const struct store_catalogue *catalogue = t->s->ops->catalogue;
    struct product p;
    struct product_image got;

    assert_ok(
        catalogue->get_product(t->s, STR_LIT("acme"), product_id, &t->arena, &p, &t->err),
        &t->err);
    assert_ok(catalogue->get_image(t->s, STR_LIT("acme"), p.image_id, STR_LIT("toko-a"),
                                   &t->arena, &got, &t->err),
              &t->err);
    return got;
}

static void of_many_images_those_that_changed_are_linked_to_nothing(void **state)
{
    struct store_test *t = *state;
    struct product list[100];
    struct pushed_image pushed = a_pushed_image("uuid-1", "bytes");

    for (int i = 0; i < 100; i++)
        list[i] = numbered(t, i, "here");
    put(t, list, 100, 1, NULL);
    for (int i = 0; i < 100; i++) {
        struct run_step step = {.pushed = &pushed,
                                .seller_id = STR_LIT("acme"),
                                .shop_id = STR_LIT("toko-a"),
                                .link_image_id = image_of(t, list[i].id).id,
                                .link_channel_image_id = STR_LIT("uuid-1")};

        assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    }
    for (int i = 0; i < 100; i++) {
        list[i].title = STR_LIT("Kemeja");
        if (i % 2)
            list[i].image_location = text(&t->arena, "there", i);
    }
    put(t, list, 100, 2, NULL);
    for (int i = 0; i < 100; i++)
        assert_str(image_of(t, list[i].id).channel_image_id, i % 2 ? "" : "uuid-1");
}

/* Whoever drops the products drops the images: none was counted once too often. */
static void images_of_many_products_go_with_the_last_of_them(void **state)
{
    struct store_test *t = *state;
    const struct store_catalogue *catalogue = t->s->ops->catalogue;
    struct product list[100];
    struct product_image got;
    struct product before;

    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < 100; i++) {
            list[i] = numbered(t, i, "here");
            list[i].image_location = text(&t->arena, "here", turn ? i % 5 + 10 : i % 10);
        }
        put(t, list, 100, turn + 1, NULL);
    }
    assert_ok(catalogue->get_product(t->s, STR_LIT("acme"), STR_LIT("P-000"), &t->arena,
                                     &before, &t->err),
              &t->err);
    for (int i = 99; i >= 0; i--) {
        assert_ok(catalogue->get_image(t->s, STR_LIT("acme"), before.image_id,
                                       STR_LIT("toko-a"), &t->arena, &got, &t->err),
                  &t->err);
        assert_ok(catalogue->drop_product(t->s, STR_LIT("acme"), list[i].id, 0, &t->err),
                  &t->err);
    }
    assert_status(catalogue->get_image(t->s, STR_LIT("acme"), before.image_id,
                                       STR_LIT("toko-a"), &t->arena, &got, NULL),
                  AISLE_NOT_FOUND, NULL);
}

static void of_many_products_one_that_cannot_be_kept_keeps_all_out(void **state)
{
    struct store_test *t = *state;
    static char blanks[BUF_MAX_LINE + 1];
    const struct str too_long = str_n(memset(blanks, ' ', sizeof blanks), sizeof blanks);
    struct product list[MOST];
    size_t count = 1;

    for (int turn = 0; turn < 2; turn++) {
        size_t n = turn ? MOST : 40;

        for (size_t i = 0; i < n; i++)
            list[i] = numbered(t, (int)i, "here");
        list[n / 2].image_location = too_long;
        assert_status(t->s->ops->catalogue->put_products(t->s, list, n, 1, NULL, &t->err),
                      AISLE_LIMIT, &t->err);
        t->err = (struct aisle_err){0};
        assert_ok(t->s->ops->catalogue->count_products(t->s, &(struct product_filter){0},
                                                       &count, &t->err),
                  &t->err);
        assert_int_equal(count, 0);
    }
}

/* ---- what comes in part ---- */

static enum aisle_status keep_description(void *ctx, size_t at,
                                          const struct product *then, struct product *now,
                                          struct arena *arena, struct aisle_err *err)
{
    const struct products_merge *w = ctx;

    assert_true(str_eq(w->list[at].id, then->id));
    assert_true(str_eq(now->id, then->id));
    now->description = arena_str(arena, then->description);
    return now->description.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status refuse_the_last(void *ctx, size_t at, const struct product *then,
                                         struct product *now, struct arena *arena,
                                         struct aisle_err *err)
{
    const struct products_merge *w = ctx;

    (void)then;
    (void)now;
    (void)arena;
    return at + 1 < w->count ? AISLE_OK : aisle_fail(err, AISLE_REFUSED, "the last");
}

static struct put_counts merged(struct store_test *t, struct products_merge *w, bool dry)
{
    struct put_counts counts = {.added = 1000};

    w->ctx = w;
    w->dry = dry;
    assert_ok(t->s->ops->catalogue->merge_products(t->s, w, &counts, &t->err), &t->err);
    counts.added -= 1000;
    return counts;
}

static void assert_counts(struct put_counts got, size_t added, size_t changed,
                          size_t same)
{
    assert_int_equal(got.added, added);
    assert_int_equal(got.changed, changed);
    assert_int_equal(got.same, same);
}

/* Of 450 come 300: each third is there no other, the next has another title, the last is
 * new. */
static void products_that_come_in_part_are_merged_with_what_stands(void **state)
{
    struct store_test *t = *state;
    static struct product list[MOST], part[300];
    struct products_merge w = {
        .list = part, .count = 300, .merge = keep_description, .at = 2};
    struct product got;

    for (int i = 0; i < MOST; i++) {
        list[i] = numbered(t, i, "here");
        list[i].description = text(&t->arena, "Told", i);
    }
    put(t, list, MOST, 1, NULL);
    for (int i = 0; i < 300; i++) {
        part[i] = numbered(t, i % 3 == 2 ? 1000 + i : 299 - i, "here");
        part[i].title = i % 3 == 1 ? STR_LIT("Kemeja") : part[i].title;
    }
    assert_counts(merged(t, &w, true), 100, 100, 100);
    assert_counts(merged(t, &w, true), 100, 100, 100);
    assert_counts(merged(t, &w, false), 100, 100, 100);
    assert_counts(merged(t, &w, false), 0, 0, 300);
    for (int i = 0; i < 300; i++) {
        assert_ok(t->s->ops->catalogue->get_product(t->s, STR_LIT("acme"), part[i].id,
                                                    &t->arena, &got, &t->err),
                  &t->err);
        assert_true(str_eq(got.title, part[i].title));
        assert_int_equal(got.version, i % 3 == 1 ? 2 : 1);
        if (i % 3 == 2)
            assert_str(got.description, "");
        else
            assert_true(str_eq(got.description, list[299 - i].description));
    }
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static void products_are_merged_all_or_none(void **state)
{
    struct store_test *t = *state;
    static struct product list[200];
    struct products_merge w = {.list = list, .count = 200, .at = 2};
    struct product got;

    for (int i = 0; i < 200; i++)
        list[i] = numbered(t, i, "here");
    put(t, list, 200, 1, NULL);
    for (int i = 0; i < 200; i++)
        list[i].title = STR_LIT("Kemeja");
    w.merge = refuse_the_last;
    w.ctx = &w;
    t->s->ops->catalogue->merge_products(t->s, &w, NULL, &t->err);
    assert_failure(t, AISLE_REFUSED, "the last");
    got = a_product("acme", "");
    assert_ok(t->s->ops->catalogue->get_product(t->s, STR_LIT("acme"), STR_LIT("P-000"),
                                                &t->arena, &got, &t->err),
              &t->err);
    assert_int_equal(got.version, 1);
    w.merge = NULL;
    assert_counts(merged(t, &w, false), 0, 200, 0);
}

static const struct contract_case cases[] = {
    CASE(products_that_come_in_part_are_merged_with_what_stands),
    CASE(products_are_merged_all_or_none),
    CASE(many_products_at_once_are_put_as_they_are_one_by_one),
    CASE(of_many_images_those_that_changed_are_linked_to_nothing),
    CASE(images_of_many_products_go_with_the_last_of_them),
    CASE(of_many_products_one_that_cannot_be_kept_keeps_all_out),
};
const struct contract_table contract_many = CONTRACT_TABLE(cases);
