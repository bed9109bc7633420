/* silent.h - hosts that let us wait for nothing, so that each does so once; inside the
 * room only */
#ifndef NET_SILENT_H
#define NET_SILENT_H

#include "base/str.h"

enum { SILENT_HOSTS = 32, SILENT_NAME = 256, SILENT_MS = 300000 };

/* The oldest makes room. Zeroes are none. */
struct silent {
    struct silent_host {
        char name[SILENT_NAME]; /* with its port, where it has one */
        int64_t until_ms;
    } hosts[SILENT_HOSTS];
    size_t next;
};

bool silent_has(const struct silent *s, struct str host, int64_t now_ms);
/* For SILENT_MS from now. A name too long to keep is not. */
void silent_note(struct silent *s, struct str host, int64_t now_ms);

#endif
