#include "data.h"

#include "channels/tiktok/errors.h"
#include "channels/tokopedia/errors.h"

static void judge_tiktok(struct str code, struct str message, int http_status,
                         struct channel_verdict *out)
{
    tiktok_judge_error(code, message, http_status, out);
}

static void judge_tokopedia(struct str code, struct str message, int http_status,
                            struct channel_verdict *out)
{
    (void)message;
    tokopedia_judge_error(str_is(code, "-") ? STR_LIT("") : code, http_status, out);
}

typedef void judge_fn(struct str code, struct str message, int http_status,
                      struct channel_verdict *out);

static bool row_holds(judge_fn *judge, struct str row)
{
    struct str rest = row, http = str_cut(&rest, '\t'), code = str_cut(&rest, '\t'),
               message = str_cut(&rest, '\t'), status = str_cut(&rest, '\t');
    struct channel_verdict got = {0};
    char then[64];
    int64_t http_status;

    assert_true(parse_i64(http, 100, 599, &http_status));
    judge(code, message, (int)http_status, &got);
    snprintf(then, sizeof then, "%s%s%s%s", got.again ? "again" : "-",
             got.throttled ? " throttled" : "",
             got.token == TOKEN_EXPIRED         ? " expired"
             : got.token == TOKEN_NEEDS_CONSENT ? " consent"
                                                : "",
             got.image_gone ? " image-gone" : "");
    if (str_is(status, aisle_status_name(got.status)) && str_is(rest, then))
        return true;
    print_error("%.*s\n    got: %s %s\n", STR_ARG(row), aisle_status_name(got.status),
                then);
    return false;
}

static void check_file(judge_fn *judge, const char *name, size_t at_least)
{
    char path[PATH_ROOM];
    const char *root = getenv("SOURCE_ROOT");
    struct buf file;
    struct str rest;
    size_t rows = 0;
    bool good = true;

    snprintf(path, sizeof path, "%s/tests/channels/%s", root ? root : ".", name);
    file = file_read(path);
    rest = buf_str(&file);
    while (rest.n) {
        struct str row = str_cut(&rest, '\n');

        if (row.n == 0 || row.p[0] == '#')
            continue;
        good = row_holds(judge, row) && good;
        rows++;
    }
    assert_true(good);
    assert_true(rows >= at_least);
    buf_clear(&file);
}

static void tiktoks_errors_mean_what_we_say(void **state)
{
    (void)state;
    check_file(judge_tiktok, "tiktok-errors.tsv", 80);
}

static void tokopedias_errors_mean_what_we_say(void **state)
{
    (void)state;
    check_file(judge_tokopedia, "tokopedia-errors.tsv", 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiktoks_errors_mean_what_we_say),
        cmocka_unit_test(tokopedias_errors_mean_what_we_say),
    };

    return cmocka_run_group_tests_name("channels: errors", tests, NULL, NULL);
}
