/* learn.c - what approvals teach, how fast, and how soon a model is ready
 *
 *     bench_learn curve TRAIN VALID N...   right with the first leaf after N approvals
 *     bench_learn approve ROWS LEAVES      microseconds to learn one more: median and
 *                                          99 %, by the clock; the same of processor time
 *     bench_learn ready MODEL              milliseconds to open a model, median: as the
 *                                          library does, and as the command, which
 *                                          reads it through for damage
 *
 * TRAIN and VALID have lines path, title, parted by a tab; the paths of both are the
 * tree.
 */
#include "base/mem.h"
#include "match/ask.h"
#include "match/match.h"
#include "match/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS_MOST = 200000, TIMES = 1001, WORDS = 30000, TITLE_WORDS = 8 };

struct rows {
    struct labelled *at;
    size_t count;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "bench_learn: %s\n", what);
    exit(1);
}

static void check(enum aisle_status status, const struct aisle_err *err)
{
    if (status != AISLE_OK)
        die(err->text[0] ? err->text : aisle_status_name(status));
}

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double now_s(void)
{
    return seconds(CLOCK_MONOTONIC);
}

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;

    return (*a > *b) - (*a < *b);
}

/* ---- the curve ---- */

static struct rows read_rows(const char *path, struct arena *arena)
{
    struct rows rows = {.at = arena_zalloc(arena, ROWS_MOST, sizeof *rows.at)};
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;

    if (!f || !rows.at)
        die(path);
    while (rows.count < ROWS_MOST && (n = getline(&line, &cap, f)) > 0) {
        struct str rest = arena_str(arena, text_trim(str_n(line, (size_t)n)));
        struct labelled *row = &rows.at[rows.count++];

        row->category_id = str_cut(&rest, '\t');
        row->text.title = rest;
    }
    free(line);
    fclose(f);
    return rows;
}

static struct taxonomy tree_of(const struct rows *a, const struct rows *b,
                               struct arena *arena)
{
    size_t n = a->count + b->count;
    struct str *paths = arena_zalloc(arena, n + 1, sizeof *paths);
    struct aisle_err err = {0};
    struct taxonomy tree;

    if (!paths)
        die("no memory");
    for (size_t i = 0; i < n; i++)
        paths[i] = i < a->count ? a->at[i].category_id : b->at[i - a->count].category_id;
    check(paths_build(paths, n, arena, &tree, &err), &err);
    return tree;
}

static double share_right(const struct matcher *m, struct match_scratch *scratch,
                          const struct rows *asked)
{
    struct arena answers = ARENA_INIT(ARENA_MAX_WORK);
    struct aisle_err err = {0};
    size_t right = 0;

    for (size_t i = 0; i < asked->count; i++) {
        struct match_query query = {.title = asked->at[i].text.title};
        struct suggestion best;
        size_t found = 0;

        check(match_rank(m, scratch, &query, &answers, &best, 1, &found, &err), &err);
        right += found && str_eq(best.category_id, asked->at[i].category_id);
        arena_clear(&answers);
    }
    return (double)right / (double)asked->count;
}

static void add(struct approvals *approvals, const struct rows *rows, size_t i)
{
    struct aisle_err err = {0};
    char key[32];

    snprintf(key, sizeof key, "%zu", i);
    check(approvals_add(approvals, str_of(key), &rows->at[i], &err), &err);
}

static void run_curve(int argc, char **argv)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct rows train = read_rows(argv[0], &arena), valid = read_rows(argv[1], &arena);
    struct taxonomy tree = tree_of(&train, &valid, &arena);
    struct match_scratch *scratch;
    struct approvals *approvals;
    struct matcher *m;
    struct aisle_err err = {0};
    size_t learnt = 0;

    check(match_new(&tree, &m, &err), &err);
    check(match_scratch_new(&scratch, &err), &err);
    check(approvals_new(&approvals, &err), &err);
    match_use(m, &(struct match_sources){.approvals = approvals});
    for (int i = 2; i < argc; i++) {
        size_t n = strtoul(argv[i], NULL, 10);

        while (learnt < n && learnt < train.count)
            add(approvals, &train, learnt++);
        if (learnt == n)
            printf("%zu %.4f\n", n, share_right(m, scratch, &valid));
    }
    match_free(m);
    match_scratch_free(scratch);
    approvals_free(approvals);
    arena_clear(&arena);
}

/* ---- one more ---- */

static uint32_t roll(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* A title of made-up words, low numbers oftener, half of them its leaf's own. */
static void make_title(char *out, size_t cap, uint32_t leaf, uint64_t *seed)
{
    size_t n = 0;

    for (int w = 0; w < TITLE_WORDS; w++) {
        uint32_t word = roll(seed) % (roll(seed) % WORDS + 1);

        if (w % 2 == 0)
            word = (leaf * 7 + roll(seed) % 12) % WORDS;
        n += (size_t)snprintf(out + n, cap - n, "%sw%xo%c", w ? " " : "",
                              word * 2654435761u, 'a' + (int)(word % 26));
    }
}

/* What it took by the clock on the wall, and of this thread's own time: what the first
 * has beyond the second, others had. */
struct took {
    double wall, own;
};

static struct took add_made_up(struct approvals *approvals, size_t i, size_t leaves,
                               uint64_t *seed)
{
    char title[512], leaf[32], key[32];
    struct labelled row = {.text.title = {0}};
    struct aisle_err err = {0};
    struct took began;

    make_title(title, sizeof title, (uint32_t)(i * 31 % leaves), seed);
    snprintf(leaf, sizeof leaf, "L%zu", i * 31 % leaves);
    snprintf(key, sizeof key, "p%zu", i);
    row.text.title = str_of(title);
    row.category_id = str_of(leaf);
    began.wall = now_s();
    began.own = seconds(CLOCK_THREAD_CPUTIME_ID);
    check(approvals_add(approvals, str_of(key), &row, &err), &err);
    return (struct took){.own = seconds(CLOCK_THREAD_CPUTIME_ID) - began.own,
                         .wall = now_s() - began.wall};
}

static void run_approve(size_t rows, size_t leaves)
{
    static double wall[TIMES], own[TIMES];
    struct approvals *approvals;
    struct aisle_err err = {0};
    uint64_t seed = 11;

    check(approvals_new(&approvals, &err), &err);
    for (size_t i = 0; i < rows; i++)
        add_made_up(approvals, i, leaves, &seed);
    for (size_t i = 0; i < TIMES; i++) {
        struct took one = add_made_up(approvals, rows + i, leaves, &seed);

        wall[i] = one.wall;
        own[i] = one.own;
    }
    qsort(wall, TIMES, sizeof *wall, by_size);
    qsort(own, TIMES, sizeof *own, by_size);
    printf("%.1f %.1f %.1f %.1f\n", wall[TIMES / 2] * 1e6, wall[TIMES * 99 / 100] * 1e6,
           own[TIMES / 2] * 1e6, own[TIMES * 99 / 100] * 1e6);
    approvals_free(approvals);
}

/* ---- ready ---- */

typedef enum aisle_status opener(const char *path, struct model **out,
                                 struct aisle_err *err);

static double median_ready(const char *path, opener *open_model)
{
    static double took[TIMES];
    struct aisle_err err = {0};

    for (size_t i = 0; i < TIMES / 10; i++) {
        double began = now_s();
        struct model *m;
        struct asker *a;

        check(open_model(path, &m, &err), &err);
        check(asker_new(m, &a, &err), &err);
        took[i] = now_s() - began;
        asker_free(a);
        model_close(m);
    }
    qsort(took, TIMES / 10, sizeof *took, by_size);
    return took[TIMES / 20];
}

static void run_ready(const char *path)
{
    printf("%.3f %.3f\n", median_ready(path, model_open) * 1e3,
           median_ready(path, model_open_whole) * 1e3);
}

int main(int argc, char **argv)
{
    struct str what = str_of(argc > 1 ? argv[1] : "");

    if (str_is(what, "curve") && argc > 4)
        run_curve(argc - 2, argv + 2);
    else if (str_is(what, "approve") && argc == 4)
        run_approve(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    else if (str_is(what, "ready") && argc == 3)
        run_ready(argv[2]);
    else
        die("usage: bench_learn curve TRAIN VALID N... | approve ROWS LEAVES | ready "
            "MODEL");
    return 0;
}
