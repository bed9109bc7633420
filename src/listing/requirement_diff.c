#include "listing/requirement_diff.h"

#include <assert.h>

static const char *const names[] = {
    [REQUIREMENT_ATTRIBUTE_ADDED] = "attribute-added",
    [REQUIREMENT_ATTRIBUTE_REMOVED] = "attribute-removed",
    [REQUIREMENT_ATTRIBUTE_RENAMED] = "attribute-renamed",
    [REQUIREMENT_BECAME_MANDATORY] = "became-mandatory",
    [REQUIREMENT_BECAME_OPTIONAL] = "became-optional",
    [REQUIREMENT_ATTRIBUTE_KIND] = "attribute-kind",
    [REQUIREMENT_CONDITIONS_CHANGED] = "conditions-changed",
    [REQUIREMENT_VALUE_ADDED] = "value-added",
    [REQUIREMENT_VALUE_REMOVED] = "value-removed",
    [REQUIREMENT_VALUE_RENAMED] = "value-renamed",
    [REQUIREMENT_CERTIFICATE_ADDED] = "certificate-added",
    [REQUIREMENT_CERTIFICATE_REMOVED] = "certificate-removed",
    [REQUIREMENT_CERTIFICATE_DEMANDED] = "certificate-demanded",
    [REQUIREMENT_CERTIFICATE_RELAXED] = "certificate-relaxed",
    [REQUIREMENT_CERTIFICATE_CHANGED] = "certificate-changed",
    [REQUIREMENT_RULE_DEMANDED] = "rule-demanded",
    [REQUIREMENT_RULE_RELAXED] = "rule-relaxed",
    [REQUIREMENT_ALLOWED] = "allowed",
    [REQUIREMENT_NO_LONGER_ALLOWED] = "no-longer-allowed",
};

const char *requirement_change_name(enum requirement_change change)
{
    return names[change];
}

/* What a listing that was right can trip over. */
static bool breaks(enum requirement_change change)
{
    switch (change) {
    case REQUIREMENT_ATTRIBUTE_REMOVED:
    case REQUIREMENT_BECAME_MANDATORY:
    case REQUIREMENT_ATTRIBUTE_KIND:
    case REQUIREMENT_CONDITIONS_CHANGED:
    case REQUIREMENT_VALUE_REMOVED:
    case REQUIREMENT_CERTIFICATE_REMOVED:
    case REQUIREMENT_CERTIFICATE_DEMANDED:
    case REQUIREMENT_RULE_DEMANDED:
    case REQUIREMENT_NO_LONGER_ALLOWED:
        return true;
    default:
        return false;
    }
}

struct walk {
    requirement_diff_fn *fn;
    void *ctx;
    struct aisle_err *err;
    enum aisle_status status;
    bool one_locale; /* names may be compared */
};

static void tell(struct walk *w, enum requirement_change change,
                 struct requirement_diff diff)
{
    diff.change = change;
    diff.breaks = diff.breaks || breaks(change);
    if (w->status == AISLE_OK)
        w->status = w->fn(w->ctx, &diff, w->err);
}

/* ---- rules ---- */

static void compare_flag(struct walk *w, const char *rule, bool was, bool is,
                         enum requirement_change on, enum requirement_change off)
{
    if (was != is)
        tell(w, is ? on : off, (struct requirement_diff){.id = str_of(rule)});
}

static bool has_word(struct str words, struct str word)
{
    while (!str_empty(words))
        if (str_eq(str_cut(&words, ','), word))
            return true;
    return false;
}

/* The words of one list that the other lacks. */
static void compare_words(struct walk *w, struct str of, struct str other,
                          enum requirement_change change)
{
    while (!str_empty(of)) {
        struct str word = str_cut(&of, ',');

        if (!has_word(other, word))
            tell(w, change, (struct requirement_diff){.id = word});
    }
}

/* Of the markets of a global leaf that demand a thing some came, or some went. */
static void compare_markets(struct walk *w, struct requirement_diff d, struct str was,
                            struct str is, enum requirement_change on,
                            enum requirement_change off)
{
    d.was = was;
    d.is = is;
    for (struct str rest = is; !str_empty(rest);)
        if (!has_word(was, str_cut(&rest, ','))) {
            tell(w, on, d);
            return;
        }
    if (!str_eq(was, is))
        tell(w, off, d);
}

static bool fee_required(const struct requirement *r, struct str type)
{
    for (size_t i = 0; i < r->fee_count; i++)
        if (str_eq(r->fees[i].type, type))
            return r->fees[i].required;
    return false;
}

static void compare_fees(struct walk *w, const struct requirement *was,
                         const struct requirement *is)
{
    for (size_t i = 0; i < is->fee_count; i++)
        if (is->fees[i].required && !fee_required(was, is->fees[i].type))
            tell(w, REQUIREMENT_RULE_DEMANDED,
                 (struct requirement_diff){.id = is->fees[i].type});
    for (size_t i = 0; i < was->fee_count; i++)
        if (was->fees[i].required && !fee_required(is, was->fees[i].type))
            tell(w, REQUIREMENT_RULE_RELAXED,
                 (struct requirement_diff){.id = was->fees[i].type});
}

static void compare_rules(struct walk *w, const struct requirement *was,
                          const struct requirement *is)
{
    const struct {
        const char *rule;
        bool was, is;
    } demands[] = {
        {"size_chart", was->size_chart_required, is->size_chart_required},
        {"package_dimension", was->package_dimension_required,
         is->package_dimension_required},
        {"epr", was->epr_required, is->epr_required},
        {"manufacturer", was->manufacturer_required, is->manufacturer_required},
        {"responsible_person", was->responsible_person_required,
         is->responsible_person_required},
    };

    for (size_t i = 0; i < sizeof demands / sizeof *demands; i++)
        compare_flag(w, demands[i].rule, demands[i].was, demands[i].is,
                     REQUIREMENT_RULE_DEMANDED, REQUIREMENT_RULE_RELAXED);
    compare_flag(w, "cod", was->cod_supported, is->cod_supported, REQUIREMENT_ALLOWED,
                 REQUIREMENT_NO_LONGER_ALLOWED);
    compare_flag(w, "size_chart", was->size_chart_supported, is->size_chart_supported,
                 REQUIREMENT_ALLOWED, REQUIREMENT_NO_LONGER_ALLOWED);
    compare_words(w, is->special_types, was->special_types, REQUIREMENT_ALLOWED);
    compare_words(w, was->special_types, is->special_types,
                  REQUIREMENT_NO_LONGER_ALLOWED);
    compare_fees(w, was, is);
    compare_markets(w, (struct requirement_diff){.id = STR_LIT("manufacturer")},
                    was->manufacturer_in, is->manufacturer_in, REQUIREMENT_RULE_DEMANDED,
                    REQUIREMENT_RULE_RELAXED);
    compare_markets(w, (struct requirement_diff){.id = STR_LIT("responsible_person")},
                    was->responsible_person_in, is->responsible_person_in,
                    REQUIREMENT_RULE_DEMANDED, REQUIREMENT_RULE_RELAXED);
}

/* ---- certificates ---- */

static bool conditions_same(const struct requirement_conditions *a,
                            const struct requirement_conditions *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!str_eq(a->rows[i].attribute_id, b->rows[i].attribute_id) ||
            !str_eq(a->rows[i].value_id, b->rows[i].value_id) ||
            !str_eq(a->rows[i].region, b->rows[i].region))
            return false;
    return true;
}

static struct requirement_diff about_certificate(const struct required_certificate *c)
{
    return (struct requirement_diff){.id = c->id, .name = c->name};
}

static void compare_certificate(struct walk *w, const struct required_certificate *was,
                                const struct required_certificate *is)
{
    struct requirement_diff d = about_certificate(is);

    if (was->required != is->required)
        tell(w,
             is->required ? REQUIREMENT_CERTIFICATE_DEMANDED
                          : REQUIREMENT_CERTIFICATE_RELAXED,
             d);
    else
        compare_markets(w, d, was->required_in, is->required_in,
                        REQUIREMENT_CERTIFICATE_DEMANDED,
                        REQUIREMENT_CERTIFICATE_RELAXED);
    if (!conditions_same(&was->when, &is->when))
        tell(w, REQUIREMENT_CONDITIONS_CHANGED, d);
    if (was->expiration_required != is->expiration_required) {
        d.breaks = is->expiration_required;
        tell(w, REQUIREMENT_CERTIFICATE_CHANGED, d);
    } else if (w->one_locale &&
               (!str_eq(was->name, is->name) || !str_eq(was->details, is->details))) {
        d.was = str_eq(was->name, is->name) ? was->details : was->name;
        d.is = str_eq(was->name, is->name) ? is->details : is->name;
        tell(w, REQUIREMENT_CERTIFICATE_CHANGED, d);
    }
}

static void compare_certificates(struct walk *w, const struct requirement *was,
                                 const struct requirement *is)
{
    size_t a = 0, b = 0;

    while (w->status == AISLE_OK &&
           (a < was->certificate_count || b < is->certificate_count)) {
        const struct required_certificate *x =
            a < was->certificate_count ? &was->certificates[a] : NULL;
        const struct required_certificate *y =
            b < is->certificate_count ? &is->certificates[b] : NULL;
        int order = x && y ? str_cmp(x->id, y->id) : 0;

        assert(x || y);
        if (order > 0)
            x = NULL;
        else if (order < 0)
            y = NULL;
        a += x != NULL;
        b += y != NULL;
        if (!x)
            tell(w,
                 y->required ? REQUIREMENT_CERTIFICATE_DEMANDED
                             : REQUIREMENT_CERTIFICATE_ADDED,
                 about_certificate(y));
        else if (!y)
            tell(w, REQUIREMENT_CERTIFICATE_REMOVED, about_certificate(x));
        else
            compare_certificate(w, x, y);
    }
}

/* ---- attributes ---- */

static struct requirement_diff about(const struct required_attribute *a)
{
    return (struct requirement_diff){.id = a->id, .name = a->name};
}

static void compare_values(struct walk *w, const struct required_attribute *was,
                           const struct required_attribute *is)
{
    struct requirement_diff d = about(is);

    for (size_t i = 0; i < was->value_count; i++) {
        const struct required_value *then = &was->values[i];
        const struct required_value *now = required_attribute_value(is, then->id);

        d.value_id = then->id;
        d.was = then->name;
        d.is = now ? now->name : STR_LIT("");
        if (!now)
            tell(w, REQUIREMENT_VALUE_REMOVED, d);
        else if (w->one_locale && !str_eq(then->name, now->name))
            tell(w, REQUIREMENT_VALUE_RENAMED, d);
    }
    for (size_t i = 0; i < is->value_count; i++) {
        const struct required_value *now = &is->values[i];

        d.value_id = now->id;
        d.was = STR_LIT("");
        d.is = now->name;
        if (!required_attribute_value(was, now->id))
            tell(w, REQUIREMENT_VALUE_ADDED, d);
    }
}

static void compare_attribute(struct walk *w, const struct required_attribute *was,
                              const struct required_attribute *is)
{
    struct requirement_diff d = about(is);

    if (was->required != is->required)
        tell(w, is->required ? REQUIREMENT_BECAME_MANDATORY : REQUIREMENT_BECAME_OPTIONAL,
             d);
    else
        compare_markets(w, d, was->required_in, is->required_in,
                        REQUIREMENT_BECAME_MANDATORY, REQUIREMENT_BECAME_OPTIONAL);
    if (was->sales != is->sales || was->customizable != is->customizable ||
        was->multiple != is->multiple || was->number != is->number)
        tell(w, REQUIREMENT_ATTRIBUTE_KIND, d);
    if (!conditions_same(&was->when, &is->when))
        tell(w, REQUIREMENT_CONDITIONS_CHANGED, d);
    compare_values(w, was, is);
    if (w->one_locale && !str_eq(was->name, is->name)) {
        d.was = was->name;
        d.is = is->name;
        tell(w, REQUIREMENT_ATTRIBUTE_RENAMED, d);
    }
}

static void tell_new_attribute(struct walk *w, const struct required_attribute *is)
{
    struct requirement_diff d = about(is);

    d.breaks = is->required;
    tell(w, REQUIREMENT_ATTRIBUTE_ADDED, d);
}

static void compare_attributes(struct walk *w, const struct requirement *was,
                               const struct requirement *is)
{
    size_t a = 0, b = 0;

    while (w->status == AISLE_OK &&
           (a < was->attribute_count || b < is->attribute_count)) {
        const struct required_attribute *x =
            a < was->attribute_count ? &was->attributes[a] : NULL;
        const struct required_attribute *y =
            b < is->attribute_count ? &is->attributes[b] : NULL;
        int order = x && y ? str_cmp(x->id, y->id) : 0;

        assert(x || y);
        if (order > 0)
            x = NULL;
        else if (order < 0)
            y = NULL;
        a += x != NULL;
        b += y != NULL;
        if (!x)
            tell_new_attribute(w, y);
        else if (!y)
            tell(w, REQUIREMENT_ATTRIBUTE_REMOVED, about(x));
        else
            compare_attribute(w, x, y);
    }
}

enum aisle_status requirement_diff(const struct requirement *was,
                                   const struct requirement *is, requirement_diff_fn *fn,
                                   void *ctx, struct aisle_err *err)
{
    struct walk w = {
        .fn = fn, .ctx = ctx, .err = err, .one_locale = str_eq(was->locale, is->locale)};

    if (was->rules_known && is->rules_known) {
        compare_rules(&w, was, is);
        compare_certificates(&w, was, is);
    }
    if (was->attributes_known && is->attributes_known)
        compare_attributes(&w, was, is);
    return w.status;
}
