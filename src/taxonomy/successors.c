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

static bool same_name_somewhere(const struct taxonomy *then, const struct category *was,
                                const struct taxonomy *now, const struct category *is)
{
    for (size_t l = 0; l < now->locale_count; l++) {
        uint32_t before = taxonomy_locale(then, now->locales[l]);

        if (before != TAXONOMY_NONE && same_name(was->names[before], is->names[l]))
            return true;
    }
    return false;
}

/* How many categories above the two are the same; more is nearer. */
static size_t shared_above(const struct taxonomy *then, const struct category *was,
                           const struct taxonomy *now, const struct category *is)
{
    const struct category *old[TAXONOMY_MAX_DEPTH], *new[TAXONOMY_MAX_DEPTH];
    size_t olds = category_chain(then, was, old), news = category_chain(now, is, new);
    size_t n = 0;

    while (n < olds && n < news && str_eq(old[n]->id, new[n]->id))
        n++;
    return n;
}

/* A short list kept in order, the nearest first, the earlier before its equals. */
struct ranking {
    const struct category **out;
    size_t cap, n;
};

static void rank(struct ranking *r, const struct taxonomy *then,
                 const struct category *was, const struct taxonomy *now,
                 const struct category *is)
{
    size_t near = shared_above(then, was, now, is);
    size_t at = r->n;

    while (at > 0 && shared_above(then, was, now, r->out[at - 1]) < near)
        at--;
    if (at == r->cap)
        return;
    r->n += r->n < r->cap;
    memmove(r->out + at + 1, r->out + at, (r->n - at - 1) * sizeof(struct category *));
    r->out[at] = is;
}

static size_t own_children(const struct taxonomy *now, const struct category *is,
                           const struct category **out, size_t cap)
{
    size_t n = 0;

    for (size_t i = 0; i < is->child_count && n < cap; i++) {
        const struct category *child = &now->rows[now->children[is->first_child + i]];

        if (category_takes_products(child))
            out[n++] = child;
    }
    return n;
}

size_t taxonomy_successors(const struct taxonomy *then, const struct taxonomy *now,
                           const struct category *was, const struct category **out,
                           size_t cap)
{
    const struct category *is = taxonomy_get(now, was->id);
    struct ranking r = {out, cap, 0};

    if (is && category_takes_products(is) && cap > 0) {
        out[0] = is; /* it only moved */
        return 1;
    }
    for (size_t i = 0; i < now->count; i++)
        if (category_takes_products(&now->rows[i]) &&
            same_name_somewhere(then, was, now, &now->rows[i]))
            rank(&r, then, was, now, &now->rows[i]);
    if (r.n == 0 && is)
        r.n = own_children(now, is, out, cap);
    return r.n;
}
