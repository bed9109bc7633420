/* match.h - from a product's words to ranked leaves, offline
 *
 * A matcher is built over one target's tree and then only read, from any number of
 * threads, each with a scratch of its own. It knows the tree's names, and what it was
 * given to use: a model, approvals. It offers only leaves the target may publish in.
 * Pure: no network, no database, no clock.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "base/text.h"
#include "match/approvals.h"
#include "match/decide.h"
#include "taxonomy/suggestion.h"
#include "taxonomy/taxonomy.h"

struct matcher;
struct match_scratch; /* one a thread */

struct match_query {
    struct str title;
    struct str description; /* optional, as all below */
    struct str brand;
    struct str seller_category; /* its path: "Fashion Pria > Kaos" */
    struct str locale;          /* of the words; "" unknown */
};

/* The tree is borrowed and must outlive the matcher. AISLE_NOMEM, AISLE_IO (no ICU data).
 */
enum aisle_status match_new(const struct taxonomy *tree, struct matcher **out,
                            struct aisle_err *err);
/* Another over the names of one there is, which must outlive it: it costs nothing, and
 * can be given other things to use. AISLE_NOMEM. */
enum aisle_status match_share(const struct matcher *base, struct matcher **out,
                              struct aisle_err *err);
void match_free(struct matcher *m); /* NULL is fine */

/* A leaf the tree lost, and the one that stands in for it. */
struct match_move {
    struct str from, to;
};

/* What the matcher shall use beside the tree's names, from the next question on; each is
 * borrowed and may be NULL. Not while others ask. */
struct match_sources {
    const struct model *model;
    const struct approvals *approvals; /* may grow and shrink while others ask */
    const struct taxonomy *also;       /* leaves must be open in this tree too */
    const struct match_move *moves;    /* of the model's leaves, in the order of from */
    size_t move_count;
};
void match_use(struct matcher *m, const struct match_sources *sources);

enum aisle_status match_scratch_new(struct match_scratch **out, struct aisle_err *err);
void match_scratch_free(struct match_scratch *s); /* NULL is fine */

/* Up to cap leaves, best first, each with a confidence and its reasons (in the arena):
 * the words that decided, and the approved products most alike ("kaos, pria; as \"Kaos
 * pria polos\""). advice may be NULL. Nothing known gives *count 0: an abstention, no
 * failure.
 */
enum aisle_status match_decide(const struct matcher *m, struct match_scratch *scratch,
                               const struct match_query *query,
                               const struct match_advice *advice, struct arena *arena,
                               struct suggestion *out, size_t cap, size_t *count,
                               struct aisle_err *err);
/* The same without advice. */
enum aisle_status match_rank(const struct matcher *m, struct match_scratch *scratch,
                             const struct match_query *query, struct arena *arena,
                             struct suggestion *out, size_t cap, size_t *count,
                             struct aisle_err *err);

/* Categories for what a person types: words in any locale (typos forgiven, "kaos > pria"
 * asks for the path), an id, or a pasted path. Best first, leaves before parents at equal
 * rank. */
enum aisle_status match_search(const struct matcher *m, struct match_scratch *scratch,
                               struct str typed, const struct category **out, size_t cap,
                               size_t *count, struct aisle_err *err);

#endif
