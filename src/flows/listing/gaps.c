/* gaps.c - what could not be filled, counted once a leaf: every mapped product assembled
 * and nothing sent
 */
#include "base/mem.h"
#include "flows/attributes.h"
#include "flows/listing.h"
#include "flows/sync.h"
#include "listing/words.h"

#include <stdlib.h>

enum {
    VALUES_SHOWN = 5,
    VALUES_MOST =
        2000, /* different ones remembered of a gap; those beyond are one more */
    COLUMNS_MOST = 64,
};

struct value_count {
    struct str column, value;
    uint64_t hash;
    size_t products;
};

struct column_count {
    struct str name;
    size_t fits; /* products whose value of it is one the attribute takes */
};

struct open_gap {
    struct str category_id;
    const struct required_attribute *attribute;
    struct str *allowed; /* the keys of its values */
    bool required;
    size_t products, without_column;
    struct value_count *values;
    size_t value_count, value_room, beyond;
    struct column_count *columns;
    size_t column_count;
};

struct leaf_seen { /* its requirement, kept for as long as the gaps */
    struct str category_id;
    struct requirement requirement;
};

struct gathering {
    const struct app *app;
    const struct gaps_request *request;
    struct target target;
    struct shop shop;
    struct arena arena, scratch;
    struct open_gap *gaps;
    size_t count, room;
    uint32_t *places; /* 2 * room: 1 + where in gaps; 0 empty */
    struct leaf_seen *leaves;
    size_t leaf_count, leaf_room;
    struct gaps_result result;
    enum aisle_status status;
    struct aisle_err err;
};

static bool out_of_memory(struct gathering *g)
{
    g->status = aisle_nomem(&g->err);
    return false;
}

/* ---- leaves ---- */

static const struct leaf_seen *add_leaf(struct gathering *g, struct str category_id,
                                        const struct requirement *r)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    struct leaf_seen *leaf;

    if (g->leaf_count == g->leaf_room) {
        size_t room = g->leaf_room ? 2 * g->leaf_room : 64;
        struct leaf_seen *wider = mem_realloc(g->leaves, room * sizeof *wider);

        if (!wider)
            return NULL;
        g->leaves = wider;
        g->leaf_room = room;
    }
    leaf = &g->leaves[g->leaf_count];
    *leaf = (struct leaf_seen){.category_id = arena_str(&g->arena, category_id)};
    requirement_format(r, &text); /* the way to a copy of its own */
    g->status = buf_check(&text, "what a leaf demands", &g->err);
    if (g->status == AISLE_OK)
        g->status =
            requirement_parse(buf_str(&text), &g->arena, &leaf->requirement, &g->err);
    buf_clear(&text);
    if (g->status != AISLE_OK || !leaf->category_id.p)
        return NULL;
    g->leaf_count++;
    return leaf;
}

static const struct leaf_seen *leaf_of(struct gathering *g, struct str category_id,
                                       const struct requirement *r)
{
    for (size_t i = g->leaf_count; i-- > 0;)
        if (str_eq(g->leaves[i].category_id, category_id))
            return &g->leaves[i];
    return add_leaf(g, category_id, r);
}

/* ---- gaps ---- */

static uint32_t *place_of(const struct gathering *g, struct str category_id,
                          struct str attribute_id)
{
    size_t mask = 2 * g->room - 1;
    size_t i = (str_hash(category_id) * 31 + str_hash(attribute_id)) & mask;

    for (; g->places[i]; i = (i + 1) & mask) {
        const struct open_gap *o = &g->gaps[g->places[i] - 1];

        if (str_eq(o->category_id, category_id) && str_eq(o->attribute->id, attribute_id))
            break;
    }
    return &g->places[i];
}

static bool make_room(struct gathering *g)
{
    size_t room = g->room ? 2 * g->room : 64;
    struct open_gap *wider = mem_realloc(g->gaps, room * sizeof *wider);

    if (!wider)
        return false;
    g->gaps = wider;
    mem_free(g->places);
    g->places = mem_zalloc(2 * room, sizeof *g->places);
    g->room = room;
    for (size_t i = 0; g->places && i < g->count; i++)
        *place_of(g, g->gaps[i].category_id, g->gaps[i].attribute->id) = (uint32_t)i + 1;
    return g->places != NULL;
}

static struct str *keys_of(struct gathering *g, const struct required_attribute *a)
{
    struct str *keys = arena_zalloc(&g->arena, a->value_count + 1, sizeof *keys);

    for (size_t i = 0; keys && i < a->value_count; i++) {
        keys[i] = words_key(a->values[i].name, &g->arena);
        if (!keys[i].p)
            return NULL;
    }
    return keys;
}

static struct open_gap *gap_of(struct gathering *g, const struct publish_item *item,
                               const struct unfilled_attribute *u)
{
    const struct leaf_seen *leaf;
    struct open_gap *gap;
    uint32_t *place;

    if (g->count == g->room && !make_room(g))
        return NULL;
    place = place_of(g, item->category_id, u->attribute_id);
    if (*place)
        return &g->gaps[*place - 1];
    leaf = leaf_of(g, item->category_id, item->requirement);
    if (!leaf)
        return NULL;
    gap = &g->gaps[g->count];
    *gap = (struct open_gap){
        .category_id = leaf->category_id,
        .attribute = requirement_attribute(&leaf->requirement, u->attribute_id),
        .columns = arena_zalloc(&g->arena, COLUMNS_MOST, sizeof *gap->columns),
    };
    gap->allowed = keys_of(g, gap->attribute);
    if (!gap->columns || !gap->allowed)
        return NULL;
    *place = (uint32_t)++g->count;
    return gap;
}

/* ---- what the products have instead ---- */

static bool count_value(struct gathering *g, struct open_gap *gap, struct str column,
                        struct str value)
{
    uint64_t hash = str_hash(column) * 31 + str_hash(value);
    struct value_count *v;

    for (size_t i = 0; i < gap->value_count; i++)
        if (gap->values[i].hash == hash && str_eq(gap->values[i].value, value) &&
            str_eq(gap->values[i].column, column)) {
            gap->values[i].products++;
            return true;
        }
    if (gap->value_count == VALUES_MOST) {
        gap->beyond++;
        return true;
    }
    if (gap->value_count == gap->value_room) {
        size_t room = gap->value_room ? 2 * gap->value_room : 8;
        struct value_count *wider = arena_zalloc(&g->arena, room, sizeof *wider);

        if (!wider)
            return false;
        if (gap->value_count)
            memcpy(wider, gap->values, gap->value_count * sizeof *wider);
        gap->values = wider;
        gap->value_room = room;
    }
    v = &gap->values[gap->value_count];
    *v = (struct value_count){arena_str(&g->arena, column), arena_str(&g->arena, value),
                              hash, 1};
    if (!v->column.p || !v->value.p)
        return false;
    gap->value_count++;
    return true;
}

static bool fits(const struct open_gap *gap, struct str key)
{
    for (size_t i = 0; key.n && i < gap->attribute->value_count; i++)
        if (str_eq(gap->allowed[i], key))
            return true;
    return false;
}

static struct column_count *column_of(struct gathering *g, struct open_gap *gap,
                                      struct str name)
{
    struct column_count *c;

    for (size_t i = 0; i < gap->column_count; i++)
        if (str_eq(gap->columns[i].name, name))
            return &gap->columns[i];
    if (gap->column_count == COLUMNS_MOST)
        return NULL;
    c = &gap->columns[gap->column_count];
    *c = (struct column_count){.name = arena_str(&g->arena, name)};
    if (!c->name.p)
        return NULL;
    gap->column_count++;
    return c;
}

/* Which of its columns has values that the attribute takes. */
static void count_columns(struct gathering *g, struct open_gap *gap,
                          const struct publish_item *item)
{
    for (size_t i = 0; i < item->field_count; i++) {
        struct arena_mark mark = arena_mark(&g->scratch);
        struct column_count *c = column_of(g, gap, item->fields[i].name);

        if (c && gap->attribute->value_count)
            c->fits += fits(gap, words_key(item->fields[i].value, &g->scratch));
        arena_rewind(&g->scratch, mark);
    }
}

static bool take_unfilled(struct gathering *g, const struct publish_item *item,
                          const struct unfilled_attribute *u)
{
    const struct required_attribute *a =
        requirement_attribute(item->requirement, u->attribute_id);
    bool required = u->required || (a && a->when.count);
    struct open_gap *gap;

    if (!a || (g->request->required_only && !required))
        return true;
    gap = gap_of(g, item, u);
    if (!gap)
        return g->status == AISLE_OK ? out_of_memory(g) : false;
    gap->required = gap->required || required;
    gap->products++;
    if (u->why == UNFILLED_NO_VALUE)
        return count_value(g, gap, u->seller_name, u->seller_value) || out_of_memory(g);
    gap->without_column++;
    count_columns(g, gap, item);
    return true;
}

static void take_item(void *ctx, const struct publish_item *item)
{
    struct gathering *g = ctx;
    bool filled = true;

    if (g->status != AISLE_OK)
        return;
    if (item->outcome == PUBLISH_UNMAPPED) {
        g->result.unmapped++;
        return;
    }
    if (g->request->category.n && !str_eq(g->request->category, item->category_id))
        return;
    g->result.products++;
    if (!item->requirement || !item->requirement->attributes_known) {
        g->result.unknown++;
        return;
    }
    for (size_t i = 0; i < item->unfilled_count; i++) {
        const struct unfilled_attribute *u = &item->unfilled[i];
        const struct required_attribute *a =
            requirement_attribute(item->requirement, u->attribute_id);

        filled = filled && !u->required && !(a && a->when.count);
        if (!take_unfilled(g, item, u))
            return;
    }
    g->result.filled += filled;
}

/* ---- telling ---- */

static int by_weight(const void *a, const void *b)
{
    const struct open_gap *x = a, *y = b;

    if (x->required != y->required)
        return x->required ? -1 : 1;
    if (x->products != y->products)
        return x->products > y->products ? -1 : 1;
    return str_cmp(x->category_id, y->category_id)
               ? str_cmp(x->category_id, y->category_id)
               : str_cmp(x->attribute->id, y->attribute->id);
}

static int by_products(const void *a, const void *b)
{
    const struct value_count *x = a, *y = b;

    if (x->products != y->products)
        return x->products > y->products ? -1 : 1;
    return str_cmp(x->value, y->value);
}

struct languages {
    struct gathering *g;
    const struct open_gap *gap;
    struct str value;
    struct gap_value *out;
};

/* The value it is called like in another language. */
static enum aisle_status look_elsewhere(void *ctx, const struct requirement_snapshot *row,
                                        struct aisle_err *err)
{
    struct languages *l = ctx;
    struct arena_mark mark = arena_mark(&l->g->scratch);
    struct requirement r;
    enum aisle_status status = requirement_parse(row->body, &l->g->scratch, &r, err);
    const struct required_attribute *a =
        status == AISLE_OK ? requirement_attribute(&r, l->gap->attribute->id) : NULL;
    enum likeness like = LIKE_NOTHING;
    const struct required_value *v =
        a ? value_liken(a, l->value, &l->g->scratch, &like) : NULL;
    const struct required_value *own =
        v ? required_attribute_value(l->gap->attribute, v->id) : NULL;

    if (own && like > l->out->like) {
        l->out->proposed = own;
        l->out->like = like;
    }
    arena_rewind(&l->g->scratch, mark);
    return status;
}

/* Nothing is proposed where anything goes. */
static enum aisle_status propose(struct gathering *g, const struct open_gap *gap,
                                 struct gap_value *v, struct aisle_err *err)
{
    struct requirement_key key = {.channel = g->shop.channel,
                                  .region = g->shop.region,
                                  .version = g->target.version,
                                  .category_id = gap->category_id};
    struct languages l = {g, gap, v->value, v};
    struct arena_mark mark = arena_mark(&g->scratch);

    v->proposed = value_liken(gap->attribute, v->value, &g->scratch, &v->like);
    arena_rewind(&g->scratch, mark);
    if (likeness_is_sure(v->like) || !gap->attribute->value_count)
        return AISLE_OK;
    return g->app->store->ops->listings->each_requirement(g->app->store, &key,
                                                          look_elsewhere, &l, err);
}

/* The column most of whose values fit, at least a third of them; else one whose name is
 * like the attribute's. */
static struct str propose_column(struct gathering *g, const struct open_gap *gap)
{
    const struct column_count *best = NULL;

    for (size_t i = 0; i < gap->column_count; i++)
        if (3 * gap->columns[i].fits >= gap->without_column && gap->columns[i].fits &&
            (!best || gap->columns[i].fits > best->fits))
            best = &gap->columns[i];
    for (size_t i = 0; !best && i < gap->column_count; i++) {
        struct arena_mark mark = arena_mark(&g->scratch);

        if (names_liken(gap->columns[i].name, gap->attribute->name, &g->scratch))
            best = &gap->columns[i];
        arena_rewind(&g->scratch, mark);
    }
    return best ? best->name : STR_LIT("");
}

static enum aisle_status tell_gap(struct gathering *g, struct open_gap *gap,
                                  const struct taxonomy *tree, gap_fn *fn, void *ctx,
                                  struct aisle_err *err)
{
    size_t most = g->request->values_most ? g->request->values_most : VALUES_SHOWN;
    size_t shown = gap->value_count < most ? gap->value_count : most;
    struct gap_value *values = arena_zalloc(&g->arena, shown + 1, sizeof *values);
    const struct category *c = taxonomy_get(tree, gap->category_id);
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct gap told = {.category_id = gap->category_id,
                       .attribute = gap->attribute,
                       .required = gap->required,
                       .products = gap->products,
                       .without_column = gap->without_column,
                       .values = values,
                       .value_count = shown,
                       .values_more = gap->value_count - shown + gap->beyond};
    enum aisle_status status = values ? AISLE_OK : aisle_nomem(err);

    if (gap->value_count)
        qsort(gap->values, gap->value_count, sizeof *gap->values, by_products);
    for (size_t i = 0; status == AISLE_OK && i < shown; i++) {
        values[i] = (struct gap_value){.column = gap->values[i].column,
                                       .value = gap->values[i].value,
                                       .products = gap->values[i].products};
        status = propose(g, gap, &values[i], err);
    }
    if (c)
        category_path(tree, c, TAXONOMY_NONE, &path);
    told.path = buf_str(&path);
    told.column = gap->without_column ? propose_column(g, gap) : STR_LIT("");
    if (status == AISLE_OK)
        status = fn(ctx, &told, err);
    buf_clear(&path);
    return status;
}

static enum aisle_status tell_all(struct gathering *g, gap_fn *fn, void *ctx,
                                  struct aisle_err *err)
{
    struct taxonomy tree;
    enum aisle_status status = g->app->store->ops->trees->load(
        g->app->store, g->target.id, 0, &g->arena, NULL, &tree, err);

    if (g->count)
        qsort(g->gaps, g->count, sizeof *g->gaps, by_weight);
    for (size_t i = 0; status == AISLE_OK && i < g->count; i++)
        status = tell_gap(g, &g->gaps[i], &tree, fn, ctx, err);
    return status;
}

enum aisle_status flow_each_gap(const struct app *app, const struct gaps_request *request,
                                gap_fn *fn, void *ctx, struct gaps_result *out,
                                struct aisle_err *err)
{
    struct gathering g = {.app = app,
                          .request = request,
                          .arena = ARENA_INIT(ARENA_MAX_WORK),
                          .scratch = ARENA_INIT(ARENA_MAX_WORK)};
    struct publish_request publish = {.target = request->target,
                                      .seller_id = request->seller_id,
                                      .defaults = request->defaults,
                                      .check_only = true,
                                      .offline = true};
    struct publish_result result;
    enum aisle_status status =
        flow_target(app, request->target, &g.arena, &g.target, &g.shop, err);

    publish.target = g.target.id;
    if (status == AISLE_OK)
        status = flow_publish(app, &publish, take_item, &g, &g.arena, &result, err);
    if (status == AISLE_OK && g.status != AISLE_OK) {
        aisle_pass(err, &g.err);
        status = g.status;
    }
    g.result.gaps = g.count;
    if (status == AISLE_OK)
        status = tell_all(&g, fn, ctx, err);
    if (status == AISLE_OK && out)
        *out = g.result;
    mem_free(g.places);
    mem_free(g.gaps);
    mem_free(g.leaves);
    arena_clear(&g.scratch);
    arena_clear(&g.arena);
    return status;
}
