/* world.h - what the tests of flows stand on: a store in memory (in a schema of
 * the PostgreSQL that AISLE_TEST_POSTGRES names, where it does), a clock that stands
 * still, and a marketplace that does as it is told and remembers what it was asked */
#ifndef TESTS_FLOWS_WORLD_H
#define TESTS_FLOWS_WORLD_H

/* cmocka wants these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flows/decide.h"
#include "flows/map.h"
#include "flows/newest.h"
#include "flows/shops.h"
#include "flows/sync.h"

#include <pthread.h>

enum { WORLD_MAX_ASKED = 4096 };

/* Its ops come first, so that a session leads here. */
struct market {
    struct channel_ops ops;
    pthread_mutex_t lock;
    /* Trees as text, one row a line: "id<parent name", * after the name of a leaf, !
     * after that of a closed one. One a locale, in the order of locales. */
    const char *tree[2];
    const char *locale[2];
    enum aisle_status fetch_fails[2]; /* instead of an answer in that locale */
    /* The answer to a title: "words=leaf" a line; the first whose words the title holds.
     * A leaf "refuse" is a refusal, "busy" no answer for now, "auth" a token that is no
     * good until one was refreshed, "expired" a token called that, "consent" a scope that
     * was not granted, "config" a setting that is wrong, told once
     * two were asked, "wait" waits until the run is over. */
    const char *answers;
    int busy_left;     /* so many "busy" answers, then the real one; -1 for ever */
    int expired_left;  /* the same for "expired" */
    atomic_bool woken; /* "wait" heard of the end */
    int stop_after;    /* set the stop flag at this question; 0 never */
    atomic_bool *stop;
    char asked[WORLD_MAX_ASKED][200]; /* titles, with "|uri" where an image went along */
    size_t asked_count, pushed_count, refreshed;
    int refuse_images;  /* so many uploads, then none; -1 all */
    size_t knows_after; /* a question with a uri fails until so many were pushed */
};

struct world {
    struct app app;
    struct clock_still clock;
    struct rng_seeded rng;
    struct vault vault;
    atomic_bool stop;
    struct market market;
    const struct channel_ops *channels[2];
    struct arena arena;
    struct store_ops racing_ops;
    struct store_decisions racing_decisions;
    const struct store_decisions *decisions; /* the store's own */
    struct decision_write race;
    int races;
    char image_root[512];
    char location[192]; /* of the store */
};

#define WORLD_TARGET "toko"

/* A store with shop "toko" of seller "acme" on it; setup and teardown of cmocka's. */
int world_setup(void **state);
int world_teardown(void **state);

/* Sync both locales' trees (tree[1] may be NULL). */
enum aisle_status world_sync(struct world *w, struct sync_result *out,
                             struct aisle_err *err);
/* A product of seller acme; image is a file under the sandbox's pictures, or NULL. */
void world_product(struct world *w, const char *id, const char *title,
                   const char *category, const char *image);
/* "id=leaf" of each product in order, as its mapping counts: "a=10 b=11! c=-"; ! marks a
 * conflict, ? a proposal, # none, - nothing. In the world's arena. */
const char *world_mappings(struct world *w);
/* Before each of the next `times` appends somebody else decides on the product; -1 for
 * ever. */
void world_race(struct world *w, const char *product, enum decision_state state,
                const char *leaf, int times);
/* How often this very question was put. */
size_t world_asked(const struct world *w, const char *question);

#endif
