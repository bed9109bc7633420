/* approvals_index.h - the approvals' own: how they lie in memory */
#ifndef MATCH_APPROVALS_INDEX_H
#define MATCH_APPROVALS_INDEX_H

#include "match/approvals.h"
#include "match/numbered.h"

#include <pthread.h>

enum { LOGS = 4096 }; /* logarithms kept */

struct holding { /* of one feature: who has it */
    uint64_t key;
    uint32_t *rows;
    uint32_t count, cap;
    uint32_t live, voices; /* rows not taken back; their voices */
    uint8_t block;
};

struct approval {
    char *key, *title;
    uint32_t *features; /* holdings */
    uint32_t feature_count, category, shelf, weight;
    uint32_t voice; /* copies have the same: equal words, told alike, in one leaf */
    uint64_t order; /* breaks ties, whatever the order of arrival */
    bool live;
};

struct shelf {
    struct leaf_count {
        uint32_t category, count;
    } * leaves;
    uint32_t count, cap;
};

struct approvals {
    pthread_rwlock_t lock;
    struct feature_maker maker;
    struct feature_list features;
    struct arena arena; /* category ids */
    struct approval *rows;
    struct holding *holdings;
    struct shelf *shelves;
    struct str *categories;
    uint32_t row_count, row_cap, holding_count, holding_cap, shelf_count, shelf_cap;
    uint32_t *voices; /* copies not taken back, of each */
    uint32_t category_count, category_cap, voice_count, voice_cap;
    struct numbered by_key, by_feature, by_shelf, by_category, by_voice;
    uint32_t live;          /* rows not taken back, */
    uint32_t heard, titled; /* their voices, and of these the ones with a title */
    float logs[LOGS];       /* of n + 1/2 */
};

/* To ask takes the lock and changes nothing else. */
static inline pthread_rwlock_t *approvals_lock(const struct approvals *a)
{
    return &((struct approvals *)a)->lock;
}

#endif
