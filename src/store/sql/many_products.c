/* many_products.c - a piece of a file, made ready for a driver that takes many at once */
#include "base/mem.h"
#include "store/sql/images.h"
#include "store/sql/products.h"

#include <stdlib.h>

static int compare_keys(const struct product *a, const struct product *b)
{
    int order = str_cmp(a->seller_id, b->seller_id);

    return order ? order : str_cmp(a->id, b->id);
}

/* Of one key in the order of the list. */
static int by_key(const void *a, const void *b)
{
    const struct incoming *x = a, *y = b;
    int order = compare_keys(x->p, y->p);

    return order ? order : (x->p > y->p) - (x->p < y->p);
}

static enum aisle_status hold_sellers(struct conn *c, const struct incoming *sorted,
                                      size_t count, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < count && status == AISLE_OK; i++)
        if (i == 0 || !str_eq(sorted[i].p->seller_id, sorted[i - 1].p->seller_id))
            status = sql_hold_seller(c, sorted[i].p->seller_id, err);
    return status;
}

/* An id that is not its location's may be in two places in one list: who is right
 * depends on the order. Such come one by one: rare, as files name no ids, and only a
 * product that stood with such an id is merged with it. */
static enum aisle_status name_image(struct incoming *in, bool *own, struct aisle_err *err)
{
    const struct product *p = in->p;
    enum aisle_status status;

    if (str_empty(p->image_location))
        return AISLE_OK;
    status = image_id_of("image", p->seller_id, p->image_location, in->image_id, err);
    if (status == AISLE_OK)
        status = image_id_of("local", p->seller_id, p->image_location, in->local_id, err);
    *own = *own || (!str_empty(p->image_id) && !str_is(p->image_id, in->image_id));
    return status;
}

/* The first of each key comes along; the others stay, in their order. */
static size_t take_round(struct incoming *left, size_t *count, struct incoming *now)
{
    size_t stay = 0, come = 0;

    for (size_t i = 0; i < *count; i++) {
        if (come > 0 && compare_keys(now[come - 1].p, left[i].p) == 0)
            left[stay++] = left[i];
        else
            now[come++] = left[i];
    }
    *count = stay;
    return come;
}

enum aisle_status sql_put_many(struct conn *c, const struct products_write *w, bool *done,
                               struct aisle_err *err)
{
    struct incoming *left = mem_zalloc(w->count, sizeof *left);
    struct incoming *now = mem_zalloc(w->count, sizeof *now);
    size_t count = w->count;
    bool own = false;
    enum aisle_status status = left && now ? AISLE_OK : aisle_nomem(err);

    for (size_t i = 0; i < count && status == AISLE_OK; i++) {
        left[i].p = &w->list[i];
        status = name_image(&left[i], &own, err);
    }
    *done = !own;
    if (status == AISLE_OK && !own) {
        qsort(left, count, sizeof *left, by_key);
        status = hold_sellers(c, left, count, err);
    }
    while (status == AISLE_OK && !own && count > 0) {
        size_t n = take_round(left, &count, now);

        status = w->many(c, now, n, w->at, w->counts, err);
    }
    mem_free(left);
    mem_free(now);
    return status;
}
