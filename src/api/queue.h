/* queue.h - what stands in a queue, shared by the pages of it and by approving it */
#ifndef API_QUEUE_H
#define API_QUEUE_H

#include "api/call.h"

enum queue { NEEDS, AGREED, CONFLICTING, BROKEN, NO_LEAF, DONE, QUEUES };

extern const char *const queue_names[QUEUES];

struct queue_item {
    struct str seller_id, key, title, category; /* of a seller category: its path */
    size_t products, open; /* it covers; of them those nothing settles */
    struct decision now;   /* seq 0: none */
    enum queue queue;
    struct product product; /* of an item by product */
};

/* One question about a queue; what is loaded lives in the request's arena. */
struct queue_work {
    struct api_call *c;
    struct held *h;
    struct str seller_id;
    uint32_t locale;
    enum queue queue;
    size_t limit; /* a page and one more, which tells that there is another page */
    struct queue_item *items; /* by seller category: all there are */
    size_t count, cap;
};

/* Whose: the seller asked for, else the person's own, else the target's shop's. Holds the
 * target's tree, also where it fails: give it back. */
enum aisle_status queue_begin(struct queue_work *w, struct str seller, struct str target,
                              struct aisle_err *err);

/* Whether a leaf takes no products any more; *in_tree_only where those that knew it was
 * provisional keep it. */
bool queue_lost_leaf(const struct held *h, struct str category_id, bool *in_tree_only);
enum queue queue_of_decision(const struct held *h, const struct decision *d);

/* NULL when there is no memory. */
struct queue_item *queue_add_item(struct queue_work *w);
bool queue_keep_decision(struct arena *arena, const struct decision *d,
                         struct decision *out);
/* With its candidates, as JSON. */
enum aisle_status queue_put_item(struct queue_work *w, const struct queue_item *item,
                                 struct aisle_err *err);

/* All seller categories that have products, by (seller, id). */
enum aisle_status queue_load_categories(struct queue_work *w, struct aisle_err *err);

/* The products that wait in w->queue, NEEDS or AGREED, by (seller category, id) behind
 * these: w->limit at most. */
enum aisle_status queue_load_waiting(struct queue_work *w, struct str after_category,
                                     struct str after_id, struct aisle_err *err);
/* What its products wait for, by itself. */
size_t queue_waiting_of(const struct category_progress *p, enum queue queue);

/* A visitor that adds a decision where it stands in w->queue, until there are w->limit.
 */
enum aisle_status queue_note_standing(void *ctx, const struct decision *d,
                                      struct aisle_err *err);
/* The product of a decision. *there: it still is. */
enum aisle_status queue_fill_product(struct queue_work *w, struct queue_item *item,
                                     bool *there, struct aisle_err *err);

#endif
