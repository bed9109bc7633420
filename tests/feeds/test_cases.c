/* Sellers' files as folders of tests/feeds/cases: input (of any name), options (lines
 * "map=…", "currency=…", "delimiter=…"), and what is to come of it: expected.jsonl the
 * products, problems.txt the problems, or error.txt the one reason why not.
 *
 * Adding a case needs no C: make the folder with its input, run this program with
 * WRITE_CASES=1, and read what it wrote. The option "memory=enough" is for what jansson
 * 2.14 stops the program over: it asserts that a number over 15 digits found memory.
 */
#include "data.h"

#include "base/json.h"
#include "feeds/products.h"

#include <dirent.h>
#include <sys/stat.h>

static char cases_folder[PATH_ROOM];

struct heard {
    struct buf products, problems;
};

/* ---- one case ---- */

struct feed_case {
    char folder[PATH_ROOM + 256];
    struct buf input, options;
    struct feed_options feed;
    size_t piece;   /* bytes the source gives at a time */
    bool no_memory; /* may be tried with allocations failing */
};

static void case_path(const struct feed_case *c, const char *file,
                      char out[PATH_ROOM + 512])
{
    snprintf(out, PATH_ROOM + 512, "%s/%s", c->folder, file);
}

static struct buf case_file(const struct feed_case *c, const char *file)
{
    char path[PATH_ROOM + 512];

    case_path(c, file, path);
    if (access(path, R_OK) != 0)
        return (struct buf)BUF_INIT(BUF_MAX_REPLY);
    return file_read(path);
}

static void find_input(struct feed_case *c)
{
    DIR *dir = opendir(c->folder);
    const struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        if (str_starts(str_of(entry->d_name), "input"))
            c->input = case_file(c, entry->d_name);
    closedir(dir);
}

static void read_case(struct feed_case *c, const char *name)
{
    struct str rest;

    *c = (struct feed_case){.piece = SIZE_MAX, .no_memory = true};
    snprintf(c->folder, sizeof c->folder, "%s/%s", cases_folder, name);
    find_input(c);
    c->options = case_file(c, "options");
    c->feed.seller_id = STR_LIT("acme");
    rest = buf_str(&c->options);
    while (!str_empty(rest)) {
        struct str value = str_cut(&rest, '\n'), word = str_cut(&value, '=');

        if (str_is(word, "map"))
            c->feed.map = value;
        else if (str_is(word, "currency"))
            c->feed.currency = value;
        else if (str_is(word, "delimiter"))
            c->feed.delimiter = value.p[0];
        else if (str_is(word, "memory"))
            c->no_memory = !str_is(value, "enough");
        else
            fail_msg("%s: options know no \"%.*s\"", name, STR_ARG(word));
    }
}

static void drop_case(struct feed_case *c)
{
    buf_clear(&c->input);
    buf_clear(&c->options);
}

/* ---- what comes of it ---- */

static void hear_problem(void *ctx, const struct feed_problem *problem)
{
    static const char *const losses[] = {
        [FEED_TAKEN] = "kept", [FEED_DROPPED] = "dropped", [FEED_LEFT_OUT] = "left out"};
    struct heard *heard = ctx;

    buf_addf(&heard->problems, "%zu%s%.*s, %s: %.*s", problem->line,
             str_empty(problem->column) ? "" : " ", STR_ARG(problem->column),
             losses[problem->loss], STR_ARG(problem->what));
    if (!str_empty(problem->remedy))
        buf_addf(&heard->problems, " (%.*s)", STR_ARG(problem->remedy));
    buf_addc(&heard->problems, '\n');
}

/* Where nothing stands. */
static void hear_price(void *ctx, const struct feed_item *item)
{
    struct feed_problem problem;
    char what[FEED_WHAT];

    if (feed_unclear_price(&item->gaps, 0, item->line, what, &problem))
        hear_problem(ctx, &problem);
}

static enum aisle_status hear_product(void *ctx, const struct feed_item *item,
                                      struct aisle_err *err)
{
    struct heard *heard = ctx;
    const struct product *p = &item->product;
    struct json_out json = {.buf = &heard->products};
    const struct {
        const char *name;
        struct str value;
    } texts[] = {
        {"id", p->id},
        {"title", p->title},
        {"description", p->description},
        {"brand", p->brand},
        {"category", item->category_path},
        {"image", p->image_location},
        {"currency", p->currency},
    };

    (void)err;
    json_open(&json);
    json_add_int(&json, "line", (int64_t)item->line);
    if (!str_is(p->seller_id, "acme"))
        json_add_str(&json, "seller", p->seller_id);
    for (size_t i = 0; i < COUNT(texts); i++)
        if (!str_empty(texts[i].value))
            json_add_str(&json, texts[i].name, texts[i].value);
    if (!str_eq(p->seller_category_id, item->category_path))
        json_add_str(&json, "category_id", p->seller_category_id);
    if (p->price_minor >= 0)
        json_add_int(&json, "price", p->price_minor);
    if (!str_empty(p->attributes)) {
        json_key(&json, "attributes");
        json_put_raw(&json, p->attributes);
    }
    json_close(&json);
    buf_addc(&heard->products, '\n');
    hear_price(ctx, item);
    return AISLE_OK;
}

struct pieces {
    struct str rest;
    size_t piece;
};

static enum aisle_status read_piece(void *ctx, char *out, size_t cap, size_t *n,
                                    struct aisle_err *err)
{
    struct pieces *p = ctx;
    struct str piece = str_head(p->rest, cap < p->piece ? cap : p->piece);

    (void)err;
    if (piece.n)
        memcpy(out, piece.p, piece.n);
    p->rest = str_skip(p->rest, piece.n);
    *n = piece.n;
    return AISLE_OK;
}

static enum aisle_status read_feed(const struct feed_case *c, struct heard *heard,
                                   struct aisle_err *err)
{
    struct pieces pieces = {buf_str(&c->input), c->piece};
    struct feed_source source = {&pieces, read_piece};
    struct feed_visitor visitor = {heard, hear_product, hear_problem};
    struct feed_counts counts;

    return feed_products(source, &c->feed, &visitor, &counts, err);
}

static void write_file(const struct feed_case *c, const char *file, struct str text)
{
    char path[PATH_ROOM + 512];
    FILE *f;

    case_path(c, file, path);
    if (str_empty(text)) {
        unlink(path);
        return;
    }
    f = fopen(path, "wb");
    assert_non_null(f);
    fwrite(text.p, 1, text.n, f);
    fclose(f);
}

static void compare(const struct feed_case *c, const char *file, struct str got)
{
    struct buf want;

    if (getenv("WRITE_CASES")) {
        write_file(c, file, got);
        return;
    }
    want = case_file(c, file);
    if (!str_eq(buf_str(&want), got))
        fail_msg("%s/%s\n  want %s\n  got  %.*s", c->folder, file, buf_str(&want).p,
                 STR_ARG(got));
    buf_clear(&want);
}

static void check_case(const struct feed_case *c)
{
    struct heard heard = {BUF_INIT(BUF_MAX_REPLY), BUF_INIT(BUF_MAX_REPLY)};
    struct aisle_err err = {0};
    struct buf error = BUF_INIT(BUF_MAX_LINE);

    if (read_feed(c, &heard, &err) != AISLE_OK)
        buf_addf(&error, "%s: %s\n", aisle_status_name(err.status), err.text);
    compare(c, "expected.jsonl", buf_str(&heard.products));
    compare(c, "problems.txt", buf_str(&heard.problems));
    compare(c, "error.txt", buf_str(&error));
    buf_clear(&heard.products);
    buf_clear(&heard.problems);
    buf_clear(&error);
}

/* ---- all of them ---- */

static void each_case(void (*check)(struct feed_case *c))
{
    struct dirent **names;
    int count = scandir(cases_folder, &names, NULL, alphasort);
    size_t checked = 0;

    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        struct feed_case c;

        if (names[i]->d_name[0] != '.') {
            read_case(&c, names[i]->d_name);
            check(&c);
            drop_case(&c);
            checked++;
        }
        free(names[i]);
    }
    free(names);
    assert_true(checked > 20);
}

static void check_whole(struct feed_case *c)
{
    check_case(c);
}

static void every_file_comes_in_as_expected(void **state)
{
    (void)state;
    each_case(check_whole);
}

static void check_pieces(struct feed_case *c)
{
    static const size_t pieces[] = {1, 2, 3, 7};

    for (size_t i = 0; i < COUNT(pieces); i++) {
        c->piece = pieces[i];
        check_case(c);
    }
}

static void every_file_comes_in_the_same_in_pieces(void **state)
{
    (void)state;
    each_case(check_pieces);
}

static enum aisle_status read_silently(void *ctx, struct aisle_err *err)
{
    struct heard heard = {BUF_INIT(BUF_MAX_REPLY), BUF_INIT(BUF_MAX_REPLY)};
    enum aisle_status status = read_feed(ctx, &heard, err);

    buf_clear(&heard.products);
    buf_clear(&heard.problems);
    /* a refused kind is the end of its case */
    return status == AISLE_INVALID ? AISLE_OK : status;
}

static void check_memory(struct feed_case *c)
{
    if (c->no_memory && c->input.n < 2000)
        each_allocation_failing(read_silently, c);
}

static void every_file_survives_running_out_of_memory(void **state)
{
    (void)state;
    each_case(check_memory);
}

static enum aisle_status stop_at_once(void *ctx, const struct feed_item *item,
                                      struct aisle_err *err)
{
    (void)item;
    ++*(int *)ctx;
    return aisle_fail(err, AISLE_STOPPED, "enough");
}

static void a_visitor_can_end_the_reading(void **state)
{
    struct str text = STR_LIT("id,title\n1,Kaos\n2,Topi\n");
    struct feed_options options = {0};
    int calls = 0;
    struct feed_visitor visitor = {&calls, stop_at_once, NULL};
    struct feed_counts counts;
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(
        feed_products(feed_source_text(&text), &options, &visitor, &counts, &err),
        AISLE_STOPPED);
    assert_int_equal(calls, 1);
    assert_string_equal(err.text, "enough");
}

static enum aisle_status count_product(void *ctx, const struct feed_item *item,
                                       struct aisle_err *err)
{
    (void)ctx;
    (void)item;
    (void)err;
    return AISLE_OK;
}

static void counts_add_up(void **state)
{
    struct str text = STR_LIT("id,title\n1,Kaos\n\n2,\n1,Topi\n3,Tas,\n4,Sabuk,x\n");
    struct feed_options options = {0};
    struct feed_visitor visitor = {NULL, count_product, NULL};
    struct feed_counts counts;

    (void)state;
    assert_int_equal(
        feed_products(feed_source_text(&text), &options, &visitor, &counts, NULL),
        AISLE_OK);
    assert_int_equal(counts.form, FEED_TABLE);
    assert_int_equal(counts.rows, 5);
    assert_int_equal(counts.products, 3);
    assert_int_equal(counts.left_out, 2);
    assert_int_equal(counts.dropped, 1);
    assert_int_equal(counts.problems, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_comes_in_as_expected),
        cmocka_unit_test(every_file_comes_in_the_same_in_pieces),
        cmocka_unit_test(every_file_survives_running_out_of_memory),
        cmocka_unit_test(a_visitor_can_end_the_reading),
        cmocka_unit_test(counts_add_up),
    };
    const char *root = getenv("SOURCE_ROOT");

    snprintf(cases_folder, sizeof cases_folder, "%s/tests/feeds/cases",
             root ? root : ".");
    json_set_alloc_funcs(mem_alloc, mem_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
