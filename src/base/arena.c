#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *older;
    size_t used, cap;
    alignas(max_align_t) unsigned char bytes[];
};

static void drop_newest(struct arena *a)
{
    struct arena_block *block = a->first;

    a->first = block->older;
    mem_free(block);
}

void arena_clear(struct arena *a)
{
    while (a->first)
        drop_newest(a);
    a->used = 0;
}

/* Blocks double, so that a small piece of work stays small and a tree takes few of them.
 */
static struct arena_block *new_block(struct arena *a, size_t n)
{
    size_t cap = a->first ? a->first->cap * 2 : FIRST_BLOCK;
    struct arena_block *block;

    if (cap > LARGEST_BLOCK)
        cap = LARGEST_BLOCK;
    if (cap < n)
        cap = n;
    if (cap > SIZE_MAX - sizeof *block)
        return NULL;
    block = mem_alloc(sizeof *block + cap);
    if (!block)
        return NULL;
    *block = (struct arena_block){.older = a->first, .cap = cap};
    a->first = block;
    return block;
}

static void *take(struct arena *a, size_t n, size_t align)
{
    struct arena_block *block = a->first;
    size_t at = block ? (block->used + align - 1) & ~(align - 1) : 0;

    if (n > a->max - a->used)
        return NULL;
    if (!block || at > block->cap || n > block->cap - at) {
        block = new_block(a, n);
        if (!block)
            return NULL;
        at = 0;
    }
    block->used = at + n;
    a->used += n;
    return block->bytes + at;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return take(a, n ? n : 1, alignof(max_align_t));
}

void *arena_zalloc(struct arena *a, size_t count, size_t size)
{
    void *p;

    if (size && count > SIZE_MAX / size)
        return NULL;
    p = arena_alloc(a, count * size);
    if (p)
        memset(p, 0, count * size);
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    char *p;

    if (s.n == 0)
        return STR_LIT("");
    p = s.n < SIZE_MAX ? take(a, s.n + 1, 1) : NULL;
    if (!p)
        return (struct str){0};
    memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return str_n(p, s.n);
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    int n;
    char *p;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    p = n >= 0 ? take(a, (size_t)n + 1, 1) : NULL;
    if (!p)
        return (struct str){0};

    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return str_n(p, (size_t)n);
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->first, a->first ? a->first->used : 0, a->used};
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    while (a->first && a->first != mark.block)
        drop_newest(a);
    if (a->first)
        a->first->used = mark.at;
    a->used = mark.used;
}
