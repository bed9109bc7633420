#include "flows/uploads.h"

#include "image/keep.h"

/* ---- mending ---- */

static struct str tell(const struct image_facts *was, const struct image_mended *is,
                       struct arena *arena)
{
    struct buf words = BUF_INIT(BUF_MAX_LINE);
    struct str told;

    image_tell_mended(was, is, &words);
    told = words.failed ? (struct str){0} : arena_str(arena, buf_str(&words));
    buf_clear(&words);
    return told;
}

/* What a folder gives back is looked at like what comes from a process. */
static bool is_kept(const struct app *app, const struct sha256 *original,
                    const struct image_need *need, struct buf *out,
                    struct image_mended *is)
{
    return image_keep_find(app->image_folder, original, need, out, NULL) == AISLE_OK &&
           image_look(buf_str(out), &is->facts, NULL) == AISLE_OK &&
           image_flaws(&is->facts, need) == 0;
}

static enum aisle_status mend_anew(const struct app *app, const struct sha256 *original,
                                   const struct image_need *need, struct str bytes,
                                   const struct image_facts *facts, struct buf *out,
                                   struct image_mended *is, struct aisle_err *err)
{
    const struct image_mender mender = {.helpers = app->image_helpers, .over = app->stop};
    enum aisle_status status = image_mend(&mender, bytes, facts, need, out, is, err);
    struct aisle_err why = {0};

    if (status == AISLE_OK && app->image_folder.n &&
        image_keep_put(app->image_folder, original, need, buf_str(out), &why) != AISLE_OK)
        log_line(app->log, LOG_WARN, "%s", why.text); /* it is mended again next time */
    return status;
}

enum aisle_status uploads_mend(const struct app *app, const struct image_need *need,
                               struct buf *bytes, struct image_facts *facts,
                               struct arena *arena, struct str *told,
                               struct aisle_err *err)
{
    struct buf out = BUF_INIT(BUF_MAX_IMAGE);
    struct image_mended is = {.flaws = image_flaws(facts, need)};
    struct sha256 original;
    struct str words;
    enum aisle_status status = sha256_of(buf_str(bytes), &original, err);

    if (status == AISLE_OK && !is_kept(app, &original, need, &out, &is))
        status = mend_anew(app, &original, need, buf_str(bytes), facts, &out, &is, err);
    if (status == AISLE_OK) {
        words = tell(facts, &is, arena);
        if (!words.p)
            status = aisle_nomem(err);
    }
    if (status == AISLE_OK) {
        struct buf was = *bytes;

        *bytes = out;
        out = was;
        *facts = is.facts;
        *told = words;
    }
    buf_clear(&out);
    return status;
}

enum aisle_status uploads_ground(const struct app *app, struct str bytes,
                                 const struct image_facts *facts, enum listing_flag *out,
                                 struct aisle_err *err)
{
    const struct image_mender looker = {.helpers = app->image_helpers, .over = app->stop};
    struct aisle_err why = {0};
    bool white = false;
    enum aisle_status status = image_find_ground(&looker, bytes, facts, &white, &why);

    if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
        aisle_pass(err, &why);
        return status;
    }
    *out = status != AISLE_OK ? LISTING_UNSAID : white ? LISTING_YES : LISTING_NO;
    return AISLE_OK;
}

/* ---- names ---- */

enum { NAME_MAX_STEM = 60 };

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Behind the last slash and before what follows a file's name in an address. */
static struct str stem_of(struct str location)
{
    struct str name = location;

    if (str_starts(location, "http://") || str_starts(location, "https://"))
        name = str_head(name, str_find_char(name, '?'));
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/') {
            name = str_skip(name, i);
            break;
        }
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '.')
            return str_head(name, i - 1);
    return name;
}

struct str upload_name(struct str location, const char *ending, struct arena *arena)
{
    struct str stem = str_head(stem_of(location), NAME_MAX_STEM);
    struct buf name = BUF_INIT(256);
    struct str made;

    for (size_t i = 0; i < stem.n; i++)
        if (is_plain(stem.p[i]))
            buf_addc(&name, stem.p[i]);
        else if (name.n) /* what is first has to be a letter or a digit */
            buf_addc(&name, stem.p[i] == '-' ? '-' : '_');
    if (name.n == 0)
        buf_addz(&name, "file");
    buf_addf(&name, ".%s", ending);
    made = name.failed ? (struct str){0} : arena_str(arena, buf_str(&name));
    buf_clear(&name);
    return made;
}

static const char *ending_of(enum image_kind kind)
{
    static const char *const endings[] = {
        [IMAGE_JPEG] = "jpg", [IMAGE_PNG] = "png",     [IMAGE_WEBP] = "webp",
        [IMAGE_GIF] = "gif",  [IMAGE_BMP] = "bmp",     [IMAGE_HEIC] = "heic",
        [IMAGE_TIFF] = "tif", [IMAGE_UNKNOWN] = "bin",
    };

    return endings[kind];
}

/* ---- what both have in common ---- */

/* One kind of thing to send: `send` fills *out with what came back. */
struct sending {
    const struct uploads *u;
    enum aisle_status (*send)(const struct sending *s, struct pushed_image *out,
                              struct aisle_err *err);
    const void *what;
    struct str bytes, use_case, name, gone;
};

/* `after`: when what it replaces was sent, as the last one counts. */
static enum aisle_status send_new(const struct sending *s, const struct sha256 *hash,
                                  int64_t after, struct pushed_image *out,
                                  struct aisle_err *err)
{
    const struct uploads *u = s->u;
    struct run_step step = {.pushed = out};
    int64_t now = clock_now_s(u->app->clock);
    char uuid[UUID_LEN + 1];
    enum aisle_status status = s->send(s, out, err);

    if (status != AISLE_OK)
        return status;
    uuid_v4(u->app->rng, uuid);
    out->id = arena_str(u->arena, str_of(uuid));
    out->seller_id = u->seller_id;
    out->shop_id = u->shop_id;
    out->bytes_hash = *hash;
    out->use_case = s->use_case;
    out->pushed_at = now > after ? now : after + 1;
    if (!out->id.p)
        return aisle_nomem(err);
    return u->app->store->ops->work->put_step(u->app->store, &step, err);
}

static enum aisle_status send_once(const struct sending *s, struct pushed_image *out,
                                   bool *is_new, struct aisle_err *err)
{
    const struct uploads *u = s->u;
    struct store *store = u->app->store;
    struct pushed_image pushed = {0};
    int64_t after = 0;
    struct aisle_err none = {0};
    struct sha256 hash;
    enum aisle_status status = sha256_of(s->bytes, &hash, err);
    bool fresh;
    uint64_t key;

    if (status != AISLE_OK)
        return status;
    key = str_hash(str_n((const char *)hash.b, sizeof hash.b));
    once_enter(u->once, key);
    status = store->ops->catalogue->find_pushed(store, u->seller_id, u->shop_id, &hash,
                                                s->use_case, u->arena, &pushed, &none);
    fresh = status == AISLE_NOT_FOUND ||
            (status == AISLE_OK && s->gone.n && str_eq(pushed.uri, s->gone));
    if (fresh && status == AISLE_OK)
        after = pushed.pushed_at;
    if (fresh)
        status = send_new(s, &hash, after, &pushed, err);
    else if (status != AISLE_OK)
        aisle_pass(err, &none);
    once_leave(u->once, key);
    if (status == AISLE_OK) {
        *out = pushed;
        if (is_new)
            *is_new = fresh;
    }
    return status;
}

/* ---- images ---- */

struct push {
    const struct channel_image *image;
    struct arena *arena;
    struct pushed_image *out;
};

static enum aisle_status push_image(void *ctx, struct channel_session *to,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct push *p = ctx;

    return to->ops->push_image(to, p->image, p->arena, p->out, meta, err);
}

static enum aisle_status send_image(const struct sending *s, struct pushed_image *out,
                                    struct aisle_err *err)
{
    const struct upload *what = s->what;
    const struct channel_image image = {.file_name = s->name,
                                        .mime =
                                            str_of(image_kind_mime(what->facts->kind)),
                                        .bytes = s->bytes,
                                        .use_case = s->use_case};
    struct push push = {&image, s->u->arena, out};

    return session_call(s->u->session, push_image, &push, NULL, err);
}

enum aisle_status uploads_image(const struct uploads *u, const struct upload *what,
                                struct pushed_image *out, bool *is_new,
                                struct aisle_err *err)
{
    const struct sending s = {
        .u = u,
        .send = send_image,
        .what = what,
        .bytes = what->bytes,
        .use_case = str_of(what->use_case),
        .gone = what->gone,
        .name = upload_name(what->location, ending_of(what->facts->kind), u->arena)};

    return s.name.p ? send_once(&s, out, is_new, err) : aisle_nomem(err);
}

/* ---- files ---- */

struct push_file {
    const struct channel_file *file;
    struct arena *arena;
    struct channel_pushed_file out;
};

static enum aisle_status push_file(void *ctx, struct channel_session *to,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    struct push_file *p = ctx;

    return to->ops->listing->push_file(to, p->file, p->arena, &p->out, meta, err);
}

static enum aisle_status send_file(const struct sending *s, struct pushed_image *out,
                                   struct aisle_err *err)
{
    const struct upload_file *what = s->what;
    const struct channel_file file = {
        .name = s->name, .mime = str_of(file_kind_mime(what->kind)), .bytes = s->bytes};
    struct push_file push = {.file = &file, .arena = s->u->arena};
    struct channel_meta meta = {0};
    enum aisle_status status = session_call(s->u->session, push_file, &push, &meta, err);

    if (status != AISLE_OK)
        return status;
    *out = (struct pushed_image){.uri = push.out.id,
                                 .url = push.out.url,
                                 .request_id =
                                     arena_str(s->u->arena, str_of(meta.request_id))};
    return out->request_id.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status uploads_file(const struct uploads *u, const struct upload_file *what,
                               struct pushed_image *out, struct str *name,
                               struct aisle_err *err)
{
    const struct channel_ops *ops = u->session->to.ops;
    const struct sending s = {
        .u = u,
        .send = send_file,
        .what = what,
        .bytes = what->bytes,
        .use_case = STR_LIT("PRODUCT_FILE"), /* ours: the call knows none */
        .name = upload_name(what->location, file_kind_ending(what->kind), u->arena)};
    enum aisle_status status;

    if (!ops->listing || !ops->listing->push_file)
        return aisle_fail(err, AISLE_INVALID, "%s takes no files", ops->name);
    status = s.name.p ? send_once(&s, out, NULL, err) : aisle_nomem(err);
    if (status == AISLE_OK)
        *name = s.name;
    return status;
}
