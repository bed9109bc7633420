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

static const struct {
    const char *name;
    enum decision_state state;
} standings[STANDINGS] = {
    [STANDS_OPEN] = {"open", DECISION_PROPOSED},
    [STANDS_REFUSED] = {"refused", DECISION_REJECTED},
    [STANDS_CLEARED] = {"cleared", DECISION_CLEARED},
    [STANDS_AGREED] = {"agreed", DECISION_PROPOSED},
    [STANDS_CONTESTED] = {"contested", DECISION_PROPOSED},
    [STANDS_CONFLICT] = {"conflict", DECISION_ACCEPTED},
    [STANDS_NONE] = {"none", DECISION_NONE},
    [STANDS_DONE] = {"done", DECISION_ACCEPTED},
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

bool decision_scope_known(enum decision_scope scope)
{
    return (size_t)scope < COUNT(scopes);
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

const char *standing_name(enum standing standing)
{
    return (size_t)standing < STANDINGS ? standings[standing].name : "unknown";
}

enum decision_state standing_state(enum standing standing)
{
    return standings[standing].state;
}

enum standing decision_standing(const struct decision *d)
{
    switch (d->state) {
    case DECISION_PROPOSED:
        return d->conflict                         ? STANDS_CONTESTED
               : d->confidence >= decision_sure_at ? STANDS_AGREED
                                                   : STANDS_OPEN;
    case DECISION_ACCEPTED:
        return d->conflict ? STANDS_CONFLICT : STANDS_DONE;
    case DECISION_REJECTED:
        return STANDS_REFUSED;
    case DECISION_NONE:
        return STANDS_NONE;
    case DECISION_CLEARED:
        break;
    }
    return STANDS_CLEARED;
}

enum aisle_status decision_fail_meanwhile(const struct decision *d, struct str who,
                                          int64_t seq, struct aisle_err *err)
{
    const char *scope = decision_scope_name(d->scope);

    if (!seq)
        return aisle_fail(err, AISLE_CONFLICT, "%s %.*s was not decided before", scope,
                          STR_ARG(d->key));
    return aisle_fail(err, AISLE_CONFLICT, "%s %.*s was decided meanwhile by %.*s (%lld)",
                      scope, STR_ARG(d->key), STR_ARG(who), (long long)seq);
}

bool decision_refuses(const struct decision *own, const struct decision *category)
{
    return own->state == DECISION_REJECTED && category->state == DECISION_ACCEPTED &&
           str_eq(own->category_id, category->category_id);
}

bool decision_lost_leaf(const struct decision *d, const struct category *leaf)
{
    if (!leaf)
        return true;
    return leaf->provisional ? !d->provisional : !category_takes_products(leaf);
}

bool decision_is_settled(enum decision_state state)
{
    return state == DECISION_ACCEPTED || state == DECISION_NONE;
}
