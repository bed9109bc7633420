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

    if (!str_empty(t->to) && outcome == AUDIT_APPROVED && !str_is(t->to, "live"))
        return aisle_fail(err, AISLE_INVALID,
                          "an audit ends live, failed or pre-approved");
    for (size_t i = 0; i < m->product_count; i++) {
        struct product *p = m->products[i];

        if (!is_meant(p, t->product) ||
            (p->audit != AUDIT_AUDITING && p->audit != AUDIT_PRE_APPROVED) ||
            p->status == PRODUCT_DELETED)
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

static enum aisle_status recategorize(struct market *m, const struct trigger *t,
                                      int64_t now_ms, size_t *done, struct aisle_err *err)
{
    struct product *p = find(m, t->product);

    if (!p)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no such product");
    if (!is_number_id(t->to))
        return aisle_fail(err, AISLE_INVALID, "it needs a category to go to");
    if (product_recategorize(m, p, t->to, "v2", now_ms))
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
    json_t *skus = p ? json_object_get(p->doc, "skus") : NULL;

    for (size_t i = 0; p && i < json_array_size(skus); i++) {
        json_t *sku = json_array_get(skus, i);

        if (!str_eq(json_str(sku, "id"), t->to))
            continue;
        if (json_object_set_new(sku, "deactivated", json_true()))
            return aisle_nomem(err);
        p->updated_ms = now_ms;
        *done = 1;
        return AISLE_OK;
    }
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no such SKU");
}

static enum aisle_status send_one(struct market *m, const struct trigger *t,
                                  int64_t now_ms, size_t *done, struct aisle_err *err)
{
    const struct product *p = find(m, t->product);
    json_t *fields;

    if (!p)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no such product");
    *done = 1;
    switch (t->type) {
    case 5:
        hooks_status(m, p,
                     p->status == PRODUCT_FAILED ? "PRODUCT_AUDIT_FAILURE"
                                                 : "PRODUCT_STATUS_CHANGED",
                     now_ms);
        return AISLE_OK;
    case 15:
        fields = json_pack("[s]", "others");
        hooks_changed(m, p, fields, now_ms);
        json_decref(fields);
        return AISLE_OK;
    case 16:
        hooks_created(m, p, now_ms);
        return AISLE_OK;
    case 18:
        hooks_category(m, p, str_empty(t->to) ? json_str(p->doc, "category_id") : t->to,
                       now_ms);
        return AISLE_OK;
    case 37:
        hooks_audit(m, p, now_ms);
        return AISLE_OK;
    default:
        return aisle_fail(err, AISLE_INVALID, "webhooks are of type 5, 15, 16, 18 or 37");
    }
}

static const struct {
    const char *what;
    enum aisle_status (*run)(struct market *m, const struct trigger *t, int64_t now_ms,
                             size_t *done, struct aisle_err *err);
} kinds[] = {
    {"audit", end_audits},          {"suspend", suspend},
    {"recategorize", recategorize}, {"deactivate-sku", deactivate_sku},
    {"webhook", send_one},
};

bool market_can_trigger(struct str what)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(what, kinds[i].what))
            return true;
    return false;
}

enum aisle_status market_trigger(struct market *m, const struct trigger *t, size_t *done,
                                 struct aisle_err *err)
{
    int64_t now_ms = clock_now_ms(m->engine->clock);
    enum aisle_status status = AISLE_OK;

    *done = 0;
    pthread_mutex_lock(&m->lock);
    products_settle(m, now_ms);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(t->what, kinds[i].what))
            status = kinds[i].run(m, t, now_ms, done, err);
    pthread_mutex_unlock(&m->lock);
    return status;
}
