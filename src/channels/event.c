#include "channels/event.h"

const char *channel_event_kind_name(enum channel_event_kind kind)
{
    static const char *const names[] = {
        [EVENT_OTHER] = "other",
        [EVENT_PRODUCT_STATUS] = "product-status",
        [EVENT_PRODUCT_CHANGED] = "product-changed",
        [EVENT_PRODUCT_CREATED] = "product-created",
        [EVENT_CATEGORY_CHANGED] = "category-changed",
        [EVENT_AUDIT_CHANGED] = "audit-changed",
        [EVENT_SHOP_LOST] = "shop-lost",
        [EVENT_CONSENT_ENDING] = "consent-ending",
    };

    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "other";
}
