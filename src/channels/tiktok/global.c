/* Create, Edit, Get, Delete and Publish Global Product, Get Global Warehouses 202309,
 * Search Global Products 202312. A global product is the seller's, whichever shop's token
 * asks: no call takes a shop_cipher. */
#include "channels/tiktok/listing_wire.h"

/* ---- what is read ---- */

/* They are for selling from, as far as the page says. */
static bool read_warehouse(const json_t *one, struct arena *arena,
                           struct shop_warehouse *out)
{
    *out = (struct shop_warehouse){
        .id = json_text(one, "id", arena),
        .name = json_text(one, "name", arena),
        .type = STR_LIT("SALES_WAREHOUSE"),
        .status = STR_LIT("ENABLED"),
    };
    return out->id.p && out->name.p;
}

enum aisle_status tiktok_global_warehouses_read(const json_t *envelope,
                                                struct arena *arena,
                                                const struct shop_warehouse **out,
                                                size_t *count, struct aisle_err *err)
{
    const json_t *data, *list = NULL;
    struct shop_warehouse *rows;
    size_t n = 0;
    enum aisle_status status = tiktok_data(envelope, "Get Global Warehouses", &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(data, "global_warehouses", "Get Global Warehouses", &list,
                             &n, err);
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

/* [{"message"}] joined; .p NULL without memory. */
static struct str read_reasons(const json_t *one, struct arena *arena)
{
    const json_t *list = json_list(one, "fail_reasons"), *reason;
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str out = {0};
    size_t i;

    json_array_foreach(list, i, reason)
    {
        buf_addz(&text, text.n ? "; " : "");
        buf_add(&text, json_str(reason, "message"));
    }
    if (buf_check(&text, "the reasons", NULL) == AISLE_OK)
        out = arena_str(arena, buf_str(&text));
    buf_clear(&text);
    return out;
}

/* A market's reasons come as words without codes; these are the words of what passes by
 * itself (12052093, 12001000, 12052109, 33001002). */
static bool is_for_now(struct str reason)
{
    static const char *const words[] = {
        "Exceeded the product listing limit", "product api internal error",
        "requests from merchants over limit", "internal error"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(reason, str_of(words[i])) < reason.n)
            return true;
    return false;
}

static struct channel_market *market_in(struct channel_market *rows, size_t *count,
                                        struct str region)
{
    for (size_t i = 0; i < *count; i++)
        if (str_eq(rows[i].region, region))
            return &rows[i];
    rows[*count] = (struct channel_market){.region = region,
                                           .product_id = STR_LIT(""),
                                           .shop_id = STR_LIT(""),
                                           .reason = STR_LIT("")};
    return &rows[(*count)++];
}

/* Whether it went well there; each market is a row of its own. */
static bool read_outcomes(const json_t *list, struct arena *arena,
                          struct channel_market *rows, size_t *count)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct str region = json_text(one, "region", arena);
        struct channel_market *m;

        if (!region.p)
            return false;
        m = market_in(rows, count, region);
        m->failed = !str_is(json_str(one, "status"), "SUCCESS");
        m->reason = read_reasons(one, arena);
        if (!m->reason.p)
            return false;
        m->for_now = m->failed && is_for_now(m->reason);
    }
    return true;
}

enum aisle_status tiktok_published_read(const json_t *envelope, struct arena *arena,
                                        const struct channel_market **out, size_t *count,
                                        struct aisle_err *err)
{
    static const char what[] = "Publish Global Product";
    const json_t *data, *products = NULL, *outcomes = NULL;
    struct channel_market *rows;
    size_t n = 0, product_count = 0, outcome_count = 0;
    enum aisle_status status = tiktok_data(envelope, what, &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(data, "products", what, &products, &product_count, err);
    if (status == AISLE_OK)
        status =
            tiktok_list(data, "publish_result", what, &outcomes, &outcome_count, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, product_count + outcome_count, sizeof *rows);
    if (!rows || !read_outcomes(outcomes, arena, rows, &n))
        return aisle_nomem(err);
    for (size_t i = 0; status == AISLE_OK && i < product_count; i++) {
        const json_t *one = json_array_get(products, i);
        struct str region = json_text(one, "region", arena);
        struct channel_market *m = region.p ? market_in(rows, &n, region) : NULL;

        if (!m)
            return aisle_nomem(err);
        m->product_id = json_text(one, "id", arena);
        m->shop_id = json_text(one, "shop_id", arena);
        if (!m->product_id.p || !m->shop_id.p)
            return aisle_nomem(err);
        status = tiktok_skus_read(one, "skus", what, arena, &m->skus, &m->sku_count, err);
    }
    if (status != AISLE_OK)
        return status;
    *out = rows;
    *count = n;
    return AISLE_OK;
}

enum aisle_status tiktok_global_listed_read(const json_t *envelope, struct arena *arena,
                                            struct channel_listed *out,
                                            struct aisle_err *err)
{
    static const char what[] = "a global product";
    const json_t *data, *outcomes = NULL;
    struct channel_listed listed = {.audit = STR_LIT("")};
    struct channel_market *rows;
    size_t n = 0;
    enum aisle_status status = tiktok_data(envelope, what, &data, err);

    if (status == AISLE_OK)
        status = tiktok_skus_read(data, "global_skus", what, arena, &listed.skus,
                                  &listed.sku_count, err);
    if (status == AISLE_OK)
        status = tiktok_list(data, "publish_results", what, &outcomes, &n, err);
    if (status != AISLE_OK)
        return status;
    listed.product_id = json_text(data, "global_product_id", arena);
    rows = arena_zalloc(arena, n, sizeof *rows);
    if (!rows || !listed.product_id.p ||
        !read_outcomes(outcomes, arena, rows, &listed.market_count))
        return aisle_nomem(err);
    listed.markets = rows;
    *out = listed;
    return AISLE_OK;
}

/* Of the SKUs there only ids are told, beside those of the global ones. */
static bool read_mappings(const json_t *one, const struct channel_product *p,
                          struct arena *arena, struct channel_market *m)
{
    const json_t *list = json_list(one, "sku_mappings"), *pair;
    size_t n = json_array_size(list), i;
    struct channel_listed_sku *rows = arena_zalloc(arena, n, sizeof *rows);

    if (!rows || n > TIKTOK_LIST_MAX)
        return false;
    json_array_foreach(list, i, pair)
    {
        struct str global = json_text(pair, "global_sku_id", arena);

        rows[i] = (struct channel_listed_sku){
            .id = json_text(pair, "local_sku_id", arena), .seller_sku = STR_LIT("")};
        if (!global.p || !rows[i].id.p)
            return false;
        for (size_t k = 0; k < p->sku_count; k++)
            if (str_eq(p->skus[k].id, global))
                rows[i].seller_sku = p->skus[k].seller_sku;
    }
    m->skus = rows;
    m->sku_count = n;
    return true;
}

static enum aisle_status read_markets(const json_t *data, struct arena *arena,
                                      struct channel_product *p, struct aisle_err *err)
{
    const json_t *list = NULL;
    struct channel_market *rows;
    size_t n = 0;
    enum aisle_status status =
        tiktok_list(data, "products", "Get Global Product", &list, &n, err);

    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, n, sizeof *rows);
    for (size_t i = 0; rows && i < n; i++) {
        const json_t *one = json_array_get(list, i);
        struct str region = json_text(one, "region", arena);
        struct channel_market *m =
            region.p ? market_in(rows, &p->market_count, region) : NULL;

        if (m)
            m->product_id = json_text(one, "id", arena);
        if (!m || !m->product_id.p || !read_mappings(one, p, arena, m))
            return aisle_nomem(err);
    }
    p->markets = rows;
    return rows ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status tiktok_global_product_read(const json_t *envelope, struct arena *arena,
                                             struct channel_product *out,
                                             struct aisle_err *err)
{
    static const char what[] = "Get Global Product";
    const json_t *data;
    struct channel_product p = {
        .status = STR_LIT(""), .audit = STR_LIT(""), .reason = STR_LIT("")};
    enum aisle_status status = tiktok_data(envelope, what, &data, err);

    if (status == AISLE_OK)
        status = tiktok_skus_read(data, "skus", what, arena, &p.skus, &p.sku_count, err);
    if (status == AISLE_OK)
        status = read_markets(data, arena, &p, err);
    if (status != AISLE_OK)
        return status;
    p.id = json_text(data, "id", arena);
    p.title = json_text(data, "title", arena);
    p.category_id = json_text(json_at(data, "category"), "id", arena);
    p.external_id = json_text(data, "external_global_product_id", arena);
    p.created_at = json_int(data, "create_time", 0);
    p.updated_at = json_int(data, "update_time", 0);
    p.state = p.market_count ? LISTING_PENDING : LISTING_DRAFT;
    if (!p.id.p || !p.title.p || !p.category_id.p || !p.external_id.p)
        return aisle_nomem(err);
    if (p.id.n == 0)
        return aisle_fail(err, AISLE_GARBLED, "%s: no id came back", what);
    *out = p;
    return AISLE_OK;
}

/* ---- the calls ---- */

static enum aisle_status fetch_warehouses(struct channel_session *s, struct arena *arena,
                                          const struct shop_warehouse **out,
                                          size_t *count, struct channel_meta *meta,
                                          struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Get Global Warehouses",
                                     .method = "GET",
                                     .path = "/logistics/202309/global_warehouses"};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask(s, &r, &answer, meta, err);

    if (status == AISLE_OK)
        status = tiktok_global_warehouses_read(answer.envelope, arena, out, count, err);
    return tiktok_done(&answer, status, err);
}

static enum aisle_status create(struct channel_session *s, struct str body,
                                struct arena *arena, struct channel_listed *out,
                                struct channel_meta *meta, struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Create Global Product",
                                     .method = "POST",
                                     .path = "/product/202309/global_products",
                                     .body = body};
    struct channel_listed listed;
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask_once(s, &r, &answer, meta, err);

    if (status == AISLE_OK)
        status = tiktok_global_listed_read(answer.envelope, arena, &listed, err);
    if (status == AISLE_OK && listed.product_id.n == 0)
        status = aisle_fail(err, AISLE_GARBLED,
                            "Create Global Product: no global_product_id came back");
    if (status == AISLE_OK)
        *out = listed;
    return tiktok_done(&answer, status, err);
}

/* Overwrites the whole, wherever it is published: there is no partial one that a page we
 * have shows whole. */
static enum aisle_status edit(struct channel_session *s, struct str product_id,
                              enum channel_edit how, struct str body, struct arena *arena,
                              struct channel_listed *out, struct channel_meta *meta,
                              struct aisle_err *err)
{
    struct tiktok_request r = {
        .what = "Edit Global Product", .method = "PUT", .body = body};
    struct tiktok_answer answer = {0};
    enum aisle_status status;

    if (how == EDIT_PARTIAL)
        return aisle_fail(err, AISLE_INVALID, "global products are edited as a whole");
    status = tiktok_path(arena, "/product/202309/global_products/", product_id, "",
                         &r.path, err);
    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_global_listed_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}

static enum aisle_status get(struct channel_session *s, struct str product_id,
                             struct arena *arena, struct channel_product *out,
                             struct channel_meta *meta, struct aisle_err *err)
{
    struct tiktok_request r = {.what = "Get Global Product", .method = "GET"};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_path(arena, "/product/202309/global_products/",
                                           product_id, "", &r.path, err);

    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_global_product_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}

static enum aisle_status publish(struct channel_session *s, struct str product_id,
                                 struct str body, struct arena *arena,
                                 const struct channel_market **out, size_t *count,
                                 struct channel_meta *meta, struct aisle_err *err)
{
    struct tiktok_request r = {
        .what = "Publish Global Product", .method = "POST", .body = body};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_path(arena, "/product/202309/global_products/",
                                           product_id, "/publish", &r.path, err);

    if (status == AISLE_OK)
        status = tiktok_ask_once(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_published_read(answer.envelope, arena, out, count, err);
    return tiktok_done(&answer, status, err);
}

const struct channel_listing_ops tiktok_global_listing_ops = {
    .fetch_requirement = tiktok_fetch_global_requirement,
    .fetch_brands = tiktok_fetch_brands,
    .create_brand = tiktok_create_brand,
    .fetch_warehouses = fetch_warehouses,
    .fetch_prerequisites = tiktok_fetch_prerequisites,
    .push_file = tiktok_push_file,
    .create = create,
    .edit = edit,
    .get = get,
    .search = tiktok_search_global,
    .change = tiktok_change_global,
    .publish = publish,
    .search_lag_s = 60, /* a guess: no page says it */
};
