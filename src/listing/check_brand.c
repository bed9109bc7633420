#include "listing/judge.h"

/* Get Brands: a brand may be used when it is authorized and available, or when it is
 * neither ours nor a protected one (T1); then buyers do not see it. */
static void judge_known(struct judge *j, const struct place *at,
                        const struct shop_brand *brand)
{
    if (brand->authorized && !brand->available)
        judge_error(j, at, "brand-not-here", "12052201",
                    SAID(.what = STR_LIT("the shop may not sell this brand in this "
                                         "category"),
                         .found = brand->name,
                         .fix = STR_LIT("apply in Seller Center's Qualification "
                                        "Center")));
    else if (!brand->authorized && brand->t1)
        judge_error(j, at, "brand-authorization", "12052208",
                    SAID(.what = STR_LIT("this brand asks for an authorization"),
                         .found = brand->name,
                         .fix = STR_LIT("apply for it, or leave the brand out"),
                         .mend = MEND_NONE));
    else if (!brand->authorized)
        judge_tip(j, at, "brand-not-shown",
                  SAID(.what = STR_LIT("an unauthorized brand is not shown to buyers"),
                       .found = brand->name));
}

void judge_brand(struct judge *j)
{
    const struct place *at = FIELD(NULL, "brand_id");
    struct str id = j->draft->brand_id;

    if (str_empty(id)) /* without a brand, or cleared */
        return;
    if (!is_remote_id(id)) {
        judge_error(
            j, at, "brand-format", "12019013",
            SAID(.what = STR_LIT("brand id cannot be one"), .found = judge_quote(j, id)));
        return;
    }
    if (!j->shop || !j->shop->brands_known)
        return;
    for (size_t i = 0; i < j->shop->brand_count; i++)
        if (str_eq(j->shop->brands[i].id, id)) {
            judge_known(j, at, &j->shop->brands[i]);
            return;
        }
    /* the marketplace clears it and says so in its warnings */
    judge_warning(
        j, at, "brand-unknown", "12052026",
        SAID(.what = STR_LIT("there is no such brand here; it would be cleared"),
             .found = id, .fix = STR_LIT("name another, or none"), .mend = MEND_DROP));
}
