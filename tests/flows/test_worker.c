/* What becomes of a task whose attempt failed. */
#include "check.h"

#include "flows/worker.h"

static const struct {
    enum aisle_status status;
    int64_t attempts;
    int retry_after_s;
    enum task_state state;
    int64_t wait_s; /* of one that waits */
    bool outage, unused;
} rows[] = {
    {AISLE_OK, 1, 0, TASK_DONE, 0, false, false},
    {AISLE_OK, 5, 0, TASK_DONE, 0, false, false},
    {AISLE_BUSY, 1, 0, TASK_WAITING, 5, false, false},
    {AISLE_BUSY, 2, 0, TASK_WAITING, 15, false, false},
    {AISLE_BUSY, 4, 0, TASK_WAITING, 135, false, false},
    {AISLE_BUSY, 1, 90, TASK_WAITING, 90, false, false},
    {AISLE_IO, 3, 0, TASK_WAITING, 45, false, false},
    {AISLE_CONFLICT, 1, 0, TASK_WAITING, 5, false, false},
    {AISLE_CONFLICT, 5, 0, TASK_DEAD, 0, false, false},
    {AISLE_CONFLICT, 5, 90, TASK_WAITING, 15, false, true}, /* another has the lease */
    {AISLE_CONFLICT, 5, 4, TASK_WAITING, 4, false, true},
    {AISLE_BUSY, 5, 0, TASK_DEAD, 0, false, false},
    {AISLE_IO, 5, 0, TASK_WAITING, 5, true, true}, /* the disk is full, or the like */
    {AISLE_STOPPED, 5, 0, TASK_WAITING, 0, false, true},
    {AISLE_CONFIG, 1, 0, TASK_DEAD, 0, false, false}, /* a person has to mend it */
    {AISLE_AUTH, 1, 0, TASK_DEAD, 0, false, false},
    {AISLE_INVALID, 1, 0, TASK_DEAD, 0, false, false},
    {AISLE_NOT_FOUND, 1, 0, TASK_DEAD, 0, false, false},
};

static void
a_failure_that_may_mend_is_tried_again_later_and_no_more_than_so_often(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct aisle_err why = {.status = rows[i].status,
                                .retry_after_s = rows[i].retry_after_s,
                                .outage = rows[i].outage};
        struct task_end e = {.at = 1000};

        worker_judge(rows[i].status, &why, rows[i].attempts, 5, &e);
        assert_int_equal(e.state, rows[i].state);
        assert_int_equal(e.unused, rows[i].unused);
        if (e.state == TASK_WAITING)
            assert_int_equal(e.due_at - 1000, rows[i].wait_s);
    }
}

static void no_wait_is_longer_than_ten_minutes(void **state)
{
    struct aisle_err why = {.status = AISLE_BUSY};
    struct task_end e = {.at = 1000};

    (void)state;
    worker_judge(AISLE_BUSY, &why, 40, 100, &e);
    assert_int_equal(e.state, TASK_WAITING);
    assert_int_equal(e.due_at, 1600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_failure_that_may_mend_is_tried_again_later_and_no_more_than_so_often),
        cmocka_unit_test(no_wait_is_longer_than_ten_minutes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
