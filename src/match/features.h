/* features.h - a product as a set of numbers: what the taught matcher looks at
 *
 * Each block of features looks at the text in its own way: words and their neighbours;
 * runs of four letters (of two signs in Chinese, Japanese and Korean), which see through
 * endings, compounds and misspellings; where in the title a word stands; what it means in
 * any language; what kind of goods it speaks of. A feature is the hash of such a thing;
 * nothing is known of it but its number, until it was seen in training.
 */
#ifndef MATCH_FEATURES_H
#define MATCH_FEATURES_H

#include "match/phrases.h"

enum feature_block {
    BLOCK_WORDS,    /* words, and two neighbours */
    BLOCK_GRAMS,    /* four letters or two signs in a row; a word's ends are letters */
    BLOCK_PARTS,    /* a word with whether it stands before the first comma, and last */
    BLOCK_CONCEPTS, /* of the lexicon */
    BLOCK_SELLER,   /* words and neighbours of the seller's own category */
    BLOCK_TEXT,     /* words of the description */
    BLOCK_ENDS,     /* the title's first and last word and pair */
    BLOCK_KINDS,    /* of goods that any text speaks of (kinds.h), and their fields */
    BLOCKS
};

enum {
    FEATURES_MAX = 2048,     /* of one product */
    FEATURES_MAX_TEXT = 600, /* bytes of a description that are read */
    FEATURES_NO_WORD = 0xFFFF
};

struct feature {
    uint64_t key;  /* says the block too */
    uint16_t word; /* the title's word that made it; FEATURES_NO_WORD for other texts */
    uint8_t block;
};

struct feature_list {
    struct feature at[FEATURES_MAX]; /* none twice */
    size_t n;
};

/* What a product says of itself; all but the title may be empty. Borrowed. */
struct product_text {
    struct str title, description, brand;
    struct str seller_category; /* its path */
};

/* One a thread. */
struct feature_maker {
    struct word_splitter splitter;
    struct word_list title; /* the words of the last title, which `word` refers to */
    struct word_list other;
    struct phrase_keys keys;         /* of the text being read */
    uint32_t seen[2 * FEATURES_MAX]; /* a hash table: the round it was filled in, place */
    uint32_t round;
};

enum aisle_status feature_maker_init(struct feature_maker *m, struct aisle_err *err);
void feature_maker_clear(struct feature_maker *m); /* twice is fine */

/* The features of a product, replacing what is in out. A brand that the title does not
 * name is read as its first word. */
enum aisle_status features_make(struct feature_maker *m, const struct product_text *text,
                                struct feature_list *out, struct aisle_err *err);

#endif
