#include "match/numbered.h"

#include "base/mem.h"

enum { FIRST_SIZE = 256 };

void numbered_clear(struct numbered *t)
{
    mem_free(t->at);
    *t = (struct numbered){0};
}

/* Where the key stands, or would. */
static struct numbered_place *place_of(const struct numbered *t, uint64_t key)
{
    uint32_t i = (uint32_t)(key ^ key >> 32) & t->mask;

    while (t->at[i].place && t->at[i].key != key)
        i = (i + 1) & t->mask;
    return &t->at[i];
}

uint32_t numbered_find(const struct numbered *t, uint64_t key)
{
    return t->at ? place_of(t, key)->place - 1 : NUMBERED_NONE;
}

static bool widen(struct numbered *t)
{
    struct numbered wide = {.mask = t->at ? 2 * t->mask + 1 : FIRST_SIZE - 1,
                            .used = t->used};

    wide.at = mem_zalloc((size_t)wide.mask + 1, sizeof *wide.at);
    if (!wide.at)
        return false;
    for (uint32_t i = 0; t->at && i <= t->mask; i++)
        if (t->at[i].place)
            *place_of(&wide, t->at[i].key) = t->at[i];
    mem_free(t->at);
    *t = wide;
    return true;
}

bool numbered_set(struct numbered *t, uint64_t key, uint32_t place)
{
    struct numbered_place *p;

    if ((!t->at || 2 * (t->used + 1) > t->mask) && !widen(t))
        return false;
    p = place_of(t, key);
    t->used += p->place == 0;
    *p = (struct numbered_place){.key = key, .place = place + 1};
    return true;
}

bool list_grow(void **list, uint32_t count, uint32_t *cap, size_t size)
{
    uint32_t more = *cap ? 2 * *cap : 4;
    void *p;

    if (count < *cap)
        return true;
    p = mem_realloc(*list, more * size);
    if (!p)
        return false;
    *list = p;
    *cap = more;
    return true;
}
