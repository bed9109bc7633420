/* rules.h - a seller's rules, kept in the log of decisions and put to its products
 *
 * A rule is a decision of scope rule. Putting rules to the catalogue gives each product
 * they fit a decision of its own, advised by the rule; a product that a person or a run
 * decided on is left alone, and one whose rule is gone is open again. So a product's own
 * decision goes before its rule, and the rule before its seller category. A rule whose
 * leaf takes no products any more is passed over: what fits it is left as it is.
 */
#ifndef FLOWS_RULES_H
#define FLOWS_RULES_H

#include "flows/decide.h"
#include "match/rules.h"

/* The rules that stand, sorted as rules_find wants them; text in the arena. All of them,
 * also where an undo brought back more than RULES_MAX. */
enum aisle_status flow_rules(const struct app *app, struct str seller_id,
                             struct str target_id, struct arena *arena, struct rule **out,
                             size_t *count, struct aisle_err *err);

/* Whether there is one, or was: then products may stand mapped by one that is gone. */
enum aisle_status flow_rules_any(const struct app *app, struct str seller_id,
                                 struct str target_id, bool *out, struct aisle_err *err);
/* How many there are. */
enum aisle_status flow_rules_count(const struct app *app, struct str seller_id,
                                   struct str target_id, size_t *out,
                                   struct aisle_err *err);

/* One rule to keep or take away. */
struct rule_request {
    struct str seller_id;
    const struct rule *rule;
    bool remove; /* its leaf is not looked at */
    bool dry_run;
    size_t *standing; /* of many in a row: how many there are, one more with each that is
                       * new; NULL is counted here */
};

/* As decider_decide; AISLE_NOT_FOUND: there is no such rule to remove. AISLE_LIMIT: there
 * are RULES_MAX already. An equal rule for the same leaf is left as it stands (*same,
 * which may be NULL). */
enum aisle_status flow_rule_put(struct decider *d, const struct rule_request *request,
                                char batch_id[BATCH_ID_LEN], bool *same,
                                struct aisle_err *err);

/* Whether products may go where the rule says: its leaf is provisional, or in the
 * tree as one that is open to the shop. */
bool flow_rule_is_open(const struct taxonomy *tree, const struct rule *rule);

/* To whose products the rules are put, and in which batch. */
struct rules_request {
    struct str seller_id, target_id, batch_id;
    int64_t snapshot_id;
    const struct taxonomy *tree; /* of that snapshot */
};

struct rules_applied {
    size_t looked_at, mapped, changed, opened; /* products */
    size_t passed_over;                        /* rules that are not open */
};

/* Put the rules to all of the seller's products. Those passed over are named in a
 * warning. */
enum aisle_status flow_rules_apply(const struct app *app,
                                   const struct rules_request *request,
                                   struct rules_applied *out, struct aisle_err *err);

/* What repeated approvals suggest: rules that fit at least `least` of the seller's
 * decided products and are right for `precision` of them. Text in the arena. */
enum aisle_status flow_rules_propose(const struct app *app, struct str seller_id,
                                     struct str target_id, size_t least, double precision,
                                     struct arena *arena, struct rule_proposal *out,
                                     size_t cap, size_t *count, struct aisle_err *err);

#endif
