/* password.h - a password from the terminal, unseen and twice, or a line from stdin */
#ifndef CLI_COMMANDS_PASSWORD_H
#define CLI_COMMANDS_PASSWORD_H

#include "cli/commands/shared.h"

/* In the arena; the caller wipes it. AISLE_INVALID when the two differ or there is none.
 */
enum aisle_status cli_password(struct cli *cli, struct str *out, struct aisle_err *err);

#endif
