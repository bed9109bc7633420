/* wire.h - the rest of what wire.c puts together; most of it is cli_open in cli.h */
#ifndef CLI_WIRE_H
#define CLI_WIRE_H

#include "cli/cli.h"

/* cli->app without a store: for what needs no more than the world outside. From here on
 * Ctrl-C asks to stop. */
enum aisle_status cli_open_bare(struct cli *cli, struct aisle_err *err);

/* Where aisle-image is, in the arena: the setting, beside this program, where it lies in
 * the tree this program was installed with and moved, or where it is installed. NULL:
 * nowhere. */
const char *cli_image_helper(struct cli *cli);

#endif
