/* queues.c - how much of what waits for people, as table `progress` has it */
#include "store/sql/rows.h"

static const struct column word_columns[] = {
    COLUMN_WORD(struct word_count, stands, "stands", &sql_standing_words),
    COLUMN_WORD(struct word_count, advisor, "advisor", &sql_advisor_words),
    COLUMN(struct word_count, tenth, "tenth", MEMBER_INT),
    COLUMN(struct word_count, provisional, "provisional", MEMBER_BOOL),
    COLUMN_DERIVED(struct word_count, products, "CAST(sum(products) AS BIGINT)",
                   MEMBER_SIZE),
};
static const struct noun word_noun = NOUN("progress", struct word_count, word_columns, 0);

static enum aisle_status each_word(struct store *s, const struct queue_filter *f,
                                   enum aisle_status (*fn)(void *ctx,
                                                           const struct word_count *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct word_count row;
    struct walk w;

    query_select(&q, &word_noun);
    query_where(&q, "target_id = ?", sql_text(f->target_id));
    query_where_text(&q, "seller_id = ?", f->seller_id);
    query_add(&q,
              " GROUP BY stands, advisor, tenth, provisional HAVING sum(products) > 0");
    w = walk_begin(s, &word_noun, &q, err);
    while (walk_next(&w, &row))
        w.status = fn(ctx, &row, err);
    return walk_end(&w);
}

/* ---- by seller category ---- */

#define SUM(condition)                                                                   \
    "CAST(sum(CASE WHEN " condition " THEN g.products ELSE 0 END) AS BIGINT)"
#define STANDS(standing, word)                                                           \
    COLUMN_DERIVED(struct category_progress, stands[standing],                           \
                   SUM("g.stands = '" word "'"), MEMBER_SIZE)

static const struct column progress_columns[] = {
    COLUMN_DERIVED(struct category_progress, category.seller_id, "g.seller_id",
                   MEMBER_TEXT),
    COLUMN_DERIVED(struct category_progress, category.id, "g.seller_category_id",
                   MEMBER_TEXT),
    COLUMN_DERIVED(struct category_progress, category.path,
                   "(SELECT c.path FROM seller_category c WHERE c.seller_id = "
                   "g.seller_id AND c.id = g.seller_category_id)",
                   MEMBER_TEXT_OR_NULL),
    COLUMN_DERIVED(struct category_progress, category.products, SUM("g.target_id = ''"),
                   MEMBER_SIZE),
    STANDS(STANDS_OPEN, "open"),
    STANDS(STANDS_REFUSED, "refused"),
    STANDS(STANDS_CLEARED, "cleared"),
    STANDS(STANDS_AGREED, "agreed"),
    STANDS(STANDS_CONTESTED, "contested"),
    STANDS(STANDS_CONFLICT, "conflict"),
    STANDS(STANDS_NONE, "none"),
    STANDS(STANDS_DONE, "done"),
    COLUMN_DERIVED(struct category_progress, settled,
                   SUM("g.stands IN ('conflict', 'none', 'done')"), MEMBER_SIZE),
    COLUMN_DERIVED(struct category_progress, is_settled,
                   "coalesce((SELECT m.settled FROM mapping m WHERE m.seller_id = "
                   "g.seller_id AND m.target_id = ? AND m.scope = 'seller-category' AND "
                   "m.key = g.seller_category_id), 0)",
                   MEMBER_BOOL),
};
static const struct noun progress_noun =
    NOUN("progress", struct category_progress, progress_columns, 0);

static enum aisle_status
each_category(struct store *s, const struct queue_filter *f,
              enum aisle_status (*fn)(void *ctx, const struct category_progress *,
                                      struct aisle_err *),
              void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct category_progress row;
    struct walk w;

    query_columns(&q, &progress_noun);
    query_value(&q, sql_text(f->target_id));
    query_add(&q, " FROM progress g");
    query_where(&q, "g.target_id IN ('', ?)", sql_text(f->target_id));
    query_where_text(&q, "g.seller_id = ?", f->seller_id);
    query_where_text(&q, "g.seller_category_id >= ?", f->from_category);
    query_add(&q, " GROUP BY g.seller_id, g.seller_category_id HAVING sum(CASE WHEN "
                  "g.target_id = '' THEN g.products ELSE 0 END) > 0 ORDER BY "
                  "g.seller_id, g.seller_category_id");
    w = walk_begin(s, &progress_noun, &q, err);
    while (walk_next(&w, &row))
        w.status = fn(ctx, &row, err);
    return walk_end(&w);
}

/* ---- what the counts do not tell ---- */

static enum aisle_status count_refused(struct store *s, const struct queue_filter *f,
                                       size_t *count, struct aisle_err *err)
{
    struct query q = {0};
    int64_t n = 0;
    enum aisle_status status;

    query_add(&q, "SELECT count(*) FROM mapping m");
    if (sql_driver_of(s)->takes_hints)
        query_add(&q, " INDEXED BY mapping_apart");
    query_add(&q, " CROSS JOIN product p CROSS JOIN mapping c");
    query_where(&q, "m.target_id = ?", sql_text(f->target_id));
    query_where_text(&q, "m.seller_id = ?", f->seller_id);
    query_where_plain(&q, "m.scope = 'product' AND m.stands = 'refused'");
    query_where_plain(&q, SQL_MAPPING_APART);
    query_where_plain(&q, "p.seller_id = m.seller_id AND p.id = m.key AND c.seller_id = "
                          "p.seller_id AND c.target_id = m.target_id AND c.scope = "
                          "'seller-category' AND c.key = p.seller_category_id AND "
                          "c.settled = 1 AND c.category_id = m.category_id");
    status = sql_look(s, &q, &n, err);
    if (status == AISLE_OK)
        *count = (size_t)n;
    return status;
}

struct leaf {
    struct str id;
};
static const struct column leaf_columns[] = {
    COLUMN(struct leaf, id, "id", MEMBER_TEXT),
};
static const struct noun leaf_noun = NOUN("leaf", struct leaf, leaf_columns, 0);

/* From each to the next in the index, where DISTINCT would read all there are. */
static enum aisle_status each_leaf(struct store *s, struct str target_id,
                                   enum aisle_status (*fn)(void *ctx, struct str id,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct leaf row;
    struct walk w;

    query_add(&q, "WITH RECURSIVE leaf (id) AS (SELECT min(category_id) FROM mapping "
                  "WHERE target_id = ?1 AND category_id > '' UNION ALL SELECT (SELECT "
                  "min(m.category_id) FROM mapping m WHERE m.target_id = ?1 AND "
                  "m.category_id > leaf.id) FROM leaf WHERE leaf.id IS NOT NULL) SELECT "
                  "id FROM leaf WHERE id IS NOT NULL ORDER BY id");
    query_value(&q, sql_text(target_id));
    w = walk_begin(s, &leaf_noun, &q, err);
    while (walk_next(&w, &row))
        w.status = fn(ctx, row.id, err);
    return walk_end(&w);
}

const struct store_queues sql_queues = {
    .each_word = each_word,
    .each_category = each_category,
    .count_refused = count_refused,
    .each_leaf = each_leaf,
};
