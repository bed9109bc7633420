/* check_package.c - weight and sides of the parcel */
#include "listing/judge.h"
#include "listing/measure.h"

static const struct {
    const char *name, *code;
} sides[] = {{"length", "12052005"}, {"width", "12052004"}, {"height", "12052003"}};

static struct str units_text(struct judge *j, unsigned units)
{
    struct buf b = BUF_INIT(128);
    struct str made;

    for (unsigned unit = 1; unit <= UNIT_INCH; unit <<= 1)
        if (units & unit)
            buf_addf(&b, "%s%s", b.n ? ", " : "", listing_unit_name(unit));
    made = findings_fmt(j->out, "%.*s", STR_ARG(buf_str(&b)));
    buf_clear(&b);
    return made;
}

/* The unit, or 0 when it was refused. */
static unsigned judge_unit(struct judge *j, const struct place *at, struct str name,
                           unsigned taken, const char *code)
{
    unsigned unit = listing_unit_parse(name);
    bool imperial = (unit & (UNIT_POUND | UNIT_INCH)) != 0;

    if (unit & taken)
        return unit;
    judge_error(j, at, "unit",
                !unit                                         ? code
                : imperial && unit == UNIT_INCH && j->partial ? "12019060"
                : imperial                                    ? "12019061"
                                                              : "12052916",
                SAID(.what = unit ? STR_LIT("this market does not take this unit")
                                  : STR_LIT("the unit is missing or unknown"),
                     .found = judge_quote(j, name), .allowed = units_text(j, taken),
                     .fix = unit ? STR_LIT("convert it") : STR_LIT(""),
                     .mend = unit ? MEND_UNITS : MEND_NONE));
    return 0;
}

/* ---- weight ---- */

static unsigned decimals_of_weight(unsigned unit)
{
    return unit == UNIT_GRAM ? 0 : unit == UNIT_POUND ? 2 : 3;
}

static void judge_weight_value(struct judge *j, const struct place *at, struct str value,
                               unsigned unit)
{
    struct measure m;

    if (!measure_parse(value, &m)) {
        judge_error(j, at, "weight-format", "12052006",
                    SAID(.what = STR_LIT("weight is no number"),
                         .found = judge_quote(j, value),
                         .fix = STR_LIT("write it as 0.5, or 500 g, or the unit into "
                                        "its column's heading")));
        return;
    }
    if (m.digits == 0) {
        judge_error(
            j, at, "weight-zero", "12052181",
            SAID(.what = STR_LIT("weight is zero"), .fix = STR_LIT("weigh it packed")));
        return;
    }
    if (!unit)
        return;
    if (m.decimals > decimals_of_weight(unit))
        judge_error(j, at, "weight-decimals", "12052006",
                    SAID(.what = STR_LIT("weight has too many decimals"),
                         .found = judge_quote(j, value),
                         .allowed = findings_fmt(j->out, "%u", decimals_of_weight(unit)),
                         .mend = MEND_DECIMALS));
    if (j->limits->weight_max_g && measure_grams(&m, unit) > j->limits->weight_max_g)
        judge_error(j, at, "weight-high", "12019011",
                    SAID(.what = STR_LIT("the package is too heavy"),
                         .found = findings_fmt(j->out, "%.*s %s", STR_ARG(value),
                                               listing_unit_name(unit)),
                         .allowed = findings_fmt(j->out, "%lld g",
                                                 (long long)j->limits->weight_max_g)));
}

static unsigned judge_weight(struct judge *j)
{
    const struct place *at = FIELD(NULL, "package_weight");
    const struct listing_weight *w = &j->draft->weight;
    unsigned taken = j->global ? UNIT_KILOGRAM : j->limits->weight_units, unit;

    if (!w->said) {
        if (!j->partial)
            judge_error(j, at, "weight-missing", "12019011",
                        SAID(.what = STR_LIT("weight is missing"),
                             .fix = STR_LIT("weigh it packed")));
        return 0;
    }
    unit = judge_unit(j, FIELD(at, "unit"), w->unit, taken, "12019011");
    judge_weight_value(j, FIELD(at, "value"), w->value.text, unit);
    return listing_unit_parse(w->unit);
}

/* ---- sides ---- */

static void judge_side(struct judge *j, const struct place *at, struct str value,
                       const char *code)
{
    unsigned most = j->limits->dimension_decimals ? 2 : 0;
    struct measure m;

    if (!measure_parse(value, &m))
        judge_error(j, at, "side-format", code,
                    SAID(.what = STR_LIT("a side is no number above zero"),
                         .found = judge_quote(j, value),
                         .fix = STR_LIT("write it as 20, or 20.5")));
    else if (m.digits == 0)
        judge_error(
            j, at, "side-zero", "12052116",
            SAID(.what = STR_LIT("a side is zero"), .fix = STR_LIT("measure it packed")));
    else if (m.decimals > most)
        judge_error(j, at, "side-decimals", code,
                    SAID(.what = STR_LIT("a side has too many decimals"),
                         .found = judge_quote(j, value), .allowed = judge_number(j, most),
                         .mend = MEND_DECIMALS));
}

static void judge_sides(struct judge *j, const struct place *at,
                        const struct listing_dimensions *d)
{
    const struct str values[] = {d->length.text, d->width.text, d->height.text};
    bool one_missing = false;

    for (size_t i = 0; i < 3; i++)
        one_missing = one_missing || !values[i].p;
    if (one_missing)
        judge_error(j, at, "sides-missing", "12019012",
                    SAID(.what = STR_LIT("a side is missing"),
                         .allowed = STR_LIT("length, width and height, or none")));
    for (size_t i = 0; i < 3; i++)
        if (values[i].p)
            judge_side(j, FIELD(at, sides[i].name), values[i], sides[i].code);
}

/* Volume in grams as carriers count it: 6,000 cubic centimetres are a kilogram (a guess;
 * carriers differ). */
static int64_t volume_grams(const struct listing_dimensions *d, unsigned unit)
{
    const struct str values[] = {d->length.text, d->width.text, d->height.text};
    double cubic_cm = 1;

    for (size_t i = 0; i < 3; i++) {
        struct measure m;

        if (!measure_parse(values[i], &m))
            return 0;
        cubic_cm *= measure_number(&m) * (unit == UNIT_INCH ? 2.54 : 1);
    }
    return cubic_cm < 6e12 ? (int64_t)(cubic_cm / 6) : 0;
}

static void tip_charge(struct judge *j)
{
    const struct listing_draft *d = j->draft;
    unsigned unit = listing_unit_parse(d->weight.unit);
    int64_t volume = volume_grams(&d->dimensions, listing_unit_parse(d->dimensions.unit));
    struct measure m;

    if (!unit || !volume || !measure_parse(d->weight.value.text, &m))
        return;
    if (volume > measure_grams(&m, unit))
        judge_tip(j, FIELD(NULL, "package_dimensions"), "volume-charged",
                  SAID(.what = STR_LIT("the volume is charged, as it counts more than "
                                       "the weight"),
                       .found = findings_fmt(j->out, "about %lld g", (long long)volume),
                       .allowed = findings_fmt(j->out, "%lld g",
                                               (long long)measure_grams(&m, unit)),
                       .fix = STR_LIT("a smaller parcel is cheaper to send")));
}

void judge_package(struct judge *j)
{
    const struct place *at = FIELD(NULL, "package_dimensions");
    const struct listing_dimensions *d = &j->draft->dimensions;
    unsigned weight = judge_weight(j), side;
    unsigned taken = j->global ? UNIT_CENTIMETER : j->limits->dimension_units;

    if (!d->said) {
        if (j->to_list && !j->partial && j->need && j->need->package_dimension_required)
            judge_error(j, at, "sides-missing", "12019012",
                        SAID(.what = STR_LIT("the category asks for the package's "
                                             "sides"),
                             .fix = STR_LIT("measure it packed")));
        return;
    }
    if (!d->length.text.p && !d->width.text.p && !d->height.text.p && !d->unit.p) {
        judge_error(j, at, "sides-empty", "12052487",
                    SAID(.what = STR_LIT("package_dimensions is there and empty"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
        return;
    }
    judge_unit(j, FIELD(at, "unit"), d->unit, taken, "12019012");
    judge_sides(j, at, d);
    side = listing_unit_parse(d->unit);
    if (weight && side && (weight == UNIT_POUND) != (side == UNIT_INCH))
        judge_error(
            j, FIELD(at, "unit"), "units-differ", "12052915",
            SAID(.what = STR_LIT("weight and sides are of two systems"),
                 .found = findings_fmt(j->out, "%s, %s", listing_unit_name(weight),
                                       listing_unit_name(side)),
                 .allowed = STR_LIT("KILOGRAM with CENTIMETER, POUND with INCH"),
                 .fix = STR_LIT("convert one of them"), .mend = MEND_UNITS));
    tip_charge(j);
}
