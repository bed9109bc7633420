/* teach.c - what a person says about a column, as a lesson */
#include "base/mem.h"
#include "flows/attributes.h"
#include "flows/sync.h"
#include "listing/words.h"

#include <assert.h>
#include <stdio.h>

/* ---- every attribute that is known ---- */

static struct known_attribute *find_known(struct teacher *t, struct str locale,
                                          struct str id)
{
    for (size_t i = 0; i < t->known_count; i++)
        if (str_eq(t->known[i].a.id, id) && str_eq(t->known[i].locale, locale))
            return &t->known[i];
    return NULL;
}

static enum aisle_status add_value(struct teacher *t, struct known_attribute *k,
                                   const struct required_value *v, struct aisle_err *err)
{
    struct required_value *rows = (struct required_value *)(uintptr_t)k->a.values;

    if (required_attribute_value(&k->a, v->id))
        return AISLE_OK;
    if (k->a.value_count == k->room) {
        size_t room = k->room ? 2 * k->room : 8;
        struct required_value *wider = arena_zalloc(&t->arena, room, sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        if (k->a.value_count)
            memcpy(wider, rows, k->a.value_count * sizeof *rows);
        k->a.values = rows = wider;
        k->room = room;
    }
    assert(rows);
    rows[k->a.value_count] = (struct required_value){arena_str(&t->arena, v->id),
                                                     arena_str(&t->arena, v->name)};
    if (!rows[k->a.value_count].id.p || !rows[k->a.value_count].name.p)
        return aisle_nomem(err);
    k->a.value_count++;
    return AISLE_OK;
}

static struct known_attribute *add_known(struct teacher *t, struct str locale,
                                         const struct required_attribute *a)
{
    struct known_attribute *k;

    if (t->known_count == t->known_room) {
        size_t room = t->known_room ? 2 * t->known_room : 64;
        struct known_attribute *wider = mem_realloc(t->known, room * sizeof *wider);

        if (!wider)
            return NULL;
        t->known = wider;
        t->known_room = room;
    }
    k = &t->known[t->known_count];
    *k = (struct known_attribute){.locale = arena_str(&t->arena, locale), .a = *a};
    k->a.id = arena_str(&t->arena, a->id);
    k->a.name = arena_str(&t->arena, a->name);
    k->a.when = (struct requirement_conditions){0};
    k->a.values = NULL;
    k->a.value_count = 0;
    if (!k->locale.p || !k->a.id.p || !k->a.name.p)
        return NULL;
    t->known_count++;
    return k;
}

static enum aisle_status learn_attribute(struct teacher *t, struct str locale,
                                         const struct required_attribute *a,
                                         struct aisle_err *err)
{
    struct known_attribute *k = find_known(t, locale, a->id);
    enum aisle_status status = AISLE_OK;

    if (!k)
        k = add_known(t, locale, a);
    if (!k)
        return aisle_nomem(err);
    k->a.customizable = k->a.customizable || a->customizable;
    for (size_t i = 0; status == AISLE_OK && i < a->value_count; i++)
        status = add_value(t, k, &a->values[i], err);
    return status;
}

struct reading {
    struct teacher *t;
    struct arena scratch;
    struct str last; /* leaf and language of the row before: its newest came first */
    struct buf key;
};

static enum aisle_status learn_leaf(void *ctx, const struct requirement_snapshot *row,
                                    struct aisle_err *err)
{
    struct reading *r = ctx;
    struct requirement need;
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;
    bool older;

    buf_add(&key, row->category_id);
    buf_addc(&key, ' ');
    buf_add(&key, row->locale);
    older = str_eq(buf_str(&key), buf_str(&r->key));
    buf_clear(&r->key);
    r->key = key;
    if (older)
        return AISLE_OK;
    arena_clear(&r->scratch);
    status = requirement_parse(row->body, &r->scratch, &need, err);
    for (size_t i = 0; status == AISLE_OK && i < need.attribute_count; i++)
        status = learn_attribute(r->t, row->locale, &need.attributes[i], err);
    return status;
}

static enum aisle_status learn_known(struct teacher *t, struct aisle_err *err)
{
    struct requirement_key key = {.channel = t->shop.channel,
                                  .region = t->shop.region,
                                  .version = t->target.version};
    struct reading r = {
        .t = t, .scratch = ARENA_INIT(ARENA_MAX_WORK), .key = BUF_INIT(BUF_MAX_LINE)};
    enum aisle_status status = t->app->store->ops->listings->each_requirement(
        t->app->store, &key, learn_leaf, &r, err);

    arena_clear(&r.scratch);
    buf_clear(&r.key);
    return status;
}

enum aisle_status teacher_open(const struct app *app, struct str target,
                               struct teacher *out, struct aisle_err *err)
{
    char uuid[UUID_LEN + 1];
    enum aisle_status status;

    *out = (struct teacher){.app = app, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    uuid_v4(app->rng, uuid);
    snprintf(out->batch_id, sizeof out->batch_id, "b-%.36s", uuid);
    status = flow_target(app, target, &out->arena, &out->target, &out->shop, err);
    return status == AISLE_OK ? learn_known(out, err) : status;
}

void teacher_close(struct teacher *t)
{
    mem_free(t->known);
    arena_clear(&t->arena);
}

struct str teacher_name_of(const struct teacher *t, struct str attribute_id)
{
    for (size_t i = 0; i < t->known_count; i++)
        if (str_eq(t->known[i].a.id, attribute_id))
            return t->known[i].a.name;
    return STR_LIT("");
}

struct str teacher_value_of(const struct teacher *t, struct str attribute_id,
                            struct str value_id)
{
    for (size_t i = 0; value_id.n && i < t->known_count; i++) {
        const struct required_attribute *a = &t->known[i].a;
        const struct required_value *v =
            str_eq(a->id, attribute_id) ? required_attribute_value(a, value_id) : NULL;

        if (v)
            return v->name;
    }
    return STR_LIT("");
}

/* ---- from words to ids ---- */

static const struct known_attribute *attribute_by_id(const struct teacher *t,
                                                     struct str id)
{
    for (size_t i = 0; i < t->known_count; i++)
        if (str_eq(t->known[i].a.id, id))
            return &t->known[i];
    return NULL;
}

/* By id, else by the one name that is most like it, in any language. */
static enum aisle_status find_attribute(const struct teacher *t, struct str asked,
                                        struct arena *arena,
                                        const struct known_attribute **out,
                                        struct aisle_err *err)
{
    const struct known_attribute *found = attribute_by_id(t, asked), *rival = NULL;
    enum likeness best = LIKE_PLURAL; /* a name that is not sure is none */
    bool by_id = found != NULL;

    for (size_t i = 0; !by_id && i < t->known_count; i++) {
        const struct known_attribute *k = &t->known[i];
        enum likeness like = names_liken(k->a.name, asked, arena);

        if (like > best) {
            found = k;
            rival = NULL;
            best = like;
        } else if (found && like == best && !str_eq(found->a.id, k->a.id)) {
            rival = k;
        }
    }
    if (rival)
        return aisle_fail(err, AISLE_INVALID,
                          "two attributes are called %.*s: %.*s and %.*s; say which one "
                          "by its id",
                          STR_ARG(asked), STR_ARG(found->a.id), STR_ARG(rival->a.id));
    if (!found)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "no leaf we know of has an attribute \"%.*s\"; aisle tree "
                          "requirements fetches what leaves demand",
                          STR_ARG(asked));
    *out = found;
    return AISLE_OK;
}

/* Its id by id or name, in any language; .n 0 for none. */
static struct str find_value(const struct teacher *t, struct str attribute_id,
                             struct str asked, struct arena *arena)
{
    struct str found = {0};
    enum likeness best = LIKE_PLURAL;

    for (size_t i = 0; i < t->known_count; i++) {
        enum likeness like;
        const struct required_value *v;

        if (!str_eq(t->known[i].a.id, attribute_id))
            continue;
        v = value_liken(&t->known[i].a, asked, arena, &like);
        if (like > best) {
            found = v->id;
            best = like;
        }
    }
    return found;
}

static enum aisle_status fail_value(const struct known_attribute *k, struct str asked,
                                    struct aisle_err *err)
{
    struct buf some = BUF_INIT(BUF_MAX_LINE);
    size_t shown = 0;
    enum aisle_status status;

    for (; shown < k->a.value_count && shown < 6; shown++) {
        buf_addz(&some, shown ? ", " : "");
        buf_add(&some, k->a.values[shown].name);
    }
    if (shown < k->a.value_count)
        buf_addf(&some, " and %zu more", k->a.value_count - shown);
    status = aisle_fail(err, AISLE_INVALID, "%.*s takes no \"%.*s\", but %.*s",
                        STR_ARG(k->a.name), STR_ARG(asked), STR_ARG(buf_str(&some)));
    buf_clear(&some);
    return status;
}

static enum aisle_status read_value(const struct teacher *t,
                                    const struct known_attribute *k, struct str asked,
                                    struct arena *arena, struct attribute_lesson *out,
                                    struct aisle_err *err)
{
    if (str_empty(asked))
        return AISLE_OK;
    out->value_id = find_value(t, k->a.id, asked, arena);
    if (out->value_id.n)
        return AISLE_OK;
    if (k->a.value_count && !k->a.customizable && !k->a.number)
        return fail_value(k, asked, err);
    out->value_name = asked;
    return AISLE_OK;
}

static enum aisle_status check_request(const struct lesson_request *q,
                                       struct aisle_err *err)
{
    if (str_empty(q->column) && !str_empty(q->value))
        return aisle_fail(err, AISLE_INVALID, "\"%.*s\" is a value of which column?",
                          STR_ARG(q->value));
    if (!q->forget && str_empty(q->becomes) && !str_empty(q->value))
        return aisle_fail(err, AISLE_INVALID,
                          "what is \"%.*s\" of column %.*s? Say a value of the attribute",
                          STR_ARG(q->value), STR_ARG(q->column));
    if (!q->forget && str_empty(q->becomes) && str_empty(q->column))
        return aisle_fail(err, AISLE_INVALID,
                          "say which column attribute %.*s is, or its value",
                          STR_ARG(q->attribute));
    return AISLE_OK;
}

static enum aisle_status check_forgotten(struct teacher *t,
                                         const struct kept_lesson *lesson,
                                         struct arena *arena, struct aisle_err *err)
{
    struct kept_lesson stands;
    enum aisle_status status =
        t->app->store->ops->lessons->get(t->app->store, lesson, 0, arena, &stands, err);

    if (status == AISLE_OK && !stands.taught)
        return aisle_fail(err, AISLE_NOT_FOUND, "that was taken back already, by %.*s",
                          STR_ARG(stands.who));
    return status;
}

enum aisle_status teacher_read(struct teacher *t, const struct lesson_request *q,
                               struct arena *arena, struct kept_lesson *out,
                               struct aisle_err *err)
{
    const struct known_attribute *k = NULL;
    struct kept_lesson lesson = {.seller_id =
                                     q->seller_id.n ? q->seller_id : t->shop.seller_id,
                                 .channel = t->shop.channel,
                                 .region = t->shop.region,
                                 .says = {.category_id = q->category},
                                 .taught = !q->forget,
                                 .who = t->app->who,
                                 .batch_id = str_of(t->batch_id),
                                 .at = clock_now_s(t->app->clock)};
    enum aisle_status status = check_request(q, err);

    if (status == AISLE_OK)
        status = find_attribute(t, q->attribute, arena, &k, err);
    if (status != AISLE_OK)
        return status;
    lesson.says.attribute_id = k->a.id;
    lesson.says.seller_name = words_key(q->column, arena);
    lesson.says.seller_value = words_key(q->value, arena);
    if (!lesson.says.seller_name.p || !lesson.says.seller_value.p)
        return aisle_nomem(err);
    if (q->forget)
        status = check_forgotten(t, &lesson, arena, err);
    else
        status = read_value(t, k, q->becomes, arena, &lesson.says, err);
    if (status == AISLE_OK)
        *out = lesson;
    return status;
}

enum aisle_status teacher_keep(struct teacher *t, const struct kept_lesson *list,
                               size_t count, struct aisle_err *err)
{
    return t->app->store->ops->lessons->append(t->app->store, list, count, NULL, err);
}

/* ---- undo ---- */

struct undoing {
    const struct app *app;
    struct arena arena;
    struct kept_lesson *rows;
    size_t count, room;
};

static enum aisle_status keep_lesson(struct arena *arena, const struct kept_lesson *from,
                                     struct kept_lesson *out, struct aisle_err *err)
{
    struct str *texts[] = {&out->seller_id,
                           &out->channel,
                           &out->region,
                           &out->says.category_id,
                           &out->says.attribute_id,
                           &out->says.seller_name,
                           &out->says.seller_value,
                           &out->says.value_id,
                           &out->says.value_name,
                           &out->who,
                           &out->batch_id};

    *out = *from;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_str(arena, *texts[i]);
        if (!texts[i]->p)
            return aisle_nomem(err);
    }
    return AISLE_OK;
}

static enum aisle_status note_lesson(void *ctx, const struct kept_lesson *l,
                                     struct aisle_err *err)
{
    struct undoing *u = ctx;
    enum aisle_status status;

    if (u->count == u->room) {
        size_t room = u->room ? 2 * u->room : 64;
        struct kept_lesson *wider = mem_realloc(u->rows, room * sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        u->rows = wider;
        u->room = room;
    }
    status = keep_lesson(&u->arena, l, &u->rows[u->count], err);
    u->count += status == AISLE_OK;
    return status;
}

/* What stood for a key before a batch spoke of it; nothing did: a lesson taken back. */
static enum aisle_status find_before(struct undoing *u, const struct kept_lesson *row,
                                     struct kept_lesson *out, struct aisle_err *err)
{
    struct kept_lesson before = *row;
    enum aisle_status status;

    do {
        struct aisle_err none = {0};

        status = u->app->store->ops->lessons->get(u->app->store, row, before.seq,
                                                  &u->arena, &before, &none);
        if (status != AISLE_OK && status != AISLE_NOT_FOUND) {
            aisle_pass(err, &none);
            return status;
        }
    } while (status == AISLE_OK && str_eq(before.batch_id, row->batch_id));
    *out = before;
    if (status == AISLE_NOT_FOUND)
        out->taught = false;
    return AISLE_OK;
}

enum undone { UNDONE, UNDONE_ALREADY, LEFT_ALONE };

/* Makes of a row of the batch the lesson that takes it back. */
static enum aisle_status reverse(struct undoing *u, struct kept_lesson *row,
                                 enum undone *what, struct aisle_err *err)
{
    struct kept_lesson newest, before;
    enum aisle_status status =
        u->app->store->ops->lessons->get(u->app->store, row, 0, &u->arena, &newest, err);

    if (status != AISLE_OK)
        return status;
    if (newest.seq != row->seq) {
        *what = str_eq(newest.batch_id, row->batch_id) ? UNDONE_ALREADY : LEFT_ALONE;
        return AISLE_OK;
    }
    status = find_before(u, row, &before, err);
    if (status != AISLE_OK)
        return status;
    before.undoes = row->seq;
    before.who = u->app->who;
    before.at = clock_now_s(u->app->clock);
    *row = before;
    *what = UNDONE;
    return AISLE_OK;
}

static enum aisle_status
reverse_all(struct undoing *u, void (*fn)(void *ctx, const struct kept_lesson *left),
            void *ctx, struct lessons_undone *out, struct aisle_err *err)
{
    for (size_t i = 0; i < u->count; i++) {
        enum undone what;
        enum aisle_status status = reverse(u, &u->rows[i], &what, err);

        if (status != AISLE_OK)
            return status;
        if (what == LEFT_ALONE && fn)
            fn(ctx, &u->rows[i]);
        out->left += what == LEFT_ALONE;
        if (what != UNDONE)
            continue;
        u->rows[i].batch_id = str_of(out->batch_id);
        u->rows[out->reversed++] = u->rows[i];
    }
    return u->app->store->ops->lessons->append(u->app->store, u->rows, out->reversed,
                                               NULL, err);
}

enum aisle_status flow_lessons_undo(const struct app *app, struct str batch_id,
                                    void (*fn)(void *ctx, const struct kept_lesson *left),
                                    void *ctx, struct lessons_undone *out,
                                    struct aisle_err *err)
{
    struct undoing u = {.app = app, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct lesson_filter filter = {.batch_id = batch_id};
    struct lessons_undone made = {0};
    char uuid[UUID_LEN + 1];
    enum aisle_status status =
        app->store->ops->lessons->each(app->store, &filter, note_lesson, &u, err);

    uuid_v4(app->rng, uuid);
    snprintf(made.batch_id, sizeof made.batch_id, "b-%.36s", uuid);
    if (status == AISLE_OK && u.count == 0)
        status = aisle_fail(err, AISLE_NOT_FOUND, "nothing was taught in batch %.*s",
                            STR_ARG(batch_id));
    if (status == AISLE_OK)
        status = reverse_all(&u, fn, ctx, &made, err);
    if (status == AISLE_OK)
        *out = made;
    mem_free(u.rows);
    arena_clear(&u.arena);
    return status;
}
