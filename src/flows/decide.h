/* decide.h - people's decisions: approve, choose, refuse, undo, carry over, and the queue
 */
#ifndef FLOWS_DECIDE_H
#define FLOWS_DECIDE_H

#include "flows/answered.h"
#include "flows/app.h"

enum { DECIDE_MAX_CANDIDATES = 8 };

/* Something a person should look at: a product, or a seller category with all its
 * products. */
struct open_item {
    struct str seller_id, target_id;
    enum decision_scope scope;
    struct str key;
    struct str title; /* the product's; of a seller category: its path */
    struct str seller_category;
    size_t products;            /* it covers */
    const struct decision *now; /* the key's newest decision, or NULL */
    /* What stands first, then best first. */
    struct suggestion candidates[DECIDE_MAX_CANDIDATES];
    struct str paths[DECIDE_MAX_CANDIDATES]; /* of the candidates */
    bool takes_products[DECIDE_MAX_CANDIDATES];
    size_t candidate_count;
    const char
        *why; /* "proposed", "conflict", "refused", "no decision", "leaf is gone" */
};

struct open_filter {
    struct str target;    /* as flow_target reads it */
    struct str seller_id; /* "" every seller */
    bool by_product;      /* else by seller category first, then the products left over */
    struct str after_seller, after_key; /* keyset paging; with by_product */
    size_t limit;                       /* 0 all */
    struct str model, also;             /* as in flows/map.h; "" none */
};

typedef enum aisle_status open_item_fn(void *ctx, const struct open_item *item,
                                       struct aisle_err *err);

/* Visit what is open, most products covered first for seller categories. */
enum aisle_status flow_each_open(const struct app *app, const struct open_filter *filter,
                                 open_item_fn *fn, void *ctx, struct aisle_err *err);

/* One decision of a person. */
struct decide_request {
    struct str target, seller_id;
    enum decision_scope scope;
    struct str key;
    enum decision_state state; /* accepted, rejected or none */
    struct str category; /* id, or a path; of accepted and rejected. A refusal without one
                          * is of the leaf that counts now */
    int64_t expected;    /* seq the person saw; EXPECT_ANY */
    struct str batch_id; /* "" a new one */
    struct str reasons;
    bool allow_closed; /* accept a leaf this shop may not publish in (yet) */
};

/* AISLE_INVALID says why a category cannot be: no such one, no leaf, closed (invite-only
 * says whom to ask). AISLE_CONFLICT: decided meanwhile, by whom. AISLE_NOT_FOUND: no such
 * product or seller category. batch_id gets the batch (for undo). */
enum { BATCH_ID_LEN = 40 };
void batch_new(const struct app *app, char out[BATCH_ID_LEN]); /* an id for one */
enum aisle_status flow_decide(const struct app *app, const struct decide_request *request,
                              char batch_id[BATCH_ID_LEN], struct aisle_err *err);

/* For many decisions on one target in a row: its tree is loaded once. Fields are its own.
 */
struct decider {
    const struct app *app;
    struct arena arena;
    struct target target;
    struct shop shop;
    struct snapshot snapshot;
    struct taxonomy tree;
};
enum aisle_status decider_open(const struct app *app, struct str target,
                               struct decider *out, struct aisle_err *err);
/* As flow_decide; the request's target is not looked at. A dry run judges, also
 * what is expected, and keeps nothing. */
enum aisle_status decider_decide(struct decider *d, const struct decide_request *request,
                                 bool dry_run, char batch_id[BATCH_ID_LEN],
                                 struct aisle_err *err);
/* Many in one batch, kept in one piece where all can be kept, which takes a fraction of
 * the time, else one by one. whys has room for each: AISLE_OK when it was kept, else why
 * not; AISLE_INVALID, AISLE_CONFLICT and AISLE_NOT_FOUND of one are no failure of the
 * whole. A failure may leave some of them kept. batch_id "" is a new one; their own are
 * not looked at, nor are their targets. */
enum aisle_status decider_decide_all(struct decider *d, const struct decide_request *list,
                                     size_t count, char batch_id[BATCH_ID_LEN],
                                     struct aisle_err *whys, struct aisle_err *err);
void decider_close(struct decider *d); /* after a failed open too; twice is fine */

/* Take a batch back: for each of its decisions still standing, what stood before stands
 * again. What was decided later is left alone and told to fn (may be NULL). Where rules
 * came or went by it, those that stand then are put to the products, in the same batch.
 * Undoing an undo is redo. A map run that could be taken up again is over when its batch
 * was taken back; AISLE_CONFLICT while its target is being mapped. */
struct undo_result {
    size_t reversed, left_alone;
    size_t mapped, changed, opened; /* products, by rules put anew */
    bool run_ended;
    char batch_id[BATCH_ID_LEN]; /* of the reversing decisions */
};
enum aisle_status flow_undo(const struct app *app, struct str batch_id,
                            store_decision_fn *fn, void *ctx, struct undo_result *out,
                            struct aisle_err *err);

/* Propose the mappings of one target for another: by id where the name agrees in a locale
 * both have, else by path and name, else by matcher. Rules stay where they are; what they
 * mapped is proposed like the rest. */
struct carry_result {
    size_t same_id, same_path, same_name, by_matcher, without, already;
    char batch_id[BATCH_ID_LEN];
};
enum aisle_status flow_carry(const struct app *app, struct str from, struct str to,
                             bool dry_run, open_item_fn *fn, void *ctx,
                             struct carry_result *out, struct aisle_err *err);

/* The open items as a sheet for a spreadsheet: CSV with a mark, empty column `decision`.
 */
enum aisle_status flow_sheet_export(const struct app *app,
                                    const struct open_filter *filter, struct buf *out,
                                    size_t *rows, struct aisle_err *err);

struct sheet_result {
    size_t rows, accepted, none, rejected, empty, refused;
    char batch_id[BATCH_ID_LEN];
};
/* The sheet back: `decision` is a category id, a path, "none" or "reject"; empty rows are
 * passed over. A row decided meanwhile (column `version`) is refused and named by line.
 */
enum aisle_status flow_sheet_import(const struct app *app, struct str bytes,
                                    struct str target, bool dry_run, sheet_problem_fn *fn,
                                    void *ctx, struct sheet_result *out,
                                    struct aisle_err *err);

#endif
