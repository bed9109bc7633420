/* copy.c - a whole store into another, whatever databases keep them
 *
 * Tables are those the databases name, so that no noun can be forgotten here; they have
 * the same names and columns everywhere. Read is one state of the source, in pieces, by
 * primary key; written is one transaction, and before its commit the rows are read back:
 * their number and digest must be those of the source. A source that is lost under way is
 * read from its beginning once it is back, and what came of it so far is taken back.
 */
#include "base/hash.h"
#include "store/sql/rows.h"

#include <assert.h>

enum {
    MAX_TABLES = 128,
    PIECE_ROWS = 2000,
    PIECE_BYTES = 8 * 1024 * 1024, /* and not many more rows when they are large */
};

struct copy_column {
    struct str name;
    enum value_kind kind;
    int64_t key; /* place in the primary key, from 1; 0 none */
};

struct copy_table {
    struct str name;
    struct copy_column columns[NEW_ROWS_MAX_COLUMNS];
    size_t column_count, key_count;
    struct str list; /* "a, b, c" */
    size_t rows;
    struct sha256 hash;
};

struct copying {
    struct store *from, *to;
    struct arena arena; /* what tables there are */
    struct copy_table *tables;
    size_t count;
    struct conn *source, *target;
    bool begun; /* something of the source may be in the target already */
};

/* ---- what tables there are ---- */

static enum value_kind kind_of(struct str type, bool not_null)
{
    if (str_eq_nocase(type, STR_LIT("integer")) || str_eq_nocase(type, STR_LIT("bigint")))
        return VALUE_INT;
    if (str_eq_nocase(type, STR_LIT("real")) ||
        str_eq_nocase(type, STR_LIT("double precision")))
        return VALUE_REAL;
    return not_null ? VALUE_TEXT : VALUE_TEXT_OR_NULL;
}

/* The table a column is of: the last one, or one more. */
static struct copy_table *table_of(struct copying *w, struct str name)
{
    struct copy_table *t = w->count ? &w->tables[w->count - 1] : NULL;

    if (t && str_eq(t->name, name))
        return t;
    if (w->count == MAX_TABLES)
        return NULL;
    assert(w->tables);
    t = &w->tables[w->count];
    *t = (struct copy_table){.name = arena_str(&w->arena, name)};
    if (!t->name.p)
        return NULL;
    w->count++;
    return t;
}

static enum aisle_status add_column(struct copying *w, struct stmt *st,
                                    struct aisle_err *err)
{
    struct copy_table *t = table_of(w, sql_column(st, 0));
    struct copy_column *column;

    if (!t)
        return aisle_nomem(err);
    if (t->column_count == NEW_ROWS_MAX_COLUMNS)
        return aisle_fail(err, AISLE_LIMIT, "table %.*s has over %d columns",
                          STR_ARG(t->name), NEW_ROWS_MAX_COLUMNS);
    column = &t->columns[t->column_count++];
    column->name = arena_str(&w->arena, sql_column(st, 1));
    column->kind = kind_of(sql_column(st, 2), sql_column_int(st, 3) != 0);
    column->key = sql_column_int(st, 4);
    t->key_count += column->key != 0;
    t->list = arena_fmt(&w->arena, "%.*s%s%.*s", STR_ARG(t->list),
                        t->column_count > 1 ? ", " : "", STR_ARG(column->name));
    return column->name.p && t->list.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status find_tables(struct copying *w, struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status;

    arena_clear(&w->arena);
    w->count = 0;
    w->tables = arena_zalloc(&w->arena, MAX_TABLES, sizeof *w->tables);
    if (!w->tables)
        return aisle_nomem(err);
    status =
        sql_prepare(w->source, sql_driver_of(w->from)->tables, SQL_NO_VALUES, &st, err);
    while (status == AISLE_OK) {
        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        status = add_column(w, st, err);
    }
    sql_finish(st);
    return status;
}

/* ---- a piece of a table ---- */

/* Rows kept while they move on; their values one row behind the other. */
struct piece {
    struct arena arena;
    const struct copy_table *table;
    struct value *values;
    size_t rows;
};

static struct value *row_of(const struct piece *p, size_t i)
{
    return &p->values[i * p->table->column_count];
}

/* The column that is the nth of the primary key. */
static size_t key_column(const struct copy_table *t, size_t n)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (t->columns[i].key == (int64_t)n + 1)
            return i;
    assert(false && "a key has all its places");
    return 0;
}

static void add_key(struct query *q, const struct copy_table *t)
{
    for (size_t i = 0; i < t->key_count; i++) {
        struct str name = t->columns[key_column(t, i)].name;

        query_add(q, i ? ", " : "");
        query_add(q, name.p);
    }
}

/* Behind the last row of the piece before. */
static void ask_piece(struct query *q, const struct copy_table *t,
                      const struct value *last)
{
    query_add(q, "SELECT ");
    query_add(q, t->list.p);
    query_add(q, " FROM ");
    query_add(q, t->name.p);
    if (last) {
        query_add(q, " WHERE (");
        add_key(q, t);
        query_add(q, ") > (");
        for (size_t i = 0; i < t->key_count; i++) {
            query_add(q, i ? ", ?" : "?");
            query_value(q, last[key_column(t, i)]);
        }
        query_add(q, ")");
    }
    query_add(q, " ORDER BY ");
    add_key(q, t);
    query_limit(q, PIECE_ROWS);
}

static enum aisle_status keep_row(struct piece *p, struct stmt *st, struct aisle_err *err)
{
    const struct copy_table *t = p->table;
    struct value *values = row_of(p, p->rows);

    for (size_t i = 0; i < t->column_count; i++) {
        struct value *v = &values[i];

        *v = (struct value){.kind = t->columns[i].kind};
        if (v->kind == VALUE_INT)
            v->number = sql_column_int(st, (int)i);
        else if (v->kind == VALUE_REAL)
            v->real = sql_column_real(st, (int)i);
        else
            v->text = arena_str(&p->arena, sql_column(st, (int)i));
        if (v->kind < VALUE_INT && !v->text.p)
            return aisle_nomem(err);
    }
    p->rows++;
    return AISLE_OK;
}

/* last: in the arena of the piece before. */
static enum aisle_status read_piece(struct conn *c, const struct copy_table *t,
                                    const struct value *last, struct piece *p,
                                    struct aisle_err *err)
{
    struct query q = {0};
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status;

    p->table = t;
    p->values =
        arena_zalloc(&p->arena, (size_t)PIECE_ROWS * t->column_count, sizeof *p->values);
    if (!p->values)
        return aisle_nomem(err);
    ask_piece(&q, t, last);
    status = sql_prepare(c, q.text, query_values(&q), &st, err);
    while (status == AISLE_OK && p->arena.used < PIECE_BYTES) {
        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        status = keep_row(p, st, err);
    }
    sql_finish(st);
    return status;
}

/* ---- a table ---- */

typedef enum aisle_status piece_fn(void *ctx, const struct piece *p,
                                   struct aisle_err *err);

static enum aisle_status each_piece(struct conn *c, const struct copy_table *t,
                                    piece_fn *fn, void *ctx, struct aisle_err *err)
{
    struct piece pieces[2] = {{.arena = ARENA_INIT(ARENA_MAX_WORK)},
                              {.arena = ARENA_INIT(ARENA_MAX_WORK)}};
    const struct value *last = NULL;
    enum aisle_status status = AISLE_OK;

    for (size_t turn = 0; status == AISLE_OK; turn = 1 - turn) {
        struct piece *p = &pieces[turn];

        arena_clear(&p->arena);
        p->rows = 0;
        status = read_piece(c, t, last, p, err);
        if (status != AISLE_OK || p->rows == 0)
            break;
        last = row_of(p, p->rows - 1);
        status = fn(ctx, p, err);
    }
    arena_clear(&pieces[0].arena);
    arena_clear(&pieces[1].arena);
    return status;
}

/* Every value by its length, so that no two rows give the same bytes. */
static enum aisle_status hash_piece(struct sha256_ctx *hash, const struct piece *p,
                                    struct aisle_err *err)
{
    size_t count = p->rows * p->table->column_count;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < count && status == AISLE_OK; i++) {
        const struct value *v = &p->values[i];
        int64_t number = v->kind == VALUE_INT ? v->number : (int64_t)v->text.n;

        if (v->kind == VALUE_REAL)
            memcpy(&number, &v->real, sizeof number);
        status = sha256_add(hash, str_n((const char *)&number, sizeof number), err);
        if (status == AISLE_OK)
            status = sha256_add(hash, v->text, err);
    }
    return status;
}

struct table_copy {
    struct conn *target; /* NULL: only counted and hashed */
    struct sha256_ctx hash;
    size_t rows;
};

static void fill_row(const void *ctx, size_t i, struct value *values)
{
    const struct piece *p = ctx;

    memcpy(values, row_of(p, i), p->table->column_count * sizeof *values);
}

static enum aisle_status take_piece(void *ctx, const struct piece *p,
                                    struct aisle_err *err)
{
    struct table_copy *w = ctx;
    enum aisle_status status = hash_piece(&w->hash, p, err);

    w->rows += p->rows;
    if (status != AISLE_OK || !w->target)
        return status;
    return sql_add(w->target,
                   &(struct new_rows){.table = p->table->name.p,
                                      .columns = p->table->list.p,
                                      .column_count = p->table->column_count,
                                      .count = p->rows,
                                      .fill = fill_row,
                                      .ctx = p},
                   err);
}

static enum aisle_status take_table(struct conn *from, struct conn *target,
                                    const struct copy_table *t, size_t *rows,
                                    struct sha256 *hash, struct aisle_err *err)
{
    struct table_copy w = {.target = target};
    enum aisle_status status = sha256_init(&w.hash, err);

    if (status == AISLE_OK)
        status = each_piece(from, t, take_piece, &w, err);
    if (status == AISLE_OK)
        status = sha256_finish(&w.hash, hash, err);
    sha256_clear(&w.hash);
    if (status == AISLE_OK)
        *rows = w.rows;
    return status;
}

/* Numbers already given are none's yet; anything else is somebody's. */
static enum aisle_status make_room(struct copying *w, const struct copy_table *t,
                                   struct aisle_err *err)
{
    struct query q = {0};
    int64_t rows = 0;
    enum aisle_status status;

    if (str_is(t->name, "counter"))
        return sql_run(w->target, "DELETE FROM counter", SQL_NO_VALUES, err);
    query_add(&q, "SELECT count(*) FROM ");
    query_add(&q, t->name.p);
    status = sql_ask(w->target, q.text, SQL_NO_VALUES, 0, &rows, err);
    if (status == AISLE_OK && rows)
        return aisle_fail(err, AISLE_CONFLICT,
                          "%s is not empty: %lld rows of %.*s are there",
                          w->target->place, (long long)rows, STR_ARG(t->name));
    return status;
}

static enum aisle_status copy_table(struct copying *w, struct copy_table *t,
                                    struct aisle_err *err)
{
    struct sha256 hash;
    size_t rows = 0;
    enum aisle_status status = make_room(w, t, err);

    if (status == AISLE_OK)
        status = take_table(w->source, w->target, t, &t->rows, &t->hash, err);
    if (status == AISLE_OK)
        status = take_table(w->target, NULL, t, &rows, &hash, err);
    if (status != AISLE_OK)
        return status;
    if (rows != t->rows || memcmp(&hash, &t->hash, sizeof hash) != 0)
        return aisle_fail(err, AISLE_GARBLED,
                          "table %.*s came out different: %zu rows of %zu",
                          STR_ARG(t->name), rows, t->rows);
    return AISLE_OK;
}

/* ---- the whole ---- */

static enum aisle_status begin_target(struct copying *w, struct aisle_err *err)
{
    if (w->begun)
        return sql_script(w->target, "ROLLBACK TO copied", err);
    w->begun = true;
    return sql_run(w->target, "SAVEPOINT copied", SQL_NO_VALUES, err);
}

/* Run again where the source was lost: in the same transaction of the target. */
static enum aisle_status copy_all(struct conn *source, void *work, struct aisle_err *err)
{
    struct copying *w = work;
    enum aisle_status status = begin_target(w, err);

    w->source = source;
    if (status == AISLE_OK)
        status = find_tables(w, err);
    for (size_t i = 0; i < w->count && status == AISLE_OK; i++)
        status = copy_table(w, &w->tables[i], err);
    /* rows to hold on to, where the source had no use for them yet */
    if (status == AISLE_OK)
        status = sql_run(w->target,
                         "INSERT INTO counter (name, last) VALUES ('content', 0), "
                         "('decision', 0), ('snapshot', 0) ON CONFLICT (name) DO NOTHING",
                         SQL_NO_VALUES, err);
    return status;
}

static enum aisle_status write_all(struct conn *target, const void *work,
                                   struct aisle_err *err)
{
    struct copying *w = *(struct copying *const *)work;

    w->target = target;
    w->begun = false;
    return sql_read(w->from, copy_all, w, err);
}

enum aisle_status store_copy(struct store *from, struct store *to,
                             enum aisle_status (*fn)(void *ctx,
                                                     const struct store_copied *,
                                                     struct aisle_err *),
                             void *ctx, struct aisle_err *err)
{
    struct copying w = {.from = from, .to = to, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct copying *work = &w;
    enum aisle_status status = sql_write(to, write_all, &work, err);

    for (size_t i = 0; i < w.count && status == AISLE_OK && fn; i++) {
        const struct copy_table *t = &w.tables[i];

        status = fn(ctx, &(struct store_copied){t->name, t->rows, t->hash}, err);
    }
    arena_clear(&w.arena);
    return status;
}
