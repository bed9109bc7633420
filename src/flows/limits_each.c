/* limits_each.c - limits as they are shown: a line a shop, under the name it has here
 *
 * Before the marketplace's id of a shop is known its calls count under our own name, and
 * under that id from then on (channel_pace_key): to whoever looks it is one shop.
 */
#include "base/mem.h"
#include "channels/call.h"
#include "flows/limits.h"

#include <stdlib.h>

struct name {
    struct str key, shown;
};

struct shown_limits {
    struct arena arena;
    struct name *names; /* by key */
    size_t name_count, name_room;
    struct call_limit *rows; /* by key, which is what is shown */
    size_t count, room;
};

static bool make_room(void **list, size_t count, size_t *room, size_t size)
{
    size_t more = *room ? 2 * *room : 64;
    void *wider;

    if (count < *room)
        return true;
    wider = mem_realloc(*list, more * size);
    if (!wider)
        return false;
    *list = wider;
    *room = more;
    return true;
}

/* ---- what keys are called ---- */

static enum aisle_status add_name(struct shown_limits *l, const struct shop *shop,
                                  struct str shown, struct aisle_err *err)
{
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    struct name *name;
    enum aisle_status status = AISLE_OK;

    if (!make_room((void **)&l->names, l->name_count, &l->name_room, sizeof *l->names))
        return aisle_nomem(err);
    name = &l->names[l->name_count];
    channel_pace_key(shop, &key);
    name->key = arena_str(&l->arena, buf_str(&key));
    name->shown = shown;
    if (buf_check(&key, "a key", err) != AISLE_OK || !name->key.p)
        status = aisle_nomem(err);
    else
        l->name_count++;
    buf_clear(&key);
    return status;
}

static enum aisle_status note_shop(void *ctx, const struct shop *shop,
                                   struct aisle_err *err)
{
    struct shown_limits *l = ctx;
    struct str shown =
        arena_fmt(&l->arena, "%.*s/%.*s", STR_ARG(shop->app_key), STR_ARG(shop->id));

    if (!shown.p)
        return aisle_nomem(err);
    return shop->remote_id.n ? add_name(l, shop, shown, err) : AISLE_OK;
}

static int by_name_key(const void *a, const void *b)
{
    const struct name *one = a, *other = b;
    int order = str_cmp(one->key, other->key);

    return order ? order : str_cmp(one->shown, other->shown); /* the same shop twice */
}

/* The first of that key. */
static struct str shown_as(const struct shown_limits *l, struct str key)
{
    size_t from = 0, to = l->name_count;

    while (from < to) {
        size_t at = from + (to - from) / 2;

        if (str_cmp(l->names[at].key, key) < 0)
            from = at + 1;
        else
            to = at;
    }
    return from < l->name_count && str_eq(l->names[from].key, key) ? l->names[from].shown
                                                                   : key;
}

/* ---- limits ---- */

static enum aisle_status note_limit(void *ctx, const struct call_limit *limit,
                                    struct aisle_err *err)
{
    struct shown_limits *l = ctx;
    struct call_limit *row;

    if (!make_room((void **)&l->rows, l->count, &l->room, sizeof *l->rows))
        return aisle_nomem(err);
    row = &l->rows[l->count];
    *row = *limit;
    row->key = arena_str(&l->arena, shown_as(l, limit->key));
    if (!row->key.p)
        return aisle_nomem(err);
    l->count++;
    return AISLE_OK;
}

static int by_shown(const void *a, const void *b)
{
    return str_cmp(((const struct call_limit *)a)->key,
                   ((const struct call_limit *)b)->key);
}

/* Its limit is the one that was heard of last. */
static void merge(struct call_limit *into, const struct call_limit *other)
{
    struct call_limit sum = other->grown_ms > into->grown_ms ? *other : *into;

    sum.calls = into->calls + other->calls;
    sum.throttled = into->throttled + other->throttled;
    *into = sum;
}

static void merge_rows(struct shown_limits *l)
{
    size_t kept = 0;

    if (l->count)
        qsort(l->rows, l->count, sizeof *l->rows, by_shown);
    for (size_t i = 0; i < l->count; i++)
        if (kept && str_eq(l->rows[kept - 1].key, l->rows[i].key))
            merge(&l->rows[kept - 1], &l->rows[i]);
        else
            l->rows[kept++] = l->rows[i];
    l->count = kept;
}

enum aisle_status flow_limits_each(struct store *store,
                                   enum aisle_status (*fn)(void *ctx,
                                                           const struct call_limit *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err)
{
    struct shown_limits l = {.arena = ARENA_INIT(ARENA_MAX_WORK)};
    enum aisle_status status = store->ops->shops->each_shop(store, note_shop, &l, err);

    if (l.name_count)
        qsort(l.names, l.name_count, sizeof *l.names, by_name_key);
    if (status == AISLE_OK)
        status = store->ops->tasks->each_limit(store, note_limit, &l, err);
    merge_rows(&l);
    for (size_t i = 0; status == AISLE_OK && i < l.count; i++)
        status = fn(ctx, &l.rows[i], err);
    mem_free(l.names);
    mem_free(l.rows);
    arena_clear(&l.arena);
    return status;
}
