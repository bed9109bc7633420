#include "check.h"

#include "base/file.h"
#include "base/mem.h"

#include <stdio.h>

static void the_folder_is_the_one_a_name_stands_in(void **state)
{
    static const struct {
        const char *path;
        const char *missing; /* the folder that is not there; NULL: it is */
    } cases[] = {
        {"name", NULL},
        {"./name", NULL},
        {"/name", NULL},
        {"/tmp/", NULL},
        {"/", NULL},
        {"", NULL},
        {"not/there", "not"},
        {"not//there/", "not"},
        {"/not/there", "/not"},
        {"/tmp/not/there", "/tmp/not"},
        {"/dev/null/there", "/dev/null"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct aisle_err err = {0};
        enum aisle_status status = file_sync_name(cases[i].path, &err);

        assert_int_equal(status, cases[i].missing ? AISLE_IO : AISLE_OK);
        if (cases[i].missing) {
            char want[64];

            snprintf(want, sizeof want, "cannot write to %s: ", cases[i].missing);
            assert_memory_equal(err.text, want, strlen(want));
        }
    }
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    mem_fail_at(1);
    assert_int_equal(file_sync_name("/tmp/name", NULL), AISLE_NOMEM);
    mem_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_is_the_one_a_name_stands_in),
        cmocka_unit_test(without_memory_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
