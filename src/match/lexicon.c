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

size_t lexicon_total(void)
{
    return lexicon_count;
}

uint64_t lexicon_hash(uint16_t concept)
{
    return lexicon_hashes[concept];
}
