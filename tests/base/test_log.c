#include "check.h"

#include "base/json.h"
#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

/* Keeps what was logged: level, a bar, the line. */
static void keep(void *ctx, enum log_level level, struct str line)
{
    buf_addf(ctx, "%d|%.*s\n", (int)level, STR_ARG(line));
}

struct fixture {
    struct clock_still clock;
    struct buf kept;
    struct log log;
};

static void fixture_init(struct fixture *f)
{
    clock_still_init(&f->clock, 1795294736000);
    f->kept = (struct buf)BUF_INIT(BUF_MAX_REQUEST);
    f->log = (struct log){LOG_INFO, false, &f->clock.clock, keep, &f->kept};
}

static void a_line_has_time_level_and_text(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    log_line(&f.log, LOG_WARN, "%d rows", 3);
    assert_text("plain", buf_str(&f.kept), "1|2026-11-21T20:58:56Z warn 3 rows\n");
    buf_reset(&f.kept);
    f.log.json = true;
    log_line(&f.log, LOG_INFO, "say \"%s\"", "hi\n");
    assert_text("json", buf_str(&f.kept),
                "2|{\"time\":\"2026-11-21T20:58:56Z\",\"level\":\"info\","
                "\"text\":\"say \\\"hi\\n\\\"\"}\n");
    buf_clear(&f.kept);
}

static void what_is_less_urgent_is_dropped(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.log.level = LOG_ERROR;
    log_line(&f.log, LOG_WARN, "no");
    f.log.level = LOG_DEBUG;
    log_line(&f.log, LOG_DEBUG, "yes");
    assert_text("levels", buf_str(&f.kept), "3|2026-11-21T20:58:56Z debug yes\n");
    log_line(NULL, LOG_ERROR, "nobody listens");
    f.log.sink = NULL;
    log_line(&f.log, LOG_ERROR, "nobody listens");
    buf_clear(&f.kept);
}

static void secrets_do_not_get_out(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    log_line(&f.log, LOG_INFO, "GET /x?access_token=%s&y=1", "S3CR3T");
    assert_null(strstr(f.kept.p, "S3CR3T"));
    assert_non_null(strstr(f.kept.p, "access_token=***&y=1"));
    buf_reset(&f.kept);
    f.log.json = true;
    log_line(&f.log, LOG_INFO, "{\"token\":\"%s\"}", "S3CR3T");
    assert_null(strstr(f.kept.p, "S3CR3T"));
    buf_clear(&f.kept);
}

static void one_call_is_one_line(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    log_line(&f.log, LOG_INFO, "a\n2026 error forged\r\x1b[2J");
    assert_text("one", buf_str(&f.kept),
                "2|2026-11-21T20:58:56Z info a 2026 error forged  [2J\n");
    buf_clear(&f.kept);
}

static void a_failure_is_logged_with_what_support_needs(void **state)
{
    struct fixture f;
    struct aisle_err err = {0};

    (void)state;
    fixture_init(&f);
    log_error(&f.log, &err, "sync");
    log_error(&f.log, NULL, "sync");
    aisle_fail(&err, AISLE_REFUSED, "no such shop");
    log_error(&f.log, &err, "sync");
    snprintf(err.remote_code, sizeof err.remote_code, "12052024");
    snprintf(err.request_id, sizeof err.request_id, "2026ABC");
    log_error(&f.log, &err, "sync");
    assert_text(
        "error", buf_str(&f.kept),
        "0|2026-11-21T20:58:56Z error sync: failed\n"
        "0|2026-11-21T20:58:56Z error sync: failed\n"
        "0|2026-11-21T20:58:56Z error sync: no such shop\n"
        "0|2026-11-21T20:58:56Z error sync: no such shop, code 12052024, request id "
        "2026ABC\n");
    buf_clear(&f.kept);
}

static void a_line_too_long_is_not_lost_in_silence(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    log_line(&f.log, LOG_INFO, "%0*d", BUF_MAX_LINE + 1, 0);
    assert_non_null(strstr(f.kept.p, "too long"));
    buf_clear(&f.kept);
}

static void count_lines(void *ctx, enum log_level level, struct str line)
{
    (void)level;
    assert_true(line.n > 10);
    ++*(int *)ctx;
}

static void without_memory_there_is_still_a_line(void **state)
{
    struct fixture f;
    int lines = 0;

    (void)state;
    fixture_init(&f);
    f.log.sink = count_lines;
    f.log.ctx = &lines;
    for (int n = 1; n < 20; n++) {
        mem_fail_at(n);
        log_line(&f.log, LOG_INFO, "token=%d", n);
        mem_fail_at(0);
        assert_int_equal(lines, n);
    }
}

static void stderr_gets_whole_lines(void **state)
{
    int ends[2], before = dup(STDERR_FILENO);
    char got[64] = "";

    (void)state;
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_to_stderr(NULL, LOG_INFO, str_n("hello there", 5));
    dup2(before, STDERR_FILENO);
    assert_int_equal(read(ends[0], got, sizeof got - 1), 6);
    assert_string_equal(got, "hello\n");
    close(ends[0]);
    close(ends[1]);
    close(before);
}

static void levels_are_read_by_name(void **state)
{
    enum log_level level = LOG_DEBUG;

    (void)state;
    assert_true(log_level_parse(STR_LIT("error"), &level) && level == LOG_ERROR);
    assert_true(log_level_parse(STR_LIT("WARN"), &level) && level == LOG_WARN);
    assert_true(log_level_parse(STR_LIT("info"), &level) && level == LOG_INFO);
    assert_false(log_level_parse(STR_LIT("loud"), &level));
    assert_int_equal(level, LOG_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_and_text),
        cmocka_unit_test(what_is_less_urgent_is_dropped),
        cmocka_unit_test(secrets_do_not_get_out),
        cmocka_unit_test(one_call_is_one_line),
        cmocka_unit_test(a_failure_is_logged_with_what_support_needs),
        cmocka_unit_test(a_line_too_long_is_not_lost_in_silence),
        cmocka_unit_test(without_memory_there_is_still_a_line),
        cmocka_unit_test(stderr_gets_whole_lines),
        cmocka_unit_test(levels_are_read_by_name),
    };

    return cmocka_run_group_tests_name("base: log", tests, NULL, NULL);
}
