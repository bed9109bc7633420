/* approvals.h - decisions at work from the very next question, with no training between
 *
 * Each approved product is kept with its features; those most like a product vote for
 * their categories. Nothing is computed ahead that would depend on the order in which
 * they came: the same approvals give the same votes, and one taken back leaves no trace.
 * The decision log is the truth and this a picture of it, made anew whenever it is
 * opened.
 *
 * Any number of threads may ask while one adds or removes.
 */
#ifndef MATCH_APPROVALS_H
#define MATCH_APPROVALS_H

#include "match/train.h"

enum {
    APPROVALS_MAX = 500000,
    APPROVALS_NEAREST = 24, /* approvals that vote on one product */
    APPROVALS_SHELF = 8 /* leaves of a seller category that are told, commonest first */
};

struct approvals;

/* AISLE_NOMEM, AISLE_IO (no ICU). */
enum aisle_status approvals_new(struct approvals **out, struct aisle_err *err);
void approvals_free(struct approvals *a); /* NULL is fine */

/* What was decided on key is that the product belongs in row->category_id; replaces what
 * was decided on key before. A row without a title speaks for all of its seller category.
 * Copies what it keeps. AISLE_LIMIT at APPROVALS_MAX, AISLE_NOMEM; then nothing has
 * changed. */
enum aisle_status approvals_add(struct approvals *a, struct str key,
                                const struct labelled *row, struct aisle_err *err);
/* The same; but its title is not told to who asks: it is another seller's. */
enum aisle_status approvals_add_discreet(struct approvals *a, struct str key,
                                         const struct labelled *row,
                                         struct aisle_err *err);
/* As if it had never been; false when nothing was decided on key. */
bool approvals_remove(struct approvals *a, struct str key);
size_t approvals_count(const struct approvals *a);
/* The same with copies counted once: a title that a shop repeats for every size, in one
 * leaf, is one voice, here and among those that vote. */
size_t approvals_voices(const struct approvals *a);

/* One approval near a product. */
struct approval_near {
    /* Until the approvals are freed; until next asked, and empty where it is not told. */
    struct str category_id, title;
    float likeness; /* 0 to 1, and 1 for the same words */
    float same;     /* share of words both have, of the same kinds of goods; 0 to 1 */
};

/* What one that is so alike counts for in a vote. */
static inline double approval_vote(float likeness)
{
    return (double)(likeness * likeness * likeness);
}

/* What the seller's own category says: where its approved products went. */
struct approval_shelf {
    struct str category_id;
    uint32_t count;
};

/* What one thread needs to ask, and what it was answered; grows with the approvals. */
struct approvals_scratch {
    float *shared; /* of each approval: what it has in common with the product */
    uint32_t *touched;
    uint32_t cap;
    struct approval_near near[APPROVALS_NEAREST]; /* most alike first */
    struct approval_shelf shelf[APPROVALS_SHELF]; /* commonest first */
    size_t near_count, shelf_count;
    uint32_t shelf_total; /* of all its leaves */
    struct buf titles;
};

void approvals_scratch_init(struct approvals_scratch *s);
void approvals_scratch_clear(struct approvals_scratch *s); /* twice is fine */

/* What the approvals say of a product, put into s. The features are those that
 * features_make makes of it. AISLE_NOMEM. */
enum aisle_status approvals_ask(const struct approvals *a, struct approvals_scratch *s,
                                const struct feature_list *features,
                                struct str seller_category, struct aisle_err *err);

/* What is approved in a seller category, a decision on all of it counted with its weight.
 */
uint32_t approvals_in(const struct approvals *a, struct str seller_category);

#endif
