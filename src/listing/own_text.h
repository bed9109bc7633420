/* own_text.h - what the texts in our own words share: requirements, the shop's side;
 * inside the room only
 *
 * Written in one order and without what is not there, so that equal ones are equal texts.
 * Read by the same names; members we do not know are passed over.
 */
#ifndef LISTING_OWN_TEXT_H
#define LISTING_OWN_TEXT_H

#include "base/json.h"

/* ---- writing ---- */

static inline void add_text(struct json_out *o, const char *key, struct str s)
{
    if (!str_empty(s))
        json_add_str(o, key, s);
}

static inline void add_yes(struct json_out *o, const char *key, bool yes)
{
    if (yes)
        json_add_bool(o, key, true);
}

/* ---- reading ---- */

/* Goes on without memory, and tells in the end. */
struct reader {
    struct arena *arena;
    bool no_memory;
};

static inline struct str take(struct reader *r, const json_t *object, const char *key)
{
    struct str s = arena_str(r->arena, json_str(object, key));

    r->no_memory = r->no_memory || !s.p;
    return s.p ? s : STR_LIT("");
}

/* Room for a list's rows; NULL also when there are none. */
static inline void *rows_for(struct reader *r, const json_t *list, size_t size,
                             size_t *count)
{
    size_t n = json_array_size(list);
    void *rows = n ? arena_zalloc(r->arena, n, size) : NULL;

    r->no_memory = r->no_memory || (n && !rows);
    *count = rows ? n : 0;
    return rows;
}

/* The object a text is; json_decref it, also after a failure. */
static inline enum aisle_status read_root(struct str text, const char *what,
                                          json_t **root, struct aisle_err *err)
{
    enum aisle_status status = json_read(text, BUF_MAX_REPLY, what, root, err);

    if (status == AISLE_OK && !json_is_object(*root))
        status = aisle_fail(err, AISLE_GARBLED, "%s is no JSON object", what);
    return status;
}

#endif
