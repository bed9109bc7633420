/* paths.c - labels to rows to a tree; every inner node's id ends in " >", a leaf's does
 * not
 */
#include "match/paths.h"

#include "base/mem.h"

#include <stdlib.h>

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "a > b > c" up to and with the n-th " >": "a > b >" for 2. */
static struct str prefix_of(struct str path, size_t parts)
{
    size_t at = 0;

    while (parts-- > 0)
        at += str_find(str_skip(path, at), STR_LIT(" > ")) + 2;
    return str_head(path, at);
}

static size_t parts_above(struct str path)
{
    size_t n = 0;

    for (size_t at; (at = str_find(path, STR_LIT(" > "))) < path.n; n++)
        path = str_skip(path, at + 3);
    return n;
}

/* "a > b >" or "a > b" to "b". */
static struct str last_part(struct str id)
{
    if (str_ends(id, " >"))
        id.n -= 2;
    for (size_t at; (at = str_find(id, STR_LIT(" > "))) < id.n;)
        id = str_skip(id, at + 3);
    return id;
}

static void add_path(struct str path, struct category_row *rows, size_t *count)
{
    size_t above = parts_above(path);

    for (size_t n = 1; n <= above + 1; n++) {
        bool leaf = n == above + 1;
        struct str id = leaf ? path : prefix_of(path, n);

        rows[(*count)++] = (struct category_row){
            .id = id,
            .parent_id = n > 1 ? prefix_of(path, n - 1) : (struct str){0},
            .name = last_part(id),
            .leaf = leaf,
        };
    }
}

static int by_id(const void *a, const void *b)
{
    const struct category_row *x = a, *y = b;

    return str_cmp(x->id, y->id);
}

/* Sorted; each id once. */
static size_t without_doubles(struct category_row *rows, size_t count)
{
    size_t kept = 0;

    if (count)
        qsort(rows, count, sizeof *rows, by_id);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !str_eq(rows[i].id, rows[kept - 1].id))
            rows[kept++] = rows[i];
    return kept;
}

enum aisle_status paths_build(const struct str *paths, size_t count, struct arena *arena,
                              struct taxonomy *out, struct aisle_err *err)
{
    struct str *sorted = mem_alloc((count + 1) * sizeof *sorted);
    struct category_row *rows = NULL;
    struct category_rows all = {.locale = STR_LIT("")};
    size_t most = 0, row_count = 0;
    enum aisle_status status = AISLE_OK;

    if (sorted && count) {
        memcpy(sorted, paths, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, by_text);
    }
    for (size_t i = 0; i < count; i++)
        most += parts_above(paths[i]) + 1;
    rows = mem_alloc((most + 1) * sizeof *rows);
    if (!sorted || !rows) {
        status = aisle_nomem(err);
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !str_eq(sorted[i], sorted[i - 1]))
            add_path(sorted[i], rows, &row_count);
    all.rows = rows;
    all.count = without_doubles(rows, row_count);
    status = taxonomy_build(arena, &all, 1, NULL, NULL, out, err);
done:
    mem_free(sorted);
    mem_free(rows);
    return status;
}
