/* json_lines.c - products as JSON objects: keys known as columns are, values of any type
 */
#include "base/text.h"
#include "feeds/import.h"
#include "feeds/jsonl.h"

/* Which key of the object each field is taken from. */
struct choice {
    struct str key;
    const json_t *value; /* NULL: none */
    unsigned rank;
    bool several, promo;
};

static bool says_nothing(const json_t *value)
{
    return json_is_null(value) ||
           (json_is_string(value) && str_empty(text_trim(json_value_str(value)))) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

/* A promotional price is the price where the object has no key for another. */
static enum aisle_status set_promo_aside(struct feed_import *im, size_t line,
                                         const struct choice *promo, bool has_price,
                                         struct choice *price, struct aisle_err *err)
{
    if (!promo->value)
        return AISLE_OK;
    if (!has_price)
        return feed_note_promo(im, &im->alone, line, promo->key, err);
    if (price->promo)
        *price = (struct choice){0};
    if (price->value && json_equal(price->value, promo->value))
        return AISLE_OK;
    return feed_note_promo(im, &im->unused, line, promo->key, err);
}

static enum aisle_status choose(struct feed_import *im, const json_t *object,
                                struct choice choices[FEED_FIELDS], struct feed_row *row,
                                struct aisle_err *err)
{
    const char *key;
    const json_t *value;
    struct choice promo = {0};
    bool has_price = false;
    void *at = json_object_iter((json_t *)(uintptr_t)object);

    for (; at; at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
        struct feed_name name;
        struct str folded;

        key = json_object_iter_key(at);
        value = json_object_iter_value(at);
        folded = feed_key(str_of(key), &im->row);
        if (!folded.p)
            return aisle_nomem(err);
        name = feed_map_name(&im->map, str_of(key), folded);
        feed_row_name(&row->columns, str_of(key));
        if (name.field < FEED_FIELDS)
            row->has |= 1u << name.field;
        has_price = has_price || (name.field == FEED_PRICE && !name.promo);
        if ((name.field == FEED_IMAGE && (name.several || json_is_array(value))) ||
            feed_picture_number(folded))
            feed_row_name(&row->columns, STR_LIT("images"));
        if (name.field == FEED_FIELDS || says_nothing(value))
            continue;
        if (name.promo && !promo.value)
            promo = (struct choice){.key = str_of(key), .value = value};
        if (choices[name.field].value && choices[name.field].rank <= name.rank)
            continue;
        if (name.field == FEED_CATEGORY && !name.several &&
            feed_is_no_category(json_value_str(value), folded))
            continue; /* an attribute, and another key may say one */
        choices[name.field] =
            (struct choice){str_of(key), value, name.rank, name.several, name.promo};
    }
    return set_promo_aside(im, row->line, &promo, has_price, &choices[FEED_PRICE], err);
}

/* Text, numbers and flags as text; an object by what such objects call their address or
 * name; nothing for the rest. */
static void add_text(const json_t *value, struct buf *out)
{
    static const char *const keys[] = {"src", "url", "link", "path", "name", "title"};
    struct json_out json = {.buf = out};

    if (json_is_string(value))
        buf_add(out, json_value_str(value));
    else if (json_is_integer(value))
        json_put_int(&json, json_integer_value(value));
    else if (json_is_real(value))
        json_put_num(&json, json_real_value(value));
    else if (json_is_boolean(value))
        buf_addz(out, json_is_true(value) ? "true" : "false");
    for (size_t i = 0; json_is_object(value) && i < sizeof keys / sizeof *keys; i++)
        if (!str_empty(json_str(value, keys[i]))) {
            buf_add(out, json_str(value, keys[i]));
            return;
        }
}

/* A list of categories is a path, or, under a plural, several of them; of images, the
 * first. */
static void add_value(enum feed_field field, const struct choice *c, struct buf *out)
{
    size_t count = json_array_size(c->value); /* 0 for what is no list */

    if (!json_is_array(c->value))
        add_text(c->value, out);
    for (size_t i = 0; i < (field == FEED_CATEGORY ? count : count > 0); i++) {
        if (i > 0)
            buf_addz(out, c->several ? ", " : " > ");
        add_text(json_array_get(c->value, i), out);
    }
}

/* Those of a list behind the first `from`, or of a text that names several. */
static enum aisle_status add_images(struct feed_row *row, const json_t *value,
                                    size_t from, struct aisle_err *err)
{
    struct buf text = BUF_INIT(JSONL_MAX_LINE);
    enum aisle_status status = AISLE_OK;

    if (!json_is_array(value))
        feed_row_images(row, json_value_str(value));
    for (size_t i = from; status == AISLE_OK && i < json_array_size(value); i++) {
        buf_reset(&text);
        add_text(json_array_get(value, i), &text);
        status = buf_check(&text, "value", err);
        feed_row_image(row, buf_str(&text));
    }
    buf_clear(&text);
    return status;
}

static enum aisle_status take_field(struct feed_import *im, struct feed_row *row,
                                    enum feed_field field, const struct choice *c,
                                    struct aisle_err *err)
{
    struct buf text = BUF_INIT(JSONL_MAX_LINE);
    enum aisle_status status;

    add_value(field, c, &text);
    status = buf_check(&text, "value", err);
    if (status == AISLE_OK)
        status = feed_row_set(im, row, field, c->key, c->several, buf_str(&text), err);
    if (status == AISLE_OK && field == FEED_IMAGE && json_is_array(c->value))
        status = add_images(row, c->value, 1, err);
    if (field == FEED_PRICE)
        row->point = json_is_number(c->value);
    buf_clear(&text);
    return status;
}

/* Without the images where the object names them itself. */
static enum aisle_status take_attributes(struct feed_row *row, const json_t *object,
                                         struct aisle_err *err)
{
    bool has_images = feed_row_has_images(row);
    enum aisle_status status = AISLE_OK;
    void *at = json_object_iter((json_t *)(uintptr_t)object);

    for (; at && status == AISLE_OK;
         at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
        struct str key = str_of(json_object_iter_key(at));

        if (!says_nothing(json_object_iter_value(at)) &&
            !(has_images && str_is(key, "images")))
            status = feed_row_extra_value(row, key, json_object_iter_value(at), err);
    }
    return status;
}

static bool is_chosen(const struct choice choices[FEED_FIELDS], const json_t *value)
{
    for (size_t f = 0; f < FEED_FIELDS; f++)
        if (choices[f].value == value)
            return true;
    return false;
}

/* Further images under a key of their own, where another names the main one. */
static enum aisle_status is_gallery(struct feed_import *im, struct str key,
                                    const json_t *value, bool *out, struct aisle_err *err)
{
    struct feed_name name;
    struct str folded;

    *out = false;
    if (!json_is_array(value) && !json_is_string(value))
        return AISLE_OK;
    folded = feed_key(key, &im->row);
    if (!folded.p)
        return aisle_nomem(err);
    name = feed_map_name(&im->map, key, folded);
    *out = name.field == FEED_IMAGE && (name.several || json_is_array(value));
    return AISLE_OK;
}

/* Pictures that have a key each, in the order of their numbers. */
struct numbered {
    const json_t *of[FEED_MOST_PICTURES];
};

static enum aisle_status note_picture(struct feed_import *im, struct str key,
                                      const json_t *value, struct numbered *out,
                                      bool *is_one, struct aisle_err *err)
{
    struct str folded = feed_key(key, &im->row);
    unsigned n = folded.p && json_is_string(value) ? feed_picture_number(folded) : 0;

    if (!folded.p)
        return aisle_nomem(err);
    *is_one = n > 0 && !out->of[n - 1];
    if (*is_one)
        out->of[n - 1] = value;
    return AISLE_OK;
}

static enum aisle_status take_one(struct feed_import *im, struct feed_row *row,
                                  struct str key, const json_t *value,
                                  struct aisle_err *err)
{
    bool gallery;
    enum aisle_status status = is_gallery(im, key, value, &gallery, err);

    if (status != AISLE_OK)
        return status;
    return gallery ? add_images(row, value, 0, err)
                   : feed_row_extra_value(row, key, value, err);
}

static enum aisle_status take_rest(struct feed_import *im, struct feed_row *row,
                                   const json_t *object,
                                   const struct choice choices[FEED_FIELDS],
                                   struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    void *at = json_object_iter((json_t *)(uintptr_t)object);
    struct numbered pictures = {0};

    for (; at && status == AISLE_OK;
         at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
        struct str key = str_of(json_object_iter_key(at));
        const json_t *value = json_object_iter_value(at);
        bool is_picture = false;

        if (says_nothing(value) || is_chosen(choices, value))
            continue;
        status = note_picture(im, key, value, &pictures, &is_picture, err);
        if (status == AISLE_OK && !is_picture)
            status = take_one(im, row, key, value, err);
    }
    for (size_t i = 0; i < FEED_MOST_PICTURES && status == AISLE_OK; i++)
        if (pictures.of[i])
            status = add_images(row, pictures.of[i], 0, err);
    return status;
}

static enum aisle_status add_object(struct feed_import *im, struct feed_row *row,
                                    const json_t *object, struct aisle_err *err)
{
    struct choice choices[FEED_FIELDS] = {0};
    enum aisle_status status = choose(im, object, choices, row, err);
    const json_t *attributes = choices[FEED_ATTRIBUTES].value;

    for (size_t f = 0; f < FEED_FIELDS && status == AISLE_OK; f++)
        if (choices[f].value && !(f == FEED_ATTRIBUTES && json_is_object(attributes)))
            status = take_field(im, row, (enum feed_field)f, &choices[f], err);
    if (status == AISLE_OK)
        status = take_rest(im, row, object, choices, err);
    if (status == AISLE_OK && json_is_object(attributes))
        status = take_attributes(row, attributes, err);
    if (status == AISLE_OK)
        status = feed_row_finish(im, row, err);
    return status;
}

enum aisle_status feed_read_json_lines(struct feed_import *im, struct feed_source source,
                                       struct aisle_err *err)
{
    struct jsonl lines;
    struct jsonl_row line = {0};
    struct feed_row row;
    enum aisle_status status;

    feed_row_init(&row);
    jsonl_open(&lines, source);
    do {
        status = jsonl_next(&lines, &line, err);
        if (status != AISLE_OK || line.line == 0)
            break;
        im->counts.rows++;
        feed_row_begin(im, &row, line.line);
        if (line.object)
            status = add_object(im, &row, line.object, err);
        else
            feed_tell(im, line.line, str_of(NULL), FEED_LEFT_OUT,
                      "write one JSON object a line, in UTF-8", "%s", line.why);
    } while (status == AISLE_OK);

    jsonl_close(&lines, &line);
    feed_row_clear(&row);
    return status;
}
