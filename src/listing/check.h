/* check.h - everything that is wrong with a draft, before anything is sent
 *
 * Pure: draft, requirement, shop and limits in, findings out. It never stops at the first
 * and never sends anything. What cannot be known offline is listed in
 * docs/listing-codes.md.
 */
#ifndef LISTING_CHECK_H
#define LISTING_CHECK_H

#include "listing/draft.h"
#include "listing/finding.h"
#include "listing/limits.h"
#include "listing/requirement.h"

/* TikTok judges the two apart: a draft does not need the mandatory attributes. */
enum listing_mode { LISTING_MODE_LISTING, LISTING_MODE_DRAFT };

/* Which call it is for: an edit knows ids of SKUs, a partial edit may leave out anything,
 * a global product has its own limits. */
enum listing_call {
    LISTING_CREATE,
    LISTING_EDIT,
    LISTING_PARTIAL_EDIT,
    LISTING_GLOBAL, /* Create Global Product */
};

struct listing_question {
    const struct listing_draft *draft;
    const struct requirement *requirement; /* NULL: not known, and not judged */
    const struct listing_shop *shop;       /* NULL: not known, and not judged */
    const struct listing_limits *limits;   /* never NULL */
    enum listing_mode mode;
    enum listing_call call;
    int64_t now; /* UTC seconds; 0 leaves times unjudged */
    bool no_tips;
};

/* Adds what it finds, in the order of the body's fields. The draft outlives the findings:
 * they borrow from it. AISLE_NOMEM, AISLE_LIMIT (more than FINDINGS_MAX). */
enum aisle_status listing_check(const struct listing_question *q, struct findings *out,
                                struct aisle_err *err);

/* The mode a draft's own save_mode says. */
enum listing_mode listing_draft_mode(const struct listing_draft *draft);

#endif
