#include "check.h"

#include "base/clock.h"

static void times_are_read_strictly(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t want;
    } cases[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"2026-11-21T20:58:56Z", true, 1795294736},
        {"2026-11-21T20:58:56.999999Z", true, 1795294736},
        {"2026-11-22T03:58:56+07:00", true, 1795294736},
        {"2026-11-21T17:28:56-03:30", true, 1795294736},
        {"2026-11-22T03:58:56.5+07:00", true, 1795294736},
        {"2000-02-29T00:00:00Z", true, 951782400},
        {"1969-12-31T23:59:59Z", true, -1},
        {"0000-01-01T00:00:00Z", true, -62167219200},
        {"9999-12-31T23:59:59Z", true, 253402300799},
        {"1900-02-29T00:00:00Z", false, 0},
        {"2026-02-29T00:00:00Z", false, 0},
        {"2026-04-31T00:00:00Z", false, 0},
        {"2026-00-10T00:00:00Z", false, 0},
        {"2026-13-10T00:00:00Z", false, 0},
        {"2026-01-00T00:00:00Z", false, 0},
        {"2026-01-01T24:00:00Z", false, 0},
        {"2026-01-01T00:60:00Z", false, 0},
        {"2026-01-01T00:00:60Z", false, 0},
        {"2026-01-01T00:00:00", false, 0},
        {"2026-01-01T00:00:00.Z", false, 0},
        {"2026-01-01T00:00:00.", false, 0},
        {"2026-01-01T00:00:00.5", false, 0},
        {"2026-01-01T00:00:00z", false, 0},
        {"2026-01-01t00:00:00Z", false, 0},
        {"2026-01-01 00:00:00Z", false, 0},
        {"2026-01-01T00:00:00ZZ", false, 0},
        {"2026-01-01T00:00:00+0700", false, 0},
        {"2026-01-01T00:00:00+07", false, 0},
        {"2026-01-01T00:00:00+24:00", false, 0},
        {"2026-01-01T00:00:00+07:60", false, 0},
        {"2026-01-01T00:00:00+07:00 ", false, 0},
        {"2026-1-01T00:00:00Z", false, 0},
        {"-026-01-01T00:00:00Z", false, 0},
        {"2026-01-01", false, 0},
        {"", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t s = 42;
        bool ok = time_parse(str_of(cases[i].text), &s);

        if (ok != cases[i].ok || s != (ok ? cases[i].want : 42))
            fail_msg("\"%s\" gives %d, %lld", cases[i].text, ok, (long long)s);
    }
}

static void a_time_cut_anywhere_is_none(void **state)
{
    const char *whole = "2026-11-22T03:58:56.5+07:00";

    (void)state;
    for (size_t n = 0; n < strlen(whole); n++) {
        char *cut =
            mem_dup(whole, n); /* so that the sanitizer sees a look past the end */
        int64_t s;

        assert_false(time_parse(str_n(cut, n), &s));
        mem_free(cut);
    }
}

static void written_times_read_back(void **state)
{
    struct rng_seeded seeded;
    char text[TIME_LEN + 1];
    int64_t back;

    (void)state;
    rng_seeded_init(&seeded, 1);
    for (int i = 0; i < 2000; i++) {
        int64_t s = (int64_t)rng_below(&seeded.rng, 315569520000u) - 62167219200;

        time_format(s, text);
        assert_int_equal(strlen(text), TIME_LEN);
        assert_true(time_parse(str_of(text), &back) && back == s);
    }
    time_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
    time_format(INT64_MIN, text);
    assert_string_equal(text, "0000-01-01T00:00:00Z");
}

static void a_still_clock_moves_when_someone_sleeps(void **state)
{
    struct clock_still still;

    (void)state;
    clock_still_init(&still, 1795294736500);
    assert_int_equal(clock_now_s(&still.clock), 1795294736);
    assert_int_equal(clock_now_ms(&still.clock), 1795294736500);
    clock_sleep_ms(&still.clock, 600);
    clock_sleep_ms(&still.clock, -5);
    assert_int_equal(clock_now_ms(&still.clock), 1795294737100);
    assert_int_equal(clock_mono_ms(&still.clock), 1795294737100);
    still.ms = 5;
    assert_int_equal(clock_now_ms(&still.clock), 5);
}

static void the_systems_clock_goes_on(void **state)
{
    const struct clock *clock = clock_system();
    int64_t before = clock_mono_ms(clock);

    (void)state;
    clock_sleep_ms(clock, 2);
    clock_sleep_ms(clock, 0);
    assert_true(clock_mono_ms(clock) >= before + 2);
    assert_true(clock_now_s(clock) > 1700000000);
}

/* Published with the algorithm: the first outputs for the seed 1234567. */
static void seeded_numbers_are_those_of_splitmix64(void **state)
{
    static const uint64_t want[] = {6457827717110365317u, 3203168211198807973u,
                                    9817491932198370423u};
    struct rng_seeded seeded;
    unsigned char bytes[11];

    (void)state;
    rng_seeded_init(&seeded, 1234567);
    for (size_t i = 0; i < COUNT(want); i++)
        assert_true(rng_u64(&seeded.rng) == want[i]);

    rng_seeded_init(&seeded, 1234567);
    seeded.rng.fill(seeded.rng.ctx, bytes, sizeof bytes);
    assert_int_equal(bytes[0], want[0] & 255);
    assert_int_equal(bytes[8], want[1] & 255);
}

static void numbers_stay_below_and_reach_each(void **state)
{
    struct rng_seeded seeded;
    unsigned seen[7] = {0};

    (void)state;
    rng_seeded_init(&seeded, 3);
    for (int i = 0; i < 7000; i++) {
        double unit = rng_unit(&seeded.rng);

        seen[rng_below(&seeded.rng, 7)]++;
        assert_true(unit >= 0 && unit < 1);
    }
    for (size_t i = 0; i < COUNT(seen); i++)
        assert_in_range(seen[i], 800, 1200);
    assert_int_equal(rng_below(&seeded.rng, 1), 0);
}

/* Hands out the bytes one after another, to see which draws are refused. */
static void fill_from(void *ctx, void *out, size_t n)
{
    const unsigned char **at = ctx;

    memcpy(out, *at, n);
    *at += n;
}

static void a_draw_that_would_bias_is_drawn_again(void **state)
{
    /* 2^64 mod 3 is 1: only the draw 0 is one too many */
    const unsigned char draws[24] = {[8] = 5}, *at = draws;
    struct rng rng = {&at, fill_from};

    (void)state;
    assert_int_equal(rng_below(&rng, 3), 2);
    assert_ptr_equal(at, draws + 16);
}

static void uuids_are_version_4(void **state)
{
    char one[UUID_LEN + 1], two[UUID_LEN + 1];

    (void)state;
    uuid_v4(rng_system(), one);
    uuid_v4(rng_system(), two);
    assert_string_not_equal(one, two);
    assert_int_equal(strlen(one), UUID_LEN);
    for (size_t i = 0; i < UUID_LEN; i++)
        assert_true(i == 8 || i == 13 || i == 18 || i == 23
                        ? one[i] == '-'
                        : strchr("0123456789abcdef", one[i]) != NULL);
    assert_int_equal(one[14], '4');
    assert_non_null(strchr("89ab", one[19]));
}

static void the_systems_chance_fills_everything(void **state)
{
    unsigned char bytes[5000] = {0};
    unsigned seen[256] = {0};
    size_t kinds = 0;

    (void)state;
    rng_system()->fill(NULL, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        kinds += seen[bytes[i]]++ == 0;
    assert_true(kinds > 250);
    rng_system()->fill(NULL, bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_strictly),
        cmocka_unit_test(a_time_cut_anywhere_is_none),
        cmocka_unit_test(written_times_read_back),
        cmocka_unit_test(a_still_clock_moves_when_someone_sleeps),
        cmocka_unit_test(the_systems_clock_goes_on),
        cmocka_unit_test(seeded_numbers_are_those_of_splitmix64),
        cmocka_unit_test(numbers_stay_below_and_reach_each),
        cmocka_unit_test(a_draw_that_would_bias_is_drawn_again),
        cmocka_unit_test(uuids_are_version_4),
        cmocka_unit_test(the_systems_chance_fills_everything),
    };

    return cmocka_run_group_tests_name("base: clock", tests, NULL, NULL);
}
