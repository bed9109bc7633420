/* Check Product Listing, Create, Edit, Partial Edit, Get 202309, Search 202502,
 * Activate, Deactivate, Delete, Recover 202309, and the category upgrade task 202407. */
#include "channels/tiktok/listing_wire.h"

/* ---- what is read ---- */

enum aisle_status tiktok_check_read(const json_t *envelope, struct arena *arena,
                                    struct channel_listing_check *out,
                                    struct aisle_err *err)
{
    const json_t *data, *list = NULL;
    struct channel_listing_check check = {0};
    struct channel_verdict_line *rows;
    enum aisle_status status = tiktok_data(envelope, "Check Product Listing", &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(data, "fail_reasons", "Check Product Listing", &list,
                             &check.reason_count, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, check.reason_count, sizeof *rows);
    check.warning = json_text(json_at(data, "warnings"), "message", arena);
    if (!rows || !check.warning.p)
        return aisle_nomem(err);
    for (size_t i = 0; i < check.reason_count; i++) {
        rows[i].code = json_text(json_array_get(list, i), "code", arena);
        rows[i].message = json_text(json_array_get(list, i), "message", arena);
        if (!rows[i].code.p || !rows[i].message.p)
            return aisle_nomem(err);
    }
    check.reasons = rows;
    check.passed = str_is(json_str(data, "check_result"), "PASS");
    *out = check;
    return AISLE_OK;
}

/* A create's answer has ids alone. */
static struct str values_of(const json_t *sku, struct arena *arena)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    const json_t *one;
    struct str out;
    bool named = true;
    size_t i;

    json_array_foreach(json_list(sku, "sales_attributes"), i, one)
    {
        buf_addz(&text, i ? "\n" : "");
        buf_add(&text, json_str(one, "value_name"));
        named = named && json_str(one, "value_name").n;
    }
    out = text.failed == AISLE_NOMEM ? (struct str){0}
          : named && !text.failed    ? arena_str(arena, buf_str(&text))
                                     : STR_LIT("");
    buf_clear(&text);
    return out;
}

enum aisle_status tiktok_skus_read(const json_t *data, const char *key, const char *what,
                                   struct arena *arena,
                                   const struct channel_listed_sku **out, size_t *count,
                                   struct aisle_err *err)
{
    const json_t *list;
    struct channel_listed_sku *rows;
    size_t n;
    enum aisle_status status = tiktok_list(data, key, what, &list, &n, err);

    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, n, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);

        rows[i].id = json_text(one, "id", arena);
        rows[i].seller_sku = json_text(one, "seller_sku", arena);
        rows[i].values = values_of(one, arena);
        if (!rows[i].id.p || !rows[i].seller_sku.p || !rows[i].values.p)
            return aisle_nomem(err);
    }
    *out = rows;
    *count = n;
    return AISLE_OK;
}

/* [{"message"}] as Create Product answers, or {"message"}. */
static enum aisle_status read_warnings(const json_t *data, struct arena *arena,
                                       struct channel_listed *out, struct aisle_err *err)
{
    const json_t *value = json_at(data, "warnings");
    size_t n = json_is_object(value) ? 1 : json_array_size(value);
    struct str *rows = arena_zalloc(arena, n, sizeof *rows);

    if (!rows)
        return aisle_nomem(err);
    out->warning_count = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_is_object(value) ? value : json_array_get(value, i);
        struct str message = json_text(one, "message", arena);

        if (!message.p)
            return aisle_nomem(err);
        if (message.n)
            rows[out->warning_count++] = message;
    }
    out->warnings = rows;
    return AISLE_OK;
}

enum aisle_status tiktok_listed_read(const json_t *envelope, struct arena *arena,
                                     struct channel_listed *out, struct aisle_err *err)
{
    const json_t *data;
    struct channel_listed listed = {0};
    enum aisle_status status = tiktok_data(envelope, "a product", &data, err);

    if (status == AISLE_OK)
        status = tiktok_skus_read(data, "skus", "a product", arena, &listed.skus,
                                  &listed.sku_count, err);
    if (status == AISLE_OK)
        status = read_warnings(data, arena, &listed, err);
    if (status != AISLE_OK)
        return status;
    listed.product_id = json_text(data, "product_id", arena);
    listed.audit = json_text(json_at(data, "audit"), "status", arena);
    if (!listed.product_id.p || !listed.audit.p)
        return aisle_nomem(err);
    *out = listed;
    return AISLE_OK;
}

/* "INITIAL" is what product_status calls what status calls PENDING or FAILED. */
static const struct {
    const char *word;
    enum listing_state state;
} states[] = {
    {"DRAFT", LISTING_DRAFT},
    {"PENDING", LISTING_PENDING},
    {"INITIAL", LISTING_PENDING},
    {"FAILED", LISTING_FAILED},
    {"ACTIVATE", LISTING_LIVE},
    {"SELLER_DEACTIVATED", LISTING_OFF},
    {"PLATFORM_DEACTIVATED", LISTING_PLATFORM_OFF},
    {"FREEZE", LISTING_FROZEN},
    {"DELETED", LISTING_DELETED},
    {"SCHEDULED", LISTING_SCHEDULED},
};

static enum listing_state state_of(struct str status)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_is(status, states[i].word))
            return states[i].state;
    return LISTING_PENDING; /* a word they added: not live as far as we know */
}

/* "" where a search has no word for it. */
static struct str status_of(enum listing_state state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (states[i].state == state && state != LISTING_SCHEDULED)
            return str_of(states[i].word);
    return STR_LIT("");
}

static void add_text(struct buf *text, struct str one)
{
    if (one.n == 0)
        return;
    buf_addz(text, text->n ? "; " : "");
    buf_add(text, one);
}

static void add_list(struct buf *text, const json_t *object, const char *key)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_list(object, key), i, one)
        add_text(text, json_value_str(one));
}

/* Why it failed, and why it waits though it was approved. */
static struct str reason_of(const json_t *data, struct arena *arena)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    const json_t *one;
    struct str out;
    size_t i;

    json_array_foreach(json_list(data, "audit_failed_reasons"), i, one)
    {
        add_text(&text, json_str(one, "position"));
        add_list(&text, one, "reasons");
        add_list(&text, one, "suggestions");
    }
    add_list(&text, json_at(data, "audit"), "pre_approved_reasons");
    add_list(&text, data, "product_sync_fail_reasons");
    out = buf_check(&text, "the reasons", NULL) == AISLE_OK
              ? arena_str(arena, buf_str(&text))
              : (struct str){0};
    buf_clear(&text);
    return out;
}

/* The leaf is the last of the chain that is marked so, else the last. */
static struct str leaf_of(const json_t *data, struct arena *arena)
{
    const json_t *list = json_list(data, "category_chains"), *one, *leaf = NULL;
    size_t i;

    json_array_foreach(list, i, one) if (!leaf || json_flag(one, "is_leaf", false) ||
                                         !json_flag(leaf, "is_leaf", false)) leaf = one;
    return json_text(leaf, "id", arena);
}

static enum aisle_status read_product(const json_t *data, struct arena *arena,
                                      struct channel_product *out, struct aisle_err *err)
{
    struct channel_product p = {0};
    enum aisle_status status =
        tiktok_skus_read(data, "skus", "a product", arena, &p.skus, &p.sku_count, err);

    if (status != AISLE_OK)
        return status;
    p.id = json_text(data, "id", arena);
    p.title = json_text(data, "title", arena);
    p.status = json_text(data, "status", arena);
    p.state = state_of(p.status);
    p.audit = json_text(json_at(data, "audit"), "status", arena);
    p.reason = reason_of(data, arena);
    p.category_id = leaf_of(data, arena);
    p.external_id = json_text(data, "external_product_id", arena);
    p.created_at = json_int(data, "create_time", 0);
    p.updated_at = json_int(data, "update_time", 0);
    if (!p.id.p || !p.title.p || !p.status.p || !p.audit.p || !p.reason.p ||
        !p.category_id.p || !p.external_id.p)
        return aisle_nomem(err);
    if (p.id.n == 0)
        return aisle_fail(err, AISLE_GARBLED, "a product without an id came back");
    *out = p;
    return AISLE_OK;
}

enum aisle_status tiktok_product_read(const json_t *envelope, struct arena *arena,
                                      struct channel_product *out, struct aisle_err *err)
{
    const json_t *data;
    enum aisle_status status = tiktok_data(envelope, "Get Product", &data, err);

    return status == AISLE_OK ? read_product(data, arena, out, err) : status;
}

enum aisle_status tiktok_products_read(const json_t *envelope, struct arena *arena,
                                       struct channel_product_page *out,
                                       struct aisle_err *err)
{
    const json_t *data, *list = NULL;
    struct channel_product_page page = {0};
    struct channel_product *rows;
    enum aisle_status status = tiktok_data(envelope, "Search Products", &data, err);

    if (status == AISLE_OK)
        status = tiktok_list(
            data, json_at(data, "global_products") ? "global_products" : "products",
            "Search Products", &list, &page.count, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, page.count, sizeof *rows);
    page.next_token = json_text(data, "next_page_token", arena);
    page.total = json_int(data, "total_count", (int64_t)page.count);
    if (!rows || !page.next_token.p)
        return aisle_nomem(err);
    for (size_t i = 0; status == AISLE_OK && i < page.count; i++)
        status = read_product(json_array_get(list, i), arena, &rows[i], err);
    if (status != AISLE_OK)
        return status;
    page.rows = rows;
    *out = page;
    return AISLE_OK;
}

/* Why one was not changed: its own words, then those beside it (activate has them). */
static struct str unchanged_text(const json_t *one, struct arena *arena)
{
    const json_t *extra = json_list(json_at(one, "detail"), "extra_errors"), *more;
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str out;
    size_t i;

    add_text(&text, json_str(one, "message"));
    json_array_foreach(extra, i, more) add_text(&text, json_str(more, "message"));
    out = buf_check(&text, "the reasons", NULL) == AISLE_OK
              ? arena_str(arena, buf_str(&text))
              : (struct str){0};
    buf_clear(&text);
    return out;
}

enum aisle_status tiktok_unchanged_read(const json_t *envelope, struct arena *arena,
                                        const struct channel_unchanged **out,
                                        size_t *count, struct aisle_err *err)
{
    const json_t *data = json_at(envelope, "data"), *list = NULL;
    struct channel_unchanged *rows;
    size_t n = 0;
    enum aisle_status status =
        tiktok_list(data, "errors", "a change of products", &list, &n, err);

    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(arena, n, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i), *detail = json_at(one, "detail");

        rows[i].product_id = json_text(
            detail,
            json_at(detail, "global_product_id") ? "global_product_id" : "product_id",
            arena);
        rows[i].code = json_text(one, "code", arena);
        rows[i].message = unchanged_text(one, arena);
        if (!rows[i].product_id.p || !rows[i].code.p || !rows[i].message.p)
            return aisle_nomem(err);
    }
    *out = rows;
    *count = n;
    return AISLE_OK;
}

/* ---- the calls ---- */

enum aisle_status tiktok_check(struct channel_session *s, struct str body,
                               struct arena *arena, struct channel_listing_check *out,
                               struct channel_meta *meta, struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Check Product Listing",
                                     .method = "POST",
                                     .path = "/product/202309/products/listing_check",
                                     .with_cipher = true,
                                     .body = body};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask(s, &r, &answer, meta, err);

    if (status == AISLE_OK)
        status = tiktok_check_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}

enum aisle_status tiktok_create(struct channel_session *s, struct str body,
                                struct arena *arena, struct channel_listed *out,
                                struct channel_meta *meta, struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Create Product",
                                     .method = "POST",
                                     .path = "/product/202309/products",
                                     .with_cipher = true,
                                     .body = body};
    struct channel_listed listed;
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask_once(s, &r, &answer, meta, err);

    if (status == AISLE_OK)
        status = tiktok_listed_read(answer.envelope, arena, &listed, err);
    if (status == AISLE_OK && listed.product_id.n == 0)
        status =
            aisle_fail(err, AISLE_GARBLED, "Create Product: no product_id came back");
    if (status == AISLE_OK)
        *out = listed;
    return tiktok_done(&answer, status, err);
}

enum aisle_status tiktok_edit(struct channel_session *s, struct str product_id,
                              enum channel_edit how, struct str body, struct arena *arena,
                              struct channel_listed *out, struct channel_meta *meta,
                              struct aisle_err *err)
{
    bool partial = how == EDIT_PARTIAL;
    struct tiktok_request r = {.what = partial ? "Partial Edit Product" : "Edit Product",
                               .method = partial ? "POST" : "PUT",
                               .with_cipher = true,
                               .body = body};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_path(arena, "/product/202309/products/", product_id,
                                           partial ? "/partial_edit" : "", &r.path, err);

    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_listed_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}

enum aisle_status tiktok_get(struct channel_session *s, struct str product_id,
                             struct arena *arena, struct channel_product *out,
                             struct channel_meta *meta, struct aisle_err *err)
{
    struct tiktok_request r = {
        .what = "Get Product", .method = "GET", .with_cipher = true};
    struct tiktok_answer answer = {0};
    enum aisle_status status =
        tiktok_path(arena, "/product/202309/products/", product_id, "", &r.path, err);

    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_product_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}

static void put_texts(struct json_out *o, const char *key, const struct str *rows,
                      size_t count)
{
    if (count == 0)
        return;
    json_key(o, key);
    json_open_list(o);
    for (size_t i = 0; i < count; i++)
        json_put_str(o, rows[i]);
    json_close_list(o);
}

static enum aisle_status search(struct channel_session *s, struct tiktok_request r,
                                const struct channel_product_query *query,
                                struct arena *arena, struct channel_product_page *out,
                                struct channel_meta *meta, struct aisle_err *err)
{
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct json_out o = {.buf = &body};
    char size[24];
    struct tiktok_answer answer = {0};
    enum aisle_status status;

    if (query->seller_sku_count > CHANNEL_MAX_SKUS_ASKED)
        return aisle_fail(err, AISLE_INVALID, "%s takes at most %d SKUs", r.what,
                          CHANNEL_MAX_SKUS_ASKED);
    snprintf(size, sizeof size, "%zu", query->page_size ? query->page_size : 100);
    tiktok_param_add(&r, "page_size", str_of(size));
    tiktok_param_add(&r, "page_token", query->page_token);
    json_open(&o);
    if (status_of(query->state).n)
        json_add_str(&o, "status", status_of(query->state));
    if (query->version.n)
        json_add_str(&o, "category_version", query->version);
    put_texts(&o, "seller_skus", query->seller_skus, query->seller_sku_count);
    json_close(&o);
    status = buf_check(&body, "a search", err);
    r.body = buf_str(&body);
    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_products_read(answer.envelope, arena, out, err);
    buf_clear(&body);
    return tiktok_done(&answer, status, err);
}

enum aisle_status tiktok_search(struct channel_session *s,
                                const struct channel_product_query *query,
                                struct arena *arena, struct channel_product_page *out,
                                struct channel_meta *meta, struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Search Products",
                                     .method = "POST",
                                     .path = "/product/202502/products/search",
                                     .with_cipher = true};

    return search(s, r, query, arena, out, meta, err);
}

enum aisle_status tiktok_search_global(struct channel_session *s,
                                       const struct channel_product_query *query,
                                       struct arena *arena,
                                       struct channel_product_page *out,
                                       struct channel_meta *meta, struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Search Global Products",
                                     .method = "POST",
                                     .path = "/product/202312/global_products/search"};
    struct channel_product_query q = *query;

    q.version = STR_LIT(""); /* is not among its members */
    return search(s, r, &q, arena, out, meta, err);
}

struct change {
    const char *what, *method, *path;
};
static const struct change changes[] = {
    [CHANGE_ACTIVATE] = {"Activate Products", "POST",
                         "/product/202309/products/activate"},
    [CHANGE_DEACTIVATE] = {"Deactivate Products", "POST",
                           "/product/202309/products/deactivate"},
    [CHANGE_DELETE] = {"Delete Products", "DELETE", "/product/202309/products"},
    [CHANGE_RECOVER] = {"Recover Products", "POST", "/product/202309/products/recover"},
};
static const struct change global_delete = {"Delete Global Products", "DELETE",
                                            "/product/202309/global_products"};

static enum aisle_status change_all(struct channel_session *s, const struct change *c,
                                    const struct str *product_ids, size_t count,
                                    struct arena *arena,
                                    const struct channel_unchanged **out,
                                    size_t *unchanged_count, struct channel_meta *meta,
                                    struct aisle_err *err)
{
    bool global = c == &global_delete;
    struct tiktok_request r = {
        .what = c->what, .method = c->method, .path = c->path, .with_cipher = !global};
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct json_out o = {.buf = &body};
    struct tiktok_answer answer = {0};
    enum aisle_status status;

    if (count == 0 || count > CHANNEL_MAX_CHANGED)
        return aisle_fail(err, AISLE_INVALID, "%s takes 1 to %d products", c->what,
                          CHANNEL_MAX_CHANGED);
    json_open(&o);
    put_texts(&o, global ? "global_product_ids" : "product_ids", product_ids, count);
    json_close(&o);
    status = buf_check(&body, "a list of products", err);
    r.body = buf_str(&body);
    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_unchanged_read(answer.envelope, arena, out, unchanged_count, err);
    buf_clear(&body);
    return tiktok_done(&answer, status, err);
}

enum aisle_status tiktok_change(struct channel_session *s, enum channel_change change,
                                const struct str *product_ids, size_t count,
                                struct arena *arena, const struct channel_unchanged **out,
                                size_t *unchanged_count, struct channel_meta *meta,
                                struct aisle_err *err)
{
    return change_all(s, &changes[change], product_ids, count, arena, out,
                      unchanged_count, meta, err);
}

enum aisle_status
tiktok_change_global(struct channel_session *s, enum channel_change change,
                     const struct str *product_ids, size_t count, struct arena *arena,
                     const struct channel_unchanged **out, size_t *unchanged_count,
                     struct channel_meta *meta, struct aisle_err *err)
{
    if (change != CHANGE_DELETE)
        return aisle_fail(err, AISLE_INVALID,
                          "a global product is not on sale itself: change what it is in "
                          "its markets, in the shops there");
    return change_all(s, &global_delete, product_ids, count, arena, out, unchanged_count,
                      meta, err);
}

enum aisle_status tiktok_upgrade_categories(struct channel_session *s,
                                            struct channel_meta *meta,
                                            struct aisle_err *err)
{
    const struct tiktok_request r = {.what = "Category Upgrade Task",
                                     .method = "POST",
                                     .path =
                                         "/product/202407/products/category_upgrade_task",
                                     .with_cipher = true};
    struct tiktok_answer answer = {0};
    enum aisle_status status = tiktok_ask(s, &r, &answer, meta, err);

    return tiktok_done(&answer, status, err);
}

const struct channel_listing_ops tiktok_listing_ops = {
    .fetch_requirement = tiktok_fetch_requirement,
    .fetch_brands = tiktok_fetch_brands,
    .create_brand = tiktok_create_brand,
    .fetch_warehouses = tiktok_fetch_warehouses,
    .fetch_prerequisites = tiktok_fetch_prerequisites,
    .push_file = tiktok_push_file,
    .check = tiktok_check,
    .create = tiktok_create,
    .edit = tiktok_edit,
    .get = tiktok_get,
    .search = tiktok_search,
    .change = tiktok_change,
    .upgrade_categories = tiktok_upgrade_categories,
    .search_lag_s = 60, /* a guess: no page says it */
};
