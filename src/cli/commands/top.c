/* top.c - shops' queues, workers, limits and errors, as they are just now
 *
 * On a terminal the picture is drawn anew every few seconds, in one write, over the last
 * one; the terminal is given back as it was. Elsewhere, and with --once, it is shown
 * once.
 */
#include "base/json.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "cli/stop.h"
#include "flows/limits.h"

#include <sys/ioctl.h>
#include <unistd.h>

enum {
    MAX_PICTURE = 1024 * 1024,
    TICK_MS = 100,
    RATES = 256,
    SILENT_S = 15, /* a worker says every five seconds how it is */
};

static const char enter[] = "\033[?1049h\033[?25l"; /* another screen, no cursor */
static const char leave[] = "\033[?25h\033[?1049l";

/* How many calls a key had at the last picture. */
struct seen {
    uint64_t key;
    int64_t calls;
};

struct picture {
    struct cli *cli;
    struct buf *out;
    struct json_out json;
    bool as_json;
    size_t rows, columns; /* of the terminal; 0: no end */
    size_t lines, left_out;
    int64_t now;              /* UTC */
    int64_t at_ms, before_ms; /* of this picture and the last; monotonic, 0 none */
    struct seen seen[RATES];
    size_t seen_count;
};

/* ---- lines ---- */

/* One line cut to the width; what follows the end of the screen is counted, not drawn. */
static void put_line(struct picture *p, struct buf *line)
{
    struct str text = buf_str(line);

    if (p->rows && p->lines + 2 > p->rows) {
        p->left_out++;
    } else {
        if (p->columns && text.n > p->columns) {
            text = str_head(text, p->columns);
            while (text.n && ((unsigned char)text.p[text.n - 1] & 0xc0) == 0x80)
                text.n--; /* not in the middle of a letter */
        }
        buf_add(p->out, text);
        buf_addz(p->out, p->rows ? "\033[K\r\n" : "\n");
        p->lines++;
    }
    buf_reset(line);
}

static void put_head(struct picture *p, const char *text)
{
    struct buf line = BUF_INIT(BUF_MAX_LINE);

    put_line(p, &line);
    buf_addz(&line, text);
    put_line(p, &line);
    buf_clear(&line);
}

static void add_name(struct buf *line, struct str name, int width)
{
    struct buf shown = BUF_INIT(BUF_MAX_LINE);

    buf_shown(&shown, name);
    buf_addf(line, "%-*.*s", width, (int)shown.n, shown.p ? shown.p : "");
    buf_clear(&shown);
}

static void add_time(struct json_out *json, const char *key, int64_t at)
{
    char text[TIME_LEN + 1];

    json_key(json, key);
    if (!at) {
        json_put_null(json);
        return;
    }
    time_format(at, text);
    json_put_str(json, str_of(text));
}

/* ---- shops ---- */

static enum aisle_status put_lane(void *ctx, const struct lane *l, struct aisle_err *err)
{
    struct picture *p = ctx;
    struct buf line = BUF_INIT(BUF_MAX_LINE), age = BUF_INIT(64);

    (void)err;
    if (p->as_json) {
        json_open(&p->json);
        json_add_str(&p->json, "seller", l->seller_id);
        json_add_str(&p->json, "shop", l->shop_id);
        json_add_int(&p->json, "waiting", l->waiting);
        json_add_int(&p->json, "urgent", l->urgent);
        json_add_int(&p->json, "taken", l->taken);
        json_add_int(&p->json, "done", l->done);
        json_add_int(&p->json, "dead", l->dead);
        add_time(&p->json, "oldest_at", l->oldest_at);
        json_close(&p->json);
        return AISLE_OK;
    }
    if (l->oldest_at)
        duration_format(p->now > l->oldest_at ? p->now - l->oldest_at : 0, &age);
    add_name(&line, l->shop_id, 24);
    buf_addf(&line, " %8lld %7lld %7lld %8lld %6lld  %.*s", (long long)l->waiting,
             (long long)l->urgent, (long long)l->taken, (long long)l->done,
             (long long)l->dead, (int)age.n, age.p ? age.p : "");
    put_line(p, &line);
    buf_clear(&line);
    buf_clear(&age);
    return AISLE_OK;
}

/* ---- limits ---- */

/* Calls a second since the last picture; below 0 unknown. */
static double rate_of(struct picture *p, const struct call_limit *l)
{
    uint64_t key = str_hash(l->key);
    struct seen *s = NULL;
    double rate = -1;

    for (size_t i = 0; i < p->seen_count && !s; i++)
        if (p->seen[i].key == key)
            s = &p->seen[i];
    if (s && p->at_ms > p->before_ms && p->before_ms)
        rate = (double)(l->calls - s->calls) * 1000 / (double)(p->at_ms - p->before_ms);
    if (!s && p->seen_count < RATES) {
        s = &p->seen[p->seen_count++];
        s->key = key;
    }
    if (s)
        s->calls = l->calls;
    return rate;
}

static enum aisle_status put_limit(void *ctx, const struct call_limit *l,
                                   struct aisle_err *err)
{
    struct picture *p = ctx;
    struct buf line = BUF_INIT(BUF_MAX_LINE);
    double rate = rate_of(p, l);

    (void)err;
    if (p->as_json) {
        json_open(&p->json);
        json_add_str(&p->json, "key", l->key);
        json_key(&p->json, "per_second");
        if (l->per_second > 0)
            json_put_num(&p->json, l->per_second);
        else
            json_put_null(&p->json);
        json_add_int(&p->json, "calls", l->calls);
        json_add_int(&p->json, "throttled", l->throttled);
        json_close(&p->json);
        return AISLE_OK;
    }
    add_name(&line, l->key, 40);
    if (l->per_second > 0)
        buf_addf(&line, " %8.1f", l->per_second);
    else
        buf_addz(&line, "     none");
    if (rate >= 0)
        buf_addf(&line, " %8.1f", rate);
    else
        buf_addz(&line, "         ");
    buf_addf(&line, " %10lld %9lld", (long long)l->calls, (long long)l->throttled);
    put_line(p, &line);
    buf_clear(&line);
    return AISLE_OK;
}

/* ---- workers ---- */

static enum aisle_status put_worker(void *ctx, const struct worker_report *w,
                                    struct aisle_err *err)
{
    struct picture *p = ctx;
    struct buf line = BUF_INIT(BUF_MAX_LINE);
    int64_t unseen_s = p->now > w->seen_at ? p->now - w->seen_at : 0;

    (void)err;
    if (p->as_json) {
        json_open(&p->json);
        json_add_str(&p->json, "worker", w->id);
        json_add_int(&p->json, "slots", w->slots);
        json_add_int(&p->json, "busy", w->busy);
        json_add_int(&p->json, "done", w->done);
        json_add_int(&p->json, "failed", w->failed);
        json_add_int(&p->json, "lost", w->lost);
        add_time(&p->json, "started_at", w->started_at);
        add_time(&p->json, "seen_at", w->seen_at);
        json_add_str(&p->json, "doing", w->doing);
        json_add_str(&p->json, "last_error", w->last_error);
        json_close(&p->json);
        return AISLE_OK;
    }
    add_name(&line, w->id, 32);
    buf_addf(&line, " %3lld/%-3lld %7lld %6lld %5lld %5llds  ", (long long)w->busy,
             (long long)w->slots, (long long)w->done, (long long)w->failed,
             (long long)w->lost, (long long)unseen_s);
    if (unseen_s > SILENT_S)
        buf_addz(&line, "silent; had ");
    add_name(&line, unseen_s > SILENT_S && !w->doing.n ? STR_LIT("nothing") : w->doing,
             0);
    put_line(p, &line);
    if (w->last_error.n) {
        buf_addz(&line, "    last error: ");
        add_name(&line, w->last_error, 0);
        put_line(p, &line);
    }
    buf_clear(&line);
    return AISLE_OK;
}

/* ---- the picture ---- */

static void begin_part(struct picture *p, const char *key, const char *head)
{
    if (p->as_json) {
        json_key(&p->json, key);
        json_open_list(&p->json);
    } else {
        put_head(p, head);
    }
}

static void end_part(struct picture *p)
{
    if (p->as_json)
        json_close_list(&p->json);
}

static enum aisle_status fill(struct picture *p, struct aisle_err *err)
{
    struct store *store = p->cli->app.store;
    const struct store_tasks *tasks = store->ops->tasks;
    enum aisle_status status;

    begin_part(
        p, "workers",
        "WORKER                            BUSY       DONE FAILED  LOST   SEEN  DOING");
    status = tasks->each_worker(store, put_worker, p, err);
    end_part(p);
    if (status != AISLE_OK)
        return status;
    begin_part(
        p, "shops",
        "SHOP                      WAITING  URGENT   TAKEN     DONE   DEAD  OLDEST");
    status = tasks->each_lane(store, put_lane, p, err);
    end_part(p);
    if (status != AISLE_OK)
        return status;
    begin_part(p, "limits",
               "APP/SHOP                                    LIMIT   CALLS/S      CALLS   "
               "    429");
    status = flow_limits_each(store, put_limit, p, err);
    end_part(p);
    return status;
}

static void put_title(struct picture *p)
{
    struct buf line = BUF_INIT(BUF_MAX_LINE);
    struct str at = store_location_shown(cli_text(p->cli, "store"), &p->cli->arena);
    char time[TIME_LEN + 1];

    time_format(p->now, time);
    buf_addf(&line, "aisle top  %s  %.*s", time, STR_ARG(at));
    put_line(p, &line);
    buf_clear(&line);
}

static enum aisle_status draw(struct picture *p, struct aisle_err *err)
{
    const struct clock *clock = p->cli->app.clock;
    enum aisle_status status;

    p->lines = p->left_out = 0;
    p->now = clock_now_s(clock);
    p->at_ms = clock_mono_ms(clock);
    if (p->as_json) {
        p->json = (struct json_out){.buf = p->out};
        json_open(&p->json);
        add_time(&p->json, "at", p->now);
    } else {
        put_title(p);
    }
    status = fill(p, err);
    p->before_ms = p->at_ms;
    if (status != AISLE_OK)
        return status;
    if (p->as_json) {
        json_close(&p->json);
        buf_addc(p->out, '\n');
    } else if (p->left_out) {
        buf_addf(p->out, "... %zu more", p->left_out);
    }
    return buf_check(p->out, "a picture", err);
}

/* ---- once, and again and again ---- */

static enum aisle_status show_once(struct picture *p, struct aisle_err *err)
{
    enum aisle_status status = draw(p, err);

    if (status == AISLE_OK)
        status = out_text(&p->cli->out, buf_str(p->out), err);
    return status == AISLE_OK ? out_flush(&p->cli->out, err) : status;
}

static bool write_all(struct str text)
{
    while (text.n) {
        ssize_t n = write(STDOUT_FILENO, text.p, text.n);

        if (n <= 0)
            return false;
        text = str_skip(text, (size_t)n);
    }
    return true;
}

static void measure(struct picture *p)
{
    struct winsize size = {0};

    p->rows = 24;
    p->columns = 80;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
        p->rows = size.ws_row;
        p->columns = size.ws_col;
    }
}

static void wait_for_s(const struct picture *p, int64_t seconds)
{
    for (int64_t ms = 0; ms < seconds * 1000 && !stop_asked(); ms += TICK_MS)
        clock_sleep_ms(p->cli->app.clock, TICK_MS);
}

/* A store that does not answer just now is told on the screen and asked again. */
static enum aisle_status watch(struct picture *p, int64_t every_s, struct aisle_err *err)
{
    bool written = write_all(str_of(enter));

    while (written && !stop_asked()) {
        struct aisle_err why = {0};

        measure(p);
        buf_reset(p->out);
        buf_addz(p->out, "\033[H");
        if (draw(p, &why) != AISLE_OK)
            buf_addf(p->out, "%s\033[K\r\n", why.text);
        buf_addz(p->out, "\033[J");
        written = write_all(buf_str(p->out));
        wait_for_s(p, every_s);
    }
    written = write_all(str_of(leave)) && written;
    return written ? AISLE_OK : aisle_fail(err, AISLE_IO, "cannot write to the terminal");
}

static enum aisle_status run(struct cli *cli, struct aisle_err *err)
{
    struct buf out = BUF_INIT(MAX_PICTURE);
    struct picture *p = arena_zalloc(&cli->arena, 1, sizeof *p);
    int64_t every_s = cli_seconds(cli, "every", 2);
    enum aisle_status status = p ? AISLE_OK : aisle_nomem(err);

    if (status == AISLE_OK && every_s < 1)
        return cli_misuse(cli, err, "--every is a second at least");
    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status != AISLE_OK)
        return status;
    p->cli = cli;
    p->out = &out;
    p->as_json = cli_switch(cli, "json");
    if (p->as_json || cli_switch(cli, "once") || !isatty(STDOUT_FILENO))
        status = show_once(p, err);
    else
        status = watch(p, every_s, err);
    buf_clear(&out);
    return status;
}

static const struct option options[] = {
    {.name = "every",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .fallback = "2s",
     .help = "between two pictures"},
    {.name = "once", .kind = OPTION_SWITCH, .help = "show it once, and end"},
    {.name = "json", .kind = OPTION_SWITCH, .help = "once, as one JSON object"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle top", "live, until Ctrl-C"},
    {"aisle top --once", "as it is now, as text"},
    END_OF_EXAMPLES,
};

const struct command command_top = {
    .noun = "top",
    .summary = "workers, shops' queues and limits, live",
    .about =
        "Shows who works, what waits in each shop's lane, how often each shop may be "
        "called and is, and the last error of each worker. The same numbers are in "
        "/metrics of the service.",
    .examples = examples,
    .options = options,
    .uses = USES_STORE,
    .run = run,
};
