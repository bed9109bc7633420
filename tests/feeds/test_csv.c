/* Rows are shown as "2:a|b", their line and cells, with the flaws behind: "!quote". */
#include "check.h"

#include "base/buf.h"
#include "base/text.h"
#include "feeds/columns.h"
#include "feeds/csv.h"

static void show_row(const struct csv_row *row, struct buf *out)
{
    static const struct {
        enum csv_flaw flaw;
        const char *word;
    } flaws[] = {
        {CSV_STRAY_QUOTE, "!quote"}, {CSV_UNCLOSED_QUOTE, "!open"},
        {CSV_NUL, "!nul"},           {CSV_BAD_TEXT, "!text"},
        {CSV_TOO_LONG, "!long"},     {CSV_TOO_MANY, "!many"},
    };

    buf_addf(out, "%s%zu:", out->n ? " " : "", row->line);
    for (size_t i = 0; i < row->count; i++) {
        if (i > 0)
            buf_addc(out, '|');
        buf_add(out, row->cells[i]);
    }
    for (size_t i = 0; i < COUNT(flaws); i++)
        if (row->flaws & flaws[i].flaw)
            buf_addz(out, flaws[i].word);
}

static const struct {
    const char *says;
    struct str file;
    const char *rows;
} cases[] = {
    {"no bytes", STR_INIT(""), ""},
    {"only a mark", STR_INIT("\xef\xbb\xbf"), ""},
    {"only line ends", STR_INIT("\r\n\n\r\n"), ""},
    {"RFC 4180", STR_INIT("a,b\r\n1,\"x,\"\"y\"\"\r\nz\"\r\n"), "1:a|b 2:1|x,\"y\"\r\nz"},
    {"no line end at the end", STR_INIT("a,b\n1,2"), "1:a|b 2:1|2"},
    {"empty cells stay", STR_INIT("a,b,c\n,,\n1,,\n,,3\n"), "1:a|b|c 2:|| 3:1|| 4:||3"},
    {"a quoted nothing is a row", STR_INIT("a\n\"\"\nb\n"), "1:a 2: 3:b"},
    {"blank lines are none", STR_INIT("a,b\n\n  \n1,2\n"), "1:a|b 4:1|2"},
    {"a line end inside quotes counts as a line", STR_INIT("a\n\"x\n\ny\"\nb\n"),
     "1:a 2:x\n\ny 5:b"},
    {"CR CR LF is one line end", STR_INIT("a,b\r\r\n1,2\r\r\n"), "1:a|b 2:1|2"},
    {"CR alone ends lines where nothing else does", STR_INIT("a,b\r1,2\r"),
     "1:a|b 2:1|2"},
    {"else it is text", STR_INIT("a,b\n1\r1,2\n"), "1:a|b 2:1\r1|2"},
    {"blanks around quotes are dropped", STR_INIT("a, \"b,c\" ,d\n"), "1:a|b,c|d"},
    {"blanks elsewhere stay", STR_INIT("a, b ,c\n"), "1:a| b |c"},
    {"a TAB is a blank only where it does not separate",
     STR_INIT("a\t\"b\"\t\t\n1\t2\t3\t\n"), "1:a|b|| 2:1|2|3|"},
    {"semicolons", STR_INIT("a;b\n1,5;2,5\n"), "1:a|b 2:1,5|2,5"},
    {"bars", STR_INIT("a|b\n1|2\n"), "1:a|b 2:1|2"},
    {"the separator most rows agree on",
     STR_INIT("name (a,b,c);x\n1,5;2\n1,6;3\n1,7;4\n"),
     "1:name (a,b,c)|x 2:1,5|2 3:1,6|3 4:1,7|4"},
    {"one column", STR_INIT("a\nb c\n"), "1:a 2:b c"},
    {"Excel's sep line", STR_INIT("sep=;\na;b,c\n"), "2:a|b,c"},
    {"Excel's sep line, quoted", STR_INIT("\"sep=,\"\r\na;b,c\r\n"), "2:a;b|c"},
    {"what only begins like one is a row", STR_INIT("\"sep=\",b\nsep=x,2\n"),
     "1:sep=|b 2:sep=x|2"},
    {"a line of text above the table", STR_INIT("Laporan\n\na;b\n1;2,5\n"),
     "1:Laporan 3:a|b 4:1|2,5"},
    {"a quote in a bare cell is a letter", STR_INIT("a,7\" x 5\"\n"), "1:a|7\" x 5\""},
    {"a quote inside a quoted cell", STR_INIT("a,\"7\" x\"\n"), "1:a|7\" x!quote"},
    {"a quote that never closes", STR_INIT("a,b\n1,\"x\n2,y\n"),
     "1:a|b 2:1|x!open 3:2|y"},
    {"a quote that runs on into the next", STR_INIT("a,b,c\n1,\"x,3\n2,\"y\",4\n"),
     "1:a|b|c 2:1|x|3!open 3:2|y|4"},
    {"what is quoted well in that line stays so",
     STR_INIT("a,b,c\n\"p,q\",\"x,3\n2,\"y\",4\n"), "1:a|b|c 2:p,q|x|3!open 3:2|y|4"},
    {"text over lines with quotes in it is let be",
     STR_INIT("a,b\n1,\"say \"hi\" and\nleave\"\n2,x\n"),
     "1:a|b 2:1|say \"hi\" and\nleave!quote 4:2|x"},
    {"PHP's backslash", STR_INIT("a,b\n1,\"{\\\"k\\\",\\\"v\\\"}\"\n"),
     "1:a|b 2:1|{\\\"k\\\",\\\"v\\\"}"},
    {"a backslash at the end of a cell is one", STR_INIT("a,b\n\"C:\\\",x\n"),
     "1:a|b 2:C:\\|x"},
    {"NULs are left out", STR_INIT("a,b\n1,x\0y\n\0\n2,z\n"), "1:a|b 2:1|xy!nul 4:2|z"},
    {"UTF-8 with a mark", STR_INIT("\xef\xbb\xbf\x61,\xc3\xa9\n"), "1:a|\u00e9"},
    {"a blank line and a TAB before the mark", STR_INIT("\n\t\xef\xbb\xbf\x61,b\n1,2\n"),
     "2:a|b 3:1|2"},
    {"a TAB without a mark is an empty cell", STR_INIT("\ta\tb\n1\t2\t3\n"),
     "1:|a|b 2:1|2|3"},
    {"Windows-1252", STR_INIT("a,caf\xe9\n1,\x80 5\n"), "1:a|caf\u00e9 2:1|\u20ac 5"},
    {"one broken letter among good ones",
     STR_INIT("a,b\n1,\xc3\xa9\xc3\xa8\n2,\xc3\n3,\xc3\xa9\n"),
     "1:a|b 2:1|\u00e9\u00e8 3:2|\ufffd!text 4:3|\u00e9"},
    {"half a letter does not find the other half in the next cell",
     STR_INIT("\xc3\xa9\xc3\xa9,b\nx\xc3,\xa9y\n"),
     "1:\u00e9\u00e9|b 2:x\ufffd|\ufffdy!text"},
    {"UTF-16, little end first",
     STR_INIT("\xff\xfe\x61\0;\0\xe9\0\n\0=\xd8\0\xde;\0\x62\0"),
     "1:a|\u00e9 2:\U0001f600|b"},
    {"UTF-16, big end first", STR_INIT("\xfe\xff\0a\0;\0\xe9\0\n\xd8=\xde\0\0;\0b"),
     "1:a|\u00e9 2:\U0001f600|b"},
    {"UTF-16 cut in the middle of a letter", STR_INIT("\xff\xfe\x61\0;\0\x62\0\x63"),
     "1:a|b"},
};

static void rows_are_read_as_they_were_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str text = cases[i].file;
        struct buf got = BUF_INIT(BUF_MAX_LINE);
        struct csv csv;
        struct csv_row row;

        assert_int_equal(csv_open(&csv, feed_source_text(&text), '\0', NULL), AISLE_OK);
        while (csv_next(&csv, &row, NULL) == AISLE_OK && row.count > 0)
            show_row(&row, &got);
        /* the end stays the end */
        assert_int_equal(csv_next(&csv, &row, NULL), AISLE_OK);
        assert_int_equal(row.count, 0);
        csv_close(&csv);
        csv_close(&csv);
        assert_text(cases[i].says, buf_str(&got), cases[i].rows);
        buf_clear(&got);
    }
}

static void a_given_separator_is_not_looked_for(void **state)
{
    struct str text = STR_LIT("a;b,c;d\n");
    struct csv csv;
    struct csv_row row;

    (void)state;
    assert_int_equal(csv_open(&csv, feed_source_text(&text), ',', NULL), AISLE_OK);
    assert_int_equal(csv_next(&csv, &row, NULL), AISLE_OK);
    assert_int_equal(row.count, 2);
    assert_str(row.cells[0], "a;b");
    csv_close(&csv);
}

/* ---- limits ---- */

static struct buf repeat(const char *begin, const char *piece, size_t count,
                         const char *end)
{
    struct buf out = BUF_INIT(BUF_MAX_REPLY);

    buf_addz(&out, begin);
    while (count-- > 0)
        buf_addz(&out, piece);
    buf_addz(&out, end);
    assert_int_equal(out.failed, AISLE_OK);
    return out;
}

/* Reads the file; its third row, behind the one that is too much, must be "2,ok". */
static struct csv_row check_goes_on(struct csv *csv, struct buf *file)
{
    struct str text = buf_str(file);
    struct csv_row row, second;

    assert_int_equal(csv_open(csv, feed_source_text(&text), ',', NULL), AISLE_OK);
    assert_int_equal(csv_next(csv, &row, NULL), AISLE_OK);
    assert_int_equal(csv_next(csv, &second, NULL), AISLE_OK);
    assert_int_equal(second.line, 2);
    second.cells = NULL;
    assert_int_equal(csv_next(csv, &row, NULL), AISLE_OK);
    assert_int_equal(row.count, 2);
    assert_str(row.cells[0], "2");
    assert_str(row.cells[1], "ok");
    assert_true(csv->window.cap <= 4 * CSV_MAX_ROW);
    csv_close(csv);
    buf_clear(file);
    return second;
}

static void a_cell_too_long_is_cut(void **state)
{
    struct buf file = repeat("a,b\n1,", "xxxxxxxx", CSV_MAX_CELL / 8 + 1, "\n2,ok\n");
    struct csv csv;
    struct csv_row row = check_goes_on(&csv, &file);

    (void)state;
    assert_int_equal(row.flaws, CSV_TOO_LONG);
    assert_int_equal(row.count, 2);
}

static void a_line_too_long_is_passed_over(void **state)
{
    struct buf file = repeat("a,b\n1,", "xxxxxxxx", CSV_MAX_ROW / 4, "\n2,ok\n");
    struct csv csv;
    struct csv_row row = check_goes_on(&csv, &file);

    (void)state;
    assert_int_equal(row.flaws, CSV_TOO_LONG);
}

static void blanks_without_end_are_a_line_too_long(void **state)
{
    struct buf file = repeat("a,b\n1,", "        ", CSV_MAX_ROW / 4, "\n2,ok\n");
    struct csv csv;
    struct csv_row row = check_goes_on(&csv, &file);

    (void)state;
    assert_int_equal(row.flaws, CSV_TOO_LONG);
}

static void a_quote_left_open_over_more_than_a_row_costs_one_line(void **state)
{
    struct buf file = repeat("a,b\n1,\"open\n2,ok\n", "3,fine\n", CSV_MAX_ROW / 4, "");
    struct csv csv;
    struct csv_row row = check_goes_on(&csv, &file);

    (void)state;
    assert_int_equal(row.flaws, CSV_UNCLOSED_QUOTE);
    assert_int_equal(row.count, 2);
}

static void too_many_cells_are_left_out(void **state)
{
    struct buf file = repeat("a,b\n", ",", CSV_MAX_COLUMNS + 5, "\n2,ok\n");
    struct csv csv;
    struct csv_row row = check_goes_on(&csv, &file);

    (void)state;
    assert_int_equal(row.count, CSV_MAX_COLUMNS);
    assert_int_equal(row.flaws, CSV_TOO_MANY);
}

/* Every line opens a quote that closes nowhere: read again and again, it must not be more
 * than a few times. */
static void open_quotes_in_every_line_are_read_in_linear_time(void **state)
{
    struct buf file = repeat("a,b\n", "1,\"open\n", 2 * CSV_MAX_ROW / 8, "");
    struct str text = buf_str(&file);
    struct csv csv;
    struct csv_row row;
    size_t rows = 0;

    (void)state;
    assert_int_equal(csv_open(&csv, feed_source_text(&text), '\0', NULL), AISLE_OK);
    while (csv_next(&csv, &row, NULL) == AISLE_OK && row.count > 0)
        rows++;
    assert_true(rows > 1);
    assert_true(csv.reread <= csv.passed + 3 * (uint64_t)CSV_MAX_ROW);
    csv_close(&csv);
    buf_clear(&file);
}

static enum aisle_status broken_read(void *ctx, char *out, size_t cap, size_t *n,
                                     struct aisle_err *err)
{
    (void)ctx;
    (void)out;
    (void)cap;
    (void)n;
    return aisle_fail(err, AISLE_IO, "disk on fire");
}

static void a_source_that_fails_is_told_in_its_words(void **state)
{
    struct csv csv;
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(csv_open(&csv, (struct feed_source){NULL, broken_read}, ',', &err),
                     AISLE_IO);
    assert_string_equal(err.text, "disk on fire");
    csv_close(&csv);
}

static enum aisle_status read_all(void *ctx, struct aisle_err *err)
{
    struct str text = *(const struct str *)ctx;
    struct csv csv;
    struct csv_row row = {.count = 1};
    enum aisle_status status = csv_open(&csv, feed_source_text(&text), '\0', err);

    while (status == AISLE_OK && row.count > 0)
        status = csv_next(&csv, &row, err);
    csv_close(&csv);
    return status;
}

static void reading_survives_running_out_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str file = cases[i].file;

        each_allocation_failing(read_all, &file);
    }
}

static void a_stream_is_a_source_too(void **state)
{
    FILE *f = tmpfile();
    struct csv csv;
    struct csv_row row;

    (void)state;
    assert_non_null(f);
    fputs("a,b\n1,2\n", f);
    rewind(f);
    assert_int_equal(csv_open(&csv, feed_source_stream(f), '\0', NULL), AISLE_OK);
    assert_int_equal(csv_next(&csv, &row, NULL), AISLE_OK);
    assert_int_equal(csv_next(&csv, &row, NULL), AISLE_OK);
    assert_str(row.cells[1], "2");
    csv_close(&csv);
    fclose(f);
}

static void a_guard_against_spreadsheets_comes_off(void **state)
{
    static const char *const guarded[][2] = {
        {"'=A1", "=A1"},
        {"'-1", "-1"},
        {"'+3", "+3"},
        {"'@x", "@x"},
        {"'\tx", "\tx"},
        {"'x", "'x"},
        {"'", "'"},
        {"", ""},
        {"=A1", "=A1"},
        {"''=", "''="},
        {"=\"007\"", "007"},
        {"=\"\"", ""},
        {"=\"a\"b\"", "=\"a\"b\""},
        {"=\"", "=\""},
        {"'=\"007\"", "=\"007\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(guarded); i++)
        assert_text(guarded[i][0], csv_unguard(str_of(guarded[i][0])), guarded[i][1]);
}

/* ---- the names of columns ---- */

static void every_known_name_is_a_key_and_stands_once(void **state)
{
    const char *name;

    (void)state;
    for (size_t i = 0; (name = feed_known_name(i)) != NULL; i++) {
        struct buf key = BUF_INIT(BUF_MAX_LINE);
        struct feed_name found = feed_name_of(str_of(name));

        text_key(str_of(name), &key);
        assert_text("a key", buf_str(&key), name);
        assert_int_equal(found.rank, i);
        assert_true(found.field < FEED_FIELDS);
        buf_clear(&key);
    }
    assert_int_equal(feed_name_of(str_of("colour of the lid")).field, FEED_FIELDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_they_were_meant),
        cmocka_unit_test(a_given_separator_is_not_looked_for),
        cmocka_unit_test(a_cell_too_long_is_cut),
        cmocka_unit_test(a_line_too_long_is_passed_over),
        cmocka_unit_test(blanks_without_end_are_a_line_too_long),
        cmocka_unit_test(a_quote_left_open_over_more_than_a_row_costs_one_line),
        cmocka_unit_test(too_many_cells_are_left_out),
        cmocka_unit_test(open_quotes_in_every_line_are_read_in_linear_time),
        cmocka_unit_test(a_source_that_fails_is_told_in_its_words),
        cmocka_unit_test(reading_survives_running_out_of_memory),
        cmocka_unit_test(a_stream_is_a_source_too),
        cmocka_unit_test(a_guard_against_spreadsheets_comes_off),
        cmocka_unit_test(every_known_name_is_a_key_and_stands_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
