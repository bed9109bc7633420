/* answers.h - long answers written once a tree, and sent many times */
#ifndef SANDBOX_ANSWERS_H
#define SANDBOX_ANSWERS_H

#include "http/reply.h"
#include "sandbox/forest.h"

void answers_free(struct answers *a); /* NULL is fine */

typedef void answer_write_fn(void *ctx, struct buf *out);

/* The answer kept under this key, written first where there is none. A reference for the
 * caller; NULL: no memory. */
struct http_shared *tree_answer(struct tree *t, struct str key, answer_write_fn *write,
                                void *ctx);

#endif
