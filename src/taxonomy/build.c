/* build.c - from the rows a marketplace sent, in whatever state, to a tree to rely on
 *
 * Everything odd is told to the caller's visitor and the usable rest kept: one bad row of
 * twenty thousand must not cost a seller the tree.
 */
#include "base/mem.h"
#include "base/text.h"
#include "taxonomy/taxonomy.h"

#include <stdlib.h>

/* One row of one locale, on its way into the tree. */
struct entry {
    const struct category_row *row;
    uint32_t locale;
    uint32_t sent; /* its place among all rows handed over */
};

struct build {
    struct arena *arena;
    const struct category_rows *per_locale;
    size_t locale_count;
    taxonomy_problem_fn *fn;
    void *ctx;

    /* while building; released at the end */
    struct entry *entries;          /* sorted by id, then as sent */
    size_t entry_count, sent_count; /* those with an id, and all */
    uint32_t *order;                /* rows as sent */
    uint32_t *depth;                /* by row; 0 not known yet */
    uint32_t *trail;                /* rows on the way up */

    /* what stays, in the arena */
    struct category *rows;
    struct str *names; /* locale_count a row */
    size_t count;
};

static void tell(const struct build *b, enum taxonomy_problem problem, struct str id,
                 struct str name, size_t locale)
{
    if (b->fn)
        b->fn(b->ctx, problem, id, name,
              locale < b->locale_count ? b->per_locale[locale].locale : str_of(NULL));
}

static void tell_row(const struct build *b, enum taxonomy_problem problem, uint32_t row)
{
    const struct category *c = &b->rows[row];
    struct str name = {0};

    for (size_t l = 0; l < b->locale_count && str_empty(name); l++)
        name = c->names[l];
    tell(b, problem, c->id, name, b->locale_count);
}

/* TikTok Shop says "0" for no parent, Tokopedia nothing at all. */
static struct str parent_of(const struct category_row *row)
{
    return str_is(row->parent_id, "0") ? str_of(NULL) : row->parent_id;
}

static int by_id_then_sent(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = str_cmp(a->row->id, b->row->id);

    return order ? order : (a->sent > b->sent) - (a->sent < b->sent);
}

static enum aisle_status gather_entries(struct build *b, struct aisle_err *err)
{
    size_t total = 0;
    uint32_t sent = 0;

    for (size_t l = 0; l < b->locale_count; l++) {
        if (b->per_locale[l].count > TAXONOMY_MAX_CATEGORIES)
            return aisle_fail(err, AISLE_LIMIT, "tree is over %d categories",
                              TAXONOMY_MAX_CATEGORIES);
        total += b->per_locale[l].count;
    }
    b->entries = mem_zalloc(total + 1, sizeof *b->entries);
    if (!b->entries)
        return aisle_nomem(err);
    b->sent_count = total;

    for (size_t l = 0; l < b->locale_count; l++)
        for (size_t i = 0; i < b->per_locale[l].count; i++, sent++) {
            const struct category_row *row = &b->per_locale[l].rows[i];

            if (str_empty(row->id))
                tell(b, TAXONOMY_EMPTY_ID, row->id, row->name, l);
            else
                b->entries[b->entry_count++] = (struct entry){row, (uint32_t)l, sent};
        }
    qsort(b->entries, b->entry_count, sizeof *b->entries, by_id_then_sent);
    return AISLE_OK;
}

/* How many entries from `at` on are of one id. */
static size_t same_id(const struct build *b, size_t at)
{
    size_t n = 1;

    while (at + n < b->entry_count &&
           str_eq(b->entries[at + n].row->id, b->entries[at].row->id))
        n++;
    return n;
}

static enum aisle_status make_room(struct build *b, struct aisle_err *err)
{
    for (size_t at = 0; at < b->entry_count; at += same_id(b, at))
        b->count++;
    if (b->count > TAXONOMY_MAX_CATEGORIES)
        return aisle_fail(err, AISLE_LIMIT, "tree is over %d categories",
                          TAXONOMY_MAX_CATEGORIES);

    b->rows = arena_zalloc(b->arena, b->count, sizeof *b->rows);
    b->names = arena_zalloc(b->arena, b->count * b->locale_count, sizeof *b->names);
    b->depth = mem_zalloc(b->count + 1, sizeof *b->depth);
    b->trail = mem_zalloc(b->count + 1, sizeof *b->trail);
    if (!b->rows || !b->names || !b->depth || !b->trail)
        return aisle_nomem(err);
    return AISLE_OK;
}

/* What the locales make of one category: the first entry has the say, the others add
 * their names. */
static bool merge_entries(struct build *b, const struct entry *e, size_t n,
                          struct category *c, struct str *names)
{
    uint32_t seen = 0;

    c->id = arena_str(b->arena, e->row->id);
    c->parent_id = parent_of(e->row);
    c->parent = TAXONOMY_NONE;
    c->names = names;
    c->leaf = e->row->leaf;
    c->provisional = e->row->provisional;
    c->permissions = e->row->permissions;

    for (size_t i = 0; i < n; i++) {
        const struct category_row *row = e[i].row;
        uint32_t l = e[i].locale;

        if (seen & 1u << l) {
            tell(b, TAXONOMY_DOUBLE_ID, c->id, row->name, l);
            continue;
        }
        seen |= 1u << l;
        names[l] = arena_str(b->arena, row->name);
        if (!names[l].p)
            return false;
        if (!str_eq(parent_of(row), c->parent_id) || row->leaf != c->leaf)
            tell(b, TAXONOMY_LOCALE_DIFFERS, c->id, row->name, l);
    }
    for (size_t l = 0; l < b->locale_count; l++)
        if (!(seen & 1u << l))
            tell(b, TAXONOMY_LOCALE_DIFFERS, c->id, str_of(NULL), l);
    return c->id.p != NULL;
}

/* Rows sorted by id, and b->order the way they were sent. */
static enum aisle_status merge_all(struct build *b, struct aisle_err *err)
{
    uint32_t *row_sent = mem_zalloc(b->sent_count + 1, sizeof *row_sent);
    size_t row = 0, n;

    if (!row_sent)
        return aisle_nomem(err);
    b->order = row_sent;
    for (size_t i = 0; i < b->sent_count; i++)
        row_sent[i] = TAXONOMY_NONE;
    for (size_t at = 0; at < b->entry_count; at += n, row++) {
        n = same_id(b, at);
        if (!merge_entries(b, &b->entries[at], n, &b->rows[row],
                           &b->names[row * b->locale_count]))
            return aisle_nomem(err);
        row_sent[b->entries[at].sent] = (uint32_t)row;
    }

    /* the places that became a row close up */
    n = 0;
    for (size_t i = 0; i < b->sent_count; i++)
        if (row_sent[i] != TAXONOMY_NONE)
            b->order[n++] = row_sent[i];
    return AISLE_OK;
}

static enum aisle_status link_parents(struct build *b, struct aisle_err *err)
{
    const struct taxonomy found = {.rows = b->rows, .count = b->count};

    for (size_t i = 0; i < b->count; i++) {
        uint32_t row = b->order[i];
        struct category *c = &b->rows[row];
        const struct category *parent;

        if (str_empty(c->parent_id))
            continue;
        parent = taxonomy_get(&found, c->parent_id);
        c->parent_id = parent ? parent->id : arena_str(b->arena, c->parent_id);
        if (!c->parent_id.p)
            return aisle_nomem(err);
        if (parent)
            c->parent = (uint32_t)(parent - b->rows);
        else
            tell_row(b, TAXONOMY_ORPHAN, row);
    }
    return AISLE_OK;
}

/* From `row` up to the first of known depth, or to a row already on this way up: there
 * its parents lead in a circle, and it is cut. Then back down, counting. */
static void measure_from(struct build *b, uint32_t row)
{
    const uint32_t on_trail = UINT32_MAX;
    size_t n = 0;
    uint32_t at;

    for (at = row; at != TAXONOMY_NONE && b->depth[at] == 0; at = b->rows[at].parent) {
        b->depth[at] = on_trail;
        b->trail[n++] = at;
    }
    if (at != TAXONOMY_NONE && b->depth[at] == on_trail) {
        tell_row(b, TAXONOMY_CYCLE, at);
        b->rows[at].parent = TAXONOMY_NONE;
        b->depth[at] = 1;
    }
    while (n-- > 0) {
        uint32_t parent = b->rows[b->trail[n]].parent;

        b->depth[b->trail[n]] = parent == TAXONOMY_NONE ? 1 : b->depth[parent] + 1;
        if (b->depth[b->trail[n]] > TAXONOMY_MAX_DEPTH)
            tell_row(b, TAXONOMY_TOO_DEEP, b->trail[n]);
    }
}

/* Children in runs, and roots, in the order sent. */
static enum aisle_status list_children(struct build *b, struct taxonomy *tree,
                                       struct aisle_err *err)
{
    uint32_t *children = arena_zalloc(b->arena, b->count, sizeof *children);
    uint32_t *roots = arena_zalloc(b->arena, b->count, sizeof *roots);
    uint32_t next = 0;

    if (!children || !roots)
        return aisle_nomem(err);
    for (size_t i = 0; i < b->count; i++)
        if (b->rows[i].parent != TAXONOMY_NONE)
            b->rows[b->rows[i].parent].child_count++;
    for (size_t i = 0; i < b->count; i++) {
        b->rows[i].first_child = next;
        next += b->rows[i].child_count;
        b->rows[i].child_count = 0; /* counted again as they are put down */
    }
    for (size_t i = 0; i < b->count; i++) {
        uint32_t row = b->order[i], parent = b->rows[row].parent;

        if (parent == TAXONOMY_NONE)
            roots[tree->root_count++] = row;
        else
            children[b->rows[parent].first_child + b->rows[parent].child_count++] = row;
    }
    tree->children = children;
    tree->roots = roots;
    return AISLE_OK;
}

static void check_names(const struct build *b, const struct category *c)
{
    for (size_t l = 0; l < b->locale_count; l++) {
        if (!c->names[l].p)
            continue; /* not in this locale, and told so */
        if (str_empty(c->names[l]))
            tell(b, TAXONOMY_EMPTY_NAME, c->id, c->names[l], l);
        else if (text_has_stray_space(c->names[l]))
            tell(b, TAXONOMY_STRAY_SPACE, c->id, c->names[l], l);
    }
}

static void check_rows(const struct build *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct category *c = &b->rows[b->order[i]];

        if (c->leaf && c->child_count > 0)
            tell_row(b, TAXONOMY_LEAF_WITH_CHILD, b->order[i]);
        if (!c->leaf && c->child_count == 0)
            tell_row(b, TAXONOMY_PARENT_WITHOUT_CHILD, b->order[i]);
        check_names(b, c);
    }
}

static enum aisle_status list_locales(const struct build *b, struct taxonomy *tree,
                                      struct aisle_err *err)
{
    struct str *locales = arena_zalloc(b->arena, b->locale_count, sizeof *locales);

    if (!locales)
        return aisle_nomem(err);
    for (size_t l = 0; l < b->locale_count; l++) {
        locales[l] = arena_str(b->arena, b->per_locale[l].locale);
        if (!locales[l].p)
            return aisle_nomem(err);
    }
    tree->locales = locales;
    tree->locale_count = b->locale_count;
    return AISLE_OK;
}

static enum aisle_status run(struct build *b, struct taxonomy *tree,
                             struct aisle_err *err)
{
    enum aisle_status status = gather_entries(b, err);

    if (status == AISLE_OK)
        status = make_room(b, err);
    if (status == AISLE_OK)
        status = merge_all(b, err);
    if (status == AISLE_OK)
        status = link_parents(b, err);
    if (status != AISLE_OK)
        return status;

    for (size_t i = 0; i < b->count; i++)
        measure_from(b, b->order[i]);
    status = list_children(b, tree, err);
    if (status == AISLE_OK)
        status = list_locales(b, tree, err);
    if (status != AISLE_OK)
        return status;

    check_rows(b);
    tree->rows = b->rows;
    tree->count = b->count;
    return AISLE_OK;
}

enum aisle_status taxonomy_build(struct arena *arena,
                                 const struct category_rows *per_locale,
                                 size_t locale_count, taxonomy_problem_fn *fn, void *ctx,
                                 struct taxonomy *out, struct aisle_err *err)
{
    struct build b = {.arena = arena,
                      .per_locale = per_locale,
                      .locale_count = locale_count,
                      .fn = fn,
                      .ctx = ctx};
    struct taxonomy tree = {0};
    enum aisle_status status;

    if (locale_count > TAXONOMY_MAX_LOCALES)
        return aisle_fail(err, AISLE_LIMIT, "tree is in over %d locales",
                          TAXONOMY_MAX_LOCALES);
    status = run(&b, &tree, err);
    if (status == AISLE_OK)
        *out = tree;

    mem_free(b.entries);
    mem_free(b.order);
    mem_free(b.depth);
    mem_free(b.trail);
    return status;
}
