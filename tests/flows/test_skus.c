/* Which of a listing's SKUs is which of the marketplace's. */
#include "check.h"

#include "flows/listing/desk.h"

#define KEPT(sku, id) "{\"seller_sku\":\"" sku "\",\"id\":\"" id "\"}"
#define TOLD(sku, id, values)                                                            \
    "{\"seller_sku\":\"" sku "\",\"id\":\"" id "\",\"values\":\"" values "\"}"

static const struct {
    const char *says, *kept;
    const char *ours[3][3]; /* seller SKU, values of two options */
    const char *want;
} cases[] = {
    {"by seller SKU, in whatever order",
     KEPT("A", "1") "," KEPT("B", "2"),
     {{"B", "M"}, {"A", "S"}, {"C", "L"}},
     "2 1 - "},
    {"by the values of options where the seller SKU is another by now",
     TOLD("", "1", "S") "," TOLD("", "2", "M"),
     {{"P-M", "m"}, {"P-S", "S"}},
     "2 1 "},
    {"whatever order the options have there",
     TOLD("", "1", "Merah\\nS") "," TOLD("", "2", "Biru\\nS"),
     {{"P-1", "S", "Biru"}, {"P-2", "S", "Merah"}},
     "2 1 "},
    {"a value more or less is another SKU",
     TOLD("", "1", "Merah\\nS"),
     {{"P-1", "S"}, {"P-2", "S", "Biru"}},
     "- - "},
    {"two with one seller SKU by their options",
     TOLD("A", "1", "S") "," TOLD("A", "2", "M"),
     {{"A", "M"}, {"A-S", "S"}},
     "2 1 "},
    {"a seller SKU goes before the options of another",
     TOLD("A", "1", "S") "," TOLD("B", "2", "M"),
     {{"B", "S"}, {"A", "M"}},
     "2 1 "},
    {"by place where nothing is known, and each once",
     KEPT("", "1") "," KEPT("", "2"),
     {{"P-S", "S"}, {"P-M", "M"}, {"P-L", "L"}},
     "1 2 - "},
    {"two of ours that share one are not both it",
     KEPT("A", "1"),
     {{"A", "S"}, {"A", "M"}},
     "1 - "},
    {"nothing kept", "", {{"A", "S"}}, "- "},
    {"by another word for the value, as it was sent",
     TOLD("P-Red", "1", "Merah") "," TOLD("P-Blue", "2", "Biru"),
     {{"BB", "Blue"}, {"AA", "Red"}},
     "2 1 "},
    {"the word itself goes before another for it",
     TOLD("", "1", "Gray") "," TOLD("", "2", "Grey"),
     {{"P-1", "Grey"}, {"P-2", "Gray"}},
     "2 1 "},
    {"two with one seller SKU by other words for their options",
     TOLD("A", "1", "Merah") "," TOLD("A", "2", "Biru"),
     {{"A", "Blue"}, {"A-R", "Red"}},
     "2 1 "},
    {"the only one of a product without options, whatever its SKU is by now",
     KEPT("P", "1"),
     {{"AA"}},
     "1 "},
    {"one with options is not what had none",
     KEPT("P", "1"),
     {{"P-S", "S"}, {"P-M", "M"}},
     "- - "},
    {"what is on its way has no id yet", KEPT("A", ""), {{"A", "S"}}, "- "},
};

static size_t skus_of(const char *const ours[3][3], struct arena *arena,
                      struct listing_sku skus[3])
{
    size_t n = 0;

    for (; n < 3 && ours[n][0]; n++) {
        struct listing_sales_attribute *rows = arena_zalloc(arena, 2, sizeof *rows);

        skus[n] = (struct listing_sku){.seller_sku = str_of(ours[n][0])};
        skus[n].attributes = rows;
        for (size_t k = 1; k < 3 && ours[n][k]; k++)
            rows[skus[n].attribute_count++].value_name = str_of(ours[n][k]);
    }
    return n;
}

static void ids_go_to_the_skus_they_are_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = ARENA_INIT(1 << 20);
        struct listing_sku skus[3];
        struct str ids[3];
        struct buf got = BUF_INIT(BUF_MAX_LINE);
        struct aisle_err err = {0};
        size_t n = skus_of(cases[i].ours, &arena, skus);

        assert_ok(skus_match(arena_fmt(&arena, "[%s]", cases[i].kept), skus, n, &arena,
                             ids, &err),
                  &err);
        for (size_t k = 0; k < n; k++)
            buf_addf(&got, "%s ", ids[k].n ? ids[k].p : "-");
        assert_text(cases[i].says, buf_str(&got), cases[i].want);
        buf_clear(&got);
        arena_clear(&arena);
    }
}

static void an_answer_without_options_has_those_that_were_sent(void **state)
{
    static const char *const ours[3][3] = {{"A", "Merah", "S"}, {"B"}};
    static const struct channel_listed_sku answered[] = {
        {STR_INIT("2"), STR_INIT("B"), STR_INIT("")},
        {STR_INIT("1"), STR_INIT("A"), STR_INIT("")},
        {STR_INIT("3"), STR_INIT("of another"), STR_INIT("")},
    };
    const struct channel_listed listed = {.skus = answered, .sku_count = 3};
    struct arena arena = ARENA_INIT(1 << 20);
    struct listing_sku skus[3];
    struct listing_draft draft = {.skus = skus};

    (void)state;
    draft.sku_count = skus_of(ours, &arena, skus);
    assert_str(skus_sent(&listed, &draft, &arena),
               "[" KEPT("B", "2") "," TOLD("A", "1", "Merah\\nS") "," KEPT("of another",
                                                                           "3") "]");
    arena_clear(&arena);
}

static void what_is_created_is_sought_by_what_was_sent(void **state)
{
    static const char *const then[3][3] = {{"P-S"}}, *const now[3][3] = {{"AA"}, {"P-S"}};
    struct arena arena = ARENA_INIT(1 << 20);
    struct listing_sku skus[3];
    struct listing_draft draft = {.skus = skus};
    struct aisle_err err = {0};
    struct str kept = STR_LIT(""), sought[CHANNEL_MAX_SKUS_ASKED];
    size_t count = 0;

    (void)state;
    draft.sku_count = skus_of(then, &arena, skus);
    assert_ok(skus_intend(kept, &draft, &arena, &kept, &err), &err);
    assert_str(kept, "[" KEPT("P-S", "") "]");
    draft.sku_count = skus_of(now, &arena, skus);
    assert_ok(skus_sought(kept, &draft, &arena, sought, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_str(sought[0], "P-S");
    assert_ok(skus_intend(kept, &draft, &arena, &kept, &err), &err);
    assert_str(kept, "[" KEPT("AA", "") "," KEPT("P-S", "") "]");
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_go_to_the_skus_they_are_of),
        cmocka_unit_test(an_answer_without_options_has_those_that_were_sent),
        cmocka_unit_test(what_is_created_is_sought_by_what_was_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
