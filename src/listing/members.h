/* members.h - of which members a body is made, as a table that reading and writing share
 *
 * Internal to the room. A row says a member's name, how it looks in JSON, and where in
 * the struct it lies; objects and lists name the table of what is inside.
 */
#ifndef LISTING_MEMBERS_H
#define LISTING_MEMBERS_H

#include "listing/assemble.h"
#include "listing/body.h"

enum member_kind {
    MEMBER_TEXT,
    MEMBER_DECIMAL, /* a number written as text */
    MEMBER_INT,
    MEMBER_FLAG,
    MEMBER_MONEY,    /* an amount written as text */
    MEMBER_CURRENCY, /* of all amounts in the table; lies with them */
    MEMBER_TEXTS,
    MEMBER_OBJECT,
    MEMBER_LIST,
};

/* Which bodies have it. */
enum {
    IN_CREATE = 1 << 0,
    IN_EDIT = 1 << 1,
    IN_CHECK = 1 << 2,
    IN_GLOBAL = 1 << 3,
    IN_LOCAL = IN_CREATE | IN_EDIT | IN_CHECK,
    IN_ALL = IN_LOCAL | IN_GLOBAL,
    READ_ONLY = 1 << 4,      /* another document's spelling: read and never written */
    IN_GLOBAL_EDIT = 1 << 5, /* beside what IN_GLOBAL has */
};

struct members;

struct member {
    const char *name;
    size_t length; /* of the name */
    enum member_kind kind;
    unsigned in;
    size_t at;    /* offset in the struct the table is of */
    size_t count; /* MEMBER_LIST: offset of the number of rows */
    size_t said;  /* MEMBER_OBJECT: offset of its flag */
    const struct members *inside;
};

struct members {
    const struct member *rows;
    size_t count;
    size_t size; /* of the struct */
};

extern const struct members body_members; /* of struct listing_draft */

/* Whether a member is there at all. */
bool member_is_there(const struct member *m, const void *row);
/* Everything a draft lacks and the other has; an object is taken whole or not at all. */
void listing_fill(struct listing_draft *draft, const struct listing_draft *from);

/* What columns say that bear a member's name; and a pre-sale. False: no memory. */
bool listing_fill_columns(const struct assemble_request *q, struct arena *arena,
                          struct listing_draft *draft);
bool listing_pre_sale_columns(const struct assemble_request *q, struct arena *arena,
                              struct listing_pre_sale *out);
/* What a SKU is combined of: "PRODUCT/SKU x 2; PRODUCT/SKU", the marketplace's ids. */
bool listing_combined_column(struct str cell, struct arena *arena,
                             struct listing_sku *out);

/* The second half of listing_assemble: attributes into out->draft, and those that stay
 * open. */
enum aisle_status listing_assemble_attributes(const struct assemble_request *q,
                                              struct arena *arena, struct assembled *out,
                                              struct aisle_err *err);
/* Video, size chart and certificates into the draft; false without memory. */
bool listing_file_papers(const struct assemble_request *q, struct arena *arena,
                         struct listing_draft *draft);
/* The lesson that holds for a value of a column in the request's leaf, by their keys
 * (column "": where there is none), or NULL. */
const struct attribute_lesson *listing_lesson_for(const struct assemble_request *q,
                                                  struct str column, struct str value,
                                                  struct str attribute_id);
/* Whether the column is that attribute, by any lesson. */
bool listing_is_taught(const struct assemble_request *q, struct str column,
                       struct str attribute_id);

static inline void *member_at(void *row, size_t offset)
{
    return (char *)row + offset;
}

static inline const void *member_of(const void *row, size_t offset)
{
    return (const char *)row + offset;
}

#endif
