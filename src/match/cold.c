/* cold.c - from the words of a title to the names they stand in, and up and down the tree
 */
#include "match/cold.h"

#include "base/mem.h"
#include "match/kinds.h"
#include "match/lexicon.h"
#include "match/weights.h"

#include <math.h>

enum aisle_status cold_build(struct cold *c, struct names *names, struct aisle_err *err)
{
    float *slots = arena_alloc(&names->arena, (names->slot_count + 1) * sizeof *slots);
    float *docs = arena_zalloc(&names->arena, names->doc_count + 1, sizeof *docs);

    if (!slots || !docs)
        return aisle_nomem(err);
    for (uint32_t i = 0; i < names->slot_count; i++) {
        const struct name_word *w = &names->words[names->slots[i].word];

        slots[i] = logf(1.0F + (float)names->doc_count / (float)w->count);
        docs[names->slots[i].doc] += slots[i];
    }
    *c = (struct cold){.names = names, .slot_mass = slots, .doc_mass = docs};
    return AISLE_OK;
}

void cold_scratch_clear(struct cold_scratch *s)
{
    mem_free(s->slot_found);
    mem_free(s->slot_word);
    mem_free(s->slot_also);
    mem_free(s->slot_whole);
    mem_free(s->touched);
    mem_free(s->doc_found);
    mem_free(s->row_own);
    mem_free(s->row_total);
    *s = (struct cold_scratch){0};
}

static bool fits(const struct cold_scratch *s, const struct names *n)
{
    return s->row_own && s->slot_cap >= n->slot_count && s->doc_cap >= n->doc_count &&
           s->row_cap >= n->tree->count;
}

static enum aisle_status make_room(struct cold_scratch *s, const struct names *n,
                                   struct aisle_err *err)
{
    if (fits(s, n))
        return AISLE_OK;
    cold_scratch_clear(s);
    s->slot_cap = n->slot_count;
    s->doc_cap = n->doc_count;
    s->row_cap = n->tree->count;
    s->slot_found = mem_zalloc(s->slot_cap + 1, sizeof *s->slot_found);
    s->slot_word = mem_zalloc(s->slot_cap + 1, sizeof *s->slot_word);
    s->slot_also = mem_zalloc(s->slot_cap + 1, sizeof *s->slot_also);
    s->touched = mem_zalloc(s->slot_cap + 1, sizeof *s->touched);
    s->slot_whole = mem_zalloc(s->slot_cap + 1, sizeof *s->slot_whole);
    s->doc_found = mem_zalloc(s->doc_cap + 1, sizeof *s->doc_found);
    s->row_own = mem_zalloc(s->row_cap + 1, sizeof *s->row_own);
    s->row_total = mem_zalloc(s->row_cap + 1, sizeof *s->row_total);
    if (s->slot_found && s->slot_word && s->slot_also && s->slot_whole && s->touched &&
        s->doc_found && s->row_own && s->row_total)
        return AISLE_OK;
    cold_scratch_clear(s);
    return aisle_nomem(err);
}

/* The last ranking may have been over another tree. */
static void forget_last(struct cold_scratch *s)
{
    for (size_t i = 0; i < s->touched_count; i++) {
        s->slot_found[s->touched[i].slot] = 0;
        s->slot_whole[s->touched[i].slot] = 0;
        s->doc_found[s->touched[i].doc] = 0;
        s->row_own[s->touched[i].row] = 0;
    }
    s->touched_count = 0;
}

static void touch(const struct names *n, struct cold_scratch *s, uint32_t slot,
                  float how_well, size_t word)
{
    uint32_t doc = n->slots[slot].doc;

    if (s->slot_found[slot] >= how_well) {
        s->slot_also[slot] = (uint16_t)word;
        return;
    }
    s->slot_also[slot] = s->slot_found[slot] > 0 ? s->slot_word[slot] : (uint16_t)word;
    if (s->slot_found[slot] == 0)
        s->touched[s->touched_count++] =
            (struct cold_touch){.slot = slot, .doc = doc, .row = n->docs[doc].row};
    s->slot_found[slot] = how_well;
    s->slot_word[slot] = (uint16_t)word;
}

static void touch_word(const struct cold *c, struct cold_scratch *s, struct str text,
                       float how_well, size_t word)
{
    const struct names *n = c->names;
    uint32_t w = names_find(n, text);

    if (w == UINT32_MAX)
        return;
    for (uint32_t i = 0; i < n->words[w].count; i++)
        touch(n, s, n->slot_lists[n->words[w].first + i], how_well, word);
}

/* A phrase of the text was found whole in a slot (HERE), and as a phrase of the name
 * whose word the slot is (THERE). */
enum cold_whole { WHOLE_HERE = 1, WHOLE_THERE = 2 };

/* A word by itself says less where it is half of a phrase, here or there, unless all of
 * the phrase was found. */
static void touch_alone(const struct cold *c, struct cold_scratch *s, struct str text,
                        float how_well, bool in_phrase, size_t word)
{
    const struct names *n = c->names;
    uint32_t w = names_find(n, text);

    if (w == UINT32_MAX)
        return;
    for (uint32_t i = 0; i < n->words[w].count; i++) {
        uint32_t slot = n->slot_lists[n->words[w].first + i];
        bool half = n->slots[slot].phrase && !n->words[w].pair;
        float here =
            in_phrase && !(s->slot_whole[slot] & WHOLE_HERE) ? COLD_HALF_PHRASE : 1;
        float there = half && !(s->slot_whole[slot] & WHOLE_THERE) ? COLD_HALF_PHRASE : 1;

        touch(n, s, slot, how_well * here * there, word);
    }
}

/* phrase: it is one of the text's that has the concepts, no word alone. */
static void touch_concepts(const struct cold *c, struct cold_scratch *s,
                           const uint16_t *concepts, size_t count, float how_well,
                           bool phrase, size_t word)
{
    for (size_t k = 0; k < count; k++) {
        uint32_t from = c->names->concept_firsts[concepts[k]];
        uint32_t to = c->names->concept_firsts[concepts[k] + 1];

        for (uint32_t i = from; i < to; i++) {
            uint32_t slot = c->names->concept_slots[i] & ~NAMES_OF_PHRASE;

            touch(c->names, s, slot, how_well, word);
            if (phrase)
                s->slot_whole[slot] |= c->names->concept_slots[i] & NAMES_OF_PHRASE
                                           ? WHOLE_HERE | WHOLE_THERE
                                           : WHOLE_HERE;
        }
    }
}

static float weight_of(const struct word *w)
{
    switch (w->kind) {
    case WORD_NUMBER:
        return COLD_NUMBER;
    case WORD_AMOUNT:
        return COLD_AMOUNT;
    case WORD_CODE:
        return COLD_CODE;
    case WORD_PLAIN:
        break;
    }
    return 1.0F;
}

/* A text while its words are looked for. */
struct asked {
    const struct cold_text *text;
    size_t first; /* the number of its first word among those of all texts */
    struct phrase_keys keys;
    bool in_phrase[WORDS_MAX]; /* of the lexicon */
};

static void find_phrases(const struct cold *c, struct cold_scratch *s, struct asked *a)
{
    struct lexicon_phrase found[WORDS_MAX];
    size_t n = lexicon_read(&a->keys, found);

    for (size_t i = 0; i < n; i++) {
        touch_concepts(c, s, found[i].concepts, found[i].count,
                       COLD_CONCEPT * a->text->weight, true,
                       a->first + found[i].first + found[i].words - 1);
        memset(a->in_phrase + found[i].first, true, found[i].words);
    }
}

static void find_alone(const struct cold *c, struct cold_scratch *s,
                       const struct asked *a, size_t i)
{
    char room[WORDS_MAX_LETTERS];
    uint16_t concepts[LEXICON_MOST];
    const struct word *w = &a->text->words->at[i];
    struct str key = phrase_key(&a->keys, i, 1), bare = word_plain(w->text, room);
    float weight = weight_of(w) * a->text->weight;
    float half = a->in_phrase[i] ? COLD_HALF_PHRASE : 1;

    touch_alone(c, s, key, COLD_EXACT * weight, a->in_phrase[i], a->first + i);
    if (!str_eq(key, bare))
        touch_alone(c, s, bare, COLD_BARE * weight, a->in_phrase[i], a->first + i);
    touch_concepts(c, s, concepts, lexicon_find(key, concepts),
                   COLD_CONCEPT * weight * half, false, a->first + i);
}

/* "power bank" where a name has "powerbank". */
static void find_pair(const struct cold *c, struct cold_scratch *s, const struct asked *a,
                      size_t i)
{
    touch_word(c, s, phrase_key(&a->keys, i - 1, 2), COLD_PAIR * a->text->weight,
               a->first + i);
}

/* Is this slot the most that its word of the title did for the doc? One word that names a
 * whole phrase ("hp": mobile phone) shall not count twice. */
static bool is_best_of_word(const struct cold *c, const struct cold_scratch *s,
                            const struct name_doc *d, uint32_t slot)
{
    float mine = c->slot_mass[slot] * s->slot_found[slot];

    for (uint32_t i = d->first; i < d->first + d->count; i++) {
        float other = c->slot_mass[i] * s->slot_found[i];

        if (s->slot_word[i] == s->slot_word[slot] &&
            (other > mine || (other == mine && i < slot && other > 0)))
            return false;
    }
    return true;
}

/* What of the name was found, and the more so the more of it. */
static float score_doc(const struct cold *c, struct cold_scratch *s, uint32_t doc)
{
    const struct name_doc *d = &c->names->docs[doc];
    float found = 0, strength = 0;

    for (uint32_t i = d->first; i < d->first + d->count; i++) {
        float mass = c->slot_mass[i] * s->slot_found[i];

        found += mass;
        strength += is_best_of_word(c, s, d, i) ? mass : mass * COLD_SAME_WORD;
    }
    s->doc_found[doc] = found;
    return strength * (COLD_PARTIAL + (1 - COLD_PARTIAL) * found / c->doc_mass[doc]);
}

/* How well each row's own name was found: its best doc. */
static void score_names(const struct cold *c, struct cold_scratch *s)
{
    for (size_t i = 0; i < s->touched_count; i++) {
        uint32_t doc = s->touched[i].doc, row = s->touched[i].row;
        float score;

        if (s->doc_found[doc] > 0)
            continue;
        score = score_doc(c, s, doc);
        if (score > s->row_own[row])
            s->row_own[row] = score;
    }
}

/* Puts a hit in its place among the best so far. */
static void keep_best(struct cold_hit *out, size_t cap, size_t *count,
                      struct cold_hit hit)
{
    size_t i = *count;

    if (i == cap && hit.score <= out[cap - 1].score)
        return;
    if (i == cap)
        i--;
    else
        ++*count;
    for (; i > 0 && (out[i - 1].score < hit.score ||
                     (out[i - 1].score == hit.score && out[i - 1].row > hit.row));
         i--)
        out[i] = out[i - 1];
    out[i] = hit;
}

static void rank_rows(const struct cold *c, struct cold_scratch *s,
                      struct cold_hit out[COLD_HITS], size_t *count)
{
    const struct taxonomy *tree = c->names->tree;
    struct cold_hit shut[COLD_SHUT];
    size_t shut_count = 0;

    for (size_t i = 0; i < tree->count; i++) {
        uint32_t row = c->names->order[i], parent = tree->rows[row].parent;
        const struct category *leaf = &tree->rows[row];
        struct cold_hit hit;

        s->row_total[row] = s->row_own[row];
        if (parent != TAXONOMY_NONE)
            s->row_total[row] += COLD_DECAY * s->row_total[parent];
        hit = (struct cold_hit){.row = row, .score = s->row_total[row]};
        if (hit.score <= 0 || !leaf->leaf || leaf->child_count)
            continue;
        if (permission_is_open(leaf->permissions))
            keep_best(out, COLD_OPEN, count, hit);
        else
            keep_best(shut, COLD_SHUT, &shut_count, hit);
    }
    for (size_t i = 0; i < shut_count; i++)
        keep_best(out, COLD_HITS, count, shut[i]);
}

static void touch_kinds(const struct cold *c, struct cold_scratch *s,
                        const struct kind_phrase *p, float how_well, size_t word)
{
    for (size_t k = 0; k < p->count; k++) {
        uint32_t kind = kinds_number(p->kinds[k]);
        uint32_t from = c->names->kind_firsts[kind];
        uint32_t to = c->names->kind_firsts[kind + 1];

        for (uint32_t i = from; i < to; i++)
            touch(c->names, s, c->names->kind_slots[i], how_well / (float)p->count, word);
    }
}

/* Names that speak of the same kind of goods: "nightdress" of sleepwear. */
static void find_kinds(const struct cold *c, struct cold_scratch *s,
                       const struct asked *a)
{
    struct kind_phrase found[WORDS_MAX];
    size_t n = kinds_read(&a->keys, found);

    for (size_t i = 0; i < n; i++)
        touch_kinds(c, s, &found[i], COLD_KIND * a->text->weight,
                    a->first + found[i].first + found[i].words - 1);
}

static void find_words(const struct cold *c, struct cold_scratch *s,
                       const struct cold_text *text, size_t first)
{
    struct asked a = {.text = text, .first = first};

    phrase_keys_write(&a.keys, text->words);
    find_phrases(c, s, &a);
    for (size_t i = 0; i < a.keys.n; i++) {
        find_alone(c, s, &a, i);
        if (i > 0)
            find_pair(c, s, &a, i);
    }
    find_kinds(c, s, &a);
}

enum aisle_status cold_rank(const struct cold *c, struct cold_scratch *s,
                            const struct cold_text *texts, size_t text_count,
                            struct cold_hit out[COLD_HITS], size_t *count,
                            struct aisle_err *err)
{
    enum aisle_status status = make_room(s, c->names, err);

    if (status != AISLE_OK)
        return status;
    forget_last(s);
    *count = 0;
    for (size_t t = 0; t < text_count; t++)
        find_words(c, s, &texts[t], t * WORDS_MAX);
    score_names(c, s);
    rank_rows(c, s, out, count);
    return AISLE_OK;
}

/* The doc of a row that was found best, or NULL. */
static const struct name_doc *best_doc(const struct cold *c, const struct cold_scratch *s,
                                       uint32_t row)
{
    const struct names *n = c->names;
    const struct name_doc *best = NULL;

    for (uint32_t d = n->doc_firsts[row]; d < n->doc_firsts[row + 1]; d++)
        if (s->doc_found[d] > 0 &&
            (!best || s->doc_found[d] > s->doc_found[best - n->docs]))
            best = &n->docs[d];
    return best;
}

void cold_explain(const struct cold *c, const struct cold_scratch *s, uint32_t row,
                  float credit[WORDS_MAX])
{
    float weight = 1.0F;

    while (row != TAXONOMY_NONE) {
        const struct name_doc *d = best_doc(c, s, row);

        for (uint32_t i = d ? d->first : 0; d && i < d->first + d->count; i++) {
            float share = weight * c->slot_mass[i] * s->slot_found[i];

            if (s->slot_word[i] < WORDS_MAX)
                credit[s->slot_word[i]] += share;
            if (s->slot_also[i] < WORDS_MAX && s->slot_also[i] != s->slot_word[i])
                credit[s->slot_also[i]] += share;
        }
        weight *= COLD_DECAY;
        row = c->names->tree->rows[row].parent;
    }
}

/* How much of a row's own name was found, by mass. */
static double covered(const struct cold *c, const struct cold_scratch *s, uint32_t row)
{
    const struct name_doc *d = best_doc(c, s, row);
    size_t i = d ? (size_t)(d - c->names->docs) : 0;

    return d && c->doc_mass[i] > 0 ? (double)(s->doc_found[i] / c->doc_mass[i]) : 0;
}

double cold_told(const struct cold *c, const struct cold_scratch *s, uint32_t row,
                 size_t words)
{
    float credit[WORDS_MAX] = {0};
    size_t n = 0;

    cold_explain(c, s, row, credit);
    for (size_t i = 0; i < words; i++)
        n += credit[i] > 0;
    return words ? (double)n / (double)words : 0;
}

static double believe(const struct cold *c, const struct cold_scratch *s, uint32_t row,
                      double share, size_t words)
{
    double thousands = fmax(1, (double)c->names->tree->count) / 1000;
    double odds = COLD_SURE_BASE + COLD_SURE_SHARE * log(share) +
                  COLD_SURE_COVERED * covered(c, s, row) +
                  COLD_SURE_TOLD * cold_told(c, s, row, words) +
                  COLD_SURE_SIZE * log(thousands);

    return 1 / (1 + exp(-odds));
}

/* How many leaves score as the best does: each parent's "Others", or equal names. Where
 * there are many, not all of them are among the hits. */
static size_t count_tied(const struct cold *c, const struct cold_scratch *s,
                         const struct cold_hit *hits, size_t count)
{
    const struct taxonomy *tree = c->names->tree;
    size_t tied = 0, all = 0;

    while (tied < count && hits[tied].score == hits[0].score)
        tied++;
    if (tied < COLD_SHUT)
        return tied;
    for (size_t i = 0; i < tree->count; i++)
        all += tree->rows[i].leaf && tree->rows[i].child_count == 0 &&
               s->row_total[i] == hits[0].score;
    return all;
}

/* Nothing tells one of the tied from another: they are believed together, as one, and
 * share what is believed. */
void cold_confidence(const struct cold *c, const struct cold_scratch *s,
                     const struct cold_hit *hits, size_t count, size_t words,
                     double *confidence)
{
    double sum = 0, tied, together, others;

    if (count == 0)
        return;
    tied = (double)count_tied(c, s, hits, count);
    for (size_t i = 0; i < count; i++) {
        confidence[i] =
            pow((double)hits[i].score / (double)hits[0].score, COLD_SHARPNESS);
        sum += hits[i].score < hits[0].score ? confidence[i] : 0;
    }
    together = believe(c, s, hits[0].row, tied / (tied + sum), words);
    others = sum > 0 ? COLD_SURE_OTHERS * (1 - together) / sum : 0;
    for (size_t i = 0; i < count; i++)
        confidence[i] = hits[i].score < hits[0].score
                            ? fmin(together / tied, confidence[i] * others)
                            : together / tied;
}
