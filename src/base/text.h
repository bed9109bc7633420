/* text.h - Unicode, over ICU's C interface: checking, folding, words, widths
 *
 * ASCII takes a fast path. Nothing here knows a language or a shop.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

bool utf8_valid(struct str s);
/* Code points; invalid bytes count one each. Lengths in limits are these. */
size_t utf8_length(struct str s);
/* The longest prefix of at most n code points. */
struct str utf8_head(struct str s, size_t n);
/* Decode one at *at and move on; 0xFFFD and one byte on where it is invalid. */
uint32_t utf8_next(struct str s, size_t *at);
void buf_utf8(struct buf *b, uint32_t code_point);

/* The longest text that fold, key and words take; a longer one is AISLE_LIMIT. */
enum { TEXT_MAX = 64 * 1024 * 1024 };

/* What kind of character it is; bits. */
enum text_trait {
    TRAIT_WORD = 1 << 0,  /* a letter or digit of any script */
    TRAIT_HAN = 1 << 1,   /* Chinese, and what Japanese and Korean took from it */
    TRAIT_EMOJI = 1 << 2, /* shown as a picture, or makes one of its neighbour */
    TRAIT_CONTROL = 1 << 3,
    TRAIT_UNASSIGNED = 1 << 4, /* no character, or nobody else's */
};
unsigned text_traits(uint32_t code_point);

/* Without blanks of any kind (also no-break and zero-width) at the ends. */
struct str text_trim(struct str s);
/* Has s a blank at an end, a no-break or zero-width space anywhere, or two in a row? */
bool text_has_stray_space(struct str s);

/* NFKC_Casefold appended to out: what search and comparison of names use. Invalid bytes
 * become U+FFFD. Without memory it marks out. */
void text_fold(struct str s, struct buf *out);
/* Folded, accents taken off, every run of blanks and signs one space, trimmed:
 * "Kaos  Pria!" and "kaos pria" are one. Accents are marks on Latin, Greek and Cyrillic
 * letters; elsewhere (Thai, Devanagari, Arabic, kana) marks are vowels or make another
 * letter and stay. */
void text_key(struct str s, struct buf *out);

/* Calls fn for each word (letters or digits; Thai and Japanese by dictionary) of s;
 * borrowed. One per thread, kept by the caller; init may fail (AISLE_NOMEM, AISLE_IO: no
 * ICU data). */
struct text_words {
    void *iter; /* UBreakIterator */
    void *text; /* UText over the text being read */
};
enum aisle_status text_words_init(struct text_words *w, struct aisle_err *err);
void text_words_clear(struct text_words *w);
typedef void text_word_fn(void *ctx, struct str word);
enum aisle_status text_words_each(struct text_words *w, struct str s, text_word_fn *fn,
                                  void *ctx, struct aisle_err *err);

/* Terminal columns (wide East Asian letters take two, marks none). */
size_t text_columns(struct str s);
/* At most n columns, with "…" where cut. Control characters become spaces, so that a
 * title can not steer the terminal. */
void buf_fit(struct buf *b, struct str s, size_t columns);

/* Bytes in a one-byte encoding to UTF-8. Windows-1252 is what "Latin-1" files mean. */
void buf_from_cp1252(struct buf *b, struct str bytes);
/* UTF-16; a mark at its beginning wins over big_endian. False, and nothing written, when
 * it is cut in the middle of a unit; half a pair becomes U+FFFD. */
bool buf_from_utf16(struct buf *b, struct str bytes, bool big_endian);

/* Edit distance of two folded words in code points, counting a swap of neighbours as one,
 * up to `most` (then most + 1). Of words longer than TEXT_DISTANCE_MAX only equal ones
 * are near. */
enum { TEXT_DISTANCE_MAX = 64 };
unsigned text_distance(struct str a, struct str b, unsigned most);

#endif
