#include "work/task.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const kinds[] = {
    [TASK_MAP] = "map",
    [TASK_SYNC] = "sync",
    [TASK_REQUIREMENTS] = "requirements",
    [TASK_PUBLISH] = "publish",
    [TASK_STATUS] = "status",
    [TASK_WEBHOOKS] = "webhooks",
    [TASK_TOKEN] = "token",
    [TASK_TRAIN] = "train",
};

static const char *const states[] = {
    [TASK_WAITING] = "waiting",
    [TASK_TAKEN] = "taken",
    [TASK_DONE] = "done",
    [TASK_DEAD] = "dead",
};

static bool find_word(const char *const *words, size_t count, struct str name, size_t *at)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(name, words[i])) {
            *at = i;
            return true;
        }
    return false;
}

const char *task_kind_name(enum task_kind kind)
{
    return (size_t)kind < COUNT(kinds) ? kinds[kind] : "unknown";
}

bool task_kind_parse(struct str name, enum task_kind *out)
{
    size_t at;

    if (!find_word(kinds, COUNT(kinds), name, &at))
        return false;
    *out = (enum task_kind)at;
    return true;
}

const char *task_state_name(enum task_state state)
{
    return (size_t)state < COUNT(states) ? states[state] : "unknown";
}

bool task_state_parse(struct str name, enum task_state *out)
{
    size_t at;

    if (!find_word(states, COUNT(states), name, &at))
        return false;
    *out = (enum task_state)at;
    return true;
}
