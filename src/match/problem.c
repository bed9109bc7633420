/* problem.c - rows to features to numbered, weighted values */
#include "match/problem.h"

#include "base/mem.h"
#include "match/kin.h"
#include "match/weights.h"

#include <math.h>
#include <stdlib.h>

/* One row before its features have numbers. */
struct source {
    const struct labelled *row; /* NULL: a name of the tree */
    struct product_text text;
    uint32_t label;
    uint8_t fold;
};

struct building {
    const struct taxonomy *tree;
    struct arena *arena;
    struct problem *out;
    uint32_t *node_of; /* of each row of the tree; UINT32_MAX */
    uint32_t *row_of;  /* of each node */
    uint32_t *parents;
    struct source *sources;
    size_t source_count, source_cap;

    struct feature_maker maker;
    struct feature_list list;
    uint64_t *keys;
    uint32_t *counts;
    uint8_t *blocks;
    uint32_t feature_count, feature_cap;
    uint32_t *buckets, bucket_mask; /* 1 + feature */
    struct linear_value *values;
    size_t value_count, value_cap;
};

/* ---- nodes ---- */

static bool is_leaf(const struct category *c)
{
    return c->leaf && c->child_count == 0;
}

static void add_node(struct building *b, uint32_t row)
{
    struct linear_problem *p = &b->out->linear;

    b->node_of[row] = p->nodes;
    b->row_of[p->nodes++] = row;
}

/* How many ways lead down from each ancestor of a leaf. */
static uint32_t *count_ways(const struct taxonomy *tree)
{
    uint32_t *ways = mem_zalloc(tree->count + 1, sizeof *ways);

    for (uint32_t leaf = 0; ways && leaf < tree->count; leaf++) {
        uint32_t row =
            is_leaf(&tree->rows[leaf]) ? tree->rows[leaf].parent : TAXONOMY_NONE;

        while (row != TAXONOMY_NONE && ways[row]++ == 0)
            row = tree->rows[row].parent;
    }
    return ways;
}

/* Ancestors of a leaf, from the top down. One with a single child below it says nothing
 * that the child does not, and is left out. */
static void add_ancestors(struct building *b, uint32_t row, const uint32_t *ways)
{
    uint32_t chain[TAXONOMY_MAX_DEPTH], n = 0;

    for (row = b->tree->rows[row].parent;
         row != TAXONOMY_NONE && b->node_of[row] == UINT32_MAX && n < TAXONOMY_MAX_DEPTH;
         row = b->tree->rows[row].parent)
        chain[n++] = row;
    while (n-- > 0)
        if (ways[chain[n]] > 1)
            add_node(b, chain[n]);
}

/* The nearest ancestor that is a node. */
static uint32_t parent_of(const struct building *b, uint32_t row)
{
    do
        row = b->tree->rows[row].parent;
    while (row != TAXONOMY_NONE && b->node_of[row] == UINT32_MAX);
    return row == TAXONOMY_NONE ? UINT32_MAX : b->node_of[row];
}

static bool number_nodes(struct building *b)
{
    const struct taxonomy *tree = b->tree;
    struct linear_problem *p = &b->out->linear;
    uint32_t *ways;

    b->node_of = arena_alloc(b->arena, (tree->count + 1) * sizeof *b->node_of);
    b->row_of = arena_alloc(b->arena, (tree->count + 1) * sizeof *b->row_of);
    b->parents = arena_alloc(b->arena, (tree->count + 1) * sizeof *b->parents);
    if (!b->node_of || !b->row_of || !b->parents || !(ways = count_ways(tree)))
        return false;
    memset(b->node_of, 0xFF, tree->count * sizeof *b->node_of);
    for (uint32_t row = 0; row < tree->count; row++)
        if (is_leaf(&tree->rows[row]))
            add_node(b, row);
    p->leaves = p->nodes;
    for (uint32_t leaf = 0; leaf < p->leaves; leaf++)
        add_ancestors(b, b->row_of[leaf], ways);
    mem_free(ways);
    for (uint32_t n = 0; n < p->nodes; n++)
        b->parents[n] = parent_of(b, b->row_of[n]);
    b->out->rows = b->row_of;
    p->tree_nodes = p->nodes;
    return true;
}

/* Nodes for the words that leaves' names share; none of them is of the tree. */
static enum aisle_status add_kin(struct building *b, struct aisle_err *err)
{
    struct linear_problem *p = &b->out->linear;
    uint32_t *parents;
    enum aisle_status status =
        kin_find(b->tree, b->row_of, p->leaves, &b->maker.splitter, b->arena, &p->links,
                 &p->link_count, &p->nodes, err);

    if (status != AISLE_OK)
        return status;
    parents = arena_alloc(b->arena, (p->nodes + 1) * sizeof *parents);
    if (!parents)
        return aisle_nomem(err);
    memcpy(parents, b->parents, p->tree_nodes * sizeof *parents);
    for (uint32_t n = p->tree_nodes; n < p->nodes; n++)
        parents[n] = UINT32_MAX;
    p->parents = parents;
    return AISLE_OK;
}

/* ---- rows ---- */

static bool add_source(struct building *b, struct source source)
{
    void *p = b->sources;

    if (!mem_grow(&p, b->source_count, &b->source_cap, sizeof *b->sources, 4096))
        return false;
    b->sources = p;
    b->sources[b->source_count++] = source;
    return true;
}

/* A leaf's names, as if they were titles of products in it. */
static bool add_names(struct building *b)
{
    for (uint32_t leaf = 0; leaf < b->out->linear.leaves; leaf++) {
        const struct category *c = &b->tree->rows[b->row_of[leaf]];

        for (size_t l = 0; l < b->tree->locale_count; l++) {
            struct source one = {
                .text.title = c->names[l], .label = leaf, .fold = LINEAR_ALWAYS};

            if (!str_empty(c->names[l]) && !add_source(b, one))
                return false;
        }
    }
    return true;
}

/* In a tree that grew from the labels a leaf that only one part of the titles has would
 * not be there without them: its names are held out with that part. */
static bool hold_out_names(struct building *b)
{
    uint32_t leaves = b->out->linear.leaves;
    uint8_t *parts = mem_zalloc(leaves + 1, 1); /* bits */

    if (!parts)
        return false;
    for (size_t i = 0; i < b->source_count; i++)
        if (b->sources[i].row)
            parts[b->sources[i].label] |= (uint8_t)(1U << b->sources[i].fold);
    for (size_t i = 0; i < b->source_count; i++)
        for (uint8_t fold = 0; !b->sources[i].row && fold < LINEAR_FOLDS; fold++)
            if (parts[b->sources[i].label] == 1U << fold)
                b->sources[i].fold = fold;
    mem_free(parts);
    return true;
}

/* Equal titles are held out together, whatever else the rows say. */
static uint8_t fold_of(struct str title)
{
    return (uint8_t)((str_hash(title) >> 17) % LINEAR_FOLDS);
}

static bool add_rows(struct building *b, const struct labelled *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct category *c = taxonomy_get(b->tree, rows[i].category_id);
        uint32_t node = c ? b->node_of[c - b->tree->rows] : UINT32_MAX;
        struct source one = {
            .row = &rows[i],
            .text = rows[i].text,
            .label = node,
            .fold = fold_of(rows[i].text.title),
        };

        if (node >= b->out->linear.leaves)
            b->out->left_out++;
        else if (!add_source(b, one))
            return false;
    }
    return true;
}

static int by_content(const void *a, const void *b)
{
    const struct source *x = a, *y = b;
    int order = (x->label > y->label) - (x->label < y->label);

    if (!order)
        order = (x->row != NULL) - (y->row != NULL);
    if (!order)
        order = str_cmp(x->text.title, y->text.title);
    if (!order)
        order = str_cmp(x->text.seller_category, y->text.seller_category);
    if (!order)
        order = str_cmp(x->text.brand, y->text.brand);
    return order ? order : str_cmp(x->text.description, y->text.description);
}

static enum aisle_status find_twins(struct building *b, struct aisle_err *err)
{
    struct linear_problem *p = &b->out->linear;
    uint64_t *titles = mem_zalloc(b->source_count + 1, sizeof *titles);
    enum aisle_status status;

    if (!titles)
        return aisle_nomem(err);
    for (size_t i = 0; i < b->source_count; i++)
        if (b->sources[i].row)
            titles[i] = str_hash(b->sources[i].text.title);
    status = twins_find(titles, p->labels, p->rows, b->arena, &p->twins, err);
    mem_free(titles);
    return status;
}

/* ---- features ---- */

static bool rehash(struct building *b)
{
    uint32_t size = b->bucket_mask ? (b->bucket_mask + 1) * 2 : 1 << 16;
    uint32_t *buckets = mem_zalloc(size, sizeof *buckets);

    if (!buckets)
        return false;
    for (uint32_t f = 0; f < b->feature_count; f++) {
        uint32_t i = (uint32_t)b->keys[f] & (size - 1);

        while (buckets[i])
            i = (i + 1) & (size - 1);
        buckets[i] = f + 1;
    }
    mem_free(b->buckets);
    b->buckets = buckets;
    b->bucket_mask = size - 1;
    return true;
}

static bool grow_features(struct building *b)
{
    uint32_t cap = b->feature_cap ? b->feature_cap * 2 : 1 << 15;
    uint64_t *keys = mem_realloc(b->keys, cap * sizeof *keys);
    uint32_t *counts = keys ? mem_realloc(b->counts, cap * sizeof *counts) : NULL;
    uint8_t *blocks = counts ? mem_realloc(b->blocks, cap * sizeof *blocks) : NULL;

    b->keys = keys ? keys : b->keys;
    b->counts = counts ? counts : b->counts;
    b->blocks = blocks ? blocks : b->blocks;
    if (!blocks)
        return false;
    b->feature_cap = cap;
    return true;
}

/* The number of a feature, new or seen; UINT32_MAX without memory. */
static uint32_t number_of(struct building *b, const struct feature *f)
{
    uint32_t i;

    if ((b->feature_count + 1) * 2 > b->bucket_mask && !rehash(b))
        return UINT32_MAX;
    for (i = (uint32_t)f->key & b->bucket_mask; b->buckets[i];
         i = (i + 1) & b->bucket_mask)
        if (b->keys[b->buckets[i] - 1] == f->key)
            return b->buckets[i] - 1;
    if (b->feature_count == b->feature_cap && !grow_features(b))
        return UINT32_MAX;
    b->keys[b->feature_count] = f->key;
    b->counts[b->feature_count] = 0;
    b->blocks[b->feature_count] = f->block;
    b->buckets[i] = ++b->feature_count;
    return b->feature_count - 1;
}

static bool add_features(struct building *b)
{
    for (size_t i = 0; i < b->list.n; i++) {
        uint32_t f = number_of(b, &b->list.at[i]);
        void *p = b->values;

        if (f == UINT32_MAX ||
            !mem_grow(&p, b->value_count, &b->value_cap, sizeof *b->values, 4096))
            return false;
        b->values = p;
        b->counts[f]++;
        b->values[b->value_count++] = (struct linear_value){.feature = f};
    }
    return true;
}

static enum aisle_status read_sources(struct building *b, struct aisle_err *err)
{
    struct linear_problem *p = &b->out->linear;
    uint32_t *firsts = arena_alloc(b->arena, (b->source_count + 1) * sizeof *firsts);
    uint32_t *labels = arena_alloc(b->arena, (b->source_count + 1) * sizeof *labels);
    uint8_t *folds = arena_alloc(b->arena, b->source_count + 1);
    const struct labelled **rows =
        arena_alloc(b->arena, (b->source_count + 1) * sizeof *rows);
    enum aisle_status status = AISLE_OK;

    if (!firsts || !labels || !folds || !rows)
        return aisle_nomem(err);
    firsts[0] = 0;
    for (size_t i = 0; i < b->source_count; i++) {
        status = features_make(&b->maker, &b->sources[i].text, &b->list, err);
        if (status != AISLE_OK)
            return status;
        if (b->value_count + b->list.n > UINT32_MAX)
            return aisle_fail(err, AISLE_LIMIT, "too many products to learn from");
        if (!add_features(b))
            return aisle_nomem(err);
        firsts[i + 1] = (uint32_t)b->value_count;
        labels[i] = b->sources[i].label;
        folds[i] = b->sources[i].fold;
        rows[i] = b->sources[i].row;
    }
    p->firsts = firsts;
    p->labels = labels;
    p->folds = folds;
    p->rows = (uint32_t)b->source_count;
    b->out->sources = rows;
    return AISLE_OK;
}

/* ---- weights ---- */

float problem_rarity(uint32_t rows, uint32_t having)
{
    return 1 + logf((1 + (float)rows) / (1 + (float)having));
}

void problem_weigh(struct linear_value *values, const uint8_t *blocks, uint32_t count,
                   const float unknown[BLOCKS])
{
    float squares[BLOCKS], scale[BLOCKS];

    for (int b = 0; b < BLOCKS; b++)
        squares[b] = LINEAR_UNKNOWN * unknown[b];
    for (uint32_t i = 0; i < count; i++)
        squares[blocks[i]] += values[i].x * values[i].x;
    for (int b = 0; b < BLOCKS; b++)
        scale[b] = squares[b] > 0 ? BLOCK_WEIGHTS[b] / sqrtf(squares[b]) : 0;
    for (uint32_t i = 0; i < count; i++)
        values[i].x *= scale[blocks[i]];
}

/* A feature's new number, by its old: those of many rows come first, so that what is
 * fetched most often lies close together. */
static uint32_t *number_by_count(const struct building *b)
{
    uint32_t most = 0, *to = mem_alloc((b->feature_count + 1) * sizeof *to), *next;

    for (uint32_t f = 0; f < b->feature_count; f++)
        most = b->counts[f] > most ? b->counts[f] : most;
    next = mem_zalloc((size_t)most + 2, sizeof *next);
    if (to && next) {
        for (uint32_t f = 0; f < b->feature_count; f++)
            next[most - b->counts[f] + 1]++;
        for (uint32_t i = 1; i <= most; i++)
            next[i] += next[i - 1];
        for (uint32_t f = 0; f < b->feature_count; f++)
            to[f] = next[most - b->counts[f]]++;
    } else {
        mem_free(to);
        to = NULL;
    }
    mem_free(next);
    return to;
}

/* A copy of the list, each element where its new number is. */
static void *move(const struct building *b, const uint32_t *to, const void *list,
                  size_t size)
{
    char *copy = arena_alloc(b->arena, b->feature_count * size + 1);

    for (uint32_t f = 0; copy && f < b->feature_count; f++)
        memcpy(copy + to[f] * size, (const char *)list + f * size, size);
    return copy;
}

static bool keep_features(struct building *b)
{
    struct linear_problem *p = &b->out->linear;
    uint32_t *to = number_by_count(b);

    if (!to)
        return false;
    for (size_t i = 0; i < b->value_count; i++)
        b->values[i].feature = to[b->values[i].feature];
    p->features = b->feature_count;
    p->counts = move(b, to, b->counts, sizeof *b->counts);
    b->out->keys = move(b, to, b->keys, sizeof *b->keys);
    b->out->blocks = move(b, to, b->blocks, sizeof *b->blocks);
    mem_free(to);
    return p->counts && b->out->keys && b->out->blocks;
}

static bool weigh(struct building *b)
{
    struct linear_problem *p = &b->out->linear;
    float *idf = arena_alloc(b->arena, (b->feature_count + 1) * sizeof *idf);
    struct linear_value *values =
        arena_alloc(b->arena, (b->value_count + 1) * sizeof *values);
    uint8_t *blocks = mem_alloc(FEATURES_MAX);
    static const float unknown[BLOCKS]; /* nothing: the rows have all of it */
    bool ok = idf && values && blocks && keep_features(b);

    for (uint32_t f = 0; ok && f < p->features; f++)
        idf[f] = problem_rarity(p->rows, p->counts[f]);
    for (uint32_t r = 0; ok && r < p->rows; r++) {
        struct linear_value *row = values + p->firsts[r];
        uint32_t count = p->firsts[r + 1] - p->firsts[r];

        for (uint32_t i = 0; i < count; i++) {
            uint32_t f = b->values[p->firsts[r] + i].feature;

            row[i] = (struct linear_value){.feature = f, .x = idf[f]};
            blocks[i] = b->out->blocks[f];
        }
        problem_weigh(row, blocks, count, unknown);
    }
    mem_free(blocks);
    b->out->idf = idf;
    p->values = values;
    return ok;
}

static enum aisle_status build(struct building *b, const struct labelled *rows,
                               size_t count, bool grown, struct aisle_err *err)
{
    enum aisle_status status;

    if (!number_nodes(b) || !add_names(b) || !add_rows(b, rows, count))
        return aisle_nomem(err);
    if (grown && !hold_out_names(b))
        return aisle_nomem(err);
    status = add_kin(b, err);
    if (status != AISLE_OK)
        return status;
    if (b->source_count)
        qsort(b->sources, b->source_count, sizeof *b->sources, by_content);
    status = read_sources(b, err);
    if (status == AISLE_OK)
        status = find_twins(b, err);
    if (status == AISLE_OK && !weigh(b))
        status = aisle_nomem(err);
    return status;
}

enum aisle_status problem_build(const struct taxonomy *tree, const struct labelled *rows,
                                size_t count, bool grown, struct arena *arena,
                                struct problem *out, struct aisle_err *err)
{
    struct building *b = mem_zalloc(1, sizeof *b);
    enum aisle_status status;

    if (!b)
        return aisle_nomem(err);
    *out = (struct problem){0};
    b->tree = tree;
    b->arena = arena;
    b->out = out;
    status = feature_maker_init(&b->maker, err);
    if (status == AISLE_OK)
        status = build(b, rows, count, grown, err);
    feature_maker_clear(&b->maker);
    mem_free(b->sources);
    mem_free(b->keys);
    mem_free(b->counts);
    mem_free(b->blocks);
    mem_free(b->buckets);
    mem_free(b->values);
    mem_free(b);
    return status;
}
