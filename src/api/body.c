/* body.c - a body says what its route takes, each field in its type, and nothing else
 *
 * Handlers take what is missing, or null, as its usual value. What is there and unknown,
 * or of another type, is refused before: a mistyped "acept_at" is no order to go on
 * without it, a dry_run of "ja" none to go ahead, and an expected of 1.5 none to
 * overwrite. A name has the same type in every body.
 */
#include "api/call.h"
#include "base/nearest.h"

#include <math.h>

/* ---- types ---- */

static bool is_text(const json_t *value)
{
    return json_is_string(value);
}

static bool is_flag(const json_t *value)
{
    bool flag;

    return json_is_boolean(value) || parse_bool(json_value_str(value), &flag) ||
           (json_is_integer(value) && (json_integer_value(value) | 1) == 1);
}

static bool is_whole(const json_t *value)
{
    int64_t n;

    return json_is_integer(value) ||
           parse_i64(json_value_str(value), INT64_MIN, INT64_MAX, &n);
}

static bool is_number(const json_t *value)
{
    double n;

    return json_is_number(value) ||
           parse_double(json_value_str(value), -HUGE_VAL, HUGE_VAL, &n);
}

static bool is_object(const json_t *value)
{
    return json_is_object(value);
}

static bool is_list_of(const json_t *value, bool (*is)(const json_t *))
{
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!is(json_array_get(value, i)))
            return false;
    return json_is_array(value);
}

static bool is_texts(const json_t *value)
{
    return is_list_of(value, is_text);
}

static bool is_objects(const json_t *value)
{
    return is_list_of(value, is_object);
}

struct type {
    const char *names, *words;
    bool (*is)(const json_t *);
};

static const struct type types[] = {
    {"accept_shrink again all all_shops allow_closed authorized draft dry_run fix fresh "
     "remove urgent",
     "true or false", is_flag},
    {"budget count expected jobs lasts_s limit price_minor share", "a whole number",
     is_whole},
    {"accept_at", "a number", is_number},
    {"locales targets tasks", "a list of texts", is_texts},
    {"decisions lessons", "a list of objects", is_objects},
    {"attributes defaults", "an object", is_object},
};
static const struct type text = {"all others", "a text", is_text};

/* ---- fields ---- */

/* The first of "target lessons[column value]", and what its rows take. */
static bool next_field(struct str *rest, struct str *name, struct str *rows)
{
    size_t n = 0;

    *rest = str_trim(*rest);
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '[')
        n++;
    *name = str_head(*rest, n);
    *rest = str_skip(*rest, n);
    *rows = (struct str){0};
    if (str_starts(*rest, "[")) {
        *rest = str_skip(*rest, 1);
        *rows = str_cut(rest, ']');
    }
    return n > 0;
}

static bool find_field(struct str fields, const char *wanted, struct str *rows)
{
    struct str name;

    while (next_field(&fields, &name, rows))
        if (str_is(name, wanted))
            return true;
    return false;
}

static const struct type *type_of(const char *name)
{
    struct str rows;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (find_field(str_of(types[i].names), name, &rows))
            return &types[i];
    return &text;
}

/* ---- reading ---- */

/* Where an object stands: list "" is the body itself. */
struct place {
    const char *list;
    size_t row;
    struct str fields; /* it may have */
};

/* "becomes", "lessons[3].becomes" */
static const char *name_at(struct api_call *c, const struct place *at, const char *key)
{
    struct str name;

    if (!*at->list)
        return key;
    name = arena_fmt(c->request->arena, "%s[%zu].%s", at->list, at->row, key);
    return name.p ? name.p : key;
}

static enum aisle_status no_such_field(struct api_call *c, const struct place *at,
                                       const char *key, struct aisle_err *err)
{
    static const char secrets[] = "app_secret secret access_token refresh_token token "
                                  "cipher";
    struct nearest near = {.typed = str_of(key)};
    struct str rest = at->fields, name, rows;

    if (find_field(str_of(secrets), key, &rows))
        return api_fail(c, 422, key, err,
                        "secrets are not taken here: an app's is set where the service "
                        "is started, a shop's come by signing in");
    while (next_field(&rest, &name, &rows))
        nearest_try(&near, name);
    api_fail(c, 400, name_at(c, at, key), err, "no field %.*s is taken here",
             STR_ARG(str_head(str_of(key), 60)));
    nearest_note(&near, err);
    return AISLE_INVALID;
}

static enum aisle_status check_object(struct api_call *c, const struct place *at,
                                      const json_t *object, struct aisle_err *err);

static enum aisle_status check_field(struct api_call *c, const struct place *at,
                                     const char *key, const json_t *value,
                                     struct aisle_err *err)
{
    const struct type *type = type_of(key);
    struct place row = {.list = key};
    enum aisle_status status = AISLE_OK;

    if (!find_field(at->fields, key, &row.fields))
        return no_such_field(c, at, key, err);
    if (json_is_null(value))
        return AISLE_OK;
    if (!type->is(value))
        return api_fail(c, 400, name_at(c, at, key), err, "%s must be %s", key,
                        type->words);
    for (; status == AISLE_OK && row.fields.n && row.row < json_array_size(value);
         row.row++)
        status = check_object(c, &row, json_array_get(value, row.row), err);
    return status;
}

/* Two calls deep at most: a row has no rows. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static enum aisle_status check_object(struct api_call *c, const struct place *at,
                                      const json_t *object, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        status = check_field(c, at, key, value, err);
        if (status != AISLE_OK)
            break;
    }
    return status;
}

enum aisle_status api_check_body(struct api_call *c, struct aisle_err *err)
{
    struct place whole = {.list = "", .fields = str_of(c->route->takes)};

    return check_object(c, &whole, c->body, err);
}

/* ---- kinds ---- */

static bool kind_takes(const struct api_kind *row, const char *field)
{
    struct str rows;

    return find_field(str_of(row->takes), field, &rows);
}

/* "carry or requirements"; empty where no kind takes the field. */
static struct str kinds_taking(struct api_call *c, const struct api_kind *kinds,
                               const char *field)
{
    struct str list = {0};

    for (const struct api_kind *row = kinds; row->kind; row++)
        if (kind_takes(row, field))
            list = str_empty(list) ? str_of(row->kind)
                                   : arena_fmt(c->request->arena, "%.*s or %s",
                                               STR_ARG(list), row->kind);
    return list;
}

static bool goes_with(const struct api_kind *kinds, struct str kind, const char *field)
{
    for (const struct api_kind *row = kinds; row->kind; row++)
        if (str_is(kind, row->kind))
            return kind_takes(row, field);
    return false;
}

enum aisle_status api_check_kind(struct api_call *c, const struct api_kind *kinds,
                                 struct str kind, struct aisle_err *err)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)c->body, key, value)
    {
        struct str taking = kinds_taking(c, kinds, key);

        if (!json_is_null(value) && !str_empty(taking) && !goes_with(kinds, kind, key))
            return api_fail(c, 400, key, err, "%s goes with kind %.*s, not with %.*s",
                            key, STR_ARG(taking), STR_ARG(str_head(kind, 40)));
    }
    return AISLE_OK;
}
