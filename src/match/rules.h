/* rules.h - a seller's rules: products with these words, this brand, in this category of
 * the seller's own belong in that leaf
 *
 * A rule is kept as a decision of scope rule; its conditions, written canonically, are
 * the key. Rules travel in a text file of one line a rule, sorted, that lives well in
 * version control. Pure: where they are kept and to which products they are put is not
 * asked here.
 */
#ifndef MATCH_RULES_H
#define MATCH_RULES_H

#include "match/train.h"

enum {
    RULE_MAX_WORDS = 8,
    RULE_MAX_LINE = 2048,
    RULES_MAX = 10000 /* a seller's for a target */
};

struct rule {
    struct str words; /* folded, sorted, a blank between: all must stand in the title */
    struct str brand; /* compared without regard to case */
    struct str seller_category; /* its path, or one below it */
    struct str category_id;     /* the leaf */
};

/* Brings what a person wrote into that shape; text in the arena. AISLE_INVALID: no
 * condition at all, too many words, signs that have no place there. AISLE_LIMIT. */
enum aisle_status rule_make(struct word_splitter *splitter, const struct rule *said,
                            struct arena *arena, struct rule *out, struct aisle_err *err);

/* Appends "words=kaos polos; brand=Ronara; in=Fashion > Kaos": without the leaf. */
void rule_key(const struct rule *r, struct buf *out);
/* Back; the text is borrowed from key. AISLE_GARBLED. */
enum aisle_status rule_parse_key(struct str key, struct rule *out, struct aisle_err *err);

/* More conditions go before fewer; equal ones in the order of keys. */
void rules_sort(struct rule *list, size_t count);
/* The first that fits, or NULL. The list is sorted; words are the title's. */
const struct rule *rules_find(const struct rule *list, size_t count,
                              const struct word_list *words,
                              const struct product_text *text);

/* ---- the file ---- */

/* "# aisle rules 1", then leaf, words, brand and seller category with tabs between; what
 * follows a fifth tab, and lines that begin with #, are for people. */
typedef enum aisle_status rules_row_fn(void *ctx, size_t line, const struct rule *said,
                                       struct aisle_err *err);
/* Visits the rows as they stand, not yet made. AISLE_INVALID with the line: not such a
 * file, a line too long, without a leaf. What fn returns ends the walk. */
enum aisle_status rules_file_each(struct str text, rules_row_fn *fn, void *ctx,
                                  struct aisle_err *err);
/* Appends the first line, and one rule. note is for people: the leaf's path. */
void rules_file_begin(struct buf *out);
void rules_file_add(struct buf *out, const struct rule *r, struct str note);

/* ---- proposals ---- */

struct rule_proposal {
    struct rule rule; /* borrowed from the rows */
    size_t products;  /* of the rows it fits */
    size_t right;     /* of them that went to its leaf */
};

/* What repeated approvals have in common: a word, two neighbours, each alone or with the
 * brand. Rules that fit at least `least` rows and are right for a share of `precision`,
 * most products first; at most cap. AISLE_NOMEM, AISLE_IO (no ICU). */
enum aisle_status rules_propose(const struct labelled *rows, size_t count, size_t least,
                                double precision, struct arena *arena,
                                struct rule_proposal *out, size_t cap, size_t *found,
                                struct aisle_err *err);

#endif
