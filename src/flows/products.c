#include "flows/products.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- products ---- */

static enum aisle_status even_out(struct product *p, struct arena *arena,
                                  struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    char id[IMAGE_ID_LEN + 1];
    enum aisle_status status = AISLE_OK;

    seller_category_path(p->seller_category_id, &path);
    p->seller_category_id = arena_str(arena, buf_str(&path));
    buf_clear(&path);
    p->image_id = (struct str){0};
    if (!str_empty(p->image_location)) {
        status = image_id_of("image", p->seller_id, p->image_location, id, err);
        if (status == AISLE_OK)
            p->image_id = arena_str(arena, str_of(id));
    }
    if (status == AISLE_OK && !p->seller_category_id.p)
        status = aisle_nomem(err);
    return status;
}

enum aisle_status flow_product_put(const struct app *app, const struct product *product,
                                   struct arena *arena, struct product *out,
                                   struct aisle_err *err)
{
    const struct store_catalogue *catalogue = app->store->ops->catalogue;
    struct product p = *product;
    enum aisle_status status;

    if (!short_word_valid(p.seller_id))
        return aisle_fail(err, AISLE_INVALID,
                          "\"%.*s\" is no name for a seller: 1 to 40 of a-z 0-9 - _",
                          STR_ARG(str_head(p.seller_id, 60)));
    status = even_out(&p, arena, err);
    if (status == AISLE_OK)
        status = product_check(&p, err);
    if (status == AISLE_OK)
        status = catalogue->put_products(app->store, &p, 1, clock_now_s(app->clock), NULL,
                                         err);
    if (status == AISLE_OK)
        status = catalogue->get_product(app->store, p.seller_id, p.id, arena, out, err);
    return status;
}

enum aisle_status flow_product_drop(const struct app *app, struct str seller_id,
                                    struct str id, struct aisle_err *err)
{
    return app->store->ops->catalogue->drop_product(app->store, seller_id, id, err);
}

/* ---- images ---- */

static enum aisle_status no_file(const char *doing, struct str path,
                                 struct aisle_err *err)
{
    return aisle_fail(err, AISLE_IO, "cannot %s %.*s: %s", doing, STR_ARG(path),
                      strerror(errno));
}

static enum aisle_status write_all(int fd, struct str bytes, struct str path,
                                   struct aisle_err *err)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return no_file("write", path, err);
        bytes = str_skip(bytes, (size_t)n);
    }
    return fsync(fd) == 0 ? AISLE_OK : no_file("write", path, err);
}

/* A file of ours alone; what is half written has another name and goes. */
static enum aisle_status write_file(struct str path, struct str bytes,
                                    struct arena *arena, struct aisle_err *err)
{
    struct str half = arena_fmt(arena, "%.*s.part", STR_ARG(path));
    enum aisle_status status;
    int fd;

    if (!half.p)
        return aisle_nomem(err);
    fd = open(half.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return no_file("make", half, err);
    status = write_all(fd, bytes, half, err);
    if (close(fd) != 0 && status == AISLE_OK)
        status = no_file("write", half, err);
    if (status == AISLE_OK && rename(half.p, path.p) != 0)
        status = no_file("make", path, err);
    if (status != AISLE_OK)
        unlink(half.p);
    return status;
}

/* Without dots and links, in the arena; AISLE_NOT_FOUND. */
static enum aisle_status real_path(struct str path, struct arena *arena, struct str *out,
                                   struct aisle_err *err)
{
    struct str z = arena_str(arena, path);
    char *real = z.p ? realpath(z.p, NULL) : NULL;

    if (!z.p)
        return aisle_nomem(err);
    if (!real)
        return aisle_fail(err, AISLE_NOT_FOUND, "%.*s is not there", STR_ARG(path));
    *out = arena_str(arena, str_of(real));
    free(real); /* realpath's own */
    return out->p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status flow_image_keep(const struct app *app, struct str folder,
                                  struct str bytes, struct arena *arena,
                                  struct kept_image *out, struct aisle_err *err)
{
    struct kept_image kept = {.id = ""};
    struct str z = arena_str(arena, folder), real;
    enum aisle_status status = image_look(bytes, &kept.facts, err);

    if (status == AISLE_OK && !kept.facts.whole)
        status = aisle_fail(err, AISLE_INVALID, "the image is cut short");
    if (status != AISLE_OK)
        return status;
    if (!z.p)
        return aisle_nomem(err);
    if (mkdir(z.p, 0700) != 0 && errno != EEXIST)
        return no_file("make", folder, err);
    status = real_path(folder, arena, &real, err);
    if (status != AISLE_OK)
        return status;
    uuid_v4(app->rng, kept.id);
    kept.path = arena_fmt(arena, "%.*s/%s", STR_ARG(real), kept.id);
    if (!kept.path.p)
        return aisle_nomem(err);
    status = write_file(kept.path, bytes, arena, err);
    if (status == AISLE_OK)
        *out = kept;
    return status;
}

static bool is_uuid(struct str id)
{
    if (id.n != UUID_LEN)
        return false;
    for (size_t i = 0; i < id.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = id.p[i];

        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

enum aisle_status flow_image_path(struct str folder, struct str id, struct arena *arena,
                                  struct str *path, struct aisle_err *err)
{
    struct str wanted = arena_fmt(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(id));

    if (!is_uuid(id) || str_empty(folder))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no such image");
    return wanted.p ? real_path(wanted, arena, path, err) : aisle_nomem(err);
}

/* "/srv/images" and "/srv/images/a.jpg", but not "/srv/images-of-others/a.jpg". */
static bool lies_under(struct str path, struct str folder, struct arena *arena)
{
    struct str real;

    if (str_empty(folder) || real_path(folder, arena, &real, NULL) != AISLE_OK)
        return false;
    return path.n > real.n && str_eq(str_head(path, real.n), real) &&
           path.p[real.n] == '/';
}

static enum aisle_status read_file(struct str path, struct buf *out,
                                   struct aisle_err *err)
{
    char piece[16 * 1024];
    ssize_t n = 0;
    int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return aisle_fail(err, AISLE_NOT_FOUND, "the image is not there");
    while (!out->failed && (n = read(fd, piece, sizeof piece)) > 0)
        buf_add(out, str_n(piece, (size_t)n));
    close(fd);
    if (n < 0)
        return no_file("read", path, err);
    return buf_check(out, "image", err);
}

enum aisle_status flow_image_read(struct str path, struct str folder, struct str other,
                                  struct buf *out, struct image_facts *facts,
                                  struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct str real;
    enum aisle_status status = real_path(path, &arena, &real, err);

    if (status == AISLE_OK && !lies_under(real, folder, &arena) &&
        !lies_under(real, other, &arena))
        status = aisle_fail(err, AISLE_NOT_FOUND, "the image is not kept here");
    if (status == AISLE_OK)
        status = read_file(real, out, err);
    if (status == AISLE_OK)
        status = image_look(buf_str(out), facts, err);
    arena_clear(&arena);
    return status;
}
