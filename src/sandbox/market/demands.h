/* demands.h - what categories ask of a product: attributes and rules, leaf by leaf
 *
 * Written down once, for a branch (data/requirements.json): a leaf has what stands at
 * "*", then at each category from the root down to it. A file of real rules takes the
 * place of ours for the leaves it names. Not changed once made: editing makes another.
 */
#ifndef SANDBOX_MARKET_DEMANDS_H
#define SANDBOX_MARKET_DEMANDS_H

#include "sandbox/forest.h"

struct demands;

/* `rules` is the file, or empty. AISLE_CONFIG, AISLE_GARBLED name it. */
enum aisle_status demands_load(struct str rules, struct demands **out,
                               struct aisle_err *err);
void demands_free(struct demands *d); /* NULL is fine */
/* A new one with the edits of the array that are about demands: "rules", "attribute",
 * "drop-attribute", "drop-value" (data/README.md); the others are the forest's. */
enum aisle_status demands_evolve(const struct demands *d, struct str edits,
                                 struct demands **out, struct aisle_err *err);

enum { DEMANDS_MAX = 96 };

/* One attribute of a leaf. */
struct demand {
    struct str id;
    const json_t *attribute; /* name, type, values … as requirements.json has them */
    bool required;
    const json_t *conditions; /* or NULL: required when one of them holds */
    bool sales;               /* a SALES_PROPERTY */
};

/* Borrowed from d; at most DEMANDS_MAX. A d of NULL asks for nothing. */
size_t demands_of(const struct demands *d, const struct tree *t, uint32_t leaf,
                  struct demand out[DEMANDS_MAX]);
/* Get Category Rules' data, the caller's; NULL: no memory. */
json_t *demands_rules(const struct demands *d, const struct tree *t, uint32_t leaf);

#endif
