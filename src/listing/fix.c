#include "listing/fix.h"

#include "base/text.h"
#include "listing/fixing.h"
#include "listing/identifier.h"
#include "listing/measure.h"
#include "listing/spot.h"

enum { REPAIRS_FIRST = 16 };

void fixing_tell(struct fixing *f, struct str path, const char *what, struct str was,
                 struct str is)
{
    if (f->count == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : REPAIRS_FIRST;
        struct listing_repair *rows = arena_alloc(f->arena, cap * sizeof *rows);

        if (!rows) {
            f->no_memory = true;
            return;
        }
        if (f->count)
            memcpy(rows, f->rows, f->count * sizeof *rows);
        f->rows = rows;
        f->cap = cap;
    }
    f->rows[f->count++] = (struct listing_repair){path, str_of(what), was, is};
}

struct str fixing_keep(struct fixing *f, const struct buf *b)
{
    struct str kept = b->failed ? (struct str){0} : arena_str(f->arena, buf_str(b));

    if (!kept.p)
        f->no_memory = true;
    return kept.p ? kept : STR_LIT("");
}

static bool was_done(const struct fixing *f, struct str path, const char *what)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->rows[i].path, path) && str_is(f->rows[i].what, what))
            return true;
    return false;
}

/* ---- weight and sides ---- */

static struct str measure_text(struct fixing *f, const struct measure *m)
{
    char text[MEASURE_TEXT];
    struct str made = arena_str(f->arena, str_n(text, measure_format(m, text)));

    if (!made.p)
        f->no_memory = true;
    return made.p ? made : STR_LIT("");
}

static unsigned weight_decimals(unsigned unit)
{
    return unit == UNIT_GRAM ? 0 : unit == UNIT_POUND ? 2 : 3;
}

static void convert_one(struct fixing *f, const char *path, struct str *value,
                        unsigned from, unsigned to, unsigned decimals)
{
    struct measure m;
    struct str was = *value;

    if (!measure_parse(*value, &m))
        return;
    m = measure_convert(&m, from, to, decimals);
    *value = measure_text(f, &m);
    if (!str_eq(was, *value))
        fixing_tell(f, str_of(path), from == to ? "rounded up" : "converted", was,
                    *value);
}

static void convert_weight(struct fixing *f, unsigned to)
{
    struct listing_weight *w = &f->draft->weight;
    unsigned from = listing_unit_parse(w->unit);

    if (!from || !w->said)
        return;
    convert_one(f, "package_weight.value", &w->value.text, from, to, weight_decimals(to));
    w->unit = str_of(listing_unit_name(to));
}

static void convert_sides(struct fixing *f, unsigned to)
{
    struct listing_dimensions *d = &f->draft->dimensions;
    unsigned from = listing_unit_parse(d->unit);
    unsigned decimals = f->q->limits->dimension_decimals ? 2 : 0;

    if (!from || !d->said)
        return;
    convert_one(f, "package_dimensions.length", &d->length.text, from, to, decimals);
    convert_one(f, "package_dimensions.width", &d->width.text, from, to, decimals);
    convert_one(f, "package_dimensions.height", &d->height.text, from, to, decimals);
    d->unit = str_of(listing_unit_name(to));
}

/* Into units the market takes, and the weight into the sides' system. */
static void fix_units(struct fixing *f)
{
    bool global = f->q->call == LISTING_GLOBAL;
    unsigned weights = global ? UNIT_KILOGRAM : f->q->limits->weight_units;
    unsigned sides = global ? UNIT_CENTIMETER : f->q->limits->dimension_units;
    unsigned weight = listing_unit_parse(f->draft->weight.unit);
    unsigned side = listing_unit_parse(f->draft->dimensions.unit);

    if (side && !(side & sides))
        convert_sides(f, side = UNIT_CENTIMETER);
    if (weight && !(weight & weights))
        convert_weight(f, weight = UNIT_KILOGRAM);
    if (weight && side && (weight == UNIT_POUND) != (side == UNIT_INCH))
        convert_weight(f, side == UNIT_INCH ? UNIT_POUND : UNIT_KILOGRAM);
}

static void fix_decimals(struct fixing *f, struct str path)
{
    unsigned weight = listing_unit_parse(f->draft->weight.unit);
    unsigned side = listing_unit_parse(f->draft->dimensions.unit);

    if (str_starts(path, "package_weight") && weight)
        convert_weight(f, weight);
    else if (side)
        convert_sides(f, side);
}

/* ---- a text at its place ---- */

static void fix_spaces(struct fixing *f, struct str path)
{
    struct spot spot;
    struct buf b = BUF_INIT(BUF_MAX_LINE);
    struct str *text, was;

    if (!spot_find(f, path, &spot) || spot.member->kind != MEMBER_TEXT)
        return;
    text = member_at(spot.row, spot.member->at);
    was = *text;
    for (size_t i = 0; i < was.n; i++)
        if ((unsigned char)was.p[i] > ' ' && was.p[i] != 0x7F)
            buf_addc(&b, was.p[i]);
    *text = fixing_keep(f, &b);
    buf_clear(&b);
    fixing_tell(f, path, "spaces left out", was, *text);
}

/* The path is that of the code or the type. */
static void fix_identifier(struct fixing *f, struct str path)
{
    struct spot spot;
    struct listing_sku *sku;
    const char *type;

    if (!spot_find(f, path, &spot))
        return;
    sku = spot.row;
    type = identifier_type_of(sku->identifier_code);
    if (!type)
        return;
    fixing_tell(f, path, "type of the code set by its digits", sku->identifier_type,
                str_of(type));
    sku->identifier_type = str_of(type);
}

static void fix_drop(struct fixing *f, struct str path)
{
    if (was_done(f, path, "left out"))
        return;
    if (spot_drop(f, path))
        fixing_tell(f, path, "left out", STR_LIT(""), STR_LIT(""));
}

/* ---- all of them ---- */

static void fix_one(struct fixing *f, const struct finding *finding)
{
    switch (finding->mend) {
    case MEND_TITLE_TRIM:
    case MEND_TITLE_CLEAN:
        fix_title(f);
        break;
    case MEND_DESCRIPTION_CLEAN:
        if (finding->level == FINDING_ERROR)
            fix_description(f);
        break;
    case MEND_UNITS:
        fix_units(f);
        break;
    case MEND_DECIMALS:
        fix_decimals(f, finding->path);
        break;
    case MEND_COD_OFF:
        f->draft->is_cod_allowed = LISTING_NO;
        fixing_tell(f, finding->path, "switched off", STR_LIT("true"), STR_LIT("false"));
        break;
    case MEND_SIZE_CHART_IMAGE_OFF:
        f->draft->size_chart.image_said = false;
        fixing_tell(f, finding->path, "image left out, the template stays",
                    f->draft->size_chart.image.uri, STR_LIT(""));
        break;
    case MEND_SKU_SPACES:
        fix_spaces(f, finding->path);
        break;
    case MEND_IDENTIFIER_TYPE:
        fix_identifier(f, finding->path);
        break;
    case MEND_TYPE:
        fixing_tell(f, finding->path, "written in its type", finding->found,
                    finding->allowed);
        break;
    default:
        break;
    }
}

static bool removes(const struct finding *finding)
{
    return finding->mend == MEND_DROP || finding->mend == MEND_REPEATED_VALUE;
}

enum aisle_status listing_fix(const struct listing_question *q,
                              const struct findings *findings, struct arena *arena,
                              struct listing_draft *out, struct listing_repairs *repairs,
                              struct aisle_err *err)
{
    struct listing_draft draft = *q->draft;
    struct fixing f = {.q = q, .arena = arena, .draft = &draft};

    for (size_t i = 0; i < findings->count; i++)
        fix_one(&f, &findings->rows[i]);
    /* from the last to the first, so that places in lists stay what they are */
    for (size_t i = findings->count; i-- > 0;)
        if (removes(&findings->rows[i]))
            fix_drop(&f, findings->rows[i].path);
    if (f.no_memory)
        return aisle_nomem(err);
    *out = draft;
    *repairs = (struct listing_repairs){f.rows, f.count};
    return AISLE_OK;
}
