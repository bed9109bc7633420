/* hooks_own.h - inside of hooks, for the two files that know it: the one that makes and
 * sends webhooks, and the one where shops subscribe */
#ifndef SANDBOX_MARKET_HOOKS_OWN_H
#define SANDBOX_MARKET_HOOKS_OWN_H

#include "sandbox/market/hooks.h"

#include <stdatomic.h>

enum { MAX_SUBSCRIBED = 512, MAX_ADDRESS = 255 };

struct delivery;
struct event;

struct subscription {
    const struct sandbox_shop *shop;
    const struct event *event;
    char address[MAX_ADDRESS + 1];
    int64_t created_s, updated_s;
};

struct hooks {
    struct market *market;
    pthread_mutex_t lock; /* taken after the market's */
    pthread_cond_t woken;
    pthread_t thread;
    bool running;
    atomic_bool stop;
    struct delivery *waiting; /* by due time */
    size_t waiting_count;
    uint64_t made, delivered, given_up, lost;
    struct subscription subscribed[MAX_SUBSCRIBED];
    size_t subscribed_count;
};

/* Where webhooks of a type go for a shop, or NULL: it subscribed to none, or to an
 * address that is not on loopback, which is kept and never called. Inside of
 * market_enter. */
const struct subscription *hooks_subscription(struct hooks *h,
                                              const struct sandbox_shop *shop, int type);

#endif
