/* lexicon_table.h - what tools/vocabulary makes of lexicon/, for lexicon.c alone */
#ifndef MATCH_LEXICON_TABLE_H
#define MATCH_LEXICON_TABLE_H

#include "match/phrases.h"

extern const uint32_t lexicon_count;
extern const uint64_t lexicon_hashes[]; /* of each concept's first word */
extern const struct phrase_table lexicon_table;

#endif
