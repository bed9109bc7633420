/* Secrets sealed and opened; what must not open does not. */
#include "check.h"

#include "catalog/vault.h"

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "ff0102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1f"

static const struct str place = STR_INIT("shop/toko-a/keys");
static const struct str secret = STR_INIT("{\"access_token\":\"s3cret\"}");

static struct vault ring(const char *text)
{
    struct vault v;

    assert_int_equal(vault_parse(str_of(text), &v, NULL), AISLE_OK);
    return v;
}

static struct buf seal(const struct vault *v, uint64_t seed)
{
    struct buf sealed = BUF_INIT(BUF_MAX_LINE);
    struct rng_seeded rng;

    rng_seeded_init(&rng, seed);
    assert_int_equal(vault_seal(v, &rng.rng, place, secret, &sealed, NULL), AISLE_OK);
    return sealed;
}

/* How opening ends; on success the secret must be the one sealed. */
static enum aisle_status try_open(const struct vault *v, struct str where,
                                  struct str sealed, struct aisle_err *err)
{
    struct buf opened = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = vault_open(v, where, sealed, &opened, err);

    if (status == AISLE_OK)
        assert_true(str_eq(buf_str(&opened), secret));
    else
        assert_int_equal(opened.n, 0);
    buf_clear(&opened);
    return status;
}

static void what_is_sealed_opens(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf sealed = seal(&v, 1);

    (void)state;
    assert_int_equal(try_open(&v, place, buf_str(&sealed), NULL), AISLE_OK);
    buf_clear(&sealed);
}

static void a_sealed_text_is_printable_and_says_nothing(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf sealed = seal(&v, 1);

    (void)state;
    for (size_t i = 0; i < sealed.n; i++)
        assert_in_range(sealed.p[i], '!', '~');
    assert_int_equal(str_find(buf_str(&sealed), str_of("s3cret")), sealed.n);
    assert_int_equal(str_find(buf_str(&sealed), str_of("00010203")), sealed.n);
    buf_clear(&sealed);
}

static void the_same_secret_is_never_sealed_alike(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf one = seal(&v, 1), two = seal(&v, 2);

    (void)state;
    assert_string_not_equal(one.p, two.p);
    buf_clear(&one);
    buf_clear(&two);
}

static void an_empty_secret_is_one_too(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf sealed = BUF_INIT(BUF_MAX_LINE), opened = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    assert_int_equal(vault_seal(&v, rng_system(), place, str_of(""), &sealed, NULL),
                     AISLE_OK);
    assert_int_equal(vault_open(&v, place, buf_str(&sealed), &opened, NULL), AISLE_OK);
    assert_int_equal(opened.n, 0);
    buf_clear(&sealed);
    buf_clear(&opened);
}

static void another_key_does_not_open_and_is_named(void **state)
{
    struct vault a = ring(KEY_A), b = ring(KEY_B);
    struct buf sealed = seal(&a, 1);
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(try_open(&b, place, buf_str(&sealed), &err), AISLE_CONFIG);
    assert_non_null(strstr(err.text, "which is not in the key file"));
    /* the fingerprint stands in the sealed text too */
    assert_memory_equal(strstr(err.text, "key ") + 4, sealed.p + 2,
                        VAULT_FINGERPRINT_LEN);
    buf_clear(&sealed);
}

static void an_altered_text_does_not_open(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf sealed = seal(&v, 1);

    (void)state;
    for (size_t i = 0; i < sealed.n; i++) {
        char was = sealed.p[i];

        sealed.p[i] = was == 'A' ? 'B' : 'A';
        assert_int_equal(try_open(&v, place, buf_str(&sealed), NULL), AISLE_CONFIG);
        sealed.p[i] = was;
    }
    assert_int_equal(try_open(&v, place, buf_str(&sealed), NULL), AISLE_OK);
    buf_clear(&sealed);
}

static void a_text_cut_short_or_drawn_out_does_not_open(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf sealed = seal(&v, 1);

    (void)state;
    for (size_t n = 0; n < sealed.n; n++)
        assert_int_equal(try_open(&v, place, str_head(buf_str(&sealed), n), NULL),
                         AISLE_CONFIG);
    buf_addz(&sealed, "AAAA");
    assert_int_equal(try_open(&v, place, buf_str(&sealed), NULL), AISLE_CONFIG);
    buf_clear(&sealed);
}

static void a_text_copied_to_another_place_does_not_open(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf sealed = seal(&v, 1);
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(try_open(&v, str_of("shop/toko-b/keys"), buf_str(&sealed), &err),
                     AISLE_CONFIG);
    assert_string_equal(err.text,
                        "sealed secret was altered, or sealed for another place");
    buf_clear(&sealed);
}

static void keys_rotate_by_putting_a_new_one_in_front(void **state)
{
    struct vault old = ring(KEY_A), both = ring(KEY_B "\n" KEY_A), new = ring(KEY_B);
    struct buf before = seal(&old, 1), after = seal(&both, 2);

    (void)state;
    assert_true(vault_is_current(&old, buf_str(&before)));
    assert_int_equal(try_open(&both, place, buf_str(&before), NULL), AISLE_OK);
    assert_false(vault_is_current(&both, buf_str(&before)));
    assert_true(vault_is_current(&both, buf_str(&after)));
    assert_int_equal(try_open(&new, place, buf_str(&after), NULL), AISLE_OK);
    assert_int_equal(try_open(&old, place, buf_str(&after), NULL), AISLE_CONFIG);
    buf_clear(&before);
    buf_clear(&after);
}

static void an_empty_ring_says_so(void **state)
{
    struct vault v = ring("# nothing yet\n");
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(vault_seal(&v, rng_system(), place, secret, &out, &err),
                     AISLE_CONFIG);
    assert_string_equal(err.text, "there is no key to seal secrets with");
    assert_int_equal(vault_open(&v, place, str_of("1.x"), &out, NULL), AISLE_CONFIG);
    assert_false(vault_is_current(&v, str_of("1.x")));
    buf_clear(&out);
}

static const struct {
    const char *text;
    size_t count;
    const char *words; /* of the failure */
} ring_cases[] = {
    {"", 0, NULL},
    {KEY_A, 1, NULL},
    {KEY_A "\n", 1, NULL},
    {"# newest first\r\n" KEY_B "\r\n\r\n  " KEY_A "  # 2026\r\n", 2, NULL},
    {"0001", 0, "key file: line 1 is not 64 hexadecimal digits"},
    {"\n" KEY_A "00\n", 0, "key file: line 2 is not 64 hexadecimal digits"},
    {KEY_A "\nzz" KEY_A, 0, "key file: line 2 is not 64 hexadecimal digits"},
    {KEY_A "\n" KEY_A "\n" KEY_A "\n" KEY_A "\n" KEY_A "\n" KEY_A "\n" KEY_A "\n" KEY_A
           "\n" KEY_A,
     0, "key file: line 9 is one over 8 keys"},
};

static void a_ring_is_read_line_by_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ring_cases); i++) {
        struct vault v = {.count = 99};
        struct aisle_err err = {0};
        enum aisle_status status = vault_parse(str_of(ring_cases[i].text), &v, &err);

        if (ring_cases[i].words) {
            assert_int_equal(status, AISLE_CONFIG);
            assert_string_equal(err.text, ring_cases[i].words);
            assert_int_equal(v.count, 99);
        } else {
            assert_int_equal(status, AISLE_OK);
            assert_int_equal(v.count, ring_cases[i].count);
        }
    }
}

static void a_new_key_makes_a_ring(void **state)
{
    char one[2 * VAULT_KEY_LEN + 1], two[2 * VAULT_KEY_LEN + 1];
    struct vault v;

    (void)state;
    vault_new_key(rng_system(), one);
    vault_new_key(rng_system(), two);
    assert_string_not_equal(one, two);
    v = ring(one);
    assert_int_equal(v.count, 1);
}

static void a_wiped_ring_holds_nothing(void **state)
{
    struct vault v = ring(KEY_A "\n" KEY_B);
    const struct vault nothing = {.count = 0};

    (void)state;
    vault_wipe(&v);
    vault_wipe(&v);
    assert_memory_equal(v.keys, nothing.keys, sizeof v.keys);
    assert_int_equal(v.count, 0);
}

static enum aisle_status there_and_back(void *ctx, struct aisle_err *err)
{
    const struct vault *v = ctx;
    struct buf sealed = BUF_INIT(BUF_MAX_LINE), opened = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = vault_seal(v, rng_system(), place, secret, &sealed, err);

    if (status == AISLE_OK)
        status = vault_open(v, place, buf_str(&sealed), &opened, err);
    buf_clear(&sealed);
    buf_clear(&opened);
    return status;
}

static void sealing_survives_running_out_of_memory(void **state)
{
    struct vault v = ring(KEY_A);

    (void)state;
    each_allocation_failing(there_and_back, &v);
}

static void a_secret_too_large_is_refused(void **state)
{
    struct vault v = ring(KEY_A);
    struct buf out = BUF_INIT(BUF_MAX_REPLY), large = BUF_INIT(BUF_MAX_REPLY);
    struct aisle_err err = {0};

    (void)state;
    assert_true(buf_room(&large, BUF_MAX_LINE));
    memset(large.p, 'x', BUF_MAX_LINE);
    large.n = BUF_MAX_LINE;
    assert_int_equal(vault_seal(&v, rng_system(), place, buf_str(&large), &out, &err),
                     AISLE_LIMIT);
    assert_string_equal(err.text, "secret is over 64 KiB");
    assert_int_equal(out.n, 0);
    buf_clear(&large);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens),
        cmocka_unit_test(a_sealed_text_is_printable_and_says_nothing),
        cmocka_unit_test(the_same_secret_is_never_sealed_alike),
        cmocka_unit_test(an_empty_secret_is_one_too),
        cmocka_unit_test(another_key_does_not_open_and_is_named),
        cmocka_unit_test(an_altered_text_does_not_open),
        cmocka_unit_test(a_text_cut_short_or_drawn_out_does_not_open),
        cmocka_unit_test(a_text_copied_to_another_place_does_not_open),
        cmocka_unit_test(keys_rotate_by_putting_a_new_one_in_front),
        cmocka_unit_test(an_empty_ring_says_so),
        cmocka_unit_test(a_ring_is_read_line_by_line),
        cmocka_unit_test(a_new_key_makes_a_ring),
        cmocka_unit_test(a_wiped_ring_holds_nothing),
        cmocka_unit_test(sealing_survives_running_out_of_memory),
        cmocka_unit_test(a_secret_too_large_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
