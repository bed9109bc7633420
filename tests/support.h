/* support.h - what test programs share: cmocka with its headers, and memory that runs out
 */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/status.h"
#include "base/str.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* STR_LIT for a static's initialiser. */
#define STR_INIT(z)                                                                      \
    {                                                                                    \
        "" z, sizeof(z) - 1                                                              \
    }

/* One piece of work from nothing to nothing; what it leaves behind is a leak. */
typedef enum aisle_status work_fn(void *ctx, struct aisle_err *err);

/* Does the work with the first allocation failing, then the second, and so on until it
 * comes through. Each time before it must say AISLE_NOMEM, in words. */
static inline void assert_survives_no_memory(work_fn *work, void *ctx)
{
    for (long n = 1;; n++) {
        struct aisle_err err = {0};
        enum aisle_status status;

        assert_true(n < 1000000);
        mem_fail_at(n);
        status = work(ctx, &err);
        mem_fail_at(0);
        if (status == AISLE_OK)
            return;
        assert_int_equal(status, AISLE_NOMEM);
        assert_int_equal(err.status, AISLE_NOMEM);
        assert_true(err.text[0] != '\0');
    }
}

/* What a str holds, compared as text. */
static inline void assert_str(struct str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("want \"%s\", got \"%.*s\"", want, STR_ARG(got));
}

#endif
