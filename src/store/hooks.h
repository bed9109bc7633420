/* hooks.h - the inbox of what marketplaces send of their own accord; part of store.h */
#ifndef STORE_HOOKS_H
#define STORE_HOOKS_H

#include "base/arena.h"
#include "base/status.h"
#include "work/hook.h"

struct store;

struct hook_filter {
    struct str seller_id, shop_id; /* empty: any */
    unsigned states;               /* bit 1 << enum hook_state; 0: any */
    int64_t after_at; /* begin behind this one, in the order told: its received_at, … */
    struct str after_id, after_shop; /* … id and shop; empty: at the start */
    bool newest_first;               /* else in the order they came */
    size_t limit;                    /* 0: all */
};

struct store_hooks {
    /* Keep one, unless it is there already; *added says which (may be NULL). */
    enum aisle_status (*put)(struct store *s, const struct hook *hook, bool *added,
                             struct aisle_err *err);
    enum aisle_status (*get)(struct store *s, struct str seller_id, struct str shop_id,
                             struct str id, struct arena *arena, struct hook *out,
                             struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* By when they came, and those of one second by id and shop. */
    enum aisle_status (*each)(struct store *s, const struct hook_filter *filter,
                              enum aisle_status (*fn)(void *ctx, const struct hook *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err);
    /* What became of it: state, text and settled_at of *hook. AISLE_NOT_FOUND. */
    enum aisle_status (*settle)(struct store *s, const struct hook *hook,
                                struct aisle_err *err);
};

#endif
