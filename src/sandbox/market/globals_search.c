/* Search Global Products 202312. Newest first; the statuses' names are guesses. */
#include "sandbox/market/globals.h"
#include "sandbox/market/schema.h"

static bool is_wanted(const struct global_product *g, const json_t *body)
{
    const json_t *wanted = json_list(body, "seller_skus"),
                 *skus = json_list(g->doc, "skus");
    struct str status = json_str(body, "status");
    int64_t made = g->created_ms / 1000, changed = g->updated_ms / 1000;
    bool any = json_array_size(wanted) == 0;

    for (size_t i = 0; i < json_array_size(skus); i++)
        any |= texts_like(wanted, json_str(json_array_get(skus, i), "seller_sku")) > 0;
    if (!str_empty(status) && !str_is(status, "ALL") &&
        !str_is(status, g->local_count ? "PUBLISHED" : "UNPUBLISHED"))
        return false;
    return any && made >= json_int(body, "create_time_ge", 0) &&
           made <= json_int(body, "create_time_le", INT64_MAX) &&
           changed >= json_int(body, "update_time_ge", 0) &&
           changed <= json_int(body, "update_time_le", INT64_MAX);
}

static void put_found(struct json_out *json, const struct global_product *g)
{
    const json_t *skus = json_list(g->doc, "skus");

    json_open(json);
    json_add_int(json, "create_time", g->created_ms / 1000);
    json_add_str(json, "id", str_of(g->id));
    json_key(json, "skus");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(skus); i++) {
        json_open(json);
        put_member(json, json_array_get(skus, i), "id");
        put_member(json, json_array_get(skus, i), "seller_sku");
        json_close(json);
    }
    json_close_list(json);
    json_add_str(json, "status", str_of(g->local_count ? "PUBLISHED" : "UNPUBLISHED"));
    put_member(json, g->doc, "title");
    json_add_int(json, "update_time", g->updated_ms / 1000);
    json_close(json);
}

static void answer_search(struct call *c, const struct market *m, const json_t *body,
                          const struct page *page)
{
    struct json_out json = call_data(c);
    size_t total = 0;

    json_open(&json);
    json_key(&json, "global_products");
    json_open_list(&json);
    for (size_t i = m->global_count; i-- > 0;) {
        const struct global_product *g = m->globals[i];

        if (g->seller != c->seller || g->deleted || !is_wanted(g, body))
            continue;
        if (total >= page->from && total - page->from < page->size)
            put_found(&json, g);
        total++;
    }
    json_close_list(&json);
    page_put_end(&json, page, total);
    json_close(&json);
    call_done(c, "Success");
}

void globals_search(struct call *c)
{
    json_t *body = call_body(c);
    struct market *m;
    struct page page;
    struct str wrong;

    if (!body)
        return;
    m = market_enter(c);
    wrong = schema_check(c, schema_search, body, true);
    if (!str_empty(wrong))
        call_refuse_text(c, true, 36009004, wrong);
    else if (globals_may(c) && page_read(c, &page))
        answer_search(c, m, body, &page);
    market_leave(m);
    json_decref(body);
}
