/* tree.c - looking at a tree that was synced: show, search, history, export */
#include "base/json.h"
#include "cli/commands/list.h"
#include "cli/commands/tree_rows.h"
#include "match/match.h"

/* ---- show ---- */

struct walk {
    struct cli *cli;
    const struct open_tree *t;
    size_t deepest; /* levels below the start; 0 all */
    bool leaves_only;
};

/* A category and what is below it. The tree's depth is bounded, and so is this. */
static enum aisle_status show_below(const struct walk *w, const struct category *c,
                                    size_t depth, size_t level, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!w->leaves_only || c->leaf)
        status = tree_row(w->cli, w->t, c, depth, err);
    if ((w->deepest && level >= w->deepest) || depth >= TAXONOMY_MAX_DEPTH)
        return status;
    for (uint32_t i = 0; status == AISLE_OK && i < c->child_count; i++) {
        uint32_t child = w->t->tree.children[c->first_child + i];

        status = show_below(w, &w->t->tree.rows[child], depth + 1, level + 1, err);
    }
    return status;
}

static enum aisle_status show_all(const struct walk *w, struct str start,
                                  struct aisle_err *err)
{
    const struct category *chain[TAXONOMY_MAX_DEPTH], *c;
    enum aisle_status status = AISLE_OK;

    if (!str_empty(start)) {
        status = open_tree_find(w->t, start, &c, err);
        return status == AISLE_OK
                   ? show_below(w, c, category_chain(&w->t->tree, c, chain), 1, err)
                   : status;
    }
    for (size_t i = 0; status == AISLE_OK && i < w->t->tree.root_count; i++)
        status = show_below(w, &w->t->tree.rows[w->t->tree.roots[i]], 1, 1, err);
    return status;
}

static enum aisle_status run_show(struct cli *cli, struct aisle_err *err)
{
    struct open_tree t;
    struct walk walk = {.cli = cli, .t = &t};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_tree(cli, cli_count(cli, "snapshot", 0), &t, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, tree_columns, err);
    walk.deepest = (size_t)cli_count(cli, "depth", 0);
    walk.leaves_only = cli_switch(cli, "leaves");
    if (status == AISLE_OK)
        status = show_all(&walk, cli_operand(cli, 0), err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

/* clang-format off */
#define OPTION_SNAPSHOT {.name = "snapshot", .kind = OPTION_COUNT, .argument = "N", \
     .help = "the tree as it was then, as tree history numbers it; else the newest"}
/* clang-format on */

static const struct option show_options[] = {
    OPTION_TARGET,
    OPTION_LOCALE,
    {.name = "depth",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "so many levels; 0 all"},
    {.name = "leaves",
     .kind = OPTION_SWITCH,
     .help = "only categories that take products"},
    OPTION_SNAPSHOT,
    END_OF_OPTIONS,
};

static const struct example show_examples[] = {
    {"aisle tree show --depth 1", "the top of the tree"},
    {"aisle tree show 'Fashion > Kaos' --leaves", "what takes products below a category"},
    {"aisle tree show 601739 --json", "one category, with everything known of it"},
    END_OF_EXAMPLES,
};

const struct command command_tree_show = {
    .noun = "tree",
    .verb = "show",
    .operands = "[CATEGORY]",
    .summary = "the tree, or what is below one category",
    .about = "CATEGORY is an id or a path.",
    .examples = show_examples,
    .options = show_options,
    .columns = tree_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_show,
};

/* ---- search ---- */

/* The words as they would be typed into one box. */
static struct str joined_operands(struct cli *cli)
{
    struct buf typed = BUF_INIT(BUF_MAX_LINE);
    struct str kept;

    buf_add(&typed, cli_text(cli, "keyword"));
    for (size_t i = 0; i < cli->args.operand_count; i++)
        buf_addf(&typed, "%s%.*s", typed.n ? " " : "", STR_ARG(cli->args.operands[i]));
    kept = arena_str(&cli->arena, buf_str(&typed));
    buf_clear(&typed);
    return kept;
}

static enum aisle_status search_tree(const struct open_tree *t, struct str typed,
                                     const struct category **found, size_t cap,
                                     size_t *count, struct aisle_err *err)
{
    struct matcher *matcher = NULL;
    struct match_scratch *scratch = NULL;
    enum aisle_status status = match_new(&t->tree, &matcher, err);

    if (status == AISLE_OK)
        status = match_scratch_new(&scratch, err);
    if (status == AISLE_OK)
        status = match_search(matcher, scratch, typed, found, cap, count, err);
    match_scratch_free(scratch);
    match_free(matcher);
    return status;
}

enum { SEARCH_USUAL = 20, SEARCH_MOST = 1000 };

static enum aisle_status run_search(struct cli *cli, struct aisle_err *err)
{
    const struct category *chain[TAXONOMY_MAX_DEPTH];
    size_t cap = (size_t)cli_count(cli, "limit", SEARCH_USUAL), count = 0;
    const struct category **found;
    struct str typed = joined_operands(cli);
    struct open_tree t;
    enum aisle_status status;

    if (!typed.p)
        return aisle_nomem(err);
    if (str_empty(typed))
        return cli_misuse(cli, err, "say what to search for");
    if (cli_switch(cli, "remote"))
        return tree_search_remote(cli, typed, err);
    cap = cap == 0 || cap > SEARCH_MOST ? SEARCH_MOST : cap;
    found = arena_alloc(&cli->arena, cap * sizeof(const struct category *));
    if (!found)
        return aisle_nomem(err);
    status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = cli_tree(cli, 0, &t, err);
    if (status == AISLE_OK)
        status = search_tree(&t, typed, found, cap, &count, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, tree_columns, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status =
            tree_row(cli, &t, found[i], category_chain(&t.tree, found[i], chain), err);
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK && count == 0)
        return aisle_fail(err, AISLE_NOT_FOUND, "nothing like '%.*s' in the tree of %.*s",
                          STR_ARG(typed), STR_ARG(t.target.id));
    return status;
}

static const struct option search_options[] = {
    OPTION_TARGET,
    OPTION_LOCALE,
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "20",
     .help = "at most so many"},
    {.name = "remote",
     .kind = OPTION_SWITCH,
     .help = "ask the marketplace, not the stored tree"},
    {.name = "keyword",
     .letter = 'k',
     .kind = OPTION_TEXT,
     .argument = "WORD",
     .help = "the same as WORD; as the marketplace's parameter is called"},
    {.name = "shop",
     .kind = OPTION_TEXT,
     .argument = "SHOP",
     .help = "with --remote: through this shop; else with the keys in the environment, "
             "TIKTOK_APP_KEY and so on"},
    {.name = "category-version",
     .kind = OPTION_CHOICE,
     .argument = "VERSION",
     .choices = "v1 v2",
     .help = "with --remote; else the marketplace's usual"},
    {.name = "listing-platform",
     .kind = OPTION_CHOICE,
     .argument = "PLATFORM",
     .choices = "TIKTOK_SHOP TOKOPEDIA",
     .help = "with --remote; else the marketplace's usual"},
    {.name = "api-url",
     .kind = OPTION_TEXT,
     .argument = "URL",
     .env = "TIKTOK_API_URL",
     .help = "with --remote, without --shop: a stand-in on this machine"},
    END_OF_OPTIONS,
};

static const struct example search_examples[] = {
    {"aisle tree search kaos pria", "in any language the tree was synced in"},
    {"aisle tree search 'fashion > kaos'", "by the way to it"},
    {"aisle tree search --remote --keyword Kaos --locale id-ID",
     "asked of TikTok Shop now, with the keys in the environment and no store"},
    END_OF_EXAMPLES,
};

const struct command command_tree_search = {
    .noun = "tree",
    .verb = "search",
    .operands = "[WORD]...",
    .summary = "categories for words, an id or a path",
    .about =
        "Looks in the tree as it was synced; typing errors are forgiven. With --remote "
        "the marketplace is asked by keyword, and paths are as far as its answer tells.",
    .examples = search_examples,
    .options = search_options,
    .columns = tree_columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run_search,
};

/* ---- history ---- */

static const struct column history_columns[] = {
    {.name = "snapshot", .kind = COLUMN_COUNT, .help = "its number"},
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree"},
    {.name = "taken_at", .kind = COLUMN_TIME, .help = "when it was first seen so"},
    {.name = "checked_at", .kind = COLUMN_TIME, .help = "when it was last seen so"},
    {.name = "locales", .kind = COLUMN_TEXT, .help = "languages of its names"},
    {.name = "categories", .kind = COLUMN_COUNT, .help = "how many"},
    {.name = "leaves", .kind = COLUMN_COUNT, .help = "of them take products"},
    {.name = "run", .kind = COLUMN_ID, .detail = true, .help = "that brought it"},
    {.name = "content", .kind = COLUMN_ID, .detail = true, .help = "digest of its names"},
    END_OF_COLUMNS,
};

static enum aisle_status history_row(void *ctx, const struct snapshot *s,
                                     struct aisle_err *err)
{
    struct cli *cli = ctx;
    char content[SHA256_HEX_LEN + 1];

    sha256_hex(&s->content, content);
    out_int(&cli->out, s->id);
    out_str(&cli->out, s->target_id);
    out_int(&cli->out, s->taken_at);
    out_int(&cli->out, s->checked_at);
    out_str(&cli->out, s->locales);
    out_int(&cli->out, (int64_t)s->categories);
    out_int(&cli->out, (int64_t)s->leaves);
    out_opt(&cli->out, s->run_id);
    out_str(&cli->out, str_of(content));
    return out_row(&cli->out, err);
}

static enum aisle_status run_history(struct cli *cli, struct aisle_err *err)
{
    struct target target = {.id = STR_LIT("")};
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && !str_empty(cli_text(cli, "target")))
        status = cli_target(cli, &target, NULL, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, history_columns, err);
    store = cli->app.store;
    if (status == AISLE_OK)
        status =
            store->ops->trees->each_snapshot(store, target.id, history_row, cli, err);
    if (status == AISLE_OK && cli->out.rows == 0)
        say(&cli->voice, "no tree was synced yet; next: aisle tree sync SHOP");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option target_options[] = {OPTION_TARGET, END_OF_OPTIONS};

static const struct example history_examples[] = {
    {"aisle tree history", "every snapshot, newest first"},
    END_OF_EXAMPLES,
};

const struct command command_tree_history = {
    .noun = "tree",
    .verb = "history",
    .summary = "snapshots that were kept, newest first",
    .examples = history_examples,
    .options = target_options,
    .columns = history_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_history,
};

/* ---- export ---- */

static void export_csv_row(const struct open_tree *t, const struct category *c,
                           struct str path, struct buf *out)
{
    char permissions[80];

    permission_format(c->permissions, permissions);
    buf_csv(out, c->id);
    buf_addc(out, ',');
    buf_csv(out, c->parent_id);
    buf_addz(out, c->leaf ? ",yes," : ",no,");
    buf_csv(out, str_of(permissions));
    buf_addc(out, ',');
    buf_csv(out, path);
    for (size_t l = 0; l < t->tree.locale_count; l++) {
        buf_addc(out, ',');
        buf_csv(out, c->names[l]);
    }
    buf_addz(out, "\r\n");
}

static enum aisle_status export_csv(struct cli *cli, const struct open_tree *t,
                                    struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    buf_addz(&cli->out.buf, "id,parent_id,leaf,permissions,path");
    for (size_t l = 0; l < t->tree.locale_count; l++) {
        buf_addz(&cli->out.buf, ",");
        buf_csv(&cli->out.buf, t->tree.locales[l]);
    }
    buf_addz(&cli->out.buf, "\r\n");
    for (size_t i = 0; status == AISLE_OK && i < t->tree.count; i++) {
        struct arena_mark mark = arena_mark(&cli->arena);

        export_csv_row(t, &t->tree.rows[i],
                       open_tree_path(t, &t->tree.rows[i], &cli->arena), &cli->out.buf);
        arena_rewind(&cli->arena, mark);
        status = out_text(&cli->out, STR_LIT(""), err);
    }
    return status;
}

/* The permissions as Get Categories writes them: a list of words. */
static void json_permissions(struct json_out *j, unsigned permissions)
{
    char text[80];
    struct str rest;

    permission_format(permissions, text);
    rest = str_of(text);
    json_open_list(j);
    while (!str_empty(rest))
        json_put_str(j, str_cut(&rest, ','));
    json_close_list(j);
}

/* As the answer of Get Categories (202309) has it, in one language. */
static enum aisle_status export_json(struct cli *cli, const struct open_tree *t,
                                     struct aisle_err *err)
{
    struct json_out j = {.buf = &cli->out.buf};
    enum aisle_status status = AISLE_OK;

    buf_addz(j.buf, "{\"code\":0,\"message\":\"Success\",\"data\":{\"categories\":[");
    for (size_t i = 0; status == AISLE_OK && i < t->tree.count; i++) {
        const struct category *c = &t->tree.rows[i];

        buf_addz(j.buf, i ? ",\n" : "\n");
        j = (struct json_out){.buf = j.buf};
        json_open(&j);
        json_add_str(&j, "id", c->id);
        json_add_str(&j, "parent_id",
                     str_empty(c->parent_id) ? STR_LIT("0") : c->parent_id);
        json_add_str(&j, "local_name", category_name(&t->tree, c, t->locale));
        json_add_bool(&j, "is_leaf", c->leaf);
        json_key(&j, "permission_statuses");
        json_permissions(&j, c->permissions);
        json_close(&j);
        status = out_text(&cli->out, STR_LIT(""), err);
    }
    buf_addz(j.buf, "\n]}}\n");
    return status;
}

static enum aisle_status run_export(struct cli *cli, struct aisle_err *err)
{
    struct open_tree t;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_tree(cli, cli_count(cli, "snapshot", 0), &t, err);
    if (status != AISLE_OK)
        return status;
    return str_is(cli_text(cli, "format"), "json") ? export_json(cli, &t, err)
                                                   : export_csv(cli, &t, err);
}

static const struct option export_options[] = {
    OPTION_TARGET,
    OPTION_LOCALE,
    {.name = "format",
     .kind = OPTION_CHOICE,
     .argument = "FORMAT",
     .choices = "csv json",
     .fallback = "csv",
     .help = "a spreadsheet, or as Get Categories answers"},
    OPTION_SNAPSHOT,
    END_OF_OPTIONS,
};

static const struct example export_examples[] = {
    {"aisle tree export > tree.csv", "every category, with its name in every language"},
    {"aisle tree export --format json > tree.json",
     "a file the sandbox can serve: aisle sandbox start --tree tree.json"},
    END_OF_EXAMPLES,
};

const struct command command_tree_export = {
    .noun = "tree",
    .verb = "export",
    .summary = "the whole tree as CSV, or as the marketplace's own JSON",
    .examples = export_examples,
    .options = export_options,
    .uses = USES_STORE,
    .run = run_export,
};
