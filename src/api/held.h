/* held.h - trees held in memory between requests, each with its matcher and what sellers
 * decided
 *
 * A tree is loaded when first asked for, and looked at again a second later at the
 * soonest: who finds a newer snapshot loads it while others still read the old one.
 * Thread-safe.
 */
#ifndef API_HELD_H
#define API_HELD_H

#include "flows/adviser.h"
#include "flows/app.h"
#include "match/match.h"

enum { HELD_MAX = 32, HELD_LOOK_MS = 1000, HELD_RELOAD_MS = 300 * 1000 };

struct held {
    struct str target_id;
    struct str also_id; /* a target its leaves are open in too; "" none */
    struct target target;
    struct shop shop;
    struct snapshot snapshot;
    struct taxonomy tree;
    const struct matcher *matcher; /* knows the names, and no seller's decisions */
    /* held.c's own */
    struct arena arena;
    size_t holders;
    int64_t loaded_ms, looked_ms;
    int64_t also_snapshot;
    struct match_scratch *scratch[8]; /* nobody is using them */
    size_t scratch_count;
    bool looking;
    struct adviser *adviser;
    struct held_set *set;
};

struct held_set;
/* model is the file of one to ask too, "" none; both outlive the set. */
enum aisle_status held_set_new(const struct app *app, struct str model,
                               struct held_set **out, struct aisle_err *err);
void held_set_free(struct held_set *s); /* NULL is fine; nobody holds any more */

/* As flow_target reads it. AISLE_NOT_FOUND: no such target, or never synced. also: a
 * target whose tree leaves must be open in too to be advised, "" none; fails as flow_also
 * does. */
enum aisle_status held_take(struct held_set *s, struct str asked, struct str also,
                            struct held **out, struct aisle_err *err);
/* Whether held_take of just that name would neither load nor look. */
bool held_is_ready(struct held_set *s, struct str asked);
void held_give(struct held *h); /* NULL is fine */
/* Whoever takes this target's tree next finds it loaded anew. */
void held_look_again(struct held_set *s, struct str target_id);

/* Who advises on a seller's products, with all that was decided by now. */
enum aisle_status held_advice(struct held *h, struct str seller_id,
                              struct seller_advice **out, struct aisle_err *err);

enum aisle_status held_scratch_take(struct held *h, struct match_scratch **out,
                                    struct aisle_err *err);
void held_scratch_give(struct held *h, struct match_scratch *s); /* NULL is fine */

#endif
