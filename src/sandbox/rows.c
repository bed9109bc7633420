#include "sandbox/rows.h"

#include "base/mem.h"

void rows_clear(struct rows *r)
{
    mem_free(r->p);
    *r = (struct rows){0};
}

struct row *rows_add(struct rows *r, struct arena *arena)
{
    struct str *names;

    if (r->n == FOREST_MAX_ROWS)
        return NULL;
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 256;
        struct row *p = mem_realloc(r->p, cap * sizeof *p);

        if (!p)
            return NULL;
        r->p = p;
        r->cap = cap;
    }
    names = arena_zalloc(arena, FOREST_MAX_LOCALES, sizeof *names);
    if (!names)
        return NULL;
    r->p[r->n] = (struct row){.names = names};
    return &r->p[r->n++];
}

size_t rows_locale(struct rows *r, struct str locale)
{
    size_t at = 0;

    while (at < r->locale_count && !str_eq(r->locales[at], locale))
        at++;
    if (at == r->locale_count && at < FOREST_MAX_LOCALES)
        r->locales[r->locale_count++] = locale;
    return at;
}

static bool copy_row(const struct row *from, size_t locales, struct row *to,
                     struct arena *arena)
{
    to->id = arena_str(arena, from->id);
    to->parent_id = arena_str(arena, from->parent_id);
    to->permissions = arena_str(arena, from->permissions);
    to->slug = arena_str(arena, from->slug);
    to->slots = from->slots;
    to->closeness = from->closeness;
    to->leaf = from->leaf;
    for (size_t i = 0; i < locales; i++) {
        to->names[i] = arena_str(arena, from->names[i]);
        if (!to->names[i].p)
            return false;
    }
    return to->id.p && to->parent_id.p && to->permissions.p && to->slug.p;
}

enum aisle_status rows_copy(const struct rows *from, struct arena *arena,
                            struct rows *out, struct aisle_err *err)
{
    for (size_t i = 0; i < from->locale_count; i++) {
        struct str locale = arena_str(arena, from->locales[i]);

        if (!locale.p)
            return aisle_nomem(err);
        rows_locale(out, locale);
    }
    for (size_t i = 0; i < from->n; i++) {
        struct row *row = rows_add(out, arena);

        if (!row || !copy_row(&from->p[i], from->locale_count, row, arena))
            return aisle_nomem(err);
    }
    return AISLE_OK;
}
