/* check_variants.c - sales attributes: what tells the SKUs of a product apart */
#include "listing/judge.h"

/* The id wins over the name. */
static bool is_same(struct str id, struct str name, struct str other_id,
                    struct str other_name)
{
    if (id.n || other_id.n)
        return str_eq(id, other_id);
    return str_eq(name, other_name);
}

static bool attribute_same(const struct listing_sales_attribute *a,
                           const struct listing_sales_attribute *b)
{
    return is_same(a->id, a->name, b->id, b->name);
}

static bool value_same(const struct listing_sales_attribute *a,
                       const struct listing_sales_attribute *b)
{
    return is_same(a->value_id, a->value_name, b->value_id, b->value_name);
}

static const struct listing_sales_attribute *
find_same(const struct listing_sku *sku, const struct listing_sales_attribute *a)
{
    for (size_t i = 0; i < sku->attribute_count; i++)
        if (attribute_same(&sku->attributes[i], a))
            return &sku->attributes[i];
    return NULL;
}

/* ---- one attribute ---- */

/* Create Global Product 202309 takes letters and digits alone in names of one's own; that
 * blanks between them are taken is a guess. */
static void judge_global_name(struct judge *j, const struct place *at, struct str name)
{
    bool plain = true;

    for (size_t i = 0; i < name.n; i++)
        plain = plain && ((unsigned char)((name.p[i] | 0x20) - 'a') < 26 ||
                          (unsigned char)(name.p[i] - '0') < 10 || name.p[i] == ' ');
    if (j->global && !plain)
        judge_error(j, at, "global-name", "12052245",
                    SAID(.what = STR_LIT("a global product's own names are letters and "
                                         "digits"),
                         .found = judge_quote(j, name),
                         .fix = STR_LIT("write it without signs and accents")));
}

static void judge_name(struct judge *j, const struct place *at,
                       const struct listing_sales_attribute *a)
{
    const struct place *name = FIELD(at, "name");
    struct text_faults faults;

    if (!a->id.n && !a->name.n) {
        judge_error(j, at, "sales-attribute-nameless", "12052241",
                    SAID(.what = STR_LIT("a sales attribute has neither id nor name")));
        return;
    }
    if (a->id.n || !a->name.n)
        return;
    faults = text_faults_of(a->name);
    judge_length(j, name, a->name, j->limits->attribute_name_max, "attribute-name-long",
                 "12052242");
    if (faults.han && !j->limits->han_allowed)
        judge_error(j, name, "attribute-name-chinese", "12052243",
                    SAID(.what = STR_LIT("attribute name has Chinese characters"),
                         .found = judge_quote(j, a->name)));
    judge_format(j, name, a->name, &faults, "12052933", MEND_NONE);
    judge_global_name(j, name, a->name);
}

static void judge_value(struct judge *j, const struct place *at,
                        const struct listing_sales_attribute *a)
{
    const struct place *name = FIELD(at, "value_name");
    struct text_faults faults;

    if (!a->value_id.n && !a->value_name.n) {
        judge_error(j, at, "sales-value-missing", "12052248",
                    SAID(.what = STR_LIT("a sales attribute has no value"),
                         .found = judge_quote(j, a->id.n ? a->id : a->name)));
        return;
    }
    if (a->value_id.n || !a->value_name.n)
        return;
    faults = text_faults_of(a->value_name);
    judge_length(j, name, a->value_name, j->limits->sales_value_name_max,
                 "sales-value-long", "12052249");
    if (faults.han && !j->limits->han_allowed)
        judge_error(j, name, "sales-value-chinese", "12052250",
                    SAID(.what = STR_LIT("a value has Chinese characters"),
                         .found = judge_quote(j, a->value_name)));
    judge_format(j, name, a->value_name, &faults, "12052934", MEND_NONE);
    judge_global_name(j, name, a->value_name);
}

/* Against the leaf's attributes. In an edit there are ids of values and attributes of
 * one's own, which only the marketplace knows. */
static void judge_ids(struct judge *j, const struct place *at,
                      const struct listing_sales_attribute *a)
{
    const struct required_attribute *known;

    if (!j->need || !j->need->attributes_known || !a->id.n)
        return;
    known = requirement_attribute(j->need, a->id);
    if (known && !known->sales) {
        judge_error(j, FIELD(at, "id"), "sales-attribute-kind",
                    j->edit ? "12019019" : "12052527",
                    SAID(.what = STR_LIT("this attribute describes the product and "
                                         "tells no SKUs apart"),
                         .found = known->name));
        return;
    }
    if (!known && !j->edit)
        judge_error(j, FIELD(at, "id"), "sales-attribute-unknown", "12052527",
                    SAID(.what = STR_LIT("the category has no such sales attribute"),
                         .found = a->id,
                         .fix = STR_LIT("name it instead: a name needs no id")));
    if (known && a->value_id.n && known->value_count && !j->edit &&
        !required_attribute_value(known, a->value_id))
        judge_error(j, FIELD(at, "value_id"), "sales-value-unknown", "12052529",
                    SAID(.what = STR_LIT("the attribute has no such value"),
                         .found = a->value_id, .allowed = judge_values_of(j, known),
                         .fix = judge_naming(j, "name it instead, as a value of",
                                             known->name, known->id),
                         .about = ABOUT(known)));
}

static void judge_pictures(struct judge *j, const struct place *at,
                           const struct listing_sales_attribute *a)
{
    const struct place *more = FIELD(at, "supplementary_sku_images");
    size_t most =
        j->limits->supplementary_images ? j->limits->supplementary_images_max : 0;

    if (a->image_said && !a->image.uri.n && !a->image.location.n)
        judge_error(j, FIELD(at, "sku_img"), "sales-image-missing", "12052522",
                    SAID(.what = STR_LIT("the image of a value has no uri")));
    else if (a->image_said)
        judge_image(j, FIELD(at, "sku_img"), &a->image, USE_SALES);
    if (a->supplementary.count && !a->image_said)
        judge_error(j, more, "supplementary-alone", "12052357",
                    SAID(.what = STR_LIT("further images need a first one in sku_img")));
    if (a->supplementary.count > most)
        judge_error(j, more, "supplementary-many", "12052356",
                    SAID(.what = most ? STR_LIT("there are too many further images")
                                      : STR_LIT("this market takes no further images"),
                         .found = judge_number(j, (int64_t)a->supplementary.count),
                         .allowed = judge_number(j, (int64_t)most),
                         .mend = most ? MEND_NONE : MEND_DROP));
    for (size_t i = 0; i < a->supplementary.count; i++)
        judge_image(j, ITEM(more, i), &a->supplementary.rows[i], USE_SALES);
}

static void judge_repeated(struct judge *j, const struct place *at,
                           const struct listing_sku *sku, size_t k)
{
    const struct listing_sales_attribute *a = &sku->attributes[k];

    for (size_t i = 0; i < k; i++) {
        if (!attribute_same(&sku->attributes[i], a) || (!a->id.n && !a->name.n))
            continue;
        judge_error(j, ITEM(at, k), "sales-attribute-twice",
                    a->id.n ? "12052254" : "12052244",
                    SAID(.what = STR_LIT("a sales attribute is there twice"),
                         .found = judge_quote(j, a->id.n ? a->id : a->name)));
        return;
    }
}

/* ---- all of them together ---- */

/* Every SKU has what the first one has. */
static void judge_same_set(struct judge *j, const struct place *skus, size_t i)
{
    const struct listing_sku *first = &j->draft->skus[0], *sku = &j->draft->skus[i];
    bool same = first->attribute_count == sku->attribute_count;

    for (size_t k = 0; same && k < sku->attribute_count; k++)
        same = find_same(first, &sku->attributes[k]) != NULL;
    if (!same)
        judge_error(j, FIELD(ITEM(skus, i), "sales_attributes"),
                    "sales-attributes-differ", "12052550",
                    SAID(.what = STR_LIT("every SKU must have the same sales attributes"),
                         .found = judge_number(j, (int64_t)sku->attribute_count),
                         .allowed = judge_number(j, (int64_t)first->attribute_count)));
}

static bool sku_same(const struct listing_sku *a, const struct listing_sku *b)
{
    if (a->attribute_count != b->attribute_count)
        return false;
    for (size_t k = 0; k < a->attribute_count; k++) {
        const struct listing_sales_attribute *other = find_same(b, &a->attributes[k]);

        if (!other || !value_same(&a->attributes[k], other))
            return false;
    }
    return true;
}

static void judge_twins(struct judge *j, const struct place *skus, size_t i)
{
    const struct listing_sku *sku = &j->draft->skus[i];

    for (size_t k = 0; k < i; k++) {
        if (!sku_same(&j->draft->skus[k], sku))
            continue;
        if (sku->attribute_count)
            judge_error(j, FIELD(ITEM(skus, i), "sales_attributes"), "sku-twice",
                        "12052560",
                        SAID(.what = STR_LIT("another SKU has the same values"),
                             .found = findings_fmt(j->out, "skus[%zu]", k)));
        else
            judge_error(j, ITEM(skus, i), "default-sku-twice", "12052559",
                        SAID(.what = STR_LIT("only one SKU may be without sales "
                                             "attributes"),
                             .found = findings_fmt(j->out, "skus[%zu]", k)));
        return;
    }
}

/* Images on values of one attribute only. */
static void judge_primary(struct judge *j, const struct place *skus)
{
    const struct listing_sales_attribute *first = NULL;

    for (size_t i = 0; i < j->draft->sku_count; i++) {
        const struct listing_sku *sku = &j->draft->skus[i];

        for (size_t k = 0; k < sku->attribute_count; k++) {
            const struct listing_sales_attribute *a = &sku->attributes[k];

            if (!a->image_said)
                continue;
            if (!first)
                first = a;
            if (attribute_same(first, a))
                continue;
            judge_error(
                j, FIELD(ITEM(FIELD(ITEM(skus, i), "sales_attributes"), k), "sku_img"),
                "images-on-two", "12052528",
                SAID(.what = STR_LIT("only one sales attribute may have images"),
                     .found = judge_quote(j, a->id.n ? a->id : a->name)));
            return;
        }
    }
}

static void judge_mandatory(struct judge *j, const struct place *skus)
{
    const struct listing_sku *first = &j->draft->skus[0];

    if (!j->to_list || !j->need || (j->draft->sku_count == 1 && !first->attribute_count))
        return;
    for (size_t i = 0; i < j->need->attribute_count; i++) {
        const struct required_attribute *a = &j->need->attributes[i];
        bool there = false;

        for (size_t k = 0; k < first->attribute_count; k++)
            there = there || str_eq(first->attributes[k].id, a->id) ||
                    (!first->attributes[k].id.n &&
                     str_eq_nocase(first->attributes[k].name, a->name));
        if (a->sales && a->required && !there)
            judge_error(j, FIELD(ITEM(skus, 0), "sales_attributes"),
                        "sales-attribute-missing", "12052550",
                        SAID(.what = STR_LIT("a mandatory sales attribute is missing"),
                             .allowed = judge_values_of(j, a),
                             .fix = judge_naming(j, "give every SKU its", a->name, a->id),
                             .about = ABOUT(a)));
    }
}

void judge_variants(struct judge *j, const struct place *skus)
{
    for (size_t i = 0; i < j->draft->sku_count; i++) {
        const struct listing_sku *sku = &j->draft->skus[i];
        const struct place *at = FIELD(ITEM(skus, i), "sales_attributes");

        if (sku->attribute_count > j->limits->sales_attributes_max)
            judge_error(
                j, at, "sales-attributes-many", "12052525",
                SAID(.what = STR_LIT("a SKU has too many sales attributes"),
                     .found = judge_number(j, (int64_t)sku->attribute_count),
                     .allowed = judge_range(j, 0, j->limits->sales_attributes_max)));
        for (size_t k = 0; k < sku->attribute_count; k++) {
            judge_name(j, ITEM(at, k), &sku->attributes[k]);
            judge_value(j, ITEM(at, k), &sku->attributes[k]);
            judge_ids(j, ITEM(at, k), &sku->attributes[k]);
            judge_pictures(j, ITEM(at, k), &sku->attributes[k]);
            judge_repeated(j, at, sku, k);
        }
        if (i > 0) {
            judge_same_set(j, skus, i);
            judge_twins(j, skus, i);
        }
    }
    judge_primary(j, skus);
    judge_mandatory(j, skus);
}
