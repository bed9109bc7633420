/* listings.c - products in shops, what leaves demand, and where leaves went */
#include "store/sql/rows.h"

static const struct column listing_columns[] = {
    COLUMN(struct listing, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct listing, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct listing, product_id, "product_id", MEMBER_TEXT),
    COLUMN(struct listing, remote_id, "remote_id", MEMBER_TEXT),
    COLUMN_WORD(struct listing, state, "state", &sql_listing_words),
    COLUMN(struct listing, audit, "audit", MEMBER_TEXT),
    COLUMN(struct listing, reason, "reason", MEMBER_TEXT),
    COLUMN(struct listing, category_id, "category_id", MEMBER_TEXT),
    COLUMN(struct listing, version, "version", MEMBER_TEXT),
    COLUMN(struct listing, platforms, "platforms", MEMBER_TEXT),
    COLUMN(struct listing, skus, "skus", MEMBER_TEXT),
    COLUMN(struct listing, warnings, "warnings", MEMBER_TEXT),
    COLUMN(struct listing, sent_hash, "sent_hash", MEMBER_TEXT),
    COLUMN(struct listing, refused_hash, "refused_hash", MEMBER_TEXT),
    COLUMN_WORD(struct listing, doing, "doing", &sql_doing_words),
    COLUMN(struct listing, attempt, "attempt", MEMBER_TEXT),
    COLUMN(struct listing, code, "code", MEMBER_TEXT),
    COLUMN(struct listing, request_id, "request_id", MEMBER_TEXT),
    COLUMN(struct listing, attempted_at, "attempted_at", MEMBER_INT),
    COLUMN(struct listing, retry_at, "retry_at", MEMBER_INT),
    COLUMN(struct listing, status_at, "status_at", MEMBER_INT),
    COLUMN(struct listing, created_at, "created_at", MEMBER_INT),
    COLUMN(struct listing, updated_at, "updated_at", MEMBER_INT),
    COLUMN(struct listing, version_no, "version_no", MEMBER_INT),
    COLUMN(struct listing, markets, "markets", MEMBER_TEXT),
};
static const struct noun listing_noun =
    NOUN("listing", struct listing, listing_columns, 3);

static const struct column requirement_columns[] = {
    COLUMN(struct requirement_snapshot, channel, "channel", MEMBER_TEXT),
    COLUMN(struct requirement_snapshot, region, "region", MEMBER_TEXT),
    COLUMN(struct requirement_snapshot, version, "version", MEMBER_TEXT),
    COLUMN(struct requirement_snapshot, category_id, "category_id", MEMBER_TEXT),
    COLUMN(struct requirement_snapshot, locale, "locale", MEMBER_TEXT),
    COLUMN(struct requirement_snapshot, hash, "hash", MEMBER_DIGEST),
    COLUMN(struct requirement_snapshot, body, "body", MEMBER_TEXT),
    COLUMN(struct requirement_snapshot, first_at, "first_at", MEMBER_INT),
    COLUMN(struct requirement_snapshot, checked_at, "checked_at", MEMBER_INT),
};
/* seq, the rest of the key, is the table's own affair */
static const struct noun requirement_noun =
    NOUN("requirement", struct requirement_snapshot, requirement_columns, 5);

static const struct column move_columns[] = {
    COLUMN(struct category_move, channel, "channel", MEMBER_TEXT),
    COLUMN(struct category_move, region, "region", MEMBER_TEXT),
    COLUMN(struct category_move, from_id, "from_id", MEMBER_TEXT),
    COLUMN(struct category_move, to_id, "to_id", MEMBER_TEXT),
    COLUMN(struct category_move, at, "at", MEMBER_INT),
};
static const struct noun move_noun =
    NOUN("category_move", struct category_move, move_columns, 3);

/* ---- listings ---- */

static void query_listing(struct query *q, struct str seller_id, struct str shop_id,
                          struct str product_id)
{
    query_where(q, "seller_id = ?", sql_text(seller_id));
    query_where(q, "shop_id = ?", sql_text(shop_id));
    query_where(q, "product_id = ?", sql_text(product_id));
}

struct put_work {
    const struct listing *listing;
    int64_t *version_no;
};

static enum aisle_status write_listing(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    const struct put_work *w = work;
    const struct listing *l = w->listing;
    struct listing next = *l;
    struct query q = {0};
    int64_t stored = 0;
    enum aisle_status status;

    query_add(&q, "SELECT version_no FROM listing");
    query_listing(&q, l->seller_id, l->shop_id, l->product_id);
    status = sql_hold(c, "seller", "id", l->seller_id, err);
    if (status == AISLE_OK)
        status = sql_ask(c, q.text, query_values(&q), 0, &stored, err);
    if (status == AISLE_OK && stored != l->version_no)
        return aisle_fail(
            err, AISLE_CONFLICT,
            "the listing of product %.*s in shop %.*s was changed meanwhile",
            STR_ARG(l->product_id), STR_ARG(l->shop_id));
    next.version_no = stored + 1;
    if (status == AISLE_OK)
        status = noun_put(c, &listing_noun, &next, err);
    if (status == AISLE_OK && w->version_no)
        *w->version_no = next.version_no;
    return status;
}

static enum aisle_status put(struct store *s, const struct listing *listing,
                             int64_t *version_no, struct aisle_err *err)
{
    struct put_work work = {listing, version_no};

    return sql_write(s, write_listing, &work, err);
}

static enum aisle_status no_listing(struct str what, struct str shop_id,
                                    struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no listing of %.*s in shop %.*s",
                      STR_ARG(what), STR_ARG(shop_id));
}

static enum aisle_status get(struct store *s, struct str seller_id, struct str shop_id,
                             struct str product_id, struct arena *arena,
                             struct listing *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &listing_noun);
    query_listing(&q, seller_id, shop_id, product_id);
    status = sql_get(s, &listing_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_listing(product_id, shop_id, err) : status;
}

static enum aisle_status find(struct store *s, struct str seller_id, struct str shop_id,
                              struct str remote_id, struct arena *arena,
                              struct listing *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &listing_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "shop_id = ?", sql_text(shop_id));
    query_where(&q, "remote_id = ?", sql_text(remote_id));
    query_where_plain(&q, "remote_id <> ''");
    query_add(&q, " ORDER BY product_id LIMIT 1");
    status = sql_get(s, &listing_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_listing(remote_id, shop_id, err) : status;
}

static void query_after(struct query *q, const struct listing_filter *f)
{
    if (f->after_seller.n == 0)
        return;
    query_where(q, "(seller_id, shop_id, product_id) > (?,", sql_text(f->after_seller));
    query_add(q, " ?, ?)");
    query_value(q, sql_text(f->after_shop));
    query_value(q, sql_text(f->after_product));
}

static enum aisle_status each(struct store *s, const struct listing_filter *filter,
                              enum aisle_status (*fn)(void *ctx, const struct listing *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct listing listing;
    struct walk w;

    query_select(&q, &listing_noun);
    query_where_text(&q, "seller_id = ?", filter->seller_id);
    query_where_text(&q, "shop_id = ?", filter->shop_id);
    query_where_text(&q, "product_id = ?", filter->product_id);
    query_where_text(&q, "category_id = ?", filter->category_id);
    query_where_words(&q, "state", &sql_listing_words, filter->states);
    if (filter->under_way)
        query_where_plain(&q, "doing <> 'idle'");
    query_after(&q, filter);
    query_add(&q, " ORDER BY seller_id, shop_id, product_id");
    query_limit(&q, filter->limit);
    w = walk_begin(s, &listing_noun, &q, err);
    while (walk_next(&w, &listing))
        w.status = fn(ctx, &listing, err);
    return walk_end(&w);
}

/* ---- what leaves demand ---- */

static void query_requirement(struct query *q, const struct requirement_key *key)
{
    query_where(q, "channel = ?", sql_text(key->channel));
    query_where(q, "region = ?", sql_text(key->region));
    query_where(q, "version = ?", sql_text(key->version));
    query_where(q, "category_id = ?", sql_text(key->category_id));
    query_where(q, "locale = ?", sql_text(key->locale));
}

static struct requirement_key key_of(const struct requirement_snapshot *r)
{
    return (struct requirement_key){r->channel, r->region, r->version, r->category_id,
                                    r->locale};
}

static enum aisle_status add_requirement(struct conn *c,
                                         const struct requirement_snapshot *r,
                                         int64_t seq, struct aisle_err *err)
{
    char hex[SHA256_HEX_LEN + 1];

    sha256_hex(&r->hash, hex);
    return sql_run(c,
                   "INSERT INTO requirement (channel, region, version, category_id, "
                   "locale, seq, hash, body, first_at, checked_at) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   SQL_VALUES(sql_text(r->channel), sql_text(r->region),
                              sql_text(r->version), sql_text(r->category_id),
                              sql_text(r->locale), sql_int(seq), sql_text(str_of(hex)),
                              sql_text(r->body), sql_int(r->checked_at),
                              sql_int(r->checked_at)),
                   err);
}

static enum aisle_status move_checked(struct conn *c, const struct requirement_key *key,
                                      int64_t seq, int64_t at, struct aisle_err *err)
{
    return sql_run(c,
                   "UPDATE requirement SET checked_at = ? WHERE channel = ? AND "
                   "region = ? AND version = ? AND category_id = ? AND locale = ? AND "
                   "seq = ?",
                   SQL_VALUES(sql_int(at), sql_text(key->channel), sql_text(key->region),
                              sql_text(key->version), sql_text(key->category_id),
                              sql_text(key->locale), sql_int(seq)),
                   err);
}

struct requirement_work {
    const struct requirement_snapshot *r;
    bool *changed;
};

/* The number of the newest, 0 without one, and whether it is the same. */
static enum aisle_status newest(struct conn *c, const struct requirement_snapshot *r,
                                int64_t *seq, bool *same, struct aisle_err *err)
{
    struct requirement_key key = key_of(r);
    struct query q = {0};
    char hex[SHA256_HEX_LEN + 1];
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status;

    sha256_hex(&r->hash, hex);
    *seq = 0;
    query_add(&q, "SELECT seq, hash FROM requirement");
    query_requirement(&q, &key);
    query_add(&q, " ORDER BY seq DESC LIMIT 1");
    status = sql_prepare(c, q.text, query_values(&q), &st, err);
    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK && row) {
        *seq = sql_column_int(st, 0);
        *same = str_is(sql_column(st, 1), hex);
    }
    sql_finish(st);
    return status;
}

static enum aisle_status write_requirement(struct conn *c, const void *work,
                                           struct aisle_err *err)
{
    const struct requirement_work *w = work;
    struct requirement_key key = key_of(w->r);
    int64_t seq;
    bool same = false;
    enum aisle_status status = newest(c, w->r, &seq, &same, err);

    if (status == AISLE_OK)
        status = same ? move_checked(c, &key, seq, w->r->checked_at, err)
                      : add_requirement(c, w->r, seq + 1, err);
    if (status == AISLE_OK && w->changed)
        *w->changed = !same;
    return status;
}

static enum aisle_status put_requirement(struct store *s,
                                         const struct requirement_snapshot *r,
                                         bool *changed, struct aisle_err *err)
{
    struct requirement_work work = {r, changed};

    return sql_write(s, write_requirement, &work, err);
}

static enum aisle_status
get_requirement(struct store *s, const struct requirement_key *key, struct arena *arena,
                struct requirement_snapshot *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &requirement_noun);
    query_requirement(&q, key);
    query_add(&q, " ORDER BY seq DESC LIMIT 1");
    status = sql_get(s, &requirement_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "what category %.*s demands was never fetched",
                          STR_ARG(key->category_id));
    return status;
}

static enum aisle_status
each_requirement(struct store *s, const struct requirement_key *key,
                 enum aisle_status (*fn)(void *ctx, const struct requirement_snapshot *,
                                         struct aisle_err *),
                 void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct requirement_snapshot r;
    struct walk w;

    query_select(&q, &requirement_noun);
    query_where_text(&q, "channel = ?", key->channel);
    query_where_text(&q, "region = ?", key->region);
    query_where_text(&q, "version = ?", key->version);
    query_where_text(&q, "category_id = ?", key->category_id);
    query_where_text(&q, "locale = ?", key->locale);
    query_add(&q, " ORDER BY channel, region, version, category_id, locale, seq DESC");
    w = walk_begin(s, &requirement_noun, &q, err);
    while (walk_next(&w, &r))
        w.status = fn(ctx, &r, err);
    return walk_end(&w);
}

/* ---- where leaves went ---- */

static enum aisle_status write_move(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct category_move *m = work;

    return sql_run(c,
                   "INSERT INTO category_move (channel, region, from_id, to_id, at) "
                   "VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel, region, from_id) "
                   "DO UPDATE SET to_id = excluded.to_id, at = excluded.at "
                   "WHERE excluded.at >= category_move.at",
                   SQL_VALUES(sql_text(m->channel), sql_text(m->region),
                              sql_text(m->from_id), sql_text(m->to_id), sql_int(m->at)),
                   err);
}

static enum aisle_status put_move(struct store *s, const struct category_move *move,
                                  struct aisle_err *err)
{
    return sql_write(s, write_move, move, err);
}

static enum aisle_status get_move(struct store *s, struct str channel, struct str region,
                                  struct str from_id, struct arena *arena,
                                  struct category_move *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &move_noun);
    query_where(&q, "channel = ?", sql_text(channel));
    query_where(&q, "region = ?", sql_text(region));
    query_where(&q, "from_id = ?", sql_text(from_id));
    status = sql_get(s, &move_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "nothing was moved from category %.*s",
                          STR_ARG(from_id));
    return status;
}

const struct store_listings sql_listings = {
    .put = put,
    .get = get,
    .find = find,
    .each = each,
    .put_requirement = put_requirement,
    .get_requirement = get_requirement,
    .each_requirement = each_requirement,
    .put_move = put_move,
    .get_move = get_move,
};
