#include "check.h"

#include "base/buf.h"
#include "base/hash.h"

static struct str repeat(struct buf *b, char c, size_t n)
{
    buf_reset(b);
    while (b->n < n)
        buf_addc(b, c);
    return buf_str(b);
}

static void check_hex(const struct sha256 *d, const char *want)
{
    char hex[SHA256_HEX_LEN + 1];

    sha256_hex(d, hex);
    assert_string_equal(hex, want);
}

/* FIPS 180-4's examples. */
static void known_digests(void **state)
{
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sha256 d;

        assert_ok(sha256_of(str_of(cases[i].text), &d, NULL), NULL);
        check_hex(&d, cases[i].want);
    }
}

/* RFC 4231, test cases 1, 2, 6 and 7, and nothing under an empty key. */
static void known_keyed_digests(void **state)
{
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    struct sha256 d;

    (void)state;
    assert_ok(hmac_sha256(repeat(&key, 0x0b, 20), STR_LIT("Hi There"), &d, NULL), NULL);
    check_hex(&d, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_ok(
        hmac_sha256(STR_LIT("Jefe"), STR_LIT("what do ya want for nothing?"), &d, NULL),
        NULL);
    check_hex(&d, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_ok(
        hmac_sha256(repeat(&key, (char)0xaa, 131),
                    STR_LIT("Test Using Larger Than Block-Size Key - Hash Key First"), &d,
                    NULL),
        NULL);
    check_hex(&d, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_ok(hmac_sha256((struct str){0}, (struct str){0}, &d, NULL), NULL);
    check_hex(&d, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    buf_clear(&key);
}

static void pieces_make_the_same_digest_as_the_whole(void **state)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct sha256 whole;

    (void)state;
    assert_ok(sha256_of(repeat(&text, 'a', 1000), &whole, NULL), NULL);
    for (size_t step = 1; step < 1000; step += 37) {
        struct sha256_ctx c;
        struct sha256 d;
        struct str left = buf_str(&text);

        assert_ok(sha256_init(&c, NULL), NULL);
        for (; left.n; left = str_skip(left, step))
            assert_ok(sha256_add(&c, str_head(left, step), NULL), NULL);
        assert_ok(sha256_add(&c, (struct str){0}, NULL), NULL);
        assert_ok(sha256_finish(&c, &d, NULL), NULL);
        assert_memory_equal(&d, &whole, sizeof d);
        sha256_clear(&c); /* finish has cleared already */
    }
    buf_clear(&text);
}

static void a_digest_given_up_leaves_nothing(void **state)
{
    struct sha256_ctx c;

    (void)state;
    assert_ok(sha256_init(&c, NULL), NULL);
    assert_ok(sha256_add(&c, STR_LIT("abc"), NULL), NULL);
    sha256_clear(&c);
    sha256_clear(&c);
    assert_null(c.md);
}

static void secrets_are_equal_or_not(void **state)
{
    (void)state;
    assert_true(secret_eq(STR_LIT("abc"), STR_LIT("abc")));
    assert_true(secret_eq((struct str){0}, STR_LIT("")));
    assert_false(secret_eq(STR_LIT("abc"), STR_LIT("abd")));
    assert_false(secret_eq(STR_LIT("abc"), STR_LIT("ab")));
    assert_false(secret_eq(STR_LIT("ab"), STR_LIT("abc")));
}

static void a_wiped_secret_is_gone(void **state)
{
    char secret[] = "TTP_abc", zeroes[sizeof secret] = {0};

    (void)state;
    secret_wipe(secret, sizeof secret);
    assert_memory_equal(secret, zeroes, sizeof secret);
    secret_wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests),
        cmocka_unit_test(known_keyed_digests),
        cmocka_unit_test(pieces_make_the_same_digest_as_the_whole),
        cmocka_unit_test(a_digest_given_up_leaves_nothing),
        cmocka_unit_test(secrets_are_equal_or_not),
        cmocka_unit_test(a_wiped_secret_is_gone),
    };

    return cmocka_run_group_tests_name("base: hash", tests, NULL, NULL);
}
