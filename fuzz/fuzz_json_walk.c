/* A document read as it goes by and as a tree: taken by both or by neither, and the same.
 */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_walk.h"
#include "base/mem.h"

#include <math.h>

enum { MOST = 1 << 16, DEEPEST = 100 };

static json_t *tree_of(struct json_walk *w, size_t depth);

/* Of two members with one name the later counts. */
static json_t *object_of(struct json_walk *w, size_t depth)
{
    json_t *object = json_object();
    struct str key;

    json_walk_open(w);
    while (json_walk_member(w, &key)) {
        char *name = mem_dup(key.p, key.n);

        json_object_set_new_nocheck(object, name, tree_of(w, depth + 1));
        mem_free(name);
    }
    return object;
}

static json_t *list_of(struct json_walk *w, size_t depth)
{
    json_t *list = json_array();

    json_walk_open(w);
    while (json_walk_item(w))
        json_array_append_new(list, tree_of(w, depth + 1));
    return list;
}

static json_t *number_of(struct str text)
{
    int64_t n;
    double real = 0;

    if (parse_i64(text, INT64_MIN, INT64_MAX, &n))
        return json_integer(n);
    must(parse_double(text, -HUGE_VAL, HUGE_VAL, &real) || !text.n);
    return json_real(real);
}

static json_t *tree_of(struct json_walk *w, size_t depth)
{
    struct str s;

    if (depth > DEEPEST) {
        json_walk_skip(w);
        return json_null();
    }
    switch (json_walk_kind(w)) {
    case JSON_WALK_OBJECT:
        return object_of(w, depth);
    case JSON_WALK_LIST:
        return list_of(w, depth);
    case JSON_WALK_TEXT:
        s = json_walk_str(w);
        return json_stringn(s.p, s.n);
    case JSON_WALK_NUMBER:
        return number_of(json_walk_skip(w));
    case JSON_WALK_FLAG:
        return json_boolean(json_walk_flag(w, false));
    default:
        json_walk_skip(w);
        return json_null();
    }
}

/* What jansson takes and we do not: a fraction of over PARSE_DOUBLE_MAX letters, and a
 * NUL right behind a number or a word. */
static bool has_oddity(struct str text)
{
    size_t run = 0;

    if (str_find_char(text, '\0') < text.n)
        return true;
    for (size_t i = 0; i < text.n && run <= PARSE_DOUBLE_MAX; i++)
        run = strchr("0123456789+-.eE", text.p[i]) ? run + 1 : 0;
    return run > PARSE_DOUBLE_MAX;
}

static size_t depth_of(struct str text)
{
    size_t deep = 0;

    for (size_t i = 0; i < text.n; i++)
        deep += text.p[i] == '[' || text.p[i] == '{';
    return deep;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_n((const char *)data, size);
    struct aisle_err err = {0}, theirs_err = {0};
    struct json_walk w;
    json_t *theirs = NULL, *ours;
    enum aisle_status status, want = json_read(text, MOST, "it", &theirs, &theirs_err);

    json_walk_begin(&w, text, MOST, "it");
    json_walk_skip(&w);
    status = json_walk_end(&w, &err);
    must(status == want || (has_oddity(text) && status == AISLE_GARBLED) ||
         (status != AISLE_OK && want != AISLE_OK)); /* too deep, or garbled first */
    must((status == AISLE_OK) == (err.status == AISLE_OK));

    if (status == AISLE_OK && depth_of(text) <= DEEPEST) {
        json_walk_begin(&w, text, MOST, "it");
        ours = tree_of(&w, 0);
        must(json_walk_end(&w, &err) == AISLE_OK);
        must(json_equal(ours, theirs));
        json_decref(ours);
    }
    json_decref(theirs);
    return 0;
}
