#include "sandbox/truth.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"

struct fact {
    struct str title, leaf; /* title folded; empty title: a free cell */
};

struct truth {
    struct arena arena;
    struct fact *cells;
    size_t size;
};

static size_t lines_of(struct str text)
{
    size_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static struct fact *cell_of(const struct truth *t, struct str folded)
{
    size_t at = str_hash(folded) & (t->size - 1);

    while (!str_empty(t->cells[at].title) && !str_eq(t->cells[at].title, folded))
        at = (at + 1) & (t->size - 1);
    return &t->cells[at];
}

static bool make_room(struct truth *t, struct str tsv)
{
    size_t size = 16;

    while (size < lines_of(tsv) * 2)
        size *= 2;
    t->arena.max = ARENA_MAX_WORK;
    t->cells = mem_zalloc(size, sizeof *t->cells);
    t->size = size;
    return t->cells != NULL;
}

static enum aisle_status add(struct truth *t, struct str line, size_t number,
                             struct buf *key, struct aisle_err *err)
{
    struct str title = str_cut(&line, '\t'), leaf = str_trim(line);
    struct fact *cell;

    if (str_empty(leaf))
        return aisle_fail(err, AISLE_GARBLED, "line %zu of the truth has no leaf",
                          number);
    if (number == 1 && str_is(leaf, "leaf_id"))
        return AISLE_OK;
    buf_reset(key);
    text_key(title, key);
    if (key->failed)
        return buf_check(key, "title", err);
    if (key->n == 0)
        return AISLE_OK;
    cell = cell_of(t, buf_str(key));
    if (!str_empty(cell->title))
        return AISLE_OK;
    cell->leaf = arena_str(&t->arena, leaf);
    cell->title = arena_str(&t->arena, buf_str(key));
    return cell->title.p && cell->leaf.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status truth_read(struct str tsv, struct truth **out, struct aisle_err *err)
{
    struct truth *t = mem_zalloc(1, sizeof *t);
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = AISLE_OK;

    if (!t || !make_room(t, tsv))
        status = aisle_nomem(err);
    for (size_t number = 1; tsv.n && status == AISLE_OK; number++) {
        struct str line = str_cut(&tsv, '\n');

        if (str_trim(line).n)
            status = add(t, line, number, &key, err);
    }
    buf_clear(&key);
    if (status == AISLE_OK)
        *out = t;
    else
        truth_free(t);
    return status;
}

void truth_free(struct truth *t)
{
    if (!t)
        return;
    arena_clear(&t->arena);
    mem_free(t->cells);
    mem_free(t);
}

struct str truth_leaf(const struct truth *t, struct str title)
{
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    struct str leaf = {0};

    text_key(title, &key);
    if (!key.failed && key.n)
        leaf = cell_of(t, buf_str(&key))->leaf;
    buf_clear(&key);
    return leaf;
}
