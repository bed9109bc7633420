#include "cli/say.h"

#include "base/json.h"
#include "base/scrub.h"
#include "base/text.h"
#include "cli/out.h"

#include <poll.h>
#include <unistd.h>

enum { PROGRESS_EVERY_MS = 250 };

/* ---- the lowest level: bytes to the descriptor, with the lock held ---- */

static void write_all(const struct voice *v, struct str text)
{
    while (!str_empty(text)) {
        ssize_t n = write(v->fd, text.p, text.n);

        if (n <= 0)
            return; /* nobody to tell that nobody can be told */
        text = str_skip(text, (size_t)n);
    }
}

/* What a pipe or socket that says it may be written to takes without waiting. */
enum { PIECE = 4096 };

static bool is_taken(const struct voice *v)
{
    struct pollfd p = {.fd = v->fd, .events = POLLOUT};

    return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

/* Without waiting; false: some of it is left out. */
static bool write_if_taken(struct voice *v, struct str text)
{
    while (!str_empty(text)) {
        struct str piece = str_head(text, PIECE);

        if (!is_taken(v))
            return false;
        write_all(v, piece);
        text = str_skip(text, piece.n);
        v->cut = !str_empty(text);
    }
    return true;
}

static bool tell_of_dropped(struct voice *v)
{
    struct buf line = BUF_INIT(BUF_MAX_LINE);
    bool told;

    if (v->untold == 0)
        return true;
    if (v->cut)
        buf_addc(&line, '\n');
    if (v->json)
        buf_addf(&line,
                 "{\"level\":\"warn\",\"text\":\"%zu lines were left out: nobody "
                 "took them\"}\n",
                 v->untold);
    else
        buf_addf(&line, "warning: %zu lines were left out: nobody took them\n",
                 v->untold);
    told = write_if_taken(v, buf_str(&line));
    if (told)
        v->untold = 0;
    buf_clear(&line);
    return told;
}

/* One whole line or more. */
static void put(struct voice *v, struct str text)
{
    if (!v->may_drop) {
        write_all(v, text);
    } else if (!tell_of_dropped(v) || !write_if_taken(v, text)) {
        v->untold++;
        atomic_fetch_add(&v->dropped, 1);
    }
}

static void take_progress_away(struct voice *v)
{
    if (v->progress_shown)
        write_all(v, STR_LIT("\r\033[K"));
    v->progress_shown = false;
}

static void add_json_line(const struct voice *v, const char *level, struct str text,
                          struct buf *out)
{
    struct json_out j = {.buf = out};
    char time[TIME_LEN + 1];

    time_format(clock_now_s(v->clock), time);
    json_open(&j);
    json_add_str(&j, "time", str_of(time));
    json_add_str(&j, "level", str_of(level));
    json_add_str(&j, "text", text);
    json_close(&j);
}

/* One line of ours; `mark` goes in front for people ("warning: "). */
static void speak(struct voice *v, const char *level, const char *mark, const char *fmt,
                  va_list ap)
{
    struct buf raw = BUF_INIT(BUF_MAX_LINE), line = BUF_INIT(BUF_MAX_REQUEST);
    struct buf clean = BUF_INIT(BUF_MAX_LINE);

    buf_vaddf(&raw, fmt, ap);
    scrub_text(buf_str(&raw), &clean);
    if (v->json) {
        add_json_line(v, level, buf_str(&clean), &line);
    } else {
        buf_addz(&line, mark);
        buf_shown(&line, buf_str(&clean));
    }
    buf_addc(&line, '\n');
    pthread_mutex_lock(&v->lock);
    take_progress_away(v);
    put(v, buf_str(&line));
    pthread_mutex_unlock(&v->lock);
    buf_clear(&raw);
    buf_clear(&clean);
    buf_clear(&line);
}

/* ---- lines ---- */

static void log_sink(void *ctx, enum log_level level, struct str line)
{
    struct voice *v = ctx;
    struct buf whole = BUF_INIT(BUF_MAX_REQUEST);

    (void)level;
    buf_add(&whole, line);
    buf_addc(&whole, '\n');
    pthread_mutex_lock(&v->lock);
    take_progress_away(v);
    put(v, buf_str(&whole));
    pthread_mutex_unlock(&v->lock);
    buf_clear(&whole);
}

void voice_init(struct voice *v, int fd, bool quiet, int verbose, bool json,
                const struct clock *clock)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool terminal = isatty(fd) && !(term && strcmp(term, "dumb") == 0);
    enum log_level level = LOG_WARN;

    if (quiet)
        level = LOG_ERROR;
    else if (verbose)
        level = verbose > 1 ? LOG_DEBUG : LOG_INFO;
    *v = (struct voice){.fd = fd,
                        .quiet = quiet,
                        .json = json,
                        .terminal = terminal && !json,
                        .color = terminal && !json && !(no_color && *no_color),
                        .width = 80,
                        .clock = clock};
    v->log = (struct log){
        .level = level, .json = json, .clock = clock, .sink = log_sink, .ctx = v};
    pthread_mutex_init(&v->lock, NULL);
}

void voice_clear(struct voice *v)
{
    say_progress_end(v);
    pthread_mutex_destroy(&v->lock);
}

void say(struct voice *v, const char *fmt, ...)
{
    va_list ap;

    if (v->quiet)
        return;
    va_start(ap, fmt);
    speak(v, "info", "", fmt, ap);
    va_end(ap);
}

void say_warning(struct voice *v, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    speak(v, "warn", "warning: ", fmt, ap);
    va_end(ap);
}

const char *say_noun(int64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

void say_text(struct voice *v, struct str text)
{
    pthread_mutex_lock(&v->lock);
    take_progress_away(v);
    put(v, text);
    pthread_mutex_unlock(&v->lock);
}

/* ---- errors ---- */

static void add_error_json(const struct voice *v, const struct aisle_err *err,
                           struct str text, struct str remedy, struct buf *out)
{
    struct json_out j = {.buf = out};
    char time[TIME_LEN + 1];

    time_format(clock_now_s(v->clock), time);
    json_open(&j);
    json_add_str(&j, "time", str_of(time));
    json_add_str(&j, "level", STR_LIT("error"));
    json_add_str(&j, "text", text);
    json_add_str(&j, "status", str_of(aisle_status_name(err->status)));
    if (err->remote_code[0])
        json_add_str(&j, "code", str_of(err->remote_code));
    if (err->request_id[0])
        json_add_str(&j, "request_id", str_of(err->request_id));
    if (err->http_status)
        json_add_int(&j, "http_status", err->http_status);
    if (!str_empty(remedy))
        json_add_str(&j, "try", remedy);
    json_close(&j);
    buf_addc(out, '\n');
}

static void add_error_text(const struct voice *v, const struct aisle_err *err,
                           struct str text, struct str remedy, struct buf *out)
{
    const char *red = v->color ? "\033[31m" : "", *plain = v->color ? "\033[0m" : "";

    buf_addf(out, "%saisle:%s ", red, plain);
    buf_shown(out, text);
    if (err->remote_code[0] || err->request_id[0])
        buf_addf(out, " (%s%s%s%s)", err->remote_code,
                 err->remote_code[0] && err->request_id[0] ? ", " : "",
                 err->request_id[0] ? "request id " : "", err->request_id);
    buf_addc(out, '\n');
    if (!str_empty(remedy)) {
        buf_addz(out, "try: ");
        buf_shown(out, remedy);
        buf_addc(out, '\n');
    }
}

void say_error(struct voice *v, const struct aisle_err *err, struct str remedy)
{
    struct buf line = BUF_INIT(BUF_MAX_LINE), clean = BUF_INIT(BUF_MAX_LINE);

    scrub_text(str_of(err->text[0] ? err->text : aisle_status_name(err->status)), &clean);
    if (v->json)
        add_error_json(v, err, buf_str(&clean), remedy, &line);
    else
        add_error_text(v, err, buf_str(&clean), remedy, &line);
    say_text(v, buf_str(&line));
    buf_clear(&clean);
    buf_clear(&line);
}

/* ---- progress ---- */

void duration_format(int64_t seconds, struct buf *out)
{
    if (seconds < 60)
        buf_addf(out, "%llds", (long long)seconds);
    else if (seconds < 3600)
        buf_addf(out, "%lldm%02llds", (long long)seconds / 60, (long long)seconds % 60);
    else
        buf_addf(out, "%lldh%02lldm", (long long)seconds / 3600,
                 (long long)seconds / 60 % 60);
}

static void add_counts(const struct progress *p, struct buf *out)
{
    const struct run_counts *c = p->counts;

    if (c->total >= 0)
        buf_addf(out, "  %lld/%lld", (long long)c->done, (long long)c->total);
    else if (c->done > 0)
        buf_addf(out, "  %lld", (long long)c->done);
    if (c->total > 0)
        buf_addf(out, " %lld%%", (long long)(100 * c->done / c->total));
    if (p->per_second > 0)
        buf_addf(out, "  %.1f/s", p->per_second);
    buf_addf(out, "  calls %lld", (long long)c->calls);
    if (p->budget >= 0)
        buf_addf(out, " of %lld", (long long)p->budget);
    if (c->refused > 0)
        buf_addf(out, "  refused %lld", (long long)c->refused);
}

void progress_format(const struct progress *p, struct buf *out)
{
    buf_addz(out, p->doing);
    if (p->counts)
        add_counts(p, out);
    if (p->seconds_left >= 0) {
        buf_addz(out, "  ");
        duration_format(p->seconds_left, out);
        buf_addz(out, " left");
    }
}

void say_progress(void *ctx, const struct progress *p)
{
    struct voice *v = ctx;
    struct buf line = BUF_INIT(BUF_MAX_LINE), text = BUF_INIT(BUF_MAX_LINE);

    if (!v->terminal || v->quiet)
        return;
    pthread_mutex_lock(&v->lock);
    if (!v->progress_shown ||
        clock_mono_ms(v->clock) - v->progress_at >= PROGRESS_EVERY_MS) {
        progress_format(p, &text);
        buf_addz(&line, "\r\033[K");
        buf_fit(&line, buf_str(&text), v->width > 1 ? v->width - 1 : 1);
        write_all(v, buf_str(&line));
        v->progress_shown = true;
        v->progress_at = clock_mono_ms(v->clock);
    }
    pthread_mutex_unlock(&v->lock);
    buf_clear(&text);
    buf_clear(&line);
}

void say_progress_end(struct voice *v)
{
    pthread_mutex_lock(&v->lock);
    take_progress_away(v);
    pthread_mutex_unlock(&v->lock);
}
