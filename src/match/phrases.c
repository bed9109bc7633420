#include "match/phrases.h"

const struct phrase_set *phrases_find(const struct phrase_table *t, struct str key)
{
    uint64_t hash = str_hash(key);
    uint32_t mark = (uint32_t)(hash >> 32);
    uint32_t place = ((uint32_t)hash ^ mark) % PHRASE_PLACES;

    for (uint32_t i = t->firsts[place]; i < t->firsts[place + 1]; i++)
        if (t->marks[i] == mark)
            return &t->sets[t->set_of[i]];
    return NULL;
}

void phrase_keys_write(struct phrase_keys *k, const struct word_list *words)
{
    size_t end = 0;

    k->n = words->n;
    for (size_t i = 0; i < words->n; i++) {
        char room[WORDS_MAX_LETTERS];
        struct str key = word_key(words->at[i].text, room);

        k->starts[i] = end;
        memcpy(k->text + end, key.p, key.n);
        end += key.n;
    }
    k->starts[k->n] = end;
}

struct str phrase_key(const struct phrase_keys *k, size_t first, size_t count)
{
    return str_n(k->text + k->starts[first], k->starts[first + count] - k->starts[first]);
}
