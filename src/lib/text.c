#include "lib/text.h"

const char *text_out(struct arena *arena, struct str s, bool *ok)
{
    struct str copy = str_empty(s) ? STR_LIT("") : arena_str(arena, s);

    *ok = *ok && copy.p;
    return copy.p ? copy.p : "";
}

void text_put(char *field, size_t size, struct str s)
{
    s = str_head(s, size - 1);
    if (s.n)
        memcpy(field, s.p, s.n);
    field[s.n] = '\0';
}

static const char *permissions_out(unsigned permissions, struct arena *arena, bool *ok)
{
    char words[80];

    permission_format(permissions, words);
    return text_out(arena, str_of(words), ok);
}

struct aisle_category row_out(const struct category_row *row, struct arena *arena,
                              bool *ok)
{
    return (struct aisle_category){
        .id = text_out(arena, row->id, ok),
        .name = text_out(arena, row->name, ok),
        .parent_id = text_out(arena, row->parent_id, ok),
        .path = "",
        .permissions = permissions_out(row->permissions, arena, ok),
        .is_leaf = row->leaf,
        .takes_products = row->leaf && permission_is_open(row->permissions),
    };
}

struct aisle_category category_out(const struct taxonomy *tree, const struct category *c,
                                   uint32_t locale, struct arena *arena, bool *ok)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct aisle_category out;

    category_path(tree, c, locale, &path);
    *ok = *ok && path.failed != AISLE_NOMEM;
    out = (struct aisle_category){
        .id = text_out(arena, c->id, ok),
        .name = text_out(arena, category_name(tree, c, locale), ok),
        .parent_id = c->parent == TAXONOMY_NONE ? "" : text_out(arena, c->parent_id, ok),
        .path = text_out(arena, buf_str(&path), ok),
        .permissions = permissions_out(c->permissions, arena, ok),
        .is_leaf = c->leaf,
        .takes_products = category_takes_products(c),
    };
    buf_clear(&path);
    return out;
}
