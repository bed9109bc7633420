/* match.c - the matcher as the rest of the program sees it: what it is made of, and how
 * an answer is put together */
#include "match/match.h"

#include "base/mem.h"
#include "match/cold.h"
#include "match/model.h"
#include "match/search.h"
#include "match/weights.h"

#include <math.h>

#include <stdlib.h>

enum {
    MODEL_HITS = 24,
    /* with the nearest approvals, the seller category's, and three advisors' */
    CANDIDATES = COLD_HITS + MODEL_HITS + APPROVALS_NEAREST + APPROVALS_SHELF + 3,
    REASON_WORDS = 4,
    REASON_TITLES = 2,
    REASON_TITLE = 80 /* bytes told of an approved title */
};

struct matcher {
    struct names names; /* borrowed with all that hangs on it, where shared */
    struct cold cold;
    struct match_sources use;
    bool shared;
};

enum { TITLE, SELLER_CATEGORY, DESCRIPTION, TEXTS };

struct match_scratch {
    struct word_splitter splitters[TEXTS]; /* each keeps the words of its text */
    struct word_list words[TEXTS];
    struct cold_scratch cold;
    struct search_scratch search;
    struct feature_maker maker;
    struct feature_list features;
    struct model_scratch model;
    struct approvals_scratch approvals;
    struct model_hit hits[MODEL_HITS];
    size_t hit_count;
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

enum aisle_status match_share(const struct matcher *base, struct matcher **out,
                              struct aisle_err *err)
{
    struct matcher *m = mem_zalloc(1, sizeof *m);

    if (!m)
        return aisle_nomem(err);
    m->names = base->names;
    m->cold = base->cold;
    m->shared = true;
    *out = m;
    return AISLE_OK;
}

void match_free(struct matcher *m)
{
    if (!m)
        return;
    if (!m->shared)
        names_clear(&m->names);
    mem_free(m);
}

void match_use(struct matcher *m, const struct match_sources *sources)
{
    m->use = *sources;
}

enum aisle_status match_scratch_new(struct match_scratch **out, struct aisle_err *err)
{
    struct match_scratch *s = mem_zalloc(1, sizeof *s);
    enum aisle_status status;

    if (!s)
        return aisle_nomem(err);
    search_scratch_clear(&s->search);
    approvals_scratch_init(&s->approvals);
    status = feature_maker_init(&s->maker, err);
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
    feature_maker_clear(&s->maker);
    model_scratch_clear(&s->model);
    approvals_scratch_clear(&s->approvals);
    mem_free(s);
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

/* ---- who may be it ---- */

struct gathering {
    struct decide_candidate at[CANDIDATES];
    size_t n;
};

static struct decide_candidate *candidate(struct gathering *g, struct str id)
{
    for (size_t i = 0; i < g->n; i++)
        if (str_eq(g->at[i].category_id, id))
            return &g->at[i];
    if (g->n == CANDIDATES)
        return NULL;
    g->at[g->n] = (struct decide_candidate){.category_id = id};
    return &g->at[g->n++];
}

static enum aisle_status ask_cold(const struct matcher *m, struct match_scratch *s,
                                  const struct cold_text texts[TEXTS], double share,
                                  struct gathering *g, struct aisle_err *err)
{
    struct cold_hit hits[COLD_HITS];
    double confidence[COLD_HITS];
    size_t count = 0;
    enum aisle_status status =
        cold_rank(&m->cold, &s->cold, texts, TEXTS, hits, &count, err);

    if (status != AISLE_OK)
        return status;
    cold_confidence(&m->cold, &s->cold, hits, count, s->words[TITLE].n, confidence);
    for (size_t i = 0; i < count; i++) {
        struct decide_candidate *c = candidate(g, m->names.tree->rows[hits[i].row].id);

        c->base += share * confidence[i];
        if (m->use.approvals)
            c->told =
                share * cold_told(&m->cold, &s->cold, hits[i].row, s->words[TITLE].n);
    }
    return AISLE_OK;
}

static int by_from(const void *a, const void *b)
{
    const struct match_move *x = a, *y = b;

    return str_cmp(x->from, y->from);
}

/* A model outlives changes of the tree: what it knows of a leaf goes to its successor. */
static struct str model_leaf(const struct matcher *m, uint32_t node)
{
    const struct match_move key = {.from = model_node_id(m->use.model, node)};
    const struct match_move *move = m->use.move_count
                                        ? bsearch(&key, m->use.moves, m->use.move_count,
                                                  sizeof *m->use.moves, by_from)
                                        : NULL;

    return move ? move->to : key.from;
}

/* *left is the belief it leaves to others. */
static enum aisle_status ask_model(const struct matcher *m, struct match_scratch *s,
                                   struct gathering *g, double *left,
                                   struct aisle_err *err)
{
    enum aisle_status status = model_score(m->use.model, &s->model, &s->features, err);

    if (status != AISLE_OK || s->model.value_count == 0)
        return status;
    s->hit_count = model_rank(m->use.model, &s->model, s->hits, MODEL_HITS);
    for (size_t i = 0; i < s->hit_count; i++) {
        struct str id = model_leaf(m, s->hits[i].leaf);

        candidate(g, id)->base += s->hits[i].confidence;
        *left -= s->hits[i].confidence;
    }
    return AISLE_OK;
}

static enum aisle_status ask_approvals(const struct matcher *m, struct match_scratch *s,
                                       struct str seller_category, struct gathering *g,
                                       struct aisle_err *err)
{
    struct approvals_scratch *a = &s->approvals;
    double votes = DECIDE_UNLIKE;
    enum aisle_status status =
        approvals_ask(m->use.approvals, a, &s->features, seller_category, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < a->near_count; i++)
        votes += approval_vote(a->near[i].likeness);
    for (size_t i = 0; i < a->near_count; i++) {
        struct decide_candidate *c = candidate(g, a->near[i].category_id);
        double like = (double)a->near[i].likeness;

        c->votes += approval_vote(a->near[i].likeness) / votes;
        c->likeness = c->likeness > like ? c->likeness : like;
        c->same = fmax(c->same, (double)a->near[i].same);
    }
    for (size_t i = 0; i < a->shelf_count; i++)
        candidate(g, a->shelf[i].category_id)->shelf =
            a->shelf[i].count / (a->shelf_total + 1.0);
    return AISLE_OK;
}

static void ask_advisors(struct gathering *g, const struct match_advice *advice)
{
    const struct str leaves[] = {advice->marketplace, advice->rule,
                                 advice->seller_category};

    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
        if (!str_empty(leaves[i]))
            candidate(g, leaves[i]);
}

static enum aisle_status gather(const struct matcher *m, struct match_scratch *s,
                                const struct match_query *query,
                                const struct match_advice *advice, struct gathering *g,
                                struct aisle_err *err)
{
    struct product_text text = {query->title, query->description, query->brand,
                                query->seller_category};
    struct cold_text texts[TEXTS];
    double left = 1;
    enum aisle_status status = read_texts(s, query, texts, err);

    g->n = s->hit_count = s->approvals.near_count = s->approvals.shelf_count = 0;
    s->features.n = 0;
    if (status == AISLE_OK && (m->use.model || m->use.approvals))
        status = features_make(&s->maker, &text, &s->features, err);
    if (status == AISLE_OK && m->use.model)
        status = ask_model(m, s, g, &left, err);
    if (status == AISLE_OK)
        status = ask_cold(m, s, texts, left > 0 ? left : 0, g, err);
    if (status == AISLE_OK && m->use.approvals)
        status = ask_approvals(m, s, query->seller_category, g, err);
    if (status == AISLE_OK && advice)
        ask_advisors(g, advice);
    return status;
}

/* The row of a leaf that may be offered, or NULL. */
static const struct category *open_leaf(const struct matcher *m, struct str id)
{
    const struct category *c = taxonomy_get(m->names.tree, id), *also;

    if (!c || !category_takes_products(c))
        return NULL;
    if (!m->use.also)
        return c;
    also = taxonomy_get(m->use.also, id);
    return also && category_takes_products(also) ? c : NULL;
}

/* ---- why ---- */

/* Scales credit to one and adds it, so many times, to sum. */
static void add_credit(const float credit[WORDS_MAX], double times, float sum[WORDS_MAX])
{
    float all = 0;

    for (size_t i = 0; i < WORDS_MAX; i++)
        all += credit[i];
    for (size_t i = 0; i < WORDS_MAX && all > 0; i++)
        sum[i] += (float)times * credit[i] / all;
}

/* What the model's words did; it may know the brand as a first word. */
static void credit_model(const struct matcher *m, const struct match_scratch *s,
                         struct str id, float credit[WORDS_MAX])
{
    const struct word_list *own = &s->maker.title, *words = &s->words[TITLE];
    size_t before = own->n > words->n ? own->n - words->n : 0;
    float theirs[WORDS_MAX] = {0};

    for (size_t i = 0; i < s->hit_count; i++)
        if (str_eq(model_leaf(m, s->hits[i].leaf), id))
            model_explain(m->use.model, &s->model, s->hits[i].leaf, theirs);
    for (size_t i = 0; i + before < own->n; i++)
        credit[i] = theirs[i + before] > 0 ? theirs[i + before] : 0;
}

/* Words that the title shares with approved ones of the leaf. */
static enum aisle_status credit_near(struct match_scratch *s, struct str id,
                                     float credit[WORDS_MAX], struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < s->approvals.near_count && status == AISLE_OK; i++) {
        const struct approval_near *near = &s->approvals.near[i];

        if (!str_eq(near->category_id, id))
            continue;
        status = words_split(&s->splitters[DESCRIPTION], near->title,
                             &s->words[DESCRIPTION], err);
        for (size_t w = 0; w < s->words[TITLE].n; w++)
            for (size_t k = 0; k < s->words[DESCRIPTION].n; k++)
                if (str_eq(s->words[TITLE].at[w].text, s->words[DESCRIPTION].at[k].text))
                    credit[w] += near->likeness;
    }
    return status;
}

/* The words of the title that did most, best first: "kaos, pria". */
static void say_words(const struct word_list *words, float credit[WORDS_MAX],
                      struct buf *out)
{
    for (size_t k = 0; k < REASON_WORDS; k++) {
        size_t best = 0;

        for (size_t i = 1; i < words->n; i++)
            if (credit[i] > credit[best])
                best = i;
        if (words->n == 0 || credit[best] <= 0)
            return;
        for (size_t i = 0; i < words->n; i++) /* a word is told once */
            if (i == best || str_eq(words->at[i].text, words->at[best].text))
                credit[i] = 0;
        if (out->n > 0)
            buf_addz(out, ", ");
        buf_add(out, words->at[best].text);
    }
}

static struct str first_of(struct str title)
{
    size_t n = REASON_TITLE;

    if (title.n <= n)
        return title;
    while (n > 0 && ((unsigned char)title.p[n] & 0xC0) == 0x80)
        n--;
    return str_head(title, n);
}

/* The approved products of the leaf most like this one. */
static void say_near(const struct match_scratch *s, struct str id, struct buf *out)
{
    size_t told = 0;

    for (size_t i = 0; i < s->approvals.near_count && told < REASON_TITLES; i++) {
        const struct approval_near *near = &s->approvals.near[i];

        if (fmaxf(near->likeness, near->same) < MODEL_ALIKE ||
            !str_eq(near->category_id, id))
            continue;
        buf_addz(out, told++ ? ", " : out->n ? "; as " : "as ");
        if (str_empty(near->title))
            buf_addz(out, "a product of another seller's");
        else
            buf_addf(out, "\"%.*s\"", STR_ARG(first_of(near->title)));
    }
}

static enum aisle_status say_reasons(const struct matcher *m, struct match_scratch *s,
                                     const struct decide_candidate *c,
                                     const struct category *leaf, struct arena *arena,
                                     struct str *out, struct aisle_err *err)
{
    float credit[WORDS_MAX] = {0}, one[WORDS_MAX] = {0};
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    cold_explain(&m->cold, &s->cold, (uint32_t)(leaf - m->names.tree->rows), one);
    add_credit(one, c->base, credit);
    if (s->hit_count) {
        memset(one, 0, sizeof one);
        credit_model(m, s, c->category_id, one);
        add_credit(one, c->base, credit);
    }
    memset(one, 0, sizeof one);
    status = credit_near(s, c->category_id, one, err);
    add_credit(one, c->confidence > c->base ? c->confidence - c->base : 0, credit);
    say_words(&s->words[TITLE], credit, &text);
    say_near(s, c->category_id, &text);
    if (status == AISLE_OK)
        status = buf_check(&text, "reasons", err);
    if (status == AISLE_OK) {
        *out = arena_str(arena, buf_str(&text));
        status = out->p ? AISLE_OK : aisle_nomem(err);
    }
    buf_clear(&text);
    return status;
}

/* ---- answering ---- */

static enum advisor advisor_of(const struct decide_candidate *c,
                               const struct match_advice *advice)
{
    if (advice && str_eq(c->category_id, advice->rule))
        return ADVISOR_RULE;
    if (advice && str_eq(c->category_id, advice->marketplace))
        return ADVISOR_MARKETPLACE;
    return ADVISOR_LOCAL;
}

enum aisle_status match_decide(const struct matcher *m, struct match_scratch *s,
                               const struct match_query *query,
                               const struct match_advice *advice, struct arena *arena,
                               struct suggestion *out, size_t cap, size_t *count,
                               struct aisle_err *err)
{
    struct gathering g;
    size_t n = 0;
    enum aisle_status status = gather(m, s, query, advice, &g, err);

    if (status != AISLE_OK)
        return status;
    decide_weigh(g.at, g.n, m->use.approvals ? approvals_voices(m->use.approvals) : 0,
                 m->use.model != NULL, advice);
    for (size_t i = 0; i < g.n && n < cap && status == AISLE_OK; i++) {
        const struct category *leaf = open_leaf(m, g.at[i].category_id);

        if (!leaf)
            continue;
        out[n] = (struct suggestion){
            .category_id = leaf->id,
            .confidence = g.at[i].confidence,
            .advisor = advisor_of(&g.at[i], advice),
        };
        status = say_reasons(m, s, &g.at[i], leaf, arena, &out[n++].reasons, err);
    }
    if (status == AISLE_OK)
        *count = n;
    return status;
}

enum aisle_status match_rank(const struct matcher *m, struct match_scratch *s,
                             const struct match_query *query, struct arena *arena,
                             struct suggestion *out, size_t cap, size_t *count,
                             struct aisle_err *err)
{
    return match_decide(m, s, query, NULL, arena, out, cap, count, err);
}

enum aisle_status match_search(const struct matcher *m, struct match_scratch *s,
                               struct str typed, const struct category **out, size_t cap,
                               size_t *count, struct aisle_err *err)
{
    return search_names(&m->names, &s->search, &s->splitters[TITLE], typed, out, cap,
                        count, err);
}
