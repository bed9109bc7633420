/* listing.c - bodies read from JSON in memory and checked, over and over: bench_listing
 * BODIES SECONDS, a body a line. One line of JSON. */
#include "base/buf.h"
#include "listing/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BODIES = 10000 };

/* Of this process's work, so that what else runs on the machine tells little. */
static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_listing: %s\n", what);
    exit(1);
}

static void read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    char part[65536];
    size_t n;

    if (!f)
        die("cannot read the bodies");
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(out, str_n(part, n));
    fclose(f);
}

/* Whether it would be taken. */
static bool check(struct str body, struct arena *arena)
{
    struct findings findings = {.arena = arena};
    struct listing_draft draft;
    struct listing_question q = {
        .draft = &draft,
        .limits = listing_limits_get(STR_LIT("ID"), LISTING_CURRENT),
        .no_tips = true,
    };

    if (listing_read_body(body, arena, &draft, &findings, NULL) ||
        listing_check(&q, &findings, NULL))
        die("a body was not checked");
    return findings.errors == 0;
}

int main(int argc, char **argv)
{
    static struct str bodies[BODIES];
    struct buf text = BUF_INIT(BUF_MAX_FILE);
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    size_t count = 0, done = 0, right = 0;
    double began, took, seconds;
    struct str rest;

    if (argc != 3)
        die("usage: bench_listing BODIES SECONDS");
    seconds = strtod(argv[2], NULL);
    read_file(argv[1], &text);
    for (rest = buf_str(&text); rest.n && count < BODIES;)
        bodies[count++] = str_cut(&rest, '\n');
    if (!count)
        die("bench_listing: there are no bodies");
    for (size_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(&arena);

        right += check(bodies[i], &arena);
        arena_rewind(&arena, mark);
    }
    began = now_s();
    do { /* the clock is asked as seldom as by the peer */
        for (size_t i = 0; i < 50; i++) {
            struct arena_mark mark = arena_mark(&arena);

            check(bodies[done++ % count], &arena);
            arena_rewind(&arena, mark);
        }
    } while ((took = now_s() - began) < seconds);
    printf("{\"per_second\": %.0f, \"bodies\": %zu, \"right\": %zu}\n",
           (double)done / took, count, right);
    arena_clear(&arena);
    buf_clear(&text);
    return 0;
}
