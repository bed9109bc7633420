#include "base/log.h"

#include "base/json.h"
#include "base/scrub.h"

#include <stdio.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

bool log_level_parse(struct str name, enum log_level *out)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++)
        if (str_eq_nocase(name, str_of(level_names[i]))) {
            *out = (enum log_level)i;
            return true;
        }
    return false;
}

/* A line end in what a server sent must not look like a line of ours. */
static void add_one_line(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_addc(out, (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i]);
}

static void format_line(const struct log *log, enum log_level level, struct str text,
                        struct buf *out)
{
    struct json_out json = {.buf = out};
    char time[TIME_LEN + 1];

    time_format(clock_now_s(log->clock), time);
    if (!log->json) {
        buf_addf(out, "%s %s ", time, level_names[level]);
        add_one_line(out, text);
        return;
    }
    json_open(&json);
    json_add_str(&json, "time", str_of(time));
    json_add_str(&json, "level", str_of(level_names[level]));
    json_add_str(&json, "text", text);
    json_close(&json);
}

void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE), clean = BUF_INIT(2 * BUF_MAX_LINE);
    struct buf line = BUF_INIT(16 * BUF_MAX_LINE); /* JSON may take six bytes for one */
    va_list ap;

    if (!log || !log->sink || level > log->level)
        return;

    va_start(ap, fmt);
    buf_vaddf(&text, fmt, ap);
    va_end(ap);
    scrub_text(buf_str(&text), &clean);
    format_line(log, level, buf_str(&clean), &line);

    if (text.failed || clean.failed || line.failed)
        log->sink(log->ctx, level,
                  STR_LIT("a line was too long or memory too short to log it"));
    else
        log->sink(log->ctx, level, buf_str(&line));
    buf_clear(&text);
    buf_clear(&clean);
    buf_clear(&line);
}

void log_error(const struct log *log, const struct aisle_err *err, const char *doing)
{
    const char *code = err ? err->remote_code : "", *id = err ? err->request_id : "";

    log_line(log, LOG_ERROR, "%s: %s%s%s%s%s", doing,
             err && err->text[0] ? err->text : "failed", code[0] ? ", code " : "", code,
             id[0] ? ", request id " : "", id);
}

void log_to_stderr(void *ctx, enum log_level level, struct str line)
{
    (void)ctx;
    (void)level;
    /* one call, so that lines of several threads do not mix */
    fprintf(stderr, "%.*s\n", STR_ARG(line));
}
