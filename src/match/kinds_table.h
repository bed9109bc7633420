/* kinds_table.h - what tools/vocabulary makes of kinds/, for kinds.c alone */
#ifndef MATCH_KINDS_TABLE_H
#define MATCH_KINDS_TABLE_H

#include "match/kinds.h"

extern const uint32_t kinds_count;
extern const struct goods_kind kinds_all[];
extern const struct phrase_table kinds_table;

#endif
