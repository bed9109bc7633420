/* approvals_ask.c - which approvals are most like a product
 *
 * Likeness is a cosine, block by block, of features weighed by how few approvals have
 * them. The rarest features of a product find the approvals that share most with it; only
 * those are compared in full.
 */
#include "match/approvals_index.h"

#include "base/mem.h"
#include "match/weights.h"

#include <math.h>
#include <stdlib.h>

enum {
    COMPARED = 48, /* approvals compared in full */
    WALKED = 32768 /* places looked at to find them */
};

void approvals_scratch_init(struct approvals_scratch *s)
{
    *s = (struct approvals_scratch){.titles = BUF_INIT(BUF_MAX_REPLY)};
}

void approvals_scratch_clear(struct approvals_scratch *s)
{
    mem_free(s->shared);
    mem_free(s->touched);
    buf_clear(&s->titles);
    approvals_scratch_init(s);
}

static enum aisle_status make_room(struct approvals_scratch *s, uint32_t rows,
                                   struct aisle_err *err)
{
    float *shared;
    uint32_t *touched;

    if (s->cap > rows)
        return AISLE_OK;
    shared = mem_zalloc(rows * 2 + 64, sizeof *shared);
    touched = mem_alloc((rows * 2 + 64) * sizeof *touched);
    if (!shared || !touched) {
        mem_free(shared);
        mem_free(touched);
        return aisle_nomem(err);
    }
    mem_free(s->shared);
    mem_free(s->touched);
    s->shared = shared;
    s->touched = touched;
    s->cap = rows * 2 + 64;
    return AISLE_OK;
}

/* How telling a feature is that so many approvals have; squared. */
static float telling(const struct approvals *a, uint32_t voices)
{
    float of_all =
        a->titled + 1 < LOGS ? a->logs[a->titled + 1] : logf((float)a->titled + 1.5F);
    float of_some = voices < LOGS ? a->logs[voices] : logf((float)voices + 0.5F);

    return (of_all - of_some) * (of_all - of_some);
}

/* The product asked about. */
struct asking {
    const struct approvals *a;
    struct approvals_scratch *s;
    float norms[BLOCKS];     /* squared */
    uint32_t counts[BLOCKS]; /* of features, whether approvals have them or not */
    struct held {
        uint32_t holding, voices;
        uint64_t key;
    } held[FEATURES_MAX]; /* its features that approvals have, rarest first */
    uint32_t held_count, touched;
    uint32_t set[2 * FEATURES_MAX]; /* the same as a hash table: 1 + holding */
};

static int rarest_first(const void *a, const void *b)
{
    const struct held *x = a, *y = b;

    if (x->voices != y->voices)
        return x->voices < y->voices ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static uint32_t *set_place(struct asking *q, uint32_t holding)
{
    const uint32_t mask = 2 * FEATURES_MAX - 1;
    uint32_t i = holding * 2654435761u >> 7 & mask;

    while (q->set[i] && q->set[i] != holding + 1)
        i = (i + 1) & mask;
    return &q->set[i];
}

static void look_up(struct asking *q, const struct feature_list *features)
{
    for (size_t i = 0; i < features->n; i++) {
        const struct feature *f = &features->at[i];
        uint32_t h = numbered_find(&q->a->by_feature, f->key);
        uint32_t voices = h == NUMBERED_NONE ? 0 : q->a->holdings[h].voices;

        if (f->block == BLOCK_ENDS)
            continue;
        q->norms[f->block] += telling(q->a, voices);
        q->counts[f->block]++;
        if (voices == 0)
            continue;
        q->held[q->held_count++] =
            (struct held){.holding = h, .voices = voices, .key = f->key};
        *set_place(q, h) = h + 1;
    }
    qsort(q->held, q->held_count, sizeof *q->held, rarest_first);
}

/* Adds up what approvals share with the product, by its rarest features. */
static void walk(struct asking *q)
{
    uint32_t walked = 0;

    for (uint32_t i = 0; i < q->held_count && walked < WALKED; i++) {
        const struct holding *h = &q->a->holdings[q->held[i].holding];
        float worth = BLOCK_WEIGHTS[h->block] * telling(q->a, h->voices);

        for (uint32_t k = 0; k < h->count; k++) {
            uint32_t r = h->rows[k];

            if (!q->a->rows[r].live)
                continue;
            if (q->s->shared[r] == 0)
                q->s->touched[q->touched++] = r;
            q->s->shared[r] += worth;
        }
        walked += h->live;
    }
}

struct compared {
    uint32_t row;
    float like, same;
};

static bool is_before(const struct approvals *a, struct compared x, struct compared y)
{
    const struct approval *p = &a->rows[x.row], *q = &a->rows[y.row];

    if (x.like != y.like)
        return x.like > y.like;
    if (p->order != q->order)
        return p->order < q->order;
    return strcmp(p->key, q->key) < 0;
}

/* Copies are equally alike: whichever is kept, the answer is the same. */
static bool has_copy(const struct approvals *a, const struct compared *best, size_t count,
                     struct compared one)
{
    for (size_t i = 0; i < count; i++)
        if (a->rows[best[i].row].voice == a->rows[one.row].voice)
            return true;
    return false;
}

/* A title that a shop repeats for every size is one voice. */
static void keep(const struct approvals *a, struct compared *best, size_t cap,
                 size_t *count, struct compared one)
{
    size_t i = *count;

    if (i == cap && !is_before(a, one, best[cap - 1]))
        return;
    if (has_copy(a, best, i, one))
        return;
    if (i == cap)
        i--;
    else
        ++*count;
    for (; i > 0 && is_before(a, one, best[i - 1]); i--)
        best[i] = best[i - 1];
    best[i] = one;
}

/* How much of the longer's words both have; nothing where they speak of other kinds of
 * goods. How rare a word is plays no part: among few approvals, which may be one
 * product in six colours, the words that they all have would tell nothing. */
static float sameness(const struct asking *q, const uint32_t shared[BLOCKS],
                      const uint32_t counts[BLOCKS])
{
    uint32_t words = counts[BLOCK_WORDS];

    if (shared[BLOCK_KINDS] < counts[BLOCK_KINDS] ||
        shared[BLOCK_KINDS] < q->counts[BLOCK_KINDS])
        return 0;
    words = words > q->counts[BLOCK_WORDS] ? words : q->counts[BLOCK_WORDS];
    return words ? (float)shared[BLOCK_WORDS] / (float)words : 0;
}

static struct compared compare(struct asking *q, uint32_t row)
{
    const struct approval *r = &q->a->rows[row];
    float dots[BLOCKS] = {0}, norms[BLOCKS] = {0}, sum = 0, weights = 0;
    uint32_t shared[BLOCKS] = {0}, counts[BLOCKS] = {0};

    for (uint32_t i = 0; i < r->feature_count; i++) {
        const struct holding *h = &q->a->holdings[r->features[i]];
        float worth = telling(q->a, h->voices);

        norms[h->block] += worth;
        counts[h->block]++;
        if (!*set_place(q, r->features[i]))
            continue;
        dots[h->block] += worth;
        shared[h->block]++;
    }
    for (int b = 0; b < BLOCKS; b++) {
        if (norms[b] <= 0 || q->norms[b] <= 0)
            continue; /* one of the two says nothing there */
        sum += BLOCK_WEIGHTS[b] * dots[b] / sqrtf(norms[b] * q->norms[b]);
        weights += BLOCK_WEIGHTS[b];
    }
    return (struct compared){row, weights > 0 ? sum / weights : 0,
                             sameness(q, shared, counts)};
}

static enum aisle_status tell_near(struct asking *q, struct aisle_err *err)
{
    struct compared shared[COMPARED], best[APPROVALS_NEAREST];
    size_t candidates = 0, n = 0, at[APPROVALS_NEAREST];
    struct approvals_scratch *s = q->s;

    for (uint32_t i = 0; i < q->touched; i++) {
        uint32_t r = s->touched[i];

        keep(q->a, shared, COMPARED, &candidates, (struct compared){r, s->shared[r], 0});
        s->shared[r] = 0;
    }
    for (size_t i = 0; i < candidates; i++)
        keep(q->a, best, APPROVALS_NEAREST, &n, compare(q, shared[i].row));
    buf_reset(&s->titles);
    for (size_t i = 0; i < n; i++) {
        at[i] = s->titles.n;
        buf_addz(&s->titles, q->a->rows[best[i].row].title);
    }
    for (size_t i = 0; i < n; i++) {
        size_t end = i + 1 < n ? at[i + 1] : s->titles.n;

        s->near[i] = (struct approval_near){
            .category_id = q->a->categories[q->a->rows[best[i].row].category],
            .title = str_n(buf_str(&s->titles).p + at[i], end - at[i]),
            .likeness = best[i].like,
            .same = best[i].same,
        };
    }
    s->near_count = n;
    return buf_check(&s->titles, "titles of approvals", err);
}

static void tell_shelf(const struct approvals *a, struct approvals_scratch *s,
                       struct str path)
{
    uint32_t number = numbered_find(&a->by_shelf, str_hash(path));
    const struct shelf *shelf;

    s->shelf_count = s->shelf_total = 0;
    if (str_empty(path) || number == NUMBERED_NONE)
        return;
    shelf = &a->shelves[number];
    for (uint32_t k = 0; k < shelf->count; k++) {
        struct approval_shelf one = {a->categories[shelf->leaves[k].category],
                                     shelf->leaves[k].count};
        size_t i = s->shelf_count;

        s->shelf_total += one.count;
        if (one.count == 0)
            continue;
        for (; i > 0 && (s->shelf[i - 1].count < one.count ||
                         (s->shelf[i - 1].count == one.count &&
                          str_cmp(s->shelf[i - 1].category_id, one.category_id) > 0));
             i--)
            if (i < APPROVALS_SHELF)
                s->shelf[i] = s->shelf[i - 1];
        if (i < APPROVALS_SHELF)
            s->shelf[i] = one;
        s->shelf_count += s->shelf_count < APPROVALS_SHELF;
    }
}

enum aisle_status approvals_ask(const struct approvals *a, struct approvals_scratch *s,
                                const struct feature_list *features,
                                struct str seller_category, struct aisle_err *err)
{
    struct asking q = {.a = a, .s = s};
    enum aisle_status status;

    pthread_rwlock_rdlock(approvals_lock(a));
    status = make_room(s, a->row_count, err);
    if (status == AISLE_OK) {
        look_up(&q, features);
        walk(&q);
        status = tell_near(&q, err);
        tell_shelf(a, s, seller_category);
    }
    pthread_rwlock_unlock(approvals_lock(a));
    return status;
}

uint32_t approvals_in(const struct approvals *a, struct str seller_category)
{
    uint32_t number, count = 0;

    pthread_rwlock_rdlock(approvals_lock(a));
    number = numbered_find(&a->by_shelf, str_hash(seller_category));
    if (number != NUMBERED_NONE)
        for (uint32_t i = 0; i < a->shelves[number].count; i++)
            count += a->shelves[number].leaves[i].count;
    pthread_rwlock_unlock(approvals_lock(a));
    return count;
}
