/* requirement_text.c - requirements as JSON in our own words; see own_text.h */
#include "listing/own_text.h"
#include "listing/requirement.h"

/* ---- writing ---- */

static void add_conditions(struct json_out *o, const struct requirement_conditions *when)
{
    if (!when->count)
        return;
    json_key(o, "when");
    json_open_list(o);
    for (size_t i = 0; i < when->count; i++) {
        json_open(o);
        json_add_str(o, "attribute_id", when->rows[i].attribute_id);
        json_add_str(o, "value_id", when->rows[i].value_id);
        add_text(o, "region", when->rows[i].region);
        json_close(o);
    }
    json_close_list(o);
}

static void put_certificate(struct json_out *o, const struct required_certificate *c)
{
    json_open(o);
    json_add_str(o, "id", c->id);
    add_text(o, "name", c->name);
    add_yes(o, "required", c->required);
    add_text(o, "required_in", c->required_in);
    add_yes(o, "expiration_required", c->expiration_required);
    add_text(o, "details", c->details);
    add_text(o, "sample_url", c->sample_url);
    add_conditions(o, &c->when);
    json_close(o);
}

static void put_rules(struct json_out *o, const struct requirement *r)
{
    json_open(o);
    json_key(o, "certificates");
    json_open_list(o);
    for (size_t i = 0; i < r->certificate_count; i++)
        put_certificate(o, &r->certificates[i]);
    json_close_list(o);
    add_yes(o, "size_chart_supported", r->size_chart_supported);
    add_yes(o, "size_chart_required", r->size_chart_required);
    add_yes(o, "cod_supported", r->cod_supported);
    add_yes(o, "package_dimension_required", r->package_dimension_required);
    add_yes(o, "epr_required", r->epr_required);
    add_yes(o, "manufacturer_required", r->manufacturer_required);
    add_yes(o, "responsible_person_required", r->responsible_person_required);
    add_text(o, "manufacturer_in", r->manufacturer_in);
    add_text(o, "responsible_person_in", r->responsible_person_in);
    add_text(o, "special_types", r->special_types);
    json_key(o, "fees");
    json_open_list(o);
    for (size_t i = 0; i < r->fee_count; i++) {
        json_open(o);
        json_add_str(o, "type", r->fees[i].type);
        add_yes(o, "required", r->fees[i].required);
        json_close(o);
    }
    json_close_list(o);
    json_close(o);
}

static void put_attribute(struct json_out *o, const struct required_attribute *a)
{
    json_open(o);
    json_add_str(o, "id", a->id);
    add_text(o, "name", a->name);
    add_yes(o, "sales", a->sales);
    add_yes(o, "required", a->required);
    add_text(o, "required_in", a->required_in);
    add_yes(o, "customizable", a->customizable);
    add_yes(o, "multiple", a->multiple);
    add_yes(o, "number", a->number);
    add_conditions(o, &a->when);
    json_key(o, "values");
    json_open_list(o);
    for (size_t i = 0; i < a->value_count; i++) {
        json_open(o);
        json_add_str(o, "id", a->values[i].id);
        add_text(o, "name", a->values[i].name);
        json_close(o);
    }
    json_close_list(o);
    json_close(o);
}

void requirement_format(const struct requirement *r, struct buf *out)
{
    struct json_out o = {.buf = out};

    json_open(&o);
    json_add_str(&o, "category_id", r->category_id);
    add_text(&o, "version", r->version);
    add_text(&o, "locale", r->locale);
    if (r->rules_known) {
        json_key(&o, "rules");
        put_rules(&o, r);
    }
    if (r->attributes_known) {
        json_key(&o, "attributes");
        json_open_list(&o);
        for (size_t i = 0; i < r->attribute_count; i++)
            put_attribute(&o, &r->attributes[i]);
        json_close_list(&o);
    }
    json_close(&o);
}

/* ---- reading ---- */

static struct requirement_conditions take_conditions(struct reader *r,
                                                     const json_t *object)
{
    const json_t *list = json_list(object, "when");
    size_t count;
    struct requirement_condition *rows = rows_for(r, list, sizeof *rows, &count);

    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i].attribute_id = take(r, one, "attribute_id");
        rows[i].value_id = take(r, one, "value_id");
        rows[i].region = take(r, one, "region");
    }
    return (struct requirement_conditions){rows, count};
}

static void read_certificates(struct reader *r, const json_t *rules,
                              struct requirement *out)
{
    const json_t *list = json_list(rules, "certificates");
    size_t count;
    struct required_certificate *rows = rows_for(r, list, sizeof *rows, &count);

    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i] = (struct required_certificate){
            .id = take(r, one, "id"),
            .name = take(r, one, "name"),
            .required = json_flag(one, "required", false),
            .required_in = take(r, one, "required_in"),
            .expiration_required = json_flag(one, "expiration_required", false),
            .details = take(r, one, "details"),
            .sample_url = take(r, one, "sample_url"),
            .when = take_conditions(r, one),
        };
    }
    out->certificates = rows;
    out->certificate_count = rows ? required_certificates_settle(rows, count) : 0;
}

static void read_fees(struct reader *r, const json_t *rules, struct requirement *out)
{
    const json_t *list = json_list(rules, "fees");
    struct required_fee *rows = rows_for(r, list, sizeof *rows, &out->fee_count);

    for (size_t i = 0; i < out->fee_count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i].type = take(r, one, "type");
        rows[i].required = json_flag(one, "required", false);
    }
    out->fees = rows;
}

static void read_rules(struct reader *r, const json_t *rules, struct requirement *out)
{
    out->rules_known = true;
    read_certificates(r, rules, out);
    out->size_chart_supported = json_flag(rules, "size_chart_supported", false);
    out->size_chart_required = json_flag(rules, "size_chart_required", false);
    out->cod_supported = json_flag(rules, "cod_supported", false);
    out->package_dimension_required =
        json_flag(rules, "package_dimension_required", false);
    out->epr_required = json_flag(rules, "epr_required", false);
    out->manufacturer_required = json_flag(rules, "manufacturer_required", false);
    out->responsible_person_required =
        json_flag(rules, "responsible_person_required", false);
    out->manufacturer_in = take(r, rules, "manufacturer_in");
    out->responsible_person_in = take(r, rules, "responsible_person_in");
    out->special_types = take(r, rules, "special_types");
    read_fees(r, rules, out);
}

static struct required_value *read_values(struct reader *r, const json_t *attribute,
                                          size_t *count)
{
    const json_t *list = json_list(attribute, "values");
    struct required_value *rows = rows_for(r, list, sizeof *rows, count);

    for (size_t i = 0; i < *count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i].id = take(r, one, "id");
        rows[i].name = take(r, one, "name");
    }
    if (!required_values_settle(rows, count, r->arena))
        r->no_memory = true;
    return rows;
}

static void read_attributes(struct reader *r, const json_t *list, struct requirement *out)
{
    size_t count;
    struct required_attribute *rows = rows_for(r, list, sizeof *rows, &count);

    out->attributes_known = true;
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i] = (struct required_attribute){
            .id = take(r, one, "id"),
            .name = take(r, one, "name"),
            .sales = json_flag(one, "sales", false),
            .required = json_flag(one, "required", false),
            .required_in = take(r, one, "required_in"),
            .customizable = json_flag(one, "customizable", false),
            .multiple = json_flag(one, "multiple", false),
            .number = json_flag(one, "number", false),
            .when = take_conditions(r, one),
        };
        rows[i].values = read_values(r, one, &rows[i].value_count);
    }
    out->attributes = rows;
    out->attribute_count = rows ? required_attributes_settle(rows, count) : 0;
}

static void read_requirement(struct reader *r, const json_t *root,
                             struct requirement *out)
{
    const json_t *rules = json_at(root, "rules");
    const json_t *attributes = json_list(root, "attributes");

    out->category_id = take(r, root, "category_id");
    out->version = take(r, root, "version");
    out->locale = take(r, root, "locale");
    if (json_is_object(rules))
        read_rules(r, rules, out);
    if (attributes)
        read_attributes(r, attributes, out);
}

enum aisle_status requirement_parse(struct str text, struct arena *arena,
                                    struct requirement *out, struct aisle_err *err)
{
    struct reader r = {.arena = arena};
    struct requirement made = {0};
    json_t *root = NULL;
    enum aisle_status status = read_root(text, "requirement", &root, err);

    if (status == AISLE_OK)
        read_requirement(&r, root, &made);
    json_decref(root);
    if (status == AISLE_OK && r.no_memory)
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        *out = made;
    return status;
}
