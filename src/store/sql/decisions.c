/* decisions.c - the log of what was decided, and which decision of a key is the newest */
#include "store/sql/progress.h"

static const struct column decision_columns[] = {
    COLUMN(struct decision, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct decision, seq, "seq", MEMBER_INT),
    COLUMN(struct decision, target_id, "target_id", MEMBER_TEXT),
    COLUMN_WORD(struct decision, scope, "scope", &sql_scope_words),
    COLUMN(struct decision, key, "key", MEMBER_TEXT),
    COLUMN_WORD(struct decision, state, "state", &sql_state_words),
    COLUMN(struct decision, category_id, "category_id", MEMBER_TEXT),
    COLUMN_WORD(struct decision, advisor, "advisor", &sql_advisor_words),
    COLUMN(struct decision, confidence, "confidence", MEMBER_REAL),
    COLUMN(struct decision, who, "who", MEMBER_TEXT),
    COLUMN(struct decision, reasons, "reasons", MEMBER_TEXT),
    COLUMN(struct decision, batch_id, "batch_id", MEMBER_TEXT),
    COLUMN(struct decision, run_id, "run_id", MEMBER_TEXT),
    COLUMN(struct decision, snapshot_id, "snapshot_id", MEMBER_INT),
    COLUMN(struct decision, conflict, "conflict", MEMBER_BOOL),
    COLUMN(struct decision, provisional, "provisional", MEMBER_BOOL),
    COLUMN(struct decision, undoes, "undoes", MEMBER_INT),
    COLUMN(struct decision, at, "at", MEMBER_INT),
};
static const struct noun decision_noun =
    NOUN("decision", struct decision, decision_columns, 2);

/* A decision as the newest of its key. */
struct mapping {
    struct decision d;
    bool settled;
    struct word word;
};

static const struct column mapping_columns[] = {
    COLUMN(struct mapping, d.seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct mapping, d.target_id, "target_id", MEMBER_TEXT),
    COLUMN_WORD(struct mapping, d.scope, "scope", &sql_scope_words),
    COLUMN(struct mapping, d.key, "key", MEMBER_TEXT),
    COLUMN(struct mapping, d.category_id, "category_id", MEMBER_TEXT),
    COLUMN_WORD(struct mapping, d.state, "state", &sql_state_words),
    COLUMN(struct mapping, settled, "settled", MEMBER_BOOL),
    COLUMN(struct mapping, d.seq, "seq", MEMBER_INT),
    COLUMN_WORD(struct mapping, word.stands, "stands", &sql_standing_words),
    COLUMN_WORD(struct mapping, word.advisor, "advisor", &sql_advisor_words),
    COLUMN(struct mapping, word.tenth, "tenth", MEMBER_INT),
    COLUMN(struct mapping, word.provisional, "provisional", MEMBER_BOOL),
};
static const struct noun mapping_noun =
    NOUN("mapping", struct mapping, mapping_columns, 4);

/* ---- the log ---- */

/* What stands for the key of a decision about to come. */
struct standing_now {
    int64_t seq; /* 0: nothing */
    bool settled;
    struct word word;
    struct str key; /* borrowed */
};

static const struct column now_columns[] = {
    COLUMN(struct standing_now, seq, "seq", MEMBER_INT),
    COLUMN(struct standing_now, settled, "settled", MEMBER_BOOL),
    COLUMN_WORD(struct standing_now, word.stands, "stands", &sql_standing_words),
    COLUMN_WORD(struct standing_now, word.advisor, "advisor", &sql_advisor_words),
    COLUMN(struct standing_now, word.tenth, "tenth", MEMBER_INT),
    COLUMN(struct standing_now, word.provisional, "provisional", MEMBER_BOOL),
    COLUMN(struct standing_now, key, "key", MEMBER_TEXT),
};
static const struct noun now_noun = NOUN("mapping", struct standing_now, now_columns, 0);

#define SELECT_NOW                                                                       \
    "SELECT seq, settled, stands, advisor, tenth, provisional, key FROM mapping "        \
    "WHERE seller_id = ? AND target_id = ? AND scope = ? AND key "

enum { AT_ONCE = 16 };

/* How many of the list can be looked up together: of one seller, target and scope, and no
 * key among them twice, as what is appended for one does not change what stands for
 * another. */
static size_t count_alike(const struct decision_write *list, size_t count)
{
    const struct decision *first = &list->d;
    size_t n = 1;

    for (; n < count && n < AT_ONCE; n++) {
        const struct decision *d = &list[n].d;

        if (d->scope != first->scope || !str_eq(d->seller_id, first->seller_id) ||
            !str_eq(d->target_id, first->target_id))
            break;
        for (size_t i = 0; i < n; i++)
            if (str_eq(list[i].d.key, d->key))
                return n;
    }
    return n;
}

/* One statement for any number of them: the last key stands in for those there are not.
 */
static struct values keys_of(const struct decision_write *list, size_t count,
                             struct value values[3 + AT_ONCE])
{
    values[0] = sql_text(list->d.seller_id);
    values[1] = sql_text(list->d.target_id);
    values[2] = sql_text(str_of(decision_scope_name(list->d.scope)));
    for (size_t i = 0; i < AT_ONCE; i++)
        values[3 + i] = sql_text(list[i < count ? i : count - 1].d.key);
    return (struct values){values, 3 + AT_ONCE};
}

static enum aisle_status read_standings(struct conn *c, const struct decision_write *list,
                                        size_t count, struct standing_now out[AT_ONCE],
                                        struct aisle_err *err)
{
    struct value values[3 + AT_ONCE];
    const struct values keys = keys_of(list, count, values);
    struct standing_now now;
    struct stmt *st = NULL;
    bool row = true;
    enum aisle_status status =
        count == 1
            ? sql_prepare(c, SELECT_NOW "= ?", (struct values){keys.list, 4}, &st, err)
            : sql_prepare(c,
                          SELECT_NOW "IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                     "?)",
                          keys, &st, err);

    while (status == AISLE_OK) {
        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        status = noun_read(&now_noun, st, &now, err);
        for (size_t i = 0; status == AISLE_OK && i < count; i++)
            if (str_eq(list[i].d.key, now.key))
                out[i] = now;
    }
    sql_finish(st);
    return status;
}

static enum aisle_status fail_conflict(struct conn *c, const struct decision *d,
                                       int64_t seq, struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status;

    if (!seq)
        return decision_fail_meanwhile(d, (struct str){"", 0}, 0, err);
    status = sql_prepare(c, "SELECT who FROM decision WHERE seller_id = ? AND seq = ?",
                         SQL_VALUES(sql_text(d->seller_id), sql_int(seq)), &st, err);
    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK)
        status = decision_fail_meanwhile(d, sql_column(st, 0), seq, err);
    sql_finish(st);
    return status;
}

static enum aisle_status append_one(struct conn *c, const struct decision_write *w,
                                    const struct standing_now *standing, int64_t seq,
                                    bool *appended, struct aisle_err *err)
{
    struct mapping m = {.d = w->d,
                        .settled = decision_is_settled(w->d.state),
                        .word = sql_word_of(&w->d)};
    enum aisle_status status;

    *appended = false;
    if (w->skip_if_settled && standing->settled)
        return AISLE_OK;
    if (w->expected != EXPECT_ANY && w->expected != standing->seq)
        return w->skip_if_changed ? AISLE_OK
                                  : fail_conflict(c, &w->d, standing->seq, err);

    *appended = true;
    m.d.seq = seq;
    status = noun_add(c, &decision_noun, &m.d, err);
    if (status == AISLE_OK)
        status = noun_put(c, &mapping_noun, &m, err);
    if (status == AISLE_OK && w->d.scope == SCOPE_PRODUCT)
        status = sql_progress_decided(c, &w->d, standing->seq ? &standing->word : NULL,
                                      &m.word, err);
    return status;
}

enum aisle_status sql_append(struct conn *c, const struct decision_write *list,
                             size_t count, int64_t *last_seq, struct aisle_err *err)
{
    int64_t seq = 0, last = 0;
    enum aisle_status status = AISLE_OK;

    if (count > 0 && count <= SQL_EARLY_NUMBERS)
        status = sql_let_go_early(c, err);
    if (status == AISLE_OK && count > 0)
        status = sql_take_numbers(c, "decision", count, &seq, err);
    for (size_t i = 0; i < count && status == AISLE_OK;) {
        struct standing_now standing[AT_ONCE] = {0};
        size_t n = count_alike(&list[i], count - i);

        status = read_standings(c, &list[i], n, standing, err);
        for (size_t k = 0; k < n && status == AISLE_OK; k++, i++) {
            bool appended;

            status = append_one(c, &list[i], &standing[k], seq, &appended, err);
            if (status == AISLE_OK && appended)
                last = seq++;
        }
    }
    if (status == AISLE_OK)
        *last_seq = last;
    return status;
}

struct append_write {
    const struct decision_write *list;
    size_t count;
    int64_t *last_seq;
};

static enum aisle_status write_append(struct conn *c, const void *work,
                                      struct aisle_err *err)
{
    const struct append_write *w = work;

    return sql_append(c, w->list, w->count, w->last_seq, err);
}

static enum aisle_status append(struct store *s, const struct decision_write *list,
                                size_t count, int64_t *last_seq, struct aisle_err *err)
{
    int64_t last = 0;
    const struct append_write w = {list, count, &last};
    enum aisle_status status = sql_write(s, write_append, &w, err);

    if (status == AISLE_OK && last_seq)
        *last_seq = last;
    return status;
}

static enum aisle_status each(struct store *s, const struct log_filter *f,
                              store_decision_fn *fn, void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct decision d;
    struct walk w;

    query_select(&q, &decision_noun);
    query_where_text(&q, "seller_id = ?", f->seller_id);
    query_where_text(&q, "target_id = ?", f->target_id);
    query_where_text(&q, "key = ?", f->key);
    query_where_text(&q, "batch_id = ?", f->batch_id);
    query_where_text(&q, "run_id = ?", f->run_id);
    if (f->has_scope)
        query_where(&q, "scope = ?", sql_text(str_of(decision_scope_name(f->scope))));
    if (f->after_seq)
        query_where(&q, f->newest_first ? "seq < ?" : "seq > ?", sql_int(f->after_seq));
    query_add(&q, f->newest_first ? " ORDER BY seq DESC" : " ORDER BY seq");
    query_limit(&q, f->limit);

    w = walk_begin(s, &decision_noun, &q, err);
    while (walk_next(&w, &d))
        w.status = fn(ctx, &d, err);
    return walk_end(&w);
}

/* ---- what stands ---- */

/* CROSS tells SQLite to begin with the mapping: in order of seq for a seller and target,
 * where it would rather walk the log and sort. */
static void select_standing(struct query *q, const char *hint)
{
    query_columns(q, &decision_noun);
    query_add(q, " FROM mapping m");
    query_add(q, hint);
    query_add(q, " CROSS JOIN decision");
    query_where_plain(q, "decision.seller_id = m.seller_id AND decision.seq = m.seq");
}

static enum aisle_status get(struct store *s, struct str seller_id, struct str target_id,
                             enum decision_scope scope, struct str key,
                             struct arena *arena, struct decision *out,
                             struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    select_standing(&q, "");
    query_where(&q, "m.seller_id = ?", sql_text(seller_id));
    query_where(&q, "m.target_id = ?", sql_text(target_id));
    query_where(&q, "m.scope = ?", sql_text(str_of(decision_scope_name(scope))));
    query_where(&q, "m.key = ?", sql_text(key));
    status = sql_get(s, &decision_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "%s %.*s has no decision for %.*s",
                          decision_scope_name(scope), STR_ARG(key), STR_ARG(target_id));
    return status;
}

/* As many keys as fit in a question; the last one stands in for those there are not, so
 * that it is one statement for any number. */
enum { KEYS_AT_ONCE = 16 };

static enum aisle_status each_of_some(struct store *s, struct query *q,
                                      const struct str *keys, size_t count,
                                      store_decision_fn *fn, void *ctx,
                                      struct aisle_err *err)
{
    struct decision d;
    struct walk w;

    query_where_plain(q, "m.key IN (");
    for (size_t i = 0; i < KEYS_AT_ONCE; i++) {
        query_add(q, i ? ", ?" : "?");
        query_value(q, sql_text(keys[i < count ? i : count - 1]));
    }
    query_add(q, ")");
    w = walk_begin(s, &decision_noun, q, err);
    while (walk_next(&w, &d))
        w.status = fn(ctx, &d, err);
    return walk_end(&w);
}

static enum aisle_status each_of(struct store *s, struct str seller_id,
                                 struct str target_id, enum decision_scope scope,
                                 const struct str *keys, size_t count,
                                 store_decision_fn *fn, void *ctx, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < count && status == AISLE_OK; i += KEYS_AT_ONCE) {
        size_t n = count - i < KEYS_AT_ONCE ? count - i : KEYS_AT_ONCE;
        struct query q = {0};

        select_standing(&q, "");
        query_where(&q, "m.seller_id = ?", sql_text(seller_id));
        query_where(&q, "m.target_id = ?", sql_text(target_id));
        query_where(&q, "m.scope = ?", sql_text(str_of(decision_scope_name(scope))));
        status = each_of_some(s, &q, &keys[i], n, fn, ctx, err);
    }
    return status;
}

/* Only those few that table mapping has an index of their own for. */
static bool are_apart(const struct mapping_filter *f)
{
    static const unsigned apart = 1u << STANDS_REFUSED | 1u << STANDS_CONTESTED |
                                  1u << STANDS_CONFLICT | 1u << STANDS_NONE;

    return f->standings && !(f->standings & ~apart) && str_empty(f->category_id);
}

/* The few rules and seller categories are sorted: + keeps SQLite from walking all that a
 * seller decided on for their order. */
static const char *order_of(const struct mapping_filter *f)
{
    bool few = f->has_scope && f->scope != SCOPE_PRODUCT;

    if (f->newest_first)
        return few ? " ORDER BY +m.seq DESC" : " ORDER BY m.seq DESC";
    return few ? " ORDER BY +m.seq" : " ORDER BY m.seq";
}

static void add_standing_filter(struct query *q, const struct mapping_filter *f)
{
    query_where_text(q, "m.seller_id = ?", f->seller_id);
    query_where_text(q, "m.target_id = ?", f->target_id);
    query_where_text(q, "m.category_id = ?", f->category_id);
    if (f->has_scope)
        query_where(q, "m.scope = ?", sql_text(str_of(decision_scope_name(f->scope))));
    query_where_words(q, "m.state", &sql_state_words, f->states);
    query_where_words(q, "m.stands", &sql_standing_words, f->standings);
    if (are_apart(f))
        query_where_plain(q, SQL_MAPPING_APART);
    if (f->in_tree_only)
        query_where_plain(q, "m.provisional = 0");
    if (f->only_conflicts)
        query_where_plain(q, "decision.conflict = 1");
    if (f->least_confidence > 0)
        query_where(q, "decision.confidence >= ?", sql_real(f->least_confidence));
    if (f->after_seq)
        query_where(q, f->newest_first ? "m.seq < ?" : "m.seq > ?",
                    sql_int(f->after_seq));
}

static enum aisle_status each_mapping(struct store *s, const struct mapping_filter *f,
                                      store_decision_fn *fn, void *ctx,
                                      struct aisle_err *err)
{
    bool hint = are_apart(f) && sql_driver_of(s)->takes_hints;
    struct query q = {0};
    struct decision d;
    struct walk w;

    select_standing(&q, hint ? " INDEXED BY mapping_apart" : "");
    add_standing_filter(&q, f);
    query_add(&q, order_of(f));
    query_limit(&q, f->limit);

    w = walk_begin(s, &decision_noun, &q, err);
    while (walk_next(&w, &d))
        w.status = fn(ctx, &d, err);
    return walk_end(&w);
}

const struct store_decisions sql_decisions = {
    .append = append,
    .get = get,
    .each_of = each_of,
    .each_mapping = each_mapping,
    .each = each,
};
