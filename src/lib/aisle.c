/* aisle.c - opening and closing; shops; what every call shares */
#include "lib/lib.h"

#include "base/mem.h"
#include "flows/shops.h"

_Static_assert((int)AISLE_LOG_ERROR == (int)LOG_ERROR &&
                   (int)AISLE_LOG_DEBUG == (int)LOG_DEBUG,
               "levels have the same order inside and out");
_Static_assert((int)AISLE_VAULT_KEY_SIZE == 2 * VAULT_KEY_LEN + 1,
               "a key in hexadecimal");

/* ---- opening ---- */

/* A line that finds no memory is lost: nothing hangs on it. */
static void pass_line(void *ctx, enum log_level level, struct str line)
{
    const struct aisle *a = ctx;
    char *text = mem_dup(line.p, line.n);

    if (text)
        a->log_fn(a->log_ctx, (enum aisle_log_level)level, text);
    mem_free(text);
}

static struct app_settings settings_of(struct aisle *a, const struct aisle_options *o)
{
    return (struct app_settings){
        .store = str_of(o->store),
        .store_options = {.must_exist = o->must_exist},
        .proxy = str_of(o->proxy),
        .ca_file = str_of(o->ca_file),
        .trace_file = str_of(o->trace_file),
        .calls_per_second = o->calls_per_second,
        .timeout_ms = o->timeout_ms,
        .log = a->log_fn ? &a->log : NULL,
        .vault = &a->vault,
        .stop = &a->stop,
        .who = str_of(o->who),
    };
}

static enum aisle_status fill(struct aisle *a, const struct aisle_options *o,
                              struct aisle_err *err)
{
    struct app_settings settings;
    enum aisle_status status = AISLE_OK;

    atomic_init(&a->stop, false);
    a->log_fn = o->log;
    a->log_ctx = o->log_ctx;
    a->log = (struct log){.level = (enum log_level)o->log_level,
                          .clock = clock_system(),
                          .sink = pass_line,
                          .ctx = a};
    if (!o->store || !o->store[0])
        return aisle_fail(err, AISLE_CONFIG, "where the store is was not said");
    if (o->vault_key)
        status = vault_parse(str_of(o->vault_key), &a->vault, err);
    if (status != AISLE_OK)
        return status;
    settings = settings_of(a, o);
    return app_open(&settings, &a->app, err);
}

enum aisle_status aisle_open(const struct aisle_options *options, struct aisle **out,
                             struct aisle_err *err)
{
    struct aisle *a = mem_zalloc(1, sizeof *a);
    enum aisle_status status;

    if (!a)
        return aisle_nomem(err);
    status = fill(a, options, err);
    if (status != AISLE_OK) {
        vault_wipe(&a->vault);
        mem_free(a);
        return status;
    }
    *out = a;
    return AISLE_OK;
}

void aisle_close(struct aisle *a)
{
    if (!a)
        return;
    app_close(&a->app);
    vault_wipe(&a->vault);
    mem_free(a);
}

void aisle_stop(struct aisle *a)
{
    atomic_store(&a->stop, true);
}

void aisle_go_on(struct aisle *a)
{
    atomic_store(&a->stop, false);
}

void aisle_new_vault_key(char key[AISLE_VAULT_KEY_SIZE])
{
    vault_new_key(rng_system(), key);
}

/* ---- shops ---- */

static struct shop_request shop_in(const struct aisle_shop *shop)
{
    return (struct shop_request){
        .shop = {.id = str_of(shop->id),
                 .seller_id = str_of(shop->seller),
                 .channel = str_of(shop->channel ? shop->channel : "tiktok"),
                 .remote_id = str_of(shop->remote_id),
                 .region = str_of(shop->region),
                 .app_key = str_of(shop->app_key),
                 .api_url = str_of(shop->api_url),
                 .auth_url = str_of(shop->auth_url)},
        .keys = {.app_secret = str_of(shop->app_secret),
                 .access_token = str_of(shop->access_token),
                 .refresh_token = str_of(shop->refresh_token),
                 .cipher = str_of(shop->cipher),
                 .access_expires_at = shop->access_expires_at,
                 .refresh_expires_at = shop->refresh_expires_at},
        .offline = shop->offline,
    };
}

enum aisle_status aisle_shop_add(struct aisle *a, const struct aisle_shop *shop,
                                 struct aisle_err *err)
{
    struct shop_request request = shop_in(shop);

    if (a->vault.count == 0)
        return aisle_fail(err, AISLE_CONFIG,
                          "there is no key to seal the shop's keys with: aisle_options "
                          "needs a vault_key, which aisle_new_vault_key makes");
    return flow_shop_add(&a->app, &request, err);
}

/* ---- progress ---- */

struct aisle_counts counts_out(const struct run_counts *c)
{
    return (struct aisle_counts){
        .total = c->total,
        .done = c->done,
        .mapped = c->mapped,
        .refused = c->refused,
        .without_image = c->without_image,
        .failed = c->failed,
        .conflicts = c->conflicts,
        .need_person = c->need_person,
        .skipped = c->skipped,
        .by_local = c->by_local,
        .by_marketplace = c->by_marketplace,
        .by_seller_category = c->by_seller_category,
        .by_rule = c->by_rule,
        .calls = c->calls,
        .uploads = c->uploads,
        .recommends = c->recommends,
        .saved = c->saved,
    };
}

static void tell(void *ctx, const struct progress *p)
{
    const struct teller *teller = ctx;
    struct aisle_counts counts = {0};
    struct aisle_progress out = {
        .doing = p->doing,
        .per_second = p->per_second,
        .seconds_left = p->seconds_left,
    };

    if (p->counts) {
        counts = counts_out(p->counts);
        out.counts = &counts;
    }
    teller->fn(teller->ctx, &out);
}

struct app app_telling(const struct aisle *a, struct teller *teller)
{
    struct app app = a->app;

    app.progress = teller->fn ? tell : NULL;
    app.progress_ctx = teller;
    return app;
}
