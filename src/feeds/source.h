/* source.h - where a seller's file comes from: memory or a stream, a piece at a time */
#ifndef FEEDS_SOURCE_H
#define FEEDS_SOURCE_H

#include "base/status.h"
#include "base/str.h"

#include <stdio.h>

struct feed_source {
    void *ctx;
    /* At most cap bytes to out, *n of them; 0 only at the end. AISLE_IO; AISLE_STOPPED
     * when a signal came while it waited. */
    enum aisle_status (*read)(void *ctx, char *out, size_t cap, size_t *n,
                              struct aisle_err *err);
};

/* From memory: *rest grows shorter as it is read, and must outlive the reading. */
struct feed_source feed_source_text(struct str *rest);
/* From a stream opened by the caller, who also closes it. */
struct feed_source feed_source_stream(FILE *f);

#endif
