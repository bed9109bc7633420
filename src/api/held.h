/* held.h - trees held in memory between requests, each with its matcher and what the
 * shop's seller decided
 *
 * A tree is loaded when first asked for, and looked at again a second later at the
 * soonest: who finds a newer snapshot loads it while others still read the old one.
 * Thread-safe.
 */
#ifndef API_HELD_H
#define API_HELD_H

#include "flows/app.h"
#include "flows/learn.h"
#include "match/match.h"

#include <pthread.h>

enum { HELD_MAX = 32, HELD_LOOK_MS = 1000, HELD_RELOAD_MS = 300 * 1000 };

struct held {
    struct str target_id;
    struct target target;
    struct shop shop;
    struct snapshot snapshot;
    struct taxonomy tree;
    struct matcher *matcher; /* knows what the shop's seller decided */
    /* held.c's own */
    struct arena arena;
    size_t holders;
    int64_t loaded_ms, looked_ms;
    struct match_scratch *scratch[8]; /* nobody is using them */
    size_t scratch_count;
    bool looking;
    pthread_mutex_t learning;
    struct learnt learnt;
    struct matcher *plain; /* for products of other sellers; NULL until asked for */
    struct held_set *set;
};

struct held_set;
enum aisle_status held_set_new(const struct app *app, struct held_set **out,
                               struct aisle_err *err);
void held_set_free(struct held_set *s); /* NULL is fine; nobody holds any more */

/* As flow_target reads it. AISLE_NOT_FOUND: no such target, or never synced. */
enum aisle_status held_take(struct held_set *s, struct str asked, struct held **out,
                            struct aisle_err *err);
void held_give(struct held *h); /* NULL is fine */
/* Whoever takes this target's tree next finds it loaded anew. */
void held_look_again(struct held_set *s, struct str target_id);

/* The matcher for a seller's products, with all that was decided by now. What one seller
 * decided informs no other. */
enum aisle_status held_matcher(struct held *h, struct str seller_id,
                               const struct matcher **out, struct aisle_err *err);

enum aisle_status held_scratch_take(struct held *h, struct match_scratch **out,
                                    struct aisle_err *err);
void held_scratch_give(struct held *h, struct match_scratch *s); /* NULL is fine */

#endif
