/* kinds.c - a title's phrases of the vocabulary, the longest first */
#include "match/kinds.h"

#include "match/kinds_table.h"

size_t kinds_find(struct str key, const struct goods_kind *out[KINDS_MOST])
{
    const struct phrase_set *set = phrases_find(&kinds_table, key);

    if (!set)
        return 0;
    for (size_t i = 0; i < set->count; i++)
        out[i] = &kinds_all[set->of[i]];
    return set->count;
}

/* The longest phrase that begins at the i-th word; false when there is none. */
static bool read_phrase(const struct phrase_keys *k, size_t i, struct kind_phrase *out)
{
    size_t most = k->n - i < PHRASE_WORDS ? k->n - i : PHRASE_WORDS;

    for (size_t n = most; n > 0; n--) {
        out->count = kinds_find(phrase_key(k, i, n), out->kinds);
        if (out->count == 0)
            continue;
        out->first = i;
        out->words = n;
        return true;
    }
    return false;
}

size_t kinds_read(const struct phrase_keys *keys, struct kind_phrase out[WORDS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < keys->n;)
        if (read_phrase(keys, i, &out[count]))
            i += out[count++].words;
        else
            i++;
    return count;
}

size_t kinds_total(void)
{
    return kinds_count;
}

uint32_t kinds_number(const struct goods_kind *kind)
{
    return (uint32_t)(kind - kinds_all);
}
