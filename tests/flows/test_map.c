#include "world.h"

#include "flows/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char picture[] = "images/kaos-hitam.png";

static struct map_request request_of(const struct world *w, enum map_policy policy)
{
    return (struct map_request){.target = STR_LIT(WORLD_TARGET),
                                .policy = policy,
                                .budget = -1,
                                .jobs = 1,
                                .image_root = str_of(w->image_root)};
}

static enum aisle_status map_it(struct world *w, const struct map_request *request,
                                struct map_result *out, struct aisle_err *err)
{
    struct map_result result;

    return flow_map(&w->app, request, NULL, NULL, out ? out : &result, err);
}

static enum aisle_status guide(struct world *w, struct map_result *out,
                               struct aisle_err *err)
{
    struct map_request request = request_of(w, MAP_GUIDE);

    return map_it(w, &request, out, err);
}

static void synced(struct world *w)
{
    struct aisle_err err = {0};

    if (world_sync(w, NULL, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

/* ---- the guide ---- */

static void the_first_answer_maps_its_seller_category(void **state)
{
    struct world *w = *state;
    struct map_result r;

    synced(w);
    world_product(w, "a", "kaos hitam", "Atasan", picture);
    world_product(w, "b", "kaos putih", "Atasan", picture);
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10 b=10");
    assert_int_equal(r.counts.mapped, 2);
    assert_int_equal(r.counts.recommends, 2);
    assert_int_equal(r.counts.uploads, 1); /* equal bytes go up once */
}

static void a_differing_answer_becomes_the_products_own_and_a_conflict(void **state)
{
    struct world *w = *state;
    struct map_result r;

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    world_product(w, "b", "kemeja putih", "Baju", picture);
    world_product(w, "c", "kaos merah", "Baju", picture);
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10 b=11! c=10");
    assert_int_equal(r.counts.conflicts, 1);
}

static void a_product_without_a_picture_is_reported_and_not_asked_about(void **state)
{
    struct world *w = *state;
    struct map_result r;

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", NULL);
    world_product(w, "b", "kaos putih", "Baju", "images/none-there.png");
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.without_image, 1);
    assert_int_equal(r.counts.failed, 1);
    assert_int_equal(w->market.asked_count, 0);
}

static void a_refusal_leaves_the_product_open(void **state)
{
    struct world *w = *state;
    struct map_result r;

    synced(w);
    world_product(w, "a", "barang aneh", "", picture);
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.refused, 1);
    assert_string_equal(world_mappings(w), "a=-");
}

static void a_leaf_closed_to_the_shop_is_proposed_and_not_taken(void **state)
{
    struct world *w = *state;
    struct map_result r;

    synced(w);
    world_product(w, "a", "cincin emas", "Perhiasan", picture);
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.need_person, 1);
    assert_string_equal(world_mappings(w), "a=12?");
}

static void a_leaf_the_tree_lacks_is_kept_as_provisional(void **state)
{
    struct world *w = *state;
    struct taxonomy tree;
    const struct category *c;

    synced(w);
    world_product(w, "a", "barang baru", "", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=99");
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, STR_LIT(WORLD_TARGET),
                                                    0, &w->arena, NULL, &tree, NULL),
                     AISLE_OK);
    c = taxonomy_get(&tree, STR_LIT("99"));
    assert_non_null(c);
    assert_true(c->provisional);
}

/* The tree without leaf 10, which is 30 now. */
static void kaos_moves(struct world *w)
{
    struct sync_request shrink = {.target = STR_LIT(WORLD_TARGET), .accept_shrink = true};
    struct sync_result r;

    clock_sleep_ms(&w->clock.clock, 2000);
    w->market.tree[0] =
        "1< Fashion\n11<1 Kemeja*\n12<1 Emas*!\n30<1 Kaos*\n2< Rumah\n20<2 Gelas*\n";
    assert_int_equal(flow_sync(&w->app, &shrink, NULL, &w->arena, &r, NULL), AISLE_OK);
}

static void what_was_answered_before_its_leaf_went_is_asked_again(void **state)
{
    static const enum map_policy policies[] = {MAP_GUIDE, MAP_THRIFTY};
    struct world *w = *state;

    synced(w);
    world_product(w, "a", "kaos hitam", "Atasan", picture);
    world_product(w, "b", "kaos putih", "Baju", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10 b=10");
    kaos_moves(w);
    w->market.answers = "kaos=30\n";
    world_product(w, "c", "kaos hitam", "Kaos", picture);
    world_product(w, "d", "kaos putih", "Oblong", picture);
    for (size_t i = 0; i < 2; i++) {
        struct map_request request = request_of(w, policies[i]);

        request.limit = 1;
        assert_int_equal(map_it(w, &request, NULL, NULL), AISLE_OK);
    }
    assert_string_equal(world_mappings(w), "a=10 b=10 c=30 d=30");
}

static void a_leaf_the_tree_lacks_is_asked_for_once_between_two_syncs(void **state)
{
    struct world *w = *state;

    synced(w);
    world_product(w, "a", "barang baru", "Satu", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    clock_sleep_ms(&w->clock.clock, 2000);
    world_product(w, "b", "barang baru", "Dua", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=99 b=99");
    assert_int_equal(w->market.asked_count, 1);

    synced(w); /* which does not have it either */
    w->market.answers = "baru=20\n";
    world_product(w, "c", "barang baru", "Tiga", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=99 b=99 c=20");
    assert_int_equal(w->market.asked_count, 2);
}

static void what_a_person_decided_is_left_alone(void **state)
{
    struct world *w = *state;
    struct decide_request own = {.scope = SCOPE_PRODUCT,
                                 .key = STR_LIT("a"),
                                 .state = DECISION_ACCEPTED,
                                 .category = STR_LIT("20"),
                                 .expected = EXPECT_ANY};

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    world_product(w, "b", "kaos putih", "Baju", picture);
    assert_int_equal(flow_decide(&w->app, &own, NULL, NULL), AISLE_OK);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=20 b=10");
    assert_int_equal(w->market.asked_count, 1);
}

static enum aisle_status newest(struct world *w, const char *product_id,
                                struct decision *out)
{
    return w->app.store->ops->decisions->get(w->app.store, STR_LIT("acme"),
                                             STR_LIT(WORLD_TARGET), SCOPE_PRODUCT,
                                             str_of(product_id), &w->arena, out, NULL);
}

/* Whatever the marketplace says, or its kin go to: another word of a person is needed. */
static void a_run_puts_no_product_where_a_person_said_it_does_not_belong(void **state)
{
    static const enum map_policy policies[] = {MAP_GUIDE, MAP_THRIFTY};
    struct world *w = *state;
    struct decide_request no = {.scope = SCOPE_PRODUCT,
                                .key = STR_LIT("a"),
                                .state = DECISION_REJECTED,
                                .category = STR_LIT("10"),
                                .expected = EXPECT_ANY};

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(flow_decide(&w->app, &no, NULL, NULL), AISLE_OK);
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct map_request request = request_of(w, policies[i]);
        struct map_result r;

        request.fresh = true;
        assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
        assert_int_equal(r.counts.need_person, 1);
        assert_string_equal(world_mappings(w), "a=10~");
    }
    for (const char *id = "bcdefghijklm"; *id; id++)
        world_product(w, (char[]){*id, 0}, "kaos putih", "Baju", picture);
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct map_request request = request_of(w, policies[i]);
        struct map_result r;

        request.fresh = true;
        assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
        assert_int_equal(r.counts.need_person, i == 0 ? 1 : 0);
        assert_int_equal(r.counts.total, i == 0 ? 13 : 0); /* then its category is over */
        assert_non_null(strstr(world_mappings(w), "a=10~ b=10 "));
    }
}

static void decide(struct world *w, enum decision_scope scope, const char *key,
                   enum decision_state state, const char *leaf, char batch[BATCH_ID_LEN])
{
    struct aisle_err err = {0};
    struct decide_request r = {.scope = scope,
                               .key = str_of(key),
                               .state = state,
                               .category = str_of(leaf),
                               .expected = EXPECT_ANY};

    if (flow_decide(&w->app, &r, batch, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void map_anew(struct world *w, enum map_policy policy)
{
    struct map_request request = request_of(w, policy);
    struct aisle_err err = {0};

    request.fresh = true;
    if (map_it(w, &request, NULL, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void all_that_was_refused_is_known_and_not_the_last_word_alone(void **state)
{
    struct world *w = *state;
    char batch[BATCH_ID_LEN];
    struct undo_result undone;

    synced(w);
    world_product(w, "a", "kaos hitam", "", picture);
    decide(w, SCOPE_PRODUCT, "a", DECISION_REJECTED, "10", batch);
    decide(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11", NULL);
    decide(w, SCOPE_PRODUCT, "a", DECISION_REJECTED, "11", NULL);
    map_anew(w, MAP_GUIDE);
    map_anew(w, MAP_THRIFTY);
    assert_string_equal(world_mappings(w), "a=11~");
    decide(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10", NULL); /* taken back by that */
    decide(w, SCOPE_PRODUCT, "a", DECISION_REJECTED, "11", NULL);
    map_anew(w, MAP_THRIFTY);
    assert_string_equal(world_mappings(w), "a=10");
    decide(w, SCOPE_PRODUCT, "a", DECISION_REJECTED, "10", batch);
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    decide(w, SCOPE_PRODUCT, "a", DECISION_REJECTED, "20", NULL);
    map_anew(w, MAP_GUIDE);
    assert_string_equal(world_mappings(w), "a=10");
}

/* What is undone is so wholly, and what that undid stands again. */
static void a_refusal_in_a_batch_that_was_undone_is_none(void **state)
{
    struct world *w = *state;
    struct undo_result undone;
    struct decide_request r = {.scope = SCOPE_PRODUCT,
                               .key = STR_LIT("a"),
                               .state = DECISION_REJECTED,
                               .category = STR_LIT("10"),
                               .expected = EXPECT_ANY,
                               .batch_id = STR_LIT("two-words")};

    synced(w);
    world_product(w, "a", "kaos hitam", "", picture);
    assert_int_equal(flow_decide(&w->app, &r, NULL, NULL), AISLE_OK);
    r.category = STR_LIT("11");
    assert_int_equal(flow_decide(&w->app, &r, NULL, NULL), AISLE_OK);
    assert_int_equal(flow_undo(&w->app, r.batch_id, NULL, NULL, &undone, NULL), AISLE_OK);
    assert_int_equal(
        flow_undo(&w->app, str_of(undone.batch_id), NULL, NULL, &undone, NULL), AISLE_OK);
    map_anew(w, MAP_GUIDE);
    assert_string_equal(world_mappings(w), "a=11~");
    assert_int_equal(
        flow_undo(&w->app, str_of(undone.batch_id), NULL, NULL, &undone, NULL), AISLE_OK);
    map_anew(w, MAP_GUIDE);
    assert_string_equal(world_mappings(w), "a=10");
}

/* Its category's leaf was refused for it before another was. */
static void what_its_category_goes_to_is_refused_for_it_again(void **state)
{
    struct world *w = *state;
    char id[2] = "a";

    synced(w);
    for (; *id < 'm'; ++*id)
        world_product(w, id, "kaos putih", "Baju", picture);
    decide(w, SCOPE_PRODUCT, "c", DECISION_REJECTED, "10", NULL);
    decide(w, SCOPE_PRODUCT, "c", DECISION_REJECTED, "11", NULL);
    map_anew(w, MAP_THRIFTY);
    assert_non_null(strstr(world_mappings(w), "b=10 c=10~ d=10"));
}

static void a_leaf_refused_for_a_category_is_not_taken_for_it_again(void **state)
{
    static const enum map_policy policies[] = {MAP_GUIDE, MAP_THRIFTY};
    struct world *w = *state;
    char id[2] = "a";

    synced(w);
    for (; *id < 'm'; ++*id)
        world_product(w, id, "kaos putih", "Baju", picture);
    decide(w, SCOPE_SELLER_CATEGORY, "Baju", DECISION_REJECTED, "10", NULL);
    decide(w, SCOPE_SELLER_CATEGORY, "Baju", DECISION_REJECTED, "11", NULL);
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        map_anew(w, policies[i]);
        assert_non_null(strstr(world_mappings(w), "a=10? b=10?"));
        assert_non_null(strstr(world_mappings(w), "l=10?"));
    }
}

/* So that whoever has a sheet or a card of it can still answer. */
static void what_is_proposed_already_is_not_proposed_again(void **state)
{
    static const enum map_policy policies[] = {MAP_GUIDE, MAP_THRIFTY};
    struct world *w = *state;

    synced(w);
    world_product(w, "a", "cincin emas", "", picture);
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct decision before, after;

        map_anew(w, policies[i]);
        assert_int_equal(newest(w, "a", &before), AISLE_OK);
        map_anew(w, policies[i]);
        assert_int_equal(newest(w, "a", &after), AISLE_OK);
        assert_int_equal(after.state, DECISION_PROPOSED);
        assert_int_equal(after.seq, before.seq);
    }
}

static void a_second_run_asks_nothing(void **state)
{
    struct world *w = *state;
    struct map_result r;

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    world_product(w, "b", "kemeja putih", "", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.calls, 0);
    assert_int_equal(w->market.asked_count, 2);
}

static void a_limited_run_goes_on_behind_what_is_settled(void **state)
{
    struct world *w = *state;
    struct map_request request = request_of(w, MAP_GUIDE);
    struct map_result r;

    request.limit = 1;
    synced(w);
    world_product(w, "a", "kaos hitam", "", picture);
    world_product(w, "b", "kemeja putih", "", picture);
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.mapped, 1);
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.mapped, 1);
    assert_string_equal(world_mappings(w), "a=10 b=11");
}

static void an_unsynced_target_says_to_sync_first(void **state)
{
    struct world *w = *state;
    struct aisle_err err = {0};

    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(guide(w, NULL, &err), AISLE_CONFIG);
    assert_non_null(strstr(err.text, "sync it first"));
}

static struct run last_run(struct world *w, const struct map_result *r)
{
    struct run run;

    assert_int_equal(w->app.store->ops->work->get_run(w->app.store, str_of(r->run_id),
                                                      &w->arena, &run, NULL),
                     AISLE_OK);
    return run;
}

static void an_image_that_was_refused_is_not_sent_again_in_its_run(void **state)
{
    struct world *w = *state;
    struct map_request request = request_of(w, MAP_GUIDE);
    struct map_result r;

    w->market.refuse_images = -1;
    w->market.answers = "kaos=10\nkemeja=busy\n";
    w->market.busy_left = 1;
    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    world_product(w, "b", "kaos putih", "Baju", picture);
    world_product(w, "c", "kaos biru", "Celana", picture);
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(w->market.pushed_count, 1);
    assert_int_equal(r.counts.failed, 3);
    assert_int_equal(r.counts.uploads, 1);
    assert_int_equal(r.counts.saved, 2);

    w->market.refuse_images = 0; /* a new run may try anew */
    clock_sleep_ms(&w->clock.clock, 2000);
    request.fresh = true;
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(w->market.pushed_count, 2);
    assert_string_equal(world_mappings(w), "a=10 b=10 c=10");
}

static void what_was_refused_is_still_known_when_a_run_is_taken_up(void **state)
{
    struct world *w = *state;
    struct map_result r;

    w->market.refuse_images = 1;
    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    world_product(w, "b", "kemeja", "Celana", "images/kemeja-putih.png");
    world_product(w, "c", "kaos putih", "Rok", picture);
    w->market.stop_after = 1; /* after b, before c */
    assert_int_equal(guide(w, &r, NULL), AISLE_STOPPED);
    w->market.stop_after = 0;
    atomic_store(&w->stop, false);
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    assert_true(r.resumed);
    assert_int_equal(w->market.pushed_count, 2);
    assert_int_equal(r.counts.failed, 2);
}

static void an_image_the_marketplace_forgot_is_brought_there_anew_once(void **state)
{
    struct world *w = *state;
    struct map_request request = request_of(w, MAP_GUIDE);
    struct map_result r;

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(w->market.pushed_count, 1);

    clock_sleep_ms(&w->clock.clock, 2000);
    w->market.knows_after = 2;
    world_product(w, "b", "kaos putih", "Rok", picture);
    world_product(w, "c", "kaos biru", "Celana", picture);
    request.fresh = true;
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(w->market.pushed_count, 2); /* b's; c finds it there */
    assert_string_equal(world_mappings(w), "a=10 b=10 c=10");

    clock_sleep_ms(&w->clock.clock, 2000);
    w->market.knows_after = SIZE_MAX; /* it is never known: no more than once */
    world_product(w, "d", "kaos hijau", "Topi", picture);
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(w->market.pushed_count, 3);
    assert_int_equal(r.counts.failed, 1);
}

static void a_run_keeps_what_the_marketplace_said_last(void **state)
{
    struct world *w = *state;
    struct map_result r;
    struct run run;

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(guide(w, &r, NULL), AISLE_OK);
    run = last_run(w, &r);
    assert_true(str_is(run.request_ids, "request-1"));
}

static void a_token_that_is_no_good_is_refreshed_once(void **state)
{
    struct world *w = *state;

    w->market.answers = "kaos=auth\n";
    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10");
    assert_int_equal(w->market.refreshed, 1);
}

static void a_fresh_token_called_expired_is_waited_for(void **state)
{
    struct world *w = *state;

    w->market.answers = "kaos=expired\n";
    w->market.expired_left = 5;
    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10");
    assert_true(w->market.refreshed < 5);
}

static void a_token_always_called_expired_is_for_another_time(void **state)
{
    struct world *w = *state;
    struct aisle_err err = {0};

    w->market.answers = "kaos=expired\n";
    w->market.expired_left = -1;
    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(guide(w, NULL, &err), AISLE_BUSY);
    w->market.expired_left = 0;
    assert_int_equal(guide(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10");
}

static void the_end_of_a_run_wakes_who_waits_for_a_repeat(void **state)
{
    struct world *w = *state;
    struct map_request request = request_of(w, MAP_GUIDE);

    w->market.answers = "kaos=wait\nkemeja=config\n";
    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    world_product(w, "b", "kemeja", "Celana", picture);
    request.jobs = 2;
    assert_int_equal(map_it(w, &request, NULL, NULL), AISLE_CONFIG);
    assert_true(w->market.woken);
}

static void a_scope_that_was_not_granted_needs_a_person(void **state)
{
    struct world *w = *state;
    struct aisle_err err = {0};

    w->market.answers = "kaos=consent\n";
    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    assert_int_equal(guide(w, NULL, &err), AISLE_AUTH);
    assert_int_equal(w->market.refreshed, 0);
    assert_int_equal(w->market.asked_count, 1);
}

/* ---- many at once ---- */

static void fill(struct world *w, size_t products)
{
    static const char *const goods[] = {"kaos", "kemeja", "gelas", "aneh", "kaos"};
    char id[20], title[60], category[20];

    for (size_t i = 0; i < products; i++) {
        snprintf(id, sizeof(id), "p%03zu", i);
        snprintf(title, sizeof(title), "%s nomor %zu", goods[i * 7 % 5], i);
        snprintf(category, sizeof(category), "Etalase %zu", i % 6);
        world_product(w, id, title, i % 9 ? category : "", picture);
    }
}

static void the_end_is_the_same_however_many_work_at_once(void **state)
{
    static const unsigned jobs[] = {1, 2, 7, 32};
    const char *first = NULL;

    (void)state;
    for (size_t policy = 0; policy < 2; policy++) {
        first = NULL;
        for (size_t i = 0; i < sizeof(jobs) / sizeof(*jobs); i++) {
            struct map_request request;
            struct aisle_err err = {0};
            struct world *w;
            void *fresh;
            char *was = NULL;

            world_setup(&fresh);
            w = fresh;
            synced(w);
            fill(w, 120);
            request = request_of(w, policy ? MAP_GUIDE : MAP_THRIFTY);
            request.jobs = jobs[i];
            if (map_it(w, &request, NULL, &err) != AISLE_OK)
                fail_msg("%s", err.text);
            if (first)
                assert_string_equal(world_mappings(w), first);
            else
                was = strdup(world_mappings(w));
            first = first ? first : was;
            world_teardown(&fresh);
        }
        free((char *)(uintptr_t)first);
    }
}

/* ---- stopped and taken up ---- */

static void a_budget_holds_to_the_call_and_the_run_is_taken_up(void **state)
{
    struct world *w = *state;
    struct map_request request;
    struct map_result r;

    synced(w);
    fill(w, 40);
    request = request_of(w, MAP_GUIDE);
    request.budget = INT64_MAX; /* with the calls of a run that is taken up it is beyond */
    request.jobs = 4;
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_INVALID);
    request.budget = 11;
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_LIMIT);
    assert_int_equal(r.state, RUN_BUDGET);
    assert_int_equal(r.counts.calls, 11);
    assert_int_equal(w->market.asked_count + w->market.pushed_count, 11);
    request.budget = -1;
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_true(r.resumed);
    assert_int_equal(w->market.asked_count, 40); /* nothing asked twice */
    assert_int_equal(r.counts.done, 40);
}

static void a_limit_is_the_runs_and_a_budget_of_this_time(void **state)
{
    static const enum map_policy policies[] = {MAP_GUIDE, MAP_THRIFTY};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct map_request request;
        struct map_result r;
        struct world *w, *calm;
        void *one, *other;

        world_setup(&one);
        world_setup(&other);
        w = one;
        calm = other;
        synced(w);
        synced(calm);
        fill(w, 40);
        fill(calm, 40);
        request = request_of(calm, policies[i]);
        request.limit = 20;
        assert_int_equal(map_it(calm, &request, &r, NULL), AISLE_OK);
        assert_int_equal(r.counts.done, 20);
        request.jobs = 3;
        request.budget = 7;
        for (int64_t calls = 0; calls < 14; calls += 7) {
            assert_int_equal(map_it(w, &request, &r, NULL), AISLE_LIMIT);
            assert_int_equal(r.calls_before, calls);
            assert_int_equal(r.counts.calls, calls + 7);
        }
        request.budget = -1;
        assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
        assert_true(r.resumed);
        assert_int_equal(r.counts.done, 20);
        assert_int_equal(r.counts.total, 20);
        assert_string_equal(world_mappings(w), world_mappings(calm));
        world_teardown(&one);
        world_teardown(&other);
    }
}

static void a_run_that_was_undone_is_over(void **state)
{
    struct world *w = *state;
    struct map_request request = request_of(w, MAP_GUIDE);
    struct undo_result undone;
    struct map_result first, r;
    struct aisle_err err = {0};
    struct run run;

    synced(w);
    fill(w, 20);
    request.budget = 11;
    assert_int_equal(map_it(w, &request, &first, NULL), AISLE_LIMIT);
    assert_int_equal(flow_undo(&w->app, str_of(first.run_id), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_true(undone.run_ended);
    run = last_run(w, &first);
    assert_true(str_is(run.text, "undone"));
    assert_false(run_is_left(&run));

    request.budget = -1;
    request.resume = str_of(first.run_id);
    assert_int_equal(map_it(w, &request, NULL, &err), AISLE_INVALID);
    assert_non_null(strstr(err.text, "undone"));
    request.resume = (struct str){0};
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_false(r.resumed);
    assert_int_equal(r.counts.done, 20);
    assert_int_equal(w->market.asked_count, 20); /* what was answered is known still */
    assert_non_null(strstr(world_mappings(w), "p000=10 "));

    assert_int_equal(flow_undo(&w->app, str_of(r.run_id), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_false(undone.run_ended); /* it was done */
    assert_int_equal(last_run(w, &r).state, RUN_DONE);
}

struct undoing {
    struct world *w;
    struct undo_result undone;
    enum aisle_status status;
    struct aisle_err err;
};

static void undo_meanwhile(void *ctx, const struct product *product,
                           const struct run_item *item)
{
    struct undoing *u = ctx;

    (void)product;
    if (u->status == AISLE_OK)
        u->status = flow_undo(&u->w->app, item->run_id, NULL, NULL, &u->undone, &u->err);
}

static void a_run_is_not_undone_while_it_is_under_way(void **state)
{
    struct world *w = *state;
    struct map_request request = request_of(w, MAP_GUIDE);
    struct undoing undoing = {.w = w};
    struct map_result r;

    synced(w);
    world_product(w, "a", "kaos hitam", "Baju", picture);
    world_product(w, "b", "kaos putih", "Celana", picture);
    assert_int_equal(flow_map(&w->app, &request, undo_meanwhile, &undoing, &r, NULL),
                     AISLE_OK);
    assert_int_equal(undoing.status, AISLE_CONFLICT);
    assert_non_null(strstr(undoing.err.text, r.run_id));
    assert_string_equal(world_mappings(w), "a=10 b=10");
}

static void a_stopped_run_ends_like_an_undisturbed_one(void **state)
{
    struct world *w = *state;
    struct map_request request;
    struct map_result r;
    void *other;
    struct world *calm;
    size_t stops = 0;
    enum aisle_status status;

    world_setup(&other);
    calm = other;
    synced(calm);
    fill(calm, 60);
    request = request_of(calm, MAP_GUIDE);
    assert_int_equal(map_it(calm, &request, NULL, NULL), AISLE_OK);

    synced(w);
    fill(w, 60);
    request.jobs = 3;
    do {
        atomic_store(&w->stop, false);
        w->market.stop_after = (int)w->market.asked_count + 5;
        status = map_it(w, &request, &r, NULL);
        stops += status == AISLE_STOPPED;
    } while (status == AISLE_STOPPED && stops < 100);
    assert_int_equal(status, AISLE_OK);
    assert_true(stops > 5);
    assert_string_equal(world_mappings(w), world_mappings(calm));
    for (size_t i = 0; i < w->market.asked_count; i++)
        assert_int_equal(world_asked(w, w->market.asked[i]), 1);
    world_teardown(&other);
}

static void what_has_no_answer_for_now_is_left_for_another_time(void **state)
{
    struct world *w = *state;
    struct map_request request;
    struct map_result r;
    struct aisle_err err = {0};

    w->market.answers = "kaos=busy\nkemeja=11\n";
    w->market.busy_left = 1;
    synced(w);
    world_product(w, "a", "kemeja satu", "Baju", picture);
    world_product(w, "b", "kaos dua", "Baju", picture);
    world_product(w, "c", "kemeja tiga", "Baju", picture);
    request = request_of(w, MAP_GUIDE);
    assert_int_equal(map_it(w, &request, &r, &err), AISLE_BUSY);
    assert_int_equal(r.state, RUN_STOPPED);
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=11 b=10! c=11");
    assert_int_equal(w->market.asked_count, 4); /* only b's question was put again */
}

static void a_marketplace_that_is_down_ends_the_run_soon(void **state)
{
    struct world *w = *state;
    struct map_result r;

    w->market.answers = "nomor=busy\n";
    w->market.busy_left = -1;
    synced(w);
    fill(w, 100);
    assert_int_equal(guide(w, &r, NULL), AISLE_BUSY);
    assert_true(w->market.asked_count < 20);
}

static void another_process_at_the_same_is_a_conflict(void **state)
{
    struct world *w = *state;
    int64_t now = clock_now_s(w->app.clock);
    struct aisle_err err = {0};

    synced(w);
    fill(w, 3);
    assert_int_equal(w->app.store->ops->leases->claim(
                         w->app.store,
                         &(struct lease_claim){.name = STR_LIT("map/" WORLD_TARGET),
                                               .owner = STR_LIT("elsewhere/1/1/0"),
                                               .now = now,
                                               .until = now + 60},
                         NULL, NULL, NULL),
                     AISLE_OK);
    assert_int_equal(guide(w, NULL, &err), AISLE_CONFLICT);
}

struct meanwhile {
    struct world *w;
    struct map_request request;
    enum aisle_status status;
};

static void map_meanwhile(void *ctx, const struct product *product,
                          const struct run_item *item)
{
    struct meanwhile *m = ctx;

    (void)product;
    (void)item;
    m->status = map_it(m->w, &m->request, NULL, NULL);
}

static void a_run_of_every_seller_and_one_of_the_shops_wait_for_each_other(void **state)
{
    struct world *w = *state;

    synced(w);
    fill(w, 3);
    for (int all = 0; all < 2; all++) {
        struct map_request request = request_of(w, MAP_GUIDE);
        struct meanwhile other = {.w = w, .request = request};
        struct map_result r;

        request.limit = 1;
        request.all_sellers = all;
        other.request.budget = 0;
        other.request.all_sellers = !all;
        assert_int_equal(flow_map(&w->app, &request, map_meanwhile, &other, &r, NULL),
                         AISLE_OK);
        assert_int_equal(r.counts.done, 1);
        assert_int_equal(other.status, AISLE_CONFLICT);
    }
}

static void a_dry_run_asks_nothing_and_keeps_nothing(void **state)
{
    struct world *w = *state;
    struct map_request request;
    struct map_result r;

    synced(w);
    fill(w, 9);
    request = request_of(w, MAP_GUIDE);
    request.dry_run = true;
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.total, 9);
    assert_int_equal(w->market.asked_count, 0);
    world_product(w, "z", "kaos", "", NULL);
    request.fresh = true;
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.without_image, 1);
    request.policy = MAP_THRIFTY; /* does without */
    assert_int_equal(map_it(w, &request, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.without_image, 0);
}

/* ---- thrift ---- */

static enum aisle_status thrifty(struct world *w, struct map_result *out,
                                 struct aisle_err *err)
{
    struct map_request request = request_of(w, MAP_THRIFTY);

    return map_it(w, &request, out, err);
}

static void a_clear_category_is_settled_by_a_few_answers(void **state)
{
    struct world *w = *state;
    struct map_result r;
    char id[20], title[40];

    synced(w);
    for (size_t i = 0; i < 80; i++) {
        snprintf(id, sizeof(id), "p%02zu", i);
        snprintf(title, sizeof(title), "kaos nomor %zu", i);
        world_product(w, id, title, "Kaos", picture);
    }
    assert_int_equal(thrifty(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.mapped, 80);
    assert_true(r.counts.calls < 20);
    assert_int_equal(w->market.pushed_count, 0); /* titles were enough */
    assert_non_null(strstr(world_mappings(w), "p79=10"));
}

static void a_mixed_category_gives_each_product_its_own_leaf(void **state)
{
    struct world *w = *state;
    struct map_result r;
    char id[20], title[40];

    synced(w);
    for (size_t i = 0; i < 30; i++) {
        snprintf(id, sizeof(id), "p%02zu", i);
        snprintf(title, sizeof(title), "%s nomor %zu", i % 2 ? "kaos" : "gelas", i);
        world_product(w, id, title, "Promo", picture);
    }
    assert_int_equal(thrifty(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.counts.conflicts, 0);
    assert_non_null(strstr(world_mappings(w), "p00=20 p01=10 p02=20"));
}

/* One supplier's products stand together by their ids. */
static void the_first_by_their_ids_do_not_speak_for_a_category(void **state)
{
    struct world *w = *state;
    char id[20], title[40];

    synced(w);
    w->market.answers = "amarta=10\nbinar=20\n";
    for (size_t i = 0; i < 72; i++) {
        snprintf(id, sizeof id, "%c-%02zu", i < 12 ? 'A' : 'B', i);
        snprintf(title, sizeof title, "seri %s %02zu", i < 12 ? "amarta" : "binar", i);
        world_product(w, id, title, "Koleksi", picture);
    }
    assert_int_equal(thrifty(w, NULL, NULL), AISLE_OK);
    for (size_t i = 12; i < 72; i++) {
        snprintf(id, sizeof id, "B-%02zu=20", i);
        assert_non_null(strstr(world_mappings(w), id));
    }
}

static void what_is_left_of_a_category_does_not_speak_for_the_whole(void **state)
{
    struct world *w = *state;
    struct decide_request own = {.scope = SCOPE_PRODUCT,
                                 .key = STR_LIT("a"),
                                 .state = DECISION_ACCEPTED,
                                 .category = STR_LIT("20"),
                                 .expected = EXPECT_ANY};
    struct decision d;

    synced(w);
    world_product(w, "a", "gelas kaca", "Promo", picture);
    world_product(w, "b", "kaos hitam", "Promo", picture);
    assert_int_equal(flow_decide(&w->app, &own, NULL, NULL), AISLE_OK);
    assert_int_equal(thrifty(w, NULL, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=20 b=10");
    assert_int_equal(w->app.store->ops->decisions->get(
                         w->app.store, STR_LIT("acme"), STR_LIT(WORLD_TARGET),
                         SCOPE_SELLER_CATEGORY, STR_LIT("Promo"), &w->arena, &d, NULL),
                     AISLE_NOT_FOUND);
}

static void a_refused_title_is_asked_again_with_its_picture(void **state)
{
    struct world *w = *state;
    w->market.answers = "kaos=refuse\n";
    synced(w);
    world_product(w, "a", "kaos hitam", "", picture);
    assert_int_equal(thrifty(w, NULL, NULL), AISLE_OK);
    assert_int_equal(w->market.asked_count, 2);
    assert_int_equal(world_asked(w, "kaos hitam"), 1);
    assert_non_null(strchr(w->market.asked[1], '|'));
    assert_non_null(
        strstr(world_mappings(w), "a=10?")); /* the matcher's word alone: proposed */
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(the_first_answer_maps_its_seller_category),
        T(a_differing_answer_becomes_the_products_own_and_a_conflict),
        T(a_product_without_a_picture_is_reported_and_not_asked_about),
        T(a_refusal_leaves_the_product_open),
        T(a_leaf_closed_to_the_shop_is_proposed_and_not_taken),
        T(a_leaf_the_tree_lacks_is_kept_as_provisional),
        T(what_was_answered_before_its_leaf_went_is_asked_again),
        T(a_leaf_the_tree_lacks_is_asked_for_once_between_two_syncs),
        T(what_a_person_decided_is_left_alone),
        T(a_run_puts_no_product_where_a_person_said_it_does_not_belong),
        T(all_that_was_refused_is_known_and_not_the_last_word_alone),
        T(a_refusal_in_a_batch_that_was_undone_is_none),
        T(what_its_category_goes_to_is_refused_for_it_again),
        T(a_leaf_refused_for_a_category_is_not_taken_for_it_again),
        T(what_is_proposed_already_is_not_proposed_again),
        T(a_second_run_asks_nothing),
        T(a_limited_run_goes_on_behind_what_is_settled),
        T(an_unsynced_target_says_to_sync_first),
        T(an_image_that_was_refused_is_not_sent_again_in_its_run),
        T(what_was_refused_is_still_known_when_a_run_is_taken_up),
        T(an_image_the_marketplace_forgot_is_brought_there_anew_once),
        T(a_run_keeps_what_the_marketplace_said_last),
        T(a_token_that_is_no_good_is_refreshed_once),
        T(a_fresh_token_called_expired_is_waited_for),
        T(a_token_always_called_expired_is_for_another_time),
        T(the_end_of_a_run_wakes_who_waits_for_a_repeat),
        T(a_scope_that_was_not_granted_needs_a_person),
        cmocka_unit_test(the_end_is_the_same_however_many_work_at_once),
        T(a_budget_holds_to_the_call_and_the_run_is_taken_up),
        cmocka_unit_test(a_limit_is_the_runs_and_a_budget_of_this_time),
        T(a_run_that_was_undone_is_over),
        T(a_run_is_not_undone_while_it_is_under_way),
        T(a_stopped_run_ends_like_an_undisturbed_one),
        T(what_has_no_answer_for_now_is_left_for_another_time),
        T(a_marketplace_that_is_down_ends_the_run_soon),
        T(another_process_at_the_same_is_a_conflict),
        T(a_run_of_every_seller_and_one_of_the_shops_wait_for_each_other),
        T(a_dry_run_asks_nothing_and_keeps_nothing),
        T(a_clear_category_is_settled_by_a_few_answers),
        T(a_mixed_category_gives_each_product_its_own_leaf),
        T(the_first_by_their_ids_do_not_speak_for_a_category),
        T(what_is_left_of_a_category_does_not_speak_for_the_whole),
        T(a_refused_title_is_asked_again_with_its_picture),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
