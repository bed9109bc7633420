/* sharing.c - which sellers let their approvals inform each other */
#include "store/sql/rows.h"

static const struct column consent_columns[] = {
    COLUMN(struct consent, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct consent, with_id, "with_id", MEMBER_TEXT),
    COLUMN(struct consent, who, "who", MEMBER_TEXT),
    COLUMN(struct consent, at, "at", MEMBER_INT),
};
static const struct noun consent_noun =
    NOUN("consent", struct consent, consent_columns, 2);

static enum aisle_status write_consent(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    return noun_put(c, &consent_noun, work, err);
}

static enum aisle_status put(struct store *s, const struct consent *consent,
                             struct aisle_err *err)
{
    return sql_write(s, write_consent, consent, err);
}

static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct consent *consent = work;

    return sql_run(c, "DELETE FROM consent WHERE seller_id = ? AND with_id = ?",
                   SQL_VALUES(sql_text(consent->seller_id), sql_text(consent->with_id)),
                   err);
}

static enum aisle_status drop(struct store *s, struct str seller_id, struct str with_id,
                              struct aisle_err *err)
{
    const struct consent consent = {.seller_id = seller_id, .with_id = with_id};

    return sql_write(s, write_drop, &consent, err);
}

static enum aisle_status each(struct store *s, struct str seller_id,
                              enum aisle_status (*fn)(void *ctx, const struct consent *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct consent consent;
    struct walk w;

    query_select(&q, &consent_noun);
    query_where(&q, "(seller_id = ? OR with_id = ?)", sql_text(seller_id));
    query_value(&q, sql_text(seller_id));
    query_add(&q, " ORDER BY seller_id, with_id");
    w = walk_begin(s, &consent_noun, &q, err);
    while (walk_next(&w, &consent))
        w.status = fn(ctx, &consent, err);
    return walk_end(&w);
}

const struct store_sharing sql_sharing = {.put = put, .drop = drop, .each = each};
