/* judge.h - may this product be listed? The sandbox's own reading of Create Product
 *
 * A body goes through steps in a fixed order (judge.c); the first that fails is what
 * Create Product answers, Check Product Listing says them all, one a step. Written from
 * the page's fields, its table of errors and nothing of our client's. Where the page has
 * a limit and no code for it, 98001004 is said; docs/wire/sandbox.md lists the guesses.
 * Looks, and changes nothing.
 */
#ifndef SANDBOX_MARKET_JUDGE_H
#define SANDBOX_MARKET_JUDGE_H

#include "sandbox/market/market.h"

/* What differs from market to market (fields of Create Product; ceilings of prices from a
 * third party's table, 0 where nobody knows). */
struct region {
    const char *code, *currency;
    size_t title_min, title_max, skus;
    bool eu, cod, cod_cross_border, delivery_options, kanji;
    bool pounds, grams, inches;
    double price_min, price_max;
    bool min_order;   /* takes minimum_order_quantity */
    int weight_max_g; /* 0: nobody says */
};
const struct region *region_of(struct str code); /* one of no region in particular too */

struct verdict {
    int64_t code; /* 0: fine */
    bool gateway; /* said with 400, as the gateway does */
    struct str text;
};

struct judge {
    struct call *call;
    const struct market *market;
    const json_t *body;
    const struct region *region;
    bool draft;           /* what is only needed to be on sale is not asked for */
    bool edit;            /* of a product there is */
    bool part;            /* Partial Edit's */
    const json_t *before; /* of an edit: the product as it is */
    bool listed;          /* of an edit: it was no draft only */
    bool global;          /* Create Global Product's differences */

    struct place place; /* tree is NULL: no such leaf, and steps about it let pass */
    json_t *rules;
    struct demand demands[DEMANDS_MAX];
    size_t demand_count;

    struct verdict verdict;
    json_t *warnings; /* texts, or NULL */
    bool drop_brand;  /* with a warning */
};

/* `body` is borrowed. Inside market_enter. */
void judge_begin(struct judge *j, struct call *c, const struct market *m,
                 const json_t *body);
void judge_end(struct judge *j);
/* Runs the steps until one fails; false: the verdict says why. */
bool judge_pass(struct judge *j);
/* Runs them all and hands out what each says. */
typedef void judge_said_fn(void *ctx, const struct verdict *v);
void judge_each(struct judge *j, judge_said_fn *said, void *ctx);
/* Answers the call with the verdict. */
void judge_refuse(struct judge *j);

/* ---- for the steps ---- */

/* Both are false, to be returned. */
bool judge_fail(struct judge *j, int64_t code);
bool judge_fail_with(struct judge *j, int64_t code, const struct str *fill, size_t count);
bool judge_fail_value(struct judge *j, struct str name, const char *reason,
                      const char *expected);
bool judge_fail_schema(struct judge *j, struct str text);
void judge_warn(struct judge *j, struct str text);
/* What it says of that code, once. */
void judge_warn_code(struct judge *j, int64_t code);

bool step_schema(struct judge *j);
bool step_presence(struct judge *j);
bool step_choices(struct judge *j);
bool step_category(struct judge *j);
bool step_title(struct judge *j);
bool step_description(struct judge *j);
bool step_main_images(struct judge *j);
bool step_brand(struct judge *j);
bool step_attributes(struct judge *j);
bool step_required(struct judge *j);
bool step_skus(struct judge *j);
bool step_sales_attributes(struct judge *j);
bool step_sku_images(struct judge *j);
bool step_prices(struct judge *j);
bool step_inventory(struct judge *j);
bool step_codes(struct judge *j);
bool step_sku_extras(struct judge *j);
bool step_pre_sale(struct judge *j);
bool step_package(struct judge *j);
bool step_certifications(struct judge *j);
bool step_size_chart(struct judge *j);
bool step_persons(struct judge *j);
bool step_extras(struct judge *j);
bool step_combined(struct judge *j);
bool step_shop(struct judge *j);

/* ---- about texts and images, for several steps ---- */

/* What 12052931 and its like forbid: HTML escapes, emoji, control characters (line ends
 * in a long text are fine), symbols only, more than nine equal characters in a row. */
bool text_is_plain(struct str text, bool long_text);
/* A number with a point, at most so many decimals; no sign. */
bool text_is_amount(struct str text, size_t decimals, double *out);
/* Han characters where the market does not write with them. */
bool judge_is_chinese(const struct judge *j, struct str text);
/* 0, or `illegal` for what is no uri at all and 12052722 for one never given out. */
int64_t judge_uri(const struct judge *j, struct str uri, int64_t illegal);
/* Most bytes of an image. */
size_t judge_image_bytes(const struct judge *j);
bool judge_image_kind(const struct image_facts *facts);   /* is it one that is taken? */
bool judge_image_square(const struct image_facts *facts); /* 3:4 to 4:3 */
const json_t *judge_skus(const struct judge *j);

#endif
