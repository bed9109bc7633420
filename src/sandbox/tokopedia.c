/* The old Tokopedia API (switched off 2025-09-30): POST /token of the account host, and
 * Get All Categories of the fulfilment host, on the same port.
 *
 * A bad token is answered as nginx did, in HTML. The rate limit's headers are on every
 * answer; what a 429 says, what an unknown fs_id meets here, and what the token endpoint
 * refuses with, no document tells: guesses. */
#include "base/hash.h"
#include "sandbox/answers.h"
#include "sandbox/engine.h"
#include "sandbox/identity.h"
#include "sandbox/lexicon.h"
#include "sandbox/pages.h"

#include <math.h>
#include <stdio.h>

enum {
    SUGGESTIONS = 3, /* as many as the page's example has */
    DEEPEST = 28,    /* brackets; the writer takes 32 */
};

static const char begin_fs[] = "/inventory/v1/fs/", end_fs[] = "/product/category";

bool tokopedia_is_for(struct str path)
{
    return str_is(path, "/token") || str_starts(path, begin_fs);
}

void tokopedia_unauthorized(struct call *c)
{
    page_nginx(c, 401);
}

/* {"header": …, "data": null} */
static void refuse_saying(struct call *c, int status, const char *messages,
                          const char *reason, const char *code)
{
    struct json_out json = {.buf = &c->reply->body};

    http_reply_text(c->reply, status, "application/json", STR_LIT(""));
    json_open(&json);
    json_key(&json, "header");
    json_open(&json);
    json_add_num(&json, "process_time", 0.00042);
    json_add_str(&json, "messages", str_of(messages));
    json_add_str(&json, "reason", str_of(reason));
    json_add_str(&json, "error_code", str_of(code));
    json_close(&json);
    json_key(&json, "data");
    json_put_null(&json);
    json_close(&json);
    c->note.status = status;
    c->note.code = str_of(code);
}

static void refuse(struct call *c, int status, const char *reason, const char *code)
{
    refuse_saying(c, status,
                  "We could not process your request due to malformed request, please "
                  "check again",
                  reason, code);
}

void tokopedia_broken(struct call *c, int status)
{
    refuse_saying(c, status, "Our server encounters an error, please try again later",
                  "There Are Error From Ext Service", "PRD_API_005");
}

void tokopedia_too_many(struct call *c)
{
    refuse(c, 429, "Too Many Requests", "429");
}

static bool decode_base64(struct str text, struct buf *out)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    int have = 0;

    while (text.n && text.p[text.n - 1] == '=')
        text.n--;
    for (size_t i = 0; i < text.n; i++) {
        const char *at = text.p[i] ? strchr(letters, text.p[i]) : NULL;

        if (!at)
            return false;
        bits = bits << 6 | (uint32_t)(at - letters);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_addc(out, (char)(bits >> have & 0xff));
        }
    }
    return !out->failed;
}

static bool is_our_client(const struct call *c)
{
    const struct sandbox_identity *id = &c->engine->identity;
    struct str header = http_header(c->request, "Authorization");
    struct str kind = str_cut(&header, ' ');
    struct buf pair = BUF_INIT(1024);
    bool ours = false;

    if (str_eq_nocase(kind, STR_LIT("Basic")) && decode_base64(str_trim(header), &pair)) {
        struct str secret = buf_str(&pair), client = str_cut(&secret, ':');

        ours = secret_eq(client, id->client_id) && secret_eq(secret, id->client_secret);
    }
    secret_wipe(pair.p, pair.n);
    buf_clear(&pair);
    return ours;
}

/* In the query, as documented, or as a form in the body, as one client did live. */
static bool wants_client_credentials(const struct call *c)
{
    const struct http_pair *pairs;
    size_t count;

    if (str_is(http_arg_str(c->request, "grant_type"), "client_credentials"))
        return true;
    if (http_args_read(c->request->body, c->request->arena, &pairs, &count, NULL))
        return false;
    for (size_t i = 0; i < count; i++)
        if (str_is(pairs[i].name, "grant_type"))
            return str_is(pairs[i].value, "client_credentials");
    return false;
}

static void refuse_token(struct call *c, int status, const char *error)
{
    struct json_out json = {.buf = &c->reply->body};

    http_reply_text(c->reply, status, "application/json", STR_LIT(""));
    json_open(&json);
    json_add_str(&json, "error", str_of(error));
    json_close(&json);
    c->note.status = status;
    c->note.code = str_of(error);
}

/* The same token until it expires (news of 2021-10-22). Later ones began with "c:". */
static bool current_token(struct call *c, struct str *token, int64_t *left_s)
{
    struct engine *e = c->engine;
    int64_t now_s = c->now_ms / 1000;
    struct str made;

    pthread_mutex_lock(&e->lock);
    if (now_s >= e->tokopedia_until_s) {
        made = made_text(c->request->arena, e->set.seed, "tokopedia", e->tokopedia_made++,
                         MADE_TOKEN, 22);
        snprintf(e->tokopedia_token, sizeof e->tokopedia_token, "c:%.*s", STR_ARG(made));
        e->tokopedia_until_s = now_s + e->set.tokopedia_ttl_s;
    }
    *token = arena_str(c->request->arena, str_of(e->tokopedia_token));
    *left_s = e->tokopedia_until_s - now_s;
    pthread_mutex_unlock(&e->lock);
    return token->p != NULL;
}

static void give_token(struct call *c)
{
    struct json_out json = {.buf = &c->reply->body};
    struct str token;
    int64_t left_s;

    if (!current_token(c, &token, &left_s)) {
        refuse_token(c, 500, "server_error");
        return;
    }
    http_reply_text(c->reply, 200, "application/json", STR_LIT(""));
    json_open(&json);
    json_add_str(&json, "access_token", token);
    json_add_str(&json, "event_code", STR_LIT(""));
    json_add_int(&json, "expires_in", left_s);
    json_add_str(&json, "last_login_type", STR_LIT(""));
    json_add_bool(&json, "sq_check", false);
    json_add_str(&json, "token_type", STR_LIT("Bearer"));
    json_close(&json);
    c->note.status = 200;
}

static void handle_token(struct call *c)
{
    if (!str_is(c->request->method, "POST"))
        page_nginx(c, 405);
    else if (!is_our_client(c))
        refuse_token(c, 401, "invalid_client");
    else if (!wants_client_credentials(c))
        refuse_token(c, 400, "unsupported_grant_type");
    else
        give_token(c);
}

static bool has_token(struct call *c)
{
    struct engine *e = c->engine;
    struct str header = http_header(c->request, "Authorization");
    bool bearer = str_eq_nocase(str_cut(&header, ' '), STR_LIT("Bearer"));
    bool good;

    pthread_mutex_lock(&e->lock);
    good = bearer && c->now_ms / 1000 < e->tokopedia_until_s &&
           secret_eq(str_trim(header), str_of(e->tokopedia_token));
    pthread_mutex_unlock(&e->lock);
    return good;
}

/* Guide "rate limit": the four headers are there whatever is answered. False: over. */
static bool take_turn(struct call *c)
{
    struct gauge_reading g =
        gauge_take(c->engine->tokopedia_gauge, c->request->path, c->now_ms);
    struct arena *a = c->request->arena;

    if (!g.limited)
        return true;
    http_reply_header(c->reply, "X-Ratelimit-Limit",
                      arena_fmt(a, "%g req/s (burst %d)", g.per_second, (int)g.burst));
    http_reply_header(c->reply, "X-Ratelimit-Remaining",
                      arena_fmt(a, "%d", (int)floor(g.left)));
    http_reply_header(c->reply, "X-Ratelimit-Reset-After",
                      arena_fmt(a, "%.6f", g.next_s > 0 ? g.next_s : -0.0));
    http_reply_header(c->reply, "X-Ratelimit-Full-Reset-After",
                      arena_fmt(a, "%.6f", g.full_s));
    return !g.over;
}

struct nesting {
    const struct sandbox_switches *switches;
    const struct tree *tree;
};

static void put_nodes(struct json_out *json, const struct nesting *n, uint32_t first);

static void put_node(struct json_out *json, const struct nesting *n, uint32_t at)
{
    const struct node *node = &n->tree->nodes[at];
    bool parent = node->first_child != TREE_NONE && json->depth < DEEPEST;

    json_open(json);
    json_add_str(json, n->switches->lower_name ? "name" : "Name",
                 tree_name(n->tree, node, STR_LIT("id-ID")));
    json_add_str(json, "id", node->row->id);
    if (parent || n->switches->child_null || n->switches->child_empty) {
        json_key(json, "child");
        if (parent || n->switches->child_empty)
            put_nodes(json, n, node->first_child);
        else
            json_put_null(json);
    }
    json_close(json);
}

static void put_nodes(struct json_out *json, const struct nesting *n, uint32_t first)
{
    json_open_list(json);
    for (uint32_t at = first; at != TREE_NONE; at = n->tree->nodes[at].next_sibling)
        put_node(json, n, at);
    json_close_list(json);
}

static void put_tree(void *ctx, struct buf *out)
{
    const struct nesting *n = ctx;
    struct json_out json = {.buf = out};

    json_open_list(&json);
    for (uint32_t i = 0; i < n->tree->count; i++)
        if (n->tree->nodes[i].parent == TREE_NONE)
            put_node(&json, n, i);
    json_close_list(&json);
}

static void begin_answer(struct call *c, const char *messages)
{
    http_reply_text(c->reply, 200, "application/json", STR_LIT(""));
    buf_addf(&c->reply->body,
             "{\"header\":{\"process_time\":0.184012578,\"messages\":\"%s\","
             "\"reason\":\"\",\"error_code\":0},\"data\":{\"categories\":",
             messages);
    c->note.status = 200;
    c->note.code = STR_LIT("0");
}

static void answer_tree(struct call *c)
{
    struct tree *tree = forest_tree(c->forest, SLOT_OLD_TOKOPEDIA);
    struct nesting n = {&c->engine->set.switches, tree};

    begin_answer(c, "");
    c->reply->middle = tree_answer(tree, STR_LIT("tokopedia"), put_tree, &n);
    if (!c->reply->middle)
        tokopedia_broken(c, 500);
    else
        buf_addz(&c->reply->tail, "}}");
}

/* "fashion-anak / Tas Anak / Tas Backpack Anak": the first part is the root's slug. */
static void put_breadcrumb(struct json_out *json, const struct tree *t, uint32_t at)
{
    uint32_t chain[FOREST_MAX_DEPTH];
    size_t n = tree_chain(t, at, chain);
    struct buf crumb = BUF_INIT(BUF_MAX_LINE);

    for (size_t i = 0; i < n; i++) {
        const struct node *node = &t->nodes[chain[i]];
        bool slug = i == 0 && !str_empty(node->row->slug);

        buf_addz(&crumb, i ? " / " : "");
        buf_add(&crumb, slug ? node->row->slug : tree_name(t, node, STR_LIT("id-ID")));
    }
    json_put_str(json, buf_str(&crumb));
    buf_clear(&crumb);
}

static void put_suggestion(struct json_out *json, const struct nesting *n, uint32_t at)
{
    json_open(json);
    json_key(json, n->switches->lower_name ? "name" : "Name");
    put_breadcrumb(json, n->tree, at);
    json_add_str(json, "id", n->tree->nodes[at].row->id);
    json_close(json);
}

static void answer_keyword(struct call *c, struct str keyword)
{
    struct tree *tree = forest_tree(c->forest, SLOT_OLD_TOKOPEDIA);
    const struct lexicon *l = tree_lexicon(tree);
    struct inquiry q = {keyword, TREE_NONE, c->engine->set.seed};
    struct nesting n = {&c->engine->set.switches, tree};
    struct candidate list[SUGGESTIONS + 1];
    struct json_out json = {.buf = &c->reply->body};
    size_t count = 0;

    if (!l || lexicon_ask(l, &q, c->request->arena, list, SUGGESTIONS, &count, NULL)) {
        tokopedia_broken(c, 500);
        return;
    }
    begin_answer(c, "Successfully Retrieve Category");
    json_open_list(&json);
    for (size_t i = 0; i < count; i++)
        put_suggestion(&json, &n, list[i].node);
    json_close_list(&json);
    buf_addz(&c->reply->body, "}}");
    if (count)
        c->note.leaf = call_keep(c, tree->nodes[list[0].node].row->id);
}

static void answer_categories(struct call *c, struct str fs_id)
{
    struct str keyword = str_trim(http_arg_str(c->request, "keyword"));
    int64_t number;

    c->note.keyword = keyword;
    if (!parse_i64(fs_id, 1, INT64_MAX, &number))
        refuse(c, 400, "invalid fs_id format", "PRD_DLV_002");
    else if (!str_eq(fs_id, c->engine->identity.fs_id))
        refuse(c, 403, "FS ID is not associated with Shop ID or Warehouse ID",
               "RBAC_MDLW_001");
    else if (str_empty(keyword))
        answer_tree(c);
    else
        answer_keyword(c, keyword);
}

static void handle_categories(struct call *c)
{
    struct str fs_id = str_skip(c->request->path, strlen(begin_fs));
    size_t end = str_find_char(fs_id, '/');
    struct str rest = str_skip(fs_id, end);

    fs_id = str_head(fs_id, end);
    c->note.group = STR_LIT("/inventory/v1/fs/{fs_id}/product/category");
    if (!str_is(rest, end_fs))
        page_nginx(c, 404);
    else if (!take_turn(c))
        tokopedia_too_many(c);
    else if (!has_token(c))
        tokopedia_unauthorized(c);
    else if (!str_is(c->request->method, "GET"))
        page_nginx(c, 405);
    else
        answer_categories(c, fs_id);
}

void tokopedia_handle(struct call *c)
{
    c->note.shop = c->engine->identity.fs_id;
    if (str_is(c->request->path, "/token"))
        handle_token(c);
    else
        handle_categories(c);
}
