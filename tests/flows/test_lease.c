/* A lease that is renewed while its holder waits for something else. */
#include "world.h"

#include "flows/keeper.h"
#include "flows/session.h"

#include <stdio.h>
#include <string.h>

enum { LEASE_S = 3, PATIENCE = 6000 };

static void take(struct world *w, struct lease *lease, struct keeper *k)
{
    struct aisle_err err = {0};

    assert_int_equal(lease_take(&w->app, lease, "sync", STR_LIT("toko"), LEASE_S, &err),
                     AISLE_OK);
    assert_int_equal(keeper_begin(k, &w->app, lease, LEASE_S, &err), AISLE_OK);
}

/* In how many seconds it is over; 0: it was, and is another's now. */
static int over_in_s(struct world *w)
{
    int64_t now = clock_now_s(w->app.clock);
    const struct lease_claim claim = {.name = STR_LIT("sync/toko"),
                                      .owner = STR_LIT("elsewhere/1/1/0"),
                                      .now = now,
                                      .until = now + LEASE_S};
    struct aisle_err err = {0};

    w->app.store->ops->leases->claim(w->app.store, &claim, NULL, NULL, &err);
    return err.retry_after_s;
}

static void a_kept_lease_is_renewed_while_its_holder_waits(void **state)
{
    struct world *w = *state;
    struct lease lease;
    struct keeper k;
    int left = 0;

    take(w, &lease, &k);
    assert_int_equal(over_in_s(w), LEASE_S + 1);
    clock_sleep_ms(w->app.clock, (LEASE_S - 1) * 1000);
    for (int i = 0; i < PATIENCE && left <= LEASE_S; i++) {
        left = over_in_s(w);
        clock_sleep_ms(clock_system(), 10);
    }
    assert_int_equal(left, LEASE_S + 1);
    assert_int_equal(keeper_check(&k, NULL), AISLE_OK);
    keeper_end(&k);
    assert_true(lease.held);
    lease_give_back(&w->app, &lease);
    assert_int_equal(over_in_s(w), 0);
}

static void whoever_lost_a_kept_lease_is_told(void **state)
{
    struct world *w = *state;
    struct lease lease;
    struct keeper k;
    struct aisle_err err = {0};

    take(w, &lease, &k);
    assert_int_equal(w->app.store->ops->leases->release(w->app.store, str_of(lease.name),
                                                        str_of(lease.owner), NULL),
                     AISLE_OK);
    assert_int_equal(over_in_s(w), 0); /* another has it */
    for (int i = 0; i < PATIENCE && keeper_check(&k, &err) == AISLE_OK; i++)
        clock_sleep_ms(clock_system(), 10);
    assert_int_equal(err.status, AISLE_CONFLICT);
    assert_string_equal(err.text, "sync/toko was taken over by another");
    keeper_end(&k);
    assert_false(lease.held);
}

/* ---- of a token ---- */

static struct world *world_of(const struct channel_session *s)
{
    return (struct world *)((char *)s->ops - offsetof(struct world, market));
}

/* As long as a host that never answers is asked; then somebody else would refresh. */
static enum aisle_status refresh_slowly(struct channel_session *s, struct arena *arena,
                                        struct shop_keys *out, struct channel_meta *meta,
                                        struct aisle_err *err)
{
    struct world *w = world_of(s);
    struct lease other = {0};

    (void)arena, (void)meta;
    clock_sleep_ms(s->clock, 2 * w->app.net.timeout_ms + 1500);
    assert_int_equal(lease_take(&w->app, &other, "keys", STR_LIT("toko"), LEASE_S, NULL),
                     AISLE_CONFLICT);
    *out = s->keys;
    out->access_expires_at = clock_now_s(s->clock) + 86400;
    (void)err;
    return AISLE_OK;
}

static enum aisle_status nothing(void *ctx, struct channel_session *to,
                                 struct channel_meta *meta, struct aisle_err *err)
{
    (void)ctx, (void)to, (void)meta, (void)err;
    return AISLE_OK;
}

static void a_refresh_that_hangs_keeps_others_from_it(void **state)
{
    static const int timeouts_ms[] = {1000, 60000, 600000};
    struct world *w = *state;

    w->market.ops.refresh = refresh_slowly;
    for (size_t i = 0; i < sizeof timeouts_ms / sizeof *timeouts_ms; i++) {
        struct session session;

        w->app.net.timeout_ms = timeouts_ms[i];
        assert_int_equal(session_open(&w->app, STR_LIT("toko"), &session, NULL),
                         AISLE_OK);
        session.refresh_at = 1;
        assert_int_equal(session_call(&session, nothing, NULL, NULL, NULL), AISLE_OK);
        session_close(&session);
    }
}

/* The first try's answer was lost; by the second the refresh token was used up. */
static enum aisle_status refresh_used_up(struct channel_session *s, struct arena *arena,
                                         struct shop_keys *out, struct channel_meta *meta,
                                         struct aisle_err *err)
{
    (void)s, (void)arena, (void)out;
    meta->lost = true;
    return aisle_fail(err, AISLE_AUTH, "token refresh: it has expired");
}

static void a_refresh_whose_answer_was_lost_is_told_so(void **state)
{
    struct world *w = *state;
    struct aisle_err err = {0};
    struct session session;

    w->market.ops.refresh = refresh_used_up;
    assert_int_equal(session_open(&w->app, STR_LIT("toko"), &session, NULL), AISLE_OK);
    session.refresh_at = 1;
    assert_int_equal(session_call(&session, nothing, NULL, NULL, &err), AISLE_AUTH);
    assert_non_null(strstr(err.text, "an answer was lost that may have had the new"));
    session_close(&session);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_kept_lease_is_renewed_while_its_holder_waits),
        T(whoever_lost_a_kept_lease_is_told),
        T(a_refresh_that_hangs_keeps_others_from_it),
        T(a_refresh_whose_answer_was_lost_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
