#include "match/mapping.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const scopes[] = {
    [SCOPE_PRODUCT] = "product",
    [SCOPE_RULE] = "rule",
    [SCOPE_SELLER_CATEGORY] = "seller-category",
};

static const char *const states[] = {
    [DECISION_PROPOSED] = "proposed", [DECISION_ACCEPTED] = "accepted",
    [DECISION_REJECTED] = "rejected", [DECISION_NONE] = "none",
    [DECISION_CLEARED] = "cleared",
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

const char *decision_scope_name(enum decision_scope scope)
{
    return (size_t)scope < COUNT(scopes) ? scopes[scope] : "unknown";
}

bool decision_scope_parse(struct str name, enum decision_scope *out)
{
    size_t at;

    if (!find_word(scopes, COUNT(scopes), name, &at))
        return false;
    *out = (enum decision_scope)at;
    return true;
}

const char *decision_state_name(enum decision_state state)
{
    return (size_t)state < COUNT(states) ? states[state] : "unknown";
}

bool decision_state_parse(struct str name, enum decision_state *out)
{
    size_t at;

    if (!find_word(states, COUNT(states), name, &at))
        return false;
    *out = (enum decision_state)at;
    return true;
}

bool decision_refuses(const struct decision *own, const struct decision *category)
{
    return own->state == DECISION_REJECTED && category->state == DECISION_ACCEPTED &&
           str_eq(own->category_id, category->category_id);
}

bool decision_is_settled(enum decision_state state)
{
    return state == DECISION_ACCEPTED || state == DECISION_NONE;
}
