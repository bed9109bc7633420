#include "world.h"

#include <stdio.h>
#include <string.h>

static void a_first_sync_keeps_the_tree(void **state)
{
    struct world *w = *state;
    struct sync_result r;
    struct taxonomy tree;
    struct aisle_err err = {0};

    assert_int_equal(world_sync(w, &r, &err), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_FIRST);
    assert_int_equal(r.categories, 6);
    assert_int_equal(r.leaves, 4);
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, r.target_id, 0,
                                                    &w->arena, NULL, &tree, &err),
                     AISLE_OK);
    assert_int_equal(tree.count, 6);
}

static void the_same_tree_again_changes_nothing(void **state)
{
    struct world *w = *state;
    struct sync_result first, second;

    assert_int_equal(world_sync(w, &first, NULL), AISLE_OK);
    w->market.tree[0] =
        "2< Rumah\n20<2 Gelas*\n1< Fashion\n12<1 Emas*!\n11<1 Kemeja*\n10<1 Kaos*\n";
    assert_int_equal(world_sync(w, &second, NULL), AISLE_OK);
    assert_int_equal(second.outcome, SYNC_UNCHANGED); /* rows sent in another order */
    assert_int_equal(second.snapshot_id, first.snapshot_id);
}

static void a_changed_tree_is_a_new_snapshot_and_the_old_one_stays(void **state)
{
    struct world *w = *state;
    struct sync_result first, second;
    struct taxonomy old;

    assert_int_equal(world_sync(w, &first, NULL), AISLE_OK);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos Pria*\n11<2 Kemeja*\n12<1 Emas*\n2< "
                        "Rumah\n20<2 Gelas*\n21<2 "
                        "Piring*\n";
    assert_int_equal(world_sync(w, &second, NULL), AISLE_OK);
    assert_int_equal(second.outcome, SYNC_CHANGED);
    assert_int_equal(second.diff.renamed, 1);
    assert_int_equal(second.diff.moved, 1);
    assert_int_equal(second.diff.added, 1);
    assert_int_equal(second.diff.permission, 1);
    assert_int_equal(second.diff.removed, 0);
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, first.target_id,
                                                    first.snapshot_id, &w->arena, NULL,
                                                    &old, NULL),
                     AISLE_OK);
    assert_int_equal(old.count, 6);
}

static void an_empty_answer_is_never_kept(void **state)
{
    struct world *w = *state;
    struct sync_result r;
    struct aisle_err err = {0};

    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    w->market.tree[0] = "";
    assert_int_equal(world_sync(w, &r, &err), AISLE_INVALID);
    assert_non_null(strstr(err.text, "no category at all"));
    w->market.tree[0] = "1< Fashion\n10<1 Kaos*\n";
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.diff.leaves_then, 4); /* what was there is still compared with */
}

static void a_tree_that_lost_a_quarter_is_held_until_accepted(void **state)
{
    struct world *w = *state;
    struct str id = STR_LIT("id-ID");
    struct sync_request accept = {.target = STR_LIT(WORLD_TARGET),
                                  .locales = &id,
                                  .locale_count = 1,
                                  .accept_shrink = true};
    struct sync_result r;

    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos*\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah*\n";
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_HELD);
    assert_int_equal(flow_sync(&w->app, &accept, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_CHANGED);
}

static const char *name_of_10(struct world *w, size_t locale)
{
    struct taxonomy tree;

    assert_int_equal(w->app.store->ops->trees->load(w->app.store, STR_LIT(WORLD_TARGET),
                                                    0, &w->arena, NULL, &tree, NULL),
                     AISLE_OK);
    assert_int_equal(tree.locale_count, 2);
    return taxonomy_get(&tree, STR_LIT("10"))->names[locale].p;
}

static void see_run_text(struct world *w, const char *run_id, enum run_state state,
                         const char *text)
{
    struct run run;

    assert_int_equal(w->app.store->ops->work->get_run(w->app.store, str_of(run_id),
                                                      &w->arena, &run, NULL),
                     AISLE_OK);
    assert_string_equal(run.text.p, text);
    assert_int_equal(run.state, state);
}

static void a_locale_that_lost_too_much_is_held_though_another_has_all(void **state)
{
    struct world *w = *state;
    const struct str both[] = {STR_LIT("id-ID"), STR_LIT("en-US")};
    struct sync_request accept = {.target = STR_LIT(WORLD_TARGET),
                                  .locales = both,
                                  .locale_count = 2,
                                  .accept_shrink = true};
    struct sync_result r;

    w->market.locale[1] = "en-US";
    w->market.tree[1] = w->market.tree[0];
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos*\n2< Rumah\n";
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_HELD);
    assert_string_equal(r.held.p, "3 of 4 leaves would be lost in id-ID");
    see_run_text(w, r.run_id, RUN_STOPPED, "held: 3 of 4 leaves would be lost in id-ID");
    assert_string_equal(name_of_10(w, 1), "Kaos");
    assert_int_equal(flow_sync(&w->app, &accept, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_CHANGED);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_UNCHANGED);
}

static void a_tree_that_was_closed_at_once_is_held_until_accepted(void **state)
{
    struct world *w = *state;
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET), .dry_run = true};
    struct sync_result r;

    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos*!\n11<1 Kemeja*!\n12<1 Emas*!\n"
                        "2< Rumah\n20<2 Gelas*!\n";
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_HELD);
    see_run_text(w, r.run_id, RUN_STOPPED,
                 "held: 3 of 3 leaves that take products would be closed");
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_string_equal(r.held.p, "3 of 3 leaves that take products would be closed");
    request =
        (struct sync_request){.target = STR_LIT(WORLD_TARGET), .accept_shrink = true};
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_CHANGED);
    assert_string_equal(r.held.p ? r.held.p : "", "");
}

/* 20 leaves and one more, of which so many are closed, in the world's arena. */
static const char *tree_of_21(struct world *w, int closed)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str kept;

    buf_addz(&text, "1< Fashion\n");
    for (int i = 0; i < 21; i++)
        buf_addf(&text, "%d<1 Kaos %d*%s\n", 100 + i, i, i < closed ? "!" : "");
    kept = arena_str(&w->arena, buf_str(&text));
    buf_clear(&text);
    return kept.p;
}

static void a_leaf_of_many_that_is_closed_holds_nothing(void **state)
{
    struct world *w = *state;
    struct sync_result r;

    w->market.tree[0] = tree_of_21(w, 0);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    w->market.tree[0] = tree_of_21(w, 1);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_CHANGED);
    w->market.tree[0] = tree_of_21(w, 3);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_HELD);
}

static void a_dry_run_tells_and_keeps_nothing(void **state)
{
    struct world *w = *state;
    struct sync_request dry = {.target = STR_LIT(WORLD_TARGET), .dry_run = true};
    struct sync_result r;
    struct taxonomy tree;

    assert_int_equal(flow_sync(&w->app, &dry, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_DRY_RUN);
    assert_int_equal(r.diff.added, 6);
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, r.target_id, 0,
                                                    &w->arena, NULL, &tree, NULL),
                     AISLE_NOT_FOUND);
}

static void all_locales_are_kept_or_none(void **state)
{
    struct world *w = *state;
    struct sync_result r;
    struct taxonomy tree;

    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    w->market.tree[0] =
        "1< Fashion\n10<1 Kaos Baru*\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah\n20<2 "
        "Gelas*\n";
    w->market.tree[1] = w->market.tree[0];
    w->market.locale[1] = "en-US";
    w->market.fetch_fails[1] = AISLE_BUSY;
    assert_int_equal(world_sync(w, &r, NULL), AISLE_BUSY);
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, STR_LIT(WORLD_TARGET),
                                                    0, &w->arena, NULL, &tree, NULL),
                     AISLE_OK);
    assert_int_equal(tree.locale_count, 1);
    assert_true(str_is(taxonomy_get(&tree, STR_LIT("10"))->names[0], "Kaos"));
}

static void one_that_was_begun_goes_on_with_the_locales_it_has(void **state)
{
    struct world *w = *state;
    const struct str both[] = {STR_LIT("id-ID"), STR_LIT("en-US")};
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .locales = both,
                                   .locale_count = 2,
                                   .begun_at = clock_now_s(w->app.clock)};
    struct sync_result r;
    struct aisle_err err = {0};

    w->market.locale[1] = "id-ID";
    w->market.locale[0] = "en-US";
    w->market.tree[0] = "1< Fashion\n10<1 Shirts*\n";
    w->market.tree[1] = "1< Mode\n10<1 Kaos*\n";
    w->market.fetch_fails[1] = AISLE_BUSY;
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, &err), AISLE_BUSY);
    w->market.tree[0] = "1< Fashion\n10<1 Blouses*\n";
    w->market.fetch_fails[1] = AISLE_OK;
    err = (struct aisle_err){0};
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, &err), AISLE_OK);
    assert_string_equal(name_of_10(w, 0), "Shirts");
    assert_string_equal(name_of_10(w, 1), "Kaos");
    request.begun_at++; /* a later one has its own */
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, &err), AISLE_OK);
    assert_string_equal(name_of_10(w, 0), "Blouses");
}

static void what_an_earlier_one_left_is_fetched_again(void **state)
{
    struct world *w = *state;
    const struct str both[] = {STR_LIT("id-ID"), STR_LIT("en-US")};
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .locales = both,
                                   .locale_count = 2,
                                   .begun_at = clock_now_s(w->app.clock)};
    struct sync_result r;

    w->market.locale[1] = "id-ID";
    w->market.locale[0] = "en-US";
    w->market.tree[0] = "1< Fashion\n10<1 Shirts*\n";
    w->market.tree[1] = "1< Mode\n10<1 Kaos*\n";
    w->market.fetch_fails[1] = AISLE_BUSY;
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, NULL), AISLE_BUSY);
    w->market.tree[0] = "1< Fashion\n10<1 Blouses*\n";
    w->market.fetch_fails[1] = AISLE_OK;
    request.begun_at++;
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_string_equal(name_of_10(w, 0), "Blouses");
}

static void what_was_left_by_a_clock_that_was_ahead_is_fetched_again(void **state)
{
    const int64_t year_ms = INT64_C(365) * 86400 * 1000;
    struct world *w = *state;
    const struct str both[] = {STR_LIT("id-ID"), STR_LIT("en-US")};
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .locales = both,
                                   .locale_count = 2,
                                   .begun_at = clock_now_s(w->app.clock)};
    struct sync_result r;

    w->market.locale[1] = "id-ID";
    w->market.locale[0] = "en-US";
    w->market.tree[0] = "1< Fashion\n10<1 Shirts*\n";
    w->market.tree[1] = "1< Mode\n10<1 Kaos*\n";
    w->market.fetch_fails[1] = AISLE_BUSY;
    w->clock.ms += year_ms;
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, NULL), AISLE_BUSY);
    w->clock.ms -= year_ms;
    w->market.tree[0] = "1< Fashion\n10<1 Blouses*\n";
    w->market.fetch_fails[1] = AISLE_OK;
    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_string_equal(name_of_10(w, 0), "Blouses");
}

struct heard {
    size_t count;
    char why[40], to[40], by[20];
    size_t products;
};

static void hear(void *ctx, const struct impact *i)
{
    struct heard *h = ctx;

    h->count++;
    h->products = i->products;
    snprintf(h->why, sizeof(h->why), "%s", i->why);
    snprintf(h->to, sizeof(h->to), "%.*s", STR_ARG(i->successor_id));
    snprintf(h->by, sizeof(h->by), "%s", i->successor_by);
}

/* "Atasan" belongs in leaf 10. */
static void decide_on_category(struct world *w)
{
    const struct decide_request decide = {.scope = SCOPE_SELLER_CATEGORY,
                                          .key = STR_LIT("Atasan"),
                                          .state = DECISION_ACCEPTED,
                                          .category = STR_LIT("10"),
                                          .expected = EXPECT_ANY};

    assert_int_equal(flow_decide(&w->app, &decide, NULL, NULL), AISLE_OK);
}

static void a_change_says_whom_it_hurts_and_where_they_could_go(void **state)
{
    struct world *w = *state;
    struct heard heard = {0};
    struct sync_listener listener = {.ctx = &heard, .impact = hear};
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .accept_shrink = true};
    struct sync_result r;

    world_product(w, "a", "kaos polos", "Atasan", NULL);
    world_product(w, "b", "kaos garis", "Atasan", NULL);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    decide_on_category(w);
    w->market.tree[0] =
        "1< Fashion\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah\n20<2 Gelas*\n30<2 Kaos*\n";
    assert_int_equal(flow_sync(&w->app, &request, &listener, &w->arena, &r, NULL),
                     AISLE_OK);
    assert_int_equal(r.impacted, 1);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.products, 2);
    assert_string_equal(heard.why, "removed");
    assert_string_equal(heard.to, "30");
    assert_string_equal(heard.by, "same name");
    assert_string_equal(world_mappings(w), "a=10 b=10"); /* decisions survive any sync */
}

/* Neither ends a mapping; whoever decides again has seen it. */
static void what_changed_above_a_leaf_or_in_its_name_is_told_too(void **state)
{
    struct world *w = *state;
    struct heard heard = {0};
    struct sync_listener listener = {.ctx = &heard, .impact = hear};
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .accept_shrink = true};
    struct sync_result r;
    size_t count;

    world_product(w, "a", "kaos polos", "Atasan", NULL);
    w->market.tree[0] =
        "1< Fashion\n2< Rumah\n20<2 Gelas*\n5<1 Pria\n10<5 Kaos*\n11<5 Helm Motor*\n";
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    decide_on_category(w);
    w->market.tree[0] =
        "1< Fashion\n2< Rumah\n20<2 Gelas*\n5<2 Pria\n10<5 KAOS*\n11<5 Helm Motor*\n";
    assert_int_equal(flow_sync(&w->app, &request, &listener, &w->arena, &r, NULL),
                     AISLE_OK);
    assert_int_equal(r.impacted, 1);
    assert_string_equal(heard.why, "moved");
    assert_string_equal(heard.to, "10");
    assert_string_equal(heard.by, "same id");

    w->market.tree[0] =
        "1< Fashion\n2< Rumah\n20<2 Gelas*\n5<2 Pria\n10<5 Helm*\n12<5 Kaos*\n";
    assert_int_equal(flow_sync(&w->app, &request, &listener, &w->arena, &r, NULL),
                     AISLE_OK);
    assert_int_equal(r.impacted, 1);
    assert_string_equal(heard.why, "renamed");
    assert_string_equal(heard.to, "12"); /* where the words say it belongs now */
    assert_string_equal(heard.by, "matcher");
    decide_on_category(w);
    assert_int_equal(flow_tree_impact(&w->app, r.target_id, NULL, &count, NULL),
                     AISLE_OK);
    assert_int_equal(count, 0);
}

struct offered {
    char why[40], first[40], reasons[120];
};

static enum aisle_status note_offer(void *ctx, const struct open_item *item,
                                    struct aisle_err *err)
{
    struct offered *o = ctx;

    (void)err;
    snprintf(o->why, sizeof o->why, "%s", item->why);
    assert_true(item->candidate_count > 0);
    snprintf(o->first, sizeof o->first, "%.*s", STR_ARG(item->candidates[0].category_id));
    snprintf(o->reasons, sizeof o->reasons, "%.*s", STR_ARG(item->candidates[0].reasons));
    return AISLE_OK;
}

static void a_closed_leaf_has_no_successor_in_a_mere_neighbour(void **state)
{
    struct world *w = *state;
    struct heard heard = {0};
    struct sync_listener listener = {.ctx = &heard, .impact = hear};
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .accept_shrink = true};
    struct sync_result r;

    world_product(w, "a", "kaos polos", "Atasan", NULL);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos Pria*\n11<1 Jaket Pria*\n";
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    decide_on_category(w);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos Pria*!\n11<1 Jaket Pria*\n";
    assert_int_equal(flow_sync(&w->app, &request, &listener, &w->arena, &r, NULL),
                     AISLE_OK);
    assert_int_equal(r.impacted, 1);
    assert_string_equal(heard.why, "closed to this shop");
    assert_string_equal(heard.to, "");

    w->market.tree[0] = "1< Fashion\n11<1 Jaket Pria*\n13<1 Baju Kaos*\n";
    assert_int_equal(flow_sync(&w->app, &request, &listener, &w->arena, &r, NULL),
                     AISLE_OK);
    assert_string_equal(heard.why, "removed");
    assert_string_equal(heard.to, "13");
    assert_string_equal(heard.by, "matcher");
}

static void a_leaf_gone_several_snapshots_ago_still_has_a_successor(void **state)
{
    struct world *w = *state;
    struct heard heard = {0};
    struct sync_listener listener = {.ctx = &heard, .impact = hear};
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .accept_shrink = true};
    static const char *const later[] = {
        "1< Fashion\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah\n20<2 Gelas*\n",
        "1< Fashion\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah\n20<2 Gelas*\n21<2 Piring*\n",
        "1< Fashion\n11<1 Kemeja*\n2< Rumah\n20<2 Gelas*\n30<2 Kaos*\n"};
    struct offered offered = {0};
    struct sync_result r;
    size_t count = 0;

    world_product(w, "a", "piring makan", "Atasan", NULL);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    decide_on_category(w);
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        w->market.tree[0] = later[i];
        clock_sleep_ms(&w->clock.clock, 1000);
        assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &r, NULL),
                         AISLE_OK);
    }
    assert_int_equal(flow_tree_impact(&w->app, r.target_id, &listener, &count, NULL),
                     AISLE_OK);
    assert_int_equal(count, 1);
    assert_string_equal(heard.to, "30");
    assert_string_equal(heard.by, "same name");
    assert_int_equal(
        flow_each_open(&w->app, &(struct open_filter){.target = STR_LIT(WORLD_TARGET)},
                       note_offer, &offered, NULL),
        AISLE_OK);
    assert_string_equal(offered.why, "leaf is gone");
    assert_string_equal(offered.first, "30");
    assert_string_equal(offered.reasons, "instead of Fashion > Kaos (same name)");
}

static void a_fresh_tree_is_not_fetched_again(void **state)
{
    struct world *w = *state;
    struct sync_request due = {.target = STR_LIT(WORLD_TARGET), .due_after_s = 3600};
    struct sync_result r;

    assert_int_equal(flow_sync(&w->app, &due, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_FIRST);
    assert_int_equal(flow_sync(&w->app, &due, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_NOT_DUE);
    clock_sleep_ms(w->app.clock, 3601 * 1000);
    assert_int_equal(flow_sync(&w->app, &due, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(r.outcome, SYNC_UNCHANGED);
}

static enum aisle_status claim_elsewhere(struct world *w, int64_t until,
                                         struct aisle_err *err)
{
    const struct lease_claim claim = {.name = STR_LIT("sync/" WORLD_TARGET),
                                      .owner = STR_LIT("elsewhere/1/1/0"),
                                      .now = clock_now_s(w->app.clock),
                                      .until = until};

    return w->app.store->ops->leases->claim(w->app.store, &claim, NULL, NULL, err);
}

static void only_one_syncs_a_target_at_a_time(void **state)
{
    struct world *w = *state;
    int64_t now = clock_now_s(w->app.clock);
    struct aisle_err err = {0};
    struct sync_result r;

    assert_int_equal(claim_elsewhere(w, now + 60, NULL), AISLE_OK);
    assert_int_equal(world_sync(w, &r, &err), AISLE_CONFLICT);
    assert_non_null(strstr(err.text, "elsewhere"));
    assert_int_equal(err.retry_after_s, 61);
    clock_sleep_ms(w->app.clock, 61 * 1000);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
}

static void a_lease_of_a_clock_that_was_ahead_keeps_nobody_from_syncing(void **state)
{
    struct world *w = *state;
    struct sync_result r;

    assert_int_equal(claim_elsewhere(w, clock_now_s(w->app.clock) + 365 * 86400, NULL),
                     AISLE_OK);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
}

struct waited {
    struct world *w;
    int longest_s;
};

static void try_to_sync_meanwhile(void *ctx, const struct progress *p)
{
    struct waited *waited = ctx;
    struct aisle_err err = {0};

    (void)p;
    assert_int_equal(
        claim_elsewhere(waited->w, clock_now_s(waited->w->app.clock) + 60, &err),
        AISLE_CONFLICT);
    if (err.retry_after_s > waited->longest_s)
        waited->longest_s = err.retry_after_s;
}

/* A task tries five times within about three minutes. */
static void
whoever_was_lost_at_a_sync_keeps_others_from_it_for_a_minute_or_two(void **state)
{
    struct world *w = *state;
    struct waited waited = {.w = w};
    struct sync_result r;

    w->app.progress = try_to_sync_meanwhile;
    w->app.progress_ctx = &waited;
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    assert_in_range(waited.longest_s, 30, 120);
}

/* ---- runs whose process was lost ---- */

static void put_lost_run(struct world *w, const char *id, const char *kind,
                         const char *target)
{
    const struct run run = {.id = str_of(id),
                            .kind = str_of(kind),
                            .seller_id = STR_LIT("acme"),
                            .target_id = str_of(target),
                            .state = RUN_UNDER_WAY,
                            .text = STR_LIT(""),
                            .started_at = clock_now_s(w->app.clock),
                            .owner = STR_LIT("elsewhere/1/1/0")};

    assert_int_equal(w->app.store->ops->work->put_run(w->app.store, &run, NULL),
                     AISLE_OK);
}

static void the_next_sync_ends_what_a_lost_one_left_under_way(void **state)
{
    struct world *w = *state;
    struct sync_result r;
    size_t dropped = 0;

    assert_int_equal(claim_elsewhere(w, clock_now_s(w->app.clock) - 1, NULL), AISLE_OK);
    put_lost_run(w, "r-1", "sync", WORLD_TARGET);
    put_lost_run(w, "r-2", "sync", "other");
    put_lost_run(w, "r-3", "map", WORLD_TARGET);
    assert_int_equal(world_sync(w, &r, NULL), AISLE_OK);
    see_run_text(w, "r-1", RUN_STOPPED, "cut off: its process was lost");
    see_run_text(w, "r-2", RUN_UNDER_WAY, "");
    see_run_text(w, "r-3", RUN_UNDER_WAY, "");
    assert_int_equal(
        w->app.store->ops->retention->drop_runs(
            w->app.store, clock_now_s(w->app.clock) + 1, true, &dropped, NULL),
        AISLE_OK);
    assert_int_equal(dropped, 2); /* and the sync's own */
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_first_sync_keeps_the_tree),
        T(the_same_tree_again_changes_nothing),
        T(a_changed_tree_is_a_new_snapshot_and_the_old_one_stays),
        T(an_empty_answer_is_never_kept),
        T(a_tree_that_lost_a_quarter_is_held_until_accepted),
        T(a_locale_that_lost_too_much_is_held_though_another_has_all),
        T(a_tree_that_was_closed_at_once_is_held_until_accepted),
        T(a_leaf_of_many_that_is_closed_holds_nothing),
        T(a_dry_run_tells_and_keeps_nothing),
        T(all_locales_are_kept_or_none),
        T(one_that_was_begun_goes_on_with_the_locales_it_has),
        T(what_an_earlier_one_left_is_fetched_again),
        T(what_was_left_by_a_clock_that_was_ahead_is_fetched_again),
        T(a_change_says_whom_it_hurts_and_where_they_could_go),
        T(what_changed_above_a_leaf_or_in_its_name_is_told_too),
        T(a_closed_leaf_has_no_successor_in_a_mere_neighbour),
        T(a_leaf_gone_several_snapshots_ago_still_has_a_successor),
        T(a_fresh_tree_is_not_fetched_again),
        T(only_one_syncs_a_target_at_a_time),
        T(a_lease_of_a_clock_that_was_ahead_keeps_nobody_from_syncing),
        T(whoever_was_lost_at_a_sync_keeps_others_from_it_for_a_minute_or_two),
        T(the_next_sync_ends_what_a_lost_one_left_under_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
