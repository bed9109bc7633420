/* search_find.c - a typed word against the words of the names: as it stands, begun, with
 * slips, in pieces, in other languages */
#include "match/search_find.h"

#include "match/lexicon.h"
#include "match/near.h"
#include "match/weights.h"

static void touch_slot(const struct names *n, struct search_scratch *s, uint32_t slot,
                       float how_well, size_t word)
{
    uint32_t row = n->docs[n->slots[slot].doc].row;
    float *found = &s->found[(size_t)row * TYPED_MAX_WORDS + word];

    if (s->slot_found[slot] == 0)
        s->slots[s->slot_count++] = slot;
    if (how_well > s->slot_found[slot])
        s->slot_found[slot] = how_well;
    if (!s->row_seen[row]) {
        s->row_seen[row] = true;
        s->rows[s->row_count++] = row;
    }
    if (how_well > *found)
        *found = how_well;
}

/* A slot that is half a phrase ("kaos kaki") is not quite what one word asks for. */
static void touch_word(const struct names *n, struct search_scratch *s, uint32_t w,
                       float how_well, size_t word)
{
    const uint32_t *slots = n->slot_lists + n->words[w].first;

    for (uint32_t i = 0; i < n->words[w].count; i++) {
        bool half = n->slots[slots[i]].phrase && !n->words[w].pair;

        touch_slot(n, s, slots[i], half ? how_well * SEARCH_HALF_PHRASE : how_well, word);
    }
}

static bool find_exact(const struct names *n, struct search_scratch *s, struct str text,
                       float how_well, size_t word)
{
    uint32_t w = names_find(n, text);

    if (w == UINT32_MAX)
        return false;
    touch_word(n, s, w, how_well, word);
    return true;
}

static void find_concepts(const struct names *n, struct search_scratch *s, struct str key,
                          size_t word)
{
    uint16_t concepts[LEXICON_MOST];
    size_t count = lexicon_find(key, concepts);

    for (size_t k = 0; k < count; k++)
        for (uint32_t i = n->concept_firsts[concepts[k]];
             i < n->concept_firsts[concepts[k] + 1]; i++)
            touch_slot(n, s, n->concept_slots[i] & ~NAMES_OF_PHRASE, SEARCH_CONCEPT,
                       word);
}

static bool begins_with(struct str text, struct str prefix)
{
    return text.n >= prefix.n && memcmp(text.p, prefix.p, prefix.n) == 0;
}

/* Words that begin so; of two written as one, only when asked for: "kaos" shall not find
 * "kaos kaki" as a whole. */
static bool find_prefix(const struct names *n, struct search_scratch *s, struct str text,
                        bool pairs, size_t word)
{
    bool any = false;

    for (uint32_t w = names_lower_bound(n, text);
         w < n->word_count && begins_with(n->words[w].text, text); w++) {
        float typed = (float)text.n / (float)n->words[w].text.n;

        if (n->words[w].pair != pairs)
            continue;
        touch_word(n, s, w, SEARCH_PREFIX + (1 - SEARCH_PREFIX) * typed * typed, word);
        any = true;
    }
    return any;
}

static unsigned slips_allowed(struct str text)
{
    return text.n < 4 ? 0 : text.n < 8 ? 1 : 2;
}

static bool has_more_bits(uint64_t bits, unsigned most)
{
    for (; bits && most; most--)
        bits &= bits - 1;
    return bits != 0;
}

/* Letters typed that the word lacks, and the other way round, say "too far" at a glance.
 */
static bool may_be_near(uint64_t has, uint64_t typed, bool beginning, unsigned most)
{
    return !has_more_bits(typed & ~has, most) &&
           (beginning || !has_more_bits(has & ~typed, most));
}

/* Among the singles from first to end. */
static bool find_near_in(const struct names *n, struct search_scratch *s,
                         const struct typed_word *typed, uint32_t first, uint32_t end,
                         size_t word)
{
    unsigned most = slips_allowed(typed->text);
    uint64_t letters = names_letters(typed->plain);
    struct near near;
    bool any = false;

    near_prepare(&near, typed->plain);
    for (uint32_t i = first; i < end; i++) {
        uint32_t w = n->singles[i];
        unsigned slips;

        if (!may_be_near(n->letters[i], letters, typed->last, most))
            continue;
        slips = near_distance(&near, n->words[w].text, typed->last, most);
        if (slips > most)
            continue;
        touch_word(n, s, w, slips > 1 ? SEARCH_TYPOS : SEARCH_TYPO, word);
        any = true;
    }
    return any;
}

/* The first letter is seldom the wrong one. */
bool search_find_near(const struct names *n, struct search_scratch *s,
                      const struct typed_word *typed, size_t word)
{
    unsigned char letter = str_empty(typed->plain) ? 0 : (unsigned char)typed->plain.p[0];

    return slips_allowed(typed->text) &&
           find_near_in(n, s, typed, n->single_firsts[letter],
                        n->single_firsts[letter + 1], word);
}

/* Both words stand where their compound does: "hand phone" for "handphone". */
static void find_pair(const struct names *n, struct search_scratch *s,
                      const struct typed_word *w, size_t i)
{
    char both[2 * WORDS_MAX_LETTERS];
    struct str pair;

    memcpy(both, w[-1].plain.p, w[-1].plain.n);
    memcpy(both + w[-1].plain.n, w->plain.p, w->plain.n);
    pair = str_n(both, w[-1].plain.n + w->plain.n);
    if (!find_exact(n, s, pair, SEARCH_PAIR, i))
        return;
    find_exact(n, s, pair, SEARCH_PAIR, i - 1);
}

/* ---- words that very many names have ---- */

struct search_run search_run_of(const struct names *n, const struct typed_word *w)
{
    char next[WORDS_MAX_LETTERS + 1];
    struct search_run run = {.first = names_lower_bound(n, w->plain)};

    run.end = run.first;
    if (w->last) {
        memcpy(next, w->plain.p, w->plain.n);
        next[w->plain.n] = (char)0xFF; /* behind all that begin so, in UTF-8 */
        run.end = names_lower_bound(n, str_n(next, w->plain.n + 1));
    } else if (run.first < n->word_count && str_eq(n->words[run.first].text, w->plain)) {
        run.end++;
    }
    return run;
}

uint32_t search_run_slots(const struct names *n, struct search_run run)
{
    if (run.first == run.end)
        return 0;
    return n->words[run.end - 1].first + n->words[run.end - 1].count -
           n->words[run.first].first;
}

static float run_score(const struct names *n, const struct typed_word *w, uint32_t word)
{
    float typed = (float)w->plain.n / (float)n->words[word].text.n;

    return SEARCH_PREFIX + (1 - SEARCH_PREFIX) * typed * typed;
}

void search_find_in_row(const struct names *n, struct search_scratch *s,
                        const struct typed_word *w, struct search_run run, uint32_t row,
                        size_t word)
{
    for (uint32_t d = n->doc_firsts[row]; d < n->doc_firsts[row + 1]; d++)
        for (uint32_t slot = n->docs[d].first; slot < n->docs[d].first + n->docs[d].count;
             slot++) {
            uint32_t has = n->slots[slot].word;

            if (has >= run.first && has < run.end)
                touch_slot(n, s, slot, run_score(n, w, has), word);
        }
}

void search_find_at_front(const struct names *n, struct search_scratch *s,
                          const struct typed_word *w, struct search_run run, size_t word)
{
    for (uint32_t d = 0; d < n->doc_count; d++) {
        uint32_t slot = n->docs[d].first;
        uint32_t has = n->docs[d].count ? n->slots[slot].word : UINT32_MAX;

        if (has >= run.first && has < run.end)
            touch_slot(n, s, slot, run_score(n, w, has), word);
    }
}

/* The "m" of "3M" begins too many words to be any of them. */
static bool begins_something(struct str text)
{
    return text.n >= 3;
}

void search_find_word(const struct names *n, struct search_scratch *s, struct typed *q,
                      size_t i)
{
    struct typed_word *w = &q->words[i];
    char room[WORDS_MAX_LETTERS];
    struct str key = word_key(w->text, room);
    bool known = find_exact(n, s, key, 1.0F, i);

    if (!str_eq(key, w->plain))
        known |= find_exact(n, s, w->plain, SEARCH_BARE, i);
    if (w->last || (!known && begins_something(w->plain)))
        known |= find_prefix(n, s, w->plain, false, i);
    find_concepts(n, s, key, i);
    if (!known && begins_something(w->plain))
        known = find_prefix(n, s, w->plain, true, i);
    w->exact = known;
    if (!known && !search_find_near(n, s, w, i) && slips_allowed(w->text))
        find_near_in(n, s, w, 0, n->single_count, i);
    if (i > 0 && w[-1].part == w->part)
        find_pair(n, s, w, i);
}
