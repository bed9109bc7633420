#include "cli/cli.h"

#include "base/file.h"
#include "base/json.h"
#include "cli/help.h"
#include "cli/stop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAST_HELP = 60 };

/* ---- options ---- */

struct str cli_text(const struct cli *cli, const char *name)
{
    const struct option *o = command_option(cli->command, str_of(name));
    const struct setting *s = settings_get(&cli->settings, name);
    struct str value;

    assert(o || s);
    if (s) /* flags are in it already */
        return s->value;
    if (args_value(&cli->args, name, &value))
        return value;
    value = str_of(o->env ? getenv(o->env) : NULL);
    return str_empty(value) ? str_of(o->fallback) : value;
}

bool cli_switch(const struct cli *cli, const char *name)
{
    struct str value;

    assert(command_option(cli->command, str_of(name)));
    return args_value(&cli->args, name, &value);
}

int64_t cli_count(const struct cli *cli, const char *name, int64_t absent)
{
    int64_t number = absent;

    parse_i64(cli_text(cli, name), 0, INT64_MAX, &number); /* checked when it came in */
    return number;
}

int64_t cli_seconds(const struct cli *cli, const char *name, int64_t absent)
{
    int64_t seconds = absent;

    parse_duration_s(cli_text(cli, name), &seconds);
    return seconds;
}

static void add_parts(struct str text, bool commas, struct str *list, size_t *count)
{
    while (!str_empty(text)) {
        struct str part = commas ? str_trim(str_cut(&text, ',')) : text;

        if (!commas)
            text = STR_LIT("");
        if (!str_empty(part))
            list[(*count)++] = part;
    }
}

enum aisle_status cli_list(struct cli *cli, const char *name, const struct str **out,
                           size_t *count, struct aisle_err *err)
{
    const struct setting *s = settings_get(&cli->settings, name);
    size_t most = 1, n = 0;
    struct str *list;

    for (size_t i = 0; s && i < s->value.n; i++)
        most += s->value.p[i] == ',';
    for (size_t i = 0; i < cli->args.given_count; i++)
        most += cli->args.given[i].value.n + 1;
    list = arena_alloc(&cli->arena, most * sizeof(*list));
    if (!list)
        return aisle_nomem(err);
    if (s)
        add_parts(s->value, s->option->commas, list, &n);
    else
        for (size_t i = 0; i < cli->args.given_count; i++)
            if (strcmp(cli->args.given[i].option->name, name) == 0)
                add_parts(cli->args.given[i].value, cli->args.given[i].option->commas,
                          list, &n);
    *out = list;
    *count = n;
    return AISLE_OK;
}

const struct column *cli_columns(const struct cli *cli)
{
    const struct command *c = cli->command;
    struct str ignored;

    if (c->other_option && args_value(&cli->args, c->other_option, &ignored))
        return c->other_columns;
    return c->columns;
}

struct str cli_operand(const struct cli *cli, size_t n)
{
    return n < cli->args.operand_count ? cli->args.operands[n] : STR_LIT("");
}

size_t cli_help_width(const struct cli *cli)
{
    size_t width = cli->out.width > LEAST_HELP ? cli->out.width : LEAST_HELP;

    return cli->out.form == OUT_TABLE && width < HELP_WIDTH ? width : HELP_WIDTH;
}

void cli_try(struct cli *cli, const char *fmt, ...)
{
    va_list ap;

    buf_reset(&cli->remedy);
    va_start(ap, fmt);
    buf_vaddf(&cli->remedy, fmt, ap);
    va_end(ap);
}

enum aisle_status cli_misuse(struct cli *cli, struct aisle_err *err, const char *fmt, ...)
{
    char text[sizeof err->text];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    cli->exit_code = EXIT_USAGE;
    return aisle_fail(err, AISLE_INVALID, "%s", text);
}

enum aisle_status cli_no_rows(struct cli *cli, const char *asked, struct aisle_err *err)
{
    static const char *const names[] = {"json", "jsonl", "fields"};
    struct str ignored;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (args_value(&cli->args, names[i], &ignored))
            return cli_misuse(cli, err, "%s is a text of its own: it has no --%s", asked,
                              names[i]);
    return AISLE_OK;
}

/* ---- settings ---- */

static const char *variable(void *ctx, const char *name)
{
    (void)ctx;
    return getenv(name);
}

enum aisle_status cli_load_settings(struct cli *cli, struct aisle_err *err)
{
    char folder[4096];
    struct settings_world world = {.variable = variable};
    const struct setting *format;
    enum aisle_status status;

    if (!getcwd(folder, sizeof(folder)))
        return aisle_fail(err, AISLE_IO, "cannot tell the working folder");
    world.folder = str_of(folder);
    status = settings_load(&world, &cli->args, &cli->arena, &cli->settings, err);
    format = status == AISLE_OK ? settings_get(&cli->settings, "log-format") : NULL;
    if (format && str_is(format->value, "json"))
        cli->voice.json = cli->voice.log.json = true;
    return status;
}

/* ---- files ---- */

static enum aisle_status zpath(struct str path, char out[4096], struct aisle_err *err)
{
    if (path.n >= 4096 || memchr(path.p ? path.p : "", '\0', path.n))
        return aisle_fail(err, AISLE_INVALID, "'%.*s' is no path",
                          STR_ARG(str_head(path, 80)));
    memcpy(out, path.p ? path.p : "", path.n);
    out[path.n] = '\0';
    return AISLE_OK;
}

static bool is_folder(int fd)
{
    struct stat facts;

    return fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode);
}

enum aisle_status cli_read(struct cli *cli, struct str path, struct buf *out,
                           struct aisle_err *err)
{
    bool is_stdin = str_is(path, "-");
    char name[4096];
    enum aisle_status status = zpath(path, name, err);
    int fd;

    (void)cli;
    if (status != AISLE_OK)
        return status;
    fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return aisle_fail(err, errno == ENOENT ? AISLE_NOT_FOUND : AISLE_IO,
                          "cannot read %s: %s", name, strerror(errno));
    if (is_folder(fd))
        status =
            aisle_fail(err, AISLE_INVALID, "%s is a folder: name a file in it", name);
    while (status == AISLE_OK && out->failed == AISLE_OK) {
        char piece[16 * 1024];
        ssize_t n = read(fd, piece, sizeof(piece));

        if (n == 0)
            break;
        if (n < 0 && errno == EINTR && stop_asked())
            status = aisle_fail(err, AISLE_STOPPED, "stopped as asked");
        else if (n < 0 && errno != EINTR)
            status =
                aisle_fail(err, AISLE_IO, "cannot read %s: %s", name, strerror(errno));
        if (n > 0)
            buf_add(out, str_n(piece, (size_t)n));
    }
    if (!is_stdin)
        close(fd);
    return status == AISLE_OK ? buf_check(out, is_stdin ? "stdin" : name, err) : status;
}

enum aisle_status cli_read_input(struct cli *cli, struct str path, struct buf *out,
                                 struct aisle_err *err)
{
    enum aisle_status status = cli_read(cli, path, out, err);

    if (status == AISLE_OK && str_empty(str_trim(buf_str(out))))
        status = aisle_fail(err, AISLE_INVALID, "%.*s is empty",
                            STR_ARG(str_is(path, "-") ? STR_LIT("stdin") : path));
    return status;
}

enum aisle_status cli_read_json(struct cli *cli, struct str path, struct buf *out,
                                struct aisle_err *err)
{
    struct str name = str_is(path, "-") ? STR_LIT("stdin") : path;
    enum aisle_status status = cli_read_input(cli, path, out, err);
    struct aisle_err why = {0};
    json_t *value = NULL;

    if (status != AISLE_OK)
        return status;
    name = arena_str(&cli->arena, name); /* with a NUL */
    if (!name.p)
        return aisle_nomem(err);
    status = json_read(buf_str(out), BUF_MAX_FILE, name.p, &value, &why);
    json_decref(value);
    if (status == AISLE_GARBLED)
        return aisle_fail(err, AISLE_INVALID, "%s", why.text);
    aisle_pass(err, &why);
    return status;
}

static enum aisle_status write_whole(int fd, const char *name, struct str text,
                                     struct aisle_err *err)
{
    while (!str_empty(text)) {
        ssize_t n = write(fd, text.p, text.n);

        if (n < 0 && errno != EINTR)
            return aisle_fail(err, AISLE_IO, "cannot write %s: %s", name,
                              strerror(errno));
        text = str_skip(text, n > 0 ? (size_t)n : 0);
    }
    if (fsync(fd) != 0 && errno != EINVAL)
        return aisle_fail(err, AISLE_IO, "cannot write %s: %s", name, strerror(errno));
    return AISLE_OK;
}

enum aisle_status cli_write(struct str path, struct str text, unsigned mode, bool replace,
                            struct aisle_err *err)
{
    char name[4096], part[4112];
    enum aisle_status status = zpath(path, name, err);
    int fd;

    if (status != AISLE_OK)
        return status;
    if (!replace && access(name, F_OK) == 0)
        return aisle_fail(err, AISLE_CONFLICT, "%s is there already", name);
    snprintf(part, sizeof(part), "%s.%ld~", name, (long)getpid());
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return aisle_fail(err, AISLE_IO, "cannot write %s: %s", name, strerror(errno));
    status = write_whole(fd, name, text, err);
    if (close(fd) != 0 && status == AISLE_OK)
        status = aisle_fail(err, AISLE_IO, "cannot write %s: %s", name, strerror(errno));
    if (status == AISLE_OK && replace && rename(part, name) != 0)
        status = aisle_fail(err, AISLE_IO, "cannot write %s: %s", name, strerror(errno));
    if (status == AISLE_OK && !replace && link(part, name) != 0)
        status = aisle_fail(err, errno == EEXIST ? AISLE_CONFLICT : AISLE_IO,
                            "cannot write %s: %s", name, strerror(errno));
    if (status != AISLE_OK || !replace)
        unlink(part);
    return status == AISLE_OK ? file_sync_name(name, err) : status;
}
