/* log.h - leveled lines for whoever runs the program, scrubbed of secrets
 *
 * Nothing is logged *and* returned: the one who cannot return it further logs it. A line
 * is scrubbed (base/scrub.h) before it leaves. Thread-safe.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/buf.h"
#include "base/clock.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* A finished line without newline; borrowed until the call returns. */
typedef void log_sink_fn(void *ctx, enum log_level level, struct str line);

struct log {
    enum log_level level; /* what is less urgent is dropped */
    bool json;            /* one JSON object a line, else "time level text" */
    const struct clock *clock;
    log_sink_fn *sink;
    void *ctx;
};

/* log may be NULL: then silent. */
void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void log_error(const struct log *log, const struct aisle_err *err, const char *doing);

/* A sink; ctx is unused. */
void log_to_stderr(void *ctx, enum log_level level, struct str line);
bool log_level_parse(struct str name, enum log_level *out);

#endif
