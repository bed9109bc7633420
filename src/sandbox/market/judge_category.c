/* The leaf: there, in that version, on those platforms, and open to this shop. An
 * INVITE_ONLY one takes products, which then stay pending (Get Product, pre-approved). */
#include "sandbox/market/judge.h"

/* Does the shop sell there at all? */
static bool has_joined(const struct judge *j, const char *platform)
{
    struct str joined = j->call->shop->platforms;

    return str_empty(joined) || list_has(joined, platform);
}

static bool wants(const struct judge *j, const char *platform)
{
    const json_t *list = json_list(j->body, "listing_platforms");

    return texts_like(list, str_of(platform)) > 0 ||
           (json_array_size(list) == 0 && strcmp(platform, "TIKTOK_SHOP") == 0);
}

static bool check_platforms(struct judge *j)
{
    if (wants(j, "TOKOPEDIA") && !str_is(j->call->shop->region, "ID"))
        return judge_fail(j, 12052330);
    if (wants(j, "TOKOPEDIA") && !has_joined(j, "TOKOPEDIA"))
        return judge_fail(j, 12052994);
    if (wants(j, "TIKTOK_SHOP") && !has_joined(j, "TIKTOK_SHOP"))
        return judge_fail(j, 12052995);
    return (wants(j, "TIKTOK_SHOP") && !j->place.on_tiktok) ||
                   (wants(j, "TOKOPEDIA") && !j->place.on_tokopedia)
               ? judge_fail(j, 12052330)
               : true;
}

/* Get Categories 202309: AVAILABLE, INVITE_ONLY, NON_MAIN_CATEGORY, PROHIBITED. */
static bool check_permission(struct judge *j, const struct node *node)
{
    struct str permissions = node->row->permissions;

    if (node->prohibited)
        return judge_fail(j, 12052220);
    if (list_has(permissions, "NON_MAIN_CATEGORY"))
        return judge_fail(j, 12052225);
    if (list_has(permissions, "INVITE_ONLY"))
        judge_warn_code(j, 12052223);
    else if (!str_empty(permissions) && !list_has(permissions, "AVAILABLE"))
        return judge_fail(j, 12052227);
    return true;
}

bool step_category(struct judge *j)
{
    int64_t code = place_find(j->call, json_str(j->body, "category_id"),
                              json_str(j->body, "category_version"), &j->place);

    if (code)
        return judge_fail(j, code);
    return check_permission(j, &j->place.tree->nodes[j->place.at]) &&
           (j->global || check_platforms(j));
}
