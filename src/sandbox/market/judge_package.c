/* The parcel: kilograms with three decimals, pounds with two, grams whole; sides above
 * nothing, with two decimals (since June 2026). Both in one system of measures. */
#include "sandbox/market/judge.h"

static bool check_unit(struct judge *j, struct str unit)
{
    if (str_is(unit, "KILOGRAM"))
        return true;
    if (str_is(unit, "POUND") && !j->global)
        return j->region->pounds ? true : judge_fail(j, 12019061);
    if (str_is(unit, "GRAM") && !j->global)
        return j->region->grams ? true : judge_fail(j, 12052916);
    return judge_fail(j, 12019011);
}

static bool check_weight(struct judge *j, const json_t *weight)
{
    struct str unit = json_str(weight, "unit");
    size_t decimals = str_is(unit, "GRAM") ? 0 : str_is(unit, "POUND") ? 2 : 3;
    double value = 0;

    if (!check_unit(j, unit))
        return false;
    if (!text_is_amount(json_str(weight, "value"), decimals, &value))
        return judge_fail(j, 12052006);
    if (value <= 0)
        return judge_fail(j, 12052181);
    value *= str_is(unit, "KILOGRAM") ? 1000 : str_is(unit, "POUND") ? 453.59237 : 1;
    return j->global || !j->region->weight_max_g || value <= j->region->weight_max_g
               ? true
               : judge_fail(j, 12019011);
}

static bool check_side(struct judge *j, struct str side, int64_t code)
{
    double length;

    if (!text_is_amount(side, 2, &length))
        return judge_fail(j, code);
    return length > 0 ? true : judge_fail(j, 12052116);
}

static bool check_size(struct judge *j, const json_t *size)
{
    struct str unit = json_str(size, "unit");
    bool inches = str_is(unit, "INCH");
    bool pounds = str_is(json_str(json_at(j->body, "package_weight"), "unit"), "POUND");

    if (!json_at(size, "length") || !json_at(size, "width") || !json_at(size, "height"))
        return judge_fail(j, 12019012);
    if (!inches && !str_is(unit, "CENTIMETER"))
        return judge_fail(j, 12052116);
    if (inches && (!j->region->inches || j->global))
        return judge_fail(j, j->part ? 12019060 : 12019061);
    if (inches != pounds)
        return judge_fail(j, 12052915);
    return check_side(j, json_str(size, "height"), 12052003) &&
           check_side(j, json_str(size, "width"), 12052004) &&
           check_side(j, json_str(size, "length"), 12052005);
}

bool step_package(struct judge *j)
{
    const json_t *size = json_at(j->body, "package_dimensions");
    bool wanted = json_flag(json_at(j->rules, "package_dimension"), "is_required", false);

    if (!check_weight(j, json_at(j->body, "package_weight")))
        return false;
    if (size)
        return check_size(j, size);
    return wanted && !j->draft ? judge_fail(j, 12019012) : true;
}
