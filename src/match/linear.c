/* linear.c - who has which feature, and how the leaves stand for some */
#include "match/linear_parts.h"

#include "match/weights.h"

typedef float lanes
    __attribute__((vector_size(LINEAR_LANES * sizeof(float)), aligned(4)));

/* Compiled twice, for the processor to choose; both add up alike, to the last bit. The
 * choice is made before the thread sanitizer is ready for it. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_THREAD__)
#define TWICE __attribute__((target_clones("avx2", "default")))
#else
#define TWICE
#endif

TWICE void linear_add(float *to, const float *from, float x, uint32_t width)
{
    for (uint32_t i = 0; i < width; i += LINEAR_LANES)
        *(lanes *)(to + i) += x * *(const lanes *)(from + i);
}

/* The same of four, one after the other, at the cost of two and a half. */
TWICE static void add_four(float *to, const float *const from[4],
                           const struct linear_value x[4], uint32_t width)
{
    for (uint32_t i = 0; i < width; i += LINEAR_LANES) {
        lanes sum = *(const lanes *)(to + i);

        sum += x[0].x * *(const lanes *)(from[0] + i);
        sum += x[1].x * *(const lanes *)(from[1] + i);
        sum += x[2].x * *(const lanes *)(from[2] + i);
        sum += x[3].x * *(const lanes *)(from[3] + i);
        *(lanes *)(to + i) = sum;
    }
}

/* ---- who has what ---- */

static uint32_t most_own(const struct linear_problem *p)
{
    return LINEAR_OWN_BUDGET / (p->nodes + LINEAR_LANES);
}

/* How many features have at least so many rows. */
static uint32_t count_common(const struct linear_problem *p, uint32_t threshold)
{
    uint32_t count = 0;

    while (count < p->features && p->counts[count] >= threshold)
        count++;
    return count;
}

/* Features that enough rows have get weights of their own, as far as the budget reaches.
 */
static uint32_t count_own(const struct linear_problem *p)
{
    uint32_t threshold = LINEAR_RARE + 1;

    while (count_common(p, threshold) > most_own(p))
        threshold += threshold / 4;
    return count_common(p, threshold);
}

static void fill_holders(const struct linear_problem *p, const struct linear_weights *w,
                         uint32_t *firsts, struct linear_holder *holders)
{
    for (uint32_t f = 0; f < p->features; f++)
        firsts[f + 1] = firsts[f] + (f < w->own_count ? 0 : p->counts[f]);
    for (uint32_t r = 0; r < p->rows; r++)
        for (uint32_t i = p->firsts[r]; i < p->firsts[r + 1]; i++) {
            uint32_t f = p->values[i].feature;

            if (f < w->own_count)
                continue;
            holders[firsts[f]++] = (struct linear_holder){r, p->values[i].x};
        }
    memmove(firsts + 1, firsts, p->features * sizeof *firsts);
    firsts[0] = 0;
}

enum aisle_status linear_prepare(const struct linear_problem *p, struct arena *arena,
                                 struct linear_weights *w, struct aisle_err *err)
{
    struct linear_holder *holders;
    uint32_t *firsts;
    size_t held = 0;

    *w = (struct linear_weights){
        .width = (p->nodes + LINEAR_LANES - 1) / LINEAR_LANES * LINEAR_LANES,
        .wide = p->nodes > LINEAR_WIDE,
        .own_count = count_own(p),
    };
    for (uint32_t f = w->own_count; f < p->features; f++)
        held += p->counts[f];
    firsts = arena_zalloc(arena, p->features + 2, sizeof *firsts);
    holders = arena_alloc(arena, (held + 1) * sizeof *holders);
    if (!firsts || !holders)
        return aisle_nomem(err);
    fill_holders(p, w, firsts, holders);
    w->holder_firsts = firsts;
    w->holders = holders;
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
    s->own = arena_alloc(arena, (longest_row(p) + 1) * sizeof *s->own);
    s->rare = arena_alloc(arena, (longest_row(p) + 1) * sizeof *s->rare);
    s->own_count = s->rare_count = s->pushed_count = 0;
    if (!s->nodes || !s->activity || !s->active || !s->pushed || !s->own || !s->rare)
        return aisle_nomem(err);
    return AISLE_OK;
}

/* Lists lie wherever they were first met: asks for what comes later, so that it is there
 * when its turn comes. */
static void fetch_holders(const struct linear_weights *w, const struct linear_scratch *s)
{
    for (uint32_t i = 0; i < s->rare_count; i++)
        __builtin_prefetch(&w->holders[w->holder_firsts[s->rare[i].feature]]);
}

/* How much each row has in common with the values, by rare features. */
static void wake_holders(const struct linear_weights *w, struct linear_scratch *s,
                         const struct linear_value *v)
{
    for (uint32_t i = w->holder_firsts[v->feature]; i < w->holder_firsts[v->feature + 1];
         i++) {
        uint32_t row = w->holders[i].row;

        s->active[s->active_count] = row;
        s->active_count += s->activity[row] == 0;
        s->activity[row] += v->x * w->holders[i].x;
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

static void fetch_row(const float *weights, uint32_t width)
{
    for (uint32_t i = 0; i < width; i += LINEAR_LINE / sizeof *weights)
        __builtin_prefetch(weights + i);
}

/* nodes += the weights of each value, from one table. */
static void add_table(const struct linear_weights *w, struct linear_scratch *s)
{
    enum { AT_ONCE = 4, AHEAD = 4 };
    uint32_t i = 0;

    for (; i + AT_ONCE <= s->own_count; i += AT_ONCE) {
        const float *from[AT_ONCE];

        for (uint32_t k = 0; k < AT_ONCE; k++) {
            from[k] = w->table + (size_t)s->own[i + k].feature * w->width;
            if (i + k + AHEAD < s->own_count)
                fetch_row(w->table + (size_t)s->own[i + k + AHEAD].feature * w->width,
                          w->width);
        }
        add_four(s->nodes, from, s->own + i, w->width);
    }
    for (; i < s->own_count; i++)
        linear_add(s->nodes, w->table + (size_t)s->own[i].feature * w->width, s->own[i].x,
                   w->width);
}

/* Lists of weights lie about as holders do. */
static void fetch_ahead(const struct linear_weights *w, const struct linear_scratch *s,
                        uint32_t at)
{
    enum { SOON = 4, LATER = 10, LINES = 4 };
    const struct linear_own *own;

    if (at + LATER < s->own_count)
        __builtin_prefetch(&w->weights[s->own[at + LATER].feature]);
    if (at + SOON >= s->own_count)
        return;
    own = &w->weights[s->own[at + SOON].feature];
    for (uint32_t i = 0; i < LINES; i++)
        __builtin_prefetch((own->all ? (const char *)own->all : (const char *)own->some) +
                           (size_t)(i * LINEAR_LINE));
}

/* nodes += x * the weights. */
static void add_own(float *nodes, const struct linear_own *own, float x, uint32_t width)
{
    if (own->all) {
        linear_add(nodes, own->all, x, width);
        return;
    }
    for (uint32_t i = 0; i < own->room; i++)
        nodes[own->some[i].node] += x * own->some[i].by;
}

/* The score of every leaf for the values that were sorted out. */
void linear_score_parted(const struct linear_problem *p, const struct linear_weights *w,
                         struct linear_scratch *s)
{
    memcpy(s->nodes, w->bias, w->width * sizeof *s->nodes);
    fetch_holders(w, s);
    if (w->table)
        add_table(w, s);
    for (uint32_t i = 0; !w->table && i < s->own_count; i++) {
        fetch_ahead(w, s, i);
        add_own(s->nodes, &w->weights[s->own[i].feature], s->own[i].x, w->width);
    }
    for (uint32_t i = 0; i < s->rare_count; i++)
        wake_holders(w, s, &s->rare[i]);
    add_pulls(w, s);
    add_relatives(p, s->nodes);
}

void linear_score(const struct linear_problem *p, const struct linear_weights *w,
                  struct linear_scratch *s, const struct linear_value *values,
                  uint32_t count)
{
    s->own_count = s->rare_count = 0;
    for (uint32_t i = 0; i < count; i++)
        linear_part(w, s, values[i], true);
    linear_score_parted(p, w, s);
}
