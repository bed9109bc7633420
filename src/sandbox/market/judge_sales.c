/* What sets SKUs apart: up to three attributes, the same in every SKU, each combination
 * of values once. An attribute or value of the leaf's has an id; others are named. */
#include "base/text.h"
#include "sandbox/market/judge.h"

enum { MAX_ATTRIBUTES = 3, MAX_NAME = 20, MAX_VALUE_NAME = 50 };

static const struct demand *find_demand(const struct judge *j, struct str id)
{
    for (size_t i = 0; i < j->demand_count; i++)
        if (j->demands[i].sales && str_eq(j->demands[i].id, id))
            return &j->demands[i];
    return NULL;
}

/* An attribute of the product and not of its SKUs. */
static bool describes(const struct judge *j, struct str id)
{
    for (size_t i = 0; i < j->demand_count; i++)
        if (!j->demands[i].sales && str_eq(j->demands[i].id, id))
            return true;
    return false;
}

/* Ids given to attributes and values of the seller's own, in an edit. */
static bool had_before(const struct judge *j, struct str id)
{
    const json_t *skus = json_list(j->before, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *list = json_list(json_array_get(skus, i), "sales_attributes");

        for (size_t k = 0; k < json_array_size(list); k++)
            if (str_eq(json_str(json_array_get(list, k), "id"), id) ||
                str_eq(json_str(json_array_get(list, k), "value_id"), id))
                return true;
    }
    return false;
}

static bool check_name(struct judge *j, const json_t *attribute)
{
    struct str id = json_str(attribute, "id"), name = json_str(attribute, "name");

    if (!str_empty(id) && j->place.tree && !find_demand(j, id) && !had_before(j, id))
        return judge_fail(j, j->edit && describes(j, id) ? 12019019 : 12052527);
    if (!str_empty(id))
        return true;
    if (str_empty(text_trim(name)))
        return judge_fail(j, 12052241);
    if (utf8_length(name) > MAX_NAME)
        return judge_fail(j, 12052242);
    if (judge_is_chinese(j, name))
        return judge_fail(j, 12052243);
    return text_is_plain(name, false) ? true : judge_fail(j, 12052933);
}

static bool is_value_of(const struct judge *j, struct str attribute, struct str value)
{
    const struct demand *d = find_demand(j, attribute);
    const json_t *values = d ? json_list(d->attribute, "values") : NULL;

    for (size_t i = 0; i < json_array_size(values); i++)
        if (str_eq(json_str(json_array_get(values, i), "id"), value))
            return true;
    return !j->place.tree;
}

static bool check_value(struct judge *j, const json_t *attribute)
{
    struct str id = json_str(attribute, "value_id");
    struct str name = json_str(attribute, "value_name");
    struct str fill[] = {STR_LIT("sales attribute"), STR_LIT("50"), name};

    if (!str_empty(id))
        return is_value_of(j, json_str(attribute, "id"), id) || had_before(j, id)
                   ? true
                   : judge_fail(j, 12052529);
    if (str_empty(text_trim(name)))
        return judge_fail_with(j, 12052248, fill, 1);
    if (utf8_length(name) > MAX_VALUE_NAME)
        return judge_fail_with(j, 12052249, fill, 3);
    if (judge_is_chinese(j, name))
        return judge_fail_with(j, 12052250, fill, 1);
    return text_is_plain(name, false) ? true : judge_fail(j, 12052934);
}

static bool is_same(const json_t *a, const json_t *b)
{
    struct str id = json_str(a, "id"), other = json_str(b, "id");

    if (!str_empty(id) || !str_empty(other))
        return str_eq(id, other);
    return str_eq_nocase(json_str(a, "name"), json_str(b, "name"));
}

static bool has_same_value(const json_t *a, const json_t *b)
{
    struct str id = json_str(a, "value_id"), other = json_str(b, "value_id");

    if (!str_empty(id) || !str_empty(other))
        return str_eq(id, other);
    return str_eq_nocase(json_str(a, "value_name"), json_str(b, "value_name"));
}

static const json_t *attributes_of(const json_t *skus, size_t i)
{
    return json_list(json_array_get(skus, i), "sales_attributes");
}

static const json_t *find_same(const json_t *list, const json_t *attribute)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (is_same(json_array_get(list, i), attribute))
            return json_array_get(list, i);
    return NULL;
}

static bool check_one(struct judge *j, const json_t *list)
{
    if (json_array_size(list) > MAX_ATTRIBUTES)
        return judge_fail(j, 12052525);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *attribute = json_array_get(list, i);

        if (!check_name(j, attribute))
            return false;
        if (find_same(list, attribute) != attribute)
            return judge_fail(j,
                              str_empty(json_str(attribute, "id")) ? 12052244 : 12052560);
        if (!check_value(j, attribute))
            return false;
    }
    return true;
}

/* The same attributes as the first SKU has. */
static bool check_set(struct judge *j, const json_t *first, const json_t *list)
{
    if (json_array_size(list) != json_array_size(first))
        return judge_fail(j, 12052550);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!find_same(first, json_array_get(list, i)))
            return judge_fail(j, 12052550);
    return true;
}

static bool is_same_choice(const json_t *a, const json_t *b)
{
    for (size_t i = 0; i < json_array_size(a); i++) {
        const json_t *attribute = json_array_get(a, i), *other = find_same(b, attribute);

        if (!other || !has_same_value(attribute, other))
            return false;
    }
    return true;
}

bool step_sales_attributes(struct judge *j)
{
    const json_t *skus = judge_skus(j);
    size_t count = json_array_size(skus);

    for (size_t i = 0; i < count; i++) {
        const json_t *list = attributes_of(skus, i);

        if (!check_one(j, list) || !check_set(j, attributes_of(skus, 0), list))
            return false;
        if (i > 0 && json_array_size(list) == 0)
            return judge_fail(j, 12052559);
        for (size_t k = 0; k < i; k++)
            if (is_same_choice(attributes_of(skus, k), list))
                return judge_fail(j, 12052560);
    }
    return true;
}
