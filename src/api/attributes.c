/* attributes.c - what sellers' columns mean: what was taught, teaching, taking it back */
#include "flows/attributes.h"
#include "api/attributes.h"

enum { TEACH_MOST = 200, TEXT_MOST = 1000 };

enum aisle_status api_teacher(struct api_call *c, struct str target, struct str seller,
                              struct teacher *out, struct str *seller_id,
                              struct aisle_err *err)
{
    struct str said = {0};
    enum aisle_status status = teacher_open(&c->app, target, out, err);

    if (status == AISLE_OK && !api_may_see(c, out->shop.seller_id))
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s",
                            STR_ARG(str_head(target, 60)));
    if (status == AISLE_OK)
        status = api_seller(c, seller, &said, err);
    if (status == AISLE_OK)
        *seller_id = str_empty(said) ? out->shop.seller_id : said;
    return status;
}

/* t: NULL where names are not known. */
static void put_lesson(struct api_call *c, const struct teacher *t,
                       const struct kept_lesson *l)
{
    const struct attribute_lesson *says = &l->says;
    struct json_out *o = &c->json;

    json_open(o);
    if (l->seq)
        json_add_int(o, "seq", l->seq);
    json_add_str(o, "seller", l->seller_id);
    json_add_str(o, "attribute", says->attribute_id);
    if (t)
        api_add_or_null(c, "name", teacher_name_of(t, says->attribute_id));
    api_add_or_null(c, "column", says->seller_name);
    api_add_or_null(c, "value", says->seller_value);
    if (t || !says->value_id.n)
        api_add_or_null(c, "becomes",
                        says->value_id.n
                            ? teacher_value_of(t, says->attribute_id, says->value_id)
                            : says->value_name);
    api_add_or_null(c, "value_id", says->value_id);
    api_add_or_null(c, "category", says->category_id);
    json_add_bool(o, "taught", l->taught);
    json_add_str(o, "who", l->who);
    json_add_str(o, "batch", l->batch_id);
    if (l->undoes)
        json_add_int(o, "undoes", l->undoes);
    api_time(c, "at", l->at);
    json_close(o);
}

/* ---- what was taught ---- */

struct lesson_listing {
    struct api_call *c;
    struct teacher teacher;
    struct api_page page;
    int64_t last;
};

static enum aisle_status put_row(void *ctx, const struct kept_lesson *lesson,
                                 struct aisle_err *err)
{
    struct lesson_listing *l = ctx;

    (void)err;
    if (!api_page_takes(&l->page))
        return AISLE_OK;
    put_lesson(l->c, &l->teacher, lesson);
    l->last = lesson->seq;
    return AISLE_OK;
}

static enum aisle_status list_lessons(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct lesson_filter f = {.attribute_id = api_text(c, "attribute"),
                              .batch_id = api_text(c, "batch"),
                              .standing = !api_flag(c, "history"),
                              .after_seq = api_number(c, "after", 0),
                              .limit = api_limit(c) + 1};
    struct lesson_listing l = {.c = c, .page = api_page(c)};
    enum aisle_status status = api_teacher(
        c, api_text(c, "target"), api_text(c, "seller"), &l.teacher, &f.seller_id, err);

    if (status == AISLE_OK) {
        f.channel = l.teacher.shop.channel;
        f.region = l.teacher.shop.region;
        api_open_items(c);
        status = store->ops->lessons->each(store, &f, put_row, &l, err);
        api_close_items(c, api_next(c, l.page.more ? l.last : 0));
    }
    teacher_close(&l.teacher);
    return status;
}

/* ---- teaching ---- */

static enum aisle_status said_text(struct api_call *c, const json_t *row, size_t i,
                                   const char *key, struct str *out,
                                   struct aisle_err *err)
{
    struct str field;

    *out = json_str(row, key);
    if (out->n <= TEXT_MOST)
        return AISLE_OK;
    field = arena_fmt(c->request->arena, "lessons[%zu].%s", i, key);
    return field.p
               ? api_fail(c, 400, field.p, err, "%s is over %d bytes", field.p, TEXT_MOST)
               : aisle_nomem(err);
}

/* What one row of the body comes to. */
static enum aisle_status read_row(struct api_call *c, struct teacher *t, size_t i,
                                  struct str seller, struct kept_lesson *out,
                                  struct aisle_err *err)
{
    const json_t *row = json_array_get(json_list(c->body, "lessons"), i);
    struct lesson_request q = {.seller_id = seller,
                               .forget = json_flag(row, "remove", false)};
    struct {
        const char *key;
        struct str *out;
    } texts[] = {{"attribute", &q.attribute},
                 {"column", &q.column},
                 {"value", &q.value},
                 {"category", &q.category},
                 {"becomes", &q.becomes}};
    enum aisle_status status = AISLE_OK;

    for (size_t k = 0; k < sizeof texts / sizeof *texts && status == AISLE_OK; k++)
        status = said_text(c, row, i, texts[k].key, texts[k].out, err);
    if (status != AISLE_OK)
        return status;
    status = teacher_read(t, &q, c->request->arena, out, err);
    if (status == AISLE_INVALID || status == AISLE_NOT_FOUND) {
        c->status = 422;
        c->field = arena_fmt(c->request->arena, "lessons[%zu]", i);
    }
    return status;
}

static enum aisle_status keep(struct api_call *c, struct teacher *t, struct str seller,
                              size_t count, struct aisle_err *err)
{
    struct kept_lesson *list = arena_zalloc(c->request->arena, count, sizeof *list);
    bool dry_run = json_flag(c->body, "dry_run", false);
    enum aisle_status status = list ? AISLE_OK : aisle_nomem(err);

    for (size_t i = 0; i < count && status == AISLE_OK; i++)
        status = read_row(c, t, i, seller, &list[i], err);
    if (status == AISLE_OK && !dry_run)
        status = teacher_keep(t, list, count, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, seller,
             arena_fmt(c->request->arena, "%.*s %zu lessons%s %s", STR_ARG(t->target.id),
                       count, dry_run ? " tried" : "", dry_run ? "" : t->batch_id));
    api_open_items(c);
    for (size_t i = 0; i < count; i++)
        put_lesson(c, t, &list[i]);
    json_close_list(&c->json);
    api_add_or_null(c, "batch", dry_run ? (struct str){0} : str_of(t->batch_id));
    json_close(&c->json);
    return AISLE_OK;
}

static enum aisle_status post_lessons(struct api_call *c, struct aisle_err *err)
{
    size_t count = json_array_size(json_list(c->body, "lessons"));
    struct teacher teacher;
    struct str target, seller;
    enum aisle_status status = api_need(c, "target", &target, err);

    if (status == AISLE_OK && (count == 0 || count > TEACH_MOST))
        status = api_fail(c, 400, "lessons", err, "lessons has 1 to %d rows", TEACH_MOST);
    if (status != AISLE_OK)
        return status;
    status = api_teacher(c, target, json_str(c->body, "seller"), &teacher, &seller, err);
    if (status == AISLE_OK)
        status = keep(c, &teacher, seller, count, err);
    teacher_close(&teacher);
    return status;
}

/* ---- taking back ---- */

/* Whoever may not see all of a batch learns nothing of it, and it is not noted whose it
 * is. */
static enum aisle_status check_lesson(void *ctx, const struct kept_lesson *l,
                                      struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    if (!api_may_see(c, l->seller_id))
        return AISLE_REFUSED;
    if (str_empty(c->note.about))
        api_note(c, l->seller_id, api_text(c, "id"));
    return AISLE_OK;
}

static void put_left_alone(void *ctx, const struct kept_lesson *l)
{
    put_lesson(ctx, NULL, l);
}

static enum aisle_status undo_batch(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct lesson_filter f = {.batch_id = api_text(c, "id")};
    struct lessons_undone result = {0};
    enum aisle_status status = store->ops->lessons->each(store, &f, check_lesson, c, err);

    if (status == AISLE_REFUSED)
        return aisle_fail(err, AISLE_NOT_FOUND, "nothing was taught in batch %.*s",
                          STR_ARG(f.batch_id));
    if (status != AISLE_OK)
        return status;
    json_open(&c->json);
    json_key(&c->json, "left_alone");
    json_open_list(&c->json);
    status = flow_lessons_undo(&c->app, f.batch_id, put_left_alone, c, &result, err);
    json_close_list(&c->json);
    json_add_int(&c->json, "reversed", (int64_t)result.reversed);
    api_add_or_null(c, "batch", str_of(result.reversed ? result.batch_id : ""));
    json_close(&c->json);
    return status;
}

const struct api_route api_attribute_routes[] = {
    {.at = {"GET",
            "/api/v1/attributes",
            {PARAM_NEED_TARGET,
             PARAM_SELLER,
             {.name = "attribute", .max = 100},
             {.name = "batch", .max = 64},
             {.name = "history", .type = HTTP_BOOL},
             {.name = "after", .type = HTTP_INT, .max = INT64_MAX},
             PARAM_LIMIT}},
     .run = list_lessons,
     .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/attributes", {{0}}},
     .run = post_lessons,
     .takes =
         "target seller dry_run lessons[attribute column value becomes category remove]",
     .right = RIGHT_DECIDE,
     .what = "attribute.teach"},
    {.at = {"POST",
            "/api/v1/attributes/batches/{id}/undo",
            {{.name = "id", .min = 1, .max = 64}}},
     .run = undo_batch,
     .right = RIGHT_DECIDE,
     .what = "attribute.undo"},
    END_OF_ROUTES,
};
