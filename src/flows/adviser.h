/* adviser.h - the matcher over a target's tree, with all that it may use
 *
 * The tree's names; a model that was taught (match/model.h), which is a cache: one that
 * cannot be used is warned of and done without; what each seller decided (flows/learn.h),
 * also while others decide, in this process or another; and another target whose tree the
 * leaves must be open in too. Decides nothing.
 *
 * Any number of threads may ask, each with a scratch of its own.
 */
#ifndef FLOWS_ADVISER_H
#define FLOWS_ADVISER_H

#include "flows/learn.h"
#include "flows/rules.h"
#include "match/match.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ADVISER_LOOK_MS = 1000 }; /* between two looks for newer decisions */

/* All borrowed while the adviser is open. */
struct adviser_request {
    struct str target_id;
    const struct taxonomy *tree;
    struct str model;      /* file of one; "none" none; "" the one that was trained from
                            * a seller's decisions (flows/models.h), where there is one */
    struct str also;       /* target, as flow_target reads it; "" none */
    struct str except_run; /* as in flows/learn.h */
    bool measured; /* it will be measured by what was decided, which a trained model has
                    * been told: go without that one */
};

struct adviser;

/* A model, and where leaves went that it knows and the tree lost. adviser.c's own. */
struct taught {
    struct model *model; /* or NULL */
    struct match_move *moves;
    size_t move_count;
    struct str key; /* of the trained one that was looked for; "" none */
};

/* The target that leaves shall be open in too, as flow_target reads it; its text lives in
 * the arena. AISLE_NOT_FOUND: no such shop; AISLE_CONFIG: its tree is not here. */
enum aisle_status flow_also(const struct app *app, struct str asked, struct arena *arena,
                            struct target *out, struct shop *shop, struct aisle_err *err);

/* Fails as flow_also does. */
enum aisle_status adviser_open(const struct app *app,
                               const struct adviser_request *request,
                               struct adviser **out, struct aisle_err *err);
void adviser_close(struct adviser *a); /* NULL is fine */

/* Who advises on the products of one seller. */
struct seller_advice {
    struct str seller_id;
    const struct matcher *matcher;
    /* adviser.c's own */
    struct adviser *adviser;
    struct matcher *own;
    struct learnt learnt;
    struct taught taught;
    struct arena taught_arena, rules_arena;
    struct rule *rules; /* those that stood when rules_seen of them had changed */
    size_t rule_count, rules_seen;
    pthread_mutex_t learning; /* guards all of these */
    _Atomic int64_t looked_ms;
    struct seller_advice *next;
};

/* Opened when first asked for, and kept until the adviser is closed or it is dropped. */
enum aisle_status adviser_of(struct adviser *a, struct str seller_id,
                             struct seller_advice **out, struct aisle_err *err);
/* Nobody asks about its products any more. */
void adviser_drop(struct adviser *a, struct seller_advice *s);

/* Learn what was decided since; not again within ADVISER_LOOK_MS, unless `now`. Cheap
 * when nothing was. */
enum aisle_status seller_advice_look(struct seller_advice *s, bool now,
                                     struct aisle_err *err);

/* What others say of a product, for match_decide: the seller's rules, its category's
 * mapping, and what the marketplace answered and nobody settled. own is the newest
 * decision on the product, or NULL. Text in the arena. */
enum aisle_status seller_advice_known(struct seller_advice *s, const struct product *p,
                                      const struct decision *own, struct arena *arena,
                                      struct match_advice *out, struct aisle_err *err);

/* Whether a seller whose products were asked about has a newer model by now. */
bool adviser_is_old(struct adviser *a);

/* The matcher without any seller's decisions. */
const struct matcher *adviser_plain(const struct adviser *a);
/* The tree of `also`, or NULL. */
const struct taxonomy *adviser_also(const struct adviser *a);
/* Whether the model asked for is used. */
bool adviser_has_model(const struct adviser *a);

#endif
