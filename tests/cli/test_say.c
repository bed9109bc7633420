#include "check.h"

#include "cli/say.h"

#include <stdio.h>

struct fixture {
    FILE *file;
    struct clock_still clock;
    struct voice voice;
    struct buf text;
};

static void fixture_init(struct fixture *f, bool quiet, int verbose, bool json)
{
    f->file = tmpfile();
    assert_non_null(f->file);
    clock_still_init(&f->clock, 1795294736000);
    voice_init(&f->voice, fileno(f->file), quiet, verbose, json, &f->clock.clock);
    f->text = (struct buf)BUF_INIT(BUF_MAX_REQUEST);
}

static struct str said(struct fixture *f)
{
    char piece[4096];
    size_t n;

    rewind(f->file);
    buf_reset(&f->text);
    while ((n = fread(piece, 1, sizeof(piece), f->file)) > 0)
        buf_add(&f->text, str_n(piece, n));
    return buf_str(&f->text);
}

static void fixture_clear(struct fixture *f)
{
    voice_clear(&f->voice);
    buf_clear(&f->text);
    fclose(f->file);
}

static void words_are_lines(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f, false, 0, false);
    say(&f.voice, "%d done", 3);
    say_warning(&f.voice, "row %d", 7);
    assert_text("words", said(&f), "3 done\nwarning: row 7\n");
    fixture_clear(&f);
}

static void the_quiet_hear_only_what_is_wrong(void **state)
{
    struct aisle_err err = {.status = AISLE_BUSY, .text = "no connection"};
    struct fixture f;

    (void)state;
    fixture_init(&f, true, 0, false);
    say(&f.voice, "done");
    log_line(&f.voice.log, LOG_WARN, "slow");
    say_error(&f.voice, &err, str_of(""));
    assert_text("quiet", said(&f), "aisle: no connection\n");
    fixture_clear(&f);
}

static void an_error_says_code_request_and_remedy(void **state)
{
    static const struct {
        struct aisle_err err;
        const char *remedy, *want;
    } rows[] = {
        {{.status = AISLE_AUTH,
          .text = "token expired",
          .remote_code = "105002",
          .request_id = "2026X"},
         "aisle shop login toko-a",
         "aisle: token expired (105002, request id 2026X)\ntry: aisle shop login "
         "toko-a\n"},
        {{.status = AISLE_REFUSED, .text = "no", .remote_code = "12019064"},
         "",
         "aisle: no (12019064)\n"},
        {{.status = AISLE_BUSY, .text = "later", .request_id = "R1"},
         "",
         "aisle: later (request id R1)\n"},
        {{.status = AISLE_NOMEM}, "", "aisle: out of memory\n"},
        {{.status = AISLE_INVALID, .text = "title '\033[2J'"},
         "",
         "aisle: title '?[2J'\n"},
        {{.status = AISLE_IO, .text = "at ?access_token=SECRET"},
         "",
         "aisle: at ?access_token=***\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture f;

        fixture_init(&f, false, 0, false);
        say_error(&f.voice, &rows[i].err, str_of(rows[i].remedy));
        if (rows[i].err.status == AISLE_NOMEM)
            assert_true(str_starts(said(&f), "aisle: "));
        else
            assert_text(rows[i].err.text, said(&f), rows[i].want);
        fixture_clear(&f);
    }
}

static void with_json_every_line_is_an_object(void **state)
{
    struct aisle_err err = {.status = AISLE_AUTH,
                            .text = "token expired",
                            .remote_code = "105002",
                            .request_id = "R",
                            .http_status = 401};
    struct fixture f;

    (void)state;
    fixture_init(&f, false, 0, true);
    say(&f.voice, "a \"b\"");
    say_error(&f.voice, &err, str_of("aisle shop login a"));
    assert_text("json", said(&f),
                "{\"time\":\"2026-11-21T20:58:56Z\",\"level\":\"info\",\"text\":\"a "
                "\\\"b\\\"\"}\n"
                "{\"time\":\"2026-11-21T20:58:56Z\",\"level\":\"error\",\"text\":\"token "
                "expired\",\"status\":\"auth\",\"code\":\"105002\",\"request_id\":\"R\","
                "\"http_status\":401,\"try\":\"aisle shop login a\"}\n");
    fixture_clear(&f);
}

static void progress_is_a_line_for_a_person(void **state)
{
    struct run_counts counts = {.total = 500, .done = 120, .calls = 44, .refused = 3};
    const struct {
        struct progress p;
        const char *want;
    } rows[] = {
        {{.doing = "fetching id-ID", .budget = -1, .seconds_left = -1}, "fetching id-ID"},
        {{.doing = "mapping",
          .counts = &counts,
          .budget = 200,
          .per_second = 8.14,
          .seconds_left = 80},
         "mapping  120/500 24%  8.1/s  calls 44 of 200  refused 3  1m20s left"},
        {{.doing = "mapping", .counts = &counts, .budget = -1, .seconds_left = -1},
         "mapping  120/500 24%  calls 44  refused 3"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = BUF_INIT(BUF_MAX_LINE);

        progress_format(&rows[i].p, &out);
        assert_str(buf_str(&out), rows[i].want);
        buf_clear(&out);
    }
}

static void without_a_terminal_there_is_no_progress(void **state)
{
    struct progress p = {.doing = "mapping", .budget = -1, .seconds_left = -1};
    struct fixture f;

    (void)state;
    fixture_init(&f, false, 0, false);
    say_progress(&f.voice, &p);
    say_progress_end(&f.voice);
    assert_text("nothing", said(&f), "");
    fixture_clear(&f);
}

static void progress_steps_aside_for_words(void **state)
{
    struct progress p = {.doing = "mapping", .budget = -1, .seconds_left = -1};
    struct fixture f;

    (void)state;
    fixture_init(&f, false, 0, false);
    f.voice.terminal = true; /* as if it were one */
    say_progress(&f.voice, &p);
    say_progress(&f.voice, &p); /* too soon: nothing */
    say(&f.voice, "done");
    assert_text("steps aside", said(&f), "\r\033[Kmapping\r\033[Kdone\n");
    fixture_clear(&f);
}

static void durations_are_short(void **state)
{
    static const struct {
        int64_t s;
        const char *want;
    } rows[] = {{0, "0s"}, {59, "59s"}, {60, "1m00s"}, {80, "1m20s"}, {7500, "2h05m"}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = BUF_INIT(BUF_MAX_LINE);

        duration_format(rows[i].s, &out);
        assert_str(buf_str(&out), rows[i].want);
        buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_lines),
        cmocka_unit_test(the_quiet_hear_only_what_is_wrong),
        cmocka_unit_test(an_error_says_code_request_and_remedy),
        cmocka_unit_test(with_json_every_line_is_an_object),
        cmocka_unit_test(progress_is_a_line_for_a_person),
        cmocka_unit_test(without_a_terminal_there_is_no_progress),
        cmocka_unit_test(progress_steps_aside_for_words),
        cmocka_unit_test(durations_are_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
