/* check_category.c - whether this shop may list there at all */
#include "listing/judge.h"
#include "taxonomy/taxonomy.h"

void judge_shop(struct judge *j)
{
    if (!j->shop)
        return;
    if (j->shop->inactive)
        judge_error(j, NULL, "shop-inactive", "12052700",
                    SAID(.what = STR_LIT("the shop is not active"),
                         .fix = STR_LIT("activate it in Seller Center")));
    if (j->shop->cross_border && !j->global && !j->edit)
        judge_error(j, NULL, "cross-border", "12052701",
                    SAID(.what = STR_LIT("a cross-border shop cannot create a local "
                                         "product"),
                         .fix = STR_LIT("create a global product and publish it to the "
                                        "market")));
    if (j->to_list && !j->global && j->shop->warehouses_known) {
        bool sales = false, returns = false;

        for (size_t i = 0; i < j->shop->warehouse_count; i++) {
            sales = sales || str_is(j->shop->warehouses[i].type, "SALES_WAREHOUSE");
            returns = returns || str_is(j->shop->warehouses[i].type, "RETURN_WAREHOUSE");
        }
        if (!sales)
            judge_error(j, NULL, "no-warehouse", "12052115",
                        SAID(.what = STR_LIT("the shop has no warehouse to sell from"),
                             .fix = STR_LIT("add one in Seller Center")));
        if (!returns)
            judge_error(j, NULL, "no-return-warehouse", "12052535",
                        SAID(.what = STR_LIT("the shop has no return warehouse"),
                             .fix = STR_LIT("add one in Seller Center")));
    }
}

/* ---- the leaf ---- */

static bool has_category_form(struct judge *j, const struct place *at)
{
    struct str id = j->draft->category_id;

    if (!id.p) {
        if (!j->partial)
            judge_error(j, at, "category-missing", "36009004",
                        SAID(.what = STR_LIT("category is missing"),
                             .fix = STR_LIT("map the product to a leaf")));
        return false;
    }
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] < '0' || id.p[i] > '9')
            id.n = 0;
    if (str_empty(id)) {
        judge_error(j, at, "category-format", "12052002",
                    SAID(.what = STR_LIT("category id is no number"),
                         .found = judge_quote(j, j->draft->category_id)));
        return false;
    }
    if (!is_remote_id(id)) {
        judge_error(j, at, "category-invalid", "12052025",
                    SAID(.what = STR_LIT("category id cannot be one"),
                         .found = judge_quote(j, id)));
        return false;
    }
    return true;
}

static void judge_version(struct judge *j, const struct place *at)
{
    struct str version = j->draft->category_version;

    if (version.p && !str_is(version, "v1") && !str_is(version, "v2")) {
        judge_error(j, at, "category-version", "12052910",
                    SAID(.what = STR_LIT("there is no such version of the tree"),
                         .found = judge_quote(j, version), .allowed = STR_LIT("v1, v2")));
        return;
    }
    /* absent means v1, which these markets no longer take; or, in part, as it was */
    if (j->limits->v2_only && j->draft->category_id.p &&
        !(version.p ? str_is(version, "v2") : j->partial))
        judge_error(j, at, "category-v1", "12052217",
                    SAID(.what = STR_LIT("this market takes categories of the v2 tree "
                                         "only"),
                         .found = version.p ? version : STR_LIT("v1, as none is named"),
                         .allowed = STR_LIT("v2"),
                         .fix = STR_LIT("map to a leaf of the v2 tree and say "
                                        "category_version v2")));
}

static void judge_permission(struct judge *j, const struct place *at)
{
    unsigned p = j->shop->category.permissions;

    if (p & PERMISSION_PROHIBITED)
        judge_error(j, at, "category-prohibited", "12052220",
                    SAID(.what = STR_LIT("this category is prohibited"),
                         .found = j->shop->category.path,
                         .fix = STR_LIT("map the product to another leaf")));
    else if (p & PERMISSION_NON_MAIN_CATEGORY)
        judge_error(j, at, "category-not-main", "12052225",
                    SAID(.what = STR_LIT("this category is outside the shop's main "
                                         "category"),
                         .found = j->shop->category.path,
                         .fix = STR_LIT("ask the account manager, or map to another "
                                        "leaf")));
    else if (p & PERMISSION_INVITE_ONLY)
        judge_warning(j, at, "category-invite-only", "12052223",
                      SAID(.what = STR_LIT("this category is by invitation: the listing "
                                           "stays pending until the shop is let in"),
                           .found = j->shop->category.path,
                           .fix = STR_LIT("apply in Seller Center's Qualification "
                                          "Center, or ask the account manager")));
    else if (!permission_is_open(p))
        judge_error(j, at, "category-closed", "12052227",
                    SAID(.what = STR_LIT("this category is not open to the shop"),
                         .found = j->shop->category.path,
                         .fix = STR_LIT("map the product to another leaf")));
}

void judge_category(struct judge *j)
{
    const struct place *at = FIELD(NULL, "category_id");
    const struct shop_category *c = j->shop ? &j->shop->category : NULL;

    judge_version(j, FIELD(NULL, "category_version"));
    if (!has_category_form(j, at) || !c || !c->known)
        return;
    if (!c->exists) {
        judge_error(j, at, "category-unknown", "12052023",
                    SAID(.what = STR_LIT("there is no such category"),
                         .found = j->draft->category_id,
                         .fix = STR_LIT("sync the tree and map the product again")));
        return;
    }
    if (!str_empty(c->version) && j->draft->category_version.p &&
        !str_eq(c->version, j->draft->category_version))
        judge_error(j, at, "category-other-version", "12052230",
                    SAID(.what = STR_LIT("this category is of the other version of the "
                                         "tree"),
                         .found = c->version, .allowed = j->draft->category_version));
    if (!c->is_leaf)
        judge_error(j, at, "category-no-leaf", "12052024",
                    SAID(.what = STR_LIT("only a leaf takes products"),
                         .found = str_empty(c->path) ? j->draft->category_id : c->path,
                         .fix = STR_LIT("pick one of the leaves below it")));
    else
        judge_permission(j, at);
}
