/* shop_text.c - what a shop has, as JSON in our own words; see own_text.h */
#include "listing/own_text.h"
#include "listing/requirement.h"
#include "taxonomy/taxonomy.h"

/* ---- writing ---- */

static void add_number(struct json_out *o, const char *key, int64_t n)
{
    if (n > 0)
        json_add_int(o, key, n);
}

static void add_texts(struct json_out *o, const char *key, bool known,
                      const struct str *rows, size_t count)
{
    if (!known)
        return;
    json_key(o, key);
    json_open_list(o);
    for (size_t i = 0; i < count; i++)
        json_put_str(o, rows[i]);
    json_close_list(o);
}

static void add_category(struct json_out *o, const struct shop_category *c)
{
    char permissions[80];

    json_key(o, "category");
    json_open(o);
    json_add_bool(o, "exists", c->exists);
    json_add_bool(o, "is_leaf", c->is_leaf);
    permission_format(c->permissions, permissions);
    add_text(o, "permissions", str_of(permissions));
    add_text(o, "version", c->version);
    add_text(o, "path", c->path);
    json_close(o);
}

static void add_brands(struct json_out *o, const struct listing_shop *shop)
{
    json_key(o, "brands");
    json_open_list(o);
    for (size_t i = 0; i < shop->brand_count; i++) {
        const struct shop_brand *b = &shop->brands[i];

        json_open(o);
        json_add_str(o, "id", b->id);
        add_text(o, "name", b->name);
        add_yes(o, "authorized", b->authorized);
        add_yes(o, "available", b->available);
        add_yes(o, "t1", b->t1);
        json_close(o);
    }
    json_close_list(o);
}

static void add_warehouses(struct json_out *o, const struct listing_shop *shop)
{
    json_key(o, "warehouses");
    json_open_list(o);
    for (size_t i = 0; i < shop->warehouse_count; i++) {
        const struct shop_warehouse *w = &shop->warehouses[i];

        json_open(o);
        json_add_str(o, "id", w->id);
        add_text(o, "name", w->name);
        add_text(o, "type", w->type);
        add_text(o, "status", w->status);
        add_yes(o, "default", w->is_default);
        json_close(o);
    }
    json_close_list(o);
}

static void add_delivery_options(struct json_out *o, const struct listing_shop *shop)
{
    json_key(o, "delivery_options");
    json_open_list(o);
    for (size_t i = 0; i < shop->delivery_option_count; i++) {
        const struct shop_delivery_option *d = &shop->delivery_options[i];

        json_open(o);
        json_add_str(o, "id", d->id);
        add_text(o, "name", d->name);
        add_text(o, "warehouse_id", d->warehouse_id);
        add_number(o, "max_weight_g", d->max_weight_g);
        add_number(o, "max_length_mm", d->max_length_mm);
        add_number(o, "max_width_mm", d->max_width_mm);
        add_number(o, "max_height_mm", d->max_height_mm);
        json_close(o);
    }
    json_close_list(o);
}

static void put_product(struct json_out *o, const struct shop_product *p)
{
    json_open(o);
    json_add_str(o, "id", p->id);
    add_text(o, "category_id", p->category_id);
    add_text(o, "top_category_id", p->top_category_id);
    add_text(o, "brand_id", p->brand_id);
    add_text(o, "status", p->status);
    json_key(o, "skus");
    json_open_list(o);
    for (size_t i = 0; i < p->sku_count; i++) {
        json_open(o);
        json_add_str(o, "id", p->skus[i].id);
        if (p->skus[i].price_minor >= 0)
            json_add_int(o, "price_minor", p->skus[i].price_minor);
        add_yes(o, "deactivated", p->skus[i].deactivated);
        json_close(o);
    }
    json_close_list(o);
    json_close(o);
}

static void add_products(struct json_out *o, const struct listing_shop *shop)
{
    json_key(o, "products");
    json_open_list(o);
    for (size_t i = 0; i < shop->product_count; i++)
        put_product(o, &shop->products[i]);
    json_close_list(o);
}

static void add_images(struct json_out *o, const struct listing_shop *shop)
{
    json_key(o, "images");
    json_open_list(o);
    for (size_t i = 0; i < shop->image_count; i++) {
        const struct shop_image *image = &shop->images[i];

        json_open(o);
        json_add_str(o, "uri", image->uri);
        json_add_str(o, "kind", str_of(image_kind_name(image->facts.kind)));
        json_add_int(o, "width", image->facts.width);
        json_add_int(o, "height", image->facts.height);
        json_add_int(o, "bytes", (int64_t)image->facts.bytes);
        if (image->white_known)
            json_add_bool(o, "white", image->white);
        json_close(o);
    }
    json_close_list(o);
}

static void add_videos(struct json_out *o, const struct listing_shop *shop)
{
    json_key(o, "videos");
    json_open_list(o);
    for (size_t i = 0; i < shop->video_count; i++) {
        const struct shop_video *video = &shop->videos[i];

        json_open(o);
        json_add_str(o, "id", video->id);
        add_number(o, "width", video->width);
        add_number(o, "height", video->height);
        add_number(o, "seconds", video->seconds);
        json_close(o);
    }
    json_close_list(o);
}

void listing_shop_format(const struct listing_shop *shop, struct buf *out)
{
    struct json_out o = {.buf = out};

    json_open(&o);
    add_text(&o, "market", shop->market);
    add_yes(&o, "cross_border", shop->cross_border);
    add_yes(&o, "inactive", shop->inactive);
    if (shop->category.known)
        add_category(&o, &shop->category);
    if (shop->brands_known)
        add_brands(&o, shop);
    if (shop->warehouses_known)
        add_warehouses(&o, shop);
    if (shop->delivery_options_known)
        add_delivery_options(&o, shop);
    add_texts(&o, "manufacturer_ids", shop->manufacturers_known, shop->manufacturer_ids,
              shop->manufacturer_count);
    add_texts(&o, "responsible_person_ids", shop->responsible_persons_known,
              shop->responsible_person_ids, shop->responsible_person_count);
    add_texts(&o, "size_chart_ids", shop->size_charts_known, shop->size_chart_ids,
              shop->size_chart_count);
    if (shop->products_known)
        add_products(&o, shop);
    if (shop->images_known)
        add_images(&o, shop);
    if (shop->video_count)
        add_videos(&o, shop);
    add_texts(&o, "image_hosts", shop->image_host_count > 0, shop->image_hosts,
              shop->image_host_count);
    add_texts(&o, "platforms", shop->platform_count > 0, shop->platforms,
              shop->platform_count);
    json_close(&o);
}

/* ---- reading ---- */

/* The list under a key and room for its rows; *known says that there is one. */
static void *rows_of(struct reader *r, const json_t *root, const char *key, size_t size,
                     const json_t **list, size_t *count, bool *known)
{
    *list = json_list(root, key);
    *known = *list != NULL;
    return rows_for(r, *list, size, count);
}

static const struct str *read_texts(struct reader *r, const json_t *root, const char *key,
                                    size_t *count, bool *known)
{
    const json_t *list;
    struct str *rows = rows_of(r, root, key, sizeof *rows, &list, count, known);

    for (size_t i = 0; i < *count; i++) {
        rows[i] = arena_str(r->arena, json_value_str(json_array_get(list, i)));
        if (!rows[i].p)
            r->no_memory = true;
    }
    return rows;
}

static unsigned read_permissions(struct str words)
{
    unsigned permissions = 0;

    while (!str_empty(words))
        permissions |= permission_parse(str_trim(str_cut(&words, ',')));
    return permissions;
}

static void read_category(struct reader *r, const json_t *root, struct listing_shop *out)
{
    const json_t *c = json_at(root, "category");

    if (!json_is_object(c))
        return;
    out->category = (struct shop_category){
        .known = true,
        .exists = json_flag(c, "exists", true),
        .is_leaf = json_flag(c, "is_leaf", true),
        .permissions = read_permissions(json_str(c, "permissions")),
        .version = take(r, c, "version"),
        .path = take(r, c, "path"),
    };
}

static void read_brands(struct reader *r, const json_t *root, struct listing_shop *out)
{
    const json_t *list;
    struct shop_brand *rows = rows_of(r, root, "brands", sizeof *rows, &list,
                                      &out->brand_count, &out->brands_known);

    for (size_t i = 0; i < out->brand_count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i] = (struct shop_brand){
            .id = take(r, one, "id"),
            .name = take(r, one, "name"),
            .authorized = json_flag(one, "authorized", false),
            .available = json_flag(one, "available", false),
            .t1 = json_flag(one, "t1", false),
        };
    }
    out->brands = rows;
}

static void read_warehouses(struct reader *r, const json_t *root,
                            struct listing_shop *out)
{
    const json_t *list;
    struct shop_warehouse *rows = rows_of(r, root, "warehouses", sizeof *rows, &list,
                                          &out->warehouse_count, &out->warehouses_known);

    for (size_t i = 0; i < out->warehouse_count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i] = (struct shop_warehouse){
            .id = take(r, one, "id"),
            .name = take(r, one, "name"),
            .type = take(r, one, "type"),
            .status = take(r, one, "status"),
            .is_default = json_flag(one, "default", false),
        };
    }
    out->warehouses = rows;
}

static void read_delivery_options(struct reader *r, const json_t *root,
                                  struct listing_shop *out)
{
    const json_t *list;
    struct shop_delivery_option *rows =
        rows_of(r, root, "delivery_options", sizeof *rows, &list,
                &out->delivery_option_count, &out->delivery_options_known);

    for (size_t i = 0; i < out->delivery_option_count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i] = (struct shop_delivery_option){
            .id = take(r, one, "id"),
            .name = take(r, one, "name"),
            .warehouse_id = take(r, one, "warehouse_id"),
            .max_weight_g = json_int(one, "max_weight_g", 0),
            .max_length_mm = json_int(one, "max_length_mm", 0),
            .max_width_mm = json_int(one, "max_width_mm", 0),
            .max_height_mm = json_int(one, "max_height_mm", 0),
        };
    }
    out->delivery_options = rows;
}

static void read_product(struct reader *r, const json_t *one, struct shop_product *p)
{
    const json_t *list;
    bool known;
    struct shop_product_sku *skus =
        rows_of(r, one, "skus", sizeof *skus, &list, &p->sku_count, &known);

    p->id = take(r, one, "id");
    p->category_id = take(r, one, "category_id");
    p->top_category_id = take(r, one, "top_category_id");
    p->brand_id = take(r, one, "brand_id");
    p->status = take(r, one, "status");
    for (size_t i = 0; i < p->sku_count; i++) {
        const json_t *sku = json_array_get(list, i);

        skus[i].id = take(r, sku, "id");
        skus[i].price_minor = json_int(sku, "price_minor", -1);
        skus[i].deactivated = json_flag(sku, "deactivated", false);
    }
    p->skus = skus;
}

static void read_products(struct reader *r, const json_t *root, struct listing_shop *out)
{
    const json_t *list;
    struct shop_product *rows = rows_of(r, root, "products", sizeof *rows, &list,
                                        &out->product_count, &out->products_known);

    for (size_t i = 0; i < out->product_count; i++)
        read_product(r, json_array_get(list, i), &rows[i]);
    out->products = rows;
}

static enum image_kind read_kind(struct str name)
{
    for (int kind = IMAGE_JPEG; kind <= IMAGE_TIFF; kind++)
        if (str_is(name, image_kind_name((enum image_kind)kind)))
            return (enum image_kind)kind;
    return IMAGE_UNKNOWN;
}

static uint32_t read_number(const json_t *one, const char *key)
{
    int64_t n = json_int(one, key, 0);

    return n < 0 || n > UINT32_MAX ? 0 : (uint32_t)n;
}

static void read_images(struct reader *r, const json_t *root, struct listing_shop *out)
{
    const json_t *list;
    struct shop_image *rows = rows_of(r, root, "images", sizeof *rows, &list,
                                      &out->image_count, &out->images_known);

    for (size_t i = 0; i < out->image_count; i++) {
        const json_t *one = json_array_get(list, i);
        int64_t bytes = json_int(one, "bytes", 0);

        rows[i].uri = take(r, one, "uri");
        rows[i].facts = (struct image_facts){
            .kind = read_kind(json_str(one, "kind")),
            .width = read_number(one, "width"),
            .height = read_number(one, "height"),
            .bytes = bytes > 0 ? (size_t)bytes : 0,
            .whole = true,
        };
        rows[i].white_known = json_at(one, "white") != NULL;
        rows[i].white = json_flag(one, "white", false);
    }
    out->images = rows;
}

static void read_videos(struct reader *r, const json_t *root, struct listing_shop *out)
{
    const json_t *list;
    bool known;
    struct shop_video *rows =
        rows_of(r, root, "videos", sizeof *rows, &list, &out->video_count, &known);

    for (size_t i = 0; i < out->video_count; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i].id = take(r, one, "id");
        rows[i].width = read_number(one, "width");
        rows[i].height = read_number(one, "height");
        rows[i].seconds = read_number(one, "seconds");
    }
    out->videos = rows;
}

static void read_shop(struct reader *r, const json_t *root, struct listing_shop *out)
{
    bool known;

    out->market = take(r, root, "market");
    out->cross_border = json_flag(root, "cross_border", false);
    out->inactive = json_flag(root, "inactive", false);
    read_category(r, root, out);
    read_brands(r, root, out);
    read_warehouses(r, root, out);
    read_delivery_options(r, root, out);
    out->manufacturer_ids = read_texts(
        r, root, "manufacturer_ids", &out->manufacturer_count, &out->manufacturers_known);
    out->responsible_person_ids =
        read_texts(r, root, "responsible_person_ids", &out->responsible_person_count,
                   &out->responsible_persons_known);
    out->size_chart_ids = read_texts(r, root, "size_chart_ids", &out->size_chart_count,
                                     &out->size_charts_known);
    read_products(r, root, out);
    read_images(r, root, out);
    read_videos(r, root, out);
    out->image_hosts = read_texts(r, root, "image_hosts", &out->image_host_count, &known);
    out->platforms = read_texts(r, root, "platforms", &out->platform_count, &known);
}

enum aisle_status listing_shop_parse(struct str text, struct arena *arena,
                                     struct listing_shop *out, struct aisle_err *err)
{
    struct reader r = {.arena = arena};
    struct listing_shop made = {0};
    json_t *root = NULL;
    enum aisle_status status = read_root(text, "shop's side", &root, err);

    if (status == AISLE_OK)
        read_shop(&r, root, &made);
    json_decref(root);
    if (status == AISLE_OK && r.no_memory)
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        *out = made;
    return status;
}
