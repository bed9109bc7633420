/* Reading trees: our own TSV, and what the marketplaces really answered. Everything is
 * kept in the order it is written in. */
#include "sandbox/rows.h"

#include "base/mem.h"

enum { MAX_COLUMNS = 5 + FOREST_MAX_LOCALES, MAX_NESTING = 12 };

static enum aisle_status no_room(const struct rows *r, struct aisle_err *err)
{
    if (r->n >= FOREST_MAX_ROWS)
        return aisle_fail(err, AISLE_LIMIT, "a tree of more than %d categories",
                          FOREST_MAX_ROWS);
    return aisle_nomem(err);
}

static size_t split(struct str line, struct str columns[MAX_COLUMNS])
{
    size_t n = 0;

    while (n < MAX_COLUMNS) {
        bool last = str_find_char(line, '\t') == line.n;

        columns[n++] = str_cut(&line, '\t');
        if (last)
            break;
    }
    return n;
}

/* Is `word` one of a comma list's? */
static bool names_word(struct str list, const char *word)
{
    while (list.n)
        if (str_is(str_cut(&list, ','), word))
            return true;
    return false;
}

static unsigned slots_of(struct str versions, struct str platforms)
{
    unsigned slots = 0;

    slots |= names_word(versions, "v1") ? SLOTS_V1 : 0;
    slots |= names_word(versions, "v2") ? SLOTS_V2 : 0;
    if (!names_word(platforms, "TIKTOK_SHOP"))
        slots &= ~(unsigned)SLOTS_TIKTOK;
    if (!names_word(platforms, "TOKOPEDIA"))
        slots &= ~(unsigned)SLOTS_TOKOPEDIA;
    return slots;
}

enum aisle_status rows_read_tiktok(struct str tsv, struct arena *arena, struct rows *out,
                                   struct aisle_err *err)
{
    struct str columns[MAX_COLUMNS];
    size_t places[FOREST_MAX_LOCALES];
    size_t wide = split(str_cut(&tsv, '\n'), columns);

    for (size_t i = 5; i < wide; i++)
        places[i - 5] = rows_locale(out, columns[i]);
    while (tsv.n) {
        size_t n = split(str_cut(&tsv, '\n'), columns);
        struct row *row = n == wide ? rows_add(out, arena) : NULL;

        if (n != wide)
            return aisle_fail(err, AISLE_GARBLED, "row %zu of the tree has %zu columns",
                              out->n + 2, n);
        if (!row)
            return no_room(out, err);
        row->id = columns[0];
        row->parent_id = columns[1];
        row->slots = slots_of(columns[2], columns[3]);
        row->permissions = columns[4];
        for (size_t i = 5; i < wide; i++)
            row->names[places[i - 5]] = columns[i];
    }
    return AISLE_OK;
}

enum aisle_status rows_read_tokopedia(struct str tsv, struct arena *arena,
                                      struct rows *out, struct aisle_err *err)
{
    struct str columns[MAX_COLUMNS];
    size_t place = rows_locale(out, STR_LIT("id-ID"));

    str_cut(&tsv, '\n');
    while (tsv.n) {
        size_t n = split(str_cut(&tsv, '\n'), columns);
        struct row *row = n == 4 ? rows_add(out, arena) : NULL;

        if (n != 4)
            return aisle_fail(err, AISLE_GARBLED,
                              "a row of Tokopedia's tree has %zu"
                              " columns, not 4",
                              n);
        if (!row)
            return no_room(out, err);
        row->id = columns[0];
        row->parent_id = columns[1];
        row->names[place] = columns[2];
        row->slug = columns[3];
        row->slots = 1 << SLOT_OLD_TOKOPEDIA;
    }
    return AISLE_OK;
}

/* ["A", "B"] as "A,B". */
static struct str read_permissions(const json_t *category, struct arena *arena)
{
    const json_t *list = json_list(category, "permission_statuses");
    struct buf joined = BUF_INIT(1024);
    struct str kept;

    for (size_t i = 0; i < json_array_size(list); i++) {
        buf_addz(&joined, i ? "," : "");
        buf_add(&joined, json_value_str(json_array_get(list, i)));
    }
    kept = arena_str(arena, buf_str(&joined));
    buf_clear(&joined);
    return kept;
}

static enum aisle_status read_category(const json_t *category, size_t place,
                                       const struct rows_origin *from,
                                       struct arena *arena, struct rows *out,
                                       struct aisle_err *err)
{
    struct str id = json_text(category, "id", arena);
    struct str parent = json_text(category, "parent_id", arena);
    struct str name = json_text(category, "local_name", arena);
    struct str permissions = read_permissions(category, arena);
    struct row *row;

    if (name.p && str_empty(name))
        name = json_text(category, "name", arena);
    if (!id.p || !parent.p || !name.p || !permissions.p)
        return aisle_nomem(err);
    if (str_empty(id))
        return aisle_fail(err, AISLE_GARBLED, "category %zu has no id", out->n + 1);
    row = rows_add(out, arena);
    if (!row)
        return no_room(out, err);
    row->id = id;
    row->parent_id = str_empty(parent) ? STR_LIT("0") : parent;
    row->names[place] = name;
    row->permissions = permissions;
    row->slots = from->slots;
    row->closeness = from->closeness;
    row->leaf = json_flag(category, "is_leaf", false) ? LEAF_YES : LEAF_NO;
    return AISLE_OK;
}

/* The list itself, or under "categories", or under "data" and that. */
static const json_t *find_list(const json_t *top)
{
    if (json_is_array(top))
        return top;
    if (json_at(top, "data"))
        top = json_at(top, "data");
    return json_list(top, "categories");
}

enum aisle_status rows_read_answer(struct str json, const struct rows_origin *from,
                                   struct arena *arena, struct rows *out,
                                   struct aisle_err *err)
{
    json_t *top = NULL;
    const json_t *list = NULL;
    struct str kept = arena_str(arena, from->locale);
    size_t place = kept.p ? rows_locale(out, kept) : 0;
    enum aisle_status status =
        json_read(json, BUF_MAX_REPLY, "the category tree", &top, err);

    if (status == AISLE_OK && !kept.p)
        status = aisle_nomem(err);
    if (status == AISLE_OK && place == FOREST_MAX_LOCALES)
        status = aisle_fail(err, AISLE_LIMIT, "more than %d locales", FOREST_MAX_LOCALES);
    if (status == AISLE_OK) {
        list = find_list(top);
        if (!list)
            status = aisle_fail(err, AISLE_GARBLED, "no list of categories in it");
    }
    for (size_t i = 0; i < json_array_size(list) && status == AISLE_OK; i++)
        status = read_category(json_array_get(list, i), place, from, arena, out, err);
    json_decref(top);
    return status;
}

struct nesting {
    struct arena *arena;
    struct rows *out;
    size_t place;
};

/* The slug of "https://www.tokopedia.com/p/rumah-tangga": what is behind the last '/'. */
static struct str slug_of(const json_t *node)
{
    struct str url = json_str(node, "url");

    while (str_find_char(url, '/') < url.n)
        str_cut(&url, '/');
    return url;
}

static enum aisle_status read_nested(const struct nesting *n, const json_t *list,
                                     struct str parent, int depth, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (depth > MAX_NESTING)
        return aisle_fail(err, AISLE_LIMIT, "nested deeper than %d", MAX_NESTING);
    for (size_t i = 0; i < json_array_size(list) && status == AISLE_OK; i++) {
        const json_t *node = json_array_get(list, i);
        const json_t *children = json_list(node, "child");
        struct str id = json_text(node, "id", n->arena);
        struct str name =
            arena_str(n->arena, json_value_str(json_at_nocase(node, "name")));
        struct str slug = arena_str(n->arena, depth ? STR_LIT("") : slug_of(node));
        struct row *row = rows_add(n->out, n->arena);

        if (!row || !id.p || !name.p || !slug.p)
            return no_room(n->out, err);
        *row = (struct row){.id = id,
                            .parent_id = parent,
                            .slug = slug,
                            .names = row->names,
                            .slots = 1 << SLOT_OLD_TOKOPEDIA};
        row->names[n->place] = name;
        if (!children)
            children = json_list(node, "children");
        status = read_nested(n, children, id, depth + 1, err);
    }
    return status;
}

enum aisle_status rows_read_nested(struct str json, struct arena *arena, struct rows *out,
                                   struct aisle_err *err)
{
    json_t *top = NULL;
    struct nesting n = {arena, out, rows_locale(out, STR_LIT("id-ID"))};
    enum aisle_status status =
        json_read(json, BUF_MAX_REPLY, "Tokopedia's tree", &top, err);

    if (status == AISLE_OK && !find_list(top))
        status = aisle_fail(err, AISLE_GARBLED, "no list of categories in it");
    if (status == AISLE_OK)
        status = read_nested(&n, find_list(top), STR_LIT("0"), 0, err);
    json_decref(top);
    return status;
}
