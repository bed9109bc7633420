#include "image/mend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    SECONDS = 20,
    SLICE_MS = 50, /* how soon `over` is heard */
    NAP_NS = 1000000,
    WORDS = 512, /* of the helper */
};
#define MEMORY_MAX ((size_t)3 << 29)

/* ---- judging ---- */

static uint32_t low_side(const struct image_facts *f)
{
    return f->width < f->height ? f->width : f->height;
}

static uint32_t high_side(const struct image_facts *f)
{
    return f->width < f->height ? f->height : f->width;
}

unsigned image_flaws(const struct image_facts *facts, const struct image_need *need)
{
    unsigned flaws = 0;
    uint64_t low = low_side(facts), high = high_side(facts);

    if (!facts->whole)
        flaws |= IMAGE_CUT_SHORT;
    if (!(need->kinds & 1U << facts->kind))
        flaws |= IMAGE_BAD_KIND;
    if (low < need->side_min)
        flaws |= IMAGE_SMALL;
    if (high > need->side_max)
        flaws |= IMAGE_LARGE;
    if (facts->bytes > need->bytes_max)
        flaws |= IMAGE_HEAVY;
    if (need->shape && high * 3 > low * need->shape)
        flaws |= IMAGE_BAD_SHAPE;
    if (facts->cmyk)
        flaws |= IMAGE_INKS;
    if (facts->turned)
        flaws |= IMAGE_TURNED;
    return flaws;
}

bool image_can_mend(const struct image_facts *facts, const struct image_need *need)
{
    unsigned flaws = image_flaws(facts, need);
    uint64_t low = low_side(facts), high = high_side(facts);

    if (flaws & IMAGE_CUT_SHORT || low * high > IMAGE_PIXELS_MAX)
        return false;
    if (flaws & IMAGE_BAD_SHAPE)
        return high >= need->side_min; /* made square it has that side twice */
    if (flaws & IMAGE_LARGE)           /* shrunk until the longer one fits */
        low = low * need->side_max / high;
    return low >= need->side_min;
}

static enum aisle_status why_not(const struct image_facts *f,
                                 const struct image_need *need, struct aisle_err *err)
{
    if (!f->whole)
        return aisle_fail(err, AISLE_INVALID, "the %s is cut short or damaged",
                          image_kind_name(f->kind));
    if ((uint64_t)f->width * f->height > IMAGE_PIXELS_MAX)
        return aisle_fail(err, AISLE_INVALID,
                          "%u x %u are over %d million pixels: not decoded", f->width,
                          f->height, IMAGE_PIXELS_MAX / 1000000);
    return aisle_fail(err, AISLE_INVALID,
                      "%u x %u is too small (sides of %u at least), and pictures are "
                      "not enlarged: take a larger one",
                      f->width, f->height, need->side_min);
}

void image_need_text(const struct image_need *need, char out[IMAGE_NEED_TEXT])
{
    /* v1: what we make of it; another number when that changes */
    snprintf(out, IMAGE_NEED_TEXT, "v1-%x-%u-%u-%llu-%u", need->kinds, need->side_min,
             need->side_max, (unsigned long long)need->bytes_max, need->shape);
}

/* ---- the process ---- */

struct child {
    pid_t pid;
    int in, out, words[2];
    char said[WORDS];
    size_t said_n;
};

static enum aisle_status failed(const char *what, struct aisle_err *err)
{
    return aisle_fail(err, errno == ENOMEM ? AISLE_NOMEM : AISLE_IO, "%s: %s", what,
                      strerror(errno));
}

static enum aisle_status write_all(int fd, struct str bytes, struct aisle_err *err)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed("cannot hand over the image", err);
        bytes = str_skip(bytes, (size_t)n);
    }
    return AISLE_OK;
}

static enum aisle_status open_child(struct child *c, struct str bytes,
                                    struct aisle_err *err)
{
    enum aisle_status status;

    *c = (struct child){.in = -1, .out = -1, .words = {-1, -1}};
    c->in = memfd_create("image", MFD_CLOEXEC);
    c->out = memfd_create("mended image", MFD_CLOEXEC);
    if (c->in < 0 || c->out < 0 || pipe2(c->words, O_CLOEXEC))
        return failed("cannot make room for an image", err);
    status = write_all(c->in, bytes, err);
    if (status != AISLE_OK)
        return status;
    return lseek(c->in, 0, SEEK_SET) ? failed("cannot hand over the image", err)
                                     : AISLE_OK;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_child(struct child *c)
{
    close_one(&c->in);
    close_one(&c->out);
    close_one(&c->words[0]);
    close_one(&c->words[1]);
}

/* Nothing of ours goes along but three descriptors. VIPSHOME keeps libvips from loading
 * every module it has: what reads dozens of formats we do not take. */
static int spawn(struct child *c, const char *helper, char *const *args)
{
    char home[] = "VIPSHOME=/nowhere", threads[] = "VIPS_CONCURRENCY=1";
    char language[] = "LC_ALL=C";
    char *const env[] = {home, threads, language, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    int failure = posix_spawn_file_actions_init(&files);

    if (failure)
        return failure;
    failure = posix_spawnattr_init(&attr);
    if (failure) {
        posix_spawn_file_actions_destroy(&files);
        return failure;
    }
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attr, &none); /* our threads may block all of them */
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    failure = posix_spawn_file_actions_adddup2(&files, c->in, 0);
    if (!failure)
        failure = posix_spawn_file_actions_adddup2(&files, c->out, 1);
    if (!failure)
        failure = posix_spawn_file_actions_adddup2(&files, c->words[1], 2);
    if (!failure)
        failure = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    if (!failure)
        failure = posix_spawn(&c->pid, helper, &files, &attr, args, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

enum { NUMBERS = 8 };

static enum aisle_status start(struct child *c, const struct image_mender *m,
                               const struct image_facts *facts,
                               const struct image_need *need, struct aisle_err *err)
{
    const unsigned long long values[NUMBERS] = {
        facts->kind,
        need->kinds,
        need->side_min,
        need->side_max,
        need->bytes_max,
        need->shape,
        m->memory_max ? m->memory_max : MEMORY_MAX,
        m->seconds ? m->seconds : SECONDS,
    };
    char name[] = "aisle-image", numbers[NUMBERS][24];
    char *args[1 + NUMBERS + 1] = {name};
    int failure;

    for (size_t i = 0; i < NUMBERS; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%llu", values[i]);
        args[1 + i] = numbers[i];
    }
    failure = spawn(c, m->helper, args);
    close_one(&c->words[1]);
    if (failure == ENOENT || failure == EACCES)
        return aisle_fail(err, AISLE_CONFIG, "images cannot be mended: there is no %s",
                          m->helper);
    errno = failure;
    return failure ? failed("cannot start aisle-image", err) : AISLE_OK;
}

/* ---- waiting for it ---- */

struct ending {
    int how; /* as waitpid tells */
    struct rusage cost;
    bool stopped, late;
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool has_ended(struct child *c, struct ending *e, int options)
{
    pid_t got;

    do
        got = wait4(c->pid, &e->how, options, &e->cost);
    while (got < 0 && errno == EINTR);
    return got != 0;
}

/* A slice of time at most: what it says is kept as far as there is room. */
static void hear(struct child *c)
{
    struct pollfd p = {.fd = c->words[0], .events = POLLIN};
    char more[WORDS];
    ssize_t n;

    if (p.fd < 0) {
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
        return;
    }
    if (poll(&p, 1, SLICE_MS) <= 0)
        return;
    n = read(p.fd, more, sizeof more);
    if (n <= 0) {
        close_one(&c->words[0]); /* it ends, or soon will */
        return;
    }
    if ((size_t)n > WORDS - c->said_n)
        n = (ssize_t)(WORDS - c->said_n);
    memcpy(c->said + c->said_n, more, (size_t)n);
    c->said_n += (size_t)n;
}

static void await(struct child *c, const struct image_mender *m, struct ending *e)
{
    int64_t deadline = now_ms() + (int64_t)(m->seconds ? m->seconds : SECONDS) * 2000;

    while (!has_ended(c, e, WNOHANG)) {
        e->stopped = m->over && atomic_load(m->over);
        e->late = now_ms() > deadline;
        if (e->stopped || e->late) {
            kill(c->pid, SIGKILL);
            has_ended(c, e, 0);
            return;
        }
        hear(c);
    }
    if (c->words[0] >= 0)
        hear(c); /* its last words */
}

static enum aisle_status judge_signal(int signal, struct aisle_err *err)
{
    if (signal == SIGXCPU)
        return aisle_fail(err, AISLE_LIMIT, "the image takes too long to decode");
    if (signal == SIGKILL || signal == SIGTERM || signal == SIGINT)
        return aisle_fail(err, AISLE_IO, "aisle-image was ended from outside (signal %d)",
                          signal);
    return aisle_fail(err, AISLE_LIMIT,
                      "the image broke what decodes it (signal %d): more memory than it "
                      "may take, or a fault of the decoder",
                      signal);
}

/* Exit codes are those of image/helper/. */
static enum aisle_status judge_ending(const struct child *c, const struct ending *e,
                                      struct aisle_err *err)
{
    struct str said = str_trim(str_n(c->said, c->said_n));

    if (e->stopped)
        return aisle_fail(err, AISLE_STOPPED, "stopped while mending an image");
    if (e->late)
        return aisle_fail(err, AISLE_LIMIT, "the image takes too long to decode");
    if (WIFSIGNALED(e->how))
        return judge_signal(WTERMSIG(e->how), err);
    if (WEXITSTATUS(e->how) == 0)
        return AISLE_OK;
    if (str_empty(said))
        said = STR_LIT("it does not say why");
    if (WEXITSTATUS(e->how) == 1)
        return aisle_fail(err, AISLE_INVALID, "the image cannot be mended: %.*s",
                          STR_ARG(said));
    return aisle_fail(err, AISLE_CONFIG, "images cannot be mended: aisle-image: %.*s",
                      STR_ARG(said));
}

static enum aisle_status take_output(const struct child *c, struct buf *out,
                                     struct aisle_err *err)
{
    struct stat st;
    size_t at = 0;

    if (fstat(c->out, &st))
        return failed("cannot read the mended image", err);
    buf_reset(out);
    if (!buf_room(out, (size_t)st.st_size))
        return buf_check(out, "mended image", err);
    while (at < (size_t)st.st_size) {
        ssize_t n = pread(c->out, out->p + at, (size_t)st.st_size - at, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed("cannot read the mended image", err);
        at += (size_t)n;
    }
    out->n = at;
    if (at)
        out->p[at] = '\0';
    return AISLE_OK;
}

/* What comes back is from a process that read a stranger's bytes. */
static enum aisle_status check_output(const struct buf *out,
                                      const struct image_need *need,
                                      struct image_mended *told, struct aisle_err *err)
{
    struct aisle_err why = {0};

    if (image_look(buf_str(out), &told->facts, &why) != AISLE_OK)
        return aisle_fail(err, AISLE_GARBLED, "the mended image is none: %s", why.text);
    if (image_flaws(&told->facts, need))
        return aisle_fail(err, AISLE_GARBLED,
                          "the mended image is %s of %u x %u and %zu bytes: still wrong",
                          image_kind_name(told->facts.kind), told->facts.width,
                          told->facts.height, told->facts.bytes);
    return AISLE_OK;
}

static enum aisle_status run(const struct image_mender *m, struct str bytes,
                             const struct image_facts *facts,
                             const struct image_need *need, struct buf *out,
                             struct image_mended *told, struct aisle_err *err)
{
    struct child c;
    struct ending e = {0};
    enum aisle_status status = open_child(&c, bytes, err);

    if (status == AISLE_OK)
        status = start(&c, m, facts, need, err);
    if (status == AISLE_OK) {
        await(&c, m, &e);
        told->peak_bytes = (uint64_t)e.cost.ru_maxrss * 1024;
        told->cpu_ms =
            (uint64_t)(e.cost.ru_utime.tv_sec + e.cost.ru_stime.tv_sec) * 1000 +
            (uint64_t)(e.cost.ru_utime.tv_usec + e.cost.ru_stime.tv_usec) / 1000;
        status = judge_ending(&c, &e, err);
    }
    if (status == AISLE_OK)
        status = take_output(&c, out, err);
    if (status == AISLE_OK)
        status = check_output(out, need, told, err);
    close_child(&c);
    return status;
}

enum aisle_status image_mend(const struct image_mender *mender, struct str bytes,
                             const struct image_facts *facts,
                             const struct image_need *need, struct buf *out,
                             struct image_mended *told, struct aisle_err *err)
{
    struct image_mended spare;

    told = told ? told : &spare;
    *told = (struct image_mended){.flaws = image_flaws(facts, need)};
    if (!image_can_mend(facts, need))
        return why_not(facts, need, err);
    if (!mender->helper)
        return aisle_fail(err, AISLE_CONFIG,
                          "images cannot be mended: aisle-image is missing (was Aisle "
                          "built without libvips?)");
    return run(mender, bytes, facts, need, out, told, err);
}

void image_tell_mended(const struct image_facts *was, const struct image_mended *is,
                       struct buf *out)
{
    const struct image_facts *now = &is->facts;
    size_t start = out->n;

    if (was->kind != now->kind)
        buf_addf(out, "%s to %s, ", image_kind_name(was->kind),
                 image_kind_name(now->kind));
    if (is->flaws & IMAGE_TURNED)
        buf_addz(out, "turned upright, ");
    if (is->flaws & IMAGE_INKS)
        buf_addz(out, "CMYK to sRGB, ");
    if (was->width != now->width || was->height != now->height)
        buf_addf(out, "%u x %u to %u x %u, ", was->width, was->height, now->width,
                 now->height);
    if (is->flaws & IMAGE_BAD_SHAPE)
        buf_addz(out, "made square on white, ");
    if (is->flaws & IMAGE_HEAVY)
        buf_addf(out, "%zu to %zu bytes, ", was->bytes, now->bytes);
    if (out->n == start)
        buf_addz(out, "written anew, ");
    if (!out->failed)
        out->p[out->n -= 2] = '\0';
}
