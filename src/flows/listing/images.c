#include "flows/listing/desk.h"
#include "net/objects.h"

#include <stdio.h>

const char gallery_rule[] = "image-not-to-be-had";

static void note_unreachable(struct findings *f, struct str path,
                             const struct listing_image *image,
                             const struct aisle_err *why)
{
    findings_add(f, &(struct finding){
                        .level = FINDING_ERROR,
                        .rule = gallery_rule,
                        .code = "",
                        .path = path,
                        .what = findings_fmt(f, "%s", why->text),
                        .found = image->location,
                        .fix = STR_LIT("mend its address, or put another in its place"),
                    });
}

static enum aisle_status look_at(struct clerk *c, struct str seller_id,
                                 struct listing_image *image, struct buf *bytes,
                                 struct aisle_err *why)
{
    const struct publish_request *r = c->desk->request;
    struct object_request request = {.location = image->location,
                                     .kept = c->desk->app->objects,
                                     .owner = seller_id,
                                     .root = r->image_root,
                                     .allow_private = r->allow_private,
                                     .max_bytes = BUF_MAX_IMAGE};
    enum aisle_status status = object_fetch(c->session.to.net, &request, bytes, why);

    if (status == AISLE_OK)
        status = image_look(buf_str(bytes), &image->facts, why);
    image->looked = status == AISLE_OK;
    return status;
}

enum aisle_status gallery_look(struct clerk *c, struct str seller_id, struct gallery *g,
                               struct findings *findings, struct aisle_err *err)
{
    for (size_t i = 0; i < g->count; i++) {
        struct listing_image *image = &g->rows[i];
        struct aisle_err why = {0};
        enum aisle_status status;

        if (image->location.n == 0 || !c->online)
            continue;
        status = look_at(c, seller_id, image, &g->bytes[i], &why);
        if (status == AISLE_OK)
            continue;
        if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
            aisle_pass(err, &why);
            return status;
        }
        note_unreachable(findings, findings_fmt(findings, "images[%zu]", i), image, &why);
    }
    return AISLE_OK;
}

struct push {
    const struct channel_image *image;
    struct arena *arena;
    struct pushed_image *out;
};

static enum aisle_status push_once(void *ctx, struct channel_session *to,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    struct push *p = ctx;

    return to->ops->push_image(to, p->image, p->arena, p->out, meta, err);
}

static struct str file_name_of(struct str location)
{
    for (size_t i = location.n; i > 0; i--)
        if (location.p[i - 1] == '/')
            return str_skip(location, i);
    return location;
}

static enum aisle_status push_new(struct clerk *c, struct str seller_id,
                                  const struct listing_image *image, struct str bytes,
                                  const char *use_case, const struct sha256 *hash,
                                  struct pushed_image *out, struct aisle_err *err)
{
    struct desk *d = c->desk;
    struct channel_image up = {.file_name = file_name_of(image->location),
                               .mime = str_of(image_kind_mime(image->facts.kind)),
                               .bytes = bytes,
                               .use_case = str_of(use_case)};
    struct push push = {&up, &c->arena, out};
    struct run_step step = {.pushed = out};
    char uuid[UUID_LEN + 1];
    enum aisle_status status = session_call(&c->session, push_once, &push, NULL, err);

    if (status != AISLE_OK)
        return status;
    uuid_v4(d->app->rng, uuid);
    out->id = arena_str(&c->arena, str_of(uuid));
    out->seller_id = seller_id;
    out->shop_id = d->target.shop_id;
    out->bytes_hash = *hash;
    out->use_case = str_of(use_case);
    out->pushed_at = clock_now_s(d->app->clock);
    if (!out->id.p)
        return aisle_nomem(err);
    return d->app->store->ops->work->put_step(d->app->store, &step, err);
}

static enum aisle_status uri_of(struct clerk *c, struct str seller_id,
                                struct listing_image *image, struct str bytes,
                                const char *use_case, struct aisle_err *err)
{
    struct desk *d = c->desk;
    struct pushed_image pushed;
    struct aisle_err none = {0};
    struct sha256 hash;
    enum aisle_status status = sha256_of(bytes, &hash, err);
    uint64_t key;

    if (status != AISLE_OK)
        return status;
    key = str_hash(str_n((const char *)hash.b, sizeof hash.b));
    once_enter(d->once, key);
    status = d->app->store->ops->catalogue->find_pushed(
        d->app->store, seller_id, d->target.shop_id, &hash, str_of(use_case), &c->arena,
        &pushed, &none);
    if (status == AISLE_NOT_FOUND)
        status = push_new(c, seller_id, image, bytes, use_case, &hash, &pushed, err);
    else if (status != AISLE_OK)
        aisle_pass(err, &none);
    once_leave(d->once, key);
    if (status == AISLE_OK)
        image->uri = pushed.uri;
    return status;
}

enum aisle_status gallery_push(struct clerk *c, struct str seller_id, struct gallery *g,
                               struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < g->count; i++)
        if (g->rows[i].uri.n == 0 && g->rows[i].looked)
            status = uri_of(c, seller_id, &g->rows[i], buf_str(&g->bytes[i]),
                            g->use_cases[i], err);
    return status;
}

void gallery_clear(struct gallery *g)
{
    for (size_t i = 0; i < g->count; i++)
        buf_clear(&g->bytes[i]);
    g->count = 0;
}
