/* What stands for the same in several languages. */
#include "check.h"

#include "match/lexicon.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
    struct word_splitter splitter;
    struct word_list words;
    struct phrase_keys keys;
};

static struct reader reader_new(void)
{
    struct reader r = {0};

    assert_ok(word_splitter_init(&r.splitter, NULL), NULL);
    return r;
}

/* A phrase's concepts, as a title that holds nothing else speaks of them. */
static size_t concepts_of(struct reader *r, struct str phrase, uint16_t out[LEXICON_MOST])
{
    assert_ok(words_split(&r->splitter, phrase, &r->words, NULL), NULL);
    phrase_keys_write(&r->keys, &r->words);
    if (r->keys.n == 0 || r->keys.n > PHRASE_WORDS)
        return 0;
    return lexicon_find(phrase_key(&r->keys, 0, r->keys.n), out);
}

/* ---- every row ---- */

struct rows {
    struct reader reader;
    uint64_t concept; /* of the row being read */
    size_t rows, phrases, lost;
};

static void check_phrase(struct rows *r, struct str phrase)
{
    uint16_t concepts[LEXICON_MOST];
    size_t count = concepts_of(&r->reader, phrase, concepts);

    r->phrases++;
    for (size_t i = 0; i < count; i++)
        if (lexicon_hash(concepts[i]) == r->concept)
            return;
    print_message("'%.*s' is not found\n", STR_ARG(phrase));
    r->lost++;
}

static void check_file(struct rows *r, const char *path)
{
    char line[4096];
    FILE *f = fopen(path, "re");

    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        struct str rest = str_trim(str_of(line));

        if (str_empty(rest) || line[0] == '#')
            continue;
        if (line[0] != ' ') {
            struct str all = rest;

            r->concept = str_hash(str_trim(str_cut(&all, ',')));
            r->rows++;
        }
        while (!str_empty(rest)) {
            struct str phrase = str_trim(str_cut(&rest, ','));

            if (!str_empty(phrase))
                check_phrase(r, phrase);
        }
    }
    fclose(f);
}

static void every_phrase_is_found_as_it_is_written(void **state)
{
    struct rows r = {.reader = reader_new()};
    char pattern[1024];
    glob_t files;
    (void)state;

    snprintf(pattern, sizeof pattern, "%s/src/match/lexicon/*.txt",
             getenv("SOURCE_ROOT"));
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_file(&r, files.gl_pathv[i]);
    assert_int_equal(r.lost, 0);
    assert_int_equal(r.rows, lexicon_total());
    assert_true(r.phrases > 40000);
    word_splitter_clear(&r.reader.splitter);
    globfree(&files);
}

/* ---- what stands for what ---- */

static bool share_a_concept(struct reader *r, const char *a, const char *b)
{
    uint16_t of_a[LEXICON_MOST], of_b[LEXICON_MOST];
    size_t n = concepts_of(r, str_of(a), of_a), m = concepts_of(r, str_of(b), of_b);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            if (of_a[i] == of_b[k])
                return true;
    return false;
}

static void a_rows_words_stand_for_each_other(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } table[] = {
        {"kaos", "T-Shirts", true},
        {"power bank", "PowerBank", true},
        {"nồi cơm điện", "rice cookers", true}, /* three words of four */
        {"kaos", "celana", false},
        {"หมวกกันน็อค", "helm", true},
        {"kutsara", "thìa", true},
        {"spoon", "fork", false},
        {"zzyxo", "zzyxo", false}, /* nobody wrote it down */
        {"", "", false},
    };
    struct reader r = reader_new();
    (void)state;

    for (size_t i = 0; i < COUNT(table); i++)
        if (share_a_concept(&r, table[i].a, table[i].b) != table[i].same)
            fail_msg("'%s' and '%s'", table[i].a, table[i].b);
    word_splitter_clear(&r.splitter);
}

static void a_phrase_within_a_longer_one_is_not_read(void **state)
{
    struct reader r = reader_new();
    struct lexicon_phrase found[WORDS_MAX];
    (void)state;

    assert_ok(words_split(&r.splitter, STR_LIT("kaos anak laki-laki, power bank"),
                          &r.words, NULL),
              NULL);
    phrase_keys_write(&r.keys, &r.words);
    assert_int_equal(lexicon_read(&r.keys, found), 2);
    assert_int_equal(found[0].first, 1); /* a boy's; no man is in it */
    assert_int_equal(found[0].words, 3);
    assert_true(found[0].count > 0);
    assert_int_equal(lexicon_hash(found[0].concepts[0]), str_hash(STR_LIT("boy")));
    assert_int_equal(found[1].first, 4);
    assert_int_equal(found[1].words, 2);
    word_splitter_clear(&r.splitter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phrase_is_found_as_it_is_written),
        cmocka_unit_test(a_rows_words_stand_for_each_other),
        cmocka_unit_test(a_phrase_within_a_longer_one_is_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
