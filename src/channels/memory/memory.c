#include "channels/memory/memory.h"

#include "image/look.h"

#include <stdio.h>

enum { TOKEN_LIVES_S = 7 * 86400 };

/* ---- the built-in table ---- */

/* clang-format off */
#define ROW(id, parent, name, leaf) \
    {{"" id, sizeof(id) - 1}, {"" parent, sizeof(parent) - 1}, {"" name, sizeof(name) - 1}, \
     leaf, PERMISSION_AVAILABLE, false}
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct category_row english[] = {
    ROW("1", "", "Fashion", false),
    ROW("11", "1", "Men's Clothing", false),
    ROW("111", "11", "T-Shirt", true),
    ROW("112", "11", "Shirt", true),
    ROW("12", "1", "Bags", false),
    ROW("121", "12", "Backpack", true),
    ROW("2", "", "Kitchen", false),
    ROW("21", "2", "Cookware", false),
    ROW("211", "21", "Frying Pan", true),
    ROW("22", "2", "Bottle", true),
};

static const struct category_row indonesian[] = {
    ROW("1", "", "Fashion", false),
    ROW("11", "1", "Pakaian Pria", false),
    ROW("111", "11", "Kaos", true),
    ROW("112", "11", "Kemeja", true),
    ROW("12", "1", "Tas", false),
    ROW("121", "12", "Ransel", true),
    ROW("2", "", "Dapur", false),
    ROW("21", "2", "Alat Masak", false),
    ROW("211", "21", "Wajan", true),
    ROW("22", "2", "Botol", true),
};

static const struct category_rows trees[] = {
    {{"en-US", 5}, english, COUNT(english)},
    {{"id-ID", 5}, indonesian, COUNT(indonesian)},
};
/* clang-format on */

/* ---- finding ---- */

static const struct memory_channel *table_of(const struct channel_session *s)
{
    return (const struct memory_channel *)s->ops;
}

static const struct category_rows *tree_in(const struct memory_channel *m,
                                           struct str locale)
{
    for (size_t i = 0; i < m->tree_count; i++)
        if (str_eq(m->trees[i].locale, locale))
            return &m->trees[i];
    return m->tree_count ? &m->trees[0] : NULL;
}

static bool holds(struct str text, struct str words)
{
    for (size_t at = 0; words.n <= text.n && at + words.n <= text.n; at++)
        if (str_eq_nocase(str_n(text.p + at, words.n), words))
            return true;
    return false;
}

static const struct memory_answer *answer_to(const struct memory_channel *m,
                                             struct str title)
{
    for (size_t i = 0; i < m->answer_count; i++)
        if (holds(title, str_of(m->answers[i].words)))
            return &m->answers[i];
    return NULL;
}

/* The leaf with the longest name that the title holds, in any locale. */
static struct str leaf_named_in(const struct memory_channel *m, struct str title)
{
    struct str best = STR_LIT(""), id = STR_LIT("");

    for (size_t t = 0; t < m->tree_count; t++) {
        for (size_t i = 0; i < m->trees[t].count; i++) {
            const struct category_row *row = &m->trees[t].rows[i];

            if (!row->leaf || row->name.n <= best.n || !holds(title, row->name))
                continue;
            best = row->name;
            id = row->id;
        }
    }
    return id;
}

static const struct category_row *row_of(const struct category_rows *tree, struct str id)
{
    for (size_t i = 0; tree && i < tree->count; i++)
        if (str_eq(tree->rows[i].id, id))
            return &tree->rows[i];
    return NULL;
}

/* ---- answering ---- */

static void answered(struct channel_meta *meta, const char *code, const char *message)
{
    int calls = meta ? meta->calls : 0;

    if (!meta)
        return;
    *meta = (struct channel_meta){.http_status = 200, .calls = calls + 1};
    snprintf(meta->code, sizeof meta->code, "%s", code);
    snprintf(meta->message, sizeof meta->message, "%s", message);
    snprintf(meta->request_id, sizeof meta->request_id, "memory-%d", calls + 1);
}

static enum aisle_status fail(struct channel_meta *meta, enum aisle_status status,
                              const char *code, const char *message,
                              struct aisle_err *err)
{
    bool first = err && err->status == AISLE_OK;

    answered(meta, code, message);
    aisle_fail(err, status, "%s", message);
    if (first)
        snprintf(err->remote_code, sizeof err->remote_code, "%s", code);
    return status;
}

static enum aisle_status fetch_categories(struct channel_session *s,
                                          const struct channel_tree_request *request,
                                          struct arena *arena, struct category_rows *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err)
{
    const struct category_rows *tree = tree_in(table_of(s), request->locale);
    size_t all = tree ? tree->count : 0, found = 0;
    struct category_row *rows = arena_zalloc(arena, all, sizeof *rows);

    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < all; i++)
        if (holds(tree->rows[i].name, request->keyword))
            rows[found++] = tree->rows[i];
    *out = (struct category_rows){tree ? tree->locale : request->locale, rows, found};
    answered(meta, "0", "Success");
    return AISLE_OK;
}

/* From the leaf up, put so that the root comes first. */
static enum aisle_status fill_advice(const struct category_rows *tree, struct str id,
                                     struct arena *arena, struct channel_advice *out,
                                     struct aisle_err *err)
{
    struct category_row *chain = arena_zalloc(arena, TAXONOMY_MAX_DEPTH, sizeof *chain);
    size_t at = TAXONOMY_MAX_DEPTH;

    if (!chain)
        return aisle_nomem(err);
    for (const struct category_row *row = row_of(tree, id); row && at;
         row = row_of(tree, row->parent_id))
        chain[--at] = *row;
    out->category_id = id;
    out->chain = chain + at;
    out->chain_count = TAXONOMY_MAX_DEPTH - at;
    return AISLE_OK;
}

static enum aisle_status recommend(struct channel_session *s,
                                   const struct channel_question *question,
                                   struct arena *arena, struct channel_advice *out,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    const struct memory_channel *m = table_of(s);
    const struct memory_answer *answer = answer_to(m, question->title);
    struct str id;

    if (answer && answer->status != AISLE_OK)
        return fail(meta, answer->status, answer->code, answer->message, err);
    id = answer ? str_of(answer->category_id) : leaf_named_in(m, question->title);
    if (id.n == 0)
        return fail(meta, AISLE_REFUSED, "no-match", "no category fits this title", err);
    answered(meta, "0", "Success");
    return fill_advice(tree_in(m, STR_LIT("")), id, arena, out, err);
}

static enum aisle_status push_image(struct channel_session *s,
                                    const struct channel_image *image,
                                    struct arena *arena, struct pushed_image *out,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct pushed_image pushed = {0};
    struct image_facts facts = {0};
    char hex[SHA256_HEX_LEN + 1];
    enum aisle_status status = sha256_of(image->bytes, &pushed.bytes_hash, err);

    (void)s;
    if (status != AISLE_OK)
        return status;
    if (image->bytes.n == 0)
        return fail(meta, AISLE_INVALID, "empty-image", "the image is empty", err);
    image_look(image->bytes, &facts, NULL); /* whatever it is, it is taken */
    pushed.width = facts.width;
    pushed.height = facts.height;
    sha256_hex(&pushed.bytes_hash, hex);
    pushed.uri = arena_fmt(arena, "memory/%s", hex);
    pushed.url = arena_fmt(arena, "memory:/%s", hex);
    pushed.use_case = arena_str(arena, image->use_case);
    if (!pushed.uri.p || !pushed.url.p || !pushed.use_case.p)
        return aisle_nomem(err);
    answered(meta, "0", "Success");
    *out = pushed;
    return AISLE_OK;
}

static enum aisle_status refresh(struct channel_session *s, struct arena *arena,
                                 struct shop_keys *out, struct channel_meta *meta,
                                 struct aisle_err *err)
{
    (void)arena, (void)err;
    *out = s->keys;
    out->access_token = STR_LIT("memory-access");
    out->refresh_token = STR_LIT("memory-refresh");
    out->access_expires_at = clock_now_s(s->clock) + TOKEN_LIVES_S;
    answered(meta, "0", "success");
    return AISLE_OK;
}

static enum aisle_status fetch_shops(struct channel_session *s, struct arena *arena,
                                     const struct channel_shop **out, size_t *count,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    static const struct channel_shop only = {
        .id = {"1", 1}, .name = {"Memory", 6}, .region = {"ID", 2}, .cipher = {"m", 1}};

    (void)s, (void)arena, (void)err;
    *out = &only;
    *count = 1;
    answered(meta, "0", "Success");
    return AISLE_OK;
}

static const char *const hosts[] = {NULL}; /* no secret goes anywhere */

const struct memory_channel memory_builtin = {
    .ops =
        {
            .name = "memory",
            .hosts = hosts,
            .has_locales = true,
            .reports_permissions = true,
            .fetch_categories = fetch_categories,
            .recommend = recommend,
            .refresh = refresh,
            .push_image = push_image,
            .consent_url = NULL,   /* nobody to ask */
            .exchange_code = NULL, /* the same */
            .fetch_shops = fetch_shops,
        },
    .trees = trees,
    .tree_count = COUNT(trees),
};

void memory_channel_init(struct memory_channel *m)
{
    *m = memory_builtin;
}
