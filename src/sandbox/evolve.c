/* Edits to the trees, as data/README.md describes them under evolve.json. One more
 * member is read: "version", v1, v2 (when absent) or tokopedia, the tree it is done in. A
 * category that is in other trees too stays there as it was. */
#include "sandbox/rows.h"

struct editing {
    struct rows *rows;
    struct arena *arena;
    size_t number; /* of the edit, from 1 */
    unsigned slots;
    const json_t *edit;
    struct aisle_err *err;
};

static enum aisle_status cannot(const struct editing *e, const char *why)
{
    return aisle_fail(e->err, AISLE_INVALID, "edit %zu cannot be done: %s %.*s",
                      e->number, why, STR_ARG(str_head(json_str(e->edit, "id"), 32)));
}

static struct row *find(const struct editing *e, struct str id)
{
    for (size_t i = 0; i < e->rows->n; i++)
        if ((e->rows->p[i].slots & e->slots) && str_eq(e->rows->p[i].id, id))
            return &e->rows->p[i];
    return NULL;
}

static bool has_child(const struct editing *e, struct str id)
{
    for (size_t i = 0; i < e->rows->n; i++)
        if ((e->rows->p[i].slots & e->slots) && str_eq(e->rows->p[i].parent_id, id))
            return true;
    return false;
}

/* Puts a copy of the row at `at` just above it, for the trees that are not the edit's. */
static bool leave_copy(const struct editing *e, size_t at)
{
    struct row *fresh = rows_add(e->rows, e->arena); /* may move them all */
    struct row copy;

    if (!fresh)
        return false;
    copy = e->rows->p[at];
    copy.names = fresh->names;
    memcpy(copy.names, e->rows->p[at].names, FOREST_MAX_LOCALES * sizeof *copy.names);
    copy.slots &= ~e->slots;
    memmove(&e->rows->p[at + 1], &e->rows->p[at],
            (e->rows->n - at - 1) * sizeof *e->rows->p);
    e->rows->p[at] = copy;
    return true;
}

/* The row of an id, standing in no tree but the edit's, or NULL: there is none, or no
 * memory, and *status says which. */
static struct row *take_alone(const struct editing *e, struct str id,
                              enum aisle_status *status)
{
    struct row *row = find(e, id);
    size_t at;

    if (!row) {
        *status = cannot(e, "there is no category");
        return NULL;
    }
    if (!(row->slots & ~e->slots))
        return row;
    at = (size_t)(row - e->rows->p);
    if (!leave_copy(e, at)) {
        *status = aisle_nomem(e->err);
        return NULL;
    }
    row = &e->rows->p[at + 1];
    row->slots &= e->slots;
    return row;
}

static enum aisle_status set_names(const struct editing *e, struct row *row)
{
    const json_t *names = json_at(e->edit, "names"), *name;
    const char *locale;

    if (!json_is_object(names) || json_object_size(names) == 0)
        return cannot(e, "it has no names for");
    json_object_foreach((json_t *)names, locale, name)
    {
        struct str key = arena_str(e->arena, str_of(locale));
        struct str text = arena_str(e->arena, json_value_str(name));
        size_t place = key.p ? rows_locale(e->rows, key) : 0;

        if (!key.p || !text.p)
            return aisle_nomem(e->err);
        if (place == FOREST_MAX_LOCALES)
            return cannot(e, "there are too many locales for");
        row->names[place] = text;
    }
    return AISLE_OK;
}

static enum aisle_status set_permission(const struct editing *e, struct row *row)
{
    row->permissions = arena_str(e->arena, json_str(e->edit, "permission"));
    if (!row->permissions.p)
        return aisle_nomem(e->err);
    return str_empty(row->permissions) ? cannot(e, "it names no permission for")
                                       : AISLE_OK;
}

static enum aisle_status edit_rename(const struct editing *e)
{
    enum aisle_status status = AISLE_OK;
    struct row *row = take_alone(e, json_str(e->edit, "id"), &status);

    return row ? set_names(e, row) : status;
}

static enum aisle_status edit_permission(const struct editing *e)
{
    enum aisle_status status = AISLE_OK;
    struct row *row = take_alone(e, json_str(e->edit, "id"), &status);

    return row ? set_permission(e, row) : status;
}

static bool hangs_under(const struct editing *e, struct str id, struct str above)
{
    for (int up = 0; up < FOREST_MAX_DEPTH; up++) {
        const struct row *row = find(e, id);

        if (str_eq(id, above))
            return true;
        if (!row)
            return false;
        id = row->parent_id;
    }
    return true;
}

static enum aisle_status edit_move(const struct editing *e)
{
    struct str to = json_str(e->edit, "parent_id");
    const struct row *above = find(e, to);
    enum aisle_status status = AISLE_OK;
    struct row *row;

    if (!above && !str_is(to, "0"))
        return cannot(e, "there is no such parent for");
    if (above && hangs_under(e, to, json_str(e->edit, "id")))
        return cannot(e, "it would hang under itself,");
    row = take_alone(e, json_str(e->edit, "id"), &status);
    if (!row)
        return status;
    row->parent_id = arena_str(e->arena, to);
    return row->parent_id.p ? AISLE_OK : aisle_nomem(e->err);
}

static enum aisle_status edit_add(const struct editing *e)
{
    struct str to = json_str(e->edit, "parent_id");
    struct row *above = find(e, to), *row;
    unsigned slots = above ? above->slots & e->slots : e->slots;
    enum aisle_status status = AISLE_OK;

    if (find(e, json_str(e->edit, "id")))
        return cannot(e, "there is already");
    if (!above && !str_is(to, "0"))
        return cannot(e, "there is no such parent for");
    if (above && above->leaf == LEAF_YES) { /* a real answer says otherwise from now on */
        above = take_alone(e, to, &status);
        if (!above)
            return status;
        above->leaf = LEAF_NO;
    }
    row = rows_add(e->rows, e->arena);
    if (!row)
        return aisle_nomem(e->err);
    row->id = arena_str(e->arena, json_str(e->edit, "id"));
    row->parent_id = arena_str(e->arena, to);
    row->permissions = STR_LIT("AVAILABLE");
    row->slug = STR_LIT("");
    row->slots = slots;
    if (!row->id.p || !row->parent_id.p)
        return aisle_nomem(e->err);
    if (!str_empty(json_str(e->edit, "permission"))) {
        status = set_permission(e, row);
        if (status)
            return status;
    }
    return set_names(e, row);
}

static enum aisle_status edit_remove(const struct editing *e)
{
    struct row *row = find(e, json_str(e->edit, "id"));

    if (!row)
        return cannot(e, "there is no category");
    if (has_child(e, row->id))
        return cannot(e, "something hangs under");
    row->slots &= ~e->slots;
    return AISLE_OK;
}

/* What a category asks for is changed elsewhere (market/demands.h), and counted here. */
static enum aisle_status edit_demands(const struct editing *e)
{
    (void)e;
    return AISLE_OK;
}

static const struct {
    const char *op;
    enum aisle_status (*run)(const struct editing *e);
} edits[] = {
    {"rename", edit_rename},
    {"move", edit_move},
    {"add", edit_add},
    {"remove", edit_remove},
    {"permission", edit_permission},
    {"rules", edit_demands},
    {"attribute", edit_demands},
    {"drop-attribute", edit_demands},
    {"drop-value", edit_demands},
};

enum { EDIT_KINDS = sizeof edits / sizeof *edits };

static bool read_version(struct str version, unsigned *slots)
{
    *slots = str_is(version, "v1")          ? SLOTS_V1
             : str_is(version, "tokopedia") ? 1 << SLOT_OLD_TOKOPEDIA
                                            : SLOTS_V2;
    return *slots != SLOTS_V2 || str_empty(version) || str_is(version, "v2");
}

/* Of those done here; what edit_demands leaves to others is looked at there. */
static enum aisle_status check_id(const struct editing *e, struct str op)
{
    return str_empty(json_str(e->edit, "id"))
               ? aisle_fail(
                     e->err, AISLE_INVALID,
                     "edit %zu cannot be done: %.*s needs the id of a category, as "
                     "text",
                     e->number, STR_ARG(op))
               : AISLE_OK;
}

static enum aisle_status do_edit(struct editing *e, size_t done[EDIT_KINDS])
{
    struct str op = json_str(e->edit, "op");

    if (!read_version(json_str(e->edit, "version"), &e->slots))
        return cannot(e, "it names no version of v1, v2 and tokopedia,");
    for (size_t i = 0; i < EDIT_KINDS; i++) {
        if (!str_is(op, edits[i].op))
            continue;
        if (edits[i].run != edit_demands && check_id(e, op))
            return AISLE_INVALID;
        done[i]++;
        return edits[i].run(e);
    }
    return cannot(e, "no edit is called that; it is of");
}

static void say_done(const size_t done[EDIT_KINDS], struct buf *out)
{
    struct json_out json = {.buf = out};

    json_open(&json);
    for (size_t i = 0; i < EDIT_KINDS; i++)
        if (done[i] || edits[i].run != edit_demands)
            json_add_int(&json, edits[i].op, (int64_t)done[i]);
    json_close(&json);
}

enum aisle_status rows_edit(struct rows *r, struct str text, struct arena *arena,
                            struct buf *done, struct aisle_err *err)
{
    json_t *list = NULL;
    struct editing e = {.rows = r, .arena = arena, .err = err};
    size_t counts[EDIT_KINDS] = {0};
    enum aisle_status status = json_read(text, BUF_MAX_REPLY, "the edits", &list, err);

    if (status == AISLE_OK && !json_is_array(list))
        status = aisle_fail(err, AISLE_GARBLED, "the edits are no array");
    for (size_t i = 0; i < json_array_size(list) && status == AISLE_OK; i++) {
        e.number = i + 1;
        e.edit = json_array_get(list, i);
        status = do_edit(&e, counts);
    }
    json_decref(list);
    if (status == AISLE_OK)
        say_done(counts, done);
    return status;
}
