/* check_delivery.c - how it is sent and paid, and on which platforms it is sold */
#include "listing/judge.h"
#include "listing/measure.h"

static void judge_fit(struct judge *j, const struct place *at,
                      const struct shop_delivery_option *option)
{
    const struct listing_weight *w = &j->draft->weight;
    unsigned unit = listing_unit_parse(w->unit);
    struct measure m;

    if (option->max_weight_g && unit && measure_parse(w->value.text, &m) &&
        measure_grams(&m, unit) > option->max_weight_g)
        judge_error(j, at, "delivery-weight", "12019011",
                    SAID(.what = STR_LIT("the package is too heavy for this delivery"),
                         .found = findings_fmt(j->out, "%lld g",
                                               (long long)measure_grams(&m, unit)),
                         .allowed = findings_fmt(j->out, "%lld g",
                                                 (long long)option->max_weight_g)));
}

static void judge_option(struct judge *j, const struct place *at, struct str id)
{
    for (size_t i = 0; i < j->shop->delivery_option_count; i++)
        if (str_eq(j->shop->delivery_options[i].id, id)) {
            judge_fit(j, at, &j->shop->delivery_options[i]);
            return;
        }
    judge_error(j, at, "delivery-unknown", "12052910",
                SAID(.what = STR_LIT("the shop has no such delivery option"),
                     .found = judge_quote(j, id)));
}

static void judge_cod(struct judge *j)
{
    const struct place *at = FIELD(NULL, "is_cod_allowed");
    struct said said = {.fix = STR_LIT("say false"), .mend = MEND_COD_OFF};
    bool market =
        j->shop && j->shop->cross_border ? j->limits->cod_cross_border : j->limits->cod;

    if (j->draft->is_cod_allowed != LISTING_YES)
        return;
    if (!market) {
        said.what = STR_LIT("there is no cash on delivery in this market");
        judge_error(j, at, "cod-market", "12052222", said);
    } else if (j->need && j->need->rules_known && !j->need->cod_supported) {
        said.what = STR_LIT("this category takes no cash on delivery");
        judge_error(j, at, "cod-category", "12052222", said);
    }
}

void judge_delivery(struct judge *j)
{
    const struct place *at = FIELD(NULL, "delivery_option_ids");
    const struct listing_strs *ids = &j->draft->delivery_option_ids;

    if (ids->count && !j->limits->delivery_options)
        judge_warning(j, at, "delivery-market", "",
                      SAID(.what = STR_LIT("this market takes no delivery options"),
                           .fix = STR_LIT("leave them out"), .mend = MEND_DROP));
    else if (j->shop && j->shop->delivery_options_known)
        for (size_t i = 0; i < ids->count; i++)
            judge_option(j, ITEM(at, i), ids->rows[i]);
    judge_cod(j);
}

/* ---- platforms ---- */

static void judge_joined(struct judge *j, const struct place *at, struct str name)
{
    if (j->shop && j->shop->platform_count &&
        !strs_have(j->shop->platforms, j->shop->platform_count, name))
        judge_error(j, at, "platform-not-joined",
                    str_is(name, "TOKOPEDIA") ? "12052994" : "12052995",
                    SAID(.what = STR_LIT("the shop does not sell on this platform"),
                         .found = name, .fix = STR_LIT("join it in Seller Center")));
}

static void judge_platform(struct judge *j, const struct place *at, struct str name)
{
    bool tokopedia = str_is(name, "TOKOPEDIA");

    if (!tokopedia && !str_is(name, "TIKTOK_SHOP")) {
        judge_error(j, at, "platform-unknown", "12052910",
                    SAID(.what = STR_LIT("there is no such platform"),
                         .found = judge_quote(j, name),
                         .allowed = STR_LIT("TIKTOK_SHOP, TOKOPEDIA")));
        return;
    }
    if (tokopedia && !j->limits->tokopedia) {
        judge_error(j, at, "platform-market", "12052330",
                    SAID(.what = STR_LIT("there is no Tokopedia in this market"),
                         .allowed = STR_LIT("TIKTOK_SHOP")));
        return;
    }
    judge_joined(j, at, name);
}

static void judge_insurance(struct judge *j, bool tokopedia)
{
    const struct place *at = FIELD(NULL, "shipping_insurance_requirement");
    struct str word = j->draft->shipping_insurance_requirement;

    if (!word.p)
        return;
    if (!str_is(word, "REQUIRED") && !str_is(word, "OPTIONAL") &&
        !str_is(word, "NOT_SUPPORTED"))
        judge_error(j, at, "insurance-unknown", "12052910",
                    SAID(.what = STR_LIT("there is no such requirement"),
                         .found = judge_quote(j, word),
                         .allowed = STR_LIT("REQUIRED, OPTIONAL, NOT_SUPPORTED")));
    else if (!tokopedia)
        judge_warning(j, at, "insurance-platform", "",
                      SAID(.what = STR_LIT("only Tokopedia insures shipping"),
                           .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
}

void judge_platforms(struct judge *j)
{
    const struct place *at = FIELD(NULL, "listing_platforms");
    const struct listing_strs *platforms = &j->draft->listing_platforms;
    bool tokopedia = false, alone = platforms->count == 1;

    for (size_t i = 0; i < platforms->count; i++) {
        judge_platform(j, ITEM(at, i), platforms->rows[i]);
        tokopedia = tokopedia || str_is(platforms->rows[i], "TOKOPEDIA");
    }
    if (!platforms->count && !j->edit && !j->global) /* which means that one */
        judge_joined(j, at, STR_LIT("TIKTOK_SHOP"));
    judge_insurance(j, tokopedia);
    if (j->draft->is_pre_owned == LISTING_YES && !(tokopedia && alone) &&
        !(j->partial && !platforms->rows))
        judge_error(j, FIELD(NULL, "is_pre_owned"), "pre-owned-platform", "12052316",
                    SAID(.what = STR_LIT("what was owned before is sold on Tokopedia "
                                         "alone"),
                         .allowed = STR_LIT("listing_platforms: TOKOPEDIA")));
}
