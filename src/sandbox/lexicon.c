#include "sandbox/lexicon.h"

#include "base/mem.h"
#include "base/text.h"

#include <math.h>

enum { MAX_TITLE_WORDS = 64, MAX_WORDS_A_NAME = 32 };

enum field { FIELD_OWN, FIELD_PARENT, FIELD_ABOVE };

/* What a word adds where it stands. Tried by hand on titles of our own catalogue. */
static const double field_weight[] = {3.0, 1.0, 0.4};

struct posting {
    uint32_t node;
    uint8_t locale, field;
    bool other_form; /* of a word that counts already */
};

struct word {
    struct str text;
    struct posting *postings;
    uint32_t count, cap;
    uint32_t leaves; /* with it anywhere */
    uint32_t last_leaf;
};

struct lexicon {
    const struct tree *tree;
    struct arena arena;
    struct word *words;
    size_t count, cap;
    uint32_t *index; /* open addressing over words */
    size_t index_size;
    double *own_mass; /* node × locale: idf of all words of its own name */
    size_t locales;
    size_t leaves;
};

void lexicon_free(struct lexicon *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->count; i++)
        mem_free(l->words[i].postings);
    mem_free(l->words);
    mem_free(l->index);
    mem_free(l->own_mass);
    arena_clear(&l->arena);
    mem_free(l);
}

static uint64_t mix(uint64_t z) /* splitmix64's last step */
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t chance_of(uint64_t seed, struct str text)
{
    return mix(str_hash(text) ^ mix(seed + 0x9e3779b97f4a7c15u));
}

double chance_unit(uint64_t chance)
{
    return (double)(chance >> 11) * 0x1p-53;
}

static bool grow_index(struct lexicon *l)
{
    size_t size = l->index_size ? l->index_size * 2 : 1024;
    uint32_t *index = mem_alloc(size * sizeof *index);

    if (!index)
        return false;
    memset(index, 0xff, size * sizeof *index);
    for (uint32_t i = 0; i < l->count; i++) {
        size_t at = str_hash(l->words[i].text) & (size - 1);

        while (index[at] != TREE_NONE)
            at = (at + 1) & (size - 1);
        index[at] = i;
    }
    mem_free(l->index);
    l->index = index;
    l->index_size = size;
    return true;
}

/* The place in the index where a word is or would be. */
static uint32_t *place_of(const struct lexicon *l, struct str text)
{
    size_t at = str_hash(text) & (l->index_size - 1);

    while (l->index[at] != TREE_NONE && !str_eq(l->words[l->index[at]].text, text))
        at = (at + 1) & (l->index_size - 1);
    return &l->index[at];
}

static struct word *add_word(struct lexicon *l, struct str text)
{
    uint32_t *place;

    if (l->count * 2 >= l->index_size && !grow_index(l))
        return NULL;
    place = place_of(l, text);
    if (*place != TREE_NONE)
        return &l->words[*place];
    if (l->count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 512;
        struct word *words = mem_realloc(l->words, cap * sizeof *words);

        if (!words)
            return NULL;
        l->words = words;
        l->cap = cap;
    }
    text = arena_str(&l->arena, text);
    if (!text.p)
        return NULL;
    *place = (uint32_t)l->count;
    l->words[l->count] = (struct word){.text = text, .last_leaf = TREE_NONE};
    return &l->words[l->count++];
}

static bool add_posting(struct word *w, struct posting posting)
{
    if (w->count == w->cap) {
        uint32_t cap = w->cap ? w->cap * 2 : 4;
        struct posting *list = mem_realloc(w->postings, cap * sizeof *list);

        if (!list)
            return false;
        w->postings = list;
        w->cap = cap;
    }
    w->postings[w->count++] = posting;
    if (w->last_leaf != posting.node)
        w->leaves++;
    w->last_leaf = posting.node;
    return true;
}

/* An English plural's singular, or what is no plural as it is. Only names are turned so:
 * a title's language is not known, and Indonesian "polos" is no "polo". */
static struct str singular(struct str word)
{
    bool plural = word.n > 3 && str_ends(word, "s") && !str_ends(word, "ss");

    return plural ? str_head(word, word.n - 1) : word;
}

static bool add_form(struct lexicon *l, struct str text, struct posting posting)
{
    struct word *word = add_word(l, text);

    return word && add_posting(word, posting);
}

static bool add_name(struct lexicon *l, struct str name, struct posting posting,
                     struct buf *key)
{
    bool english = str_starts(l->tree->rows->locales[posting.locale], "en");
    struct str rest;

    buf_reset(key);
    text_key(name, key);
    if (key->failed == AISLE_NOMEM)
        return false;
    rest = buf_str(key);
    for (int i = 0; rest.n && i < MAX_WORDS_A_NAME; i++) {
        struct str text = str_cut(&rest, ' '), one = singular(text);

        posting.other_form = false;
        if (!add_form(l, text, posting))
            return false;
        posting.other_form = true;
        if (english && one.n < text.n && !add_form(l, one, posting))
            return false;
    }
    return true;
}

static bool add_leaf(struct lexicon *l, uint32_t node, struct buf *key)
{
    const struct tree *t = l->tree;
    uint32_t chain[FOREST_MAX_DEPTH];
    size_t deep = tree_chain(t, node, chain);

    for (size_t k = 0; k < deep; k++) {
        size_t up = deep - 1 - k; /* levels between it and the leaf */
        struct posting posting = {.node = node, .field = (uint8_t)(up < 2 ? up : 2)};

        for (size_t i = 0; i < t->rows->locale_count; i++) {
            posting.locale = (uint8_t)i;
            if (!add_name(l, t->nodes[chain[k]].row->names[i], posting, key))
                return false;
        }
    }
    return true;
}

static double rarity(const struct lexicon *l, const struct word *w)
{
    return log(((double)l->leaves + 1) / ((double)w->leaves + 0.5));
}

static bool weigh_names(struct lexicon *l)
{
    l->own_mass = mem_zalloc(l->tree->count * l->locales + 1, sizeof *l->own_mass);
    if (!l->own_mass)
        return false;
    for (size_t i = 0; i < l->count; i++) {
        const struct word *w = &l->words[i];

        for (uint32_t k = 0; k < w->count; k++)
            if (w->postings[k].field == FIELD_OWN && !w->postings[k].other_form)
                l->own_mass[w->postings[k].node * l->locales + w->postings[k].locale] +=
                    rarity(l, w);
    }
    return true;
}

static struct lexicon *lexicon_new(const struct tree *t)
{
    struct lexicon *l = mem_zalloc(1, sizeof *l);
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    bool done = l != NULL;

    if (l) {
        l->tree = t;
        l->arena.max = ARENA_MAX_WORK;
        l->locales = t->rows->locale_count;
    }
    for (uint32_t i = 0; done && i < t->count; i++) {
        if (!t->nodes[i].leaf)
            continue;
        l->leaves++;
        done = add_leaf(l, i, &key);
    }
    done = done && (l->index_size || grow_index(l)) && weigh_names(l);
    buf_clear(&key);
    if (done)
        return l;
    lexicon_free(l);
    return NULL;
}

const struct lexicon *tree_lexicon(struct tree *t)
{
    const struct lexicon *l;

    pthread_mutex_lock(&t->lock);
    if (!t->lexicon)
        t->lexicon = lexicon_new(t);
    l = t->lexicon;
    pthread_mutex_unlock(&t->lock);
    return l;
}

struct scores {
    double *sum, *own; /* node × locale */
    uint32_t *touched; /* nodes, each once */
    bool *seen;
    size_t count;
};

static bool make_scores(const struct lexicon *l, struct arena *arena, struct scores *s)
{
    size_t cells = l->tree->count * l->locales;

    s->sum = arena_zalloc(arena, cells + 1, sizeof *s->sum);
    s->own = arena_zalloc(arena, cells + 1, sizeof *s->own);
    s->touched = arena_alloc(arena, (l->tree->count + 1) * sizeof *s->touched);
    s->seen = arena_zalloc(arena, l->tree->count + 1, sizeof *s->seen);
    return s->sum && s->own && s->touched && s->seen;
}

static void count_word(const struct lexicon *l, const struct word *w, struct scores *s)
{
    double weight = rarity(l, w);

    for (uint32_t k = 0; k < w->count; k++) {
        const struct posting *p = &w->postings[k];
        size_t cell = p->node * l->locales + p->locale;

        s->sum[cell] += weight * field_weight[p->field];
        if (p->field == FIELD_OWN)
            s->own[cell] += weight;
        if (!s->seen[p->node])
            s->touched[s->count++] = p->node;
        s->seen[p->node] = true;
    }
}

static enum aisle_status count_title(const struct lexicon *l, struct str title,
                                     struct scores *s, struct aisle_err *err)
{
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    uint32_t counted[MAX_TITLE_WORDS];
    size_t n = 0;
    enum aisle_status status;
    struct str rest;

    text_key(title, &key);
    status = buf_check(&key, "title", err);
    rest = buf_str(&key);
    while (status == AISLE_OK && rest.n && n < MAX_TITLE_WORDS) {
        uint32_t place = *place_of(l, str_cut(&rest, ' '));
        bool again = place == TREE_NONE;

        for (size_t i = 0; i < n && !again; i++)
            again = counted[i] == place;
        if (again)
            continue;
        counted[n++] = place;
        count_word(l, &l->words[place], s);
    }
    buf_clear(&key);
    return status;
}

/* The best of a leaf's locales; 0 when nothing of its own name is in the title. */
static double score_of(const struct lexicon *l, const struct scores *s, uint32_t node)
{
    double best = 0;

    for (size_t i = 0; i < l->locales; i++) {
        size_t cell = node * l->locales + i;
        double covered, score;

        if (s->own[cell] <= 0)
            continue;
        covered = fmin(1, s->own[cell] / l->own_mass[cell]);
        score = s->sum[cell] * (0.4 + 0.6 * covered);
        best = score > best ? score : best;
    }
    return best;
}

static bool is_under(const struct tree *t, uint32_t node, uint32_t above)
{
    uint32_t chain[FOREST_MAX_DEPTH];
    size_t n = tree_chain(t, node, chain);

    for (size_t i = 0; i < n; i++)
        if (chain[i] == above)
            return true;
    return false;
}

static bool goes_before(const struct tree *t, uint64_t chance, struct candidate a,
                        struct candidate b)
{
    if (a.score != b.score)
        return a.score > b.score;
    return chance_of(chance, t->nodes[a.node].row->id) >
           chance_of(chance, t->nodes[b.node].row->id);
}

/* Keeps `out` sorted, best first, at most `most`. */
static void place_candidate(const struct tree *t, uint64_t chance, struct candidate c,
                            struct candidate *out, size_t most, size_t *count)
{
    size_t at = *count;

    while (at > 0 && goes_before(t, chance, c, out[at - 1]))
        at--;
    if (at == most)
        return;
    if (*count < most)
        *count += 1;
    memmove(&out[at + 1], &out[at], (*count - at - 1) * sizeof *out);
    out[at] = c;
}

enum aisle_status lexicon_ask(const struct lexicon *l, const struct inquiry *q,
                              struct arena *arena, struct candidate *out, size_t most,
                              size_t *count, struct aisle_err *err)
{
    struct scores s = {0};
    enum aisle_status status;

    *count = 0;
    if (!make_scores(l, arena, &s))
        return aisle_nomem(err);
    status = count_title(l, q->title, &s, err);
    for (size_t i = 0; i < s.count && status == AISLE_OK; i++) {
        struct candidate c = {s.touched[i], score_of(l, &s, s.touched[i])};

        if (c.score <= 0)
            continue;
        if (q->within != TREE_NONE && !is_under(l->tree, c.node, q->within))
            continue;
        place_candidate(l->tree, q->chance, c, out, most, count);
    }
    return status;
}
