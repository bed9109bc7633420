/* papers.c - a product's video, size chart and certificates: looked at, and brought to
 * the shop once
 *
 * Many products share one size chart: what was found out about a location is noted on the
 * desk for the run, so that each is fetched once to look and, where the shop does not
 * have its bytes yet, once more to send. Bytes of a hundred megabytes are not kept
 * meanwhile.
 */
#include "flows/listing/desk.h"
#include "flows/uploads.h"
#include "net/objects.h"

enum { FILE_MAX = 128 * 1024 * 1024 }; /* over what is taken: told by its size */

struct noted_paper {
    struct str seller_id;
    struct listing_paper paper; /* its location, and what is known by now */
    struct str repair, trouble; /* what mending did, why it did not; "" neither */
    struct noted_paper *next;
};

static enum image_use use_of(const struct listing_paper *p)
{
    return p->role == PAPER_SIZE_CHART ? USE_SIZE_CHART : USE_CERTIFICATE;
}

/* ---- bytes ---- */

static enum aisle_status fetch(struct clerk *c, struct str seller_id,
                               const struct listing_paper *p, struct buf *out,
                               struct aisle_err *err)
{
    const struct publish_request *r = c->desk->request;
    const struct object_request request = {.location = p->location,
                                           .kept = c->desk->app->objects,
                                           .owner = seller_id,
                                           .root = r->image_root,
                                           .allow_private = r->allow_private,
                                           .max_bytes = out->max};

    return object_fetch(c->session.to.net, &request, out, err);
}

/* Looked at; an image mended where that is wanted. Why it was not is no failure. */
static enum aisle_status take(struct clerk *c, struct noted_paper *n, struct buf *bytes,
                              struct aisle_err *err)
{
    struct listing_paper *p = &n->paper;
    struct image_need need;
    struct aisle_err why = {0};
    enum aisle_status status = fetch(c, n->seller_id, p, bytes, err);

    if (status != AISLE_OK)
        return status;
    p->file = file_look(buf_str(bytes));
    p->is_file = p->role == PAPER_VIDEO || p->file.kind == FILE_PDF;
    if (!p->is_file)
        status = image_look(buf_str(bytes), &p->image, err);
    p->looked = status == AISLE_OK;
    if (status != AISLE_OK || p->is_file || !c->desk->request->fix)
        return status;
    need = listing_image_need(c->desk->limits, use_of(p));
    if (image_flaws(&p->image, &need) == 0)
        return AISLE_OK;
    status =
        uploads_mend(c->desk->app, &need, bytes, &p->image, &c->arena, &n->repair, &why);
    if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
        aisle_pass(err, &why);
        return status;
    }
    if (status != AISLE_OK)
        n->trouble = arena_str(&c->arena, str_of(why.text));
    return AISLE_OK;
}

/* ---- what is known of a location ---- */

static bool is_same(const struct noted_paper *n, struct str seller_id,
                    const struct listing_paper *p)
{
    return str_eq(n->seller_id, seller_id) && n->paper.role == p->role &&
           str_eq(n->paper.location, p->location);
}

static bool find_noted(struct desk *d, struct str seller_id,
                       const struct listing_paper *p, struct noted_paper *out)
{
    const struct noted_paper *n;

    pthread_mutex_lock(&d->papers_lock);
    for (n = d->papers; n && !is_same(n, seller_id, p);)
        n = n->next;
    if (n)
        *out = *n;
    pthread_mutex_unlock(&d->papers_lock);
    return n != NULL;
}

static bool keep_text(struct arena *arena, struct str *s)
{
    struct str kept;

    if (!s->p)
        return true;
    kept = arena_str(arena, *s);
    *s = kept;
    return kept.p;
}

/* One that is there already learns what it lacks, or had as `gone`. */
static enum aisle_status note(struct desk *d, const struct noted_paper *what,
                              struct str gone, struct aisle_err *err)
{
    struct noted_paper *n;
    bool ok = true;

    pthread_mutex_lock(&d->papers_lock);
    for (n = d->papers; n && !is_same(n, what->seller_id, &what->paper);)
        n = n->next;
    if (n && (!n->paper.uri.p || (gone.n && str_eq(n->paper.uri, gone)))) {
        n->paper.uri = what->paper.uri;
        n->paper.name = what->paper.name;
        ok = keep_text(&d->papers_arena, &n->paper.uri) &&
             keep_text(&d->papers_arena, &n->paper.name);
    } else if (!n && (n = arena_alloc(&d->papers_arena, sizeof *n))) {
        *n = *what;
        ok = keep_text(&d->papers_arena, &n->seller_id) &&
             keep_text(&d->papers_arena, &n->paper.location) &&
             keep_text(&d->papers_arena, &n->paper.uri) &&
             keep_text(&d->papers_arena, &n->paper.name) &&
             keep_text(&d->papers_arena, &n->repair) &&
             keep_text(&d->papers_arena, &n->trouble);
        n->paper.certificate = (struct str){0};
        if (ok) {
            n->next = d->papers;
            d->papers = n;
        }
    }
    pthread_mutex_unlock(&d->papers_lock);
    return n && ok ? AISLE_OK : aisle_nomem(err);
}

static void learn(struct listing_paper *p, const struct listing_paper *from)
{
    struct str certificate = p->certificate, location = p->location;

    *p = *from;
    p->certificate = certificate;
    p->location = location;
}

/* ---- looking ---- */

static void note_finding(struct findings *f, enum finding_level level, const char *rule,
                         struct str path, struct str what, const struct listing_paper *p)
{
    findings_add(f, &(struct finding){
                        .level = level,
                        .rule = rule,
                        .code = "",
                        .path = path,
                        .what = findings_fmt(f, "%.*s", STR_ARG(what)),
                        .found = p->location,
                        .fix = level == FINDING_ERROR
                                   ? STR_LIT("mend its address, or put another in its "
                                             "place")
                                   : STR_LIT(""),
                    });
}

static struct str path_of(struct findings *f, const struct listing_paper *p)
{
    if (p->role == PAPER_CERTIFICATE)
        return findings_fmt(f, "certificate %.*s", STR_ARG(p->certificate));
    return p->role == PAPER_VIDEO ? STR_LIT("video") : STR_LIT("size_chart");
}

static enum aisle_status look(struct clerk *c, struct str seller_id,
                              struct listing_paper *p, struct noted_paper *out,
                              struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(FILE_MAX);
    enum aisle_status status;

    if (find_noted(c->desk, seller_id, p, out))
        return AISLE_OK;
    *out = (struct noted_paper){.seller_id = seller_id, .paper = *p};
    out->paper.uri = out->paper.name = (struct str){0};
    status = take(c, out, &bytes, err);
    buf_clear(&bytes);
    return status == AISLE_OK ? note(c->desk, out, STR_LIT(""), err) : status;
}

enum aisle_status papers_look(struct clerk *c, struct str seller_id,
                              struct papers_at_hand *papers, struct findings *findings,
                              struct aisle_err *err)
{
    for (size_t i = 0; c->online && i < papers->count; i++) {
        struct listing_paper *p = &papers->rows[i];
        struct noted_paper n;
        struct aisle_err why = {0};
        enum aisle_status status = look(c, seller_id, p, &n, &why);

        if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
            aisle_pass(err, &why);
            return status;
        }
        if (status != AISLE_OK) {
            note_finding(findings, FINDING_ERROR, gallery_rule, path_of(findings, p),
                         str_of(why.text), p);
            continue;
        }
        learn(p, &n.paper);
        if (n.trouble.n)
            note_finding(findings, FINDING_WARNING, "image-not-mended",
                         path_of(findings, p), n.trouble, p);
        if (n.repair.n)
            papers->repairs[papers->repair_count++] = (struct listing_repair){
                .path = path_of(findings, p),
                .what = findings_fmt(findings, "%.*s", STR_ARG(n.repair)),
                .was = p->location,
                .is = STR_LIT("")};
    }
    return AISLE_OK;
}

/* ---- sending ---- */

static enum aisle_status send(struct clerk *c, struct noted_paper *n, struct str bytes,
                              struct str gone, struct aisle_err *err)
{
    struct listing_paper *p = &n->paper;
    const struct uploads to = {.app = c->desk->app,
                               .session = &c->session,
                               .once = c->desk->once,
                               .seller_id = n->seller_id,
                               .shop_id = c->desk->target.shop_id,
                               .arena = &c->arena};
    const struct upload image = {.location = p->location,
                                 .bytes = bytes,
                                 .facts = &p->image,
                                 .use_case = image_use_name(use_of(p)),
                                 .gone = gone};
    const struct upload_file file = {
        .location = p->location, .bytes = bytes, .kind = p->file.kind};
    struct pushed_image pushed;
    enum aisle_status status = p->is_file
                                   ? uploads_file(&to, &file, &pushed, &p->name, err)
                                   : uploads_image(&to, &image, &pushed, NULL, err);

    if (status == AISLE_OK)
        p->uri = pushed.uri;
    return status;
}

/* `gone`: a uri it is not to have, or "". */
static enum aisle_status push(struct clerk *c, struct str seller_id,
                              struct listing_paper *p, struct str gone,
                              struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(FILE_MAX);
    struct noted_paper n;
    enum aisle_status status = AISLE_OK;

    if (!find_noted(c->desk, seller_id, p, &n) || !n.paper.uri.p ||
        (gone.n && str_eq(n.paper.uri, gone))) {
        n = (struct noted_paper){.seller_id = seller_id, .paper = *p};
        status = take(c, &n, &bytes, err);
        if (status == AISLE_OK)
            status = send(c, &n, buf_str(&bytes), gone, err);
        if (status == AISLE_OK)
            status = note(c->desk, &n, gone, err);
    }
    buf_clear(&bytes);
    if (status == AISLE_OK) {
        p->uri = arena_str(&c->arena, n.paper.uri);
        p->name = arena_str(&c->arena, n.paper.name);
        if (!p->uri.p || !p->name.p)
            status = aisle_nomem(err);
    }
    return status;
}

enum aisle_status papers_push(struct clerk *c, struct str seller_id,
                              struct papers_at_hand *papers, bool gone,
                              struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < papers->count; i++) {
        struct listing_paper *p = &papers->rows[i];
        bool again = gone && !p->is_file && p->uri.n;

        if (p->looked && (again || !p->uri.p))
            status = push(c, seller_id, p, again ? p->uri : STR_LIT(""), err);
    }
    return status;
}
