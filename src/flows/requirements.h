/* requirements.h - what leaves demand: fetched, compared with what was kept, kept
 *
 * As with the tree: what changed is told before it is kept, and every former state stays.
 * Only leaves in use are asked about: those products are mapped to or listed in.
 */
#ifndef FLOWS_REQUIREMENTS_H
#define FLOWS_REQUIREMENTS_H

#include "flows/listing.h"
#include "listing/requirement_diff.h"

struct requirements_request {
    struct str target;            /* as flow_target reads it */
    const struct str *categories; /* ids; none: the leaves in use */
    size_t category_count;
    struct str locale;   /* "" the shop's own */
    int64_t due_after_s; /* leave out what was looked at less than this ago; 0: none */
    int64_t begun_at;    /* leave out what was looked at since then; 0: none */
    bool dry_run;
};

/* What a leaf's listener hears; all borrowed until it returns. */
struct requirement_news {
    struct str category_id;
    const struct requirement *now;
    bool first;                /* nothing was kept before */
    size_t changes;            /* of `differs`, told already */
    size_t breaking;           /* of them, those a listing may fall foul of */
    size_t mappings, listings; /* of ours that lie there */
};

struct requirements_listener {
    void *ctx;
    void (*differs)(void *ctx, struct str category_id, const struct requirement_diff *d);
    void (*leaf)(void *ctx, const struct requirement_news *news);
    void (*failed)(void *ctx, struct str category_id, const struct aisle_err *why);
};

struct requirements_result {
    struct str target_id; /* in the arena */
    size_t leaves, fetched, first, changed, same, not_due, failed;
};

/* A leaf the marketplace refuses to tell of is told to the listener and counted; what
 * ends the walk is a marketplace that is down, keys that are no good, or being stopped.
 * AISLE_INVALID: the channel has no listings. */
enum aisle_status flow_requirements(const struct app *app,
                                    const struct requirements_request *request,
                                    const struct requirements_listener *listener,
                                    struct arena *arena, struct requirements_result *out,
                                    struct aisle_err *err);

/* ---- whom a change touches ---- */

struct leaf_touched {
    struct str category_id; /* filled by the caller; the rest by the flow */
    size_t products;        /* mapped there */
    size_t drafts, live;    /* of them, by what the marketplace has of them */
    size_t wrong;           /* of them, those that would be refused now */
    size_t drafts_wrong, live_wrong;
};

/* Whether an error is about what a leaf demands, as against a title or a price. */
bool finding_is_demanded(const struct finding *f);

/* Check every product that is mapped to one of these leaves against what is kept of it
 * now, calling nobody; of what is wrong only what leaves demand counts. defaults as
 * publish_request has them. fn (may be NULL) hears of each product. */
enum aisle_status flow_leaves_touched(const struct app *app, struct str target,
                                      struct str defaults, struct leaf_touched *leaves,
                                      size_t count, publish_item_fn *fn, void *ctx,
                                      struct aisle_err *err);

#endif
