/* Webhooks ("TikTok Shop Webhooks Overview", and a page per type). The signature stands
 * in Authorization: HMAC-SHA256 of app key and raw body, keyed with the app secret, in
 * lower-case hexadecimal. */
#include "channels/tiktok/webhook.h"

#include "base/hash.h"
#include "base/json.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum aisle_status tiktok_event_check(struct str app_key, struct str app_secret,
                                     struct str body, struct str signature,
                                     struct aisle_err *err)
{
    struct buf message = BUF_INIT(CHANNEL_EVENT_MAX + BUF_MAX_LINE);
    char hex[SHA256_HEX_LEN + 1];
    struct sha256 digest;
    enum aisle_status status;

    if (app_key.n == 0 || app_secret.n == 0)
        return aisle_fail(err, AISLE_CONFIG,
                          "a notification cannot be checked without app key and secret");
    buf_add(&message, app_key);
    buf_add(&message, body);
    status = buf_check(&message, "a notification", err);
    if (status == AISLE_OK)
        status = hmac_sha256(app_secret, buf_str(&message), &digest, err);
    buf_clear(&message);
    if (status != AISLE_OK)
        return status;
    sha256_hex(&digest, hex);
    if (secret_eq(str_of(hex), str_trim(signature)))
        return AISLE_OK;
    return aisle_fail(err, AISLE_AUTH, "the notification is not signed by this app");
}

static const struct {
    int64_t type;
    enum channel_event_kind kind;
} kinds[] = {
    {5, EVENT_PRODUCT_STATUS},   {6, EVENT_SHOP_LOST},
    {7, EVENT_CONSENT_ENDING},   {15, EVENT_PRODUCT_CHANGED},
    {16, EVENT_PRODUCT_CREATED}, {18, EVENT_CATEGORY_CHANGED},
    {37, EVENT_AUDIT_CHANGED},
};

static enum channel_event_kind kind_of(int64_t type)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (kinds[i].type == type)
            return kinds[i].kind;
    return EVENT_OTHER;
}

/* A list of texts as one, or the one text that a sample prints in its place. */
static struct str joined(const json_t *object, const char *key, struct arena *arena)
{
    const json_t *list = json_list(object, key), *one;
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str out;
    size_t i;

    if (!list)
        return json_text(object, key, arena);
    json_array_foreach(list, i, one)
    {
        buf_addz(&text, i ? ", " : "");
        buf_add(&text, json_value_str(one));
    }
    out = buf_check(&text, key, NULL) == AISLE_OK ? arena_str(arena, buf_str(&text))
                                                  : (struct str){0};
    buf_clear(&text);
    return out;
}

/* The status stands beside the product (type 5) or in its audit (type 37). */
static void read_status(const json_t *data, struct arena *arena, struct channel_event *e)
{
    const json_t *audit = json_at(data, "audit");

    e->status = json_text(audit ? audit : data, "status", arena);
    if (!audit)
        e->reason = json_text(data, "suspended_reason", arena);
    else if (json_at(audit, "pre_approved_reasons"))
        e->reason = joined(audit, "pre_approved_reasons", arena);
    else
        e->reason = joined(audit, "pre_approved_reason", arena);
}

/* False without memory. */
static bool read_event(const json_t *envelope, struct arena *arena,
                       struct channel_event *e)
{
    const json_t *data = json_at(envelope, "data");

    e->type = json_int(envelope, "type", 0);
    e->kind = kind_of(e->type);
    e->id = json_text(envelope, "tts_notification_id", arena);
    e->shop_id = json_text(envelope, "shop_id", arena);
    e->product_id = json_text(data, "product_id", arena);
    e->from_category = json_text(data, "previous_category_id", arena);
    e->to_category = json_text(data, "current_category_id", arena);
    e->at = json_int(data, "update_time", json_int(envelope, "timestamp", 0));
    read_status(data, arena, e);
    return e->id.p && e->shop_id.p && e->product_id.p && e->from_category.p &&
           e->to_category.p && e->status.p && e->reason.p;
}

static enum aisle_status check_event(const struct channel_event *e, struct aisle_err *err)
{
    bool about_product =
        e->kind >= EVENT_PRODUCT_STATUS && e->kind <= EVENT_AUDIT_CHANGED;

    if (e->id.n == 0)
        return aisle_fail(err, AISLE_GARBLED,
                          "a notification without tts_notification_id");
    if (about_product && e->product_id.n == 0)
        return aisle_fail(err, AISLE_GARBLED,
                          "a notification of type %lld without product_id",
                          (long long)e->type);
    if (e->kind == EVENT_CATEGORY_CHANGED && e->to_category.n == 0)
        return aisle_fail(err, AISLE_GARBLED,
                          "a notification of type 18 without current_category_id");
    return AISLE_OK;
}

enum aisle_status tiktok_event_read(struct str body, struct arena *arena,
                                    struct channel_event *out, struct aisle_err *err)
{
    struct channel_event event = {0};
    json_t *envelope = NULL;
    enum aisle_status status =
        json_read(body, CHANNEL_EVENT_MAX, "a notification", &envelope, err);

    if (status == AISLE_OK && !json_is_object(envelope))
        status = aisle_fail(err, AISLE_GARBLED, "a notification: no object");
    if (status == AISLE_OK && !read_event(envelope, arena, &event))
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        status = check_event(&event, err);
    if (status == AISLE_OK)
        *out = event;
    json_decref(envelope);
    return status;
}
