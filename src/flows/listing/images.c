/* images.c - one product's images: their bytes, what is wrong with them and can be
 * mended, and their uris at the marketplace */
#include "flows/listing/desk.h"
#include "flows/uploads.h"
#include "net/objects.h"

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

static struct str path_of(struct findings *f, size_t i)
{
    return findings_fmt(f, "images[%zu]", i);
}

/* It stays what it was: the check says what is wrong with it, and this why it still is.
 */
static void note_unmended(struct findings *f, struct str path,
                          const struct listing_image *image, const struct aisle_err *why)
{
    findings_add(f, &(struct finding){
                        .level = FINDING_WARNING,
                        .rule = "image-not-mended",
                        .code = "",
                        .path = path,
                        .what = findings_fmt(f, "%s", why->text),
                        .found = image->location,
                    });
}

/* With `fix`, in place of the bytes those of one that is right. */
static enum aisle_status mend(struct clerk *c, struct gallery *g, size_t i,
                              struct findings *findings, struct aisle_err *err)
{
    struct listing_image *image = &g->rows[i];
    struct image_need need = listing_image_need(c->desk->limits, g->uses[i]);
    struct aisle_err why = {0};
    struct str told;
    enum aisle_status status;

    if (!c->desk->request->fix || image_flaws(&image->facts, &need) == 0)
        return AISLE_OK;
    status = uploads_mend(c->desk->app, &need, &g->bytes[i], &image->facts, &c->arena,
                          &told, &why);
    if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
        aisle_pass(err, &why);
        return status;
    }
    if (status != AISLE_OK)
        note_unmended(findings, path_of(findings, i), image, &why);
    else
        g->repairs[g->repair_count++] =
            (struct listing_repair){.path = path_of(findings, i),
                                    .what = told,
                                    .was = image->location,
                                    .is = STR_LIT("")};
    return AISLE_OK;
}

/* The tip that the first one be white is for who only has it checked: looking costs
 * time. */
static enum aisle_status look_at_ground(struct clerk *c, struct gallery *g, size_t i,
                                        struct aisle_err *err)
{
    if (i > 0 || g->uses[i] != USE_MAIN || !c->desk->request->check_only)
        return AISLE_OK;
    return uploads_ground(c->desk->app, buf_str(&g->bytes[i]), &g->rows[i].facts,
                          &g->rows[i].white, err);
}

/* Of several variants one picture: it is fetched, looked at and sent once. The first row
 * that has it, or the row itself. */
static size_t first_of(const struct gallery *g, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (g->uses[k] == g->uses[i] && str_eq(g->rows[k].location, g->rows[i].location))
            return k;
    return i;
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
        if (first_of(g, i) < i) {
            *image = g->rows[first_of(g, i)];
            continue;
        }
        status = look_at(c, seller_id, image, &g->bytes[i], &why);
        if (status == AISLE_OK)
            status = mend(c, g, i, findings, &why);
        if (status == AISLE_OK)
            status = look_at_ground(c, g, i, &why);
        if (status == AISLE_OK)
            continue;
        if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
            aisle_pass(err, &why);
            return status;
        }
        note_unreachable(findings, path_of(findings, i), image, &why);
    }
    return AISLE_OK;
}

static enum aisle_status uri_of(struct clerk *c, struct str seller_id,
                                struct listing_image *image, struct str bytes,
                                enum image_use use, struct str gone,
                                struct aisle_err *err)
{
    struct desk *d = c->desk;
    const struct uploads to = {.app = d->app,
                               .session = &c->session,
                               .once = d->once,
                               .seller_id = seller_id,
                               .shop_id = d->target.shop_id,
                               .arena = &c->arena};
    const struct upload what = {.location = image->location,
                                .bytes = bytes,
                                .facts = &image->facts,
                                .use_case = image_use_name(use),
                                .gone = gone};
    struct pushed_image pushed;
    enum aisle_status status = uploads_image(&to, &what, &pushed, NULL, err);

    if (status == AISLE_OK)
        image->uri = pushed.uri;
    return status;
}

enum aisle_status gallery_push(struct clerk *c, struct str seller_id, struct gallery *g,
                               bool gone, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < g->count; i++) {
        struct listing_image *image = &g->rows[i];

        if (image->looked && first_of(g, i) < i)
            image->uri = g->rows[first_of(g, i)].uri;
        else if (image->looked && (gone || image->uri.n == 0))
            status = uri_of(c, seller_id, image, buf_str(&g->bytes[i]), g->uses[i],
                            gone ? image->uri : STR_LIT(""), err);
    }
    return status;
}

void gallery_clear(struct gallery *g)
{
    for (size_t i = 0; i < g->count; i++)
        buf_clear(&g->bytes[i]);
    g->count = 0;
}
