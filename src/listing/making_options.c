/* making_options.c - what variants differ by, and their pictures
 *
 * A marketplace has a picture for a value of one attribute (sku_img), not for a variant.
 */
#include "listing/making.h"
#include "listing/members.h"
#include "listing/words.h"

/* The ids a leaf has for an option and its value, by what was taught and by name. */
static void name_as_known(struct making *m, const struct required_attribute *known,
                          struct str column, struct str value,
                          struct listing_sales_attribute *a)
{
    const struct attribute_lesson *l = listing_lesson_for(m->q, column, value, known->id);

    a->id = known->id;
    if (l && (l->value_id.n || l->value_name.n)) {
        a->value_id = l->value_id;
        a->value_name = l->value_name.n ? l->value_name : a->value_name;
        return;
    }
    for (size_t k = 0; k < known->value_count; k++) {
        struct str other = words_key(known->values[k].name, m->arena);

        if (other.p && words_same(other, value))
            a->value_id = known->values[k].id;
    }
}

static void name_option(struct making *m, const struct listing_field *option,
                        struct listing_sales_attribute *a)
{
    struct str name = words_key(option->name, m->arena);
    struct str value = words_key(option->value, m->arena);
    const struct requirement *need = m->q->requirement;

    a->name = option->name;
    a->value_name = option->value;
    if (!name.p || !value.p) {
        m->no_memory = true;
        return;
    }
    for (size_t i = 0; need && i < need->attribute_count; i++) {
        const struct required_attribute *known = &need->attributes[i];
        struct str key = words_key(known->name, m->arena);

        if (known->sales && key.p &&
            (words_same(key, name) || listing_is_taught(m->q, name, known->id))) {
            name_as_known(m, known, name, value, a);
            return;
        }
    }
}

void making_options(struct making *m, const struct listing_variant *v,
                    struct listing_sku *sku)
{
    struct listing_sales_attribute *rows;

    if (!v->option_count)
        return;
    rows = making_rows(m, v->option_count, sizeof *rows);
    if (!rows)
        return;
    for (size_t i = 0; i < v->option_count; i++)
        name_option(m, &v->options[i], &rows[i]);
    sku->attributes = rows;
    sku->attribute_count = v->option_count;
}

/* ---- pictures ---- */

static bool has_picture(const struct listing_variant *v)
{
    return v->image.uri.n || v->image.location.n;
}

static bool same_value(const struct listing_sku *one, const struct listing_sku *other,
                       size_t k)
{
    return k < one->attribute_count && k < other->attribute_count &&
           str_eq(one->attributes[k].value_name, other->attributes[k].value_name);
}

/* Whether variants of one value there have one picture. */
static bool decides(const struct making *m, const struct listing_sku *skus, size_t k)
{
    const struct listing_variant *v = m->q->variants;

    for (size_t i = 0; i < m->q->variant_count; i++)
        for (size_t n = 0; has_picture(&v[i]) && n < i; n++)
            if (has_picture(&v[n]) && same_value(&skus[i], &skus[n], k) &&
                !str_eq(v[i].image.location, v[n].image.location))
                return false;
    return true;
}

/* The first that tells the pictures apart and that every SKU has at the same place; else
 * the first of all. */
static size_t attribute_shown(const struct making *m, const struct listing_sku *skus)
{
    for (size_t k = 0; k < skus[0].attribute_count; k++) {
        bool everywhere = true;

        for (size_t i = 1; everywhere && i < m->q->variant_count; i++)
            everywhere = k < skus[i].attribute_count &&
                         str_eq(skus[i].attributes[k].name, skus[0].attributes[k].name);
        if (everywhere && decides(m, skus, k))
            return k;
    }
    return 0;
}

/* Of the first variant with that value that has one; NULL for none. */
static const struct listing_image *
picture_of(const struct making *m, const struct listing_sku *skus, size_t i, size_t k)
{
    for (size_t n = 0; n < m->q->variant_count; n++)
        if (has_picture(&m->q->variants[n]) && same_value(&skus[i], &skus[n], k))
            return &m->q->variants[n].image;
    return NULL;
}

static void put_first(struct listing_sales_attribute *rows, size_t k)
{
    struct listing_sales_attribute one = rows[k];

    memmove(rows + 1, rows, k * sizeof *rows);
    rows[0] = one;
}

void making_pictures(struct making *m, struct listing_sku *skus)
{
    size_t count = m->q->variant_count, k = attribute_shown(m, skus);
    struct listing_sales_attribute **rows = making_rows(m, count, sizeof *rows);

    for (size_t i = 0; rows && i < count; i++) {
        const struct listing_image *picture = picture_of(m, skus, i, k);

        if (k >= skus[i].attribute_count)
            continue;
        rows[i] = making_rows(m, skus[i].attribute_count, sizeof *rows[i]);
        if (!rows[i])
            return;
        memcpy(rows[i], skus[i].attributes, skus[i].attribute_count * sizeof *rows[i]);
        rows[i][k].image_said = picture != NULL;
        if (picture)
            rows[i][k].image = *picture;
    }
    for (size_t i = 0; rows && i < count; i++)
        if (rows[i]) {
            put_first(rows[i], k);
            skus[i].attributes = rows[i];
        }
}
