/* hooks_own.h - inside of hooks, for the files that know it: the one that makes webhooks,
 * the one that brings them, and the one where shops subscribe */
#ifndef SANDBOX_MARKET_HOOKS_OWN_H
#define SANDBOX_MARKET_HOOKS_OWN_H

#include "sandbox/market/hooks.h"

#include <stdatomic.h>

enum { MAX_SUBSCRIBED = 512, MAX_ADDRESS = 255, COURIERS = 8 };

struct event;

/* One webhook on its way. */
struct delivery {
    struct delivery *next;
    int64_t due_ms;
    int type, tries;
    char *body, *address;
    char fault[24];
};
void delivery_free(struct delivery *d);
/* An entry of the journal. */
void delivery_note(const struct engine *e, const struct delivery *d, int status,
                   struct str fault);

/* A thread that calls one address after the other. */
struct courier {
    struct hooks *hooks;
    pthread_t thread;
    struct delivery *bag; /* all to one address, the first under way; NULL: none */
    struct delivery *last;
};

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
    pthread_t watch;
    bool watching;
    struct courier couriers[COURIERS];
    size_t courier_count; /* that run */
    atomic_bool stop;
    struct delivery *waiting; /* by due time */
    size_t waiting_count;     /* with those in bags, but for the first */
    uint64_t made, delivered, given_up, lost;
    struct subscription subscribed[MAX_SUBSCRIBED];
    size_t subscribed_count;
};

/* Have it brought when it is due; takes it. The threads begin with the first. With the
 * lock. */
void couriers_take(struct hooks *h, struct delivery *d);
/* Lets go of what is not under way. With the lock. */
void couriers_drop(struct hooks *h);
/* Ends the threads, what is under way as well. */
void couriers_stop(struct hooks *h);

/* Where webhooks of a type go for a shop, or NULL: it subscribed to none, or to an
 * address that is not on loopback, which is kept and never called. Inside of
 * market_enter. */
const struct subscription *hooks_subscription(struct hooks *h,
                                              const struct sandbox_shop *shop, int type);

#endif
