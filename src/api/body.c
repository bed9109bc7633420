/* body.c - a body's numbers and switches are what they should be
 *
 * Handlers take what is missing as its usual value. What is there and of another type is
 * refused before: a dry_run of "ja" is no order to go ahead, and an expected of 1.5 none
 * to overwrite.
 */
#include "api/call.h"

#include <math.h>

static const char *const flags[] = {
    "accept_shrink", "again", "all",   "all_shops", "allow_closed", "authorized", "draft",
    "dry_run",       "fix",   "fresh", "remove",    "urgent",       NULL};
static const char *const whole_numbers[] = {"budget", "count",   "expected", "jobs",
                                            "limit",  "lasts_s", "share",    NULL};
static const char *const numbers[] = {"accept_at", NULL};

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

static const char *wrong_of(const json_t *object, const char *const *keys,
                            bool (*is)(const json_t *))
{
    for (; *keys; keys++) {
        const json_t *value = json_at(object, *keys);

        if (value && !is(value))
            return *keys;
    }
    return NULL;
}

static enum aisle_status check_object(struct api_call *c, const json_t *object,
                                      struct aisle_err *err)
{
    const char *key = wrong_of(object, flags, is_flag);

    if (key)
        return api_fail(c, 400, key, err, "%s must be true or false", key);
    key = wrong_of(object, whole_numbers, is_whole);
    if (key)
        return api_fail(c, 400, key, err, "%s must be a whole number", key);
    key = wrong_of(object, numbers, is_number);
    return key ? api_fail(c, 400, key, err, "%s must be a number", key) : AISLE_OK;
}

enum aisle_status api_check_body(struct api_call *c, struct aisle_err *err)
{
    static const char *const lists[] = {"decisions", "lessons"};
    enum aisle_status status = check_object(c, c->body, err);

    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        const json_t *list = json_list(c->body, lists[l]);

        for (size_t i = 0; status == AISLE_OK && i < json_array_size(list); i++)
            status = check_object(c, json_array_get(list, i), err);
    }
    return status;
}
