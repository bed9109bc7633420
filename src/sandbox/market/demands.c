#include "sandbox/market/demands.h"

#include "base/mem.h"
#include "sandbox/data.h"
#include "sandbox/files.h"
#include "sandbox/market/demands_own.h"

struct demands *demands_new(void)
{
    return mem_zalloc(1, sizeof(struct demands));
}

void demands_free(struct demands *d)
{
    if (!d)
        return;
    json_decref(d->attributes);
    json_decref(d->categories);
    mem_free(d);
}

static enum aisle_status read_own(struct demands *d, struct aisle_err *err)
{
    struct str text = str_n(sandbox_requirements_json, sandbox_requirements_json_len);
    json_t *own = NULL;
    enum aisle_status status =
        json_read(text, BUF_MAX_REPLY, "our requirements", &own, err);

    if (status == AISLE_OK) {
        d->attributes = json_incref(json_object_get(own, "attributes"));
        d->categories = json_incref(json_object_get(own, "categories"));
    }
    json_decref(own);
    return status;
}

/* {"id": {"rules": {…}}} or {"id": {…}}: a leaf's whole rules, as an answer has them. */
static bool take_rules(struct demands *d, const char *id, json_t *entry)
{
    json_t *rules = json_object_get(entry, "rules");
    json_t *category =
        json_pack("{s:O, s:b}", "rules", rules ? rules : entry, "whole", 1);

    return category && json_object_set_new(d->categories, id, category) == 0;
}

static enum aisle_status read_rules(struct demands *d, struct str file,
                                    struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    json_t *whole = NULL, *list, *entry;
    const char *id;
    enum aisle_status status = file_load(file, &text, err);

    if (status == AISLE_OK)
        status = json_read(buf_str(&text), BUF_MAX_REPLY, "the rules", &whole, err);
    list = json_object_get(whole, "rules");
    if (!list)
        list = whole;
    if (status == AISLE_OK && !json_is_object(list))
        status = aisle_fail(err, AISLE_GARBLED, "the rules are no object by leaf id");
    if (status == AISLE_OK)
        json_object_foreach(list, id, entry)
        {
            if (json_is_object(entry) && !take_rules(d, id, entry)) {
                status = aisle_nomem(err);
                break;
            }
        }
    if (status == AISLE_GARBLED)
        aisle_note(err, "in %.*s", STR_ARG(file));
    json_decref(whole);
    buf_clear(&text);
    return status;
}

enum aisle_status demands_load(struct str rules, struct demands **out,
                               struct aisle_err *err)
{
    struct demands *d = demands_new();
    enum aisle_status status = d ? read_own(d, err) : aisle_nomem(err);

    if (status == AISLE_OK && !str_empty(rules))
        status = read_rules(d, rules, err);
    if (status == AISLE_OK)
        *out = d;
    else
        demands_free(d);
    return status;
}

/* ---- of one leaf ---- */

static size_t find(const struct demand *list, size_t count, struct str id)
{
    size_t at = 0;

    while (at < count && !str_eq(list[at].id, id))
        at++;
    return at;
}

static void drop(struct demand *list, size_t *count, struct str id)
{
    size_t at = find(list, *count, id);

    if (at == *count)
        return;
    memmove(&list[at], &list[at + 1], (*count - at - 1) * sizeof *list);
    --*count;
}

static void add_use(const struct demands *d, const json_t *use, struct demand *list,
                    size_t *count)
{
    struct str id = json_str(use, "id");
    size_t at = find(list, *count, id);
    const json_t *attribute = id.p ? json_object_get(d->attributes, id.p) : NULL;

    if (!attribute || at == DEMANDS_MAX)
        return;
    list[at] = (struct demand){
        .id = id,
        .attribute = attribute,
        .required = json_flag(use, "is_required", false),
        .conditions = json_list(use, "requirement_conditions"),
        .sales = str_is(json_str(attribute, "type"), "SALES_PROPERTY"),
    };
    *count += at == *count;
}

static void add_category(const struct demands *d, const char *id, struct demand *list,
                         size_t *count)
{
    const json_t *category = json_object_get(d->categories, id);
    const json_t *uses = json_list(category, "attributes");
    const json_t *without = json_list(category, "without");

    for (size_t i = 0; i < json_array_size(without); i++)
        drop(list, count, json_value_str(json_array_get(without, i)));
    for (size_t i = 0; i < json_array_size(uses); i++)
        add_use(d, json_array_get(uses, i), list, count);
}

/* Ids of rows are NUL-terminated where they come from an arena, and cut out of a file
 * where not; a key needs the NUL. */
enum { MAX_ID = 64 };

static const char *key_of(struct str id, char out[MAX_ID])
{
    id = str_head(id, MAX_ID - 1);
    if (id.n)
        memcpy(out, id.p, id.n);
    out[id.n] = '\0';
    return out;
}

size_t demands_of(const struct demands *d, const struct tree *t, uint32_t leaf,
                  struct demand out[DEMANDS_MAX])
{
    uint32_t chain[FOREST_MAX_DEPTH];
    size_t deep = tree_chain(t, leaf, chain), count = 0;
    char key[MAX_ID];

    if (!d)
        return 0;
    add_category(d, "*", out, &count);
    for (size_t i = 0; i < deep; i++)
        add_category(d, key_of(t->nodes[chain[i]].row->id, key), out, &count);
    return count;
}

/* Lays a category's rules over what stands above it; false: no memory. */
static bool lay_over(const struct demands *d, const char *id, json_t **rules)
{
    const json_t *category = json_object_get(d->categories, id);
    json_t *own = json_object_get(category, "rules"), *copy;

    if (!own)
        return true;
    copy = json_deep_copy(own);
    if (!copy)
        return false;
    if (json_flag(category, "whole", false)) {
        json_decref(*rules);
        *rules = copy;
        return true;
    }
    if (json_object_update_recursive(*rules, copy)) {
        json_decref(copy);
        return false;
    }
    json_decref(copy);
    return true;
}

json_t *demands_rules(const struct demands *d, const struct tree *t, uint32_t leaf)
{
    uint32_t chain[FOREST_MAX_DEPTH];
    size_t deep = tree_chain(t, leaf, chain);
    json_t *rules = json_object();
    bool fine = d && rules && lay_over(d, "*", &rules);
    char key[MAX_ID];

    for (size_t i = 0; i < deep && fine; i++)
        fine = lay_over(d, key_of(t->nodes[chain[i]].row->id, key), &rules);
    if (fine)
        return rules;
    json_decref(rules);
    return NULL;
}
