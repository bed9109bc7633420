#include "flows/listing/leaf_requirement.h"

#include "flows/keys.h"

struct requirement_key leaf_requirement_key(const struct session *s,
                                            const struct target *target,
                                            struct str category_id, struct str locale)
{
    return (struct requirement_key){
        .channel = s->shop.channel,
        .region = target_is_global(target) ? STR_LIT(CHANNEL_GLOBAL) : s->shop.region,
        .version = target->version,
        .category_id = category_id,
        .locale = locale,
    };
}

enum aisle_status leaf_requirement_load(const struct app *app,
                                        const struct requirement_key *key,
                                        struct arena *arena, struct requirement *out,
                                        bool *found, int64_t *checked_at,
                                        struct aisle_err *err)
{
    struct requirement_snapshot kept;
    struct aisle_err none = {0};
    enum aisle_status status =
        app->store->ops->listings->get_requirement(app->store, key, arena, &kept, &none);

    *found = false;
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &none);
        return status;
    }
    status = requirement_parse(kept.body, arena, out, err);
    *found = status == AISLE_OK;
    if (*found && checked_at)
        *checked_at = kept.checked_at;
    return status;
}

struct fetch {
    const struct channel_leaf *leaf;
    struct arena *arena;
    struct requirement *out;
};

static enum aisle_status fetch_once(void *ctx, struct channel_session *to,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct fetch *f = ctx;

    return to->ops->listing->fetch_requirement(to, f->leaf, f->arena, f->out, meta, err);
}

enum aisle_status leaf_requirement_fetch(struct session *s,
                                         const struct requirement_key *key,
                                         struct arena *arena, struct requirement *out,
                                         struct aisle_err *err)
{
    struct channel_leaf leaf = {key->category_id, key->version, key->locale};
    struct fetch f = {&leaf, arena, out};

    return session_call(s, fetch_once, &f, NULL, err);
}

enum aisle_status leaf_requirement_keep(const struct app *app,
                                        const struct requirement_key *key,
                                        const struct requirement *r, bool *changed,
                                        struct aisle_err *err)
{
    struct buf body = BUF_INIT(BUF_MAX_REPLY);
    struct requirement_snapshot row = {
        .channel = key->channel,
        .region = key->region,
        .version = key->version,
        .category_id = key->category_id,
        .locale = key->locale,
        .checked_at = clock_now_s(app->clock),
    };
    enum aisle_status status;

    requirement_format(r, &body);
    status = buf_check(&body, "what a category demands", err);
    row.body = buf_str(&body);
    if (status == AISLE_OK)
        status = sha256_of(row.body, &row.hash, err);
    if (status == AISLE_OK)
        status =
            app->store->ops->listings->put_requirement(app->store, &row, changed, err);
    buf_clear(&body);
    return status;
}
