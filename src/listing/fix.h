/* fix.h - what can be mended without asking anybody, and an account of it
 *
 * Only what changes no meaning: a title shortened at a word, units converted, a value
 * that stood twice dropped. Images are mended by whoever has their bytes (image/mend.h).
 */
#ifndef LISTING_FIX_H
#define LISTING_FIX_H

#include "listing/check.h"

struct listing_repair {
    struct str path;
    struct str what; /* "title shortened at a word" */
    struct str was, is;
};

struct listing_repairs {
    const struct listing_repair *rows;
    size_t count;
};

/* Mend in a copy what the findings of listing_check on this very question can mend.
 * *out borrows from the question's draft and from arena. Checking *out again finds none
 * of what was mended. AISLE_NOMEM. */
enum aisle_status listing_fix(const struct listing_question *q,
                              const struct findings *findings, struct arena *arena,
                              struct listing_draft *out, struct listing_repairs *repairs,
                              struct aisle_err *err);

#endif
