/* exits.h - what the program's exit code says, by name */
#ifndef CLI_EXITS_H
#define CLI_EXITS_H

#include "base/status.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_CONFIG = 3,
    EXIT_NOT_FOUND = 4,
    EXIT_TEMPORARY = 5,
    EXIT_FINDINGS = 6,
    EXIT_PARTLY = 7,
    EXIT_BUDGET = 8,
    EXIT_CONFLICT = 9,
    EXIT_DIFFERENT = 10,
    EXIT_INTERRUPTED = 130,
};

struct exit_name {
    enum exit_code code;
    const char *name, *means;
};

/* In the order of codes, ended by a row without name. */
extern const struct exit_name exit_names[];

/* The code a failure ends the program with. */
enum exit_code exit_of(enum aisle_status status);

#endif
