#include "flows/map/once.h"

#include "base/mem.h"

#include <assert.h>
#include <pthread.h>

struct once {
    pthread_mutex_t lock;
    pthread_cond_t left;
    uint64_t *keys; /* 0: free */
    size_t count;
};

enum aisle_status once_new(size_t threads, struct once **out, struct aisle_err *err)
{
    struct once *o = mem_zalloc(1, sizeof(*o));

    if (!o || !(o->keys = mem_zalloc(threads, sizeof(*o->keys)))) {
        mem_free(o);
        return aisle_nomem(err);
    }
    o->count = threads;
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->left, NULL);
    *out = o;
    return AISLE_OK;
}

void once_free(struct once *o)
{
    if (!o)
        return;
    pthread_cond_destroy(&o->left);
    pthread_mutex_destroy(&o->lock);
    mem_free(o->keys);
    mem_free(o);
}

static uint64_t *place_of(struct once *o, uint64_t key)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->keys[i] == key)
            return &o->keys[i];
    return NULL;
}

static uint64_t no_zero(uint64_t key)
{
    return key ? key : 1;
}

void once_enter(struct once *o, uint64_t key)
{
    uint64_t *place;

    pthread_mutex_lock(&o->lock);
    while (place_of(o, no_zero(key)))
        pthread_cond_wait(&o->left, &o->lock);
    place = place_of(o, 0);
    assert(place); /* one key a thread */
    *place = no_zero(key);
    pthread_mutex_unlock(&o->lock);
}

void once_leave(struct once *o, uint64_t key)
{
    pthread_mutex_lock(&o->lock);
    *place_of(o, no_zero(key)) = 0;
    pthread_cond_broadcast(&o->left);
    pthread_mutex_unlock(&o->lock);
}
