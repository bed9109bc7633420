/* tree.h - the small tree of tests/match/tree.tsv, and rows of the tables beside it */
#ifndef TESTS_MATCH_TREE_H
#define TESTS_MATCH_TREE_H

#include "data.h"

#include "match/match.h"

static inline struct buf match_file(const char *name)
{
    char path[PATH_ROOM];
    const char *root = getenv("SOURCE_ROOT");

    snprintf(path, sizeof path, "%s/tests/match/%s", root ? root : ".", name);
    return file_read(path);
}

/* The next line of a table that is neither empty nor a comment, cut at tabs; how many
 * fields, 0 at the end. */
static inline size_t table_row(struct str *rest, struct str *fields, size_t cap)
{
    while (!str_empty(*rest)) {
        struct str line = str_cut(rest, '\n');
        size_t n = 0;

        if (str_empty(line) || line.p[0] == '#')
            continue;
        for (size_t i = 0; i < cap; i++)
            fields[i] = (struct str){0};
        while (!str_empty(line) && n < cap)
            fields[n++] = str_cut(&line, '\t');
        return n;
    }
    return 0;
}

enum { LOCALE_EN = 1, LOCALE_ID = 2, LOCALES_BOTH = 3, TREE_MOST = 256 };

/* The tree in the locales asked for; its text lives in the arena. */
static inline struct taxonomy small_tree(struct arena *arena, unsigned locales)
{
    struct category_row *rows[2] = {
        arena_zalloc(arena, TREE_MOST, sizeof **rows),
        arena_zalloc(arena, TREE_MOST, sizeof **rows),
    };
    struct category_rows per_locale[2];
    struct buf file = match_file("tree.tsv");
    struct str rest = arena_str(arena, buf_str(&file)), f[5];
    struct taxonomy tree;
    size_t count = 0, used = 0;

    buf_clear(&file);
    while (table_row(&rest, f, 5)) {
        struct category_row row = {.id = f[0], .parent_id = f[1]};

        row.leaf = str_starts(f[4], "*");
        if (f[4].n > 2)
            row.permissions = permission_parse(str_skip(f[4], 2));
        row.name = f[2];
        rows[0][count] = row;
        row.name = f[3];
        rows[1][count++] = row;
    }
    if (locales & LOCALE_EN)
        per_locale[used++] = (struct category_rows){STR_LIT("en-US"), rows[0], count};
    if (locales & LOCALE_ID)
        per_locale[used++] = (struct category_rows){STR_LIT("id-ID"), rows[1], count};
    assert_ok(taxonomy_build(arena, per_locale, used, NULL, NULL, &tree, NULL), NULL);
    return tree;
}

#endif
