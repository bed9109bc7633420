/* Objects that say nothing: left out they are fine, empty they are not (12052487,
 * changelog updates-to-product-errors). */
#include "sandbox/market/judge.h"

static bool is_blank(const json_t *object)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return false;
    json_object_foreach((json_t *)object, key,
                        value) if (!json_is_string(value) ||
                                   json_string_length(value)) return false;
    return true;
}

bool step_presence(struct judge *j)
{
    static const char *const objects[] = {"package_dimensions", "manufacturer", "video",
                                          "size_chart"};
    const json_t *skus = judge_skus(j);

    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (is_blank(json_at(j->body, objects[i])))
            return judge_fail(j, 12052487);
    for (size_t i = 0; i < json_array_size(skus); i++)
        if (is_blank(json_at(json_array_get(skus, i), "identifier_code")))
            return judge_fail(j, 12052487);
    return true;
}
