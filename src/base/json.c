#include "base/json.h"

#include "base/c_locale.h"

#include <errno.h>
#include <math.h>

/* jansson quotes what it stumbled over ("... near 'eyJhb'"): that may be a token of
 * someone's. */
static int length_without_quote(const char *text)
{
    const char *near = strstr(text, " near '");

    return near ? (int)(near - text) : (int)strlen(text);
}

static enum aisle_status not_read(const json_error_t *e, bool no_memory, const char *what,
                                  struct aisle_err *err)
{
    enum json_error_code code = json_error_code(e);

    if (no_memory || code == json_error_out_of_memory)
        return aisle_nomem(err);
    if (code == json_error_stack_overflow)
        return aisle_fail(err, AISLE_LIMIT, "%s is nested too deep, line %d column %d",
                          what, e->line, e->column);
    if (code == json_error_null_character)
        return aisle_fail(err, AISLE_GARBLED,
                          "%s is no JSON we can read: a NUL (\\u0000) in a text, line %d "
                          "column %d",
                          what, e->line, e->column);
    if (code == json_error_duplicate_key)
        return aisle_fail(err, AISLE_GARBLED,
                          "%s says a field twice: the second ends at line %d column %d",
                          what, e->line, e->column);
    return aisle_fail(err, AISLE_GARBLED,
                      "%s is no JSON we can read: %.*s, line %d column %d", what,
                      length_without_quote(e->text), e->text, e->line, e->column);
}

static enum aisle_status read_with(size_t flags, struct str text, size_t max,
                                   const char *what, json_t **out, struct aisle_err *err)
{
    json_error_t e = {.line = -1};
    struct c_locale locale;
    bool no_memory;
    json_t *value;

    if (text.n > max)
        return aisle_fail(err, AISLE_LIMIT, "%s has %zu bytes, more than the %zu allowed",
                          what, text.n, max);
    if (str_starts(text, "\xEF\xBB\xBF"))
        text = str_skip(text, 3);
    if (str_trim(text).n == 0)
        return aisle_fail(err, AISLE_GARBLED, "%s is empty", what);

    errno = 0; /* jansson calls a failed malloc within a token a syntax error */
    locale = c_locale_enter();
    value = json_loadb(text.p, text.n, flags, &e);
    no_memory = !value && errno == ENOMEM;
    c_locale_leave(locale);
    if (!value)
        return not_read(&e, no_memory, what, err);
    *out = value;
    return AISLE_OK;
}

enum aisle_status json_read(struct str text, size_t max, const char *what, json_t **out,
                            struct aisle_err *err)
{
    return read_with(0, text, max, what, out, err);
}

enum aisle_status json_read_strict(struct str text, size_t max, const char *what,
                                   json_t **out, struct aisle_err *err)
{
    return read_with(JSON_REJECT_DUPLICATES, text, max, what, out, err);
}

struct str json_value_str(const json_t *value)
{
    return json_is_string(value)
               ? str_n(json_string_value(value), json_string_length(value))
               : STR_LIT("");
}

struct str json_str(const json_t *object, const char *key)
{
    return json_value_str(json_object_get(object, key));
}

struct str json_text(const json_t *object, const char *key, struct arena *arena)
{
    const json_t *value = json_object_get(object, key);

    if (json_is_integer(value))
        return arena_fmt(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return arena_str(arena, json_value_str(value));
}

int64_t json_int(const json_t *object, const char *key, int64_t absent)
{
    const json_t *value = json_object_get(object, key);
    int64_t n = absent;

    if (json_is_integer(value))
        return json_integer_value(value);
    parse_i64(json_value_str(value), INT64_MIN, INT64_MAX, &n);
    return n;
}

double json_num(const json_t *object, const char *key, double absent)
{
    const json_t *value = json_object_get(object, key);
    double n = absent;

    if (json_is_number(value))
        return json_number_value(value);
    parse_double(json_value_str(value), -HUGE_VAL, HUGE_VAL, &n);
    return n;
}

bool json_flag(const json_t *object, const char *key, bool absent)
{
    const json_t *value = json_object_get(object, key);
    bool flag = absent;

    if (json_is_boolean(value))
        return json_is_true(value);
    if (json_is_integer(value) && (json_integer_value(value) | 1) == 1)
        return json_integer_value(value) == 1;
    parse_bool(json_value_str(value), &flag);
    return flag;
}

static const json_t *unless_null(const json_t *value)
{
    return json_is_null(value) ? NULL : value;
}

const json_t *json_at(const json_t *object, const char *key)
{
    return unless_null(json_object_get(object, key));
}

const json_t *json_list(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_array(value) ? value : NULL;
}

const json_t *json_at_nocase(const json_t *object, const char *key)
{
    json_t *const o =
        (json_t *)(uintptr_t)object; /* jansson's iterators want it writable */
    const json_t *exact = json_at(object, key);

    if (exact)
        return exact;
    for (void *i = json_object_iter(o); i; i = json_object_iter_next(o, i))
        if (str_eq_nocase(str_of(json_object_iter_key(i)), str_of(key)) &&
            !json_is_null(json_object_iter_value(i)))
            return json_object_iter_value(i);
    return NULL;
}

static const char *type_name(const json_t *value)
{
    if (!value)
        return "missing";
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "text";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

static enum aisle_status wrong_type(const json_t *value, const char *key,
                                    const char *where, const char *wanted,
                                    struct aisle_err *err)
{
    return aisle_fail(err, AISLE_GARBLED, "%s: %s is %s, not %s", where, key,
                      type_name(value), wanted);
}

enum aisle_status json_need_str(const json_t *object, const char *key, const char *where,
                                struct str *out, struct aisle_err *err)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_string(value))
        return wrong_type(value, key, where, "text", err);
    *out = json_value_str(value);
    return AISLE_OK;
}

enum aisle_status json_need_list(const json_t *object, const char *key, const char *where,
                                 const json_t **out, struct aisle_err *err)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_array(value))
        return wrong_type(value, key, where, "a list", err);
    *out = value;
    return AISLE_OK;
}

static int add_dumped(const char *p, size_t n, void *ctx)
{
    struct buf *out = ctx;

    buf_add(out, str_n(p, n));
    return out->failed ? -1 : 0;
}

bool json_dump_to(struct buf *out, const json_t *value)
{
    return json_dump_callback(value, add_dumped, out, JSON_COMPACT | JSON_ENCODE_ANY) ==
           0;
}
