/* one.c - one product: assembled, checked, and handed on to be sent */
#include "flows/decide.h"
#include "flows/listing/desk.h"
#include "flows/newest.h"
#include "listing/body.h"

struct at_work {
    struct clerk *c;
    struct outcome *out;
    struct product product;
    struct assemble_request request;
    struct listing_shop shop; /* what this product's leaf and brand add */
    struct gallery gallery;
    struct papers_at_hand papers;
    struct listing_variant *variants;
    struct listing_draft draft;
    struct listing_money *prices; /* of a global one: of each SKU, as the seller has it */
};

static enum aisle_status say(struct at_work *w, enum publish_outcome outcome,
                             struct str text)
{
    w->out->item.outcome = outcome;
    w->out->item.text = text;
    return AISLE_OK;
}

/* ---- what is known of it ---- */

static enum aisle_status load_listing(struct at_work *w, struct aisle_err *err)
{
    const struct app *app = w->c->desk->app;
    struct listing *listing = &w->out->listing;
    struct aisle_err none = {0};
    enum aisle_status status = app->store->ops->listings->get(
        app->store, w->product.seller_id, w->c->desk->target.shop_id, w->product.id,
        &w->c->arena, listing, &none);

    if (status == AISLE_OK) {
        w->out->item.listing = listing;
        return AISLE_OK;
    }
    if (status != AISLE_NOT_FOUND) {
        aisle_pass(err, &none);
        return status;
    }
    *listing = (struct listing){.seller_id = w->product.seller_id,
                                .shop_id = w->c->desk->target.shop_id,
                                .product_id = w->product.id,
                                .created_at = clock_now_s(app->clock)};
    return AISLE_OK;
}

static enum aisle_status load(struct at_work *w, const struct product_key *key,
                              struct aisle_err *err)
{
    const struct app *app = w->c->desk->app;
    enum aisle_status status = app->store->ops->catalogue->get_product(
        app->store, key->seller_id, key->id, &w->c->arena, &w->product, err);

    if (status != AISLE_OK)
        return status;
    w->out->item.seller_id = w->product.seller_id;
    w->out->item.product_id = w->product.id;
    w->out->item.title = w->product.title;
    return load_listing(w, err);
}

/* The accepted leaf; .n 0 when there is none, and the outcome says so. */
static enum aisle_status find_leaf(struct at_work *w, struct str *category_id,
                                   struct aisle_err *err)
{
    struct decision d;
    struct aisle_err none = {0};
    enum aisle_status status = flow_mapping_of(
        w->c->desk->app, &w->product, w->c->desk->target.id, &w->c->arena, &d, &none);

    *category_id = (struct str){0};
    if (status == AISLE_NOT_FOUND)
        return say(w, PUBLISH_UNMAPPED, STR_LIT("no leaf yet: map it first"));
    if (status != AISLE_OK) {
        aisle_pass(err, &none);
        return status;
    }
    if (d.state == DECISION_NONE)
        return say(w, PUBLISH_UNMAPPED, STR_LIT("a person said that no leaf fits"));
    if (d.state == DECISION_REJECTED)
        return say(w, PUBLISH_UNMAPPED,
                   STR_LIT("a person refused its leaf: choose another"));
    if (d.state != DECISION_ACCEPTED)
        return say(w, PUBLISH_UNMAPPED, STR_LIT("its leaf is only proposed: approve it"));
    *category_id = d.category_id;
    w->out->item.category_id = d.category_id;
    return AISLE_OK;
}

/* What was read here is what is sent: nobody's change comes between. */
static enum aisle_status check_seen(const struct product *p, struct str category_id,
                                    const struct publish_seen *seen,
                                    struct aisle_err *err)
{
    const char *what = NULL;

    if (seen->version && seen->version != p->version)
        what = "was changed";
    else if (seen->category_id.n && !str_eq(seen->category_id, category_id))
        what = "was given another leaf";
    return what ? aisle_fail(err, AISLE_CONFLICT,
                             "product %.*s %s since it was looked at, so nothing was "
                             "sent: get it again",
                             STR_ARG(str_head(p->id, 60)), what)
                : AISLE_OK;
}

/* What asking about the leaf failed of is this product's outcome where others may fare
 * better. */
static enum aisle_status say_no_leaf(struct at_work *w, enum aisle_status status,
                                     const struct aisle_err *why, struct aisle_err *err)
{
    bool for_now = status == AISLE_BUSY || status == AISLE_GARBLED;

    if (!for_now && status != AISLE_REFUSED && status != AISLE_INVALID &&
        status != AISLE_NOT_FOUND) {
        aisle_pass(err, why);
        return status;
    }
    w->out->item.code = arena_str(&w->c->arena, str_of(why->remote_code));
    return say(w, for_now ? PUBLISH_LATER : PUBLISH_REFUSED,
               arena_str(&w->c->arena, str_of(why->text)));
}

/* Brands are asked for where products may be listed; what else is wrong with the leaf is
 * for the judge to say. */
static enum aisle_status use_brands(struct at_work *w, const struct leaf *leaf,
                                    struct aisle_err *err)
{
    const struct shop_category *c = &leaf->category;

    if (c->known && !(c->exists && c->is_leaf))
        return AISLE_OK;
    return desk_brands(w->c, leaf->id, w->product.brand, &w->shop.brands,
                       &w->shop.brand_count, err);
}

/* What asking about the leaf came to: AISLE_OK with *usable, or with an outcome. */
static enum aisle_status use_leaf(struct at_work *w, struct str category_id, bool *usable,
                                  struct aisle_err *err)
{
    struct desk *d = w->c->desk;
    const struct leaf *leaf;
    struct aisle_err why = {0};
    enum aisle_status status = desk_leaf(w->c, category_id, &leaf, err);

    *usable = false;
    if (status != AISLE_OK)
        return status;
    if (leaf->status != AISLE_OK)
        return say_no_leaf(w, leaf->status, &leaf->why, err);
    w->shop = (struct listing_shop){
        .market = d->shop.region,
        .cross_border = str_is(d->shop.seller_type, CHANNEL_CROSS_BORDER),
        .category = leaf->category,
        .warehouses_known = d->warehouses_known,
        .warehouses_later = d->request->offline,
        .warehouses = d->warehouses,
        .warehouse_count = d->warehouse_count,
    };
    w->request.requirement = leaf->has_requirement ? &leaf->requirement : NULL;
    status = use_brands(w, leaf, &why);
    if (status != AISLE_OK)
        return say_no_leaf(w, status, &why, err);
    *usable = true;
    return AISLE_OK;
}

/* ---- images ---- */

static const struct listing_image *main_images(struct at_work *w, size_t *count)
{
    static const struct listing_image none;
    struct listing_image *one;

    *count = w->request.image_count;
    if (*count)
        return w->request.images;
    if (w->product.image_location.n == 0)
        return &none;
    one = arena_zalloc(&w->c->arena, 1, sizeof *one);
    if (one)
        one->location = w->product.image_location;
    *count = one ? 1 : 0;
    return one;
}

/* Images of the product and of its variants in one row, and the request pointing there.
 */
static enum aisle_status hang_gallery(struct at_work *w, struct aisle_err *err)
{
    struct arena *arena = &w->c->arena;
    struct gallery *g = &w->gallery;
    size_t mains, n = w->request.variant_count;
    const struct listing_image *images = main_images(w, &mains);

    w->variants = arena_zalloc(arena, n, sizeof *w->variants);
    g->rows = arena_zalloc(arena, mains + n, sizeof *g->rows);
    g->bytes = arena_zalloc(arena, mains + n, sizeof *g->bytes);
    g->uses = arena_zalloc(arena, mains + n, sizeof *g->uses);
    g->repairs = arena_zalloc(arena, mains + n, sizeof *g->repairs);
    if (!images || !w->variants || !g->rows || !g->bytes || !g->uses || !g->repairs)
        return aisle_nomem(err);
    for (size_t i = 0; i < mains; i++)
        g->rows[i] = images[i];
    for (size_t i = 0; i < n; i++) {
        w->variants[i] = w->request.variants[i];
        g->rows[mains + i] = w->variants[i].image;
    }
    for (size_t i = 0; i < mains + n; i++) {
        g->bytes[i] = (struct buf)BUF_INIT(BUF_MAX_IMAGE);
        g->uses[i] = i < mains ? USE_MAIN : USE_SALES;
    }
    g->count = mains + n;
    w->request.images = g->rows;
    w->request.image_count = mains;
    w->request.variants = w->variants;
    return AISLE_OK;
}

/* What is known of the images by now, back to where the assembler reads it. */
static void show_gallery(struct at_work *w)
{
    size_t mains = w->request.image_count;

    for (size_t i = 0; i < w->request.variant_count; i++)
        w->variants[i].image = w->gallery.rows[mains + i];
}

/* ---- what goes along ---- */

static enum aisle_status hang_papers(struct at_work *w, struct aisle_err *err)
{
    struct papers_at_hand *p = &w->papers;
    enum aisle_status status = listing_papers(w->request.fields, w->request.field_count,
                                              &w->c->arena, &p->rows, &p->count, err);

    if (status != AISLE_OK)
        return status;
    p->repairs = arena_zalloc(&w->c->arena, p->count, sizeof *p->repairs);
    if (!p->repairs)
        return aisle_nomem(err);
    w->request.papers = p->rows;
    w->request.paper_count = p->count;
    return papers_look(w->c, w->product.seller_id, p, &w->out->findings, err);
}

/* Everything that is referred to by a uri or an id gets it; images another where those
 * they have are gone. */
static enum aisle_status push_all(struct at_work *w, bool gone, struct aisle_err *err)
{
    struct str seller_id = w->product.seller_id;
    enum aisle_status status = gallery_push(w->c, seller_id, &w->gallery, gone, err);

    return status == AISLE_OK ? papers_push(w->c, seller_id, &w->papers, gone, err)
                              : status;
}

/* ---- the draft ---- */

static struct listing_question question_of(const struct at_work *w,
                                           const struct listing_draft *draft)
{
    const struct desk *d = w->c->desk;

    return (struct listing_question){
        .draft = draft,
        .requirement = w->request.requirement,
        .shop = &w->shop,
        .limits = d->limits,
        .mode =
            d->request->draft && !d->global ? LISTING_MODE_DRAFT : LISTING_MODE_LISTING,
        .call = d->global                     ? LISTING_GLOBAL
                : w->out->listing.remote_id.n ? LISTING_EDIT
                                              : LISTING_CREATE,
        .now = clock_now_s(d->app->clock),
    };
}

/* A global product is priced in dollars, or in euro; what is in neither by the rates. One
 * that cannot be is left to the check. */
static enum aisle_status price_globally(struct at_work *w, struct aisle_err *err)
{
    struct listing_sku *skus =
        arena_zalloc(&w->c->arena, w->draft.sku_count, sizeof *skus);

    w->prices = arena_zalloc(&w->c->arena, w->draft.sku_count, sizeof *w->prices);
    if (!skus || !w->prices)
        return aisle_nomem(err);
    for (size_t i = 0; i < w->draft.sku_count; i++) {
        skus[i] = w->draft.skus[i];
        w->prices[i] = skus[i].price;
        if (!str_is(skus[i].price.currency, "EUR"))
            listing_convert(&w->c->desk->rates, &skus[i].price, STR_LIT("USD"),
                            &skus[i].price);
    }
    w->draft.skus = skus;
    return AISLE_OK;
}

static enum aisle_status assemble(struct at_work *w, struct aisle_err *err)
{
    struct publish_item *item = &w->out->item;
    struct assembled made;
    enum aisle_status status;

    show_gallery(w);
    status = listing_assemble(&w->request, &w->c->arena, &made, err);
    if (status != AISLE_OK)
        return status;
    item->requirement = w->request.requirement;
    item->fields = w->request.fields;
    item->field_count = w->request.field_count;
    item->unfilled = made.unfilled;
    item->unfilled_count = made.unfilled_count;
    item->warehouses = w->shop.warehouses;
    item->warehouse_count = w->shop.warehouse_count;
    w->draft = made.draft;
    if (w->draft.external_product_id.n == 0)
        w->draft.external_product_id = w->product.id; /* by which we know it again */
    if (w->c->desk->global)
        status = price_globally(w, err);
    return status == AISLE_OK && w->out->listing.remote_id.n
               ? clerk_name_skus(w->c, &w->out->listing, &w->draft, err)
               : status;
}

/* What the seller's rates leave without a price in a market asked for. */
static enum aisle_status check_prices(struct at_work *w, struct findings *findings,
                                      struct aisle_err *err)
{
    struct listing_publication there[ABROAD_MAX];
    struct str without;
    enum aisle_status status =
        clerk_prices(w->c, w->prices, w->draft.sku_count, there, &without, err);

    if (status == AISLE_OK && without.p)
        findings_add(
            findings,
            &(struct finding){.level = FINDING_ERROR,
                              .rule = "price-abroad",
                              .code = "12052571",
                              .path = STR_LIT("skus[0].price"),
                              .what = STR_LIT("there is no price for a market"),
                              .found = without,
                              .fix = STR_LIT("give a rate for its currency and for the "
                                             "product's under \"rates\" of --defaults")});
    return status;
}

/* The first that has its seller SKU too, or itself. */
static size_t first_with(const struct listing_draft *draft, size_t i)
{
    struct str sku = draft->skus[i].seller_sku;

    for (size_t k = 0; k < i && sku.n; k++)
        if (str_eq(draft->skus[k].seller_sku, sku))
            return k;
    return i;
}

/* Of these none could be made that tells them apart. */
static bool are_one_choice(const struct listing_sku *one, const struct listing_sku *other)
{
    bool same = one->attribute_count == other->attribute_count;

    for (size_t i = 0; same && i < one->attribute_count; i++)
        same = str_eq(str_trim(one->attributes[i].value_name),
                      str_trim(other->attributes[i].value_name));
    return same;
}

static struct str advice_for(const struct listing_sku *one,
                             const struct listing_sku *other)
{
    return are_one_choice(one, other)
               ? STR_LIT("give each variant an option it differs by, and a SKU of its "
                         "own or none")
               : STR_LIT("give each variant a SKU of its own, or leave it empty: one is "
                         "made then");
}

/* A marketplace takes them; but by it we tell which of its SKUs is whose. */
static void check_shared_skus(const struct listing_draft *draft,
                              struct findings *findings)
{
    for (size_t i = 1; i < draft->sku_count; i++) {
        size_t first = first_with(draft, i);

        if (first != i)
            findings_add(findings,
                         &(struct finding){
                             .level = FINDING_ERROR,
                             .rule = "seller-sku-twice",
                             .code = "",
                             .path = findings_fmt(findings, "skus[%zu].seller_sku", i),
                             .what = STR_LIT("two variants have one seller SKU"),
                             .found = draft->skus[i].seller_sku,
                             .fix = advice_for(&draft->skus[first], &draft->skus[i])});
    }
}

static enum aisle_status judge(struct at_work *w, const struct listing_question *q,
                               struct findings *findings, struct aisle_err *err)
{
    enum aisle_status status = listing_check(q, findings, err);

    check_shared_skus(q->draft, findings);
    if (status == AISLE_OK && w->c->desk->global)
        status = check_prices(w, findings, err);
    return status == AISLE_OK ? findings_check(findings, err) : status;
}

/* Check it; with `fix`, mend a copy, which takes its place, and check that. Findings
 * about images that could not be had stay. */
static enum aisle_status check(struct at_work *w, struct findings *findings,
                               struct aisle_err *err)
{
    struct listing_question q = question_of(w, &w->draft);
    struct findings before = *findings;
    struct listing_draft mended;
    enum aisle_status status = judge(w, &q, findings, err);

    if (status != AISLE_OK || !w->c->desk->request->fix)
        return status;
    status = listing_fix(&q, findings, &w->c->arena, &mended, &w->out->repairs, err);
    if (status != AISLE_OK || w->out->repairs.count == 0)
        return status;
    w->draft = mended;
    q.draft = &w->draft;
    *findings = before;
    return judge(w, &q, findings, err);
}

static enum aisle_status prepare(struct at_work *w, struct str category_id,
                                 struct aisle_err *err)
{
    struct desk *d = w->c->desk;
    const struct sellers_lessons *taught = desk_lessons(d, w->product.seller_id);
    enum aisle_status status;

    w->request.lessons = taught ? taught->rows : NULL;
    w->request.lesson_count = taught ? taught->count : 0;
    w->request.product = &w->product;
    w->request.category_id = category_id;
    w->request.category_version = d->target.version;
    w->request.shop = &w->shop;
    w->request.limits = d->limits;
    w->request.shop_defaults = d->has_shop_defaults ? &d->shop_defaults : NULL;
    w->request.category_defaults =
        desk_category_defaults(d, w->product.seller_category_id);
    w->request.save_mode = d->request->draft ? STR_LIT("AS_DRAFT") : STR_LIT("LISTING");
    status = listing_fields(&w->product, &w->c->arena, &w->request, err);
    if (status == AISLE_OK)
        status = hang_gallery(w, err);
    if (status == AISLE_OK)
        status =
            gallery_look(w->c, w->product.seller_id, &w->gallery, &w->out->findings, err);
    if (status == AISLE_OK)
        status = hang_papers(w, err);
    if (status == AISLE_OK)
        status = assemble(w, err);
    if (status == AISLE_OK)
        status = check(w, &w->out->findings, err);
    return status;
}

/* What would be wrong with it as a draft: TikTok judges the two apart. */
static enum aisle_status check_draft(struct at_work *w, struct aisle_err *err)
{
    struct listing_question q = question_of(w, &w->draft);
    enum aisle_status status;

    q.mode = LISTING_MODE_DRAFT;
    q.no_tips = true;
    w->out->as_draft = (struct findings){.arena = &w->c->arena};
    w->out->item.as_draft = &w->out->as_draft;
    for (size_t i = 0; i < w->out->findings.count; i++)
        if (strcmp(w->out->findings.rows[i].rule, gallery_rule) == 0)
            findings_add(&w->out->as_draft, &w->out->findings.rows[i]);
    status = listing_check(&q, &w->out->as_draft, err);
    check_shared_skus(q.draft, &w->out->as_draft);
    return status == AISLE_OK ? findings_check(&w->out->as_draft, err) : status;
}

/* ---- the marketplace's own check ---- */

struct remote_check {
    struct str body;
    struct arena *arena;
    struct channel_listing_check out;
};

static enum aisle_status check_once(void *ctx, struct channel_session *to,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct remote_check *r = ctx;

    return to->ops->listing->check(to, r->body, r->arena, &r->out, meta, err);
}

/* Two codes stand for hundreds of things: what is meant is the member its text names. */
static bool is_general(struct str code)
{
    return str_is(code, "36009004") || str_is(code, "98001004");
}

static bool found_in(const struct findings *f, struct str message)
{
    for (size_t i = 0; i < f->count; i++) {
        struct str member = f->rows[i].path;
        size_t n = 0;

        while (n < member.n && member.p[n] != '.' && member.p[n] != '[')
            n++;
        member.n = n;
        if (f->rows[i].level == FINDING_ERROR && n &&
            str_find(message, member) < message.n)
            return true;
    }
    return false;
}

/* What we found ourselves is not said twice. */
static void take_reason(struct at_work *w, const struct channel_verdict_line *line)
{
    struct findings *f = &w->out->findings;

    if (is_general(line->code) ? found_in(f, line->message)
                               : line->code.n && findings_have_code(f, line->code.p))
        return;
    w->out->item.remote_alone++;
    findings_add(f, &(struct finding){
                        .level = FINDING_ERROR,
                        .rule = "marketplace-check",
                        .code = line->code.p, /* text of an arena ends in a NUL */
                        .path = STR_LIT(""),
                        .what = line->message,
                    });
}

static enum aisle_status check_remote(struct at_work *w, struct aisle_err *err)
{
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct remote_check r = {.arena = &w->c->arena};
    struct findings again = {.arena = &w->c->arena};
    enum aisle_status status;

    if (!w->c->desk->channel->listing->check)
        return aisle_fail(err, AISLE_INVALID,
                          "the marketplace has no check of global products");
    status = push_all(w, false, err);
    if (status == AISLE_OK)
        status = assemble(w, err);
    if (status == AISLE_OK)
        status = check(w, &again, err); /* with the uris: mends the same once more */
    if (status != AISLE_OK)
        return status;
    listing_write_body(&w->draft, BODY_CHECK, &body);
    status = buf_check(&body, "a product", err);
    r.body = buf_str(&body);
    if (status == AISLE_OK)
        status = session_call(&w->c->session, check_once, &r, NULL, err);
    for (size_t i = 0; status == AISLE_OK && i < r.out.reason_count; i++)
        take_reason(w, &r.out.reasons[i]);
    if (status == AISLE_OK) {
        w->out->item.remote_asked = true;
        w->out->item.remote_passed = r.out.passed;
    }
    buf_clear(&body);
    return status;
}

/* ---- all of it ---- */

/* A failure that is this product's, not the run's. */
static bool is_the_products(enum aisle_status status)
{
    return status == AISLE_REFUSED || status == AISLE_INVALID || status == AISLE_BUSY ||
           status == AISLE_GARBLED || status == AISLE_LIMIT || status == AISLE_CONFLICT;
}

static enum aisle_status fail_product(struct at_work *w, enum aisle_status status,
                                      const struct aisle_err *why, struct aisle_err *err)
{
    bool for_now = status == AISLE_BUSY || status == AISLE_GARBLED ||
                   status == AISLE_LIMIT || status == AISLE_CONFLICT;

    if (!is_the_products(status)) {
        aisle_pass(err, why);
        return status;
    }
    w->out->item.code = arena_str(&w->c->arena, str_of(why->remote_code));
    return say(w, for_now ? PUBLISH_LATER : PUBLISH_REFUSED,
               arena_str(&w->c->arena, str_of(why->text)));
}

/* *gone, as it comes: the uris of its images are known there no more; as it goes: it was
 * refused for that. */
static enum aisle_status send_it(struct at_work *w, bool *gone, struct aisle_err *err)
{
    struct sending s = {
        .product = &w->product, .draft = &w->draft, .listing = &w->out->listing};
    enum aisle_status status = push_all(w, *gone, err);
    struct findings again = {.arena = &w->c->arena};

    if (status == AISLE_OK)
        status = assemble(w, err);
    if (status == AISLE_OK)
        status = check(w, &again, err); /* with the uris: mends the same once more */
    s.prices = w->prices;
    if (status == AISLE_OK)
        status = clerk_send(w->c, &s, w->out, err);
    *gone = s.image_gone;
    return status;
}

/* With images the marketplace forgot, it is sent once more with fresh ones. */
static enum aisle_status send(struct at_work *w, struct aisle_err *err)
{
    bool gone = false;
    enum aisle_status status = send_it(w, &gone, err);

    if (status == AISLE_OK && gone)
        status = send_it(w, &gone, err);
    if (status == AISLE_OK && w->out->listing.version_no)
        w->out->item.listing = &w->out->listing;
    return status;
}

static enum aisle_status go_on(struct at_work *w, struct str category_id,
                               struct aisle_err *err)
{
    const struct publish_request *r = w->c->desk->request;
    enum aisle_status status = prepare(w, category_id, err);

    if (status == AISLE_OK && r->check_only)
        status = check_draft(w, err);
    if (status == AISLE_OK && r->check_only && r->remote)
        status = check_remote(w, err);
    if (status != AISLE_OK)
        return status;
    findings_sort(&w->out->findings);
    if (w->out->findings.errors)
        return say(w, PUBLISH_WRONG,
                   arena_fmt(&w->c->arena, "%zu error%s", w->out->findings.errors,
                             w->out->findings.errors == 1 ? "" : "s"));
    if (r->check_only)
        return say(w, PUBLISH_READY, STR_LIT(""));
    return send(w, err);
}

/* Those of images before those of the text. */
static enum aisle_status join_repairs(struct at_work *w, struct aisle_err *err)
{
    struct listing_repairs *all = &w->out->repairs;
    const struct listing_repairs parts[] = {{w->gallery.repairs, w->gallery.repair_count},
                                            {w->papers.repairs, w->papers.repair_count},
                                            *all};
    size_t count = parts[0].count + parts[1].count + parts[2].count, n = 0;
    struct listing_repair *rows;

    if (count == parts[2].count)
        return AISLE_OK;
    rows = arena_alloc(&w->c->arena, count * sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < parts[i].count; k++)
            rows[n++] = parts[i].rows[k];
    *all = (struct listing_repairs){rows, count};
    return AISLE_OK;
}

enum aisle_status clerk_publish(struct clerk *c, const struct product_key *key,
                                struct outcome *out, struct aisle_err *err)
{
    struct at_work w = {.c = c, .out = out};
    struct aisle_err why = {0};
    struct str category_id = {0};
    bool usable = false;
    enum aisle_status status;

    *out = (struct outcome){.findings = {.arena = &c->arena}};
    out->item.findings = &out->findings;
    out->item.repairs = &out->repairs;
    status = load(&w, key, err);
    if (status == AISLE_OK)
        status = find_leaf(&w, &category_id, err);
    if (status == AISLE_OK)
        status = check_seen(&w.product, category_id, &key->seen, err);
    if (status == AISLE_OK && category_id.n)
        status = use_leaf(&w, category_id, &usable, err);
    if (status == AISLE_OK && usable) {
        status = go_on(&w, category_id, &why);
        if (status != AISLE_OK)
            status = fail_product(&w, status, &why, err);
    }
    if (status == AISLE_OK)
        status = join_repairs(&w, err);
    gallery_clear(&w.gallery);
    return status;
}
