/* sandbox_said.h - what `sandbox start` was told, as the sandbox takes it */
#ifndef CLI_COMMANDS_SANDBOX_SAID_H
#define CLI_COMMANDS_SANDBOX_SAID_H

#include "cli/cli.h"
#include "sandbox/sandbox.h"

struct sandbox_said {
    struct sandbox_settings set; /* points to what follows */
    struct sandbox_fault faults[SANDBOX_MAX_FAULTS];
    struct sandbox_tree_file trees[SANDBOX_MAX_TREES];
    struct sandbox_shop shops[SANDBOX_MAX_SHOPS];
};

/* From the command's options. AISLE_INVALID names the one that cannot be meant. */
enum aisle_status sandbox_said(struct cli *cli, struct sandbox_said *s,
                               struct aisle_err *err);

#endif
