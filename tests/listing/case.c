#include "check.h"

#include "case.h"

#include <stdio.h>
#include <stdlib.h>

json_t *case_load(const char *name)
{
    const char *root = getenv("SOURCE_ROOT");
    char path[4096];
    json_error_t e;
    json_t *value;

    snprintf(path, sizeof path, "%s/tests/listing/%s", root ? root : ".", name);
    value = json_load_file(path, 0, &e);
    if (!value)
        fail_msg("%s: %s, line %d", path, e.text, e.line);
    return value;
}

/* ---- values that are shorter to say than to write ---- */

static json_t *expand(const json_t *value);

static json_t *repeat_text(const json_t *value)
{
    struct buf b = BUF_INIT(1 << 20);
    json_t *made;

    buf_add(&b, json_str(value, "$before"));
    for (int64_t i = json_int(value, "$times", 0); i > 0; i--)
        buf_add(&b, json_str(value, "$text"));
    buf_add(&b, json_str(value, "$then"));
    made = json_stringn(buf_str(&b).p, b.n);
    buf_clear(&b);
    return made;
}

/* A copy with every # in its texts replaced. */
static json_t *numbered(const json_t *value, int64_t n)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    struct buf b = BUF_INIT(1 << 20);
    json_t *made;

    for (const char *p = text; *p; p++)
        if (*p == '#')
            buf_addf(&b, "%lld", (long long)n);
        else
            buf_addc(&b, *p);
    made = json_loadb(b.p, b.n, JSON_DECODE_ANY, NULL);
    free(text);
    buf_clear(&b);
    return made;
}

static json_t *repeat_item(const json_t *value)
{
    json_t *list = json_array();

    for (int64_t i = 0; i < json_int(value, "$times", 0); i++)
        json_array_append_new(list, numbered(json_at(value, "$item"), i));
    return list;
}

static json_t *expand(const json_t *value)
{
    const char *key;
    json_t *made, *v;
    size_t i;

    if (json_at(value, "$text"))
        return repeat_text(value);
    if (json_at(value, "$item"))
        return repeat_item(value);
    if (json_is_array(value)) {
        made = json_array();
        json_array_foreach((json_t *)value, i, v) json_array_append_new(made, expand(v));
        return made;
    }
    if (!json_is_object(value))
        return json_deep_copy(value);
    made = json_object();
    json_object_foreach((json_t *)value, key, v)
        json_object_set_new(made, key, expand(v));
    return made;
}

/* ---- changes ---- */

static void set(json_t *in, struct str key, long index, json_t *value)
{
    char name[64];

    snprintf(name, sizeof name, "%.*s", STR_ARG(key));
    if (index < 0 && json_is_null(value)) {
        json_object_del(in, name);
        json_decref(value);
    } else if (index < 0) {
        json_object_set_new(in, name, value);
    } else if ((size_t)index >= json_array_size(in)) {
        json_array_append_new(in, value);
    } else {
        json_array_set_new(in, (size_t)index, value);
    }
}

static void append_text(json_t *in, struct str key, const json_t *value)
{
    struct buf b = BUF_INIT(1 << 20);
    char name[64];

    snprintf(name, sizeof name, "%.*s", STR_ARG(key));
    buf_add(&b, json_str(in, name));
    buf_add(&b, json_value_str(value));
    json_object_set_new(in, name, json_stringn(b.p, b.n));
    buf_clear(&b);
}

/* The next part of "skus[0].price": a name, or an index when >= 0. */
static struct str next_part(struct str *path, long *index)
{
    struct str part;
    size_t n = 0;

    *index = -1;
    if (path->n && path->p[0] == '[') {
        *index = path->p[1] == '+' ? 1000000 : strtol(path->p + 1, NULL, 10);
        n = str_find_char(*path, ']') + 1;
        *path = str_skip(*path, n);
        return STR_LIT("");
    }
    if (path->n && path->p[0] == '.')
        *path = str_skip(*path, 1);
    while (n < path->n && path->p[n] != '.' && path->p[n] != '[')
        n++;
    part = str_head(*path, n);
    *path = str_skip(*path, n);
    return part;
}

static void change(json_t *root, const char *where, const json_t *value)
{
    struct str path = str_of(where);
    json_t *in = root;

    for (;;) {
        long index;
        struct str key = next_part(&path, &index);
        json_t *below;
        char name[64];

        if (path.n == 0 && str_ends(key, "+")) {
            append_text(in, str_head(key, key.n - 1), value);
            return;
        }
        if (path.n == 0) {
            set(in, key, index, expand(value));
            return;
        }
        snprintf(name, sizeof name, "%.*s", STR_ARG(key));
        below =
            index >= 0 ? json_array_get(in, (size_t)index) : json_object_get(in, name);
        if (!below) {
            json_t *made = path.p[0] == '[' ? json_array() : json_object();

            set(in, key, index, made);
            below = made;
        }
        in = below;
    }
}

static void change_all(json_t *root, const json_t *changes)
{
    const char *where;
    json_t *value;

    json_object_foreach((json_t *)changes, where, value) change(root, where, value);
}

/* ---- the question ---- */

static enum listing_call call_of(struct str name)
{
    if (str_is(name, "edit"))
        return LISTING_EDIT;
    if (str_is(name, "partial_edit"))
        return LISTING_PARTIAL_EDIT;
    if (str_is(name, "global"))
        return LISTING_GLOBAL;
    assert_true(str_empty(name) || str_is(name, "create"));
    return LISTING_CREATE;
}

void case_make(const json_t *row, bool bad, struct test_case *c)
{
    struct str market = json_str(row, "market");
    enum listing_profile profile = LISTING_CURRENT;

    *c = (struct test_case){.body = case_load("base/body.json"),
                            .requirement = case_load("base/requirement.json"),
                            .shop = case_load("base/shop.json")};
    if (json_at(row, "profile"))
        assert_true(listing_profile_parse(json_str(row, "profile"), &profile));
    c->question = (struct listing_question){
        .limits = listing_limits_get(str_empty(market) ? STR_LIT("ID") : market, profile),
        .mode = str_is(json_str(row, "mode"), "draft") ? LISTING_MODE_DRAFT
                                                       : LISTING_MODE_LISTING,
        .call = call_of(json_str(row, "call")),
        .now = json_int(row, "now", 0),
    };
    c->product_id = json_str(row, "product_id");
    if (!bad && json_at(row, "good_product_id"))
        c->product_id = json_str(row, "good_product_id");
    change_all(c->requirement, json_at(row, "requirement"));
    change_all(c->shop,
               json_at(row, !bad && json_at(row, "good_shop") ? "good_shop" : "shop"));
    change_all(c->body, json_at(row, "with"));
    change_all(c->body, json_at(row, bad ? "bad" : "good"));
}

void case_clear(struct test_case *c)
{
    json_decref(c->body);
    json_decref(c->requirement);
    json_decref(c->shop);
}

static struct str as_text(const json_t *value, struct arena *arena)
{
    char *text = json_dumps(value, JSON_COMPACT);
    struct str kept = arena_str(arena, str_of(text));

    free(text);
    return kept;
}

void case_read(const struct test_case *c, struct arena *arena, struct findings *findings,
               struct listing_draft *draft, struct requirement *need,
               struct listing_shop *shop, struct listing_question *q)
{
    struct aisle_err err = {0};

    assert_ok(listing_read_body(as_text(c->body, arena), arena, draft, findings, &err),
              &err);
    assert_ok(requirement_parse(as_text(c->requirement, arena), arena, need, &err), &err);
    assert_ok(listing_shop_parse(as_text(c->shop, arena), arena, shop, &err), &err);
    draft->product_id = c->product_id;
    *q = c->question;
    q->draft = draft;
    q->requirement = need;
    q->shop = shop;
}

void case_check(const struct test_case *c, struct arena *arena, struct findings *findings)
{
    struct listing_question q;
    struct listing_draft draft;
    struct requirement need;
    struct listing_shop shop;
    struct aisle_err err = {0};

    *findings = (struct findings){.arena = arena};
    case_read(c, arena, findings, &draft, &need, &shop, &q);
    assert_ok(listing_check(&q, findings, &err), &err);
}
