/* sandboxd.c - a sandbox for tests in other languages: settings as words, who is who as
 * one line of JSON on stdout, and gone when stdin ends. A number on a line of stdin moves
 * its clock on by so many milliseconds; it says "moved" when that is done
 *
 * sandboxd seed=7 shops=2 v2_required fault=cut=0.2 tree=FILE@v2 …
 */
#include "base/json.h"
#include "sandbox/sandbox.h"

#include <stdio.h>
#include <stdlib.h>

struct args {
    struct sandbox_settings set;
    struct sandbox_fault faults[SANDBOX_MAX_FAULTS];
    struct sandbox_tree_file trees[SANDBOX_MAX_TREES];
    struct sandbox_shop shops[SANDBOX_MAX_SHOPS];
    size_t given_shops;
};

static bool set_switch(struct sandbox_switches *s, struct str name)
{
    const struct {
        const char *name;
        bool *flag;
    } switches[] = {
        {"live_wording", &s->live_wording},
        {"plain_name", &s->plain_name},
        {"rootless", &s->rootless},
        {"business_400", &s->business_400},
        {"v2_required", &s->v2_required},
        {"image_required", &s->image_required},
        {"any_grant", &s->any_grant},
        {"loose_cipher", &s->loose_cipher},
        {"old_refresh", &s->old_refresh},
        {"empty_body_loose", &s->empty_body_loose},
        {"small_images", &s->small_images},
        {"any_image", &s->any_image},
        {"lower_name", &s->lower_name},
        {"child_null", &s->child_null},
        {"child_empty", &s->child_empty},
        {"right_spelling", &s->right_spelling},
        {"strict_html", &s->strict_html},
        {"brand_refused", &s->brand_refused},
        {"chinese_refused", &s->chinese_refused},
        {"short_urls", &s->short_urls},
        {"old_sku_limits", &s->old_sku_limits},
    };

    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (!str_is(name, switches[i].name))
            continue;
        *switches[i].flag = true;
        return true;
    }
    return false;
}

static bool set_text(struct sandbox_settings *s, struct str name, struct str value)
{
    const struct {
        const char *name;
        struct str *text;
    } texts[] = {
        {"app_key", &s->app_key},
        {"app_secret", &s->app_secret},
        {"redirect_url", &s->redirect_url},
        {"truth", &s->truth},
        {"allow_ips", &s->allow_ips},
        {"log_file", &s->log_file},
        {"control_token", &s->control_token},
        {"tokopedia_tree", &s->tokopedia_tree},
        {"address", &s->address},
        {"rules", &s->market.rules},
        {"missing", &s->market.missing},
        {"webhook", &s->market.webhook},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!str_is(name, texts[i].name))
            continue;
        *texts[i].text = value;
        return true;
    }
    return false;
}

/* "name|seller|region|scopes|cross|platforms", what is empty is made up. */
static void add_shop(struct args *a, struct str value)
{
    struct sandbox_shop *shop = &a->shops[a->given_shops++];

    shop->name = str_cut(&value, '|');
    shop->seller = str_cut(&value, '|');
    shop->region = str_cut(&value, '|');
    shop->scopes = str_cut(&value, '|');
    shop->cross_border = str_is(str_cut(&value, '|'), "cross");
    shop->platforms = value;
    a->set.shops = a->shops;
    a->set.shop_count = a->given_shops;
}

static bool set_number(struct sandbox_settings *s, struct str name, struct str value)
{
    uint64_t n = strtoull(value.p ? value.p : "", NULL, 10);

    if (str_is(name, "seed"))
        s->seed = n;
    else if (str_is(name, "shops"))
        s->shop_count = (size_t)n;
    else if (str_is(name, "image_memory"))
        s->image_memory = (size_t)n;
    else if (str_is(name, "access_ttl_s"))
        s->access_ttl_s = (int64_t)n;
    else if (str_is(name, "qps"))
        s->qps = strtod(value.p, NULL);
    else if (str_is(name, "tokopedia_qps"))
        s->tokopedia_qps = strtod(value.p, NULL);
    else
        return false;
    return true;
}

static bool set_market(struct sandbox_settings *s, struct str name, struct str value)
{
    struct sandbox_market *m = &s->market;
    const struct {
        const char *name;
        int *number;
    } numbers[] = {
        {"audit_ms", &m->audit_ms},
        {"index_lag_ms", &m->index_lag_ms},
        {"daily_cap", &m->daily_cap},
        {"probation_cap", &m->probation_cap},
        {"retry_ms", &m->webhook_retry_ms},
        {"business_status", &s->business_status},
        {"hook_timeout_ms", &m->webhook_timeout_ms},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (!str_is(name, numbers[i].name))
            continue;
        *numbers[i].number = (int)strtol(value.p ? value.p : "", NULL, 10);
        return true;
    }
    if (str_is(name, "audit_fails"))
        m->audit_fails = strtod(value.p, NULL);
    else if (str_is(name, "audit_waits"))
        m->audit_waits = strtod(value.p, NULL);
    else if (str_is(name, "upgrade_age_s"))
        m->upgrade_age_s = strtol(value.p, NULL, 10);
    else if (str_is(name, "replay"))
        m->replay = str_is(value, "error")     ? REPLAY_ERROR
                    : str_is(value, "ignored") ? REPLAY_IGNORED
                                               : REPLAY_SAME;
    else
        return false;
    return true;
}

static enum aisle_status read_word(struct args *a, struct str word, struct aisle_err *err)
{
    struct str value = word, name = str_cut(&value, '=');

    if (str_is(name, "fault"))
        return sandbox_fault_parse(value, &a->faults[a->set.fault_count++], err);
    if (str_is(name, "tree"))
        return sandbox_tree_file_parse(value, &a->trees[a->set.tree_count++], err);
    if (str_is(name, "consent_at_once")) {
        a->set.consent_at_once = true;
        return AISLE_OK;
    }
    if (str_is(name, "shop")) {
        add_shop(a, value);
        return AISLE_OK;
    }
    if (set_switch(&a->set.switches, word) || set_text(&a->set, name, value) ||
        set_number(&a->set, name, value) || set_market(&a->set, name, value))
        return AISLE_OK;
    return aisle_fail(err, AISLE_INVALID, "no setting %.*s", STR_ARG(name));
}

static void say(const struct sandbox_identity *id)
{
    struct buf line = BUF_INIT(BUF_MAX_REPLY);
    struct json_out json = {.buf = &line};

    json_open(&json);
    json_add_str(&json, "url", id->url);
    json_add_str(&json, "app_key", id->app_key);
    json_add_str(&json, "app_secret", id->app_secret);
    json_add_str(&json, "service_id", id->service_id);
    json_add_str(&json, "fs_id", id->fs_id);
    json_add_str(&json, "client_id", id->client_id);
    json_add_str(&json, "client_secret", id->client_secret);
    json_add_str(&json, "control_token", id->control_token);
    json_key(&json, "shops");
    json_open_list(&json);
    for (size_t i = 0; i < id->shop_count; i++) {
        json_open(&json);
        json_add_str(&json, "id", id->shops[i].id);
        json_add_str(&json, "name", id->shops[i].name);
        json_add_str(&json, "region", id->shops[i].region);
        json_add_str(&json, "seller", id->shops[i].seller);
        json_add_str(&json, "cipher", id->shops[i].cipher);
        json_add_str(&json, "access_token", id->shops[i].access_token);
        json_add_str(&json, "refresh_token", id->shops[i].refresh_token);
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    printf("%s\n", line.p);
    fflush(stdout);
    buf_clear(&line);
}

static _Atomic int64_t ahead_ms;

static int64_t now_ms(void *ctx)
{
    (void)ctx;
    return clock_now_ms(clock_system()) + ahead_ms;
}

static int64_t mono_ms(void *ctx)
{
    (void)ctx;
    return clock_mono_ms(clock_system());
}

static void sleep_ms(void *ctx, int64_t ms)
{
    (void)ctx;
    clock_sleep_ms(clock_system(), ms);
}

static const struct clock moving = {NULL, now_ms, mono_ms, sleep_ms};

int main(int argc, char **argv)
{
    static struct args a;
    struct sandbox *s = NULL;
    struct aisle_err err = {0};
    char line[32];

    a.set.clock = &moving;
    a.set.faults = a.faults;
    a.set.trees = a.trees;
    for (int i = 1; i < argc; i++)
        if (read_word(&a, str_of(argv[i]), &err))
            break;
    if (err.status || sandbox_start(&a.set, &s, &err)) {
        fprintf(stderr, "sandboxd: %s\n", err.text);
        return 1;
    }
    say(sandbox_identity(s));
    while (fgets(line, sizeof line, stdin)) {
        ahead_ms += strtoll(line, NULL, 10);
        puts("moved");
        fflush(stdout);
    }
    sandbox_stop(s);
    return 0;
}
