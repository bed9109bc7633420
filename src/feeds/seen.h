/* seen.h - which ids a file has had already, and in which line; at most 12 MiB
 *
 * Keeps digests, not ids. Beyond SEEN_MAX ids it learns no more: later repetitions of
 * later ids go unnoticed, and the store then keeps the last.
 */
#ifndef FEEDS_SEEN_H
#define FEEDS_SEEN_H

#include "base/status.h"
#include "base/str.h"

enum { SEEN_MAX = 1 << 20 };

struct seen {
    uint64_t *hashes; /* 0 is an empty place */
    uint32_t *lines;
    size_t room, count; /* room: a power of two */
};

void seen_clear(struct seen *s); /* twice is fine */
/* Where the id was noted; 0 for nowhere. */
size_t seen_line(const struct seen *s, struct str id);
/* *line is where the id was before, 0 for a new one, which is noted. AISLE_NOMEM. */
enum aisle_status seen_note(struct seen *s, struct str id, size_t at, size_t *line,
                            struct aisle_err *err);

#endif
