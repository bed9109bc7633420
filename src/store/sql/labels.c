/* labels.c - sets of labelled products */
#include "store/sql/rows.h"

static const struct column set_columns[] = {
    COLUMN(struct label_set, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct label_set, target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct label_set, name, "name", MEMBER_TEXT),
    COLUMN(struct label_set, seq, "seq", MEMBER_INT),
    COLUMN(struct label_set, rows, "row_count", MEMBER_INT),
    COLUMN(struct label_set, hash, "hash", MEMBER_DIGEST),
    COLUMN(struct label_set, who, "who", MEMBER_TEXT),
    COLUMN(struct label_set, at, "at", MEMBER_INT),
};
static const struct noun set_noun = NOUN("label_set", struct label_set, set_columns, 3);

/* A row as it is kept. */
struct placed_row {
    struct str seller_id;
    int64_t set_seq, place;
    struct set_row row;
};

static const struct column row_columns[] = {
    COLUMN(struct placed_row, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct placed_row, set_seq, "set_seq", MEMBER_INT),
    COLUMN(struct placed_row, place, "place", MEMBER_INT),
    COLUMN(struct placed_row, row.id, "id", MEMBER_TEXT),
    COLUMN(struct placed_row, row.title, "title", MEMBER_TEXT),
    COLUMN(struct placed_row, row.category, "category", MEMBER_TEXT),
    COLUMN(struct placed_row, row.description, "description", MEMBER_TEXT),
    COLUMN(struct placed_row, row.brand, "brand", MEMBER_TEXT),
    COLUMN(struct placed_row, row.seller_category, "seller_category", MEMBER_TEXT),
};
static const struct noun row_noun = NOUN("label", struct placed_row, row_columns, 3);
#define ROW_COLUMNS                                                                      \
    "seller_id, set_seq, place, id, title, category, description, brand, "               \
    "seller_category"

#define THE_SET "seller_id = ? AND target_id = ? AND name = ?"

/* ---- one change ---- */

struct set_work {
    const struct label_set *set; /* its key is enough for a removal */
    const struct set_row *rows;
    int64_t expected, *seq;
};

/* The number is taken first: whoever changes a set next waits for our commit, and then
 * sees what we did. */
static enum aisle_status begin_change(struct conn *c, const struct label_set *set,
                                      int64_t *seq, int64_t *now, struct aisle_err *err)
{
    enum aisle_status status = sql_take_numbers(c, "label", 1, seq, err);

    if (status != AISLE_OK)
        return status;
    return sql_ask(c, "SELECT seq FROM label_set WHERE " THE_SET,
                   SQL_VALUES(sql_text(set->seller_id), sql_text(set->target_id),
                              sql_text(set->name)),
                   0, now, err);
}

static enum aisle_status note_change(struct conn *c, const struct label_set *set,
                                     int64_t seq, struct aisle_err *err)
{
    return sql_run(
        c,
        "INSERT INTO label_change (seller_id, target_id, seq) VALUES (?, ?, "
        "?) ON CONFLICT (seller_id, target_id) DO UPDATE SET seq = "
        "excluded.seq",
        SQL_VALUES(sql_text(set->seller_id), sql_text(set->target_id), sql_int(seq)),
        err);
}

static enum aisle_status drop_rows(struct conn *c, struct str seller_id, int64_t seq,
                                   struct aisle_err *err)
{
    return sql_run(c, "DELETE FROM label WHERE seller_id = ? AND set_seq = ?",
                   SQL_VALUES(sql_text(seller_id), sql_int(seq)), err);
}

/* ---- keeping ---- */

static void fill_row(const void *ctx, size_t i, struct value *values)
{
    const struct set_work *w = ctx;
    const struct placed_row row = {.seller_id = w->set->seller_id,
                                   .set_seq = *w->seq,
                                   .place = (int64_t)i + 1,
                                   .row = w->rows[i]};

    noun_fill(&row_noun, &row, values);
}

static enum aisle_status add_rows(struct conn *c, const struct set_work *w,
                                  struct aisle_err *err)
{
    return sql_add(c,
                   &(struct new_rows){.table = "label",
                                      .columns = ROW_COLUMNS,
                                      .column_count = row_noun.count,
                                      .count = (size_t)w->set->rows,
                                      .fill = fill_row,
                                      .ctx = w},
                   err);
}

static enum aisle_status write_put(struct conn *c, const void *work,
                                   struct aisle_err *err)
{
    const struct set_work *w = work;
    struct label_set set = *w->set;
    int64_t now = 0;
    enum aisle_status status = begin_change(c, &set, w->seq, &now, err);

    if (status == AISLE_OK && now != w->expected)
        status =
            aisle_fail(err, AISLE_CONFLICT, "label set %.*s was changed in the meantime",
                       STR_ARG(set.name));
    set.seq = *w->seq;
    if (status == AISLE_OK && now)
        status = drop_rows(c, set.seller_id, now, err);
    if (status == AISLE_OK && set.rows)
        status = add_rows(c, w, err);
    if (status == AISLE_OK)
        status = noun_put(c, &set_noun, &set, err);
    return status == AISLE_OK ? note_change(c, &set, set.seq, err) : status;
}

static enum aisle_status put(struct store *s, const struct label_set *set,
                             const struct set_row *rows, int64_t expected, int64_t *seq,
                             struct aisle_err *err)
{
    int64_t given = 0;
    const struct set_work work = {set, rows, expected, &given};
    enum aisle_status status = sql_write(s, write_put, &work, err);

    if (status == AISLE_OK && seq)
        *seq = given;
    return status;
}

/* ---- removing ---- */

static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct label_set *set = work;
    int64_t seq = 0, now = 0;
    enum aisle_status status = begin_change(c, set, &seq, &now, err);

    if (status == AISLE_OK && !now)
        status = aisle_fail(err, AISLE_NOT_FOUND, "%.*s has no label set %.*s of %.*s",
                            STR_ARG(set->seller_id), STR_ARG(set->name),
                            STR_ARG(set->target_id));
    if (status == AISLE_OK)
        status = drop_rows(c, set->seller_id, now, err);
    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM label_set WHERE " THE_SET,
                         SQL_VALUES(sql_text(set->seller_id), sql_text(set->target_id),
                                    sql_text(set->name)),
                         err);
    return status == AISLE_OK ? note_change(c, set, seq, err) : status;
}

static enum aisle_status drop(struct store *s, struct str seller_id, struct str target_id,
                              struct str name, struct aisle_err *err)
{
    const struct label_set set = {
        .seller_id = seller_id, .target_id = target_id, .name = name};

    return sql_write(s, write_drop, &set, err);
}

/* ---- looking ---- */

static enum aisle_status get(struct store *s, struct str seller_id, struct str target_id,
                             struct str name, struct arena *arena, struct label_set *out,
                             struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &set_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "target_id = ?", sql_text(target_id));
    query_where(&q, "name = ?", sql_text(name));
    status = sql_get(s, &set_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        status = aisle_fail(err, AISLE_NOT_FOUND, "%.*s has no label set %.*s of %.*s",
                            STR_ARG(seller_id), STR_ARG(name), STR_ARG(target_id));
    return status;
}

static enum aisle_status each(struct store *s, struct str seller_id, struct str target_id,
                              enum aisle_status (*fn)(void *ctx, const struct label_set *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct label_set set;
    struct walk w;

    query_select(&q, &set_noun);
    query_where_text(&q, "seller_id = ?", seller_id);
    query_where_text(&q, "target_id = ?", target_id);
    query_add(&q, " ORDER BY seller_id, target_id, name");
    w = walk_begin(s, &set_noun, &q, err);
    while (walk_next(&w, &set))
        w.status = fn(ctx, &set, err);
    return walk_end(&w);
}

/* Which set has the name and which rows it has is asked at once: a change in between is
 * seen whole or not at all. */
static enum aisle_status
each_row(struct store *s, struct str seller_id, struct str target_id, struct str name,
         enum aisle_status (*fn)(void *ctx, const struct set_row *, struct aisle_err *),
         void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct placed_row row;
    struct walk w;

    query_select(&q, &row_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "set_seq = (SELECT seq FROM label_set WHERE " THE_SET ")",
                sql_text(seller_id));
    query_value(&q, sql_text(target_id));
    query_value(&q, sql_text(name));
    query_add(&q, " ORDER BY place");
    w = walk_begin(s, &row_noun, &q, err);
    while (walk_next(&w, &row))
        w.status = fn(ctx, &row.row, err);
    return walk_end(&w);
}

static enum aisle_status changed(struct store *s, struct str seller_id,
                                 struct str target_id, int64_t *seq,
                                 struct aisle_err *err)
{
    struct query q = {0};

    query_add(&q, "SELECT seq FROM label_change");
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "target_id = ?", sql_text(target_id));
    return sql_look(s, &q, seq, err);
}

const struct store_labels sql_labels = {.put = put,
                                        .get = get,
                                        .each = each,
                                        .each_row = each_row,
                                        .drop = drop,
                                        .changed = changed};
