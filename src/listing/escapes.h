/* escapes.h - what HTML's escapes stand for: named ones of HTML 4, numbers of any kind */
#ifndef LISTING_ESCAPES_H
#define LISTING_ESCAPES_H

#include "base/str.h"

/* The length of the escape that s begins with, and its character in *out; 0 for none, or
 * for a name nobody knows. One that was escaped again ("&amp;nbsp;") counts as a whole.
 */
size_t escape_read(struct str s, uint32_t *out);

#endif
