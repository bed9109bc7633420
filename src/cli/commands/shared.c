#include "cli/commands/shared.h"

#include "cli/stop.h"
#include "flows/sync.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_LINE = 16 * 1024 };

/* ---- targets and trees ---- */

enum aisle_status cli_target(struct cli *cli, struct target *out, struct shop *shop,
                             struct aisle_err *err)
{
    struct str asked = cli_text(cli, "target");
    struct shop ignored;

    if (str_find_char(asked, ',') < asked.n)
        return cli_misuse(cli, err, "this is done for one target at a time");
    return flow_target(&cli->app, asked, &cli->arena, out, shop ? shop : &ignored, err);
}

/* The place in the tree of the language asked for; the tree's first when none is. */
static enum aisle_status choose_locale(const struct cli *cli, struct open_tree *t,
                                       struct aisle_err *err)
{
    struct str asked = cli_text(cli, "locale");

    asked = str_cut(&asked, ',');
    t->locale = 0;
    if (str_empty(asked))
        return AISLE_OK;
    t->locale = taxonomy_locale(&t->tree, asked);
    if (t->locale == TAXONOMY_NONE)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "the tree was synced in %.*s, not in %.*s",
                          STR_ARG(t->snapshot.locales), STR_ARG(asked));
    return AISLE_OK;
}

enum aisle_status cli_tree(struct cli *cli, int64_t snapshot_id, struct open_tree *out,
                           struct aisle_err *err)
{
    const struct store *store = cli->app.store;
    enum aisle_status status = cli_target(cli, &out->target, &out->shop, err);

    if (status != AISLE_OK)
        return status;
    status = store->ops->trees->load(cli->app.store, out->target.id, snapshot_id,
                                     &cli->arena, &out->snapshot, &out->tree, err);
    if (status == AISLE_NOT_FOUND && snapshot_id == 0)
        cli_try(cli, "aisle tree sync %.*s", STR_ARG(out->target.id));
    else if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle tree history --target %.*s", STR_ARG(out->target.id));
    return status == AISLE_OK ? choose_locale(cli, out, err) : status;
}

struct str open_tree_path(const struct open_tree *t, const struct category *c,
                          struct arena *arena)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct str kept;

    category_path(&t->tree, c, t->locale, &path);
    kept = arena_str(arena, buf_str(&path));
    buf_clear(&path);
    return kept;
}

enum aisle_status open_tree_find(const struct open_tree *t, struct str asked,
                                 const struct category **out, struct aisle_err *err)
{
    const struct category *c = taxonomy_get(&t->tree, asked);

    if (!c)
        c = taxonomy_at_path(&t->tree, asked);
    if (!c)
        return aisle_fail(err, AISLE_NOT_FOUND, "no category '%.*s' in the tree of %.*s",
                          STR_ARG(asked), STR_ARG(t->target.id));
    *out = c;
    return AISLE_OK;
}

enum { FRESH_EVERY_S = 240, SWEEP_EVERY_S = 3600 };

struct rounds cli_rounds(const struct cli *cli)
{
    return (struct rounds){.sync_every_s = cli_seconds(cli, "sync-every", 0),
                           .requirements_every_s =
                               cli_seconds(cli, "requirements-every", 0),
                           .status_every_s = cli_seconds(cli, "status-every", 0),
                           .train_every_s = cli_seconds(cli, "train-every", 0),
                           .fresh_every_s = FRESH_EVERY_S,
                           .sweep_every_s = SWEEP_EVERY_S};
}

struct str cli_seller(const struct cli *cli)
{
    struct str seller = cli_text(cli, "seller");

    return str_empty(seller) ? STR_LIT("default") : seller;
}

/* Why a path is no model's, or NULL; what is in it is looked at when it is opened. */
static const char *no_model(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return "there is no model";
    return S_ISDIR(st.st_mode) ? "name a model's file, not the folder" : NULL;
}

enum aisle_status cli_model(struct cli *cli, struct str *out, struct aisle_err *err)
{
    const struct setting *setting = settings_get(&cli->settings, "model");
    struct str path = arena_str(&cli->arena, cli_text(cli, "model"));
    const char *why;

    if (!path.p)
        return aisle_nomem(err);
    why = str_empty(path) || str_is(path, "none") ? NULL : no_model(path.p);
    if (why) {
        if (!setting || setting->origin == ORIGIN_FLAG)
            return aisle_fail(err, AISLE_NOT_FOUND, "%s %s", why, path.p);
        say_warning(&cli->voice, "%s %s: going on without one", why, path.p);
        path = STR_LIT("");
    }
    *out = path;
    return AISLE_OK;
}

/* ---- asking ---- */

enum aisle_status cli_read_line(struct cli *cli, struct str *out, struct aisle_err *err)
{
    struct buf line = BUF_INIT(LONGEST_LINE);
    enum aisle_status status = AISLE_OK;
    char c;

    for (;;) {
        ssize_t n = read(STDIN_FILENO, &c, 1); /* no more than the line: others read on */

        if (n < 0 && errno == EINTR && !stop_asked())
            continue;
        if (n < 0 && errno == EINTR)
            status = aisle_fail(err, AISLE_STOPPED, "stopped as asked");
        else if (n <= 0 && line.n == 0)
            status = aisle_fail(err, AISLE_NOT_FOUND, "nothing was typed");
        if (n <= 0 || c == '\n')
            break;
        buf_addc(&line, c);
    }
    if (status == AISLE_OK)
        status = buf_check(&line, "line", err);
    if (status == AISLE_OK) {
        *out = arena_str(&cli->arena, str_trim(buf_str(&line)));
        status = out->p ? AISLE_OK : aisle_nomem(err);
    }
    buf_clear(&line);
    return status;
}

enum aisle_status cli_confirm(struct cli *cli, struct aisle_err *err,
                              const char *question, ...)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str answer;
    enum aisle_status status;
    va_list ap;

    if (cli_switch(cli, "yes"))
        return AISLE_OK;
    if (!isatty(STDIN_FILENO))
        return cli_misuse(cli, err, "cannot ask without a terminal: say --yes");
    va_start(ap, question);
    buf_vaddf(&text, question, ap);
    va_end(ap);
    buf_addz(&text, " [y/N] ");
    say_text(&cli->voice, buf_str(&text));
    buf_clear(&text);
    status = cli_read_line(cli, &answer, err);
    if (status == AISLE_OK && !str_eq_nocase(answer, STR_LIT("y")) &&
        !str_eq_nocase(answer, STR_LIT("yes")))
        status = aisle_fail(err, AISLE_STOPPED, "nothing was done");
    return status;
}

bool cli_wants_summary(const struct cli *cli)
{
    return cli->out.form != OUT_TABLE || !str_empty(cli->out.fields) || cli->voice.quiet;
}

enum aisle_status out_done(struct out *o, struct aisle_err *err)
{
    enum aisle_status status = out_row(o, err);

    return status == AISLE_OK ? out_end(o, err) : status;
}

/* ---- files ---- */

enum aisle_status cli_open_stream(struct str path, FILE **out, struct aisle_err *err)
{
    char name[PATH_MAX];
    struct stat facts = {0};

    if (str_is(path, "-")) {
        *out = stdin;
        return AISLE_OK;
    }
    if (path.n >= sizeof(name))
        return aisle_fail(err, AISLE_INVALID, "path of %zu bytes is too long", path.n);
    memcpy(name, path.p, path.n);
    name[path.n] = '\0';
    if (stat(name, &facts) == 0 && S_ISDIR(facts.st_mode))
        return aisle_fail(err, AISLE_INVALID, "%s is a folder: name a file in it", name);
    if (S_ISREG(facts.st_mode) && facts.st_size == 0)
        return aisle_fail(err, AISLE_INVALID, "%s is empty", name);
    *out = fopen(name, "re");
    if (!*out)
        return aisle_fail(err, errno == ENOENT ? AISLE_NOT_FOUND : AISLE_IO,
                          "cannot read %s: %s", name, strerror(errno));
    return AISLE_OK;
}

void cli_close_stream(FILE *f)
{
    if (f && f != stdin)
        fclose(f);
}
