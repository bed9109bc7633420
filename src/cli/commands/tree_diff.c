#include "cli/commands/tree_diff.h"

#include "cli/commands/list.h"

#include <stdio.h>

/* ---- words ---- */

static const char *change_word(enum category_change change,
                               const struct category_diff *diff)
{
    if (change == CATEGORY_LEAFING)
        return diff->is->leaf ? "parent-to-leaf" : "leaf-to-parent";
    return category_change_name(change);
}

void changes_text(const struct category_diff *diff, char out[CHANGES_TEXT_MAX])
{
    size_t n = 0;

    out[0] = '\0';
    for (unsigned bit = CATEGORY_ADDED; bit <= CATEGORY_PERMISSION_CHANGED; bit <<= 1) {
        int more;

        if (!(diff->changes & bit))
            continue;
        more = snprintf(out + n, CHANGES_TEXT_MAX - n, "%s%s", n ? "," : "",
                        change_word((enum category_change)bit, diff));
        n += more > 0 ? (size_t)more : 0;
        if (n >= CHANGES_TEXT_MAX)
            return;
    }
}

void diff_paths(const struct taxonomy *then, const struct taxonomy *now,
                const struct category_diff *diff, struct buf *was, struct buf *is)
{
    uint32_t locale = TAXONOMY_NONE;

    /* of a rename that only one language tells, that language */
    for (uint32_t l = 0; diff->renamed_in && l < now->locale_count; l++)
        if (diff->renamed_in & (1U << l)) {
            locale = l;
            break;
        }
    if (diff->was)
        category_path(
            then, diff->was,
            locale == TAXONOMY_NONE ? 0 : taxonomy_locale(then, now->locales[locale]),
            was);
    if (diff->is)
        category_path(now, diff->is, locale == TAXONOMY_NONE ? 0 : locale, is);
}

bool diff_is_empty(const struct taxonomy_diff_counts *d)
{
    return d->added + d->removed + d->renamed + d->moved + d->leaf_to_parent +
               d->parent_to_leaf + d->permission ==
           0;
}

void diff_counts_text(const struct taxonomy_diff_counts *d, struct buf *out)
{
    const struct {
        size_t n;
        const char *word;
    } parts[] = {{d->added, "added"},
                 {d->removed, "removed"},
                 {d->renamed, "renamed"},
                 {d->moved, "moved"},
                 {d->leaf_to_parent, "no longer leaves"},
                 {d->parent_to_leaf, "now leaves"},
                 {d->permission, "with other permissions"}};
    bool first = true;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].n)
            continue;
        buf_addf(out, "%s%zu %s", first ? "" : ", ", parts[i].n, parts[i].word);
        first = false;
    }
    if (first)
        buf_addz(out, "no difference");
}

void impact_text(const struct impact *impact, struct buf *out)
{
    const struct decision *d = impact->mapping;

    buf_addf(out, "%s %.*s was in %.*s (%s)", decision_scope_name(d->scope),
             STR_ARG(d->key), STR_ARG(impact->was_path), impact->why);
    if (impact->products > 1)
        buf_addf(out, ", %zu products", impact->products);
    if (str_empty(impact->successor_id))
        return;
    buf_addf(out, "; could go to %.*s (%.*s, %s", STR_ARG(impact->successor_path),
             STR_ARG(impact->successor_id), impact->successor_by);
    if (impact->confidence < 1)
        buf_addf(out, ", %.0f %% sure", 100 * impact->confidence);
    buf_addc(out, ')');
}

/* ---- diff ---- */

static const struct column diff_columns[] = {
    {.name = "change",
     .kind = COLUMN_ID,
     .help =
         "added, removed, renamed, moved, leaf-to-parent, parent-to-leaf, permission"},
    {.name = "id", .kind = COLUMN_ID, .help = "of the category"},
    {.name = "was", .kind = COLUMN_PATH, .help = "the way to it before"},
    {.name = "is", .kind = COLUMN_PATH, .help = "the way to it now"},
    {.name = "permissions_was", .kind = COLUMN_TEXT, .detail = true, .help = "before"},
    {.name = "permissions_is", .kind = COLUMN_TEXT, .detail = true, .help = "now"},
    END_OF_COLUMNS,
};

struct diff_show {
    struct cli *cli;
    bool markdown;
    struct buf was, is;
    const struct taxonomy *then, *now;
    enum aisle_status status;
    struct aisle_err *err;
};

static void markdown_cell(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '|' || text.p[i] == '\\')
            buf_addc(out, '\\');
        buf_addc(out, text.p[i] == '\n' ? ' ' : text.p[i]);
    }
}

static enum aisle_status diff_markdown(struct diff_show *show, const char *changes,
                                       struct str id)
{
    struct buf *out = &show->cli->out.buf;

    buf_addf(out, "| %s | %.*s | ", changes, STR_ARG(id));
    markdown_cell(out, buf_str(&show->was));
    buf_addz(out, " | ");
    markdown_cell(out, buf_str(&show->is));
    buf_addz(out, " |\n");
    return out_text(&show->cli->out, STR_LIT(""), show->err);
}

static void out_permissions(struct out *o, const struct category *c, char text[80])
{
    text[0] = '\0';
    if (c)
        permission_format(c->permissions, text);
    out_opt(o, str_of(text));
}

static enum aisle_status diff_row(void *ctx, const struct category_diff *diff,
                                  struct aisle_err *err)
{
    struct diff_show *show = ctx;
    struct out *out = &show->cli->out;
    struct str id = diff->is ? diff->is->id : diff->was->id;
    char changes[CHANGES_TEXT_MAX], was[80], is[80];

    changes_text(diff, changes);
    buf_reset(&show->was);
    buf_reset(&show->is);
    diff_paths(show->then, show->now, diff, &show->was, &show->is);
    if (show->markdown)
        return diff_markdown(show, changes, id);
    out_str(out, str_of(changes));
    out_str(out, id);
    out_opt(out, buf_str(&show->was));
    out_opt(out, buf_str(&show->is));
    out_permissions(out, diff->was, was);
    out_permissions(out, diff->is, is);
    return out_row(out, err);
}

/* The flow tells of each difference with both trees at hand. */
static void diff_differs(void *ctx, const struct taxonomy *then,
                         const struct taxonomy *now, const struct category_diff *diff)
{
    struct diff_show *show = ctx;

    show->then = then;
    show->now = now;
    if (show->status == AISLE_OK)
        show->status = diff_row(show, diff, show->err);
}

static enum aisle_status run_diff(struct cli *cli, struct aisle_err *err)
{
    struct diff_show show = {.cli = cli,
                             .err = err,
                             .was = BUF_INIT(BUF_MAX_LINE),
                             .is = BUF_INIT(BUF_MAX_LINE)};
    struct sync_listener listener = {.ctx = &show, .differs = diff_differs};
    struct taxonomy_diff_counts counts = {0};
    struct buf words = BUF_INIT(BUF_MAX_LINE);
    struct target target;
    enum aisle_status status = AISLE_OK;

    show.markdown = str_is(cli_text(cli, "format"), "markdown");
    if (show.markdown)
        status = cli_no_rows(cli, "--format markdown", err);
    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = cli_target(cli, &target, NULL, err);
    if (status == AISLE_OK && show.markdown)
        buf_addz(&cli->out.buf, "| change | id | was | is |\n|---|---|---|---|\n");
    else if (status == AISLE_OK)
        status = out_begin_work(&cli->out, diff_columns, err);
    if (status == AISLE_OK)
        status = flow_tree_diff(&cli->app, target.id, cli_count(cli, "from", 0),
                                cli_count(cli, "to", 0), &listener, &counts, err);
    if (status == AISLE_OK)
        status = show.status;
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK) {
        diff_counts_text(&counts, &words);
        say(&cli->voice, "%.*s", STR_ARG(buf_str(&words)));
        if (cli_switch(cli, "exit-code") && !diff_is_empty(&counts))
            cli->exit_code = EXIT_DIFFERENT;
    }
    buf_clear(&show.was);
    buf_clear(&show.is);
    buf_clear(&words);
    return status;
}

static const struct option diff_options[] = {
    OPTION_TARGET,
    {.name = "from",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "snapshot to compare with; else the one before"},
    {.name = "to",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "snapshot compared; else the newest"},
    {.name = "exit-code",
     .kind = OPTION_SWITCH,
     .help = "end with exit code 10 when there are differences"},
    {.name = "format",
     .kind = OPTION_CHOICE,
     .argument = "FORMAT",
     .choices = "rows markdown",
     .fallback = "rows",
     .help = "markdown fits a pull request's comment"},
    END_OF_OPTIONS,
};

static const struct example diff_examples[] = {
    {"aisle tree diff", "what the last sync changed"},
    {"aisle tree diff --from 3 --exit-code --format markdown",
     "for a pipeline: 10 when anything changed since snapshot 3"},
    END_OF_EXAMPLES,
};

const struct command command_tree_diff = {
    .noun = "tree",
    .verb = "diff",
    .summary = "what differs between two snapshots",
    .examples = diff_examples,
    .options = diff_options,
    .columns = diff_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_diff,
};

/* ---- impact ---- */

static const struct column impact_columns[] = {
    {.name = "seller", .kind = COLUMN_ID, .help = "whose mapping"},
    {.name = "scope", .kind = COLUMN_ID, .help = "product, rule or seller-category"},
    {.name = "key", .kind = COLUMN_TEXT, .help = "which one"},
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf it points to"},
    {.name = "why",
     .kind = COLUMN_TEXT,
     .whole = true,
     .help = "removed, no longer a leaf, closed to this shop, moved, renamed"},
    {.name = "products", .kind = COLUMN_COUNT, .help = "that depend on it"},
    {.name = "successor", .kind = COLUMN_ID, .help = "a leaf it could go to"},
    {.name = "was", .kind = COLUMN_PATH, .help = "the way to the leaf before"},
    {.name = "successor_path", .kind = COLUMN_PATH, .help = "the way to the successor"},
    {.name = "by", .kind = COLUMN_TEXT, .detail = true, .help = "why that one"},
    {.name = "confidence", .kind = COLUMN_SHARE, .detail = true, .help = "how sure"},
    END_OF_COLUMNS,
};

struct impact_show {
    struct cli *cli;
    enum aisle_status status;
    struct aisle_err *err;
};

static void impact_row(void *ctx, const struct impact *impact)
{
    struct impact_show *show = ctx;
    struct out *out = &show->cli->out;
    bool has = !str_empty(impact->successor_id);

    if (show->status != AISLE_OK)
        return;
    out_str(out, impact->mapping->seller_id);
    out_str(out, str_of(decision_scope_name(impact->mapping->scope)));
    out_str(out, impact->mapping->key);
    out_str(out, impact->mapping->category_id);
    out_str(out, str_of(impact->why));
    out_int(out, (int64_t)impact->products);
    out_opt(out, impact->successor_id);
    out_opt(out, impact->was_path);
    out_opt(out, impact->successor_path);
    out_opt(out, str_of(has ? impact->successor_by : ""));
    if (has)
        out_share(out, impact->confidence);
    else
        out_absent(out);
    show->status = out_row(out, show->err);
}

static enum aisle_status run_impact(struct cli *cli, struct aisle_err *err)
{
    struct impact_show show = {.cli = cli, .err = err};
    struct sync_listener listener = {.ctx = &show, .impact = impact_row};
    struct target target;
    size_t count = 0;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_target(cli, &target, NULL, err);
    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, impact_columns, err);
    if (status == AISLE_OK)
        status = flow_tree_impact(&cli->app, target.id, &listener, &count, err);
    if (status == AISLE_OK)
        status = show.status;
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK && count == 0)
        say(&cli->voice, "every mapping points to a leaf that is there and open");
    if (status == AISLE_OK && count && cli_switch(cli, "exit-code"))
        cli->exit_code = EXIT_DIFFERENT;
    return status;
}

static const struct option impact_options[] = {
    OPTION_TARGET,
    {.name = "exit-code",
     .kind = OPTION_SWITCH,
     .help = "end with exit code 10 when a mapping is touched"},
    END_OF_OPTIONS,
};

static const struct example impact_examples[] = {
    {"aisle tree impact", "mappings that point to a leaf that is gone or closed"},
    END_OF_EXAMPLES,
};

const struct command command_tree_impact = {
    .noun = "tree",
    .verb = "impact",
    .summary = "mappings the tree no longer bears, and where they could go",
    .examples = impact_examples,
    .options = impact_options,
    .columns = impact_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_impact,
};
