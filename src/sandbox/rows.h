/* rows.h - the rows forests are grown from: collecting, reading, editing; the forest's
 * own */
#ifndef SANDBOX_ROWS_H
#define SANDBOX_ROWS_H

#include "sandbox/forest.h"

void rows_clear(struct rows *r);
/* The new row at the end, empty but for its names' room, or NULL: no memory, or over
 * FOREST_MAX_ROWS. */
struct row *rows_add(struct rows *r, struct arena *arena);
/* The place of a locale's names, made when it is new; FOREST_MAX_LOCALES: too many. */
size_t rows_locale(struct rows *r, struct str locale);
/* The same rows, every text copied into the arena. */
enum aisle_status rows_copy(const struct rows *from, struct arena *arena,
                            struct rows *out, struct aisle_err *err);

/* tree.tsv: id parent_id versions platforms permission, then one locale a column. */
enum aisle_status rows_read_tiktok(struct str tsv, struct arena *arena, struct rows *out,
                                   struct aisle_err *err);
/* tokopedia.tsv: id parent_id name slug. */
enum aisle_status rows_read_tokopedia(struct str tsv, struct arena *arena,
                                      struct rows *out, struct aisle_err *err);
/* A Get Categories answer, whole or its list of categories only. */
struct rows_origin {
    struct str locale;
    unsigned slots;
    int closeness;
};
enum aisle_status rows_read_answer(struct str json, const struct rows_origin *from,
                                   struct arena *arena, struct rows *out,
                                   struct aisle_err *err);
/* Get All Categories' answer, or a list of {id, name, url, children}. */
enum aisle_status rows_read_nested(struct str json, struct arena *arena, struct rows *out,
                                   struct aisle_err *err);

/* Do an array of edits. As forest_evolve. */
enum aisle_status rows_edit(struct rows *r, struct str edits, struct arena *arena,
                            struct buf *done, struct aisle_err *err);

#endif
