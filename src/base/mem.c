#include "base/mem.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The one static state we keep. It is per thread, does nothing unless a test asked, and
 * has to be reachable from jansson's allocator, which is given no context. */
static _Thread_local long calls;
static _Thread_local long fail_at;

/* As malloc does it, with errno: the one trace of lack of memory that passes jansson. */
static bool refused(void)
{
    calls++;
    if (fail_at <= 0 || calls < fail_at)
        return false;
    errno = ENOMEM;
    return true;
}

void mem_fail_at(long n)
{
    fail_at = n;
    calls = 0;
}

long mem_count(void)
{
    return calls;
}

void *mem_alloc(size_t n)
{
    return refused() ? NULL : malloc(n ? n : 1);
}

void *mem_zalloc(size_t n, size_t size)
{
    if (refused() || (size && n > SIZE_MAX / size))
        return NULL;
    return calloc(n ? n : 1, size ? size : 1);
}

void *mem_realloc(void *p, size_t n)
{
    return refused() ? NULL : realloc(p, n ? n : 1);
}

void mem_free(void *p)
{
    free(p);
}

bool mem_grow(void **list, size_t count, size_t *cap, size_t size, size_t first)
{
    size_t more = *cap ? *cap * 2 : first;
    void *p;

    if (count < *cap)
        return true;
    p = size && more > SIZE_MAX / size ? NULL : mem_realloc(*list, more * size);
    if (!p)
        return false;
    *list = p;
    *cap = more;
    return true;
}

char *mem_dup(const char *p, size_t n)
{
    char *copy = n < SIZE_MAX ? mem_alloc(n + 1) : NULL;

    if (!copy)
        return NULL;
    if (n)
        memcpy(copy, p, n);
    copy[n] = '\0';
    return copy;
}
