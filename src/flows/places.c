/* places.c - what a product's columns name beside its main image, and whether somebody
 * elsewhere may name it */
#include "base/json.h"
#include "flows/products.h"
#include "listing/assemble.h"
#include "listing/words.h"
#include "net/objects.h"

struct places {
    struct str before;
    bool relative;
};

static bool may_name(const struct places *at, struct str location)
{
    struct str scheme = str_head(location, str_find(location, STR_LIT("://")));

    if (str_empty(location) || str_starts(location, OBJECT_SCHEME) ||
        str_eq_nocase(scheme, STR_LIT("http")) || str_eq_nocase(scheme, STR_LIT("https")))
        return true;
    if (str_find(at->before, location) < at->before.n)
        return true;
    return at->relative && scheme.n == location.n && location.p[0] != '/';
}

static enum aisle_status check_one(const struct places *at, struct str location,
                                   struct aisle_err *err)
{
    if (may_name(at, location))
        return AISLE_OK;
    return aisle_fail(err, AISLE_INVALID,
                      "%.*s is no link: upload the file, and name its location",
                      STR_ARG(str_head(location, 200)));
}

/* Several in a cell are parted as listing/papers.h has it. */
static enum aisle_status check_cell(const struct places *at, struct str cell,
                                    struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    while (status == AISLE_OK && cell.n) {
        size_t end = 0;

        while (end < cell.n && cell.p[end] != '|' && cell.p[end] != '\n')
            end++;
        status = check_one(at, str_trim(str_head(cell, end)), err);
        cell = str_skip(cell, end + 1);
    }
    return status;
}

static enum aisle_status check_fields(const struct places *at,
                                      const struct assemble_request *r,
                                      struct arena *arena, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < r->field_count; i++) {
        struct str key = words_key(r->fields[i].name, arena);

        if (!key.p)
            return aisle_nomem(err);
        if (listing_is_paper(key))
            status = check_cell(at, r->fields[i].value, err);
    }
    return status;
}

enum aisle_status flow_product_places(const struct product *p, struct str before,
                                      bool relative, struct arena *arena,
                                      struct aisle_err *err)
{
    const struct places at = {.before = before, .relative = relative};
    struct assemble_request r = {0};
    enum aisle_status status = listing_fields(p, arena, &r, err);

    for (size_t i = 0; status == AISLE_OK && i < r.image_count; i++)
        if (!str_eq(r.images[i].location, p->image_location))
            status = check_one(&at, r.images[i].location, err);
    for (size_t i = 0; status == AISLE_OK && i < r.variant_count; i++)
        status = check_one(&at, r.variants[i].image.location, err);
    return status == AISLE_OK ? check_fields(&at, &r, arena, err) : status;
}
