/* kin.c - words of names, sorted so that the leaves of one word lie together */
#include "match/kin.h"

#include "base/mem.h"
#include "match/weights.h"

#include <stdlib.h>

struct named {
    uint64_t word; /* its hash */
    uint32_t leaf;
};

struct naming {
    struct named *at;
    size_t n, cap;
};

static bool add(struct naming *all, uint64_t word, uint32_t leaf)
{
    void *list = all->at;

    if (!mem_grow(&list, all->n, &all->cap, sizeof *all->at, 1024))
        return false;
    all->at = list;
    all->at[all->n++] = (struct named){word, leaf};
    return true;
}

static bool add_words(struct naming *all, const struct word_list *words, uint32_t leaf)
{
    char room[WORDS_MAX_LETTERS];

    for (size_t i = 0; i < words->n; i++)
        if (!add(all, str_hash(word_key(words->at[i].text, room)), leaf))
            return false;
    return true;
}

static enum aisle_status add_names(struct naming *all, const struct taxonomy *tree,
                                   const uint32_t *rows, uint32_t leaves,
                                   struct word_splitter *splitter,
                                   struct word_list *words, struct aisle_err *err)
{
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        for (size_t l = 0; l < tree->locale_count; l++) {
            struct str name = tree->rows[rows[leaf]].names[l];
            enum aisle_status status = words_split(splitter, name, words, err);

            if (status != AISLE_OK)
                return status;
            if (!add_words(all, words, leaf))
                return aisle_nomem(err);
        }
    return AISLE_OK;
}

static int by_word(const void *a, const void *b)
{
    const struct named *x = a, *y = b;

    if (x->word != y->word)
        return x->word < y->word ? -1 : 1;
    return (x->leaf > y->leaf) - (x->leaf < y->leaf);
}

static int by_leaf(const void *a, const void *b)
{
    const struct linear_link *x = a, *y = b;

    if (x->leaf != y->leaf)
        return x->leaf < y->leaf ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

/* Sorted by word, a leaf once in each, though it may have the word in two locales. */
static void sort_words(struct naming *all)
{
    size_t kept = 0;

    if (all->n)
        qsort(all->at, all->n, sizeof *all->at, by_word);
    for (size_t i = 0; i < all->n; i++)
        if (kept == 0 || by_word(&all->at[kept - 1], &all->at[i]) != 0)
            all->at[kept++] = all->at[i];
    all->n = kept;
}

/* A node for each word that enough leaves have, and not too many. */
static uint32_t link_words(const struct naming *all, uint32_t leaves, uint32_t *nodes,
                           struct linear_link *links)
{
    uint32_t count = 0;

    for (size_t i = 0, end; i < all->n; i = end) {
        for (end = i; end < all->n && all->at[end].word == all->at[i].word;)
            end++;
        if (end - i < LINEAR_KIN_LEAST ||
            (float)(end - i) > LINEAR_KIN_MOST * (float)leaves)
            continue;
        for (size_t k = i; k < end; k++)
            links[count++] = (struct linear_link){all->at[k].leaf, *nodes};
        ++*nodes;
    }
    return count;
}

enum aisle_status kin_find(const struct taxonomy *tree, const uint32_t *rows,
                           uint32_t leaves, struct word_splitter *splitter,
                           struct arena *arena, const struct linear_link **links,
                           uint32_t *count, uint32_t *nodes, struct aisle_err *err)
{
    struct word_list *words = mem_alloc(sizeof *words);
    struct naming all = {0};
    struct linear_link *list;
    enum aisle_status status = words ? AISLE_OK : aisle_nomem(err);

    if (status == AISLE_OK)
        status = add_names(&all, tree, rows, leaves, splitter, words, err);
    if (status != AISLE_OK)
        goto done;
    sort_words(&all);
    list = arena_alloc(arena, (all.n + 1) * sizeof *list);
    if (!list) {
        status = aisle_nomem(err);
        goto done;
    }
    *count = link_words(&all, leaves, nodes, list);
    if (*count)
        qsort(list, *count, sizeof *list, by_leaf);
    *links = list;
done:
    mem_free(all.at);
    mem_free(words);
    return status;
}
