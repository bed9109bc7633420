/* objects.h - the bytes behind a location: https://…, http://…, a file, or an object that
 * we keep; and the keeping of them
 *
 * Locations come from sellers' files and are not trusted: private addresses are refused
 * unless allowed, redirects are checked hop by hop, size and time are capped, a relative
 * file path may not climb out of its folder, and an object is its own seller's only.
 *
 * Kept are bytes under a key, in a folder of this machine or in a bucket that speaks S3,
 * so that several machines reach the same. What the bytes are is nothing to this part.
 */
#ifndef NET_OBJECTS_H
#define NET_OBJECTS_H

#include "net/net.h"

/* ---- keeping ---- */

struct objects; /* shared by threads as it is */

struct objects_settings {
    struct str location; /* a folder; or "s3://bucket", "s3://bucket/prefix" */
    /* S3's. The endpoint is https://host, or http:// where the host is this machine or a
     * number of a private network: names and bytes are seen on the way there. */
    struct str endpoint, region;        /* "" region: us-east-1 */
    struct str key_id, secret, session; /* session: of a temporary key; "" none */
    struct net_settings net;            /* of S3; its clock is also the files' */
    const struct rng *rng;
};

/* What is where. Nothing is asked of either place yet; a folder is made when something is
 * put there. Settings' text is copied. AISLE_CONFIG names what is missing or wrong. */
enum aisle_status objects_open(const struct objects_settings *settings,
                               struct objects **out, struct aisle_err *err);
void objects_close(struct objects *o); /* NULL is fine */

/* Keys are parts of A-Z a-z 0-9 . _ - put together by '/', none of which begins with a
 * dot. The first part says whose it is. AISLE_INVALID for any other. */
enum { OBJECT_KEY_MAX = 200 };
bool object_key_valid(struct str key);

struct object_facts {
    uint64_t size;
    int64_t changed_at; /* UTC */
};

/* Durable and whole before it returns, or not there; replaces what had the key. AISLE_IO,
 * AISLE_BUSY (after four tries), AISLE_CONFIG (no such bucket, a wrong key),
 * AISLE_REFUSED and AISLE_GARBLED are the failures of all of these. */
enum aisle_status objects_put(struct objects *o, struct str key, struct str bytes,
                              struct str mime, struct aisle_err *err);
/* Replaces what out held. AISLE_NOT_FOUND; AISLE_LIMIT over max. */
enum aisle_status objects_get(struct objects *o, struct str key, size_t max,
                              struct buf *out, struct aisle_err *err);
enum aisle_status objects_head(struct objects *o, struct str key,
                               struct object_facts *out, struct aisle_err *err);
/* Where the bytes of a key are, or would be, as a file of this machine; false where
 * objects are not files, or the path is longer than room for it. */
bool objects_path(const struct objects *o, struct str key, char *out, size_t room);
/* Dropping what is not there is fine. */
enum aisle_status objects_drop(struct objects *o, struct str key, struct aisle_err *err);
/* All whose keys begin with prefix ("" every one; else it ends with '/'), in no order.
 * What others laid there under names that are no keys is left out. A visitor may drop
 * what it is shown. */
typedef enum aisle_status object_fn(void *ctx, struct str key,
                                    const struct object_facts *facts,
                                    struct aisle_err *err);
enum aisle_status objects_each(struct objects *o, struct str prefix, object_fn *fn,
                               void *ctx, struct aisle_err *err);
/* "files" or "s3", and where, for a person to read: no secret in it. Borrowed. */
struct str objects_where(const struct objects *o);

/* ---- fetching ---- */

/* "object:SELLER/NAME": the location of what objects_put was given that key. */
#define OBJECT_SCHEME "object:"

struct object_request {
    struct str location;
    struct objects *kept; /* NULL: none */
    struct str owner;     /* whose objects may be read; "" nobody's */
    struct str root;      /* folder of relative paths; "" the working one */
    bool allow_private;
    size_t max_bytes;
};

/* Whether a path has a part "..", and so may lead out of the folder it is read in. */
bool object_path_climbs(struct str path);

/* Replaces what out held. AISLE_NOT_FOUND (no such file, 404, someone else's object),
 * AISLE_INVALID (not a location we read, an address outside), AISLE_LIMIT, AISLE_IO,
 * AISLE_BUSY, AISLE_REFUSED (another status). */
enum aisle_status object_fetch(struct net *net, const struct object_request *request,
                               struct buf *out, struct aisle_err *err);

#endif
