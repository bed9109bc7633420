#include "flows/past.h"

#include "taxonomy/snapshot.h"

/* The readings of one snapshot, a locale each. */
struct moment {
    const struct category_reading *rows;
    size_t count;
};

static struct moment moment_at(const struct category_reading *rows, size_t left)
{
    struct moment m = {.rows = rows};

    while (m.count < left && rows[m.count].snapshot_id == rows[0].snapshot_id)
        m.count++;
    return m;
}

/* The first locale has the say of what is no name. */
static bool is_there(const struct moment *m)
{
    return m->count && m->rows[0].there;
}

static const struct category_reading *in_locale(const struct moment *m, struct str locale)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->rows[i].there && str_eq(m->rows[i].locale, locale))
            return &m->rows[i];
    return NULL;
}

static const struct category_reading *shown(const struct moment *m, struct str locale)
{
    const struct category_reading *r = in_locale(m, locale);

    return r ? r : is_there(m) ? &m->rows[0] : NULL;
}

/* The locale in which its name changed, the one asked for before others; NULL in none. */
static const struct category_reading *renamed(const struct moment *then,
                                              const struct moment *now, struct str locale)
{
    const struct category_reading *found = NULL;

    for (size_t i = 0; i < now->count; i++) {
        const struct category_reading *r = &now->rows[i];
        const struct category_reading *before = in_locale(then, r->locale);

        if (!r->there || !before || str_eq(r->name, before->name))
            continue;
        if (!found || str_eq(r->locale, locale))
            found = r;
    }
    return found;
}

/* "" and "0" are one parent. */
static bool same_parent(struct str a, struct str b)
{
    return str_eq(str_is(a, "0") ? STR_LIT("") : a, str_is(b, "0") ? STR_LIT("") : b);
}

static unsigned compare(const struct moment *then, const struct moment *now)
{
    const struct category_reading *a = &then->rows[0], *b = &now->rows[0];
    unsigned changes = 0;

    if (!is_there(then) || !is_there(now))
        return is_there(now) ? CATEGORY_ADDED : is_there(then) ? CATEGORY_REMOVED : 0;
    if (renamed(then, now, STR_LIT("")))
        changes |= CATEGORY_RENAMED;
    if (!same_parent(a->parent_id, b->parent_id))
        changes |= CATEGORY_MOVED;
    if (a->leaf != b->leaf)
        changes |= CATEGORY_LEAFING;
    if (a->permissions != b->permissions)
        changes |= CATEGORY_PERMISSION_CHANGED;
    return changes;
}

static struct category_event event_of(const struct moment *then, const struct moment *now,
                                      struct str locale)
{
    const struct category_reading *name = renamed(then, now, locale);
    struct str in = name ? name->locale : locale;

    return (struct category_event){
        .changes = compare(then, now),
        .first = then->count == 0,
        .snapshot_id = now->rows[0].snapshot_id,
        .at = now->rows[0].taken_at,
        .run_id = now->rows[0].run_id,
        .was = shown(then, in),
        .is = shown(now, in),
    };
}

enum aisle_status flow_category_past(const struct app *app, struct str target_id,
                                     struct str category_id, struct str locale,
                                     struct arena *arena, struct category_event **out,
                                     size_t *count, struct aisle_err *err)
{
    struct category_reading *rows;
    struct category_event *events;
    struct moment then = {0};
    size_t n, made = 0;
    enum aisle_status status = app->store->ops->trees->readings(
        app->store, target_id, category_id, arena, &rows, &n, err);

    if (status != AISLE_OK)
        return status;
    events = arena_zalloc(arena, n, sizeof *events);
    if (!events)
        return aisle_nomem(err);
    for (size_t i = 0; i < n; i += then.count) {
        struct moment now = moment_at(&rows[i], n - i);
        struct category_event e = event_of(&then, &now, locale);

        if (e.changes)
            events[made++] = e;
        then = now;
    }
    for (size_t i = 0; i < made / 2; i++) {
        struct category_event other = events[i];

        events[i] = events[made - 1 - i];
        events[made - 1 - i] = other;
    }
    *out = events;
    *count = made;
    return AISLE_OK;
}
