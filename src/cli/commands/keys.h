/* keys.h - an app's and a shop's secrets, from the environment or a file of NAME=value
 * lines; never from a flag
 */
#ifndef CLI_COMMANDS_KEYS_H
#define CLI_COMMANDS_KEYS_H

#include "cli/cli.h"

struct app_keys {
    struct str app_key, app_secret, access_token, refresh_token, cipher;
    struct str remote_id;  /* tokopedia's fs_id */
    struct str url, token; /* of a sandbox */
};

/* channel is "tiktok", "tokopedia", or "sandbox" for how to reach a running one. file "":
 * the environment; "-": stdin. What is not there comes back empty; in cli's
 * arena. AISLE_INVALID: a line that is no NAME=value. */
enum aisle_status app_keys_read(struct cli *cli, struct str file, struct str channel,
                                struct app_keys *out, struct aisle_err *err);

#endif
