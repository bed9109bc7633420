/* kinds.h - what kind of file this is, from how it begins; inside the room only */
#ifndef FEEDS_KINDS_H
#define FEEDS_KINDS_H

#include "base/status.h"
#include "base/str.h"

enum { FEED_HEAD = 4096 }; /* bytes that are enough to tell */

/* Whether it is JSON Lines (else: a table). AISLE_INVALID, in one sentence with what to
 * do instead, for kinds that are not read. `whole`: head is the whole file. */
enum aisle_status feed_kind(struct str head, bool whole, bool *is_json,
                            struct aisle_err *err);

#endif
