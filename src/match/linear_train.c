/* linear_train.c - stochastic gradient descent, one row at a time
 *
 * Each row asks how the leaves stand, takes the softmax with its own leaf set back by a
 * margin, and pushes: its leaf up, the others down by their shares, and their ancestors
 * and kin by the sum. A push goes to the weights of common features at once, and is
 * remembered with the row for its rare ones.
 */
#include "match/linear_parts.h"

#include "match/weights.h"

#include <math.h>

/* The right leaf is set back by the margin, and so in part are others that are right for
 * the same title elsewhere. */
static void set_back(const struct linear_problem *p, float *scores, uint32_t row)
{
    uint32_t title = p->twins.of[row];

    scores[p->labels[row]] -= LINEAR_MARGIN;
    if (title == UINT32_MAX)
        return;
    for (uint32_t i = p->twins.firsts[title]; i < p->twins.firsts[title + 1]; i++)
        if (p->twins.leaves[i] != p->labels[row])
            scores[p->twins.leaves[i]] -= LINEAR_TWIN * LINEAR_MARGIN;
}

/* Scores to shares of one. */
static void share_out(float *scores, uint32_t leaves)
{
    float most = -1e30F, sum = 0;

    for (uint32_t n = 0; n < leaves; n++)
        most = scores[n] > most ? scores[n] : most;
    for (uint32_t n = 0; n < leaves; n++) {
        scores[n] -= most;
        scores[n] = scores[n] > LINEAR_FLOOR ? expf(scores[n]) : 0;
        sum += scores[n];
    }
    for (uint32_t n = 0; n < leaves; n++)
        scores[n] /= sum;
}

/* Shares to pushes: the right leaf up, the others down, and their ancestors and kin by
 * the sum of those that have a part in them. */
static void make_pushes(const struct linear_problem *p, float *nodes, uint32_t label)
{
    memset(nodes + p->leaves, 0, (p->nodes - p->leaves) * sizeof *nodes);
    for (uint32_t n = 0; n < p->leaves; n++) {
        nodes[n] = (n == label ? 1 : 0) - nodes[n];
        if (p->parents[n] != UINT32_MAX)
            nodes[p->parents[n]] += LINEAR_ANCESTOR * nodes[n];
    }
    for (uint32_t n = p->nodes; n-- > p->leaves;)
        if (p->parents[n] != UINT32_MAX)
            nodes[p->parents[n]] += nodes[n];
    for (uint32_t i = 0; i < p->link_count; i++)
        nodes[p->links[i].node] += LINEAR_KIN * nodes[p->links[i].leaf];
}

/* Where the row remembers the node; n when nowhere. Looks at all places, for eight are
 * looked at as quickly as one. */
static uint32_t find_pull(const struct linear_pulls *pulls, uint32_t node)
{
    uint32_t found = PULLS_MAX;

    for (uint32_t i = PULLS_MAX; i-- > 0;)
        found = pulls->node[i] == node ? i : found;
    return found < pulls->n ? found : pulls->n;
}

static uint32_t slightest_pull(const struct linear_pulls *pulls)
{
    uint32_t slightest = 0;

    for (uint32_t i = 1; i < pulls->n; i++)
        if (fabsf(pulls->by[i]) < fabsf(pulls->by[slightest]))
            slightest = i;
    return slightest;
}

/* Adds one push to what the row remembers; the slightest is forgotten when it is full. */
static void remember(struct linear_pulls *pulls, uint32_t node, float by)
{
    uint32_t at = find_pull(pulls, node);

    if (at < pulls->n) {
        pulls->by[at] += by;
        return;
    }
    if (pulls->n == PULLS_MAX) {
        at = slightest_pull(pulls);
        if (fabsf(pulls->by[at]) >= fabsf(by))
            return;
    } else {
        pulls->n++;
    }
    pulls->node[at] = node;
    pulls->by[at] = by;
}

/* The nodes whose push is worth speaking of: most rivals of most rows lie too far off. */
static void pick_pushed(const struct linear_problem *p, const struct linear_weights *w,
                        struct linear_scratch *s)
{
    float least = w->wide ? LINEAR_NEGLIGIBLE_WIDE : LINEAR_NEGLIGIBLE;

    s->pushed_count = 0;
    for (uint32_t n = 0; n < p->nodes; n++) {
        s->pushed[s->pushed_count] = n;
        s->pushed_count += fabsf(s->nodes[n]) > least;
    }
}

/* The weight of a node, or the free place where it belongs. */
static struct linear_weight *find_weight(const struct linear_own *own, uint32_t node,
                                         uint32_t width)
{
    uint32_t i = (node * 0x9E3779B1u) >> 7 & (own->room - 1);

    while (own->some[i].node != node && own->some[i].node != width)
        i = (i + 1) & (own->room - 1);
    return &own->some[i];
}

static bool take_all(struct linear_own *own, uint32_t width, struct arena *arena)
{
    own->all = arena_zalloc(arena, width, sizeof *own->all);
    for (uint32_t i = 0; own->all && i < own->room; i++)
        if (own->some[i].node != width)
            own->all[own->some[i].node] = own->some[i].by;
    return own->all != NULL;
}

/* Room for so many more, at most three places of four taken; all weights in a row are as
 * quick as a quarter of them here and there. */
static bool make_room(const struct linear_weights *w, struct linear_own *own,
                      uint32_t more, struct arena *arena)
{
    struct linear_own next = {.room = own->room ? own->room : 8, .count = own->count};
    uint32_t width = w->width;

    while ((own->count + more) * 4 > next.room * 3)
        next.room *= 2;
    if (next.room == own->room)
        return true;
    if (next.room > width / 4)
        return take_all(own, width, arena);
    next.some = arena_alloc(arena, next.room * sizeof *next.some);
    if (!next.some)
        return false;
    for (uint32_t i = 0; i < next.room; i++)
        next.some[i] = (struct linear_weight){.node = width};
    for (uint32_t i = 0; i < own->room; i++)
        if (own->some[i].node != width)
            *find_weight(&next, own->some[i].node, width) = own->some[i];
    *own = next;
    return true;
}

/* All weights of one feature, one a node. All in a row are as quick as an eighth of them.
 */
static void push_all(const struct linear_scratch *s, float *weights, float x,
                     uint32_t width)
{
    if (s->pushed_count > width / LINEAR_LANES) {
        linear_add(weights, s->nodes, x, width);
        return;
    }
    for (uint32_t i = 0; i < s->pushed_count; i++)
        weights[s->pushed[i]] += x * s->nodes[s->pushed[i]];
}

/* The weights of one feature. */
static bool push_weights(const struct linear_weights *w, const struct linear_scratch *s,
                         struct linear_own *own, float x, struct arena *arena)
{
    if (!own->all && !make_room(w, own, s->pushed_count, arena))
        return false;
    if (own->all) {
        push_all(s, own->all, x, w->width);
        return true;
    }
    for (uint32_t i = 0; i < s->pushed_count; i++) {
        uint32_t node = s->pushed[i];
        struct linear_weight *weight = find_weight(own, node, w->width);

        own->count += weight->node == w->width;
        weight->node = node;
        weight->by += x * s->nodes[node];
    }
    return true;
}

static bool push_own(const struct linear_weights *w, const struct linear_scratch *s,
                     float rate, struct arena *arena)
{
    for (uint32_t i = 0; i < s->own_count; i++) {
        uint32_t f = s->own[i].feature;
        float x = rate * s->own[i].x;

        if (w->table)
            push_all(s, w->table + (size_t)f * w->width, x, w->width);
        else if (!push_weights(w, s, &w->weights[f], x, arena))
            return false;
    }
    return true;
}

static bool push_row(const struct linear_problem *p, struct linear_weights *w,
                     struct linear_scratch *s, uint32_t row, float rate,
                     struct arena *arena)
{
    pick_pushed(p, w, s);
    if (!push_own(w, s, rate, arena))
        return false;
    linear_add(w->bias, s->nodes, rate * LINEAR_BIAS, w->width);
    for (uint32_t i = 0; i < s->pushed_count; i++)
        remember(&w->pulls[row], s->pushed[i], rate * s->nodes[s->pushed[i]]);
    return true;
}

struct learning {
    struct linear_scratch scratch;
    struct arena *arena;
    bool *rests; /* of each row */
    uint64_t seed;
};

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Some of the row's features are not heard, others each time, so that none is leant on
 * alone. */
static void hear_row(const struct linear_problem *p, const struct linear_weights *w,
                     struct linear_scratch *s, uint32_t row, uint64_t *seed)
{
    s->own_count = s->rare_count = 0;
    for (uint32_t i = p->firsts[row]; i < p->firsts[row + 1]; i++)
        linear_part(w, s, p->values[i],
                    (float)(next_random(seed) >> 40) < LINEAR_HEARD * (1 << 24));
}

/* Asks for what the next row, and where the one after it, brings along. */
static void fetch_row(const struct linear_problem *p, const struct linear_weights *w,
                      const uint32_t *order, uint32_t left)
{
    if (left > 2)
        __builtin_prefetch(&p->firsts[order[2]]);
    if (left <= 1)
        return;
    for (uint32_t i = p->firsts[order[1]]; i < p->firsts[order[1] + 1];
         i += LINEAR_LINE / sizeof *p->values)
        __builtin_prefetch(&p->values[i]);
    __builtin_prefetch(&w->pulls[order[1]]);
    __builtin_prefetch(&p->twins.of[order[1]]);
    __builtin_prefetch(&p->labels[order[1]]);
}

/* One visit. A row that has little left to say is passed over in the next round. */
static bool learn_row(const struct linear_problem *p, struct linear_weights *w,
                      struct learning *l, uint32_t row, float rate)
{
    struct linear_scratch *s = &l->scratch;

    hear_row(p, w, s, row, &l->seed);
    linear_score_parted(p, w, s);
    set_back(p, s->nodes, row);
    share_out(s->nodes, p->leaves);
    make_pushes(p, s->nodes, p->labels[row]);
    l->rests[row] = s->nodes[p->labels[row]] < LINEAR_SETTLED;
    return push_row(p, w, s, row, rate, l->arena);
}

static void shuffle(uint32_t *order, uint32_t count, uint64_t *seed)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = (uint32_t)(next_random(seed) % i), swap = order[i - 1];

        order[i - 1] = order[j];
        order[j] = swap;
    }
}

/* In a narrow tree every feature has all weights; one table of them. */
static bool take_table(struct linear_weights *w, struct arena *arena)
{
    w->table = arena_zalloc(arena, (size_t)w->own_count * w->width + 1, sizeof *w->table);
    for (uint32_t i = 0; w->table && i < w->own_count; i++)
        w->weights[i].all = w->table + (size_t)i * w->width;
    return w->table != NULL;
}

enum aisle_status linear_train(const struct linear_problem *p, uint8_t held_out,
                               struct arena *arena, struct linear_weights *w,
                               struct aisle_err *err)
{
    struct learning l = {.arena = arena, .seed = 88172645463325252u};
    uint32_t *order = arena_alloc(arena, (p->rows + 1) * sizeof *order), count = 0;
    enum aisle_status status = linear_scratch_make(p, w, arena, &l.scratch, err);

    l.rests = arena_zalloc(arena, p->rows + 1, sizeof *l.rests);
    w->weights = arena_zalloc(arena, w->own_count + 1, sizeof *w->weights);
    w->bias = arena_zalloc(arena, w->width, sizeof *w->bias);
    w->pulls = arena_zalloc(arena, p->rows + 1, sizeof *w->pulls);
    if (status != AISLE_OK || !order || !l.rests || !w->weights || !w->bias || !w->pulls)
        return aisle_nomem(err);
    if (!w->wide && !take_table(w, arena))
        return aisle_nomem(err);
    for (uint32_t r = 0; r < p->rows; r++)
        if (p->folds[r] != held_out)
            order[count++] = r;
    for (int epoch = 0; epoch < LINEAR_EPOCHS; epoch++) {
        float rate = LINEAR_RATE * (1 - (float)epoch / LINEAR_EPOCHS);

        shuffle(order, count, &l.seed);
        for (uint32_t i = 0; i < count; i++) {
            fetch_row(p, w, order + i, count - i);
            if (p->stop && atomic_load(p->stop))
                return aisle_fail(err, AISLE_STOPPED, "stopped as asked");
            if (l.rests[order[i]])
                l.rests[order[i]] = false;
            else if (!learn_row(p, w, &l, order[i], rate))
                return aisle_nomem(err);
        }
    }
    return AISLE_OK;
}
