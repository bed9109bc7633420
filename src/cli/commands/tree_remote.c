/* tree_remote.c - categories asked of the marketplace now, not of the stored tree */
#include "aisle/client.h"
#include "cli/commands/keys.h"
#include "cli/commands/tree_rows.h"
#include "flows/session.h"

#include <stdlib.h>

/* What was asked for, as the API calls it. */
static struct channel_tree_request said_request(const struct cli *cli, struct str keyword)
{
    struct str locale = cli_text(cli, "locale");

    return (struct channel_tree_request){
        .locale = str_cut(&locale, ','),
        .keyword = keyword,
        .version = cli_text(cli, "category-version"),
        .platform = cli_text(cli, "listing-platform"),
    };
}

/* ---- through a shop of the store ---- */

static enum aisle_status fetch_by_shop(struct cli *cli,
                                       const struct channel_tree_request *request,
                                       struct category_rows *out, struct aisle_err *err)
{
    struct channel_meta meta = {0};
    struct session session = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = session_open(&cli->app, cli_text(cli, "shop"), &session, err);
    if (status == AISLE_OK)
        status =
            session_fetch_categories(&session, request, &cli->arena, out, &meta, err);
    session_close(&session);
    if (status == AISLE_OK)
        say(&cli->voice, "code %s, %s (request id %s)", meta.code, meta.message,
            meta.request_id);
    return status;
}

/* ---- with the keys in the environment ---- */

/* A NUL-terminated copy, or NULL for an empty text: what the library calls "as usual". */
static const char *zero(struct cli *cli, struct str s)
{
    return str_empty(s) ? NULL : arena_str(&cli->arena, s).p;
}

static enum aisle_status open_client(struct cli *cli, struct aisle_client **out,
                                     struct aisle_err *err)
{
    struct str url = cli_text(cli, "api-url");
    struct app_keys keys;
    struct aisle_client *client = NULL;
    enum aisle_status status =
        app_keys_read(cli, STR_LIT(""), STR_LIT("tiktok"), &keys, err);

    if (status == AISLE_OK && str_empty(keys.app_key)) {
        cli_try(cli, "set TIKTOK_APP_KEY, TIKTOK_APP_SECRET, TIKTOK_APP_ACCESS_KEY and "
                     "TIKTOK_SHOP_CIPHER, or name a shop with --shop");
        status = aisle_fail(err, AISLE_CONFIG, "TIKTOK_APP_KEY is not set");
    }
    if (status == AISLE_OK)
        status = aisle_client_new(
            &(struct aisle_client_options){
                .app_key = zero(cli, keys.app_key),
                .app_secret = zero(cli, keys.app_secret),
                .api_url = zero(cli, url),
                .proxy = zero(cli, cli_text(cli, "proxy")),
                .ca_file = zero(cli, cli_text(cli, "ca-file")),
                .trace_file = zero(cli, cli_text(cli, "trace")),
                .timeout_ms = (int)(cli_seconds(cli, "timeout", 60) * 1000)},
            &client, err);
    if (status == AISLE_OK)
        status = aisle_client_set_access_token(client, zero(cli, keys.access_token), err);
    if (status == AISLE_OK)
        status = aisle_client_set_shop_cipher(client, zero(cli, keys.cipher), err);
    if (status == AISLE_OK)
        *out = client;
    else
        aisle_client_free(client);
    return status;
}

/* The answer as rows in the arena. */
static enum aisle_status keep_rows(struct cli *cli, const struct aisle_categories *found,
                                   struct category_rows *out, struct aisle_err *err)
{
    struct category_row *rows =
        arena_zalloc(&cli->arena, found->count + 1, sizeof(*rows));
    bool ok = rows != NULL;

    for (size_t i = 0; ok && i < found->count; i++) {
        const struct aisle_category *c = &found->list[i];
        struct str rest = str_of(c->permissions);

        rows[i] = (struct category_row){.id = arena_str(&cli->arena, str_of(c->id)),
                                        .parent_id =
                                            arena_str(&cli->arena, str_of(c->parent_id)),
                                        .name = arena_str(&cli->arena, str_of(c->name)),
                                        .leaf = c->is_leaf};
        while (!str_empty(rest))
            rows[i].permissions |= permission_parse(str_cut(&rest, ','));
        ok = rows[i].id.p && rows[i].parent_id.p && rows[i].name.p;
    }
    if (!ok)
        return aisle_nomem(err);
    out->rows = rows;
    out->count = found->count;
    return AISLE_OK;
}

static enum aisle_status fetch_by_keys(struct cli *cli,
                                       const struct channel_tree_request *request,
                                       struct category_rows *out, struct aisle_err *err)
{
    struct aisle_categories_query query = {
        .locale = zero(cli, request->locale),
        .keyword = zero(cli, request->keyword),
        .category_version = zero(cli, request->version),
        .listing_platform = zero(cli, request->platform),
    };
    struct aisle_categories found = {0};
    struct aisle_client *client = NULL;
    enum aisle_status status = open_client(cli, &client, err);

    if (status == AISLE_OK)
        status = aisle_client_get_categories(client, &query, &found, err);
    if (status == AISLE_OK)
        status = keep_rows(cli, &found, out, err);
    if (status == AISLE_OK)
        say(&cli->voice, "code %s, %s (request id %s)", found.response.code,
            found.response.message, found.response.request_id);
    aisle_categories_clear(&found);
    aisle_client_free(client);
    return status;
}

/* ---- both ---- */

/* In the order sent; the tree is built only for the ways to them. */
static enum aisle_status show_rows(struct cli *cli, const struct category_rows *rows,
                                   struct aisle_err *err)
{
    const struct category *chain[TAXONOMY_MAX_DEPTH], *c;
    struct open_tree t = {0};
    enum aisle_status status =
        taxonomy_build(&cli->arena, rows, 1, NULL, NULL, &t.tree, err);

    if (status == AISLE_OK)
        status = out_begin(&cli->out, tree_columns, err);
    for (size_t i = 0; status == AISLE_OK && i < rows->count; i++) {
        c = taxonomy_get(&t.tree, rows->rows[i].id);
        if (c)
            status = tree_row(cli, &t, c, category_chain(&t.tree, c, chain), err);
    }
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

enum aisle_status tree_search_remote(struct cli *cli, struct str keyword,
                                     struct aisle_err *err)
{
    struct channel_tree_request request = said_request(cli, keyword);
    struct category_rows rows = {.locale = request.locale};
    enum aisle_status status;

    if (str_empty(cli_text(cli, "shop")))
        status = fetch_by_keys(cli, &request, &rows, err);
    else
        status = fetch_by_shop(cli, &request, &rows, err);
    if (status == AISLE_OK)
        status = show_rows(cli, &rows, err);
    if (status == AISLE_OK && rows.count == 0)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "the marketplace found nothing for '%.*s'", STR_ARG(keyword));
    return status;
}
