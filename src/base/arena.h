/* arena.h - memory for one piece of work, released all at once
 *
 * A sync, a request, a command has one; trees, replies and rows read during it live
 * there. Not for sharing between threads. A ceiling keeps a hostile input from taking the
 * machine.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/status.h"
#include "base/str.h"

struct arena {
    struct arena_block *first; /* newest block */
    size_t used, max;          /* bytes handed out, and how many may be */
};

/* clang-format off */
#define ARENA_INIT(ceiling) {.max = (ceiling)}
/* clang-format on */
/* A whole tree in several locales, a page of products. */
#define ARENA_MAX_WORK ((size_t)2 << 30)

void arena_clear(struct arena *a); /* everything handed out is gone; twice is fine */

/* Aligned for any type; NULL when memory or ceiling ran out. Never zeroed unless it says
 * so. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_zalloc(struct arena *a, size_t count, size_t size);

/* A NUL-terminated copy. On failure .p is NULL (an empty s gives a non-NULL .p). */
struct str arena_str(struct arena *a, struct str s);
/* The same from a format; .p NULL on failure. */
struct str arena_fmt(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Where we are now, and back to it: for loops that reuse an arena. */
struct arena_mark {
    struct arena_block *block;
    size_t at, used;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);

#endif
