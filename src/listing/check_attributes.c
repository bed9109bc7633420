/* check_attributes.c - product attributes against what the leaf asks for */
#include "listing/judge.h"
#include "listing/measure.h"

static const struct listing_attribute *find_attribute(const struct listing_draft *d,
                                                      struct str id)
{
    for (size_t i = 0; i < d->attribute_count; i++)
        if (str_eq(d->attributes[i].id, id))
            return &d->attributes[i];
    return NULL;
}

/* By its id, or by the name that id has. */
static bool has_value(const struct judge *j, const struct listing_attribute *a,
                      struct str value_id)
{
    const struct required_attribute *known = requirement_attribute(j->need, a->id);
    const struct required_value *value =
        known ? required_attribute_value(known, value_id) : NULL;

    for (size_t i = 0; i < a->value_count; i++) {
        if (str_eq(a->values[i].id, value_id))
            return true;
        if (!a->values[i].id.n && value && str_eq_nocase(a->values[i].name, value->name))
            return true;
    }
    return false;
}

bool conditions_hold(const struct judge *j, const struct requirement_conditions *when)
{
    for (size_t i = 0; i < when->count; i++) {
        const struct listing_attribute *a =
            find_attribute(j->draft, when->rows[i].attribute_id);

        if (a && has_value(j, a, when->rows[i].value_id))
            return true;
    }
    return false;
}

/* ---- what an attribute takes, in words ---- */

enum { VALUES_SHOWN = 6, VALUES_TEXT = 240 };

/* "Cotton, Linen, Wool and 9 more". */
struct str judge_values_of(struct judge *j, const struct required_attribute *a)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    size_t shown = 0;
    struct str made;

    if (a->number)
        return STR_LIT("a number above zero");
    if (!a->value_count)
        return STR_LIT("any text");
    while (shown < a->value_count && shown < VALUES_SHOWN && text.n < VALUES_TEXT) {
        buf_addz(&text, shown ? ", " : "");
        buf_add(&text, a->values[shown++].name);
    }
    if (shown < a->value_count)
        buf_addf(&text, " and %zu more", a->value_count - shown);
    if (a->customizable)
        buf_addz(&text, ", or any text");
    made = findings_fmt(j->out, "%.*s", STR_ARG(buf_str(&text)));
    buf_clear(&text);
    return made;
}

/* "Material (100392)", after the words that say what to do with it. */
struct str judge_naming(struct judge *j, const char *doing, struct str name,
                        struct str id)
{
    return str_empty(name) ? findings_fmt(j->out, "%s %.*s", doing, STR_ARG(id))
                           : findings_fmt(j->out, "%s %.*s (%.*s)", doing, STR_ARG(name),
                                          STR_ARG(id));
}

/* ---- one value ---- */

static void judge_name(struct judge *j, const struct place *at, struct str name)
{
    struct text_faults faults = text_faults_of(name);

    judge_length(j, at, name, j->limits->value_name_max, "value-long", "12052249");
    if (faults.han && !j->limits->han_allowed)
        judge_error(j, at, "value-chinese", "12052250",
                    SAID(.what = STR_LIT("a value has Chinese characters"),
                         .found = judge_quote(j, name)));
    if (faults.garbage)
        judge_error(j, at, "value-garbage", "12052245",
                    SAID(.what = STR_LIT("a value has code points that are no "
                                         "characters"),
                         .found = judge_quote(j, name)));
    judge_format(j, at, name, &faults, "12052935", MEND_NONE);
}

static void judge_against(struct judge *j, const struct place *at,
                          const struct listing_value *v,
                          const struct required_attribute *known)
{
    struct measure m;

    if (v->id.n) {
        if (known->value_count && !required_attribute_value(known, v->id))
            judge_error(j, FIELD(at, "id"), "value-unknown", "12052529",
                        SAID(.what = STR_LIT("the attribute has no such value"),
                             .found = v->id, .allowed = judge_values_of(j, known),
                             .fix = judge_naming(j, "pick one of the values of",
                                                 known->name, known->id),
                             .about = ABOUT(known)));
        return;
    }
    if (known->number) {
        if (!measure_parse(v->name, &m) || m.digits == 0)
            judge_error(
                j, FIELD(at, "name"), "value-number", "12052256",
                SAID(.what = STR_LIT("a value must be a number above zero"),
                     .found = judge_quote(j, v->name),
                     .fix = judge_naming(j, "say a number for", known->name, known->id),
                     .about = ABOUT(known)));
        return;
    }
    if (known->customizable || !known->value_count)
        return;
    for (size_t i = 0; i < known->value_count; i++)
        if (str_eq_nocase(known->values[i].name, v->name)) {
            judge_tip(j, FIELD(at, "name"), "value-by-name",
                      SAID(.what = STR_LIT("this value has an id"),
                           .found = judge_quote(j, v->name),
                           .allowed = known->values[i].id));
            return;
        }
    judge_error(
        j, FIELD(at, "name"), "value-custom", "12052247",
        SAID(.what = STR_LIT("the attribute takes no values of one's own"),
             .found = judge_quote(j, v->name), .allowed = judge_values_of(j, known),
             .fix = judge_naming(j, "pick one of the values of", known->name, known->id),
             .about = ABOUT(known)));
}

static void judge_value(struct judge *j, const struct place *at,
                        const struct listing_value *v,
                        const struct required_attribute *known)
{
    if (!v->id.n && str_empty(str_trim(v->name))) {
        judge_error(j, at, "value-empty", "12052248",
                    SAID(.what = STR_LIT("a value has neither id nor name")));
        return;
    }
    if (!v->id.n)
        judge_name(j, FIELD(at, "name"), v->name);
    if (known)
        judge_against(j, at, v, known);
}

static void judge_repeated(struct judge *j, const struct place *values,
                           const struct listing_attribute *a, size_t i)
{
    const struct listing_value *v = &a->values[i];

    for (size_t k = 0; k < i; k++) {
        bool id = v->id.n && str_eq(a->values[k].id, v->id);
        bool name = !v->id.n && v->name.n && !a->values[k].id.n &&
                    str_eq(a->values[k].name, v->name);

        if (!id && !name)
            continue;
        judge_error(j, ITEM(values, i), "value-twice", id ? "12052253" : "12052251",
                    SAID(.what = STR_LIT("a value is there twice"),
                         .found = judge_quote(j, id ? v->id : v->name),
                         .fix = STR_LIT("leave the second one out"),
                         .mend = MEND_REPEATED_VALUE));
        return;
    }
}

/* ---- one attribute ---- */

static bool judge_id(struct judge *j, const struct place *at, size_t i,
                     const struct required_attribute **known)
{
    struct str id = j->draft->attributes[i].id;

    *known = NULL;
    if (!id.n) {
        judge_error(j, FIELD(at, "id"), "attribute-nameless", "12052241",
                    SAID(.what = STR_LIT("an attribute has no id")));
        return false;
    }
    if (find_attribute(j->draft, id) != &j->draft->attributes[i])
        judge_error(j, FIELD(at, "id"), "attribute-twice", "12052254",
                    SAID(.what = STR_LIT("an attribute is there twice"), .found = id,
                         .fix = STR_LIT("put its values into one")));
    if (!j->need || !j->need->attributes_known)
        return true;
    *known = requirement_attribute(j->need, id);
    if (!*known || (*known)->sales) {
        judge_error(j, FIELD(at, "id"), "attribute-unknown", "12052240",
                    SAID(.what = *known ? STR_LIT("this attribute tells SKUs apart and "
                                                  "belongs to them")
                                        : STR_LIT("the category has no such attribute"),
                         .found = id, .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
        return false;
    }
    return true;
}

static void judge_attribute(struct judge *j, const struct place *at, size_t i)
{
    const struct listing_attribute *a = &j->draft->attributes[i];
    const struct place *values = FIELD(at, "values");
    const struct required_attribute *known;

    if (!judge_id(j, at, i, &known))
        return;
    if (a->value_count == 0)
        judge_error(j, values, "value-empty", "12052248",
                    SAID(.what = STR_LIT("an attribute has no value"), .found = a->id,
                         .fix = STR_LIT("say one, or leave the attribute out"),
                         .mend = MEND_DROP));
    for (size_t k = 0; k < a->value_count; k++) {
        judge_value(j, ITEM(values, k), &a->values[k], known);
        judge_repeated(j, values, a, k);
    }
    if (!known)
        return;
    if (a->value_count > 1 && !known->multiple)
        judge_error(
            j, values, "values-many", "12052246",
            SAID(.what = STR_LIT("the attribute takes one value"),
                 .found = judge_number(j, (int64_t)a->value_count),
                 .allowed = STR_LIT("1"),
                 .fix = judge_naming(j, "keep one value of", known->name, known->id),
                 .about = ABOUT(known)));
    if (!known->required && known->when.count && !conditions_hold(j, &known->when))
        judge_error(j, at, "attribute-out-of-place", "12052183",
                    SAID(.what = STR_LIT("the attribute does not go with the values "
                                         "of the others"),
                         .found = known->name, .fix = STR_LIT("leave it out"),
                         .about = ABOUT(known), .mend = MEND_DROP));
}

/* ---- those that are missing ---- */

static void judge_missing(struct judge *j, const struct place *at)
{
    for (size_t i = 0; i < j->need->attribute_count; i++) {
        const struct required_attribute *a = &j->need->attributes[i];

        if (a->sales || find_attribute(j->draft, a->id) ||
            !(a->required || conditions_hold(j, &a->when)))
            continue;
        judge_error(j, at, a->required ? "attribute-missing" : "attribute-asked-for",
                    a->required ? "12052104" : "12052182",
                    SAID(.what = a->required ? STR_LIT("a mandatory attribute is missing")
                                             : STR_LIT("an attribute that a value asks "
                                                       "for is missing"),
                         .allowed = judge_values_of(j, a),
                         .fix = judge_naming(j, "fill in", a->name, a->id),
                         .about = ABOUT(a)));
    }
}

void judge_attributes(struct judge *j)
{
    const struct place *at = FIELD(NULL, "product_attributes");

    for (size_t i = 0; i < j->draft->attribute_count; i++)
        judge_attribute(j, ITEM(at, i), i);
    if (j->to_list && j->need && j->need->attributes_known &&
        !(j->partial && !j->draft->attributes))
        judge_missing(j, at);
}
