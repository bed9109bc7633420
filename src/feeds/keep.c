/* keep.c - a row that says only part of a product, and the product as it stands */
#include "base/json.h"
#include "catalog/price.h"
#include "feeds/import.h"

static bool lacks(const struct feed_gaps *gaps, enum feed_field field)
{
    return gaps->lacks & 1u << field;
}

/* ---- fields ---- */

static enum aisle_status keep_text(struct str then, struct str *now, struct arena *arena,
                                   struct aisle_err *err)
{
    struct str kept = arena_str(arena, then);

    if (!kept.p)
        return aisle_nomem(err);
    *now = kept;
    return AISLE_OK;
}

static enum aisle_status keep_texts(const struct feed_gaps *gaps,
                                    const struct product *then, struct product *now,
                                    struct arena *arena, unsigned *kept,
                                    struct aisle_err *err)
{
    const struct {
        enum feed_field field;
        struct str then, *now;
    } texts[] = {
        {FEED_TITLE, then->title, &now->title},
        {FEED_DESCRIPTION, then->description, &now->description},
        {FEED_BRAND, then->brand, &now->brand},
        {FEED_CATEGORY, then->seller_category_id, &now->seller_category_id},
        {FEED_IMAGE, then->image_location, &now->image_location},
        {FEED_IMAGE, then->image_id, &now->image_id},
    };
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == AISLE_OK; i++) {
        if (!lacks(gaps, texts[i].field) || str_empty(texts[i].then))
            continue;
        status = keep_text(texts[i].then, texts[i].now, arena, err);
        *kept |= 1u << texts[i].field;
    }
    return status;
}

/* In the currency that stands, where the file names none. */
static bool reads_now(const struct feed_gaps *gaps, struct str currency,
                      struct price *out)
{
    return !str_empty(gaps->price) && !str_empty(currency) &&
           price_parse(gaps->price, currency, gaps->point, out) == PRICE_READ &&
           str_eq(str_of(out->currency), currency);
}

/* Price and currency go together: neither says anything without the other. */
static enum aisle_status keep_price(const struct feed_gaps *gaps,
                                    const struct product *then, struct product *now,
                                    struct arena *arena, unsigned *kept,
                                    struct aisle_err *err)
{
    struct price price;

    if (lacks(gaps, FEED_PRICE)) {
        now->price_minor = then->price_minor;
        *kept |= then->price_minor >= 0 ? 1u << FEED_PRICE : 0;
    } else if (reads_now(gaps, then->currency, &price)) {
        now->price_minor = price.minor;
        *kept |= 1u << FEED_CURRENCY;
    } else if (gaps->unclear) {
        now->price_minor = then->price_minor;
    } else {
        return AISLE_OK;
    }
    return keep_text(then->currency, &now->currency, arena, err);
}

/* ---- further columns ---- */

/* As a bit; none where no other word tells it. */
static unsigned sense_of(const struct feed_gaps *gaps, struct str key)
{
    unsigned sense = gaps->sense ? gaps->sense(key) : 0;

    return sense ? 1u << sense : 0;
}

static unsigned all_senses(const struct feed_gaps *gaps)
{
    struct str columns = gaps->columns;
    unsigned senses = 0;

    while (!str_empty(columns))
        senses |= sense_of(gaps, str_cut(&columns, '\0'));
    return senses;
}

static bool has_column(const struct feed_gaps *gaps, struct str key)
{
    struct str columns = gaps->columns;

    while (!str_empty(columns))
        if (str_eq(str_cut(&columns, '\0'), key))
            return true;
    return false;
}

/* Whether the file speaks of it. */
static bool is_told(const struct feed_gaps *gaps, unsigned senses, struct str key)
{
    return has_column(gaps, key) || sense_of(gaps, key) & senses;
}

struct merged {
    bool any;  /* of what stood is in it */
    bool lost; /* variants stood that those that came are not known among */
};

/* Those that came, then what else stood: of two words for one thing the first counts. */
static int merge(const struct feed_gaps *gaps, json_t *then, json_t *now, json_t *both,
                 struct merged *m)
{
    struct buf key = BUF_INIT(PRODUCT_MAX_ATTRIBUTES);
    unsigned senses = all_senses(gaps);
    int failed = json_object_update(both, now);
    const char *name;
    json_t *value;

    json_object_foreach(then, name, value)
    {
        buf_reset(&key);
        feed_attribute_key(str_of(name), &key);
        failed |= key.failed != AISLE_OK;
        if (json_object_get(now, name) || is_told(gaps, senses, buf_str(&key)))
            continue;
        m->any = true;
        failed |= json_object_set(both, name, value);
    }
    buf_clear(&key);
    return failed;
}

/* ---- variants of an export ---- */

static struct str member_of(json_t *variant, struct str member)
{
    const char *name;
    json_t *value;

    json_object_foreach(variant, name, value)
    {
        if (str_eq_nocase(str_of(name), member))
            return json_value_str(value);
    }
    return STR_LIT("");
}

/* WooCommerce's have a number too, and often no SKU. */
static bool is_known_as(json_t *variant, struct str sku, struct str number)
{
    return str_empty(sku) ? str_eq(member_of(variant, STR_LIT("Variant ID")), number)
                          : str_eq(member_of(variant, STR_LIT("Variant SKU")), sku);
}

/* The only one with its SKU; SIZE_MAX for none. */
static size_t find_variant(const json_t *list, json_t *variant)
{
    struct str sku = member_of(variant, STR_LIT("Variant SKU"));
    struct str number = member_of(variant, STR_LIT("Variant ID"));
    bool named = !str_empty(sku) || !str_empty(number);
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < json_array_size(list) && named; i++) {
        if (!is_known_as(json_array_get(list, i), sku, number))
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

static bool finds_all(const json_t *stood, const json_t *came)
{
    for (size_t i = 0; i < json_array_size(came); i++)
        if (find_variant(stood, json_array_get(came, i)) == SIZE_MAX)
            return false;
    return true;
}

/* A file that tells variants apart by their options has all of them. One that does not
 * speaks of those it names by SKU: the others stay, all in their order, as only the first
 * says what the options are. */
static int merge_variants(const struct feed_gaps *gaps, json_t *then, json_t *now,
                          json_t *both, struct merged *m)
{
    json_t *stood = json_object_get(then, "variants");
    json_t *came = json_object_get(now, "variants"), *list;
    bool whole = has_column(gaps, STR_LIT("option1 value"));
    bool stay = !whole && finds_all(stood, came);
    int failed = 0;

    if (!gaps->columns_last || !json_is_array(stood) || !json_is_array(came))
        return 0; /* in JSON their members are no columns */
    m->lost = !whole && !stay;
    list = json_copy(stay ? stood : came);
    for (size_t i = 0; i < json_array_size(came); i++) {
        size_t at = find_variant(stood, json_array_get(came, i));
        json_t *one = at == SIZE_MAX ? NULL : json_object();

        if (at == SIZE_MAX)
            continue;
        failed |= merge(gaps, json_array_get(stood, at), json_array_get(came, i), one, m);
        failed |= json_array_set_new(list, stay ? at : i, one);
    }
    m->any = m->any || (list && !json_equal(list, came));
    return failed | json_object_set_new(both, "variants", list);
}

/* ---- written again ---- */

/* As they stood when nothing of them is another, or there is no room for more. */
static enum aisle_status write_merged(const json_t *both, struct str then,
                                      struct str *now, struct arena *arena,
                                      unsigned *kept, struct aisle_err *err)
{
    struct buf text = BUF_INIT(PRODUCT_MAX_ATTRIBUTES);
    bool failed = !json_dump_to(&text, both);
    enum aisle_status status = AISLE_OK;

    if (failed && text.failed == AISLE_LIMIT) {
        *kept |= FEED_NO_ROOM;
        status = keep_text(then, now, arena, err);
    } else if (failed) {
        status = aisle_nomem(err);
    } else {
        status = keep_text(buf_str(&text), now, arena, err);
    }
    buf_clear(&text);
    return status;
}

/* An object; empty for what is none. */
static enum aisle_status read_object(struct str text, json_t **out, struct aisle_err *err)
{
    struct aisle_err why = {0};
    json_t *object = NULL;
    enum aisle_status status = AISLE_OK;

    if (!str_empty(text))
        status = json_read(text, PRODUCT_MAX_ATTRIBUTES, "attributes", &object, &why);
    if (status == AISLE_NOMEM)
        return aisle_nomem(err);
    if (!json_is_object(object)) {
        json_decref(object);
        object = json_object();
    }
    if (!object)
        return aisle_nomem(err);
    *out = object;
    return AISLE_OK;
}

static enum aisle_status merge_texts(const struct feed_gaps *gaps, struct str then,
                                     struct str *now, struct arena *arena, unsigned *kept,
                                     struct aisle_err *err)
{
    json_t *stood = NULL, *came = NULL, *both = json_object();
    struct merged m = {0};
    enum aisle_status status = both ? AISLE_OK : aisle_nomem(err);

    if (status == AISLE_OK)
        status = read_object(then, &stood, err);
    if (status == AISLE_OK)
        status = read_object(*now, &came, err);
    if (status == AISLE_OK && (merge(gaps, stood, came, both, &m) != 0 ||
                               merge_variants(gaps, stood, came, both, &m) != 0))
        status = aisle_nomem(err);
    if (status == AISLE_OK && m.lost)
        *kept |= FEED_VARIANTS_LOST;
    if (status == AISLE_OK && m.any) {
        *kept |= 1u << FEED_ATTRIBUTES;
        status = json_equal(both, stood)
                     ? keep_text(then, now, arena, err)
                     : write_merged(both, then, now, arena, kept, err);
    }
    json_decref(stood);
    json_decref(came);
    json_decref(both);
    return status;
}

enum aisle_status feed_keep(const struct feed_gaps *gaps, const struct product *then,
                            struct product *now, struct arena *arena, unsigned *kept,
                            struct aisle_err *err)
{
    enum aisle_status status;

    *kept = 0;
    status = keep_texts(gaps, then, now, arena, kept, err);
    if (status == AISLE_OK)
        status = keep_price(gaps, then, now, arena, kept, err);
    if (status == AISLE_OK && lacks(gaps, FEED_ATTRIBUTES) &&
        !str_empty(then->attributes) && !str_eq(then->attributes, now->attributes))
        status = merge_texts(gaps, then->attributes, &now->attributes, arena, kept, err);
    return status;
}
