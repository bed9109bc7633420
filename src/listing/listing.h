/* listing.h - a product as the marketplace has it, and what we last asked of it
 *
 * One row a product and shop. Before a call that must not happen twice is made, what is
 * about to be done is written here (`doing` and `attempt`); after it, what came of it. A
 * process that dies in between leaves a row that says so, and whoever comes next looks
 * the product up before it asks again.
 */
#ifndef LISTING_LISTING_H
#define LISTING_LISTING_H

#include "base/str.h"

enum listing_state {
    LISTING_ABSENT, /* not there, as far as we know */
    LISTING_DRAFT,
    LISTING_PENDING, /* in audit */
    LISTING_LIVE,
    LISTING_FAILED,       /* by audit */
    LISTING_SCHEDULED,    /* live later */
    LISTING_OFF,          /* deactivated by the seller */
    LISTING_PLATFORM_OFF, /* deactivated by the marketplace */
    LISTING_FROZEN,
    LISTING_DELETED,
};

const char *listing_state_name(enum listing_state state); /* "live", "platform-off" */
bool listing_state_parse(struct str name, enum listing_state *out);

enum listing_doing {
    LISTING_IDLE,
    LISTING_CREATING,   /* a create was about to be sent, or was: nobody knows */
    LISTING_EDITING,    /* the same of an edit; harmless to repeat */
    LISTING_PUBLISHING, /* of a global product that was to go to markets: look first */
};

const char *listing_doing_name(enum listing_doing doing); /* "idle", "creating", … */
bool listing_doing_parse(struct str name, enum listing_doing *out);

struct listing {
    struct str seller_id, shop_id;
    struct str product_id; /* ours */
    struct str remote_id;  /* the marketplace's; "" until known */
    enum listing_state state;
    struct str audit;       /* the marketplace's word for where its audit is */
    struct str reason;      /* why it failed or is off, for a person */
    struct str category_id; /* the leaf it was sent with, or lies in by now */
    struct str version;     /* of the tree that leaf is of */
    struct str platforms;   /* comma-separated; "" the marketplace's default; "GLOBAL":
                               a global product, and remote_id is its id */
    struct str skus;        /* JSON list of {"seller_sku", "id"}, and "values": the
                               options', a line each, as they were sent or told;
                               while it is created some of those sent, without ids */
    struct str markets;   /* of a global product: as listing/abroad.h has them; "" none */
    struct str warnings;  /* JSON list of texts, of the last create or edit */
    struct str sent_hash; /* digest of the body that was last taken, while creating of the
                             one that was sent; "" none, or nobody knows which of two */
    struct str refused_hash; /* of the one last refused */
    enum listing_doing doing;
    struct str attempt; /* idempotency key of what is being done, or was done last */
    struct str code;    /* of the last refusal; "" it went well */
    struct str request_id;
    int64_t attempted_at; /* when it was last sent, or its answer was lost; 0 */
    int64_t retry_at;     /* not before; 0 at any time */
    int64_t status_at;    /* of the newest word about its state */
    int64_t created_at, updated_at;
    int64_t version_no; /* grows with each change; the store's */
};

#endif
