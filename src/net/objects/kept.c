#include "net/objects/driver.h"

#include <stdio.h>

/* The first that takes a location has it. */
static const struct objects_ops *const drivers[] = {&objects_s3, &objects_files, NULL};

static bool part_is_sound(struct str part)
{
    if (str_empty(part) || part.p[0] == '.')
        return false;
    for (size_t i = 0; i < part.n; i++) {
        char c = part.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
            return false;
    }
    return true;
}

bool object_key_valid(struct str key)
{
    if (key.n == 0 || key.n > OBJECT_KEY_MAX || key.p[key.n - 1] == '/')
        return false;
    while (!str_empty(key))
        if (!part_is_sound(str_cut(&key, '/')))
            return false;
    return true;
}

static enum aisle_status check_key(struct str key, struct aisle_err *err)
{
    if (object_key_valid(key))
        return AISLE_OK;
    return aisle_fail(err, AISLE_INVALID, "no key of an object: %.*s",
                      STR_ARG(str_head(key, OBJECT_KEY_MAX)));
}

enum aisle_status objects_open(const struct objects_settings *settings,
                               struct objects **out, struct aisle_err *err)
{
    for (size_t i = 0; drivers[i]; i++)
        if (drivers[i]->takes(settings->location))
            return drivers[i]->open(settings, out, err);
    return aisle_fail(err, AISLE_CONFIG,
                      "objects are kept in a folder or at s3://bucket, not at %.*s",
                      STR_ARG(str_head(settings->location, 100)));
}

void objects_close(struct objects *o)
{
    if (o)
        o->ops->close(o);
}

bool objects_path(const struct objects *o, struct str key, char *out, size_t room)
{
    int n;

    if (o->ops != &objects_files || !object_key_valid(key))
        return false;
    n = snprintf(out, room, "%.*s/%.*s", STR_ARG(o->where), STR_ARG(key));
    return n >= 0 && (size_t)n < room;
}

struct str objects_where(const struct objects *o)
{
    return o->where;
}

enum aisle_status objects_put(struct objects *o, struct str key, struct str bytes,
                              struct str mime, struct aisle_err *err)
{
    enum aisle_status status = check_key(key, err);

    return status == AISLE_OK ? o->ops->put(o, key, bytes, mime, err) : status;
}

enum aisle_status objects_get(struct objects *o, struct str key, size_t max,
                              struct buf *out, struct aisle_err *err)
{
    enum aisle_status status = check_key(key, err);

    buf_reset(out);
    return status == AISLE_OK ? o->ops->get(o, key, max, out, err) : status;
}

enum aisle_status objects_head(struct objects *o, struct str key,
                               struct object_facts *out, struct aisle_err *err)
{
    enum aisle_status status = check_key(key, err);

    return status == AISLE_OK ? o->ops->head(o, key, out, err) : status;
}

enum aisle_status objects_drop(struct objects *o, struct str key, struct aisle_err *err)
{
    enum aisle_status status = check_key(key, err);

    return status == AISLE_OK ? o->ops->drop(o, key, err) : status;
}

enum aisle_status objects_each(struct objects *o, struct str prefix, object_fn *fn,
                               void *ctx, struct aisle_err *err)
{
    struct str folder = str_head(prefix, prefix.n ? prefix.n - 1 : 0);

    if (!str_empty(prefix) && (!str_ends(prefix, "/") || !object_key_valid(folder)))
        return aisle_fail(err, AISLE_INVALID, "no beginning of a key: %.*s",
                          STR_ARG(str_head(prefix, OBJECT_KEY_MAX)));
    return o->ops->each(o, prefix, fn, ctx, err);
}
