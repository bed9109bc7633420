#include "check.h"

#include "base/clock.h"
#include "base/text.h"

static void utf8_is_valid_or_not(void **state)
{
    static const char *const good[] = {
        "", "kaos", "é", "日本", "😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEF\xBF\xBD"};
    static const char *const bad[] = {
        "\x80",
        "a\xBF",
        "\xC3",
        "\xC3(",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xE2\x82",
        "\xE2\x82(",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xF0\x9F\x98",
        "\xFF",
        "\xFE",
        "\xF8\x88\x80\x80\x80",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(utf8_valid(str_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(utf8_valid(str_of(bad[i])));
}

static void invalid_bytes_count_one_each(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        {"", 0},
        {"kaos", 4},
        {"é日😀", 3},
        {"a\xFF"
         "b",
         3},
        {"\xE2\x82", 2},
        {"\xF0\x9F\x98", 3},
        {"\xE2\x82"
         "é",
         3},
        {"\xED\xA0\x80", 3},
        {"e\xCC\x81", 2},
    };
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(utf8_length(str_of(cases[i].text)), cases[i].length);
    assert_int_equal(utf8_next(STR_LIT("\xE2\x82\xACx"), &at), 0x20AC);
    assert_int_equal(at, 3);
    at = 0;
    assert_int_equal(utf8_next(STR_LIT("\xE2\x82"), &at), 0xFFFD);
    assert_int_equal(at, 1);
}

static void a_head_is_counted_in_code_points(void **state)
{
    (void)state;
    assert_text("none", utf8_head(STR_LIT("é日😀x"), 0), "");
    assert_text("three", utf8_head(STR_LIT("é日😀x"), 3), "é日😀");
    assert_text("all", utf8_head(STR_LIT("é日"), 9), "é日");
    assert_text("broken", utf8_head(STR_LIT("\xE2\x82x"), 2), "\xE2\x82");
    assert_text("nothing", utf8_head((struct str){0}, 9), "");
}

static void every_code_point_reads_back(void **state)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    for (uint32_t c = 0; c <= 0x110000; c += c < 0x3000 ? 1 : 97) {
        bool real = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
        size_t at = 0;

        buf_reset(&b);
        buf_utf8(&b, c);
        assert_int_equal(utf8_next(buf_str(&b), &at), real ? c : 0xFFFD);
        assert_int_equal(at, b.n);
        assert_true(utf8_valid(buf_str(&b)));
    }
    buf_clear(&b);
}

static void blanks_of_any_kind_are_trimmed(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"kaos", "kaos"},
        {" \t\r\n\v\f kaos  pria ", "kaos  pria"},
        {"\xC2\xA0kaos\xC2\xA0", "kaos"},          /* no-break space */
        {"\xE2\x80\x8Bkaos\xEF\xBB\xBF", "kaos"},  /* zero width, byte-order mark */
        {"\xE3\x80\x80kaos\xE2\x80\xAF ", "kaos"}, /* ideographic, narrow no-break */
        {"\xC2\x85kaos\xE2\x80\xA9", "kaos"},      /* next line, paragraph separator */
        {" \xC2\xA0 ", ""},
        {"", ""},
        {"\xE0\xB4\xA8\xE0\xB5\x8D\xE2\x80\x8D", "\xE0\xB4\xA8\xE0\xB5\x8D\xE2\x80\x8D"},
        {"\xA0kaos\xA0", "\xA0kaos\xA0"}, /* no UTF-8: left alone */
        {" \x80\x80\x80\x80\x80 ", "\x80\x80\x80\x80\x80"},
        {"é ", "é"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_text(cases[i].text, text_trim(str_of(cases[i].text)), cases[i].want);
}

static void stray_spaces_are_noticed(void **state)
{
    static const char *const clean[] = {"",           "kaos", "kaos pria",
                                        "kaos\tpria", "é é",  "نمی\xE2\x80\x8Cخواهم"};
    static const char *const stray[] = {
        " ",
        " kaos",
        "kaos ",
        "kaos  pria",
        "a \tb",
        "kaos\xC2\xA0pria",
        "ka\xE2\x80\x8Bos",
        "a\n",
        "ka\xEF\xBB\xBFos",
        "ka\xE2\x80\xAFos",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(clean); i++)
        if (text_has_stray_space(str_of(clean[i])))
            fail_msg("\"%s\"", clean[i]);
    for (size_t i = 0; i < COUNT(stray); i++)
        if (!text_has_stray_space(str_of(stray[i])))
            fail_msg("\"%s\"", stray[i]);
}

static void folding_and_keys(void **state)
{
    static const struct {
        const char *text, *fold, *key;
    } cases[] = {
        {"", "", ""},
        {"Kaos  Pria!", "kaos  pria!", "kaos pria"},
        {"  --  ", "  --  ", ""},
        {"T-Shirt & Polo (3/4)", "t-shirt & polo (3/4)", "t shirt polo 3 4"},
        {"ÉTÉ Café", "été café", "ete cafe"},
        {"e\xCC\x81", "é", "e"},
        {"Straße", "strasse", "strasse"},
        {"İSTANBUL", "i̇stanbul", "istanbul"},
        {"ﬁne Ｋａｏｓ ①", "fine kaos 1", "fine kaos 1"},
        {"Ёлка Й", "ёлка й", "елка и"},
        {"Ἀθῆναι", "ἀθῆναι", "αθηναι"},
        {"ка\xCC\x81", "ка\xCC\x81", "ка"},
        /* marks that are vowels, or make another letter */
        {"เสื้อยืด ผู้ชาย", "เสื้อยืด ผู้ชาย", "เสื้อยืด ผู้ชาย"},
        {"हिन्दी", "हिन्दी", "हिन्दी"},
        {"がぎ パ", "がぎ パ", "がぎ パ"},
        {"كِتاب", "كِتاب", "كِتاب"},
        {"한국어", "한국어", "한국어"},
        /* what cannot be seen goes, what is no letter parts */
        {"ka\xC2\xADos\xE2\x80\x8B", "kaos", "kaos"},
        {"kaos\xC2\xA0pria", "kaos pria", "kaos pria"},
        {"kaos😀pria", "kaos😀pria", "kaos pria"},
        {"“Kaos” — «Pria»", "“kaos” — «pria»", "kaos pria"},
        {"𝐊aos 𝟙", "kaos 1", "kaos 1"},
        {"a\xFF"
         "B",
         "a\xEF\xBF\xBD"
         "b",
         "a b"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf fold = BUF_INIT(BUF_MAX_LINE), key = BUF_INIT(BUF_MAX_LINE);

        text_fold(str_of(cases[i].text), &fold);
        text_key(str_of(cases[i].text), &key);
        assert_text(cases[i].text, buf_str(&fold), cases[i].fold);
        assert_text(cases[i].text, buf_str(&key), cases[i].key);
        buf_clear(&fold);
        buf_clear(&key);
    }
}

static void folding_appends_and_takes_long_texts(void **state)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST), out = BUF_INIT(BUF_MAX_REQUEST);

    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_addz(&text, "ÉﷺA"); /* one of these letters folds to eighteen */
    buf_addz(&out, "as before ");
    text_fold(buf_str(&text), &out);
    assert_int_equal(out.failed, AISLE_OK);
    assert_int_equal(utf8_length(buf_str(&out)), 10 + 1000 * 20);
    buf_reset(&out);
    buf_addz(&out, "as before ");
    text_key(STR_LIT(" É "), &out);
    assert_text("key", buf_str(&out), "as before e");
    buf_clear(&text);
    buf_clear(&out);
}

/* The fast path for ASCII and ICU have to agree: a letter beside it that ICU has to look
 * at changes nothing for the rest. */
static void ascii_and_icu_agree(void **state)
{
    struct rng_seeded seeded;

    (void)state;
    rng_seeded_init(&seeded, 11);
    for (int round = 0; round < 3000; round++) {
        struct buf ascii = BUF_INIT(BUF_MAX_LINE), icu = BUF_INIT(BUF_MAX_LINE);
        char text[20];
        size_t n = (size_t)rng_below(&seeded.rng, 16);

        for (size_t i = 0; i < n; i++)
            text[i] = (char)(1 + rng_below(&seeded.rng, 127));
        memcpy(text + n, " \xE6\x97\xA5", sizeof " \xE6\x97\xA5");
        text_fold(str_n(text, n + 1), &ascii);
        buf_addz(&ascii, "日");
        text_fold(str_n(text, n + 4), &icu);
        assert_text("fold", buf_str(&icu), buf_str(&ascii).p);
        buf_reset(&ascii);
        buf_reset(&icu);
        text_key(str_n(text, n), &ascii);
        if (ascii.n)
            buf_addc(&ascii, ' ');
        buf_addz(&ascii, "日");
        text_key(str_n(text, n + 4), &icu);
        assert_text("key", buf_str(&icu), buf_str(&ascii).p);
        buf_clear(&ascii);
        buf_clear(&icu);
    }
}

static enum aisle_status fold_something(void *ctx, struct aisle_err *err)
{
    struct buf out = BUF_INIT(BUF_MAX_REQUEST), long_text = BUF_INIT(BUF_MAX_REQUEST);
    enum aisle_status status;

    (void)ctx;
    for (int i = 0; i < 200; i++)
        buf_addz(&long_text, "Éé kaos ");
    text_fold(STR_LIT("Kaos"), &out);
    text_fold(buf_str(&long_text), &out);
    text_key(buf_str(&long_text), &out);
    status = buf_check(&long_text, "text", err);
    if (status == AISLE_OK)
        status = buf_check(&out, "text", err);
    buf_clear(&out);
    buf_clear(&long_text);
    return status;
}

static void folding_without_memory_marks_the_buffer(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(fold_something, NULL) > 5);
}

static void add_word(void *ctx, struct str word)
{
    buf_addf(ctx, "[%.*s]", STR_ARG(word));
}

static void words_are_found_in_many_scripts(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {" - ! ", ""},
        {"Kaos pria, hitam-putih 2XL", "[Kaos][pria][hitam][putih][2XL]"},
        {"don't a.b 3.5 1,000 a,b 1.a x_1 __",
         "[don't][a.b][3.5][1,000][a][b][1][a][x_1]"},
        {"don't 3.5 é", "[don't][3.5][é]"},
        {"Café été", "[Café][été]"},
        {"เสื้อยืดผู้ชาย", "[เสื้อ][ยืด][ผู้ชาย]"},
        {"日本語の服", "[日本語][の][服]"},
        {"@toko budi@toko.id é@toko é", "[toko][budi][toko.id][é][toko][é]"},
        {"😀 kaos 😀é", "[kaos][é]"},
        {"a\xFF"
         "b é",
         "[a][b][é]"},
    };
    struct text_words words;

    (void)state;
    assert_ok(text_words_init(&words, NULL), NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b = BUF_INIT(BUF_MAX_LINE);

        assert_ok(text_words_each(&words, str_of(cases[i].text), add_word, &b, NULL),
                  NULL);
        assert_text(cases[i].text, buf_str(&b), cases[i].want);
        buf_clear(&b);
    }
    text_words_clear(&words);
    text_words_clear(&words);
}

static void ascii_words_are_those_of_icu(void **state)
{
    static const char letters[] = "aB1 .',;:-_\"/&+2z\t\n#@";
    struct text_words words;
    struct rng_seeded seeded;

    (void)state;
    assert_ok(text_words_init(&words, NULL), NULL);
    rng_seeded_init(&seeded, 12);
    for (int round = 0; round < 5000; round++) {
        struct buf ascii = BUF_INIT(BUF_MAX_LINE), icu = BUF_INIT(BUF_MAX_LINE);
        char text[20];
        size_t n = (size_t)rng_below(&seeded.rng, 15);

        for (size_t i = 0; i < n; i++)
            text[i] = letters[rng_below(&seeded.rng, sizeof letters - 1)];
        memcpy(text + n, " \xC3\xA9", sizeof " \xC3\xA9");
        assert_ok(text_words_each(&words, str_n(text, n), add_word, &ascii, NULL), NULL);
        buf_addz(&ascii, "[é]");
        assert_ok(text_words_each(&words, str_n(text, n + 3), add_word, &icu, NULL),
                  NULL);
        assert_text("words", buf_str(&ascii), buf_str(&icu).p);
        buf_clear(&ascii);
        buf_clear(&icu);
    }
    text_words_clear(&words);
}

static void a_text_can_be_too_long(void **state)
{
    struct text_words words;
    struct aisle_err err = {0};
    struct buf b = BUF_INIT(BUF_MAX_FILE), key = BUF_INIT(BUF_MAX_FILE);

    (void)state;
    assert_ok(text_words_init(&words, NULL), NULL);
    assert_true(buf_room(&b, (size_t)TEXT_MAX + 2));
    memset(b.p, ' ', (size_t)TEXT_MAX);
    memcpy(b.p + TEXT_MAX - 1, "\xC3\xA9", 3);
    b.n = (size_t)TEXT_MAX + 1;
    assert_status(text_words_each(&words, buf_str(&b), add_word, NULL, &err), AISLE_LIMIT,
                  &err);
    text_key(buf_str(&b), &key);
    assert_int_equal(key.failed, AISLE_LIMIT);
    text_words_clear(&words);
    buf_clear(&key);
    buf_clear(&b);
}

static void columns_on_a_terminal(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
    } cases[] = {
        {"", 0},
        {"kaos", 4},
        {"é", 1},
        {"e\xCC\x81", 1},
        {"日本", 4},
        {"Ｋ", 2},
        {"😀", 2},
        {"ผู้ชาย", 4},
        {"한", 2},
        {"\xE1\x84\x92\xE1\x85\xA1", 2},
        {"a\xE2\x80\x8B"
         "b",
         2},
        {"\x1b[m", 3},
        {"\xFF", 1},
        {"…", 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(text_columns(str_of(cases[i].text)), cases[i].columns);
}

static void texts_are_cut_to_fit(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *want;
    } cases[] = {
        {"kaos", 4, "kaos"},
        {"kaos", 3, "ka…"},
        {"kaos", 1, "…"},
        {"kaos", 0, ""},
        {"", 0, ""},
        {"日本語", 6, "日本語"},
        {"日本語", 5, "日本…"},
        {"日本語", 4, "日…"}, /* half a letter does not fit */
        {"e\xCC\x81"
         "e\xCC\x81"
         "ee",
         3,
         "e\xCC\x81"
         "e\xCC\x81…"},
        {"e\xCC\x81", 1, "e\xCC\x81"},
        {"a\x1b[2Jb\tc\xC2\x9B", 9, "a [2Jb c "},
        {"a\xFF"
         "b",
         3,
         "a\xEF\xBF\xBD"
         "b"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b = BUF_INIT(BUF_MAX_LINE);

        buf_fit(&b, str_of(cases[i].text), cases[i].columns);
        assert_text(cases[i].text, buf_str(&b), cases[i].want);
        assert_true(text_columns(buf_str(&b)) <= cases[i].columns);
        buf_clear(&b);
    }
}

static void windows_1252_becomes_utf8(void **state)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    buf_from_cp1252(&b, STR_LIT("Caf\xE9 \x80 \x93x\x94 \x9F \xFF"));
    assert_text("cp1252", buf_str(&b), "Café € “x” Ÿ ÿ");
    buf_reset(&b);
    for (int c = 0; c < 256; c++)
        buf_from_cp1252(&b, str_n(&(char){(char)c}, 1));
    assert_true(utf8_valid(buf_str(&b)));
    assert_int_equal(utf8_length(buf_str(&b)), 256);
    buf_clear(&b);
}

#define BYTES(z) z, sizeof(z) - 1

static void utf16_becomes_utf8(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        bool big, ok;
        const char *want;
    } cases[] = {
        {BYTES(""), false, true, ""},
        {BYTES("k\0\xE9\0"), false, true, "ké"},
        {BYTES("\0k\0\xE9"), true, true, "ké"},
        {BYTES("\xFF\xFEk\0"), true, true, "k"},
        {BYTES("\xFE\xFF\0k"), false, true, "k"},
        {BYTES("\xFF\xFEk\0"), false, true, "k"},
        {BYTES("\xFE\xFF\0k"), true, true, "k"},
        {BYTES("\x3D\xD8\x00\xDE"), false, true, "😀"},
        {BYTES("\xD8\x3D\xDE\x00"), true, true, "😀"},
        {BYTES("\x3D\xD8"), false, true, "\xEF\xBF\xBD"},
        {BYTES("\x00\xDEk\0"), false, true, "\xEF\xBF\xBDk"},
        {BYTES("\x3D\xD8k\0"), false, true, "\xEF\xBF\xBDk"},
        {BYTES("k\0\xE9"), false, false, ""},
        {BYTES("k"), false, false, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b = BUF_INIT(BUF_MAX_LINE);

        assert_int_equal(
            buf_from_utf16(&b, str_n(cases[i].bytes, cases[i].n), cases[i].big),
            cases[i].ok);
        assert_text("utf16", buf_str(&b), cases[i].want);
        buf_clear(&b);
    }
}

static void mistakes_of_typing_are_counted(void **state)
{
    static const struct {
        const char *a, *b;
        unsigned most, want;
    } cases[] = {
        {"kaos", "kaos", 0, 0},     {"kaos", "kaus", 2, 1},
        {"kaos", "koas", 2, 1},     {"kaos", "kaso", 2, 1},
        {"kaos", "akos", 2, 1},     {"kaos", "kos", 2, 1},
        {"kaos", "kaoss", 2, 1},    {"kaos", "", 4, 4},
        {"", "kaos", 3, 4},         {"", "", 2, 0},
        {"kaos", "celana", 2, 3},   {"kaos", "celana", 9, 5},
        {"kaos", "kaus", 0, 1},     {"ca", "abc", 5, 3}, /* a letter between is no swap */
        {"abcd", "badc", 5, 2},     {"été", "ete", 5, 2},
        {"日本", "本日", 5, 1},     {"sepatu", "sepqtuu", 2, 2},
        {"sepatu", "espatu", 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str a = str_of(cases[i].a), b = str_of(cases[i].b);
        unsigned there = text_distance(a, b, cases[i].most);
        unsigned back = text_distance(b, a, cases[i].most);

        if (there != cases[i].want || back != there)
            fail_msg("%s, %s: %u and %u", cases[i].a, cases[i].b, there, back);
    }
}

static void stopping_early_changes_no_distance(void **state)
{
    struct rng_seeded seeded;

    (void)state;
    rng_seeded_init(&seeded, 13);
    for (int round = 0; round < 5000; round++) {
        char a[8], b[8];
        size_t n = (size_t)rng_below(&seeded.rng, 9),
               m = (size_t)rng_below(&seeded.rng, 9);
        unsigned whole;

        for (size_t i = 0; i < 8; i++) {
            a[i] = (char)('a' + rng_below(&seeded.rng, 3));
            b[i] = (char)('a' + rng_below(&seeded.rng, 3));
        }
        whole = text_distance(str_n(a, n), str_n(b, m), 99);
        assert_true(whole <= (n > m ? n : m));
        for (unsigned most = 0; most < 8; most++)
            assert_int_equal(text_distance(str_n(a, n), str_n(b, m), most),
                             whole <= most ? whole : most + 1);
    }
}

static void very_long_words_are_equal_or_far(void **state)
{
    char a[TEXT_DISTANCE_MAX + 1], b[TEXT_DISTANCE_MAX + 1];

    (void)state;
    memset(a, 'a', sizeof a);
    memset(b, 'a', sizeof b);
    b[5] = 'b';
    assert_int_equal(
        text_distance(str_n(a, TEXT_DISTANCE_MAX), str_n(b, TEXT_DISTANCE_MAX), 2), 1);
    assert_int_equal(text_distance(str_n(a, sizeof a), str_n(b, sizeof b), 2), 3);
    b[5] = 'a';
    assert_int_equal(text_distance(str_n(a, sizeof a), str_n(b, sizeof b), 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_valid_or_not),
        cmocka_unit_test(invalid_bytes_count_one_each),
        cmocka_unit_test(a_head_is_counted_in_code_points),
        cmocka_unit_test(every_code_point_reads_back),
        cmocka_unit_test(blanks_of_any_kind_are_trimmed),
        cmocka_unit_test(stray_spaces_are_noticed),
        cmocka_unit_test(folding_and_keys),
        cmocka_unit_test(folding_appends_and_takes_long_texts),
        cmocka_unit_test(ascii_and_icu_agree),
        cmocka_unit_test(folding_without_memory_marks_the_buffer),
        cmocka_unit_test(words_are_found_in_many_scripts),
        cmocka_unit_test(ascii_words_are_those_of_icu),
        cmocka_unit_test(a_text_can_be_too_long),
        cmocka_unit_test(columns_on_a_terminal),
        cmocka_unit_test(texts_are_cut_to_fit),
        cmocka_unit_test(windows_1252_becomes_utf8),
        cmocka_unit_test(utf16_becomes_utf8),
        cmocka_unit_test(mistakes_of_typing_are_counted),
        cmocka_unit_test(stopping_early_changes_no_distance),
        cmocka_unit_test(very_long_words_are_equal_or_far),
    };

    return cmocka_run_group_tests_name("base: text", tests, NULL, NULL);
}
