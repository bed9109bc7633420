/* noun.h - how our structs and the tables they are kept in fit together
 *
 * Each noun lists its columns once, with the member each is kept in; reading, keeping and
 * writing a row follow from the list.
 */
#ifndef STORE_SQL_NOUN_H
#define STORE_SQL_NOUN_H

#include "base/arena.h"
#include "store/sql/sql.h"

enum member_kind {
    MEMBER_TEXT,         /* struct str */
    MEMBER_TEXT_OR_NULL, /* struct str, empty where the column is NULL */
    MEMBER_INT,          /* int64_t */
    MEMBER_SIZE,         /* size_t */
    MEMBER_U32,          /* uint32_t */
    MEMBER_BOOL,         /* bool */
    MEMBER_REAL,         /* double */
    MEMBER_DIGEST,       /* struct sha256, hex in the table */
    MEMBER_WORD,         /* an enum, a word in the table */
};

/* The words of an enum that counts from 0. */
struct words {
    const char *(*name)(int value);
    int count;
};

struct column {
    const char *name; /* or, where it is only read, an expression */
    enum member_kind kind;
    size_t offset; /* of the member */
    const struct words *words;
    bool derived; /* read, never written */
};

#define COLUMN(type, member, name_, kind_)                                               \
    {                                                                                    \
        .name = (name_), .kind = (kind_), .offset = offsetof(type, member)               \
    }
#define COLUMN_WORD(type, member, name_, words_)                                         \
    {                                                                                    \
        .name = (name_), .kind = MEMBER_WORD, .offset = offsetof(type, member),          \
        .words = (words_)                                                                \
    }
#define COLUMN_DERIVED(type, member, name_, kind_)                                       \
    {                                                                                    \
        .name = (name_), .kind = (kind_), .offset = offsetof(type, member),              \
        .derived = true                                                                  \
    }

struct noun {
    const char *table;
    const struct column *columns;
    size_t count;
    size_t keys; /* the first so many columns are the primary key */
    size_t size; /* of the struct */
};

#define NOUN(table_, type, columns_, keys_)                                              \
    {                                                                                    \
        .table = (table_), .columns = (columns_),                                        \
        .count = sizeof(columns_) / sizeof *(columns_), .keys = (keys_),                 \
        .size = sizeof(type)                                                             \
    }

enum { NOUN_MAX_COLUMNS = 40 };

/* Fill *out from the current row, text borrowed until the next step. Members without a
 * column are zero. AISLE_GARBLED names a column that holds what it never should. */
enum aisle_status noun_read(const struct noun *noun, struct stmt *st, void *out,
                            struct aisle_err *err);
/* Move the text of a row into the arena. */
enum aisle_status noun_keep(const struct noun *noun, void *row, struct arena *arena,
                            struct aisle_err *err);

/* Add a row. */
enum aisle_status noun_add(struct conn *c, const struct noun *noun, const void *row,
                           struct aisle_err *err);
/* Add a row, or write over the one with the same key. */
enum aisle_status noun_put(struct conn *c, const struct noun *noun, const void *row,
                           struct aisle_err *err);

/* The columns' values, for a noun without digests. */
void noun_fill(const struct noun *noun, const void *row, struct value *values);

/* ---- questions put together from parts that are known when we compile ---- */

enum { QUERY_MAX_TEXT = 4096, QUERY_MAX_VALUES = 24 };

struct query {
    char text[QUERY_MAX_TEXT];
    size_t n;
    struct value values[QUERY_MAX_VALUES];
    size_t count;
    bool has_where;
};

/* "SELECT table.columns" */
void query_columns(struct query *q, const struct noun *noun);
/* "SELECT table.columns FROM table" */
void query_select(struct query *q, const struct noun *noun);
void query_add(struct query *q, const char *text);
void query_value(struct query *q, struct value value); /* of a ? just added */
/* " WHERE text", later " AND text"; with its value. */
void query_where(struct query *q, const char *text, struct value value);
void query_where_plain(struct query *q, const char *text);
/* The same, where s is not empty. */
void query_where_text(struct query *q, const char *text, struct str s);
/* "column IN (…)": the words whose bit (1 << value) is set; none of them: any. */
void query_where_words(struct query *q, const char *column, const struct words *words,
                       unsigned bits);
/* " LIMIT n", unless it is 0. */
void query_limit(struct query *q, size_t limit);

static inline struct values query_values(const struct query *q)
{
    return (struct values){q->values, q->count};
}

#endif
