/* status.h - how a failure is recorded on its way up; the types are the library's own */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "aisle/status.h"

/* Record a failure and hand back its status, so that a line can read
 * `return aisle_fail(err, AISLE_INVALID, ...)`. err may be NULL. The first failure is
 * kept. */
enum aisle_status aisle_fail(struct aisle_err *err, enum aisle_status status,
                             const char *fmt, ...) __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__ /* which reads a file at a time and would not know */
#define aisle_fail(err, status, ...) (aisle_fail(err, status, __VA_ARGS__), (status))
#endif

/* Append ", <words>" to a failure already recorded: only what the failing function could
 * not know ("while mapping sku K-01"). Does nothing when err is NULL or still empty. */
void aisle_note(struct aisle_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Hand up a failure that was recorded apart, to look at it first: copies why into err,
 * unless err has one already. */
void aisle_pass(struct aisle_err *err, const struct aisle_err *why);

/* Out of memory, said the same way everywhere. Inline, so that compilers and analyzers
 * see that it is never AISLE_OK and what was not allocated is not used. */
static inline enum aisle_status aisle_nomem(struct aisle_err *err)
{
    aisle_fail(err, AISLE_NOMEM, "out of memory");
    return AISLE_NOMEM;
}

#endif
