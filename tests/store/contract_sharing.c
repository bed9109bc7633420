/* Which sellers let their approvals inform each other. */
#include "contract.h"

static enum aisle_status see_consent(void *ctx, const struct consent *c,
                                     struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s with %.*s, %.*s at %lld\n", STR_ARG(c->seller_id),
             STR_ARG(c->with_id), STR_ARG(c->who), (long long)c->at);
    return AISLE_OK;
}

static void give(struct store_test *t, const char *seller, const char *with, int64_t at)
{
    struct consent c = {str_of(seller), str_of(with), STR_LIT("ann"), at};

    assert_ok(t->s->ops->sharing->put(t->s, &c, &t->err), &t->err);
}

static void see(struct store_test *t, const char *seller, const char *expected)
{
    assert_ok(t->s->ops->sharing->each(t->s, str_of(seller), see_consent, t, &t->err),
              &t->err);
    assert_seen(t, expected);
}

static void a_consent_is_seen_by_both_it_names_and_by_nobody_else(void **state)
{
    struct store_test *t = *state;

    give(t, "zeta", "acme", 2);
    give(t, "acme", "zeta", 1);
    give(t, "acme", "beta", 3);
    see(t, "acme",
        "acme with beta, ann at 3\nacme with zeta, ann at 1\nzeta with acme, ann at 2\n");
    see(t, "zeta", "acme with zeta, ann at 1\nzeta with acme, ann at 2\n");
    see(t, "nobody", "");
}

static void given_again_or_taken_back_twice_is_fine(void **state)
{
    struct store_test *t = *state;

    give(t, "acme", "zeta", 1);
    give(t, "acme", "zeta", 5);
    see(t, "acme", "acme with zeta, ann at 5\n");
    for (int i = 0; i < 2; i++) {
        assert_ok(
            t->s->ops->sharing->drop(t->s, STR_LIT("acme"), STR_LIT("zeta"), &t->err),
            &t->err);
        see(t, "zeta", "");
    }
}

static const struct contract_case cases[] = {
    CASE(a_consent_is_seen_by_both_it_names_and_by_nobody_else),
    CASE(given_again_or_taken_back_twice_is_fine),
};
const struct contract_table contract_sharing = CONTRACT_TABLE(cases);
