/* mem.h - the one door to the heap, so that tests can make the nth allocation fail
 *
 * Everything of ours allocates here. In tests jansson is pointed at the same door with
 * json_set_alloc_funcs(mem_alloc, mem_free).
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

/* NULL when there is none; never aborts. n may be 0. */
void *mem_alloc(size_t n);
/* Zeroed; NULL too when count * size overflows. */
void *mem_zalloc(size_t count, size_t size);
void *mem_realloc(void *p, size_t n);
void mem_free(void *p);

/* Room for one element more in a list of cap, of which count are taken: twice the room,
 * and `first` elements to begin with. False, and nothing is changed, when there is no
 * memory. */
bool mem_grow(void **list, size_t count, size_t *cap, size_t size, size_t first);

/* A NUL-terminated copy of n bytes, the caller's; NULL when there is no memory. */
char *mem_dup(const char *p, size_t n);

/* Tests only: the nth allocation from now (1 is the next) and all later ones return NULL;
 * 0 switches it off. Per thread. */
void mem_fail_at(long n);
/* Allocations of this thread since the last mem_fail_at. */
long mem_count(void);

#endif
