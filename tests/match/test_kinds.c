/* The vocabulary of goods, and what a matcher makes of it. */
#include "check.h"

#include "match/ask.h"
#include "match/kinds.h"
#include "match/paths.h"
#include "match/train.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
    struct word_splitter splitter;
    struct word_list words;
    struct phrase_keys keys;
    struct kind_phrase found[WORDS_MAX];
    size_t n;
};

static void read_title(struct reader *r, struct str title)
{
    assert_ok(words_split(&r->splitter, title, &r->words, NULL), NULL);
    phrase_keys_write(&r->keys, &r->words);
    r->n = kinds_read(&r->keys, r->found);
}

static bool speaks_of(const struct kind_phrase *p, const char *kind)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->kinds[i]->name, kind) == 0)
            return true;
    return false;
}

/* ---- every line of the vocabulary ---- */

/* Reads as a title what the file says; lost phrases are printed, not only counted. */
static size_t check_phrase(struct reader *r, const char *kind, struct str phrase)
{
    char text[256];

    snprintf(text, sizeof text, "%.*s", (int)phrase.n, phrase.p);
    read_title(r, phrase);
    if (r->n == 1 && r->found[0].words == r->words.n && speaks_of(&r->found[0], kind))
        return 0;
    print_message("%s: '%s' is not found\n", kind, text);
    return 1;
}

static size_t check_file(struct reader *r, const char *path, size_t *phrases)
{
    char line[4096], field[64], kind[256] = "";
    const char *name = strrchr(path, '/') + 1;
    size_t lost = 0, n = strcspn(name, ".");
    FILE *f = fopen(path, "re");

    assert_non_null(f);
    assert_true(n < sizeof field);
    for (size_t i = 0; i <= n; i++)
        field[i] = (char)(i == n ? '\0' : name[i] == '-' ? ' ' : name[i]);
    while (fgets(line, sizeof line, f)) {
        struct str rest = str_trim(str_of(line));

        if (str_empty(rest) || line[0] == '#')
            continue;
        if (line[0] != ' ') {
            struct str head = str_cut(&rest, ':');

            snprintf(kind, sizeof kind, "%s > %.*s", field, (int)head.n, head.p);
        }
        while (!str_empty(rest)) {
            struct str phrase = str_trim(str_cut(&rest, ','));

            if (str_empty(phrase))
                continue;
            lost += check_phrase(r, kind, phrase);
            ++*phrases;
        }
    }
    fclose(f);
    return lost;
}

static void every_phrase_is_found_in_a_title_as_it_is_written(void **state)
{
    struct reader r = {0};
    size_t phrases = 0, lost = 0;
    char pattern[1024];
    glob_t files;
    (void)state;

    snprintf(pattern, sizeof pattern, "%s/src/match/kinds/*.txt", getenv("SOURCE_ROOT"));
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    assert_ok(word_splitter_init(&r.splitter, NULL), NULL);
    for (size_t i = 0; i < files.gl_pathc; i++)
        lost += check_file(&r, files.gl_pathv[i], &phrases);
    assert_int_equal(lost, 0);
    assert_true(phrases > 10000);
    word_splitter_clear(&r.splitter);
    globfree(&files);
}

/* ---- reading ---- */

static void titles_speak_of_kinds(void **state)
{
    static const struct {
        const char *title;
        const char *kinds[4]; /* of each phrase found, one of its kinds */
    } table[] = {
        {"Claudia Long Sleeve Nightdress", {"clothing > sleepwear"}},
        {"NIGHTDRESSES, blue", {"clothing > sleepwear"}},
        {"Freeze dried spinach", {"food > vegetables"}},
        {"Sleeping bags", {"camping > sleeping bags"}}, /* and no bag */
        {"power bank 10000mAh", {"phones > power banks"}},
        {"Wireless mouse for laptops", {"computers > mice", "computers > laptops"}},
        {"น้ำหอม ติดทนนาน", {"beauty > perfume"}}, /* sara am, and taken apart: */
        {"น\u0e49\u0e4d\u0e32หอม", {"beauty > perfume"}},
        {"Tudung bawal printed", {"clothing > muslim wear"}},
        {"Sapatos pambabae", {"footwear > shoes"}},
        {"Zzyxo qqum", {NULL}},
        {"", {NULL}},
    };
    struct reader r = {0};
    (void)state;

    assert_ok(word_splitter_init(&r.splitter, NULL), NULL);
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t at = 0;

        read_title(&r, str_of(table[i].title));
        for (size_t k = 0; k < COUNT(table[i].kinds) && table[i].kinds[k]; k++) {
            while (at < r.n && !speaks_of(&r.found[at], table[i].kinds[k]))
                at++;
            if (at == r.n)
                fail_msg("'%s' does not speak of %s", table[i].title, table[i].kinds[k]);
        }
        if (!table[i].kinds[0])
            assert_int_equal(r.n, 0);
    }
    word_splitter_clear(&r.splitter);
}

static void no_phrase_begins_within_another(void **state)
{
    struct reader r = {0};
    (void)state;

    assert_ok(word_splitter_init(&r.splitter, NULL), NULL);
    read_title(&r,
               STR_LIT("sleeping bag, table lamp; memory card reader and a tote bag"));
    assert_true(r.n > 2);
    for (size_t i = 0; i < r.n; i++) {
        assert_in_range(r.found[i].words, 1, PHRASE_WORDS);
        assert_in_range(r.found[i].count, 1, KINDS_MOST);
        assert_true(r.found[i].first + r.found[i].words <= r.words.n);
        if (i > 0)
            assert_true(r.found[i].first >= r.found[i - 1].first + r.found[i - 1].words);
    }
    word_splitter_clear(&r.splitter);
}

/* ---- taught ---- */

static const struct labelled taught[] = {
    {{.title = STR_INIT("pyjama grey")}, STR_INIT("Nightwear")},
    {{.title = STR_INIT("bathrobe blue")}, STR_INIT("Nightwear")},
    {{.title = STR_INIT("nightie green")}, STR_INIT("Nightwear")},
    {{.title = STR_INIT("leek green")}, STR_INIT("Greens")},
    {{.title = STR_INIT("carrot blue")}, STR_INIT("Greens")},
    {{.title = STR_INIT("broccoli grey")}, STR_INIT("Greens")},
    {{.title = STR_INIT("hammer green")}, STR_INIT("Workshop")},
    {{.title = STR_INIT("screwdriver blue")}, STR_INIT("Workshop")},
    {{.title = STR_INIT("pliers grey")}, STR_INIT("Workshop")},
};

/* Wherever it stands. */
static void a_word_that_was_never_taught_is_known_by_its_kind(void **state)
{
    static const struct {
        struct product_text text;
        const char *leaf;
    } asked[] = {
        {{.title = STR_INIT("Claudia loungewear")}, "Nightwear"},
        {{.title = STR_INIT("kohlrabi")}, "Greens"},
        {{.title = STR_INIT("cauliflower")}, "Greens"},
        {{.title = STR_INIT("Claudia"),
          .seller_category = STR_INIT("Women > Loungewear")},
         "Nightwear"},
        {{.title = STR_INIT("Claudia"), .description = STR_INIT("One kohlrabi, fresh.")},
         "Greens"},
        {{.title = STR_INIT("Claudia"), .seller_category = STR_INIT("Kohlrabi")},
         "Greens"},
    };
    struct str paths[] = {STR_LIT("Nightwear"), STR_LIT("Greens"), STR_LIT("Workshop")};
    struct arena arena = ARENA_INIT(16 << 20);
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct taxonomy tree;
    struct asker *asker;
    struct model *m;
    (void)state;

    assert_ok(paths_build(paths, COUNT(paths), &arena, &tree, NULL), NULL);
    assert_ok(model_train(&tree, taught, COUNT(taught), NULL, &bytes, NULL), NULL);
    assert_ok(model_open_bytes(buf_str(&bytes), &m, NULL), NULL);
    assert_ok(asker_new(m, &asker, NULL), NULL);
    for (size_t i = 0; i < COUNT(asked); i++) {
        struct model_hit hits[CALIBRATE_TOP];
        size_t count = 0;

        assert_ok(asker_rank(asker, &asked[i].text, hits, CALIBRATE_TOP, &count, NULL),
                  NULL);
        assert_true(count > 0);
        assert_str(model_node_id(m, hits[0].leaf), asked[i].leaf);
    }
    asker_free(asker);
    model_close(m);
    buf_clear(&bytes);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phrase_is_found_in_a_title_as_it_is_written),
        cmocka_unit_test(titles_speak_of_kinds),
        cmocka_unit_test(no_phrase_begins_within_another),
        cmocka_unit_test(a_word_that_was_never_taught_is_known_by_its_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
