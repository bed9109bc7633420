#include "match/lexicon.h"

#include "match/lexicon_table.h"

size_t lexicon_find(struct str key, uint16_t out[LEXICON_MOST])
{
    const struct phrase_set *set = phrases_find(&lexicon_table, key);

    if (!set)
        return 0;
    memcpy(out, set->of, sizeof set->of);
    return set->count;
}

/* The longest phrase that begins at the i-th word. */
static bool read_phrase(const struct phrase_keys *keys, size_t i,
                        struct lexicon_phrase *out)
{
    size_t most = keys->n - i < PHRASE_WORDS ? keys->n - i : PHRASE_WORDS;

    for (size_t n = most; n > 1; n--) {
        *out = (struct lexicon_phrase){.first = i, .words = n};
        out->count = lexicon_find(phrase_key(keys, i, n), out->concepts);
        if (out->count > 0)
            return true;
    }
    return false;
}

size_t lexicon_read(const struct phrase_keys *keys, struct lexicon_phrase out[WORDS_MAX])
{
    size_t count = 0, end = 0;

    for (size_t i = 0; i < keys->n; i++)
        if (read_phrase(keys, i, &out[count]) && i + out[count].words > end)
            end = i + out[count++].words;
    return count;
}

size_t lexicon_total(void)
{
    return lexicon_count;
}

uint64_t lexicon_hash(uint16_t concept)
{
    return lexicon_hashes[concept];
}
