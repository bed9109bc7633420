/* The four examples of "Signature Calculations for the Authorization Header: Transferring
 * Payload in a Single Chunk" (Amazon S3 API Reference), and two of our own reckoned with
 * another program. */
#include "check.h"

#include "net/objects/s3_sign.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define WELCOME "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
#define A_B "c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65"
#define THEIRS                                                                           \
    {                                                                                    \
        STR_INIT("host"), STR_INIT("examplebucket.s3.amazonaws.com")                     \
    }
#define THEIR_DATE                                                                       \
    {                                                                                    \
        STR_INIT("x-amz-date"), STR_INIT("20130524T000000Z")                             \
    }
#define OURS                                                                             \
    {                                                                                    \
        STR_INIT("host"), STR_INIT("127.0.0.1:9000")                                     \
    }
#define OUR_DATE                                                                         \
    {                                                                                    \
        STR_INIT("x-amz-date"), STR_INIT("20261122T030405Z")                             \
    }

static const struct s3_key example_key = {
    STR_INIT("AKIAIOSFODNN7EXAMPLE"),
    STR_INIT("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), STR_INIT("us-east-1")};
static const struct s3_key our_key = {STR_INIT("test:tester"), STR_INIT("geheim"),
                                      STR_INIT("id-west-2")};

static const struct sample {
    const char *says, *method;
    struct str path;
    struct s3_pair query[3], headers[5];
    const char *payload_hash, *time, *names, *signature;
    const struct s3_key *key;
} samples[] = {
    {.says = "GetObject",
     .method = "GET",
     .path = STR_INIT("/test.txt"),
     .headers = {THEIRS,
                 THEIR_DATE,
                 {STR_INIT("x-amz-content-sha256"), STR_INIT(EMPTY)},
                 {STR_INIT("range"), STR_INIT("bytes=0-9")}},
     .payload_hash = EMPTY,
     .time = "20130524T000000Z",
     .names = "host;range;x-amz-content-sha256;x-amz-date",
     .signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
     .key = &example_key},
    {.says = "PutObject",
     .method = "PUT",
     .path = STR_INIT("/test$file.text"),
     .headers = {{STR_INIT("date"), STR_INIT("Fri, 24 May 2013 00:00:00 GMT")},
                 THEIRS,
                 {STR_INIT("x-amz-storage-class"), STR_INIT("REDUCED_REDUNDANCY")},
                 THEIR_DATE,
                 {STR_INIT("x-amz-content-sha256"), STR_INIT(WELCOME)}},
     .payload_hash = WELCOME,
     .time = "20130524T000000Z",
     .names = "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
     .signature = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
     .key = &example_key},
    {.says = "GetBucketLifecycle",
     .method = "GET",
     .path = STR_INIT("/"),
     .query = {{STR_INIT("lifecycle"), STR_INIT("")}},
     .headers = {THEIRS, THEIR_DATE, {STR_INIT("x-amz-content-sha256"), STR_INIT(EMPTY)}},
     .payload_hash = EMPTY,
     .time = "20130524T000000Z",
     .names = "host;x-amz-content-sha256;x-amz-date",
     .signature = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
     .key = &example_key},
    {.says = "ListObjects",
     .method = "GET",
     .path = STR_INIT("/"),
     .query = {{STR_INIT("prefix"), STR_INIT("J")},
               {STR_INIT("max-keys"), STR_INIT("2")}},
     .headers = {THEIRS, THEIR_DATE, {STR_INIT("x-amz-content-sha256"), STR_INIT(EMPTY)}},
     .payload_hash = EMPTY,
     .time = "20130524T000000Z",
     .names = "host;x-amz-content-sha256;x-amz-date",
     .signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
     .key = &example_key},
    {.says = "a key with blanks, signs and letters of other scripts",
     .method = "PUT",
     .path = STR_INIT("/toko/a b=\xc3\xbc+(1).jpg"),
     .headers = {OURS,
                 OUR_DATE,
                 {STR_INIT("x-amz-content-sha256"), STR_INIT(A_B)},
                 {STR_INIT("x-amz-security-token"), STR_INIT("a/b+c=")},
                 {STR_INIT("content-type"), STR_INIT("image/jpeg")}},
     .payload_hash = A_B,
     .time = "20261122T030405Z",
     .names = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
     .signature = "0d04ef7a7cf8feb183dd59a91130cde0f34f248a6625d73433b52fe9afb44d1a",
     .key = &our_key},
    {.says = "a query in no order, and blanks in a header",
     .method = "GET",
     .path = STR_INIT("/toko"),
     .query = {{STR_INIT("prefix"), STR_INIT("a/\xc3\xbc&b=")},
               {STR_INIT("list-type"), STR_INIT("2")},
               {STR_INIT("continuation-token"), STR_INIT("~x+/=")}},
     .headers = {OURS,
                 OUR_DATE,
                 {STR_INIT("x-tra"), STR_INIT("  two   blanks  ")},
                 {STR_INIT("x-amz-content-sha256"), STR_INIT(EMPTY)}},
     .payload_hash = EMPTY,
     .time = "20261122T030405Z",
     .names = "host;x-amz-content-sha256;x-amz-date;x-tra",
     .signature = "bfae0e7d8585eec597d0be73ff537e814fe440b1cf74b957cafc356d623e62d7",
     .key = &our_key},
};

static struct s3_call call_of(const struct sample *s)
{
    struct s3_call call = {.method = s->method,
                           .path = s->path,
                           .query = s->query,
                           .headers = s->headers,
                           .payload_hash = s->payload_hash,
                           .time = s->time};

    while (call.query_count < COUNT(s->query) && s->query[call.query_count].name.n)
        call.query_count++;
    while (call.header_count < COUNT(s->headers) && s->headers[call.header_count].name.n)
        call.header_count++;
    return call;
}

static enum aisle_status authorize(void *ctx, struct aisle_err *err)
{
    const struct sample *s = ctx;
    struct s3_call call = call_of(s);
    struct buf got = BUF_INIT(BUF_MAX_LINE), want = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = s3_authorize(&call, s->key, &got, err);

    if (status == AISLE_OK) {
        buf_addf(&want,
                 "AWS4-HMAC-SHA256 Credential=%.*s/%.8s/%.*s/s3/aws4_request,"
                 "SignedHeaders=%s,Signature=%s",
                 STR_ARG(s->key->id), s->time, STR_ARG(s->key->region), s->names,
                 s->signature);
        status = buf_check(&want, "want", err);
    }
    if (status == AISLE_OK)
        check_text(s->says, buf_str(&got), buf_str(&want), __FILE__, __LINE__);
    buf_clear(&got);
    buf_clear(&want);
    return status;
}

static void requests_are_signed_as_published(void **state)
{
    struct aisle_err err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct sample s = samples[i];

        assert_ok(authorize(&s, &err), &err);
    }
}

static void the_steps_between_are_as_published(void **state)
{
    struct s3_call call = call_of(&samples[0]);
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err err = {0};

    (void)state;
    assert_ok(s3_canonical(&call, &out, &err), &err);
    assert_str(buf_str(&out), "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\n"
                              "range:bytes=0-9\nx-amz-content-sha256:" EMPTY "\n"
                              "x-amz-date:20130524T000000Z\n\n"
                              "host;range;x-amz-content-sha256;x-amz-date\n" EMPTY);
    buf_reset(&out);
    assert_ok(s3_to_sign(&call, STR_LIT("us-east-1"), &out, &err), &err);
    assert_str(buf_str(&out),
               "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
               "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972");
    buf_clear(&out);
}

static void a_time_is_written_as_it_is_signed(void **state)
{
    char out[S3_TIME_LEN + 1];

    (void)state;
    s3_time(1369353600, out);
    assert_str(str_of(out), "20130524T000000Z");
    s3_time(1795316645, out);
    assert_str(str_of(out), "20261122T030405Z");
}

static void too_much_to_sign_is_said(void **state)
{
    struct s3_pair many[S3_MOST_PAIRS + 1] = {{STR_INIT("host"), STR_INIT("x")}};
    struct s3_call call = {.method = "GET",
                           .path = STR_LIT("/"),
                           .headers = many,
                           .header_count = COUNT(many),
                           .payload_hash = EMPTY,
                           .time = "20261122T030405Z"};
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err err = {0};

    (void)state;
    assert_status(s3_authorize(&call, &our_key, &out, &err), AISLE_LIMIT, &err);
    buf_clear(&out);
}

static void nothing_is_lost_when_memory_is_short(void **state)
{
    struct sample s = samples[5];

    (void)state;
    each_allocation_failing(authorize, &s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_signed_as_published),
        cmocka_unit_test(the_steps_between_are_as_published),
        cmocka_unit_test(a_time_is_written_as_it_is_signed),
        cmocka_unit_test(too_much_to_sign_is_said),
        cmocka_unit_test(nothing_is_lost_when_memory_is_short),
    };

    return cmocka_run_group_tests_name("net: sign", tests, NULL, NULL);
}
