/* thrifty.c - the same end with a fraction of the calls
 *
 * The local matcher looks at every product of a seller category first; that costs
 * nothing. Then the marketplace is asked about a few titles at a time, until a sequential
 * test (match/settle.h) over its answers, or over both their votes, says that one leaf is
 * right for nearly all of the category: then the category is mapped and the rest is
 * covered by it, but for products whose own words speak for another leaf. At least two
 * answers of the marketplace must name that leaf: nothing is taken on the matcher's word
 * alone. A mixed category is asked about product by product.
 *
 * Of one product: the marketplace with the title alone; with the image only when it
 * refuses, or the matcher is sure of another leaf. What stays contested is proposed to a
 * person and never taken; nor is what a person refused.
 */
#include "flows/map/ask.h"
#include "flows/map/take.h"
#include "match/settle.h"

enum phase { LOOKING, SAMPLING, SETTLED, MIXED };

enum {
    WAVE = 4,        /* products asked about between two looks at the test */
    IMAGE_TRIES = 3, /* refused titles asked again with images before we give that up */
    LEAST_NAMED = 2, /* answers of the marketplace that must name a category's leaf */
};

/* How far an answer is trusted: both say so, or the marketplace alone. */
static const double trust_agreed = 0.97, trust_alone = 0.85;
/* Confidence from which the matcher is righter than the marketplace alone, and may
 * contradict: where it was just so sure, on 12,000 titles of four catalogues that no
 * measure is taken on (bench/map.py thresholds), 92 of 100 were right; below, 70. */
static const double contradicts_at = 0.55;
/* … and as right as both together, so that it may carry a product that its kin's answers
 * speak for: 99 of 100; below, 96. */
static const double sure_at = 0.70;

/* ---- one product ---- */

static enum aisle_status ask_matcher(struct worker *w, const struct group *g,
                                     const struct product *p, struct asked *out,
                                     struct aisle_err *err)
{
    struct match_query query = {
        .title = p->title, .brand = p->brand, .seller_category = g->category_path};
    size_t cap = sizeof(out->local) / sizeof(*out->local);
    enum aisle_status status = seller_advice_look(g->advice, false, err);

    if (status != AISLE_OK)
        return status;
    return match_rank(g->advice->matcher, w->scratch, &query, &w->arena, out->local, cap,
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

/* The image's say on a title that was refused or is contested: two of three decide. */
static void weigh(const struct asked *by_title, const struct asked *by_image,
                  struct asked *out)
{
    bool twice = by_title->kind == ASKED_LEAF &&
                 str_eq(by_image->category_id, by_title->category_id);

    if (twice || !matcher_contradicts(out, by_image->category_id))
        choose(out, by_image);
    else
        leave_open(out, by_image);
}

static enum aisle_status ask_again(struct worker *w, const struct product *p,
                                   const struct asked *by_title, struct asked *out,
                                   struct aisle_err *err)
{
    struct asked answer = {.kind = ASKED_NO_IMAGE};
    enum aisle_status status = AISLE_OK;

    if (w->map->channel->push_image)
        status = ask_with_image(w, p, &answer, err);
    if (status != AISLE_OK)
        return status;
    if (answer.kind == ASKED_LEAF)
        weigh(by_title, &answer, out);
    else
        leave_open(out, by_title);
    return AISLE_OK;
}

/* Whether a title's answer can stand as it is. */
static bool stands(const struct asked *by_title, const struct asked *with_local)
{
    return by_title->kind == ASKED_LEAF &&
           !matcher_contradicts(with_local, by_title->category_id);
}

/* Titles first: what they leave open may not matter once the category is settled. */
static enum aisle_status ask_title(struct worker *w, const struct product *p,
                                   struct asked *out, struct aisle_err *err)
{
    struct asked answer = {0};
    enum aisle_status status = ask_recommend(w, p, (struct str){0}, &answer, err);

    if (status != AISLE_OK)
        return status;
    if (answer.kind == ASKED_LEAF) {
        choose(out, &answer);
    } else {
        out->kind = answer.kind;
        out->code = answer.code;
        out->text = answer.text;
    }
    return AISLE_OK;
}

static enum aisle_status ask(struct worker *w, const struct group *g,
                             const struct slot *slot, struct asked *out,
                             struct aisle_err *err)
{
    const struct product *p = &slot->product;
    bool first_look = slot->asked.kind != ASKED_LOOKED && !slot->image_asked;
    enum aisle_status status = ask_matcher(w, g, p, out, err);

    if (status != AISLE_OK)
        return status;
    if (first_look) {
        out->kind = ASKED_LOOKED;
        return AISLE_OK;
    }
    if (slot->image_asked)
        return ask_again(w, p, &slot->asked, out, err);
    if (g->phase == SETTLED && !matcher_contradicts(out, g->settled_leaf)) {
        out->kind = ASKED_COVERED;
        return AISLE_OK;
    }
    return ask_title(w, p, out, err);
}

/* ---- a category ---- */

/* Slots nobody but the matcher has said anything of. */
static bool is_unasked(const struct slot *slot)
{
    return slot->state == SLOT_IDLE ||
           (slot->state == SLOT_ANSWERED && slot->asked.kind == ASKED_LOOKED);
}

static void queue_unasked(struct map *m, struct group *g, size_t most)
{
    for (size_t i = 0; i < g->count && most; i++)
        if (is_unasked(&g->slots[i])) {
            engine_queue(m, g, i);
            most--;
        }
}

/* Answers of titles that are in question now that we know what the category is. */
static bool is_contested(const struct group *g, const struct slot *slot)
{
    const struct asked *a = &slot->asked;

    if (slot->state != SLOT_ANSWERED || slot->image_asked || a->by_matcher ||
        a->kind != ASKED_LEAF)
        return false;
    if (g->phase == SETTLED)
        return !a->agreed && !str_eq(a->category_id, g->settled_leaf);
    return !stands(a, a);
}

static void queue_image(struct map *m, struct group *g, size_t i)
{
    g->slots[i].image_asked = true;
    g->slots[i].title_refused = g->slots[i].asked.kind == ASKED_REFUSED;
    engine_queue(m, g, i);
}

/* Refused titles are tried again with their images a few at first; where that never
 * helped, the rest is spared. */
static void queue_refused(struct map *m, struct group *g)
{
    size_t tried = 0, helped = 0;

    for (size_t i = 0; i < g->count; i++) {
        const struct slot *slot = &g->slots[i];

        tried += slot->title_refused;
        helped += slot->title_refused && slot->asked.kind == ASKED_LEAF;
    }
    for (size_t i = 0; i < g->count; i++) {
        const struct slot *slot = &g->slots[i];

        if (slot->state != SLOT_ANSWERED || slot->image_asked ||
            slot->asked.kind != ASKED_REFUSED)
            continue;
        if (tried >= IMAGE_TRIES && !helped)
            return;
        queue_image(m, g, i);
        tried++;
    }
}

static void queue_images(struct map *m, struct group *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (is_contested(g, &g->slots[i]))
            queue_image(m, g, i);
    if (g->phase == MIXED) /* else its kin speak for it */
        queue_refused(m, g);
}

/* The marketplace's answers, and with `both` the matcher's votes for what was not asked.
 */
static struct settle_verdict judge(const struct group *g, bool both)
{
    struct settle_answer answers[GROUP_MAX];
    struct settle_rule rule = settle_rule_default;
    size_t n = 0;
    bool all = !g->more;

    for (size_t i = 0; i < g->count; i++) {
        const struct slot *slot = &g->slots[i];
        const struct asked *a = &slot->asked;
        struct settle_answer vote = {.category_id = STR_LIT("")};

        if (slot->state == SLOT_ANSWERED && a->kind == ASKED_LEAF &&
            (both || !a->by_matcher))
            vote = (struct settle_answer){a->category_id,
                                          a->agreed ? trust_agreed : trust_alone};
        else if (both && a->local_count)
            vote =
                (struct settle_answer){a->local[0].category_id, a->local[0].confidence};
        if (!str_empty(vote.category_id) &&
            !refusals_have(slot->refused, vote.category_id))
            answers[n++] = vote;
        all = all && !is_unasked(slot);
    }
    if (both)
        rule.most = GROUP_MAX + 1; /* votes are not calls */
    return settle_judge(answers, n, all ? n : 0, &rule);
}

static size_t times_named(const struct group *g, struct str leaf)
{
    size_t n = 0;

    for (size_t i = 0; i < g->count; i++)
        n += g->slots[i].state == SLOT_ANSWERED && g->slots[i].asked.kind == ASKED_LEAF &&
             !g->slots[i].asked.by_matcher && str_eq(g->slots[i].asked.category_id, leaf);
    return n;
}

/* The marketplace's own answers say it, or theirs and the matcher's together. */
static enum settle_state judge_both(const struct group *g, struct str *leaf)
{
    struct settle_verdict market = judge(g, false), both = judge(g, true);

    *leaf = market.category_id;
    if (market.state != SETTLE_SAMPLE_MORE)
        return market.state;
    if (both.state == SETTLE_SETTLED && times_named(g, both.category_id) >= LEAST_NAMED &&
        str_eq(both.category_id, market.category_id)) {
        *leaf = both.category_id;
        return SETTLE_SETTLED;
    }
    if (both.state == SETTLE_MIXED && market.answers > market.agree)
        return SETTLE_MIXED;
    return SETTLE_SAMPLE_MORE;
}

/* Some of its products had their own decisions before the run: what is left of it does
 * not speak for the whole. */
static bool is_remainder(const struct group *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->slots[i].state == SLOT_SETTLED)
            return true;
    return false;
}

/* A piece of a category that this run has mapped already goes by that. Where another task
 * took the sample and did not map it, it is mixed. */
static void begin(struct group *g)
{
    if (g->has_mapping && g->mapping.state == DECISION_ACCEPTED) {
        g->phase = SETTLED;
        g->settled_leaf = g->mapping.category_id;
    } else if (str_empty(g->category_id) || g->of_rest ||
               (is_remainder(g) && !g->has_mapping)) {
        g->phase = MIXED;
    }
}

static bool was_looked_at(const struct group *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->slots[i].state == SLOT_IDLE)
            return false;
    return true;
}

/* The leaf the matcher is sure of, for a product nobody was asked about; else empty. */
static struct str sure_leaf(const struct group *g, const struct slot *slot)
{
    const struct asked *a = &slot->asked;
    double least = g->accept_cut < sure_at ? g->accept_cut : sure_at;

    if (!is_unasked(slot) || !a->local_count || a->local[0].confidence < least)
        return (struct str){0};
    return a->local[0].category_id;
}

/* What the matcher is sure of and the marketplace has named for its kin; and what it is
 * so sure of that the person who began the run takes it unseen. */
static void take_confirmed(struct group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        struct slot *slot = &g->slots[i];
        struct str leaf = sure_leaf(g, slot);

        if (str_empty(leaf) || (slot->asked.local[0].confidence < g->accept_cut &&
                                times_named(g, leaf) < LEAST_NAMED))
            continue;
        slot->asked.kind = ASKED_LEAF;
        slot->asked.category_id = leaf;
        slot->asked.by_matcher = true;
        slot->asked.agreed = true;
    }
}

static size_t queued_for(const struct group *g, struct str leaf)
{
    size_t n = 0;

    for (size_t i = 0; i < g->count; i++)
        n += g->slots[i].state == SLOT_QUEUED && g->slots[i].asked.local_count &&
             str_eq(g->slots[i].asked.local[0].category_id, leaf);
    return n;
}

/* In an order that has nothing to do with the ids': one brand's or one supplier's stand
 * together there, and would speak for all. Of products the matcher is sure of only as
 * many as it takes to have their leaf named; their kin may then need no question. */
static void queue_wave(struct map *m, struct group *g, size_t most)
{
    take_confirmed(g);
    for (size_t n = 0; n < g->count && most; n++) {
        size_t i = g->order[n];
        struct slot *slot = &g->slots[i];
        struct str leaf = sure_leaf(g, slot);

        if (!is_unasked(slot))
            continue;
        if (!str_empty(leaf) && times_named(g, leaf) + queued_for(g, leaf) >= LEAST_NAMED)
            continue;
        engine_queue(m, g, i);
        most--;
    }
}

/* Whether a whole category may be put there without a person's word. */
static bool may_cover(const struct map *m, const struct group *g, struct str leaf)
{
    return leaf_standing(m, leaf) != LEAF_CLOSED && !refusals_have(&g->refused, leaf);
}

/* The sample says what the category is, or that it must grow. */
static void sample(struct map *m, struct group *g)
{
    struct str leaf;
    enum settle_state state = judge_both(g, &leaf);

    if (state == SETTLE_SAMPLE_MORE) {
        queue_wave(m, g, WAVE);
        if (g->outstanding)
            return;
        state = SETTLE_MIXED; /* nothing left to ask about, and still no telling */
    }
    g->phase = MIXED;
    if (state == SETTLE_SETTLED && may_cover(m, g, leaf)) {
        g->phase = SETTLED;
        g->settled_leaf = leaf;
    }
}

/* What nobody found a leaf for goes to a person with the matcher's best guess. */
static void guess_refused(struct group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        struct slot *slot = &g->slots[i];
        struct asked answer = slot->asked;

        if (slot->state == SLOT_ANSWERED &&
            (answer.kind == ASKED_REFUSED || answer.kind == ASKED_FAILED))
            leave_open(&slot->asked, &answer);
    }
}

/* Every product has its leaf, and nearly all the same: then the category has it too. */
static void settle_whole(const struct map *m, struct group *g)
{
    struct settle_verdict whole = judge(g, true);

    if (str_empty(g->category_id) || g->more || g->of_rest || is_remainder(g) ||
        whole.state != SETTLE_SETTLED || times_named(g, whole.category_id) == 0 ||
        !may_cover(m, g, whole.category_id))
        return;
    g->phase = SETTLED;
    g->settled_leaf = whole.category_id;
}

static void plan(struct map *m, struct group *g)
{
    if (g->outstanding || g->planned)
        return;
    if (g->phase == LOOKING)
        begin(g);
    if (g->phase != SAMPLING && !was_looked_at(g)) {
        queue_unasked(m, g, g->count);
        return;
    }
    if (g->phase == LOOKING)
        g->phase = SAMPLING;
    if (g->phase == SAMPLING && !g->stuck)
        sample(m, g);
    if (g->phase == SETTLED)
        queue_unasked(m, g, g->count);
    if (g->phase == MIXED)
        queue_wave(m, g, g->count);
    if (!g->outstanding && !g->stuck && g->phase != SAMPLING)
        queue_images(m, g);
    if (g->outstanding || g->stuck)
        return; /* what comes back may spare questions, or need more */
    if (g->phase == MIXED) {
        guess_refused(g);
        settle_whole(m, g);
    }
    g->planned = g->phase != SAMPLING;
}

/* Decisions of a group are taken together, when the last of it is answered. */
static size_t ripe(const struct map *m, const struct group *g)
{
    (void)m;
    if (g->outstanding || g->stuck || !g->planned)
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
    struct settle_verdict verdict = judge(g, false);
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
    enum advisor advisor = a->by_matcher ? ADVISOR_LOCAL : ADVISOR_MARKETPLACE;
    enum advisor_of_item by = a->by_matcher ? ITEM_BY_LOCAL : ITEM_BY_MARKETPLACE;

    take_provisional(t, a);
    if (take_barred(t, slot, a->category_id, advisor, by))
        return;
    if (!settled || !str_eq(a->category_id, t->g->settled_leaf))
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_ACCEPTED,
                      a->category_id, advisor,
                      a->by_matcher ? a->local[0].confidence
                      : a->agreed   ? trust_agreed
                                    : trust_alone,
                      EXPECT_ANY)
            ->conflict = settled;
    take_item(t, slot, ITEM_MAPPED, a->category_id, by);
}

static void take_unsure(struct taking *t, const struct slot *slot)
{
    const struct asked *a = &slot->asked;
    double confidence = a->by_matcher ? a->local[0].confidence : 0;

    take_proposal(t, slot, a->category_id,
                  a->by_matcher ? ADVISOR_LOCAL : ADVISOR_MARKETPLACE, confidence,
                  a->text);
    take_item(t, slot, ITEM_NEEDS_PERSON, a->category_id,
              a->by_matcher ? ITEM_BY_LOCAL : ITEM_BY_MARKETPLACE);
}

/* A category speaks for a product unless the product's last word is that it was refused
 * just that leaf; what was said long ago is said again. */
static void take_out_of(struct taking *t, const struct slot *slot, struct str leaf)
{
    if (!slot->proposed && str_eq(slot->refused->leaves[0], leaf))
        return;
    take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_REJECTED, leaf,
                  ADVISOR_PERSON, 1, EXPECT_ANY)
        ->reasons = STR_LIT("a person refused this leaf for it");
}

/* Its category's leaf, or its own, was refused for it. */
static bool take_refusal(struct taking *t, const struct slot *slot)
{
    enum asked_kind kind = slot->asked.kind;

    if (kind == ASKED_LEAF || (kind == ASKED_UNSURE && t->g->phase != SETTLED))
        return take_refused(t, slot, slot->asked.category_id,
                            slot->asked.by_matcher ? ITEM_BY_LOCAL : ITEM_BY_MARKETPLACE);
    if (t->g->phase != SETTLED ||
        !take_refused(t, slot, t->g->settled_leaf, ITEM_BY_SELLER_CATEGORY))
        return false;
    take_out_of(t, slot, t->g->settled_leaf);
    return true;
}

static void take_outcome(struct taking *t, const struct slot *slot)
{
    enum asked_kind kind = slot->asked.kind;

    if (take_refusal(t, slot))
        return;
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
