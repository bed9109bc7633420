/* The two versions a product may have: the one on sale, and the one in audit that is to
 * take its place. Price, stock and what is switched off are no matter of an audit: they
 * are the same in both, so that no audit's end takes them back. */
#include "sandbox/market/hooks.h"
#include "sandbox/market/products.h"

static json_t *sku_in(json_t *doc, struct str id)
{
    json_t *skus = json_object_get(doc, "skus");

    for (size_t i = 0; i < json_array_size(skus) && !str_empty(id); i++)
        if (str_eq(json_str(json_array_get(skus, i), "id"), id))
            return json_array_get(skus, i);
    return NULL;
}

const json_t *product_latest(const struct product *p)
{
    return p->review ? p->review : p->doc;
}

json_t *product_known(const struct product *p)
{
    json_t *known, *skus;

    if (!p->review)
        return json_incref(p->doc);
    known = json_copy(p->review);
    skus = json_copy(json_object_get(p->review, "skus"));
    if (known && skus && json_array_extend(skus, json_object_get(p->doc, "skus")) == 0 &&
        json_object_set(known, "skus", skus) == 0) {
        json_decref(skus);
        return known;
    }
    json_decref(skus);
    json_decref(known);
    return NULL;
}

const json_t *product_sku(const struct product *p, struct str id)
{
    const json_t *sku = sku_in(p->doc, id);

    return sku ? sku : sku_in(p->review, id);
}

bool product_set_sku(struct product *p, struct str id, const char *key,
                     const json_t *value)
{
    json_t *skus[] = {sku_in(p->doc, id), sku_in(p->review, id)};

    for (size_t i = 0; i < sizeof skus / sizeof *skus; i++)
        if (value && skus[i] && json_object_set_new(skus[i], key, json_deep_copy(value)))
            return false;
    return true;
}

void product_replace(struct market *m, struct product *p, json_t *next, int64_t now_ms)
{
    json_t *old = p->doc;
    struct str before = json_str(old, "category_id");

    p->doc = next;
    if (!str_eq(before, json_str(next, "category_id")))
        hooks_category(m, p, before, now_ms);
    json_decref(old);
}

void product_take_review(struct market *m, struct product *p, int64_t now_ms)
{
    json_t *review = p->review;

    p->review = NULL;
    if (review)
        product_replace(m, p, review, now_ms);
}

void product_drop_audit(struct product *p)
{
    if (p->audit != AUDIT_AUDITING && p->audit != AUDIT_PRE_APPROVED)
        return;
    p->audit = p->review ? AUDIT_APPROVED : AUDIT_NONE; /* of the version there is */
    p->audit_until_ms = 0;
    p->waits_for = NULL;
    json_decref(p->review);
    p->review = NULL;
}
