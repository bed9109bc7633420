#include "flows/shops.h"

#include "cli/commands/keys.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/keys.h"

/* ---- a shop as said on the command line ---- */

/* clang-format off */
#define SHOP_OPTIONS \
    {.name = "channel", .kind = OPTION_CHOICE, .argument = "CHANNEL", \
     .choices = "tiktok tokopedia", .fallback = "tiktok", .help = "which marketplace"}, \
    {.name = "app-key", .kind = OPTION_TEXT, .argument = "KEY", \
     .help = "the app it is connected through; else $TIKTOK_APP_KEY or " \
             "$TOKOPEDIA_CLIENT_ID"}, \
    {.name = "remote-id", .kind = OPTION_TEXT, .argument = "ID", \
     .help = "the marketplace's id of the shop; for tokopedia the fs_id"}, \
    {.name = "region", .kind = OPTION_TEXT, .argument = "REGION", \
     .help = "such as ID; else the marketplace is asked"}, \
    {.name = "api-url", .kind = OPTION_TEXT, .argument = "URL", .env = "TIKTOK_API_URL", \
     .help = "a stand-in for the marketplace, on this machine"}, \
    {.name = "auth-url", .kind = OPTION_TEXT, .argument = "URL", \
     .help = "the same for its token host; else as --api-url"}, \
    {.name = "secrets", .kind = OPTION_FILE, .argument = "FILE", \
     .help = "secrets as NAME=value lines, mode 0600, or - for stdin; else they come " \
             "from the environment"}, \
    OPTION_SELLER
/* clang-format on */

static void said_shop(const struct cli *cli, struct shop_request *out)
{
    struct str auth = cli_text(cli, "auth-url"), api = cli_text(cli, "api-url");

    out->shop = (struct shop){
        .id = cli_operand(cli, 0),
        .seller_id = cli_text(cli, "seller"),
        .channel = cli_text(cli, "channel"),
        .remote_id = cli_text(cli, "remote-id"),
        .region = cli_text(cli, "region"),
        .app_key = cli_text(cli, "app-key"),
        .api_url = api,
        .auth_url = str_empty(auth) ? api : auth,
    };
}

/* The secrets for a channel, from --secrets or the environment. */
static enum aisle_status said_keys(struct cli *cli, struct shop_request *out,
                                   struct aisle_err *err)
{
    struct app_keys keys;
    enum aisle_status status =
        app_keys_read(cli, cli_text(cli, "secrets"), out->shop.channel, &keys, err);

    if (status != AISLE_OK)
        return status;
    if (str_empty(out->shop.app_key))
        out->shop.app_key = keys.app_key;
    if (str_empty(out->shop.remote_id))
        out->shop.remote_id = keys.remote_id;
    out->keys = (struct shop_keys){.app_secret = keys.app_secret,
                                   .access_token = keys.access_token,
                                   .refresh_token = keys.refresh_token,
                                   .cipher = keys.cipher};
    return AISLE_OK;
}

/* ---- add ---- */

static enum aisle_status run_add(struct cli *cli, struct aisle_err *err)
{
    struct shop_request request = {.offline = cli_switch(cli, "offline")};
    enum aisle_status status = cli_open(cli, err);

    said_shop(cli, &request);
    if (status == AISLE_OK)
        status = said_keys(cli, &request, err);
    if (status == AISLE_OK)
        status = flow_shop_add(&cli->app, &request, err);
    if (status == AISLE_CONFIG && str_empty(request.keys.access_token))
        cli_try(cli, "aisle help shop add, or aisle shop login %.*s",
                STR_ARG(request.shop.id));
    if (status == AISLE_OK) {
        say(&cli->voice, "shop %.*s is connected", STR_ARG(request.shop.id));
        say(&cli->voice, "next: aisle tree sync %.*s", STR_ARG(request.shop.id));
    }
    return status;
}

static const struct option add_options[] = {
    SHOP_OPTIONS,
    {.name = "offline",
     .kind = OPTION_SWITCH,
     .help = "keep it without asking the marketplace"},
    END_OF_OPTIONS,
};

static const struct example add_examples[] = {
    {"aisle shop add toko-a --app-key 6abc123 --secrets toko-a.env",
     "with a token at hand, from a file only you may read"},
    {"aisle shop add toko-a",
     "with TIKTOK_APP_KEY, TIKTOK_APP_SECRET and TIKTOK_APP_ACCESS_KEY set"},
    {"aisle shop add tokped --channel tokopedia --remote-id 13004",
     "an old Tokopedia app, with TOKOPEDIA_CLIENT_ID and TOKOPEDIA_CLIENT_SECRET set"},
    END_OF_EXAMPLES,
};

const struct command command_shop_add = {
    .noun = "shop",
    .verb = "add",
    .operands = "SHOP",
    .summary = "connect a shop whose tokens you have",
    .about =
        "SHOP is a short word of yours. Its tokens are sealed with the key of this "
        "folder before they are kept. The marketplace is asked which shops the token "
        "is good for; name, region and cipher are taken from its answer.",
    .examples = add_examples,
    .options = add_options,
    .uses = USES_STORE | USES_CALLS,
    .run = run_add,
};

/* ---- login ---- */

/* Of a shop that is there: what was not said again, its app's secret included. */
static enum aisle_status known_shop(struct cli *cli, struct shop_request *request,
                                    bool *known, struct aisle_err *err)
{
    struct aisle_err none = {0};
    enum aisle_status status =
        flow_shop_known(&cli->app, request->shop.id, &cli->arena, request, &none);

    *known = status == AISLE_OK;
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

static enum aisle_status run_login(struct cli *cli, struct aisle_err *err)
{
    struct shop_request request = {.service_id = cli_text(cli, "service-id")};
    struct login login;
    struct str address;
    bool known = false;
    enum aisle_status status = cli_open(cli, err);

    said_shop(cli, &request);
    if (status == AISLE_OK)
        status = known_shop(cli, &request, &known, err);
    if (status == AISLE_OK && str_empty(request.keys.app_secret)) {
        status = said_keys(cli, &request, err);
        request.keys = (struct shop_keys){.app_secret = request.keys.app_secret};
    }
    if (status == AISLE_OK)
        status = flow_login_begin(&cli->app, &request, &login, err);
    if (status != AISLE_OK)
        return status;
    say_text(&cli->voice, STR_LIT("open this, sign in as the seller, and agree:\n\n"));
    say_text(&cli->voice, str_of(login.link));
    say_text(&cli->voice, STR_LIT("\n\nthen paste the address you were sent back to: "));
    status = cli_read_line(cli, &address, err);
    if (status == AISLE_OK)
        status = flow_login_finish(&cli->app, &request, &login, address, err);
    if (status == AISLE_OK)
        say(&cli->voice, "shop %.*s is %s", STR_ARG(request.shop.id),
            known ? "signed in again" : "connected");
    return status;
}

static const struct option login_options[] = {
    SHOP_OPTIONS,
    {.name = "service-id",
     .kind = OPTION_TEXT,
     .argument = "ID",
     .help = "of the app, as the partner center shows it; for the consent page"},
    END_OF_OPTIONS,
};

static const struct example login_examples[] = {
    {"aisle shop login toko-a", "again, for a shop that is there"},
    {"aisle shop login toko-a --service-id 7349 --app-key 6abc123",
     "a new one, with TIKTOK_APP_SECRET set"},
    END_OF_EXAMPLES,
};

const struct command command_shop_login = {
    .noun = "shop",
    .verb = "login",
    .operands = "SHOP",
    .summary = "connect a shop, or sign in again, in the browser",
    .about = "Prints the link where the seller gives consent, and reads the address the "
             "browser is sent back to from stdin.",
    .examples = login_examples,
    .options = login_options,
    .uses = USES_STORE | USES_CALLS,
    .run = run_login,
};

/* ---- list ---- */

static const struct column list_columns[] = {
    {.name = "shop", .kind = COLUMN_ID, .help = "our word for it"},
    {.name = "seller", .kind = COLUMN_ID, .help = "whose it is"},
    {.name = "channel", .kind = COLUMN_ID, .help = "which marketplace"},
    {.name = "name", .kind = COLUMN_TEXT, .help = "as the marketplace has it"},
    {.name = "region", .kind = COLUMN_ID, .help = "where it sells"},
    {.name = "token_until",
     .kind = COLUMN_TIME,
     .help = "when its access token ends; it is refreshed before"},
    {.name = "consent_until",
     .kind = COLUMN_TIME,
     .help = "when its refresh token ends, and with it the consent"},
    {.name = "remote_id",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "the marketplace's id of it"},
    {.name = "app_key",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "the app it is connected through"},
    {.name = "api_url",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "a stand-in it is connected to"},
    {.name = "created_at", .kind = COLUMN_TIME, .detail = true, .help = "since when"},
    {.name = "seller_type",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "LOCAL, or CROSS_BORDER, which lists through global products"},
    END_OF_COLUMNS,
};

static enum aisle_status list_shop(void *ctx, const struct shop *shop,
                                   struct aisle_err *err)
{
    struct cli *cli = ctx;
    struct shop_keys keys = {0};

    /* a shop whose keys do not open is listed too, without their times */
    if (shop->keys_version)
        keys_open(&cli->app, shop, &cli->arena, &keys, NULL);
    out_str(&cli->out, shop->id);
    out_str(&cli->out, shop->seller_id);
    out_str(&cli->out, shop->channel);
    out_opt(&cli->out, shop->name);
    out_opt(&cli->out, shop->region);
    out_time(&cli->out, keys.access_expires_at);
    out_time(&cli->out, keys.refresh_expires_at);
    out_opt(&cli->out, shop->remote_id);
    out_str(&cli->out, shop->app_key);
    out_opt(&cli->out, shop->api_url);
    out_time(&cli->out, shop->created_at);
    out_opt(&cli->out, shop->seller_type);
    shop_keys_wipe(&keys);
    return out_row(&cli->out, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = out_begin(&cli->out, list_columns, err);
    if (status == AISLE_OK)
        status =
            cli->app.store->ops->shops->each_shop(cli->app.store, list_shop, cli, err);
    if (status == AISLE_OK && cli->out.rows == 0)
        say(&cli->voice, "no shops yet; next: aisle help shop");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    {.name = "key-file",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "the key that shops' tokens are sealed with"},
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle shop list", "every shop, and how long its tokens last"},
    END_OF_EXAMPLES,
};

const struct command command_shop_list = {
    .noun = "shop",
    .verb = "list",
    .summary = "shops, and how long their tokens last",
    .examples = list_examples,
    .options = list_options,
    .columns = list_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- test ---- */

static const struct column test_columns[] = {
    {.name = "id", .kind = COLUMN_ID, .help = "the marketplace's id of a shop"},
    {.name = "name", .kind = COLUMN_TEXT, .help = "its name there"},
    {.name = "region", .kind = COLUMN_ID, .help = "where it sells"},
    {.name = "seller_type", .kind = COLUMN_ID, .help = "LOCAL or CROSS_BORDER"},
    {.name = "code", .kind = COLUMN_ID, .help = "its short name in the seller center"},
    END_OF_COLUMNS,
};

static enum aisle_status run_test(struct cli *cli, struct aisle_err *err)
{
    const struct channel_shop *list = NULL;
    struct channel_meta meta = {0};
    size_t count = 0;
    struct str shop = cli_operand(cli, 0);
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = flow_shop_test(&cli->app, shop, &cli->arena, &list, &count, &meta, err);
    if (status == AISLE_AUTH)
        cli_try(cli, "aisle shop login %.*s", STR_ARG(shop));
    if (status == AISLE_OK)
        status = out_begin(&cli->out, test_columns, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        out_str(&cli->out, list[i].id);
        out_opt(&cli->out, list[i].name);
        out_opt(&cli->out, list[i].region);
        out_opt(&cli->out, list[i].seller_type);
        out_opt(&cli->out, list[i].code);
        status = out_row(&cli->out, err);
    }
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK)
        say(&cli->voice, "the keys of %.*s open it (%lld ms%s%s)", STR_ARG(shop),
            (long long)meta.elapsed_ms, meta.request_id[0] ? ", request id " : "",
            meta.request_id);
    return status;
}

static const struct example test_examples[] = {
    {"aisle shop test toko-a", "do its keys still open it?"},
    END_OF_EXAMPLES,
};

const struct command command_shop_test = {
    .noun = "shop",
    .verb = "test",
    .operands = "SHOP",
    .summary = "ask the marketplace whether a shop's keys still open it",
    .examples = test_examples,
    .columns = test_columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run_test,
};

/* ---- remove ---- */

static enum aisle_status run_remove(struct cli *cli, struct aisle_err *err)
{
    struct str id = cli_operand(cli, 0);
    struct shop shop;
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    if (status != AISLE_OK)
        return status;
    store = cli->app.store;
    status = store->ops->shops->get_shop(store, id, &cli->arena, &shop, err);
    if (status == AISLE_OK && cli_switch(cli, "dry-run")) {
        say(&cli->voice, "shop %.*s and its tokens would be removed", STR_ARG(id));
        return AISLE_OK;
    }
    if (status == AISLE_OK)
        status = cli_confirm(cli, err, "remove shop %.*s and its tokens?", STR_ARG(id));
    if (status == AISLE_OK)
        status = flow_shop_drop(&cli->app, id, err);
    if (status == AISLE_OK)
        say(&cli->voice, "shop %.*s is removed; trees, products and decisions stay",
            STR_ARG(id));
    return status;
}

static const struct option remove_options[] = {OPTION_YES, OPTION_DRY_RUN,
                                               END_OF_OPTIONS};

static const struct example remove_examples[] = {
    {"aisle shop remove toko-a", "asks first"},
    END_OF_EXAMPLES,
};

const struct command command_shop_remove = {
    .noun = "shop",
    .verb = "remove",
    .operands = "SHOP",
    .summary = "forget a shop and its tokens; trees, products and decisions stay",
    .examples = remove_examples,
    .options = remove_options,
    .uses = USES_STORE,
    .run = run_remove,
};

/* ---- reseal ---- */

static enum aisle_status run_reseal(struct cli *cli, struct aisle_err *err)
{
    size_t resealed = 0, total = 0;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = flow_shops_reseal(&cli->app, &resealed, &total, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%zu of %zu shops were sealed anew", resealed, total);
    return status;
}

static const struct example reseal_examples[] = {
    {"aisle shop reseal", "after a new key was put as the first line of the key file"},
    END_OF_EXAMPLES,
};

const struct command command_shop_reseal = {
    .noun = "shop",
    .verb = "reseal",
    .summary = "seal every shop's tokens with the first key of the key file",
    .about = "To change the key: put a new one in front of the old in the key file, run "
             "this, and take the old one out.",
    .examples = reseal_examples,
    .uses = USES_STORE | USES_CALLS,
    .run = run_reseal,
};
