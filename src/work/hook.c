#include "work/hook.h"

static const char *const names[] = {
    [HOOK_WAITING] = "waiting",
    [HOOK_APPLIED] = "applied",
    [HOOK_PASSED] = "passed",
    [HOOK_FAILED] = "failed",
};

const char *hook_state_name(enum hook_state state)
{
    return (size_t)state < sizeof names / sizeof *names ? names[state] : "unknown";
}

bool hook_state_parse(struct str name, enum hook_state *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i])) {
            *out = (enum hook_state)i;
            return true;
        }
    return false;
}
