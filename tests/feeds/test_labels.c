/* Labelled products read from tables and JSON Lines. */
#include "check.h"

#include "feeds/labels.h"

enum { READ_MOST = 8 };

struct read {
    enum aisle_status opened;
    struct aisle_err err;
    char rows[READ_MOST][400]; /* "line|id|title|label|description|brand|seller|why" */
    size_t count;
};

/* A source that hands out at most so many bytes at a time. */
struct drops {
    struct str rest;
    size_t most;
};

static enum aisle_status read_drop(void *ctx, char *out, size_t cap, size_t *n,
                                   struct aisle_err *err)
{
    struct drops *d = ctx;
    (void)err;

    *n = d->rest.n < cap ? d->rest.n : cap;
    *n = *n < d->most ? *n : d->most;
    memcpy(out, d->rest.p, *n);
    d->rest = str_skip(d->rest, *n);
    return AISLE_OK;
}

static enum aisle_status read_rows(struct labels *l, struct read *out,
                                   struct aisle_err *err)
{
    struct label_row row;
    enum aisle_status status;

    while ((status = labels_next(l, &row, err)) == AISLE_OK && row.line > 0) {
        if (out->count == READ_MOST)
            break;
        snprintf(out->rows[out->count++], sizeof *out->rows,
                 "%zu|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%s", row.line, STR_ARG(row.id),
                 STR_ARG(row.title), STR_ARG(row.label), STR_ARG(row.description),
                 STR_ARG(row.brand), STR_ARG(row.seller_category), row.why);
    }
    return status;
}

static struct read read_all(const char *text, size_t most,
                            const struct label_options *options)
{
    struct drops drops = {str_of(text), most};
    struct read out = {0};
    struct labels l;

    out.opened =
        labels_open(&l, (struct feed_source){&drops, read_drop}, options, &out.err);
    if (out.opened == AISLE_OK)
        assert_ok(read_rows(&l, &out, &out.err), &out.err);
    labels_close(&l);
    return out;
}

#define AS_PATH "write it as one text, \"Fashion > Men > T-Shirts\""
#define LIST "the category is a list: " AS_PATH
#define EMPTY(label) "the category \"" label "\" has an empty part: " AS_PATH

static const struct {
    const char *says, *text;
    struct label_options options;
    const char *rows[3];
} cases[] = {
    {"a table as the eval splits are written",
     "id,title,category_path,category_id,seller_category,description,lang\n"
     "7,Kaos polos,Fashion > Kaos,12,Atasan,Katun,id\n",
     {.unlabelled = false},
     {"2|7|Kaos polos|Fashion > Kaos|Katun||Atasan|"}},
    {"an id is the label where there is no path",
     "name;category id;brand\nKaos;12;Polos\n",
     {.unlabelled = false},
     {"2||Kaos|12||Polos||"}},
    {"columns that were named",
     "a,b,title\nx,y,z\n",
     {.title = STR_INIT("B"), .label = STR_INIT("a")},
     {"2||y|x||||"}},
    {"a row without a title or a category is told, and the next is read",
     "id,title,label\n1,,x\n2,t,\n3,t,x\n",
     {.unlabelled = false},
     {"2|1||x||||the row has no title", "3|2|t|||||the row has no category",
      "4|3|t|x||||"}},
    {"what is asked about needs no label",
     "title\nKaos\n",
     {.unlabelled = true},
     {"2||Kaos|||||"}},
    {"an apostrophe that guards a cell is no part of it",
     "title,label\n'=Kaos,x\n",
     {.unlabelled = false},
     {"2||=Kaos|x||||"}},
    {"JSON Lines, a number as an id",
     "{\"id\":7,\"title\":\"Kaos\",\"label\":\"x\",\"seller_category\":\"y\"}\n",
     {.unlabelled = false},
     {"1|7|Kaos|x|||y|"}},
    {"JSON Lines behind a mark and a blank line",
     "\xEF\xBB\xBF\n {\"title\":\"Kaos\",\"category\":\"x\"}\n",
     {.unlabelled = false},
     {"2||Kaos|x||||"}},
    {"a list is no path, in a cell or an object",
     "title,label\nt,\"[\"\"a\"\",\"\"b\"\"]\"\nt,['a']\nt,[Test] > a\n",
     {.unlabelled = false},
     {"2||t|[\"a\",\"b\"]||||" LIST, "3||t|['a']||||" LIST, "4||t|[Test] > a||||"}},
    {"a list is no path in JSON Lines",
     "{\"title\":\"t\",\"label\":[\"a\",\"b\"]}\n{\"title\":\"t\",\"label\":\"a\"}\n",
     {.unlabelled = false},
     {"1||t|[]||||" LIST, "2||t|a||||"}},
    {"a path's ends are no empty parts",
     "title,label\nt,a >\nt,> a\nt,>\n",
     {.unlabelled = false},
     {"2||t|a >||||" EMPTY("a >"), "3||t|> a||||" EMPTY("> a"), "4||t|>||||" EMPTY(">")}},
    {"nor is what is between them",
     "title,label\nt,a >> b\nt,a >  > b\nt,TV >55 > >100 W\n",
     {.unlabelled = false},
     {"2||t|a >> b||||" EMPTY("a >> b"), "3||t|a >  > b||||" EMPTY("a >  > b"),
      "4||t|TV >55 > >100 W||||"}},
    {"what is asked about may be labelled in any way",
     "title,label\nt,a >\n",
     {.unlabelled = true},
     {"2||t|a >||||"}},
    {"the better of two names counts, wherever it stands",
     "{\"category\":\"worse\",\"category_path\":\"better\",\"title\":\"t\"}\n"
     "{\"category_path\":\"better\",\"category\":\"worse\",\"title\":\"t\"}\n",
     {.unlabelled = false},
     {"1||t|better||||", "2||t|better||||"}},
};

static void rows_are_read_as_the_table_says(void **state)
{
    static const size_t drops[] = {1 << 20, 1, 7};
    (void)state;

    for (size_t c = 0; c < COUNT(cases); c++)
        for (size_t d = 0; d < COUNT(drops); d++) {
            struct read got = read_all(cases[c].text, drops[d], &cases[c].options);
            size_t want = 0;

            assert_ok(got.opened, &got.err);
            for (; want < 3 && cases[c].rows[want]; want++)
                assert_text(cases[c].says, str_of(got.rows[want]), cases[c].rows[want]);
            assert_int_equal(got.count, want);
        }
}

static void a_line_that_is_no_object_is_told_and_the_next_is_read(void **state)
{
    struct label_options options = {0};
    struct read got = read_all("{\"title\":\"a\",\"label\":\"x\"}\n{broken\n"
                               "{\"title\":\"b\",\"label\":\"x\"}\n",
                               100, &options);
    (void)state;

    assert_ok(got.opened, &got.err);
    assert_int_equal(got.count, 3);
    assert_true(strlen(strrchr(got.rows[1], '|')) > 5);
    assert_str(str_of(got.rows[2]), "3||b|x||||");
}

static void a_file_without_the_columns_is_refused_with_their_names(void **state)
{
    static const struct {
        const char *text, *says;
        bool unlabelled;
    } refused[] = {
        {"", "empty", false},
        {"a,b\n1,2\n", "title among: a, b", false},
        {"title,b\n1,2\n", "category among: title, b", false},
        {"a,b\n1,2\n", "title among: a, b", true},
        {"nope\n{\"title\":\"Kaos\"}\n", "line 1 is no JSON object", true},
        {"\n \n\"title\":\"Rok\"}\n{\"title\":\"Kaos\"}\n", "line 3 is no JSON object",
         true},
        {"[{\"title\":\"Kaos\"}]\n", "one JSON list", true},
        {"<html>\n", "HTML page", true},
        {" \n", "empty", true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(refused); i++) {
        struct label_options options = {.unlabelled = refused[i].unlabelled};
        struct read got = read_all(refused[i].text, 100, &options);

        assert_status(got.opened, AISLE_INVALID, &got.err);
        if (!strstr(got.err.text, refused[i].says))
            fail_msg("not '%s': %s", refused[i].says, got.err.text);
    }
}

static enum aisle_status open_and_read(void *ctx, struct aisle_err *err)
{
    struct drops drops = {str_of(ctx), 100};
    struct label_options options = {.title = STR_LIT("title")};
    struct read out = {0};
    struct labels l;
    enum aisle_status status =
        labels_open(&l, (struct feed_source){&drops, read_drop}, &options, err);

    if (status == AISLE_OK)
        status = read_rows(&l, &out, err);
    labels_close(&l);
    return status;
}

static void failing_memory_is_reported_and_nothing_leaks(void **state)
{
    char text[] = "id,title,label\n1,a,x\n";
    (void)state;

    assert_true(each_allocation_failing(open_and_read, text) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_the_table_says),
        cmocka_unit_test(a_line_that_is_no_object_is_told_and_the_next_is_read),
        cmocka_unit_test(a_file_without_the_columns_is_refused_with_their_names),
        cmocka_unit_test(failing_memory_is_reported_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
