#include "check.h"

#include "cli/out.h"
#include "cli/table.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static const struct column columns[] = {
    {.name = "id", .kind = COLUMN_ID},
    {.name = "path", .kind = COLUMN_PATH},
    {.name = "n", .kind = COLUMN_COUNT},
    {.name = "sure", .kind = COLUMN_SHARE},
    {.name = "leaf", .kind = COLUMN_FLAG},
    {.name = "at", .kind = COLUMN_TIME},
    {.name = "note", .kind = COLUMN_TEXT, .detail = true},
    {.name = NULL},
};

/* Everything written, read back from a file without name. */
struct sink {
    FILE *file;
    struct out out;
    struct buf text;
};

static void sink_init(struct sink *s, enum out_form form, size_t width,
                      const char *fields)
{
    s->file = tmpfile();
    assert_non_null(s->file);
    out_init(&s->out, fileno(s->file), form);
    s->out.width = width;
    s->out.fields = str_of(fields);
    s->text = (struct buf)BUF_INIT(BUF_MAX_REQUEST);
}

static struct str sink_text(struct sink *s)
{
    char piece[4096];
    size_t n;

    rewind(s->file);
    while ((n = fread(piece, 1, sizeof(piece), s->file)) > 0)
        buf_add(&s->text, str_n(piece, n));
    return buf_str(&s->text);
}

static void sink_clear(struct sink *s)
{
    out_clear(&s->out);
    buf_clear(&s->text);
    fclose(s->file);
}

static void put_rows(struct out *o, bool single)
{
    if (single)
        assert_ok(out_begin_one(o, columns, NULL), NULL);
    else
        assert_ok(out_begin(o, columns, NULL), NULL);
    out_str(o, str_of("601739"));
    out_str(o, str_of("Fashion > Kaos\tPria"));
    out_int(o, 12);
    out_share(o, 0.5);
    out_flag(o, true);
    out_int(o, 0);
    out_opt(o, str_of("a \"b\""));
    assert_ok(out_row(o, NULL), NULL);
    if (!single) {
        out_str(o, str_of("7"));
        out_opt(o, str_of(""));
        out_absent(o);
        out_absent(o);
        out_flag(o, false);
        out_absent(o);
        out_opt(o, str_of(""));
        assert_ok(out_row(o, NULL), NULL);
    }
    assert_ok(out_end(o, NULL), NULL);
}

static const struct {
    const char *says;
    enum out_form form;
    size_t width;
    const char *fields;
    bool single;
    const char *want;
} forms[] = {
    {"a pipe gets TSV without a heading", OUT_TSV, 80, "", false,
     "601739\tFashion > Kaos\\tPria\t12\t0.5000\tyes\t1970-01-01T00:00:00Z\n"
     "7\t\t\t\tno\t\n"},
    {"a terminal gets a table", OUT_TABLE, 80, "", false,
     "id      path                  n  sure  leaf  at\n"
     "601739  Fashion > Kaos Pria  12  0.50  yes   1970-01-01T00:00:00Z\n"
     "7       -                     -     -  no    -\n"},
    {"where words find no room they stand below, whole", OUT_TABLE, 56, "", false,
     "id       n  sure  leaf  at\n"
     "601739  12  0.50  yes   1970-01-01T00:00:00Z\n"
     "    path: Fashion > Kaos Pria\n"
     "7        -     -  no    -\n"},
    {"and so does the rest, from the end", OUT_TABLE, 20, "", false,
     "id       n  sure\n"
     "601739  12  0.50\n"
     "    path: Fashion >\n"
     "          Kaos Pria\n"
     "    leaf: yes\n"
     "    at: 1970-01-01T00:00:00Z\n"
     "7        -     -\n"
     "    leaf: no\n"},
    {"what was asked for by name is shortened", OUT_TABLE, 18, "id,path", false,
     "id      path\n601739  …Kaos Pria\n7       -\n"},
    {"what was asked for by name stays", OUT_TABLE, 10, "id,at", false,
     "id      at\n601739  1970-01-01T00:00:00Z\n7       -\n"},
    {"JSON is one array, ids are strings", OUT_JSON, 80, "", false,
     "[\n {\"id\":\"601739\",\"path\":\"Fashion > Kaos\\tPria\",\"n\":12,\"sure\":0.5,"
     "\"leaf\":true,\"at\":\"1970-01-01T00:00:00Z\",\"note\":\"a \\\"b\\\"\"},\n"
     " {\"id\":\"7\",\"path\":null,\"n\":null,\"sure\":null,\"leaf\":false,\"at\":null,"
     "\"note\":null}\n]\n"},
    {"JSON Lines are an object a line", OUT_JSONL, 80, "id,n", false,
     "{\"id\":\"601739\",\"n\":12}\n{\"id\":\"7\",\"n\":null}\n"},
    {"fields are chosen and ordered", OUT_TSV, 80, "note,id", false,
     "a \"b\"\t601739\n\t7\n"},
    {"a field may come twice", OUT_TSV, 80, "id, id", false, "601739\t601739\n7\t7\n"},
    {"one thing on a terminal is a line a field", OUT_TABLE, 80, "id,path", true,
     "id    601739\npath  Fashion > Kaos Pria\n"},
    {"one thing on a pipe is a name and a value", OUT_TSV, 80, "id,n", true,
     "id\t601739\nn\t12\n"},
    {"one thing as JSON is one object", OUT_JSON, 80, "id,n", true,
     "{\n  \"id\": \"601739\",\n  \"n\": 12\n}\n"},
};

static void each_reader_gets_its_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct sink s;

        sink_init(&s, forms[i].form, forms[i].width, forms[i].fields);
        put_rows(&s.out, forms[i].single);
        assert_text(forms[i].says, sink_text(&s), forms[i].want);
        sink_clear(&s);
    }
}

static void no_rows_are_an_empty_array_and_an_empty_table(void **state)
{
    static const struct {
        enum out_form form;
        const char *want;
    } rows[] = {{OUT_JSON, "[]\n"}, {OUT_JSONL, ""}, {OUT_TABLE, ""}, {OUT_TSV, ""}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sink s;

        sink_init(&s, rows[i].form, 80, "");
        assert_ok(out_begin(&s.out, columns, NULL), NULL);
        assert_ok(out_end(&s.out, NULL), NULL);
        assert_text("no rows", sink_text(&s), rows[i].want);
        sink_clear(&s);
    }
}

/* What a run that failed, or was stopped, had to tell before. */
static void what_breaks_off_is_closed(void **state)
{
    static const struct {
        const char *says;
        enum out_form form;
        int rows;
        const char *want;
    } cases[] = {
        {"an array is closed", OUT_JSON, 1, "[\n {\"id\":\"7\",\"n\":1}\n]\n"},
        {"without a row there is none", OUT_JSON, 0, ""},
        {"lines are as they were", OUT_JSONL, 1, "{\"id\":\"7\",\"n\":1}\n"},
        {"a table shows what it kept", OUT_TABLE, 1, "id  n\n7   1\n"},
        {"without a row nothing is shown", OUT_TABLE, 0, ""},
        {"TSV is as it was", OUT_TSV, 1, "7\t1\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sink s;

        sink_init(&s, cases[i].form, 80, "id,n");
        assert_ok(out_begin(&s.out, columns, NULL), NULL);
        for (int row = 0; row < cases[i].rows; row++) {
            out_str(&s.out, str_of("7"));
            out_opt(&s.out, str_of(""));
            out_int(&s.out, 1);
            for (int cell = 3; cell < 7; cell++)
                out_absent(&s.out);
            assert_ok(out_row(&s.out, NULL), NULL);
        }
        out_str(&s.out, str_of("half a row"));
        assert_ok(out_break_off(&s.out, NULL), NULL);
        assert_text(cases[i].says, sink_text(&s), cases[i].want);
        sink_clear(&s);
    }
}

static void an_unknown_field_is_told_with_those_there_are(void **state)
{
    struct aisle_err err = {0};
    struct sink s;

    (void)state;
    sink_init(&s, OUT_JSON, 80, "id,pth");
    assert_status(out_begin(&s.out, columns, &err), AISLE_INVALID, &err);
    assert_str(str_of(err.text),
               "--fields: no field 'pth' in id,path,n,sure,leaf,at,note, "
               "did you mean 'path'?");
    sink_clear(&s);
}

static void what_a_terminal_would_obey_is_not_shown(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"plain", "plain"},
        {"\033[31mred", "?[31mred"},
        {"a\tb\nc\r", "a b c "},
        {"bell\a", "bell?"},
        {"\xc2\x9b"
         "2J",
         "?2J"},
        {"turned \xe2\x80\xae"
         "around",
         "turned ?around"},
        {"Kaos – pria", "Kaos – pria"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = BUF_INIT(BUF_MAX_LINE);

        buf_shown(&out, str_of(rows[i].text));
        assert_text(rows[i].text, buf_str(&out), rows[i].want);
        buf_clear(&out);
    }
}

/* Words that are long, in the middle of a line and at its end. */
static void words_are_shortened_as_long_as_they_can_be_read(void **state)
{
    static const struct {
        const char *says;
        size_t width;
        bool whole;
        const char *want;
    } cases[] = {
        {"all of it", 120, false,
         "id  title                                         what\n"
         "1   Kaos Polos Pria Katun Combed Lengan Pendek 1  it is too long by far for "
         "what has place\n"
         "2   Kaos                                          -\n"},
        {"a title is shortened, the end of a line is broken", 72, false,
         "id  title                              what\n"
         "1   Kaos Polos Pria Katun Combed Len…  it is too long by far for what\n"
         "                                       has place\n"
         "2   Kaos                               -\n"},
        {"what is to be whole stands below when it must", 72, true,
         "id  title\n"
         "1   Kaos Polos Pria Katun Combed Lengan Pendek 1\n"
         "    what: it is too long by far for what has place\n"
         "2   Kaos\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct column three[] = {
            {.name = "id", .kind = COLUMN_ID},
            {.name = "title", .kind = COLUMN_TEXT, .whole = cases[i].whole},
            {.name = "what", .kind = COLUMN_TEXT},
            {.name = NULL}};
        struct sink s;

        sink_init(&s, OUT_TABLE, cases[i].width, "");
        assert_ok(out_begin(&s.out, three, NULL), NULL);
        out_str(&s.out, str_of("1"));
        out_str(&s.out, str_of("Kaos Polos Pria Katun Combed Lengan Pendek 1"));
        out_str(&s.out, str_of("it is too long by far for what has place"));
        assert_ok(out_row(&s.out, NULL), NULL);
        out_str(&s.out, str_of("2"));
        out_str(&s.out, str_of("Kaos"));
        out_absent(&s.out);
        assert_ok(out_row(&s.out, NULL), NULL);
        assert_ok(out_end(&s.out, NULL), NULL);
        assert_text(cases[i].says, sink_text(&s), cases[i].want);
        sink_clear(&s);
    }
}

static void widths_are_taken_off_the_widest_text_first(void **state)
{
    static const struct {
        size_t width, before[3], after[3];
    } rows[] = {
        {40, {10, 10, 10}, {10, 10, 10}},
        {30, {10, 20, 10}, {10, 8, 8}},
        {34, {10, 20, 10}, {10, 10, 10}},
        {36, {16, 30, 30}, {16, 8, 8}}, /* exactly the least */
        {35, {16, 30, 30}, {16, 8, 8}},
    };
    static const size_t least[] = {16, 8, 8};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t widths[3];

        memcpy(widths, rows[i].before, sizeof(widths));
        table_fit(widths, least, 3, rows[i].width);
        assert_memory_equal(widths, rows[i].after, sizeof(widths));
    }
}

static void a_long_table_goes_on_in_the_widths_it_found(void **state)
{
    static const struct column two[] = {{.name = "n", .kind = COLUMN_COUNT},
                                        {.name = "text", .kind = COLUMN_TEXT},
                                        {.name = NULL}};
    struct sink s;
    struct str text;

    (void)state;
    sink_init(&s, OUT_TABLE, 80, "");
    assert_ok(out_begin(&s.out, two, NULL), NULL);
    for (int i = 0; i < OUT_ROWS_MEASURED + 2; i++) {
        out_int(&s.out, i);
        out_str(&s.out, str_of(i < OUT_ROWS_MEASURED ? "short" : "longer than that"));
        assert_ok(out_row(&s.out, NULL), NULL);
    }
    assert_ok(out_end(&s.out, NULL), NULL);
    text = sink_text(&s);
    assert_true(str_starts(text, "  n  text\n  0  short\n"));
    assert_true(
        str_ends(text, "499  short\n500  longer than that\n501  longer than that\n"));
    sink_clear(&s);
}

static void a_reader_that_went_away_is_no_failure_of_ours(void **state)
{
    struct aisle_err err = {0};
    struct out out;
    int ends[2];
    enum aisle_status status = AISLE_OK;

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    out_init(&out, ends[1], OUT_JSONL);
    out.fields = str_of("id");
    assert_ok(out_begin(&out, columns, &err), &err);
    out_str(&out, str_of("1"));
    for (int i = 0; i < 6; i++)
        out_absent(&out);
    status = out_row(&out, &err);
    assert_status(status, AISLE_STOPPED, &err);
    assert_true(out.unread);
    assert_str(str_of(err.text), "");
    out_clear(&out);
    close(ends[1]);
}

static void work_goes_on_though_nobody_reads_of_it(void **state)
{
    struct out out;
    int ends[2];

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    out_init(&out, ends[1], OUT_JSONL);
    assert_ok(out_begin_work(&out, columns, NULL), NULL);
    for (int row = 0; row < 2; row++) {
        out_str(&out, str_of("1"));
        for (int i = 0; i < 6; i++)
            out_absent(&out);
        assert_ok(out_row(&out, NULL), NULL);
        assert_true(out.unread);
    }
    assert_ok(out_end(&out, NULL), NULL);
    out_clear(&out);
    close(ends[1]);
}

static void a_full_disk_is_told(void **state)
{
    struct aisle_err err = {0};
    struct out out;
    int fd = open("/dev/full", O_WRONLY);

    (void)state;
    assert_true(fd >= 0);
    out_init(&out, fd, OUT_TSV);
    assert_ok(out_text(&out, str_of("x"), &err), &err);
    assert_status(out_flush(&out, &err), AISLE_IO, &err);
    assert_str(str_of(err.text), "cannot write the output: No space left on device");
    out_clear(&out);
    close(fd);
}

static enum aisle_status write_table(void *ctx, struct aisle_err *err)
{
    struct out out;
    enum aisle_status status;

    out_init(&out, *(int *)ctx, OUT_TABLE);
    status = out_begin(&out, columns, err);
    for (int i = 0; status == AISLE_OK && i < 3; i++) {
        out_str(&out, str_of("1"));
        out_str(&out, str_of("Fashion"));
        out_int(&out, 1);
        out_share(&out, 1);
        out_flag(&out, true);
        out_int(&out, 1);
        out_str(&out, str_of(""));
        status = out_row(&out, err);
    }
    if (status == AISLE_OK)
        status = out_end(&out, err);
    out_clear(&out);
    return status;
}

static void each_allocation_may_fail(void **state)
{
    int fd = open("/dev/null", O_WRONLY);

    (void)state;
    assert_true(fd >= 0);
    assert_true(each_allocation_failing(write_table, &fd) > 0);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reader_gets_its_form),
        cmocka_unit_test(no_rows_are_an_empty_array_and_an_empty_table),
        cmocka_unit_test(what_breaks_off_is_closed),
        cmocka_unit_test(an_unknown_field_is_told_with_those_there_are),
        cmocka_unit_test(what_a_terminal_would_obey_is_not_shown),
        cmocka_unit_test(words_are_shortened_as_long_as_they_can_be_read),
        cmocka_unit_test(widths_are_taken_off_the_widest_text_first),
        cmocka_unit_test(a_long_table_goes_on_in_the_widths_it_found),
        cmocka_unit_test(a_reader_that_went_away_is_no_failure_of_ours),
        cmocka_unit_test(work_goes_on_though_nobody_reads_of_it),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
