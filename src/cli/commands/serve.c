/* serve.c - the service, put together: the interface and the pages on one port, the store
 * and the marketplaces behind them, a clean end
 */
#include "api/api.h"
#include "cli/commands/keys.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "cli/hands.h"
#include "cli/notify.h"
#include "cli/origin.h"
#include "cli/schedule.h"
#include "cli/stop.h"
#include "flows/keys.h"
#include "flows/people.h"
#include "web/web.h"

#include <stdio.h>
#include <unistd.h>

enum { GRACE_MS = 20 * 1000 };

/* What a page may load and do: only what came from here, and no script within it. */
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
    "blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

/* The pages' routes are one array of their room; they need no sign-in, as there is
 * nothing in them but the page itself. */
struct serving {
    struct api *api;
    const struct http_route *pages;
    size_t page_count;
    bool secure;
};

static void add_policy(const struct serving *s, struct http_reply *reply)
{
    http_reply_header(reply, "Content-Security-Policy", str_of(page_policy));
    http_reply_header(reply, "X-Content-Type-Options", STR_LIT("nosniff"));
    http_reply_header(reply, "Referrer-Policy", STR_LIT("same-origin"));
    http_reply_header(reply, "Cross-Origin-Opener-Policy", STR_LIT("same-origin"));
    http_reply_header(reply, "Cross-Origin-Resource-Policy", STR_LIT("same-origin"));
    if (s->secure)
        http_reply_header(reply, "Strict-Transport-Security",
                          STR_LIT("max-age=31536000"));
}

static void answer_page(const struct serving *s, const struct http_request *request,
                        struct http_reply *reply)
{
    struct http_call call;

    if (http_route_find(s->pages, s->page_count, request, &call, NULL) == AISLE_OK)
        call.route->run(NULL, &call, reply);
    else
        http_reply_text(reply, 404, "text/plain; charset=utf-8",
                        STR_LIT("there is nothing here; the interface is under /api/v1, "
                                "described at /api/v1/openapi.yaml\n"));
}

static void answer(void *ctx, const struct http_request *request,
                   struct http_reply *reply)
{
    const struct serving *s = ctx;

    add_policy(s, reply);
    if (api_is_for(request->path))
        api_handle(s->api, request, reply);
    else
        answer_page(s, request, reply);
}

static size_t max_body(void *ctx, const struct http_request *request)
{
    const struct serving *s = ctx;

    return api_max_body(s->api, request);
}

static enum http_lane lane(void *ctx, const struct http_request *request)
{
    const struct serving *s = ctx;

    return api_lane(s->api, request);
}

static void refuse(void *ctx, const struct http_request *request, int status,
                   const char *why, struct http_reply *reply)
{
    const struct serving *s = ctx;

    add_policy(s, reply);
    api_refuse(s->api, request, status, why, reply);
}

/* ---- settings ---- */

/* "127.0.0.1:8080", "[::1]:8080", "8080". */
static enum aisle_status said_listen(struct cli *cli, struct http_settings *set,
                                     struct aisle_err *err)
{
    struct str text = cli_text(cli, "listen"), address = {0}, port = text;
    size_t colon = text.n;
    int64_t n;

    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    if (colon > 0) {
        address = str_head(text, colon - 1);
        port = str_skip(text, colon);
    }
    if (str_starts(address, "[") && str_ends(address, "]"))
        address = str_n(address.p + 1, address.n - 2);
    if (!parse_i64(port, 0, UINT16_MAX, &n))
        return cli_misuse(cli, err, "--listen is ADDRESS:PORT, not %.*s", STR_ARG(text));
    set->address = address;
    set->port = (uint16_t)n;
    return AISLE_OK;
}

static enum aisle_status said_url(struct cli *cli, struct api_settings *set,
                                  struct aisle_err *err)
{
    struct str url = cli_text(cli, "public-url");
    const char *fault;

    if (str_empty(url))
        return AISLE_OK;
    fault = origin_read(url, &cli->arena, &set->origin);
    if (fault)
        return cli_misuse(cli, err, "--public-url %s", fault);
    set->secure = str_starts(set->origin, "https://");
    return AISLE_OK;
}

/* The apps shops are connected through from the page and over REST: those whose secret
 * was handed to us. */
static enum aisle_status said_apps(struct cli *cli, struct api_settings *set,
                                   struct aisle_err *err)
{
    static const char *const channels[] = {"tiktok", "tokopedia"};
    enum { CHANNELS = sizeof channels / sizeof *channels };
    struct str api = cli_text(cli, "api-url"), auth = cli_text(cli, "auth-url");
    struct api_app *apps = arena_zalloc(&cli->arena, CHANNELS, sizeof *apps);
    enum aisle_status status = apps ? AISLE_OK : aisle_nomem(err);

    for (size_t i = 0; status == AISLE_OK && i < CHANNELS; i++) {
        struct app_keys keys = {0};

        status =
            app_keys_read(cli, cli_text(cli, "secrets"), str_of(channels[i]), &keys, err);
        if (status != AISLE_OK || str_empty(keys.app_key) || str_empty(keys.app_secret))
            continue;
        apps[set->app_count++] = (struct api_app){
            .channel = str_of(channels[i]),
            .app_key = keys.app_key,
            .app_secret = keys.app_secret,
            .service_id = cli_text(cli, "service-id"),
            .api_url = api,
            .auth_url = str_empty(auth) ? api : auth,
        };
    }
    set->apps = apps;
    return status;
}

/* As long as there is nobody, whoever starts the service may bring in the first. */
static enum aisle_status make_welcome(struct cli *cli, struct api_settings *set,
                                      struct aisle_err *err)
{
    char code[SECRET_LEN + 1];
    bool any = false;
    enum aisle_status status = flow_user_any(&cli->app, &any, err);

    if (status != AISLE_OK || any)
        return status;
    secret_new(cli->app.rng, code);
    set->welcome = arena_str(&cli->arena, str_of(code));
    return set->welcome.p ? AISLE_OK : aisle_nomem(err);
}

/* ---- running ---- */

static void tell(struct cli *cli, const struct api_settings *set,
                 const struct http_settings *http, uint16_t port)
{
    const char *open = str_find_char(http->address, ':') < http->address.n ? "[" : "";
    struct str host = str_empty(http->address) ? STR_LIT("127.0.0.1") : http->address;
    struct str url = arena_fmt(&cli->arena, "http://%s%.*s%s:%u", open, STR_ARG(host),
                               *open ? "]" : "", (unsigned)port);

    out_str(&cli->out, str_empty(set->origin) ? url : set->origin);
    out_int(&cli->out, port);
    say(&cli->voice, "serving at %.*s; Ctrl-C ends it", STR_ARG(url));
    if (!str_empty(set->welcome))
        say(&cli->voice,
            "nobody may sign in yet: aisle user add NAME --role admin, or once at\n"
            "  %.*s/welcome#%.*s",
            STR_ARG(str_empty(set->origin) ? url : set->origin), STR_ARG(set->welcome));
}

static const struct column columns[] = {
    {.name = "url", .kind = COLUMN_ID, .help = "where it is reached"},
    {.name = "port", .kind = COLUMN_COUNT, .help = "it listens on"},
    {.name = NULL},
};

static enum aisle_status tell_and_wait(struct cli *cli, const struct api_settings *set,
                                       const struct http_settings *http, uint16_t port,
                                       struct aisle_err *err)
{
    enum aisle_status status = out_begin_one(&cli->out, columns, err);

    if (status != AISLE_OK)
        return status;
    tell(cli, set, http, port);
    status = out_done(&cli->out, err);
    if (status == AISLE_OK)
        status = out_flush(&cli->out, err);
    if (status != AISLE_OK)
        return status;
    notify_service("READY=1");
    while (!stop_asked())
        sleep(1); /* a signal ends it */
    notify_service("STOPPING=1");
    say(&cli->voice, "ending: what is under way is finished first");
    return AISLE_OK;
}

/* The rounds, with what is dropped in them. */
static struct rounds said_rounds(const struct cli *cli)
{
    struct rounds rounds = cli_rounds(cli);

    rounds.prune_every_s = cli_seconds(cli, "prune-every", 0);
    rounds.keep = (struct keeping){.runs_s = cli_seconds(cli, "keep-runs", 0),
                                   .snapshots_s = cli_seconds(cli, "keep-snapshots", 0),
                                   .images_s = cli_seconds(cli, "keep-images", 0)};
    return rounds;
}

static enum aisle_status serve(struct cli *cli, struct api_settings *set,
                               struct http_settings *http, struct aisle_err *err)
{
    struct serving serving = {.secure = set->secure};
    struct http_server *server = NULL;
    struct schedule *schedule = NULL;
    struct hands *hands = NULL;
    unsigned workers = (unsigned)cli_count(cli, "workers", 0);
    struct rounds rounds = said_rounds(cli);
    enum aisle_status status = api_new(set, &serving.api, err);

    serving.pages = web_routes(&serving.page_count);
    rounds.leave = workers > 0;
    cli->voice.may_drop = true; /* whoever reads the log slows nobody down */
    http->handle = answer;
    http->max_body_of = max_body;
    http->lane_of = lane;
    http->refuse = refuse;
    http->ctx = &serving;
    if (status == AISLE_OK)
        status = http_start(http, &server, err);
    if (status == AISLE_OK)
        status = schedule_start(&cli->app, &rounds, &schedule, err);
    if (status == AISLE_OK)
        status = hands_start(&cli->app, workers, &hands, err);
    if (status == AISLE_OK)
        status = tell_and_wait(cli, set, http, http_port(server), err);
    http_stop(server, GRACE_MS);
    http->ctx = NULL;
    api_free(serving.api);
    hands_stop(hands);
    schedule_stop(schedule);
    return status;
}

/* What is due, and no more: for a timer of the system's. */
static enum aisle_status run_once(struct cli *cli, struct aisle_err *err)
{
    struct rounds rounds = said_rounds(cli);
    struct rounds_state *state = arena_zalloc(&cli->arena, 1, sizeof *state);
    size_t done = 0;
    enum aisle_status status = state ? AISLE_OK : aisle_nomem(err);

    rounds.whole = true;
    if (status == AISLE_OK)
        status = flow_rounds(&cli->app, &rounds, state, &done, err);
    if (status == AISLE_OK)
        say(&cli->voice, "done: %zu", done);
    return status;
}

static enum aisle_status run_serve(struct cli *cli, struct aisle_err *err)
{
    struct api_settings set = {
        .app = &cli->app,
        .log_dropped = &cli->voice.dropped,
        .image_root = cli_text(cli, "image-root"),
        .model = cli_text(cli, "model"),
        .open_metrics = cli_switch(cli, "open-metrics"),
        .proxied = cli_switch(cli, "proxied"),
        .allow_private = cli_switch(cli, "allow-private"),
    };
    struct http_settings http = {.threads = (unsigned)cli_count(cli, "threads", 0)};
    enum aisle_status status = said_listen(cli, &http, err);

    if (status == AISLE_OK)
        status = said_url(cli, &set, err);
    if (status == AISLE_OK && cli->voice.log.level < LOG_INFO && !cli->voice.quiet)
        cli->voice.log.level = LOG_INFO;
    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status == AISLE_OK && cli_switch(cli, "once"))
        return run_once(cli, err);
    if (status == AISLE_OK && cli_count(cli, "workers", 0))
        status = keys_open_any(&cli->app, err);
    if (status == AISLE_OK)
        status = said_apps(cli, &set, err);
    if (status == AISLE_OK)
        status = make_welcome(cli, &set, err);
    return status == AISLE_OK ? serve(cli, &set, &http, err) : status;
}

static const struct option options[] = {
    {.name = "listen",
     .letter = 'L',
     .kind = OPTION_TEXT,
     .argument = "ADDRESS:PORT",
     .fallback = "127.0.0.1:8080",
     .help = "numbers; port 0 is a free one"},
    {.name = "public-url",
     .kind = OPTION_TEXT,
     .argument = "URL",
     .help = "how browsers reach it through a proxy; https:// makes cookies secure"},
    {.name = "proxied",
     .kind = OPTION_SWITCH,
     .help = "a proxy stands before it and says in X-Forwarded-For who asks"},
    {.name = "objects",
     .kind = OPTION_FILE,
     .argument = "PLACE",
     .fallback = "objects",
     .help = "where uploaded images are kept: a folder, or s3://BUCKET/PREFIX"},
    {.name = "image-root",
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .help = "folder that relative image paths are under"},
    OPTION_MODEL_TOO,
    {.name = "allow-private",
     .kind = OPTION_SWITCH,
     .help = "fetch images from private addresses too"},
    {.name = "open-metrics",
     .kind = OPTION_SWITCH,
     .help = "/metrics answers without a token"},
    {.name = "secrets",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "secrets of the apps that shops are connected through, as NAME=value lines, "
             "mode 0600; else they come from the environment"},
    {.name = "service-id",
     .kind = OPTION_TEXT,
     .argument = "ID",
     .env = "TIKTOK_SERVICE_ID",
     .help = "of the app, as the partner center shows it; for the consent page"},
    {.name = "api-url",
     .kind = OPTION_TEXT,
     .argument = "URL",
     .env = "TIKTOK_API_URL",
     .help = "a stand-in for the marketplace, on this machine, for shops added here"},
    {.name = "auth-url",
     .kind = OPTION_TEXT,
     .argument = "URL",
     .help = "the same for its token host; else as --api-url"},
    OPTION_ROUNDS,
    {.name = "keep-runs",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .fallback = "0",
     .help = "drop runs that ended longer ago; 0 never"},
    {.name = "keep-snapshots",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .fallback = "0",
     .help = "drop snapshots last found so longer ago, but each tree's newest; 0 never"},
    {.name = "keep-images",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .fallback = "0",
     .help = "drop images uploaded longer ago that no product names; 0 never"},
    {.name = "prune-every",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .fallback = "1d",
     .help = "how often is looked for what was kept long enough; 0 not at all"},
    {.name = "workers",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "0",
     .help = "tasks (aisle work) it does itself, at once; else aisle worker does them"},
    {.name = "once",
     .kind = OPTION_SWITCH,
     .help = "do what is due by now, and end without serving"},
    {.name = "threads",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "that answer; else as many as this machine has"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle serve", "on this machine only, at http://127.0.0.1:8080"},
    {"aisle serve --listen 127.0.0.1:9000 --public-url https://aisle.example --proxied",
     "behind a proxy that speaks TLS"},
    {"aisle serve --once --sync-every 1d",
     "from cron: sync what was not checked for a day"},
    END_OF_EXAMPLES,
};

const struct command command_serve = {
    .noun = "serve",
    .summary = "the service: pages and a REST interface over the store",
    .about =
        "Runs until Ctrl-C or SIGTERM, and finishes what is under way before it ends. "
        "People sign in (aisle user add) and programs bring a token (aisle token add). "
        "It speaks plain HTTP: where others than this machine reach it, put a proxy with "
        "TLS in front and name its address with --public-url.\n\n"
        "While it runs, trees are synced every few hours, what leaves in use demand is "
        "fetched once a day, listings under way are followed, tokens are refreshed "
        "before they end, what is over is dropped, and once a day, where --keep-runs, "
        "--keep-snapshots or --keep-images say so, what was kept long enough. Several "
        "may run on one store: each of these is done by one of them. aisle serve --once "
        "does the same for a timer of the system's.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run_serve,
};
