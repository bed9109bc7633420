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
