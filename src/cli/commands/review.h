/* review.h - what a review in the terminal is about: the open items, and showing one */
#ifndef CLI_COMMANDS_REVIEW_H
#define CLI_COMMANDS_REVIEW_H

#include "cli/commands/shared.h"
#include "flows/decide.h"
#include "match/match.h"

enum { REVIEW_MOST_ITEMS = 1000, REVIEW_CHOICES = 9 };

struct review_choice {
    struct str category_id, path, reasons;
    double confidence;
    enum advisor advisor;
    bool rated; /* confidence and advisor say something */
};

struct review_item {
    struct str seller_id, key, title, seller_category;
    enum decision_scope scope;
    const char *why;
    size_t products;
    int64_t seq; /* of its newest decision, 0 none */
    struct review_choice choices[REVIEW_CHOICES];
    size_t choice_count;
    struct str first; /* of the choices as they were shown; "" none */
    bool decided;
    enum decision_state state; /* when decided */
};

struct review {
    struct cli *cli;
    struct decider decider;
    struct matcher *matcher; /* made when first searched */
    struct match_scratch *scratch;
    struct review_item **items;
    size_t count, at;
    char batches[REVIEW_MOST_ITEMS]
                [BATCH_ID_LEN]; /* of what was decided, in order: for undo */
    size_t batch_items[REVIEW_MOST_ITEMS];
    size_t batch_count;
    size_t skipped;
    bool quit;
};

/* Everything that is open, at most REVIEW_MOST_ITEMS, into the arena of r->cli. */
enum aisle_status review_load(struct review *r, struct aisle_err *err);
void review_show(const struct review *r, const struct review_item *item);

#endif
