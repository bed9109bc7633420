/* part.c - a locale's rows as text, for a sync that goes on later
 *
 * A list of [id, parent, name, leaf, permissions].
 */
#include "base/json.h"
#include "taxonomy/snapshot.h"

enum { CELLS = 5 };

void tree_part_format(const struct category_rows *rows, struct buf *out)
{
    struct json_out json = {.buf = out};

    json_open_list(&json);
    for (size_t i = 0; i < rows->count; i++) {
        const struct category_row *r = &rows->rows[i];

        json_open_list(&json);
        json_put_str(&json, r->id);
        json_put_str(&json, r->parent_id);
        json_put_str(&json, r->name);
        json_put_bool(&json, r->leaf);
        json_put_int(&json, (int64_t)r->permissions);
        json_close_list(&json);
    }
    json_close_list(&json);
}

static bool take_text(const json_t *list, size_t i, struct arena *arena, struct str *out)
{
    *out = arena_str(arena, json_value_str(json_array_get(list, i)));
    return out->p != NULL;
}

static enum aisle_status take_row(const json_t *cells, struct arena *arena,
                                  struct category_row *out, struct aisle_err *err)
{
    if (json_array_size(cells) != CELLS)
        return aisle_fail(err, AISLE_GARBLED, "a part of a tree has a row of %zu cells",
                          json_array_size(cells));
    out->leaf = json_is_true(json_array_get(cells, 3));
    out->permissions = (unsigned)json_integer_value(json_array_get(cells, 4));
    return take_text(cells, 0, arena, &out->id) &&
                   take_text(cells, 1, arena, &out->parent_id) &&
                   take_text(cells, 2, arena, &out->name)
               ? AISLE_OK
               : aisle_nomem(err);
}

enum aisle_status tree_part_parse(const struct tree_part *part, struct arena *arena,
                                  struct category_rows *out, struct aisle_err *err)
{
    json_t *list = NULL;
    struct category_row *rows = NULL;
    enum aisle_status status =
        json_read(part->body, BUF_MAX_REPLY, "a part of a tree", &list, err);
    size_t count = json_array_size(list); /* of anything else 0 */

    if (status == AISLE_OK && !json_is_array(list))
        status = aisle_fail(err, AISLE_GARBLED, "a part of a tree is no list");
    if (status == AISLE_OK) {
        rows = arena_zalloc(arena, count + 1, sizeof *rows);
        status = rows ? AISLE_OK : aisle_nomem(err);
    }
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = take_row(json_array_get(list, i), arena, &rows[i], err);
    if (status == AISLE_OK)
        *out = (struct category_rows){part->locale, rows, count};
    json_decref(list);
    return status;
}
