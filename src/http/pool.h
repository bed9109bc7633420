/* pool.h - threads for answers that take their time, so that none of those that carry
 * bytes has to wait for one; the server's own
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "base/status.h"

#include <stdbool.h>

struct http_pool;

/* What is to be done, within whatever it is done to; nobody else's until it is. */
struct http_piece {
    struct http_piece *next;
    void (*work)(struct http_piece *piece);
};

enum aisle_status http_pool_start(unsigned threads, struct http_pool **out,
                                  struct aisle_err *err);
/* Those who came first are begun first. False: not taken, the pool is ending. */
bool http_pool_add(struct http_pool *p, struct http_piece *piece);
/* Whatever was taken is done before this returns, and nothing more is. NULL is fine. */
void http_pool_end(struct http_pool *p);
void http_pool_free(struct http_pool *p); /* after its end; NULL is fine */

#endif
