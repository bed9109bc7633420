/* Create, Edit, Get and Delete Global Products, and Update Global Inventory, 202309. */
#include "sandbox/market/globals.h"

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/market/codes.h"
#include "sandbox/market/schema.h"

enum { MAX_GLOBALS = 100000, MAX_WAREHOUSES = 50, MAX_STOCK = 99999, MOST = 20 };

void globals_free(struct market *m)
{
    for (size_t i = 0; i < m->global_count; i++) {
        json_decref(m->globals[i]->doc);
        mem_free(m->globals[i]);
    }
    mem_free(m->globals);
    m->globals = NULL;
    m->global_count = 0;
}

struct global_product *globals_find(const struct market *m, const struct seller *seller,
                                    struct str id)
{
    for (size_t i = 0; i < m->global_count; i++)
        if (m->globals[i]->seller == seller && !m->globals[i]->deleted &&
            str_is(id, m->globals[i]->id))
            return m->globals[i];
    return NULL;
}

const struct global_product *globals_of(const struct market *m, const struct product *p)
{
    for (size_t i = 0; i < m->global_count; i++)
        for (size_t k = 0; k < m->globals[i]->local_count; k++)
            if (m->globals[i]->local[k] == p)
                return m->globals[i];
    return NULL;
}

/* ---- what is judged otherwise than of a local one ---- */

/* Custom names are letters and digits here. */
static bool is_alphanumeric(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!((name.p[i] >= '0' && name.p[i] <= '9') ||
              (name.p[i] >= 'A' && name.p[i] <= 'Z') ||
              (name.p[i] >= 'a' && name.p[i] <= 'z') || name.p[i] == ' '))
            return false;
    return true;
}

static int64_t judge_stock(const struct market *m, const struct call *c,
                           const json_t *sku)
{
    const json_t *list = json_list(sku, "inventory");
    int64_t quantity = json_int(sku, "global_quantity", 0);
    struct warehouse w;

    if (json_array_size(list) == 0 && !json_at(sku, "global_quantity"))
        return 12052486;
    if (json_at(sku, "global_quantity") && (quantity < 1 || quantity > MAX_STOCK))
        return 12052055;
    if (json_array_size(list) > MAX_WAREHOUSES)
        return 12052094;
    warehouse_main(m, c->seller->shops, &w);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *stock = json_array_get(list, i);

        quantity = json_int(stock, "quantity", 0);
        if (!str_is(json_str(stock, "global_warehouse_id"), w.id))
            return 12052097;
        if (quantity < 1 || quantity > MAX_STOCK)
            return 12052055;
    }
    return 0;
}

static int64_t judge_names(const json_t *sku)
{
    const json_t *list = json_list(sku, "sales_attributes");

    for (size_t i = 0; i < json_array_size(list); i++)
        if (!is_alphanumeric(json_str(json_array_get(list, i), "name")) ||
            !is_alphanumeric(json_str(json_array_get(list, i), "value_name")))
            return 12052245;
    return 0;
}

/* False: refused. */
static bool judge_global(struct judge *j)
{
    const json_t *skus = judge_skus(j);

    j->global = true;
    j->draft = false;
    j->region = region_of((struct str){0});
    if (!judge_pass(j)) {
        judge_refuse(j);
        return false;
    }
    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);
        int64_t code = judge_stock(j->market, j->call, sku);

        code = code ? code : judge_names(sku);
        if (code) {
            call_fail(j->call, code, NULL, 0);
            return false;
        }
    }
    return true;
}

/* ---- create ---- */

static struct global_product *add(struct market *m, const struct judge *j)
{
    struct global_product **list;
    struct global_product *g = NULL;

    list = m->global_count < MAX_GLOBALS
               ? mem_realloc(m->globals,
                             (m->global_count + 1) * sizeof(struct global_product *))
               : NULL;
    if (list) {
        m->globals = list;
        g = mem_zalloc(1, sizeof *g);
    }
    if (!g)
        return NULL;
    g->seller = j->call->seller;
    g->created_ms = g->updated_ms = j->call->now_ms;
    market_id(m, g->id);
    g->doc = json_deep_copy(j->body);
    if (!g->doc || !product_give_ids(m, g->doc, NULL)) {
        json_decref(g->doc);
        mem_free(g);
        return NULL;
    }
    if (j->drop_brand)
        json_object_del(g->doc, "brand_id");
    m->globals[m->global_count++] = g;
    return g;
}

static void put_skus(struct json_out *json, const struct global_product *g)
{
    const json_t *skus = json_list(g->doc, "skus");

    json_key(json, "global_skus");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);

        json_open(json);
        put_member(json, sku, "external_global_sku_id");
        put_member(json, sku, "id");
        put_sales_ids(json, "sales_attributes", sku);
        put_member(json, sku, "seller_sku");
        json_close(json);
    }
    json_close_list(json);
}

static void answer_made(struct call *c, const struct global_product *g)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_add_str(&json, "global_product_id", str_of(g->id));
    put_skus(&json, g);
    json_close(&json);
    call_done(c, "Success");
}

void globals_create(struct call *c)
{
    json_t *body = call_body(c);
    const struct global_product *g;
    struct market *m;
    struct judge j;

    if (!body)
        return;
    c->note.title = call_keep(c, json_str(body, "title"));
    m = market_enter(c);
    judge_begin(&j, c, m, body);
    if (globals_may(c) && judge_global(&j)) {
        g = add(m, &j);
        if (g)
            answer_made(c, g);
        else
            call_broken(c);
    }
    judge_end(&j);
    market_leave(m);
    json_decref(body);
}

/* ---- edit: overwritten whole, and told to every market it is in ---- */

static bool sync_local(struct market *m, struct product *p, const json_t *doc,
                       int64_t now_ms)
{
    static const char *const shared[] = {"title",          "description",
                                         "main_images",    "product_attributes",
                                         "package_weight", "package_dimensions"};

    json_t *next = json_deep_copy(product_latest(p));

    for (size_t i = 0; next && i < sizeof shared / sizeof *shared; i++) {
        const json_t *value = json_at(doc, shared[i]);

        if (value && json_object_set_new(next, shared[i], json_deep_copy(value))) {
            json_decref(next);
            return false;
        }
    }
    return next && product_change(m, p, next, false, now_ms);
}

static void edit(struct call *c, struct market *m, struct global_product *g,
                 const struct judge *j)
{
    json_t *next = json_deep_copy(j->body);
    struct json_out json;

    if (!next || !product_give_ids(m, next, g->doc)) {
        json_decref(next);
        call_broken(c);
        return;
    }
    json_decref(g->doc);
    g->doc = next;
    g->updated_ms = c->now_ms;
    json = call_data(c);
    json_open(&json);
    put_skus(&json, g);
    json_key(&json, "publish_results");
    json_open_list(&json);
    for (size_t i = 0; i < g->local_count; i++) {
        bool fine = sync_local(m, g->local[i], next, c->now_ms);

        json_open(&json);
        json_key(&json, "fail_reasons");
        json_open_list(&json);
        json_close_list(&json);
        json_add_str(&json, "region", g->local[i]->shop->region);
        json_add_str(&json, "status", str_of(fine ? "SUCCESS" : "FAILED"));
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

void globals_edit(struct call *c)
{
    json_t *body = call_body(c);
    struct global_product *g;
    struct market *m;
    struct judge j;

    if (!body)
        return;
    m = market_enter(c);
    judge_begin(&j, c, m, body);
    if (globals_may(c)) {
        g = globals_find(m, c->seller, call_segment(c, 1));
        if (!g)
            call_fail(c, 12052260, NULL, 0);
        else if (judge_global(&j))
            edit(c, m, g, &j);
    }
    judge_end(&j);
    market_leave(m);
    json_decref(body);
}

/* ---- get ---- */

static void put_sku_mappings(struct json_out *json, const struct global_product *g,
                             const struct product *p)
{
    const json_t *ours = json_list(g->doc, "skus"), *local = json_list(p->doc, "skus");

    json_key(json, "sku_mappings");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(local); i++) {
        struct str related = json_str(json_array_get(local, i), "related_global_sku_id");

        for (size_t k = 0; k < json_array_size(ours); k++) {
            if (!str_eq(json_str(json_array_get(ours, k), "id"), related))
                continue;
            json_open(json);
            json_add_str(json, "global_sku_id", related);
            json_add_str(json, "local_sku_id", json_str(json_array_get(local, i), "id"));
            json_close(json);
        }
    }
    json_close_list(json);
}

void globals_put_association(struct json_out *json, const struct market *m,
                             const struct product *p)
{
    const struct global_product *g = globals_of(m, p);

    if (!g)
        return;
    json_key(json, "global_product_association");
    json_open(json);
    json_add_str(json, "global_product_id", str_of(g->id));
    put_sku_mappings(json, g, p);
    json_close(json);
}

static void put_local(struct json_out *json, const struct global_product *g)
{
    json_key(json, "products");
    json_open_list(json);
    for (size_t i = 0; i < g->local_count; i++) {
        json_open(json);
        json_add_str(json, "id", str_of(g->local[i]->id));
        json_add_str(json, "region", g->local[i]->shop->region);
        put_sku_mappings(json, g, g->local[i]);
        json_close(json);
    }
    json_close_list(json);
}

static void put_named(struct json_out *json, const char *key, struct str id)
{
    if (str_empty(id))
        return;
    json_key(json, key);
    json_open(json);
    json_add_str(json, "id", id);
    json_close(json);
}

static void put_global(struct json_out *json, const struct global_product *g)
{
    static const char *const as_sent[] = {
        "certifications",
        "description",
        "external_global_product_id",
        "main_images",
        "manufacturer",
        "manufacturer_ids",
        "package_dimensions",
        "package_weight",
        "product_attributes",
        "size_chart",
        "skus",
        "responsible_person_ids",
        "title",
        "video",
    };
    struct str locale = json_str(g->doc, "source_locale");

    json_open(json);
    put_named(json, "brand", json_str(g->doc, "brand_id"));
    put_named(json, "category", json_str(g->doc, "category_id"));
    json_add_int(json, "create_time", g->created_ms / 1000);
    json_add_str(json, "global_seller_id", g->seller->open_id);
    json_add_str(json, "id", str_of(g->id));
    put_local(json, g);
    json_add_str(json, "source_locale", str_empty(locale) ? STR_LIT("en-US") : locale);
    json_add_int(json, "update_time", g->updated_ms / 1000);
    for (size_t i = 0; i < sizeof as_sent / sizeof *as_sent; i++)
        put_member(json, g->doc, as_sent[i]);
    json_close(json);
}

void globals_get(struct call *c)
{
    struct market *m = market_enter(c);
    const struct global_product *g;
    struct json_out json;

    if (globals_may(c)) {
        g = globals_find(m, c->seller, call_segment(c, 1));
        if (g) {
            json = call_data(c);
            put_global(&json, g);
            call_done(c, "Success");
        } else {
            call_fail(c, 12052260, NULL, 0);
        }
    }
    market_leave(m);
}

/* ---- delete, stock ---- */

static void delete_all(struct call *c, struct market *m, const json_t *ids)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "errors");
    json_open_list(&json);
    for (size_t i = 0; i < json_array_size(ids); i++) {
        struct str id = json_value_str(json_array_get(ids, i));
        struct global_product *g = globals_find(m, c->seller, id);

        if (g) {
            g->deleted = true;
            continue;
        }
        json_open(&json);
        json_add_int(&json, "code", 12052032);
        json_key(&json, "detail");
        json_open(&json);
        json_add_str(&json, "global_product_id", id);
        json_close(&json);
        json_add_str(&json, "message", code_text(12052032));
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

void globals_delete(struct call *c)
{
    json_t *body = call_body(c);
    const json_t *ids = json_list(body, "global_product_ids");
    struct market *m;
    struct str wrong;

    if (!body)
        return;
    m = market_enter(c);
    wrong = schema_check(c, schema_global_batch, body, true);
    if (!str_empty(wrong))
        call_refuse_text(c, true, 36009004, wrong);
    else if (globals_may(c) && json_array_size(ids) > MOST)
        call_fail(c, 12019120, NULL, 0);
    else if (globals_may(c))
        delete_all(c, m, ids);
    market_leave(m);
    json_decref(body);
}

static json_t *find_sku(const struct global_product *g, struct str id)
{
    json_t *skus = json_object_get(g->doc, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++)
        if (str_eq(json_str(json_array_get(skus, i), "id"), id))
            return json_array_get(skus, i);
    return NULL;
}

/* 0, or the first code; all or nothing. */
static int64_t set_stock(const struct market *m, const struct call *c,
                         const struct global_product *g, const json_t *list)
{
    for (int apply = 0; apply < 2; apply++) {
        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *given = json_array_get(list, i);
            json_t *sku = find_sku(g, json_str(given, "id"));
            int64_t code = sku ? judge_stock(m, c, given) : 12052557;

            if (code)
                return code;
            if (apply)
                json_object_set_new(sku, "inventory",
                                    json_deep_copy(json_list(given, "inventory")));
        }
    }
    return 0;
}

void globals_inventory(struct call *c)
{
    json_t *body = call_body(c);
    const struct global_product *g;
    struct market *m;
    struct json_out json;
    int64_t code;

    if (!body)
        return;
    m = market_enter(c);
    if (globals_may(c)) {
        g = globals_find(m, c->seller, call_segment(c, 1));
        code = g ? set_stock(m, c, g, json_list(body, "global_skus")) : 12052260;
        if (code) {
            call_fail(c, code, NULL, 0);
        } else {
            json = call_data(c);
            json_open(&json);
            json_close(&json);
            call_done(c, "Success");
        }
    }
    market_leave(m);
    json_decref(body);
}
