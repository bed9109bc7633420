/* products.h - products as the marketplace has them, and what becomes of them
 *
 *     AS_DRAFT  DRAFT                    deactivate  ACTIVATE -> SELLER_DEACTIVATED
 *     LISTING   PENDING -> ACTIVATE      activate    …DEACTIVATED -> PENDING -> ACTIVATE
 *                       -> FAILED        delete      anything -> DELETED
 *                       -> PENDING, PRE_APPROVED     recover  DELETED -> …DEACTIVATED
 *                       -> SCHEDULED -> ACTIVATE, where a day to be sold from is set
 *
 * An audit takes its time; whoever looks first after it finds it done. An edit of a live
 * product is looked at apart while the old version stays on sale. What is deleted is in
 * no audit.
 */
#ifndef SANDBOX_MARKET_PRODUCTS_H
#define SANDBOX_MARKET_PRODUCTS_H

#include "sandbox/market/judge.h"

enum product_status {
    PRODUCT_DRAFT,
    PRODUCT_PENDING,
    PRODUCT_FAILED,
    PRODUCT_ACTIVATE,
    PRODUCT_SELLER_DEACTIVATED,
    PRODUCT_PLATFORM_DEACTIVATED,
    PRODUCT_FREEZE,
    PRODUCT_DELETED,
    PRODUCT_SCHEDULED,
    PRODUCT_STATUSES
};
const char *product_status_name(enum product_status status);

enum audit_status {
    AUDIT_NONE,
    AUDIT_AUDITING,
    AUDIT_FAILED,
    AUDIT_PRE_APPROVED,
    AUDIT_APPROVED,
};
const char *audit_status_name(enum audit_status status);

enum platform {
    ON_TIKTOK_SHOP = 1 << 0,
    ON_TOKOPEDIA = 1 << 1,
};

struct product {
    char id[MARKET_ID];
    const struct sandbox_shop *shop;
    const struct seller *seller;
    json_t *doc;    /* the body, with ids given */
    json_t *review; /* a version in audit while doc is on sale; or NULL */
    json_t *answer; /* what Create Product said, for when its key comes again */
    char *key;      /* idempotency key, or NULL */
    enum product_status status; /* as a whole; on one platform: product_status_on */
    unsigned off; /* platforms its seller took it off, while it is sold on others */
    enum audit_status audit;
    const char *waits_for;                              /* PRE_APPROVED: why; else NULL */
    bool passed;                                        /* an audit, once */
    int64_t created_ms, updated_ms, live_ms, listed_ms; /* 0: never */
    int64_t audit_until_ms;
};

void products_free(struct market *m);

/* Of that shop, deleted ones too; NULL: none. */
struct product *products_find(const struct market *m, const struct sandbox_shop *shop,
                              struct str id);
/* A new one, a draft at first; takes doc, also when there is no memory: NULL. */
struct product *products_add(struct market *m, const struct sandbox_shop *shop,
                             const struct seller *seller, json_t *doc, int64_t now_ms);
/* Ends the audits, and begins the sales, whose time has come. */
void products_settle(struct market *m, int64_t now_ms);
/* Into audit, and out at once where none is set. */
void product_submit(struct market *m, struct product *p, int64_t now_ms);
/* Ends its audit: `outcome` AUDIT_APPROVED, AUDIT_FAILED or AUDIT_PRE_APPROVED. */
void product_judged(struct market *m, struct product *p, enum audit_status outcome,
                    int64_t now_ms);
void product_set_status(struct market *m, struct product *p, enum product_status status,
                        int64_t now_ms);
/* Is the shop at its cap for today? `activating`: drafts and listings there are. */
bool products_over_cap(const struct market *m, const struct sandbox_shop *shop,
                       bool activating, int64_t now_ms);
/* Its latest version: the one in audit, else the one there is. Borrowed. */
const json_t *product_latest(const struct product *p);
/* The latest with the SKUs of both, its own first: whose ids an edit may name. Yours;
 * NULL: no memory. */
json_t *product_known(const struct product *p);
/* The SKU of that id, on sale or in audit; NULL: none. */
const json_t *product_sku(const struct product *p, struct str id);
/* Sets a member of it in both versions; a value of NULL changes nothing. False: no
 * memory. */
bool product_set_sku(struct product *p, struct str id, const char *key,
                     const json_t *value);
/* Makes next what the product is; takes it. Another category is told of. */
void product_replace(struct market *m, struct product *p, json_t *next, int64_t now_ms);
/* The version in audit apart becomes the product; without one nothing changes. */
void product_take_review(struct market *m, struct product *p, int64_t now_ms);
/* Ends its audit before anything is found. What was in audit apart is dropped. */
void product_drop_audit(struct product *p);
/* Makes `next` its latest version. What was in audit gives way to it; of a product that
 * is on sale or about to be, or has a version in audit apart, it waits for its own audit,
 * price and stock excepted. Takes next, also when there is no memory: false. */
bool product_change(struct market *m, struct product *p, json_t *next, bool draft,
                    int64_t now_ms);
/* Puts it into another category, for a developer, a platform or the upgrade task. */
enum aisle_status product_recategorize(struct market *m, struct product *p,
                                       struct str category, const char *version,
                                       int64_t now_ms);

/* Gives SKUs, attributes and values named in a body the ids they lack; those of `before`
 * (or NULL) for what it has too. False: no memory. */
bool product_give_ids(struct market *m, json_t *doc, const json_t *before);

/* The handlers, by file. */
void products_create(struct call *c);
void products_check(struct call *c);
void products_edit(struct call *c);
void products_edit_part(struct call *c);
void products_get(struct call *c);
void products_search(struct call *c);
void products_activate(struct call *c);
void products_deactivate(struct call *c);
void products_delete(struct call *c);
void products_recover(struct call *c);
void products_prices(struct call *c);
void products_inventory(struct call *c);
void products_inventory_search(struct call *c);
void products_upgrade(struct call *c);

/* A list of platforms' names; absent or empty is none. False: there is another word. */
bool platforms_read(const json_t *list, unsigned *out);
/* Those it is listed on. */
unsigned product_platforms(const struct product *p);
enum product_status product_status_on(const struct product *p, enum platform platform);
/* TikTok Shop's, where it is listed there; else Tokopedia's. */
enum product_status product_status_shown(const struct product *p);

/* Parts of Get Product that Search Products and webhooks have too. */
void product_put_audit(struct json_out *json, const struct product *p);
void product_put_platforms(struct json_out *json, const struct product *p);

/* Where Create, Edit and Partial Edit say what they did. */
void product_put_made(struct json_out *json, const struct product *p, const json_t *doc,
                      const json_t *warnings);

#endif
