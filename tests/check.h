/* check.h - cmocka with our types: texts, statuses, and work with the nth allocation
 * failing */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/status.h"
#include "base/str.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* The text is as wanted; `says` names the case. */
#define assert_text(says, got, want)                                                     \
    check_text(says, got, str_of(want), __FILE__, __LINE__)

static inline void check_text(const char *says, struct str got, struct str want,
                              const char *file, int line)
{
    if (str_eq(got, want))
        return;
    print_error("%s\n    want: %.*s\n    got:  %.*s\n", says, STR_ARG(want),
                STR_ARG(got));
    _fail(file, line);
}

/* The same, named by its expression. */
#define assert_str(got, want) assert_text(#got, got, want)

/* STR_LIT for a static's initialiser. */
#define STR_INIT(z)                                                                      \
    {                                                                                    \
        "" z, sizeof(z) - 1                                                              \
    }

/* AISLE_OK, or the failure is shown. */
#define assert_ok(call, err) check_status(call, AISLE_OK, err, __FILE__, __LINE__)
#define assert_status(call, want, err) check_status(call, want, err, __FILE__, __LINE__)

static inline void check_status(enum aisle_status got, enum aisle_status want,
                                const struct aisle_err *err, const char *file, int line)
{
    if (got == want)
        return;
    print_error("status %s, not %s: %s\n", aisle_status_name(got),
                aisle_status_name(want), err ? err->text : "");
    _fail(file, line);
}

/* Does the work with the first allocation failing, then the second, and so on until it
 * succeeds. Before that it may only say AISLE_NOMEM; the sanitizers look after leaks.
 * Returns how many allocations it took. */
typedef enum aisle_status check_work_fn(void *ctx, struct aisle_err *err);

static inline long each_allocation_failing(check_work_fn *work, void *ctx)
{
    for (long n = 1; n < 100000; n++) {
        struct aisle_err err = {0};
        enum aisle_status status;

        mem_fail_at(n);
        status = work(ctx, &err);
        mem_fail_at(0);
        if (status == AISLE_OK)
            return n - 1;
        assert_status(status, AISLE_NOMEM, &err);
    }
    fail_msg("never succeeds");
    return 0;
}

#endif
