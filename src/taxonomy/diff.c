#include "taxonomy/diff.h"

const char *category_change_name(enum category_change change)
{
    switch (change) {
    case CATEGORY_ADDED:
        return "added";
    case CATEGORY_REMOVED:
        return "removed";
    case CATEGORY_RENAMED:
        return "renamed";
    case CATEGORY_MOVED:
        return "moved";
    case CATEGORY_LEAFING:
        return "leaf";
    case CATEGORY_PERMISSION_CHANGED:
        return "permission";
    }
    return "unknown";
}

/* For each locale of `now` its place in `then`, or TAXONOMY_NONE. */
struct locale_pairs {
    uint32_t then[TAXONOMY_MAX_LOCALES];
    size_t count;
};

static struct locale_pairs pair_locales(const struct taxonomy *then,
                                        const struct taxonomy *now)
{
    struct locale_pairs pairs = {.count = now->locale_count};

    for (size_t l = 0; l < pairs.count; l++)
        pairs.then[l] = taxonomy_locale(then, now->locales[l]);
    return pairs;
}

static uint32_t renamed_in(const struct locale_pairs *pairs, const struct category *was,
                           const struct category *is)
{
    uint32_t bits = 0;

    for (size_t l = 0; l < pairs->count; l++)
        if (pairs->then[l] != TAXONOMY_NONE &&
            !str_eq(was->names[pairs->then[l]], is->names[l]))
            bits |= 1u << l;
    return bits;
}

static struct category_diff compare(const struct locale_pairs *pairs,
                                    const struct category *was, const struct category *is)
{
    struct category_diff diff = {.was = was, .is = is};

    if (!was || !is) {
        diff.changes = was ? CATEGORY_REMOVED : CATEGORY_ADDED;
        return diff;
    }
    diff.renamed_in = renamed_in(pairs, was, is);
    if (diff.renamed_in)
        diff.changes |= CATEGORY_RENAMED;
    if (!str_eq(was->parent_id, is->parent_id))
        diff.changes |= CATEGORY_MOVED;
    if (was->leaf != is->leaf)
        diff.changes |= CATEGORY_LEAFING;
    if (was->permissions != is->permissions)
        diff.changes |= CATEGORY_PERMISSION_CHANGED;
    return diff;
}

enum aisle_status taxonomy_diff(const struct taxonomy *then, const struct taxonomy *now,
                                taxonomy_diff_fn *fn, void *ctx, struct aisle_err *err)
{
    const struct locale_pairs pairs = pair_locales(then, now);
    enum aisle_status status = AISLE_OK;
    size_t t = 0, n = 0;

    while (status == AISLE_OK && (t < then->count || n < now->count)) {
        const struct category *was = t < then->count ? &then->rows[t] : NULL;
        const struct category *is = n < now->count ? &now->rows[n] : NULL;
        struct category_diff diff;

        if (was && was->provisional) {
            t++;
            continue;
        }
        /* of two different ids the lower one stands alone this round */
        if (was && is) {
            int order = str_cmp(was->id, is->id);

            if (order < 0)
                is = NULL;
            else if (order > 0)
                was = NULL;
        }
        t += was != NULL;
        n += is != NULL;

        diff = compare(&pairs, was, is);
        if (diff.changes)
            status = fn(ctx, &diff, err);
    }
    return status;
}

static enum aisle_status count_one(void *ctx, const struct category_diff *diff,
                                   struct aisle_err *err)
{
    struct taxonomy_diff_counts *n = ctx;
    bool was_leaf = diff->was && diff->was->leaf;
    bool is_leaf = diff->is && diff->is->leaf;
    bool leafing = (diff->changes & CATEGORY_LEAFING) != 0;

    (void)err;
    n->added += (diff->changes & CATEGORY_ADDED) != 0;
    n->removed += (diff->changes & CATEGORY_REMOVED) != 0;
    n->renamed += (diff->changes & CATEGORY_RENAMED) != 0;
    n->moved += (diff->changes & CATEGORY_MOVED) != 0;
    n->permission += (diff->changes & CATEGORY_PERMISSION_CHANGED) != 0;
    n->leaf_to_parent += leafing && was_leaf;
    n->parent_to_leaf += leafing && is_leaf;
    n->leaves_lost += was_leaf && !is_leaf;
    n->closed += is_leaf && diff->was && category_takes_products(diff->was) &&
                 !category_takes_products(diff->is);
    return AISLE_OK;
}

struct taxonomy_diff_counts taxonomy_diff_count(const struct taxonomy *then,
                                                const struct taxonomy *now)
{
    struct taxonomy_diff_counts n = {.leaves_now = taxonomy_leaf_count(now)};

    for (size_t i = 0; i < then->count; i++) {
        const struct category *c = &then->rows[i];

        n.leaves_then += c->leaf && !c->provisional;
        n.open_then += category_takes_products(c) && !c->provisional;
    }
    taxonomy_diff(then, now, count_one, &n, NULL);
    return n;
}

size_t taxonomy_lost_in(const struct taxonomy *then, const struct taxonomy *now,
                        uint32_t locale, size_t *of)
{
    uint32_t before = taxonomy_locale(then, now->locales[locale]);
    size_t lost = 0;

    *of = 0;
    for (size_t i = 0; before != TAXONOMY_NONE && i < then->count; i++) {
        const struct category *was = &then->rows[i], *is;

        if (!was->leaf || was->provisional || str_empty(was->names[before]))
            continue;
        is = taxonomy_get(now, was->id);
        ++*of;
        lost += !is || !is->leaf || str_empty(is->names[locale]);
    }
    return lost;
}
