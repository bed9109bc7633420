#include "listing/listing.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const states[] = {
    [LISTING_ABSENT] = "absent",   [LISTING_DRAFT] = "draft",
    [LISTING_PENDING] = "pending", [LISTING_LIVE] = "live",
    [LISTING_FAILED] = "failed",   [LISTING_SCHEDULED] = "scheduled",
    [LISTING_OFF] = "off",         [LISTING_PLATFORM_OFF] = "platform-off",
    [LISTING_FROZEN] = "frozen",   [LISTING_DELETED] = "deleted",
};

static const char *const doings[] = {
    [LISTING_IDLE] = "idle",
    [LISTING_CREATING] = "creating",
    [LISTING_EDITING] = "editing",
    [LISTING_PUBLISHING] = "publishing",
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

const char *listing_state_name(enum listing_state state)
{
    return (size_t)state < COUNT(states) ? states[state] : "unknown";
}

bool listing_state_parse(struct str name, enum listing_state *out)
{
    size_t at;

    if (!find_word(states, COUNT(states), name, &at))
        return false;
    *out = (enum listing_state)at;
    return true;
}

const char *listing_doing_name(enum listing_doing doing)
{
    return (size_t)doing < COUNT(doings) ? doings[doing] : "unknown";
}

bool listing_doing_parse(struct str name, enum listing_doing *out)
{
    size_t at;

    if (!find_word(doings, COUNT(doings), name, &at))
        return false;
    *out = (enum listing_doing)at;
    return true;
}
