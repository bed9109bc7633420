/* leases.h - who may work alone at what has a name, and until when; part of store.h */
#ifndef STORE_LEASES_H
#define STORE_LEASES_H

#include "base/arena.h"
#include "base/status.h"

struct store;

/* Who wants a named lease, and until when. */
struct lease_claim {
    struct str name, owner;
    int64_t now, until;
    int64_t latest; /* nobody is given it beyond: one that ends later was taken by a clock
                       that was ahead, and is over; 0: any end is believed */
};

struct store_leases {
    /* Take or renew a named lease: AISLE_OK when it was free, over (until < now, or
     * beyond claim->latest) or already the owner's; else AISLE_CONFLICT, with the holder
     * in the text and in holder (may be NULL), and in err when it will be over. */
    enum aisle_status (*claim)(struct store *s, const struct lease_claim *claim,
                               struct arena *arena, struct str *holder,
                               struct aisle_err *err);
    /* Give it back; not being the owner is no failure. */
    enum aisle_status (*release)(struct store *s, struct str name, struct str owner,
                                 struct aisle_err *err);
};

#endif
