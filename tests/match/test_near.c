/* Slips of the finger, counted all letters at a time: beside the plain table of
 * text_distance. */
#include "check.h"

#include "base/text.h"
#include "match/near.h"

static unsigned slips(struct str text, struct str word, bool beginning, unsigned most)
{
    struct near near;

    near_prepare(&near, text);
    return near_distance(&near, word, beginning, most);
}

static void slips_between_a_text_and_a_word_are_counted(void **state)
{
    static const struct {
        const char *text, *word;
        unsigned whole, beginning;
    } cases[] = {
        {"kaos", "kaos", 0, 0},      {"koas", "kaos", 1, 1},
        {"kas", "kaos", 1, 1},       {"kaoos", "kaos", 1, 1},
        {"kaps", "kaos", 1, 1},      {"lipstk", "lipstick", 2, 1},
        {"lipst", "lipstick", 3, 0}, {"lisp", "lipstick", 3, 1},
        {"áo", "ao", 1, 1},          {"\xe0\xb9\x84\xe0\xb8\x81", "ไก่", 1, 0},
        {"kaos", "", 3, 3},          {"kaos", "sampo", 3, 3},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str text = str_of(cases[i].text), word = str_of(cases[i].word);

        if (slips(text, word, false, 2) != (cases[i].whole > 2 ? 3 : cases[i].whole) ||
            slips(text, word, true, 2) !=
                (cases[i].beginning > 2 ? 3 : cases[i].beginning))
            fail_msg("%s, %s: %u, %u", cases[i].text, cases[i].word,
                     slips(text, word, false, 2), slips(text, word, true, 2));
    }
}

static uint32_t roll(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static struct str random_word(uint32_t *seed, char out[24])
{
    size_t n = 1 + roll(seed) % 12;

    for (size_t i = 0; i < n; i++)
        out[i] = (char)('a' + roll(seed) % 3);
    return str_n(out, n);
}

static void random_words_are_as_far_apart_as_the_table_says(void **state)
{
    uint32_t seed = 3;
    (void)state;

    for (int round = 0; round < 20000; round++) {
        char rooms[2][24];
        struct str text = random_word(&seed, rooms[0]),
                   word = random_word(&seed, rooms[1]);
        unsigned most = roll(&seed) % 4, best = text_distance(text, word, most);

        assert_int_equal(slips(text, word, false, most), best);
        for (size_t n = 0; n <= word.n; n++) {
            unsigned d = text_distance(text, str_head(word, n), most);

            best = d < best ? d : best;
        }
        assert_int_equal(slips(text, word, true, most), best);
    }
}

static void a_text_of_any_length_is_prepared(void **state)
{
    char text[200];
    (void)state;

    memset(text, 'a', sizeof text);
    assert_int_equal(
        slips(str_n(text, sizeof text), str_n(text, NEAR_MAX_LETTERS), false, 2), 0);
    assert_int_equal(slips(str_n(text, 0), STR_LIT("kaos"), true, 2), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_between_a_text_and_a_word_are_counted),
        cmocka_unit_test(random_words_are_as_far_apart_as_the_table_says),
        cmocka_unit_test(a_text_of_any_length_is_prepared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
