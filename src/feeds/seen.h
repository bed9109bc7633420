/* seen.h - which ids a file has had already, and in which line; some 20 bytes an id
 *
 * Keeps digests, not ids. A file has at most SEEN_MAX / 4 * 3 of them that are told
 * apart: beyond, AISLE_LIMIT.
 */
#ifndef FEEDS_SEEN_H
#define FEEDS_SEEN_H

#include "base/status.h"
#include "base/str.h"

enum { SEEN_MAX = 1 << 25 };

struct seen {
    uint64_t *hashes; /* 0 is an empty place */
    uint32_t *lines;
    size_t room, count; /* room: a power of two */
};

void seen_clear(struct seen *s); /* twice is fine */
/* Where the id was noted; 0 for nowhere. */
size_t seen_line(const struct seen *s, struct str id);
/* *line is where the id was before, 0 for a new one, which is noted. AISLE_NOMEM,
 * AISLE_LIMIT. */
enum aisle_status seen_note(struct seen *s, struct str id, size_t at, size_t *line,
                            struct aisle_err *err);

#endif
