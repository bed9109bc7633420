#include "channels/tiktok/tiktok.h"

#include "channels/tiktok/listing_wire.h"
#include "channels/tiktok/webhook.h"
#include "channels/tiktok/wire.h"

/* The consent pages are for a browser: no key of ours goes there. */
static const char *const hosts[] = {TIKTOK_API_HOST, TIKTOK_TOKEN_HOST, NULL};

static const struct channel_ops global_ops = {
    .name = "tiktok",
    .hosts = hosts,
    .has_versions = true,
    .has_platforms = true,
    .has_locales = true,
    .reports_permissions = true,
    .fetch_categories = tiktok_fetch_global_categories,
    .recommend = tiktok_recommend_global,
    .refresh = tiktok_refresh,
    .push_image = tiktok_push_image,
    .consent_url = tiktok_consent_url,
    .exchange_code = tiktok_exchange_code,
    .fetch_shops = tiktok_fetch_shops,
    .check_event = tiktok_event_check,
    .read_event = tiktok_event_read,
    .listing = &tiktok_global_listing_ops,
};

const struct channel_ops tiktok_ops = {
    .name = "tiktok",
    .hosts = hosts,
    .has_versions = true,
    .has_platforms = true,
    .has_locales = true,
    .reports_permissions = true,
    .fetch_categories = tiktok_fetch_categories,
    .recommend = tiktok_recommend,
    .refresh = tiktok_refresh,
    .push_image = tiktok_push_image,
    .consent_url = tiktok_consent_url,
    .exchange_code = tiktok_exchange_code,
    .fetch_shops = tiktok_fetch_shops,
    .check_event = tiktok_event_check,
    .read_event = tiktok_event_read,
    .listing = &tiktok_listing_ops,
    .global = &global_ops,
};
