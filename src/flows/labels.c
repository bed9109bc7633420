#include "flows/labels.h"

#include "base/mem.h"
#include "base/text.h"
#include "flows/label_leaf.h"
#include "match/features.h"

#include <stdio.h>

struct importing {
    const struct app *app;
    const struct label_import *request;
    label_problem_fn *fn;
    void *ctx;
    struct label_place place;
    struct arena arena;  /* the tree, and what the rows are made of */
    size_t arena_before; /* the rows */
    struct set_row *rows;
    uint32_t count, cap;
    struct sha256_ctx hash;
    struct labels labels;
    struct label_imported result;
};

static void tell(struct importing *in, size_t line, bool left_out, const char *what)
{
    if (in->fn)
        in->fn(in->ctx, line, left_out, what);
}

/* Every text by its length, so that no two sets give the same bytes. */
static enum aisle_status add_hash(struct importing *in, const struct set_row *row,
                                  struct aisle_err *err)
{
    const struct str texts[] = {row->id,          row->title, row->category,
                                row->description, row->brand, row->seller_category};
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < sizeof texts / sizeof *texts; i++) {
        uint64_t n = texts[i].n;

        status = sha256_add(&in->hash, str_n((const char *)&n, sizeof n), err);
        if (status == AISLE_OK)
            status = sha256_add(&in->hash, texts[i], err);
    }
    return status;
}

static bool keep_texts(struct arena *arena, struct set_row *row)
{
    struct str *texts[] = {&row->id,          &row->title, &row->category,
                           &row->description, &row->brand, &row->seller_category};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_str(arena, *texts[i]);
        if (!texts[i]->p)
            return false;
    }
    return true;
}

static enum aisle_status keep_row(struct importing *in, const struct label_row *from,
                                  struct aisle_err *err)
{
    bool all = !in->request->titles_only;
    struct set_row row = {.id = from->id, .title = from->title, .category = from->label};
    void *rows = in->rows;

    if (in->count == LABELS_MOST)
        return aisle_fail(err, AISLE_LIMIT, "a label set has at most %d rows",
                          LABELS_MOST);
    if (in->arena.used - in->arena_before > LABELS_MAX_BYTES)
        return aisle_fail(err, AISLE_LIMIT, "a label set has at most %d MB of text",
                          LABELS_MAX_BYTES >> 20);
    if (all) {
        row.description = utf8_head(from->description, FEATURES_MAX_TEXT);
        row.brand = from->brand;
        row.seller_category = from->seller_category;
    }
    if (!keep_texts(&in->arena, &row) ||
        !list_grow(&rows, in->count, &in->cap, sizeof row))
        return aisle_nomem(err);
    in->rows = rows;
    in->rows[in->count++] = row;
    return add_hash(in, &row, err);
}

/* Kept whatever its category is: a tree that has it may come. */
static enum aisle_status judge_row(struct importing *in, const struct label_row *row,
                                   struct aisle_err *err)
{
    const struct label_leaf *leaf;
    char what[200];
    enum aisle_status status;

    if (!in->place.has_tree)
        return AISLE_OK;
    status = label_leaf_find(&in->place.leaves, row->label, &leaf, err);
    if (status != AISLE_OK)
        return status;
    in->result.unknown += str_empty(leaf->id);
    in->result.closed += !str_empty(leaf->id) && !leaf->open;
    if (str_empty(leaf->id)) {
        snprintf(what, sizeof what, "no leaf '%.*s' in the tree",
                 STR_ARG(utf8_head(row->label, 120)));
        tell(in, row->line, false, what);
    }
    return AISLE_OK;
}

static enum aisle_status read_rows(struct importing *in, struct aisle_err *err)
{
    struct label_row row;
    enum aisle_status status;

    while ((status = labels_next(&in->labels, &row, err)) == AISLE_OK && row.line > 0) {
        if (row.why[0]) {
            in->result.left_out++;
            tell(in, row.line, true, row.why);
            continue;
        }
        if (row.mended)
            tell(in, row.line, false,
                 "some letters are no UTF-8: save the file again as CSV UTF-8");
        status = app_check_stop(in->app, err);
        if (status == AISLE_OK)
            status = judge_row(in, &row, err);
        if (status == AISLE_OK)
            status = keep_row(in, &row, err);
        if (status != AISLE_OK)
            return status;
    }
    if (status == AISLE_OK && in->count == 0)
        status = aisle_fail(err, AISLE_INVALID, "the file has no row to learn from");
    return status;
}

static enum aisle_status read_file(struct importing *in, struct feed_source source,
                                   struct aisle_err *err)
{
    struct label_set *set = &in->result.set;
    enum aisle_status status = sha256_init(&in->hash, err);

    if (status == AISLE_OK)
        status = labels_open(&in->labels, source, &in->request->columns, err);
    if (status == AISLE_OK)
        status = read_rows(in, err);
    if (status == AISLE_OK)
        status = sha256_finish(&in->hash, &set->hash, err);
    set->rows = in->count;
    return status;
}

/* What is there under the name, and what that means. */
static enum aisle_status compare(struct importing *in, struct label_set *before,
                                 struct aisle_err *err)
{
    const struct label_set *set = &in->result.set;
    struct aisle_err why = {0};
    enum aisle_status status =
        in->app->store->ops->labels->get(in->app->store, set->seller_id, set->target_id,
                                         set->name, &in->arena, before, &why);

    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    in->result.same = before->rows == set->rows &&
                      memcmp(&before->hash, &set->hash, sizeof set->hash) == 0;
    in->result.replaced = !in->result.same;
    if (in->result.replaced && !in->request->replace)
        status = aisle_fail(err, AISLE_CONFLICT,
                            "label set %.*s is there already, with %lld other rows",
                            STR_ARG(set->name), (long long)before->rows);
    return status;
}

static enum aisle_status keep_set(struct importing *in, struct aisle_err *err)
{
    struct label_set *set = &in->result.set, before = {0};
    enum aisle_status status = compare(in, &before, err);

    if (status == AISLE_OK && !in->result.same && !in->request->dry_run)
        status = in->app->store->ops->labels->put(in->app->store, set, in->rows,
                                                  before.seq, &set->seq, err);
    return status;
}

/* Whose it is and what it is called. */
static enum aisle_status begin(struct importing *in, struct arena *arena,
                               struct aisle_err *err)
{
    const struct app *app = in->app;
    struct label_set *set = &in->result.set;
    enum aisle_status status;

    if (!short_word_valid(in->request->name))
        return aisle_fail(err, AISLE_INVALID,
                          "\"%.*s\" is no name for a label set: 1 to 40 of a-z 0-9 - _",
                          STR_ARG(in->request->name));
    status = label_place_open(app, in->request->target, &in->arena, &in->place, err);
    if (status != AISLE_OK)
        return status;
    in->result.has_tree = in->place.has_tree;
    in->arena_before = in->arena.used;
    set->seller_id = arena_str(arena, in->place.shop.seller_id);
    set->target_id = arena_str(arena, in->place.target.id);
    set->name = arena_str(arena, in->request->name);
    set->who = app->who;
    set->at = clock_now_s(app->clock);
    return set->seller_id.p && set->target_id.p && set->name.p ? AISLE_OK
                                                               : aisle_nomem(err);
}

enum aisle_status flow_label_import(const struct app *app,
                                    const struct label_import *request,
                                    struct feed_source source, label_problem_fn *fn,
                                    void *ctx, struct arena *arena,
                                    struct label_imported *out, struct aisle_err *err)
{
    struct importing *in = mem_zalloc(1, sizeof *in);
    enum aisle_status status;

    if (!in)
        return aisle_nomem(err);
    in->app = app;
    in->request = request;
    in->fn = fn;
    in->ctx = ctx;
    in->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    status = begin(in, arena, err);
    if (status == AISLE_OK)
        status = read_file(in, source, err);
    if (status == AISLE_OK)
        status = keep_set(in, err);
    if (status == AISLE_OK)
        *out = in->result;
    labels_close(&in->labels);
    sha256_clear(&in->hash);
    label_place_clear(&in->place);
    arena_clear(&in->arena);
    mem_free(in->rows);
    mem_free(in);
    return status;
}
