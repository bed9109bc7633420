#include "work/run.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const run_states[] = {
    [RUN_UNDER_WAY] = "under-way", [RUN_DONE] = "done",     [RUN_STOPPED] = "stopped",
    [RUN_BUDGET] = "budget",       [RUN_FAILED] = "failed",
};

static const char *const item_states[] = {
    [ITEM_MAPPED] = "mapped",     [ITEM_REFUSED] = "refused",
    [ITEM_NO_IMAGE] = "no-image", [ITEM_FAILED] = "failed",
    [ITEM_SKIPPED] = "skipped",   [ITEM_NEEDS_PERSON] = "needs-person",
};

static const char *const item_advisors[] = {
    [ITEM_BY_NONE] = "none",
    [ITEM_BY_LOCAL] = "local",
    [ITEM_BY_MARKETPLACE] = "marketplace",
    [ITEM_BY_SELLER_CATEGORY] = "seller-category",
    [ITEM_BY_RULE] = "rule",
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

const char *run_state_name(enum run_state state)
{
    return (size_t)state < COUNT(run_states) ? run_states[state] : "unknown";
}

bool run_state_parse(struct str name, enum run_state *out)
{
    size_t at;

    if (!find_word(run_states, COUNT(run_states), name, &at))
        return false;
    *out = (enum run_state)at;
    return true;
}

bool run_can_resume(enum run_state state)
{
    return state != RUN_DONE;
}

const char *item_state_name(enum item_state state)
{
    return (size_t)state < COUNT(item_states) ? item_states[state] : "unknown";
}

bool item_state_parse(struct str name, enum item_state *out)
{
    size_t at;

    if (!find_word(item_states, COUNT(item_states), name, &at))
        return false;
    *out = (enum item_state)at;
    return true;
}

const char *advisor_of_item_name(enum advisor_of_item by)
{
    return (size_t)by < COUNT(item_advisors) ? item_advisors[by] : "unknown";
}

bool advisor_of_item_parse(struct str name, enum advisor_of_item *out)
{
    size_t at;

    if (!find_word(item_advisors, COUNT(item_advisors), name, &at))
        return false;
    *out = (enum advisor_of_item)at;
    return true;
}

void run_counts_add(struct run_counts *c, const struct run_item *item)
{
    bool mapped = item->state == ITEM_MAPPED;

    c->done++;
    c->mapped += mapped;
    c->refused += item->state == ITEM_REFUSED;
    c->without_image += item->state == ITEM_NO_IMAGE;
    c->failed += item->state == ITEM_FAILED;
    c->need_person += item->state == ITEM_NEEDS_PERSON;
    c->skipped += item->state == ITEM_SKIPPED;
    c->by_local += mapped && item->by == ITEM_BY_LOCAL;
    c->by_marketplace += mapped && item->by == ITEM_BY_MARKETPLACE;
    c->by_seller_category += mapped && item->by == ITEM_BY_SELLER_CATEGORY;
    c->by_rule += mapped && item->by == ITEM_BY_RULE;
}

void run_counts_add_ruled(struct run_counts *c, int64_t products)
{
    c->done += products;
    c->mapped += products;
    c->by_rule += products;
}
