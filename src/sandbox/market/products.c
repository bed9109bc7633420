#include "sandbox/market/products.h"

#include "base/mem.h"
#include "sandbox/lexicon.h"
#include "sandbox/market/hooks.h"

enum { MAX_PRODUCTS = 1000000 };
#define DAY_MS ((int64_t)24 * 3600 * 1000)

const char *product_status_name(enum product_status status)
{
    static const char *const names[PRODUCT_STATUSES] = {
        [PRODUCT_DRAFT] = "DRAFT",
        [PRODUCT_PENDING] = "PENDING",
        [PRODUCT_FAILED] = "FAILED",
        [PRODUCT_ACTIVATE] = "ACTIVATE",
        [PRODUCT_SELLER_DEACTIVATED] = "SELLER_DEACTIVATED",
        [PRODUCT_PLATFORM_DEACTIVATED] = "PLATFORM_DEACTIVATED",
        [PRODUCT_FREEZE] = "FREEZE",
        [PRODUCT_DELETED] = "DELETED",
        [PRODUCT_SCHEDULED] = "SCHEDULED",
    };

    return names[status];
}

const char *audit_status_name(enum audit_status status)
{
    static const char *const names[] = {
        [AUDIT_NONE] = "NONE",         [AUDIT_AUDITING] = "AUDITING",
        [AUDIT_FAILED] = "FAILED",     [AUDIT_PRE_APPROVED] = "PRE_APPROVED",
        [AUDIT_APPROVED] = "APPROVED",
    };

    return names[status];
}

static void product_free(struct product *p)
{
    json_decref(p->doc);
    json_decref(p->review);
    json_decref(p->answer);
    mem_free(p->key);
    mem_free(p);
}

void products_free(struct market *m)
{
    for (size_t i = 0; i < m->product_count; i++)
        product_free(m->products[i]);
    mem_free(m->products);
    m->products = NULL;
    m->product_count = m->product_cap = 0;
}

struct product *products_find(const struct market *m, const struct sandbox_shop *shop,
                              struct str id)
{
    for (size_t i = 0; i < m->product_count; i++)
        if (m->products[i]->shop == shop && str_is(id, m->products[i]->id))
            return m->products[i];
    return NULL;
}

static bool has_room(struct market *m)
{
    size_t cap = m->product_cap ? m->product_cap * 2 : 64;
    struct product **list;

    if (m->product_count < m->product_cap)
        return true;
    if (cap > MAX_PRODUCTS)
        return false;
    list = mem_realloc(m->products, cap * sizeof(struct product *));
    if (!list)
        return false;
    m->products = list;
    m->product_cap = cap;
    return true;
}

struct product *products_add(struct market *m, const struct sandbox_shop *shop,
                             const struct seller *seller, json_t *doc, int64_t now_ms)
{
    struct product *p = has_room(m) ? mem_zalloc(1, sizeof *p) : NULL;

    if (!p) {
        json_decref(doc);
        return NULL;
    }
    p->shop = shop;
    p->seller = seller;
    p->doc = doc;
    p->created_ms = p->updated_ms = now_ms;
    market_id(m, p->id);
    m->products[m->product_count++] = p;
    return p;
}

/* ---- audits ---- */

void product_set_status(struct market *m, struct product *p, enum product_status status,
                        int64_t now_ms)
{
    bool passes = status == PRODUCT_ACTIVATE || status == PRODUCT_SCHEDULED;
    bool first = passes && !p->passed;
    bool changed = p->status != status;

    p->status = status;
    p->updated_ms = now_ms;
    p->passed |= passes;
    if (!changed)
        return;
    if (status == PRODUCT_ACTIVATE)
        p->live_ms = now_ms;
    hooks_status(m, p,
                 status == PRODUCT_FAILED ? "PRODUCT_AUDIT_FAILURE"
                 : first                  ? "PRODUCT_FIRST_PASS_REVIEW"
                                          : "PRODUCT_STATUS_CHANGED",
                 now_ms);
}

void product_submit(struct market *m, struct product *p, int64_t now_ms)
{
    int wait = m->engine->set.market.audit_ms;

    wait = wait == 0 ? 250 : wait < 0 ? 0 : wait;
    p->audit = AUDIT_AUDITING;
    p->audit_until_ms = now_ms + wait;
    p->waits_for = NULL;
    if (!p->review)
        product_set_status(m, p, PRODUCT_PENDING, now_ms);
    hooks_audit(m, p, now_ms);
    products_settle(m, now_ms);
}

/* The version in audit takes the old one's place, or leaves it there; PRE_APPROVED it
 * waits on. */
static void end_review(struct market *m, struct product *p, enum audit_status outcome,
                       int64_t now_ms)
{
    if (outcome == AUDIT_PRE_APPROVED)
        return;
    if (outcome == AUDIT_APPROVED)
        product_take_review(m, p, now_ms);
    json_decref(p->review);
    p->review = NULL;
}

/* Is the day it is to be sold from still ahead? */
static bool is_too_early(const struct product *p, int64_t now_ms)
{
    const json_t *plan = json_at(p->doc, "scheduled_sale");

    return json_flag(plan, "is_enabled_scheduled_sale", false) &&
           now_ms < json_int(plan, "schedule_sale_time", 0);
}

void product_judged(struct market *m, struct product *p, enum audit_status outcome,
                    int64_t now_ms)
{
    p->audit = outcome;
    p->audit_until_ms = 0;
    p->updated_ms = now_ms;
    if (p->review) {
        end_review(m, p, outcome, now_ms);
    } else if (outcome == AUDIT_APPROVED) {
        product_set_status(
            m, p, is_too_early(p, now_ms) ? PRODUCT_SCHEDULED : PRODUCT_ACTIVATE, now_ms);
    } else if (outcome == AUDIT_FAILED) {
        product_set_status(m, p, PRODUCT_FAILED, now_ms);
    }
    hooks_audit(m, p, now_ms);
}

static bool is_invite_only(const struct market *m, const struct product *p)
{
    struct forest *forest = engine_forest((struct engine *)m->engine);
    bool found = false;

    for (int slot = 0; slot < SLOT_OLD_TOKOPEDIA && !found; slot++) {
        const struct tree *t = forest_tree(forest, (enum forest_slot)slot);
        uint32_t at = tree_find(t, json_str(p->doc, "category_id"));

        found = at != TREE_NONE && list_has(t->nodes[at].row->permissions, "INVITE_ONLY");
    }
    forest_drop(forest);
    return found;
}

/* What an audit finds follows from seed and title. */
static void settle(struct market *m, struct product *p, int64_t now_ms)
{
    const struct sandbox_market *set = &m->engine->set.market;
    struct str title = json_str(product_latest(p), "title");
    double chance = chance_unit(chance_of(m->engine->set.seed ^ 0x617564, title));

    if (chance < set->audit_fails) {
        product_judged(m, p, AUDIT_FAILED, now_ms);
    } else if (chance < set->audit_fails + set->audit_waits) {
        p->waits_for = "KYC_PENDING";
        product_judged(m, p, AUDIT_PRE_APPROVED, now_ms);
    } else if (!p->review && is_invite_only(m, p)) {
        p->waits_for = "RESTRICTED_CATEGORY_PENDING";
        product_judged(m, p, AUDIT_PRE_APPROVED, now_ms);
    } else {
        product_judged(m, p, AUDIT_APPROVED, now_ms);
    }
}

void products_settle(struct market *m, int64_t now_ms)
{
    for (size_t i = 0; i < m->product_count; i++) {
        struct product *p = m->products[i];

        if (p->audit == AUDIT_AUDITING && now_ms >= p->audit_until_ms)
            settle(m, p, now_ms);
        if (p->status == PRODUCT_SCHEDULED && !is_too_early(p, now_ms))
            product_set_status(m, p, PRODUCT_ACTIVATE, now_ms);
    }
}

/* ---- caps ---- */

bool products_over_cap(const struct market *m, const struct sandbox_shop *shop,
                       bool activating, int64_t now_ms)
{
    const struct sandbox_market *set = &m->engine->set.market;
    int64_t created = 0, listed = 0;

    for (size_t i = 0; i < m->product_count; i++) {
        const struct product *p = m->products[i];

        if (p->shop != shop)
            continue;
        listed += p->listed_ms / DAY_MS == now_ms / DAY_MS;
        created += p->listed_ms && p->created_ms / DAY_MS == now_ms / DAY_MS;
    }
    if (set->probation_cap && listed >= set->probation_cap)
        return true;
    return !activating && set->daily_cap && created >= set->daily_cap;
}

/* ---- ids ---- */

/* The attribute, or the value, of the same name in an earlier SKU or in the version
 * before: its id. */
static struct str known_id(const json_t *skus, size_t before, const json_t *attribute,
                           bool value)
{
    for (size_t i = 0; i < before; i++) {
        const json_t *list = json_list(json_array_get(skus, i), "sales_attributes");

        for (size_t k = 0; k < json_array_size(list); k++) {
            const json_t *other = json_array_get(list, k);

            if (!value &&
                str_eq_nocase(json_str(other, "name"), json_str(attribute, "name")))
                return json_str(other, "id");
            if (value && str_eq(json_str(other, "id"), json_str(attribute, "id")) &&
                str_eq_nocase(json_str(other, "value_name"),
                              json_str(attribute, "value_name")))
                return json_str(other, "value_id");
        }
    }
    return (struct str){0};
}

static bool give_id(struct market *m, json_t *object, const char *key, struct str known)
{
    char fresh[MARKET_ID];

    if (str_empty(known)) {
        market_id(m, fresh);
        known = str_of(fresh);
    }
    return json_object_set_new(object, key, value_of(known)) == 0;
}

static bool name_attribute(struct market *m, json_t *attribute, const json_t *skus,
                           size_t at, const json_t *old)
{
    static const char *const keys[] = {"id", "value_id"};

    for (int which = 0; which < 2; which++) {
        struct str known;

        if (!str_empty(json_str(attribute, keys[which])))
            continue;
        known = known_id(skus, at, attribute, which == 1);
        if (str_empty(known))
            known = known_id(old, json_array_size(old), attribute, which == 1);
        if (!give_id(m, attribute, keys[which], known))
            return false;
    }
    return true;
}

bool product_give_ids(struct market *m, json_t *doc, const json_t *before)
{
    json_t *skus = json_object_get(doc, "skus");
    const json_t *old = json_list(before, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++) {
        json_t *sku = json_array_get(skus, i);
        json_t *list = json_object_get(sku, "sales_attributes");

        if (str_empty(json_str(sku, "id")) && !give_id(m, sku, "id", (struct str){0}))
            return false;
        for (size_t k = 0; k < json_array_size(list); k++)
            if (!name_attribute(m, json_array_get(list, k), skus, i, old))
                return false;
    }
    return true;
}

/* ---- another category ---- */

static bool put_category(json_t *doc, struct str category, const char *version)
{
    return json_object_set_new(doc, "category_id", value_of(category)) == 0 &&
           json_object_set_new(doc, "category_version", json_string(version)) == 0;
}

/* A version in audit goes along, unless it is to move the product itself. */
enum aisle_status product_recategorize(struct market *m, struct product *p,
                                       struct str category, const char *version,
                                       int64_t now_ms)
{
    struct str before = json_str(p->doc, "category_id");
    bool follows = p->review && str_eq(json_str(p->review, "category_id"), before);
    json_t *previous = value_of(before);
    bool other = !str_eq(before, category), fine;

    fine = previous && put_category(p->doc, category, version) &&
           (!follows || put_category(p->review, category, version));
    if (fine && other) {
        p->updated_ms = now_ms;
        hooks_category(m, p, json_value_str(previous), now_ms);
    }
    json_decref(previous);
    return fine ? AISLE_OK : AISLE_NOMEM;
}
