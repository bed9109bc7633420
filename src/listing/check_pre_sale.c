/* check_pre_sale.c - what is made or sent later; and the fees and addresses of a SKU
 *
 * Create Product 202309: US MADE_TO_ORDER 3 to 14 business days, CUSTOM 3 to 30,
 * PRE_ORDER a release date 3 to 60 days ahead; elsewhere PRE_ORDER with 3 to 30 days.
 */
#include "listing/judge.h"

enum { DAY_S = 24 * 60 * 60 };

static bool has_word(const char *words, char sep, struct str word)
{
    struct str rest = str_of(words);

    while (rest.n)
        if (str_eq(str_cut(&rest, sep), word))
            return true;
    return false;
}

static bool list_has(struct str list, struct str word)
{
    while (list.n)
        if (str_eq(str_cut(&list, ','), word))
            return true;
    return false;
}

static bool judge_kind(struct judge *j, const struct place *at, struct str type)
{
    if (!type.n) {
        judge_error(j, at, "pre-sale-type", "12019096",
                    SAID(.what = STR_LIT("which kind of pre-sale is missing"),
                         .allowed = str_of(j->limits->pre_sale_types)));
        return false;
    }
    if (!has_word(j->limits->pre_sale_types, ' ', type)) {
        judge_error(j, at, "pre-sale-market", "12019099",
                    SAID(.what = STR_LIT("this market has no such pre-sale"),
                         .found = judge_quote(j, type),
                         .allowed = str_of(j->limits->pre_sale_types)));
        return false;
    }
    if (j->need && j->need->rules_known && !list_has(j->need->special_types, type))
        judge_error(j, at, "pre-sale-category", "12019099",
                    SAID(.what = STR_LIT("this category takes no such pre-sale"),
                         .found = type, .allowed = j->need->special_types));
    return true;
}

static void judge_days(struct judge *j, const struct place *at,
                       const struct listing_int *days, int64_t most, const char *code)
{
    if (!days->said || days->n == 0)
        judge_error(j, at, "pre-sale-days", "12019098",
                    SAID(.what = STR_LIT("how many days it takes is missing"),
                         .allowed = judge_range(j, 3, most)));
    else if (days->n < 3 || days->n > most)
        judge_error(j, at, "pre-sale-days", code,
                    SAID(.what = STR_LIT("it takes too few or too many days"),
                         .found = judge_number(j, days->n),
                         .allowed = judge_range(j, 3, most)));
}

static void judge_release(struct judge *j, const struct place *at,
                          const struct listing_int *date)
{
    if (!date->said || date->n == 0)
        judge_error(j, at, "pre-sale-date", "12019097",
                    SAID(.what = STR_LIT("the date of release is missing")));
    else if (j->now && (date->n < j->now + 3 * DAY_S || date->n > j->now + 60 * DAY_S))
        judge_error(j, at, "pre-sale-date", "12052269",
                    SAID(.what = STR_LIT("the date of release is too near or too far"),
                         .found = judge_number(j, date->n),
                         .allowed = STR_LIT("3 to 60 days from now")));
}

void judge_pre_sale(struct judge *j, const struct place *sku_at,
                    const struct listing_sku *sku)
{
    const struct place *at = FIELD(sku_at, "pre_sale");
    const struct place *how = FIELD(at, "fulfillment_type");
    const struct listing_pre_sale *p = &sku->pre_sale;
    bool us = has_word(j->limits->pre_sale_types, ' ', STR_LIT("CUSTOM"));

    if (!p->said)
        return;
    if (str_is(p->type, "NONE")) {
        if (p->fulfillment_said)
            judge_error(j, how, "pre-sale-none", "12019094",
                        SAID(.what = STR_LIT("no pre-sale, and yet how it is fulfilled"),
                             .fix = STR_LIT("leave fulfillment_type out"),
                             .mend = MEND_DROP));
        return;
    }
    if (!judge_kind(j, FIELD(at, "type"), p->type))
        return;
    if (!p->fulfillment_said ||
        (!p->handling_duration_days.said && !p->release_date.said)) {
        judge_error(j, how, "pre-sale-how", "12019095",
                    SAID(.what = STR_LIT("how the pre-sale is fulfilled is missing")));
        return;
    }
    if (str_is(p->type, "PRE_ORDER") && us)
        judge_release(j, FIELD(how, "release_date"), &p->release_date);
    else if (str_is(p->type, "PRE_ORDER"))
        judge_days(j, FIELD(how, "handling_duration_days"), &p->handling_duration_days,
                   30, "12052712");
    else
        judge_days(j, FIELD(how, "handling_duration_days"), &p->handling_duration_days,
                   str_is(p->type, "CUSTOM") ? 30 : 14, "12052275");
}

/* ---- fees ---- */

enum { PFAND_MAX_MINOR = 630000 };

static void judge_fee(struct judge *j, const struct place *at,
                      const struct listing_fee *fee, const struct listing_sku *sku)
{
    static const char *const kinds = "SINGLE_USE REUSABLE NOT_APPLICABLE";

    if (!str_is(fee->type, "PFAND")) {
        judge_error(j, FIELD(at, "type"), "fee-type", "12052910",
                    SAID(.what = STR_LIT("there is no such fee"),
                         .found = judge_quote(j, fee->type),
                         .allowed = STR_LIT("PFAND")));
        return;
    }
    if (!j->limits->pfand) {
        judge_error(j, at, "pfand-market", "12052497",
                    SAID(.what = STR_LIT("there is no Pfand in this market"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
        return;
    }
    if (sku->combined_count)
        judge_error(j, at, "pfand-combined", "12052543",
                    SAID(.what = STR_LIT("a combined product may have no Pfand")));
    if (!has_word(kinds, ' ', fee->additional_attribute))
        judge_error(j, FIELD(at, "additional_attribute"), "pfand-packaging", "12052495",
                    SAID(.what = STR_LIT("which packaging it is, is missing or unknown"),
                         .found = judge_quote(j, fee->additional_attribute),
                         .allowed = STR_LIT("SINGLE_USE, REUSABLE, NOT_APPLICABLE")));
    else if (str_is(fee->additional_attribute, "NOT_APPLICABLE") && fee->amount.said &&
             fee->amount.minor != 0)
        judge_error(j, FIELD(at, "amount"), "pfand-amount", "12052498",
                    SAID(.what = STR_LIT("without Pfand there is no amount"),
                         .found = judge_quote(j, fee->amount.written)));
    else if (fee->amount.said &&
             (fee->amount.minor < 0 || fee->amount.minor > PFAND_MAX_MINOR))
        judge_error(j, FIELD(at, "amount"), "pfand-range", "98001004",
                    SAID(.what = STR_LIT("Pfand is out of range"),
                         .found = judge_quote(j, fee->amount.written),
                         .allowed = STR_LIT("0 to 6300")));
}

void judge_fees(struct judge *j, const struct place *sku_at,
                const struct listing_sku *sku)
{
    const struct place *at = FIELD(sku_at, "fees");

    for (size_t i = 0; i < sku->fee_count; i++)
        judge_fee(j, ITEM(at, i), &sku->fees[i], sku);
    if (sku->fee_count || !j->to_list || !j->need || !j->limits->pfand)
        return;
    for (size_t i = 0; i < j->need->fee_count; i++)
        if (j->need->fees[i].required)
            judge_error(j, at, "pfand-missing", "12052495",
                        SAID(.what = STR_LIT("the category asks for its fee"),
                             .allowed = j->need->fees[i].type,
                             .fix = STR_LIT("say amount and packaging, or "
                                            "NOT_APPLICABLE")));
}

/* ---- addresses ---- */

static const char *path_fault(struct str path)
{
    if (str_find(path, STR_LIT("/../")) < path.n || str_ends(path, "/.."))
        return "the path of an address climbs up";
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] <= ' ' || path.p[i] == '\\' || path.p[i] == '<' ||
            path.p[i] == '>' || path.p[i] == '"')
            return "the path of an address has unsafe characters";
    return NULL;
}

static void judge_url(struct judge *j, const struct place *at, struct str url)
{
    size_t scheme = str_find(url, STR_LIT("://"));
    struct str rest = str_skip(url, scheme + 3);
    size_t host = 0;
    const char *fault;

    while (host < rest.n && !strchr("/?#", rest.p[host]))
        host++;
    if (url.n > j->limits->url_max)
        judge_error(j, at, "url-long", "12052238",
                    SAID(.what = STR_LIT("an address is too long"),
                         .found = judge_number(j, (int64_t)url.n),
                         .allowed = judge_range(j, 1, j->limits->url_max)));
    if (scheme == url.n || scheme == 0 || host == 0 ||
        str_find_char(str_head(rest, host), ' ') < host) {
        judge_error(j, at, "url-format", "12052235",
                    SAID(.what = STR_LIT("this is no address"),
                         .found = judge_quote(j, url),
                         .allowed = STR_LIT("https://host/path")));
        return;
    }
    if (!str_eq_nocase(str_head(url, scheme), STR_LIT("https")) &&
        !str_eq_nocase(str_head(url, scheme), STR_LIT("http")))
        judge_error(j, at, "url-protocol", "12052236",
                    SAID(.what = STR_LIT("an address is neither https nor http"),
                         .found = judge_quote(j, url), .allowed = STR_LIT("https")));
    fault = path_fault(str_skip(rest, host));
    if (fault)
        judge_error(j, at, "url-path", "12052237",
                    SAID(.what = str_of(fault), .found = judge_quote(j, url)));
}

void judge_urls(struct judge *j, const struct place *sku_at,
                const struct listing_sku *sku)
{
    const struct place *at = FIELD(sku_at, "external_urls");

    for (size_t i = 0; i < sku->external_urls.count; i++)
        judge_url(j, ITEM(at, i), sku->external_urls.rows[i]);
}
