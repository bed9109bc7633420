/* What becomes of a task whose attempt failed. */
#include "check.h"

#include "flows/worker.h"

static const struct {
    enum aisle_status status;
    int64_t attempts, retry_after_s;
    enum task_state state;
    int64_t wait_s; /* of one that waits */
} rows[] = {
    {AISLE_OK, 1, 0, TASK_DONE, 0},
    {AISLE_OK, 5, 0, TASK_DONE, 0},
    {AISLE_BUSY, 1, 0, TASK_WAITING, 5},
    {AISLE_BUSY, 2, 0, TASK_WAITING, 15},
    {AISLE_BUSY, 4, 0, TASK_WAITING, 135},
    {AISLE_BUSY, 1, 90, TASK_WAITING, 90},
    {AISLE_IO, 3, 0, TASK_WAITING, 45},
    {AISLE_CONFLICT, 1, 0, TASK_WAITING, 5},
    {AISLE_BUSY, 5, 0, TASK_DEAD, 0},
    {AISLE_CONFIG, 1, 0, TASK_DEAD, 0}, /* a person has to mend it */
    {AISLE_AUTH, 1, 0, TASK_DEAD, 0},
    {AISLE_INVALID, 1, 0, TASK_DEAD, 0},
    {AISLE_NOT_FOUND, 1, 0, TASK_DEAD, 0},
};

static void
a_failure_that_may_mend_is_tried_again_later_and_no_more_than_so_often(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum task_state got;
        int64_t due_at;

        worker_judge(rows[i].status, rows[i].attempts, 5, rows[i].retry_after_s, 1000,
                     &got, &due_at);
        assert_int_equal(got, rows[i].state);
        if (got == TASK_WAITING)
            assert_int_equal(due_at - 1000, rows[i].wait_s);
    }
}

static void no_wait_is_longer_than_ten_minutes(void **state)
{
    enum task_state got;
    int64_t due_at;

    (void)state;
    worker_judge(AISLE_BUSY, 40, 100, 0, 1000, &got, &due_at);
    assert_int_equal(got, TASK_WAITING);
    assert_int_equal(due_at, 1600);
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
