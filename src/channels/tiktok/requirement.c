/* Get Category Rules and Get Attributes, Get Global Category Rules and Get Global
 * Attributes 202309: what a leaf demands. The global ones add where. */
#include "channels/tiktok/listing_wire.h"

#include <stdlib.h>

#define REGIONS "required_regions" /* of global answers alone */

enum aisle_status tiktok_path(struct arena *arena, const char *before, struct str id,
                              const char *after, const char **out, struct aisle_err *err)
{
    struct str path;

    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                     (c >= 'A' && c <= 'Z') || c == '-' || c == '_';

        if (!plain)
            return aisle_fail(err, AISLE_INVALID, "an id the marketplace never gave");
    }
    if (id.n == 0)
        return aisle_fail(err, AISLE_INVALID, "a request about nothing: its id is empty");
    path = arena_fmt(arena, "%s%.*s%s", before, STR_ARG(id), after);
    if (!path.p)
        return aisle_nomem(err);
    *out = path.p;
    return AISLE_OK;
}

enum aisle_status tiktok_list(const json_t *data, const char *key, const char *what,
                              const json_t **out, size_t *count, struct aisle_err *err)
{
    const json_t *list = json_list(data, key);
    size_t n = list ? json_array_size(list) : 0;

    if (n > TIKTOK_LIST_MAX)
        return aisle_fail(err, AISLE_LIMIT, "%s: %zu %s, at most %d are read", what, n,
                          key, TIKTOK_LIST_MAX);
    *out = list;
    *count = n;
    return AISLE_OK;
}

/* The one kind there is tells an attribute and a value; of another nothing follows. */
static bool read_conditions(const json_t *object, struct arena *arena,
                            struct requirement_conditions *out)
{
    const json_t *list = json_list(object, "requirement_conditions"), *one;
    size_t n = list ? json_array_size(list) : 0, i;
    struct requirement_condition *rows = arena_zalloc(arena, n, sizeof *rows);

    out->count = 0;
    if (!rows || n > TIKTOK_LIST_MAX)
        return false;
    json_array_foreach(list, i, one)
    {
        struct str type = json_str(one, "condition_type");
        struct requirement_condition *row = &rows[out->count];

        if (type.n && !str_is(type, "VALUE_ID_MATCH"))
            continue;
        row->attribute_id = json_text(one, "attribute_id", arena);
        row->value_id = json_text(one, "attribute_value_id", arena);
        row->region = json_text(one, "region", arena);
        if (!row->attribute_id.p || !row->value_id.p || !row->region.p)
            return false;
        out->count += row->attribute_id.n && row->value_id.n ? 1 : 0;
    }
    out->rows = rows;
    return true;
}

static int compare_str(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* A list of words, sorted, with commas between; a sample of theirs prints one word in its
 * place. .p NULL without memory. */
static struct str read_words(const json_t *data, const char *key, struct arena *arena)
{
    const json_t *value = json_at(data, key);
    size_t n = json_array_size(value);
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str *words, out = {0};

    if (json_is_string(value))
        return arena_str(arena, json_value_str(value));
    words = arena_zalloc(arena, n, sizeof *words);
    if (!words)
        return out;
    for (size_t i = 0; i < n; i++)
        words[i] = json_value_str(json_array_get(value, i));
    qsort(words, n, sizeof *words, compare_str);
    for (size_t i = 0; i < n; i++) {
        buf_addz(&text, text.n && words[i].n ? "," : "");
        buf_add(&text, words[i]);
    }
    if (buf_check(&text, "a list of words", NULL) == AISLE_OK)
        out = arena_str(arena, buf_str(&text));
    buf_clear(&text);
    return out;
}

static bool flag_in(const json_t *data, const char *object, const char *key)
{
    return json_flag(json_at(data, object), key, false);
}

/* ---- rules ---- */

static bool read_certificate(const json_t *one, struct arena *arena,
                             struct required_certificate *out)
{
    *out = (struct required_certificate){0}; /* one without an id was here before */
    out->id = json_text(one, "id", arena);
    out->name = json_text(one, "name", arena);
    out->required = json_flag(one, "is_required", false);
    out->required_in = read_words(one, REGIONS, arena);
    out->expiration_required = flag_in(one, "expiration_date", "is_required");
    out->details = json_text(one, "document_details", arena);
    out->sample_url = json_text(one, "sample_image_url", arena);
    return out->id.p && out->name.p && out->details.p && out->sample_url.p &&
           out->required_in.p && read_conditions(one, arena, &out->when);
}

static enum aisle_status read_certificates(const json_t *data, struct arena *arena,
                                           struct requirement *out, struct aisle_err *err)
{
    const json_t *list = NULL;
    struct required_certificate *rows;
    size_t count = 0, n = 0;
    enum aisle_status status = tiktok_list(data, "product_certifications",
                                           "Get Category Rules", &list, &count, err);

    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, count, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        if (!read_certificate(json_array_get(list, i), arena, &rows[n]))
            return aisle_nomem(err);
        n += rows[n].id.n ? 1 : 0;
    }
    out->certificates = rows;
    out->certificate_count = required_certificates_settle(rows, n);
    return AISLE_OK;
}

static enum aisle_status read_fees(const json_t *data, struct arena *arena,
                                   struct requirement *out, struct aisle_err *err)
{
    const json_t *list = NULL;
    struct required_fee *rows;
    size_t count = 0;
    enum aisle_status status =
        tiktok_list(data, "fees", "Get Category Rules", &list, &count, err);

    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, count, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i] = (struct required_fee){json_text(one, "type", arena),
                                        json_flag(one, "is_required", false)};
        if (!rows[i].type.p)
            return aisle_nomem(err);
    }
    out->fees = rows;
    out->fee_count = count;
    return AISLE_OK;
}

enum aisle_status tiktok_rules_read(const json_t *envelope, struct arena *arena,
                                    struct requirement *out, struct aisle_err *err)
{
    const json_t *data;
    struct requirement r = *out;
    enum aisle_status status = tiktok_data(envelope, "Get Category Rules", &data, err);

    if (status == AISLE_OK)
        status = read_certificates(data, arena, &r, err);
    if (status == AISLE_OK)
        status = read_fees(data, arena, &r, err);
    if (status != AISLE_OK)
        return status;
    r.special_types = read_words(data, "allowed_special_product_types", arena);
    r.manufacturer_in = read_words(json_at(data, "manufacturer"), REGIONS, arena);
    r.responsible_person_in =
        read_words(json_at(data, "responsible_person"), REGIONS, arena);
    if (!r.special_types.p || !r.manufacturer_in.p || !r.responsible_person_in.p)
        return aisle_nomem(err);
    r.size_chart_supported = flag_in(data, "size_chart", "is_supported");
    r.size_chart_required = flag_in(data, "size_chart", "is_required");
    r.cod_supported = flag_in(data, "cod", "is_supported");
    r.package_dimension_required = flag_in(data, "package_dimension", "is_required");
    r.epr_required = flag_in(data, "epr", "is_required");
    r.manufacturer_required = flag_in(data, "manufacturer", "is_required");
    r.responsible_person_required = flag_in(data, "responsible_person", "is_required");
    r.rules_known = true;
    *out = r;
    return AISLE_OK;
}

/* ---- attributes ---- */

static bool read_values(const json_t *one, struct arena *arena,
                        struct required_attribute *out)
{
    const json_t *list = json_list(one, "values"), *value;
    size_t n = list ? json_array_size(list) : 0, i;
    struct required_value *rows = arena_zalloc(arena, n, sizeof *rows);

    if (!rows)
        return false;
    json_array_foreach(list, i, value)
    {
        struct required_value row = {json_text(value, "id", arena),
                                     json_text(value, "name", arena)};

        if (!row.id.p || !row.name.p)
            return false;
        if (row.id.n)
            rows[out->value_count++] = row;
    }
    out->values = rows;
    return required_values_settle(rows, &out->value_count, arena);
}

/* "is_requried" is what live answers write; pages write is_required. */
static bool is_required(const json_t *one)
{
    return json_flag(one, json_at(one, "is_requried") ? "is_requried" : "is_required",
                     false);
}

static bool read_attribute(const json_t *one, struct arena *arena,
                           struct required_attribute *out)
{
    *out = (struct required_attribute){0}; /* one without an id was here before */
    out->id = json_text(one, "id", arena);
    out->name = json_text(one, "name", arena);
    out->sales = str_is(json_str(one, "type"), "SALES_PROPERTY");
    out->required = is_required(one);
    out->required_in = read_words(one, REGIONS, arena);
    out->customizable = json_flag(one, "is_customizable", false);
    out->multiple = json_flag(one, "is_multiple_selection", false);
    out->number = str_is(json_str(one, "value_data_format"), "POSITIVE_INT_OR_DECIMAL");
    return out->id.p && out->name.p && out->required_in.p &&
           read_conditions(one, arena, &out->when) && read_values(one, arena, out);
}

enum aisle_status tiktok_attributes_read(const json_t *envelope, struct arena *arena,
                                         struct requirement *out, struct aisle_err *err)
{
    const json_t *data, *list;
    struct required_attribute *rows;
    size_t count = 0, n = 0;
    enum aisle_status status = tiktok_data(envelope, "Get Attributes", &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(data, "attributes", "Get Attributes", &list, &count, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, count, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        if (!read_attribute(json_array_get(list, i), arena, &rows[n]))
            return aisle_nomem(err);
        n += rows[n].id.n ? 1 : 0;
    }
    out->attributes = rows;
    out->attribute_count = required_attributes_settle(rows, n);
    out->attributes_known = true;
    return AISLE_OK;
}

/* ---- the calls ---- */

typedef enum aisle_status read_fn(const json_t *envelope, struct arena *arena,
                                  struct requirement *out, struct aisle_err *err);

struct half {
    const char *what, *after;
    read_fn *read;
    bool with_cipher;
};
static const struct half local_halves[] = {
    {"Get Category Rules", "/rules", tiktok_rules_read, true},
    {"Get Attributes", "/attributes", tiktok_attributes_read, true},
};
static const struct half global_halves[] = {
    {"Get Global Category Rules", "/global_rules", tiktok_rules_read, false},
    {"Get Global Attributes", "/global_attributes", tiktok_attributes_read, false},
};

static enum aisle_status fetch_half(struct channel_session *s, const struct half *half,
                                    const struct channel_leaf *leaf, struct arena *arena,
                                    struct requirement *out, struct channel_meta *meta,
                                    struct aisle_err *err)
{
    struct tiktok_request r = {
        .what = half->what, .method = "GET", .with_cipher = half->with_cipher};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_path(arena, "/product/202309/categories/",
                                           leaf->category_id, half->after, &r.path, err);

    tiktok_param_add(&r, "category_version", leaf->version);
    tiktok_param_add(&r, "locale", leaf->locale);
    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = half->read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}

static enum aisle_status fetch_both(struct channel_session *s, const struct half *halves,
                                    const struct channel_leaf *leaf, struct arena *arena,
                                    struct requirement *out, struct channel_meta *meta,
                                    struct aisle_err *err)
{
    struct requirement r = {.category_id = arena_str(arena, leaf->category_id),
                            .version = arena_str(arena, leaf->version),
                            .locale = arena_str(arena, leaf->locale)};
    enum aisle_status status;

    if (!r.category_id.p || !r.version.p || !r.locale.p)
        return aisle_nomem(err);
    status = fetch_half(s, &halves[0], leaf, arena, &r, meta, err);
    if (status == AISLE_OK)
        status = fetch_half(s, &halves[1], leaf, arena, &r, meta, err);
    if (status == AISLE_OK)
        *out = r;
    return status;
}

enum aisle_status tiktok_fetch_requirement(struct channel_session *s,
                                           const struct channel_leaf *leaf,
                                           struct arena *arena, struct requirement *out,
                                           struct channel_meta *meta,
                                           struct aisle_err *err)
{
    return fetch_both(s, local_halves, leaf, arena, out, meta, err);
}

enum aisle_status tiktok_fetch_global_requirement(
    struct channel_session *s, const struct channel_leaf *leaf, struct arena *arena,
    struct requirement *out, struct channel_meta *meta, struct aisle_err *err)
{
    return fetch_both(s, global_halves, leaf, arena, out, meta, err);
}
