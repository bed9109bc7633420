/* client.c - the client without a store: a session with a channel, its keys kept by hand
 */
#include "aisle/client.h"

#include "base/hash.h"
#include "base/mem.h"
#include "channels/channel.h"
#include "lib/text.h"
#include "net/trace.h"

struct aisle_client {
    const struct channel_ops *channel;
    char *app_key, *app_secret, *api_url, *access_token, *cipher; /* never NULL */
    struct net_trace *trace;                                      /* or NULL */
    struct pace *pace;
    struct net *net;
    int max_attempts;
    atomic_bool stop;
};

/* ---- making one ---- */

static void secret_free(char *text)
{
    if (text)
        secret_wipe(text, strlen(text));
    mem_free(text);
}

static enum aisle_status secret_keep(char **kept, const char *text, struct aisle_err *err)
{
    struct str s = str_of(text);
    char *copy = mem_dup(s.p, s.n);

    if (!copy)
        return aisle_nomem(err);
    secret_free(*kept);
    *kept = copy;
    return AISLE_OK;
}

static enum aisle_status keep_all(struct aisle_client *c,
                                  const struct aisle_client_options *o,
                                  struct aisle_err *err)
{
    enum aisle_status status = secret_keep(&c->app_key, o->app_key, err);

    if (status == AISLE_OK)
        status = secret_keep(&c->app_secret, o->app_secret, err);
    if (status == AISLE_OK)
        status = secret_keep(&c->api_url, o->api_url, err);
    if (status == AISLE_OK)
        status = secret_keep(&c->access_token, "", err);
    if (status == AISLE_OK)
        status = secret_keep(&c->cipher, "", err);
    return status;
}

static enum aisle_status check(const struct aisle_client *c, struct aisle_err *err)
{
    if (!c->app_key[0])
        return aisle_fail(err, AISLE_CONFIG, "the app key is missing");
    if (!c->app_secret[0])
        return aisle_fail(err, AISLE_CONFIG, "the app secret is missing");
    return channel_check_url(c->channel, str_of(c->api_url), err);
}

static enum aisle_status connect(struct aisle_client *c,
                                 const struct aisle_client_options *o,
                                 struct aisle_err *err)
{
    const struct clock *clock = clock_system();
    enum aisle_status status = AISLE_OK;

    if (o->trace_file && o->trace_file[0])
        status = net_trace_open(str_of(o->trace_file), clock, &c->trace, err);
    if (status == AISLE_OK)
        status = pace_new(&(struct pace_settings){.clock = clock,
                                                  .rng = rng_system(),
                                                  .stop = &c->stop},
                          &c->pace, err);
    if (status == AISLE_OK)
        status = net_new(&(struct net_settings){.proxy = str_of(o->proxy),
                                                .ca_file = str_of(o->ca_file),
                                                .timeout_ms = o->timeout_ms,
                                                .clock = clock,
                                                .trace = c->trace,
                                                .stop = &c->stop},
                         &c->net, err);
    return status;
}

enum aisle_status aisle_client_new(const struct aisle_client_options *options,
                                   struct aisle_client **client, struct aisle_err *err)
{
    struct aisle_client *c = mem_zalloc(1, sizeof *c);
    enum aisle_status status;

    if (!c)
        return aisle_nomem(err);
    atomic_init(&c->stop, false);
    c->max_attempts = options->max_attempts;
    status = channel_find(STR_LIT("tiktok"), &c->channel, err);
    if (status == AISLE_OK)
        status = keep_all(c, options, err);
    if (status == AISLE_OK)
        status = check(c, err);
    if (status == AISLE_OK)
        status = connect(c, options, err);
    if (status != AISLE_OK) {
        aisle_client_free(c);
        return status;
    }
    *client = c;
    return AISLE_OK;
}

void aisle_client_free(struct aisle_client *c)
{
    if (!c)
        return;
    net_free(c->net);
    pace_free(c->pace);
    net_trace_close(c->trace);
    secret_free(c->app_key);
    secret_free(c->app_secret);
    secret_free(c->api_url);
    secret_free(c->access_token);
    secret_free(c->cipher);
    mem_free(c);
}

enum aisle_status aisle_client_set_access_token(struct aisle_client *c,
                                                const char *access_token,
                                                struct aisle_err *err)
{
    return secret_keep(&c->access_token, access_token, err);
}

enum aisle_status aisle_client_set_shop_cipher(struct aisle_client *c,
                                               const char *shop_cipher,
                                               struct aisle_err *err)
{
    return secret_keep(&c->cipher, shop_cipher, err);
}

void aisle_client_stop(struct aisle_client *c)
{
    atomic_store(&c->stop, true);
}

/* ---- asking ---- */

static void response_fill(struct aisle_response *out, const struct channel_meta *meta,
                          const struct aisle_err *why)
{
    const char *message = meta->message[0] ? meta->message : why->text;

    text_put(out->code, sizeof out->code, str_of(meta->code));
    text_put(out->message, sizeof out->message, str_of(message));
    text_put(out->request_id, sizeof out->request_id, str_of(meta->request_id));
    out->http_status = meta->http_status;
    out->calls = meta->calls;
    out->elapsed_ms = meta->elapsed_ms;
}

static enum aisle_status fetch(struct aisle_client *c,
                               const struct aisle_categories_query *q,
                               struct arena *arena, struct category_rows *rows,
                               struct channel_meta *meta, struct aisle_err *err)
{
    struct shop shop = {
        .id = STR_LIT("client"),
        .channel = str_of(c->channel->name),
        .app_key = str_of(c->app_key),
        .api_url = str_of(c->api_url),
    };
    struct channel_session session = {
        .ops = c->channel,
        .net = c->net,
        .pace = c->pace,
        .clock = clock_system(),
        .rng = rng_system(),
        .shop = &shop,
        .keys = {.app_secret = str_of(c->app_secret),
                 .access_token = str_of(c->access_token),
                 .cipher = str_of(c->cipher)},
        .max_attempts = c->max_attempts,
    };
    struct channel_tree_request request = {
        .locale = str_of(q->locale),
        .keyword = str_of(q->keyword),
        .version = str_of(q->category_version),
        .platform = str_of(q->listing_platform),
        .include_prohibited = q->include_prohibited,
    };

    return c->channel->fetch_categories(&session, &request, arena, rows, meta, err);
}

/* Their rows become the caller's list, in an arena of its own. */
static enum aisle_status list_fill(const struct category_rows *rows,
                                   struct aisle_categories *result, struct aisle_err *err)
{
    struct arena *arena = mem_zalloc(1, sizeof *arena);
    struct aisle_category *list;
    bool ok = true;

    if (!arena)
        return aisle_nomem(err);
    arena->max = ARENA_MAX_WORK;
    result->owned = arena;
    list = arena_alloc(arena, (rows->count + 1) * sizeof *list);
    if (!list)
        return aisle_nomem(err);
    for (size_t i = 0; ok && i < rows->count; i++)
        list[i] = row_out(&rows->rows[i], arena, &ok);
    if (!ok)
        return aisle_nomem(err);
    result->list = list;
    result->count = rows->count;
    return AISLE_OK;
}

enum aisle_status aisle_client_get_categories(struct aisle_client *c,
                                              const struct aisle_categories_query *query,
                                              struct aisle_categories *result,
                                              struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct aisle_categories fresh = {0};
    struct channel_meta meta = {0};
    struct category_rows rows;
    struct aisle_err why = {0};
    enum aisle_status status = fetch(c, query, &arena, &rows, &meta, &why);

    if (status == AISLE_OK)
        status = list_fill(&rows, &fresh, &why);
    if (status != AISLE_OK) {
        aisle_categories_clear(&fresh);
        aisle_pass(err, &why);
    }
    response_fill(&fresh.response, &meta, &why);
    aisle_categories_clear(result);
    *result = fresh;
    arena_clear(&arena);
    return status;
}

void aisle_categories_clear(struct aisle_categories *result)
{
    if (result->owned)
        arena_clear(result->owned);
    mem_free(result->owned);
    *result = (struct aisle_categories){0};
}

bool aisle_err_is_api(const struct aisle_err *err)
{
    return err && err->remote_code[0] && strcmp(err->remote_code, "0") != 0;
}
