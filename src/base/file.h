/* file.h - that a file's name outlives the power
 *
 * A file that was synced may still be gone after the power failed, or be there under its
 * old name, as long as the folder it is named in was not. Does not read or write files.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/status.h"

/* Wait until the disk has what was made, renamed or removed in the folder that holds
 * `path`. AISLE_IO names the folder. Done where the file system cannot be asked for it,
 * or we may not read the folder. */
enum aisle_status file_sync_name(const char *path, struct aisle_err *err);

#endif
