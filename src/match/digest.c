/* digest.c - four sums side by side, so that none waits for the one before */
#include "match/digest.h"

#include <string.h>

enum { LANES = DIGEST_STRIPE / sizeof(uint64_t) };

void digest_init(struct digest *d)
{
    for (uint64_t i = 0; i < LANES; i++)
        d->lanes[i] = 0x9e3779b97f4a7c15u * (i + 1);
}

static void add_stripe(struct digest *d, const char *bytes)
{
    uint64_t words[LANES];

    memcpy(words, bytes, sizeof words);
    for (int i = 0; i < LANES; i++) {
        uint64_t h = d->lanes[i] ^ words[i];

        d->lanes[i] = (h << 29 | h >> 35) * 0x94d049bb133111ebu;
    }
}

void digest_add(struct digest *d, struct str bytes)
{
    char last[DIGEST_STRIPE] = {0};

    for (; bytes.n >= DIGEST_STRIPE; bytes = str_skip(bytes, DIGEST_STRIPE))
        add_stripe(d, bytes.p);
    if (bytes.n == 0)
        return;
    memcpy(last, bytes.p, bytes.n);
    add_stripe(d, last);
}

uint64_t digest_end(const struct digest *d)
{
    uint64_t h = 0;

    for (int i = 0; i < LANES; i++) {
        h ^= d->lanes[i];
        h = (h ^ h >> 31) * 0xbf58476d1ce4e5b9u;
    }
    return h ^ h >> 32;
}
