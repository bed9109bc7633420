/* case.h - the folder of fixtures: a whole body, and rows that change it in one place
 *
 * base/{body,requirement,shop}.json are a listing that is right. cases/<code>.json is a
 * list of rows:
 *
 *     what         the row, for a person
 *     market, profile, mode, call, now, product_id    of the question; else ID, current,
 *                  listing, create, none, none
 *     requirement, shop, with    changes for both bodies
 *     bad          changes that must bring the code
 *     good         changes that must not; without it the base itself must not
 *     good_shop, good_product_id    instead of shop, product_id for the good one
 *     level        of the finding: "error" unless it says so
 *     path         where it must be; else anywhere
 *     also         further codes of errors that the bad one may bring
 *
 * Changes are {"skus[0].price.amount": value}: null removes, [+] appends to a list, a
 * name ending in + appends to a text. {"$times": 3, "$text": "ab"} is "ababab", between
 * "$before" and "$then"; {"$times": 3, "$item": …} is a list of three, with # their
 * number.
 */
#ifndef TESTS_LISTING_CASE_H
#define TESTS_LISTING_CASE_H

#include "base/json.h"
#include "listing/body.h"

struct test_case {
    json_t *body, *requirement, *shop; /* as changed; owned */
    struct listing_question question;  /* but for draft, requirement and shop */
    struct str product_id;
};

/* A file below tests/listing, as JSON. */
json_t *case_load(const char *name);
/* The row's question, bad or good. */
void case_make(const json_t *row, bool bad, struct test_case *out);
void case_clear(struct test_case *c);
/* Reads all three; q points at them. */
void case_read(const struct test_case *c, struct arena *arena, struct findings *findings,
               struct listing_draft *draft, struct requirement *need,
               struct listing_shop *shop, struct listing_question *q);
/* Reads the body and checks it: everything in the arena. */
void case_check(const struct test_case *c, struct arena *arena,
                struct findings *findings);

#endif
