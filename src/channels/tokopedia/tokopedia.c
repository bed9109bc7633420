#include "channels/tokopedia/tokopedia.h"

#include "channels/tokopedia/wire.h"

static const char *const hosts[] = {TOKOPEDIA_API_HOST, TOKOPEDIA_TOKEN_HOST, NULL};

const struct channel_ops tokopedia_ops = {
    .name = "tokopedia",
    .hosts = hosts,
    .has_versions = false,
    .has_platforms = false,
    .has_locales = false,
    .reports_permissions = false,
    .fetch_categories = tokopedia_fetch_categories,
    .recommend = tokopedia_recommend,
    .refresh = tokopedia_refresh,
    .push_image = NULL,    /* it took addresses of images within the product */
    .consent_url = NULL,   /* client credentials: nobody is asked for consent */
    .exchange_code = NULL, /* the same */
    .fetch_shops = NULL,   /* the fs_id in the path is all there is to choose */
};
