#include "flows/app.h"

#include "base/mem.h"
#include "flows/limits.h"
#include "net/pace_rule.h"
#include "net/trace.h"

#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct app_owned {
    struct arena arena; /* the texts of struct app */
    struct net_trace *trace;
    struct vault no_keys;
    struct limits limits;
    /* This machine's clock, set to the store's. */
    struct clock clock;
    const struct clock *own_clock;
    _Atomic int64_t ahead_ms; /* of ours, the store's */
};

/* ---- the time ---- */

enum { APART_MS = 1000 }; /* what hosts' clocks may differ by without a word */

static int64_t agreed_now_ms(void *ctx)
{
    const struct app_owned *o = ctx;

    return clock_now_ms(o->own_clock) + atomic_load(&o->ahead_ms);
}

static int64_t own_mono_ms(void *ctx)
{
    return clock_mono_ms(((const struct app_owned *)ctx)->own_clock);
}

static void own_sleep_ms(void *ctx, int64_t ms)
{
    clock_sleep_ms(((const struct app_owned *)ctx)->own_clock, ms);
}

static void clock_init(struct app_owned *o, const struct clock *own)
{
    o->own_clock = own;
    o->clock = (struct clock){.ctx = o,
                              .now_ms = agreed_now_ms,
                              .mono_ms = own_mono_ms,
                              .sleep_ms = own_sleep_ms};
}

void app_agree_on_time(const struct app *app)
{
    struct app_owned *o = app->owned;
    int64_t theirs, before, after, ahead, was;

    if (!o || !app->store->ops->now)
        return;
    before = clock_now_ms(o->own_clock);
    if (app->store->ops->now(app->store, &theirs, NULL) != AISLE_OK)
        return;
    after = clock_now_ms(o->own_clock);
    if (after < before || after - before > APART_MS) /* it says too little */
        return;
    ahead = theirs - (before + (after - before) / 2);
    was = atomic_exchange(&o->ahead_ms, ahead);
    if (llabs(ahead - was) > APART_MS)
        log_line(app->log, LOG_WARN,
                 "the store's clock is %.1f s %s this machine's: the store's is gone by",
                 (double)llabs(ahead) / 1000, ahead > 0 ? "ahead of" : "behind");
}

/* ---- owners ---- */

/* Field 22 of /proc/PID/stat: ticks from boot to the start of the process; 0 when it is
 * gone. A process id that was given out again has another. */
static unsigned long long process_start(long pid)
{
    char path[64], line[1024];
    const char *p;
    size_t n;
    FILE *f;
    unsigned long long start = 0;

    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    f = fopen(path, "re");
    if (!f)
        return 0;
    n = fread(line, 1, sizeof(line) - 1, f);
    fclose(f);
    line[n] = '\0';
    p = strrchr(line, ')'); /* the name before it may hold anything */
    if (!p || sscanf(p + 1,
                     " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
                     "%*d %*d %*d %llu",
                     &start) != 1)
        return 0;
    return start;
}

/* Containers may share a machine's name, and count processes each for itself. */
static unsigned long long namespace_of_processes(void)
{
    struct stat at;

    return stat("/proc/self/ns/pid", &at) == 0 ? (unsigned long long)at.st_ino : 0;
}

enum aisle_status owner_format(struct buf *out, struct aisle_err *err)
{
    char host[256] = "";

    if (gethostname(host, sizeof(host) - 1) != 0)
        return aisle_fail(err, AISLE_IO, "cannot tell this machine's name");
    buf_addf(out, "%s/%ld/%llu/%llu", host, (long)getpid(), process_start(getpid()),
             namespace_of_processes());
    return buf_check(out, "owner", err);
}

bool owner_is_gone(struct str owner)
{
    struct str rest = owner;
    uint64_t space;

    for (int i = 0; i < 3; i++)
        str_cut(&rest, '/');
    return parse_u64(str_cut(&rest, '/'), UINT64_MAX, &space) &&
           space == namespace_of_processes() && owner_seems_gone(owner);
}

bool owner_seems_gone(struct str owner)
{
    struct str rest = owner, host = str_cut(&rest, '/'), pid_text = str_cut(&rest, '/');
    char here[256] = "";
    int64_t pid;
    uint64_t start;

    if (gethostname(here, sizeof(here) - 1) != 0 || !str_is(host, here))
        return false;
    if (!parse_i64(pid_text, 1, INT32_MAX, &pid) ||
        !parse_u64(str_cut(&rest, '/'), UINT64_MAX, &start))
        return false;
    if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
        return true;
    return start != 0 && process_start((long)pid) != start;
}

/* ---- the whole ---- */

enum aisle_status app_check_stop(const struct app *app, struct aisle_err *err)
{
    if (app->stop && atomic_load(app->stop))
        return aisle_fail(err, AISLE_STOPPED, "stopped as asked");
    return AISLE_OK;
}

static struct str keep(struct arena *arena, struct str s, bool *ok)
{
    struct str kept = arena_str(arena, s);

    *ok = *ok && kept.p;
    return kept;
}

enum { PASSWD_ROOM = 4096 };

/* By the name that the system has for the user, in `text`. */
static struct str who_runs_this(char text[PASSWD_ROOM])
{
    struct passwd entry, *found = NULL;

    if (getpwuid_r(geteuid(), &entry, text, PASSWD_ROOM, &found) != 0 || !found)
        return STR_LIT("someone");
    return str_of(found->pw_name);
}

static enum aisle_status texts_keep(const struct app_settings *set, struct app *app,
                                    struct aisle_err *err)
{
    struct arena *arena = &app->owned->arena;
    struct buf owner = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = owner_format(&owner, err);
    struct str who = set->who;
    char text[PASSWD_ROOM];
    bool ok = true;

    if (str_empty(who))
        who = who_runs_this(text);
    app->owner = keep(arena, buf_str(&owner), &ok);
    app->who = keep(arena, who, &ok);
    app->net.proxy = keep(arena, set->proxy, &ok);
    app->net.ca_file = keep(arena, set->ca_file, &ok);
    buf_clear(&owner);
    if (status == AISLE_OK && !ok)
        status = aisle_nomem(err);
    return status;
}

static enum aisle_status objects_of(const struct app_settings *set, struct app *app,
                                    struct aisle_err *err)
{
    struct objects_settings objects = set->objects;

    if (str_empty(objects.location))
        return AISLE_OK;
    objects.net = app->net;
    objects.rng = app->rng;
    return objects_open(&objects, &app->objects, err);
}

enum aisle_status app_open(const struct app_settings *set, struct app *out,
                           struct aisle_err *err)
{
    struct app app = {
        .channels = channel_drivers,
        .rng = set->rng ? set->rng : rng_system(),
        .log = set->log,
        .stop = set->stop,
        .progress = set->progress,
        .progress_ctx = set->progress_ctx,
    };
    enum aisle_status status;

    if (!(set->calls_per_second >= 0 && set->calls_per_second <= pace_most_per_second))
        return aisle_fail(err, AISLE_INVALID,
                          "%g calls a second: 0, for none told, to %g",
                          set->calls_per_second, pace_most_per_second);
    app.owned = mem_zalloc(1, sizeof(*app.owned));
    if (!app.owned)
        return aisle_nomem(err);
    app.owned->arena.max = BUF_MAX_REQUEST;
    clock_init(app.owned, set->clock ? set->clock : clock_system());
    app.clock = &app.owned->clock;
    app.vault = set->vault ? set->vault : &app.owned->no_keys;
    app.net = (struct net_settings){
        .timeout_ms = set->timeout_ms, .clock = app.clock, .stop = app.stop};

    status = texts_keep(set, &app, err);
    if (status == AISLE_OK && !str_empty(set->trace_file)) {
        status = net_trace_open(set->trace_file, app.clock, &app.owned->trace, err);
        app.net.trace = app.owned->trace;
    }
    limits_init(&app.owned->limits, app.clock, set->calls_per_second);
    if (status == AISLE_OK)
        status = pace_new(
            &(struct pace_settings){.per_second = set->calls_per_second,
                                    .clock = app.clock,
                                    .rng = app.rng,
                                    .stop = app.stop,
                                    .share = set->own_limits ? NULL
                                                             : &app.owned->limits.share},
            &app.pace, err);
    if (status == AISLE_OK)
        status = objects_of(set, &app, err);
    if (status == AISLE_OK)
        status = store_open(set->store, &set->store_options, &app.store, err);
    app.owned->limits.store = app.store;
    if (status != AISLE_OK) {
        app_close(&app);
        return status;
    }
    app_agree_on_time(&app);
    *out = app;
    return AISLE_OK;
}

void app_close(struct app *app)
{
    if (app->store && app->pace)
        pace_tell(app->pace, 0); /* a store that is lost was waited for already */
    store_close(app->store);
    objects_close(app->objects);
    pace_free(app->pace);
    if (app->owned) {
        net_trace_close(app->owned->trace);
        arena_clear(&app->owned->arena);
        mem_free(app->owned);
    }
    *app = (struct app){0};
}
