/* renewals.h - that sessions and tokens were used, written down behind the answers: who
 * only looks must not wait for who writes
 *
 * A thread of its own. What does not fit, or fails, is left: the next use does as well.
 * Thread-safe.
 */
#ifndef API_RENEWALS_H
#define API_RENEWALS_H

#include "flows/people.h"

struct renewals;
/* app outlives it. */
enum aisle_status renewals_new(const struct app *app, struct renewals **out,
                               struct aisle_err *err);
/* What was noted is written first. NULL is fine. */
void renewals_free(struct renewals *r);

/* Copied. */
void renewals_session(struct renewals *r, const struct user_session *used);
void renewals_token(struct renewals *r, const struct api_token *used);

#endif
