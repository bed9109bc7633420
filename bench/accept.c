/* accept.c - what `--accept-at` takes unseen, held against what was right
 *
 *     bench_accept SHARE APPROVALS ROUNDS [uneven] < labelled.csv
 *
 * In each round other rows are approved; the cut is measured on them as a map run does,
 * and put to rows that nobody decided. Prints a line a round: approved, asked, the two
 * cuts, accepted, right of them; then accepted and right by how many were approved in
 * their seller category: rows without one, and those with 3 to 9, 10 to 29, 30 and more.
 *
 * uneven: of a third of the seller categories five are approved, of a third fifteen, of
 * the others as many as come, as somebody decides who takes whole categories.
 */
#include "match/accept.h"
#include "base/hash.h"
#include "base/mem.h"
#include "feeds/labels.h"
#include "match/match.h"
#include "match/paths.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MOST = 100000, ASKED_MOST = 3000, BANDS = 4 };

struct bench {
    struct arena arena, answers;
    struct labelled *rows;
    uint64_t *order;
    size_t count;
    struct taxonomy tree;
    struct matcher *matcher;
    struct match_scratch *scratch;
    struct approvals *approvals;
    bool uneven;
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
    return (struct accept_row){
        .confidence = count ? best.confidence : 0,
        .right = str_eq(best.category_id, row->category_id),
        .kind = str_empty(row->text.seller_category) ? ACCEPT_ALONE : ACCEPT_BESIDE};
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

static struct str category_of(const struct bench *b, size_t row)
{
    return b->rows[row].text.seller_category;
}

static size_t approved_beside(const struct bench *b, size_t row)
{
    return approvals_in(b->approvals, category_of(b, row));
}

/* As learnt_accept_cut. */
static bool may_accept(const struct bench *b, size_t row)
{
    return str_empty(category_of(b, row)) || approved_beside(b, row) >= ACCEPT_KIN;
}

/* How many of its seller category are approved in this round. */
static size_t quota(const struct bench *b, size_t row, uint64_t round)
{
    static const size_t quotas[] = {5, 15, SIZE_MAX};
    uint64_t mixed = round;

    if (!b->uneven || str_empty(category_of(b, row)))
        return SIZE_MAX;
    for (size_t i = 0; i < category_of(b, row).n; i++)
        mixed = (mixed ^ (unsigned char)category_of(b, row).p[i]) * 0x100000001b3u;
    return quotas[(mixed >> 32) % (sizeof quotas / sizeof *quotas)];
}

/* The approved ones go to the front; how many there are. */
static size_t approve_some(struct bench *b, size_t most, uint64_t round)
{
    size_t n = 0;

    for (size_t i = 0; i < b->count && n < most; i++) {
        uint64_t row = b->order[i];

        if (approved_beside(b, (uint32_t)row) >= quota(b, (uint32_t)row, round))
            continue;
        approve(b, (uint32_t)row);
        b->order[i] = b->order[n];
        b->order[n++] = row;
        arena_clear(&b->answers);
    }
    return n;
}

/* Each as if it had not been approved. */
static size_t measure(struct bench *b, size_t approved, struct accept_row *out)
{
    size_t n = approved < ACCEPT_MEASURED ? approved : ACCEPT_MEASURED, measured = 0;

    for (size_t i = 0; i < n; i++) {
        size_t row = (uint32_t)b->order[i];

        approvals_remove(b->approvals, key_of(b, row));
        if (may_accept(b, row))
            out[measured++] = ask(b, &b->rows[row]);
        approve(b, row);
        arena_clear(&b->answers);
    }
    return measured;
}

static size_t band_of(const struct bench *b, size_t row)
{
    size_t beside = approved_beside(b, row);

    return str_empty(category_of(b, row)) ? 0 : beside < 10 ? 1 : beside < 30 ? 2 : 3;
}

static void run_round(struct bench *b, double accept_at, size_t most, uint64_t round)
{
    static struct accept_row measured[ACCEPT_MEASURED];
    size_t approved, asked, taken[BANDS] = {0}, right[BANDS] = {0}, all = 0, good = 0;
    struct accept_cuts cuts;
    struct aisle_err err = {0};

    check(approvals_new(&b->approvals, &err), &err);
    match_use(b->matcher, &(struct match_sources){.approvals = b->approvals});
    approved = approve_some(b, most, round);
    asked = b->count - approved;
    cuts = accept_cuts(measured, measure(b, approved, measured), accept_at);
    if (asked > ASKED_MOST)
        asked = ASKED_MOST;
    for (size_t i = 0; i < asked; i++) {
        size_t row = (uint32_t)b->order[approved + i], band = band_of(b, row);
        struct accept_row r = {0};

        if (may_accept(b, row))
            r = ask(b, &b->rows[row]);
        if (r.confidence > 0 && r.confidence >= cuts.of[r.kind]) {
            taken[band]++;
            right[band] += r.right;
        }
        arena_clear(&b->answers);
    }
    for (size_t i = 0; i < BANDS; i++) {
        all += taken[i];
        good += right[i];
    }
    printf("%zu %zu %.4f %.4f %zu %zu", approved, asked, cuts.of[ACCEPT_BESIDE],
           cuts.of[ACCEPT_ALONE], all, good);
    for (size_t i = 0; i < BANDS; i++)
        printf(" %zu %zu", taken[i], right[i]);
    putchar('\n');
    match_use(b->matcher, &(struct match_sources){0});
    approvals_free(b->approvals);
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = ARENA_INIT(ARENA_MAX_WORK),
                      .answers = ARENA_INIT(ARENA_MAX_WORK)};
    struct aisle_err err = {0};
    size_t approved, rounds;

    if (argc < 4 || argc > 5)
        die("usage: bench_accept SHARE APPROVALS ROUNDS [uneven] < labelled.csv");
    b.uneven = argc == 5;
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
        run_round(&b, strtod(argv[1], NULL), approved, round);
    }
    match_scratch_free(b.scratch);
    match_free(b.matcher);
    mem_free(b.order);
    arena_clear(&b.answers);
    arena_clear(&b.arena);
    return 0;
}
