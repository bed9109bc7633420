/* many_decisions.c - many decisions at once, with nothing looked at in between */
#include "store/sql/progress.h"

#include <assert.h>

/* What must hold for a decision, and where it takes its number from. */
#define HOPED_COLUMNS                                                                    \
    "seller_id, target_id, scope, key, state, category_id, advisor, confidence, who, "   \
    "reasons, batch_id, run_id, snapshot_id, conflict, provisional, undoes, at, "        \
    "stands, tenth, expected, skip, of"
enum { HOPED_COLUMN_COUNT = 22, HOPED_AT_ONCE = 256 };

struct hoped {
    const struct decision_write *list;
    size_t count;
};

static void fill_hoped(const void *ctx, size_t i, struct value *v)
{
    const struct hoped *h = ctx;
    const struct decision_write *w = &h->list[i];
    const struct decision *d = &w->d;
    const struct word word = sql_word_of(d);

    assert(!w->skip_if_changed);
    *v++ = sql_text(d->seller_id);
    *v++ = sql_text(d->target_id);
    *v++ = sql_text(str_of(decision_scope_name(d->scope)));
    *v++ = sql_text(d->key);
    *v++ = sql_text(str_of(decision_state_name(d->state)));
    *v++ = sql_text(d->category_id);
    *v++ = sql_text(str_of(advisor_name(d->advisor)));
    *v++ = sql_real(d->confidence);
    *v++ = sql_text(d->who);
    *v++ = sql_text(d->reasons);
    *v++ = sql_text(d->batch_id);
    *v++ = sql_text(d->run_id);
    *v++ = sql_int(d->snapshot_id);
    *v++ = sql_int(d->conflict);
    *v++ = sql_int(d->provisional);
    *v++ = sql_int(d->undoes);
    *v++ = sql_int(d->at);
    *v++ = sql_text(str_of(standing_name(word.stands)));
    *v++ = sql_int(word.tenth);
    *v++ = sql_int(w->expected);
    *v++ = sql_int(w->skip_if_settled);
    *v = sql_int((int64_t)h->count);
}

/* Asked for each row by itself: the planner would rather join, with all that was ever
 * decided. */
#define STANDS(what)                                                                     \
    "coalesce((SELECT m." what " FROM mapping m WHERE m.seller_id = r.seller_id AND "    \
    "m.target_id = r.target_id AND m.scope = r.scope AND m.key = r.key), 0)"
#define IS_WANTED "(r.skip = 0 OR " STANDS("settled") " = 0)"

/* Fails by dividing by nothing where another decision stands than was expected. */
static const char check_expected[] =
    "SELECT 1 / (CASE WHEN EXISTS (SELECT 1 FROM rows r WHERE r.expected >= 0 AND "
    "r.expected <> " STANDS("seq") " AND " IS_WANTED ") THEN 0 ELSE 1 END)";

/* Of a key no other row has. LIMIT: each is looked up by itself, for the reason above. */
#define OF_KEY(table, columns, scope)                                                    \
    "(SELECT " columns " FROM " table " WHERE seller_id = a.seller_id AND " scope        \
    " LIMIT 1)"
#define STOOD                                                                            \
    OF_KEY("mapping", "stands, advisor, tenth, provisional",                             \
           "target_id = a.target_id AND scope = a.scope AND key = a.key")
#define ITS_CATEGORY OF_KEY("product", "seller_category_id", "id = a.key")

/* Numbers were taken just now: the last `of` of them are these rows'. The states are
 * those of decision_is_settled. What stood before is read as it was when the statement
 * began; the counts move from there to what stands now, as sql_progress_decided does it.
 */
static const char add_hoped[] =
    ", added AS (INSERT INTO decision (seller_id, seq, target_id, scope, key, state, "
    "category_id, advisor, confidence, who, reasons, batch_id, run_id, snapshot_id, "
    "conflict, provisional, undoes, at) SELECT r.seller_id, (SELECT last FROM counter "
    "WHERE name = 'decision') - r.of + r.place, r.target_id, r.scope, r.key, r.state, "
    "r.category_id, r.advisor, r.confidence, r.who, r.reasons, r.batch_id, r.run_id, "
    "r.snapshot_id, r.conflict, r.provisional, r.undoes, r.at FROM rows r "
    "WHERE " IS_WANTED " RETURNING seller_id, target_id, scope, key, seq), "
    "told AS (SELECT a.seq, r.* FROM added a JOIN rows r USING (seller_id, target_id, "
    "scope, key)), "
    "mapped AS (INSERT INTO mapping (seller_id, target_id, scope, key, category_id, "
    "state, settled, seq, stands, advisor, tenth, provisional) SELECT seller_id, "
    "target_id, scope, key, category_id, state, CASE WHEN state IN ('accepted', 'none') "
    "THEN 1 ELSE 0 END, seq, stands, advisor, tenth, provisional FROM told "
    "ON CONFLICT (seller_id, target_id, scope, key) DO UPDATE SET "
    "category_id = excluded.category_id, state = excluded.state, "
    "settled = excluded.settled, seq = excluded.seq, stands = excluded.stands, "
    "advisor = excluded.advisor, tenth = excluded.tenth, "
    "provisional = excluded.provisional), "
    "moved AS (SELECT seller_id, target_id, key, stands, advisor, tenth, provisional, "
    "1 AS products FROM told WHERE scope = 'product' UNION ALL SELECT a.seller_id, "
    "a.target_id, a.key, m.stands, m.advisor, m.tenth, m.provisional, -1 FROM told a "
    "CROSS JOIN LATERAL " STOOD " m WHERE a.scope = 'product') "
    "INSERT INTO progress (seller_id, seller_category_id, target_id, stands, advisor, "
    "tenth, provisional, products) SELECT a.seller_id, p.seller_category_id, "
    "a.target_id, a.stands, a.advisor, a.tenth, a.provisional, sum(a.products) "
    "FROM moved a CROSS JOIN LATERAL " ITS_CATEGORY " p "
    "GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(a.products) <> 0 "
    "ON CONFLICT (seller_id, seller_category_id, target_id, stands, advisor, tenth, "
    "provisional) DO UPDATE SET products = progress.products + excluded.products";

static bool any_is_expected(const struct decision_write *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].expected != EXPECT_ANY)
            return true;
    return false;
}

static enum aisle_status append_hoping(struct conn *c, const struct decision_write *list,
                                       size_t count, struct aisle_err *err)
{
    const struct hoped hoped = {list, count};
    const struct new_rows rows = {.columns = HOPED_COLUMNS,
                                  .column_count = HOPED_COLUMN_COUNT,
                                  .count = count,
                                  .fill = fill_hoped,
                                  .ctx = &hoped};
    enum aisle_status status = sql_skip_numbers(c, "decision", count, err);

    if (status == AISLE_OK && any_is_expected(list, count))
        status = sql_with_rows(c, check_expected, &rows, err);
    return status == AISLE_OK ? sql_with_rows(c, add_hoped, &rows, err) : status;
}

/* Two decisions on one key are one behind the other. */
static bool has_key(const struct decision_write *list, size_t count,
                    const struct decision *d)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].d.key, d->key) && list[i].d.scope == d->scope &&
            str_eq(list[i].d.target_id, d->target_id) &&
            str_eq(list[i].d.seller_id, d->seller_id))
            return true;
    return false;
}

enum aisle_status sql_append_all(struct conn *c, const struct decision_write *list,
                                 size_t count, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    int64_t last;

    if (!sql_hopes(c))
        return sql_append(c, list, count, &last, err);
    if (count > 0 && count <= SQL_EARLY_NUMBERS)
        status = sql_let_go_early(c, err);
    for (size_t i = 0, n; i < count && status == AISLE_OK; i += n) {
        for (n = 1; n < HOPED_AT_ONCE && i + n < count; n++)
            if (has_key(&list[i], n, &list[i + n].d))
                break;
        status = append_hoping(c, &list[i], n, err);
    }
    return status;
}
