/* Changes of what is listed whose answer was lost: what became of them is looked up. */
#include "world.h"

#include "flows/listing.h"

#include <stdio.h>
#include <string.h>

/* What the marketplace does with one change, and shows of the listing afterwards. */
static const struct scene {
    enum channel_change change;
    enum aisle_status answer; /* of the change; AISLE_OK: heard */
    bool lost, refused;
    enum aisle_status look; /* of the question what became of it */
    enum listing_state there;
    enum listing_state state; /* told, and kept */
    const char *why;          /* in the text; NULL: it was done */
} scenes[] = {
    {CHANGE_DEACTIVATE, AISLE_OK, false, false, AISLE_OK, LISTING_LIVE, LISTING_OFF,
     NULL},
    {CHANGE_DEACTIVATE, AISLE_OK, true, false, AISLE_OK, LISTING_LIVE, LISTING_OFF, NULL},
    {CHANGE_RECOVER, AISLE_OK, false, true, AISLE_OK, LISTING_OFF, LISTING_LIVE,
     "not in this state (code 12052901)"},
    /* the first try was taken, so the second is refused */
    {CHANGE_RECOVER, AISLE_OK, true, true, AISLE_OK, LISTING_OFF, LISTING_OFF, NULL},
    {CHANGE_RECOVER, AISLE_OK, true, true, AISLE_OK, LISTING_DELETED, LISTING_DELETED,
     "and the listing is deleted"},
    {CHANGE_ACTIVATE, AISLE_BUSY, true, false, AISLE_OK, LISTING_PENDING, LISTING_PENDING,
     NULL},
    {CHANGE_ACTIVATE, AISLE_GARBLED, true, false, AISLE_OK, LISTING_FAILED,
     LISTING_FAILED, NULL},
    {CHANGE_ACTIVATE, AISLE_BUSY, true, false, AISLE_OK, LISTING_OFF, LISTING_OFF,
     "cut short, and the listing is off"},
    {CHANGE_DELETE, AISLE_BUSY, true, false, AISLE_BUSY, LISTING_LIVE, LISTING_LIVE,
     "it is not known whether that was done, as the answer was lost: cut short"},
    {CHANGE_DELETE, AISLE_OK, true, true, AISLE_BUSY, LISTING_LIVE, LISTING_LIVE,
     "(aisle listing status K-01)"},
};

/* The scene on stage goes behind the ops, which the market hands on. */
struct stage {
    struct channel_listing_ops listing;
    const struct scene *scene;
};

static const struct scene *scene_of(const struct channel_session *s)
{
    return ((const struct stage *)s->ops->listing)->scene;
}

static enum aisle_status change_it(struct channel_session *s, enum channel_change change,
                                   const struct str *product_ids, size_t count,
                                   struct arena *arena,
                                   const struct channel_unchanged **out,
                                   size_t *unchanged_count, struct channel_meta *meta,
                                   struct aisle_err *err)
{
    const struct scene *scene = scene_of(s);
    struct channel_unchanged *no = arena_zalloc(arena, 1, sizeof *no);

    assert_int_equal(change, scene->change);
    assert_int_equal(count, 1);
    meta->lost = scene->lost;
    if (scene->answer != AISLE_OK)
        return aisle_fail(err, scene->answer, "cut short");
    *no = (struct channel_unchanged){product_ids[0], STR_LIT("12052901"),
                                     STR_LIT("not in this state")};
    *out = no;
    *unchanged_count = scene->refused;
    return AISLE_OK;
}

static enum aisle_status get_it(struct channel_session *s, struct str product_id,
                                struct arena *arena, struct channel_product *out,
                                struct channel_meta *meta, struct aisle_err *err)
{
    const struct scene *scene = scene_of(s);

    (void)arena, (void)meta;
    if (scene->look != AISLE_OK)
        return aisle_fail(err, scene->look, "nobody answers");
    *out = (struct channel_product){.id = product_id, .state = scene->there};
    return AISLE_OK;
}

struct told {
    size_t count;
    enum listing_state state;
    char why[600];
};

static void note(void *ctx, const struct listing *l, enum listing_state was,
                 const struct aisle_err *why)
{
    struct told *told = ctx;

    (void)was;
    told->count++;
    told->state = l->state;
    snprintf(told->why, sizeof told->why, "%s", why ? why->text : "");
}

static void list_one(struct world *w)
{
    struct store *store = w->app.store;
    struct listing l = {.seller_id = STR_LIT("acme"),
                        .shop_id = STR_LIT("toko"),
                        .product_id = STR_LIT("K-01"),
                        .remote_id = STR_LIT("1729592969712207008"),
                        .state = LISTING_LIVE};

    store->ops->listings->get(store, l.seller_id, l.shop_id, l.product_id, &w->arena, &l,
                              NULL);
    l.state = LISTING_LIVE;
    assert_int_equal(store->ops->listings->put(store, &l, NULL, NULL), AISLE_OK);
}

static void play(struct world *w, const struct scene *scene)
{
    const struct str product = STR_LIT("K-01");
    struct follow_result result;
    struct told told = {0};
    struct listing kept;

    list_one(w);
    assert_int_equal(flow_listing_change(&w->app, STR_LIT("toko"), STR_LIT("acme"),
                                         scene->change, &product, 1, note, &told, &result,
                                         NULL),
                     AISLE_OK);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.state, scene->state);
    if (!scene->why)
        assert_string_equal(told.why, "");
    else if (!strstr(told.why, scene->why))
        fail_msg("want %s, got %s", scene->why, told.why);
    assert_int_equal(result.failed, scene->why != NULL);
    assert_int_equal(w->app.store->ops->listings->get(w->app.store, STR_LIT("acme"),
                                                      STR_LIT("toko"), product, &w->arena,
                                                      &kept, NULL),
                     AISLE_OK);
    assert_int_equal(kept.state, scene->state);
}

static void a_change_whose_answer_was_lost_is_looked_up(void **state)
{
    struct world *w = *state;
    struct stage stage = {.listing = {.change = change_it, .get = get_it}};

    w->market.ops.listing = &stage.listing;
    world_product(w, "K-01", "kaos", "Baju", NULL);
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
        stage.scene = &scenes[i];

        play(w, &scenes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_change_whose_answer_was_lost_is_looked_up,
                                        world_setup, world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
