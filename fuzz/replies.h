/* replies.h - what the targets that read a marketplace's answers share
 *
 * The input is an answer's body. It is read as come with HTTP 200 and with 502, and what
 * is read must hold together.
 */
#ifndef FUZZ_REPLIES_H
#define FUZZ_REPLIES_H

#include "fuzz.h"

#include "channels/call.h"

typedef enum aisle_status fuzz_envelope_fn(struct str body, int http_status,
                                           struct channel_meta *meta,
                                           struct channel_verdict *verdict, json_t **out,
                                           struct aisle_err *err);
/* Reads what is within an envelope that says success. */
typedef enum aisle_status fuzz_read_fn(const json_t *envelope, struct arena *arena,
                                       struct aisle_err *err);

/* Every text that is handed out can be looked at, to its end. */
static inline void fuzz_look(struct str s)
{
    volatile char c = 0;

    must(s.p);
    if (s.n) {
        c = s.p[0];
        c = s.p[s.n - 1];
    }
    (void)c;
}

static inline void fuzz_rows(const struct category_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fuzz_look(rows[i].id);
        fuzz_look(rows[i].parent_id);
        fuzz_look(rows[i].name);
    }
}

/* A reader that failed says so, and one that did not says nothing. */
static inline bool fuzz_read(enum aisle_status status, struct aisle_err *err)
{
    must((status == AISLE_OK) == (err->status == AISLE_OK));
    *err = (struct aisle_err){0};
    return status == AISLE_OK;
}

static inline void fuzz_reply(const uint8_t *data, size_t size,
                              fuzz_envelope_fn *envelope, fuzz_read_fn *read)
{
    static const int statuses[] = {200, 502};

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct arena arena = ARENA_INIT((size_t)64 << 20);
        struct channel_meta meta = {0};
        struct channel_verdict verdict = {0};
        struct aisle_err err = {0};
        json_t *root = NULL;
        enum aisle_status status = envelope(str_n((const char *)data, size), statuses[i],
                                            &meta, &verdict, &root, &err);

        if (status == AISLE_OK && verdict.status == AISLE_OK) {
            status = read(root, &arena, &err);
            must((status == AISLE_OK) == (err.status == AISLE_OK));
        } else {
            must(!root);
        }
        json_decref(root);
        arena_clear(&arena);
    }
}

#endif
