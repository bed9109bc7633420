/* rows.h - trees for tests, written down: "id<parent name", one a line, with * after the
 * name of a leaf and then, where there are some, !PERMISSIONS */
#ifndef TESTS_TAXONOMY_ROWS_H
#define TESTS_TAXONOMY_ROWS_H

#include "check.h"

#include "taxonomy/taxonomy.h"

#include <assert.h>

static inline struct category_row row_read(struct str line)
{
    struct category_row row = {0};
    struct str words;

    row.id = str_cut(&line, '<');
    row.parent_id = str_cut(&line, ' ');
    row.name = str_cut(&line, '!');
    row.leaf = str_ends(row.name, "*");
    row.name.n -= row.leaf;
    while (!str_empty(words = str_cut(&line, ',')))
        row.permissions |= permission_parse(words);
    return row;
}

/* Everything is in the arena. */
static inline struct category_rows rows_read(struct arena *arena, const char *locale,
                                             const char *text)
{
    struct str rest = str_of(text);
    struct category_rows out = {.locale = str_of(locale)};
    struct category_row *rows = arena_zalloc(arena, rest.n + 1, sizeof *rows);

    assert(rows);
    while (!str_empty(rest))
        rows[out.count++] = row_read(str_cut(&rest, '\n'));
    out.rows = rows;
    return out;
}

/* One or two locales; second may be NULL. */
static inline struct taxonomy tree_read(struct arena *arena, const char *first,
                                        const char *second, taxonomy_problem_fn *fn,
                                        void *ctx)
{
    struct category_rows rows[2] = {
        rows_read(arena, "en-US", first),
        rows_read(arena, "id-ID", second ? second : ""),
    };
    struct taxonomy tree;
    enum aisle_status status =
        taxonomy_build(arena, rows, second ? 2 : 1, fn, ctx, &tree, NULL);

    assert(status == AISLE_OK);
    (void)status;
    return tree;
}

#endif
