/* Get Category Rules 202309 and Get Attributes 202309. Both answer for a leaf that is
 * open on either platform, an invite-only one too (a guess: its products may be created).
 */
#include "sandbox/categories.h"
#include "sandbox/market/market.h"

static enum forest_slot slot_of(bool v2, bool tokopedia)
{
    if (v2)
        return tokopedia ? SLOT_V2_TOKOPEDIA : SLOT_V2_TIKTOK;
    return tokopedia ? SLOT_V1_TOKOPEDIA : SLOT_V1_TIKTOK;
}

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.n > 0;
}

static bool is_zero(struct str digits)
{
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] != '0')
            return false;
    return true;
}

static bool find_in(const struct call *c, enum forest_slot slot, struct str id,
                    struct place *out)
{
    struct tree *tree = forest_tree(c->forest, slot);
    uint32_t at = tree_find(tree, id);

    if (at == TREE_NONE)
        return false;
    out->tree = tree;
    out->at = at;
    return tree->nodes[at].leaf;
}

int64_t place_find(const struct call *c, struct str id, struct str version,
                   struct place *out)
{
    bool v2 = str_is(version, "v2");
    struct place elsewhere = {0};

    *out = (struct place){0};
    if (!is_digits(id))
        return 12052002;
    if (!is_number_id(id) || is_zero(id))
        return 12052025;
    if (!v2 && !str_empty(version) && !str_is(version, "v1"))
        return 12052230;
    if (c->engine->set.switches.v2_required && !v2)
        return 12052217;
    out->on_tokopedia = find_in(c, slot_of(v2, true), id, out);
    out->on_tiktok = find_in(c, slot_of(v2, false), id, out);
    if (out->tree)
        return out->tree->nodes[out->at].leaf ? 0 : 12052024;
    find_in(c, slot_of(!v2, true), id, &elsewhere);
    find_in(c, slot_of(!v2, false), id, &elsewhere);
    return elsewhere.tree ? 12052230 : 12052023;
}

/* The leaf the path names, in the version the query names; false: refused. */
static bool read_leaf(struct call *c, struct place *place)
{
    int64_t code = place_find(c, call_segment(c, 1),
                              http_arg_str(c->request, "category_version"), place);

    if (code == 12052002 || code == 12052025)
        code = 12052023;
    if (!code && place->tree->nodes[place->at].prohibited)
        code = 12052220;
    if (code)
        call_fail(c, code, NULL, 0);
    return code == 0;
}

/* False: refused. */
static bool read_locale(struct call *c, struct str *locale)
{
    if (categories_locale(c, http_arg_str(c->request, "locale"), locale))
        return true;
    call_refuse_value(c, "locale", "unknown value", "a locale such as en-US");
    return false;
}

/* Rules are in one language; the locale is looked at all the same. */
void requirements_rules(struct call *c)
{
    struct market *m = market_enter(c);
    struct place place;
    struct str locale;
    struct json_out json;
    json_t *rules = NULL;

    if (read_locale(c, &locale) && read_leaf(c, &place)) {
        rules = demands_rules(m->demands, place.tree, place.at);
        if (!rules) {
            call_broken(c);
        } else {
            json = call_data(c);
            json_open(&json);
            put_member(&json, rules, "allowed_special_product_types");
            put_member(&json, rules, "cod");
            put_member(&json, rules, "epr");
            put_member(&json, rules, "fees");
            put_member(&json, rules, "manufacturer");
            put_member(&json, rules, "package_dimension");
            put_member(&json, rules, "product_certifications");
            put_member(&json, rules, "responsible_person");
            put_member(&json, rules, "size_chart");
            json_close(&json);
            call_done(c, "Success");
        }
    }
    json_decref(rules);
    market_leave(m);
}

static void put_values(struct json_out *json, const json_t *values, struct str locale)
{
    if (json_array_size(values) == 0)
        return;
    json_key(json, "values");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);

        json_open(json);
        json_add_str(json, "id", json_str(value, "id"));
        json_add_str(json, "name", name_in(json_at(value, "name"), locale));
        json_close(json);
    }
    json_close_list(json);
}

/* "is_requried" is how the wire spells it. */
static void put_attribute(struct json_out *json, const struct call *c,
                          const struct demand *d, struct str locale)
{
    bool right = c->engine->set.switches.right_spelling;

    json_open(json);
    json_add_str(json, "id", d->id);
    json_add_str(json, "name", name_in(json_at(d->attribute, "name"), locale));
    json_add_str(json, "type", json_str(d->attribute, "type"));
    json_add_bool(json, right ? "is_required" : "is_requried", d->required);
    if (!d->sales) {
        json_add_bool(json, "is_customizable",
                      json_flag(d->attribute, "is_customizable", false));
        json_add_bool(json, "is_multiple_selection",
                      json_flag(d->attribute, "is_multiple_selection", false));
    }
    put_value(json, "requirement_conditions", d->conditions);
    put_member(json, d->attribute, "value_data_format");
    put_values(json, json_list(d->attribute, "values"), locale);
    json_close(json);
}

void requirements_attributes(struct call *c)
{
    struct market *m = market_enter(c);
    struct demand list[DEMANDS_MAX];
    struct place place;
    struct str locale;

    if (read_locale(c, &locale) && read_leaf(c, &place)) {
        size_t count = demands_of(m->demands, place.tree, place.at, list);
        struct json_out json = call_data(c);

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
