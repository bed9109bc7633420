/* bytes16.h - sixteen bytes looked at in one go
 *
 * In the vectors that gcc and clang make of any processor's own; comparing two gives
 * bytes of all ones where it holds. For loops over text in which nearly every byte is an
 * ordinary one.
 */
#ifndef BASE_BYTES16_H
#define BASE_BYTES16_H

#include <stdint.h>
#include <string.h>

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef uint32_t fours16 __attribute__((vector_size(16)));

/* Of memory that has as many from p on. */
static inline bytes16 bytes16_load(const char *p)
{
    bytes16 v;

    memcpy(&v, p, sizeof v);
    return v;
}

/* The place of the first byte that is not zero; 16 when all are. */
static inline unsigned bytes16_first(bytes16 v)
{
    uint64_t half[2];

    memcpy(half, &v, sizeof half);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (half[0])
        return (unsigned)__builtin_ctzll(half[0]) / 8;
    return half[1] ? 8 + (unsigned)__builtin_ctzll(half[1]) / 8 : 16;
#else
    if (half[0])
        return (unsigned)__builtin_clzll(half[0]) / 8;
    return half[1] ? 8 + (unsigned)__builtin_clzll(half[1]) / 8 : 16;
#endif
}

/* Whether a four of them, counted from the first, are all the same. */
static inline int bytes16_has_same_four(bytes16 v)
{
    fours16 fours = (fours16)v;
    bytes16 same = (bytes16)(fours == (fours << 8 | fours >> 24));

    return bytes16_first(same) < 16;
}

#endif
