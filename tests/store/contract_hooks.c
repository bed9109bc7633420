/* The inbox. */
#include "contract.h"

static const struct store_hooks *hooks(const struct store_test *t)
{
    return t->s->ops->hooks;
}

static struct hook a_hook(const char *id, int64_t at)
{
    return (struct hook){.seller_id = STR_LIT("acme"),
                         .shop_id = STR_LIT("toko-a"),
                         .id = str_of(id),
                         .body = STR_LIT("{\"type\": 5}"),
                         .received_at = at};
}

static bool put(struct store_test *t, struct hook hook)
{
    bool added = false;

    assert_ok(hooks(t)->put(t->s, &hook, &added, &t->err), &t->err);
    return added;
}

static enum aisle_status see_hook(void *ctx, const struct hook *h, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s/%.*s %.*s %s %lld %lld%s%.*s\n", STR_ARG(h->seller_id),
             STR_ARG(h->shop_id), STR_ARG(h->id), hook_state_name(h->state),
             (long long)h->received_at, (long long)h->settled_at, h->text.n ? " " : "",
             STR_ARG(h->text));
    return AISLE_OK;
}

static void see(struct store_test *t, struct hook_filter filter)
{
    assert_ok(hooks(t)->each(t->s, &filter, see_hook, t, &t->err), &t->err);
}

static void the_same_notification_is_kept_once_and_as_it_came(void **state)
{
    struct store_test *t = *state;
    struct hook again = a_hook("n1", 200), got;

    again.body = STR_LIT("{\"type\": 18}");
    assert_true(put(t, a_hook("n1", 100)));
    assert_false(put(t, again));
    assert_ok(hooks(t)->get(t->s, again.seller_id, again.shop_id, again.id, &t->arena,
                            &got, &t->err),
              &t->err);
    assert_str(got.body, "{\"type\": 5}");
    assert_int_equal(got.received_at, 100);
}

static void they_come_in_their_order_and_by_state(void **state)
{
    struct store_test *t = *state;
    struct hook done = a_hook("n2", 100), other = a_hook("n9", 50);

    other.shop_id = STR_LIT("toko-b");
    put(t, a_hook("n3", 300));
    put(t, done);
    put(t, a_hook("n1", 100));
    put(t, other);
    done.state = HOOK_APPLIED;
    done.text = STR_LIT("one decision");
    done.settled_at = 400;
    assert_ok(hooks(t)->settle(t->s, &done, &t->err), &t->err);
    see(t, (struct hook_filter){0});
    assert_seen(t, "acme/toko-b n9 waiting 50 0\n"
                   "acme/toko-a n1 waiting 100 0\n"
                   "acme/toko-a n2 applied 100 400 one decision\n"
                   "acme/toko-a n3 waiting 300 0\n");
    see(t, (struct hook_filter){.shop_id = STR_LIT("toko-a"),
                                .states = 1u << HOOK_WAITING | 1u << HOOK_FAILED});
    assert_seen(t, "acme/toko-a n1 waiting 100 0\n"
                   "acme/toko-a n3 waiting 300 0\n");
    see(t, (struct hook_filter){.newest_first = true, .limit = 1});
    assert_seen(t, "acme/toko-a n3 waiting 300 0\n");
    see(t, (struct hook_filter){.after_at = 100,
                                .after_id = STR_LIT("n1"),
                                .after_shop = STR_LIT("toko-a")});
    assert_seen(t, "acme/toko-a n2 applied 100 400 one decision\n"
                   "acme/toko-a n3 waiting 300 0\n");
    see(t, (struct hook_filter){.newest_first = true,
                                .after_at = 100,
                                .after_id = STR_LIT("n2"),
                                .after_shop = STR_LIT("toko-a")});
    assert_seen(t, "acme/toko-a n1 waiting 100 0\n"
                   "acme/toko-b n9 waiting 50 0\n");
}

static void another_sellers_are_not_seen(void **state)
{
    struct store_test *t = *state;
    struct hook got;

    put(t, a_hook("n1", 100));
    see(t, (struct hook_filter){.seller_id = STR_LIT("zeta")});
    assert_seen(t, "");
    hooks(t)->get(t->s, STR_LIT("zeta"), STR_LIT("toko-a"), STR_LIT("n1"), &t->arena,
                  &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no notification n1");
}

static void what_is_not_there_cannot_be_settled(void **state)
{
    struct store_test *t = *state;
    struct hook hook = a_hook("n1", 100);

    hooks(t)->settle(t->s, &hook, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no notification n1");
}

static const struct contract_case cases[] = {
    CASE(the_same_notification_is_kept_once_and_as_it_came),
    CASE(they_come_in_their_order_and_by_state),
    CASE(another_sellers_are_not_seen),
    CASE(what_is_not_there_cannot_be_settled),
};
const struct contract_table contract_hooks = CONTRACT_TABLE(cases);
