/* thrifty.c - the same end with a fraction of the calls
 *
 * A seller category is sampled, a few products at a time, until a sequential test says
 * that one leaf is right for nearly all of it (match/settle.h): then the category is
 * mapped and the rest is covered by it, but for products whose own words speak strongly
 * for another leaf. A mixed category is asked about product by product.
 *
 * Of one product: the marketplace with the title alone; with the image only when it
 * refuses or the local matcher is sure of another leaf. Advice that stays contested, or
 * the matcher's alone, is proposed to a person and never taken.
 */
#include "flows/map/ask.h"
#include "flows/map/take.h"
#include "match/settle.h"

enum phase { SAMPLING, SETTLED, MIXED };

enum { WAVE = 4 }; /* products asked about between two looks at the test */

/* Confidence from which the matcher may contradict, and trust in what is answered. */
static const double contradicts_at = 0.8;
static const double trust_agreed = 0.97, trust_alone = 0.85;

/* ---- one product ---- */

static enum aisle_status ask_matcher(struct worker *w, const struct group *g,
                                     const struct product *p, struct asked *out,
                                     struct aisle_err *err)
{
    struct match_query query = {
        .title = p->title, .brand = p->brand, .seller_category = g->category_path};
    size_t cap = sizeof(out->local) / sizeof(*out->local);

    if (!w->map->matcher)
        return AISLE_OK;
    return match_rank(w->map->matcher, w->scratch, &query, &w->arena, out->local, cap,
                      &out->local_count, err);
}

static bool matcher_contradicts(const struct asked *a, struct str leaf)
{
    return a->local_count && a->local[0].confidence >= contradicts_at &&
           !str_eq(a->local[0].category_id, leaf);
}

static bool matcher_agrees(const struct asked *a, struct str leaf)
{
    return a->local_count && str_eq(a->local[0].category_id, leaf);
}

static void choose(struct asked *out, const struct asked *answer)
{
    out->kind = ASKED_LEAF;
    out->category_id = answer->category_id;
    out->parent_id = answer->parent_id;
    out->name = answer->name;
    out->agreed = matcher_agrees(out, answer->category_id);
}

/* Nobody to trust: what is likeliest goes to a person. */
static void leave_open(struct asked *out, const struct asked *answer)
{
    out->kind = ASKED_UNSURE;
    out->code = answer->code;
    out->text = answer->text;
    out->by_matcher = answer->kind != ASKED_LEAF;
    if (!out->by_matcher) {
        out->category_id = answer->category_id;
        out->text = STR_LIT("marketplace and matcher disagree");
    } else if (out->local_count) {
        out->category_id = out->local[0].category_id;
    } else {
        out->kind = answer->kind; /* refused or failed, and no idea of our own */
    }
}

static enum aisle_status ask_again_with_image(struct worker *w, const struct product *p,
                                              const struct asked *by_title,
                                              struct asked *out, struct aisle_err *err)
{
    struct asked answer = {0};
    struct str uri = {0};
    enum aisle_status status = AISLE_OK;

    if (w->map->channel->push_image)
        status = ask_image(w, p, &uri, &answer, err);
    if (status == AISLE_OK && !str_empty(uri)) {
        answer = (struct asked){0};
        status = ask_recommend(w, p, uri, &answer, err);
    }
    if (status != AISLE_OK)
        return status;

    if (str_empty(uri) || answer.kind != ASKED_LEAF)
        leave_open(out, by_title);
    else if (matcher_agrees(out, answer.category_id) ||
             !matcher_contradicts(out, answer.category_id) ||
             (by_title->kind == ASKED_LEAF &&
              str_eq(answer.category_id, by_title->category_id)))
        choose(out, &answer);
    else
        leave_open(out, &answer);
    return AISLE_OK;
}

static enum aisle_status ask_marketplace(struct worker *w, const struct product *p,
                                         struct asked *out, struct aisle_err *err)
{
    struct asked answer = {0};
    enum aisle_status status = ask_recommend(w, p, (struct str){0}, &answer, err);

    if (status != AISLE_OK)
        return status;
    if (answer.kind == ASKED_LEAF && !matcher_contradicts(out, answer.category_id)) {
        choose(out, &answer);
        return AISLE_OK;
    }
    if (answer.kind == ASKED_FAILED) { /* the title itself is at fault */
        leave_open(out, &answer);
        return AISLE_OK;
    }
    return ask_again_with_image(w, p, &answer, out, err);
}

static enum aisle_status ask(struct worker *w, const struct group *g,
                             const struct product *p, struct asked *out,
                             struct aisle_err *err)
{
    enum aisle_status status = ask_matcher(w, g, p, out, err);

    if (status != AISLE_OK)
        return status;
    if (g->phase == SETTLED && !matcher_contradicts(out, g->settled_leaf)) {
        out->kind = ASKED_COVERED;
        return AISLE_OK;
    }
    return ask_marketplace(w, p, out, err);
}

/* ---- a category ---- */

static void queue_idle(struct map *m, struct group *g, size_t most)
{
    for (size_t i = 0; i < g->count && most; i++)
        if (g->slots[i].state == SLOT_IDLE) {
            engine_queue(m, g, i);
            most--;
        }
}

static struct settle_verdict judge(const struct group *g)
{
    struct settle_answer answers[GROUP_MAX];
    size_t n = 0;

    for (size_t i = 0; i < g->count; i++) {
        const struct asked *a = &g->slots[i].asked;

        if (g->slots[i].state == SLOT_ANSWERED && a->kind == ASKED_LEAF)
            answers[n++] = (struct settle_answer){a->category_id,
                                                  a->agreed ? trust_agreed : trust_alone};
    }
    return settle_judge(answers, n, g->more ? 0 : g->count, NULL);
}

/* A piece of a category that this run has mapped already goes by that. */
static void begin(struct group *g)
{
    if (str_empty(g->category_id)) {
        g->phase = MIXED;
    } else if (g->has_mapping && g->mapping.state == DECISION_ACCEPTED) {
        g->phase = SETTLED;
        g->settled_leaf = g->mapping.category_id;
    }
}

static void plan(struct map *m, struct group *g)
{
    struct settle_verdict verdict;

    if (g->outstanding)
        return;
    if (g->phase == SAMPLING)
        begin(g);
    if (g->phase == SAMPLING && !g->stuck) {
        verdict = judge(g);
        if (verdict.state == SETTLE_SAMPLE_MORE) {
            queue_idle(m, g, WAVE);
            return; /* none left: the category is too small to tell, each has its own */
        }
        g->phase = verdict.state == SETTLE_SETTLED ? SETTLED : MIXED;
        if (g->phase == SETTLED && leaf_standing(m, verdict.category_id) == LEAF_CLOSED)
            g->phase = MIXED;
        if (g->phase == SETTLED)
            g->settled_leaf = verdict.category_id;
    }
    if (g->phase != SAMPLING)
        queue_idle(m, g, g->count);
}

/* Decisions of a group are taken together, when the last of it is answered. */
static size_t ripe(const struct map *m, const struct group *g)
{
    (void)m;
    if (g->outstanding || g->stuck)
        return g->sunk;
    for (size_t i = 0; i < g->count; i++)
        if (g->slots[i].state != SLOT_ANSWERED && g->slots[i].state != SLOT_SETTLED)
            return g->sunk;
    return g->count;
}

/* ---- decisions ---- */

static bool mapping_is_settled(const struct group *g)
{
    return g->has_mapping && decision_is_settled(g->mapping.state);
}

static void take_category(struct taking *t)
{
    struct group *g = t->g;
    struct settle_verdict verdict = judge(g);
    double share = verdict.answers ? (double)verdict.agree / (double)verdict.answers : 0;

    if (g->phase != SETTLED || mapping_is_settled(g))
        return;
    take_decision(t, SCOPE_SELLER_CATEGORY, g->category_id, DECISION_ACCEPTED,
                  g->settled_leaf, ADVISOR_MARKETPLACE, share,
                  g->has_mapping ? g->mapping.seq : 0);
}

static void take_leaf(struct taking *t, const struct slot *slot)
{
    const struct asked *a = &slot->asked;
    bool settled = t->g->phase == SETTLED;

    if (leaf_standing(t->w->map, a->category_id) == LEAF_CLOSED) {
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_PROPOSED,
                      a->category_id, ADVISOR_MARKETPLACE, 0, EXPECT_ANY)
            ->reasons =
            STR_LIT("this shop may not list there (yet): ask the marketplace for "
                    "access, or choose another");
        take_item(t, slot, ITEM_NEEDS_PERSON, a->category_id, ITEM_BY_MARKETPLACE);
        return;
    }
    take_provisional(t, a);
    if (!settled || !str_eq(a->category_id, t->g->settled_leaf))
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_ACCEPTED,
                      a->category_id, ADVISOR_MARKETPLACE,
                      a->agreed ? trust_agreed : trust_alone, EXPECT_ANY)
            ->conflict = settled;
    take_item(t, slot, ITEM_MAPPED, a->category_id, ITEM_BY_MARKETPLACE);
}

static void take_unsure(struct taking *t, const struct slot *slot)
{
    const struct asked *a = &slot->asked;
    double confidence = a->by_matcher ? a->local[0].confidence : 0;

    take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_PROPOSED, a->category_id,
                  a->by_matcher ? ADVISOR_LOCAL : ADVISOR_MARKETPLACE, confidence,
                  EXPECT_ANY)
        ->reasons = a->text;
    take_item(t, slot, ITEM_NEEDS_PERSON, a->category_id,
              a->by_matcher ? ITEM_BY_LOCAL : ITEM_BY_MARKETPLACE);
}

static void take_outcome(struct taking *t, const struct slot *slot)
{
    enum asked_kind kind = slot->asked.kind;

    if (kind == ASKED_LEAF)
        take_leaf(t, slot);
    else if (kind == ASKED_COVERED ||
             t->g->phase == SETTLED) /* refused alone, covered by its kin */
        take_item(t, slot, ITEM_MAPPED, t->g->settled_leaf, ITEM_BY_SELLER_CATEGORY);
    else if (kind == ASKED_UNSURE)
        take_unsure(t, slot);
    else
        take_item(t, slot, item_state_of(kind), (struct str){0}, ITEM_BY_NONE);
}

static enum aisle_status take_group(struct worker *w, struct group *g,
                                    struct aisle_err *err)
{
    struct taking t;
    enum aisle_status status = taking_init(&t, w, g, g->count, err);

    if (status != AISLE_OK)
        return status;
    take_category(&t);
    for (size_t i = 0; i < g->count; i++)
        if (g->slots[i].state == SLOT_ANSWERED)
            take_outcome(&t, &g->slots[i]);
    return t.item_count || t.decision_count ? taking_keep(&t, err) : AISLE_OK;
}

/* Someone decided on the category while we asked: theirs counts. */
static enum aisle_status take_group_again(struct worker *w, struct group *g,
                                          struct aisle_err *err)
{
    enum aisle_status status = group_reload(w, g, err);

    if (status != AISLE_OK)
        return status;
    g->phase = MIXED;
    if (g->has_mapping && g->mapping.state == DECISION_ACCEPTED) {
        g->phase = SETTLED;
        g->settled_leaf = g->mapping.category_id;
    }
    return take_group(w, g, err);
}

static enum aisle_status sink(struct worker *w, struct group *g, size_t to,
                              struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status = take_group(w, g, &why);

    (void)to;
    if (status == AISLE_CONFLICT) {
        why = (struct aisle_err){0};
        status = take_group_again(w, g, &why);
    }
    if (status != AISLE_OK)
        aisle_pass(err, &why);
    return status;
}

const struct map_policy_ops map_thrifty = {
    .name = "thrifty",
    .wants_matcher = true,
    .plan = plan,
    .ask = ask,
    .ripe = ripe,
    .sink = sink,
};
