/* digest.h - whether many bytes are still what they were, as fast as memory gives them
 *
 * Tells a damaged file, not a forged one.
 */
#ifndef MATCH_DIGEST_H
#define MATCH_DIGEST_H

#include "base/str.h"

enum { DIGEST_STRIPE = 32 };

struct digest {
    uint64_t lanes[DIGEST_STRIPE / sizeof(uint64_t)];
};

void digest_init(struct digest *d);
/* Piece by piece: all but the last have a multiple of DIGEST_STRIPE bytes. */
void digest_add(struct digest *d, struct str bytes);
uint64_t digest_end(const struct digest *d);

#endif
