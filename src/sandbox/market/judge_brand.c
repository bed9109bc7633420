/* A brand that will not do is cleared, with a warning, as the page's sample shows; one
 * that is known and may not be sold is refused. */
#include "sandbox/market/judge.h"

bool step_brand(struct judge *j)
{
    struct str id = json_str(j->body, "brand_id");
    const struct brand *brand;

    j->drop_brand = false;
    if (str_empty(id))
        return true;
    if (!is_number_id(id))
        return judge_fail(j, 12019013);
    brand = brands_find(j->market, j->call->seller, id);
    if (!brand && j->market->engine->set.switches.brand_refused)
        return judge_fail(j, 12052026);
    if (!brand) {
        judge_warn(j, arena_fmt(j->call->request->arena,
                                "The [brand_id]:%.*s field is incorrect and has been "
                                "automatically cleared by the system. Reason: [Brand "
                                "does not exist]. You can edit it later.",
                                STR_ARG(id)));
        j->drop_brand = true;
        return true;
    }
    if (brand->expired)
        return judge_fail(j, 12052200);
    if (brand->authorized && !brand->available)
        return judge_fail(j, 12052201);
    return !brand->authorized && brand->t1 ? judge_fail(j, 12052208) : true;
}
