/* rules_propose.c - what approvals of one leaf have in common and others lack
 *
 * Every condition the rows suggest is counted twice over: first which leaf may have most
 * of its rows (a running majority), then how many really went there.
 */
#include "match/rules.h"

#include "match/numbered.h"

#include "base/mem.h"

#include <stdlib.h>

enum { WORDS_READ = 24 }; /* of a title */

struct tally {
    struct rule rule;
    uint32_t lead; /* of the running majority */
    uint32_t products, right;
    uint32_t row; /* counted last, so that none counts twice */
};

struct study {
    struct word_splitter splitter;
    struct word_list words;
    struct numbered by_key;
    struct tally *tallies;
    uint32_t count, cap;
    struct arena *arena;
    struct buf text;
    bool second; /* the second time over */
};

/* The tally of a condition; NULL without memory, or where the first pass has none. */
static struct tally *tally_of(struct study *s, struct str words, struct str brand)
{
    uint64_t key = str_hash(words) * 31 + str_hash(brand);
    uint32_t place = numbered_find(&s->by_key, key);
    void *list = s->tallies;

    if (place != NUMBERED_NONE)
        return &s->tallies[place];
    if (!list_grow(&list, s->count, &s->cap, sizeof *s->tallies))
        return NULL;
    s->tallies = list;
    if (!numbered_set(&s->by_key, key, s->count))
        return NULL;
    s->tallies[s->count] = (struct tally){
        .rule = {.words = arena_str(s->arena, words), .brand = brand}, .row = UINT32_MAX};
    return s->tallies[s->count].rule.words.p ? &s->tallies[s->count++] : NULL;
}

static bool count_row(struct study *s, const struct labelled *row, uint32_t number,
                      struct str words, struct str brand)
{
    struct tally *t = tally_of(s, words, brand);

    if (!t)
        return false;
    if (t->row == number)
        return true;
    t->row = number;
    if (s->second) {
        t->products++;
        t->right += str_eq(t->rule.category_id, row->category_id);
    } else if (str_eq(t->rule.category_id, row->category_id)) {
        t->lead++;
    } else if (t->lead == 0) {
        t->rule.category_id = row->category_id;
        t->lead = 1;
    } else {
        t->lead--;
    }
    return true;
}

static bool is_telling(const struct word *w)
{
    return w->kind == WORD_PLAIN && w->text.n >= 3;
}

/* The i-th word, with its neighbour when pair; written in order as a rule has them. */
static struct str words_at(struct study *s, size_t i, bool pair)
{
    struct str a = s->words.at[i].text, b = pair ? s->words.at[i + 1].text : a;

    buf_reset(&s->text);
    buf_add(&s->text, str_cmp(a, b) <= 0 ? a : b);
    if (!str_eq(a, b)) {
        buf_addc(&s->text, ' ');
        buf_add(&s->text, str_cmp(a, b) <= 0 ? b : a);
    }
    return buf_str(&s->text);
}

static enum aisle_status look_at(struct study *s, const struct labelled *row,
                                 uint32_t number, struct aisle_err *err)
{
    enum aisle_status status = words_split(&s->splitter, row->text.title, &s->words, err);
    struct str brand = text_trim(row->text.brand), none = {0};
    bool ok = true;

    for (size_t i = 0; status == AISLE_OK && ok && i < s->words.n && i < WORDS_READ;
         i++) {
        if (!is_telling(&s->words.at[i]))
            continue;
        ok = count_row(s, row, number, words_at(s, i, false), none);
        if (ok && !str_empty(brand))
            ok = count_row(s, row, number, words_at(s, i, false), brand);
        if (ok && i + 1 < s->words.n && is_telling(&s->words.at[i + 1]))
            ok = count_row(s, row, number, words_at(s, i, true), none);
    }
    return ok ? status : aisle_nomem(err);
}

static int most_products_first(const void *a, const void *b)
{
    const struct rule_proposal *x = a, *y = b;
    int order = (y->products > x->products) - (y->products < x->products);

    order = order ? order : (y->right > x->right) - (y->right < x->right);
    if (!order) /* the simpler one, where both say the same */
        order = (x->rule.words.n + x->rule.brand.n > y->rule.words.n + y->rule.brand.n) -
                (x->rule.words.n + x->rule.brand.n < y->rule.words.n + y->rule.brand.n);
    order = order ? order : str_cmp(x->rule.words, y->rule.words);
    return order ? order : str_cmp(x->rule.brand, y->rule.brand);
}

/* Whether a proposal says the same with fewer conditions. */
static bool is_covered(const struct rule_proposal *list, size_t n,
                       const struct rule *rule)
{
    for (size_t i = 0; i < n; i++) {
        struct str rest = rule->words;

        if (!str_eq(list[i].rule.category_id, rule->category_id) ||
            !str_empty(list[i].rule.brand))
            continue;
        while (!str_empty(rest))
            if (str_eq(str_cut(&rest, ' '), list[i].rule.words))
                return true;
    }
    return false;
}

static size_t choose(const struct study *s, size_t least, double precision,
                     struct rule_proposal *all, struct rule_proposal *out, size_t cap)
{
    size_t n = 0, kept = 0;

    for (uint32_t i = 0; i < s->count; i++) {
        const struct tally *t = &s->tallies[i];

        if (t->products >= least && (double)t->right >= precision * t->products)
            all[n++] = (struct rule_proposal){t->rule, t->products, t->right};
    }
    if (n)
        qsort(all, n, sizeof *all, most_products_first);
    for (size_t i = 0; i < n && kept < cap; i++)
        if (!is_covered(out, kept, &all[i].rule))
            out[kept++] = all[i];
    return kept;
}

enum aisle_status rules_propose(const struct labelled *rows, size_t count, size_t least,
                                double precision, struct arena *arena,
                                struct rule_proposal *out, size_t cap, size_t *found,
                                struct aisle_err *err)
{
    struct study s = {.arena = arena, .text = BUF_INIT(BUF_MAX_LINE)};
    struct rule_proposal *all = NULL;
    enum aisle_status status = word_splitter_init(&s.splitter, err);

    for (int pass = 0; pass < 2; pass++) {
        s.second = pass == 1;
        for (uint32_t t = 0; t < s.count; t++)
            s.tallies[t].row = UINT32_MAX;
        for (uint32_t r = 0; r < count && status == AISLE_OK; r++)
            status = look_at(&s, &rows[r], r, err);
    }
    if (status == AISLE_OK) {
        all = mem_alloc((s.count + 1) * sizeof *all);
        if (all)
            *found = choose(&s, least, precision, all, out, cap);
        else
            status = aisle_nomem(err);
    }
    mem_free(all);
    mem_free(s.tallies);
    numbered_clear(&s.by_key);
    word_splitter_clear(&s.splitter);
    buf_clear(&s.text);
    return status;
}
