/* names.h - every name of a tree, word by word, to be found again
 *
 * Both the cold matcher (cold.h) and the search box (search.h) stand on it. A name in one
 * locale is a doc; its words are slots, and a word of the vocabulary knows the slots it
 * stands in. Names of one category in several locales are synonyms: docs of one row.
 * Built once, then only read.
 */
#ifndef MATCH_NAMES_H
#define MATCH_NAMES_H

#include "match/words.h"
#include "taxonomy/taxonomy.h"

enum { NAMES_MAX_WORDS = 24 }; /* of one name; what follows is not found */
/* In concept_slots beside a slot: a phrase of the name has the concept, no word alone. */
#define NAMES_OF_PHRASE 0x80000000U

struct name_slot {
    uint32_t doc;
    uint32_t word; /* as word_plain has it */
    bool phrase;   /* with its neighbour it means something else: "kaos kaki" are socks */
};

struct name_doc {
    uint32_t row;          /* of the tree */
    uint32_t first, count; /* its slots, in the order of the name */
};

/* A word of a name as word_plain has it; also with its accents, and two neighbours
 * written as one ("t-shirt" stands here as "t", "shirt" and "tshirt"). */
struct name_word {
    struct str text;
    uint32_t first, count; /* its run in slot_lists */
    bool pair;             /* two neighbours written as one, and nothing else */
};

struct names {
    const struct taxonomy *tree;
    const struct name_word *words; /* sorted by text, none twice */
    const uint32_t *singles;       /* those that are no pairs, in their order, */
    const uint64_t *letters;       /* and names_letters of each */
    uint32_t single_firsts[257];   /* those with first byte b: [b] .. [b + 1] */
    const uint32_t *slot_lists;
    const struct name_slot *slots;
    const struct name_doc *docs;    /* sorted by row; equal names of a row once */
    const uint32_t *doc_firsts;     /* docs of row r: doc_firsts[r] .. [r + 1] */
    const uint32_t *order;          /* rows of the tree, parents before children */
    const uint32_t *concept_firsts; /* concept c stands in slots */
    const uint32_t *concept_slots;  /* concept_slots[concept_firsts[c] .. [c + 1]], */
                                    /* some with NAMES_OF_PHRASE */
    const uint32_t *kind_firsts;    /* the same for kinds of goods, by kinds_number */
    const uint32_t *kind_slots;
    uint32_t word_count, single_count, slot_count, doc_count;
    const uint32_t *buckets; /* a hash table over words: 1 + index, 0 free */
    uint32_t bucket_mask;
    struct arena arena;
};

/* The tree is borrowed and must outlive it. AISLE_NOMEM. */
enum aisle_status names_build(struct names *n, const struct taxonomy *tree,
                              struct word_splitter *splitter, struct aisle_err *err);
void names_clear(struct names *n); /* twice is fine */

/* The index of a word exactly so written, or UINT32_MAX. */
uint32_t names_find(const struct names *n, struct str text);
/* The first word not before text in the order of bytes. */
uint32_t names_lower_bound(const struct names *n, struct str text);
/* One bit for each letter that occurs; an edit of a word changes at most two. */
uint64_t names_letters(struct str text);

#endif
