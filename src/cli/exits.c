#include "cli/exits.h"

#include <stddef.h>

const struct exit_name exit_names[] = {
    {EXIT_DONE, "ok", "done, or nothing to do"},
    {EXIT_FAILED, "failed", "it did not work, and trying again will not help"},
    {EXIT_USAGE, "usage", "the command line is wrong; nothing was done"},
    {EXIT_CONFIG, "config", "a setting, key or file is missing, or sign in again"},
    {EXIT_NOT_FOUND, "not-found", "what was asked for by name is not there"},
    {EXIT_TEMPORARY, "temporary", "network, lock or rate limit: trying later may help"},
    {EXIT_FINDINGS, "findings",
     "a check found errors, or input breaks a rule: an empty or unreadable file too"},
    {EXIT_PARTLY, "partly", "done for some, not for others; those are named"},
    {EXIT_BUDGET, "budget", "a budget or ceiling was reached; can be taken up again"},
    {EXIT_CONFLICT, "conflict", "someone else is at it, or decided meanwhile"},
    {EXIT_DIFFERENT, "different", "there are differences (only with --exit-code)"},
    {EXIT_INTERRUPTED, "interrupted", "stopped by Ctrl-C; what was done is kept"},
    {0, NULL, NULL},
};

enum exit_code exit_of(enum aisle_status status)
{
    switch (status) {
    case AISLE_OK:
        return EXIT_DONE;
    case AISLE_NOT_FOUND:
        return EXIT_NOT_FOUND;
    case AISLE_INVALID:
        return EXIT_FINDINGS;
    case AISLE_CONFLICT:
        return EXIT_CONFLICT;
    case AISLE_CONFIG:
    case AISLE_AUTH:
        return EXIT_CONFIG;
    case AISLE_BUSY:
        return EXIT_TEMPORARY;
    case AISLE_LIMIT:
        return EXIT_BUDGET;
    case AISLE_STOPPED:
        return EXIT_INTERRUPTED;
    case AISLE_REFUSED:
    case AISLE_GARBLED:
    case AISLE_IO:
    case AISLE_NOMEM:
        break;
    }
    return EXIT_FAILED;
}
