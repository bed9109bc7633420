/* Work that waits: whose turn it is, who has it, when it is given up. Workers, limits. */
#include "contract.h"

#include <stdio.h>

static const struct store_tasks *tasks(const struct store_test *t)
{
    return t->s->ops->tasks;
}

static struct task a_task(const char *shop, const char *id)
{
    return (struct task){.seller_id = STR_LIT("acme"),
                         .shop_id = str_of(shop),
                         .id = str_of(id),
                         .kind = TASK_MAP,
                         .target_id = STR_LIT(TARGET),
                         .parameters = STR_LIT("{}"),
                         .most_attempts = 2,
                         .due_at = 100,
                         .created_at = 90};
}

static size_t put(struct store_test *t, struct task task)
{
    size_t added = 0;

    assert_ok(tasks(t)->put(t->s, &task, 1, &added, &t->err), &t->err);
    return added;
}

/* Takes at a time, in seconds; the lease is 30 of them. What was taken, as a line. */
static struct task take_passed_over(struct store_test *t, int64_t now, const char *owner,
                                    int64_t passed_over_s)
{
    struct task_wish wish = {str_of(owner), now, now * 1000, now + 30, 1, passed_over_s};
    struct task got = {0};
    size_t count = 0;

    assert_ok(tasks(t)->take(t->s, &wish, &t->arena, &got, &count, &t->err), &t->err);
    if (count)
        buf_addf(&t->seen, "%.*s/%.*s by %.*s, attempt %lld\n", STR_ARG(got.shop_id),
                 STR_ARG(got.id), STR_ARG(got.owner), (long long)got.attempts);
    else
        buf_addz(&t->seen, "nothing\n");
    return got;
}

static struct task take(struct store_test *t, int64_t now, const char *owner)
{
    return take_passed_over(t, now, owner, 0);
}

static struct task_hold hold_of(const struct task *task)
{
    return (struct task_hold){task->seller_id, task->shop_id, task->id, task->fence};
}

static void end(struct store_test *t, const struct task *task, enum task_state state,
                const char *text, int64_t due_at)
{
    struct task_end e = {hold_of(task), state, str_of(text), due_at, false, 500};

    assert_ok(tasks(t)->end(t->s, &e, &t->err), &t->err);
}

static enum aisle_status see_task(void *ctx, const struct task *task,
                                  struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s/%.*s %s %s%s %lld%s%.*s\n", STR_ARG(task->shop_id),
             STR_ARG(task->id), task_kind_name(task->kind), task_state_name(task->state),
             task->urgent ? " urgent" : "", (long long)task->attempts,
             task->text.n ? " " : "", STR_ARG(task->text));
    return AISLE_OK;
}

static void see(struct store_test *t, struct task_filter filter)
{
    assert_ok(tasks(t)->each(t->s, &filter, see_task, t, &t->err), &t->err);
}

static void a_task_comes_back_whole(void **state)
{
    struct store_test *t = *state;
    struct task task = a_task("toko-a", "m-1"), got;

    task.kind = TASK_SYNC;
    task.urgent = true;
    assert_int_equal(put(t, task), 1);
    assert_ok(tasks(t)->get(t->s, task.seller_id, task.shop_id, task.id, &t->arena, &got,
                            &t->err),
              &t->err);
    assert_int_equal(got.kind, TASK_SYNC);
    assert_str(got.target_id, TARGET);
    assert_str(got.parameters, "{}");
    assert_true(got.urgent);
    assert_int_equal(got.state, TASK_WAITING);
    assert_int_equal(got.most_attempts, 2);
    assert_int_equal(got.due_at, 100);
    assert_int_equal(got.created_at, 90);
    tasks(t)->get(t->s, STR_LIT("zeta"), task.shop_id, task.id, &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no task m-1");
}

static void shops_take_turns_however_much_waits_in_each(void **state)
{
    struct store_test *t = *state;
    char id[16];

    for (int i = 1; i <= 4; i++) {
        snprintf(id, sizeof id, "a%d", i);
        put(t, a_task("toko-a", id));
    }
    put(t, a_task("toko-b", "b1"));
    put(t, a_task("toko-c", "c1"));
    put(t, a_task("toko-c", "c2"));
    for (int64_t now = 100; now < 108; now++)
        take(t, now, "w");
    assert_seen(t, "toko-a/a1 by w, attempt 1\ntoko-b/b1 by w, attempt 1\n"
                   "toko-c/c1 by w, attempt 1\ntoko-a/a2 by w, attempt 1\n"
                   "toko-c/c2 by w, attempt 1\ntoko-a/a3 by w, attempt 1\n"
                   "toko-a/a4 by w, attempt 1\nnothing\n");
}

static void what_a_person_waits_for_goes_first(void **state)
{
    struct store_test *t = *state;
    struct task urgent = a_task("toko-b", "now"), sooner = a_task("toko-a", "a2");

    put(t, a_task("toko-a", "a1"));
    put(t, sooner);
    take(t, 100, "w");
    urgent.urgent = true;
    put(t, urgent);
    take(t, 101, "w");
    sooner.urgent = true; /* somebody asks for what waits already */
    assert_int_equal(put(t, sooner), 1);
    put(t, a_task("toko-b", "b1"));
    take(t, 102, "w");
    assert_seen(t, "toko-a/a1 by w, attempt 1\ntoko-b/now by w, attempt 1\n"
                   "toko-a/a2 by w, attempt 1\n");
}

static void what_becomes_urgent_stays_what_it_is(void **state)
{
    struct store_test *t = *state;
    struct task task = a_task("toko-a", "a1"), got;

    task.parameters = STR_LIT("{\"draft\":true}");
    put(t, task);
    task.parameters = STR_LIT("{\"draft\":false}");
    assert_int_equal(put(t, task), 0);
    task.urgent = true;
    assert_int_equal(put(t, task), 1);
    got = take(t, 100, "w");
    assert_true(got.urgent);
    assert_str(got.parameters, "{\"draft\":true}");
    end(t, &got, TASK_DONE, "", 0);
    assert_int_equal(put(t, task), 1);
    assert_str(take(t, 101, "w").parameters, "{\"draft\":false}");
    assert_seen(t, "toko-a/a1 by w, attempt 1\ntoko-a/a1 by w, attempt 1\n");
}

static void a_task_is_not_due_before_its_time(void **state)
{
    struct store_test *t = *state;

    put(t, a_task("toko-a", "a1"));
    take(t, 99, "w");
    take(t, 100, "w");
    assert_seen(t, "nothing\ntoko-a/a1 by w, attempt 1\n");
}

static void one_that_is_open_is_not_added_again_but_one_that_ended_is(void **state)
{
    struct store_test *t = *state;
    struct task got;

    assert_int_equal(put(t, a_task("toko-a", "sync")), 1);
    assert_int_equal(put(t, a_task("toko-a", "sync")), 0);
    got = take(t, 100, "w");
    assert_int_equal(put(t, a_task("toko-a", "sync")), 0);
    end(t, &got, TASK_DONE, "unchanged", 0);
    see(t, (struct task_filter){0});
    assert_int_equal(put(t, a_task("toko-a", "sync")), 1);
    see(t, (struct task_filter){0});
    take(t, 100, "w");
    assert_seen(t, "toko-a/sync by w, attempt 1\ntoko-a/sync map done 1 unchanged\n"
                   "toko-a/sync map waiting 0\ntoko-a/sync by w, attempt 1\n");
}

static void
a_lease_that_is_over_frees_the_task_and_its_late_worker_is_refused(void **state)
{
    struct store_test *t = *state;
    struct task first, second;
    struct task_hold hold;
    struct task_end e = {.state = TASK_DONE};

    put(t, a_task("toko-a", "a1"));
    first = take(t, 100, "w1");
    take(t, 129, "w2");
    second = take(t, 130, "w2");
    assert_seen(t, "toko-a/a1 by w1, attempt 1\nnothing\ntoko-a/a1 by w2, attempt 2\n");
    hold = hold_of(&first);
    tasks(t)->renew(t->s, &hold, 200, &t->err);
    assert_failure(t, AISLE_CONFLICT, "task a1 is somebody else's by now");
    e.hold = hold;
    tasks(t)->end(t->s, &e, &t->err);
    assert_failure(t, AISLE_CONFLICT, "task a1 is somebody else's by now");
    end(t, &second, TASK_DONE, "", 0);
    hold = hold_of(&second);
    tasks(t)->renew(t->s, &hold, 200, &t->err);
    assert_failure(t, AISLE_CONFLICT, "task a1 is somebody else's by now");
}

static void a_renewed_lease_is_not_over(void **state)
{
    struct store_test *t = *state;
    struct task got;
    struct task_hold hold;

    put(t, a_task("toko-a", "a1"));
    got = take(t, 100, "w1");
    hold = hold_of(&got);
    assert_ok(tasks(t)->renew(t->s, &hold, 160, &t->err), &t->err);
    take(t, 140, "w2");
    take(t, 160, "w2");
    assert_seen(t, "toko-a/a1 by w1, attempt 1\nnothing\ntoko-a/a1 by w2, attempt 2\n");
}

/* 5000 is ahead of all that anybody waits for or has, at 120. */
static void what_was_put_off_by_a_clock_that_was_ahead_is_due(void **state)
{
    struct store_test *t = *state;
    struct task urgent = a_task("toko-a", "u1"), put_off = a_task("toko-b", "b1"), lost;
    struct task_hold hold;
    size_t count = 9;

    put(t, a_task("toko-a", "a1"));
    lost = take(t, 100, "w1");
    hold = hold_of(&lost);
    assert_ok(tasks(t)->renew(t->s, &hold, 900000, &t->err), &t->err);
    urgent.urgent = true;
    urgent.due_at = put_off.due_at = 900000;
    put(t, urgent);
    put(t, put_off);
    put(t, a_task("toko-a", "a2"));
    lost = take(t, 101, "w1");
    end(t, &lost, TASK_DONE, "done", 0);
    take(t, 120, "w2");
    assert_ok(tasks(t)->pull_in(t->s, 900000, 120, &count, &t->err), &t->err);
    assert_int_equal(count, 0);
    take(t, 120, "w2");
    assert_seen(t, "toko-a/a1 by w1, attempt 1\ntoko-a/a2 by w1, attempt 1\n"
                   "nothing\nnothing\n");
    assert_ok(tasks(t)->pull_in(t->s, 5000, 120, &count, &t->err), &t->err);
    assert_int_equal(count, 3);
    for (int i = 0; i < 4; i++)
        take(t, 120, "w2");
    assert_seen(t, "toko-a/u1 by w2, attempt 1\ntoko-a/a1 by w2, attempt 2\n"
                   "toko-b/b1 by w2, attempt 1\nnothing\n");
}

static void a_step_is_refused_to_a_worker_who_lost_the_task(void **state)
{
    struct store_test *t = *state;
    struct task first, second;
    struct task_hold hold;
    struct run run = a_run("r-1"), got;
    struct run_step step = {.run = &run, .hold = &hold};

    put(t, a_task("toko-a", "a1"));
    first = take(t, 100, "w1");
    hold = hold_of(&first);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    second = take(t, 130, "w2");
    run.owner = STR_LIT("w2");
    run.counts.done = 7;
    hold = hold_of(&second);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    run.owner = STR_LIT("w1");
    run.counts.done = 3;
    hold = hold_of(&first);
    t->s->ops->work->put_step(t->s, &step, &t->err);
    assert_failure(t, AISLE_CONFLICT, "task a1 is somebody else's by now");
    assert_ok(t->s->ops->work->get_run(t->s, run.id, &t->arena, &got, &t->err), &t->err);
    assert_int_equal(got.counts.done, 7);
    assert_seen(t, "toko-a/a1 by w1, attempt 1\ntoko-a/a1 by w2, attempt 2\n");
}

static void a_failed_task_waits_and_is_tried_again(void **state)
{
    struct store_test *t = *state;
    struct task got;

    put(t, a_task("toko-a", "a1"));
    got = take(t, 100, "w");
    end(t, &got, TASK_WAITING, "no answer", 110);
    take(t, 109, "w");
    see(t, (struct task_filter){0});
    take(t, 110, "w");
    assert_seen(t, "toko-a/a1 by w, attempt 1\nnothing\n"
                   "toko-a/a1 map waiting 1 no answer\ntoko-a/a1 by w, attempt 2\n");
}

static void one_given_back_counts_no_attempt(void **state)
{
    struct store_test *t = *state;
    struct task got;
    struct task_end e = {.state = TASK_WAITING, .due_at = 101, .unused = true, .at = 101};

    put(t, a_task("toko-a", "a1"));
    got = take(t, 100, "w1");
    e.hold = hold_of(&got);
    assert_ok(tasks(t)->end(t->s, &e, &t->err), &t->err);
    take(t, 101, "w2");
    assert_seen(t, "toko-a/a1 by w1, attempt 1\ntoko-a/a1 by w2, attempt 1\n");
}

static void see_begun(struct store_test *t, const struct task *task)
{
    buf_addf(&t->seen, "taken at %lld, begun at %lld\n", (long long)task->started_at,
             (long long)task->begun_at);
}

static void a_task_is_begun_when_it_is_first_taken(void **state)
{
    struct store_test *t = *state;
    struct task got;

    put(t, a_task("toko-a", "a1"));
    got = take(t, 100, "w");
    see_begun(t, &got);
    end(t, &got, TASK_WAITING, "gives way", 110);
    got = take(t, 110, "w");
    see_begun(t, &got);
    end(t, &got, TASK_DEAD, "no good", TASK_NEVER);
    assert_ok(tasks(t)->revive(t->s, STR_LIT("acme"), STR_LIT("toko-a"), STR_LIT("a1"),
                               120, &t->err),
              &t->err);
    got = take(t, 121, "w"); /* a person wants it anew */
    see_begun(t, &got);
    end(t, &got, TASK_DONE, "", TASK_NEVER);
    put(t, a_task("toko-a", "a1"));
    got = take(t, 130, "w");
    see_begun(t, &got);
    assert_seen(t, "toko-a/a1 by w, attempt 1\ntaken at 100, begun at 100\n"
                   "toko-a/a1 by w, attempt 2\ntaken at 110, begun at 100\n"
                   "toko-a/a1 by w, attempt 1\ntaken at 121, begun at 121\n"
                   "toko-a/a1 by w, attempt 1\ntaken at 130, begun at 130\n");
}

static void whose_worker_is_lost_again_and_again_is_given_up(void **state)
{
    struct store_test *t = *state;

    put(t, a_task("toko-a", "a1"));
    take(t, 100, "w1");
    take(t, 130, "w2");
    take(t, 160, "w3");
    see(t, (struct task_filter){.states = 1u << TASK_DEAD});
    tasks(t)->revive(t->s, STR_LIT("acme"), STR_LIT("toko-a"), STR_LIT("a2"), 170,
                     &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "no task a2 was given up");
    assert_ok(tasks(t)->revive(t->s, STR_LIT("acme"), STR_LIT("toko-a"), STR_LIT("a1"),
                               170, &t->err),
              &t->err);
    take(t, 170, "w3");
    assert_seen(t, "toko-a/a1 by w1, attempt 1\ntoko-a/a1 by w2, attempt 2\nnothing\n"
                   "toko-a/a1 map dead 2 given up: its worker was lost 2 times\n"
                   "toko-a/a1 by w3, attempt 1\n");
}

static void what_a_lost_worker_had_goes_before_the_rest(void **state)
{
    struct store_test *t = *state;
    struct task urgent = a_task("toko-b", "now");

    put(t, a_task("toko-a", "a1"));
    put(t, a_task("toko-b", "b1"));
    take(t, 100, "lost");
    take(t, 101, "w");
    put(t, a_task("toko-a", "a0")); /* of the same shop, and due for longer */
    put(t, a_task("toko-c", "c1")); /* of one that was never served */
    urgent.urgent = true;
    put(t, urgent);
    for (int i = 0; i < 4; i++)
        take(t, 130, "w");
    assert_seen(t, "toko-a/a1 by lost, attempt 1\ntoko-b/b1 by w, attempt 1\n"
                   "toko-b/now by w, attempt 1\ntoko-a/a1 by w, attempt 2\n"
                   "toko-c/c1 by w, attempt 1\ntoko-a/a0 by w, attempt 1\n");
}

static void only_what_goes_before_the_rest_is_taken_when_asked_so(void **state)
{
    struct store_test *t = *state;
    struct task urgent = a_task("toko-b", "now");

    put(t, a_task("toko-a", "a1"));
    put(t, a_task("toko-a", "a2"));
    take_passed_over(t, 100, "full", 1);
    take(t, 100, "lost");
    take_passed_over(t, 130, "full", 1); /* for a second others may */
    urgent.urgent = true;
    urgent.due_at = 131;
    put(t, urgent);
    for (int i = 0; i < 2; i++)
        take_passed_over(t, 131, "full", 1);
    for (int i = 0; i < 2; i++)
        take_passed_over(t, 132, "full", 1);
    assert_seen(t, "nothing\ntoko-a/a1 by lost, attempt 1\nnothing\n"
                   "toko-a/a1 by full, attempt 2\nnothing\n"
                   "toko-b/now by full, attempt 1\nnothing\n");
}

/* Nine shops whose leases were renewed, and one that waits. */
static void leases_that_were_renewed_hide_nothing(void **state)
{
    struct store_test *t = *state;
    struct task got;
    char shop[16];

    for (int i = 1; i <= 9; i++) {
        snprintf(shop, sizeof shop, "toko-%d", i);
        put(t, a_task(shop, "a"));
    }
    for (int i = 1; i <= 9; i++) {
        got = take(t, 100, "w");
        struct task_hold hold = hold_of(&got);

        assert_ok(tasks(t)->renew(t->s, &hold, 200, &t->err), &t->err);
    }
    buf_reset(&t->seen);
    put(t, a_task("toko-x", "x"));
    take(t, 140, "w2");
    assert_seen(t, "toko-x/x by w2, attempt 1\n");
}

static void one_given_back_waits_for_its_turn_as_it_was(void **state)
{
    struct store_test *t = *state;
    struct task got;

    put(t, a_task("toko-a", "a1"));
    put(t, a_task("toko-b", "b1"));
    got = take(t, 100, "w");
    struct task_end e = {hold_of(&got), TASK_WAITING, STR_LIT(""), 100, true, 100};

    assert_ok(tasks(t)->end(t->s, &e, &t->err), &t->err);
    take_passed_over(t, 102, "full", 1);
    take(t, 102, "w");
    assert_seen(t, "toko-a/a1 by w, attempt 1\nnothing\ntoko-b/b1 by w, attempt 1\n");
}

static void several_of_a_lane_are_taken_at_once(void **state)
{
    struct store_test *t = *state;
    struct task got[4];
    struct task_wish wish = {STR_LIT("w"), 100, 100000, 130, 4, 0};
    size_t count = 0;

    put(t, a_task("toko-a", "a1"));
    put(t, a_task("toko-a", "a2"));
    put(t, a_task("toko-b", "b1"));
    assert_ok(tasks(t)->take(t->s, &wish, &t->arena, got, &count, &t->err), &t->err);
    assert_int_equal(count, 2);
    assert_str(got[1].id, "a2");
}

static void one_dropped_is_lost_to_its_worker(void **state)
{
    struct store_test *t = *state;
    struct task got;
    struct task_hold hold;

    put(t, a_task("toko-a", "a1"));
    got = take(t, 100, "w");
    hold = hold_of(&got);
    assert_ok(tasks(t)->drop(t->s, got.seller_id, got.shop_id, got.id, &t->err), &t->err);
    tasks(t)->renew(t->s, &hold, 200, &t->err);
    assert_failure(t, AISLE_CONFLICT, "task a1 is somebody else's by now");
    tasks(t)->drop(t->s, got.seller_id, got.shop_id, got.id, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no task a1");
    assert_seen(t, "toko-a/a1 by w, attempt 1\n");
}

static enum aisle_status see_lane(void *ctx, const struct lane *l, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen,
             "%.*s/%.*s %lld waiting, %lld urgent, %lld taken, %lld done, %lld dead, "
             "since %lld\n",
             STR_ARG(l->seller_id), STR_ARG(l->shop_id), (long long)l->waiting,
             (long long)l->urgent, (long long)l->taken, (long long)l->done,
             (long long)l->dead, (long long)l->oldest_at);
    return AISLE_OK;
}

static void lanes_are_counted_and_what_is_done_is_swept(void **state)
{
    struct store_test *t = *state;
    struct task got, urgent = a_task("toko-a", "a3");

    put(t, a_task("toko-a", "a1"));
    put(t, a_task("toko-a", "a2"));
    urgent.urgent = true;
    put(t, urgent);
    put(t, a_task("toko-b", "b1"));
    got = take(t, 100, "w");
    end(t, &got, TASK_DONE, "", 0);
    got = take(t, 101, "w");
    end(t, &got, TASK_DEAD, "no", 0);
    take(t, 102, "w");
    assert_seen(t, "toko-a/a3 by w, attempt 1\ntoko-b/b1 by w, attempt 1\n"
                   "toko-a/a1 by w, attempt 1\n");
    assert_ok(tasks(t)->each_lane(t->s, see_lane, t, &t->err), &t->err);
    assert_seen(t, "acme/toko-a 1 waiting, 0 urgent, 1 taken, 1 done, 0 dead, since 90\n"
                   "acme/toko-b 0 waiting, 0 urgent, 0 taken, 0 done, 1 dead, since 0\n");
    assert_ok(tasks(t)->sweep(t->s, 500, &t->err), &t->err);
    see(t, (struct task_filter){.states = 1u << TASK_DONE});
    assert_seen(t, "toko-a/a3 map done urgent 1\n");
    assert_ok(tasks(t)->sweep(t->s, 501, &t->err), &t->err);
    see(t, (struct task_filter){0});
    assert_seen(t, "toko-a/a1 map taken 1\ntoko-a/a2 map waiting 0\n"
                   "toko-b/b1 map dead 1 no\n");
}

static void tasks_are_listed_piece_by_piece(void **state)
{
    struct store_test *t = *state;
    struct task other = a_task("toko-a", "z9");

    other.kind = TASK_SYNC;
    put(t, a_task("toko-b", "b1"));
    put(t, a_task("toko-a", "a1"));
    put(t, a_task("toko-a", "a2"));
    put(t, other);
    see(t, (struct task_filter){.limit = 2});
    assert_seen(t, "toko-a/a1 map waiting 0\ntoko-a/a2 map waiting 0\n");
    see(t, (struct task_filter){.after_seller = STR_LIT("acme"),
                                .after_shop = STR_LIT("toko-a"),
                                .after_id = STR_LIT("a2")});
    assert_seen(t, "toko-a/z9 sync waiting 0\ntoko-b/b1 map waiting 0\n");
    see(t, (struct task_filter){.shop_id = STR_LIT("toko-a"), .kinds = 1u << TASK_SYNC});
    assert_seen(t, "toko-a/z9 sync waiting 0\n");
    see(t, (struct task_filter){.seller_id = STR_LIT("zeta")});
    assert_seen(t, "");
}

static enum aisle_status see_worker(void *ctx, const struct worker_report *w,
                                    struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen,
             "%.*s %lld/%lld at %lld: %lld done, %lld failed, %lld lost; %.*s; %.*s\n",
             STR_ARG(w->id), (long long)w->busy, (long long)w->slots,
             (long long)w->seen_at, (long long)w->done, (long long)w->failed,
             (long long)w->lost, STR_ARG(w->doing), STR_ARG(w->last_error));
    return AISLE_OK;
}

static void workers_say_how_they_are_until_they_are_gone(void **state)
{
    struct store_test *t = *state;
    struct worker_report w = {.id = STR_LIT("h/1/1"),
                              .started_at = 5,
                              .seen_at = 10,
                              .slots = 2,
                              .busy = 1,
                              .done = 3,
                              .failed = 4,
                              .lost = 5,
                              .doing = STR_LIT("map of toko"),
                              .last_error = STR_LIT("x")};

    assert_ok(tasks(t)->put_worker(t->s, &w, 0, &t->err), &t->err);
    w.id = STR_LIT("h/2/1");
    w.seen_at = 40;
    w.busy = 0;
    assert_ok(tasks(t)->put_worker(t->s, &w, 10, &t->err), &t->err);
    assert_ok(tasks(t)->each_worker(t->s, see_worker, t, &t->err), &t->err);
    assert_seen(t, "h/1/1 1/2 at 10: 3 done, 4 failed, 5 lost; map of toko; x\n"
                   "h/2/1 0/2 at 40: 3 done, 4 failed, 5 lost; map of toko; x\n");
    assert_ok(tasks(t)->put_worker(t->s, &w, 11, &t->err), &t->err);
    assert_ok(tasks(t)->drop_worker(t->s, STR_LIT("none"), &t->err), &t->err);
    assert_ok(tasks(t)->each_worker(t->s, see_worker, t, &t->err), &t->err);
    assert_seen(t, "h/2/1 0/2 at 40: 3 done, 4 failed, 5 lost; map of toko; x\n");
    assert_ok(tasks(t)->drop_worker(t->s, w.id, &t->err), &t->err);
    assert_ok(tasks(t)->each_worker(t->s, see_worker, t, &t->err), &t->err);
    assert_seen(t, "");
}

static enum aisle_status see_limit(void *ctx, const struct call_limit *l,
                                   struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s v%lld %g\n", STR_ARG(l->key), (long long)l->version,
             l->per_second);
    return AISLE_OK;
}

static void a_limit_is_changed_by_one_at_a_time(void **state)
{
    struct store_test *t = *state;
    struct call_limit limit = {.key = STR_LIT("app/toko"),
                               .per_second = 9.5,
                               .most = 20,
                               .best = 7,
                               .next_ms = 1,
                               .grown_ms = 2,
                               .window_ms = 3,
                               .turns = 4,
                               .answers = 5,
                               .refused = 6,
                               .asking = true,
                               .asked_from = 0.5,
                               .asked_share = 0.25,
                               .put_up_with = 0.125,
                               .put_up_until_ms = 7,
                               .calls = 8,
                               .throttled = 9},
                      got;

    tasks(t)->get_limit(t->s, limit.key, &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "nobody called app/toko yet");
    assert_ok(tasks(t)->put_limit(t->s, &limit, &t->err), &t->err);
    tasks(t)->put_limit(t->s, &limit, &t->err);
    assert_failure(t, AISLE_CONFLICT, "the limit of app/toko was changed meanwhile");
    assert_ok(tasks(t)->get_limit(t->s, limit.key, &t->arena, &got, &t->err), &t->err);
    assert_int_equal(got.version, 1);
    assert_true(got.per_second == 9.5 && got.most == 20 && got.best == 7 &&
                got.asked_from == 0.5 && got.asked_share == 0.25 &&
                got.put_up_with == 0.125 && got.asking);
    assert_true(got.next_ms == 1 && got.grown_ms == 2 && got.window_ms == 3 &&
                got.turns == 4 && got.answers == 5 && got.refused == 6 &&
                got.put_up_until_ms == 7 && got.calls == 8 && got.throttled == 9);
    got.per_second = 4;
    assert_ok(tasks(t)->put_limit(t->s, &got, &t->err), &t->err);
    tasks(t)->put_limit(t->s, &got, &t->err);
    assert_failure(t, AISLE_CONFLICT, "the limit of app/toko was changed meanwhile");
    assert_ok(tasks(t)->each_limit(t->s, see_limit, t, &t->err), &t->err);
    assert_seen(t, "app/toko v2 4\n");
}

static const struct contract_case cases[] = {
    CASE(a_task_comes_back_whole),
    CASE(shops_take_turns_however_much_waits_in_each),
    CASE(what_a_person_waits_for_goes_first),
    CASE(what_becomes_urgent_stays_what_it_is),
    CASE(a_task_is_not_due_before_its_time),
    CASE(one_that_is_open_is_not_added_again_but_one_that_ended_is),
    CASE(a_lease_that_is_over_frees_the_task_and_its_late_worker_is_refused),
    CASE(a_renewed_lease_is_not_over),
    CASE(what_was_put_off_by_a_clock_that_was_ahead_is_due),
    CASE(a_step_is_refused_to_a_worker_who_lost_the_task),
    CASE(a_failed_task_waits_and_is_tried_again),
    CASE(one_given_back_counts_no_attempt),
    CASE(a_task_is_begun_when_it_is_first_taken),
    CASE(whose_worker_is_lost_again_and_again_is_given_up),
    CASE(what_a_lost_worker_had_goes_before_the_rest),
    CASE(only_what_goes_before_the_rest_is_taken_when_asked_so),
    CASE(leases_that_were_renewed_hide_nothing),
    CASE(one_given_back_waits_for_its_turn_as_it_was),
    CASE(several_of_a_lane_are_taken_at_once),
    CASE(one_dropped_is_lost_to_its_worker),
    CASE(lanes_are_counted_and_what_is_done_is_swept),
    CASE(tasks_are_listed_piece_by_piece),
    CASE(workers_say_how_they_are_until_they_are_gone),
    CASE(a_limit_is_changed_by_one_at_a_time),
};
const struct contract_table contract_tasks = CONTRACT_TABLE(cases);
