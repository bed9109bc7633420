/* keys.h - single keys from whoever sits there, or from a pipe in their place
 *
 * The terminal is in raw mode only while a key is waited for, so that whatever ends the
 * program leaves it as it was.
 */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include "base/status.h"

#include <stdbool.h>

/* The next key; on a pipe line ends are passed over. AISLE_NOT_FOUND at the end of input,
 * AISLE_STOPPED after Ctrl-C. */
enum aisle_status key_read(int fd, char *out, struct aisle_err *err);

#endif
