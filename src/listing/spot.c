#include "listing/spot.h"

static const struct member *find_member(const struct members *members, struct str name)
{
    for (size_t i = 0; i < members->count; i++)
        if (str_is(name, members->rows[i].name))
            return &members->rows[i];
    return NULL;
}

/* "[12]" off the path. */
static bool take_index(struct str *path, size_t *index)
{
    size_t end = str_find_char(*path, ']');
    uint64_t n;

    if (path->n == 0 || path->p[0] != '[' || end == path->n ||
        !parse_u64(str_n(path->p + 1, end - 1), SIZE_MAX, &n))
        return false;
    *index = (size_t)n;
    *path = str_skip(*path, end + 1);
    return true;
}

static struct str take_name(struct str *path)
{
    struct str name;
    size_t n = 0;

    if (path->n && path->p[0] == '.')
        *path = str_skip(*path, 1);
    while (n < path->n && path->p[n] != '.' && path->p[n] != '[')
        n++;
    name = str_head(*path, n);
    *path = str_skip(*path, n);
    return name;
}

static size_t item_size(const struct member *m)
{
    return m->kind == MEMBER_LIST ? m->inside->size : sizeof(struct str);
}

/* The rows of a list, copied into the arena; NULL when there are none. */
static void *own_rows(struct fixing *f, const struct member *m, void *row)
{
    void **at = member_at(row, m->at);
    size_t count = *(size_t *)member_at(row, m->count);
    void *rows;

    if (count == 0)
        return NULL;
    rows = arena_alloc(f->arena, count * item_size(m));
    if (!rows) {
        f->no_memory = true;
        return NULL;
    }
    memcpy(rows, *at, count * item_size(m));
    *at = rows;
    return rows;
}

struct walk {
    void *row;
    const struct member *member;
    bool item;    /* the path ends in a place in member's list */
    size_t index; /* which */
};

static bool go(struct fixing *f, struct str path, struct walk *w)
{
    const struct members *members = &body_members;
    void *row = f->draft;

    while (path.n) {
        const struct member *m = find_member(members, take_name(&path));
        size_t index;

        if (!m)
            return false;
        *w = (struct walk){.row = row, .member = m};
        if (m->kind == MEMBER_OBJECT) {
            row = member_at(row, m->at);
            members = m->inside;
        } else if (path.n && (m->kind == MEMBER_LIST || m->kind == MEMBER_TEXTS)) {
            char *rows = own_rows(f, m, row);

            if (!rows || !take_index(&path, &index) ||
                index >= *(size_t *)member_at(row, m->count))
                return false;
            w->item = true;
            w->index = index;
            row = rows + index * item_size(m);
            members = m->inside;
            if (path.n && !members)
                return false;
        }
    }
    return w->member != NULL;
}

bool spot_find(struct fixing *f, struct str path, struct spot *out)
{
    struct walk w = {0};

    if (!go(f, path, &w) || w.item)
        return false;
    *out = (struct spot){w.row, w.member};
    return true;
}

static void drop_member(const struct member *m, void *row)
{
    void *at = member_at(row, m->at);

    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_DECIMAL:
        *(struct str *)at = (struct str){0};
        return;
    case MEMBER_INT:
        *(struct listing_int *)at = (struct listing_int){0};
        return;
    case MEMBER_FLAG:
        *(enum listing_flag *)at = LISTING_UNSAID;
        return;
    case MEMBER_MONEY:
        *(struct listing_money *)at =
            (struct listing_money){.currency = ((struct listing_money *)at)->currency};
        return;
    case MEMBER_TEXTS:
    case MEMBER_LIST:
        *(const void **)at = NULL;
        *(size_t *)member_at(row, m->count) = 0;
        return;
    case MEMBER_OBJECT:
        *(bool *)member_at(row, m->said) = false;
        return;
    case MEMBER_CURRENCY:
        return;
    }
}

static void drop_item(const struct walk *w)
{
    char *rows = *(char **)member_at(w->row, w->member->at);
    size_t *count = member_at(w->row, w->member->count);
    size_t size = item_size(w->member);

    memmove(rows + w->index * size, rows + (w->index + 1) * size,
            (*count - w->index - 1) * size);
    --*count;
}

bool spot_drop(struct fixing *f, struct str path)
{
    struct walk w = {0};
    size_t end = path.n;

    while (end > 0 && path.p[end - 1] != '.')
        end--;
    if (end > 1 && path.p[end - 2] == ']' &&
        (str_is(str_skip(path, end), "id") || str_is(str_skip(path, end), "values")))
        path = str_head(path, end - 1);
    if (!go(f, path, &w))
        return false;
    if (w.item)
        drop_item(&w);
    else
        drop_member(w.member, w.row);
    return true;
}
