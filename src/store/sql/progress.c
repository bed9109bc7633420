/* progress.c - the counts of table `progress`, kept as what is counted moves */
#include "store/sql/progress.h"

#define KEY                                                                              \
    "seller_id, seller_category_id, target_id, stands, advisor, tenth, provisional"
#define ADDED                                                                            \
    " ON CONFLICT (" KEY ") DO UPDATE SET products = progress.products + "               \
    "excluded.products"

static enum aisle_status count_word(struct conn *c, const struct decision *d,
                                    const struct word *w, int64_t products,
                                    struct aisle_err *err)
{
    return sql_run(
        c,
        "INSERT INTO progress (" KEY ", products) SELECT seller_id, "
        "seller_category_id, ?3, ?4, ?5, ?6, ?7, ?8 FROM product WHERE "
        "seller_id = ?1 AND id = ?2" ADDED,
        SQL_VALUES(sql_text(d->seller_id), sql_text(d->key), sql_text(d->target_id),
                   sql_text(str_of(standing_name(w->stands))),
                   sql_text(str_of(advisor_name(w->advisor))), sql_int(w->tenth),
                   sql_int(w->provisional), sql_int(products)),
        err);
}

struct word sql_word_of(const struct decision *d)
{
    double tenth = d->confidence * WORD_TENTHS;

    return (struct word){.stands = decision_standing(d),
                         .advisor = d->advisor,
                         .tenth = tenth >= WORD_TENTHS - 1 ? WORD_TENTHS - 1
                                  : tenth > 0              ? (int64_t)tenth
                                                           : 0,
                         .provisional = d->provisional};
}

static bool same_word(const struct word *a, const struct word *b)
{
    return a->stands == b->stands && a->advisor == b->advisor && a->tenth == b->tenth &&
           a->provisional == b->provisional;
}

enum aisle_status sql_progress_decided(struct conn *c, const struct decision *d,
                                       const struct word *before, const struct word *now,
                                       struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (before && same_word(before, now))
        return AISLE_OK;
    if (before)
        status = count_word(c, d, before, -1, err);
    return status == AISLE_OK ? count_word(c, d, now, 1, err) : status;
}

/* ---- products that come and go ---- */

#define SAME_WORD                                                                        \
    "m.target_id = progress.target_id AND m.stands = progress.stands AND m.advisor = "   \
    "progress.advisor AND m.tenth = progress.tenth AND m.provisional = "                 \
    "progress.provisional"

static enum aisle_status leave(struct conn *c, struct str seller_id,
                               struct str product_id, struct str from,
                               struct aisle_err *err)
{
    return sql_run(c,
                   "UPDATE progress SET products = products - 1 WHERE seller_id = ?1 AND "
                   "seller_category_id = ?3 AND (target_id = '' OR EXISTS (SELECT 1 FROM "
                   "mapping m WHERE m.seller_id = ?1 AND m.scope = 'product' AND m.key = "
                   "?2 AND " SAME_WORD "))",
                   SQL_VALUES(sql_text(seller_id), sql_text(product_id), sql_text(from)),
                   err);
}

/* Its words by way of the log, which is in order of keys for all targets; CROSS so that
 * SQLite takes that way. */
static enum aisle_status come(struct conn *c, struct str seller_id, struct str product_id,
                              struct str to, struct aisle_err *err)
{
    enum aisle_status status =
        sql_run(c,
                "INSERT INTO progress (" KEY ", products) VALUES (?1, ?2, '', '', '', 0, "
                "0, 1)" ADDED,
                SQL_VALUES(sql_text(seller_id), sql_text(to)), err);

    if (status != AISLE_OK)
        return status;
    return sql_run(
        c,
        "INSERT INTO progress (" KEY ", products) SELECT m.seller_id, ?3, m.target_id, "
        "m.stands, m.advisor, m.tenth, m.provisional, 1 FROM decision d CROSS JOIN "
        "mapping m WHERE d.seller_id = ?1 AND d.key = ?2 AND d.scope = 'product' AND "
        "m.seller_id = d.seller_id AND m.target_id = d.target_id AND m.scope = d.scope "
        "AND m.key = d.key AND m.seq = d.seq" ADDED,
        SQL_VALUES(sql_text(seller_id), sql_text(product_id), sql_text(to)), err);
}

enum aisle_status sql_progress_moved(struct conn *c, struct str seller_id,
                                     struct str product_id, const struct str *from,
                                     const struct str *to, struct aisle_err *err)
{
    enum aisle_status status = sql_hold(c, "counter", "name", STR_LIT("decision"), err);

    if (status == AISLE_OK && from)
        status = leave(c, seller_id, product_id, *from, err);
    if (status == AISLE_OK && to)
        status = come(c, seller_id, product_id, *to, err);
    return status;
}
