#include "flows/map/budget.h"

#include "base/status.h"

void budget_init(struct budget *b, int64_t calls)
{
    *b = (struct budget){.unlimited = calls < 0, .left = calls};
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->returned, NULL);
}

void budget_clear(struct budget *b)
{
    pthread_cond_destroy(&b->returned);
    pthread_mutex_destroy(&b->lock);
}

void budget_close(struct budget *b)
{
    pthread_mutex_lock(&b->lock);
    b->closed = true;
    pthread_cond_broadcast(&b->returned);
    pthread_mutex_unlock(&b->lock);
}

enum aisle_status budget_take(struct budget *b, int most, int *got, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (b->unlimited) {
        *got = most;
        return AISLE_OK;
    }
    pthread_mutex_lock(&b->lock);
    while (b->left == 0 && b->out > 0 && !b->closed)
        pthread_cond_wait(&b->returned, &b->lock);
    if (b->closed) {
        status = aisle_fail(err, AISLE_STOPPED, "stopped as asked");
    } else if (b->left == 0) {
        status =
            aisle_fail(err, AISLE_LIMIT, "the budget of marketplace calls is used up");
    } else {
        *got = b->left < most ? (int)b->left : most;
        b->left -= *got;
        b->out += *got;
    }
    pthread_mutex_unlock(&b->lock);
    return status;
}

void budget_return(struct budget *b, int got, int used)
{
    if (b->unlimited)
        return;
    pthread_mutex_lock(&b->lock);
    b->out -= got;
    b->left += got - used; /* a call made again with another token may cost more */
    if (b->left < 0)
        b->left = 0;
    pthread_cond_broadcast(&b->returned);
    pthread_mutex_unlock(&b->lock);
}
