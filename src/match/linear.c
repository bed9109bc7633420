/* linear.c - stochastic gradient descent, one row at a time
 *
 * Each row asks how the leaves stand, takes the softmax with its own leaf set back by a
 * margin, and pushes: its leaf up, the others down by their shares, and their ancestors
 * and kin by the sum. A push goes to the weights of common features at once, and is
 * remembered with the row for its rare ones.
 */
#include "match/linear.h"

#include "match/weights.h"

#include <math.h>

typedef float lanes
    __attribute__((vector_size(LINEAR_LANES * sizeof(float)), aligned(4)));

/* Compiled twice, for the processor to choose; both add up alike, to the last bit. The
 * choice is made before the thread sanitizer is ready for it. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_THREAD__)
#define TWICE __attribute__((target_clones("avx2", "default")))
#else
#define TWICE
#endif

/* to += x * from, over a multiple of LINEAR_LANES. */
TWICE static void add_scaled(float *to, const float *from, float x, uint32_t width)
{
    for (uint32_t i = 0; i < width; i += LINEAR_LANES)
        *(lanes *)(to + i) += x * *(const lanes *)(from + i);
}

/* ---- who has what ---- */

static uint32_t most_own(const struct linear_problem *p)
{
    return LINEAR_OWN_BUDGET / (p->nodes + LINEAR_LANES);
}

/* Features that at least so many rows have get weights of their own, as far as the budget
 * reaches. */
static uint32_t own_threshold(const struct linear_problem *p)
{
    uint32_t threshold = LINEAR_RARE + 1;

    for (;; threshold += threshold / 4) {
        uint32_t count = 0;

        for (uint32_t f = 0; f < p->features; f++)
            count += p->counts[f] >= threshold;
        if (count <= most_own(p))
            return threshold;
    }
}

static void fill_holders(const struct linear_problem *p, const struct linear_weights *w,
                         uint32_t *firsts, uint32_t *holders, float *x)
{
    for (uint32_t f = 0; f < p->features; f++)
        firsts[f + 1] = firsts[f] + (w->own[f] ? 0 : p->counts[f]);
    for (uint32_t r = 0; r < p->rows; r++)
        for (uint32_t i = p->firsts[r]; i < p->firsts[r + 1]; i++) {
            uint32_t f = p->values[i].feature;

            if (w->own[f])
                continue;
            x[firsts[f]] = p->values[i].x;
            holders[firsts[f]++] = r;
        }
    memmove(firsts + 1, firsts, p->features * sizeof *firsts);
    firsts[0] = 0;
}

enum aisle_status linear_prepare(const struct linear_problem *p, struct arena *arena,
                                 struct linear_weights *w, struct aisle_err *err)
{
    uint32_t threshold = own_threshold(p), *firsts, *holders;
    size_t held = 0;
    float *x;

    *w = (struct linear_weights){
        .width = (p->nodes + LINEAR_LANES - 1) / LINEAR_LANES * LINEAR_LANES,
        .wide = p->nodes > LINEAR_WIDE,
        .own = arena_zalloc(arena, p->features + 1, sizeof *w->own),
    };
    if (!w->own)
        return aisle_nomem(err);
    for (uint32_t f = 0; f < p->features; f++) {
        if (p->counts[f] >= threshold)
            w->own[f] = ++w->own_count;
        else
            held += p->counts[f];
    }
    firsts = arena_zalloc(arena, p->features + 2, sizeof *firsts);
    holders = arena_alloc(arena, (held + 1) * sizeof *holders);
    x = arena_alloc(arena, (held + 1) * sizeof *x);
    if (!firsts || !holders || !x)
        return aisle_nomem(err);
    fill_holders(p, w, firsts, holders, x);
    w->holder_firsts = firsts;
    w->holders = holders;
    w->holder_x = x;
    return AISLE_OK;
}

/* ---- scoring ---- */

static uint32_t longest_row(const struct linear_problem *p)
{
    uint32_t longest = 0;

    for (uint32_t r = 0; r < p->rows; r++)
        if (p->firsts[r + 1] - p->firsts[r] > longest)
            longest = p->firsts[r + 1] - p->firsts[r];
    return longest;
}

enum aisle_status linear_scratch_make(const struct linear_problem *p,
                                      const struct linear_weights *w, struct arena *arena,
                                      struct linear_scratch *s, struct aisle_err *err)
{
    s->nodes = arena_zalloc(arena, w->width + 1, sizeof *s->nodes);
    s->activity = arena_zalloc(arena, p->rows + 1, sizeof *s->activity);
    s->active = arena_alloc(arena, (p->rows + 1) * sizeof *s->active);
    s->active_count = 0;
    s->pushed = arena_alloc(arena, (p->nodes + 1) * sizeof *s->pushed);
    s->heard = arena_alloc(arena, (longest_row(p) + 1) * sizeof *s->heard);
    s->heard_count = s->pushed_count = 0;
    if (!s->nodes || !s->activity || !s->active || !s->pushed || !s->heard)
        return aisle_nomem(err);
    return AISLE_OK;
}

/* How much each row has in common with the values, by rare features. */
static void wake_holders(const struct linear_weights *w, struct linear_scratch *s,
                         const struct linear_value *v)
{
    for (uint32_t i = w->holder_firsts[v->feature]; i < w->holder_firsts[v->feature + 1];
         i++) {
        uint32_t row = w->holders[i];

        if (s->activity[row] == 0)
            s->active[s->active_count++] = row;
        s->activity[row] += v->x * w->holder_x[i];
    }
}

static void add_pulls(const struct linear_weights *w, struct linear_scratch *s)
{
    enum { AHEAD = 4 };

    for (uint32_t a = 0; a < s->active_count; a++) {
        uint32_t row = s->active[a];
        const struct linear_pulls *pulls = &w->pulls[row];
        float x = s->activity[row];

        if (a + AHEAD < s->active_count)
            __builtin_prefetch(&w->pulls[s->active[a + AHEAD]]);

        for (uint32_t i = 0; i < pulls->n; i++)
            s->nodes[pulls->node[i]] += x * pulls->by[i];
        s->activity[row] = 0;
    }
    s->active_count = 0;
}

/* Each leaf's score becomes its own and, in part, its ancestors' and its name's words'.
 */
static void add_relatives(const struct linear_problem *p, float *nodes)
{
    for (uint32_t n = p->leaves; n < p->nodes; n++)
        if (p->parents[n] != UINT32_MAX)
            nodes[n] += nodes[p->parents[n]];
    for (uint32_t n = 0; n < p->leaves; n++)
        if (p->parents[n] != UINT32_MAX)
            nodes[n] += LINEAR_ANCESTOR * nodes[p->parents[n]];
    for (uint32_t i = 0; i < p->link_count; i++)
        nodes[p->links[i].leaf] += LINEAR_KIN * nodes[p->links[i].node];
}

/* Weights lie wherever their features were first met: asks for those that come next, so
 * that they are there when their turn comes. A sixth
 * quicker on narrow trees. */
static void fetch_ahead(const struct linear_weights *w, const struct linear_value *values,
                        uint32_t left)
{
    enum { SOON = 4, LATER = 10, LATEST = 16, LINE = 64, LINES = 4 };
    const char *weights;
    uint32_t own;

    if (left > LATEST)
        __builtin_prefetch(&w->own[values[LATEST].feature]);
    if (left > LATER && (own = w->own[values[LATER].feature]) > 0)
        __builtin_prefetch(&w->weights[own - 1]);
    if (left <= SOON)
        return;
    own = w->own[values[SOON].feature];
    if (own == 0) {
        __builtin_prefetch(&w->holder_firsts[values[SOON].feature]);
        return;
    }
    weights = w->weights[own - 1].all ? (const char *)w->weights[own - 1].all
                                      : (const char *)w->weights[own - 1].some;
    for (uint32_t i = 0; i < LINES; i++)
        __builtin_prefetch(weights + (size_t)(i * LINE));
}

/* nodes += x * the weights. */
static void add_own(float *nodes, const struct linear_own *own, float x, uint32_t width)
{
    if (own->all) {
        add_scaled(nodes, own->all, x, width);
        return;
    }
    for (uint32_t i = 0; i < own->room; i++)
        nodes[own->some[i].node] += x * own->some[i].by;
}

void linear_score(const struct linear_problem *p, const struct linear_weights *w,
                  struct linear_scratch *s, const struct linear_value *values,
                  uint32_t count)
{
    memcpy(s->nodes, w->bias, w->width * sizeof *s->nodes);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t own = w->own[values[i].feature];

        fetch_ahead(w, values + i, count - i);
        if (own)
            add_own(s->nodes, &w->weights[own - 1], values[i].x, w->width);
        else
            wake_holders(w, s, &values[i]);
    }
    add_pulls(w, s);
    add_relatives(p, s->nodes);
}

/* ---- learning ---- */

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

/* Adds one push to what the row remembers; the slightest is forgotten when it is full. */
static void remember(struct linear_pulls *pulls, uint32_t node, float by)
{
    uint32_t at = 0, slightest = 0;

    while (at < pulls->n && pulls->node[at] != node) {
        if (fabsf(pulls->by[at]) < fabsf(pulls->by[slightest]))
            slightest = at;
        at++;
    }
    if (at < pulls->n) {
        pulls->by[at] += by;
    } else if (at < PULLS_MAX) {
        pulls->node[pulls->n] = node;
        pulls->by[pulls->n++] = by;
    } else if (fabsf(pulls->by[slightest]) < fabsf(by)) {
        pulls->node[slightest] = node;
        pulls->by[slightest] = by;
    }
}

/* The nodes whose push is worth speaking of: most rivals of most rows lie too far off. */
static void pick_pushed(const struct linear_problem *p, const struct linear_weights *w,
                        struct linear_scratch *s)
{
    float least = w->wide ? LINEAR_NEGLIGIBLE_WIDE : LINEAR_NEGLIGIBLE;

    s->pushed_count = 0;
    for (uint32_t n = 0; n < p->nodes; n++)
        if (fabsf(s->nodes[n]) > least)
            s->pushed[s->pushed_count++] = n;
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

/* The weights of one feature. All of them in a row are as quick as an eighth of them. */
static bool push_weights(const struct linear_weights *w, const struct linear_scratch *s,
                         struct linear_own *own, float x, struct arena *arena)
{
    uint32_t width = w->width;

    if (!own->all && !make_room(w, own, s->pushed_count, arena))
        return false;
    if (own->all && s->pushed_count > width / LINEAR_LANES) {
        add_scaled(own->all, s->nodes, x, width);
        return true;
    }
    for (uint32_t i = 0; i < s->pushed_count; i++) {
        uint32_t node = s->pushed[i];
        struct linear_weight *weight;

        if (own->all) {
            own->all[node] += x * s->nodes[node];
            continue;
        }
        weight = find_weight(own, node, width);
        own->count += weight->node == width;
        weight->node = node;
        weight->by += x * s->nodes[node];
    }
    return true;
}

static bool push_row(const struct linear_problem *p, struct linear_weights *w,
                     struct linear_scratch *s, uint32_t row, float rate,
                     struct arena *arena)
{
    pick_pushed(p, w, s);
    for (uint32_t i = 0; i < s->heard_count; i++) {
        uint32_t own = w->own[s->heard[i].feature];

        if (own && !push_weights(w, s, &w->weights[own - 1], rate * s->heard[i].x, arena))
            return false;
    }
    add_scaled(w->bias, s->nodes, rate * LINEAR_BIAS, w->width);
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
static void hear_row(const struct linear_problem *p, struct linear_scratch *s,
                     uint32_t row, uint64_t *seed)
{
    s->heard_count = 0;
    for (uint32_t i = p->firsts[row]; i < p->firsts[row + 1]; i++)
        if ((float)(next_random(seed) >> 40) < LINEAR_HEARD * (1 << 24))
            s->heard[s->heard_count++] = p->values[i];
}

/* One visit. A row that has little left to say is passed over in the next round. */
static bool learn_row(const struct linear_problem *p, struct linear_weights *w,
                      struct learning *l, uint32_t row, float rate)
{
    struct linear_scratch *s = &l->scratch;

    hear_row(p, s, row, &l->seed);
    linear_score(p, w, s, s->heard, s->heard_count);
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
    float *all = arena_zalloc(arena, (size_t)w->own_count * w->width, sizeof *all);

    for (uint32_t i = 0; all && i < w->own_count; i++)
        w->weights[i].all = all + (size_t)i * w->width;
    return all != NULL;
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
