/* work.c - what a run brings step by step, and runs themselves */
#include "base/mem.h"
#include "store/sql/rows.h"

#define RUN_COUNT(member) COLUMN(struct run, counts.member, #member, MEMBER_INT)

static const struct column run_columns[] = {
    COLUMN(struct run, id, "id", MEMBER_TEXT),
    COLUMN(struct run, kind, "kind", MEMBER_TEXT),
    COLUMN(struct run, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct run, target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct run, policy, "policy", MEMBER_TEXT),
    COLUMN(struct run, parameters, "parameters", MEMBER_TEXT),
    COLUMN_WORD(struct run, state, "state", &sql_run_words),
    COLUMN(struct run, text, "text", MEMBER_TEXT),
    COLUMN(struct run, request_ids, "request_ids", MEMBER_TEXT),
    COLUMN(struct run, answer.code, "answer_code", MEMBER_TEXT),
    COLUMN(struct run, answer.message, "answer_message", MEMBER_TEXT),
    COLUMN(struct run, answer.reason, "answer_reason", MEMBER_TEXT),
    COLUMN(struct run, answer.process_time_s, "process_time_s", MEMBER_REAL),
    RUN_COUNT(total),
    RUN_COUNT(done),
    RUN_COUNT(mapped),
    RUN_COUNT(refused),
    RUN_COUNT(without_image),
    RUN_COUNT(failed),
    RUN_COUNT(conflicts),
    RUN_COUNT(need_person),
    RUN_COUNT(skipped),
    RUN_COUNT(by_local),
    RUN_COUNT(by_marketplace),
    RUN_COUNT(by_seller_category),
    RUN_COUNT(by_rule),
    RUN_COUNT(calls),
    RUN_COUNT(uploads),
    RUN_COUNT(recommends),
    RUN_COUNT(saved),
    COLUMN(struct run, started_at, "started_at", MEMBER_INT),
    COLUMN(struct run, finished_at, "finished_at", MEMBER_INT),
    COLUMN(struct run, owner, "owner", MEMBER_TEXT),
    COLUMN(struct run, lease_until, "lease_until", MEMBER_INT),
};
static const struct noun run_noun = NOUN("run", struct run, run_columns, 1);

static const struct column item_columns[] = {
    COLUMN(struct run_item, run_id, "run_id", MEMBER_TEXT),
    COLUMN(struct run_item, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct run_item, product_id, "product_id", MEMBER_TEXT),
    COLUMN_WORD(struct run_item, state, "state", &sql_item_words),
    COLUMN(struct run_item, category_id, "category_id", MEMBER_TEXT),
    COLUMN_WORD(struct run_item, by, "decided_by", &sql_item_advisor_words),
    COLUMN(struct run_item, code, "code", MEMBER_TEXT),
    COLUMN(struct run_item, text, "text", MEMBER_TEXT),
    COLUMN(struct run_item, at, "at", MEMBER_INT),
};
static const struct noun item_noun = NOUN("run_item", struct run_item, item_columns, 3);

static const struct column answer_columns[] = {
    COLUMN(struct answer, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct answer, target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct answer, question, "question", MEMBER_TEXT),
    COLUMN(struct answer, category_id, "category_id", MEMBER_TEXT),
    COLUMN(struct answer, failed, "failed", MEMBER_BOOL),
    COLUMN(struct answer, refusal_code, "refusal_code", MEMBER_TEXT),
    COLUMN(struct answer, refusal_text, "refusal_text", MEMBER_TEXT),
    COLUMN(struct answer, request_id, "request_id", MEMBER_TEXT),
    COLUMN(struct answer, with_image, "with_image", MEMBER_BOOL),
    COLUMN(struct answer, at, "at", MEMBER_INT),
};
static const struct noun answer_noun = NOUN("answer", struct answer, answer_columns, 3);

static const struct column suggestion_columns[] = {
    COLUMN(struct suggestion, category_id, "category_id", MEMBER_TEXT),
    COLUMN(struct suggestion, confidence, "confidence", MEMBER_REAL),
    COLUMN_WORD(struct suggestion, advisor, "advisor", &sql_advisor_words),
    COLUMN(struct suggestion, reasons, "reasons", MEMBER_TEXT),
};
static const struct noun suggestion_noun =
    NOUN("suggestion", struct suggestion, suggestion_columns, 0);

/* ---- a step ---- */

static enum aisle_status no_run(struct str id, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no run %.*s", STR_ARG(id));
}

/* The same in one statement, which fails by dividing by nothing. */
static enum aisle_status hope_for_owner(struct conn *c, const struct run *run,
                                        struct aisle_err *err)
{
    c->hoped = true;
    return sql_run(c,
                   "SELECT 1 / (CASE WHEN owner = ? THEN 1 ELSE 0 END) FROM run "
                   "WHERE id = ? FOR NO KEY UPDATE",
                   SQL_VALUES(sql_text(run->owner), sql_text(run->id)), err);
}

/* A run that another process took over is no longer written to by the one that lost it.
 */
static enum aisle_status check_owner(struct conn *c, const struct run *run,
                                     struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status = sql_hold(c, "run", "id", run->id, err);

    if (status == AISLE_OK)
        status = sql_prepare(c, "SELECT owner FROM run WHERE id = ?",
                             SQL_VALUES(sql_text(run->id)), &st, err);
    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK && row && !str_eq(sql_column(st, 0), run->owner))
        status = aisle_fail(err, AISLE_CONFLICT, "run %.*s was taken over by %.*s",
                            STR_ARG(run->id), STR_ARG(sql_column(st, 0)));
    sql_finish(st);
    return status;
}

static enum aisle_status write_image(struct conn *c, const struct run_step *step,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (step->pushed)
        status = sql_put_pushed(c, step->pushed, err);
    if (status == AISLE_OK && step->refused)
        status = sql_put_refused(c, step->refused, err);
    if (status == AISLE_OK && !str_empty(step->link_image_id))
        status = sql_link_image(c, step->seller_id, step->link_image_id, step->shop_id,
                                step->link_channel_image_id, err);
    return status;
}

/* For which target the suggestions of an item are: its run's, which is here or stored. */
static enum aisle_status find_target(struct conn *c, const struct run_step *step,
                                     struct str run_id, struct arena *arena,
                                     struct str *target_id, struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status;

    if (step->run && str_eq(step->run->id, run_id)) {
        *target_id = step->run->target_id;
        return AISLE_OK;
    }
    status = sql_prepare(c, "SELECT target_id FROM run WHERE id = ?",
                         SQL_VALUES(sql_text(run_id)), &st, err);
    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK && !row)
        status = no_run(run_id, err);
    if (status == AISLE_OK) {
        *target_id = arena_str(arena, sql_column(st, 0));
        status = target_id->p ? AISLE_OK : aisle_nomem(err);
    }
    sql_finish(st);
    return status;
}

static enum aisle_status write_suggestion(struct conn *c, const struct run_item *item,
                                          struct str target_id, size_t place,
                                          const struct suggestion *s,
                                          struct aisle_err *err)
{
    return sql_run(
        c,
        "INSERT INTO suggestion (seller_id, target_id, product_id, place, category_id, "
        "confidence, advisor, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        SQL_VALUES(sql_text(item->seller_id), sql_text(target_id),
                   sql_text(item->product_id), sql_int((int64_t)place),
                   sql_text(s->category_id), sql_real(s->confidence),
                   sql_text(str_of(advisor_name(s->advisor))), sql_text(s->reasons)),
        err);
}

static enum aisle_status replace_suggestions(struct conn *c, const struct step_item *i,
                                             struct str target_id, struct aisle_err *err)
{
    enum aisle_status status =
        sql_run(c,
                "DELETE FROM suggestion WHERE seller_id = ? AND product_id = ? "
                "AND target_id = ?",
                SQL_VALUES(sql_text(i->item.seller_id), sql_text(i->item.product_id),
                           sql_text(target_id)),
                err);

    for (size_t n = 0; n < i->suggestion_count && status == AISLE_OK; n++)
        status = write_suggestion(c, &i->item, target_id, n, &i->suggestions[n], err);
    return status;
}

static enum aisle_status write_item(struct conn *c, const struct run_step *step,
                                    const struct step_item *i, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct str target_id;
    enum aisle_status status = noun_put(c, &item_noun, &i->item, err);

    if (status == AISLE_OK && i->suggestions) {
        status = find_target(c, step, i->item.run_id, &arena, &target_id, err);
        if (status == AISLE_OK)
            status = replace_suggestions(c, i, target_id, err);
    }
    arena_clear(&arena);
    return status;
}

/* ---- many items at once ---- */

/* The n-th suggestion of an item. */
struct placed {
    const struct step_item *item;
    size_t place;
};

struct hoped_items {
    const struct run_step *step;
    struct placed *suggestions;
    size_t suggestion_count;
};

static void fill_item(const void *ctx, size_t i, struct value *values)
{
    const struct hoped_items *h = ctx;

    noun_fill(&item_noun, &h->step->items[i].item, values);
}

static void fill_suggested(const void *ctx, size_t i, struct value *v)
{
    const struct hoped_items *h = ctx;
    const struct step_item *item = &h->step->items[i];

    *v++ = sql_text(item->item.seller_id);
    *v++ = sql_text(item->item.product_id);
    *v++ = sql_text(h->step->run->target_id);
    *v = sql_int(item->suggestions != NULL);
}

static void fill_suggestion(const void *ctx, size_t i, struct value *v)
{
    const struct hoped_items *h = ctx;
    const struct placed *p = &h->suggestions[i];
    const struct suggestion *s = &p->item->suggestions[p->place];

    *v++ = sql_text(p->item->item.seller_id);
    *v++ = sql_text(h->step->run->target_id);
    *v++ = sql_text(p->item->item.product_id);
    *v++ = sql_int((int64_t)p->place);
    *v++ = sql_text(s->category_id);
    *v++ = sql_real(s->confidence);
    *v++ = sql_text(str_of(advisor_name(s->advisor)));
    *v = sql_text(s->reasons);
}

static const char put_items[] =
    "INSERT INTO run_item (run_id, seller_id, product_id, state, category_id, "
    "decided_by, code, text, at) SELECT run_id, seller_id, product_id, state, "
    "category_id, decided_by, code, text, at FROM rows ON CONFLICT (run_id, seller_id, "
    "product_id) DO UPDATE SET state = excluded.state, "
    "category_id = excluded.category_id, decided_by = excluded.decided_by, "
    "code = excluded.code, text = excluded.text, at = excluded.at";
/* OFFSET 0: looked up by key for each row, where the planner, who knows nothing of a
 * table that grows under it, might walk through all there are. */
static const char drop_suggestions[] =
    "DELETE FROM suggestion WHERE ctid = ANY (ARRAY(SELECT f.tid FROM rows r CROSS JOIN "
    "LATERAL (SELECT s.ctid AS tid FROM suggestion s WHERE s.seller_id = r.seller_id AND "
    "s.target_id = r.target_id AND s.product_id = r.product_id OFFSET 0) f "
    "WHERE r.suggested = 1))";

/* Alike enough to be written together: of one seller, for the run that comes along. */
static bool are_alike(const struct run_step *step)
{
    for (size_t i = 0; i < step->item_count; i++)
        if (!step->run || !str_eq(step->items[i].item.run_id, step->run->id) ||
            !str_eq(step->items[i].item.seller_id, step->items[0].item.seller_id))
            return false;
    return step->item_count > 0;
}

/* False without memory. */
static bool place_suggestions(struct hoped_items *h)
{
    size_t count = 0;

    for (size_t i = 0; i < h->step->item_count; i++)
        if (h->step->items[i].suggestions)
            count += h->step->items[i].suggestion_count;
    if (!count)
        return true;
    h->suggestions = mem_alloc(count * sizeof *h->suggestions);
    if (!h->suggestions)
        return false;
    for (size_t i = 0; i < h->step->item_count; i++) {
        const struct step_item *item = &h->step->items[i];

        for (size_t n = 0; item->suggestions && n < item->suggestion_count; n++)
            h->suggestions[h->suggestion_count++] = (struct placed){item, n};
    }
    return true;
}

static enum aisle_status hope_for_items(struct conn *c, const struct run_step *step,
                                        struct aisle_err *err)
{
    struct hoped_items h = {.step = step};
    const struct new_rows items = {
        .columns = "run_id, seller_id, product_id, state, category_id, decided_by, code, "
                   "text, at",
        .column_count = 9,
        .count = step->item_count,
        .fill = fill_item,
        .ctx = &h};
    const struct new_rows suggested = {.columns =
                                           "seller_id, product_id, target_id, suggested",
                                       .column_count = 4,
                                       .count = step->item_count,
                                       .fill = fill_suggested,
                                       .ctx = &h};
    struct new_rows suggestions = {
        .table = "suggestion",
        .columns = "seller_id, target_id, product_id, place, category_id, confidence, "
                   "advisor, reasons",
        .column_count = 8,
        .fill = fill_suggestion,
        .ctx = &h};
    enum aisle_status status;

    if (!place_suggestions(&h))
        return aisle_nomem(err);
    suggestions.count = h.suggestion_count;
    status = sql_with_rows(c, put_items, &items, err);
    if (status == AISLE_OK)
        status = sql_with_rows(c, drop_suggestions, &suggested, err);
    if (status == AISLE_OK && h.suggestion_count)
        status = sql_add(c, &suggestions, err);
    mem_free(h.suggestions);
    return status;
}

static enum aisle_status write_items(struct conn *c, const struct run_step *step,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (sql_hopes(c) && are_alike(step))
        return hope_for_items(c, step, err);
    for (size_t i = 0; i < step->item_count && status == AISLE_OK; i++)
        status = write_item(c, step, &step->items[i], err);
    return status;
}

/* Decisions come last: their numbers keep other writers waiting until the commit. */
static enum aisle_status write_step(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct run_step *step = work;
    enum aisle_status status = AISLE_OK;

    if (step->hold)
        status = sql_check_hold(c, step->hold, err);
    else if (step->run && sql_hopes(c))
        status = hope_for_owner(c, step->run, err);
    else if (step->run)
        status = check_owner(c, step->run, err);
    if (status == AISLE_OK && step->run)
        status = sql_put_run(c, step->run, err);
    if (status == AISLE_OK)
        status = write_image(c, step, err);
    if (status == AISLE_OK && step->answer)
        status = noun_put(c, &answer_noun, step->answer, err);
    if (status == AISLE_OK && step->provisional)
        status = sql_put_provisional(c, step->provisional, err);
    if (status == AISLE_OK)
        status = write_items(c, step, err);
    if (status == AISLE_OK)
        status = sql_append_all(c, step->decisions, step->decision_count, err);
    return status;
}

static enum aisle_status put_step(struct store *s, const struct run_step *step,
                                  struct aisle_err *err)
{
    return sql_write(s, write_step, step, err);
}

/* ---- what steps brought ---- */

static enum aisle_status get_answer(struct store *s, struct str seller_id,
                                    struct str target_id, struct str question,
                                    struct arena *arena, struct answer *out,
                                    struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &answer_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "target_id = ?", sql_text(target_id));
    query_where(&q, "question = ?", sql_text(question));
    status = sql_get(s, &answer_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "this was not asked for %.*s yet",
                          STR_ARG(target_id));
    return status;
}

static enum aisle_status each_suggestion(
    struct store *s, struct str seller_id, struct str target_id, struct str product_id,
    enum aisle_status (*fn)(void *ctx, const struct suggestion *, struct aisle_err *),
    void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct suggestion suggestion;
    struct walk w;

    query_select(&q, &suggestion_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "target_id = ?", sql_text(target_id));
    query_where(&q, "product_id = ?", sql_text(product_id));
    query_add(&q, " ORDER BY place");
    w = walk_begin(s, &suggestion_noun, &q, err);
    while (walk_next(&w, &suggestion))
        w.status = fn(ctx, &suggestion, err);
    return walk_end(&w);
}

static enum aisle_status
each_item(struct store *s, const struct item_filter *f,
          enum aisle_status (*fn)(void *ctx, const struct run_item *, struct aisle_err *),
          void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct run_item item;
    struct walk w;

    query_select(&q, &item_noun);
    query_where(&q, "run_id = ?", sql_text(f->run_id));
    if (!str_empty(f->after_seller)) {
        query_where(&q, "(seller_id, product_id) > (?, ?)", sql_text(f->after_seller));
        query_value(&q, sql_text(f->after_product));
    }
    if (f->has_state)
        query_where(&q, "state = ?", sql_text(str_of(item_state_name(f->state))));
    if (f->has_state && f->state != ITEM_MAPPED)
        query_where_plain(&q, "state <> 'mapped'"); /* run_item_apart */
    query_add(&q, " ORDER BY seller_id, product_id");
    query_limit(&q, f->limit);
    w = walk_begin(s, &item_noun, &q, err);
    while (walk_next(&w, &item))
        w.status = fn(ctx, &item, err);
    return walk_end(&w);
}

/* ---- runs ---- */

enum aisle_status sql_put_run(struct conn *c, const struct run *run,
                              struct aisle_err *err)
{
    return noun_put(c, &run_noun, run, err);
}

static enum aisle_status write_run(struct conn *c, const void *work,
                                   struct aisle_err *err)
{
    return sql_put_run(c, work, err);
}

static enum aisle_status put_run(struct store *s, const struct run *run,
                                 struct aisle_err *err)
{
    return sql_write(s, write_run, run, err);
}

static enum aisle_status get_run(struct store *s, struct str id, struct arena *arena,
                                 struct run *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &run_noun);
    query_where(&q, "id = ?", sql_text(id));
    status = sql_get(s, &run_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_run(id, err) : status;
}

static enum aisle_status page_runs(struct store *s, const struct run_filter *f,
                                   enum aisle_status (*fn)(void *ctx, const struct run *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct run run;
    struct walk w;

    query_select(&q, &run_noun);
    query_where_text(&q, "kind = ?", f->kind);
    query_where_text(&q, "seller_id = ?", f->seller_id);
    query_where_text(&q, "target_id = ?", f->target_id);
    query_where_words(&q, "state", &sql_run_words, f->states);
    if (!str_empty(f->before_id)) {
        query_where(&q, "(started_at, id) < (?, ?)", sql_int(f->before_at));
        query_value(&q, sql_text(f->before_id));
    }
    query_add(&q, " ORDER BY started_at DESC, id DESC");
    query_limit(&q, f->limit);
    w = walk_begin(s, &run_noun, &q, err);
    while (walk_next(&w, &run))
        w.status = fn(ctx, &run, err);
    return walk_end(&w);
}

static enum aisle_status each_run(struct store *s, struct str kind, size_t limit,
                                  enum aisle_status (*fn)(void *ctx, const struct run *,
                                                          struct aisle_err *),
                                  void *ctx, struct aisle_err *err)
{
    const struct run_filter filter = {.kind = kind, .limit = limit};

    return page_runs(s, &filter, fn, ctx, err);
}

const struct store_work sql_work = {
    .put_step = put_step,
    .get_answer = get_answer,
    .each_suggestion = each_suggestion,
    .put_run = put_run,
    .get_run = get_run,
    .each_run = each_run,
    .page_runs = page_runs,
    .each_item = each_item,
};
