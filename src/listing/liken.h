/* liken.h - how much one word for a thing looks like another
 *
 * For proposals to a person: names of columns and attributes, values of both. Only what
 * is the same, or a word for the same, may be taken without asking (likeness_is_sure).
 */
#ifndef LISTING_LIKEN_H
#define LISTING_LIKEN_H

#include "listing/requirement.h"

enum likeness {
    LIKE_NOTHING,
    LIKE_NEAR,    /* a slip or two apart: "polyster" */
    LIKE_PART,    /* one stands in the other as a word: "katun combed 30s" */
    LIKE_PLURAL,  /* "shirts", "kaos-kaos" */
    LIKE_SYNONYM, /* "cotton" is "katun" */
    LIKE_SAME,    /* but for case, accents and signs */
};
const char *likeness_name(enum likeness likeness); /* "near" */
bool likeness_is_sure(enum likeness likeness);

/* Of two names; scratch is cleared by the caller. LIKE_NOTHING without memory. */
enum likeness names_liken(struct str a, struct str b, struct arena *scratch);

/* The allowed value that is most like a seller's, the first of equals; NULL for none. An
 * id counts as the same. */
const struct required_value *value_liken(const struct required_attribute *a,
                                         struct str value, struct arena *scratch,
                                         enum likeness *likeness);

#endif
