/* files.h - a file read whole; the sandbox's own small door to the disk */
#ifndef SANDBOX_FILES_H
#define SANDBOX_FILES_H

#include "base/buf.h"

/* Appends what is in it. AISLE_CONFIG names the file and the reason, AISLE_LIMIT over the
 * buffer's ceiling. */
enum aisle_status file_load(struct str path, struct buf *out, struct aisle_err *err);

#endif
