/* attributes.h - sellers' columns onto leaves' attributes: what people taught, what is
 * still open, and a sheet of it to fill in
 *
 * What is taught stands for a seller in a market, for one leaf or for every one. It is a
 * log like that of decisions: a batch can be undone, and undone again it is back.
 */
#ifndef FLOWS_ATTRIBUTES_H
#define FLOWS_ATTRIBUTES_H

#include "flows/answered.h"
#include "flows/app.h"
#include "listing/lesson.h"
#include "listing/liken.h"

/* ---- teaching ---- */

/* Every attribute of the leaves whose requirements are kept, with all values any of them
 * takes, in each language they are kept in. */
struct known_attribute {
    struct str locale;
    struct required_attribute a; /* when is left empty */
    size_t room;                 /* of a.values */
};

struct teacher {
    const struct app *app;
    struct arena arena;
    struct target target;
    struct shop shop;
    struct known_attribute *known;
    size_t known_count, known_room;
    char batch_id[40];
};

enum aisle_status teacher_open(const struct app *app, struct str target,
                               struct teacher *out, struct aisle_err *err);
void teacher_close(struct teacher *t); /* after a failed open too */

struct lesson_request {
    struct str seller_id; /* "": the shop's */
    struct str category;  /* id of a leaf; "" every leaf */
    struct str attribute; /* id or name */
    struct str column;    /* the seller's; "" none: what holds where no column says it */
    struct str value;     /* of that column; "" any */
    struct str becomes;   /* a value's id or name, or a text; "" as the seller has it */
    bool forget;          /* take back what stands for this key */
};
/* What that comes to, in the arena. AISLE_NOT_FOUND: no kept leaf has such an attribute,
 * or nothing to forget; AISLE_INVALID: it has no such value, or what was said does not go
 * together. */
enum aisle_status teacher_read(struct teacher *t, const struct lesson_request *request,
                               struct arena *arena, struct kept_lesson *out,
                               struct aisle_err *err);
enum aisle_status teacher_keep(struct teacher *t, const struct kept_lesson *list,
                               size_t count, struct aisle_err *err);
/* The names an attribute and one of its values go by; "" where nothing is kept of it. */
struct str teacher_name_of(const struct teacher *t, struct str attribute_id);
struct str teacher_value_of(const struct teacher *t, struct str attribute_id,
                            struct str value_id);

/* Append what stood before for every key of a batch. Keys that were taught again since
 * are left, and told to fn (which may be NULL). AISLE_NOT_FOUND: no such batch. */
struct lessons_undone {
    size_t reversed, left;
    char batch_id[40]; /* of the undoing */
};
enum aisle_status flow_lessons_undo(const struct app *app, struct str batch_id,
                                    void (*fn)(void *ctx, const struct kept_lesson *left),
                                    void *ctx, struct lessons_undone *out,
                                    struct aisle_err *err);

/* ---- what is open ---- */

struct gap_value { /* a value of a column that is none of the attribute's */
    struct str column, value;
    size_t products;
    const struct required_value *proposed; /* or NULL */
    enum likeness like;
};

/* An attribute of a leaf that could not be filled, for how many products. Borrowed until
 * the visitor returns. */
struct gap {
    struct str category_id, path;
    const struct required_attribute *attribute;
    bool required;                  /* for these products, by condition too */
    size_t products;                /* it is open for */
    size_t without_column;          /* of them, those where no column is it */
    struct str column;              /* a column that may be it; "" none */
    const struct gap_value *values; /* the most frequent first */
    size_t value_count, values_more;
};

struct gaps_request {
    struct str target, seller_id, category; /* category: only that leaf */
    struct str defaults;                    /* as publish_request has them */
    bool required_only;
    size_t values_most; /* 0: 5 */
};
struct gaps_result {
    size_t products, filled; /* filled: nothing mandatory is open */
    size_t unmapped;         /* no leaf: not looked at */
    size_t unknown;          /* of a leaf whose demands were never fetched */
    size_t gaps;
};
typedef enum aisle_status gap_fn(void *ctx, const struct gap *gap, struct aisle_err *err);
/* Mandatory ones first, then by how many products. Asks nobody: what is kept counts. */
enum aisle_status flow_each_gap(const struct app *app, const struct gaps_request *request,
                                gap_fn *fn, void *ctx, struct gaps_result *out,
                                struct aisle_err *err);

/* ---- as a sheet ---- */

enum aisle_status flow_gaps_export(const struct app *app,
                                   const struct gaps_request *request, struct buf *out,
                                   struct gaps_result *result, struct aisle_err *err);

struct lessons_imported {
    size_t rows, taught, empty, refused;
    char batch_id[40];
};
struct lessons_sheet {
    struct str bytes, target;
    struct str only_seller; /* rows of another are refused; "": anybody's are taken */
    bool dry_run;
};
/* The sheet back, with its column "decision" filled in: a value's id or name or a text of
 * one's own; "column: NAME" says which column it is. What is said of a column holds in
 * every leaf, else in that of the row. fn (may be NULL) hears what was refused. */
enum aisle_status flow_lessons_import(const struct app *app,
                                      const struct lessons_sheet *sheet,
                                      sheet_problem_fn *fn, void *ctx,
                                      struct lessons_imported *out,
                                      struct aisle_err *err);

#endif
