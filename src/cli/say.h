/* say.h - words on stderr: what was done, what went wrong and what mends it, how far it
 * is
 *
 * Nothing here is data. On a terminal there is a progress line, which steps aside for
 * whatever else is said; elsewhere there is none. With json every line is an object.
 * Everything passes base/scrub.h first. Thread-safe.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include "base/log.h"
#include "flows/app.h"

#include <pthread.h>
#include <stdatomic.h>

struct voice {
    int fd;
    bool quiet;    /* only errors */
    bool json;     /* --log-format json */
    bool terminal; /* progress is shown, lines may be erased */
    bool color;
    size_t width;
    const struct clock *clock;
    struct log log; /* for struct app: lines of threads, through this voice */
    bool may_drop;  /* for what runs long: a line that nobody takes is left out, counted,
                       and told of once lines are taken again; else whoever speaks waits */
    atomic_size_t dropped; /* so many so far */

    pthread_mutex_t lock;
    bool progress_shown;
    int64_t progress_at; /* mono ms */
    size_t untold;       /* lines dropped since the last that was written */
    bool cut;            /* the last was written in part */
};

/* The log's level is LOG_WARN, more with `verbose` (1: info, 2: debug), less when quiet.
 */
void voice_init(struct voice *v, int fd, bool quiet, int verbose, bool json,
                const struct clock *clock);
void voice_clear(struct voice *v);

/* A line for a person, without a full stop; silent when quiet. */
void say(struct voice *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A line that also the quiet hear: "warning: …". */
void say_warning(struct voice *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* "aisle: <text> (<code>, request id …)" and, unless empty, "try: <remedy>". */
void say_error(struct voice *v, const struct aisle_err *err, struct str remedy);
/* The noun that goes with n of them: "1 row", "2 rows". */
const char *say_noun(int64_t n, const char *one, const char *many);
/* Text as it is (a consent link, a question), whatever the format; no newline is added.
 */
void say_text(struct voice *v, struct str text);

/* A progress_fn; ctx is the voice. */
void say_progress(void *ctx, const struct progress *p);
void say_progress_end(struct voice *v); /* takes the line away */

/* "120/500 24%  8.1/s  calls 44 of 200  refused 3  1m20s left"; also for tests. */
void progress_format(const struct progress *p, struct buf *out);
/* "45s", "1m20s", "2h05m". */
void duration_format(int64_t seconds, struct buf *out);

#endif
