/* What waits for people: counts that move along with decisions and products. */
#include "contract.h"

static enum aisle_status see_word(void *ctx, const struct word_count *w,
                                  struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    if (w->stands == STANDS_DONE) /* in no order: one is enough here */
        buf_addf(&t->seen, "%s %s %lld%s %zu\n", standing_name(w->stands),
                 advisor_name(w->advisor), (long long)w->tenth,
                 w->provisional ? " provisional" : "", w->products);
    return AISLE_OK;
}

static enum aisle_status see_progress(void *ctx, const struct category_progress *p,
                                      struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s/%.*s%s %zu of %zu", STR_ARG(p->category.seller_id),
             STR_ARG(p->category.id), p->is_settled ? " settled" : "", p->settled,
             p->category.products);
    for (int i = 0; i < STANDINGS; i++)
        if (p->stands[i])
            buf_addf(&t->seen, " %s %zu", standing_name((enum standing)i), p->stands[i]);
    buf_addf(&t->seen, "\n");
    return AISLE_OK;
}

static void see_queues(struct store_test *t)
{
    const struct queue_filter f = {.target_id = STR_LIT(TARGET)};

    assert_ok(t->s->ops->queues->each_category(t->s, &f, see_progress, t, &t->err),
              &t->err);
}

static void decide(struct store_test *t, const char *key, enum decision_state state,
                   double confidence)
{
    struct decision_write w = a_decision(key, state, "10");

    w.d.confidence = confidence;
    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
}

static void decide_category(struct store_test *t, const char *key, const char *leaf)
{
    struct decision_write w = a_decision(key, DECISION_ACCEPTED, leaf);

    w.d.scope = SCOPE_SELLER_CATEGORY;
    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
}

static void put(struct store_test *t, const char *id, const char *category)
{
    struct product p = a_product("acme", id);

    p.seller_category_id = str_of(category);
    assert_ok(t->s->ops->catalogue->put_products(t->s, &p, 1, 100, NULL, &t->err),
              &t->err);
}

/* As many as a driver takes at once. */
static void put_many(struct store_test *t, const char *category)
{
    static const char *const ids[] = {"M-00", "M-01", "M-02", "M-03", "M-04", "M-05",
                                      "M-06", "M-07", "M-08", "M-09", "M-10", "M-11"};
    struct product list[COUNT(ids)];

    for (size_t i = 0; i < COUNT(ids); i++) {
        list[i] = a_product("acme", ids[i]);
        list[i].seller_category_id = str_of(category);
    }
    assert_ok(
        t->s->ops->catalogue->put_products(t->s, list, COUNT(list), 100, NULL, &t->err),
        &t->err);
}

static void words_are_counted_alike(void **state)
{
    struct store_test *t = *state;
    struct queue_filter f = {.target_id = STR_LIT(TARGET)};

    put_shop_and_target(t);
    put(t, "K-01", "Kaos");
    put(t, "K-02", "Topi");
    put(t, "K-03", "Topi");
    decide(t, "K-01", DECISION_ACCEPTED, 0.95);
    decide(t, "K-02", DECISION_ACCEPTED, 0.9);
    decide(t, "K-03", DECISION_PROPOSED, 0.9);
    assert_ok(t->s->ops->queues->each_word(t->s, &f, see_word, t, &t->err), &t->err);
    assert_seen(t, "done person 9 2\n");
    f.seller_id = STR_LIT("acme");
    assert_ok(t->s->ops->queues->each_word(t->s, &f, see_word, t, &t->err), &t->err);
    assert_seen(t, "done person 9 2\n");
    f.seller_id = STR_LIT("nobody");
    assert_ok(t->s->ops->queues->each_word(t->s, &f, see_word, t, &t->err), &t->err);
    assert_seen(t, "");
}

/* A run's step is written in other ways than an answer of a person's. */
static void what_a_runs_step_decides_is_counted(void **state)
{
    struct store_test *t = *state;
    struct decision_write list[] = {
        a_decision("K-01", DECISION_PROPOSED, "10"),
        a_decision("K-02", DECISION_PROPOSED, "10"),
        a_decision("NOT-HERE", DECISION_ACCEPTED, "10"),
        a_decision("Topi", DECISION_ACCEPTED, "10"),
        a_decision("K-01", DECISION_ACCEPTED, "20"),
    };
    const struct run_step step = {
        .seller_id = STR_LIT("acme"), .decisions = list, .decision_count = COUNT(list)};

    list[0].d.confidence = 0.3;
    list[1].d.confidence = 0.9;
    list[3].d.scope = SCOPE_SELLER_CATEGORY;
    list[4].d.confidence = 0.95;
    put_shop_and_target(t);
    put(t, "K-01", "Kaos");
    put(t, "K-02", "Topi");
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    see_queues(t);
    assert_seen(t, "acme/Kaos 1 of 1 done 1\nacme/Topi settled 0 of 1 agreed 1\n");
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);

    list[1].d.state = DECISION_REJECTED;
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    see_queues(t);
    assert_seen(t, "acme/Kaos 1 of 1 done 1\nacme/Topi settled 0 of 1 refused 1\n");
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static void a_seller_category_tells_what_stands_for_its_products(void **state)
{
    struct store_test *t = *state;
    struct queue_filter f = {.seller_id = STR_LIT("acme"),
                             .target_id = STR_LIT(TARGET),
                             .from_category = STR_LIT("Kaos")};
    struct decision_write w = a_decision("K-04", DECISION_ACCEPTED, "11");

    put_shop_and_target(t);
    put(t, "K-01", "Kaos");
    put(t, "K-02", "Kaos");
    put(t, "K-03", "");
    put(t, "K-04", "Topi");
    see_queues(t);
    assert_seen(t, "acme/ 0 of 1\nacme/Kaos 0 of 2\nacme/Topi 0 of 1\n");
    decide(t, "K-01", DECISION_PROPOSED, 0.79);
    decide(t, "K-02", DECISION_PROPOSED, 0.8);
    decide(t, "K-03", DECISION_NONE, 1);
    w.d.conflict = true;
    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
    see_queues(t);
    assert_seen(t, "acme/ 1 of 1 none 1\nacme/Kaos 0 of 2 open 1 agreed 1\n"
                   "acme/Topi 1 of 1 conflict 1\n");
    decide(t, "K-02", DECISION_REJECTED, 1);
    w.d.state = DECISION_PROPOSED;
    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
    decide_category(t, "Kaos", "10");
    assert_ok(t->s->ops->queues->each_category(t->s, &f, see_progress, t, &t->err),
              &t->err);
    assert_seen(t, "acme/Kaos settled 0 of 2 open 1 refused 1\n"
                   "acme/Topi 0 of 1 contested 1\n");
    decide(t, "K-01", DECISION_CLEARED, 0);
    f.from_category = STR_LIT("Topi");
    assert_ok(t->s->ops->queues->each_category(t->s, &f, see_progress, t, &t->err),
              &t->err);
    assert_seen(t, "acme/Topi 0 of 1 contested 1\n");
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static void counts_go_along_with_a_product(void **state)
{
    struct store_test *t = *state;
    struct product p = a_product("acme", "K-01");

    put_shop_and_target(t);
    decide(t, "K-01", DECISION_ACCEPTED, 1); /* of a product that is yet to come */
    see_queues(t);
    assert_seen(t, "");
    put(t, "K-01", "Kaos");
    put(t, "K-02", "Kaos");
    see_queues(t);
    assert_seen(t, "acme/Kaos 1 of 2 done 1\n");
    p.seller_category_id = STR_LIT("Topi");
    assert_ok(t->s->ops->catalogue->change_product(t->s, &p, 1, 200, &t->err), &t->err);
    see_queues(t);
    assert_seen(t, "acme/Kaos 0 of 1\nacme/Topi 1 of 1 done 1\n");
    assert_ok(t->s->ops->catalogue->drop_product(t->s, STR_LIT("acme"), STR_LIT("K-01"),
                                                 0, &t->err),
              &t->err);
    decide(t, "K-01", DECISION_PROPOSED, 0.9); /* while it is gone */
    see_queues(t);
    assert_seen(t, "acme/Kaos 0 of 1\n");
    put(t, "K-01", "");
    see_queues(t);
    assert_seen(t, "acme/ 0 of 1 agreed 1\nacme/Kaos 0 of 1\n");
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static void counts_go_along_with_many_products(void **state)
{
    struct store_test *t = *state;

    put_shop_and_target(t);
    decide(t, "M-03", DECISION_ACCEPTED, 1);
    put_many(t, "Kaos");
    see_queues(t);
    assert_seen(t, "acme/Kaos 1 of 12 done 1\n");
    decide(t, "M-04", DECISION_NONE, 1);
    put(t, "M-05", "Topi");
    put_many(t, "Kaos"); /* only one of them is another */
    see_queues(t);
    assert_seen(t, "acme/Kaos 2 of 12 none 1 done 1\n");
    put_many(t, "Topi");
    see_queues(t);
    assert_seen(t, "acme/Topi 2 of 12 none 1 done 1\n");
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

/* ---- whom a queue is of ---- */

static enum aisle_status see_key(void *ctx, const struct product *row,
                                 struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s ", STR_ARG(row->id));
    return AISLE_OK;
}

static void see_waiting(struct store_test *t, enum undecided_part part)
{
    const struct product_filter f = {
        .seller_id = STR_LIT("acme"), .undecided_for = STR_LIT(TARGET), .part = part};

    assert_ok(t->s->ops->catalogue->each_product(t->s, &f, see_key, t, &t->err), &t->err);
}

static void those_that_wait_are_agreed_or_the_rest(void **state)
{
    struct store_test *t = *state;
    const struct queue_filter f = {.target_id = STR_LIT(TARGET)};
    struct decision_write contested = a_decision("K-04", DECISION_PROPOSED, "11");
    size_t count = 9;

    put_shop_and_target(t);
    for (int i = 0; i < 6; i++)
        put(t, (const char *const[]){"K-00", "K-01", "K-02", "K-03", "K-04", "K-05"}[i],
            i == 5 ? "Topi" : "Kaos");
    decide(t, "K-01", DECISION_PROPOSED, 0.5);
    decide(t, "K-02", DECISION_PROPOSED, 0.9);
    decide(t, "K-03", DECISION_ACCEPTED, 1);
    contested.d.conflict = true;
    assert_ok(t->s->ops->decisions->append(t->s, &contested, 1, NULL, &t->err), &t->err);
    decide(t, "K-05", DECISION_REJECTED, 1);
    see_waiting(t, UNDECIDED_ALL);
    assert_seen(t, "K-00 K-01 K-02 K-04 K-05 ");
    see_waiting(t, UNDECIDED_AGREED);
    assert_seen(t, "K-02 ");
    see_waiting(t, UNDECIDED_REST);
    assert_seen(t, "K-00 K-01 K-05 ");
    assert_ok(t->s->ops->queues->count_refused(t->s, &f, &count, &t->err), &t->err);
    assert_int_equal(count, 0);
    decide_category(t, "Kaos", "10");
    decide_category(t, "Topi", "10"); /* the very leaf K-05 was refused */
    see_waiting(t, UNDECIDED_REST);
    assert_seen(t, "K-05 ");
    assert_ok(t->s->ops->queues->count_refused(t->s, &f, &count, &t->err), &t->err);
    assert_int_equal(count, 1);
    decide_category(t, "Topi", "11");
    assert_ok(t->s->ops->queues->count_refused(t->s, &f, &count, &t->err), &t->err);
    assert_int_equal(count, 0);
}

static void mappings_are_found_by_how_they_stand(void **state)
{
    const struct {
        struct mapping_filter filter;
        const char *seen;
    } table[] = {
        {{.standings = 1u << STANDS_CONFLICT | 1u << STANDS_CONTESTED},
         "2 product K-02 proposed 11\n4 product K-04 accepted 11\n"},
        {{.standings = 1u << STANDS_CONFLICT | 1u << STANDS_CONTESTED, .after_seq = 2},
         "4 product K-04 accepted 11\n"},
        {{.standings = 1u << STANDS_CONFLICT | 1u << STANDS_DONE},
         "1 product K-01 accepted 10\n4 product K-04 accepted 11\n"
         "5 product K-05 accepted 12\n"},
        {{.standings = 1u << STANDS_DONE, .in_tree_only = true},
         "1 product K-01 accepted 10\n"},
        {{.standings = 1u << STANDS_CONFLICT, .category_id = STR_LIT("11")},
         "4 product K-04 accepted 11\n"},
        {{.newest_first = true, .limit = 2},
         "5 product K-05 accepted 12\n4 product K-04 accepted 11\n"},
        {{.newest_first = true, .limit = 2, .after_seq = 4},
         "3 product K-03 none -\n2 product K-02 proposed 11\n"},
    };
    struct store_test *t = *state;
    struct decision_write list[] = {a_decision("K-01", DECISION_ACCEPTED, "10"),
                                    a_decision("K-02", DECISION_PROPOSED, "11"),
                                    a_decision("K-03", DECISION_NONE, ""),
                                    a_decision("K-04", DECISION_ACCEPTED, "11"),
                                    a_decision("K-05", DECISION_ACCEPTED, "12")};

    put_shop_and_target(t);
    list[1].d.conflict = list[3].d.conflict = list[4].d.provisional = true;
    assert_ok(t->s->ops->decisions->append(t->s, list, COUNT(list), NULL, &t->err),
              &t->err);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct mapping_filter f = table[i].filter;

        f.seller_id = STR_LIT("acme");
        f.target_id = STR_LIT(TARGET);
        f.has_scope = true;
        f.scope = SCOPE_PRODUCT;
        assert_ok(t->s->ops->decisions->each_mapping(t->s, &f, see_decision, t, &t->err),
                  &t->err);
        assert_seen(t, table[i].seen);
    }
}

static enum aisle_status see_leaf(void *ctx, struct str id, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s ", STR_ARG(id));
    return AISLE_OK;
}

static void each_leaf_in_use_is_told_once(void **state)
{
    struct store_test *t = *state;
    struct decision_write list[] = {a_decision("K-01", DECISION_ACCEPTED, "20"),
                                    a_decision("K-02", DECISION_NONE, ""),
                                    a_decision("K-03", DECISION_PROPOSED, "100"),
                                    a_decision("K-04", DECISION_ACCEPTED, "20")};

    put_shop_and_target(t);
    assert_ok(t->s->ops->queues->each_leaf(t->s, STR_LIT(TARGET), see_leaf, t, &t->err),
              &t->err);
    assert_seen(t, "");
    assert_ok(t->s->ops->decisions->append(t->s, list, COUNT(list), NULL, &t->err),
              &t->err);
    assert_ok(t->s->ops->queues->each_leaf(t->s, STR_LIT(TARGET), see_leaf, t, &t->err),
              &t->err);
    assert_seen(t, "100 20 ");
}

static const struct contract_case cases[] = {
    CASE(words_are_counted_alike),
    CASE(what_a_runs_step_decides_is_counted),
    CASE(a_seller_category_tells_what_stands_for_its_products),
    CASE(counts_go_along_with_a_product),
    CASE(counts_go_along_with_many_products),
    CASE(those_that_wait_are_agreed_or_the_rest),
    CASE(mappings_are_found_by_how_they_stand),
    CASE(each_leaf_in_use_is_told_once),
};

const struct contract_table contract_queues = CONTRACT_TABLE(cases);
