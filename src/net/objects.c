#include "net/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_REDIRECTS = 5, IMAGE_TIMEOUT_MS = 30000 };

/* ---- over HTTP ---- */

static enum aisle_status judge(const struct object_request *r,
                               const struct net_reply *reply, struct aisle_err *err)
{
    if (reply->status >= 200 && reply->status < 300)
        return AISLE_OK;
    if (reply->status == 404 || reply->status == 410)
        return aisle_fail(err, AISLE_NOT_FOUND, "%.*s is not there (HTTP %d)",
                          STR_ARG(r->location), reply->status);
    if (reply->status == 429 || reply->status >= 500)
        return aisle_fail(err, AISLE_BUSY, "%.*s answered HTTP %d", STR_ARG(r->location),
                          reply->status);
    return aisle_fail(err, AISLE_REFUSED, "%.*s answered HTTP %d", STR_ARG(r->location),
                      reply->status);
}

static enum aisle_status fetch_http(struct net *net, const struct object_request *r,
                                    struct buf *out, struct aisle_err *err)
{
    struct net_request request = {
        .method = "GET",
        .url = r->location,
        .reach = r->allow_private ? NET_ANYWHERE : NET_PUBLIC,
        .max_redirects = MAX_REDIRECTS,
        .max_reply = r->max_bytes,
        .timeout_ms = IMAGE_TIMEOUT_MS,
        .fail_fast = true,
    };
    struct net_reply reply;
    enum aisle_status status;

    net_reply_init(&reply);
    status = net_send(net, &request, &reply, err);
    if (status == AISLE_INVALID && reply.out_of_reach)
        aisle_note(err, "unless --allow-private says so");
    if (status == AISLE_OK)
        status = judge(r, &reply, err);
    if (status == AISLE_OK) {
        struct buf was = *out;

        *out = reply.body;
        reply.body = was;
    }
    net_reply_clear(&reply);
    return status;
}

/* ---- from a file ---- */

bool object_path_climbs(struct str path)
{
    while (!str_empty(path))
        if (str_is(str_cut(&path, '/'), ".."))
            return true;
    return false;
}

static enum aisle_status file_path(const struct object_request *r, struct buf *path,
                                   struct aisle_err *err)
{
    struct str at = r->location;

    if (str_starts(at, "file://"))
        at = str_skip(at, 7);
    if (memchr(at.p, '\0', at.n))
        return aisle_fail(err, AISLE_INVALID, "a file path has no NUL in it");
    if (at.p[0] != '/') {
        if (object_path_climbs(at))
            return aisle_fail(err, AISLE_INVALID, "%.*s leads out of its folder",
                              STR_ARG(at));
        if (!str_empty(r->root))
            buf_addf(path, "%.*s/", STR_ARG(r->root));
    }
    buf_add(path, at);
    return buf_check(path, "file path", err);
}

static enum aisle_status read_all(int fd, size_t size, const char *path, struct buf *out,
                                  struct aisle_err *err)
{
    while (out->n < size) {
        ssize_t n;

        if (!buf_room(out, size - out->n))
            return buf_check(out, path, err);
        n = read(fd, out->p + out->n, size - out->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return aisle_fail(err, AISLE_IO, "cannot read %s: %s", path, strerror(errno));
        if (n == 0)
            break;
        out->n += (size_t)n;
        out->p[out->n] = '\0';
    }
    return AISLE_OK;
}

static enum aisle_status fetch_file(const struct object_request *r, struct buf *out,
                                    struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct stat info;
    enum aisle_status status = file_path(r, &path, err);
    int fd = -1;

    if (status != AISLE_OK)
        goto done;
    fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hold us up */
    if (fd < 0) {
        status = aisle_fail(err, errno == ENOENT ? AISLE_NOT_FOUND : AISLE_IO,
                            "cannot open %s: %s", path.p, strerror(errno));
    } else if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        status = aisle_fail(err, AISLE_INVALID, "%s is not a file", path.p);
    } else if ((size_t)info.st_size > r->max_bytes) {
        status = aisle_fail(err, AISLE_LIMIT, "%s has %lld bytes, over the %zu allowed",
                            path.p, (long long)info.st_size, r->max_bytes);
    } else {
        status = read_all(fd, (size_t)info.st_size, path.p, out, err);
    }
done:
    if (fd >= 0)
        close(fd);
    buf_clear(&path);
    return status;
}

/* ---- of those we keep ---- */

static enum aisle_status fetch_kept(const struct object_request *r, struct buf *out,
                                    struct aisle_err *err)
{
    struct str key = str_skip(r->location, strlen(OBJECT_SCHEME));
    struct str rest = key, owner = str_cut(&rest, '/');

    if (!r->kept)
        return aisle_fail(err, AISLE_CONFIG,
                          "no objects are kept here: the setting objects names where");
    if (str_empty(r->owner) || !str_eq(owner, r->owner) || !object_key_valid(key))
        return aisle_fail(err, AISLE_NOT_FOUND, "%.*s is not there",
                          STR_ARG(str_head(r->location, 200)));
    return objects_get(r->kept, key, r->max_bytes, out, err);
}

enum aisle_status object_fetch(struct net *net, const struct object_request *request,
                               struct buf *out, struct aisle_err *err)
{
    struct str scheme =
        str_head(request->location, str_find(request->location, STR_LIT("://")));

    buf_reset(out);
    if (str_empty(request->location))
        return aisle_fail(err, AISLE_INVALID, "no location");
    if (str_starts(request->location, OBJECT_SCHEME))
        return fetch_kept(request, out, err);
    if (str_eq_nocase(scheme, STR_LIT("http")) || str_eq_nocase(scheme, STR_LIT("https")))
        return fetch_http(net, request, out, err);
    if (scheme.n < request->location.n && !str_is(scheme, "file"))
        return aisle_fail(
            err, AISLE_INVALID,
            "%.*s is not a place images are read from: use https://, http:// or "
            "a file",
            STR_ARG(request->location));
    return fetch_file(request, out, err);
}
