/* Get Categories 202309: one flat list, the whole tree. With a keyword only the nodes
 * whose name has it, without what is above them (a guess; the page does not say). */
#include "sandbox/categories.h"

#include "base/text.h"
#include "sandbox/answers.h"
#include "sandbox/engine.h"
#include "sandbox/gate.h"

/* Which locale a shop of a region reads. (By the locales' names; "own" is not defined.)
 */
static const struct {
    const char *region, *locale;
} own_locales[] = {
    {"BR", "pt-BR"}, {"DE", "de-DE"}, {"ES", "es-ES"}, {"FR", "fr-FR"},
    {"GB", "en-GB"}, {"ID", "id-ID"}, {"IE", "en-IE"}, {"IT", "it-IT"},
    {"JP", "ja-JP"}, {"MX", "es-MX"}, {"MY", "ms-MY"}, {"PH", "en-US"},
    {"SG", "en-US"}, {"TH", "th-TH"}, {"US", "en-US"}, {"VN", "vi-VN"},
};

static const char *const locales[] = {"de-DE", "en-GB", "en-IE", "en-US", "es-ES",
                                      "es-MX", "fr-FR", "id-ID", "it-IT", "ja-JP",
                                      "ms-MY", "pt-BR", "th-TH", "vi-VN", "zh-CN"};

bool categories_locale(const struct call *c, struct str given, struct str *locale)
{
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        if (str_is(given, locales[i])) {
            *locale = given;
            return true;
        }
    }
    *locale = STR_LIT("en-US");
    for (size_t i = 0; i < sizeof own_locales / sizeof *own_locales; i++)
        if (str_is(c->shop->region, own_locales[i].region))
            *locale = str_of(own_locales[i].locale);
    return str_empty(given);
}

bool categories_choose(struct call *c, struct str version, struct str platform,
                       enum refusal bad_platform, enum forest_slot *slot)
{
    bool v2 = str_is(version, "v2"), tokopedia = str_is(platform, "TOKOPEDIA");
    struct str fill[] = {STR_LIT("listing_platform"), STR_LIT("unknown value"),
                         STR_LIT("TIKTOK_SHOP, TOKOPEDIA")};

    if (c->engine->set.switches.v2_required && !v2) {
        call_refuse(c, REFUSE_V2_ONLY);
        return false;
    }
    if (!v2 && !str_empty(version) && !str_is(version, "v1")) {
        call_refuse(c, REFUSE_VERSION_MISMATCH);
        return false;
    }
    if (!tokopedia && !str_empty(platform) && !str_is(platform, "TIKTOK_SHOP")) {
        call_refuse_with(c, bad_platform, fill, 3);
        return false;
    }
    *slot = v2 ? (tokopedia ? SLOT_V2_TOKOPEDIA : SLOT_V2_TIKTOK)
               : (tokopedia ? SLOT_V1_TOKOPEDIA : SLOT_V1_TIKTOK);
    return true;
}

void categories_put_permissions(struct json_out *json, const struct node *n)
{
    struct str list = n->row->permissions;

    json_open_list(json);
    while (list.n)
        json_put_str(json, str_cut(&list, ','));
    json_close_list(json);
}

struct listing {
    const struct sandbox_switches *switches;
    struct tree *tree;
    struct str locale;
    struct str keyword; /* folded; empty: all */
    bool prohibited;    /* include them */
};

static void put_category(struct json_out *json, const struct listing *l,
                         const struct node *n)
{
    bool root = str_is(n->row->parent_id, "0");

    json_open(json);
    json_add_str(json, "id", n->row->id);
    json_add_bool(json, "is_leaf", n->leaf);
    json_add_str(json, l->switches->plain_name ? "name" : "local_name",
                 tree_name(l->tree, n, l->locale));
    if (!root || !l->switches->rootless)
        json_add_str(json, "parent_id", n->row->parent_id);
    json_key(json, "permission_statuses");
    categories_put_permissions(json, n);
    json_close(json);
}

static bool has_keyword(const struct listing *l, const struct node *n, struct buf *folded)
{
    if (str_empty(l->keyword))
        return true;
    buf_reset(folded);
    text_fold(tree_name(l->tree, n, l->locale), folded);
    return str_find(buf_str(folded), l->keyword) < folded->n;
}

static void put_list(void *ctx, struct buf *out)
{
    const struct listing *l = ctx;
    struct json_out json = {.buf = out};
    struct buf folded = BUF_INIT(BUF_MAX_LINE);

    json_open_list(&json);
    for (size_t i = 0; i < l->tree->count; i++) {
        const struct node *n = &l->tree->nodes[i];

        if ((l->prohibited || !n->prohibited) && has_keyword(l, n, &folded))
            put_category(&json, l, n);
    }
    json_close_list(&json);
    buf_clear(&folded);
}

static void answer(struct call *c, struct listing *l)
{
    struct json_out json = call_data(c);
    struct str key = arena_fmt(c->request->arena, "%.*s%s", STR_ARG(l->locale),
                               l->prohibited ? "+prohibited" : "");

    buf_addz(json.buf, "{\"categories\":");
    if (str_empty(l->keyword)) {
        c->reply->middle = tree_answer(l->tree, key, put_list, l);
        if (!c->reply->middle) {
            call_broken(c);
            return;
        }
        buf_addc(&c->reply->tail, '}');
    } else {
        put_list(l, json.buf);
        buf_addc(json.buf, '}');
    }
    call_done(c, "Success");
}

/* "true" or "false", absent is false. */
static bool read_flag(struct call *c, const char *name, bool *out)
{
    struct str text = http_arg_str(c->request, name);
    struct str fill[] = {str_of(name), STR_LIT("string"), STR_LIT("bool")};

    *out = str_is(text, "true");
    if (*out || str_empty(text) || str_is(text, "false"))
        return true;
    call_refuse_with(c, REFUSE_TYPE, fill, 3);
    return false;
}

void categories_get(struct call *c)
{
    const struct http_request *r = c->request;
    struct listing l = {.switches = &c->engine->set.switches};
    struct str keyword = http_arg_str(r, "keyword");
    struct buf folded = BUF_INIT(BUF_MAX_LINE);
    enum forest_slot slot;

    c->note.keyword = keyword;
    if (!read_flag(c, "include_prohibited_categories", &l.prohibited))
        return;
    if (!categories_choose(c, http_arg_str(r, "category_version"),
                           http_arg_str(r, "listing_platform"), REFUSE_PUBLISH_PARAM,
                           &slot))
        return;
    if (!categories_locale(c, http_arg_str(r, "locale"), &l.locale)) {
        call_refuse(c, REFUSE_PUBLISH_PARAM);
        return;
    }
    l.tree = forest_tree(c->forest, slot);
    text_fold(str_trim(keyword), &folded);
    l.keyword = buf_str(&folded);
    if (folded.failed)
        call_broken(c);
    else
        answer(c, &l);
    buf_clear(&folded);
}
