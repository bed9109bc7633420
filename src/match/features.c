/* features.c - texts to features, block by block */
#include "match/features.h"

#include "match/kinds.h"
#include "match/lexicon.h"

enum { GRAM = 4, GRAM_SIGNS = 2, ROUND_BITS = 20 };

enum aisle_status feature_maker_init(struct feature_maker *m, struct aisle_err *err)
{
    *m = (struct feature_maker){0};
    return word_splitter_init(&m->splitter, err);
}

void feature_maker_clear(struct feature_maker *m)
{
    word_splitter_clear(&m->splitter);
}

/* Spreads a hash over all its bits. */
static uint64_t mix(uint64_t h)
{
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

static uint64_t key_of(unsigned kind, uint64_t h)
{
    return mix(h + kind * 0x9e3779b97f4a7c15u);
}

static uint64_t pair_of(uint64_t a, uint64_t b)
{
    return mix(a) * 3 + b;
}

/* What a key is made of, so that "a word" and "a word at the end" differ. */
enum kind {
    KIND_WORD = 1,
    KIND_PAIR,
    KIND_GRAM,
    KIND_IN_HEAD,
    KIND_IN_TAIL,
    KIND_LAST,
    KIND_LAST_PAIR,
    KIND_CONCEPT,
    KIND_SELLER,
    KIND_SELLER_PAIR,
    KIND_TEXT,
    KIND_FIRST,
    KIND_FIRST_PAIR,
    KIND_END,
    KIND_END_PAIR,
    KIND_GOODS,
    KIND_FIELD,
    KIND_LAST_GOODS,
    KIND_LAST_FIELD,
};

struct making {
    struct feature_maker *m;
    struct feature_list *out;
};

/* Adds a feature that is not there yet. The table forgets by itself: what another round
 * wrote counts as free. */
static void add(struct making *k, enum feature_block block, uint64_t key, size_t word)
{
    const uint32_t mask = 2 * FEATURES_MAX - 1;
    uint32_t i = (uint32_t)key & mask, *seen = k->m->seen;

    if (k->out->n == FEATURES_MAX)
        return;
    for (; seen[i] >> 12 == k->m->round; i = (i + 1) & mask)
        if (k->out->at[seen[i] & 0xFFF].key == key)
            return;
    seen[i] = k->m->round << 12 | (uint32_t)k->out->n;
    k->out->at[k->out->n++] =
        (struct feature){.key = key, .word = (uint16_t)word, .block = (uint8_t)block};
}

static void begin_round(struct feature_maker *m)
{
    if (++m->round >> ROUND_BITS == 0)
        return;
    memset(m->seen, 0, sizeof m->seen);
    m->round = 1;
}

static void add_words(struct making *k, const struct word_list *words,
                      const uint64_t *hashes)
{
    for (size_t i = 0; i < words->n; i++) {
        add(k, BLOCK_WORDS, key_of(KIND_WORD, hashes[i]), i);
        if (i > 0)
            add(k, BLOCK_WORDS, key_of(KIND_PAIR, pair_of(hashes[i - 1], hashes[i])), i);
    }
}

/* Chinese, Japanese, Korean: a sign is a syllable or a word and not a letter. */
static bool is_sign(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/* How many in a row: four letters, but two signs, which are most often all there is. */
static size_t gram_of(struct str word)
{
    for (size_t at = 0; at < word.n;)
        if (is_sign(utf8_next(word, &at)))
            return GRAM_SIGNS;
    return GRAM;
}

static void add_grams(struct making *k, struct str word, size_t i)
{
    char text[WORDS_MAX_LETTERS + 2];
    size_t starts[WORDS_MAX_LETTERS + 3], letters = 0, n = word.n + 2;
    size_t gram_letters = gram_of(word);

    text[0] = text[n - 1] = ' ';
    memcpy(text + 1, word.p, word.n);
    for (size_t b = 0; b < n; b++)
        if (((unsigned char)text[b] & 0xC0) != 0x80)
            starts[letters++] = b;
    starts[letters] = n;
    for (size_t a = 0; a + gram_letters <= letters; a++) {
        struct str gram = str_n(text + starts[a], starts[a + gram_letters] - starts[a]);

        add(k, BLOCK_GRAMS, key_of(KIND_GRAM, str_hash(gram)), i);
    }
}

static void add_parts(struct making *k, const struct word_list *words,
                      const uint64_t *hashes)
{
    for (size_t i = 0; i < words->n; i++) {
        const struct word *w = &words->at[i];
        bool last = i + 1 == words->n || w[1].part != w->part;

        add(k, BLOCK_PARTS, key_of(w->part ? KIND_IN_TAIL : KIND_IN_HEAD, hashes[i]), i);
        if (!last)
            continue;
        add(k, BLOCK_PARTS, key_of(KIND_LAST, hashes[i]), i);
        if (i > 0 && w[-1].part == w->part)
            add(k, BLOCK_PARTS, key_of(KIND_LAST_PAIR, pair_of(hashes[i - 1], hashes[i])),
                i);
    }
}

static void add_ends(struct making *k, const struct word_list *words,
                     const uint64_t *hashes)
{
    size_t n = words->n;

    if (n == 0)
        return;
    add(k, BLOCK_ENDS, key_of(KIND_FIRST, hashes[0]), 0);
    add(k, BLOCK_ENDS, key_of(KIND_END, hashes[n - 1]), n - 1);
    if (n == 1)
        return;
    add(k, BLOCK_ENDS, key_of(KIND_FIRST_PAIR, pair_of(hashes[0], hashes[1])), 0);
    add(k, BLOCK_ENDS, key_of(KIND_END_PAIR, pair_of(hashes[n - 2], hashes[n - 1])),
        n - 1);
}

static void add_concepts_of(struct making *k, const uint16_t *concepts, size_t count,
                            size_t word)
{
    for (size_t i = 0; i < count; i++)
        add(k, BLOCK_CONCEPTS, key_of(KIND_CONCEPT, lexicon_hash(concepts[i])), word);
}

static void add_concepts(struct making *k)
{
    const struct phrase_keys *keys = &k->m->keys;
    struct lexicon_phrase found[WORDS_MAX];
    size_t n = lexicon_read(keys, found);
    uint16_t concepts[LEXICON_MOST];

    for (size_t i = 0; i < keys->n; i++)
        add_concepts_of(k, concepts, lexicon_find(phrase_key(keys, i, 1), concepts), i);
    for (size_t i = 0; i < n; i++)
        add_concepts_of(k, found[i].concepts, found[i].count,
                        found[i].first + found[i].words - 1);
}

static void add_goods(struct making *k, const struct kind_phrase *p, enum kind goods,
                      enum kind field, size_t word)
{
    for (size_t i = 0; i < p->count; i++) {
        add(k, BLOCK_KINDS, key_of(goods, p->kinds[i]->hash), word);
        add(k, BLOCK_KINDS, key_of(field, p->kinds[i]->field_hash), word);
    }
}

/* Goods are the same wherever they are spoken of: what titles taught of them helps a
 * seller category or description that nobody had. Where the noun comes last, the last
 * count twice. */
static void add_kinds(struct making *k, bool of_title, bool last_tells)
{
    struct kind_phrase found[WORDS_MAX];
    size_t n = kinds_read(&k->m->keys, found), word = FEATURES_NO_WORD;

    for (size_t i = 0; i < n; i++) {
        if (of_title)
            word = found[i].first + found[i].words - 1;
        add_goods(k, &found[i], KIND_GOODS, KIND_FIELD, word);
    }
    if (n > 0 && last_tells)
        add_goods(k, &found[n - 1], KIND_LAST_GOODS, KIND_LAST_FIELD, word);
}

static void hash_words(const struct word_list *words, uint64_t *hashes)
{
    for (size_t i = 0; i < words->n; i++)
        hashes[i] = str_hash(words->at[i].text);
}

static bool begins_with(struct str title, struct str brand)
{
    return str_eq_nocase(str_head(title, brand.n), brand);
}

/* The brand in front, unless the title begins with it anyway. */
static struct str title_with_brand(const struct product_text *text, char *room,
                                   size_t cap)
{
    size_t n = text->brand.n;

    if (n == 0 || n + 1 + text->title.n > cap || begins_with(text->title, text->brand))
        return text->title;
    memcpy(room, text->brand.p, n);
    room[n++] = ' ';
    memcpy(room + n, text->title.p, text->title.n);
    return str_n(room, n + text->title.n);
}

static enum aisle_status add_title(struct making *k, const struct product_text *text,
                                   struct aisle_err *err)
{
    char room[WORDS_MAX_TEXT];
    uint64_t hashes[WORDS_MAX] = {0};
    struct word_list *words = &k->m->title;
    enum aisle_status status = words_split(
        &k->m->splitter, title_with_brand(text, room, sizeof room), words, err);

    if (status != AISLE_OK)
        return status;
    hash_words(words, hashes);
    add_words(k, words, hashes);
    for (size_t i = 0; i < words->n; i++)
        add_grams(k, words->at[i].text, i);
    add_parts(k, words, hashes);
    add_ends(k, words, hashes);
    phrase_keys_write(&k->m->keys, words);
    add_concepts(k);
    add_kinds(k, true, true);
    return AISLE_OK;
}

static enum aisle_status add_seller_category(struct making *k, struct str path,
                                             struct aisle_err *err)
{
    uint64_t hashes[WORDS_MAX] = {0};
    struct word_list *words = &k->m->other;
    enum aisle_status status;

    if (str_empty(path))
        return AISLE_OK;
    status = words_split(&k->m->splitter, path, words, err);
    if (status != AISLE_OK)
        return status;
    hash_words(words, hashes);
    for (size_t i = 0; i < words->n; i++) {
        add(k, BLOCK_SELLER, key_of(KIND_SELLER, hashes[i]), FEATURES_NO_WORD);
        if (i > 0)
            add(k, BLOCK_SELLER,
                key_of(KIND_SELLER_PAIR, pair_of(hashes[i - 1], hashes[i])),
                FEATURES_NO_WORD);
    }
    phrase_keys_write(&k->m->keys, words);
    add_kinds(k, false, true);
    return AISLE_OK;
}

static enum aisle_status add_description(struct making *k, struct str text,
                                         struct aisle_err *err)
{
    struct word_list *words = &k->m->other;
    enum aisle_status status;

    if (str_empty(text))
        return AISLE_OK;
    status = words_split(&k->m->splitter, str_head(text, FEATURES_MAX_TEXT), words, err);
    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < words->n; i++)
        add(k, BLOCK_TEXT, key_of(KIND_TEXT, str_hash(words->at[i].text)),
            FEATURES_NO_WORD);
    phrase_keys_write(&k->m->keys, words);
    add_kinds(k, false, false);
    return AISLE_OK;
}

enum aisle_status features_make(struct feature_maker *m, const struct product_text *text,
                                struct feature_list *out, struct aisle_err *err)
{
    struct making k = {.m = m, .out = out};
    enum aisle_status status;

    out->n = 0;
    begin_round(m);
    status = add_title(&k, text, err);
    if (status == AISLE_OK)
        status = add_seller_category(&k, text->seller_category, err);
    if (status == AISLE_OK)
        status = add_description(&k, text->description, err);
    return status;
}
