/* match.c - the matcher as the rest of the program sees it: what it is made of, and how
 * an answer is put together */
#include "match/match.h"

#include "base/mem.h"
#include "match/cold.h"
#include "match/search.h"
#include "match/weights.h"

enum { CANDIDATES = 64, REASON_WORDS = 4 };

struct matcher {
    struct names names;
    struct cold cold;
};

enum { TITLE, SELLER_CATEGORY, DESCRIPTION, TEXTS };

struct match_scratch {
    struct word_splitter splitters[TEXTS]; /* each keeps the words of its text */
    struct word_list words[TEXTS];
    struct cold_scratch cold;
    struct search_scratch search;
};

enum aisle_status match_new(const struct taxonomy *tree, struct matcher **out,
                            struct aisle_err *err)
{
    struct word_splitter splitter;
    struct matcher *m = mem_zalloc(1, sizeof *m);
    enum aisle_status status;

    if (!m)
        return aisle_nomem(err);
    status = word_splitter_init(&splitter, err);
    if (status == AISLE_OK)
        status = names_build(&m->names, tree, &splitter, err);
    if (status == AISLE_OK)
        status = cold_build(&m->cold, &m->names, err);
    word_splitter_clear(&splitter);
    if (status != AISLE_OK) {
        match_free(m);
        return status;
    }
    *out = m;
    return AISLE_OK;
}

void match_free(struct matcher *m)
{
    if (!m)
        return;
    names_clear(&m->names);
    mem_free(m);
}

enum aisle_status match_scratch_new(struct match_scratch **out, struct aisle_err *err)
{
    struct match_scratch *s = mem_zalloc(1, sizeof *s);
    enum aisle_status status;

    if (!s)
        return aisle_nomem(err);
    search_scratch_clear(&s->search);
    status = AISLE_OK;
    for (size_t t = 0; t < TEXTS && status == AISLE_OK; t++)
        status = word_splitter_init(&s->splitters[t], err);
    if (status != AISLE_OK) {
        match_scratch_free(s);
        return status;
    }
    *out = s;
    return AISLE_OK;
}

void match_scratch_free(struct match_scratch *s)
{
    if (!s)
        return;
    for (size_t t = 0; t < TEXTS; t++)
        word_splitter_clear(&s->splitters[t]);
    cold_scratch_clear(&s->cold);
    search_scratch_clear(&s->search);
    mem_free(s);
}

/* The words of the title that did most, best first: "kaos, pria". */
static struct str say_reasons(const struct word_list *words, float credit[WORDS_MAX],
                              struct arena *arena)
{
    char text[REASON_WORDS * (WORDS_MAX_LETTERS + 2)];
    size_t n = 0;

    for (size_t k = 0; k < REASON_WORDS; k++) {
        size_t best = 0;

        for (size_t i = 1; i < words->n; i++)
            if (credit[i] > credit[best])
                best = i;
        if (words->n == 0 || credit[best] <= 0)
            break;
        credit[best] = 0;
        if (n > 0) {
            memcpy(text + n, ", ", 2);
            n += 2;
        }
        memcpy(text + n, words->at[best].text.p, words->at[best].text.n);
        n += words->at[best].text.n;
    }
    return arena_str(arena, str_n(text, n));
}

/* Reads what the query says into s->words. */
static enum aisle_status read_texts(struct match_scratch *s,
                                    const struct match_query *query,
                                    struct cold_text texts[TEXTS], struct aisle_err *err)
{
    const struct str said[TEXTS] = {query->title, query->seller_category,
                                    str_head(query->description, COLD_MAX_DESCRIPTION)};
    const float weights[TEXTS] = {1.0F, COLD_SELLER_CATEGORY, COLD_DESCRIPTION};
    enum aisle_status status = AISLE_OK;

    for (size_t t = 0; t < TEXTS && status == AISLE_OK; t++) {
        texts[t] = (struct cold_text){&s->words[t], weights[t]};
        status = words_split(&s->splitters[t], said[t], &s->words[t], err);
    }
    return status;
}

enum aisle_status match_rank(const struct matcher *m, struct match_scratch *s,
                             const struct match_query *query, struct arena *arena,
                             struct suggestion *out, size_t cap, size_t *count,
                             struct aisle_err *err)
{
    struct cold_hit hits[CANDIDATES];
    struct cold_text texts[TEXTS];
    double confidence[CANDIDATES];
    size_t found = 0, n;
    enum aisle_status status = read_texts(s, query, texts, err);

    if (status == AISLE_OK)
        status =
            cold_rank(&m->cold, &s->cold, texts, TEXTS, hits, CANDIDATES, &found, err);
    if (status != AISLE_OK)
        return status;
    cold_confidence(&m->cold, &s->cold, hits, found, s->words[TITLE].n, confidence);
    n = found < cap ? found : cap;
    for (size_t i = 0; i < n; i++) {
        float credit[WORDS_MAX] = {0};
        struct suggestion *one = &out[i];

        cold_explain(&m->cold, &s->cold, hits[i].row, credit);
        *one = (struct suggestion){
            .category_id = m->names.tree->rows[hits[i].row].id,
            .confidence = confidence[i],
            .advisor = ADVISOR_LOCAL,
            .reasons = say_reasons(&s->words[TITLE], credit, arena),
        };
        if (!one->reasons.p)
            return aisle_nomem(err);
    }
    *count = n;
    return AISLE_OK;
}

enum aisle_status match_search(const struct matcher *m, struct match_scratch *s,
                               struct str typed, const struct category **out, size_t cap,
                               size_t *count, struct aisle_err *err)
{
    return search_names(&m->names, &s->search, &s->splitters[TITLE], typed, out, cap,
                        count, err);
}
