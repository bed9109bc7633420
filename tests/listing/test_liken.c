/* How much a seller's word looks like one of the marketplace's. */
#include "check.h"

#include "listing/liken.h"

static void two_names_are_alike_as_far_as_a_reader_would_say(void **state)
{
    static const struct {
        const char *a, *b;
        enum likeness like;
    } rows[] = {
        {"Katun", "KATUN ", LIKE_SAME},
        {"Café", "cafe", LIKE_SAME},
        {"Cotton", "Katun", LIKE_SYNONYM},
        {"Kaos-kaos", "kaos", LIKE_PLURAL},
        {"Dress", "Dresses", LIKE_PLURAL},
        {"Accessories", "Accessory", LIKE_PLURAL},
        {"Katun Combed 30s", "Katun", LIKE_PART},
        {"100% Cotton", "Katun", LIKE_PART},
        {"Kulit", "Kulit Sintetis", LIKE_PART},
        {"Polyster", "Polyester", LIKE_NEAR},
        {"Poleister", "Poliester", LIKE_NEAR},
        /* nothing of the sort */
        {"XL", "XXL", LIKE_NOTHING},
        {"M", "L", LIKE_NOTHING},
        {"XL", "Kaos XL", LIKE_NOTHING},
        {"Katunan", "Kayu", LIKE_NOTHING},
        {"glass", "glas", LIKE_NEAR},
        {"", "Katun", LIKE_NOTHING},
        {"!!", "??", LIKE_NOTHING},
        {"abc", "abd", LIKE_NOTHING},
    };
    struct arena scratch = ARENA_INIT(1 << 20);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum likeness there = names_liken(str_of(rows[i].a), str_of(rows[i].b), &scratch);
        enum likeness back = names_liken(str_of(rows[i].b), str_of(rows[i].a), &scratch);

        if (there != rows[i].like)
            fail_msg("\"%s\" and \"%s\" are %s", rows[i].a, rows[i].b,
                     likeness_name(there));
        /* a word for it in a longer name is looked for one way only */
        if (back != there && there != LIKE_PART)
            fail_msg("\"%s\" and \"%s\" are %s the other way round", rows[i].a, rows[i].b,
                     likeness_name(back));
    }
    arena_clear(&scratch);
}

static void the_value_that_says_most_is_proposed(void **state)
{
    static const struct required_value values[] = {
        {STR_INIT("1"), STR_INIT("Kulit")},
        {STR_INIT("2"), STR_INIT("Kulit Sintetis")},
        {STR_INIT("3"), STR_INIT("Katun")},
        {STR_INIT("4"), STR_INIT("Katun Bambu")},
    };
    static const struct required_attribute material = {.values = values,
                                                       .value_count = COUNT(values)};
    static const struct {
        const char *seller, *id;
        enum likeness like;
    } rows[] = {
        {"sepatu kulit sintetis hitam", "2", LIKE_PART},
        {"kulit asli", "1", LIKE_PART},
        {"cotton", "3", LIKE_SYNONYM},
        {"katun bambo", "3", LIKE_PART},
        {"4", "4", LIKE_SAME},
        {"batu", NULL, LIKE_NOTHING},
    };
    struct arena scratch = ARENA_INIT(1 << 20);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum likeness like;
        const struct required_value *v =
            value_liken(&material, str_of(rows[i].seller), &scratch, &like);

        assert_int_equal(like, rows[i].like);
        if (rows[i].id)
            assert_str(v->id, rows[i].id);
        else
            assert_null(v);
    }
    assert_true(likeness_is_sure(LIKE_SAME) && likeness_is_sure(LIKE_SYNONYM));
    assert_false(likeness_is_sure(LIKE_PLURAL) || likeness_is_sure(LIKE_NEAR));
    arena_clear(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_names_are_alike_as_far_as_a_reader_would_say),
        cmocka_unit_test(the_value_that_says_most_is_proposed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
