#include "cli/commands/sandbox_said.h"

#include "cli/commands/shared.h"
#include "cli/stop.h"

#include <unistd.h>

/* ---- who is who ---- */

static const struct column columns[] = {
    {.name = "channel", .kind = COLUMN_ID, .help = "tiktok or tokopedia"},
    {.name = "remote_id", .kind = COLUMN_ID, .help = "of the shop; tokopedia's fs_id"},
    {.name = "name", .kind = COLUMN_TEXT, .help = "of the shop"},
    {.name = "region", .kind = COLUMN_ID, .help = "where it sells"},
    {.name = "url", .kind = COLUMN_ID, .help = "where the sandbox is"},
    {.name = "app_key", .kind = COLUMN_ID, .detail = true, .help = "or client id"},
    {.name = "app_secret", .kind = COLUMN_ID, .detail = true, .help = "or client secret"},
    {.name = "service_id", .kind = COLUMN_ID, .detail = true, .help = "for shop login"},
    {.name = "access_token",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "as at the start"},
    {.name = "refresh_token",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "as at the start"},
    {.name = "cipher", .kind = COLUMN_ID, .detail = true, .help = "of the shop"},
    {.name = "control_token",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "for evolve, fault, log, trigger and expire"},
    END_OF_COLUMNS,
};

static enum aisle_status tell_shop(struct out *out, const struct sandbox_identity *id,
                                   const struct sandbox_shop *shop, struct aisle_err *err)
{
    out_str(out, STR_LIT("tiktok"));
    out_str(out, shop->id);
    out_str(out, shop->name);
    out_str(out, shop->region);
    out_str(out, id->url);
    out_str(out, id->app_key);
    out_str(out, id->app_secret);
    out_str(out, id->service_id);
    out_str(out, shop->access_token);
    out_str(out, shop->refresh_token);
    out_str(out, shop->cipher);
    out_str(out, id->control_token);
    return out_row(out, err);
}

static enum aisle_status
tell_tokopedia(struct out *out, const struct sandbox_identity *id, struct aisle_err *err)
{
    out_str(out, STR_LIT("tokopedia"));
    out_str(out, id->fs_id);
    out_absent(out);
    out_str(out, STR_LIT("ID"));
    out_str(out, id->url);
    out_str(out, id->client_id);
    out_str(out, id->client_secret);
    out_absent(out);
    out_absent(out);
    out_absent(out);
    out_absent(out);
    out_str(out, id->control_token);
    return out_row(out, err);
}

static enum aisle_status tell_shops(struct cli *cli, const struct sandbox_identity *id,
                                    struct aisle_err *err)
{
    enum aisle_status status = out_begin(&cli->out, columns, err);

    for (size_t i = 0; status == AISLE_OK && i < id->shop_count; i++)
        status = tell_shop(&cli->out, id, &id->shops[i], err);
    if (status == AISLE_OK)
        status = tell_tokopedia(&cli->out, id, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

/* "_2" behind the names of the second shop's, and so on. */
static void env_other_shop(const struct sandbox_shop *shop, size_t nth, struct buf *out)
{
    const struct {
        const char *name;
        struct str value;
    } lines[] = {
        {"TIKTOK_APP_ACCESS_KEY", shop->access_token},
        {"TIKTOK_REFRESH_TOKEN", shop->refresh_token},
        {"TIKTOK_SHOP_CIPHER", shop->cipher},
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        buf_addf(out, "export %s_%zu='%.*s'\n", lines[i].name, nth,
                 STR_ARG(lines[i].value));
}

/* What a shell can read with "." and shop add with --secrets, which takes the first
 * shop's keys. */
static void env_text(const struct sandbox_identity *id, struct buf *out)
{
    const struct sandbox_shop *shop = &id->shops[0];
    const struct {
        const char *name;
        struct str value;
    } lines[] = {
        {"AISLE_SANDBOX_URL", id->url},
        {"AISLE_SANDBOX_TOKEN", id->control_token},
        {"TIKTOK_API_URL", id->url},
        {"TIKTOK_APP_KEY", id->app_key},
        {"TIKTOK_APP_SECRET", id->app_secret},
        {"TIKTOK_SERVICE_ID", id->service_id},
        {"TIKTOK_APP_ACCESS_KEY", shop->access_token},
        {"TIKTOK_REFRESH_TOKEN", shop->refresh_token},
        {"TIKTOK_SHOP_CIPHER", shop->cipher},
        {"TOKOPEDIA_CLIENT_ID", id->client_id},
        {"TOKOPEDIA_CLIENT_SECRET", id->client_secret},
        {"TOKOPEDIA_FS_ID", id->fs_id},
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        buf_addf(out, "export %s='%.*s'\n", lines[i].name, STR_ARG(lines[i].value));
    for (size_t i = 1; i < id->shop_count; i++)
        env_other_shop(&id->shops[i], i + 1, out);
}

static enum aisle_status write_env(struct cli *cli, const struct sandbox_identity *id,
                                   struct aisle_err *err)
{
    struct str file = cli_text(cli, "env-file");
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = AISLE_OK;

    if (!str_empty(file)) {
        env_text(id, &text);
        status = buf_check(&text, "env file", err);
        if (status == AISLE_OK)
            status = cli_write(file, buf_str(&text), 0600, true, err);
    }
    buf_clear(&text);
    return status;
}

/* ---- start ---- */

/* Keys are in the file, in JSON or in the fields asked for; a table has none of them. */
static void say_keys(struct cli *cli, const struct sandbox_identity *id)
{
    struct str file = cli_text(cli, "env-file");
    bool shown = !str_empty(cli->out.fields) || cli->out.form == OUT_JSON ||
                 cli->out.form == OUT_JSONL;

    if (!str_empty(file))
        say(&cli->voice, "its keys are in %.*s; in another shell: . %s%.*s",
            STR_ARG(file), str_find_char(file, '/') < file.n ? "" : "./", STR_ARG(file));
    else if (!shown)
        say(&cli->voice, "its keys are not shown here; start it with --env-file "
                         "sandbox.env, or with --json");
    if (!str_empty(file) && id->shop_count > 1)
        say(&cli->voice, "the first shop's go by the plain names, the others' end in _2 "
                         "and so on");
}

static enum aisle_status run_start(struct cli *cli, struct aisle_err *err)
{
    struct sandbox_said *s = arena_zalloc(&cli->arena, 1, sizeof(*s));
    struct sandbox *sandbox = NULL;
    enum aisle_status status = s ? sandbox_said(cli, s, err) : aisle_nomem(err);

    stop_listen();
    if (status == AISLE_OK)
        status = sandbox_start(&s->set, &sandbox, err);
    if (status == AISLE_GARBLED)
        status = err->status = AISLE_CONFIG; /* a file of ours, no answer of anybody */
    if (status == AISLE_OK)
        status = write_env(cli, sandbox_identity(sandbox), err);
    if (status == AISLE_OK)
        status = tell_shops(cli, sandbox_identity(sandbox), err);
    if (status == AISLE_OK) {
        say(&cli->voice, "sandbox at %.*s; Ctrl-C ends it",
            STR_ARG(sandbox_identity(sandbox)->url));
        say_keys(cli, sandbox_identity(sandbox));
        while (!stop_asked())
            sleep(1); /* a signal ends it */
    }
    sandbox_stop(sandbox);
    return status;
}

/* Of which the sandbox knows currency, units and limits. */
#define MARKETS "BR DE ES FR GB ID IE IT JP MX MY PH SG TH US VN"

static const struct option options[] = {
    {.name = "port",
     .letter = 'p',
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "on 127.0.0.1; 0 a free one"},
    {.name = "env-file",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "write address and keys there, for a shell and for shop add --secrets, "
             "which takes the first shop's; those of others end in _2, _3 and so on"},
    {.name = "seed",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "everything made up follows from it"},
    {.name = "shops",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "1",
     .help = "TikTok shops, a seller each; at least one for each --region"},
    {.name = "region",
     .kind = OPTION_CHOICE,
     .argument = "REGION",
     .repeats = true,
     .commas = true,
     .help = "where these shops sell, by turns; else all in ID",
     .choices = MARKETS},
    {.name = "cross-border",
     .kind = OPTION_CHOICE,
     .argument = "REGION",
     .repeats = true,
     .commas = true,
     .help = "instead: one seller across borders, with a shop in each of these markets",
     .choices = MARKETS},
    {.name = "secrets",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "keys to have, as an env file of before has them; else made up"},
    {.name = "tree",
     .kind = OPTION_FILE,
     .argument = "FILE[@V,LOCALE,PLATFORM]",
     .repeats = true,
     .help = "a Get Categories answer to serve instead of its own tree"},
    {.name = "tokopedia-tree",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "a Get All Categories answer to serve"},
    {.name = "rules",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "Get Category Rules' answers by leaf id, instead of its own"},
    {.name = "missing",
     .kind = OPTION_TEXT,
     .argument = "ITEM,...",
     .help = "prerequisites shops have not met, such as RETURN_WAREHOUSE; a word that is "
             "none names them all"},
    {.name = "audit-ms",
     .kind = OPTION_COUNT,
     .argument = "MS",
     .help = "how long a listing is audited; else 250, 0 not at all"},
    {.name = "audit-fails",
     .kind = OPTION_COUNT,
     .argument = "PERCENT",
     .help = "of listings that fail the audit, from 0 to 100"},
    {.name = "audit-waits",
     .kind = OPTION_COUNT,
     .argument = "PERCENT",
     .help = "of listings that end pre-approved and stay pending"},
    {.name = "index-lag-ms",
     .kind = OPTION_COUNT,
     .argument = "MS",
     .help = "until Search Products knows a new product; else 250, 0 at once"},
    {.name = "replay",
     .kind = OPTION_CHOICE,
     .argument = "HOW",
     .fallback = "same",
     .help = "what an idempotency key that comes again gets: the same ids, an error, or "
             "another product",
     .choices = "same error ignored"},
    {.name = "daily-cap",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "listings a shop may create a day; 0 no limit"},
    {.name = "probation-cap",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "listings a shop may create or activate a day; 0 no limit"},
    {.name = "webhook",
     .kind = OPTION_TEXT,
     .argument = "URL",
     .help = "on this machine, where all webhooks go; else where shops subscribe"},
    {.name = "webhook-retry-ms",
     .kind = OPTION_COUNT,
     .argument = "MS",
     .help = "before a webhook is sent again; else 2 and 30 minutes, 3 and 12 hours"},
    {.name = "upgrade-age",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "a product is live before the upgrade task takes it; else 24h"},
    {.name = "truth",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "title TAB leaf lines Recommend answers by; own: of its own catalogue"},
    {.name = "fault",
     .kind = OPTION_TEXT,
     .argument = "FAULT",
     .repeats = true,
     .help = "what goes wrong, such as refuse=0.5 or delay=1,ms=50; see sandbox fault"},
    {.name = "switch",
     .kind = OPTION_CHOICE,
     .argument = "NAME",
     .repeats = true,
     .commas = true,
     .help = "where the documents disagree, the other reading; v2-required, which the "
             "marketplace asks for by now in the US and South-East Asia, is best for "
             "testing a client",
     .choices =
         "live-wording plain-name rootless business-400 v2-required image-required "
         "any-grant old-refresh loose-cipher empty-body-loose small-images any-image "
         "lower-name child-null child-empty right-spelling strict-html chinese-refused "
         "brand-refused short-urls old-sku-limits"},
    {.name = "business-status",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "HTTP status of business errors; else 200"},
    {.name = "access-ttl",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "how long access tokens last; else 7d"},
    {.name = "refresh-ttl",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "how long refresh tokens last; else 365d"},
    {.name = "qps",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "calls a second to one shop before it says 429; 0 no limit"},
    {.name = "tokopedia-qps",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "the same for Tokopedia; else 5"},
    {.name = "redirect-url",
     .kind = OPTION_TEXT,
     .argument = "URL",
     .help = "where consent sends the browser; else a page of its own"},
    {.name = "consent-at-once",
     .kind = OPTION_SWITCH,
     .help = "the consent page agrees by itself"},
    {.name = "log",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "append every call as a JSON line"},
    {.name = "threads",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "else as many as this machine has"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle sandbox start --env-file sandbox.env", "then, elsewhere: . ./sandbox.env"},
    {"aisle sandbox start --seed 7 --fault refuse=0.5 --fault delay=1,ms=50",
     "half the questions refused, every answer after 50 ms"},
    {"aisle sandbox start --tree tree.json@v2,id-ID --truth titles.tsv",
     "a real tree, and answers that are right"},
    {"aisle sandbox start --region US,GB --switch v2-required --json",
     "two local shops abroad, with their keys"},
    END_OF_EXAMPLES,
};

const struct command command_sandbox_start = {
    .noun = "sandbox",
    .verb = "start",
    .summary = "serve a pretend TikTok Shop and Tokopedia on this machine",
    .about = "Runs until Ctrl-C. Any TikTok Shop client can be pointed at it, but for "
             "the host unchanged.\n\n"
             "Its keys are made up and good for nothing else. They are written with "
             "--env-file, shown with --json, --jsonl or --fields, and not in the table.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_ROWS,
    .run = run_start,
};
