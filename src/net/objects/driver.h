/* driver.h - what a place that keeps objects must do; the contract is objects.h
 *
 * kept.c checks keys before a driver sees them. One test runs against all of them.
 */
#ifndef NET_OBJECTS_DRIVER_H
#define NET_OBJECTS_DRIVER_H

#include "net/objects.h"

struct objects_ops {
    const char *name;
    /* Is a location ours to read? */
    bool (*takes)(struct str location);
    enum aisle_status (*open)(const struct objects_settings *settings,
                              struct objects **out, struct aisle_err *err);
    void (*close)(struct objects *o);
    enum aisle_status (*put)(struct objects *o, struct str key, struct str bytes,
                             struct str mime, struct aisle_err *err);
    enum aisle_status (*get)(struct objects *o, struct str key, size_t max,
                             struct buf *out, struct aisle_err *err);
    enum aisle_status (*head)(struct objects *o, struct str key, struct object_facts *out,
                              struct aisle_err *err);
    enum aisle_status (*drop)(struct objects *o, struct str key, struct aisle_err *err);
    enum aisle_status (*each)(struct objects *o, struct str prefix, object_fn *fn,
                              void *ctx, struct aisle_err *err);
};

/* Begins every driver's own struct. */
struct objects {
    const struct objects_ops *ops;
    struct str where;
};

extern const struct objects_ops objects_s3, objects_files;

#endif
