#include "sandbox/forest.h"

#include "base/mem.h"
#include "sandbox/answers.h"
#include "sandbox/data.h"
#include "sandbox/files.h"
#include "sandbox/lexicon.h"
#include "sandbox/rows.h"

#include <stdatomic.h>

struct forest {
    atomic_size_t holders;
    struct arena arena;
    struct rows rows;
    struct tree trees[SLOT_COUNT];
};

static struct forest *forest_new(void)
{
    struct forest *f = mem_zalloc(1, sizeof *f);

    if (!f)
        return NULL;
    f->arena.max = ARENA_MAX_WORK;
    atomic_init(&f->holders, 1);
    for (int i = 0; i < SLOT_COUNT; i++)
        pthread_mutex_init(&f->trees[i].lock, NULL);
    return f;
}

static void forest_free(struct forest *f)
{
    for (int i = 0; i < SLOT_COUNT; i++) {
        struct tree *t = &f->trees[i];

        answers_free(t->answers);
        lexicon_free(t->lexicon);
        mem_free(t->nodes);
        mem_free(t->by_id);
        pthread_mutex_destroy(&t->lock);
    }
    rows_clear(&f->rows);
    arena_clear(&f->arena);
    mem_free(f);
}

struct forest *forest_ref(struct forest *f)
{
    atomic_fetch_add(&f->holders, 1);
    return f;
}

void forest_drop(struct forest *f)
{
    if (f && atomic_fetch_sub(&f->holders, 1) == 1)
        forest_free(f);
}

struct tree *forest_tree(struct forest *f, enum forest_slot slot)
{
    return &f->trees[slot];
}

/* The cell of an id, or the empty one where it would be. */
static uint32_t *cell_of(const struct tree *t, struct str id)
{
    size_t at = str_hash(id) & (t->by_id_size - 1);

    while (t->by_id[at] != TREE_NONE && !str_eq(t->nodes[t->by_id[at]].row->id, id))
        at = (at + 1) & (t->by_id_size - 1);
    return &t->by_id[at];
}

uint32_t tree_find(const struct tree *t, struct str id)
{
    return t->count ? *cell_of(t, id) : TREE_NONE;
}

static bool make_room(struct tree *t, size_t count)
{
    size_t size = 16;

    while (size < count * 2)
        size *= 2;
    t->nodes = mem_alloc((count + 1) * sizeof *t->nodes);
    t->by_id = mem_alloc(size * sizeof *t->by_id);
    t->by_id_size = size;
    if (!t->nodes || !t->by_id)
        return false;
    memset(t->by_id, 0xff, size * sizeof *t->by_id);
    return true;
}

/* The same category in another file: the closer one says where it is, and what names it
 * lacks the other gives. */
static void add_file(const struct rows *rows, struct node *node, const struct row *row)
{
    const struct row *kept = node->row->closeness < row->closeness ? row : node->row;
    const struct row *other = kept == row ? node->row : row;

    node->row = kept;
    for (size_t i = 0; i < rows->locale_count; i++)
        if (str_empty(kept->names[i]))
            kept->names[i] = other->names[i];
}

static void add_node(struct tree *t, const struct rows *rows, const struct row *row)
{
    uint32_t *cell = cell_of(t, row->id);

    if (*cell != TREE_NONE) {
        add_file(rows, &t->nodes[*cell], row);
        return;
    }
    *cell = (uint32_t)t->count;
    t->nodes[t->count++] =
        (struct node){row, TREE_NONE, TREE_NONE, TREE_NONE, TREE_NONE, false, false};
}

static void link_parents(struct tree *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        struct node *node = &t->nodes[i];
        uint32_t parent = tree_find(t, node->row->parent_id);
        struct node *above = parent == TREE_NONE ? NULL : &t->nodes[parent];

        if (!above || parent == i)
            continue;
        node->parent = parent;
        if (above->last_child == TREE_NONE)
            above->first_child = i;
        else
            t->nodes[above->last_child].next_sibling = i;
        above->last_child = i;
    }
}

static bool says(struct str permissions, const char *word)
{
    while (permissions.n)
        if (str_is(str_cut(&permissions, ','), word))
            return true;
    return false;
}

static void judge(struct tree *t)
{
    uint32_t chain[FOREST_MAX_DEPTH];

    for (uint32_t i = 0; i < t->count; i++) {
        struct node *node = &t->nodes[i];
        size_t deep = tree_chain(t, i, chain);

        node->leaf = node->row->leaf == LEAF_COMPUTED ? node->first_child == TREE_NONE
                                                      : node->row->leaf == LEAF_YES;
        for (size_t k = 0; k < deep && !node->prohibited; k++)
            node->prohibited = says(t->nodes[chain[k]].row->permissions, "PROHIBITED");
    }
}

static enum aisle_status grow_tree(struct forest *f, int slot, struct aisle_err *err)
{
    struct tree *t = &f->trees[slot];
    size_t count = 0;

    t->rows = &f->rows;
    for (size_t i = 0; i < f->rows.n; i++)
        count += (f->rows.p[i].slots >> slot) & 1;
    if (!make_room(t, count))
        return aisle_nomem(err);
    for (size_t i = 0; i < f->rows.n; i++)
        if ((f->rows.p[i].slots >> slot) & 1)
            add_node(t, &f->rows, &f->rows.p[i]);
    link_parents(t);
    judge(t);
    return AISLE_OK;
}

static enum aisle_status grow(struct forest *f, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (int slot = 0; slot < SLOT_COUNT && status == AISLE_OK; slot++)
        status = grow_tree(f, slot, err);
    return status;
}

static int closeness_of(const struct sandbox_tree_file *file)
{
    return 1 + !str_empty(file->version) + !str_empty(file->platform);
}

/* How closely a file fits a slot: 0 not at all, else the more it names, the closer. */
static int fit(const struct sandbox_tree_file *file, int slot)
{
    bool v2 = SLOTS_V2 >> slot & 1, tokopedia = SLOTS_TOKOPEDIA >> slot & 1;

    if (!str_empty(file->version) && !str_is(file->version, v2 ? "v2" : "v1"))
        return 0;
    if (!str_empty(file->platform) &&
        !str_is(file->platform, tokopedia ? "TOKOPEDIA" : "TIKTOK_SHOP"))
        return 0;
    return closeness_of(file);
}

/* The slots a file is served in: those that none of the same locale fits more closely. */
static unsigned slots_of_file(const struct sandbox_settings *set, size_t which)
{
    const struct sandbox_tree_file *file = &set->trees[which];
    unsigned slots = 0;

    for (int slot = 0; slot < SLOT_OLD_TOKOPEDIA; slot++) {
        int mine = fit(file, slot);
        bool best = mine > 0;

        for (size_t i = 0; i < set->tree_count && best; i++)
            best = !str_eq(set->trees[i].locale, file->locale) ||
                   fit(&set->trees[i], slot) <= mine;
        slots |= best ? 1u << slot : 0;
    }
    return slots;
}

static enum aisle_status read_tree_file(const struct sandbox_settings *set, size_t which,
                                        struct forest *f, struct aisle_err *err)
{
    const struct sandbox_tree_file *file = &set->trees[which];
    struct rows_origin from = {file->locale, slots_of_file(set, which),
                               closeness_of(file)};
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    enum aisle_status status = file_load(file->path, &text, err);

    if (status == AISLE_OK)
        status = rows_read_answer(buf_str(&text), &from, &f->arena, &f->rows, err);
    if (status == AISLE_GARBLED)
        aisle_note(err, "in %.*s", STR_ARG(file->path));
    buf_clear(&text);
    return status;
}

static enum aisle_status read_tokopedia(const struct sandbox_settings *set,
                                        struct forest *f, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    enum aisle_status status;

    if (str_empty(set->tokopedia_tree))
        return rows_read_tokopedia(SANDBOX_DATA(tokopedia), &f->arena, &f->rows, err);
    status = file_load(set->tokopedia_tree, &text, err);
    if (status == AISLE_OK)
        status = rows_read_nested(buf_str(&text), &f->arena, &f->rows, err);
    if (status == AISLE_GARBLED)
        aisle_note(err, "in %.*s", STR_ARG(set->tokopedia_tree));
    buf_clear(&text);
    return status;
}

enum aisle_status forest_load(const struct sandbox_settings *settings,
                              struct forest **out, struct aisle_err *err)
{
    struct forest *f = forest_new();
    enum aisle_status status = f ? AISLE_OK : aisle_nomem(err);

    if (status == AISLE_OK && settings->tree_count == 0)
        status = rows_read_tiktok(SANDBOX_DATA(tree), &f->arena, &f->rows, err);
    for (size_t i = 0; i < settings->tree_count && status == AISLE_OK; i++)
        status = read_tree_file(settings, i, f, err);
    if (status == AISLE_OK)
        status = read_tokopedia(settings, f, err);
    if (status == AISLE_OK)
        status = grow(f, err);
    if (status == AISLE_OK)
        *out = f;
    else
        forest_drop(f);
    return status;
}

enum aisle_status forest_evolve(const struct forest *f, struct str edits,
                                struct forest **out, struct buf *done,
                                struct aisle_err *err)
{
    struct forest *next = forest_new();
    enum aisle_status status = next ? AISLE_OK : aisle_nomem(err);

    if (status == AISLE_OK)
        status = rows_copy(&f->rows, &next->arena, &next->rows, err);
    if (status == AISLE_OK)
        status = rows_edit(&next->rows, edits, &next->arena, done, err);
    if (status == AISLE_OK)
        status = grow(next, err);
    if (status == AISLE_OK)
        *out = next;
    else
        forest_drop(next);
    return status;
}

static struct str name_at(const struct tree *t, const struct node *n, struct str locale)
{
    for (size_t i = 0; i < t->rows->locale_count; i++)
        if (str_eq(t->rows->locales[i], locale))
            return n->row->names[i];
    return (struct str){0};
}

struct str tree_name(const struct tree *t, const struct node *n, struct str locale)
{
    struct str name = name_at(t, n, locale);

    if (str_empty(name))
        name = name_at(t, n, STR_LIT(""));
    if (str_empty(name))
        name = name_at(t, n, STR_LIT("en-US"));
    for (size_t i = 0; i < t->rows->locale_count && str_empty(name); i++)
        name = n->row->names[i];
    return name;
}

size_t tree_chain(const struct tree *t, uint32_t at, uint32_t chain[FOREST_MAX_DEPTH])
{
    uint32_t up = at;
    size_t n = 0;

    for (; up != TREE_NONE && n < FOREST_MAX_DEPTH; up = t->nodes[up].parent)
        chain[n++] = up;
    for (size_t i = 0; i < n / 2; i++) {
        uint32_t kept = chain[i];

        chain[i] = chain[n - 1 - i];
        chain[n - 1 - i] = kept;
    }
    return n;
}
