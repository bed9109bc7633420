/* Edits to what categories ask for, as data/README.md describes them under evolve.json.
 */
#include "sandbox/market/demands_own.h"

struct editing {
    struct demands *d;
    const json_t *edit;
    size_t number; /* of the edit, from 1 */
    struct aisle_err *err;
};

static enum aisle_status copy_demands(const struct demands *d, struct demands **out,
                                      struct aisle_err *err)
{
    struct demands *copy = demands_new();

    if (!copy)
        return aisle_nomem(err);
    copy->attributes = json_deep_copy(d->attributes);
    copy->categories = json_deep_copy(d->categories);
    if (!copy->attributes || !copy->categories) {
        demands_free(copy);
        return aisle_nomem(err);
    }
    *out = copy;
    return AISLE_OK;
}

static enum aisle_status cannot(const struct editing *e, const char *why)
{
    return aisle_fail(e->err, AISLE_INVALID, "edit %zu cannot be done: %s", e->number,
                      why);
}

/* A member of an object, made when it is not there. Borrowed; NULL: no memory. */
static json_t *member(json_t *object, const char *key, json_t *fresh)
{
    json_t *there = json_object_get(object, key);

    if (there) {
        json_decref(fresh);
        return there;
    }
    return fresh && json_object_set_new(object, key, fresh) == 0 ? fresh : NULL;
}

static json_t *category_of(const struct editing *e)
{
    struct str id = json_str(e->edit, "id");

    return id.n ? member(e->d->categories, id.p, json_object()) : NULL;
}

static enum aisle_status edit_rules(const struct editing *e)
{
    json_t *category = category_of(e), *own;
    const json_t *rules = json_at(e->edit, "rules");

    if (!category || !json_is_object(rules))
        return cannot(e, "it names no category, or no rules");
    own = member(category, "rules", json_object());
    if (!own || json_object_update_recursive(own, (json_t *)rules))
        return aisle_nomem(e->err);
    return AISLE_OK;
}

static void drop_id(json_t *list, struct str id)
{
    for (size_t i = json_array_size(list); i-- > 0;) {
        const json_t *at = json_array_get(list, i);

        if (str_eq(json_is_object(at) ? json_str(at, "id") : json_value_str(at), id))
            json_array_remove(list, i);
    }
}

/* What it is (name, type, values …), where the edit says so; another one keeps the rest.
 */
static bool describe(const struct editing *e, const json_t *given, struct str id)
{
    static const char *const parts[] = {
        "name",  "type", "is_customizable", "is_multiple_selection", "value_data_format",
        "values"};
    json_t *attribute =
        member(e->d->attributes, id.p, json_pack("{s:s}", "type", "PRODUCT_PROPERTY"));

    for (size_t i = 0; i < sizeof parts / sizeof *parts && attribute; i++) {
        json_t *part = json_object_get(given, parts[i]);

        if (part && json_object_set(attribute, parts[i], part))
            return false;
    }
    return attribute != NULL;
}

static enum aisle_status edit_attribute(const struct editing *e)
{
    const json_t *given = json_at(e->edit, "attribute");
    struct str id = json_str(given, "id");
    json_t *category = category_of(e), *uses, *use;
    json_t *conditions = json_object_get(given, "requirement_conditions");

    if (!category || str_empty(id))
        return cannot(e, "it names no category, or no attribute");
    if (!json_object_get(e->d->attributes, id.p) && !json_at(given, "name"))
        return cannot(e, "a new attribute needs a name");
    uses = member(category, "attributes", json_array());
    if (!uses || !describe(e, given, id))
        return aisle_nomem(e->err);
    drop_id(uses, id);
    drop_id(json_object_get(category, "without"), id);
    use = json_pack("{s:s, s:b, s:O*}", "id", id.p, "is_required",
                    json_flag(given, "is_required", false), "requirement_conditions",
                    conditions);
    return use && json_array_append_new(uses, use) == 0 ? AISLE_OK : aisle_nomem(e->err);
}

static enum aisle_status edit_drop_attribute(const struct editing *e)
{
    struct str id = json_str(e->edit, "attribute_id");
    json_t *category = category_of(e), *without;

    if (!category || str_empty(id))
        return cannot(e, "it names no category, or no attribute");
    without = member(category, "without", json_array());
    if (!without || json_array_append_new(without, json_string(id.p)))
        return aisle_nomem(e->err);
    drop_id(json_object_get(category, "attributes"), id);
    return AISLE_OK;
}

static enum aisle_status edit_drop_value(const struct editing *e)
{
    struct str id = json_str(e->edit, "attribute_id");
    json_t *attribute = id.n ? json_object_get(e->d->attributes, id.p) : NULL;
    json_t *values = json_object_get(attribute, "values");
    size_t before = json_array_size(values);

    drop_id(values, json_str(e->edit, "value_id"));
    return json_array_size(values) < before ? AISLE_OK
                                            : cannot(e, "there is no such value");
}

static const struct {
    const char *op;
    enum aisle_status (*run)(const struct editing *e);
} edits[] = {
    {"rules", edit_rules},
    {"attribute", edit_attribute},
    {"drop-attribute", edit_drop_attribute},
    {"drop-value", edit_drop_value},
};

static enum aisle_status do_edit(const struct editing *e)
{
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
        if (str_is(json_str(e->edit, "op"), edits[i].op))
            return edits[i].run(e);
    return AISLE_OK; /* the forest's */
}

enum aisle_status demands_evolve(const struct demands *d, struct str text,
                                 struct demands **out, struct aisle_err *err)
{
    struct editing e = {.err = err};
    json_t *list = NULL;
    enum aisle_status status = json_read(text, BUF_MAX_REPLY, "the edits", &list, err);

    if (status == AISLE_OK)
        status = copy_demands(d, &e.d, err);
    for (size_t i = 0; i < json_array_size(list) && status == AISLE_OK; i++) {
        e.number = i + 1;
        e.edit = json_array_get(list, i);
        status = do_edit(&e);
    }
    json_decref(list);
    if (status == AISLE_OK)
        *out = e.d;
    else
        demands_free(e.d);
    return status;
}
