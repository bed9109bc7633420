/* layout.h - how a model lies in its file, which is read where it is mapped
 *
 * Native integers, little-endian on every machine we run on; another byte order is told
 * by the mark in the header and refused. Sections begin at multiples of 8. A reader
 * trusts the header once its digest is right, and nothing behind it: every place it takes
 * from the file is held against its section's end when it is used, so that a damaged file
 * gives a wrong answer at worst where it was not read through before (model_open_whole).
 */
#ifndef MATCH_LAYOUT_H
#define MATCH_LAYOUT_H

#include "match/features.h"

#define MODEL_MAGIC "AISLEMDL"

enum {
    MODEL_VERSION = 9,
    MODEL_MARK = 0x01020304, /* reads otherwise on a machine of another byte order */
    MODEL_TEXT = 96,         /* bytes kept of a row's title, for look-alikes */
};

enum model_section {
    SECTION_STRINGS,  /* ids and titles, end to end */
    SECTION_NODES,    /* struct model_node: leaves first, parents before children, kin */
    SECTION_LINKS,    /* struct linear_link: which leaves are kin, sorted by leaf */
    SECTION_FEATURES, /* struct model_feature: a hash table (model_feature_home) */
    SECTION_WEIGHTS,  /* runs of one float (the scale) and then packed weights */
    SECTION_HOLDERS,  /* rows that have a rare feature: uint32_t */
    SECTION_ROWS,     /* struct model_row */
    SECTION_PULLS,    /* packed weights of the rows */
    SECTIONS
};

struct model_span {
    uint64_t at, bytes;
};

/* What was measured on the titles held out; all 0 where none could be. */
struct model_measure {
    uint32_t titles, right, right_in_3;
    float ece;
};

/* What the chance of the first leaf is judged by, last of all (calibrate.c). */
enum { CALIBRATE_INPUTS = 9 };

/* How scores become confidence (calibrate.h). */
struct model_calibration {
    float sharpness;                  /* of the scores */
    float none;                       /* score of "none of these" */
    float none_unknown;               /* more of it, the more words are unknown */
    float straight[CALIBRATE_INPUTS]; /* last straightening, on the log odds */
};

struct model_header {
    char magic[8]; /* MODEL_MAGIC */
    uint32_t mark, version;
    uint64_t bytes;  /* of the whole file */
    uint64_t digest; /* of this header with digest 0 */
    uint64_t body;   /* XXH3, of all behind the header: tells damage, not forgery */
    int64_t stamp;   /* seq of the last decision in it */
    struct model_span sections[SECTIONS];
    uint32_t leaves, nodes, rows, taught; /* taught: rows that are products, not names */
    uint32_t left_out;                    /* rows whose category the tree lacked */
    uint32_t paths;                       /* 1: a category's id is its path (paths.h) */
    struct model_calibration calibration;
    struct model_measure measure;
};

/* Of the header, with its own place taken as 0. */
static inline uint64_t model_header_digest(const struct model_header *header)
{
    struct model_header copy;

    memcpy(&copy, header, sizeof copy);
    copy.digest = 0;
    return str_hash(str_n((const char *)&copy, sizeof copy));
}

struct model_node {
    uint32_t id_at; /* empty for what is not of the tree */
    uint16_t id_bytes;
    uint16_t spare;
    uint32_t parent; /* UINT32_MAX at the top */
    float bias;
    float trust; /* of a leaf: how much oftener than else it is right, as log odds */
};

/* A weight and its node in one number: 20 bits of node, 12 bits of a signed share of the
 * scale. */
enum { PACKED_NODE_BITS = 20, PACKED_MOST = 2047 };

static inline uint32_t packed_make(uint32_t node, int share)
{
    return node | (uint32_t)(share & 0xFFF) << PACKED_NODE_BITS;
}

static inline uint32_t packed_node(uint32_t packed)
{
    return packed & ((1u << PACKED_NODE_BITS) - 1);
}

static inline float packed_share(uint32_t packed)
{
    return (float)((int32_t)packed >> PACKED_NODE_BITS) / PACKED_MOST;
}

struct model_feature {
    uint32_t print; /* the upper half of its key; 0 and count 0: free */
    uint32_t first; /* in SECTION_WEIGHTS (own) or SECTION_HOLDERS */
    uint16_t count; /* weights, or holders; 0 free */
    uint8_t block;  /* enum feature_block; MODEL_OWN added when it has its own weights */
    uint8_t rarity; /* idf, in steps of MODEL_RARITY_STEP */
};

/* Where the search for a key begins in a table of that size; on from there, and round. */
static inline uint32_t model_feature_home(uint64_t key, uint32_t size)
{
    return (uint32_t)(((key & UINT32_MAX) * size) >> 32);
}

enum { MODEL_OWN = 0x80 };
#define MODEL_RARITY_STEP 0.0625F

struct model_row {
    uint32_t pulls; /* first in SECTION_PULLS */
    uint32_t label; /* node */
    uint32_t text_at;
    uint8_t text_bytes; /* 0 for a name of the tree */
    uint8_t pull_count;
    uint16_t spare;
    float pull_scale;
    float scale[BLOCKS]; /* value of a feature: its rarity times this */
};

#endif
