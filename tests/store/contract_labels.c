/* Sets of labelled products that sellers imported. */
#include "contract.h"

#include <stdio.h>

enum { MANY = 3000 };

static const struct store_labels *labels(const struct store_test *t)
{
    return t->s->ops->labels;
}

static struct label_set a_set(const char *seller, const char *target, const char *name,
                              size_t rows)
{
    return (struct label_set){.seller_id = str_of(seller),
                              .target_id = str_of(target),
                              .name = str_of(name),
                              .rows = (int64_t)rows,
                              .hash.b = {1, 2, 3},
                              .who = STR_LIT("ana"),
                              .at = 100};
}

static struct set_row a_row(const char *title, const char *category)
{
    return (struct set_row){.title = str_of(title), .category = str_of(category)};
}

/* Of acme's set "old" on toko, one row a title; the number it got. */
static int64_t put(struct store_test *t, int64_t expected, const char *first,
                   const char *second)
{
    const struct set_row rows[] = {a_row(first, "10"), a_row(second ? second : "", "20")};
    struct label_set set = a_set("acme", "toko", "old", second ? 2 : 1);
    int64_t seq = 0;

    assert_ok(labels(t)->put(t->s, &set, rows, expected, &seq, &t->err), &t->err);
    return seq;
}

static int64_t changed(struct store_test *t, const char *seller, const char *target)
{
    int64_t seq = -1;

    assert_ok(labels(t)->changed(t->s, str_of(seller), str_of(target), &seq, &t->err),
              &t->err);
    return seq;
}

static enum aisle_status see_set(void *ctx, const struct label_set *s,
                                 struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s %.*s %.*s: %lld rows by %.*s\n", STR_ARG(s->seller_id),
             STR_ARG(s->target_id), STR_ARG(s->name), (long long)s->rows,
             STR_ARG(s->who));
    return AISLE_OK;
}

static void see(struct store_test *t, const char *seller, const char *target,
                const char *expected)
{
    assert_ok(labels(t)->each(t->s, str_of(seller), str_of(target), see_set, t, &t->err),
              &t->err);
    assert_seen(t, expected);
}

static enum aisle_status see_row(void *ctx, const struct set_row *r,
                                 struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s\n", STR_ARG(r->id),
             STR_ARG(r->title), STR_ARG(r->category), STR_ARG(r->description),
             STR_ARG(r->brand), STR_ARG(r->seller_category));
    return AISLE_OK;
}

static void see_rows(struct store_test *t, const char *name, const char *expected)
{
    assert_ok(labels(t)->each_row(t->s, STR_LIT("acme"), STR_LIT("toko"), str_of(name),
                                  see_row, t, &t->err),
              &t->err);
    assert_seen(t, expected);
}

static void a_set_is_kept_with_its_rows_in_their_order(void **state)
{
    struct store_test *t = *state;
    struct label_set set = a_set("acme", "toko", "old", 2), got;
    const struct set_row rows[] = {{STR_LIT("7"), STR_LIT("Rok"), STR_LIT("A > B"),
                                    STR_LIT("panjang"), STR_LIT("Mawar"),
                                    STR_LIT("Wanita")},
                                   a_row("Kaos", "10")};
    int64_t seq = 0;

    assert_ok(labels(t)->put(t->s, &set, rows, 0, &seq, &t->err), &t->err);
    see_rows(t, "old", "7|Rok|A > B|panjang|Mawar|Wanita\n|Kaos|10|||\n");
    see_rows(t, "other", "");
    assert_ok(labels(t)->get(t->s, set.seller_id, set.target_id, set.name, &t->arena,
                             &got, &t->err),
              &t->err);
    assert_true(got.seq == seq && seq > 0 && got.at == 100 && got.rows == 2);
    assert_memory_equal(&got.hash, &set.hash, sizeof got.hash);
    assert_status(labels(t)->get(t->s, set.seller_id, set.target_id, STR_LIT("other"),
                                 &t->arena, &got, NULL),
                  AISLE_NOT_FOUND, NULL);
}

static void sets_are_told_by_seller_and_target(void **state)
{
    struct store_test *t = *state;
    const struct set_row row = a_row("Kaos", "10");
    const struct label_set sets[] = {
        a_set("zeta", "toko", "a", 1), a_set("acme", "toko", "b", 1),
        a_set("acme", "toko", "a", 1), a_set("acme", "else", "c", 1)};

    for (size_t i = 0; i < COUNT(sets); i++)
        assert_ok(labels(t)->put(t->s, &sets[i], &row, 0, NULL, &t->err), &t->err);
    see(t, "acme", "",
        "acme else c: 1 rows by ana\nacme toko a: 1 rows by ana\n"
        "acme toko b: 1 rows by ana\n");
    see(t, "acme", "else", "acme else c: 1 rows by ana\n");
    see(t, "", "toko",
        "acme toko a: 1 rows by ana\nacme toko b: 1 rows by ana\n"
        "zeta toko a: 1 rows by ana\n");
    see(t, "nobody", "", "");
}

static void the_same_name_again_replaces_only_what_was_expected(void **state)
{
    struct store_test *t = *state;
    struct label_set set = a_set("acme", "toko", "old", 1);
    const struct set_row row = a_row("Topi", "30");
    int64_t first = put(t, 0, "Kaos", "Rok"), second;

    assert_status(labels(t)->put(t->s, &set, &row, 0, NULL, &t->err), AISLE_CONFLICT,
                  &t->err);
    see_rows(t, "old", "|Kaos|10|||\n|Rok|20|||\n");
    second = put(t, first, "Celana", NULL);
    assert_true(second > first);
    assert_status(labels(t)->put(t->s, &set, &row, first, NULL, NULL), AISLE_CONFLICT,
                  NULL);
    see_rows(t, "old", "|Celana|10|||\n");
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static void every_change_has_a_number_and_a_removal_too(void **state)
{
    struct store_test *t = *state;
    int64_t first, removed;

    assert_int_equal(changed(t, "acme", "toko"), 0);
    first = put(t, 0, "Kaos", "Rok");
    assert_int_equal(changed(t, "acme", "toko"), first);
    assert_int_equal(changed(t, "acme", "else"), 0);
    assert_int_equal(changed(t, "zeta", "toko"), 0);
    assert_ok(
        labels(t)->drop(t->s, STR_LIT("acme"), STR_LIT("toko"), STR_LIT("old"), &t->err),
        &t->err);
    removed = changed(t, "acme", "toko");
    assert_true(removed > first);
    see(t, "", "", "");
    see_rows(t, "old", "");
    assert_status(
        labels(t)->drop(t->s, STR_LIT("acme"), STR_LIT("toko"), STR_LIT("old"), NULL),
        AISLE_NOT_FOUND, NULL);
    assert_int_equal(changed(t, "acme", "toko"), removed);
    assert_true(put(t, 0, "Kaos", NULL) > removed);
}

static enum aisle_status count_row(void *ctx, const struct set_row *r,
                                   struct aisle_err *err)
{
    char wanted[32];

    (void)err;
    snprintf(wanted, sizeof wanted, "produk %zu", ++*(size_t *)ctx);
    assert_true(str_is(r->title, wanted));
    return AISLE_OK;
}

static void a_large_set_is_one_piece(void **state)
{
    struct store_test *t = *state;
    struct label_set set = a_set("acme", "toko", "old", MANY);
    struct set_row *rows = arena_zalloc(&t->arena, MANY, sizeof *rows);
    size_t seen = 0;

    assert_non_null(rows);
    for (size_t i = 0; i < MANY; i++)
        rows[i] = (struct set_row){.title = arena_fmt(&t->arena, "produk %zu", i + 1),
                                   .category = STR_LIT("1")};
    assert_ok(labels(t)->put(t->s, &set, rows, 0, NULL, &t->err), &t->err);
    assert_ok(labels(t)->each_row(t->s, set.seller_id, set.target_id, set.name, count_row,
                                  &seen, &t->err),
              &t->err);
    assert_int_equal(seen, MANY);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static const struct contract_case cases[] = {
    CASE(a_set_is_kept_with_its_rows_in_their_order),
    CASE(sets_are_told_by_seller_and_target),
    CASE(the_same_name_again_replaces_only_what_was_expected),
    CASE(every_change_has_a_number_and_a_removal_too),
    CASE(a_large_set_is_one_piece),
};
const struct contract_table contract_labels = CONTRACT_TABLE(cases);
