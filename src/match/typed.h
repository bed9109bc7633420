/* typed.h - what a person typed into the search box, cut up
 *
 * Parts between ">" (or "/" or "|") are the steps of a path; of a pasted address the path
 * is read and the host is not. Knows no category.
 */
#ifndef MATCH_TYPED_H
#define MATCH_TYPED_H

#include "match/words.h"

enum { TYPED_MAX_WORDS = 16 }; /* what is typed beyond them is not read */

struct typed_word {
    struct str text;  /* folded */
    struct str plain; /* as word_plain has it; in plain_room */
    char plain_room[WORDS_MAX_LETTERS];
    uint32_t part; /* which part of the path it stands in */
    bool last;     /* perhaps still being typed */
    bool known;    /* the search's own: some category has it */
    bool exact;    /* the same: found as it stands, no slip needed */
};

struct typed {
    struct typed_word words[TYPED_MAX_WORDS];
    size_t count, known, parts;
    bool address; /* a pasted one, https://… */
};

/* Whether it holds a sign that separates the steps of a path. */
bool typed_is_path(struct str text);
bool typed_is_address(struct str text);

/* Cuts up text. The words lie in room, which is emptied first. AISLE_NOMEM. */
enum aisle_status typed_read(struct word_splitter *splitter, struct buf *room,
                             struct str text, struct typed *out, struct aisle_err *err);

#endif
