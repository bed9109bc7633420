/* numbered.h - things found by a 64-bit number of theirs: a hash table to places in a
 * list. Knows nothing of the things; nothing is ever taken out but all at once. */
#ifndef MATCH_NUMBERED_H
#define MATCH_NUMBERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBERED_NONE UINT32_MAX

struct numbered {
    struct numbered_place {
        uint64_t key;
        uint32_t place; /* 1 + place, 0 free */
    } * at;
    uint32_t mask, used;
};

void numbered_clear(struct numbered *t); /* twice is fine */
/* The place of a key, or NUMBERED_NONE. */
uint32_t numbered_find(const struct numbered *t, uint64_t key);
/* Sets the place of a key. False without memory. */
bool numbered_set(struct numbered *t, uint64_t key, uint32_t place);

/* Room in *list for one more than count elements of that size; false without memory. */
bool list_grow(void **list, uint32_t count, uint32_t *cap, size_t size);

#endif
