/* kinds.c - phrases looked up by their hash, the longest first */
#include "match/kinds.h"

#include "match/kinds_table.h"
#include "match/lexicon.h"

size_t kinds_find(struct str key, const struct goods_kind *out[KINDS_MOST])
{
    uint64_t hash = str_hash(key);
    uint32_t mark = (uint32_t)(hash >> 32),
             place = ((uint32_t)hash ^ mark) % KINDS_PLACES;

    for (uint32_t i = kinds_firsts[place]; i < kinds_firsts[place + 1]; i++) {
        const struct kind_set *set = &kinds_sets[kinds_set_of[i]];

        if (kinds_marks[i] != mark)
            continue;
        for (size_t k = 0; k < set->count; k++)
            out[k] = &kinds_all[set->kinds[k]];
        return set->count;
    }
    return 0;
}

/* All words' keys one behind the other: a phrase is a piece of it. */
struct keys {
    char text[WORDS_MAX * WORDS_MAX_LETTERS];
    size_t starts[WORDS_MAX + 1];
};

static void write_keys(struct keys *k, const struct word_list *words)
{
    size_t n = 0;

    for (size_t i = 0; i < words->n; i++) {
        char room[WORDS_MAX_LETTERS];
        struct str key = lexicon_key(words->at[i].text, room);

        k->starts[i] = n;
        memcpy(k->text + n, key.p, key.n);
        n += key.n;
    }
    k->starts[words->n] = n;
}

/* The longest phrase that begins at the i-th word; false when there is none. */
static bool read_phrase(const struct keys *k, size_t i, size_t end,
                        struct kind_phrase *out)
{
    size_t most = end - i < KINDS_WORDS ? end - i : KINDS_WORDS;

    for (size_t n = most; n > 0; n--) {
        size_t from = k->starts[i], to = k->starts[i + n];

        out->count = kinds_find(str_n(k->text + from, to - from), out->kinds);
        if (out->count == 0)
            continue;
        out->first = i;
        out->words = n;
        return true;
    }
    return false;
}

size_t kinds_read(const struct word_list *words, struct kind_phrase out[WORDS_MAX])
{
    struct keys keys;
    size_t count = 0;

    write_keys(&keys, words);
    for (size_t i = 0; i < words->n;)
        if (read_phrase(&keys, i, words->n, &out[count]))
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
