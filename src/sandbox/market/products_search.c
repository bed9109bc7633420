/* Search Products (202309, 202312, 202502). The index lags: what was just created is not
 * found for a while. Newest first. */
#include "sandbox/market/products.h"
#include "sandbox/market/schema.h"

enum { MOST_SKUS = 10, MOST_RESULTS = 10000 };

/* What may be searched for; what is SCHEDULED is found among ALL. */
static const char *const statuses[] = {
    "DRAFT",
    "PENDING",
    "FAILED",
    "ACTIVATE",
    "SELLER_DEACTIVATED",
    "PLATFORM_DEACTIVATED",
    "FREEZE",
    "DELETED",
};

struct search {
    const json_t *body;
    struct page page;
    struct str version; /* of the category; empty any */
    int status;         /* below 0: all but the deleted */
};

static int lag_of(const struct market *m)
{
    int lag = m->engine->set.market.index_lag_ms;

    return lag == 0 ? 250 : lag < 0 ? 0 : lag;
}

static bool has_sku(const struct product *p, const json_t *wanted, const char *key)
{
    const json_t *skus = json_list(p->doc, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++)
        if (texts_like(wanted, json_str(json_array_get(skus, i), key)))
            return true;
    return json_array_size(wanted) == 0;
}

static bool is_between(const json_t *body, const char *from, const char *to, int64_t s)
{
    return s >= json_int(body, from, INT64_MIN) && s <= json_int(body, to, INT64_MAX);
}

/* On all the platforms that are named, in that status; without any, in that it shows. */
static bool has_status(const struct search *s, const struct product *p)
{
    unsigned asked = 0;

    if (!platforms_read(json_list(s->body, "listing_platforms"), &asked) ||
        asked & ~product_platforms(p))
        return false;
    if (s->status < 0)
        return p->status != PRODUCT_DELETED;
    for (enum platform one = ON_TIKTOK_SHOP; one <= ON_TOKOPEDIA; one <<= 1)
        if (asked & one && product_status_on(p, one) != (unsigned)s->status)
            return false;
    return asked || product_status_shown(p) == (unsigned)s->status;
}

static bool is_wanted(const struct search *s, const struct product *p)
{
    const json_t *audits = json_list(s->body, "audit_status");
    struct str version = json_str(p->doc, "category_version");

    if (!has_status(s, p))
        return false;
    if (!str_empty(s->version) &&
        !str_eq(s->version, str_empty(version) ? STR_LIT("v1") : version))
        return false;
    if (json_array_size(audits) &&
        !texts_like(audits, str_of(audit_status_name(p->audit))))
        return false;
    return has_sku(p, json_list(s->body, "seller_skus"), "seller_sku") &&
           has_sku(p, json_list(s->body, "sku_ids"), "id") &&
           is_between(s->body, "create_time_ge", "create_time_le",
                      p->created_ms / 1000) &&
           is_between(s->body, "update_time_ge", "update_time_le", p->updated_ms / 1000);
}

static void put_sku(struct json_out *json, const json_t *sku)
{
    const json_t *price = json_at(sku, "price");

    json_open(json);
    put_member(json, sku, "fees");
    put_member(json, sku, "id");
    put_member(json, sku, "inventory");
    put_member(json, sku, "list_price");
    put_member(json, sku, "pre_sale");
    json_key(json, "price");
    json_open(json);
    put_member(json, price, "currency");
    json_add_str(json, "sale_price", json_str(price, "amount"));
    json_add_str(json, "tax_exclusive_price", json_str(price, "amount"));
    json_close(json);
    put_member(json, sku, "seller_sku");
    json_close(json);
}

static void put_product(struct json_out *json, const struct product *p)
{
    const json_t *skus = json_list(p->doc, "skus");

    json_open(json);
    product_put_audit(json, p);
    json_add_int(json, "create_time", p->created_ms / 1000);
    json_add_bool(json, "has_draft", p->status == PRODUCT_DRAFT);
    json_add_str(json, "id", str_of(p->id));
    product_put_platforms(json, p);
    json_add_bool(json, "is_not_for_sale", json_flag(p->doc, "is_not_for_sale", false));
    json_key(json, "sales_regions");
    json_open_list(json);
    json_put_str(json, p->shop->region);
    json_close_list(json);
    put_member(json, p->doc, "scheduled_sale");
    json_key(json, "skus");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(skus); i++)
        put_sku(json, json_array_get(skus, i));
    json_close_list(json);
    json_add_str(json, "status", str_of(product_status_name(product_status_shown(p))));
    json_add_str(json, "title", json_str(p->doc, "title"));
    json_add_int(json, "update_time", p->updated_ms / 1000);
    json_close(json);
}

/* False: refused. */
static bool read_search(struct call *c, const json_t *body, struct search *s)
{
    struct str wrong = schema_check(c, schema_search, body, true);
    struct str status = json_str(body, "status");
    int64_t code = 0;

    *s = (struct search){.body = body, .status = -1};
    if (!str_empty(wrong)) {
        call_refuse_text(c, true, 36009004, wrong);
        return false;
    }
    if (!page_read(c, &s->page))
        return false;
    s->version = json_str(body, "category_version");
    if (str_is(call_segment(c, 0), "202309"))
        s->version = http_arg_str(c->request, "category_version");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (str_is(status, statuses[i]))
            s->status = (int)i;
    if (json_array_size(json_list(body, "seller_skus")) > MOST_SKUS)
        code = 12019027;
    else if (json_array_size(json_list(body, "sku_ids")) > MOST_SKUS)
        code = 12019087;
    else if (json_int(body, "create_time_ge", 0) >
             json_int(body, "create_time_le", INT64_MAX))
        code = 12019118;
    else if (json_int(body, "update_time_ge", 0) >
             json_int(body, "update_time_le", INT64_MAX))
        code = 12019119;
    else if (s->page.from + s->page.size > MOST_RESULTS)
        code = 12052180;
    if (code)
        call_fail(c, code, NULL, 0);
    else if (s->status < 0 && !str_empty(status) && !str_is(status, "ALL"))
        call_refuse_value(c, "status", "unknown value", "ALL, DRAFT, PENDING, …");
    else
        return true;
    return false;
}

static void answer(struct call *c, const struct market *m, const struct search *s)
{
    struct json_out json = call_data(c);
    size_t total = 0;

    json_open(&json);
    json_key(&json, "products");
    json_open_list(&json);
    for (size_t i = m->product_count; i-- > 0;) {
        const struct product *p = m->products[i];

        if (p->shop != c->shop || c->now_ms < p->created_ms + lag_of(m) ||
            !is_wanted(s, p))
            continue;
        if (total >= s->page.from && total - s->page.from < s->page.size)
            put_product(&json, p);
        total++;
    }
    json_close_list(&json);
    page_put_end(&json, &s->page, total);
    json_close(&json);
    call_done(c, "Success");
}

void products_search(struct call *c)
{
    json_t *body = call_body(c);
    struct market *m;
    struct search s;

    if (!body)
        return;
    m = market_enter(c);
    products_settle(m, c->now_ms);
    if (read_search(c, body, &s))
        answer(c, m, &s);
    market_leave(m);
    json_decref(body);
}
