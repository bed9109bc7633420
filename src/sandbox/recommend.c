/* Recommend Category 202309: always a leaf, with the chain above it.
 *
 * The right answer is the truth's, where there is one, else what the title's words say
 * (lexicon.h). An image adds nothing but another way to settle ties. Refusing and erring
 * are the dial's, by the title alone, so that the same question has the same answer. The
 * order of the checks is a guess. */
#include "base/text.h"
#include "sandbox/categories.h"
#include "sandbox/engine.h"
#include "sandbox/gate.h"
#include "sandbox/lexicon.h"
#include "sandbox/market/globals.h"

enum {
    MAX_DESCRIPTION = 10000,
    MAX_DESCRIPTION_IMAGES = 30,
    MAX_IMAGES = 9,
    CANDIDATES = 16
};

struct asked {
    struct str title, description, locale;
    const json_t *images;
    enum forest_slot slot;
    bool prohibited; /* include them */
    bool global; /* Recommend Global Categories, the same but for its text's letters */
};

static struct str type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return STR_LIT("map");
    case JSON_ARRAY:
        return STR_LIT("slice");
    case JSON_STRING:
        return STR_LIT("string");
    case JSON_INTEGER:
        return STR_LIT("int64");
    case JSON_REAL:
        return STR_LIT("float64");
    case JSON_TRUE:
    case JSON_FALSE:
        return STR_LIT("bool");
    case JSON_NULL:
        break;
    }
    return STR_LIT("null");
}

/* The body's members and their types; null counts as absent. */
static const struct {
    const char *name;
    json_type type;
    const char *type_name;
} members[] = {
    {"product_title", JSON_STRING, "string"},
    {"description", JSON_STRING, "string"},
    {"category_version", JSON_STRING, "string"},
    {"listing_platform", JSON_STRING, "string"},
    {"locale", JSON_STRING, "string"},
    {"images", JSON_ARRAY, "slice"},
    {"include_prohibited_categories", JSON_TRUE, "bool"},
};

static bool has_type(const json_t *value, json_type type)
{
    return type == JSON_TRUE ? json_is_boolean(value) : json_typeof(value) == type;
}

static bool check_types(struct call *c, const json_t *body)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *value = json_at(body, members[i].name);
        struct str fill[3];

        if (!value || has_type(value, members[i].type))
            continue;
        fill[0] = str_of(members[i].name);
        fill[1] = type_name(value);
        fill[2] = str_of(members[i].type_name);
        call_refuse_with(c, REFUSE_TYPE, fill, 3);
        return false;
    }
    return true;
}

static size_t images_in(struct str html)
{
    size_t n = 0, at;

    while ((at = str_find(html, STR_LIT("<img"))) < html.n) {
        n++;
        html = str_skip(html, at + 4);
    }
    return n;
}

static bool refuse(struct call *c, enum refusal why)
{
    call_refuse(c, why);
    return false;
}

/* The title's longest length by market; that a short one is refused is not said anywhere,
 * only that it finds no match. */
static size_t longest_title(const struct call *c)
{
    return str_is(c->shop->region, "BR") || str_is(c->shop->region, "MX") ? 300 : 255;
}

static bool check_texts(struct call *c, const struct asked *a)
{
    bool chinese_fine = str_is(c->shop->region, "JP"); /* kanji are the same characters */

    if (str_empty(text_trim(a->title)))
        return refuse(c, REFUSE_TITLE_EMPTY);
    if (utf8_length(a->title) > longest_title(c))
        return refuse(c, REFUSE_TITLE_LONG);
    if (!chinese_fine && has_chinese(a->title))
        return refuse(c, REFUSE_TITLE_CHINESE);
    if (utf8_length(a->description) > MAX_DESCRIPTION)
        return refuse(c, REFUSE_TEXT_LONG);
    if (images_in(a->description) > MAX_DESCRIPTION_IMAGES)
        return refuse(c, REFUSE_TEXT_IMAGES);
    if (!chinese_fine && has_chinese(a->description))
        return refuse(c, REFUSE_TEXT_CHINESE);
    return true;
}

static bool check_images(struct call *c, const struct asked *a)
{
    size_t count = json_array_size(a->images);

    if (count == 0 && c->engine->set.switches.image_required)
        return refuse(c, REFUSE_IMAGE_LIST);
    if (count > MAX_IMAGES)
        return refuse(c, REFUSE_IMAGE_COUNT);
    for (size_t i = 0; i < count; i++) {
        struct str uri = json_str(json_array_get(a->images, i), "uri");

        if (i == 0)
            c->note.image = call_keep(c, uri);
        if (str_empty(uri))
            return refuse(c, REFUSE_IMAGE_URI);
        if (!images_know(c->engine->images, uri))
            return refuse(c, REFUSE_IMAGE_UNKNOWN);
    }
    return true;
}

static bool read_asked(struct call *c, const json_t *body, struct asked *a)
{
    struct str field = STR_LIT("ProductTitle");

    if (!check_types(c, body))
        return false;
    if (!json_at(body, "product_title")) {
        call_refuse_with(c, REFUSE_REQUIRED, &field, 1);
        return false;
    }
    a->title = json_str(body, "product_title");
    a->description = json_str(body, "description");
    a->images = json_list(body, "images");
    a->prohibited = json_flag(body, "include_prohibited_categories", false);
    c->note.title = call_keep(c, a->title);
    if (!categories_locale(c, json_str(body, "locale"), &a->locale)) {
        struct str fill[] = {STR_LIT("locale"), STR_LIT("unknown value"),
                             STR_LIT("a locale of the endpoint's page")};

        call_refuse_with(c, REFUSE_PARAMETER, fill, 3);
        return false;
    }
    return categories_choose(c, json_str(body, "category_version"),
                             json_str(body, "listing_platform"), REFUSE_PARAMETER,
                             &a->slot) &&
           check_texts(c, a) && check_images(c, a);
}

static bool has_word(const struct node *n, const char *word)
{
    struct str list = n->row->permissions;

    while (list.n)
        if (str_is(str_cut(&list, ','), word))
            return true;
    return false;
}

/* The truth's leaf as a node of the tree asked for: itself, or in a shallower tree the
 * leaf above it. TREE_NONE: there is none; then `within` may say where to look. */
static uint32_t find_truth(struct call *c, const struct asked *a, uint32_t *within)
{
    const struct tree *t = forest_tree(c->forest, a->slot);
    const struct tree *deep = forest_tree(c->forest, SLOT_V2_TIKTOK);
    struct str leaf = {0};
    uint32_t at, chain[FOREST_MAX_DEPTH];
    size_t n;

    if (c->engine->truth)
        leaf = truth_leaf(c->engine->truth, a->title);
    at = str_empty(leaf) ? TREE_NONE : tree_find(t, leaf);
    if (at != TREE_NONE && !t->nodes[at].leaf)
        *within = at; /* it has grown children since */
    if (at != TREE_NONE)
        return t->nodes[at].leaf ? at : TREE_NONE;
    at = str_empty(leaf) ? TREE_NONE : tree_find(deep, leaf);
    n = at == TREE_NONE ? 0 : tree_chain(deep, at, chain);
    while (n-- > 0) {
        at = tree_find(t, deep->nodes[chain[n]].row->id);
        if (at != TREE_NONE)
            return t->nodes[at].leaf ? at : TREE_NONE;
    }
    return TREE_NONE;
}

/* What the title's words say, best first, without what this shop is never offered. */
static enum aisle_status find_candidates(struct call *c, const struct asked *a,
                                         uint32_t within, struct candidate *out,
                                         size_t *count)
{
    struct tree *t = forest_tree(c->forest, a->slot);
    const struct lexicon *l = tree_lexicon(t);
    struct inquiry q = {a->title, within, chance_of(c->engine->set.seed, c->note.image)};
    enum aisle_status status = AISLE_NOMEM;
    size_t kept = 0;

    if (l)
        status = lexicon_ask(l, &q, c->request->arena, out, CANDIDATES, count, NULL);
    for (size_t i = 0; i < *count; i++)
        if (a->prohibited || !t->nodes[out[i].node].prohibited)
            out[kept++] = out[i];
    *count = kept;
    return status;
}

/* A leaf beside or near the right one: the next best, else a sibling, else any. */
static uint32_t wrong_leaf(const struct tree *t, uint32_t right, uint64_t chance,
                           const struct candidate *list, size_t count)
{
    uint32_t parent = t->nodes[right].parent, first, at;

    if (count > 4)
        count = 4;
    for (size_t i = 0; i < count; i++) {
        at = list[(chance + i) % count].node;
        if (at != right)
            return at;
    }
    first = parent == TREE_NONE ? 0 : t->nodes[parent].first_child;
    for (at = first; at != TREE_NONE && parent != TREE_NONE;
         at = t->nodes[at].next_sibling)
        if (at != right && t->nodes[at].leaf && !t->nodes[at].prohibited)
            return at;
    for (size_t i = 0; i < t->count; i++) {
        at = (uint32_t)((chance + i) % t->count);
        if (at != right && t->nodes[at].leaf && !t->nodes[at].prohibited)
            return at;
    }
    return right;
}

/* A global recommendation says nothing of permissions. */
static void put_chain(struct json_out *json, const struct tree *t, uint32_t leaf,
                      struct str locale, bool global)
{
    uint32_t chain[FOREST_MAX_DEPTH];
    size_t n = tree_chain(t, leaf, chain);

    json_open_list(json);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = &t->nodes[chain[i]];

        json_open(json);
        json_add_str(json, "id", node->row->id);
        json_add_bool(json, "is_leaf", node->leaf);
        json_add_int(json, "level", (int64_t)i + 1);
        json_add_str(json, "name", tree_name(t, node, locale));
        if (!global) {
            json_key(json, "permission_statuses");
            categories_put_permissions(json, node);
        }
        json_close(json);
    }
    json_close_list(json);
}

static void answer(struct call *c, const struct asked *a, uint32_t leaf)
{
    const struct tree *t = forest_tree(c->forest, a->slot);
    struct json_out json = call_data(c);

    c->note.leaf = call_keep(c, t->nodes[leaf].row->id);
    json_open(&json);
    json_key(&json, "categories");
    put_chain(&json, t, leaf, a->locale, a->global);
    json_add_str(&json, "leaf_category_id", t->nodes[leaf].row->id);
    json_close(&json);
    call_done(c, "Success");
}

static void recommend(struct call *c, const struct asked *a)
{
    const struct tree *t = forest_tree(c->forest, a->slot);
    struct temper *temper = c->engine->temper;
    struct candidate list[CANDIDATES + 1];
    uint32_t within = TREE_NONE, right = find_truth(c, a, &within);
    size_t count = 0;
    uint64_t chance;

    if (temper_decides(temper, FAULT_REFUSE, c->request->path, a->title, &chance)) {
        c->note.fault = STR_LIT("refuse");
        call_refuse(c, REFUSE_NO_MATCH);
        return;
    }
    if (find_candidates(c, a, within, list, &count)) {
        call_broken(c);
        return;
    }
    if (right == TREE_NONE && count == 0) {
        call_refuse(c, REFUSE_NO_MATCH);
        return;
    }
    if (right == TREE_NONE)
        right = list[0].node;
    if (temper_decides(temper, FAULT_WRONG, c->request->path, a->title, &chance)) {
        c->note.fault = STR_LIT("wrong");
        right = wrong_leaf(t, right, chance, list, count);
    }
    /* permission_statuses of this answer know no NON_MAIN_CATEGORY, and 12052912 is
     * listed for this endpoint: that the one stands for the other is a guess */
    if (has_word(&t->nodes[right], "NON_MAIN_CATEGORY"))
        call_refuse(c, REFUSE_NOT_MAIN_CATEGORY);
    else
        answer(c, a, right);
}

/* Texts of the global one are single-byte: 12052266 and 12052351 (Recommend Global
 * Categories 202309). */
static bool has_only_ascii(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= 0x80)
            return false;
    return true;
}

static bool check_letters(struct call *c, const struct asked *a)
{
    if (!a->global)
        return true;
    if (!has_only_ascii(a->title)) {
        call_fail(c, 12052266, NULL, 0);
        return false;
    }
    if (!has_only_ascii(a->description)) {
        call_fail(c, 12052351, NULL, 0);
        return false;
    }
    return true;
}

static void recommend_of(struct call *c, bool global)
{
    json_t *body = NULL;
    struct asked a = {.global = global};
    struct str text = str_trim(c->request->body);

    if (str_empty(text))
        text = STR_LIT("{}");
    if (json_read(text, BUF_MAX_REQUEST, "body", &body, NULL) || !json_is_object(body))
        call_refuse(c, REFUSE_FORMAT);
    else if (read_asked(c, body, &a) && check_letters(c, &a))
        recommend(c, &a);
    json_decref(body);
}

void recommend_category(struct call *c)
{
    recommend_of(c, false);
}

void recommend_global_category(struct call *c)
{
    if (globals_may(c))
        recommend_of(c, true);
}
