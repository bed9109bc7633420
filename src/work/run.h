/* run.h - what is under way or was done: a run, its items, its counts
 *
 * A run is one sync or one mapping of a catalogue. It belongs to one process at a time
 * (the owner, by lease), can be stopped at any moment and taken up again.
 */
#ifndef WORK_RUN_H
#define WORK_RUN_H

#include "base/str.h"

enum run_state {
    RUN_UNDER_WAY,
    RUN_DONE,
    RUN_STOPPED, /* by a person, a signal or a lost process: can be taken up again */
    RUN_BUDGET,  /* its calls are used up: can be taken up again with more */
    RUN_FAILED,  /* see text; can be taken up again */
};

const char *run_state_name(
    enum run_state state); /* "under-way", "done", "stopped", "budget", "failed" */
bool run_state_parse(struct str name, enum run_state *out);
bool run_can_resume(
    enum run_state state); /* all but done; one under way only when its owner is gone */

struct run_counts {
    int64_t total; /* items it is about; -1 unknown */
    int64_t done;  /* items finished, whatever the outcome */
    int64_t mapped, refused, without_image, failed, conflicts, need_person, skipped;
    int64_t by_local, by_marketplace, by_seller_category,
        by_rule;                 /* of mapped, who decided */
    int64_t calls;               /* marketplace calls answered */
    int64_t uploads, recommends; /* of them */
    int64_t saved; /* calls not made: equal image or question, or settled without one */
};

/* What the marketplace said of its last answer in a run. */
struct run_answer {
    struct str code, message, reason; /* "0", "Success"; not every one gives a reason */
    double process_time_s;            /* what it says it took; 0 it does not */
};

struct run {
    struct str id;   /* "r-20261121-205856-7f3a" */
    struct str kind; /* "sync", "map", "prune" */
    struct str seller_id, target_id;
    struct str policy;     /* of a map run: "guide", "thrifty" */
    struct str parameters; /* JSON, enough to take it up again */
    enum run_state state;
    struct str text; /* last word: an error, or what was done */
    struct str
        request_ids; /* of the marketplace's answers, the first few, comma-separated */
    struct run_answer answer;
    struct run_counts counts;
    int64_t started_at, finished_at; /* 0 while under way */
    struct str owner;                /* "host/pid/start"; empty when nobody has it */
    int64_t lease_until;             /* the owner renews it */
};

enum item_state {
    ITEM_MAPPED,
    ITEM_REFUSED,
    ITEM_NO_IMAGE,
    ITEM_FAILED,
    ITEM_NEEDS_PERSON,
    ITEM_SKIPPED
};

const char *
item_state_name(enum item_state state); /* "mapped", "refused", "no-image", … */
bool item_state_parse(struct str name, enum item_state *out);

enum advisor_of_item {
    ITEM_BY_NONE,
    ITEM_BY_LOCAL,
    ITEM_BY_MARKETPLACE,
    ITEM_BY_SELLER_CATEGORY,
    ITEM_BY_RULE
};

const char *advisor_of_item_name(enum advisor_of_item by); /* "none", "local", … */
bool advisor_of_item_parse(struct str name, enum advisor_of_item *out);

/* What became of one product in one run. */
struct run_item {
    struct str run_id, seller_id, product_id;
    enum item_state state;
    struct str category_id; /* empty unless mapped or proposed */
    enum advisor_of_item by;
    struct str code, text; /* of a refusal or failure */
    int64_t at;
};

/* Count an item that is done; who decided counts only where it is mapped. */
void run_counts_add(struct run_counts *c, const struct run_item *item);
/* Count products that rules mapped as the run began: it has no items of them. */
void run_counts_add_ruled(struct run_counts *c, int64_t products);

#endif
