/* search.c - from typed words to categories
 *
 * For each typed word the rows whose names have it are marked with how well they do; then
 * one pass down the tree adds what the ancestors have, and the best rows are kept. That
 * pass is a few multiplications a category, which no index would beat at these sizes.
 */
#include "match/search.h"

#include "base/mem.h"
#include "match/weights.h"

struct search_touch {
    uint32_t slot, row;
};

struct typed_word {
    struct str text;  /* folded */
    struct str plain; /* as word_plain has it; in plain_room */
    char plain_room[WORDS_MAX_LETTERS];
    uint32_t part; /* which part of the path it stands in */
    bool last;     /* perhaps still being typed */
    bool known;    /* some category has it */
};

struct query {
    struct typed_word words[SEARCH_MAX_WORDS];
    size_t count, known, parts;
    bool address; /* a pasted one, https://… */
};

struct scored {
    float score;
    uint32_t row;
};

void search_scratch_clear(struct search_scratch *s)
{
    mem_free(s->found);
    mem_free(s->total);
    mem_free(s->slot_found);
    mem_free(s->touched);
    buf_clear(&s->text);
    *s = (struct search_scratch){.text = BUF_INIT(BUF_MAX_LINE)};
}

static enum aisle_status make_room(struct search_scratch *s, const struct names *n,
                                   struct aisle_err *err)
{
    size_t rows = n->tree->count, slots = n->slot_count;

    if (s->touched && s->row_cap >= rows && s->slot_cap >= slots)
        return AISLE_OK;
    search_scratch_clear(s);
    s->row_cap = rows;
    s->slot_cap = slots;
    s->found = mem_zalloc(rows + 1, SEARCH_MAX_WORDS * sizeof *s->found);
    s->total = mem_zalloc(rows + 1, SEARCH_MAX_WORDS * sizeof *s->total);
    s->slot_found = mem_zalloc(slots + 1, sizeof *s->slot_found);
    s->touched = mem_zalloc(slots + 1, sizeof *s->touched);
    if (s->found && s->total && s->slot_found && s->touched)
        return AISLE_OK;
    search_scratch_clear(s);
    return aisle_nomem(err);
}

static void forget_last(struct search_scratch *s)
{
    for (size_t i = 0; i < s->touched_count; i++) {
        s->slot_found[s->touched[i].slot] = 0;
        memset(&s->found[s->touched[i].row * SEARCH_MAX_WORDS], 0,
               SEARCH_MAX_WORDS * sizeof *s->found);
    }
    s->touched_count = 0;
}

/* ---- what was typed ---- */

/* Where one part of a path ends: at ">", or at "/" and "|" where there is no ">". */
static char separator_of(struct str typed)
{
    static const char separators[] = {'>', '/', '|'};

    for (size_t i = 0; i < sizeof separators; i++)
        if (str_find_char(typed, separators[i]) < typed.n)
            return separators[i];
    return '\0';
}

static bool is_address(struct str typed)
{
    return str_find(typed, STR_LIT("://")) < typed.n;
}

/* Of a pasted address, the path: "https://host/p/fashion/kaos?x=1" to "p/fashion/kaos".
 */
static struct str without_host(struct str typed)
{
    size_t scheme = str_find(typed, STR_LIT("://"));

    if (scheme == typed.n)
        return typed;
    typed = str_skip(typed, scheme + 3);
    typed = str_skip(typed, str_find_char(typed, '/') + 1);
    return str_head(typed, str_find_char(typed, '?'));
}

static void add_words(struct query *q, const struct word_list *list, uint32_t part)
{
    for (size_t i = 0; i < list->n && q->count < SEARCH_MAX_WORDS; i++) {
        struct typed_word *w = &q->words[q->count];

        if (q->address && list->at[i].text.n < 3) /* "/p/", "/en/" */
            continue;
        q->count++;
        *w = (struct typed_word){.text = list->at[i].text, .part = part};
        w->plain = word_plain(w->text, w->plain_room);
    }
}

static bool ends_open(struct str typed)
{
    return !str_empty(typed) && typed.p[typed.n - 1] != ' ';
}

/* Each part is split on its own; the words' text is kept in text, for the splitter
 * forgets. */
static enum aisle_status read_query(struct word_splitter *splitter, struct buf *text,
                                    struct str typed, struct query *q,
                                    struct aisle_err *err)
{
    char separator = separator_of(typed);
    struct str rest = typed;
    enum aisle_status status = AISLE_OK;
    size_t offsets[SEARCH_MAX_WORDS];

    buf_reset(text);
    while (!str_empty(rest) && status == AISLE_OK) {
        struct word_list list;
        size_t before = q->count;
        struct str part = separator ? str_cut(&rest, separator) : rest;

        if (!separator)
            rest.n = 0;
        status = words_split(splitter, part, &list, err);
        if (status != AISLE_OK || list.n == 0)
            continue;
        add_words(q, &list, (uint32_t)q->parts++);
        for (size_t i = before; i < q->count; i++) {
            offsets[i] = text->n;
            buf_add(text, q->words[i].text);
        }
    }
    for (size_t i = 0; i < q->count; i++)
        q->words[i].text.p = buf_str(text).p + offsets[i];
    if (q->count)
        q->words[q->count - 1].last = ends_open(typed);
    return status == AISLE_OK ? buf_check(text, "search text", err) : status;
}

/* ---- from a word to the rows that have it ---- */

static void touch_slots(const struct names *n, struct search_scratch *s,
                        const uint32_t *slots, uint32_t count, float how_well,
                        size_t word)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = slots[i], row = n->docs[n->slots[slot].doc].row;
        float *found = &s->found[row * SEARCH_MAX_WORDS + word];

        if (how_well > *found)
            *found = how_well;
        if (s->slot_found[slot] == 0)
            s->touched[s->touched_count++] = (struct search_touch){slot, row};
        if (how_well > s->slot_found[slot])
            s->slot_found[slot] = how_well;
    }
}

/* A slot that is half a phrase ("kaos kaki") is not quite what one word asks for. */
static void touch_word(const struct names *n, struct search_scratch *s, uint32_t w,
                       float how_well, size_t word)
{
    const uint32_t *slots = n->slot_lists + n->words[w].first;

    for (uint32_t i = 0; i < n->words[w].count; i++) {
        bool half = n->slots[slots[i]].phrase && !n->words[w].pair;

        touch_slots(n, s, &slots[i], 1, half ? how_well * SEARCH_HALF_PHRASE : how_well,
                    word);
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
    size_t count = lexicon_find(&n->lexicon, key, concepts);

    for (size_t k = 0; k < count; k++) {
        uint32_t first = n->concept_firsts[concepts[k]];

        touch_slots(n, s, n->concept_slots + first,
                    n->concept_firsts[concepts[k] + 1] - first, SEARCH_CONCEPT, word);
    }
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

static unsigned typos_allowed(struct str text)
{
    return text.n < 4 ? 0 : text.n < 8 ? 1 : 2;
}

/* How many edits lie between typed text and the word, or its beginning. */
static unsigned distance_to(struct str word, struct str text, bool beginning,
                            unsigned most)
{
    unsigned best = text_distance(text, word, most);

    if (!beginning || word.n <= text.n)
        return best;
    for (size_t n = text.n - 1; n <= text.n + 1 && n < word.n && best > 0; n++) {
        unsigned d = text_distance(text, str_head(word, n), most);

        best = d < best ? d : best;
    }
    return best;
}

/* Letters typed that the word lacks, and the other way round, say "too far" at a glance.
 */
static bool may_be_near(const struct name_word *w, struct str text, uint64_t letters,
                        bool beginning, unsigned most)
{
    unsigned lacks = (unsigned)__builtin_popcountll(letters & ~w->letters);
    unsigned extra = (unsigned)__builtin_popcountll(w->letters & ~letters);

    if (lacks > most || w->text.n + most < text.n)
        return false;
    return beginning || (extra <= most && text.n + most >= w->text.n);
}

static void find_near(const struct names *n, struct search_scratch *s, struct str text,
                      bool beginning, size_t word)
{
    unsigned most = typos_allowed(text);
    uint64_t letters = names_letters(text);

    if (most == 0)
        return;
    for (uint32_t w = 0; w < n->word_count; w++) {
        unsigned d;

        if (n->words[w].pair ||
            !may_be_near(&n->words[w], text, letters, beginning, most))
            continue;
        d = distance_to(n->words[w].text, text, beginning, most);
        if (d > most)
            continue;
        touch_word(n, s, w, d > 1 ? SEARCH_TYPOS : SEARCH_TYPO, word);
    }
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

static void find_word(const struct names *n, struct search_scratch *s, struct query *q,
                      size_t i)
{
    const struct typed_word *w = &q->words[i];
    char room[WORDS_MAX_LETTERS];
    struct str key = lexicon_key(w->text, room);
    bool known = find_exact(n, s, key, 1.0F, i);

    if (!str_eq(key, w->plain))
        known |= find_exact(n, s, w->plain, SEARCH_BARE, i);
    if (w->last || !known)
        known |= find_prefix(n, s, w->plain, false, i);
    find_concepts(n, s, key, i);
    if (!known)
        known = find_prefix(n, s, w->plain, true, i);
    if (!known)
        find_near(n, s, w->plain, w->last, i);
    if (i > 0 && w[-1].part == w->part)
        find_pair(n, s, w, i);
}

/* ---- from the words to the rows that have them all ---- */

/* Of a row's docs, the best share of a name that was asked for, and whether the name
 * begins with it. */
static float name_covered(const struct names *n, const struct search_scratch *s,
                          uint32_t first_doc, uint32_t row)
{
    float best = 0;

    for (uint32_t d = first_doc; d < n->doc_count && n->docs[d].row == row; d++) {
        const struct name_doc *doc = &n->docs[d];
        float found = 0, cover;

        for (uint32_t i = 0; i < doc->count; i++)
            found += s->slot_found[doc->first + i];
        cover = SEARCH_COVER * found / (float)doc->count;
        if (s->slot_found[doc->first] > 0)
            cover += SEARCH_FIRST;
        best = cover > best ? cover : best;
    }
    return best;
}

static uint32_t first_doc_of(const struct names *n, uint32_t row)
{
    uint32_t low = 0, high = n->doc_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (n->docs[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How well the row's own name answers, and with its ancestors; -1 when it does not. Words
 * of a later part must not be found above those of an earlier one. */
static float judge_row(struct search_scratch *s, const struct query *q, uint32_t row,
                       uint32_t parent, bool as_path)
{
    const float *own = &s->found[row * SEARCH_MAX_WORDS];
    float *total = &s->total[row * SEARCH_MAX_WORDS];
    const float *above =
        parent == TAXONOMY_NONE ? NULL : &s->total[parent * SEARCH_MAX_WORDS];
    float sum = 0, own_sum = 0;
    bool all = true, has_own = false;

    for (size_t i = 0; i < q->count; i++) {
        float inherited = above ? SEARCH_ABOVE * above[i] : 0;
        bool must_be_here = as_path && q->words[i].part + 1 == q->parts;
        bool must_be_above = as_path && !must_be_here;

        if (!q->words[i].known)
            continue;
        total[i] = own[i] > inherited ? own[i] : inherited;
        has_own |= own[i] > 0 && !must_be_above;
        own_sum += own[i];
        sum += must_be_here ? own[i] : must_be_above ? inherited : total[i];
        if ((must_be_here && own[i] == 0) || (must_be_above && inherited == 0) ||
            total[i] == 0)
            all = false;
    }
    if (!all || !has_own)
        return -1;
    return (sum + SEARCH_OWN * own_sum) / (float)q->known;
}

static bool is_before(const struct names *n, struct scored a, struct scored b)
{
    const struct category *x = &n->tree->rows[a.row], *y = &n->tree->rows[b.row];

    if (a.score != b.score)
        return a.score > b.score;
    if (x->leaf != y->leaf)
        return x->leaf;
    return a.row < b.row;
}

static void keep_best(const struct names *n, struct scored *best, size_t cap,
                      size_t *count, struct scored one)
{
    size_t i = *count;

    if (i == cap && !is_before(n, one, best[cap - 1]))
        return;
    if (i == cap)
        i--;
    else
        ++*count;
    for (; i > 0 && is_before(n, one, best[i - 1]); i--)
        best[i] = best[i - 1];
    best[i] = one;
}

static size_t rank_rows(const struct names *n, struct search_scratch *s,
                        const struct query *q, bool as_path, struct scored *best,
                        size_t cap)
{
    size_t count = 0;

    for (size_t i = 0; i < n->tree->count; i++) {
        uint32_t row = n->order[i];
        float score = judge_row(s, q, row, n->tree->rows[row].parent, as_path);

        if (score < 0)
            continue;
        score += name_covered(n, s, first_doc_of(n, row), row);
        keep_best(n, best, cap, &count, (struct scored){score, row});
    }
    return count;
}

/* A word that no category has says nothing; the others decide. */
static size_t note_known_words(const struct search_scratch *s, struct query *q)
{
    size_t known = 0;

    for (size_t t = 0; t < s->touched_count; t++)
        for (size_t i = 0; i < q->count; i++)
            q->words[i].known |= s->found[s->touched[t].row * SEARCH_MAX_WORDS + i] > 0;
    for (size_t i = 0; i < q->count; i++)
        known += q->words[i].known;
    return known;
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
static void find_ids(const struct names *n, struct str typed, const struct category **out,
                     size_t cap, size_t *count)
{
    add_result(out, cap, count, taxonomy_get(n->tree, typed));
    if (!is_address(typed))
        return;
    for (size_t i = 0; i < typed.n;) {
        size_t start = i;

        while (i < typed.n && typed.p[i] >= '0' && typed.p[i] <= '9')
            i++;
        if (i > start)
            add_result(out, cap, count,
                       taxonomy_get(n->tree, str_n(typed.p + start, i - start)));
        else
            i++;
    }
}

enum aisle_status search_names(const struct names *n, struct search_scratch *s,
                               struct word_splitter *splitter, struct str typed,
                               const struct category **out, size_t cap, size_t *count,
                               struct aisle_err *err)
{
    struct query q = {0};
    struct scored *best = NULL;
    enum aisle_status status = make_room(s, n, err);
    size_t found;

    *count = 0;
    if (status != AISLE_OK)
        return status;
    forget_last(s);
    typed = str_head(text_trim(typed), WORDS_MAX_TEXT);
    find_ids(n, typed, out, cap, count);
    if (separator_of(typed))
        add_result(out, cap, count, taxonomy_at_path(n->tree, typed));
    q.address = is_address(typed);
    status = read_query(splitter, &s->text, without_host(typed), &q, err);
    if (status != AISLE_OK || q.count == 0 || cap == 0)
        return status;
    best = mem_alloc(cap * sizeof *best);
    if (!best)
        return aisle_nomem(err);

    for (size_t i = 0; i < q.count; i++)
        find_word(n, s, &q, i);
    q.known = note_known_words(s, &q);
    found = q.known && q.parts > 1 ? rank_rows(n, s, &q, true, best, cap) : 0;
    if (q.known && found == 0)
        found = rank_rows(n, s, &q, false, best, cap);
    for (size_t i = 0; i < found; i++)
        add_result(out, cap, count, &n->tree->rows[best[i].row]);
    mem_free(best);
    return AISLE_OK;
}
