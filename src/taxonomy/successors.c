/* successors.c - a leaf is gone: which one took its place? */
#include "base/text.h"
#include "taxonomy/diff.h"

/* Blanks and capitals come and go between two readings; neither makes another name. */
static bool same_name(struct str a, struct str b)
{
    a = text_trim(a);
    b = text_trim(b);
    return !str_empty(a) && str_eq_nocase(a, b);
}

bool category_same_name(const struct taxonomy *then, const struct category *was,
                        const struct taxonomy *now, const struct category *is)
{
    for (size_t l = 0; l < now->locale_count; l++) {
        uint32_t before = taxonomy_locale(then, now->locales[l]);

        if (before != TAXONOMY_NONE && same_name(was->names[before], is->names[l]))
            return true;
    }
    return false;
}

static bool same_category(const struct taxonomy *then, const struct category *was,
                          const struct taxonomy *now, const struct category *is)
{
    return str_eq(was->id, is->id) || category_same_name(then, was, now, is);
}

/* How many of the old one's way, itself too, stand above the new one, by id or by name;
 * more is nearer. */
static size_t shared_above(const struct taxonomy *then, const struct category *was,
                           const struct taxonomy *now, const struct category *is)
{
    const struct category *old[TAXONOMY_MAX_DEPTH], *new[TAXONOMY_MAX_DEPTH];
    size_t olds = category_chain(then, was, old),
           above = category_chain(now, is, new) - 1;
    size_t n = 0;

    for (size_t i = 0; i < olds; i++)
        for (size_t k = 0; k < above; k++)
            if (same_category(then, old[i], now, new[k])) {
                n++;
                break;
            }
    return n;
}

static bool is_below(const struct taxonomy *then, const struct category *parent,
                     const struct taxonomy *now, const struct category *is)
{
    const struct category *chain[TAXONOMY_MAX_DEPTH];
    size_t above = category_chain(now, is, chain) - 1;

    while (above > 0 && !same_category(then, parent, now, chain[above - 1]))
        above--;
    return above > 0;
}

/* "Others" stands below many: its name alone says nothing of where it went. */
static bool is_common_name(const struct taxonomy *then, const struct category *was)
{
    size_t n = 0;

    for (size_t i = 0; i < then->count && n < 2; i++)
        n += then->rows[i].leaf && category_same_name(then, was, then, &then->rows[i]);
    return n > 1;
}

/* What took products under that name all along did not take its place. */
static bool was_there(const struct taxonomy *then, const struct category *was,
                      const struct category *is)
{
    const struct category *c = taxonomy_get(then, is->id);

    return c && category_takes_products(c) && category_same_name(then, was, then, c);
}

/* A short list kept in order, the nearest first, the earlier before its equals. */
struct ranking {
    const struct taxonomy *then, *now;
    const struct category *was;
    const struct category **out;
    size_t cap, n;
    size_t nearest, equal; /* of all there are, also those there is no room for */
};

static void rank(struct ranking *r, const struct category *is)
{
    size_t near = shared_above(r->then, r->was, r->now, is), at = r->n;

    r->equal = near < r->nearest ? r->equal : near == r->nearest ? r->equal + 1 : 1;
    r->nearest = near > r->nearest ? near : r->nearest;
    while (at > 0 && shared_above(r->then, r->was, r->now, r->out[at - 1]) < near)
        at--;
    if (at == r->cap)
        return;
    r->n += r->n < r->cap;
    memmove(r->out + at + 1, r->out + at, (r->n - at - 1) * sizeof(struct category *));
    r->out[at] = is;
}

static void rank_namesakes(struct ranking *r)
{
    const struct category *parent = taxonomy_get(r->then, r->was->parent_id);
    bool common = is_common_name(r->then, r->was);

    for (size_t i = 0; i < r->now->count; i++) {
        const struct category *is = &r->now->rows[i];

        if (category_takes_products(is) &&
            category_same_name(r->then, r->was, r->now, is) &&
            !was_there(r->then, r->was, is) &&
            (!common || (parent && is_below(r->then, parent, r->now, is))))
            rank(r, is);
    }
}

static void list_children(struct ranking *r, const struct category *is)
{
    for (size_t i = 0; i < is->child_count; i++) {
        const struct category *child =
            &r->now->rows[r->now->children[is->first_child + i]];

        if (!category_takes_products(child))
            continue;
        r->equal++;
        if (r->n < r->cap)
            r->out[r->n++] = child;
    }
}

size_t taxonomy_successors(const struct taxonomy *then, const struct taxonomy *now,
                           const struct category *was, const struct category **out,
                           size_t cap, size_t *equal)
{
    const struct category *is = taxonomy_get(now, was->id);
    struct ranking r = {.then = then, .now = now, .was = was, .out = out, .cap = cap};

    if (is && category_takes_products(is)) {
        if (cap > 0)
            out[r.n++] = is; /* it only moved */
        r.equal = 1;
    } else {
        rank_namesakes(&r);
        if (r.equal == 0 && is)
            list_children(&r, is);
    }
    *equal = r.equal;
    return r.n;
}
