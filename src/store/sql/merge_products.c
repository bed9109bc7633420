/* merge_products.c - products that come in part, made whole with what stands of them */
#include "base/mem.h"
#include "store/sql/products.h"

/* As many ids as fit in a question; the last one stands in for those there are not, so
 * that it is one statement for any number. */
enum { IDS_AT_ONCE = 60 };

/* Of what is kept, before it is put and let go. */
enum { MERGED_BYTES = 16 * 1024 * 1024 };

struct merging {
    const struct products_merge *w;
    struct product *now; /* the list as it becomes */
    struct arena arena;  /* what was added to those not put yet */
    struct put_counts counts;
    put_many_fn *many; /* the driver's */
};

static struct str seller_of(const struct merging *m)
{
    return m->w->list[0].seller_id;
}

static size_t find_id(const struct merging *m, size_t from, size_t to, struct str id)
{
    while (from < to && !str_eq(m->w->list[from].id, id))
        from++;
    return from;
}

/* In a dry run it is compared here, else where it is put. */
static enum aisle_status merge_one(struct merging *m, size_t at,
                                   const struct product *then, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (m->w->merge)
        status = m->w->merge(m->w->ctx, at, then, &m->now[at], &m->arena, err);
    if (m->w->dry && status == AISLE_OK) {
        ++*(product_same(then, &m->now[at]) ? &m->counts.same : &m->counts.changed);
        m->counts.added--;
    }
    return status;
}

static enum aisle_status merge_rows(struct merging *m, struct stmt *st, size_t from,
                                    size_t to, struct aisle_err *err)
{
    struct product then;
    enum aisle_status status;
    bool more = false;

    while ((status = sql_step(st, &more, err)) == AISLE_OK && more) {
        status = noun_read(&sql_product_noun, st, &then, err);
        if (status == AISLE_OK)
            status = merge_one(m, find_id(m, from, to, then.id), &then, err);
        if (status != AISLE_OK)
            break;
    }
    return status;
}

static enum aisle_status merge_some(struct conn *c, struct merging *m, size_t from,
                                    size_t to, struct aisle_err *err)
{
    struct value values[1 + IDS_AT_ONCE] = {sql_text(seller_of(m))};
    struct query q = {0};
    struct stmt *st = NULL;
    enum aisle_status status;

    query_select(&q, &sql_product_noun);
    query_where_plain(&q, "seller_id = ? AND id IN (");
    for (size_t i = 0; i < IDS_AT_ONCE; i++) {
        query_add(&q, i ? ", ?" : "?");
        values[1 + i] = sql_text(m->w->list[from + i < to ? from + i : to - 1].id);
    }
    query_add(&q, ")");
    status = sql_prepare(c, q.text, (struct values){values, 1 + IDS_AT_ONCE}, &st, err);
    if (status == AISLE_OK)
        status = merge_rows(m, st, from, to, err);
    sql_finish(st);
    return status;
}

/* From `from` as far as there is room. */
static enum aisle_status merge_many(struct conn *c, struct merging *m, size_t from,
                                    size_t *to, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    arena_clear(&m->arena);
    for (*to = from; status == AISLE_OK && *to < m->w->count;) {
        size_t rest = m->w->count - *to, n = rest < IDS_AT_ONCE ? rest : IDS_AT_ONCE;

        status = merge_some(c, m, *to, *to + n, err);
        *to += n;
        if (m->arena.used >= MERGED_BYTES)
            break;
    }
    return status;
}

static enum aisle_status put_merged(struct conn *c, struct merging *m, size_t from,
                                    size_t to, struct aisle_err *err)
{
    const struct products_write w = {m->now + from, to - from, m->w->at, &m->counts,
                                     m->many};

    return sql_put_list(c, &w, err);
}

/* Begins from the beginning each time. */
static enum aisle_status run_merging(struct conn *c, struct merging *m,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    memcpy(m->now, m->w->list, m->w->count * sizeof *m->now);
    m->counts = (struct put_counts){.added = m->w->dry ? m->w->count : 0};
    for (size_t from = 0, to = 0; from < m->w->count && status == AISLE_OK; from = to) {
        status = merge_many(c, m, from, &to, err);
        if (status == AISLE_OK && !m->w->dry)
            status = put_merged(c, m, from, to, err);
    }
    return status;
}

static enum aisle_status read_merging(struct conn *c, void *work, struct aisle_err *err)
{
    return run_merging(c, work, err);
}

/* The seller is held before anything is looked at: nobody else changes his products until
 * the commit. */
static enum aisle_status write_merging(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    struct merging *m = *(struct merging *const *)work;
    enum aisle_status status = sql_hold_seller(c, seller_of(m), err);

    return status == AISLE_OK ? run_merging(c, m, err) : status;
}

enum aisle_status sql_merge_products(struct store *s, const struct products_merge *w,
                                     struct put_counts *counts, struct aisle_err *err)
{
    struct merging m = {.w = w,
                        .many = sql_driver_of(s)->put_products,
                        .arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct merging *const work = &m;
    enum aisle_status status;

    if (w->count == 0)
        return AISLE_OK;
    if (!w->merge && !w->dry)
        return sql_put_products(s, w->list, w->count, w->at, counts, err);
    m.now = mem_zalloc(w->count, sizeof *m.now);
    if (!m.now)
        return aisle_nomem(err);
    status = w->dry ? sql_read(s, read_merging, &m, err)
                    : sql_write(s, write_merging, &work, err);
    if (status == AISLE_OK && counts) {
        counts->added += m.counts.added;
        counts->changed += m.counts.changed;
        counts->same += m.counts.same;
    }
    arena_clear(&m.arena);
    mem_free(m.now);
    return status;
}
