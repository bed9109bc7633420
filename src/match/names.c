/* names.c - building the word index of a tree, and looking words up in it
 *
 * Words are interned while the names are read (a hash table of texts, a list of
 * occurrences), then sorted, so that a prefix is a run of words.
 */
#include "match/names.h"

#include "base/mem.h"
#include "match/kinds.h"
#include "match/lexicon.h"

#include <stdlib.h>

struct occurrence {
    uint32_t key, slot; /* key: an interned text, later a word; or a concept */
};

struct occurrences {
    struct occurrence *at;
    size_t n, cap;
};

struct interned {
    struct str text;
    uint32_t place; /* in the sorted words */
    bool single;    /* seen as one word, not only as a pair */
};

struct building {
    struct names *names;
    const struct taxonomy *tree;
    struct arena *arena;
    struct word_splitter *splitter;
    struct word_list list; /* of the name being added */
    struct phrase_keys keys;
    struct interned *texts;
    size_t text_count, text_cap;
    uint32_t *buckets; /* 1 + index into texts */
    uint32_t bucket_mask;
    struct occurrences words, concepts, kinds;
    struct name_slot *slots;
    size_t slot_count, slot_cap;
    struct name_doc *docs;
    size_t doc_count, doc_cap;
};

static bool add_occurrence(struct occurrences *o, uint32_t key, uint32_t slot)
{
    void *p = o->at;

    if (!mem_grow(&p, o->n, &o->cap, sizeof *o->at, 1024))
        return false;
    o->at = p;
    o->at[o->n++] = (struct occurrence){key, slot};
    return true;
}

static bool rehash(struct building *b)
{
    uint32_t size = b->bucket_mask ? (b->bucket_mask + 1) * 2 : 4096;
    uint32_t *buckets = mem_zalloc(size, sizeof *buckets);

    if (!buckets)
        return false;
    for (uint32_t t = 0; t < b->text_count; t++) {
        uint32_t i = (uint32_t)str_hash(b->texts[t].text) & (size - 1);

        while (buckets[i])
            i = (i + 1) & (size - 1);
        buckets[i] = t + 1;
    }
    mem_free(b->buckets);
    b->buckets = buckets;
    b->bucket_mask = size - 1;
    return true;
}

/* The number of a text, new or seen before; UINT32_MAX without memory. */
static uint32_t intern(struct building *b, struct str text)
{
    void *p = b->texts;
    uint32_t i;

    if ((b->text_count + 1) * 2 > b->bucket_mask && !rehash(b))
        return UINT32_MAX;
    for (i = (uint32_t)str_hash(text) & b->bucket_mask; b->buckets[i];
         i = (i + 1) & b->bucket_mask)
        if (str_eq(b->texts[b->buckets[i] - 1].text, text))
            return b->buckets[i] - 1;
    if (!mem_grow(&p, b->text_count, &b->text_cap, sizeof *b->texts, 1024))
        return UINT32_MAX;
    b->texts = p;
    text = arena_str(b->arena, text);
    if (!text.p)
        return UINT32_MAX;
    b->texts[b->text_count] = (struct interned){.text = text};
    b->buckets[i] = (uint32_t)++b->text_count;
    return b->buckets[i] - 1;
}

static bool add_word(struct building *b, struct str text, uint32_t slot, bool single)
{
    uint32_t key = intern(b, text);

    if (key == UINT32_MAX)
        return false;
    b->texts[key].single |= single;
    return add_occurrence(&b->words, key, slot);
}

static bool add_concepts(struct building *b, const uint16_t *concepts, size_t count,
                         uint32_t slot)
{
    for (size_t i = 0; i < count; i++)
        if (!add_occurrence(&b->concepts, concepts[i], slot))
            return false;
    return true;
}

/* Two words written as one. */
static struct str join(struct str a, struct str b, char out[2 * WORDS_MAX_LETTERS])
{
    memcpy(out, a.p, a.n);
    memcpy(out + a.n, b.p, b.n);
    return str_n(out, a.n + b.n);
}

/* The i-th word of the list, alone and together with the one before. */
static bool add_slot(struct building *b, size_t i, uint32_t slot)
{
    char now[WORDS_MAX_LETTERS], before[WORDS_MAX_LETTERS], both[2 * WORDS_MAX_LETTERS];
    uint16_t concepts[LEXICON_MOST];
    const struct word *w = &b->list.at[i];
    struct str plain = word_plain(w->text, now), pair;
    struct str key;

    if (!add_word(b, plain, slot, true))
        return false;
    b->slots[slot].word = b->words.at[b->words.n - 1].key;
    key = word_key(w->text, now);
    if (!str_eq(key, b->texts[b->slots[slot].word].text) && !add_word(b, key, slot, true))
        return false;
    if (!add_concepts(b, concepts, lexicon_find(key, concepts), slot))
        return false;
    if (i == 0)
        return true;
    pair = join(word_plain(w[-1].text, before), word_plain(w->text, now), both);
    return add_word(b, pair, slot, false) && add_word(b, pair, slot - 1, false);
}

/* Phrases of the lexicon, each standing in several slots. */
static bool add_phrases(struct building *b, const struct name_doc *doc)
{
    struct lexicon_phrase found[WORDS_MAX];
    size_t n = lexicon_read(&b->keys, found);

    for (size_t i = 0; i < n; i++)
        for (size_t w = found[i].first;
             w < found[i].first + found[i].words && w < doc->count; w++) {
            uint32_t slot = doc->first + (uint32_t)w;

            b->slots[slot].phrase = true;
            if (!add_concepts(b, found[i].concepts, found[i].count,
                              slot | NAMES_OF_PHRASE))
                return false;
        }
    return true;
}

/* The kinds of goods that a name's phrases speak of, at each of their slots. */
static bool add_kinds(struct building *b, const struct name_doc *doc)
{
    struct kind_phrase found[WORDS_MAX];
    size_t n = kinds_read(&b->keys, found);

    for (size_t i = 0; i < n; i++)
        for (size_t w = found[i].first; w < found[i].first + found[i].words; w++)
            for (size_t k = 0; k < found[i].count && w < doc->count; k++)
                if (!add_occurrence(&b->kinds, kinds_number(found[i].kinds[k]),
                                    doc->first + (uint32_t)w))
                    return false;
    return true;
}

static enum aisle_status add_name(struct building *b, uint32_t row, struct str name,
                                  struct aisle_err *err)
{
    void *docs = b->docs;
    struct name_doc *doc;
    enum aisle_status status = words_split(b->splitter, name, &b->list, err);

    if (status != AISLE_OK || b->list.n == 0)
        return status;
    if (!mem_grow(&docs, b->doc_count, &b->doc_cap, sizeof *b->docs, 1024))
        return aisle_nomem(err);
    b->docs = docs;
    doc = &b->docs[b->doc_count];
    *doc = (struct name_doc){.row = row, .first = (uint32_t)b->slot_count};
    for (size_t i = 0; i < b->list.n && i < NAMES_MAX_WORDS; i++) {
        void *slots = b->slots;

        if (!mem_grow(&slots, b->slot_count, &b->slot_cap, sizeof *b->slots, 1024))
            return aisle_nomem(err);
        b->slots = slots;
        b->slots[b->slot_count] = (struct name_slot){.doc = (uint32_t)b->doc_count};
        if (!add_slot(b, i, (uint32_t)b->slot_count++))
            return aisle_nomem(err);
    }
    doc->count = (uint32_t)b->slot_count - doc->first;
    phrase_keys_write(&b->keys, &b->list);
    if (!add_phrases(b, doc) || !add_kinds(b, doc))
        return aisle_nomem(err);
    b->doc_count++;
    return AISLE_OK;
}

/* A name that two locales share is one doc. */
static bool seen_before(const struct category *c, size_t locale)
{
    for (size_t l = 0; l < locale; l++)
        if (str_eq(c->names[l], c->names[locale]))
            return true;
    return false;
}

static enum aisle_status add_names(struct building *b, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (uint32_t row = 0; row < b->tree->count && status == AISLE_OK; row++)
        for (size_t l = 0; l < b->tree->locale_count && status == AISLE_OK; l++)
            if (!seen_before(&b->tree->rows[row], l))
                status = add_name(b, row, b->tree->rows[row].names[l], err);
    return status;
}

static int by_text(const void *a, const void *b)
{
    const struct interned *const *x = a, *const *y = b;

    return str_cmp((*x)->text, (*y)->text);
}

/* Counts occurrences by key and lays their slots side by side: lists[firsts[k]..]. */
static uint32_t *lay_out(const struct occurrences *o, size_t keys, uint32_t *firsts,
                         struct arena *arena)
{
    uint32_t *lists = arena_alloc(arena, (o->n + 1) * sizeof *lists);

    if (!lists)
        return NULL;
    for (size_t i = 0; i < o->n; i++)
        firsts[o->at[i].key + 1]++;
    for (size_t k = 0; k < keys; k++)
        firsts[k + 1] += firsts[k];
    for (size_t i = 0; i < o->n; i++)
        lists[firsts[o->at[i].key]++] = o->at[i].slot;
    memmove(firsts + 1, firsts, keys * sizeof *firsts);
    firsts[0] = 0;
    return lists;
}

static bool sort_words(struct building *b, struct interned **sorted)
{
    for (size_t i = 0; i < b->text_count; i++)
        sorted[i] = &b->texts[i];
    if (b->text_count)
        qsort(sorted, b->text_count, sizeof(struct interned *), by_text);
    for (uint32_t i = 0; i < b->text_count; i++)
        sorted[i]->place = i;
    for (size_t i = 0; i < b->words.n; i++)
        b->words.at[i].key = b->texts[b->words.at[i].key].place;
    for (size_t i = 0; i < b->slot_count; i++)
        b->slots[i].word = b->texts[b->slots[i].word].place;
    return true;
}

static bool fill_buckets(struct names *n)
{
    uint32_t size = 1024, *buckets;

    while (size < 2 * (n->word_count + 1))
        size *= 2;
    buckets = arena_zalloc(&n->arena, size, sizeof *buckets);
    if (!buckets)
        return false;
    n->bucket_mask = size - 1;
    for (uint32_t w = 0; w < n->word_count; w++) {
        uint32_t i = (uint32_t)str_hash(n->words[w].text) & n->bucket_mask;

        while (buckets[i])
            i = (i + 1) & n->bucket_mask;
        buckets[i] = w + 1;
    }
    n->buckets = buckets;
    return true;
}

/* The words a slip of the finger may have meant, side by side for a quick look at all. */
static bool list_singles(struct names *n)
{
    uint32_t *singles = arena_alloc(&n->arena, (n->word_count + 1) * sizeof *singles);
    uint64_t *letters = arena_alloc(&n->arena, (n->word_count + 1) * sizeof *letters);

    if (!singles || !letters)
        return false;
    for (uint32_t w = 0; w < n->word_count; w++) {
        if (n->words[w].pair)
            continue;
        singles[n->single_count] = w;
        letters[n->single_count++] = names_letters(n->words[w].text);
        n->single_firsts[(unsigned char)n->words[w].text.p[0] + 1]++;
    }
    for (int b = 0; b < 256; b++)
        n->single_firsts[b + 1] += n->single_firsts[b];
    n->singles = singles;
    n->letters = letters;
    return true;
}

static bool finish_words(struct building *b)
{
    struct names *n = b->names;
    struct interned **sorted = mem_alloc((b->text_count + 1) * sizeof(struct interned *));
    uint32_t *firsts = mem_zalloc(b->text_count + 2, sizeof *firsts);
    struct name_word *words = arena_zalloc(b->arena, b->text_count + 1, sizeof *words);
    bool ok = sorted && firsts && words && sort_words(b, sorted);

    n->slot_lists = ok ? lay_out(&b->words, b->text_count, firsts, b->arena) : NULL;
    ok = ok && n->slot_lists;
    for (uint32_t w = 0; ok && w < b->text_count; w++)
        words[w] = (struct name_word){
            .text = sorted[w]->text,
            .first = firsts[w],
            .count = firsts[w + 1] - firsts[w],
            .pair = !sorted[w]->single,
        };
    n->words = words;
    n->word_count = (uint32_t)b->text_count;
    mem_free(sorted);
    mem_free(firsts);
    return ok && list_singles(n) && fill_buckets(n);
}

/* Where each of `keys` concepts or kinds stands. */
static bool index_keys(struct building *b, const struct occurrences *o, size_t keys,
                       const uint32_t **firsts, const uint32_t **slots)
{
    uint32_t *counts = arena_zalloc(b->arena, keys + 2, sizeof *counts);

    if (!counts)
        return false;
    *firsts = counts;
    *slots = lay_out(o, keys, counts, b->arena);
    return *slots != NULL;
}

static bool finish_meanings(struct building *b)
{
    struct names *n = b->names;

    return index_keys(b, &b->concepts, lexicon_total(), &n->concept_firsts,
                      &n->concept_slots) &&
           index_keys(b, &b->kinds, kinds_total(), &n->kind_firsts, &n->kind_slots);
}

static void *keep(struct arena *arena, const void *list, size_t bytes)
{
    void *copy = arena_alloc(arena, bytes + 1);

    if (copy && bytes)
        memcpy(copy, list, bytes);
    return copy;
}

/* Rows, parents before children, level by level. */
static bool order_rows(struct names *n)
{
    const struct taxonomy *tree = n->tree;
    uint32_t *order = arena_alloc(&n->arena, (tree->count + 1) * sizeof *order);
    size_t count = tree->root_count;

    if (!order)
        return false;
    if (count)
        memcpy(order, tree->roots, count * sizeof *order);
    for (size_t i = 0; i < count; i++) {
        const struct category *c = &tree->rows[order[i]];

        for (uint32_t k = 0; k < c->child_count; k++)
            order[count++] = tree->children[c->first_child + k];
    }
    n->order = order;
    return true;
}

/* Where each row's docs begin. */
static bool index_docs(struct building *b)
{
    size_t rows = b->tree->count;
    uint32_t *firsts = arena_zalloc(b->arena, rows + 2, sizeof *firsts);

    if (!firsts)
        return false;
    for (size_t d = 0; d < b->doc_count; d++)
        firsts[b->docs[d].row + 1]++;
    for (size_t r = 0; r < rows; r++)
        firsts[r + 1] += firsts[r];
    b->names->doc_firsts = firsts;
    return true;
}

static bool finish(struct building *b)
{
    struct names *n = b->names;

    if (!finish_words(b) || !finish_meanings(b) || !order_rows(n) || !index_docs(b))
        return false;
    n->slots = keep(b->arena, b->slots, b->slot_count * sizeof *b->slots);
    n->docs = keep(b->arena, b->docs, b->doc_count * sizeof *b->docs);
    n->slot_count = (uint32_t)b->slot_count;
    n->doc_count = (uint32_t)b->doc_count;
    return n->slots && n->docs;
}

enum aisle_status names_build(struct names *n, const struct taxonomy *tree,
                              struct word_splitter *splitter, struct aisle_err *err)
{
    struct building *b = mem_zalloc(1, sizeof *b);
    enum aisle_status status;

    if (!b)
        return aisle_nomem(err);
    *n = (struct names){.tree = tree, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    b->names = n;
    b->tree = tree;
    b->arena = &n->arena;
    b->splitter = splitter;
    status = add_names(b, err);
    if (status == AISLE_OK && !finish(b))
        status = aisle_nomem(err);
    mem_free(b->texts);
    mem_free(b->buckets);
    mem_free(b->words.at);
    mem_free(b->concepts.at);
    mem_free(b->kinds.at);
    mem_free(b->slots);
    mem_free(b->docs);
    mem_free(b);
    if (status != AISLE_OK)
        names_clear(n);
    return status;
}

void names_clear(struct names *n)
{
    arena_clear(&n->arena);
    *n = (struct names){0};
}

uint32_t names_find(const struct names *n, struct str text)
{
    uint32_t i = (uint32_t)str_hash(text) & n->bucket_mask;

    for (; n->buckets[i]; i = (i + 1) & n->bucket_mask)
        if (str_eq(n->words[n->buckets[i] - 1].text, text))
            return n->buckets[i] - 1;
    return UINT32_MAX;
}

uint32_t names_lower_bound(const struct names *n, struct str text)
{
    uint32_t low = 0, high = n->word_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (str_cmp(n->words[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t names_letters(struct str text)
{
    uint64_t letters = 0;

    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];

        letters |= UINT64_C(1) << (c >= 'a' && c <= 'z'   ? c - 'a'
                                   : c >= '0' && c <= '9' ? 26 + (c - '0')
                                                          : 36 + c % 28);
    }
    return letters;
}
