#include "flows/catalogue.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "flows/doubts.h"
#include "flows/products.h"
#include "listing/words.h"

/* What is kept at once: enough that a page of an index is written once for many rows, and
 * no more than a few megabytes. */
enum { PIECE = 4096, PIECE_BYTES = 4 * 1024 * 1024 };

/* What is known of a product of the piece, beside what it is. */
struct origin {
    size_t line;
    struct feed_gaps gaps;
    unsigned kept; /* as feed_keep has it */
};

struct import {
    const struct app *app;
    const struct import_request *request;
    import_problem_fn *fn;
    void *ctx;
    struct arena arena; /* of the piece */
    struct arena file;
    struct str columns; /* of a table */
    struct product *piece;
    struct origin *origins; /* of the products of the piece */
    size_t count, named_files;
    struct feed_counts late; /* told of while keeping */
    struct doubts doubts;
    struct import_result result;
};

/* ---- a piece ---- */

/* store_merge_fn */
static enum aisle_status keep_rest(void *ctx, size_t at, const struct product *then,
                                   struct product *now, struct arena *arena,
                                   struct aisle_err *err)
{
    struct import *in = ctx;
    struct origin *origin = &in->origins[at];

    return feed_keep(&origin->gaps, then, now, arena, &origin->kept, err);
}

static void take_problem(void *ctx, const struct feed_problem *problem)
{
    struct import *in = ctx;
    struct buf text = BUF_INIT(BUF_MAX_LINE);

    if (!in->fn)
        return;
    buf_add(&text, problem->what);
    if (!str_empty(problem->remedy))
        buf_addf(&text, " (%.*s)", STR_ARG(problem->remedy));
    in->fn(in->ctx, problem->line, problem->column, problem->loss == FEED_LEFT_OUT,
           text.p ? text.p : "");
    buf_clear(&text);
}

static void tell_price(struct import *in, const struct origin *origin)
{
    struct feed_problem problem;
    char what[FEED_WHAT];

    if (!feed_unclear_price(&origin->gaps, origin->kept, origin->line, what, &problem))
        return;
    in->late.problems++;
    in->late.dropped++;
    take_problem(in, &problem);
}

static void tell_columns(struct import *in, const struct origin *origin)
{
    static const struct {
        unsigned bit;
        size_t dropped;
        const char *what;
    } words[] = {
        {FEED_NO_ROOM, 1,
         "its further columns have no room beside those that are there "
         "already, which stay alone: leave columns out"},
        {FEED_VARIANTS_LOST, 0,
         "its variants are not all known by their SKU: what the file "
         "has no column for, as options, is gone of all that were "
         "there (export them with all columns)"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!(origin->kept & words[i].bit))
            continue;
        in->late.problems++;
        in->late.dropped += words[i].dropped;
        if (in->fn)
            in->fn(in->ctx, origin->line, STR_LIT(""), false, words[i].what);
    }
}

static void tell_kept(struct import *in)
{
    for (size_t i = 0; i < in->count; i++) {
        const struct origin *origin = &in->origins[i];

        in->result.kept |= origin->kept & ((1u << FEED_FIELDS) - 1);
        tell_price(in, origin);
        tell_columns(in, origin);
    }
}

static enum aisle_status keep_piece(struct import *in, struct aisle_err *err)
{
    const struct products_merge w = {.list = in->piece,
                                     .count = in->count,
                                     .merge = in->request->replace ? NULL : keep_rest,
                                     .ctx = in,
                                     .at = clock_now_s(in->app->clock),
                                     .dry = in->request->dry_run};
    enum aisle_status status = in->app->store->ops->catalogue->merge_products(
        in->app->store, &w, &in->result.counts, err);

    if (status == AISLE_OK)
        tell_kept(in);
    return status;
}

static enum aisle_status flush(struct import *in, struct aisle_err *err)
{
    enum aisle_status status = app_check_stop(in->app, err);

    if (status == AISLE_OK && in->count)
        status = keep_piece(in, err);
    in->count = 0;
    arena_clear(&in->arena);
    return status;
}

/* ---- a product ---- */

static bool is_relative(struct str location)
{
    return location.n && location.p[0] != '/' && !str_starts(location, OBJECT_SCHEME) &&
           str_find(location, STR_LIT("://")) == location.n;
}

/* By its whole path. */
static bool is_file_here(struct str location)
{
    return str_starts(location, "/") || str_starts(location, "file:");
}

/* Under the folder of images; .p NULL without memory. */
static struct str placed(struct import *in, struct str location)
{
    struct str root = in->request->image_root;

    if (str_empty(root) || !is_relative(location))
        return location;
    return arena_fmt(&in->arena, "%.*s/%.*s", STR_ARG(root), STR_ARG(location));
}

/* Where the image is, and the ids its rows go by. */
static enum aisle_status place_image(struct import *in, struct product *p,
                                     struct aisle_err *err)
{
    char id[IMAGE_ID_LEN + 1];
    enum aisle_status status;

    if (in->request->links_only && is_file_here(p->image_location))
        p->image_location = (struct str){0};
    if (str_empty(p->image_location))
        return AISLE_OK;
    p->image_location = placed(in, p->image_location);
    if (!p->image_location.p)
        return aisle_nomem(err);
    status = image_id_of("image", p->seller_id, p->image_location, id, err);
    if (status != AISLE_OK)
        return status;
    p->image_id = arena_str(&in->arena, str_of(id));
    return p->image_id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status place_list(struct import *in, const json_t *list, bool *changed,
                                    struct aisle_err *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        struct str before = json_value_str(one);
        struct str location = before.n ? placed(in, before) : before;

        if (before.n && !location.p)
            return aisle_nomem(err);
        if (str_eq(location, before))
            continue;
        if (json_string_setn_nocheck(one, location.p, location.n) != 0)
            return aisle_nomem(err);
        *changed = true;
    }
    return AISLE_OK;
}

static enum aisle_status write_attributes(struct import *in, const json_t *object,
                                          struct str *out, struct aisle_err *err)
{
    struct buf json = BUF_INIT(PRODUCT_MAX_ATTRIBUTES);
    enum aisle_status status = AISLE_OK;
    struct str kept = {0};

    if (json_dump_to(&json, object))
        kept = arena_str(&in->arena, buf_str(&json));
    if (kept.p)
        *out = kept;
    else if (json.failed != AISLE_LIMIT) /* too long so: they stay as the file has them */
        status = aisle_nomem(err);
    buf_clear(&json);
    return status;
}

/* Where its further images are. */
static enum aisle_status place_gallery(struct import *in, struct product *p,
                                       struct aisle_err *err)
{
    struct str mark = STR_LIT("\"images\":[");
    bool changed = false;
    json_t *object;
    enum aisle_status status;

    if (!utf8_valid(in->request->image_root) || str_empty(in->request->image_root) ||
        str_find(p->attributes, mark) == p->attributes.n)
        return AISLE_OK;
    status = json_read(p->attributes, PRODUCT_MAX_ATTRIBUTES, "attributes of a product",
                       &object, err);
    if (status != AISLE_OK)
        return status;
    status = place_list(in, json_list(object, "images"), &changed, err);
    if (status == AISLE_OK && changed)
        status = write_attributes(in, object, &p->attributes, err);
    json_decref(object);
    return status;
}

static bool keep_texts(struct arena *arena, struct product *p)
{
    struct str *texts[] = {&p->seller_id,      &p->id,         &p->title,
                           &p->description,    &p->brand,      &p->seller_category_id,
                           &p->image_location, &p->attributes, &p->currency};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        *texts[i] = arena_str(arena, *texts[i]);
        if (!texts[i]->p)
            return false;
    }
    return true;
}

static bool keep_origin(struct import *in, const struct feed_item *item)
{
    struct origin *origin = &in->origins[in->count];
    struct feed_gaps *gaps = &origin->gaps;

    *origin = (struct origin){.line = item->line, .gaps = item->gaps};
    if (!gaps->columns_last)
        gaps->columns = arena_str(&in->arena, gaps->columns);
    else if (!in->columns.p) /* the last piece is kept when the reading has ended */
        in->columns = arena_str(&in->file, gaps->columns);
    if (gaps->columns_last)
        gaps->columns = in->columns;
    gaps->price = arena_str(&in->arena, gaps->price);
    gaps->price_column = arena_str(&in->arena, gaps->price_column);
    return gaps->columns.p && gaps->price.p && gaps->price_column.p;
}

static enum aisle_status judge_image(const struct product *p, struct aisle_err *err)
{
    if (!is_relative(p->image_location) || !object_path_climbs(p->image_location))
        return AISLE_OK;
    return aisle_fail(err, AISLE_INVALID, "%.*s leads out of the folder of images",
                      STR_ARG(str_head(p->image_location, 200)));
}

/* A row from elsewhere that names a file of this machine is left out, and told. */
static enum aisle_status judge_places(struct import *in, const struct feed_item *item,
                                      bool *out, struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status = AISLE_OK;

    if (in->request->links_only)
        status = judge_image(&item->product, &why);
    if (in->request->links_only && status == AISLE_OK)
        status = flow_product_places(&item->product, NULL, true, &in->arena, &why);

    *out = status == AISLE_INVALID;
    if (*out) {
        in->named_files++;
        if (in->fn)
            in->fn(in->ctx, item->line, STR_LIT(""), true, why.text);
        return AISLE_OK;
    }
    aisle_pass(err, &why);
    return status;
}

/* A piece is one seller's. */
static bool is_of_another(const struct import *in, const struct product *p)
{
    return in->count && !str_eq(in->piece[in->count - 1].seller_id, p->seller_id);
}

static enum aisle_status take_product(void *ctx, const struct feed_item *item,
                                      struct aisle_err *err)
{
    struct import *in = ctx;
    struct product *p;
    bool is_out;
    enum aisle_status status = judge_places(in, item, &is_out, err);

    if (status == AISLE_OK && !is_out && is_of_another(in, &item->product))
        status = flush(in, err);
    if (status != AISLE_OK || is_out)
        return status;
    p = &in->piece[in->count];
    *p = item->product;
    if (!keep_texts(&in->arena, p) || !keep_origin(in, item))
        return aisle_nomem(err);
    status = place_image(in, p, err);
    if (status == AISLE_OK)
        status = place_gallery(in, p, err);
    if (status == AISLE_OK)
        status = doubts_note(&in->doubts, in->app->store, item, err);
    if (status != AISLE_OK)
        return status;
    in->result.products++;
    in->count++;
    return in->count == PIECE || in->arena.used >= PIECE_BYTES ? flush(in, err)
                                                               : AISLE_OK;
}

/* ---- the file ---- */

static enum aisle_status tell_doubts(struct import *in, struct aisle_err *err)
{
    struct feed_problem problems[DOUBTS];
    size_t count = 0;
    enum aisle_status status = doubts_list(&in->doubts, problems, &count, err);

    for (size_t i = 0; i < count; i++)
        take_problem(in, &problems[i]);
    in->late.problems += count;
    return status;
}

enum aisle_status flow_import(const struct app *app, const struct import_request *request,
                              struct feed_source source, import_problem_fn *fn, void *ctx,
                              struct import_result *out, struct aisle_err *err)
{
    struct import in = {.app = app,
                        .request = request,
                        .fn = fn,
                        .ctx = ctx,
                        .arena = ARENA_INIT(ARENA_MAX_WORK),
                        .file = ARENA_INIT(BUF_MAX_REQUEST),
                        .doubts = DOUBTS_INIT};
    struct feed_options options = {
        .seller_id =
            str_empty(request->seller_id) ? STR_LIT("default") : request->seller_id,
        .one_seller = !str_empty(request->seller_id),
        .map = request->map,
        .currency = request->currency,
        .sense = column_sense,
    };
    struct feed_visitor visitor = {
        .ctx = &in, .product = take_product, .problem = take_problem};
    struct feed_counts counts = {0};
    enum aisle_status status = AISLE_OK;

    *out = in.result;
    if (!short_word_valid(options.seller_id))
        return aisle_fail(err, AISLE_INVALID,
                          "\"%.*s\" is no name for a seller: 1 to 40 of a-z 0-9 - _",
                          STR_ARG(options.seller_id));
    in.piece = mem_alloc(PIECE * sizeof *in.piece);
    in.origins = mem_alloc(PIECE * sizeof *in.origins);
    status = in.piece && in.origins ? AISLE_OK : aisle_nomem(err);
    if (status == AISLE_OK)
        status = feed_products(source, &options, &visitor, &counts, err);
    if (status == AISLE_OK)
        status = flush(&in, err);
    if (status == AISLE_OK)
        status = tell_doubts(&in, err);
    in.result.form = counts.form;
    in.result.rows = counts.rows;
    in.result.left_out = counts.left_out + in.named_files;
    in.result.dropped = counts.dropped + in.late.dropped;
    in.result.problems = counts.problems + in.named_files + in.late.problems;
    arena_clear(&in.arena);
    arena_clear(&in.file);
    doubts_clear(&in.doubts);
    mem_free(in.piece);
    mem_free(in.origins);
    *out = in.result; /* also after a failure: pieces kept before it stay */
    return status;
}
