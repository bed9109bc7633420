/* accept.c - what `--accept-at` takes unseen, held against what was right
 *
 *     bench_accept SHARE APPROVALS ROUNDS < labelled.csv
 *
 * In each round other rows are approved; the cut is measured on them as a map run does,
 * and put to rows that nobody decided. Prints a line a round: approved, asked, cut,
 * accepted, right of them.
 */
#include "match/accept.h"
#include "base/hash.h"
#include "base/mem.h"
#include "feeds/labels.h"
#include "match/match.h"
#include "match/paths.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MOST = 100000, ASKED_MOST = 3000 };

struct bench {
    struct arena arena, answers;
    struct labelled *rows;
    uint64_t *order;
    size_t count;
    struct taxonomy tree;
    struct matcher *matcher;
    struct match_scratch *scratch;
    struct approvals *approvals;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "bench_accept: %s\n", what);
    exit(1);
}

static void check(enum aisle_status status, const struct aisle_err *err)
{
    if (status != AISLE_OK)
        die(err->text[0] ? err->text : aisle_status_name(status));
}

static struct str keep(struct bench *b, struct str text)
{
    struct str kept = arena_str(&b->arena, text);

    if (!kept.p)
        die("no memory");
    return kept;
}

static void read_rows(struct bench *b)
{
    struct labels *labels = mem_zalloc(1, sizeof *labels);
    struct label_options usual = {0};
    struct str *paths;
    struct label_row row;
    struct aisle_err err = {0};

    b->rows = arena_zalloc(&b->arena, ROWS_MOST, sizeof *b->rows);
    paths = arena_zalloc(&b->arena, ROWS_MOST, sizeof *paths);
    if (!labels || !b->rows || !paths)
        die("no memory");
    check(labels_open(labels, feed_source_stream(stdin), &usual, &err), &err);
    while (labels_next(labels, &row, &err) == AISLE_OK && row.line > 0) {
        if (row.why[0] || b->count == ROWS_MOST)
            continue;
        paths[b->count] = keep(b, row.label);
        b->rows[b->count] = (struct labelled){
            .text = {.title = keep(b, row.title),
                     .seller_category = keep(b, row.seller_category)},
            .category_id = paths[b->count],
        };
        b->count++;
    }
    check(paths_build(paths, b->count, &b->arena, &b->tree, &err), &err);
    labels_close(labels);
    mem_free(labels);
}

/* ---- a round ---- */

static struct str key_of(struct bench *b, size_t row)
{
    return arena_fmt(&b->answers, "%zu", row);
}

static struct accept_row ask(struct bench *b, const struct labelled *row)
{
    struct match_query query = {.title = row->text.title,
                                .seller_category = row->text.seller_category};
    struct suggestion best = {0};
    struct aisle_err err = {0};
    size_t count = 0;

    check(match_rank(b->matcher, b->scratch, &query, &b->answers, &best, 1, &count, &err),
          &err);
    return (struct accept_row){.confidence = count ? best.confidence : 0,
                               .right = str_eq(best.category_id, row->category_id)};
}

static int by_order(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;

    return (*a > *b) - (*a < *b);
}

/* Another order a round: numbers mixed with it, the row's own in the lower half. */
static void shuffle(struct bench *b, uint64_t round)
{
    for (size_t i = 0; i < b->count; i++) {
        uint64_t mixed = (i + 1) * 0x9e3779b97f4a7c15u + round * 0xd1b54a32d192ed03u;

        mixed ^= mixed >> 31;
        mixed *= 0xbf58476d1ce4e5b9u;
        b->order[i] = (mixed & 0xffffffff00000000u) | i;
    }
    qsort(b->order, b->count, sizeof *b->order, by_order);
}

static void approve(struct bench *b, size_t row)
{
    struct aisle_err err = {0};

    check(approvals_add(b->approvals, key_of(b, row), &b->rows[row], &err), &err);
}

/* Each as if it had not been approved. */
static size_t measure(struct bench *b, size_t approved, struct accept_row *out)
{
    size_t n = approved < ACCEPT_MEASURED ? approved : ACCEPT_MEASURED;

    for (size_t i = 0; i < n; i++) {
        size_t row = (uint32_t)b->order[i];

        approvals_remove(b->approvals, key_of(b, row));
        out[i] = ask(b, &b->rows[row]);
        approve(b, row);
        arena_clear(&b->answers);
    }
    return n;
}

static void run_round(struct bench *b, double accept_at, size_t approved)
{
    static struct accept_row measured[ACCEPT_MEASURED];
    size_t asked = b->count - approved, taken = 0, right = 0;
    double cut;
    struct aisle_err err = {0};

    check(approvals_new(&b->approvals, &err), &err);
    match_use(b->matcher, &(struct match_sources){.approvals = b->approvals});
    for (size_t i = 0; i < approved; i++)
        approve(b, (uint32_t)b->order[i]);
    arena_clear(&b->answers);
    cut = accept_cut(measured, measure(b, approved, measured), accept_at);
    if (asked > ASKED_MOST)
        asked = ASKED_MOST;
    for (size_t i = 0; i < asked; i++) {
        struct accept_row r = ask(b, &b->rows[(uint32_t)b->order[approved + i]]);

        taken += r.confidence >= cut;
        right += r.confidence >= cut && r.right;
        arena_clear(&b->answers);
    }
    printf("%zu %zu %.4f %zu %zu\n", approved, asked, cut, taken, right);
    match_use(b->matcher, &(struct match_sources){0});
    approvals_free(b->approvals);
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = ARENA_INIT(ARENA_MAX_WORK),
                      .answers = ARENA_INIT(ARENA_MAX_WORK)};
    struct aisle_err err = {0};
    size_t approved, rounds;

    if (argc != 4)
        die("usage: bench_accept SHARE APPROVALS ROUNDS < labelled.csv");
    approved = strtoul(argv[2], NULL, 10);
    rounds = strtoul(argv[3], NULL, 10);
    read_rows(&b);
    if (b.count <= approved)
        die("fewer rows than approvals");
    b.order = mem_zalloc(b.count, sizeof *b.order);
    if (!b.order)
        die("no memory");
    check(match_new(&b.tree, &b.matcher, &err), &err);
    check(match_scratch_new(&b.scratch, &err), &err);
    for (size_t round = 1; round <= rounds; round++) {
        shuffle(&b, round);
        run_round(&b, strtod(argv[1], NULL), approved);
    }
    match_scratch_free(b.scratch);
    match_free(b.matcher);
    mem_free(b.order);
    arena_clear(&b.answers);
    arena_clear(&b.arena);
    return 0;
}
