#include "check.h"

#include "base/scrub.h"

#include <stdio.h>
#include <stdlib.h>

/* A case of scrub.txt. */
struct change {
    char says[256];
    struct buf before, after;
};

static void scrub_once(struct str text, struct buf *out)
{
    scrub_text(text, out);
    assert_int_equal(out->failed, AISLE_OK);
}

static bool is_as_wanted(const struct change *c, const struct buf *got)
{
    struct str want = buf_str(&c->after);

    if (str_eq(buf_str(got), want) && !strstr(want.p, "S3CR3T"))
        return true;
    print_error("%s\n    want: %s\n    got:  %s\n", c->says, want.p, buf_str(got).p);
    return false;
}

/* Also when it has been through already. */
static bool becomes_what_it_should(const struct change *c)
{
    struct buf once = BUF_INIT(BUF_MAX_LINE), twice = BUF_INIT(BUF_MAX_LINE);
    bool good;

    scrub_once(buf_str(&c->before), &once);
    scrub_once(buf_str(&once), &twice);
    good = is_as_wanted(c, &once) && is_as_wanted(c, &twice);
    buf_clear(&once);
    buf_clear(&twice);
    return good;
}

/* Copied to a place of its own, so that the sanitizer sees a look past either end. */
static void can_be_cut_anywhere(const struct change *c)
{
    struct str whole = buf_str(&c->before);

    for (size_t n = 0; n <= whole.n; n++) {
        struct buf head = BUF_INIT(BUF_MAX_LINE), tail = BUF_INIT(BUF_MAX_LINE);
        char *first = malloc(n + !n), *rest = malloc(whole.n - n + 1);

        memcpy(first, whole.p, n);
        memcpy(rest, whole.p + n, whole.n - n);
        scrub_once(str_n(first, n), &head);
        scrub_once(str_n(rest, whole.n - n), &tail);
        buf_clear(&head);
        buf_clear(&tail);
        free(first);
        free(rest);
    }
}

struct tally {
    unsigned cases, wrong;
};

static void check_case(struct change *c, struct tally *tally)
{
    if (buf_str(&c->before).n) {
        tally->cases++;
        tally->wrong += !becomes_what_it_should(c);
        can_be_cut_anywhere(c);
    }
    buf_reset(&c->before);
    buf_reset(&c->after);
}

static void add_line(struct buf *b, const char *line)
{
    if (b->n)
        buf_addc(b, '\n');
    buf_addz(b, line);
}

static void secrets_go_and_the_rest_stays(void **state)
{
    struct change c = {"", BUF_INIT(BUF_MAX_LINE), BUF_INIT(BUF_MAX_LINE)};
    struct tally tally = {0};
    char path[4096], line[4096];
    FILE *f;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/base/scrub.txt", getenv("SOURCE_ROOT"));
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#') {
            check_case(&c, &tally);
            snprintf(c.says, sizeof c.says, "%.200s", line + 1);
        }
        if (line[0] == '-' || line[0] == '=')
            add_line(&c.before, line + 2);
        if (line[0] == '+' || line[0] == '=')
            add_line(&c.after, line + 2);
    }
    check_case(&c, &tally);
    fclose(f);
    buf_clear(&c.before);
    buf_clear(&c.after);
    assert_int_equal(tally.wrong, 0);
    assert_true(tally.cases >= 45);
}

static void lines_may_end_with_cr_lf(void **state)
{
    struct buf out = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    scrub_text(STR_LIT("Cookie: a=b\r\nHost: x\r\n\r\ntoken=abc\r\n"), &out);
    assert_text("CR LF", buf_str(&out), "Cookie: ***\r\nHost: x\r\n\r\ntoken=***\r\n");
    buf_clear(&out);
}

static void it_appends_and_any_byte_passes(void **state)
{
    struct buf out = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    buf_addz(&out, "before ");
    scrub_text(str_n("a\0\xff=:%\\u00\\", 10), &out);
    assert_true(str_eq(buf_str(&out), str_n("before a\0\xff=:%\\u00\\", 17)));
    scrub_text((struct str){0}, &out);
    assert_int_equal(out.n, 17);
    buf_clear(&out);
}

/* Texts that a careless matcher would read over and over; a quadratic one takes hours for
 * these and runs into the test's time limit. */
static void long_rows_of_the_same_are_read_once(void **state)
{
    static const char *const rows[] = {
        "code=", "sign:",   "a:",  "://",         "\"",      "\\",
        "%25",   "=",       "[\"", "\"token\":[", " :",      "token: ",
        "_",     "\\u003d", "%3D", "://a:b",      "'sign' ", "token=\"",
        "\\\"",  "{\"",     "%5C", "Bearer ",     "&code=",  "access_",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf text = BUF_INIT(1 << 20), out = BUF_INIT((size_t)4 << 20);

        while (text.n < 500000)
            buf_addz(&text, rows[i]);
        scrub_text(buf_str(&text), &out);
        assert_int_equal(out.failed, AISLE_OK);
        buf_clear(&text);
        buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_go_and_the_rest_stays),
        cmocka_unit_test(lines_may_end_with_cr_lf),
        cmocka_unit_test(it_appends_and_any_byte_passes),
        cmocka_unit_test(long_rows_of_the_same_are_read_once),
    };

    return cmocka_run_group_tests_name("base: scrub", tests, NULL, NULL);
}
