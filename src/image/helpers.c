#include "image/helpers.h"

#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST = 8,        /* helpers of one owner */
    SLICE_MS = 50,   /* how soon `over` is heard */
    GRACE_MS = 2000, /* for the helper to end a late image by itself */
    WORDS = 512,     /* of the helper */
    LINE = 256,
    HIGH = 10, /* descriptors from here on do not collide with those a helper has */
};

/* A program, or none yet: pid is 0 until it is needed, and once it is lost. */
struct helper {
    pid_t pid;
    int line;           /* orders go in here, answers come out */
    int in, out, words; /* files in memory: image, outcome, what it says */
    bool busy, has_served;
};

struct image_helpers {
    const char *path;
    unsigned most;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct helper rows[MOST];
};

static enum aisle_status failed(const char *what, struct aisle_err *err)
{
    return aisle_fail(err, errno == ENOMEM ? AISLE_NOMEM : AISLE_IO, "%s: %s", what,
                      strerror(errno));
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- beginning and ending one ---- */

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The same file under a higher number, or -1. */
static int raise_fd(int fd)
{
    int raised = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, HIGH);

    if (fd >= 0)
        close(fd);
    return raised;
}

static int memory_file(const char *name)
{
    return raise_fd(memfd_create(name, MFD_CLOEXEC));
}

static const struct helper no_helper = {.line = -1, .in = -1, .out = -1, .words = -1};

static void lose(struct helper *h)
{
    bool busy = h->busy;

    close_one(&h->line);
    close_one(&h->in);
    close_one(&h->out);
    close_one(&h->words);
    *h = no_helper;
    h->busy = busy;
}

/* Waits for its end, however it comes about. */
static int reap(struct helper *h)
{
    int how = 0;

    while (waitpid(h->pid, &how, 0) < 0)
        if (errno != EINTR)
            break;
    h->pid = 0;
    return how;
}

static void end(struct helper *h)
{
    if (h->pid > 0) {
        kill(h->pid, SIGKILL); /* a copy that is at work goes with it */
        reap(h);
    }
    lose(h);
}

/* Nothing of ours goes along but five descriptors. VIPSHOME keeps libvips from loading
 * every module it has: what reads dozens of formats we do not take. */
static int spawn(const struct helper *h, int its_line, const char *path, pid_t *pid)
{
    char name[] = "aisle-image", home[] = "VIPSHOME=/nowhere";
    char threads[] = "VIPS_CONCURRENCY=1", language[] = "LC_ALL=C";
    char *const args[] = {name, NULL}, *const env[] = {home, threads, language, NULL};
    const int files_of_it[] = {its_line, its_line, h->words, h->in, h->out};
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
    for (int i = 0; i < 5 && !failure; i++)
        failure = posix_spawn_file_actions_adddup2(&files, files_of_it[i], i);
    if (!failure)
        failure = posix_spawn_file_actions_addclosefrom_np(&files, 5);
    if (!failure)
        failure = posix_spawn(pid, path, &files, &attr, args, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

static enum aisle_status begin(struct helper *h, const char *path, struct aisle_err *err)
{
    int pair[2] = {-1, -1}, failure;

    h->in = memory_file("image");
    h->out = memory_file("mended image");
    h->words = memory_file("words");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0) {
        h->line = raise_fd(pair[0]);
        pair[1] = raise_fd(pair[1]);
    }
    if (h->in < 0 || h->out < 0 || h->words < 0 || h->line < 0 || pair[1] < 0) {
        enum aisle_status status = failed("cannot make room for images", err);

        close_one(&pair[1]);
        lose(h);
        return status;
    }
    failure = spawn(h, pair[1], path, &h->pid);
    close(pair[1]);
    if (!failure)
        return AISLE_OK;
    lose(h);
    if (failure == ENOENT || failure == EACCES)
        return aisle_fail(err, AISLE_CONFIG, "images cannot be mended: there is no %s",
                          path);
    errno = failure;
    return failed("cannot start aisle-image", err);
}

/* ---- one image ---- */

/* The whole of a file in memory is that, and it is read and written from its start. */
static bool refill(int fd, struct str bytes)
{
    if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
        return false;
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes = str_skip(bytes, (size_t)n);
    }
    return lseek(fd, 0, SEEK_SET) == 0;
}

/* False: it is gone. */
static bool send_order(const struct helper *h, const struct helper_order *o)
{
    char line[LINE];
    int n =
        snprintf(line, sizeof line, "%u %u %u %u %u %llu %u %zu %u\n", (unsigned)o->task,
                 (unsigned)o->kind, o->need->kinds, o->need->side_min, o->need->side_max,
                 (unsigned long long)o->need->bytes_max, o->need->shape, o->memory_max,
                 o->seconds);

    return send(h->line, line, (size_t)n, MSG_NOSIGNAL) == n; /* far less than it holds */
}

enum heard { HEARD, GONE, LATE, OVER, GARBLED };

/* The line it answers, without its end. */
static enum heard hear(const struct helper *h, const struct helper_order *o,
                       char line[LINE])
{
    int64_t deadline = now_ms() + (int64_t)o->seconds * 2000 + GRACE_MS;
    size_t n = 0;

    for (;;) {
        struct pollfd p = {.fd = h->line, .events = POLLIN};
        ssize_t got;

        if (o->over && atomic_load(o->over))
            return OVER;
        if (now_ms() > deadline)
            return LATE;
        if (poll(&p, 1, SLICE_MS) <= 0)
            continue;
        got = recv(h->line, line + n, LINE - 1 - n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return GONE;
        n += (size_t)got;
        if (n == LINE - 1)
            return GARBLED;
        if (line[n - 1] == '\n') {
            line[n - 1] = '\0';
            return HEARD;
        }
    }
}

static struct str said_by(const struct helper *h, char words[WORDS])
{
    ssize_t n = pread(h->words, words, WORDS, 0);
    struct str said = str_trim(str_n(words, n > 0 ? (size_t)n : 0));

    return said.n ? said : STR_LIT("it does not say why");
}

static enum aisle_status too_long(struct aisle_err *err)
{
    return aisle_fail(err, AISLE_LIMIT, "the image takes too long to decode");
}

static enum aisle_status garbled(struct aisle_err *err)
{
    return aisle_fail(err, AISLE_GARBLED, "aisle-image answers what it should not");
}

static enum aisle_status judge_signal(int signal, struct aisle_err *err)
{
    if (signal == SIGXCPU)
        return too_long(err);
    if (signal == SIGKILL || signal == SIGTERM)
        return aisle_fail(err, AISLE_IO, "aisle-image was ended from outside (signal %d)",
                          signal);
    return aisle_fail(err, AISLE_LIMIT,
                      "the image broke what decodes it (signal %d): more memory than it "
                      "may take, or a fault of the decoder",
                      signal);
}

/* How the copy ended that was at this image; exit codes are those of image/helper/. */
static enum aisle_status judge_copy(const struct helper *h, int how,
                                    struct aisle_err *err)
{
    char words[WORDS];
    struct str said;

    if (WIFSIGNALED(how))
        return judge_signal(WTERMSIG(how), err);
    if (WEXITSTATUS(how) == 0)
        return AISLE_OK;
    said = said_by(h, words);
    if (WEXITSTATUS(how) == 1)
        return aisle_fail(err, AISLE_INVALID, "the image cannot be mended: %.*s",
                          STR_ARG(said));
    return aisle_fail(err, AISLE_CONFIG, "images cannot be mended: aisle-image: %.*s",
                      STR_ARG(said));
}

/* How the program itself ended, which no image should bring about. */
static enum aisle_status judge_end(const struct helper *h, int how, struct aisle_err *err)
{
    char words[WORDS];

    if (WIFSIGNALED(how))
        return judge_signal(WTERMSIG(how), err);
    return aisle_fail(err, AISLE_CONFIG, "images cannot be mended: aisle-image: %.*s",
                      STR_ARG(said_by(h, words)));
}

static enum aisle_status judge_answer(const struct helper *h, const char *line,
                                      struct helper_cost *cost, struct aisle_err *err)
{
    unsigned long long peak, ms;
    int how, late;

    if (sscanf(line, "%d %llu %llu %d", &how, &peak, &ms, &late) != 4)
        return garbled(err);
    *cost = (struct helper_cost){peak, ms};
    return late ? too_long(err) : judge_copy(h, how, err);
}

static enum aisle_status take_outcome(const struct helper *h, struct buf *out,
                                      struct aisle_err *err)
{
    struct stat st;
    size_t at = 0;

    if (fstat(h->out, &st))
        return failed("cannot read the mended image", err);
    buf_reset(out);
    if (!buf_room(out, (size_t)st.st_size))
        return buf_check(out, "mended image", err);
    while (at < (size_t)st.st_size) {
        ssize_t n = pread(h->out, out->p + at, (size_t)st.st_size - at, (off_t)at);

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

/* How it went with the helper, whatever became of the image. */
enum went { WELL, WENT, STUCK };

static enum aisle_status mend_by(struct helper *h, const struct helper_order *o,
                                 struct buf *out, struct helper_cost *cost,
                                 enum went *went, struct aisle_err *err)
{
    enum aisle_status status;
    char line[LINE];

    *went = STUCK;
    if (!refill(h->in, o->bytes) || !refill(h->out, STR_LIT("")))
        return failed("cannot hand over the image", err);
    switch (send_order(h, o) ? hear(h, o, line) : GONE) {
    case HEARD:
        break;
    case GONE:
        *went = WENT;
        kill(h->pid, SIGKILL); /* where it only closed its ears */
        return judge_end(h, reap(h), err);
    case LATE:
        return too_long(err);
    case OVER:
        return aisle_fail(err, AISLE_STOPPED, "stopped while mending an image");
    case GARBLED:
        return garbled(err);
    }
    status = judge_answer(h, line, cost, err);
    if (status == AISLE_OK)
        status = take_outcome(h, out, err);
    /* No image is held while it is idle; and words are forgotten here and not before an
     * order, since one that cannot even start says why at once. */
    if (status != AISLE_GARBLED && refill(h->in, STR_LIT("")) &&
        refill(h->out, STR_LIT("")) && refill(h->words, STR_LIT("")))
        *went = WELL;
    return status;
}

/* One that went while it waited for work is no fault of this image: another is begun. */
static enum aisle_status mend_with(struct helper *h, const char *path,
                                   const struct helper_order *o, struct buf *out,
                                   struct helper_cost *cost, struct aisle_err *err)
{
    for (;;) {
        bool had_served = h->has_served;
        struct aisle_err why = {0};
        enum went went = STUCK;
        enum aisle_status status = h->pid > 0 ? AISLE_OK : begin(h, path, &why);

        if (status == AISLE_OK)
            status = mend_by(h, o, out, cost, &went, &why);
        h->has_served = true;
        if (went != WELL)
            end(h);
        if (went == WENT && had_served)
            continue;
        if (status != AISLE_OK)
            aisle_pass(err, &why);
        return status;
    }
}

/* ---- all of them ---- */

struct image_helpers *image_helpers_new(const char *path, unsigned most)
{
    struct image_helpers *h = mem_zalloc(1, sizeof *h);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (!h)
        return NULL;
    if (!most)
        most = processors > 0 && processors < MOST ? (unsigned)processors : MOST;
    h->path = path;
    h->most = most < MOST ? most : MOST;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->freed, NULL);
    for (unsigned i = 0; i < MOST; i++)
        h->rows[i] = no_helper;
    return h;
}

void image_helpers_free(struct image_helpers *h)
{
    if (!h)
        return;
    for (unsigned i = 0; i < h->most; i++) {
        assert(!h->rows[i].busy);
        end(&h->rows[i]);
    }
    pthread_cond_destroy(&h->freed);
    pthread_mutex_destroy(&h->lock);
    mem_free(h);
}

unsigned image_helpers_count(const struct image_helpers *h)
{
    return h->most;
}

/* One that runs rather than one that is to be begun; NULL: all are at work. */
static struct helper *find_free(struct image_helpers *h)
{
    struct helper *found = NULL;

    for (unsigned i = 0; i < h->most; i++) {
        struct helper *one = &h->rows[i];

        if (!one->busy && (!found || (!found->pid && one->pid)))
            found = one;
    }
    return found;
}

/* NULL once all is over. */
static struct helper *take(struct image_helpers *h, const atomic_bool *over)
{
    struct helper *one;

    pthread_mutex_lock(&h->lock);
    while (!(one = find_free(h)) && !(over && atomic_load(over))) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += SLICE_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&h->freed, &h->lock, &until);
    }
    if (one)
        one->busy = true;
    pthread_mutex_unlock(&h->lock);
    return one;
}

static void give_back(struct image_helpers *h, struct helper *one)
{
    pthread_mutex_lock(&h->lock);
    one->busy = false;
    pthread_cond_signal(&h->freed);
    pthread_mutex_unlock(&h->lock);
}

enum aisle_status helpers_do(struct image_helpers *h, const struct helper_order *order,
                             struct buf *out, struct helper_cost *cost,
                             struct aisle_err *err)
{
    struct helper *one = take(h, order->over);
    enum aisle_status status;

    *cost = (struct helper_cost){0};
    if (!one)
        return aisle_fail(err, AISLE_STOPPED, "stopped while mending an image");
    status = mend_with(one, h->path, order, out, cost, err);
    give_back(h, one);
    return status;
}
