/* Which trained model of a seller and target is the newest. */
#include "contract.h"

static enum aisle_status see_model(void *ctx, const struct trained_model *m,
                                   struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s %.*s: %.*s to %lld, %lld rows, %lld of %lld right, %.2f\n",
             STR_ARG(m->seller_id), STR_ARG(m->target_id), STR_ARG(m->key),
             (long long)m->stamp, (long long)m->rows, (long long)m->right,
             (long long)m->held_out, m->ece);
    return AISLE_OK;
}

static struct trained_model a_model(const char *seller, const char *target,
                                    const char *key, int64_t stamp)
{
    return (struct trained_model){.seller_id = str_of(seller),
                                  .target_id = str_of(target),
                                  .key = str_of(key),
                                  .stamp = stamp,
                                  .rows = 200,
                                  .labelled = 150,
                                  .held_out = 40,
                                  .right = 30,
                                  .ece = 0.25,
                                  .owner = STR_LIT("host/1/1")};
}

static enum aisle_status put(struct store_test *t, const char *seller, const char *target,
                             const char *key, int64_t stamp)
{
    struct trained_model m = a_model(seller, target, key, stamp);

    return t->s->ops->models->put(t->s, &m, &t->err);
}

static void see(struct store_test *t, const char *seller, const char *expected)
{
    assert_ok(t->s->ops->models->each(t->s, str_of(seller), see_model, t, &t->err),
              &t->err);
    assert_seen(t, expected);
}

static void a_seller_has_one_model_a_target(void **state)
{
    struct store_test *t = *state;

    assert_ok(put(t, "zeta", "toko", "z", 1), &t->err);
    assert_ok(put(t, "acme", "toko:v2", "b", 3), &t->err);
    assert_ok(put(t, "acme", "toko", "a", 2), &t->err);
    see(t, "acme",
        "acme toko: a to 2, 200 rows, 30 of 40 right, 0.25\n"
        "acme toko:v2: b to 3, 200 rows, 30 of 40 right, 0.25\n");
    see(t, "",
        "acme toko: a to 2, 200 rows, 30 of 40 right, 0.25\n"
        "acme toko:v2: b to 3, 200 rows, 30 of 40 right, 0.25\n"
        "zeta toko: z to 1, 200 rows, 30 of 40 right, 0.25\n");
    see(t, "nobody", "");
}

static void a_later_one_replaces_it_and_an_earlier_one_does_not(void **state)
{
    struct store_test *t = *state;
    struct trained_model m;

    assert_ok(put(t, "acme", "toko", "first", 5), &t->err);
    assert_ok(put(t, "acme", "toko", "again", 5), &t->err);
    assert_ok(put(t, "acme", "toko", "later", 7), &t->err);
    assert_status(put(t, "acme", "toko", "late", 6), AISLE_CONFLICT, &t->err);
    assert_ok(t->s->ops->models->get(t->s, STR_LIT("acme"), STR_LIT("toko"), &t->arena,
                                     &m, &t->err),
              &t->err);
    assert_true(str_is(m.key, "later") && m.stamp == 7 && str_is(m.owner, "host/1/1"));
}

static enum aisle_status put_labels(struct store_test *t, const char *key, int64_t stamp,
                                    int64_t seen)
{
    struct trained_model m = a_model("acme", "toko", key, stamp);

    m.labels = seen;
    return t->s->ops->models->put(t->s, &m, &t->err);
}

static void one_that_knows_the_sets_better_goes_before_later_decisions(void **state)
{
    struct store_test *t = *state;
    struct trained_model m;

    assert_ok(put_labels(t, "first", 9, 1), &t->err);
    assert_ok(put_labels(t, "sets", 8, 2), &t->err);
    assert_status(put_labels(t, "late", 20, 1), AISLE_CONFLICT, NULL);
    assert_status(put_labels(t, "late", 7, 2), AISLE_CONFLICT, NULL);
    assert_ok(t->s->ops->models->get(t->s, STR_LIT("acme"), STR_LIT("toko"), &t->arena,
                                     &m, &t->err),
              &t->err);
    assert_true(str_is(m.key, "sets") && m.stamp == 8 && m.labels == 2 &&
                m.labelled == 150);
}

static void one_that_is_dropped_is_gone_and_any_may_follow(void **state)
{
    struct store_test *t = *state;
    struct trained_model m;

    assert_ok(put(t, "acme", "toko", "first", 5), &t->err);
    for (int i = 0; i < 2; i++)
        assert_ok(
            t->s->ops->models->drop(t->s, STR_LIT("acme"), STR_LIT("toko"), &t->err),
            &t->err);
    assert_status(t->s->ops->models->get(t->s, STR_LIT("acme"), STR_LIT("toko"),
                                         &t->arena, &m, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(put(t, "acme", "toko", "lower", 1), &t->err);
}

static const struct contract_case cases[] = {
    CASE(a_seller_has_one_model_a_target),
    CASE(a_later_one_replaces_it_and_an_earlier_one_does_not),
    CASE(one_that_knows_the_sets_better_goes_before_later_decisions),
    CASE(one_that_is_dropped_is_gone_and_any_may_follow),
};
const struct contract_table contract_models = CONTRACT_TABLE(cases);
