/* file.h - what goes along with a product and is no picture: videos and PDFs, from their
 * bytes
 *
 * Reads headers, and of MP4 and its kin how large and how long they are; decodes nothing.
 */
#ifndef IMAGE_FILE_H
#define IMAGE_FILE_H

#include "base/str.h"

enum file_kind {
    FILE_UNKNOWN,
    FILE_PDF,
    FILE_MP4,
    FILE_MOV,
    FILE_3GP,
    FILE_WEBM, /* and Matroska, which begins alike */
    FILE_AVI,
    FILE_FLV,
    FILE_WMV,
    FILE_MPEG,
};

const char *file_kind_name(enum file_kind kind);   /* "MP4"; "unknown" */
const char *file_kind_ending(enum file_kind kind); /* "mp4" */
const char *file_kind_mime(enum file_kind kind);

struct file_facts {
    enum file_kind kind;
    uint64_t bytes;
    uint32_t width, height; /* of a video, as it is shown; 0 unknown */
    uint32_t seconds;       /* rounded up; 0 unknown */
    bool cut_short;         /* for certain */
};

/* Of any bytes. */
struct file_facts file_look(struct str bytes);

#endif
