/* engine.h - many products at once, decided in the catalogue's order
 *
 * Products are taken seller category by seller category, in pieces of at most GROUP_MAX
 * (a group). A policy says which products of a group to ask about and, once enough is
 * answered, takes the decisions, in order. Asking runs on a pool of threads; the
 * decisions of one group are taken by one thread at a time. So what is decided never
 * depends on who was faster.
 *
 * When a call fails for now (AISLE_BUSY, AISLE_GARBLED), its product is stuck: the
 * group's other products are still asked about, but no decision is taken past it, and the
 * run ends as one that can be taken up again.
 */
#ifndef FLOWS_MAP_ENGINE_H
#define FLOWS_MAP_ENGINE_H

#include "flows/adviser.h"
#include "flows/lease.h"
#include "flows/map.h"
#include "flows/map/budget.h"
#include "flows/refused.h"
#include "flows/runs.h"
#include "flows/session.h"
#include "match/match.h"

#include <assert.h>
#include <pthread.h>

enum { GROUP_MAX = 1000 };

enum slot_state {
    SLOT_IDLE,   /* not asked about (yet) */
    SLOT_QUEUED, /* will be, or is being */
    SLOT_ANSWERED,
    SLOT_STUCK,   /* no answer for now */
    SLOT_SETTLED, /* decided before, or done in this run before it was taken up again */
};

/* What came of asking about a product. Text in the group's arena once it is a slot's. */
struct asked {
    enum asked_kind {
        ASKED_LEAF,
        ASKED_REFUSED,  /* the marketplace knows no leaf */
        ASKED_NO_IMAGE, /* there is none to ask with */
        ASKED_FAILED,   /* it cannot be asked about: bad image, bad title */
        ASKED_LOOKED,   /* so far only the matcher was asked */
        ASKED_COVERED,  /* not asked: its settled seller category speaks for it */
        ASKED_UNSURE, /* a leaf nobody stands for: the advisors disagree, or one is alone
                       */
    } kind;
    struct str category_id, parent_id,
        name;                   /* of the leaf; the last two as the answer tells */
    struct str code, text;      /* of a refusal or failure */
    struct suggestion local[3]; /* what the matcher thinks, best first */
    size_t local_count;
    bool image_gone; /* a failure: the marketplace knows the image no more */
    bool by_matcher; /* the leaf is the matcher's; else the marketplace's */
    bool agreed;     /* matcher and marketplace say the same */
};

/* An answer that is not in the store yet. Its thread keeps it by itself or, where its
 * product's decision is next, in one step with that, before it asks anything else. */
struct unkept {
    bool is;
    struct answer answer;
    struct run_counts cost; /* what it adds to the run's */
    uint64_t once;          /* the question: equal ones wait until the answer is kept */
};

struct slot {
    struct product product;          /* without description and attributes */
    bool open_before;                /* something was said of it that settled nothing */
    const struct refusals *refused;  /* leaves a person said no to for it; or NULL */
    const struct decision *proposed; /* what stands so; or NULL */
    enum slot_state state;
    bool image_asked, title_refused; /* the policy's own */
    struct asked asked;
    struct unkept *unkept; /* to be kept with its decision; or NULL */
};

struct group {
    struct str seller_id, category_id, category_path;
    struct arena arena;     /* with the lock held */
    struct arena decisions; /* of whoever is sinking */
    struct slot *slots;
    size_t count;
    size_t sunk;        /* slots before this one have their decision */
    size_t outstanding; /* slots queued */
    bool sinking;       /* a thread takes decisions */
    bool stuck;
    bool more;        /* the category has products behind these */
    bool of_rest;     /* another task decides on the category (map.h) */
    bool has_mapping; /* newest decision of the seller category */
    struct decision mapping;
    struct refusals refused; /* leaves a person said no to for the category */
    size_t *order;           /* slots as a sample takes them */
    unsigned phase;          /* the policy's own, both */
    bool planned;
    struct str settled_leaf;
    struct seller_advice *advice; /* on its seller's products; or NULL */
    double accept_cut; /* from this confidence on its word is taken; over 1 never */
    struct category_entry *entry; /* the source's own */
    struct group *next;
};

struct map;
struct category_entry;

/* One thread's belongings. */
struct worker {
    struct map *map;
    struct session session;
    struct match_scratch *scratch; /* where the policy matches */
    struct arena arena;            /* cleared after each product */
    struct arena sinking;          /* takes its place while decisions are taken */
    struct unkept unkept;          /* text in the arena */
};

struct map_policy_ops {
    const char *name;
    bool wants_matcher;
    bool wants_images; /* asks about no product without one, where images are taken */
    /* Queue what is to be asked about next with engine_queue. Lock held. */
    void (*plan)(struct map *m, struct group *g);
    /* Ask about one product; the slot has what was answered of it before. No lock held.
     * *out's text may lie in w->arena. */
    enum aisle_status (*ask)(struct worker *w, const struct group *g,
                             const struct slot *slot, struct asked *out,
                             struct aisle_err *err);
    /* How far decisions can be taken: an index over g->sunk, or g->sunk. Lock held. */
    size_t (*ripe)(const struct map *m, const struct group *g);
    /* Take the decisions of slots g->sunk … to-1. No lock held; those slots stand still.
     */
    enum aisle_status (*sink)(struct worker *w, struct group *g, size_t to,
                              struct aisle_err *err);
};

extern const struct map_policy_ops map_guide, map_thrifty;

struct map {
    const struct app *app;
    const struct map_request *request;
    const struct map_policy_ops *policy;
    struct target target;
    struct shop shop;
    const struct channel_ops *channel;
    struct arena arena;
    struct taxonomy tree;
    struct snapshot snapshot;
    struct adviser *adviser;     /* where the policy matches */
    const struct taxonomy *also; /* leaves must be open there too; or NULL */
    map_item_fn *fn;
    void *fn_ctx;
    struct lease lease;
    struct budget budget;
    struct once *once;     /* equal uploads and questions are made one at a time */
    struct done_set *done; /* products this run finished before it was taken up again */
    struct category_queue *categories;

    pthread_mutex_t lock; /* guards all below, and what engine.h says of groups */
    pthread_cond_t changed;
    struct run run;
    struct run_request_ids request_ids;
    struct channel_meta last_answer;
    struct group *first, **last; /* under way */
    unsigned jobs;
    size_t active, loaded;
    struct errand *queue;
    size_t queue_head, queue_count, queue_cap;
    bool loading, no_more, end;
    bool starved; /* no group to be had until one under way is done */
    size_t stuck, busy_in_a_row;
    int64_t renew_at, told_at, began_at;
    int64_t done_at_start, calls_at_start;
    atomic_bool over;         /* as end, for those who wait without the lock */
    enum aisle_status status; /* the first failure that ends the run */
    struct aisle_err err;
};

/* Lock held: ask about slot i of the group; again, when it was answered. */
void engine_queue(struct map *m, struct group *g, size_t i);
/* Any time, by any thread: keep a step with the run's counts after `count` changed them.
 */
enum aisle_status engine_keep(struct map *m, struct run_step *step,
                              void (*count)(struct run_counts *c, const void *ctx),
                              const void *ctx, struct aisle_err *err);
/* Keep products' outcomes, tell of them, count them; with an answer that was not kept
 * yet, or NULL. */
enum aisle_status engine_keep_items(struct worker *w, struct group *g,
                                    struct run_step *step, const struct unkept *unkept,
                                    struct aisle_err *err);
/* Run until everything is decided or something ends it; m->status says what. */
void engine_run(struct map *m);

#endif
