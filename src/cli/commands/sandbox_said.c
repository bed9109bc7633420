/* sandbox_said.c - what `sandbox start` was told, as the sandbox takes it */
#include "cli/commands/sandbox_said.h"

#include "cli/commands/keys.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"

static const struct {
    const char *name;
    size_t at; /* in struct sandbox_switches */
} switches[] = {
    {"live-wording", offsetof(struct sandbox_switches, live_wording)},
    {"plain-name", offsetof(struct sandbox_switches, plain_name)},
    {"rootless", offsetof(struct sandbox_switches, rootless)},
    {"business-400", offsetof(struct sandbox_switches, business_400)},
    {"v2-required", offsetof(struct sandbox_switches, v2_required)},
    {"image-required", offsetof(struct sandbox_switches, image_required)},
    {"any-grant", offsetof(struct sandbox_switches, any_grant)},
    {"old-refresh", offsetof(struct sandbox_switches, old_refresh)},
    {"loose-cipher", offsetof(struct sandbox_switches, loose_cipher)},
    {"empty-body-loose", offsetof(struct sandbox_switches, empty_body_loose)},
    {"small-images", offsetof(struct sandbox_switches, small_images)},
    {"any-image", offsetof(struct sandbox_switches, any_image)},
    {"lower-name", offsetof(struct sandbox_switches, lower_name)},
    {"child-null", offsetof(struct sandbox_switches, child_null)},
    {"child-empty", offsetof(struct sandbox_switches, child_empty)},
    {"right-spelling", offsetof(struct sandbox_switches, right_spelling)},
    {"strict-html", offsetof(struct sandbox_switches, strict_html)},
    {"chinese-refused", offsetof(struct sandbox_switches, chinese_refused)},
    {"brand-refused", offsetof(struct sandbox_switches, brand_refused)},
    {"short-urls", offsetof(struct sandbox_switches, short_urls)},
    {"old-sku-limits", offsetof(struct sandbox_switches, old_sku_limits)},
};

static enum aisle_status said_switches(struct cli *cli, struct sandbox_said *s,
                                       struct aisle_err *err)
{
    const struct str *names;
    size_t count;
    enum aisle_status status = cli_list(cli, "switch", &names, &count, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        for (size_t n = 0; n < sizeof switches / sizeof *switches; n++)
            if (str_is(names[i], switches[n].name))
                *(bool *)((char *)&s->set.switches + switches[n].at) = true;
    return status;
}

static enum aisle_status said_faults(struct cli *cli, struct sandbox_said *s,
                                     struct aisle_err *err)
{
    const struct str *list;
    size_t count;
    enum aisle_status status = cli_list(cli, "fault", &list, &count, err);

    if (status == AISLE_OK && count > SANDBOX_MAX_FAULTS)
        return cli_misuse(cli, err, "over %d faults", SANDBOX_MAX_FAULTS);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = sandbox_fault_parse(list[i], &s->faults[i], err);
    if (status == AISLE_INVALID)
        cli->exit_code = EXIT_USAGE;
    s->set.faults = s->faults;
    s->set.fault_count = count;
    return status;
}

static enum aisle_status said_trees(struct cli *cli, struct sandbox_said *s,
                                    struct aisle_err *err)
{
    const struct str *list;
    size_t count;
    enum aisle_status status = cli_list(cli, "tree", &list, &count, err);

    if (status == AISLE_OK && count > SANDBOX_MAX_TREES)
        return cli_misuse(cli, err, "over %d trees", SANDBOX_MAX_TREES);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = sandbox_tree_file_parse(list[i], &s->trees[i], err);
    if (status == AISLE_INVALID)
        cli->exit_code = EXIT_USAGE;
    s->set.trees = s->trees;
    s->set.tree_count = count;
    return status;
}

/* Local shops, a seller each, in these markets by turns; one shop a market at least. */
static enum aisle_status said_regions(struct cli *cli, struct sandbox_said *s,
                                      const struct str *regions, size_t count,
                                      struct aisle_err *err)
{
    if (s->set.shop_count < count)
        s->set.shop_count = count;
    if (s->set.shop_count > SANDBOX_MAX_SHOPS)
        return cli_misuse(cli, err, "over %d shops", SANDBOX_MAX_SHOPS);
    for (size_t i = 0; i < s->set.shop_count; i++)
        s->shops[i].region = regions[i % count];
    s->set.shops = s->shops;
    return AISLE_OK;
}

/* One seller across borders, with a shop in each of these markets. */
static enum aisle_status said_abroad(struct cli *cli, struct sandbox_said *s,
                                     const struct str *regions, size_t count,
                                     struct aisle_err *err)
{
    if (count > SANDBOX_MAX_SHOPS)
        return cli_misuse(cli, err, "over %d shops", SANDBOX_MAX_SHOPS);
    for (size_t i = 0; i < count; i++)
        s->shops[i] = (struct sandbox_shop){
            .region = regions[i], .seller = STR_LIT("Ekspor"), .cross_border = true};
    s->set.shops = s->shops;
    s->set.shop_count = count;
    return AISLE_OK;
}

static enum aisle_status said_shops(struct cli *cli, struct sandbox_said *s,
                                    struct aisle_err *err)
{
    const struct str *regions, *abroad;
    size_t region_count, abroad_count;
    enum aisle_status status = cli_list(cli, "region", &regions, &region_count, err);

    if (status == AISLE_OK)
        status = cli_list(cli, "cross-border", &abroad, &abroad_count, err);
    if (status != AISLE_OK)
        return status;
    if (region_count && abroad_count)
        return cli_misuse(cli, err,
                          "--region is of local shops, --cross-border of one seller "
                          "abroad: one of the two");
    if (abroad_count)
        return said_abroad(cli, s, abroad, abroad_count, err);
    return region_count ? said_regions(cli, s, regions, region_count, err) : AISLE_OK;
}

/* Keys it shall have rather than make up: those an earlier one wrote, or a client's. */
static enum aisle_status said_keys(struct cli *cli, struct sandbox_said *s,
                                   struct aisle_err *err)
{
    struct str file = cli_text(cli, "secrets");
    struct app_keys tiktok, tokopedia;
    enum aisle_status status;

    if (str_empty(file))
        return AISLE_OK;
    status = app_keys_read(cli, file, STR_LIT("tiktok"), &tiktok, err);
    if (status == AISLE_OK)
        status = app_keys_read(cli, file, STR_LIT("tokopedia"), &tokopedia, err);
    if (status != AISLE_OK)
        return status;
    s->set.app_key = tiktok.app_key;
    s->set.app_secret = tiktok.app_secret;
    s->set.client_id = tokopedia.app_key;
    s->set.client_secret = tokopedia.app_secret;
    s->set.fs_id = tokopedia.remote_id;
    if (s->set.shop_count > 1)
        return cli_misuse(cli, err, "--secrets are of one shop, not of several");
    s->shops[0].access_token = tiktok.access_token;
    s->shops[0].refresh_token = tiktok.refresh_token;
    s->shops[0].cipher = tiktok.cipher;
    s->set.shops = s->shops;
    s->set.shop_count = 1;
    return AISLE_OK;
}

/* A time in ms: left out the usual one, 0 none at all. */
static int said_ms(struct cli *cli, const char *name)
{
    int64_t ms = cli_count(cli, name, INT32_MAX);

    return ms == 0 ? -1 : ms >= INT32_MAX ? 0 : (int)ms;
}

static void said_market(struct cli *cli, struct sandbox_market *m)
{
    struct str replay = cli_text(cli, "replay");
    int64_t age_s = cli_seconds(cli, "upgrade-age", 24 * 3600);

    *m = (struct sandbox_market){
        .rules = cli_text(cli, "rules"),
        .missing = cli_text(cli, "missing"),
        .audit_ms = said_ms(cli, "audit-ms"),
        .audit_fails = (double)cli_count(cli, "audit-fails", 0) / 100,
        .audit_waits = (double)cli_count(cli, "audit-waits", 0) / 100,
        .index_lag_ms = said_ms(cli, "index-lag-ms"),
        .replay = str_is(replay, "error")     ? REPLAY_ERROR
                  : str_is(replay, "ignored") ? REPLAY_IGNORED
                                              : REPLAY_SAME,
        .daily_cap = (int)cli_count(cli, "daily-cap", 0),
        .probation_cap = (int)cli_count(cli, "probation-cap", 0),
        .webhook = cli_text(cli, "webhook"),
        .webhook_retry_ms = (int)cli_count(cli, "webhook-retry-ms", 0),
        .upgrade_age_s = age_s == 0 ? -1 : age_s,
    };
}

/* Numbers that were said stand where they make sense. */
static enum aisle_status check_ranges(struct cli *cli, struct aisle_err *err)
{
    static const struct {
        const char *name;
        int64_t least, most;
    } ranges[] = {
        {"port", 0, UINT16_MAX},
        {"shops", 1, SANDBOX_MAX_SHOPS},
        {"business-status", 200, 599},
        {"audit-ms", 0, INT32_MAX - 1},
        {"audit-fails", 0, 100},
        {"audit-waits", 0, 100},
        {"index-lag-ms", 0, INT32_MAX - 1},
        {"daily-cap", 0, INT32_MAX},
        {"probation-cap", 0, INT32_MAX},
        {"webhook-retry-ms", 0, INT32_MAX},
        {"threads", 1, 1024},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        int64_t said = cli_count(cli, ranges[i].name, ranges[i].least);

        if (said < ranges[i].least || said > ranges[i].most)
            return cli_misuse(cli, err, "--%s is from %lld to %lld", ranges[i].name,
                              (long long)ranges[i].least, (long long)ranges[i].most);
    }
    if (cli_count(cli, "audit-fails", 0) + cli_count(cli, "audit-waits", 0) > 100)
        return cli_misuse(cli, err,
                          "--audit-fails and --audit-waits together are over 100");
    return AISLE_OK;
}

enum aisle_status sandbox_said(struct cli *cli, struct sandbox_said *s,
                               struct aisle_err *err)
{
    enum aisle_status status = check_ranges(cli, err);

    if (status != AISLE_OK)
        return status;
    s->set = (struct sandbox_settings){
        .port = (uint16_t)cli_count(cli, "port", 0),
        .threads = (unsigned)cli_count(cli, "threads", 0),
        .seed = (uint64_t)cli_count(cli, "seed", 0),
        .shop_count = (size_t)cli_count(cli, "shops", 1),
        .redirect_url = cli_text(cli, "redirect-url"),
        .consent_at_once = cli_switch(cli, "consent-at-once"),
        .access_ttl_s = cli_seconds(cli, "access-ttl", 0),
        .refresh_ttl_s = cli_seconds(cli, "refresh-ttl", 0),
        .tokopedia_tree = cli_text(cli, "tokopedia-tree"),
        .tokopedia_qps = (double)cli_count(cli, "tokopedia-qps", 0),
        .truth = cli_text(cli, "truth"),
        .qps = (double)cli_count(cli, "qps", 0),
        .log_file = cli_text(cli, "log"),
        .business_status = (int)cli_count(cli, "business-status", 0),
    };
    said_market(cli, &s->set.market);
    status = sandbox_missing_check(s->set.market.missing, err);
    if (status == AISLE_INVALID)
        cli->exit_code = EXIT_USAGE;
    if (status == AISLE_OK)
        status = said_switches(cli, s, err);
    if (status == AISLE_OK)
        status = said_faults(cli, s, err);
    if (status == AISLE_OK)
        status = said_trees(cli, s, err);
    if (status == AISLE_OK)
        status = said_shops(cli, s, err);
    return status == AISLE_OK ? said_keys(cli, s, err) : status;
}
