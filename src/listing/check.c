#include "listing/check.h"

#include "listing/judge.h"

enum listing_mode listing_draft_mode(const struct listing_draft *draft)
{
    return str_is(draft->save_mode, "AS_DRAFT") ? LISTING_MODE_DRAFT
                                                : LISTING_MODE_LISTING;
}

enum aisle_status listing_check(const struct listing_question *q, struct findings *out,
                                struct aisle_err *err)
{
    struct judge j = {
        .draft = q->draft,
        .need = q->requirement,
        .shop = q->shop,
        .limits = q->limits,
        .to_list = q->mode == LISTING_MODE_LISTING,
        .partial = q->call == LISTING_PARTIAL_EDIT,
        .edit = q->call == LISTING_EDIT || q->call == LISTING_PARTIAL_EDIT,
        .global = q->call == LISTING_GLOBAL,
        .tips = !q->no_tips,
        .now = q->now,
        .out = out,
    };

    judge_shop(&j);
    judge_title(&j);
    judge_description(&j);
    judge_category(&j);
    judge_brand(&j);
    judge_main_images(&j);
    judge_sku_list(&j);
    judge_package(&j);
    judge_attributes(&j);
    judge_certificates(&j);
    judge_size_chart(&j);
    judge_manufacturer(&j);
    judge_video(&j);
    judge_delivery(&j);
    judge_platforms(&j);
    judge_rest(&j);
    return findings_check(out, err);
}
