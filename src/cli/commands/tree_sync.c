#include "cli/commands/list.h"
#include "cli/commands/tree_diff.h"

enum { LINES_SHOWN = 20 };

static const struct column columns[] = {
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree, in full form"},
    {.name = "outcome",
     .kind = COLUMN_ID,
     .help = "first, unchanged, changed, held, dry-run or not-due"},
    {.name = "categories", .kind = COLUMN_COUNT, .help = "in the tree that came"},
    {.name = "leaves", .kind = COLUMN_COUNT, .help = "of them take products"},
    {.name = "added", .kind = COLUMN_COUNT, .help = "categories that are new"},
    {.name = "removed", .kind = COLUMN_COUNT, .help = "that are gone"},
    {.name = "renamed", .kind = COLUMN_COUNT, .help = "in a language both trees have"},
    {.name = "moved", .kind = COLUMN_COUNT, .help = "that hang under another parent"},
    {.name = "impacted", .kind = COLUMN_COUNT, .help = "mappings it breaks"},
    {.name = "leaf_to_parent",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "that no longer take products"},
    {.name = "parent_to_leaf",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "that now take products"},
    {.name = "permission",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "with other permissions"},
    {.name = "problems",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "oddities of the answer"},
    {.name = "snapshot", .kind = COLUMN_COUNT, .detail = true, .help = "that stands now"},
    {.name = "previous",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "that it was compared with"},
    {.name = "calls", .kind = COLUMN_COUNT, .detail = true, .help = "to the marketplace"},
    {.name = "elapsed_ms", .kind = COLUMN_COUNT, .detail = true, .help = "milliseconds"},
    {.name = "run", .kind = COLUMN_ID, .detail = true, .help = "the record of it"},
    END_OF_COLUMNS,
};

/* ---- what a sync tells while it goes on ---- */

struct telling {
    struct cli *cli;
    size_t differences, impacts, most;
    struct buf was, is, line;
};

static void tell_problem(void *ctx, enum taxonomy_problem problem, struct str id,
                         struct str name, struct str locale)
{
    struct telling *t = ctx;

    log_line(&t->cli->voice.log, LOG_INFO, "%s: category %.*s '%.*s' %.*s",
             taxonomy_problem_name(problem), STR_ARG(id), STR_ARG(name), STR_ARG(locale));
}

static void tell_difference(void *ctx, const struct taxonomy *then,
                            const struct taxonomy *now, const struct category_diff *diff)
{
    struct telling *t = ctx;
    struct str id = diff->is ? diff->is->id : diff->was->id;
    char changes[CHANGES_TEXT_MAX];

    if (then->count == 0 || t->differences++ >= t->most)
        return; /* a first tree is all new: the count says it */
    changes_text(diff, changes);
    buf_reset(&t->was);
    buf_reset(&t->is);
    diff_paths(then, now, diff, &t->was, &t->is);
    if (diff->was && diff->is && !str_eq(buf_str(&t->was), buf_str(&t->is)))
        say(&t->cli->voice, "  %s %.*s: %.*s -> %.*s", changes, STR_ARG(id),
            STR_ARG(buf_str(&t->was)), STR_ARG(buf_str(&t->is)));
    else
        say(&t->cli->voice, "  %s %.*s: %.*s", changes, STR_ARG(id),
            STR_ARG(diff->is ? buf_str(&t->is) : buf_str(&t->was)));
}

static void tell_impact(void *ctx, const struct impact *impact)
{
    struct telling *t = ctx;

    if (t->impacts++ >= t->most)
        return;
    buf_reset(&t->line);
    impact_text(impact, &t->line);
    say(&t->cli->voice, "  touched: %.*s", STR_ARG(buf_str(&t->line)));
}

static void tell_end(struct telling *t, const struct sync_result *r)
{
    struct voice *v = &t->cli->voice;
    size_t more = t->differences > t->most ? t->differences - t->most : 0;
    struct buf words = BUF_INIT(BUF_MAX_LINE);

    if (more)
        say(v, "  … and %zu more", more);
    if (r->outcome != SYNC_FIRST) /* all of it is new */
        diff_counts_text(&r->diff, &words);
    say(v, "%.*s: %s, %zu categories, %zu leaves%s%.*s", STR_ARG(r->target_id),
        r->outcome == SYNC_FIRST ? "its first tree" : sync_outcome_name(r->outcome),
        r->categories, r->leaves, words.n ? "; " : "", STR_ARG(buf_str(&words)));
    if (r->outcome == SYNC_DRY_RUN && !str_empty(r->held))
        say(v, "it would be held: %.*s", STR_ARG(r->held));
    if (r->problems)
        say(v, "%zu %s in the answer; -v names %s", r->problems,
            say_noun((int64_t)r->problems, "oddity", "oddities"),
            say_noun((int64_t)r->problems, "it", "them"));
    if (r->impacted)
        say(v, "%zu %s touched; next: aisle tree impact --target %.*s", r->impacted,
            say_noun((int64_t)r->impacted, "mapping is", "mappings are"),
            STR_ARG(r->target_id));
    buf_clear(&words);
}

/* ---- one target ---- */

static enum aisle_status sync_row(struct cli *cli, const struct sync_result *r,
                                  struct aisle_err *err)
{
    struct out *out = &cli->out;

    out_str(out, r->target_id);
    out_str(out, str_of(sync_outcome_name(r->outcome)));
    out_int(out, (int64_t)r->categories);
    out_int(out, (int64_t)r->leaves);
    out_int(out, (int64_t)r->diff.added);
    out_int(out, (int64_t)r->diff.removed);
    out_int(out, (int64_t)r->diff.renamed);
    out_int(out, (int64_t)r->diff.moved);
    out_int(out, (int64_t)r->impacted);
    out_int(out, (int64_t)r->diff.leaf_to_parent);
    out_int(out, (int64_t)r->diff.parent_to_leaf);
    out_int(out, (int64_t)r->diff.permission);
    out_int(out, (int64_t)r->problems);
    out_int(out, r->snapshot_id);
    out_int(out, r->previous_id);
    out_int(out, (int64_t)r->calls);
    out_int(out, r->elapsed_ms);
    out_opt(out, str_of(r->run_id));
    return out_row(out, err);
}

/* *different: this tree is another than the stored one. */
static enum aisle_status sync_one(struct cli *cli, const struct sync_request *request,
                                  bool *different, struct aisle_err *err)
{
    struct telling telling = {.cli = cli,
                              .most = LINES_SHOWN,
                              .was = BUF_INIT(BUF_MAX_LINE),
                              .is = BUF_INIT(BUF_MAX_LINE),
                              .line = BUF_INIT(BUF_MAX_LINE)};
    struct sync_listener listener = {.ctx = &telling,
                                     .problem = tell_problem,
                                     .differs = tell_difference,
                                     .impact = tell_impact};
    struct sync_result r = {0};
    enum aisle_status status;

    if (request->dry_run || cli_switch(cli, "verbose"))
        telling.most = SIZE_MAX;
    status = flow_sync(&cli->app, request, &listener, &cli->arena, &r, err);
    say_progress_end(&cli->voice);
    if (status == AISLE_OK) {
        tell_end(&telling, &r);
        *different = !diff_is_empty(&r.diff) || r.outcome == SYNC_FIRST;
        status = sync_row(cli, &r, err);
    }
    if (status == AISLE_OK && r.outcome == SYNC_HELD) {
        cli_try(cli, "aisle tree sync %.*s --accept-shrink", STR_ARG(r.target_id));
        status = aisle_fail(err, AISLE_INVALID, "%.*s: not kept", STR_ARG(r.held));
    }
    buf_clear(&telling.was);
    buf_clear(&telling.is);
    buf_clear(&telling.line);
    return status;
}

/* ---- which targets ---- */

struct names {
    struct cli *cli;
    struct str *list;
    size_t count, cap;
};

static enum aisle_status add_name(struct names *n, struct str name, struct aisle_err *err)
{
    struct str kept = arena_str(&n->cli->arena, name);

    if (n->count == n->cap) {
        size_t cap = n->cap ? 2 * n->cap : 16;
        struct str *list = arena_alloc(&n->cli->arena, cap * sizeof(*list));

        if (!list)
            return aisle_nomem(err);
        if (n->count)
            memcpy(list, n->list, n->count * sizeof(*list));
        n->list = list;
        n->cap = cap;
    }
    if (!kept.p)
        return aisle_nomem(err);
    n->list[n->count++] = kept;
    return AISLE_OK;
}

static enum aisle_status add_target(void *ctx, const struct target *target,
                                    struct aisle_err *err)
{
    return add_name(ctx, target->id, err);
}

static enum aisle_status add_shop(void *ctx, const struct shop *shop,
                                  struct aisle_err *err)
{
    return add_name(ctx, shop->id, err);
}

/* Those said; else every target there is; else every shop's usual one. */
static enum aisle_status which_targets(struct cli *cli, struct names *out,
                                       struct aisle_err *err)
{
    struct store *store = cli->app.store;
    const struct str *said;
    size_t count;
    enum aisle_status status = cli_list(cli, "target", &said, &count, err);

    if (cli->args.operand_count) {
        said = cli->args.operands;
        count = cli->args.operand_count;
    }
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = add_name(out, said[i], err);
    if (status == AISLE_OK && out->count == 0)
        status = store->ops->shops->each_target(store, STR_LIT(""), add_target, out, err);
    if (status == AISLE_OK && out->count == 0)
        status = store->ops->shops->each_shop(store, add_shop, out, err);
    if (status == AISLE_OK && out->count == 0) {
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no shop yet");
        cli_try_lacking(cli, STR_LIT(""));
    }
    return status;
}

/* ---- all of them ---- */

/* Each on its own: one that fails does not keep the others from being synced. */
static enum aisle_status sync_each(struct cli *cli, const struct names *names,
                                   struct sync_request *request, bool *different,
                                   struct aisle_err *err)
{
    size_t failed = 0;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < names->count; i++) {
        struct aisle_err one = {0};
        bool differs = false;

        request->target = names->list[i];
        status = sync_one(cli, request, &differs, &one);
        *different = *different || differs;
        if (status == AISLE_OK)
            continue;
        if (status == AISLE_NOT_FOUND && cli->remedy.n == 0)
            cli_try_lacking(cli, names->list[i]);
        aisle_note(&one, "while syncing %.*s", STR_ARG(names->list[i]));
        if (names->count == 1 || status == AISLE_STOPPED) {
            aisle_pass(err, &one);
            return status;
        }
        failed++;
        one.status = status;
        say_error(&cli->voice, &one, buf_str(&cli->remedy));
        buf_reset(&cli->remedy);
    }
    if (failed == names->count)
        return aisle_fail(err, status, "none of %zu trees was synced", failed);
    if (failed)
        cli->exit_code = EXIT_PARTLY;
    return AISLE_OK;
}

static enum aisle_status run_sync(struct cli *cli, struct aisle_err *err)
{
    struct names names = {.cli = cli};
    struct sync_request request = {0};
    bool different = false;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = which_targets(cli, &names, err);
    if (status == AISLE_OK)
        status = cli_list(cli, "locale", &request.locales, &request.locale_count, err);
    request.dry_run = cli_switch(cli, "dry-run");
    request.accept_shrink = cli_switch(cli, "accept-shrink");
    request.include_prohibited = cli_switch(cli, "include-prohibited");
    request.due_after_s = cli_seconds(cli, "due", 0);
    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = sync_each(cli, &names, &request, &different, err);
    if (status == AISLE_OK && different && cli_switch(cli, "exit-code") &&
        cli->exit_code == EXIT_DONE)
        cli->exit_code = EXIT_DIFFERENT;
    if (status == AISLE_STOPPED)
        cli_try(cli, "the same again: nothing half was kept");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option options[] = {
    OPTION_TARGETS,
    OPTION_LOCALES,
    OPTION_DRY_RUN,
    {.name = "accept-shrink",
     .kind = OPTION_SWITCH,
     .help = "keep it also when over a twentieth of the leaves is gone or closed"},
    {.name = "due",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "skip what was checked less than this ago, such as 12h; for cron"},
    {.name = "include-prohibited",
     .kind = OPTION_SWITCH,
     .help = "ask for categories too that the shop may not list in"},
    {.name = "exit-code",
     .kind = OPTION_SWITCH,
     .help = "end with exit code 10 when there are differences"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle tree sync toko-a --locale id-ID,en-US",
     "the tree of a shop, in two languages"},
    {"aisle tree sync --dry-run", "what would change, in every tree there is"},
    {"aisle tree sync toko-a:v2:TOKOPEDIA", "of today's Tokopedia, through TikTok Shop"},
    {"aisle tree sync --due 12h --quiet", "for cron: those not checked for twelve hours"},
    END_OF_EXAMPLES,
};

const struct command command_tree_sync = {
    .noun = "tree",
    .verb = "sync",
    .operands = "[TARGET]...",
    .summary = "fetch marketplaces' trees, show what changed, keep them",
    .about =
        "A target is SHOP, SHOP:VERSION or SHOP:VERSION:PLATFORM; without one, every "
        "target that was synced before. A tree is kept whole or not at all, and one "
        "that lost over a twentieth of its leaves, in all or in one language, "
        "or had as many closed, is held until --accept-shrink.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run_sync,
};
