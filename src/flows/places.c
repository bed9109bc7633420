/* places.c - what a product's columns name beside its main image, and whether somebody
 * elsewhere may name it */
#include "base/json.h"
#include "flows/products.h"
#include "listing/assemble.h"
#include "listing/words.h"
#include "net/objects.h"

struct places {
    struct str *before; /* what stood in such a column already */
    size_t before_count;
    bool relative;
};

typedef enum aisle_status place_fn(void *ctx, struct str location, struct aisle_err *err);

/* Several in a cell are parted as listing/papers.h has it. */
static enum aisle_status each_of_cell(struct str cell, place_fn *fn, void *ctx,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    while (status == AISLE_OK && cell.n) {
        size_t end = 0;

        while (end < cell.n && cell.p[end] != '|' && cell.p[end] != '\n')
            end++;
        status = fn(ctx, str_trim(str_head(cell, end)), err);
        cell = str_skip(cell, end + 1);
    }
    return status;
}

/* Every location that a product's columns name, beside its main image. */
static enum aisle_status each_place(const struct product *p, struct arena *arena,
                                    place_fn *fn, void *ctx, struct aisle_err *err)
{
    struct assemble_request r = {0};
    enum aisle_status status = listing_fields(p, arena, &r, err);

    for (size_t i = 0; status == AISLE_OK && i < r.image_count; i++)
        if (!str_eq(r.images[i].location, p->image_location))
            status = fn(ctx, r.images[i].location, err);
    for (size_t i = 0; status == AISLE_OK && i < r.variant_count; i++)
        status = fn(ctx, r.variants[i].image.location, err);
    for (size_t i = 0; status == AISLE_OK && i < r.field_count; i++) {
        struct str key = words_key(r.fields[i].name, arena);

        if (!key.p)
            return aisle_nomem(err);
        if (listing_is_paper(key))
            status = each_of_cell(r.fields[i].value, fn, ctx, err);
    }
    return status;
}

static enum aisle_status count_place(void *ctx, struct str location,
                                     struct aisle_err *err)
{
    struct places *at = ctx;

    (void)location;
    (void)err;
    at->before_count++;
    return AISLE_OK;
}

static enum aisle_status note_place(void *ctx, struct str location, struct aisle_err *err)
{
    struct places *at = ctx;

    (void)err;
    at->before[at->before_count++] = location;
    return AISLE_OK;
}

/* Text of *at is the product's, or the arena's. */
static enum aisle_status read_before(struct places *at, const struct product *before,
                                     struct arena *arena, struct aisle_err *err)
{
    enum aisle_status status = each_place(before, arena, count_place, at, err);

    if (status != AISLE_OK)
        return status;
    at->before = arena_alloc(arena, (at->before_count + 1) * sizeof *at->before);
    if (!at->before)
        return aisle_nomem(err);
    at->before_count = 0;
    return each_place(before, arena, note_place, at, err);
}

static bool may_name(const struct places *at, struct str location)
{
    struct str scheme = str_head(location, str_find(location, STR_LIT("://")));

    if (str_empty(location) || str_starts(location, OBJECT_SCHEME) ||
        str_eq_nocase(scheme, STR_LIT("http")) || str_eq_nocase(scheme, STR_LIT("https")))
        return true;
    for (size_t i = 0; i < at->before_count; i++)
        if (str_eq(at->before[i], location))
            return true;
    return at->relative && scheme.n == location.n && location.p[0] != '/' &&
           !object_path_climbs(location);
}

static enum aisle_status check_place(void *ctx, struct str location,
                                     struct aisle_err *err)
{
    if (may_name(ctx, location))
        return AISLE_OK;
    return aisle_fail(err, AISLE_INVALID,
                      "%.*s is no link: upload the file, and name its location",
                      STR_ARG(str_head(location, 200)));
}

enum aisle_status flow_product_places(const struct product *p,
                                      const struct product *before, bool relative,
                                      struct arena *arena, struct aisle_err *err)
{
    struct places at = {.relative = relative};
    enum aisle_status status = before ? read_before(&at, before, arena, err) : AISLE_OK;

    return status == AISLE_OK ? each_place(p, arena, check_place, &at, err) : status;
}
