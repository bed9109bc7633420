/* models.c - models suggestions come from: those workers trained of what was decided, and
 * the file this service was started with */
#include "flows/models.h"
#include "api/call.h"
#include "match/layout.h"

/* How well it knows, of titles held out when it was trained: null where none could be. */
static void put_measure(struct json_out *o, int64_t rows, int64_t right,
                        int64_t right_in_3, double ece)
{
    json_add_int(o, "held_out", rows);
    if (rows == 0) {
        json_key(o, "right");
        json_put_null(o);
        json_key(o, "right_in_3");
        json_put_null(o);
        json_key(o, "ece");
        json_put_null(o);
        return;
    }
    json_add_num(o, "right", (double)right / (double)rows);
    json_add_num(o, "right_in_3", (double)right_in_3 / (double)rows);
    json_add_num(o, "ece", ece);
}

static enum aisle_status put_trained(void *ctx, const struct trained_model *m,
                                     struct aisle_err *err)
{
    struct api_call *c = ctx;
    struct json_out *o = &c->json;
    struct model_news newer = {0};
    enum aisle_status status = flow_model_newer(&c->app, m, &newer, err);

    if (status != AISLE_OK)
        return status;
    json_open(o);
    json_add_str(o, "seller", m->seller_id);
    json_add_str(o, "target", m->target_id);
    api_time(c, "trained_at", m->trained_at);
    json_add_int(o, "bytes", m->bytes);
    json_add_int(o, "version", m->version);
    json_add_int(o, "leaves", m->leaves);
    json_add_int(o, "products", m->rows);
    json_add_int(o, "labelled", m->labelled);
    json_add_int(o, "left_out", m->left_out);
    put_measure(o, m->held_out, m->right, m->right_in_3, m->ece);
    json_add_int(o, "last_decision", m->stamp);
    json_add_int(o, "newer", (int64_t)newer.decisions);
    json_add_bool(o, "labels_changed", newer.labels);
    json_close(o);
    return AISLE_OK;
}

static struct str name_of(struct str path)
{
    size_t from = path.n;

    while (from && path.p[from - 1] != '/')
        from--;
    return str_skip(path, from);
}

static void put_header(struct json_out *o, const struct model_header *h)
{
    json_add_int(o, "bytes", (int64_t)h->bytes);
    json_add_int(o, "version", h->version);
    json_add_int(o, "leaves", h->leaves);
    json_add_int(o, "products", h->taught);
    json_add_int(o, "left_out", h->left_out);
    put_measure(o, h->measure.titles, h->measure.right, h->measure.right_in_3,
                (double)h->measure.ece);
    json_add_int(o, "last_decision", h->stamp);
}

/* Its name alone: where files of this machine are is nobody's business. */
static enum aisle_status put_own(struct api_call *c, struct aisle_err *err)
{
    struct json_out *o = &c->json;
    struct str path = c->api->set.model;
    struct aisle_err why = {0};
    struct model *m = NULL;
    enum aisle_status status;

    json_key(o, "service");
    if (str_empty(path) || str_is(path, "none")) {
        json_put_null(o);
        return AISLE_OK;
    }
    path = arena_str(c->request->arena, path);
    if (!path.p)
        return aisle_nomem(err);
    status = model_open(path.p, &m, &why);
    if (status == AISLE_NOMEM) {
        aisle_pass(err, &why);
        return status;
    }
    json_open(o);
    json_add_str(o, "name", name_of(path));
    json_add_bool(o, "usable", status == AISLE_OK);
    if (m)
        put_header(o, model_header(m));
    json_close(o);
    model_close(m);
    return AISLE_OK;
}

static enum aisle_status list_models(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct str seller;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->models->each(store, seller, put_trained, c, err);
    json_close_list(&c->json);
    if (status == AISLE_OK)
        status = put_own(c, err);
    json_close(&c->json);
    return status;
}

const struct api_route api_model_routes[] = {
    {.at = {"GET", "/api/v1/models", {PARAM_SELLER}},
     .run = list_models,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
