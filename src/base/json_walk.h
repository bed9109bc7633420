/* json_walk.h - JSON read as it goes by, without a tree of it
 *
 * For answers of megabytes, of which a tree would be made only to be copied out of and
 * released. As strict as json_read, with which a fuzz target compares it: what the one
 * takes the other takes, and means the same; but that a NUL, and a fraction of over
 * PARSE_DOUBLE_MAX letters, are always refused here.
 *
 *     json_walk_begin(&w, body, BUF_MAX_REPLY, "the answer");
 *     json_walk_open(&w);
 *     while (json_walk_member(&w, &key))
 *         if (str_is(key, "id"))
 *             id = arena_str(arena, json_walk_word(&w));
 *         else
 *             json_walk_skip(&w);
 *     status = json_walk_end(&w, err);
 *
 * Each member or item is taken by exactly one of the functions below that take a value.
 * The first mistake in the text is kept and ends every loop; what was read until then is
 * to be thrown away.
 */
#ifndef BASE_JSON_WALK_H
#define BASE_JSON_WALK_H

#include "base/buf.h"

enum { JSON_WALK_DEPTH = 2048 }; /* jansson's own */

struct json_walk {
    struct str text;
    size_t at;
    const char *what;
    struct buf plain; /* a text without its escapes */
    bool escaped;     /* the text just taken has escapes */
    bool begun;       /* the level that is open has had a value */
    bool due;         /* a value stands next, not taken yet */
    size_t depth;     /* objects and lists that are open */
    uint64_t is_list[JSON_WALK_DEPTH / 64];
    enum aisle_status status;
    struct aisle_err err;
};

enum json_walk_kind {
    JSON_WALK_NONE, /* no value: a mistake, told by json_walk_end */
    JSON_WALK_OBJECT,
    JSON_WALK_LIST,
    JSON_WALK_TEXT,
    JSON_WALK_NUMBER,
    JSON_WALK_FLAG,
    JSON_WALK_NULL,
};

/* Before the document, an object or a list; `what` and limits as for json_read. text is
 * borrowed until json_walk_end. */
void json_walk_begin(struct json_walk *w, struct str text, size_t max, const char *what);
/* After it. AISLE_OK when it was read to its end and nothing stands behind it; else the
 * first mistake, AISLE_GARBLED with line and column, AISLE_LIMIT or AISLE_NOMEM. Releases
 * what the walk holds, and is called once, also when one no longer wants the rest:
 * err may be NULL. */
enum aisle_status json_walk_end(struct json_walk *w, struct aisle_err *err);

/* What stands next; it is not taken. */
enum json_walk_kind json_walk_kind(struct json_walk *w);

/* Into the object or list that stands next. */
void json_walk_open(struct json_walk *w);
/* On to the next member, whose value is to be taken; false behind the last, and the
 * object is closed then. The key is borrowed until the next call. */
bool json_walk_member(struct json_walk *w, struct str *key);
bool json_walk_item(struct json_walk *w); /* the same in a list */

/* Out of what was opened, over what is left of it, until only `depth` levels are open
 * (w->depth of an earlier time). */
void json_walk_leave(struct json_walk *w, size_t depth);

/* These take the value. What is of another type is passed over and comes back empty;
 * what comes is borrowed until the next call. */

struct str json_walk_str(struct json_walk *w);
/* A text, or an integer written out ("576486316948490000" from a JSON number). */
struct str json_walk_word(struct json_walk *w);
/* true and false, also as text and as 1 and 0. */
bool json_walk_flag(struct json_walk *w, bool absent);
/* Any value, whole: as it stands in the text, checked, borrowed from there. */
struct str json_walk_skip(struct json_walk *w);

#endif
