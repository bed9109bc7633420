/* What happens to products without their seller's doing: an audit ends, the platform
 * moves or suspends one, a webhook is sent for no reason at all. */
#include "sandbox/market/hooks.h"

static struct product *find(struct market *m, struct str id)
{
    for (size_t i = 0; i < m->product_count; i++)
        if (str_is(id, m->products[i]->id))
            return m->products[i];
    return NULL;
}

/* Those meant: the one named, else all that may be. */
static bool is_meant(const struct product *p, struct str id)
{
    return str_empty(id) || str_is(id, p->id);
}

/* ---- the kinds ---- */

static enum aisle_status end_audits(struct market *m, const struct trigger *t,
                                    int64_t now_ms, size_t *done, struct aisle_err *err)
{
    enum audit_status outcome = str_is(t->to, "failed")         ? AUDIT_FAILED
                                : str_is(t->to, "pre-approved") ? AUDIT_PRE_APPROVED
                                                                : AUDIT_APPROVED;

    (void)err;
    for (size_t i = 0; i < m->product_count; i++) {
        struct product *p = m->products[i];

        if (!is_meant(p, t->product) ||
            (p->audit != AUDIT_AUDITING && p->audit != AUDIT_PRE_APPROVED))
            continue;
        p->waits_for = outcome == AUDIT_PRE_APPROVED ? "KYC_PENDING" : NULL;
        product_judged(m, p, outcome, now_ms);
        ++*done;
    }
    return AISLE_OK;
}

static enum aisle_status suspend(struct market *m, const struct trigger *t,
                                 int64_t now_ms, size_t *done, struct aisle_err *err)
{
    enum product_status status =
        str_is(t->to, "freeze") ? PRODUCT_FREEZE : PRODUCT_PLATFORM_DEACTIVATED;

    (void)err;
    for (size_t i = 0; i < m->product_count; i++) {
        struct product *p = m->products[i];

        if (!is_meant(p, t->product) || p->status != PRODUCT_ACTIVATE)
            continue;
        product_set_status(m, p, status, now_ms);
        ++*done;
    }
    return AISLE_OK;
}

/* A leaf of the v2 tree on either platform: there the platform puts what it moves. */
static enum aisle_status check_leaf(const struct trigger *t, struct aisle_err *err)
{
    static const enum forest_slot slots[] = {SLOT_V2_TIKTOK, SLOT_V2_TOKOPEDIA};
    bool found = false;

    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        const struct tree *tree = forest_tree(t->forest, slots[i]);
        uint32_t at = tree_find(tree, t->to);

        if (at != TREE_NONE && tree->nodes[at].leaf)
            return AISLE_OK;
        found |= at != TREE_NONE;
    }
    return found ? aisle_fail(err, AISLE_INVALID, "category %.*s is no leaf",
                              STR_ARG(t->to))
                 : aisle_fail(err, AISLE_NOT_FOUND, "the v2 tree has no category %.*s",
                              STR_ARG(str_head(t->to, 32)));
}

static enum aisle_status recategorize(struct market *m, const struct trigger *t,
                                      int64_t now_ms, size_t *done, struct aisle_err *err)
{
    enum aisle_status status = check_leaf(t, err);

    if (status)
        return status;
    if (product_recategorize(m, find(m, t->product), t->to, "v2", now_ms))
        return aisle_nomem(err);
    *done = 1;
    return AISLE_OK;
}

/* One SKU of a product, by its id. */
static enum aisle_status deactivate_sku(struct market *m, const struct trigger *t,
                                        int64_t now_ms, size_t *done,
                                        struct aisle_err *err)
{
    struct product *p = find(m, t->product);

    if (!product_sku(p, t->to))
        return aisle_fail(err, AISLE_NOT_FOUND, "the product has no SKU %.*s",
                          STR_ARG(str_head(t->to, 32)));
    if (!product_set_sku(p, t->to, "deactivated", json_true()))
        return aisle_nomem(err);
    p->updated_ms = now_ms;
    *done = 1;
    return AISLE_OK;
}

static void send_status(struct market *m, const struct product *p, int64_t now_ms)
{
    hooks_status(m, p,
                 p->status == PRODUCT_FAILED ? "PRODUCT_AUDIT_FAILURE"
                                             : "PRODUCT_STATUS_CHANGED",
                 now_ms);
}

static void send_change(struct market *m, const struct product *p, int64_t now_ms)
{
    json_t *fields = json_pack("[s]", "others");

    hooks_changed(m, p, fields, now_ms);
    json_decref(fields);
}

/* As if it had just come from where it is. */
static void send_category(struct market *m, const struct product *p, int64_t now_ms)
{
    hooks_category(m, p, json_str(p->doc, "category_id"), now_ms);
}

static enum aisle_status send_one(struct market *m, const struct trigger *t,
                                  int64_t now_ms, size_t *done, struct aisle_err *err)
{
    static const struct {
        int64_t type;
        void (*send)(struct market *m, const struct product *p, int64_t now_ms);
    } types[] = {{5, send_status},
                 {15, send_change},
                 {16, hooks_created},
                 {18, send_category},
                 {37, hooks_audit}};
    const struct product *p = find(m, t->product);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (t->type != types[i].type)
            continue;
        if (!hooks_have_address(m, p->shop, (int)t->type))
            return aisle_fail(err, AISLE_NOT_FOUND,
                              "nobody is told of type %d: the shop has not subscribed to "
                              "it at an address on this machine, and the sandbox was "
                              "started without one for all",
                              (int)t->type);
        types[i].send(m, p, now_ms);
        *done = 1;
        return AISLE_OK;
    }
    return aisle_fail(err, AISLE_INVALID, "webhooks are of type 5, 15, 16, 18 or 37");
}

static const struct kind {
    const char *what;
    bool one, typed;   /* it is done to one product, which is named; it has a type */
    const char *to[3]; /* the words it may go to; none: an id where `id` is, or nowhere */
    bool id;
    const char *says; /* the same for a person */
    enum aisle_status (*run)(struct market *m, const struct trigger *t, int64_t now_ms,
                             size_t *done, struct aisle_err *err);
} kinds[] = {
    {.what = "audit",
     .to = {"live", "failed", "pre-approved"},
     .says = "live, failed or pre-approved",
     .run = end_audits},
    {.what = "suspend",
     .to = {"freeze"},
     .says = "freeze, or nothing for PLATFORM_DEACTIVATED",
     .run = suspend},
    {.what = "recategorize",
     .one = true,
     .id = true,
     .says = "a leaf's id",
     .run = recategorize},
    {.what = "deactivate-sku",
     .one = true,
     .id = true,
     .says = "the id of one of its SKUs",
     .run = deactivate_sku},
    {.what = "webhook", .one = true, .typed = true, .says = "nothing", .run = send_one},
};

static const struct kind *find_kind(struct str what)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(what, kinds[i].what))
            return &kinds[i];
    return NULL;
}

bool market_can_trigger(struct str what)
{
    return find_kind(what);
}

static bool goes_to(const struct kind *k, struct str to)
{
    if (k->id)
        return is_number_id(to);
    for (size_t i = 0; i < sizeof k->to / sizeof *k->to; i++)
        if (k->to[i] && str_is(to, k->to[i]))
            return true;
    return str_empty(to);
}

static enum aisle_status check(struct market *m, const struct kind *k,
                               const struct trigger *t, struct aisle_err *err)
{
    if (!goes_to(k, t->to))
        return aisle_fail(err, AISLE_INVALID, "%s goes to %s; not to '%.*s'", k->what,
                          k->says, STR_ARG(str_head(t->to, 32)));
    if (t->type && !k->typed)
        return aisle_fail(err, AISLE_INVALID, "only a webhook has a type");
    if (k->one && str_empty(t->product))
        return aisle_fail(err, AISLE_INVALID, "%s needs a product", k->what);
    return str_empty(t->product) || find(m, t->product)
               ? AISLE_OK
               : aisle_fail(err, AISLE_NOT_FOUND, "there is no product %.*s",
                            STR_ARG(str_head(t->product, 32)));
}

enum aisle_status market_trigger(struct market *m, const struct trigger *t, size_t *done,
                                 struct aisle_err *err)
{
    const struct kind *k = find_kind(t->what);
    int64_t now_ms = clock_now_ms(m->engine->clock);
    enum aisle_status status;

    *done = 0;
    if (!k)
        return aisle_fail(err, AISLE_NOT_FOUND, "nothing of that name can be triggered");
    pthread_mutex_lock(&m->lock);
    products_settle(m, now_ms);
    status = check(m, k, t, err);
    if (status == AISLE_OK)
        status = k->run(m, t, now_ms, done, err);
    pthread_mutex_unlock(&m->lock);
    return status;
}
