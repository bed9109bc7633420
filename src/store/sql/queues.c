/* queues.c - how much of what waits for people: counts over what stands */
#include "store/sql/rows.h"

static const struct column count_columns[] = {
    {.name = "m.scope",
     .kind = MEMBER_WORD,
     .offset = offsetof(struct mapping_count, scope),
     .words = &sql_scope_words,
     .derived = true},
    {.name = "m.state",
     .kind = MEMBER_WORD,
     .offset = offsetof(struct mapping_count, state),
     .words = &sql_state_words,
     .derived = true},
    COLUMN_DERIVED(struct mapping_count, conflict, "d.conflict", MEMBER_BOOL),
    COLUMN_DERIVED(struct mapping_count, provisional, "d.provisional", MEMBER_BOOL),
    COLUMN_DERIVED(struct mapping_count, category_id, "m.category_id", MEMBER_TEXT),
    COLUMN_DERIVED(struct mapping_count, count, "count(*)", MEMBER_SIZE),
    COLUMN_DERIVED(struct mapping_count, sure,
                   "CASE WHEN d.confidence >= ? THEN 1 ELSE 0 END", MEMBER_BOOL),
};
static const struct noun count_noun =
    NOUN("mapping", struct mapping_count, count_columns, 0);

static enum aisle_status each_count(struct store *s, const struct queue_filter *f,
                                    enum aisle_status (*fn)(void *ctx,
                                                            const struct mapping_count *,
                                                            struct aisle_err *),
                                    void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct mapping_count row;
    struct walk w;

    query_columns(&q, &count_noun);
    query_value(&q, sql_real(f->sure_at));
    /* CROSS, so that SQLite begins with the mapping and not with the log */
    query_add(&q, " FROM mapping m CROSS JOIN decision d");
    query_where_plain(&q, "d.seller_id = m.seller_id AND d.seq = m.seq");
    query_where(&q, "m.target_id = ?", sql_text(f->target_id));
    query_where_text(&q, "m.seller_id = ?", f->seller_id);
    query_add(&q, " GROUP BY 1, 2, 3, 4, 5, 7");
    w = walk_begin(s, &count_noun, &q, err);
    while (walk_next(&w, &row))
        w.status = fn(ctx, &row, err);
    return walk_end(&w);
}

static const struct column progress_columns[] = {
    COLUMN_DERIVED(struct category_progress, category.seller_id, "p.seller_id",
                   MEMBER_TEXT),
    COLUMN_DERIVED(struct category_progress, category.id, "p.seller_category_id",
                   MEMBER_TEXT),
    COLUMN_DERIVED(struct category_progress, category.path,
                   "(SELECT c.path FROM seller_category c WHERE c.seller_id = "
                   "p.seller_id AND c.id = p.seller_category_id)",
                   MEMBER_TEXT_OR_NULL),
    COLUMN_DERIVED(struct category_progress, category.products, "count(*)", MEMBER_SIZE),
    COLUMN_DERIVED(struct category_progress, settled, "count(m.settled)", MEMBER_SIZE),
};
static const struct noun progress_noun =
    NOUN("product", struct category_progress, progress_columns, 0);

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
    query_add(&q, " FROM product p LEFT JOIN mapping m ON m.seller_id = p.seller_id AND "
                  "m.target_id = ? AND m.scope = 'product' AND m.key = p.id AND "
                  "m.settled = 1");
    query_value(&q, sql_text(f->target_id));
    query_where_text(&q, "p.seller_id = ?", f->seller_id);
    query_add(&q, " GROUP BY p.seller_id, p.seller_category_id ORDER BY 1, 2");
    w = walk_begin(s, &progress_noun, &q, err);
    while (walk_next(&w, &row))
        w.status = fn(ctx, &row, err);
    return walk_end(&w);
}

const struct store_queues sql_queues = {
    .each_count = each_count,
    .each_category = each_category,
};
