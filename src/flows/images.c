/* images.c - images uploaded for products: kept, found, read, and let go of */
#include "base/mem.h"
#include "flows/models.h"
#include "flows/products.h"
#include "flows/uploads.h"
#include "image/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- keeping ---- */

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

/* "toko-a/6f1c…", in the arena. */
static enum aisle_status key_of(struct str seller_id, struct str id, struct arena *arena,
                                struct str *out, struct aisle_err *err)
{
    if (!short_word_valid(seller_id))
        return aisle_fail(err, AISLE_INVALID, "\"%.*s\" is no name for a seller",
                          STR_ARG(str_head(seller_id, 60)));
    *out = arena_fmt(arena, "%.*s/%.*s", STR_ARG(seller_id), STR_ARG(id));
    return out->p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status check_kept_here(const struct app *app, struct aisle_err *err)
{
    if (app->objects)
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFIG, "no images are kept here");
}

/* Under a UUID of its own. */
static enum aisle_status keep_bytes(const struct app *app, struct str seller_id,
                                    struct str bytes, const char *mime,
                                    struct arena *arena, struct kept_image *kept,
                                    struct aisle_err *err)
{
    struct str key = {0};
    enum aisle_status status;

    uuid_v4(app->rng, kept->id);
    status = key_of(seller_id, str_of(kept->id), arena, &key, err);
    if (status != AISLE_OK)
        return status;
    kept->location = arena_fmt(arena, OBJECT_SCHEME "%.*s", STR_ARG(key));
    if (!kept->location.p)
        return aisle_nomem(err);
    return objects_put(app->objects, key, bytes, str_of(mime), err);
}

enum aisle_status flow_image_keep(const struct app *app, struct str seller_id,
                                  struct str bytes, struct arena *arena,
                                  struct kept_image *out, struct aisle_err *err)
{
    struct kept_image kept = {.id = ""};
    enum aisle_status status = check_kept_here(app, err);

    if (status == AISLE_OK)
        status = image_look(bytes, &kept.facts, err);
    if (status == AISLE_OK && !kept.facts.whole)
        status = aisle_fail(err, AISLE_INVALID, "the image is cut short");
    if (status == AISLE_OK)
        status = keep_bytes(app, seller_id, bytes, image_kind_mime(kept.facts.kind),
                            arena, &kept, err);
    if (status == AISLE_OK)
        *out = kept;
    return status;
}

enum aisle_status flow_file_keep(const struct app *app, struct str seller_id,
                                 struct str bytes, struct arena *arena,
                                 struct kept_image *out, const char **kind,
                                 struct aisle_err *err)
{
    struct kept_image kept = {.id = ""};
    struct file_facts file = file_look(bytes);
    enum aisle_status status = check_kept_here(app, err);

    if (status != AISLE_OK)
        return status;
    if (file.kind == FILE_UNKNOWN) {
        status = flow_image_keep(app, seller_id, bytes, arena, out, err);
        if (status == AISLE_OK)
            *kind = image_kind_name(out->facts.kind);
        return status;
    }
    if (file.cut_short)
        return aisle_fail(err, AISLE_INVALID, "the %s is cut short",
                          file_kind_name(file.kind));
    kept.facts.bytes = bytes.n;
    kept.facts.width = file.width;
    kept.facts.height = file.height;
    status =
        keep_bytes(app, seller_id, bytes, file_kind_mime(file.kind), arena, &kept, err);
    if (status == AISLE_OK) {
        *out = kept;
        *kind = file_kind_name(file.kind);
    }
    return status;
}

/* In place of bytes those of one that is right. Only what ends everything fails. */
static enum aisle_status mend(const struct app *app, const struct image_need *need,
                              struct buf *bytes, struct arena *arena,
                              struct kept_mended *out, struct aisle_err *err)
{
    struct aisle_err why = {0};
    struct image_facts facts;
    enum aisle_status status = image_look(buf_str(bytes), &facts, err);

    if (status != AISLE_OK || image_flaws(&facts, need) == 0)
        return status;
    status = uploads_mend(app, need, bytes, &facts, arena, &out->told, &why);
    if (status == AISLE_OK)
        return AISLE_OK;
    if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
        aisle_pass(err, &why);
        return status;
    }
    out->unmended = arena_str(arena, str_of(why.text));
    return out->unmended.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status flow_image_keep_mended(const struct app *app, struct str seller_id,
                                         struct str bytes, const struct image_need *need,
                                         struct arena *arena, struct kept_image *out,
                                         struct kept_mended *mended,
                                         struct aisle_err *err)
{
    struct buf copy = BUF_INIT(BUF_MAX_IMAGE);
    struct kept_mended is = {0};
    enum aisle_status status = check_kept_here(app, err);

    buf_add(&copy, bytes);
    if (status == AISLE_OK)
        status = buf_check(&copy, "image", err);
    if (status == AISLE_OK)
        status = mend(app, need, &copy, arena, &is, err);
    if (status == AISLE_OK)
        status = flow_image_keep(app, seller_id, buf_str(&copy), arena, out, err);
    if (status == AISLE_OK)
        *mended = is;
    buf_clear(&copy);
    return status;
}

enum aisle_status flow_image_find(const struct app *app, struct str seller_id,
                                  struct str id, struct arena *arena,
                                  struct str *location, struct aisle_err *err)
{
    struct object_facts facts;
    struct str key = {0};
    enum aisle_status status = AISLE_OK;

    if (!is_uuid(id) || !app->objects || !short_word_valid(seller_id))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no such image");
    status = key_of(seller_id, id, arena, &key, err);
    if (status == AISLE_OK)
        status = objects_head(app->objects, key, &facts, err);
    if (status != AISLE_OK)
        return status;
    key = arena_fmt(arena, OBJECT_SCHEME "%.*s", STR_ARG(key));
    if (!key.p)
        return aisle_nomem(err);
    *location = key;
    return AISLE_OK;
}

/* ---- reading ---- */

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

/* "/srv/images" and "/srv/images/a.jpg", but not "/srv/images-of-others/a.jpg". */
static bool lies_under(struct str path, struct str folder, struct arena *arena)
{
    struct str real = {0};

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
        return aisle_fail(err, AISLE_IO, "cannot read %.*s: %s", STR_ARG(path),
                          strerror(errno));
    return buf_check(out, "image", err);
}

static enum aisle_status read_under(struct str path, struct str folder, struct buf *out,
                                    struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct str real;
    enum aisle_status status = real_path(path, &arena, &real, err);

    if (status == AISLE_OK && !lies_under(real, folder, &arena))
        status = aisle_fail(err, AISLE_NOT_FOUND, "the image is not kept here");
    if (status == AISLE_OK)
        status = read_file(real, out, err);
    arena_clear(&arena);
    return status;
}

enum aisle_status flow_image_read(const struct app *app, struct str seller_id,
                                  struct str location, struct str folder, struct buf *out,
                                  struct image_facts *facts, struct aisle_err *err)
{
    struct object_request kept = {.location = location,
                                  .kept = app->objects,
                                  .owner = seller_id,
                                  .max_bytes = BUF_MAX_IMAGE};
    enum aisle_status status = str_starts(location, OBJECT_SCHEME)
                                   ? object_fetch(NULL, &kept, out, err)
                                   : read_under(location, folder, out, err);

    return status == AISLE_OK ? image_look(buf_str(out), facts, err) : status;
}

enum aisle_status flow_file_read(const struct app *app, struct str seller_id,
                                 struct str id, struct buf *out, const char **mime,
                                 struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct object_request kept = {
        .kept = app->objects, .owner = seller_id, .max_bytes = BUF_MAX_IMAGE};
    struct image_facts facts;
    enum file_kind kind = FILE_UNKNOWN;
    enum aisle_status status =
        flow_image_find(app, seller_id, id, &arena, &kept.location, err);

    if (status == AISLE_OK)
        status = object_fetch(NULL, &kept, out, err);
    if (status == AISLE_OK)
        kind = file_look(buf_str(out)).kind;
    if (kind != FILE_UNKNOWN)
        *mime = file_kind_mime(kind);
    else if (status == AISLE_OK) {
        status = image_look(buf_str(out), &facts, err);
        if (status == AISLE_OK)
            *mime = image_kind_mime(facts.kind);
    }
    arena_clear(&arena);
    return status;
}

/* ---- letting go ---- */

/* Old enough to go; those that a product names are struck out. Sorted by key once all are
 * there. */
struct unused {
    const struct app *app;
    int64_t before;
    struct arena arena;
    struct unused_image {
        struct str key;
        bool used;
    } * list;
    size_t count, cap;
};

static enum aisle_status note_old(void *ctx, struct str key,
                                  const struct object_facts *facts, struct aisle_err *err)
{
    struct unused *u = ctx;

    if (facts->changed_at >= u->before || model_key_is(key))
        return app_check_stop(u->app, err);
    if (u->count == u->cap) {
        size_t cap = u->cap ? 2 * u->cap : 256;
        struct unused_image *wider = mem_realloc(u->list, cap * sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        u->list = wider;
        u->cap = cap;
    }
    u->list[u->count] = (struct unused_image){.key = arena_str(&u->arena, key)};
    return u->list[u->count++].key.p ? app_check_stop(u->app, err) : aisle_nomem(err);
}

static int by_key(const void *a, const void *b)
{
    const struct unused_image *x = a, *y = b;

    return str_cmp(x->key, y->key);
}

static void strike_out(struct unused *u, struct str key)
{
    struct unused_image wanted = {.key = key};
    struct unused_image *found =
        u->count ? bsearch(&wanted, u->list, u->count, sizeof *u->list, by_key) : NULL;

    if (found)
        found->used = true;
}

/* Wherever a UUID stands behind a slash: the image, or one in the attributes, however
 * JSON wrote its slashes. */
static void strike_out_named(struct unused *u, struct str seller_id, struct str text)
{
    char key[OBJECT_KEY_MAX + 1];

    for (;;) {
        text = str_skip(text, str_find_char(text, '/') + 1);
        if (str_empty(text))
            return;
        if (!is_uuid(str_head(text, UUID_LEN)))
            continue;
        snprintf(key, sizeof key, "%.*s/%.*s", STR_ARG(seller_id), UUID_LEN, text.p);
        strike_out(u, str_of(key));
    }
}

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct unused *u = ctx;

    strike_out_named(u, p->seller_id, p->image_location);
    strike_out_named(u, p->seller_id, p->attributes);
    return app_check_stop(u->app, err);
}

static enum aisle_status drop_unused(struct unused *u, bool dry, size_t *count,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < u->count; i++) {
        if (u->list[i].used)
            continue;
        status = app_check_stop(u->app, err);
        if (status == AISLE_OK && !dry)
            status = objects_drop(u->app->objects, u->list[i].key, err);
        *count += status == AISLE_OK;
    }
    return status;
}

/* Listed before the products are walked: what was named meanwhile is found there. */
enum aisle_status flow_images_prune(const struct app *app, int64_t before, bool dry,
                                    size_t *count, struct aisle_err *err)
{
    const struct store_catalogue *catalogue = app->store->ops->catalogue;
    struct unused u = {.app = app, .before = before, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct product_filter all = {.limit = 0};
    size_t gone = 0;
    enum aisle_status status = check_kept_here(app, err);

    if (status == AISLE_OK)
        status = objects_each(app->objects, STR_LIT(""), note_old, &u, err);
    if (status == AISLE_OK && u.count) {
        qsort(u.list, u.count, sizeof *u.list, by_key);
        status = catalogue->each_product(app->store, &all, note_product, &u, err);
    }
    if (status == AISLE_OK)
        status = drop_unused(&u, dry, &gone, err);
    if (status == AISLE_OK)
        *count = gone;
    mem_free(u.list);
    arena_clear(&u.arena);
    return status;
}
