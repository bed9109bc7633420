/* A notification: what stands before the first line end is its signature, the rest its
 * body. No signature but the right one passes, and what is read can be looked at. */
#include "replies.h"

#include "base/hash.h"
#include "channels/tiktok/webhook.h"

static void check(struct str signature, struct str body)
{
    static const char key[] = "29a39d", secret[] = "e59af819cc";
    char hex[SHA256_HEX_LEN + 1];
    struct buf message = BUF_INIT(2 * CHANNEL_EVENT_MAX);
    struct sha256 digest;
    enum aisle_status status =
        tiktok_event_check(str_of(key), str_of(secret), body, signature, NULL);

    buf_addz(&message, key);
    buf_add(&message, body);
    if (buf_check(&message, "a notification", NULL) == AISLE_OK &&
        hmac_sha256(str_of(secret), buf_str(&message), &digest, NULL) == AISLE_OK) {
        sha256_hex(&digest, hex);
        must((status == AISLE_OK) == str_is(str_trim(signature), hex));
        must(tiktok_event_check(str_of(key), str_of(secret), body, str_of(hex), NULL) ==
             AISLE_OK);
    }
    buf_clear(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = str_n((const char *)data, size), signature = str_cut(&body, '\n');
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct channel_event e;
    struct aisle_err err = {0};

    if (body.n <= CHANNEL_EVENT_MAX / 2)
        check(signature, body);
    if (fuzz_read(tiktok_event_read(body, &arena, &e, &err), &err)) {
        must(e.id.n > 0);
        fuzz_look(e.id);
        fuzz_look(e.shop_id);
        fuzz_look(e.product_id);
        fuzz_look(e.status);
        fuzz_look(e.reason);
        fuzz_look(e.from_category);
        fuzz_look(e.to_category);
    }
    arena_clear(&arena);
    return 0;
}
