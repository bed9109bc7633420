/* stores.c - every driver, and which one a location means */
#include "store/store.h"

extern const struct store_ops store_memory_ops, store_sqlite_ops, store_postgres_ops;

const struct store_ops *const store_drivers[] = {&store_memory_ops, &store_sqlite_ops,
                                                 &store_postgres_ops, NULL};

/* Other names for the same, as people know them. */
static const struct {
    const char *scheme;
    const struct store_ops *ops;
} also[] = {{"postgres://", &store_postgres_ops}};

/* "mysql://host/db" has a scheme; "shops/a:b.db" and "C:x" do not. */
static bool has_scheme(struct str location)
{
    return str_find(location, STR_LIT("://")) < location.n;
}

enum aisle_status store_open(struct str location, const struct store_options *options,
                             struct store **out, struct aisle_err *err)
{
    for (size_t i = 0; store_drivers[i]; i++) {
        const struct store_ops *ops = store_drivers[i];

        if (str_starts(location, ops->scheme))
            return ops->open(str_skip(location, strlen(ops->scheme)), options, out, err);
    }
    for (size_t i = 0; i < sizeof also / sizeof *also; i++)
        if (str_starts(location, also[i].scheme))
            return also[i].ops->open(str_skip(location, strlen(also[i].scheme)), options,
                                     out, err);
    if (has_scheme(location))
        return aisle_fail(err, AISLE_CONFIG,
                          "no store keeps a location such as \"%.*s://\": give a path",
                          STR_ARG(str_head(location, str_find_char(location, ':'))));
    return store_sqlite_ops.open(location, options, out, err);
}

void store_close(struct store *s)
{
    if (s)
        s->ops->close(s);
}

/* ---- what may be shown of a location ---- */

/* Where "user:password@" has its password; an empty one at the end where it has none. */
static struct str password_of_user(struct str location)
{
    size_t at = str_find(location, STR_LIT("://"));
    struct str rest = str_skip(location, at < location.n ? at + 3 : location.n), user;
    size_t end = str_find_char(rest, '?');

    while (end > 0 && (end == rest.n || rest.p[end] != '@'))
        end--; /* the last one: who did not write %40 meant it so */
    user = str_head(rest, end);
    return str_skip(user, str_find_char(user, ':') + 1);
}

/* Where "?password=…" has it. */
static struct str password_of_options(struct str location)
{
    size_t at = str_find(location, STR_LIT("password="));
    struct str value = str_skip(location, at < location.n ? at + 9 : location.n);

    return str_head(value, str_find_char(value, '&'));
}

static struct str without(struct str location, struct str secret, struct arena *arena)
{
    size_t before = (size_t)(secret.p - location.p);

    return str_empty(secret) ? arena_str(arena, location)
                             : arena_fmt(arena, "%.*s***%.*s", (int)before, location.p,
                                         STR_ARG(str_skip(location, before + secret.n)));
}

bool store_location_has_password(struct str location)
{
    return has_scheme(location) && (!str_empty(password_of_user(location)) ||
                                    !str_empty(password_of_options(location)));
}

struct str store_location_shown(struct str location, struct arena *arena)
{
    struct str shown = location;

    if (!store_location_has_password(location))
        return arena_str(arena, location);
    shown = without(shown, password_of_user(shown), arena);
    if (shown.p)
        shown = without(shown, password_of_options(shown), arena);
    return shown;
}

/* How many bytes of the place a text begins with: all, or what a cut left of it. */
static size_t place_ahead(struct str text, struct str place, bool cut)
{
    size_t n = text.n < place.n && cut ? text.n : place.n;

    return n && str_eq(str_head(text, n), str_head(place, n)) ? n : 0;
}

bool store_hide_place(const struct store *s, struct aisle_err *err)
{
    struct buf words = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err shown = {0};
    struct str rest = str_of(err->text), place = str_of(s->place);
    bool cut = rest.n + 4 >= sizeof err->text; /* by a character of UTF-8 at most */
    bool hidden = false;

    while (rest.n) {
        size_t n = place_ahead(rest, place, cut);

        if (n)
            buf_addz(&words, "the store");
        else
            buf_addc(&words, *rest.p);
        hidden = hidden || n;
        rest = str_skip(rest, n ? n : 1);
    }
    if (hidden) {
        aisle_fail(&shown, err->status, "%.*s", STR_ARG(buf_str(&words)));
        memcpy(err->text, shown.text, sizeof err->text);
    }
    buf_clear(&words);
    return hidden;
}
