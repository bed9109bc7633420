/* Get Product 202309: the product as it is, or its version in audit, with what the
 * marketplace knows of its category, brand and images beside what was sent. */
#include "sandbox/categories.h"
#include "sandbox/market/globals.h"

struct showing {
    struct call *call;
    const struct market *market;
    const struct product *product;
    const json_t *doc;
    struct str locale;
    struct place place; /* tree NULL: its category is gone */
    struct demand demands[DEMANDS_MAX];
    size_t demand_count;
};

static void put_chains(struct json_out *json, const struct showing *s)
{
    uint32_t chain[FOREST_MAX_DEPTH];
    size_t n = s->place.tree ? tree_chain(s->place.tree, s->place.at, chain) : 0;

    json_key(json, "category_chains");
    json_open_list(json);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = &s->place.tree->nodes[chain[i]];

        json_open(json);
        json_add_str(json, "id", node->row->id);
        json_add_bool(json, "is_leaf", node->leaf);
        json_add_str(json, "local_name", tree_name(s->place.tree, node, s->locale));
        json_add_str(json, "parent_id", node->row->parent_id);
        json_close(json);
    }
    json_close_list(json);
}

static void put_brand(struct json_out *json, const struct showing *s)
{
    const struct brand *brand =
        brands_find(s->market, s->product->seller, json_str(s->doc, "brand_id"));

    if (!brand)
        return;
    json_key(json, "brand");
    json_open(json);
    json_add_str(json, "id", str_of(brand->id));
    json_add_str(json, "name", str_of(brand->name));
    json_close(json);
}

static void put_image_members(struct json_out *json, const struct showing *s,
                              struct str uri)
{
    static const char *const keys[] = {"thumb_urls", "urls"};
    struct image_facts facts = {0};
    struct str url = arena_fmt(s->call->request->arena, "%.*s/_cdn/%.*s",
                               STR_ARG(s->market->engine->identity.url), STR_ARG(uri));

    images_facts(s->market->engine->images, uri, &facts);
    json_open(json);
    json_add_int(json, "height", facts.height);
    for (int i = 0; i < 2; i++) {
        json_key(json, keys[i]);
        json_open_list(json);
        json_put_str(json, url);
        json_close_list(json);
    }
    json_add_str(json, "uri", uri);
    json_add_int(json, "width", facts.width);
    json_close(json);
}

static void put_images(struct json_out *json, const struct showing *s, const char *key,
                       const json_t *list)
{
    if (!list)
        return;
    json_key(json, key);
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(list); i++)
        put_image_members(json, s, json_str(json_array_get(list, i), "uri"));
    json_close_list(json);
}

static void put_size_chart(struct json_out *json, const struct showing *s)
{
    const json_t *chart = json_at(s->doc, "size_chart");
    const json_t *image = json_at(chart, "image");

    if (!chart)
        return;
    json_key(json, "size_chart");
    json_open(json);
    if (image) {
        json_key(json, "image");
        put_image_members(json, s, json_str(image, "uri"));
    }
    put_member(json, chart, "template");
    json_close(json);
}

static void put_certifications(struct json_out *json, const struct showing *s)
{
    const json_t *list = json_list(s->doc, "certifications");

    if (!list)
        return;
    json_key(json, "certifications");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        json_open(json);
        put_member(json, one, "expiration_date");
        put_member(json, one, "files");
        put_member(json, one, "id");
        put_images(json, s, "images", json_list(one, "images"));
        json_close(json);
    }
    json_close_list(json);
}

/* ---- attributes, with their names ---- */

static const struct demand *find_demand(const struct showing *s, struct str id)
{
    for (size_t i = 0; i < s->demand_count; i++)
        if (str_eq(s->demands[i].id, id))
            return &s->demands[i];
    return NULL;
}

/* As sent, or as the attribute is called, or its value. */
static struct str attribute_name(const struct showing *s, struct str id, struct str sent)
{
    const struct demand *d = find_demand(s, id);

    return d ? name_in(json_at(d->attribute, "name"), s->locale) : sent;
}

static struct str value_name(const struct showing *s, struct str attribute,
                             struct str value, struct str sent)
{
    const struct demand *d = find_demand(s, attribute);
    const json_t *values = d ? json_list(d->attribute, "values") : NULL;

    for (size_t i = 0; i < json_array_size(values); i++)
        if (str_eq(json_str(json_array_get(values, i), "id"), value))
            return name_in(json_at(json_array_get(values, i), "name"), s->locale);
    return sent;
}

static void put_attributes(struct json_out *json, const struct showing *s)
{
    const json_t *list = json_list(s->doc, "product_attributes");

    json_key(json, "product_attributes");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i), *values = json_list(one, "values");
        struct str id = json_str(one, "id");

        json_open(json);
        json_add_str(json, "id", id);
        json_add_str(json, "name", attribute_name(s, id, (struct str){0}));
        json_key(json, "values");
        json_open_list(json);
        for (size_t k = 0; k < json_array_size(values); k++) {
            const json_t *value = json_array_get(values, k);

            json_open(json);
            put_member(json, value, "id");
            json_add_str(
                json, "name",
                value_name(s, id, json_str(value, "id"), json_str(value, "name")));
            json_close(json);
        }
        json_close_list(json);
        json_close(json);
    }
    json_close_list(json);
}

static void put_sales_attributes(struct json_out *json, const struct showing *s,
                                 const json_t *list)
{
    json_key(json, "sales_attributes");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i), *image = json_at(one, "sku_img");
        struct str id = json_str(one, "id"), value = json_str(one, "value_id");

        json_open(json);
        json_add_str(json, "id", id);
        json_add_str(json, "name", attribute_name(s, id, json_str(one, "name")));
        if (image) {
            json_key(json, "sku_img");
            put_image_members(json, s, json_str(image, "uri"));
        }
        put_images(json, s, "supplementary_sku_images",
                   json_list(one, "supplementary_sku_images"));
        json_add_str(json, "value_id", value);
        json_add_str(json, "value_name",
                     value_name(s, id, value, json_str(one, "value_name")));
        json_close(json);
    }
    json_close_list(json);
}

/* ---- SKUs ---- */

static void put_price(struct json_out *json, const json_t *price)
{
    json_key(json, "price");
    json_open(json);
    put_member(json, price, "currency");
    json_add_str(json, "sale_price", json_str(price, "amount"));
    json_add_str(json, "tax_exclusive_price", json_str(price, "amount"));
    json_close(json);
}

static void put_sku(struct json_out *json, const struct showing *s, const json_t *sku)
{
    static const char *const as_sent[] = {
        "combined_skus",
        "external_list_prices",
        "external_sku_id",
        "external_urls",
        "extra_identifier_codes",
        "fees",
        "id",
        "identifier_code",
        "inventory",
        "list_price",
        "pre_sale",
        "seller_sku",
        "sku_unit_count",
    };

    json_open(json);
    for (size_t i = 0; i < sizeof as_sent / sizeof *as_sent; i++)
        put_member(json, sku, as_sent[i]);
    put_price(json, json_at(sku, "price"));
    put_sales_attributes(json, s, json_list(sku, "sales_attributes"));
    json_key(json, "status_info");
    json_open(json);
    json_add_str(json, "status",
                 json_flag(sku, "deactivated", false) ? STR_LIT("DEACTIVATED")
                                                      : STR_LIT("NORMAL"));
    json_close(json);
    json_close(json);
}

static void put_skus(struct json_out *json, const struct showing *s)
{
    const json_t *skus = json_list(s->doc, "skus");

    json_key(json, "skus");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(skus); i++)
        put_sku(json, s, json_array_get(skus, i));
    json_close_list(json);
}

/* ---- how it stands ---- */

void product_put_audit(struct json_out *json, const struct product *p)
{
    json_key(json, "audit");
    json_open(json);
    json_key(json, "pre_approved_reasons");
    json_open_list(json);
    if (p->audit == AUDIT_PRE_APPROVED && p->waits_for)
        json_put_str(json, str_of(p->waits_for));
    json_close_list(json);
    json_add_str(json, "status", str_of(audit_status_name(p->audit)));
    json_close(json);
}

static void put_failure(struct json_out *json, const struct product *p)
{
    if (p->audit != AUDIT_FAILED)
        return;
    json_key(json, "audit_failed_reasons");
    json_open_list(json);
    json_open(json);
    json_add_str(json, "listing_platform", STR_LIT("TIKTOK_SHOP"));
    json_add_str(json, "position", STR_LIT("Product"));
    json_key(json, "reasons");
    json_open_list(json);
    json_put_str(json, STR_LIT("The product was not approved in the review."));
    json_close_list(json);
    json_key(json, "suggestions");
    json_open_list(json);
    json_put_str(json, STR_LIT("Correct the product information and submit it again."));
    json_close_list(json);
    json_close(json);
    json_close_list(json);
}

static void put_state(struct json_out *json, const struct product *p)
{
    enum product_status status = product_status_shown(p);
    bool initial = status == PRODUCT_PENDING || status == PRODUCT_FAILED;

    product_put_audit(json, p);
    put_failure(json, p);
    json_add_int(json, "create_time", p->created_ms / 1000);
    json_add_bool(json, "has_draft", p->status == PRODUCT_DRAFT);
    json_add_str(json, "id", str_of(p->id));
    product_put_platforms(json, p);
    json_add_bool(json, "is_replicated", false);
    json_add_str(json, "product_status",
                 str_of(initial ? "INITIAL" : product_status_name(status)));
    json_key(json, "product_types");
    json_open_list(json);
    if (!str_empty(json_str(p->doc, "primary_combined_product_id")))
        json_put_str(json, STR_LIT("COMBINED_PRODUCT"));
    json_close_list(json);
    json_add_str(json, "status", str_of(product_status_name(status)));
    json_add_int(json, "update_time", p->updated_ms / 1000);
}

static void put_product(struct json_out *json, const struct showing *s)
{
    static const char *const as_sent[] = {
        "description",
        "external_product_id",
        "is_cod_allowed",
        "is_not_for_sale",
        "is_pre_owned",
        "key_product_features",
        "manufacturer_ids",
        "minimum_order_quantity",
        "package_dimensions",
        "package_weight",
        "primary_combined_product_id",
        "responsible_person_ids",
        "scheduled_sale",
        "search_terms",
        "shipping_insurance_requirement",
        "shipping_template_id",
        "title",
        "video",
    };

    json_open(json);
    put_state(json, s->product);
    globals_put_association(json, s->market, s->product);
    put_brand(json, s);
    put_chains(json, s);
    put_certifications(json, s);
    put_images(json, s, "main_images", json_list(s->doc, "main_images"));
    put_attributes(json, s);
    put_size_chart(json, s);
    put_skus(json, s);
    for (size_t i = 0; i < sizeof as_sent / sizeof *as_sent; i++)
        put_member(json, s->doc, as_sent[i]);
    json_close(json);
}

static void answer(struct showing *s)
{
    struct call *c = s->call;
    struct json_out json;

    place_find(c, json_str(s->doc, "category_id"), json_str(s->doc, "category_version"),
               &s->place);
    if (s->place.tree)
        s->demand_count =
            demands_of(s->market->demands, s->place.tree, s->place.at, s->demands);
    c->note.title = call_keep(c, json_str(s->doc, "title"));
    json = call_data(c);
    put_product(&json, s);
    call_done(c, "Success");
}

static bool asks(const struct call *c, const char *name)
{
    return str_is(http_arg_str(c->request, name), "true");
}

void products_get(struct call *c)
{
    struct market *m = market_enter(c);
    struct showing s = {.call = c, .market = m};
    bool review = asks(c, "return_under_review_version");
    bool draft = asks(c, "return_draft_version");

    products_settle(m, c->now_ms);
    s.product = products_find(m, c->shop, call_segment(c, 1));
    if (!categories_locale(c, http_arg_str(c->request, "locale"), &s.locale)) {
        call_refuse_value(c, "locale", "unknown value", "a locale such as en-US");
    } else if (review && draft) {
        call_refuse_value(c, "return_draft_version", "both versions are asked for",
                          "one of them");
    } else if (!s.product || s.product->status == PRODUCT_FREEZE ||
               s.product->status == PRODUCT_DELETED) {
        call_fail(c, 12019150, NULL, 0);
    } else if ((review && !s.product->review && s.product->audit != AUDIT_AUDITING) ||
               (draft && s.product->status != PRODUCT_DRAFT)) {
        call_fail(c, 12052547, NULL, 0);
    } else {
        s.doc = review ? product_latest(s.product) : s.product->doc;
        answer(&s);
    }
    market_leave(m);
}
