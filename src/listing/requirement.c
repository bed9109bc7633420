#include "listing/requirement.h"

#include <stdlib.h>

static int by_certificate_id(const void *a, const void *b)
{
    const struct required_certificate *x = a, *y = b;

    return str_cmp(x->id, y->id);
}

static int by_attribute_id(const void *a, const void *b)
{
    const struct required_attribute *x = a, *y = b;

    return str_cmp(x->id, y->id);
}

/* Insertion, because it keeps the first of two with one id first, and a leaf has a few
 * dozen at most. */
static size_t settle(char *rows, size_t count, size_t size,
                     int (*order)(const void *, const void *), char *spare)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        size_t at = kept;

        memcpy(spare, rows + i * size, size);
        while (at > 0 && order(rows + (at - 1) * size, spare) > 0)
            at--;
        if (at > 0 && order(rows + (at - 1) * size, spare) == 0)
            continue;
        memmove(rows + (at + 1) * size, rows + at * size, (kept - at) * size);
        memcpy(rows + at * size, spare, size);
        kept++;
    }
    return kept;
}

size_t required_certificates_settle(struct required_certificate *rows, size_t count)
{
    struct required_certificate spare;

    return settle((char *)rows, count, sizeof *rows, by_certificate_id, (char *)&spare);
}

size_t required_attributes_settle(struct required_attribute *rows, size_t count)
{
    struct required_attribute spare;

    return settle((char *)rows, count, sizeof *rows, by_attribute_id, (char *)&spare);
}

/* By id, and of one id in the order they stand. */
static int by_value_id(const void *a, const void *b)
{
    const struct required_value *const *x = a, *const *y = b;
    int order = str_cmp((*x)->id, (*y)->id);

    return order ? order : (*x > *y) - (*x < *y);
}

/* An attribute may have thousands, so they are sorted aside. */
bool required_values_settle(struct required_value *rows, size_t *count,
                            struct arena *arena)
{
    struct required_value **sorted = arena_zalloc(arena, *count, sizeof *sorted);
    size_t kept = 0;

    if (!sorted)
        return *count == 0;
    for (size_t i = 0; i < *count; i++)
        sorted[i] = &rows[i];
    qsort(sorted, *count, sizeof *sorted, by_value_id);
    for (size_t i = *count; i-- > 1;) /* marked by their names, from behind */
        if (str_eq(sorted[i]->id, sorted[i - 1]->id))
            sorted[i]->name.p = NULL;
    for (size_t i = 0; i < *count; i++)
        if (rows[i].name.p)
            rows[kept++] = rows[i];
    *count = kept;
    return true;
}

const struct required_attribute *requirement_attribute(const struct requirement *r,
                                                       struct str id)
{
    const struct required_attribute key = {.id = id};

    return r->attribute_count ? bsearch(&key, r->attributes, r->attribute_count,
                                        sizeof key, by_attribute_id)
                              : NULL;
}

const struct required_certificate *requirement_certificate(const struct requirement *r,
                                                           struct str id)
{
    const struct required_certificate key = {.id = id};

    return r->certificate_count ? bsearch(&key, r->certificates, r->certificate_count,
                                          sizeof key, by_certificate_id)
                                : NULL;
}

const struct required_value *required_attribute_value(const struct required_attribute *a,
                                                      struct str id)
{
    for (size_t i = 0; i < a->value_count; i++)
        if (str_eq(a->values[i].id, id))
            return &a->values[i];
    return NULL;
}

enum aisle_status requirement_hash(const struct requirement *r, struct sha256 *out,
                                   struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    enum aisle_status status;

    requirement_format(r, &text);
    status = buf_check(&text, "requirement", err);
    if (status == AISLE_OK)
        status = sha256_of(buf_str(&text), out, err);
    buf_clear(&text);
    return status;
}

/* ---- markets ---- */

struct markets {
    const struct str *rows;
    size_t count;
    struct arena *arena;
};

static bool in_markets(const struct markets *m, struct str region)
{
    for (size_t i = 0; i < m->count; i++)
        if (str_eq(m->rows[i], region))
            return true;
    return false;
}

/* Where no market is named, what is said counts in all. */
static bool required_there(const struct markets *m, bool required, struct str where)
{
    if (str_empty(where))
        return required;
    while (!str_empty(where))
        if (in_markets(m, str_cut(&where, ',')))
            return true;
    return false;
}

/* Those that count there; false without memory. */
static bool conditions_there(const struct markets *m, struct requirement_conditions *when)
{
    struct requirement_condition *rows =
        arena_zalloc(m->arena, when->count, sizeof *rows);
    size_t n = 0;

    if (!rows)
        return false;
    for (size_t i = 0; i < when->count; i++)
        if (str_empty(when->rows[i].region) || in_markets(m, when->rows[i].region))
            rows[n++] = when->rows[i];
    *when = (struct requirement_conditions){rows, n};
    return true;
}

static bool certificates_there(const struct markets *m, struct requirement *r)
{
    struct required_certificate *rows =
        arena_zalloc(m->arena, r->certificate_count, sizeof *rows);

    for (size_t i = 0; rows && i < r->certificate_count; i++) {
        rows[i] = r->certificates[i];
        rows[i].required = required_there(m, rows[i].required, rows[i].required_in);
        if (!conditions_there(m, &rows[i].when))
            return false;
    }
    r->certificates = rows;
    return rows != NULL;
}

static bool attributes_there(const struct markets *m, struct requirement *r)
{
    struct required_attribute *rows =
        arena_zalloc(m->arena, r->attribute_count, sizeof *rows);

    for (size_t i = 0; rows && i < r->attribute_count; i++) {
        rows[i] = r->attributes[i];
        rows[i].required = required_there(m, rows[i].required, rows[i].required_in);
        if (!conditions_there(m, &rows[i].when))
            return false;
    }
    r->attributes = rows;
    return rows != NULL;
}

enum aisle_status requirement_in_markets(const struct requirement *r,
                                         const struct str *markets, size_t count,
                                         struct arena *arena, struct requirement *out,
                                         struct aisle_err *err)
{
    const struct markets m = {markets, count, arena};
    struct requirement there = *r;

    if (!certificates_there(&m, &there) || !attributes_there(&m, &there))
        return aisle_nomem(err);
    there.manufacturer_required =
        required_there(&m, r->manufacturer_required, r->manufacturer_in);
    there.responsible_person_required =
        required_there(&m, r->responsible_person_required, r->responsible_person_in);
    *out = there;
    return AISLE_OK;
}
