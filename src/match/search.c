/* search.c - from typed words to categories
 *
 * For each typed word the rows whose names have it are marked with how well they do. Only
 * those can be an answer; what their ancestors have is looked up on the way to the top,
 * and the best are kept.
 */
#include "match/search.h"

#include "base/mem.h"
#include "match/search_find.h"
#include "match/weights.h"

#include <math.h>

struct scored {
    float score;
    uint32_t row;
    bool whole; /* it has all the words */
};

/* The best so far, best first. */
struct best {
    const struct names *names;
    struct scored *at;
    size_t cap, count;
};

void search_scratch_clear(struct search_scratch *s)
{
    mem_free(s->found);
    mem_free(s->slot_found);
    mem_free(s->rows);
    mem_free(s->slots);
    mem_free(s->row_seen);
    buf_clear(&s->text);
    *s = (struct search_scratch){.text = BUF_INIT(BUF_MAX_LINE)};
}

static enum aisle_status make_room(struct search_scratch *s, const struct names *n,
                                   struct aisle_err *err)
{
    size_t rows = n->tree->count, slots = n->slot_count;

    if (s->row_seen && s->row_cap >= rows && s->slot_cap >= slots)
        return AISLE_OK;
    search_scratch_clear(s);
    s->row_cap = rows;
    s->slot_cap = slots;
    s->found = mem_zalloc(rows + 1, TYPED_MAX_WORDS * sizeof *s->found);
    s->slot_found = mem_zalloc(slots + 1, sizeof *s->slot_found);
    s->rows = mem_zalloc(rows + 1, sizeof *s->rows);
    s->slots = mem_zalloc(slots + 1, sizeof *s->slots);
    s->row_seen = mem_zalloc(rows + 1, sizeof *s->row_seen);
    if (s->found && s->slot_found && s->rows && s->slots && s->row_seen)
        return AISLE_OK;
    search_scratch_clear(s);
    return aisle_nomem(err);
}

static void forget_last(struct search_scratch *s)
{
    for (size_t i = 0; i < s->slot_count; i++)
        s->slot_found[s->slots[i]] = 0;
    for (size_t i = 0; i < s->row_count; i++) {
        s->row_seen[s->rows[i]] = false;
        memset(&s->found[(size_t)s->rows[i] * TYPED_MAX_WORDS], 0,
               TYPED_MAX_WORDS * sizeof *s->found);
    }
    s->slot_count = s->row_count = 0;
}

/* ---- from the words to the rows that have them all ---- */

/* Of a row's docs, the best share of a name that was asked for, and whether the name
 * begins with it. */
static float name_covered(const struct names *n, const struct search_scratch *s,
                          uint32_t row)
{
    float best = 0;

    for (uint32_t d = n->doc_firsts[row]; d < n->doc_firsts[row + 1]; d++) {
        const struct name_doc *doc = &n->docs[d];
        float found = 0, cover;

        for (uint32_t i = 0; i < doc->count; i++)
            found += s->slot_found[doc->first + i];
        cover = SEARCH_COVER * found / (float)doc->count;
        if (doc->count && s->slot_found[doc->first] > 0)
            cover += SEARCH_FIRST;
        best = cover > best ? cover : best;
    }
    return best;
}

/* How well the names above a row have the word. */
static float found_above(const struct names *n, const struct search_scratch *s,
                         uint32_t row, size_t word)
{
    float best = 0, weight = SEARCH_ABOVE;

    for (uint32_t r = n->tree->rows[row].parent; r != TAXONOMY_NONE && weight > best;
         r = n->tree->rows[r].parent) {
        float found = weight * s->found[(size_t)r * TYPED_MAX_WORDS + word];

        best = found > best ? found : best;
        weight *= SEARCH_ABOVE;
    }
    return best;
}

/* How well the row's own name answers, and with its ancestors; -1 when it does not. Words
 * of a path's last step must be found in the row, those before it above. */
static float judge_row(const struct names *n, const struct search_scratch *s,
                       const struct typed *q, uint32_t row, bool as_path)
{
    const float *own = &s->found[(size_t)row * TYPED_MAX_WORDS];
    float sum = 0, own_sum = 0;
    bool has_own = false;

    for (size_t i = 0; i < q->count; i++) {
        bool here = as_path && q->words[i].part + 1 == q->parts;
        bool above = as_path && !here;
        float found = above ? 0 : own[i];

        if (!q->words[i].known)
            continue;
        if (!here && found < SEARCH_ABOVE) {
            float inherited = found_above(n, s, row, i);

            found = inherited > found ? inherited : found;
        }
        if (found == 0)
            return -1;
        has_own |= !above && own[i] > 0;
        own_sum += own[i];
        sum += found;
    }
    return has_own ? (sum + SEARCH_OWN * own_sum) / (float)q->known : -1;
}

static bool is_before(const struct names *n, struct scored a, struct scored b)
{
    const struct category *x = &n->tree->rows[a.row], *y = &n->tree->rows[b.row];

    if (a.whole != b.whole)
        return a.whole;
    if (a.score != b.score)
        return a.score > b.score;
    if (x->leaf != y->leaf)
        return x->leaf;
    return a.row < b.row;
}

static void keep_best(struct best *best, struct scored one)
{
    size_t i = best->count;

    if (i == best->cap && !is_before(best->names, one, best->at[i - 1]))
        return;
    if (i == best->cap)
        i--;
    else
        best->count++;
    for (; i > 0 && is_before(best->names, one, best->at[i - 1]); i--)
        best->at[i] = best->at[i - 1];
    best->at[i] = one;
}

static void rank_rows(const struct search_scratch *s, const struct typed *q, bool as_path,
                      struct best *best)
{
    const float most_cover = SEARCH_COVER + SEARCH_FIRST;

    for (size_t i = 0; i < s->row_count; i++) {
        uint32_t row = s->rows[i];
        float score = judge_row(best->names, s, q, row, as_path);

        if (score < 0 || (best->count == best->cap && best->at[best->count - 1].whole &&
                          score + most_cover < best->at[best->count - 1].score))
            continue;
        score += name_covered(best->names, s, row);
        keep_best(best, (struct scored){score, row, true});
    }
}

/* A word that no category has says nothing; the others decide. */
static void note_known_words(const struct search_scratch *s, struct typed *q)
{
    q->known = 0;
    for (size_t i = 0; i < q->count; i++) {
        for (size_t r = 0; r < s->row_count && !q->words[i].known; r++)
            q->words[i].known = s->found[(size_t)s->rows[r] * TYPED_MAX_WORDS + i] > 0;
        q->known += q->words[i].known;
    }
}

/* Only where all the other words are found, one step below, and above. */
static void find_beside(const struct names *n, struct search_scratch *s,
                        const struct typed *q, size_t word)
{
    const struct taxonomy *tree = n->tree;
    struct search_run run = search_run_of(n, &q->words[word]);
    size_t rows = s->row_count;

    for (size_t i = 0; i < rows; i++) {
        const struct category *c = &tree->rows[s->rows[i]];

        if (judge_row(n, s, q, s->rows[i], false) < 0)
            continue;
        for (uint32_t k = 0; k < c->child_count; k++)
            search_find_in_row(n, s, &q->words[word], run,
                               tree->children[c->first_child + k], word);
        for (uint32_t r = s->rows[i]; r != TAXONOMY_NONE; r = tree->rows[r].parent)
            search_find_in_row(n, s, &q->words[word], run, r, word);
    }
}

/* "de", or "p" still being typed, stands in too many names to look at them all: the other
 * words say where it matters. */
static bool is_common(const struct names *n, const struct typed_word *w)
{
    return search_run_slots(n, search_run_of(n, w)) > SEARCH_COMMON;
}

static void find_words(const struct names *n, struct search_scratch *s, struct typed *q)
{
    bool common[TYPED_MAX_WORDS] = {false};

    for (size_t i = 0; i < q->count; i++) {
        common[i] = is_common(n, &q->words[i]);
        if (!common[i])
            search_find_word(n, s, q, i);
    }
    note_known_words(s, q);
    for (size_t i = 0; i < q->count; i++) {
        if (!common[i])
            continue;
        q->words[i].exact = true;
        if (q->known)
            find_beside(n, s, q, i);
        else
            search_find_at_front(n, s, &q->words[i], search_run_of(n, &q->words[i]), i);
    }
}

static void rank(const struct search_scratch *s, struct typed *q, struct best *best)
{
    note_known_words(s, q);
    if (q->known && q->parts > 1)
        rank_rows(s, q, true, best);
    if (q->known && (best->count == 0 || !best->at[0].whole))
        rank_rows(s, q, false, best);
}

/* No category has all the words: one that is known may be a slip of another ("mals" for
 * "meals"). */
static void find_again(const struct names *n, struct search_scratch *s, struct typed *q)
{
    for (size_t i = 0; i < q->count; i++)
        if (q->words[i].exact)
            search_find_near(n, s, &q->words[i], i);
}

/* ---- rows that have most of the words ---- */

/* A word of many names was looked for beside the others only, none of which has all. */
static void find_common_here(const struct names *n, struct search_scratch *s,
                             const struct typed *q, bool common[TYPED_MAX_WORDS])
{
    for (size_t i = 0; i < q->count; i++) {
        struct search_run run = search_run_of(n, &q->words[i]);

        common[i] = is_common(n, &q->words[i]);
        for (size_t r = 0; common[i] && r < s->row_count; r++)
            search_find_in_row(n, s, &q->words[i], run, s->rows[r], i);
    }
}

static void count_rows(const struct search_scratch *s, const struct typed *q,
                       size_t rows[TYPED_MAX_WORDS])
{
    for (size_t r = 0; r < s->row_count; r++)
        for (size_t i = 0; i < q->count; i++)
            rows[i] += s->found[(size_t)s->rows[r] * TYPED_MAX_WORDS + i] > 0;
}

/* The rarer a word the more it tells; one that only a slip explains ("Nimya" for "nimba")
 * may well be a brand's, and tells little. Together they come to one. */
static void weigh_words(const struct names *n, const struct search_scratch *s,
                        const struct typed *q, const bool common[TYPED_MAX_WORDS],
                        float weights[TYPED_MAX_WORDS])
{
    size_t rows[TYPED_MAX_WORDS] = {0};
    float sum = 0;

    count_rows(s, q, rows);
    for (size_t i = 0; i < q->count; i++) {
        size_t in =
            common[i] ? search_run_slots(n, search_run_of(n, &q->words[i])) : rows[i];

        weights[i] = rows[i] ? logf(1 + (float)n->tree->count / (float)in) : 0;
        weights[i] *= q->words[i].exact ? 1 : SEARCH_SLIPPED;
        sum += weights[i];
    }
    for (size_t i = 0; i < q->count && sum > 0; i++)
        weights[i] /= sum;
}

/* As judge_row, but each word counts by its weight and none must be there; -1 where it
 * cannot come to enough. */
static float judge_part(const struct names *n, const struct search_scratch *s,
                        const struct typed *q, const float weights[TYPED_MAX_WORDS],
                        uint32_t row, float enough)
{
    const float *own = &s->found[(size_t)row * TYPED_MAX_WORDS];
    float sum = 0, most = 0;

    for (size_t i = 0; i < q->count; i++) {
        sum += (1 + SEARCH_OWN) * weights[i] * own[i];
        most += weights[i] * (own[i] < SEARCH_ABOVE ? SEARCH_ABOVE - own[i] : 0);
    }
    if (sum + most < enough)
        return -1;
    for (size_t i = 0; i < q->count; i++) {
        float above = own[i] < SEARCH_ABOVE ? found_above(n, s, row, i) : 0;

        sum += above > own[i] ? weights[i] * (above - own[i]) : 0;
    }
    return sum;
}

/* Whether none of the words needed a slip to be found. */
static bool all_exact(const struct typed *q)
{
    for (size_t i = 0; i < q->count; i++)
        if (q->words[i].known && !q->words[i].exact)
            return false;
    return true;
}

/* From the back: what tells the goods stands mostly behind a brand. */
static void rank_parts(struct search_scratch *s, const struct typed *q, struct best *best)
{
    const float most_cover = SEARCH_COVER + SEARCH_FIRST;
    const struct names *n = best->names;
    float weights[TYPED_MAX_WORDS];
    bool common[TYPED_MAX_WORDS];

    find_common_here(n, s, q, common);
    weigh_words(n, s, q, common, weights);
    for (size_t i = s->row_count; i-- > 0;) {
        uint32_t row = s->rows[i];
        bool full = best->count == best->cap;
        float enough = full ? best->at[best->count - 1].score - most_cover : 0;
        float score = judge_part(n, s, q, weights, row, enough);

        if (score < enough || (full && best->at[best->count - 1].whole))
            continue;
        score += name_covered(n, s, row);
        keep_best(best, (struct scored){score, row, false});
    }
}

/* ---- ids, paths, words ---- */

static bool already(const struct category *const *out, size_t count,
                    const struct category *c)
{
    for (size_t i = 0; i < count; i++)
        if (out[i] == c)
            return true;
    return false;
}

static void add_result(const struct category **out, size_t cap, size_t *count,
                       const struct category *c)
{
    if (c && *count < cap && !already(out, *count, c))
        out[(*count)++] = c;
}

/* An id may stand alone or in a pasted address: every run of digits and letters is tried.
 */
static void find_ids(const struct names *n, struct str text, const struct category **out,
                     size_t cap, size_t *count)
{
    add_result(out, cap, count, taxonomy_get(n->tree, text));
    if (!typed_is_address(text))
        return;
    for (size_t i = 0; i < text.n;) {
        size_t start = i;

        while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9')
            i++;
        if (i > start)
            add_result(out, cap, count,
                       taxonomy_get(n->tree, str_n(text.p + start, i - start)));
        else
            i++;
    }
}

enum aisle_status search_names(const struct names *n, struct search_scratch *s,
                               struct word_splitter *splitter, struct str text,
                               const struct category **out, size_t cap, size_t *count,
                               struct aisle_err *err)
{
    struct typed q;
    struct best best = {.names = n, .cap = cap};
    enum aisle_status status = make_room(s, n, err);

    *count = 0;
    if (status != AISLE_OK)
        return status;
    forget_last(s);
    text = str_head(text_trim(text), WORDS_MAX_TEXT);
    find_ids(n, text, out, cap, count);
    if (typed_is_path(text))
        add_result(out, cap, count, taxonomy_at_path(n->tree, text));
    status = typed_read(splitter, &s->text, text, &q, err);
    if (status != AISLE_OK || q.count == 0 || cap == 0)
        return status;
    best.at = mem_alloc(cap * sizeof *best.at);
    if (!best.at)
        return aisle_nomem(err);

    find_words(n, s, &q);
    rank(s, &q, &best);
    if (best.count == 0 || !all_exact(&q))
        rank_parts(s, &q, &best);
    if (best.count == 0 || !best.at[0].whole) {
        find_again(n, s, &q);
        rank(s, &q, &best);
    }
    for (size_t i = 0; i < best.count; i++)
        add_result(out, cap, count, &n->tree->rows[best.at[i].row]);
    mem_free(best.at);
    return AISLE_OK;
}
