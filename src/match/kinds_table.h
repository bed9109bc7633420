/* kinds_table.h - what tools/kinds makes of kinds/, for kinds.c alone
 *
 * A phrase is its hash: 16 bits say where to look, 32 others are compared. Of 2,000
 * million phrases that are not there one is taken for one that is.
 */
#ifndef MATCH_KINDS_TABLE_H
#define MATCH_KINDS_TABLE_H

#include "match/kinds.h"

enum { KINDS_PLACES = 1 << 16 };

struct kind_set {
    uint16_t count;
    uint16_t kinds[KINDS_MOST]; /* places in kinds_all */
};

extern const uint32_t kinds_count;
extern const struct goods_kind kinds_all[];
extern const struct kind_set kinds_sets[];
extern const uint32_t kinds_firsts[]; /* KINDS_PLACES + 1 */
extern const uint32_t kinds_marks[];  /* sorted within a place */
extern const uint16_t kinds_set_of[]; /* of each mark, a place in kinds_sets */

#endif
