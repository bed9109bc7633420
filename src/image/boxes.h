/* boxes.h - the boxes HEIF pictures and MP4 videos are made of (ISO/IEC 14496-12); inside
 * the room only */
#ifndef IMAGE_BOXES_H
#define IMAGE_BOXES_H

#include "base/str.h"

struct box {
    struct str type, data;
    bool whole; /* all it announces is there */
};

/* Takes the next box off *rest; false at the end, and where a length makes no sense. */
bool box_next(struct str *rest, struct box *out);
/* What is in the first box of that type; empty when there is none. */
struct str box_find(struct str boxes, const char *type);

#endif
