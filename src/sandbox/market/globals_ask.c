/* Get Global Categories, Get Global Attributes, Get Global Category Rules and Get Global
 * Warehouses, all 202309. What is required in which market follows from the leaf's own
 * rules: the sandbox asks for the same everywhere, so required regions are all the
 * seller's shops' or none (a guess; the pages have the lists and not what is in them). */
#include "base/text.h"
#include "sandbox/categories.h"
#include "sandbox/market/globals.h"

bool globals_may(struct call *c)
{
    if (c->shop->cross_border)
        return true;
    call_fail(c, 12019114, NULL, 0);
    return false;
}

/* The endpoint's locales are those of the others without pt-BR; en-US when absent. */
static bool read_locale(struct call *c, struct str *out)
{
    struct str given = http_arg_str(c->request, "locale");

    if (str_empty(given))
        given = STR_LIT("en-US");
    if (!str_is(given, "pt-BR") && categories_locale(c, given, out))
        return true;
    call_refuse_value(c, "locale", "unknown value", "a locale such as en-US");
    return false;
}

/* Statuses here are AVAILABLE and NON_MAIN_CATEGORY: what is closed for another reason is
 * left out (a guess). */
static bool is_shown(const struct tree *t, const struct node *n, struct str locale,
                     struct str keyword)
{
    struct buf folded = BUF_INIT(BUF_MAX_LINE);
    bool fits;

    if (n->prohibited || list_has(n->row->permissions, "INVITE_ONLY"))
        return false;
    text_fold(tree_name(t, n, locale), &folded);
    fits = str_empty(keyword) || str_find(buf_str(&folded), keyword) < folded.n;
    buf_clear(&folded);
    return fits;
}

static void put_categories(struct call *c, const struct tree *t, struct str locale,
                           struct str keyword)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "categories");
    json_open_list(&json);
    for (size_t i = 0; i < t->count; i++) {
        const struct node *n = &t->nodes[i];

        if (!is_shown(t, n, locale, keyword))
            continue;
        json_open(&json);
        json_add_str(&json, "id", n->row->id);
        json_add_bool(&json, "is_leaf", n->leaf);
        json_add_str(&json, "local_name", tree_name(t, n, locale));
        json_add_str(&json, "parent_id", n->row->parent_id);
        json_key(&json, "permission_statuses");
        categories_put_permissions(&json, n);
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

void globals_categories(struct call *c)
{
    struct buf folded = BUF_INIT(BUF_MAX_LINE);
    enum forest_slot slot;
    struct str locale;

    if (globals_may(c) && read_locale(c, &locale) &&
        categories_choose(c, http_arg_str(c->request, "category_version"),
                          (struct str){0}, REFUSE_PUBLISH_PARAM, &slot)) {
        text_fold(str_trim(http_arg_str(c->request, "keyword")), &folded);
        put_categories(c, forest_tree(c->forest, slot), locale, buf_str(&folded));
    }
    buf_clear(&folded);
}

static bool read_leaf(struct call *c, struct place *place)
{
    int64_t code = place_find(c, call_segment(c, 1),
                              http_arg_str(c->request, "category_version"), place);

    if (code == 12052002)
        code = 12052023;
    if (code)
        call_fail(c, code, NULL, 0);
    return code == 0;
}

static void put_regions(struct json_out *json, const struct call *c, const char *key,
                        bool all)
{
    json_key(json, key);
    json_open_list(json);
    for (size_t i = 0; i < c->seller->shop_count && all; i++)
        json_put_str(json, c->seller->shops[i].region);
    json_close_list(json);
}

static void put_required(struct json_out *json, const struct call *c, bool required)
{
    put_regions(json, c, "optional_regions", !required);
    put_regions(json, c, "required_regions", required);
}

/* Each condition, once a market. */
static void put_conditions(struct json_out *json, const struct call *c,
                           const json_t *conditions)
{
    if (!conditions)
        return;
    json_key(json, "requirement_conditions");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        for (size_t k = 0; k < c->seller->shop_count; k++) {
            const json_t *one = json_array_get(conditions, i);

            json_open(json);
            put_member(json, one, "attribute_id");
            put_member(json, one, "attribute_value_id");
            put_member(json, one, "condition_type");
            json_add_str(json, "region", c->seller->shops[k].region);
            json_close(json);
        }
    }
    json_close_list(json);
}

static void put_attribute(struct json_out *json, const struct call *c,
                          const struct demand *d, struct str locale)
{
    const json_t *values = json_list(d->attribute, "values");
    bool right = c->engine->set.switches.right_spelling;

    json_open(json);
    json_add_str(json, "id", d->id);
    json_add_str(json, "name", name_in(json_at(d->attribute, "name"), locale));
    json_add_str(json, "type", json_str(d->attribute, "type"));
    json_add_bool(json, right ? "is_required" : "is_requried", d->required);
    if (!d->sales) {
        put_member(json, d->attribute, "is_customizable");
        put_member(json, d->attribute, "is_multiple_selection");
    }
    put_required(json, c, d->required);
    put_conditions(json, c, d->conditions);
    json_key(json, "values");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(values); i++) {
        json_open(json);
        put_member(json, json_array_get(values, i), "id");
        json_add_str(json, "name",
                     name_in(json_at(json_array_get(values, i), "name"), locale));
        json_close(json);
    }
    json_close_list(json);
    json_close(json);
}

void globals_attributes(struct call *c)
{
    struct market *m = market_enter(c);
    struct demand list[DEMANDS_MAX];
    struct place place;
    struct str locale;
    struct json_out json;
    size_t count;

    if (globals_may(c) && read_locale(c, &locale) && read_leaf(c, &place)) {
        count = demands_of(m->demands, place.tree, place.at, list);
        json = call_data(c);
        json_open(&json);
        json_key(&json, "attributes");
        json_open_list(&json);
        for (size_t i = 0; i < count; i++)
            put_attribute(&json, c, &list[i], locale);
        json_close_list(&json);
        json_close(&json);
        call_done(c, "Success");
    }
    market_leave(m);
}

static void put_person(struct json_out *json, const struct call *c, const json_t *rules,
                       const char *key)
{
    bool required = json_flag(json_at(rules, key), "is_required", false);

    json_key(json, key);
    json_open(json);
    json_add_bool(json, "is_required", required);
    put_required(json, c, required);
    json_close(json);
}

static void put_rules(struct call *c, const json_t *rules)
{
    const json_t *list = json_list(rules, "product_certifications");
    struct json_out json = call_data(c);

    json_open(&json);
    put_person(&json, c, rules, "manufacturer");
    json_key(&json, "product_certifications");
    json_open_list(&json);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        json_open(&json);
        put_member(&json, one, "id");
        put_member(&json, one, "is_required");
        put_member(&json, one, "name");
        put_required(&json, c, json_flag(one, "is_required", false));
        put_conditions(&json, c, json_list(one, "requirement_conditions"));
        put_member(&json, one, "sample_image_url");
        json_close(&json);
    }
    json_close_list(&json);
    put_person(&json, c, rules, "responsible_person");
    put_member(&json, rules, "size_chart");
    json_close(&json);
    call_done(c, "Success");
}

void globals_rules(struct call *c)
{
    struct market *m = market_enter(c);
    struct place place;
    json_t *rules = NULL;

    if (globals_may(c) && read_leaf(c, &place)) {
        rules = demands_rules(m->demands, place.tree, place.at);
        if (rules)
            put_rules(c, rules);
        else
            call_broken(c);
    }
    json_decref(rules);
    market_leave(m);
}

void globals_warehouses(struct call *c)
{
    const struct market *m = c->engine->market;
    struct json_out json;
    struct warehouse w;

    if (!globals_may(c))
        return;
    warehouse_main(m, c->seller->shops, &w);
    json = call_data(c);
    json_open(&json);
    json_key(&json, "global_warehouses");
    json_open_list(&json);
    json_open(&json);
    json_add_str(&json, "id", str_of(w.id));
    json_add_str(&json, "name", STR_LIT("Gudang Ekspor"));
    json_add_str(&json, "ownership", STR_LIT("SELLER"));
    json_close(&json);
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}
