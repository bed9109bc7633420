/* market.h - what listing products changes: requirements, brands, files, products
 *
 * One lock over all of it; a handler enters at its beginning and leaves at its end, and
 * holds nothing borrowed afterwards. Everything made up (ids, outcomes of audits) follows
 * from the seed and from what was made before, so that a run repeats.
 */
#ifndef SANDBOX_MARKET_MARKET_H
#define SANDBOX_MARKET_MARKET_H

#include "sandbox/engine.h"
#include "sandbox/market/demands.h"
#include "sandbox/market/values.h"

struct brand {
    char *id, *name;
    bool authorized, t1, available;
    bool expired;               /* which only a listing's refusal tells */
    const struct seller *owner; /* of a custom one; NULL: everybody's */
    int64_t made_day;           /* days since 1970, of a custom one */
};

/* An uploaded PDF or video. */
struct file {
    char id[48];
    bool pdf;
};

struct product;
struct global_product;
struct hooks;

enum { MARKET_MAX_BRANDS = 20000 };

struct market {
    pthread_mutex_t lock;
    const struct engine *engine;
    uint64_t made;           /* ids given out */
    struct demands *demands; /* NULL: not needed yet */
    struct brand *brands;
    size_t brand_count;
    struct file *files;
    size_t file_count;
    struct product **products; /* in the order they were made */
    size_t product_count, product_cap;
    struct global_product **globals;
    size_t global_count;
    struct hooks *hooks;
};

enum aisle_status market_new(const struct engine *e, struct market **out,
                             struct aisle_err *err);
void market_free(struct market *m); /* NULL is fine */

/* What happens without the seller's doing (trigger.c). */
struct trigger {
    struct str what; /* "audit", "suspend", "recategorize", "deactivate-sku", "webhook" */
    struct str product;    /* its id; audit and suspend: empty is all */
    struct str to;         /* live, failed, pre-approved; freeze; a leaf's, a SKU's id */
    int64_t type;          /* a webhook's */
    struct forest *forest; /* borrowed; whose leaves products can go to */
};
bool market_can_trigger(struct str what);
/* AISLE_NOT_FOUND, AISLE_INVALID in words, where one of them is not what it may be or
 * nobody is there to be told; *done is how many it happened to. */
enum aisle_status market_trigger(struct market *m, const struct trigger *t, size_t *done,
                                 struct aisle_err *err);

struct market *market_enter(const struct call *c);
void market_leave(struct market *m);

/* The edits that are about requirements; see demands.h. */
enum aisle_status market_evolve(struct market *m, struct str edits,
                                struct aisle_err *err);
/* Products, files and all that hangs on them are gone. */
void market_forget_products(struct market *m);
/* Back to the requirements of the start. */
void market_forget_demands(struct market *m);

/* An id nobody had: nineteen digits, past 2^53. */
enum { MARKET_ID = 20 };
void market_id(struct market *m, char out[MARKET_ID]);

/* ---- categories (requirements.c) ---- */

struct place {
    struct tree *tree;
    uint32_t at;
    bool on_tiktok, on_tokopedia; /* where it is open as a leaf */
};
/* Where a leaf of that version ("" is v1) is, on whichever platform; else the code that
 * says why not: 12052002, 12052025, 12052217, 12052230, 12052023,
 * 12052024. */
int64_t place_find(const struct call *c, struct str id, struct str version,
                   struct place *out);
void requirements_rules(struct call *c);
void requirements_attributes(struct call *c);

/* ---- brands (brands.c) ---- */

enum aisle_status brands_load(struct market *m, struct aisle_err *err);
void brands_free(struct market *m);
/* NULL: this seller knows none of that id. */
const struct brand *brands_find(const struct market *m, const struct seller *seller,
                                struct str id);
void brands_search(struct call *c);
void brands_create(struct call *c);

/* ---- files (files.c) ---- */

bool files_know(const struct market *m, struct str id, const char *kind);
void files_upload(struct call *c);

/* ---- what a shop has (shop.c) ---- */

enum warehouse_kind {
    WAREHOUSE_MAIN,
    WAREHOUSE_SECOND,
    WAREHOUSE_RETURN,
    WAREHOUSE_OFF,
    WAREHOUSE_RESTRICTED,
    WAREHOUSE_KINDS
};
/* NULL: the shop has none of that id. */
struct warehouse {
    char id[MARKET_ID];
    enum warehouse_kind kind;
};
bool warehouse_find(const struct market *m, const struct sandbox_shop *shop,
                    struct str id, struct warehouse *out);
/* The default one. */
void warehouse_main(const struct market *m, const struct sandbox_shop *shop,
                    struct warehouse *out);
/* A check item of the prerequisites, as sandbox_market.missing has it. */
bool shop_lacks(const struct market *m, const char *prerequisite);
/* An address object of a region, as warehouses have it (address.c). */
void address_put(struct json_out *json, struct str region);
bool delivery_option_find(struct str id);
bool size_chart_find(struct str id);
/* Manufacturers and responsible persons of a seller; ids in docs/wire/sandbox.md. */
bool manufacturer_find(struct str id);
bool responsible_person_find(struct str id);
void shop_warehouses(struct call *c);
void shop_delivery_options(struct call *c);
void shop_prerequisites(struct call *c);
void shop_permissions(struct call *c);
void shop_size_charts(struct call *c);

#endif
