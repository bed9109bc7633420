/* The leaf: there, in that version, on those platforms, and open to this shop. An
 * INVITE_ONLY one takes products, which then stay pending (Get Product, pre-approved). */
#include "sandbox/market/judge.h"

static bool may_list(struct judge *j, const char *platform, bool there)
{
    const json_t *list = json_list(j->body, "listing_platforms");
    bool wanted = texts_like(list, str_of(platform)) > 0 ||
                  (json_array_size(list) == 0 && strcmp(platform, "TIKTOK_SHOP") == 0);

    return !wanted || there;
}

bool step_category(struct judge *j)
{
    const json_t *platforms = json_list(j->body, "listing_platforms");
    const struct node *node;
    int64_t code = place_find(j->call, json_str(j->body, "category_id"),
                              json_str(j->body, "category_version"), &j->place);

    if (code)
        return judge_fail(j, code);
    node = &j->place.tree->nodes[j->place.at];
    if (node->prohibited)
        return judge_fail(j, 12052220);
    if (list_has(node->row->permissions, "NON_MAIN_CATEGORY"))
        return judge_fail(j, 12052225);
    if (texts_like(platforms, STR_LIT("TOKOPEDIA")) &&
        !str_is(j->call->shop->region, "ID"))
        return judge_fail(j, 12052994);
    if (!j->global && (!may_list(j, "TIKTOK_SHOP", j->place.on_tiktok) ||
                       !may_list(j, "TOKOPEDIA", j->place.on_tokopedia)))
        return judge_fail(j, 12052330);
    return true;
}
