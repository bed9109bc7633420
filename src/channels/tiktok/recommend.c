/* Recommend Category 202309: a title, perhaps images, to one leaf and the way to it. */
#include "channels/tiktok/wire.h"

enum { MAX_IMAGES = 9 }; /* as many as a product's gallery takes */

static void put_images(struct json_out *o, const struct channel_question *q)
{
    size_t count = q->image_count < MAX_IMAGES ? q->image_count : MAX_IMAGES;

    if (count == 0)
        return;
    json_key(o, "images");
    json_open_list(o);
    for (size_t i = 0; i < count; i++) {
        json_open(o);
        json_add_str(o, "uri", q->image_uris[i]);
        json_close(o);
    }
    json_close_list(o);
}

static void put_unless_empty(struct json_out *o, const char *key, struct str value)
{
    if (value.n)
        json_add_str(o, key, value);
}

enum aisle_status tiktok_recommend_build(const struct channel_question *q,
                                         struct buf *body, struct tiktok_request *out,
                                         struct aisle_err *err)
{
    struct json_out o = {.buf = body};
    enum aisle_status status;

    if (str_trim(q->title).n == 0)
        return aisle_fail(err, AISLE_INVALID,
                          "a product without a title cannot be asked");
    json_open(&o);
    json_add_str(&o, "product_title", q->title);
    put_unless_empty(&o, "description", q->description);
    put_images(&o, q);
    put_unless_empty(&o, "category_version", q->version);
    put_unless_empty(&o, "listing_platform", q->platform);
    json_close(&o);
    status = buf_check(body, "a question", err);
    if (status == AISLE_OK)
        *out = (struct tiktok_request){.what = "Recommend Category",
                                       .method = "POST",
                                       .path = "/product/202309/categories/recommend",
                                       .with_cipher = true,
                                       .body = buf_str(body)};
    return status;
}

/* Here a category has a name; local_name is what the other page calls it. */
static struct str name_of(const json_t *category, struct arena *arena)
{
    struct str name = json_str(category, "name");

    return arena_str(arena, name.n ? name : json_str(category, "local_name"));
}

/* Their level says the order, 1 the root; where it is absent they are as sent. */
static void sort_by_level(const json_t **chain, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const json_t *one = chain[i];
        size_t at = i;

        while (at && json_int(chain[at - 1], "level", 0) > json_int(one, "level", 0)) {
            chain[at] = chain[at - 1];
            at--;
        }
        chain[at] = one;
    }
}

/* Rows in the arena, each under the one before. */
static struct category_row *read_chain(const json_t **chain, size_t count,
                                       struct arena *arena)
{
    struct category_row *rows = arena_zalloc(arena, count, sizeof *rows);

    for (size_t i = 0; rows && i < count; i++) {
        rows[i] = (struct category_row){
            .id = json_text(chain[i], "id", arena),
            .parent_id = i ? rows[i - 1].id : STR_LIT(""),
            .name = name_of(chain[i], arena),
            .leaf = json_flag(chain[i], "is_leaf", i + 1 == count),
            .permissions = tiktok_permissions_read(chain[i]),
        };
        if (!rows[i].id.p || !rows[i].name.p)
            return NULL;
    }
    return rows;
}

/* A chain that does not end in the leaf it is said to lead to is no help: left out. */
static size_t chain_of(const json_t *data, struct str leaf, struct arena *arena,
                       const json_t **chain)
{
    const json_t *list = json_list(data, "categories"), *one;
    size_t count = 0, i;

    if (json_array_size(list) > TAXONOMY_MAX_DEPTH)
        return 0;
    json_array_foreach(list, i, one) chain[count++] = one;
    sort_by_level(chain, count);
    return count && str_eq(json_text(chain[count - 1], "id", arena), leaf) ? count : 0;
}

enum aisle_status tiktok_recommend_read(const json_t *envelope, struct arena *arena,
                                        struct channel_advice *out, struct aisle_err *err)
{
    const json_t *data, *chain[TAXONOMY_MAX_DEPTH];
    struct channel_advice advice = {0};
    enum aisle_status status = tiktok_data(envelope, "Recommend Category", &data, err);

    if (status != AISLE_OK)
        return status;
    advice.category_id = json_text(data, "leaf_category_id", arena);
    if (!advice.category_id.p)
        return aisle_nomem(err);
    if (advice.category_id.n == 0 || str_is(advice.category_id, "0"))
        return aisle_fail(err, AISLE_REFUSED, "Recommend Category: names no category");
    advice.chain_count = chain_of(data, advice.category_id, arena, chain);
    advice.chain = read_chain(chain, advice.chain_count, arena);
    if (!advice.chain)
        return aisle_nomem(err);
    *out = advice;
    return AISLE_OK;
}

static enum aisle_status ask(struct channel_session *s,
                             const struct channel_question *question, bool global,
                             struct arena *arena, struct channel_advice *out,
                             struct channel_meta *meta, struct aisle_err *err)
{
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct tiktok_answer answer = {0};
    struct tiktok_request r = {0};
    enum aisle_status status = tiktok_recommend_build(question, &body, &r, err);

    if (global) {
        r.what = "Recommend Global Categories";
        r.path = "/product/202309/global_categories/recommend";
        r.with_cipher = false;
    }
    if (status == AISLE_OK)
        status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_recommend_read(answer.envelope, arena, out, err);
    buf_clear(&body);
    return tiktok_done(&answer, status, err);
}

enum aisle_status tiktok_recommend(struct channel_session *s,
                                   const struct channel_question *question,
                                   struct arena *arena, struct channel_advice *out,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    return ask(s, question, false, arena, out, meta, err);
}

enum aisle_status tiktok_recommend_global(struct channel_session *s,
                                          const struct channel_question *question,
                                          struct arena *arena, struct channel_advice *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err)
{
    struct channel_question q = *question;

    q.platform = STR_LIT(""); /* it is none's */
    return ask(s, &q, true, arena, out, meta, err);
}
