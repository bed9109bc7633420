/* list.h - every command there is; each is defined in a file of its noun */
#ifndef CLI_COMMANDS_LIST_H
#define CLI_COMMANDS_LIST_H

#include "cli/command.h"

extern const struct command command_init;
extern const struct command command_doctor;
extern const struct command command_config_list, command_config_get, command_config_path;
extern const struct command command_help, command_man, command_completion,
    command_version;

#endif
