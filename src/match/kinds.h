/* kinds.h - which kind of goods a word speaks of
 *
 * "Nightdress", "spinach" and "hdd" say sleepwear, vegetables and hard drives to whoever
 * knows the words; to a learner that met none of them they say nothing. So we wrote down
 * what words, phrases and makers' names speak of (kinds/, a file for each field), from
 * what goods are called and not from anybody's catalogue: English most of all, Thai,
 * Vietnamese, Malay, Indonesian, Filipino. A word of several kinds has them all, up to
 * three.
 *
 * Unlike the lexicon's, words of a kind do not stand for each other: spinach is no leek.
 */
#ifndef MATCH_KINDS_H
#define MATCH_KINDS_H

#include "match/phrases.h"

enum { KINDS_MOST = PHRASE_MEANINGS }; /* kinds of one phrase */

struct goods_kind {
    const char *name;    /* "clothing > sleepwear" */
    uint64_t hash;       /* of the name */
    uint64_t field_hash; /* of the part before " > " */
};

/* A phrase found in a text. */
struct kind_phrase {
    const struct goods_kind *kinds[KINDS_MOST]; /* static */
    size_t count;
    size_t first, words; /* where it stands */
};

/* The phrases of a text, from left to right, the longest where several begin at one word;
 * none begins within another. How many, at most keys->n. */
size_t kinds_read(const struct phrase_keys *keys, struct kind_phrase out[WORDS_MAX]);

/* What a phrase speaks of, its words written one behind the other, each as word_key has
 * it; how many kinds. */
size_t kinds_find(struct str key, const struct goods_kind *out[KINDS_MOST]);

/* Kinds are numbered below kinds_total; the numbers are this build's. */
size_t kinds_total(void);
uint32_t kinds_number(const struct goods_kind *kind);

#endif
