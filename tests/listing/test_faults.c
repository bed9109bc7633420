/* What is wrong with a text, found wherever in it it stands: sixteen bytes are looked at
 * in one go, and no place may fall between two of them. */
#include "check.h"

#include "listing/judge.h"

#include <stdio.h>

enum { LONGEST = 70 };
#define PLAIN "Kaos polos pria wanita katun combed 30s lengan pendek adem lembut baru"

static const struct {
    const char *piece;
    const char *fault; /* as told below */
} pieces[] = {
    {"&nbsp;", "escape"},
    {"&#160;", "escape"},
    {"\xF0\x9F\x94\xA5", "emoji"},
    {"\x01", "control"},
    {"\x7F", "control"},
    {"\n", "control"},
    {"\xE7\xBA\xAF", "han"},
    {"\xFF", "garbage"},
    {"==========", "run"},
    {"wwwwwwwwww", "run"},
    {"=========", ""},
    {"====", ""},
    {"& ", ""},
    {"&;", ""},
    {"\xC3\xA9", ""},
};

static const char *fault_of(struct str s)
{
    struct text_faults f = text_faults_of(s);

    return f.escape    ? "escape"
           : f.emoji   ? "emoji"
           : f.control ? "control"
           : f.run     ? "run"
           : f.han     ? "han"
           : f.garbage ? "garbage"
           : f.no_word ? "no word"
                       : "";
}

/* At every place of texts of every length. */
static void a_fault_is_found_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++)
        for (size_t length = 1; length <= LONGEST; length++)
            for (size_t at = 0; at <= length; at++) {
                char text[128];
                int n = snprintf(text, sizeof text, "%.*s%s%.*s", (int)at, PLAIN,
                                 pieces[i].piece, (int)(length - at), PLAIN + at);
                const char *found = fault_of(str_n(text, (size_t)n));

                if (strcmp(found, pieces[i].fault) != 0)
                    fail_msg("\"%s\": \"%s\"", text, found);
            }
}

static void a_text_without_fault_has_none_and_is_counted(void **state)
{
    (void)state;
    for (size_t n = 0; n <= LONGEST; n++) {
        struct text_faults f = text_faults_of(str_n(PLAIN, n));

        assert_string_equal(fault_of(str_n(PLAIN, n)), "");
        assert_int_equal(f.length, n);
    }
    assert_int_equal(text_faults_of(STR_LIT("caf\xC3\xA9, 2 m\xC2\xB2")).length, 10);
}

static void signs_alone_are_no_words(void **state)
{
    static const char signs[] = "-=+*/-=+*/-=+*/-=+*/-=+*/-=+*/-=+*/-=+*/";

    (void)state;
    for (size_t n = 1; n < sizeof signs; n++)
        assert_string_equal(fault_of(str_n(signs, n)), "no word");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_is_found_wherever_it_stands),
        cmocka_unit_test(a_text_without_fault_has_none_and_is_counted),
        cmocka_unit_test(signs_alone_are_no_words),
    };

    return cmocka_run_group_tests_name("listing: faults of a text", tests, NULL, NULL);
}
