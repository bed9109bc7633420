/* Steps, answers, suggestions, runs, items, leases. */
#include "contract.h"

static const struct store_work *work(const struct store_test *t)
{
    return t->s->ops->work;
}

static void see_runs(struct store_test *t, const char *kind, size_t limit)
{
    assert_ok(work(t)->each_run(t->s, str_of(kind), limit, see_run, t, &t->err), &t->err);
}

static void see_items(struct store_test *t, const char *run_id)
{
    assert_ok(work(t)->each_item(t->s, &(struct item_filter){.run_id = str_of(run_id)},
                                 see_item, t, &t->err),
              &t->err);
}

static enum aisle_status see_item_key(void *ctx, const struct run_item *row,
                                      struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s ", STR_ARG(row->product_id));
    return AISLE_OK;
}

static void see_suggestions(struct store_test *t, const char *product_id)
{
    assert_ok(work(t)->each_suggestion(t->s, STR_LIT("acme"), STR_LIT(TARGET),
                                       str_of(product_id), see_suggestion, t, &t->err),
              &t->err);
}

static struct step_item an_item(const char *product_id)
{
    return (struct step_item){.item = {.run_id = STR_LIT("r-1"),
                                       .seller_id = STR_LIT("acme"),
                                       .product_id = str_of(product_id),
                                       .state = ITEM_MAPPED,
                                       .category_id = STR_LIT("30"),
                                       .by = ITEM_BY_MARKETPLACE,
                                       .at = 600}};
}

static void runs_are_paged_by_what_they_are_about(void **state)
{
    static const char *const ids[] = {"r-1", "r-2", "r-3", "r-4"};
    struct store_test *t = *state;
    struct run_filter f = {.limit = 2, .kind = STR_LIT("map")};

    for (size_t i = 0; i < COUNT(ids); i++) {
        struct run run = a_run(ids[i]);

        run.started_at = 400 + (int64_t)(i / 2); /* two and two at once */
        run.target_id = i == 3 ? STR_LIT("other:v1") : run.target_id;
        run.seller_id = i == 0 ? STR_LIT("other") : run.seller_id;
        assert_ok(work(t)->put_run(t->s, &run, &t->err), &t->err);
    }
    assert_ok(work(t)->page_runs(t->s, &f, see_run, t, &t->err), &t->err);
    assert_seen(t, "r-4 map under-way\nr-3 map under-way\n");
    f.before_at = 401;
    f.before_id = STR_LIT("r-3");
    assert_ok(work(t)->page_runs(t->s, &f, see_run, t, &t->err), &t->err);
    assert_seen(t, "r-2 map under-way\nr-1 map under-way\n");
    f = (struct run_filter){.target_id = STR_LIT(TARGET), .seller_id = STR_LIT("acme")};
    assert_ok(work(t)->page_runs(t->s, &f, see_run, t, &t->err), &t->err);
    assert_seen(t, "r-3 map under-way\nr-2 map under-way\n");
    f.states = 1u << RUN_UNDER_WAY;
    assert_ok(work(t)->page_runs(t->s, &f, see_run, t, &t->err), &t->err);
    assert_seen(t, "r-3 map under-way\nr-2 map under-way\n");
    f.states = 1u << RUN_DONE | 1u << RUN_FAILED;
    assert_ok(work(t)->page_runs(t->s, &f, see_run, t, &t->err), &t->err);
    assert_seen(t, "");
    f.states = 0;
    f.kind = STR_LIT("sync");
    assert_ok(work(t)->page_runs(t->s, &f, see_run, t, &t->err), &t->err);
    assert_seen(t, "");
}

static void a_run_comes_back_whole(void **state)
{
    struct store_test *t = *state;
    struct run run = a_run("r-1"), got;

    run.state = RUN_BUDGET;
    run.text = STR_LIT("calls are used up");
    run.request_ids = STR_LIT("a,b");
    run.answer = (struct run_answer){STR_LIT("PRD_DLV_002"), STR_LIT("malformed"),
                                     STR_LIT("invalid fs_id format"), 9.7e-8};
    run.finished_at = 900;
    run.counts =
        (struct run_counts){-1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    assert_ok(work(t)->put_run(t->s, &run, &t->err), &t->err);
    assert_ok(work(t)->get_run(t->s, run.id, &t->arena, &got, &t->err), &t->err);
    assert_str(got.kind, "map");
    assert_str(got.seller_id, "acme");
    assert_str(got.target_id, TARGET);
    assert_str(got.policy, "guide");
    assert_str(got.parameters, "{}");
    assert_int_equal(got.state, RUN_BUDGET);
    assert_str(got.text, "calls are used up");
    assert_str(got.request_ids, "a,b");
    assert_str(got.answer.code, "PRD_DLV_002");
    assert_str(got.answer.message, "malformed");
    assert_str(got.answer.reason, "invalid fs_id format");
    assert_true(got.answer.process_time_s > 9.6e-8 && got.answer.process_time_s < 9.8e-8);
    assert_memory_equal(&got.counts, &run.counts, sizeof run.counts);
    assert_int_equal(got.started_at, 400);
    assert_int_equal(got.finished_at, 900);
    assert_str(got.owner, "host/1/2");
    assert_int_equal(got.lease_until, 460);
    work(t)->get_run(t->s, STR_LIT("r-2"), &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no run r-2");
}

static void runs_are_listed_newest_first_by_kind(void **state)
{
    struct store_test *t = *state;
    struct run list[3] = {a_run("r-1"), a_run("r-3"), a_run("r-2")};

    list[1].kind = STR_LIT("sync");
    list[0].started_at = 800;
    for (size_t i = 0; i < 3; i++)
        assert_ok(work(t)->put_run(t->s, &list[i], &t->err), &t->err);
    list[0].state = RUN_DONE;
    assert_ok(work(t)->put_run(t->s, &list[0], &t->err), &t->err);
    see_runs(t, "", 0);
    assert_seen(t, "r-1 map done\nr-3 sync under-way\nr-2 map under-way\n");
    see_runs(t, "map", 0);
    assert_seen(t, "r-1 map done\nr-2 map under-way\n");
    see_runs(t, "map", 1);
    assert_seen(t, "r-1 map done\n");
    see_runs(t, "pull", 0);
    assert_seen(t, "");
}

static void a_step_keeps_all_its_parts(void **state)
{
    static const struct suggestion suggestions[] = {
        {STR_INIT("30"), 0.4, ADVISOR_MARKETPLACE, STR_INIT("")},
        {STR_INIT("20"), 0.6, ADVISOR_LOCAL, STR_INIT("kaos, pria")},
    };
    struct store_test *t = *state;
    const struct store_catalogue *catalogue = t->s->ops->catalogue;
    struct product product = a_product("acme", "A");
    struct pushed_image pushed = a_pushed_image("uuid-1", "bytes"), got_pushed;
    struct answer answer = {.seller_id = STR_LIT("acme"),
                            .target_id = STR_LIT(TARGET),
                            .question = STR_LIT("q-1"),
                            .category_id = STR_LIT("30"),
                            .request_id = STR_LIT("req-2"),
                            .with_image = true,
                            .at = 600},
                  got;
    struct provisional_category leaf = {STR_LIT(TARGET), STR_LIT("30"), STR_LIT("Kaos"),
                                        STR_LIT("10"), 600};
    struct decision_write decision = a_decision("A", DECISION_ACCEPTED, "30");
    struct run run = a_run("r-1"), got_run;
    struct step_item item = an_item("A");
    struct run_step step = {.pushed = &pushed,
                            .seller_id = STR_LIT("acme"),
                            .shop_id = STR_LIT("toko-a"),
                            .link_image_id = STR_LIT("img-1"),
                            .link_channel_image_id = STR_LIT("uuid-1"),
                            .answer = &answer,
                            .provisional = &leaf,
                            .decisions = &decision,
                            .decision_count = 1,
                            .items = &item,
                            .item_count = 1,
                            .run = &run};
    struct test_tree tree;
    struct taxonomy loaded;
    struct product_image image;
    int64_t id;

    put_shop_and_target(t);
    product.image_id = STR_LIT("img-1");
    product.image_location = STR_LIT("a.jpg");
    assert_ok(catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err), &t->err);
    tree_read(&tree, "10 0 Fashion", NULL);
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    item.suggestions = suggestions;
    item.suggestion_count = COUNT(suggestions);
    run.counts.done = 1;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);

    assert_ok(catalogue->get_pushed(t->s, pushed.seller_id, pushed.shop_id, pushed.id,
                                    &t->arena, &got_pushed, &t->err),
              &t->err);
    assert_ok(catalogue->get_image(t->s, STR_LIT("acme"), STR_LIT("img-1"),
                                   STR_LIT("toko-a"), &t->arena, &image, &t->err),
              &t->err);
    assert_str(image.channel_image_id, "uuid-1");
    assert_ok(work(t)->get_answer(t->s, answer.seller_id, answer.target_id,
                                  answer.question, &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.category_id, "30");
    assert_str(got.refusal_code, "");
    assert_str(got.request_id, "req-2");
    assert_true(got.with_image);
    assert_int_equal(got.at, 600);
    assert_ok(t->s->ops->trees->load(t->s, STR_LIT(TARGET), 0, &t->arena, NULL, &loaded,
                                     &t->err),
              &t->err);
    assert_true(taxonomy_get(&loaded, STR_LIT("30"))->provisional);
    assert_ok(t->s->ops->decisions->each(t->s, &(struct log_filter){0}, see_decision, t,
                                         &t->err),
              &t->err);
    assert_seen(t, "1 product A accepted 30\n");
    see_items(t, "r-1");
    assert_seen(t, "r-1 acme A 30 - - mapped marketplace 600\n");
    see_suggestions(t, "A");
    assert_seen(t, "30 - marketplace 0.40\n20 kaos, pria local 0.60\n");
    assert_ok(work(t)->get_run(t->s, run.id, &t->arena, &got_run, &t->err), &t->err);
    assert_int_equal(got_run.counts.done, 1);
}

static void a_refusal_is_an_answer_and_a_later_answer_replaces_it(void **state)
{
    struct store_test *t = *state;
    struct answer answer = {.seller_id = STR_LIT("acme"),
                            .target_id = STR_LIT(TARGET),
                            .question = STR_LIT("q-1"),
                            .refusal_code = STR_LIT("12052900"),
                            .refusal_text = STR_LIT("no such thing"),
                            .failed = true,
                            .at = 600},
                  got;
    struct run_step step = {.answer = &answer};

    work(t)->get_answer(t->s, answer.seller_id, answer.target_id, answer.question,
                        &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "this was not asked for " TARGET " yet");
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    assert_ok(work(t)->get_answer(t->s, answer.seller_id, answer.target_id,
                                  answer.question, &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.category_id, "");
    assert_str(got.refusal_code, "12052900");
    assert_str(got.refusal_text, "no such thing");
    assert_true(got.failed);
    answer.category_id = STR_LIT("30");
    answer.failed = false;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    assert_ok(work(t)->get_answer(t->s, answer.seller_id, answer.target_id,
                                  answer.question, &t->arena, &got, &t->err),
              &t->err);
    assert_str(got.category_id, "30");
    assert_false(got.failed);
}

static void an_item_again_replaces_the_former_and_items_are_in_order(void **state)
{
    struct store_test *t = *state;
    struct run run = a_run("r-1");
    struct step_item items[3] = {an_item("B"), an_item("A"), an_item("A")};
    struct run_step step = {.items = items, .item_count = 3, .run = &run};

    items[2].item.seller_id = STR_LIT("aaa");
    items[2].item.state = ITEM_NEEDS_PERSON;
    items[2].item.by = ITEM_BY_NONE;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    items[0].item.state = ITEM_REFUSED;
    items[0].item.code = STR_LIT("12052900");
    items[0].item.text = STR_LIT("no");
    step.item_count = 1;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    see_items(t, "r-1");
    assert_seen(t, "r-1 aaa A 30 - - needs-person none 600\n"
                   "r-1 acme A 30 - - mapped marketplace 600\n"
                   "r-1 acme B 30 12052900 no refused marketplace 600\n");
    see_items(t, "r-2");
    assert_seen(t, "");
}

static void suggestions_of_a_product_are_replaced_as_a_whole(void **state)
{
    static const struct suggestion three[] = {
        {STR_INIT("30"), 0.5, ADVISOR_LOCAL, STR_INIT("")},
        {STR_INIT("20"), 0.3, ADVISOR_LOCAL, STR_INIT("")},
        {STR_INIT("40"), 0.1, ADVISOR_RULE, STR_INIT("")},
    };
    struct store_test *t = *state;
    struct run run = a_run("r-1"), elsewhere = a_run("r-9");
    struct step_item item = an_item("A");
    struct run_step step = {.items = &item, .item_count = 1, .run = &run};

    item.suggestions = three;
    item.suggestion_count = 3;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    /* of another target */
    elsewhere.target_id = STR_LIT("toko-b");
    item.item.run_id = STR_LIT("r-9");
    step.run = &elsewhere;
    item.suggestion_count = 1;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    see_suggestions(t, "A");
    assert_seen(t, "30 - local 0.50\n20 - local 0.30\n40 - rule 0.10\n");
    /* the run is known: it need not come along */
    step.run = NULL;
    item.item.run_id = STR_LIT("r-1");
    item.suggestions = &three[2];
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    see_suggestions(t, "A");
    assert_seen(t, "40 - rule 0.10\n");
    /* none told: none replaced; none found: none left */
    item.suggestions = NULL;
    item.suggestion_count = 0;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    see_suggestions(t, "A");
    assert_seen(t, "40 - rule 0.10\n");
    item.suggestions = three;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    see_suggestions(t, "A");
    assert_seen(t, "");
}

static void suggestions_of_no_known_run_are_refused(void **state)
{
    static const struct suggestion one = {STR_INIT("30"), 0.5, ADVISOR_LOCAL,
                                          STR_INIT("")};
    struct store_test *t = *state;
    struct step_item item = an_item("A");
    struct run_step step = {.items = &item, .item_count = 1};

    item.suggestions = &one;
    item.suggestion_count = 1;
    work(t)->put_step(t->s, &step, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no run r-1");
    see_items(t, "r-1");
    assert_seen(t, "");
}

static void a_step_that_meets_a_newer_decision_leaves_nothing(void **state)
{
    struct store_test *t = *state;
    struct decision_write decision = a_decision("A", DECISION_ACCEPTED, "30");
    struct pushed_image pushed = a_pushed_image("uuid-1", "bytes");
    struct step_item item = an_item("A");
    struct run run = a_run("r-1");
    struct run_step step = {.pushed = &pushed,
                            .decisions = &decision,
                            .decision_count = 1,
                            .items = &item,
                            .item_count = 1,
                            .run = &run};

    assert_ok(t->s->ops->decisions->append(t->s, &decision, 1, NULL, &t->err), &t->err);
    decision.expected = 0;
    work(t)->put_step(t->s, &step, &t->err);
    assert_failure(t, AISLE_CONFLICT, "product A was decided meanwhile by budi (1)");
    see_items(t, "r-1");
    see_runs(t, "", 0);
    assert_seen(t, "");
    assert_status(t->s->ops->catalogue->get_pushed(t->s, pushed.seller_id, pushed.shop_id,
                                                   pushed.id, &t->arena,
                                                   &(struct pushed_image){0}, NULL),
                  AISLE_NOT_FOUND, NULL);
    /* left out because it is settled: the rest is kept */
    decision.skip_if_settled = true;
    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    see_items(t, "r-1");
    assert_seen(t, "r-1 acme A 30 - - mapped marketplace 600\n");
}

static void a_run_taken_over_is_not_written_to_by_the_one_that_lost_it(void **state)
{
    struct store_test *t = *state;
    struct run mine = a_run("r-1"), theirs = a_run("r-1"), got;
    struct step_item item = an_item("A");
    struct run_step step = {.items = &item, .item_count = 1, .run = &mine};

    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    theirs.owner = STR_LIT("host/3/4");
    assert_ok(work(t)->put_run(t->s, &theirs, &t->err), &t->err);
    item.item.state = ITEM_FAILED;
    mine.counts.done = 9;
    work(t)->put_step(t->s, &step, &t->err);
    assert_failure(t, AISLE_CONFLICT, "run r-1 was taken over by host/3/4");
    see_items(t, "r-1");
    assert_seen(t, "r-1 acme A 30 - - mapped marketplace 600\n");
    assert_ok(work(t)->get_run(t->s, mine.id, &t->arena, &got, &t->err), &t->err);
    assert_int_equal(got.counts.done, 0);
}

/* A product changed its picture while the old one was on its way. */
static void a_link_to_an_image_that_is_gone_is_left_out(void **state)
{
    struct store_test *t = *state;
    struct pushed_image pushed = a_pushed_image("uuid-1", "bytes"), got;
    struct run_step step = {.pushed = &pushed,
                            .seller_id = STR_LIT("acme"),
                            .shop_id = STR_LIT("toko-a"),
                            .link_image_id = STR_LIT("img-gone"),
                            .link_channel_image_id = STR_LIT("uuid-1")};

    assert_ok(work(t)->put_step(t->s, &step, &t->err), &t->err);
    assert_ok(t->s->ops->catalogue->get_pushed(t->s, pushed.seller_id, pushed.shop_id,
                                               pushed.id, &t->arena, &got, &t->err),
              &t->err);
}

static void a_link_to_what_was_never_pushed_is_refused(void **state)
{
    struct store_test *t = *state;
    struct product product = a_product("acme", "A");
    struct run_step step = {.seller_id = STR_LIT("acme"),
                            .shop_id = STR_LIT("toko-a"),
                            .link_image_id = STR_LIT("img-1"),
                            .link_channel_image_id = STR_LIT("uuid-1")};

    product.image_id = STR_LIT("img-1");
    product.image_location = STR_LIT("a.jpg");
    assert_ok(t->s->ops->catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err),
              &t->err);
    assert_status(work(t)->put_step(t->s, &step, &t->err), AISLE_INVALID, &t->err);
    last_failure(t);
}

/* ---- leases ---- */

static enum aisle_status claim_until(struct store_test *t, const char *name,
                                     const char *owner, int64_t now, int64_t until,
                                     int64_t latest, struct str *holder)
{
    const struct lease_claim wanted = {str_of(name), str_of(owner), now, until, latest};

    return t->s->ops->leases->claim(t->s, &wanted, &t->arena, holder, &t->err);
}

static enum aisle_status claim(struct store_test *t, const char *name, const char *owner,
                               int64_t now, int64_t until)
{
    return claim_until(t, name, owner, now, until, 0, NULL);
}

static void a_lease_is_one_owners_until_it_is_over(void **state)
{
    struct store_test *t = *state;
    struct str holder = STR_LIT("untouched");

    assert_ok(claim(t, "sync", "a", 100, 160), &t->err);
    assert_ok(claim_until(t, "sync", "a", 110, 170, 0, &holder), &t->err); /* renewed */
    assert_str(holder, "untouched");
    claim(t, "sync", "b", 170, 300);
    assert_failure(t, AISLE_CONFLICT, "sync is held by a");
    claim_until(t, "sync", "b", 170, 300, 0, &holder);
    assert_int_equal(t->err.retry_after_s, 1);
    assert_failure(t, AISLE_CONFLICT, "sync is held by a");
    assert_str(holder, "a");
    assert_ok(claim(t, "other", "b", 170, 300), &t->err);
    assert_ok(claim(t, "sync", "b", 171, 300), &t->err); /* over */
    assert_status(claim(t, "sync", "a", 172, 300), AISLE_CONFLICT, &t->err);
    last_failure(t);
}

static void a_lease_that_ends_later_than_anybody_is_given_it_is_over(void **state)
{
    struct store_test *t = *state;

    assert_ok(claim_until(t, "sync", "a", 1000, 1060, 1060, NULL), &t->err);
    assert_status(claim_until(t, "sync", "b", 900, 960, 1060, NULL), AISLE_CONFLICT,
                  &t->err);
    assert_int_equal(t->err.retry_after_s, 161);
    last_failure(t);
    assert_ok(claim_until(t, "sync", "b", 100, 160, 160, NULL), &t->err);
    assert_status(claim_until(t, "sync", "a", 100, 160, 160, NULL), AISLE_CONFLICT,
                  &t->err);
    last_failure(t);
}

static void a_lease_given_back_is_free_and_only_its_owner_gives_it_back(void **state)
{
    struct store_test *t = *state;

    assert_ok(claim(t, "sync", "a", 100, 160), &t->err);
    assert_ok(t->s->ops->leases->release(t->s, STR_LIT("sync"), STR_LIT("b"), &t->err),
              &t->err);
    assert_status(claim(t, "sync", "b", 110, 300), AISLE_CONFLICT, &t->err);
    last_failure(t);
    assert_ok(t->s->ops->leases->release(t->s, STR_LIT("sync"), STR_LIT("a"), &t->err),
              &t->err);
    assert_ok(claim(t, "sync", "b", 110, 300), &t->err);
}

static void items_are_paged_by_what_became_of_them(void **state)
{
    const struct {
        struct item_filter filter;
        const char *seen;
    } table[] = {
        {{.limit = 2}, "A B "},
        {{.limit = 2, .after_seller = STR_LIT("acme"), .after_product = STR_LIT("B")},
         "C D "},
        {{.has_state = true, .state = ITEM_REFUSED}, "B D "},
        {{.has_state = true, .state = ITEM_MAPPED, .limit = 1}, "A "},
        {{.has_state = true,
          .state = ITEM_REFUSED,
          .after_seller = STR_LIT("acme"),
          .after_product = STR_LIT("B")},
         "D "},
    };
    static const char *const ids[] = {"A", "B", "C", "D"};
    struct store_test *t = *state;
    struct run run = a_run("r-1");
    struct step_item items[COUNT(ids)];

    for (size_t i = 0; i < COUNT(ids); i++) {
        items[i] = an_item(ids[i]);
        items[i].item.state = i % 2 ? ITEM_REFUSED : ITEM_MAPPED;
    }
    assert_ok(
        work(t)->put_step(
            t->s,
            &(struct run_step){.items = items, .item_count = COUNT(ids), .run = &run},
            &t->err),
        &t->err);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct item_filter f = table[i].filter;

        f.run_id = STR_LIT("r-1");
        assert_ok(work(t)->each_item(t->s, &f, see_item_key, t, &t->err), &t->err);
        assert_seen(t, table[i].seen);
    }
}

static const struct contract_case cases[] = {
    CASE(a_run_comes_back_whole),
    CASE(items_are_paged_by_what_became_of_them),
    CASE(runs_are_paged_by_what_they_are_about),
    CASE(runs_are_listed_newest_first_by_kind),
    CASE(a_step_keeps_all_its_parts),
    CASE(a_refusal_is_an_answer_and_a_later_answer_replaces_it),
    CASE(an_item_again_replaces_the_former_and_items_are_in_order),
    CASE(suggestions_of_a_product_are_replaced_as_a_whole),
    CASE(suggestions_of_no_known_run_are_refused),
    CASE(a_step_that_meets_a_newer_decision_leaves_nothing),
    CASE(a_run_taken_over_is_not_written_to_by_the_one_that_lost_it),
    CASE(a_link_to_an_image_that_is_gone_is_left_out),
    CASE(a_link_to_what_was_never_pushed_is_refused),
    CASE(a_lease_is_one_owners_until_it_is_over),
    CASE(a_lease_that_ends_later_than_anybody_is_given_it_is_over),
    CASE(a_lease_given_back_is_free_and_only_its_owner_gives_it_back),
};
const struct contract_table contract_work = CONTRACT_TABLE(cases);
