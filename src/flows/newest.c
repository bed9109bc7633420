#include "flows/newest.h"

enum aisle_status newest_decision(const struct app *app, struct str seller_id,
                                  struct str target_id, enum decision_scope scope,
                                  struct str key, struct arena *arena,
                                  struct decision *out, bool *found,
                                  struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status = app->store->ops->decisions->get(
        app->store, seller_id, target_id, scope, key, arena, out, &why);

    *found = status == AISLE_OK;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &why);
    return status;
}

enum aisle_status flow_mapping_of(const struct app *app, const struct product *product,
                                  struct str target_id, struct arena *arena,
                                  struct decision *out, struct aisle_err *err)
{
    struct decision own, category;
    bool has_own, has_category = false;
    enum aisle_status status =
        newest_decision(app, product->seller_id, target_id, SCOPE_PRODUCT, product->id,
                        arena, &own, &has_own, err);

    if (status == AISLE_OK && !str_empty(product->seller_category_id))
        status = newest_decision(app, product->seller_id, target_id,
                                 SCOPE_SELLER_CATEGORY, product->seller_category_id,
                                 arena, &category, &has_category, err);
    if (status != AISLE_OK)
        return status;

    has_own = has_own && own.state != DECISION_CLEARED;
    has_category = has_category && category.state != DECISION_CLEARED;
    if (has_own && (decision_is_settled(own.state) ||
                    !(has_category && decision_is_settled(category.state)) ||
                    decision_refuses(&own, &category)))
        *out = own;
    else if (has_category)
        *out = category;
    else
        return aisle_fail(err, AISLE_NOT_FOUND, "product %.*s is not mapped",
                          STR_ARG(product->id));
    return AISLE_OK;
}
