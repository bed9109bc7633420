/* A lease that is renewed while its holder waits for something else. */
#include "world.h"

#include "flows/keeper.h"
#include "flows/keys.h"
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

/* Whoever refreshes, as somebody else sees it: a clock's sleeper does its work. */
struct refresher {
    struct clock clock;
    struct world *w;
    struct lease lease;
    int64_t began_ms, done_s; /* after so many seconds; 0 never */
};

static int64_t now_ms(void *ctx)
{
    return clock_now_ms(&((struct refresher *)ctx)->w->clock.clock);
}

static void end_refresh(struct refresher *r)
{
    struct session session;
    char fresh[] = "theirs"; /* wiped at the end */

    assert_int_equal(session_open(&r->w->app, STR_LIT("toko"), &session, NULL), AISLE_OK);
    session.to.keys.access_token = str_of(fresh);
    assert_int_equal(keys_store(&r->w->app, &session.shop, &session.to.keys, NULL),
                     AISLE_OK);
    session_close(&session);
    lease_give_back(&r->w->app, &r->lease);
}

static void sleep_and_renew(void *ctx, int64_t ms)
{
    struct refresher *r = ctx;
    struct clock *still = &r->w->clock.clock;

    clock_sleep_ms(still, ms);
    if (!r->lease.held)
        return;
    if (r->done_s && clock_now_ms(still) - r->began_ms >= r->done_s * 1000)
        end_refresh(r);
    else
        assert_int_equal(lease_renew(&r->w->app, &r->lease, LEASE_S, NULL), AISLE_OK);
}

static enum aisle_status with_theirs(void *ctx, struct channel_session *to,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    (void)ctx, (void)meta;
    return str_is(to->keys.access_token, "theirs")
               ? AISLE_OK
               : aisle_fail(err, AISLE_AUTH, "the token is no good");
}

/* A call whose token is no good, while another refreshes and is done after so long. */
static enum aisle_status call_beside(struct world *w, int64_t done_s, int64_t *waited_s,
                                     struct aisle_err *err)
{
    struct refresher r = {.w = w, .done_s = done_s};
    const struct clock *before = w->app.clock;
    struct pace *alone = w->app.pace;
    struct session session;
    enum aisle_status status;

    r.clock = (struct clock){&r, now_ms, now_ms, sleep_and_renew};
    w->app.clock = &r.clock;
    assert_int_equal(
        pace_new(&(struct pace_settings){.clock = &r.clock, .rng = w->app.rng},
                 &w->app.pace, NULL),
        AISLE_OK);
    r.began_ms = now_ms(&r);
    assert_int_equal(
        lease_take(&w->app, &r.lease, "keys", STR_LIT("toko"), LEASE_S, NULL), AISLE_OK);
    assert_int_equal(session_open(&w->app, STR_LIT("toko"), &session, NULL), AISLE_OK);
    status = session_call(&session, with_theirs, NULL, NULL, err);
    *waited_s = (now_ms(&r) - r.began_ms) / 1000;
    session_close(&session);
    lease_give_back(&w->app, &r.lease);
    pace_free(w->app.pace);
    w->app.pace = alone;
    w->app.clock = before;
    return status;
}

static void a_refresh_that_takes_long_is_waited_for(void **state)
{
    struct world *w = *state;
    struct aisle_err err = {0};
    int64_t waited_s;

    assert_int_equal(call_beside(w, 900, &waited_s, &err), AISLE_OK);
    assert_int_equal(waited_s, 900);
    assert_int_equal(w->market.refreshed, 0);
}

/* Six tries, each with two minutes before it and one until it is given up. */
static void a_refresh_that_never_ends_is_given_up(void **state)
{
    struct world *w = *state;
    struct aisle_err err = {0};
    int64_t waited_s;

    assert_int_equal(call_beside(w, 0, &waited_s, &err), AISLE_BUSY);
    assert_int_equal(waited_s, 6 * (120 + 60) + 30);
    assert_non_null(strstr(err.text, "and does not end"));
    assert_int_equal(w->market.refreshed, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_kept_lease_is_renewed_while_its_holder_waits),
        T(whoever_lost_a_kept_lease_is_told),
        T(a_refresh_that_hangs_keeps_others_from_it),
        T(a_refresh_whose_answer_was_lost_is_told_so),
        T(a_refresh_that_takes_long_is_waited_for),
        T(a_refresh_that_never_ends_is_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
