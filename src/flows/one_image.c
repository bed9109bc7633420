#include "flows/one_image.h"

#include "base/mem.h"
#include "flows/sync.h"
#include "flows/uploads.h"
#include "net/objects.h"

struct images {
    const struct app *app;
    struct images_terms terms;
    const struct listing_limits *limits;
    struct image_need need;
    struct target target;
    struct shop shop;
    struct session session;
    struct once *once;
    struct net *net; /* ours, where there is no session */
    struct arena terms_arena, arena;
    struct buf bytes;
};

static enum aisle_status open_shop(struct images *s, struct aisle_err *err)
{
    enum aisle_status status =
        flow_target(s->app, s->terms.target, &s->terms_arena, &s->target, &s->shop, err);

    if (status == AISLE_OK)
        status = session_open(s->app, s->shop.id, &s->session, err);
    if (status != AISLE_OK)
        return status;
    if (!s->session.to.ops->push_image)
        return aisle_fail(err, AISLE_INVALID, "%s takes no images of its own",
                          s->session.to.ops->name);
    if (s->terms.market.n == 0)
        s->terms.market = s->shop.region;
    if (s->terms.seller_id.n == 0)
        s->terms.seller_id = s->shop.seller_id;
    return once_new(1, &s->once, err);
}

static enum aisle_status open_limits(struct images *s, struct aisle_err *err)
{
    struct str market = s->terms.market;

    s->limits = listing_limits_get(market, s->terms.profile);
    if (market.n && !s->terms.push && !s->limits->market[0])
        return aisle_fail(err, AISLE_INVALID, "market %.*s is none we know",
                          STR_ARG(market));
    s->need = listing_image_need(s->limits, s->terms.use);
    return AISLE_OK;
}

enum aisle_status images_open(const struct app *app, const struct images_terms *terms,
                              struct images **out, struct aisle_err *err)
{
    struct images *s = mem_zalloc(1, sizeof *s);
    enum aisle_status status;

    if (!s)
        return aisle_nomem(err);
    s->app = app;
    s->terms = *terms;
    s->terms_arena.max = s->arena.max = BUF_MAX_REPLY;
    s->bytes.max = BUF_MAX_IMAGE;
    status = terms->push ? open_shop(s, err) : net_new(&app->net, &s->net, err);
    if (status == AISLE_OK)
        status = open_limits(s, err);
    if (status == AISLE_OK)
        *out = s;
    else
        images_close(s);
    return status;
}

void images_close(struct images *s)
{
    if (!s)
        return;
    if (s->terms.push)
        session_close(&s->session);
    net_free(s->net);
    once_free(s->once);
    buf_clear(&s->bytes);
    arena_clear(&s->arena);
    arena_clear(&s->terms_arena);
    mem_free(s);
}

static enum aisle_status fetch(struct images *s, struct str location,
                               struct aisle_err *err)
{
    const struct object_request request = {.location = location,
                                           .kept = s->app->objects,
                                           .owner = s->terms.seller_id,
                                           .root = s->terms.root,
                                           .allow_private = s->terms.allow_private,
                                           .max_bytes = BUF_MAX_IMAGE};

    return object_fetch(s->net ? s->net : s->session.to.net, &request, &s->bytes, err);
}

/* What is no image at all is a finding like the others, and the only one. */
static void note_no_image(struct findings *f, size_t bytes, const struct aisle_err *why)
{
    findings_add(f, &(struct finding){
                        .level = FINDING_ERROR,
                        .rule = "image-none",
                        .code = "12038004", /* the content is not supported */
                        .path = STR_LIT(""),
                        .what = findings_fmt(f, "%s", why->text),
                        .found = findings_fmt(f, "%zu bytes", bytes),
                    });
}

/* Whether that worked is told; only what ends everything fails. */
static enum aisle_status mend(struct images *s, struct image_taken *t,
                              struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status =
        uploads_mend(s->app, &s->need, &s->bytes, &t->facts, &s->arena, &t->told, &why);

    if (status == AISLE_STOPPED || status == AISLE_NOMEM || status == AISLE_CONFIG) {
        aisle_pass(err, &why);
        return status;
    }
    t->mended = status == AISLE_OK;
    if (t->mended)
        return AISLE_OK;
    t->unmended = arena_str(&s->arena, str_of(why.text));
    return t->unmended.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status images_take(struct images *s, struct str location,
                              struct image_taken *out, struct aisle_err *err)
{
    struct image_taken t = {.location = location, .findings = {.arena = &s->arena}};
    struct aisle_err why = {0};
    enum listing_flag white = LISTING_UNSAID;
    enum aisle_status status;
    bool is_image;

    arena_clear(&s->arena);
    status = fetch(s, location, err);
    if (status != AISLE_OK)
        return status;
    is_image = image_look(buf_str(&s->bytes), &t.was, &why) == AISLE_OK;
    t.facts = t.was;
    if (is_image && s->terms.fix && image_flaws(&t.was, &s->need))
        status = mend(s, &t, err);
    if (status == AISLE_OK && is_image && s->terms.use == USE_MAIN && !s->terms.push &&
        !s->terms.fix)
        status = uploads_ground(s->app, buf_str(&s->bytes), &t.facts, &white, err);
    if (status != AISLE_OK)
        return status;
    if (is_image)
        listing_judge_image(s->limits, &t.facts, s->terms.use, white, &t.findings);
    else
        note_no_image(&t.findings, s->bytes.n, &why);
    status = findings_check(&t.findings, err);
    if (status != AISLE_OK)
        return status;
    findings_sort(&t.findings);
    t.mendable = is_image && t.findings.errors + t.findings.warnings && !s->terms.fix &&
                 image_can_mend(&t.was, &s->need);
    t.bytes = buf_str(&s->bytes);
    *out = t;
    return AISLE_OK;
}

enum aisle_status images_push(struct images *s, const struct image_taken *image,
                              struct pushed_image *out, bool *is_new,
                              struct aisle_err *err)
{
    const struct uploads to = {.app = s->app,
                               .session = &s->session,
                               .once = s->once,
                               .seller_id = s->terms.seller_id,
                               .shop_id = s->target.shop_id,
                               .arena = &s->arena};
    const struct upload what = {.location = image->location,
                                .bytes = image->bytes,
                                .facts = &image->facts,
                                .use_case = image_use_name(s->terms.use)};

    return uploads_image(&to, &what, out, is_new, err);
}
