/* learn.h - what a seller decided, at hand for the matcher
 *
 * The decision log is the truth; here its accepted decisions on one target become
 * approvals (match/approvals.h): at opening the newest ones, later what came since. A
 * decision undone or refused is unlearnt. A leaf that is gone from the tree is learnt as
 * its successor, where the marketplace or its name names one. What the matcher decided
 * itself is not learnt. What one seller decided informs another only where both switched
 * it on (flows/share.h): then what was approved for products, one by one, under titles
 * that are not told.
 */
#ifndef FLOWS_LEARN_H
#define FLOWS_LEARN_H

#include "flows/app.h"
#include "flows/share.h"
#include "flows/successor.h"
#include "match/accept.h"
#include "match/approvals.h"
#include "match/match.h"

enum {
    LEARN_MOST = 50000,    /* decisions of one seller on one target, the newest ones */
    LEARN_SHARED_MS = 2000 /* between two looks at who shares */
};

/* Where decisions come from: the seller's own on its target first, then others'. */
struct learn_source {
    struct str seller_id, target_id;
    int64_t last_seq; /* of its log, so far */
    struct learn_source *next;
};

/* What is learnt from whom; the tree is borrowed. */
struct learn_request {
    struct str seller_id, target_id;
    const struct taxonomy *tree;
    struct str except_run; /* a run taken up again does not learn from itself */
    int64_t after_seq;     /* the seller's own up to this one are in a model already */
};

/* A decision that teaches, and what it teaches; borrowed. A seller category's row has no
 * title. */
typedef enum aisle_status learn_row_fn(void *ctx, const struct decision *d,
                                       const struct labelled *row, struct aisle_err *err);

struct learnt {
    const struct app *app;
    struct learn_request from;
    struct approvals *approvals;
    /* Its own from here on. */
    struct arena arena, item;
    struct successors successors;
    struct seller_category *categories; /* of the seller, by id */
    size_t category_count, category_cap;
    struct learn_source *sources;
    struct learn_source *at; /* which is being read */
    int64_t shared_looked_ms;
    size_t rules_seen; /* decisions about rules, so far: others stand since */
    learn_row_fn *row; /* told of what would be learnt, instead; or NULL */
    void *row_ctx;
};

/* Close after failure too. */
enum aisle_status learnt_open(const struct app *app, const struct learn_request *request,
                              struct learnt *out, struct aisle_err *err);
/* Learn what was decided since. Not by two threads at once. */
enum aisle_status learnt_catch_up(struct learnt *l, struct aisle_err *err);
/* Tell fn of all that the seller's own decisions teach, by seq; *last_seq is the last of
 * them all, whether it teaches or not. */
enum aisle_status learnt_each(const struct app *app, const struct learn_request *request,
                              learn_row_fn *fn, void *ctx, int64_t *last_seq,
                              struct aisle_err *err);
void learnt_close(struct learnt *l); /* twice is fine */

/* The path of a seller category, as products of it were learnt with. */
struct str learnt_path(const struct learnt *l, struct str seller_category_id);

/* From which confidence on accept_at of the answers are right, by what was decided on
 * this target by persons or on the marketplace's word, each asked about as if it were
 * not; over 1 when too little was. The matcher uses l->approvals. */
enum aisle_status learnt_accept_cuts(struct learnt *l, const struct matcher *matcher,
                                     double accept_at, struct accept_cuts *out,
                                     struct aisle_err *err);
/* The one of them that speaks of a seller category's products ("": of those without);
 * over 1 for a category in which fewer than ACCEPT_KIN are approved. */
double learnt_accept_cut(const struct learnt *l, const struct accept_cuts *cuts,
                         struct str seller_category);

#endif
