/* hooks_own.h - inside of hooks, for the two files that know it: the one that makes and
 * sends webhooks, and the one where shops subscribe */
#ifndef SANDBOX_MARKET_HOOKS_OWN_H
#define SANDBOX_MARKET_HOOKS_OWN_H

#include "sandbox/market/hooks.h"

#include <stdatomic.h>

enum { MAX_SUBSCRIBED = 512, MAX_ADDRESS = 255 };

struct delivery;

struct subscription {
    const struct sandbox_shop *shop;
    int type;
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

/* What a shop subscribed of a type, or NULL. Inside of market_enter. */
struct subscription *hooks_subscription(struct hooks *h, const struct sandbox_shop *shop,
                                        int type);

#endif
