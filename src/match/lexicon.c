/* lexicon.c - a hash table over the rows of lexicon_rows.h, built once a matcher */
#include "match/lexicon.h"

#include "match/lexicon_rows.h"

enum { ROWS = sizeof lexicon_rows / sizeof *lexicon_rows, ENTRIES_MOST = 8192 };

struct lexicon_entry {
    struct str key; /* empty where the place is free */
    uint16_t concepts[LEXICON_MOST];
    uint16_t count;
};

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

struct str lexicon_key(struct str word, char out[WORDS_MAX_LETTERS])
{
    if (is_ascii(word))
        return word_plain(word, out);
    word = str_head(word, WORDS_MAX_LETTERS);
    memcpy(out, word.p, word.n);
    return str_n(out, word.n);
}

static struct lexicon_entry *place_of(const struct lexicon *l, struct str key)
{
    uint32_t i = (uint32_t)str_hash(key) & l->mask;

    while (!str_empty(l->entries[i].key) && !str_eq(l->entries[i].key, key))
        i = (i + 1) & l->mask;
    return &l->entries[i];
}

/* "power bank" to "powerbank" in the arena, each part as lexicon_key has it. */
static struct str join_parts(struct str entry, struct arena *arena)
{
    char joined[4 * WORDS_MAX_LETTERS];
    size_t n = 0;

    while (!str_empty(entry)) {
        char one[WORDS_MAX_LETTERS];
        struct str part = lexicon_key(str_cut(&entry, ' '), one);

        if (n + part.n > sizeof joined)
            break;
        memcpy(joined + n, part.p, part.n);
        n += part.n;
    }
    return arena_str(arena, str_n(joined, n));
}

static bool add_entry(struct lexicon *l, struct str entry, uint16_t concept,
                      struct arena *arena)
{
    struct str key = join_parts(str_trim(entry), arena);
    struct lexicon_entry *e;

    if (!key.p)
        return false;
    e = place_of(l, key);
    e->key = key;
    for (uint16_t i = 0; i < e->count; i++)
        if (e->concepts[i] == concept)
            return true;
    if (e->count < LEXICON_MOST)
    e->concepts[e->count++] = concept;
    return true;
}

enum aisle_status lexicon_build(struct lexicon *l, struct arena *arena,
                                struct aisle_err *err)
{
    l->mask = ENTRIES_MOST - 1;
    l->concepts = ROWS;
    l->entries = arena_zalloc(arena, ENTRIES_MOST, sizeof *l->entries);
    if (!l->entries)
        return aisle_nomem(err);
    for (size_t row = 0; row < ROWS; row++) {
        struct str rest = str_of(lexicon_rows[row]);

        while (!str_empty(rest))
            if (!add_entry(l, str_cut(&rest, ','), (uint16_t)row, arena))
                return aisle_nomem(err);
    }
    return AISLE_OK;
}

size_t lexicon_find(const struct lexicon *l, struct str key, uint16_t out[LEXICON_MOST])
{
    const struct lexicon_entry *e;

    if (str_empty(key))
        return 0;
    e = place_of(l, key);
    memcpy(out, e->concepts, sizeof e->concepts);
    return e->count;
}
