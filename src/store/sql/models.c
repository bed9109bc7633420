/* models.c - which trained model of a seller and target is the newest */
#include "store/sql/rows.h"

static const struct column model_columns[] = {
    COLUMN(struct trained_model, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct trained_model, target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct trained_model, key, "object_key", MEMBER_TEXT),
    COLUMN(struct trained_model, stamp, "stamp", MEMBER_INT),
    COLUMN(struct trained_model, labels, "labels", MEMBER_INT),
    COLUMN(struct trained_model, rows, "rows_taught", MEMBER_INT),
    COLUMN(struct trained_model, labelled, "labelled", MEMBER_INT),
    COLUMN(struct trained_model, left_out, "left_out", MEMBER_INT),
    COLUMN(struct trained_model, leaves, "leaves", MEMBER_INT),
    COLUMN(struct trained_model, bytes, "bytes", MEMBER_INT),
    COLUMN(struct trained_model, version, "version", MEMBER_INT),
    COLUMN(struct trained_model, held_out, "held_out", MEMBER_INT),
    COLUMN(struct trained_model, right, "right_first", MEMBER_INT),
    COLUMN(struct trained_model, right_in_3, "right_in_3", MEMBER_INT),
    COLUMN(struct trained_model, ece, "ece", MEMBER_REAL),
    COLUMN(struct trained_model, trained_at, "trained_at", MEMBER_INT),
    COLUMN(struct trained_model, owner, "owner", MEMBER_TEXT),
};
static const struct noun model_noun =
    NOUN("trained_model", struct trained_model, model_columns, 2);

/* Compared and held in one statement: of two that write, the later waits for the other
 * and sees what it wrote. Label sets are compared first: decisions that a model lacks are
 * laid over it, a set that it lacks is not. */
static enum aisle_status write_turn(struct conn *c, const struct trained_model *m,
                                    struct aisle_err *err)
{
    int64_t changed = 0;
    enum aisle_status status = sql_change(
        c,
        "INSERT INTO trained_model (seller_id, target_id, object_key, stamp, labels, "
        "rows_taught, labelled, left_out, leaves, bytes, version, held_out, right_first, "
        "right_in_3, ece, trained_at, owner) "
        "VALUES (?, ?, '', ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '') "
        "ON CONFLICT (seller_id, target_id) DO UPDATE SET stamp = excluded.stamp, "
        "labels = excluded.labels WHERE (trained_model.labels, trained_model.stamp) <= "
        "(excluded.labels, excluded.stamp)",
        SQL_VALUES(sql_text(m->seller_id), sql_text(m->target_id), sql_int(m->stamp),
                   sql_int(m->labels)),
        &changed, err);

    if (status == AISLE_OK && !changed)
        status = aisle_fail(err, AISLE_CONFLICT, "%.*s has a later model of %.*s",
                            STR_ARG(m->seller_id), STR_ARG(m->target_id));
    return status;
}

static enum aisle_status write_model(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    enum aisle_status status = write_turn(c, work, err);

    return status == AISLE_OK ? noun_put(c, &model_noun, work, err) : status;
}

static enum aisle_status put(struct store *s, const struct trained_model *model,
                             struct aisle_err *err)
{
    return sql_write(s, write_model, model, err);
}

static enum aisle_status get(struct store *s, struct str seller_id, struct str target_id,
                             struct arena *arena, struct trained_model *out,
                             struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &model_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "target_id = ?", sql_text(target_id));
    status = sql_get(s, &model_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        status = aisle_fail(err, AISLE_NOT_FOUND, "%.*s has no model of %.*s",
                            STR_ARG(seller_id), STR_ARG(target_id));
    return status;
}

static enum aisle_status
each(struct store *s, struct str seller_id,
     enum aisle_status (*fn)(void *ctx, const struct trained_model *, struct aisle_err *),
     void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct trained_model model;
    struct walk w;

    query_select(&q, &model_noun);
    query_where_text(&q, "seller_id = ?", seller_id);
    query_add(&q, " ORDER BY seller_id, target_id");
    w = walk_begin(s, &model_noun, &q, err);
    while (walk_next(&w, &model))
        w.status = fn(ctx, &model, err);
    return walk_end(&w);
}

static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct trained_model *m = work;

    return sql_run(c, "DELETE FROM trained_model WHERE seller_id = ? AND target_id = ?",
                   SQL_VALUES(sql_text(m->seller_id), sql_text(m->target_id)), err);
}

static enum aisle_status drop(struct store *s, struct str seller_id, struct str target_id,
                              struct aisle_err *err)
{
    const struct trained_model m = {.seller_id = seller_id, .target_id = target_id};

    return sql_write(s, write_drop, &m, err);
}

const struct store_models sql_models = {
    .put = put, .get = get, .each = each, .drop = drop};
