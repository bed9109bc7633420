/* mapping.h - what was decided, by whom, on what: the one truth the matcher learns from
 *
 * Decisions are an append-only log. A mapping is the newest standing decision of its key.
 * A product's own goes before its rule, the rule before its seller category.
 */
#ifndef MATCH_MAPPING_H
#define MATCH_MAPPING_H

#include "base/status.h"
#include "taxonomy/suggestion.h"
#include "taxonomy/taxonomy.h"

enum decision_scope { SCOPE_PRODUCT, SCOPE_RULE, SCOPE_SELLER_CATEGORY };

enum decision_state {
    DECISION_PROPOSED, /* advice, nobody stands for it yet */
    DECISION_ACCEPTED,
    DECISION_REJECTED, /* this leaf is wrong; the key is open again */
    DECISION_NONE,     /* looked at: no legal leaf */
    DECISION_CLEARED,  /* an undo took the key back to nothing */
};

const char *
decision_scope_name(enum decision_scope scope); /* "product", "rule", "seller-category" */
bool decision_scope_known(enum decision_scope scope);
bool decision_scope_parse(struct str name, enum decision_scope *out);
const char *decision_state_name(enum decision_state state); /* "proposed", … "cleared" */
bool decision_state_parse(struct str name, enum decision_state *out);
/* Whether the key needs no more asking: accepted or none. */
bool decision_is_settled(enum decision_state state);

/* What a decision leaves to do, by itself: its leaf may be gone since, and its seller
 * category settled. */
enum standing {
    STANDS_OPEN,      /* proposed without being sure */
    STANDS_REFUSED,   /* the leaf was refused: the key is open again */
    STANDS_CLEARED,   /* undone */
    STANDS_AGREED,    /* proposed, and sure */
    STANDS_CONTESTED, /* proposed, and differs from its seller category's */
    STANDS_CONFLICT,  /* accepted, and differs */
    STANDS_NONE,      /* looked at: no legal leaf */
    STANDS_DONE,      /* accepted */
    STANDINGS,
};

/* Of advice shown as this sure, four of five are taken. */
static const double decision_sure_at = 0.8;

const char *standing_name(enum standing standing); /* "open", "refused", … "done" */
enum decision_state standing_state(enum standing standing);

struct decision {
    int64_t seq; /* place in the log; 0 before it is stored */
    struct str seller_id, target_id;
    enum decision_scope scope;
    struct str key; /* product id or seller category id */
    enum decision_state state;
    struct str category_id; /* empty for none and cleared */
    enum advisor advisor;
    double confidence;
    struct str who;      /* user name, or "aisle" for a run */
    struct str reasons;  /* for a person */
    struct str batch_id; /* decisions taken in one go; what undo takes back */
    struct str run_id;   /* empty when a person decided */
    int64_t snapshot_id; /* of the tree it was decided on; 0 unknown */
    bool conflict;       /* differs from its seller category's mapping */
    bool provisional;    /* the stored tree lacks the leaf as yet */
    int64_t undoes;      /* seq it reverses; 0 */
    int64_t at;
};

enum standing decision_standing(const struct decision *d);

/* Fails with AISLE_CONFLICT: of d's key stands another decision than was expected, `seq`
 * of who, or none (0). */
enum aisle_status decision_fail_meanwhile(const struct decision *d, struct str who,
                                          int64_t seq, struct aisle_err *err);

/* Whether a product was refused the very leaf that its seller category is mapped to: then
 * it does not go with the category, and waits for a person. */
bool decision_refuses(const struct decision *own, const struct decision *category);

/* Whether what was accepted lies in a leaf that takes no products any more; `leaf` is its
 * category in the stored tree, NULL where that has none. What was accepted as provisional
 * keeps its leaf as long as that is, or once the tree has it; what knew it from a tree
 * lost it with that, whoever names it since. */
bool decision_lost_leaf(const struct decision *d, const struct category *leaf);

/* A category of a marketplace's answer that the stored tree lacks, kept until the next
 * sync. */
struct provisional_category {
    struct str target_id, id, name, parent_id;
    int64_t at;
};

/* What a marketplace answered to one question; equal questions are asked once. */
struct answer {
    struct str seller_id, target_id;
    struct str question;    /* digest of title, description, image and parameters, hex */
    struct str category_id; /* empty: it refused */
    bool failed;            /* no refusal: it cannot be asked about like that */
    struct str refusal_code, refusal_text;
    struct str request_id;
    bool with_image;
    int64_t at;
};

#endif
