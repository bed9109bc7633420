/* assemble_attributes.c - the seller's columns onto the leaf's attributes
 *
 * A column is an attribute when a person said so, or it bears its id, its name or a word
 * for the same; a value in the same way. What is found nowhere stays open.
 */
#include "base/text.h"
#include "listing/members.h"
#include "listing/words.h"

struct column {
    struct listing_field field;
    struct str key;       /* of its name */
    struct str value_key; /* of the whole value */
};

struct mapping {
    const struct assemble_request *q;
    struct arena *arena;
    struct column *columns;
    size_t column_count;
    struct listing_attribute *attributes;
    size_t attribute_count;
    struct unfilled_attribute *unfilled;
    size_t unfilled_count;
    bool no_memory;
};

static struct str key_of(struct mapping *m, struct str s)
{
    struct str key = words_key(s, m->arena);

    if (!key.p)
        m->no_memory = true;
    return key.p ? key : STR_LIT("");
}

static void read_columns(struct mapping *m)
{
    m->columns = arena_zalloc(m->arena, m->q->field_count + 1, sizeof *m->columns);
    if (!m->columns) {
        m->no_memory = true;
        return;
    }
    for (size_t i = 0; i < m->q->field_count; i++) {
        struct column *c = &m->columns[m->column_count];

        c->field = m->q->fields[i];
        c->key = key_of(m, c->field.name);
        c->value_key = key_of(m, c->field.value);
        m->column_count += !str_empty(str_trim(c->field.value));
    }
}

/* ---- what people taught ---- */

static bool concerns(const struct assemble_request *q, const struct attribute_lesson *l,
                     struct str attribute_id, struct str column)
{
    return str_eq(l->attribute_id, attribute_id) && str_eq(l->seller_name, column) &&
           (!l->category_id.n || str_eq(l->category_id, q->category_id));
}

/* This value's before any value's, this leaf's before every leaf's. */
static unsigned weight(const struct attribute_lesson *l)
{
    return 2u * (l->seller_value.n > 0) + (l->category_id.n > 0);
}

const struct attribute_lesson *listing_lesson_for(const struct assemble_request *q,
                                                  struct str column, struct str value,
                                                  struct str attribute_id)
{
    const struct attribute_lesson *best = NULL;

    for (size_t i = 0; i < q->lesson_count; i++) {
        const struct attribute_lesson *l = &q->lessons[i];

        if (!concerns(q, l, attribute_id, column) ||
            (l->seller_value.n && !str_eq(l->seller_value, value)))
            continue;
        if (!best || weight(l) > weight(best))
            best = l;
    }
    return best;
}

bool listing_is_taught(const struct assemble_request *q, struct str column,
                       struct str attribute_id)
{
    for (size_t i = 0; column.n && i < q->lesson_count; i++)
        if (concerns(q, &q->lessons[i], attribute_id, column))
            return true;
    return false;
}

/* What a lesson says the value is; false when it leaves that to the seller's words, or
 * this leaf's attribute has no such value (any more). */
static bool take_lesson(const struct attribute_lesson *l,
                        const struct required_attribute *a, struct listing_value *out)
{
    if (!l || (!l->value_id.n && !l->value_name.n))
        return false;
    if (l->value_id.n && a->value_count && !required_attribute_value(a, l->value_id))
        return false;
    *out = l->value_id.n ? (struct listing_value){.id = l->value_id}
                         : (struct listing_value){.name = l->value_name};
    return true;
}

static const struct column *column_for(struct mapping *m,
                                       const struct required_attribute *a)
{
    struct str name = key_of(m, a->name);

    for (size_t i = 0; i < m->column_count; i++)
        if (listing_is_taught(m->q, m->columns[i].key, a->id))
            return &m->columns[i];
    for (size_t i = 0; i < m->column_count; i++)
        if (str_eq(m->columns[i].field.name, a->id) ||
            (name.n && str_eq(m->columns[i].key, name)))
            return &m->columns[i];
    for (size_t i = 0; i < m->column_count; i++)
        if (name.n && words_same(m->columns[i].key, name))
            return &m->columns[i];
    return NULL;
}

/* One value of a column onto one of the attribute's; false when it is none. */
static bool map_value(struct mapping *m, const struct required_attribute *a,
                      const struct column *c, struct str value, struct listing_value *out)
{
    struct str key = key_of(m, value);

    *out = (struct listing_value){0};
    if (c->key.n && take_lesson(listing_lesson_for(m->q, c->key, key, a->id), a, out))
        return true;
    for (size_t i = 0; i < a->value_count; i++)
        if (str_eq(a->values[i].id, value) ||
            (key.n && words_same(key_of(m, a->values[i].name), key))) {
            out->id = a->values[i].id;
            return true;
        }
    if (!a->customizable && !a->number && a->value_count)
        return false;
    out->name = value;
    return true;
}

static size_t count_parts(struct str s)
{
    size_t n = 1;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == ',' || s.p[i] == ';' || s.p[i] == '|';
    return n;
}

static struct str cut_part(struct str *rest)
{
    struct str part;
    size_t n = 0;

    while (n < rest->n && rest->p[n] != ',' && rest->p[n] != ';' && rest->p[n] != '|')
        n++;
    part = str_trim(str_head(*rest, n));
    *rest = str_skip(*rest, n + 1);
    return part;
}

/* False when no value could be mapped. */
static bool map_column(struct mapping *m, const struct required_attribute *a,
                       const struct column *c)
{
    struct str whole = str_trim(c->field.value), rest = whole;
    size_t parts = a->multiple ? count_parts(whole) : 1, count = 0;
    struct listing_value *values = arena_zalloc(m->arena, parts, sizeof *values);

    if (!values) {
        m->no_memory = true;
        return false;
    }
    while (rest.n && count < parts) {
        struct str part = a->multiple ? cut_part(&rest) : whole;

        if (part.n && map_value(m, a, c, part, &values[count]))
            count++;
        if (!a->multiple)
            break;
    }
    if (count == 0)
        return false;
    m->attributes[m->attribute_count++] = (struct listing_attribute){
        .id = a->id, .name = a->name, .values = values, .value_count = count};
    return true;
}

static const struct listing_attribute *default_for(const struct listing_draft *d,
                                                   struct str id)
{
    for (size_t i = 0; d && i < d->attribute_count; i++)
        if (str_eq(d->attributes[i].id, id))
            return &d->attributes[i];
    return NULL;
}

/* What was taught to hold where no column says anything. */
static bool map_taught(struct mapping *m, const struct required_attribute *a)
{
    const struct attribute_lesson *l =
        listing_lesson_for(m->q, STR_LIT(""), STR_LIT(""), a->id);
    struct listing_value value;
    struct listing_value *kept;

    if (!take_lesson(l, a, &value))
        return false;
    kept = arena_zalloc(m->arena, 1, sizeof *kept);
    if (!kept) {
        m->no_memory = true;
        return false;
    }
    *kept = value;
    m->attributes[m->attribute_count++] = (struct listing_attribute){
        .id = a->id, .name = a->name, .values = kept, .value_count = 1};
    return true;
}

static void map_attribute(struct mapping *m, const struct required_attribute *a)
{
    const struct column *c = column_for(m, a);
    const struct listing_attribute *set;

    if (c && map_column(m, a, c))
        return;
    set = default_for(m->q->category_defaults, a->id);
    if (!set)
        set = default_for(m->q->shop_defaults, a->id);
    if (set) {
        m->attributes[m->attribute_count++] = *set;
        return;
    }
    if (map_taught(m, a))
        return;
    m->unfilled[m->unfilled_count++] = (struct unfilled_attribute){
        .attribute_id = a->id,
        .name = a->name,
        .required = a->required,
        .why = c ? UNFILLED_NO_VALUE : UNFILLED_NO_FIELD,
        .seller_name = c ? c->field.name : STR_LIT(""),
        .seller_value = c ? c->field.value : STR_LIT(""),
    };
}

/* Whether a value that was mapped asks for it; one without conditions is always asked
 * for. */
static bool is_asked_for(const struct mapping *m, const struct required_attribute *a)
{
    for (size_t i = 0; i < a->when.count; i++)
        for (size_t k = 0; k < m->attribute_count; k++) {
            const struct listing_attribute *set = &m->attributes[k];

            if (!str_eq(set->id, a->when.rows[i].attribute_id))
                continue;
            for (size_t v = 0; v < set->value_count; v++)
                if (str_eq(set->values[v].id, a->when.rows[i].value_id))
                    return true;
        }
    return a->required || a->when.count == 0;
}

/* Those with conditions after the others, whose values they ask about. */
static void map_all(struct mapping *m, bool conditional)
{
    const struct requirement *need = m->q->requirement;

    for (size_t i = 0; i < need->attribute_count && !m->no_memory; i++) {
        const struct required_attribute *a = &need->attributes[i];

        if (!a->sales && (a->when.count > 0) == conditional && is_asked_for(m, a))
            map_attribute(m, a);
    }
}

enum aisle_status listing_assemble_attributes(const struct assemble_request *q,
                                              struct arena *arena, struct assembled *out,
                                              struct aisle_err *err)
{
    const struct requirement *need = q->requirement;
    size_t count = need && need->attributes_known ? need->attribute_count : 0;
    struct mapping m = {.q = q, .arena = arena};

    if (!count)
        return AISLE_OK;
    m.attributes = arena_zalloc(arena, count, sizeof *m.attributes);
    m.unfilled = arena_zalloc(arena, count, sizeof *m.unfilled);
    if (!m.attributes || !m.unfilled)
        return aisle_nomem(err);
    read_columns(&m);
    map_all(&m, false);
    map_all(&m, true);
    if (m.no_memory)
        return aisle_nomem(err);
    out->draft.attributes = m.attribute_count ? m.attributes : NULL;
    out->draft.attribute_count = m.attribute_count;
    out->unfilled = m.unfilled;
    out->unfilled_count = m.unfilled_count;
    return AISLE_OK;
}
