/* labels.h - products with the category they belong in: what the matcher is taught and
 * judged by
 *
 * CSV or JSON Lines, told apart by the first sign. A row has a title, and a label where
 * one is to be learnt: the category's path ("Fashion > Men > T-Shirts") or its id; a list
 * or a path with an empty part is none. Id, description, brand and the seller's own
 * category are read where there are such columns. One row at a time; memory does not grow
 * with the file.
 */
#ifndef FEEDS_LABELS_H
#define FEEDS_LABELS_H

#include "feeds/csv.h"
#include "feeds/jsonl.h"

struct label_options {
    /* The names of two columns; "" those that are usual: title, name, …; category_path,
     * label, category, category_id. Compared without case and signs. */
    struct str title, label;
    bool unlabelled; /* a file that is asked about needs no label column */
};

struct label_row {
    size_t line; /* 0 at the end of the file, and only there */
    /* Borrowed until the next row; "" where there is none. */
    struct str id, title, label, description, brand, seller_category;
    bool mended;   /* of a table: some letters were no UTF-8 and became U+FFFD */
    char why[256]; /* the row cannot be used: what is wrong with it; "" nothing */
};

enum label_field {
    LABEL_ID,
    LABEL_TITLE,
    LABEL_LABEL,
    LABEL_DESCRIPTION,
    LABEL_BRAND,
    LABEL_SELLER,
    LABEL_FIELDS
};

enum { LABELS_HEAD = 256 };

/* The reader's own. */
struct labels {
    struct feed_source source;
    char head[LABELS_HEAD]; /* the first bytes, looked at to see what the file is */
    size_t head_n, head_at; /* how many there are, and were read again */
    bool json, unlabelled;
    struct str asked[LABEL_FIELDS]; /* as text_key, in the arena */
    size_t column[LABEL_FIELDS];    /* of a table; SIZE_MAX none */
    struct csv csv;
    struct jsonl lines;
    struct jsonl_row object;
    struct arena arena, row_arena;
};

/* Begins to read; l must stay where it is until closed. AISLE_INVALID: no column could be
 * the title or, unless unlabelled, the label; the text names the columns there are.
 * AISLE_IO, AISLE_NOMEM. labels_close in any case. */
enum aisle_status labels_open(struct labels *l, struct feed_source source,
                              const struct label_options *options, struct aisle_err *err);
/* The next row, usable or not. Fails with AISLE_IO and AISLE_NOMEM only. */
enum aisle_status labels_next(struct labels *l, struct label_row *row,
                              struct aisle_err *err);
void labels_close(struct labels *l); /* twice is fine */

#endif
