/* aisle-image - mends images, as image/mend.h promises it
 *
 * A program of its own, because libvips and what it stands on decode bytes of strangers.
 * It readies libvips once and stays; each image is mended by a copy of it (fork, while it
 * has but one thread) that takes its limits first, from then on opens nothing, and ends
 * with that image. So the one that stays never sees an image, and nothing of one reaches
 * the next.
 *
 * Not for people. On stdin come orders, a line of numbers each (struct order); on stdout
 * goes an answer to each: how the copy ended, as wait tells it, its peak of memory in
 * bytes, its processor time in milliseconds, and 1 where it was ended by the clock. The
 * image is the file at descriptor 3, the outcome goes to the one at 4, words to stderr.
 * It ends when stdin does.
 *
 * A copy ends with 0 when the image is written, 1 when it cannot be mended and stderr
 * says why, 2 when libvips is not fit. The program itself ends with 2 when it was called
 * wrongly.
 */
#include "image/helper/helper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    REFUSED = 1,
    UNFIT = 2,
    NUMBERS = 9,
    ORDER_MAX = 256,
    IMAGE = 3,
    OUTCOME = 4,
    OUTPUT_MAX = 64 * 1024 * 1024,
};

static int say(int code, const char *text)
{
    dprintf(2, "%s\n", text);
    return code;
}

/* At the first a signal that can be told from others, a second above it SIGKILL. */
static bool limit(__rlimit_resource_t what, rlim_t most)
{
    const struct rlimit l = {most, what == RLIMIT_CPU ? most + 1 : most};

    return setrlimit(what, &l) == 0;
}

/* No file can be opened: there is no number left for one. */
static bool take_limits(const struct order *o)
{
    return limit(RLIMIT_AS, o->memory_max) && limit(RLIMIT_CPU, o->seconds) &&
           limit(RLIMIT_FSIZE, OUTPUT_MAX) && limit(RLIMIT_NOFILE, 3);
}

static bool read_numbers(const char *line, unsigned long long n[NUMBERS])
{
    for (int i = 0; i < NUMBERS; i++) {
        char *end;

        errno = 0;
        n[i] = strtoull(line, &end, 10);
        if (errno || end == line || (*end != ' ' && *end != '\0'))
            return false;
        line = end;
    }
    return *line == '\0';
}

static bool read_order(const char *line, struct order *out)
{
    unsigned long long n[NUMBERS];

    if (!read_numbers(line, n))
        return false;
    *out = (struct order){.task = (enum task)n[0],
                          .kind = (enum image_kind)n[1],
                          .kinds = (unsigned)n[2],
                          .side_min = (int)n[3],
                          .side_max = (int)n[4],
                          .bytes_max = (size_t)n[5],
                          .shape = (int)n[6],
                          .memory_max = (rlim_t)n[7],
                          .seconds = (rlim_t)n[8]};
    return n[0] < TASKS && n[3] <= INT32_MAX && n[4] > 0 && n[4] <= INT32_MAX &&
           n[6] <= 100 && n[8] <= 3600;
}

static bool write_all(const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(1, p, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

/* libvips tells of every layer the failure went through; the first line is the cause. */
static int say_vips(void)
{
    char text[200];

    snprintf(text, sizeof text, "%.*s", (int)strcspn(vips_error_buffer(), "\n"),
             vips_error_buffer());
    return say(REFUSED, text[0] ? text : "it cannot be decoded");
}

static int do_task(const struct order *o)
{
    bool ground = o->task == TASK_GROUND;
    struct stat st;
    void *bytes, *made = NULL;
    size_t made_n = 0;
    const char *why = NULL;

    if (fstat(0, &st) || st.st_size <= 0)
        return say(UNFIT, "there is no image");
    bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, 0, 0);
    if (bytes == MAP_FAILED)
        return say(UNFIT, "the image cannot be mapped: it has to be a file");
    if (!(ground ? picture_ground : picture_mend)(o, bytes, (size_t)st.st_size, &made,
                                                  &made_n, &why))
        return why ? say(REFUSED, why) : say_vips();
    return write_all(made, made_n) ? 0 : say(UNFIT, "the outcome cannot be written");
}

/* ---- a copy, which works ---- */

/* Orders and answers are out of its reach: the image takes the place of the one, the
 * outcome that of the other. */
static bool take_files(void)
{
    return dup2(IMAGE, 0) == 0 && dup2(OUTCOME, 1) == 1 && close(IMAGE) == 0 &&
           close(OUTCOME) == 0;
}

_Noreturn static void work_and_end(const struct order *o, pid_t owner)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != owner)
        _exit(UNFIT); /* it went before that took hold */
    if (!picture_prepare(o->kind))
        _exit(say(UNFIT, "libvips cannot be used"));
    if (!take_files() || !take_limits(o))
        _exit(say(UNFIT, "limits cannot be set"));
    _exit(do_task(o)); /* what libvips would tidy up goes with the process */
}

/* ---- the one that stays ---- */

struct copy {
    pid_t pid;
    int how; /* as wait tells */
    struct rusage cost;
    bool late;
};

/* Until it ends, its time by the clock is over, or nobody waits for it any more. */
static bool watch(struct copy *c, const struct order *o)
{
    struct pollfd on[2] = {{.fd = pidfd_open(c->pid, 0), .events = POLLIN}, {.fd = 0}};
    int got;

    if (on[0].fd < 0)
        return false;
    do
        got = poll(on, 2, (int)o->seconds * 2000);
    while (got < 0 && errno == EINTR);
    c->late = got == 0;
    if (!(on[0].revents & POLLIN))
        kill(c->pid, SIGKILL);
    close(on[0].fd);
    while (wait4(c->pid, &c->how, 0, &c->cost) < 0)
        if (errno != EINTR)
            return false;
    return true;
}

static bool answer(const struct copy *c)
{
    char line[ORDER_MAX];
    const struct timeval *u = &c->cost.ru_utime, *s = &c->cost.ru_stime;
    long ms = (u->tv_sec + s->tv_sec) * 1000 + (u->tv_usec + s->tv_usec) / 1000;
    int n = snprintf(line, sizeof line, "%d %ld %ld %d\n", c->how,
                     c->cost.ru_maxrss * 1024, ms, c->late);

    return write_all(line, (size_t)n);
}

static bool serve(const struct order *o)
{
    struct copy c = {0};
    pid_t owner = getpid();

    c.pid = fork();
    if (c.pid == 0)
        work_and_end(o, owner);
    if (c.pid < 0)
        return false;
    return watch(&c, o) && answer(&c);
}

/* An order a line, and the next not before the answer to the last. */
static int serve_all(void)
{
    char line[ORDER_MAX];
    size_t n = 0;

    for (;;) {
        ssize_t got = read(0, line + n, sizeof line - n);
        struct order order;

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return 0;
        n += (size_t)got;
        if (line[n - 1] != '\n') {
            if (n == sizeof line)
                return say(UNFIT, "an order is too long");
            continue;
        }
        line[n - 1] = '\0';
        n = 0;
        if (!read_order(line, &order))
            return say(UNFIT, "an order cannot be read");
        if (!serve(&order))
            return say(UNFIT, "an image cannot be served");
    }
}

/* Ctrl-C is for whoever gives the orders. */
static bool settle(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && limit(RLIMIT_CORE, 0);
}

int main(int count, char **args)
{
    struct stat image, outcome;

    if (count != 1 || fstat(IMAGE, &image) || !S_ISREG(image.st_mode) ||
        fstat(OUTCOME, &outcome) || !S_ISREG(outcome.st_mode))
        return say(UNFIT, "a part of aisle, which calls it; see aisle help image");
    if (vips_init(args[0]))
        return say(UNFIT, "libvips cannot be used");
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    if (!settle())
        return say(UNFIT, "limits cannot be set");
    fflush(NULL);
    return serve_all();
}
