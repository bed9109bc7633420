/* Product attributes: asked for by the leaf, each once, with values of its own or, where
 * it may be, of the seller's. An id goes before a name. */
#include "base/text.h"
#include "sandbox/market/judge.h"

enum { MAX_VALUE_NAME = 2000 };

static const struct demand *find_demand(const struct judge *j, struct str id)
{
    for (size_t i = 0; i < j->demand_count; i++)
        if (!j->demands[i].sales && str_eq(j->demands[i].id, id))
            return &j->demands[i];
    return NULL;
}

static const json_t *find_value(const struct demand *d, struct str id)
{
    const json_t *values = json_list(d->attribute, "values");

    for (size_t i = 0; i < json_array_size(values); i++)
        if (str_eq(json_str(json_array_get(values, i), "id"), id))
            return json_array_get(values, i);
    return NULL;
}

static bool is_known_name(const struct demand *d, struct str name)
{
    const json_t *values = json_list(d->attribute, "values");
    const char *locale;
    json_t *text;

    for (size_t i = 0; i < json_array_size(values); i++)
        json_object_foreach(
            json_object_get(json_array_get(values, i), "name"), locale,
            text) if (str_eq_nocase(json_value_str(text), name)) return true;
    return false;
}

/* Code points that are no characters, or nobody's; and what stands for a broken one. */
static bool has_no_characters(struct str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t c = utf8_next(text, &at);

        if (c == 0xfffd || (c >= 0xfdd0 && c <= 0xfdef) || (c >= 0xe000 && c <= 0xf8ff) ||
            (c & 0xfffe) == 0xfffe)
            return true;
    }
    return false;
}

static bool check_name(struct judge *j, const struct demand *d, struct str name)
{
    struct str said = name_in(json_at(d->attribute, "name"), STR_LIT("en-US"));
    struct str fill[] = {STR_LIT("product attribute"), STR_LIT("2000"), name};
    double number;

    if (utf8_length(name) > MAX_VALUE_NAME)
        return judge_fail_with(j, 12052249, fill, 3);
    if (judge_is_chinese(j, name))
        return judge_fail_with(j, 12052250, fill, 1);
    if (has_no_characters(name))
        return judge_fail(j, 12052245);
    if (!text_is_plain(name, false))
        return judge_fail(j, 12052935);
    if (is_known_name(d, name))
        return true;
    if (!json_flag(d->attribute, "is_customizable", false))
        return judge_fail(j, 12052247);
    if (str_is(json_str(d->attribute, "value_data_format"), "POSITIVE_INT_OR_DECIMAL") &&
        (!text_is_amount(name, 20, &number) || number <= 0))
        return judge_fail_with(j, 12052256, &said, 1);
    return true;
}

static bool check_value(struct judge *j, const struct demand *d, const json_t *value)
{
    struct str id = json_str(value, "id"), name = json_str(value, "name");
    struct str kind = STR_LIT("product attribute");

    if (str_empty(id) && str_empty(text_trim(name)))
        return judge_fail_with(j, 12052248, &kind, 1);
    if (str_empty(id))
        return check_name(j, d, name);
    return find_value(d, id) ? true : judge_fail(j, 12052529);
}

/* The same id twice, or the same name where there is no id. */
static bool check_repeated(struct judge *j, const json_t *values, size_t at)
{
    const json_t *value = json_array_get(values, at);
    struct str id = json_str(value, "id"), name = json_str(value, "name");

    for (size_t i = 0; i < at; i++) {
        const json_t *other = json_array_get(values, i);

        if (!str_empty(id) && str_eq(json_str(other, "id"), id))
            return judge_fail(j, 12052253);
        if (str_empty(id) && str_empty(json_str(other, "id")) &&
            str_eq_nocase(json_str(other, "name"), name))
            return judge_fail(j, 12052251);
    }
    return true;
}

static bool check_attribute(struct judge *j, const json_t *attribute)
{
    struct str id = json_str(attribute, "id");
    const json_t *values = json_list(attribute, "values");
    const struct demand *d = find_demand(j, id);
    struct str fill[] = {STR_LIT("product attribute"), id};

    if (str_empty(id))
        return judge_fail(j, 12052241);
    if (!d)
        return judge_fail(j, 12052240);
    if (json_array_size(values) == 0)
        return judge_fail_with(j, 12052248, fill, 1);
    if (json_array_size(values) > 1 &&
        !json_flag(d->attribute, "is_multiple_selection", false))
        return judge_fail_with(j, 12052246, fill, 2);
    for (size_t i = 0; i < json_array_size(values); i++)
        if (!check_value(j, d, json_array_get(values, i)) ||
            !check_repeated(j, values, i))
            return false;
    return true;
}

static const json_t *given(const struct judge *j, struct str id)
{
    const json_t *list = json_list(j->body, "product_attributes");

    for (size_t i = 0; i < json_array_size(list); i++)
        if (str_eq(json_str(json_array_get(list, i), "id"), id))
            return json_array_get(list, i);
    return NULL;
}

bool step_attributes(struct judge *j)
{
    const json_t *list = json_list(j->body, "product_attributes");

    if (!j->place.tree)
        return true;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *attribute = json_array_get(list, i);

        if (given(j, json_str(attribute, "id")) != attribute &&
            !str_empty(json_str(attribute, "id")))
            return judge_fail(j, 12052254);
        if (!check_attribute(j, attribute))
            return false;
    }
    return true;
}

/* Does the product say that value of that attribute? */
static const json_t *says(const struct judge *j, const json_t *condition)
{
    const json_t *values =
        json_list(given(j, json_str(condition, "attribute_id")), "values");
    struct str wanted = json_str(condition, "attribute_value_id");

    for (size_t i = 0; i < json_array_size(values); i++)
        if (str_eq(json_str(json_array_get(values, i), "id"), wanted))
            return json_array_get(values, i);
    return NULL;
}

static bool fail_condition(struct judge *j, const struct demand *d,
                           const json_t *condition)
{
    const struct demand *parent = find_demand(j, json_str(condition, "attribute_id"));
    const json_t *value =
        parent ? find_value(parent, json_str(condition, "attribute_value_id")) : NULL;
    struct str en = STR_LIT("en-US");
    struct str fill[] = {
        name_in(json_at(d->attribute, "name"), en), name_in(json_at(value, "name"), en),
        parent ? name_in(json_at(parent->attribute, "name"), en) : (struct str){0}};

    return judge_fail_with(j, 12052182, fill, 3);
}

/* Asked for only together with a value of another's, and that is not chosen. */
static bool check_out_of_place(struct judge *j, const struct demand *d)
{
    const struct demand *parent;
    const json_t *chosen;
    struct str en = STR_LIT("en-US"), fill[3];

    if (d->required || json_array_size(d->conditions) == 0)
        return true;
    for (size_t i = 0; i < json_array_size(d->conditions); i++)
        if (says(j, json_array_get(d->conditions, i)))
            return true;
    parent = find_demand(j, json_str(json_array_get(d->conditions, 0), "attribute_id"));
    chosen = parent ? json_array_get(json_list(given(j, parent->id), "values"), 0) : NULL;
    fill[0] = name_in(json_at(d->attribute, "name"), en);
    fill[1] = json_str(chosen, "name");
    fill[2] = parent ? name_in(json_at(parent->attribute, "name"), en) : (struct str){0};
    return judge_fail_with(j, 12052183, fill, 3);
}

static bool check_demand(struct judge *j, const struct demand *d)
{
    if (d->sales)
        return true;
    if (given(j, d->id))
        return check_out_of_place(j, d);
    if (j->draft)
        return true;
    if (d->required)
        return judge_fail(j, 12052104);
    for (size_t i = 0; i < json_array_size(d->conditions); i++)
        if (says(j, json_array_get(d->conditions, i)))
            return fail_condition(j, d, json_array_get(d->conditions, i));
    return true;
}

/* What is mandatory is only asked for when the product is to be on sale. */
bool step_required(struct judge *j)
{
    if (!j->place.tree)
        return true;
    for (size_t i = 0; i < j->demand_count; i++)
        if (!check_demand(j, &j->demands[i]))
            return false;
    return true;
}
