/* approvals.c - an inverted index over approved products: who has a feature
 *
 * What is taken back is marked, counted no more, and forgotten in bulk.
 */
#include "match/approvals_index.h"

#include "base/mem.h"

#include <math.h>

#define SPREAD UINT64_C(0x9e3779b97f4a7c15)

enum {
    FORGET = 1024,  /* taken back before they are forgotten in bulk */
    WHOLE_SHELF = 5 /* products that one word on a whole seller category counts for */
};

enum aisle_status approvals_new(struct approvals **out, struct aisle_err *err)
{
    struct approvals *a = mem_zalloc(1, sizeof *a);
    enum aisle_status status;

    if (!a)
        return aisle_nomem(err);
    pthread_rwlock_init(&a->lock, NULL);
    a->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    for (int n = 0; n < LOGS; n++)
        a->logs[n] = logf((float)n + 0.5F);
    status = feature_maker_init(&a->maker, err);
    if (status != AISLE_OK) {
        approvals_free(a);
        return status;
    }
    *out = a;
    return AISLE_OK;
}

static void free_row(struct approval *r)
{
    mem_free(r->key);
    mem_free(r->title);
    mem_free(r->features);
}

void approvals_free(struct approvals *a)
{
    if (!a)
        return;
    for (uint32_t i = 0; i < a->row_count; i++)
        free_row(&a->rows[i]);
    for (uint32_t i = 0; i < a->holding_count; i++)
        mem_free(a->holdings[i].rows);
    for (uint32_t i = 0; i < a->shelf_count; i++)
        mem_free(a->shelves[i].leaves);
    mem_free(a->rows);
    mem_free(a->holdings);
    mem_free(a->shelves);
    mem_free(a->categories);
    mem_free(a->voices);
    numbered_clear(&a->by_voice);
    numbered_clear(&a->by_key);
    numbered_clear(&a->by_feature);
    numbered_clear(&a->by_shelf);
    numbered_clear(&a->by_category);
    feature_maker_clear(&a->maker);
    arena_clear(&a->arena);
    pthread_rwlock_destroy(&a->lock);
    mem_free(a);
}

size_t approvals_count(const struct approvals *a)
{
    size_t n;

    pthread_rwlock_rdlock(approvals_lock(a));
    n = a->live;
    pthread_rwlock_unlock(approvals_lock(a));
    return n;
}

size_t approvals_voices(const struct approvals *a)
{
    size_t n;

    pthread_rwlock_rdlock(approvals_lock(a));
    n = a->heard;
    pthread_rwlock_unlock(approvals_lock(a));
    return n;
}

/* ---- things by number ---- */

/* Number of a category, new or known; NUMBERED_NONE without memory. Two ids of one hash
 * stand at the next free numbers. */
static uint32_t category_number(struct approvals *a, struct str id)
{
    uint64_t hash = str_hash(id);
    void *list = a->categories;
    uint32_t c;
    struct str copy;

    for (; (c = numbered_find(&a->by_category, hash)) != NUMBERED_NONE; hash++)
        if (str_eq(a->categories[c], id))
            return c;
    copy = arena_str(&a->arena, id);
    if (!copy.p ||
        !list_grow(&list, a->category_count, &a->category_cap, sizeof *a->categories))
        return NUMBERED_NONE;
    a->categories = list;
    if (!numbered_set(&a->by_category, hash, a->category_count))
        return NUMBERED_NONE;
    a->categories[a->category_count] = copy;
    return a->category_count++;
}

static uint32_t shelf_number(struct approvals *a, struct str path)
{
    uint64_t hash = str_hash(path);
    void *list = a->shelves;
    uint32_t s = numbered_find(&a->by_shelf, hash);

    if (s != NUMBERED_NONE)
        return s;
    if (!list_grow(&list, a->shelf_count, &a->shelf_cap, sizeof *a->shelves))
        return NUMBERED_NONE;
    a->shelves = list;
    if (!numbered_set(&a->by_shelf, hash, a->shelf_count))
        return NUMBERED_NONE;
    a->shelves[a->shelf_count] = (struct shelf){0};
    return a->shelf_count++;
}

/* By all that it says, as one number. */
static uint32_t voice_number(struct approvals *a, uint64_t says)
{
    uint32_t v = numbered_find(&a->by_voice, says);
    void *list = a->voices;

    if (v != NUMBERED_NONE)
        return v;
    if (!list_grow(&list, a->voice_count, &a->voice_cap, sizeof *a->voices))
        return NUMBERED_NONE;
    a->voices = list;
    if (!numbered_set(&a->by_voice, says, a->voice_count))
        return NUMBERED_NONE;
    a->voices[a->voice_count] = 0;
    return a->voice_count++;
}

/* The holding of a feature, with room for one row more. */
static uint32_t holding_number(struct approvals *a, const struct feature *f)
{
    uint32_t h = numbered_find(&a->by_feature, f->key);
    void *list = a->holdings;

    if (h == NUMBERED_NONE) {
        if (!list_grow(&list, a->holding_count, &a->holding_cap, sizeof *a->holdings))
            return NUMBERED_NONE;
        a->holdings = list;
        if (!numbered_set(&a->by_feature, f->key, a->holding_count))
            return NUMBERED_NONE;
        h = a->holding_count++;
        a->holdings[h] = (struct holding){.key = f->key, .block = f->block};
    }
    list = a->holdings[h].rows;
    if (!list_grow(&list, a->holdings[h].count, &a->holdings[h].cap, sizeof(uint32_t)))
        return NUMBERED_NONE;
    a->holdings[h].rows = list;
    return h;
}

/* The leaf's count on a shelf, with room made for it; NULL without memory. */
static struct leaf_count *leaf_on(struct shelf *s, uint32_t category)
{
    void *list = s->leaves;

    for (uint32_t i = 0; i < s->count; i++)
        if (s->leaves[i].category == category)
            return &s->leaves[i];
    if (!list_grow(&list, s->count, &s->cap, sizeof *s->leaves))
        return NULL;
    s->leaves = list;
    s->leaves[s->count] = (struct leaf_count){.category = category};
    return &s->leaves[s->count++];
}

/* The row decided on key, taken back or not; else *hash is where it would stand. */
static uint32_t row_of(const struct approvals *a, struct str key, uint64_t *hash)
{
    uint32_t r;

    for (*hash = str_hash(key); (r = numbered_find(&a->by_key, *hash)) != NUMBERED_NONE;
         ++*hash)
        if (str_eq(str_of(a->rows[r].key), key))
            return r;
    return NUMBERED_NONE;
}

/* ---- adding and taking back ---- */

static void take_back(struct approvals *a, struct approval *r)
{
    bool last = --a->voices[r->voice] == 0;

    r->live = false;
    a->live--;
    a->heard -= last;
    a->titled -= last && r->feature_count > 0;
    for (uint32_t i = 0; i < r->feature_count; i++) {
        a->holdings[r->features[i]].live--;
        a->holdings[r->features[i]].voices -= last;
    }
    if (r->shelf != NUMBERED_NONE)
        leaf_on(&a->shelves[r->shelf], r->category)->count -= r->weight;
}

/* Rows taken back go; the others move together. A row keeps its number's order. */
static void forget(struct approvals *a)
{
    uint32_t *moved = mem_alloc((a->row_count + 1) * sizeof *moved), n = 0;

    if (!moved)
        return; /* later, then */
    for (uint32_t r = 0; r < a->row_count; r++) {
        moved[r] = a->rows[r].live ? n : NUMBERED_NONE;
        if (a->rows[r].live)
            a->rows[n++] = a->rows[r];
        else
            free_row(&a->rows[r]);
    }
    a->row_count = n;
    for (uint32_t h = 0; h < a->holding_count; h++) {
        struct holding *held = &a->holdings[h];
        uint32_t kept = 0;

        for (uint32_t i = 0; i < held->count; i++)
            if (moved[held->rows[i]] != NUMBERED_NONE)
                held->rows[kept++] = moved[held->rows[i]];
        held->count = kept;
    }
    mem_free(moved);
    if (a->by_key.at) /* it was as large before */
        memset(a->by_key.at, 0, ((size_t)a->by_key.mask + 1) * sizeof *a->by_key.at);
    a->by_key.used = 0;
    for (uint32_t r = 0; r < a->row_count; r++) {
        uint64_t hash;

        row_of(a, str_of(a->rows[r].key), &hash);
        numbered_set(&a->by_key, hash, r);
    }
}

/* All that can fail of adding a row; nothing of it shows yet. */
static enum aisle_status prepare(struct approvals *a, struct str key,
                                 const struct labelled *row, bool discreet,
                                 struct approval *out, struct aisle_err *err)
{
    struct str title = discreet ? (struct str){"", 0} : row->text.title;
    void *rows = a->rows;
    bool titled = !str_empty(row->text.title);
    uint64_t says;
    enum aisle_status status = AISLE_OK;

    a->features.n = 0;
    if (titled)
        status = features_make(&a->maker, &row->text, &a->features, err);
    if (status != AISLE_OK)
        return status;
    *out = (struct approval){
        .key = mem_dup(key.p, key.n),
        .title = mem_dup(title.p, title.n),
        .features = mem_alloc((a->features.n + 1) * sizeof *out->features),
        .category = category_number(a, row->category_id),
        .shelf = NUMBERED_NONE,
        .weight = titled ? 1 : WHOLE_SHELF,
        .order = str_hash(key) * SPREAD,
        .live = true,
    };
    if (!out->key || !out->title || !out->features || out->category == NUMBERED_NONE ||
        !list_grow(&rows, a->row_count, &a->row_cap, sizeof *a->rows))
        return aisle_nomem(err);
    a->rows = rows;
    if (!str_empty(row->text.seller_category)) {
        out->shelf = shelf_number(a, row->text.seller_category);
        if (out->shelf == NUMBERED_NONE ||
            !leaf_on(&a->shelves[out->shelf], out->category))
            return aisle_nomem(err);
    }
    says = str_hash(title) + str_hash(row->text.seller_category) * SPREAD + out->category;
    for (size_t i = 0; i < a->features.n; i++) {
        uint32_t h;

        if (a->features.at[i].block == BLOCK_ENDS)
            continue; /* they were not there when likeness was weighed (decide.h) */
        h = holding_number(a, &a->features.at[i]);
        if (h == NUMBERED_NONE)
            return aisle_nomem(err);
        out->features[out->feature_count++] = h;
        says += a->features.at[i].key * SPREAD;
    }
    out->voice = voice_number(a, says * SPREAD);
    return out->voice == NUMBERED_NONE ? aisle_nomem(err) : AISLE_OK;
}

static void append(struct approvals *a, const struct approval *row)
{
    uint32_t r = a->row_count++;
    bool first = a->voices[row->voice]++ == 0;

    a->rows[r] = *row;
    a->live++;
    a->heard += first;
    a->titled += first && row->feature_count > 0;
    for (uint32_t i = 0; i < row->feature_count; i++) {
        struct holding *h = &a->holdings[row->features[i]];

        h->rows[h->count++] = r;
        h->live++;
        h->voices += first;
    }
    if (row->shelf != NUMBERED_NONE)
        leaf_on(&a->shelves[row->shelf], row->category)->count += row->weight;
}

static enum aisle_status add(struct approvals *a, struct str key,
                             const struct labelled *row, bool discreet,
                             struct aisle_err *err)
{
    struct approval new = {0};
    uint64_t hash;
    uint32_t before = row_of(a, key, &hash);
    enum aisle_status status;

    if (a->live >= APPROVALS_MAX && before == NUMBERED_NONE)
        return aisle_fail(err, AISLE_LIMIT, "over %d approvals: train a model of them",
                          APPROVALS_MAX);
    status = prepare(a, key, row, discreet, &new, err);
    if (status == AISLE_OK && !numbered_set(&a->by_key, hash, a->row_count))
        status = aisle_nomem(err);
    if (status != AISLE_OK) {
        free_row(&new);
        return status;
    }
    if (before != NUMBERED_NONE && a->rows[before].live)
        take_back(a, &a->rows[before]);
    append(a, &new);
    if (a->row_count - a->live > FORGET && a->row_count > 2 * a->live)
        forget(a);
    return AISLE_OK;
}

enum aisle_status approvals_add(struct approvals *a, struct str key,
                                const struct labelled *row, struct aisle_err *err)
{
    enum aisle_status status;

    pthread_rwlock_wrlock(&a->lock);
    status = add(a, key, row, false, err);
    pthread_rwlock_unlock(&a->lock);
    return status;
}

enum aisle_status approvals_add_discreet(struct approvals *a, struct str key,
                                         const struct labelled *row,
                                         struct aisle_err *err)
{
    enum aisle_status status;

    pthread_rwlock_wrlock(&a->lock);
    status = add(a, key, row, true, err);
    pthread_rwlock_unlock(&a->lock);
    return status;
}

bool approvals_remove(struct approvals *a, struct str key)
{
    uint64_t hash;
    uint32_t r;
    bool found;

    pthread_rwlock_wrlock(&a->lock);
    r = row_of(a, key, &hash);
    found = r != NUMBERED_NONE && a->rows[r].live;
    if (found)
        take_back(a, &a->rows[r]);
    pthread_rwlock_unlock(&a->lock);
    return found;
}
