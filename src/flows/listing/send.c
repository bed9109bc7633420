/* send.c - a draft that was found right, sent so that it is never there twice */
#include "base/json.h"
#include "flows/listing/desk.h"
#include "flows/listing/look.h"
#include "listing/body.h"

enum { MOST_TRIES = 3, DAY_S = 24 * 3600 };

static struct store *store_of(const struct clerk *c)
{
    return c->desk->app->store;
}

static int64_t now_of(const struct clerk *c)
{
    return clock_now_s(c->desk->app->clock);
}

enum aisle_status clerk_keep(struct clerk *c, struct listing *l, struct aisle_err *err)
{
    int64_t version_no = 0;
    enum aisle_status status;

    l->updated_at = now_of(c);
    status = store_of(c)->ops->listings->put(store_of(c), l, &version_no, err);
    if (status == AISLE_OK)
        l->version_no = version_no;
    return status;
}

static enum aisle_status say(struct outcome *out, enum publish_outcome outcome,
                             struct str code, struct str text)
{
    out->item.outcome = outcome;
    out->item.code = code;
    out->item.text = text;
    return AISLE_OK;
}

/* What a draft says, whenever it is sent and however often: no key, no ids of SKUs. */
static enum aisle_status digest_of(struct clerk *c, const struct listing_draft *draft,
                                   struct str *out, struct aisle_err *err)
{
    struct listing_draft plain = *draft;
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    char hex[SHA256_HEX_LEN + 1];
    struct sha256 digest;
    enum aisle_status status;

    plain.idempotency_key = (struct str){0};
    listing_write_body(&plain, BODY_CREATE, &body); /* which has no ids of SKUs */
    status = buf_check(&body, "a product", err);
    if (status == AISLE_OK)
        status = sha256_of(buf_str(&body), &digest, err);
    buf_clear(&body);
    if (status != AISLE_OK)
        return status;
    sha256_hex(&digest, hex);
    *out = arena_str(&c->arena, str_of(hex));
    return out->p ? AISLE_OK : aisle_nomem(err);
}

/* ---- what came back ---- */

static struct str texts_format(const struct str *rows, size_t count, struct arena *arena)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct json_out o = {.buf = &text};
    struct str out;

    json_open_list(&o);
    for (size_t i = 0; i < count; i++)
        json_put_str(&o, rows[i]);
    json_close_list(&o);
    out = buf_check(&text, "the warnings", NULL) == AISLE_OK
              ? arena_str(arena, buf_str(&text))
              : (struct str){0};
    buf_clear(&text);
    return out;
}

static enum aisle_status take_listed(struct clerk *c, struct sending *s,
                                     const struct channel_listed *listed,
                                     const struct channel_meta *meta,
                                     struct aisle_err *err)
{
    struct listing *l = s->listing;
    bool draft = c->desk->request->draft;

    if (listed->product_id.n)
        l->remote_id = listed->product_id;
    if (c->desk->global)
        l->platforms = STR_LIT(CHANNEL_GLOBAL);
    if (c->desk->global && l->state == LISTING_ABSENT)
        l->state = LISTING_DRAFT; /* until it is published */
    else if (!c->desk->global && (l->state != LISTING_LIVE || draft))
        l->state = draft ? LISTING_DRAFT : LISTING_PENDING;
    l->audit = listed->audit.n ? listed->audit
               : draft         ? STR_LIT("NONE")
                               : STR_LIT("AUDITING");
    l->category_id = s->draft->category_id;
    l->version = c->desk->target.version;
    if (listed->sku_count)
        l->skus = skus_sent(listed, s->draft, &c->arena);
    l->warnings = texts_format(listed->warnings, listed->warning_count, &c->arena);
    l->request_id = arena_str(&c->arena, str_of(meta->request_id));
    if ((listed->sku_count && !l->skus.p) || !l->warnings.p || !l->request_id.p)
        return aisle_nomem(err);
    l->doing = LISTING_IDLE;
    l->code = l->reason = l->refused_hash = STR_LIT("");
    l->attempted_at = l->retry_at = 0;
    l->status_at = now_of(c);
    return clerk_keep(c, l, err);
}

/* The cap of a day is over when the next begins; by whose clock no page says. */
static int64_t tomorrow(int64_t now)
{
    return now - now % DAY_S + DAY_S;
}

static bool is_refusal(enum aisle_status status)
{
    return status == AISLE_REFUSED || status == AISLE_INVALID || status == AISLE_LIMIT ||
           status == AISLE_NOT_FOUND;
}

/* With what to do about it, where their words do not say. */
static struct str reason_of(struct clerk *c, const struct aisle_err *why)
{
    if (strcmp(why->remote_code, "12052701") == 0 && !c->desk->global)
        return arena_fmt(&c->arena,
                         "%s: a cross-border seller's shop lists global products, with "
                         "--target %.*s:%.*s:" CHANNEL_GLOBAL,
                         why->text, STR_ARG(c->desk->target.shop_id),
                         STR_ARG(c->desk->target.version));
    return arena_str(&c->arena, str_of(why->text));
}

/* It was turned down for certain: nothing is under way any more. */
static enum aisle_status take_refusal(struct clerk *c, struct sending *s, struct str hash,
                                      bool edit, const struct aisle_err *why,
                                      struct outcome *out, struct aisle_err *err)
{
    struct listing *l = s->listing;
    bool capped = why->status == AISLE_LIMIT;
    enum aisle_status status;

    l->doing = LISTING_IDLE;
    l->attempted_at = 0;
    if (!edit)
        l->sent_hash = l->skus = STR_LIT("");
    l->refused_hash = capped || s->image_gone ? STR_LIT("") : hash;
    l->retry_at = capped ? tomorrow(now_of(c)) : 0;
    l->code = arena_str(&c->arena, str_of(why->remote_code));
    l->reason = reason_of(c, why);
    l->request_id = arena_str(&c->arena, str_of(why->request_id));
    if (!l->code.p || !l->reason.p || !l->request_id.p)
        return aisle_nomem(err);
    status = clerk_keep(c, l, err);
    if (status != AISLE_OK)
        return status;
    if (capped) {
        pthread_mutex_lock(&c->desk->lock);
        c->desk->result.capped = true;
        pthread_mutex_unlock(&c->desk->lock);
    }
    return say(out, capped ? PUBLISH_LATER : PUBLISH_REFUSED, l->code, l->reason);
}

/* ---- nobody knows ---- */

static enum aisle_status stay_unknown(struct outcome *out, struct clerk *c,
                                      const struct aisle_err *why)
{
    return say(out, PUBLISH_LATER, arena_str(&c->arena, str_of(why->remote_code)),
               arena_str(&c->arena, str_of(why->text)));
}

static bool is_lost(enum aisle_status status)
{
    return status == AISLE_BUSY || status == AISLE_GARBLED;
}

/* ---- edit ---- */

struct edit {
    struct str product_id, body;
    struct arena *arena;
    struct channel_listed out;
};

static enum aisle_status edit_once(void *ctx, struct channel_session *to,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    struct edit *e = ctx;

    return to->ops->listing->edit(to, e->product_id, EDIT_WHOLE, e->body, e->arena,
                                  &e->out, meta, err);
}

/* Of which tongue a global product is was said when it was made. */
static void write_edit(const struct clerk *c, const struct sending *s, struct buf *body)
{
    struct listing_draft plain = *s->draft;

    if (c->desk->global)
        plain.locale = (struct str){0};
    listing_write_body(&plain, c->desk->global ? BODY_GLOBAL_EDIT : BODY_EDIT, body);
}

static enum aisle_status edit(struct clerk *c, struct sending *s, struct str hash,
                              struct outcome *out, struct aisle_err *err)
{
    struct listing *l = s->listing;
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct edit ask = {.product_id = l->remote_id, .arena = &c->arena};
    struct channel_meta meta = {0};
    struct aisle_err why = {0};
    enum aisle_status status;

    l->doing = LISTING_EDITING;
    l->attempted_at = now_of(c);
    status = clerk_keep(c, l, err);
    if (status == AISLE_OK) {
        write_edit(c, s, &body);
        status = buf_check(&body, "a product", err);
    }
    ask.body = buf_str(&body);
    if (status == AISLE_OK)
        status = session_call(&c->session, edit_once, &ask, &meta, &why);
    buf_clear(&body);
    if (status == AISLE_OK) {
        l->sent_hash = hash;
        status = take_listed(c, s, &ask.out, &meta, err);
        return status == AISLE_OK ? say(out, PUBLISH_EDITED, STR_LIT(""), STR_LIT(""))
                                  : status;
    }
    s->image_gone = meta.image_gone;
    if (is_refusal(why.status))
        return take_refusal(c, s, hash, true, &why, out, err);
    if (is_lost(why.status))
        return stay_unknown(out, c, &why);
    aisle_pass(err, &why);
    return status;
}

/* ---- create ---- */

struct create {
    struct clerk *c;
    struct listing *listing;
    struct str body;
    struct channel_listed out;
};

/* Until a turn came, or a 429 was over, it surely was not taken. */
static enum aisle_status note_sending(void *ctx, struct aisle_err *err)
{
    struct create *a = ctx;
    int64_t now = now_of(a->c);

    if (a->listing->attempted_at == now)
        return AISLE_OK;
    a->listing->attempted_at = now;
    return clerk_keep(a->c, a->listing, err);
}

static enum aisle_status create_once(void *ctx, struct channel_session *to,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    struct create *a = ctx;
    struct channel_session told = *to;

    told.about_to_send = note_sending;
    told.about_ctx = a;
    return to->ops->listing->create(&told, a->body, &a->c->arena, &a->out, meta, err);
}

static enum aisle_status write_create(struct clerk *c, struct sending *s,
                                      struct buf *body, struct aisle_err *err)
{
    s->draft->idempotency_key = s->listing->attempt;
    listing_write_body(s->draft, c->desk->global ? BODY_GLOBAL : BODY_CREATE, body);
    return buf_check(body, "a product", err);
}

/* Written down before it is sent. A second attempt has the first one's key, and where its
 * body is another nobody knows which of the two was taken: it is found by the SKUs of
 * either. */
static enum aisle_status intend(struct clerk *c, struct sending *s, struct str hash,
                                struct aisle_err *err)
{
    struct listing *l = s->listing;
    bool again = l->doing == LISTING_CREATING;
    bool other = again && !str_eq(l->sent_hash, hash);
    char uuid[UUID_LEN + 1];
    enum aisle_status status =
        skus_intend(again ? l->skus : STR_LIT(""), s->draft, &c->arena, &l->skus, err);

    if (status != AISLE_OK)
        return status;
    if (!again) {
        uuid_v4(c->desk->app->rng, uuid);
        l->attempt = arena_str(&c->arena, str_of(uuid));
        if (!l->attempt.p)
            return aisle_nomem(err);
    }
    l->doing = LISTING_CREATING;
    l->remote_id = STR_LIT("");
    l->state = LISTING_ABSENT;
    l->sent_hash = other ? STR_LIT("") : hash;
    l->attempted_at = now_of(c);
    return clerk_keep(c, l, err);
}

/* What is there may be of an earlier attempt, with another body: it is made what is meant
 * now. */
static enum aisle_status bring_up(struct clerk *c, struct sending *s, struct str hash,
                                  enum publish_outcome as_it_is, struct outcome *out,
                                  struct aisle_err *err)
{
    enum aisle_status status;

    if (str_eq(s->listing->sent_hash, hash))
        return say(out, as_it_is, STR_LIT(""), STR_LIT(""));
    status = clerk_name_skus(c, s->listing, s->draft, err);
    return status == AISLE_OK ? edit(c, s, hash, out, err) : status;
}

static enum aisle_status take_found(struct clerk *c, struct sending *s,
                                    const struct channel_product *found,
                                    struct aisle_err *err)
{
    struct listing *l = s->listing;
    enum aisle_status status = look_into(found, now_of(c), &c->arena, l, err);

    if (status != AISLE_OK)
        return status;
    l->doing = LISTING_IDLE;
    l->attempted_at = 0;
    l->code = STR_LIT("");
    l->version = c->desk->target.version;
    if (c->desk->global)
        l->platforms = STR_LIT(CHANNEL_GLOBAL);
    if (l->category_id.n == 0)
        l->category_id = s->draft->category_id;
    return clerk_keep(c, l, err);
}

/* It is there: the create before was taken, though its answer never came. */
static enum aisle_status adopt(struct clerk *c, struct sending *s, struct str hash,
                               const struct channel_product *found, struct outcome *out,
                               struct aisle_err *err)
{
    enum aisle_status status = take_found(c, s, found, err);

    return status == AISLE_OK ? bring_up(c, s, hash, PUBLISH_FOUND, out, err) : status;
}

/* It failed: for now, or for good. */
static enum aisle_status cannot_tell(struct clerk *c, enum aisle_status status,
                                     const struct aisle_err *why, struct outcome *out,
                                     struct aisle_err *err)
{
    if (is_lost(status))
        return stay_unknown(out, c, why);
    aisle_pass(err, why);
    return status;
}

/* It may have been taken as late as now: a call can take as long as a search's lag. */
static enum aisle_status note_lost(struct clerk *c, struct sending *s,
                                   struct aisle_err *err)
{
    s->listing->attempted_at = now_of(c);
    return clerk_keep(c, s->listing, err);
}

/* One attempt, and what came of it; a failure of its own is ours. */
struct tried {
    enum aisle_status status;
    struct aisle_err why;
    struct channel_meta meta;
    struct channel_listed out;
};

static enum aisle_status try_create(struct clerk *c, struct sending *s, struct str hash,
                                    struct tried *t, struct aisle_err *err)
{
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct create ask = {.c = c, .listing = s->listing};
    enum aisle_status status = intend(c, s, hash, err);

    *t = (struct tried){0};
    if (status == AISLE_OK)
        status = write_create(c, s, &body, err);
    ask.body = buf_str(&body);
    if (status == AISLE_OK)
        t->status = session_call(&c->session, create_once, &ask, &t->meta, &t->why);
    t->out = ask.out;
    buf_clear(&body);
    return status;
}

/* Turned away unread: what was not under way before is not now. */
static enum aisle_status turned_away(struct clerk *c, struct sending *s, bool unknown,
                                     const struct tried *t, struct outcome *out,
                                     struct aisle_err *err)
{
    struct listing *l = s->listing;
    enum aisle_status status = AISLE_OK;

    if (!unknown) {
        l->doing = LISTING_IDLE;
        l->attempted_at = 0;
        l->sent_hash = l->skus = STR_LIT("");
        status = clerk_keep(c, l, err);
    }
    return status == AISLE_OK ? cannot_tell(c, t->status, &t->why, out, err) : status;
}

/* Send it, as often as it surely was not taken. `unknown`: an earlier attempt may have
 * been taken, and its key may be known there. */
static enum aisle_status create(struct clerk *c, struct sending *s, struct str hash,
                                bool unknown, struct outcome *out, struct aisle_err *err)
{
    struct channel_product found;
    struct tried t;

    for (int n = 0; n < MOST_TRIES; n++) {
        struct aisle_err blind = {0};
        enum aisle_status status = try_create(c, s, hash, &t, err);
        bool there = false;

        if (status != AISLE_OK)
            return status;
        if (t.status == AISLE_OK) {
            status = take_listed(c, s, &t.out, &t.meta, err);
            return status == AISLE_OK ? bring_up(c, s, hash, PUBLISH_CREATED, out, err)
                                      : status;
        }
        s->image_gone = t.meta.image_gone;
        if (t.meta.throttled)
            return turned_away(c, s, unknown, &t, out, err);
        if (is_refusal(t.status) && !unknown)
            return take_refusal(c, s, hash, false, &t.why, out, err);
        if (!is_refusal(t.status) && !is_lost(t.status))
            break;
        /* lost; or refused, perhaps because its key was used by the lost one */
        if (is_lost(t.status))
            status = note_lost(c, s, &blind);
        if (status == AISLE_OK)
            status = clerk_find_lost(c, s, &found, &there, &blind);
        if (status != AISLE_OK)
            return cannot_tell(c, status, &blind, out, err);
        if (there)
            return adopt(c, s, hash, &found, out, err);
        if (is_refusal(t.status))
            return take_refusal(c, s, hash, false, &t.why, out, err);
        unknown = true;
    }
    return cannot_tell(c, t.status, &t.why, out, err);
}

/* ---- which of them ---- */

static bool is_capped(struct clerk *c)
{
    bool capped;

    pthread_mutex_lock(&c->desk->lock);
    capped = c->desk->result.capped;
    pthread_mutex_unlock(&c->desk->lock);
    return capped;
}

static enum aisle_status change(struct clerk *c, struct sending *s, struct str hash,
                                struct outcome *out, struct aisle_err *err)
{
    struct listing *l = s->listing;

    if ((l->doing == LISTING_IDLE || l->doing == LISTING_PUBLISHING) &&
        str_eq(l->sent_hash, hash))
        return say(out, PUBLISH_SAME, STR_LIT(""), STR_LIT(""));
    if (l->state == LISTING_FROZEN)
        return say(out, PUBLISH_REFUSED, STR_LIT(""),
                   STR_LIT("the marketplace froze it: ask their support"));
    return edit(c, s, hash, out, err);
}

/* What stands in the way of sending, told as the outcome. */
static bool must_wait(struct clerk *c, struct sending *s, struct str hash,
                      struct outcome *out)
{
    struct listing *l = s->listing;
    bool again = c->desk->request->again;

    if (!again && l->retry_at > now_of(c)) {
        say(out, PUBLISH_LATER, l->code, l->reason);
        return true;
    }
    if (!again && l->doing == LISTING_IDLE && l->refused_hash.n &&
        str_eq(l->refused_hash, hash)) {
        say(out, PUBLISH_REFUSED, l->code, l->reason);
        return true;
    }
    if (!again && l->state == LISTING_DELETED) {
        say(out, PUBLISH_REFUSED, STR_LIT(""),
            STR_LIT("it was deleted: recover it, or list it anew with --again"));
        return true;
    }
    if (l->remote_id.n == 0 && is_capped(c)) {
        say(out, PUBLISH_LATER, STR_LIT(""),
            STR_LIT("the shop may list no more products today"));
        return true;
    }
    return false;
}

/* What the shop has of it is taken over: one of ours that a lost store knew of is edited
 * at once, what somebody made by hand stays as it is until the next time. */
static enum aisle_status take_over(struct clerk *c, struct sending *s, struct str hash,
                                   const struct already *there, struct outcome *out,
                                   struct aisle_err *err)
{
    struct listing *l = s->listing;
    enum aisle_status status;

    if (there->is == ALREADY_UNLIKE)
        return say(out, PUBLISH_REFUSED, STR_LIT(""), there->text);
    l->sent_hash = l->refused_hash = STR_LIT("");
    if (there->is == ALREADY_OURS)
        return adopt(c, s, hash, &there->product, out, err);
    status = take_found(c, s, &there->product, err);
    return status == AISLE_OK ? say(out, PUBLISH_FOUND, STR_LIT(""), there->text)
                              : status;
}

/* Nothing of it was ever sent, or is there any more, as far as we know: but the shop may
 * have it. */
static enum aisle_status begin(struct clerk *c, struct sending *s, struct str hash,
                               struct outcome *out, struct aisle_err *err)
{
    struct already there = {0};
    struct aisle_err why = {0};
    enum aisle_status status = clerk_find_already(c, s, &there, &why);

    if (status != AISLE_OK)
        return cannot_tell(c, status, &why, out, err);
    if (there.is != ALREADY_NOT)
        return take_over(c, s, hash, &there, out, err);
    return create(c, s, hash, false, out, err);
}

static enum aisle_status send(struct clerk *c, struct sending *s, struct outcome *out,
                              struct aisle_err *err)
{
    struct listing *l = s->listing;
    struct channel_product found;
    struct aisle_err why = {0};
    bool there = false;
    struct str hash;
    enum aisle_status status = digest_of(c, s->draft, &hash, err);

    if (status != AISLE_OK || must_wait(c, s, hash, out))
        return status;
    if (l->doing == LISTING_CREATING) {
        status = clerk_find_lost(c, s, &found, &there, &why);
        if (status != AISLE_OK)
            return cannot_tell(c, status, &why, out, err);
        return there ? adopt(c, s, hash, &found, out, err)
                     : create(c, s, hash, true, out, err);
    }
    if (l->remote_id.n && l->state != LISTING_DELETED)
        return change(c, s, hash, out, err);
    return begin(c, s, hash, out, err);
}

enum aisle_status clerk_send(struct clerk *c, struct sending *s, struct outcome *out,
                             struct aisle_err *err)
{
    bool look = s->listing->doing != LISTING_IDLE;
    enum aisle_status status = send(c, s, out, err);
    bool there =
        s->listing->remote_id.n &&
        (out->item.outcome == PUBLISH_CREATED || out->item.outcome == PUBLISH_EDITED ||
         out->item.outcome == PUBLISH_FOUND || out->item.outcome == PUBLISH_SAME);

    if (status != AISLE_OK || !there || !c->desk->global || c->desk->request->draft)
        return status;
    return clerk_spread(c, s, look || out->item.outcome == PUBLISH_FOUND, out, err);
}
