/* images.c - where images are, what was pushed of them, and which belongs to which */
#include "store/sql/images.h"

/* With the link of one shop; only read. */
static const struct column image_columns[] = {
    COLUMN(struct product_image, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct product_image, id, "id", MEMBER_TEXT),
    COLUMN(struct product_image, file_name, "file_name", MEMBER_TEXT),
    COLUMN(struct product_image, local_image_id, "local_image_id", MEMBER_TEXT),
    COLUMN(struct product_image, location, "location", MEMBER_TEXT),
    COLUMN_DERIVED(struct product_image, channel_image_id, "k.channel_image_id",
                   MEMBER_TEXT_OR_NULL),
};
static const struct noun image_noun =
    NOUN("product_image", struct product_image, image_columns, 2);

static const struct column pushed_columns[] = {
    COLUMN(struct pushed_image, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct pushed_image, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct pushed_image, id, "id", MEMBER_TEXT),
    COLUMN(struct pushed_image, uri, "uri", MEMBER_TEXT),
    COLUMN(struct pushed_image, url, "url", MEMBER_TEXT),
    COLUMN(struct pushed_image, bytes_hash, "bytes_hash", MEMBER_DIGEST),
    COLUMN(struct pushed_image, width, "width", MEMBER_U32),
    COLUMN(struct pushed_image, height, "height", MEMBER_U32),
    COLUMN(struct pushed_image, use_case, "use_case", MEMBER_TEXT),
    COLUMN(struct pushed_image, request_id, "request_id", MEMBER_TEXT),
    COLUMN(struct pushed_image, pushed_at, "pushed_at", MEMBER_INT),
};
static const struct noun pushed_noun =
    NOUN("channel_image", struct pushed_image, pushed_columns, 3);

static const struct column refused_columns[] = {
    COLUMN(struct refused_image, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct refused_image, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct refused_image, bytes_hash, "bytes_hash", MEMBER_DIGEST),
    COLUMN(struct refused_image, use_case, "use_case", MEMBER_TEXT),
    COLUMN(struct refused_image, code, "code", MEMBER_TEXT),
    COLUMN(struct refused_image, text, "text", MEMBER_TEXT),
    COLUMN(struct refused_image, at, "at", MEMBER_INT),
};
static const struct noun refused_noun =
    NOUN("refused_image", struct refused_image, refused_columns, 4);

/* ---- where images are ---- */

struct str sql_image_file_name(struct str location)
{
    size_t from = 0;

    location = str_head(location, str_find_char(location, '?'));
    location = str_head(location, str_find_char(location, '#'));
    for (size_t i = 0; i < location.n; i++)
        if (location.p[i] == '/')
            from = i + 1;
    return str_skip(location, from);
}

enum aisle_status sql_image_id(const struct product *p, char out[PRODUCT_MAX_FIELD + 1],
                               struct aisle_err *err)
{
    out[0] = '\0';
    if (str_empty(p->image_location))
        return AISLE_OK;
    if (str_empty(p->image_id))
        return image_id_of("image", p->seller_id, p->image_location, out, err);
    if (p->image_id.n > PRODUCT_MAX_FIELD)
        return aisle_fail(err, AISLE_LIMIT, "image id of %.*s has over %d bytes",
                          STR_ARG(p->id), PRODUCT_MAX_FIELD);
    memcpy(out, p->image_id.p, p->image_id.n);
    out[p->image_id.n] = '\0';
    return AISLE_OK;
}

static enum aisle_status unlink_image(struct conn *c, struct str seller_id,
                                      struct str image_id, struct aisle_err *err)
{
    return sql_run(c, "DELETE FROM image_link WHERE seller_id = ? AND image_id = ?",
                   SQL_VALUES(sql_text(seller_id), sql_text(image_id)), err);
}

/* What was pushed was another picture. */
static enum aisle_status unlink_moved(struct conn *c, struct str seller_id,
                                      struct str image_id, struct str local_id,
                                      struct aisle_err *err)
{
    return sql_run(
        c,
        "DELETE FROM image_link WHERE seller_id = ?1 AND image_id = ?2 AND "
        "EXISTS (SELECT 1 FROM product_image i WHERE i.seller_id = ?1 AND "
        "i.id = ?2 AND i.local_image_id <> ?3)",
        SQL_VALUES(sql_text(seller_id), sql_text(image_id), sql_text(local_id)), err);
}

/* Nothing is read first: an import is quicker by a round trip a product. */
enum aisle_status sql_put_image(struct conn *c, const struct product *p,
                                struct str image_id, bool gained, struct aisle_err *err)
{
    char local_id[IMAGE_ID_LEN + 1];
    enum aisle_status status =
        image_id_of("local", p->seller_id, p->image_location, local_id, err);

    if (status == AISLE_OK)
        status = unlink_moved(c, p->seller_id, image_id, str_of(local_id), err);
    if (status != AISLE_OK)
        return status;
    return sql_run(c,
                   "INSERT INTO product_image (seller_id, id, file_name, "
                   "local_image_id, location, products) VALUES (?, ?, ?, ?, ?, ?) "
                   "ON CONFLICT (seller_id, id) DO UPDATE SET file_name = "
                   "excluded.file_name, local_image_id = excluded.local_image_id, "
                   "location = excluded.location, "
                   "products = product_image.products + excluded.products "
                   "WHERE excluded.products > 0 OR "
                   "product_image.local_image_id <> excluded.local_image_id",
                   SQL_VALUES(sql_text(p->seller_id), sql_text(image_id),
                              sql_text(sql_image_file_name(p->image_location)),
                              sql_text(str_of(local_id)), sql_text(p->image_location),
                              sql_int(gained)),
                   err);
}

enum aisle_status sql_let_go_image(struct conn *c, struct str seller_id,
                                   struct str image_id, struct aisle_err *err)
{
    const struct values key = SQL_VALUES(sql_text(seller_id), sql_text(image_id));
    int64_t products = 0;
    enum aisle_status status =
        sql_ask(c, "SELECT products FROM product_image WHERE seller_id = ? AND id = ?",
                key, 0, &products, err);

    if (status != AISLE_OK)
        return status;
    if (products > 1)
        return sql_run(c,
                       "UPDATE product_image SET products = products - 1 "
                       "WHERE seller_id = ? AND id = ?",
                       key, err);
    status = unlink_image(c, seller_id, image_id, err);
    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM product_image WHERE seller_id = ? AND id = ?",
                         key, err);
    return status;
}

enum aisle_status sql_get_image(struct store *s, struct str seller_id,
                                struct str image_id, struct str shop_id,
                                struct arena *arena, struct product_image *out,
                                struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &image_noun);
    query_add(&q, " LEFT JOIN image_link k ON k.seller_id = product_image.seller_id "
                  "AND k.image_id = product_image.id AND k.shop_id = ?");
    query_value(&q, sql_text(shop_id));
    query_where(&q, "product_image.seller_id = ?", sql_text(seller_id));
    query_where(&q, "product_image.id = ?", sql_text(image_id));
    status = sql_get(s, &image_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "seller %.*s has no image %.*s",
                          STR_ARG(seller_id), STR_ARG(image_id));
    return status;
}

/* ---- what was pushed ---- */

enum aisle_status sql_put_pushed(struct conn *c, const struct pushed_image *image,
                                 struct aisle_err *err)
{
    return noun_put(c, &pushed_noun, image, err);
}

enum aisle_status sql_link_image(struct conn *c, struct str seller_id,
                                 struct str image_id, struct str shop_id,
                                 struct str channel_image_id, struct aisle_err *err)
{
    return sql_run(c,
                   "INSERT INTO image_link (seller_id, image_id, shop_id, "
                   "channel_image_id) SELECT seller_id, id, ?, ? FROM product_image "
                   "WHERE seller_id = ? AND id = ? ON CONFLICT (seller_id, image_id, "
                   "shop_id) DO UPDATE SET channel_image_id = excluded.channel_image_id",
                   SQL_VALUES(sql_text(shop_id), sql_text(channel_image_id),
                              sql_text(seller_id), sql_text(image_id)),
                   err);
}

enum aisle_status sql_get_pushed(struct store *s, struct str seller_id,
                                 struct str shop_id, struct str channel_image_id,
                                 struct arena *arena, struct pushed_image *out,
                                 struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &pushed_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "shop_id = ?", sql_text(shop_id));
    query_where(&q, "id = ?", sql_text(channel_image_id));
    status = sql_get(s, &pushed_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "shop %.*s has no image %.*s",
                          STR_ARG(shop_id), STR_ARG(channel_image_id));
    return status;
}

/* Pushed twice at the same moment, there are two; the later one will last longer. */
enum aisle_status sql_find_pushed(struct store *s, struct str seller_id,
                                  struct str shop_id, const struct sha256 *bytes_hash,
                                  struct str use_case, struct arena *arena,
                                  struct pushed_image *out, struct aisle_err *err)
{
    struct query q = {0};
    char hex[SHA256_HEX_LEN + 1];
    bool found = false;
    enum aisle_status status;

    sha256_hex(bytes_hash, hex);
    query_select(&q, &pushed_noun);
    /* without statistics SQLite would walk all images of the shop */
    if (sql_driver_of(s)->takes_hints)
        query_add(&q, " INDEXED BY channel_image_of_bytes");
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "shop_id = ?", sql_text(shop_id));
    query_where(&q, "bytes_hash = ?", sql_text(str_of(hex)));
    query_where(&q, "use_case = ?", sql_text(use_case));
    query_add(&q, " ORDER BY pushed_at DESC, id LIMIT 1");
    status = sql_get(s, &pushed_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "these bytes were not pushed for shop %.*s", STR_ARG(shop_id));
    return status;
}

/* ---- what was refused ---- */

enum aisle_status sql_put_refused(struct conn *c, const struct refused_image *image,
                                  struct aisle_err *err)
{
    return noun_put(c, &refused_noun, image, err);
}

enum aisle_status sql_find_refused(struct store *s, struct str seller_id,
                                   struct str shop_id, const struct sha256 *bytes_hash,
                                   struct str use_case, struct arena *arena,
                                   struct refused_image *out, struct aisle_err *err)
{
    struct query q = {0};
    char hex[SHA256_HEX_LEN + 1];
    bool found = false;
    enum aisle_status status;

    sha256_hex(bytes_hash, hex);
    query_select(&q, &refused_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "shop_id = ?", sql_text(shop_id));
    query_where(&q, "bytes_hash = ?", sql_text(str_of(hex)));
    query_where(&q, "use_case = ?", sql_text(use_case));
    status = sql_get(s, &refused_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "these bytes were not refused for shop %.*s", STR_ARG(shop_id));
    return status;
}
