#include "store/sql/noun.h"

#include "base/hash.h"

#include <assert.h>

/* ---- from a row to a struct ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool digest_parse(struct str hex, struct sha256 *out)
{
    if (hex.n != SHA256_HEX_LEN)
        return false;
    for (size_t i = 0; i < SHA256_LEN; i++) {
        int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out->b[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static bool word_parse(const struct words *words, struct str word, int *out)
{
    for (int value = 0; value < words->count; value++)
        if (str_is(word, words->name(value))) {
            *out = value;
            return true;
        }
    return false;
}

/* A text is not asked for the number in it: that costs as much as the text. */
static bool is_number(enum member_kind kind)
{
    return kind == MEMBER_INT || kind == MEMBER_SIZE || kind == MEMBER_U32 ||
           kind == MEMBER_BOOL;
}

/* Enums of ours are kept in an int; gcc and clang make them unsigned of the same size. */
static bool read_member(const struct column *column, struct stmt *st, int i, void *member)
{
    int64_t n = is_number(column->kind) ? sql_column_int(st, i) : 0;

    switch (column->kind) {
    case MEMBER_TEXT:
    case MEMBER_TEXT_OR_NULL:
        *(struct str *)member = sql_column(st, i);
        return true;
    case MEMBER_INT:
        *(int64_t *)member = n;
        return true;
    case MEMBER_SIZE:
        *(size_t *)member = (size_t)n;
        return n >= 0;
    case MEMBER_U32:
        *(uint32_t *)member = (uint32_t)n;
        return n >= 0 && n <= UINT32_MAX;
    case MEMBER_BOOL:
        *(bool *)member = n != 0;
        return true;
    case MEMBER_REAL:
        *(double *)member = sql_column_real(st, i);
        return true;
    case MEMBER_DIGEST:
        return digest_parse(sql_column(st, i), member);
    case MEMBER_WORD:
        return word_parse(column->words, sql_column(st, i), member);
    }
    return false;
}

enum aisle_status noun_read(const struct noun *noun, struct stmt *st, void *out,
                            struct aisle_err *err)
{
    memset(out, 0, noun->size);
    for (size_t i = 0; i < noun->count; i++) {
        const struct column *column = &noun->columns[i];

        if (!read_member(column, st, (int)i, (char *)out + column->offset))
            return aisle_fail(err, AISLE_GARBLED, "a row of %s has %s \"%.*s\"",
                              noun->table, column->name,
                              STR_ARG(str_head(sql_column(st, (int)i), 60)));
    }
    return AISLE_OK;
}

enum aisle_status noun_keep(const struct noun *noun, void *row, struct arena *arena,
                            struct aisle_err *err)
{
    for (size_t i = 0; i < noun->count; i++) {
        const struct column *column = &noun->columns[i];
        struct str *text = (struct str *)((char *)row + column->offset);

        if (column->kind != MEMBER_TEXT && column->kind != MEMBER_TEXT_OR_NULL)
            continue;
        *text = arena_str(arena, *text);
        if (!text->p)
            return aisle_nomem(err);
    }
    return AISLE_OK;
}

/* ---- from a struct to a row ---- */

struct hex {
    char text[SHA256_HEX_LEN + 1];
};

static struct value value_of(const struct column *column, const void *row,
                             struct hex *hex)
{
    const void *member = (const char *)row + column->offset;

    switch (column->kind) {
    case MEMBER_TEXT:
        return sql_text(*(const struct str *)member);
    case MEMBER_TEXT_OR_NULL:
        return sql_text_or_null(*(const struct str *)member);
    case MEMBER_INT:
        return sql_int(*(const int64_t *)member);
    case MEMBER_SIZE:
        return sql_int((int64_t) * (const size_t *)member);
    case MEMBER_U32:
        return sql_int(*(const uint32_t *)member);
    case MEMBER_BOOL:
        return sql_int(*(const bool *)member);
    case MEMBER_REAL:
        return sql_real(*(const double *)member);
    case MEMBER_DIGEST:
        sha256_hex(member, hex->text);
        return sql_text(str_n(hex->text, SHA256_HEX_LEN));
    case MEMBER_WORD:
        return sql_text(str_of(column->words->name(*(const int *)member)));
    }
    return sql_int(0);
}

void noun_fill(const struct noun *noun, const void *row, struct value *values)
{
    for (size_t i = 0; i < noun->count; i++) {
        assert(noun->columns[i].kind != MEMBER_DIGEST && !noun->columns[i].derived);
        values[i] = value_of(&noun->columns[i], row, NULL);
    }
}

/* Run q, whose ?s are the columns of the noun. */
static enum aisle_status write_row(struct conn *c, const struct noun *noun,
                                   const struct query *q, const void *row,
                                   struct aisle_err *err)
{
    struct value values[NOUN_MAX_COLUMNS];
    struct hex digests[4]; /* no noun has more than three; the next is ready */
    size_t count = 0, hexes = 0;

    for (size_t i = 0; i < noun->count; i++) {
        const struct column *column = &noun->columns[i];

        if (column->derived)
            continue;
        assert(hexes < 4 && count < NOUN_MAX_COLUMNS);
        values[count++] = value_of(column, row, &digests[hexes]);
        hexes += column->kind == MEMBER_DIGEST;
    }
    return sql_run(c, q->text, (struct values){values, count}, err);
}

/* "a, b, c" of the columns from `first` on; before each one `before`, after it `after`.
 */
static void add_columns(struct query *q, const struct noun *noun, size_t first,
                        size_t last, const char *after)
{
    bool begun = false;

    for (size_t i = first; i < last; i++) {
        if (noun->columns[i].derived)
            continue;
        if (begun)
            query_add(q, ", ");
        begun = true;
        query_add(q, noun->columns[i].name);
        if (!after)
            continue;
        query_add(q, after);
        query_add(q, noun->columns[i].name);
    }
}

static void query_insert(struct query *q, const struct noun *noun)
{
    const char *sep = "";

    query_add(q, "INSERT INTO ");
    query_add(q, noun->table);
    query_add(q, " (");
    add_columns(q, noun, 0, noun->count, NULL);
    query_add(q, ") VALUES (");
    for (size_t i = 0; i < noun->count; i++) {
        if (noun->columns[i].derived)
            continue;
        query_add(q, sep);
        query_add(q, "?");
        sep = ", ";
    }
    query_add(q, ")");
}

enum aisle_status noun_add(struct conn *c, const struct noun *noun, const void *row,
                           struct aisle_err *err)
{
    struct query q = {0};

    query_insert(&q, noun);
    return write_row(c, noun, &q, row, err);
}

enum aisle_status noun_put(struct conn *c, const struct noun *noun, const void *row,
                           struct aisle_err *err)
{
    struct query q = {0};

    query_insert(&q, noun);
    query_add(&q, " ON CONFLICT (");
    add_columns(&q, noun, 0, noun->keys, NULL);
    query_add(&q, ") DO UPDATE SET ");
    add_columns(&q, noun, noun->keys, noun->count, " = excluded.");
    return write_row(c, noun, &q, row, err);
}

/* ---- questions ---- */

void query_add(struct query *q, const char *text)
{
    size_t n = strlen(text);

    assert(q->n + n < QUERY_MAX_TEXT);
    memcpy(q->text + q->n, text, n + 1);
    q->n += n;
}

void query_value(struct query *q, struct value value)
{
    assert(q->count < QUERY_MAX_VALUES);
    q->values[q->count++] = value;
}

void query_columns(struct query *q, const struct noun *noun)
{
    for (size_t i = 0; i < noun->count; i++) {
        query_add(q, i ? ", " : "SELECT ");
        if (!noun->columns[i].derived) {
            query_add(q, noun->table);
            query_add(q, ".");
        }
        query_add(q, noun->columns[i].name);
    }
}

void query_select(struct query *q, const struct noun *noun)
{
    query_columns(q, noun);
    query_add(q, " FROM ");
    query_add(q, noun->table);
}

void query_where_plain(struct query *q, const char *text)
{
    query_add(q, q->has_where ? " AND " : " WHERE ");
    query_add(q, text);
    q->has_where = true;
}

void query_where(struct query *q, const char *text, struct value value)
{
    query_where_plain(q, text);
    query_value(q, value);
}

void query_where_text(struct query *q, const char *text, struct str s)
{
    if (!str_empty(s))
        query_where(q, text, sql_text(s));
}

void query_where_words(struct query *q, const char *column, const struct words *words,
                       unsigned bits)
{
    const char *before = " IN (?";

    if (!bits)
        return;
    query_where_plain(q, column);
    for (int i = 0; i < words->count; i++)
        if (bits & 1u << i) {
            query_add(q, before);
            query_value(q, sql_text(str_of(words->name(i))));
            before = ", ?";
        }
    query_add(q, ")");
}

void query_limit(struct query *q, size_t limit)
{
    if (limit == 0)
        return;
    query_add(q, " LIMIT ?");
    query_value(q, sql_int(limit > INT64_MAX ? INT64_MAX : (int64_t)limit));
}
