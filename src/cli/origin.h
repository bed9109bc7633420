/* origin.h - the address browsers reach the service at, as they themselves write it in a
 * request's Origin (RFC 6454 section 6.2)
 *
 * Pure. Opens and asks nothing.
 */
#ifndef CLI_ORIGIN_H
#define CLI_ORIGIN_H

#include "base/arena.h"

/* "HTTPS://Aisle.Example:443/" to "https://aisle.example". Why not, in words behind the
 * option's name, or NULL: *out lives in the arena then. */
const char *origin_read(struct str url, struct arena *arena, struct str *out);

#endif
