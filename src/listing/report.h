/* report.h - findings of many products as one list a person can act on
 *
 * What is wrong in the same way is one line, with how many products it is wrong with and
 * a few of them; by itself, or once a leaf.
 */
#ifndef LISTING_REPORT_H
#define LISTING_REPORT_H

#include "listing/finding.h"

enum { REPORT_EXAMPLES = 3 };

struct report_line {
    enum finding_level level;
    struct str rule, code;        /* code: "" where it has none */
    struct str category_id, path; /* of the leaf, when grouped so; else empty */
    struct str where;             /* "skus[].price.amount": of the first */
    struct str what, fix, allowed;
    size_t products; /* that have it, however often each */
    size_t drafts;   /* of them, those it keeps from being drafts as well */
    struct str examples[REPORT_EXAMPLES]; /* ids of products */
    size_t last;                          /* product counted, from 1 */
};

/* Begins as {.arena = &arena}; texts are copied there. */
struct listing_report {
    struct arena *arena;
    bool by_leaf;
    struct report_line *lines;
    size_t count, room;
    size_t products, right, drafts; /* right: no error; drafts: none as a draft */
    bool left_out;                  /* memory ran out */
};

struct report_product {
    struct str id, category_id, path; /* path: of the leaf */
    const struct findings *findings;
    const struct findings *as_draft; /* NULL: not judged as one */
};

void report_add(struct listing_report *r, const struct report_product *product);
enum aisle_status report_check(const struct listing_report *r, struct aisle_err *err);
/* Errors first, then by how many products. */
void report_sort(struct listing_report *r);
/* A Markdown table of all lines, for a pull request. */
void report_markdown(const struct listing_report *r, struct str title, struct buf *out);

/* Whether a finding is an error of the draft too. */
bool finding_stops_draft(const struct finding *f, const struct findings *as_draft);

#endif
