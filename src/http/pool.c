#include "http/pool.h"

#include "base/mem.h"

#include <pthread.h>

struct http_pool {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct http_piece *first, **last;
    bool ended;
    unsigned threads; /* that run */
    pthread_t thread[];
};

/* NULL: it ended, and all is done. */
static struct http_piece *take(struct http_pool *p)
{
    struct http_piece *piece;

    pthread_mutex_lock(&p->lock);
    while (!p->first && !p->ended)
        pthread_cond_wait(&p->wake, &p->lock);
    piece = p->first;
    if (piece)
        p->first = piece->next;
    if (!p->first)
        p->last = &p->first;
    pthread_mutex_unlock(&p->lock);
    return piece;
}

static void *run(void *ctx)
{
    struct http_piece *piece;

    while ((piece = take(ctx)))
        piece->work(piece);
    return NULL;
}

enum aisle_status http_pool_start(unsigned threads, struct http_pool **out,
                                  struct aisle_err *err)
{
    struct http_pool *p = mem_zalloc(1, sizeof *p + threads * sizeof *p->thread);

    if (!p)
        return aisle_nomem(err);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    p->last = &p->first;
    while (p->threads < threads &&
           pthread_create(&p->thread[p->threads], NULL, run, p) == 0)
        p->threads++;
    if (p->threads < threads) {
        http_pool_end(p);
        http_pool_free(p);
        return aisle_fail(err, AISLE_CONFIG, "cannot start a thread");
    }
    *out = p;
    return AISLE_OK;
}

bool http_pool_add(struct http_pool *p, struct http_piece *piece)
{
    bool taken;

    piece->next = NULL;
    pthread_mutex_lock(&p->lock);
    taken = !p->ended;
    if (taken) {
        *p->last = piece;
        p->last = &piece->next;
        pthread_cond_signal(&p->wake);
    }
    pthread_mutex_unlock(&p->lock);
    return taken;
}

void http_pool_end(struct http_pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->ended = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->threads; i++)
        pthread_join(p->thread[i], NULL);
    p->threads = 0;
}

void http_pool_free(struct http_pool *p)
{
    if (!p)
        return;
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    mem_free(p);
}
