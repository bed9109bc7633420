/* What a shop has to list with: Get Brands and Create Custom Brand 202309, Get Warehouses
 * 202309, Check Listing Prerequisites 202312, Upload Product File 202309. */
#include "channels/tiktok/listing_wire.h"

/* ---- brands ---- */

/* "UNAUTHORIEZD" is what live answers write. A brand whose status is not told, as for
 * those not authorised, is available. */
static bool read_brand(const json_t *one, struct arena *arena, struct shop_brand *out)
{
    struct str status = json_str(one, "brand_status");

    out->id = json_text(one, "id", arena);
    out->name = json_text(one, "name", arena);
    out->authorized = str_is(json_str(one, "authorized_status"), "AUTHORIZED");
    out->available = status.n == 0 || str_is(status, "AVAILABLE");
    out->t1 = json_flag(one, "is_t1_brand", false);
    return out->id.p && out->name.p;
}

enum aisle_status tiktok_brands_read(const json_t *envelope, struct arena *arena,
                                     struct channel_brand_page *out,
                                     struct aisle_err *err)
{
    const json_t *data, *list = NULL;
    struct channel_brand_page page = {0};
    struct shop_brand *rows;
    enum aisle_status status = tiktok_data(envelope, "Get Brands", &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(data, "brands", "Get Brands", &list, &page.count, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, page.count, sizeof *rows);
    page.next_token = json_text(data, "next_page_token", arena);
    page.total = json_int(data, "total_count", (int64_t)page.count);
    if (!rows || !page.next_token.p)
        return aisle_nomem(err);
    for (size_t i = 0; i < page.count; i++)
        if (!read_brand(json_array_get(list, i), arena, &rows[i]))
            return aisle_nomem(err);
    page.rows = rows;
    *out = page;
    return AISLE_OK;
}

enum aisle_status tiktok_fetch_brands(struct channel_session *s,
                                      const struct channel_brand_query *query,
                                      struct arena *arena, struct channel_brand_page *out,
                                      struct channel_meta *meta, struct aisle_err *err)
{
    struct tiktok_request r = {.what = "Get Brands",
                               .method = "GET",
                               .path = "/product/202309/brands",
                               .with_cipher = true};
    char size[24];
    struct tiktok_answer answer = {0};
    enum aisle_status status;

    snprintf(size, sizeof size, "%zu", query->page_size ? query->page_size : 100);
    tiktok_param_add(&r, "page_size", str_of(size));
    tiktok_param_add(&r, "page_token", query->page_token);
    tiktok_param_add(&r, "category_id", query->category_id);
    tiktok_param_add(&r, "category_version", query->version);
    tiktok_param_add(&r, "brand_name", query->name);
    tiktok_param_add(&r, "is_authorized", str_of(query->authorized_only ? "1" : "0"));
    status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_brands_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}

static enum aisle_status read_brand_id(const json_t *envelope, struct arena *arena,
                                       struct str *id, struct aisle_err *err)
{
    const json_t *data;
    struct str got;
    enum aisle_status status = tiktok_data(envelope, "Create Custom Brand", &data, err);

    if (status != AISLE_OK)
        return status;
    got = json_text(data, "id", arena);
    if (!got.p)
        return aisle_nomem(err);
    if (got.n == 0)
        return aisle_fail(err, AISLE_GARBLED, "Create Custom Brand: no id came back");
    *id = got;
    return AISLE_OK;
}

enum aisle_status tiktok_create_brand(struct channel_session *s, struct str name,
                                      struct arena *arena, struct str *id,
                                      struct channel_meta *meta, struct aisle_err *err)
{
    struct tiktok_request r = {.what = "Create Custom Brand",
                               .method = "POST",
                               .path = "/product/202309/brands"};
    struct buf body = BUF_INIT(BUF_MAX_LINE);
    struct json_out o = {.buf = &body};
    struct tiktok_answer answer = {0};
    enum aisle_status status;

    json_open(&o);
    json_add_str(&o, "name", name);
    json_close(&o);
    status = buf_check(&body, "a brand's name", err);
    r.body = buf_str(&body);
    if (status == AISLE_OK)
        status = tiktok_ask_once(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = read_brand_id(answer.envelope, arena, id, err);
    buf_clear(&body);
    return tiktok_done(&answer, status, err);
}

/* ---- warehouses ---- */

static bool read_warehouse(const json_t *one, struct arena *arena,
                           struct shop_warehouse *out)
{
    out->id = json_text(one, "id", arena);
    out->name = json_text(one, "name", arena);
    out->type = json_text(one, "type", arena);
    out->status = json_text(one, "effect_status", arena);
    out->is_default = json_flag(one, "is_default", false);
    return out->id.p && out->name.p && out->type.p && out->status.p;
}

enum aisle_status tiktok_warehouses_read(const json_t *envelope, struct arena *arena,
                                         const struct shop_warehouse **out, size_t *count,
                                         struct aisle_err *err)
{
    const json_t *data, *list = NULL;
    struct shop_warehouse *rows;
    size_t n = 0;
    enum aisle_status status = tiktok_data(envelope, "Get Warehouses", &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(data, "warehouses", "Get Warehouses", &list, &n, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, n, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < n; i++)
        if (!read_warehouse(json_array_get(list, i), arena, &rows[i]))
            return aisle_nomem(err);
    *out = rows;
    *count = n;
    return AISLE_OK;
}

enum aisle_status tiktok_fetch_warehouses(struct channel_session *s, struct arena *arena,
                                          const struct shop_warehouse **out,
                                          size_t *count, struct channel_meta *meta,
                                          struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Get Warehouses",
                                     .method = "GET",
                                     .path = "/logistics/202309/warehouses",
                                     .with_cipher = true};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask(s, &r, &answer, meta, err);

    if (status == AISLE_OK)
        status = tiktok_warehouses_read(answer.envelope, arena, out, count, err);
    return tiktok_done(&answer, status, err);
}

/* ---- prerequisites ---- */

static bool read_prerequisite(const json_t *one, struct arena *arena,
                              struct channel_prerequisite *out)
{
    const json_t *reasons = json_list(one, "fail_reasons"), *reason;
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    size_t i;

    json_array_foreach(reasons, i, reason)
    {
        buf_addz(&text, i ? "; " : "");
        buf_add(&text, json_value_str(reason));
    }
    out->item = json_text(one, "check_item", arena);
    out->failed = json_flag(one, "is_failed", false);
    out->reasons = buf_check(&text, "the reasons", NULL) == AISLE_OK
                       ? arena_str(arena, buf_str(&text))
                       : (struct str){0};
    buf_clear(&text);
    return out->item.p && out->reasons.p;
}

enum aisle_status tiktok_prerequisites_read(const json_t *envelope, struct arena *arena,
                                            const struct channel_prerequisite **out,
                                            size_t *count, struct aisle_err *err)
{
    const json_t *data, *list = NULL;
    struct channel_prerequisite *rows;
    size_t n = 0;
    enum aisle_status status =
        tiktok_data(envelope, "Check Listing Prerequisites", &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(data, "check_results", "Check Listing Prerequisites", &list,
                             &n, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, n, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < n; i++)
        if (!read_prerequisite(json_array_get(list, i), arena, &rows[i]))
            return aisle_nomem(err);
    *out = rows;
    *count = n;
    return AISLE_OK;
}

enum aisle_status tiktok_fetch_prerequisites(struct channel_session *s,
                                             struct arena *arena,
                                             const struct channel_prerequisite **out,
                                             size_t *count, struct channel_meta *meta,
                                             struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Check Listing Prerequisites",
                                     .method = "GET",
                                     .path = "/product/202312/prerequisites",
                                     .with_cipher = true};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask(s, &r, &answer, meta, err);

    if (status == AISLE_OK)
        status = tiktok_prerequisites_read(answer.envelope, arena, out, count, err);
    return tiktok_done(&answer, status, err);
}

/* ---- files ---- */

enum aisle_status tiktok_file_read(const json_t *envelope, struct arena *arena,
                                   struct channel_pushed_file *out, struct aisle_err *err)
{
    const json_t *data;
    struct channel_pushed_file file;
    enum aisle_status status = tiktok_data(envelope, "Upload Product File", &data, err);

    if (status != AISLE_OK)
        return status;
    file = (struct channel_pushed_file){
        .id = json_text(data, "id", arena),
        .url = json_text(data, "url", arena),
        .name = json_text(data, "name", arena),
        .format = json_text(data, "format", arena),
    };
    if (!file.id.p || !file.url.p || !file.name.p || !file.format.p)
        return aisle_nomem(err);
    if (file.id.n == 0)
        return aisle_fail(err, AISLE_GARBLED, "Upload Product File: no id came back");
    *out = file;
    return AISLE_OK;
}

enum aisle_status tiktok_push_file(struct channel_session *s,
                                   const struct channel_file *file, struct arena *arena,
                                   struct channel_pushed_file *out,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    const struct net_part parts[] = {
        {.name = STR_LIT("data"),
         .file_name = file->name,
         .mime = file->mime,
         .data = file->bytes},
        {.name = STR_LIT("name"), .data = file->name},
    };
    const struct tiktok_request r = {.what = "Upload Product File",
                                     .method = "POST",
                                     .path = "/product/202309/files/upload",
                                     .parts = parts,
                                     .part_count = sizeof parts / sizeof *parts};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask(s, &r, &answer, meta, err);

    if (status == AISLE_OK)
        status = tiktok_file_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}
