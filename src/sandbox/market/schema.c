#include "sandbox/market/schema.h"

#include "sandbox/market/judge.h"

#define IMAGES "[uri s]"
#define PRICE "{amount s currency s sale_price s}"
#define MONEY "{amount s currency s}"
#define FEES "[type s amount s additional_attribute s]"
#define SIZE "{length s width s height s unit s}"
#define ATTRIBUTES "[id s values [id s name s]]"
#define SALES                                                                            \
    "[id s name s value_id s value_name s sku_img {uri s} "                              \
    "supplementary_sku_images " IMAGES "]"
#define STOCK "[warehouse_id s quantity i backorder_quantity i handling_time i]"
#define PAPERS "[id s images " IMAGES " files [id s name s format s] expiration_date i]"

const char schema_product[] =
    "title! s description! s category_id! s main_images! " IMAGES " skus! ["
    "id s seller_sku s price " PRICE " inventory " STOCK " sales_attributes " SALES
    " identifier_code {code s type s} extra_identifier_codes t external_sku_id s "
    "external_urls t combined_skus [product_id s sku_id s sku_count i] list_price " MONEY
    " external_list_prices [amount s currency s source s] sku_unit_count s pre_sale "
    "{type s fulfillment_type {handling_duration_days i release_date i}} fees " FEES
    "] package_weight! {value! s unit! s} save_mode s category_version s brand_id s "
    "product_attributes " ATTRIBUTES " certifications " PAPERS " package_dimensions " SIZE
    " is_cod_allowed b size_chart {image {uri s} template {id s}} video {id s} "
    "delivery_option_ids t delivery_options_ids t external_product_id s "
    "primary_combined_product_id s is_not_for_sale b manufacturer_ids t "
    "responsible_person_ids t manufacturer {name s address s phone_number s email s} "
    "listing_platforms t shipping_insurance_requirement s is_pre_owned b "
    "minimum_order_quantity i idempotency_key s locale s auto_translate_enabled b "
    "key_product_features t search_terms t scheduled_sale {is_enabled_scheduled_sale b "
    "schedule_sale_time i} shipping_template_id s inventory_mode s "
    "option {need_trigger_gne_async_check b gne_async_check_session_id s}";

const char schema_global_product[] =
    "title! s description! s category_id! s main_images! " IMAGES " skus! ["
    "id s seller_sku s price " MONEY " inventory [global_warehouse_id s quantity i] "
    "global_quantity i sales_attributes " SALES " identifier_code {code s type s} "
    "extra_identifier_codes t external_global_sku_id s sku_unit_count s] "
    "package_weight! {value! s unit! s} category_version s brand_id s "
    "product_attributes " ATTRIBUTES " certifications " PAPERS " package_dimensions " SIZE
    " size_chart {image {uri s} template {id s}} video {id s} source_locale s "
    "external_global_product_id s manufacturer {name s address s phone_number s email s} "
    "manufacturer_ids t responsible_person_ids t";

const char schema_search[] =
    "status s seller_skus t sku_ids t create_time_ge i create_time_le i update_time_ge i "
    "update_time_le i category_version s listing_platforms t listing_quality_tiers t "
    "listing_quality_tier s audit_status t return_draft_version b sns_filter s";
const char schema_batch[] = "product_ids! t listing_platforms t";
const char schema_global_batch[] = "global_product_ids! t";
const char schema_prices[] = "skus! [id s price " PRICE " list_price " MONEY
                             " external_list_prices [amount s currency s source s]]";
const char schema_inventory[] = "skus! [id s inventory " STOCK "]";
const char schema_inventory_search[] = "product_ids t sku_ids t";
const char schema_publish[] =
    "publish_target! [region s skus [related_global_sku_id s price " PRICE
    " inventory {quantity i warehouse_id s} fees " FEES
    "] manufacturer_ids t responsible_person_ids t]";
const char schema_webhook[] = "event_type! s address! s";
const char schema_webhook_gone[] = "event_type! s";
const char schema_brand[] = "name! s";
const char schema_size_charts[] = "ids t keyword s";

/* ---- reading a schema along a body ---- */

struct checking {
    struct call *call;
    bool required;
    struct buf path; /* "body.skus.price" */
    struct str wrong;
};

static void skip_blanks(const char **at)
{
    while (**at == ' ')
        ++*at;
}

/* From its opening bracket to behind the closing one. */
static void skip_members(const char **at)
{
    int open = 0;

    do {
        open += **at == '{' || **at == '[';
        open -= **at == '}' || **at == ']';
        ++*at;
    } while (open);
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "map";
    case JSON_ARRAY:
        return "slice";
    case JSON_STRING:
        return "string";
    case JSON_INTEGER:
        return "int64";
    case JSON_REAL:
        return "float64";
    case JSON_TRUE:
    case JSON_FALSE:
        return "bool";
    case JSON_NULL:
        break;
    }
    return "null";
}

static bool fits(char kind, const json_t *value)
{
    switch (kind) {
    case 's':
        return json_is_string(value);
    case 'i':
        return json_is_integer(value);
    case 'b':
        return json_is_boolean(value);
    case '{':
        return json_is_object(value);
    default: /* t and [ */
        return json_is_array(value);
    }
}

static const char *expected_name(char kind)
{
    switch (kind) {
    case 's':
        return "string";
    case 'i':
        return "int64";
    case 'b':
        return "bool";
    case '{':
        return "map";
    default:
        return "slice";
    }
}

static void say_type(struct checking *k, const json_t *value, char kind)
{
    k->wrong = arena_fmt(k->call->request->arena,
                         "param %s type invalid. actual type:%s, expected type:%s",
                         k->path.p, type_name(value), expected_name(kind));
}

/* "main_images" at the top is MainImages, deeper "body.package_weight.value is missing"
 * (both recorded). */
static void say_missing(struct checking *k, struct str name, bool top)
{
    struct buf pascal = BUF_INIT(256);
    bool upper = true;

    if (!top) {
        k->wrong = arena_fmt(k->call->request->arena, "%s is missing", k->path.p);
        return;
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        if (c != '_')
            buf_addc(&pascal, upper && c >= 'a' ? (char)(c - 'a' + 'A') : c);
        upper = c == '_';
    }
    k->wrong = arena_fmt(k->call->request->arena,
                         "%s is a required field and has not been provided.", pascal.p);
    buf_clear(&pascal);
}

static void check_members(struct checking *k, const char **at, const json_t *object,
                          bool top);

static void check_texts(struct checking *k, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && !k->wrong.p; i++)
        if (!json_is_string(json_array_get(list, i)))
            say_type(k, json_array_get(list, i), 's');
}

static void check_list(struct checking *k, const char *members, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && !k->wrong.p; i++) {
        const json_t *item = json_array_get(list, i);
        const char *at = members + 1;

        if (json_is_object(item))
            check_members(k, &at, item, false);
        else
            say_type(k, item, '{');
    }
}

static void check_value(struct checking *k, const char *at, const json_t *value)
{
    if (!fits(*at, value)) {
        say_type(k, value, *at);
    } else if (*at == 't') {
        check_texts(k, value);
    } else if (*at == '[') {
        check_list(k, at, value);
    } else if (*at == '{') {
        at++;
        check_members(k, &at, value, false);
    }
}

static void check_members(struct checking *k, const char **at, const json_t *object,
                          bool top)
{
    size_t mark = k->path.n;

    for (skip_blanks(at); **at && **at != '}' && **at != ']' && !k->wrong.p;
         skip_blanks(at)) {
        size_t n = strcspn(*at, " !");
        struct str name = str_n(*at, n);
        bool must = (*at)[n] == '!';
        const json_t *value;

        buf_addc(&k->path, '.');
        buf_add(&k->path, name);
        value = json_at(object, k->path.p + mark + 1);
        *at += n + must;
        skip_blanks(at);
        if (value)
            check_value(k, *at, value);
        else if (must && k->required)
            say_missing(k, name, top);
        if (**at == '{' || **at == '[')
            skip_members(at);
        else
            ++*at;
        k->path.n = mark;
        k->path.p[mark] = '\0';
    }
}

struct str schema_check(struct call *c, const char *schema, const json_t *body,
                        bool required)
{
    struct checking k = {c, required, BUF_INIT(BUF_MAX_LINE), {0}};

    buf_addz(&k.path, "body");
    if (k.path.p)
        check_members(&k, &schema, body, true);
    buf_clear(&k.path);
    return k.wrong;
}

bool schema_pass(struct call *c, const char *schema, const json_t *body)
{
    struct str wrong = schema_check(c, schema, body, true);

    if (!str_empty(wrong))
        call_refuse_text(c, true, 36009004, wrong);
    return str_empty(wrong);
}

bool step_schema(struct judge *j)
{
    struct str wrong = schema_check(
        j->call, j->global ? schema_global_product : schema_product, j->body, true);
    struct str skus = STR_LIT("Skus is a required field and has not been provided.");

    if (!str_empty(wrong))
        return judge_fail_schema(j, wrong);
    return json_array_size(judge_skus(j)) ? true : judge_fail_schema(j, skus);
}
