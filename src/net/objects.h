/* objects.h - the bytes behind a location: https://…, http://… or a file
 *
 * Locations come from sellers' files and are not trusted: private addresses are refused
 * unless allowed, redirects are checked hop by hop, size and time are capped, and a
 * relative file path may not climb out of its folder.
 */
#ifndef NET_OBJECTS_H
#define NET_OBJECTS_H

#include "net/net.h"

struct object_request {
    struct str location;
    struct str root; /* folder of relative paths; "" the working one */
    bool allow_private;
    size_t max_bytes;
};

/* Replaces what out held. AISLE_NOT_FOUND (no such file, 404), AISLE_INVALID (not a
 * location we read, an address outside), AISLE_LIMIT, AISLE_IO, AISLE_BUSY, AISLE_REFUSED
 * (another status). */
enum aisle_status object_fetch(struct net *net, const struct object_request *request,
                               struct buf *out, struct aisle_err *err);

#endif
