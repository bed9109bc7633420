/* event.h - what a marketplace tells of its own accord, in our words
 *
 * A webhook's body becomes one struct channel_event. Whether it really comes from the
 * marketplace is checked first, over the raw bytes; what it changes here is a flow's to
 * say. Pure: nothing is sent, stored or answered.
 */
#ifndef CHANNELS_EVENT_H
#define CHANNELS_EVENT_H

#include "base/arena.h"
#include "base/status.h"

enum channel_event_kind {
    EVENT_OTHER,            /* none that concerns products or the shop's keys */
    EVENT_PRODUCT_STATUS,   /* it passed, failed or changed */
    EVENT_PRODUCT_CHANGED,  /* a live product was edited, by whomever */
    EVENT_PRODUCT_CREATED,  /* there is a new one */
    EVENT_CATEGORY_CHANGED, /* a product was moved to another leaf */
    EVENT_AUDIT_CHANGED,    /* its audit went on */
    EVENT_SHOP_LOST,        /* the seller withdrew consent */
    EVENT_CONSENT_ENDING,   /* the seller's consent runs out soon */
};

const char *channel_event_kind_name(enum channel_event_kind kind); /* "product-status" */

/* The longest body a marketplace may send; theirs have a few hundred bytes. */
enum { CHANNEL_EVENT_MAX = 64 * 1024 };

struct channel_event {
    enum channel_event_kind kind;
    int64_t type;          /* the marketplace's number for it */
    struct str id;         /* of the notification; the same when it is sent again */
    struct str shop_id;    /* the marketplace's */
    struct str product_id; /* the marketplace's; "" where it is about no product */
    struct str status;     /* of a product or an audit, their word */
    struct str reason;     /* for a person; "" none given */
    struct str from_category, to_category; /* of EVENT_CATEGORY_CHANGED */
    int64_t at; /* UTC seconds: when it happened, else when it was sent; 0 unknown */
};

/* Is `signature` (of a header, as it came) the one the app's secret gives these bytes?
 * AISLE_AUTH when it is not. */
typedef enum aisle_status channel_event_check_fn(struct str app_key,
                                                 struct str app_secret, struct str body,
                                                 struct str signature,
                                                 struct aisle_err *err);
/* Text in the arena. AISLE_GARBLED when it cannot be read or names no notification,
 * AISLE_LIMIT over CHANNEL_EVENT_MAX. */
typedef enum aisle_status channel_event_read_fn(struct str body, struct arena *arena,
                                                struct channel_event *out,
                                                struct aisle_err *err);

#endif
