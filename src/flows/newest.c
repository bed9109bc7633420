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
