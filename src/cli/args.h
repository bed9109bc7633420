/* args.h - a command line taken apart against the table of commands
 *
 * "--name value", "--name=value", "-n value", "-nvalue", switches in one ("-qv"), "--"
 * for the end of options; options and operands in any order. Names are not abbreviated.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "base/arena.h"
#include "cli/command.h"

struct given {
    const struct option *option;
    struct str value; /* empty for a switch */
};

struct args {
    const struct command *command; /* NULL: help was asked for, or nothing at all */
    bool help;                     /* --help, -h */
    struct str noun, verb;         /* what was asked help for, as far as it was said */
    const struct given *given;
    size_t given_count;
    const struct str *operands;
    size_t operand_count;
};

/* argv without the program's name; its text is borrowed. AISLE_INVALID says what is wrong
 * and what was perhaps meant; args->command is then set as far as it was understood. */
enum aisle_status args_parse(struct arena *arena, int argc, char *const argv[],
                             struct args *out, struct aisle_err *err);

/* The last value given to an option by flag; false when none was. */
bool args_value(const struct args *args, const char *name, struct str *value);

/* Does a value fit its option? `from` says where it comes from ("--limit",
 * "AISLE_JOBS"). */
enum aisle_status option_check(const struct option *o, struct str value, const char *from,
                               struct aisle_err *err);

#endif
