/* about.c - how the service is, and the description of this interface */
#include "api/call.h"
#include "api/jobs.h"

/* openapi.yaml, embedded when we are built. */
extern const char api_openapi[];
extern const size_t api_openapi_len;

static enum aisle_status healthz(struct api_call *c, struct aisle_err *err)
{
    (void)err;
    http_reply_text(c->reply, 200, "text/plain; charset=utf-8", STR_LIT("ok\n"));
    return AISLE_OK;
}

static enum aisle_status stop_at_first(void *ctx, const struct seller *s,
                                       struct aisle_err *err)
{
    (void)ctx;
    (void)s;
    (void)err;
    return AISLE_STOPPED;
}

/* Whether the store answers; why it does not is for the log. */
static enum aisle_status readyz(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct aisle_err mine = {0};
    enum aisle_status status =
        store->ops->shops->each_seller(store, stop_at_first, NULL, &mine);

    if (status != AISLE_OK && status != AISLE_STOPPED) {
        log_error(c->app.log, &mine, "asking the store");
        return aisle_fail(err, AISLE_BUSY, "the store does not answer");
    }
    return healthz(c, err);
}

static enum aisle_status metrics(struct api_call *c, struct aisle_err *err)
{
    if (!c->api->set.open_metrics && !(c->who.rights & RIGHT_READ))
        return api_fail(c, 401, "", err, "metrics need a token with scope read");
    http_reply_header(c->reply, "Content-Type", STR_LIT("text/plain; version=0.0.4"));
    meter_text(&c->api->meter, &c->reply->body);
    buf_addf(&c->reply->body,
             "# HELP aisle_jobs_under_way Runs this process is at.\n"
             "# TYPE aisle_jobs_under_way gauge\n"
             "aisle_jobs_under_way %zu\n",
             jobs_under_way(c->api->jobs));
    return AISLE_OK;
}

static enum aisle_status openapi(struct api_call *c, struct aisle_err *err)
{
    (void)err;
    http_reply_text(c->reply, 200, "application/yaml",
                    str_n(api_openapi, api_openapi_len));
    return AISLE_OK;
}

static enum aisle_status version(struct api_call *c, struct aisle_err *err)
{
    (void)err;
    json_open(&c->json);
    json_add_str(&c->json, "version", STR_LIT(AISLE_VERSION));
    json_close(&c->json);
    return AISLE_OK;
}

const struct api_route api_about_routes[] = {
    {.at = {"GET", "/healthz", {{0}}}, .run = healthz},
    {.at = {"GET", "/readyz", {{0}}}, .run = readyz},
    {.at = {"GET", "/metrics", {{0}}}, .run = metrics},
    {.at = {"GET", "/api/v1/openapi.yaml", {{0}}}, .run = openapi},
    {.at = {"GET", "/api/v1/version", {{0}}}, .run = version, .right = RIGHT_READ},
    END_OF_ROUTES,
};
