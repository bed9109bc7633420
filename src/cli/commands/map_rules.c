/* map_rules.c - a seller's rules: list, add, remove, propose, export, import */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/rules.h"

#include <stdlib.h>

enum { PROPOSE_MOST = 200, PROPOSE_LEAST = 5 };

static const struct column columns[] = {
    {.name = "leaf", .kind = COLUMN_ID, .help = "its id"},
    {.name = "path", .kind = COLUMN_PATH, .help = "the way to it"},
    {.name = "words", .kind = COLUMN_TEXT, .help = "that must stand in the title"},
    {.name = "brand", .kind = COLUMN_TEXT, .help = "it must be of"},
    {.name = "seller_category", .kind = COLUMN_TEXT, .help = "it must be in or below"},
    {.name = "open",
     .kind = COLUMN_FLAG,
     .help = "its leaf takes products; else it is passed over"},
    {.name = "products",
     .kind = COLUMN_COUNT,
     .help = "of a proposal: decided products that it fits"},
    {.name = "right", .kind = COLUMN_COUNT, .help = "of them that went to its leaf"},
    END_OF_COLUMNS,
};

struct rules_command {
    struct cli *cli;
    struct decider decider;
    struct word_splitter splitter;
    struct str seller_id;
    bool dry_run;
    char batch_id[BATCH_ID_LEN];
    size_t kept, same, removed;
};

static struct str path_of(const struct rules_command *r, struct str leaf)
{
    const struct category *c = taxonomy_get(&r->decider.tree, leaf);
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct str kept = {"", 0};

    if (!c)
        return kept;
    category_path(&r->decider.tree, c, TAXONOMY_NONE, &path);
    kept = arena_str(&r->cli->arena, buf_str(&path));
    buf_clear(&path);
    return kept.p ? kept : (struct str){"", 0};
}

static enum aisle_status row_of(struct rules_command *r, const struct rule *rule,
                                const struct rule_proposal *p, struct aisle_err *err)
{
    struct out *out = &r->cli->out;

    out_str(out, rule->category_id);
    out_opt(out, path_of(r, rule->category_id));
    out_opt(out, rule->words);
    out_opt(out, rule->brand);
    out_opt(out, rule->seller_category);
    out_flag(out, flow_rule_is_open(&r->decider.tree, rule));
    out_int_if(out, p != NULL, p ? (int64_t)p->products : 0);
    out_int_if(out, p != NULL, p ? (int64_t)p->right : 0);
    return out_row(out, err);
}

/* ---- list, export ---- */

static enum aisle_status standing(struct rules_command *r, struct rule **list,
                                  size_t *count, struct aisle_err *err)
{
    return flow_rules(&r->cli->app, r->seller_id, r->decider.target.id, &r->cli->arena,
                      list, count, err);
}

static enum aisle_status list_rules(struct rules_command *r, struct aisle_err *err)
{
    struct rule *list;
    size_t count = 0;
    enum aisle_status status = standing(r, &list, &count, err);

    if (status == AISLE_OK)
        status = out_begin(&r->cli->out, columns, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = row_of(r, &list[i], NULL, err);
    if (status == AISLE_OK && count == 0)
        say(&r->cli->voice, "no rules yet; next: aisle map rules propose");
    return status == AISLE_OK ? out_end(&r->cli->out, err) : status;
}

static enum aisle_status export_rules(struct rules_command *r, struct aisle_err *err)
{
    struct rule *list;
    size_t count = 0;
    enum aisle_status status = cli_no_rows(r->cli, "what is exported", err);

    if (status == AISLE_OK)
        status = standing(r, &list, &count, err);
    if (status != AISLE_OK)
        return status;
    rules_file_begin(&r->cli->out.buf);
    for (size_t i = 0; i < count; i++)
        rules_file_add(&r->cli->out.buf, &list[i], path_of(r, list[i].category_id));
    return AISLE_OK;
}

/* ---- add, remove ---- */

static enum aisle_status put(struct rules_command *r, const struct rule *rule,
                             bool remove, size_t *standing, struct aisle_err *err)
{
    struct rule_request request = {.seller_id = r->seller_id,
                                   .rule = rule,
                                   .remove = remove,
                                   .dry_run = r->dry_run,
                                   .standing = standing};
    bool same = false;
    enum aisle_status status =
        flow_rule_put(&r->decider, &request, r->batch_id, &same, err);

    if (status == AISLE_OK)
        ++*(remove ? &r->removed : same ? &r->same : &r->kept);
    return status;
}

static enum aisle_status apply(struct rules_command *r, struct aisle_err *err)
{
    struct rules_request request = {.seller_id = r->seller_id,
                                    .target_id = r->decider.target.id,
                                    .batch_id = str_of(r->batch_id),
                                    .snapshot_id = r->decider.snapshot.id,
                                    .tree = &r->decider.tree};
    struct rules_applied done = {0};
    enum aisle_status status = AISLE_OK;

    if (r->dry_run || r->kept + r->removed == 0)
        return AISLE_OK;
    status = flow_rules_apply(&r->cli->app, &request, &done, err);
    if (status != AISLE_OK)
        return status;
    say(&r->cli->voice, "%zu %s mapped by rules, %zu changed, %zu open again",
        done.mapped, say_noun((int64_t)done.mapped, "product", "products"), done.changed,
        done.opened);
    say(&r->cli->voice, "to take it back: aisle map undo %s", r->batch_id);
    return AISLE_OK;
}

/* What failed when rules were kept already leaves them so. */
static void try_undo(struct rules_command *r, enum aisle_status status)
{
    if (status != AISLE_OK && !r->dry_run && r->kept + r->removed)
        cli_try(r->cli, "aisle map undo %s", r->batch_id);
}

static enum aisle_status put_one(struct rules_command *r, bool remove,
                                 struct aisle_err *err)
{
    struct cli *cli = r->cli;
    struct rule said = {.words = cli_text(cli, "words"),
                        .brand = cli_text(cli, "brand"),
                        .seller_category = cli_text(cli, "in"),
                        .category_id = cli_text(cli, "category")};
    const struct category *c;
    struct rule rule;
    enum aisle_status status;

    if (!remove && str_empty(said.category_id))
        return cli_misuse(cli, err, "say with --category which leaf it is");
    c = remove ? NULL : taxonomy_at_path(&r->decider.tree, said.category_id);
    if (c)
        said.category_id = c->id;
    status = rule_make(&r->splitter, &said, &cli->arena, &rule, err);
    if (status == AISLE_OK)
        status = put(r, &rule, remove, NULL, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%s%s",
            remove    ? "removed"
            : r->same ? "it stands already"
                      : "kept",
            r->dry_run ? " (dry run)" : "");
    if (status == AISLE_OK)
        status = apply(r, err);
    try_undo(r, status);
    return status;
}

/* ---- import ---- */

struct rule_line {
    size_t line;
    struct rule rule;
    struct str key;
};

struct rules_file {
    struct rules_command *r;
    struct rule_line *rows;
    size_t count, cap, doubles;
};

static struct rule_line *add_row(struct rules_file *f)
{
    struct arena *arena = &f->r->cli->arena;

    if (f->count == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 64;
        struct rule_line *wider = arena_alloc(arena, cap * sizeof *wider);

        if (!wider)
            return NULL;
        if (f->count)
            memcpy(wider, f->rows, f->count * sizeof *wider);
        f->rows = wider;
        f->cap = cap;
    }
    return &f->rows[f->count++];
}

/* The rule as it will stand: its words in order, its leaf by id where there is one. */
static enum aisle_status make_row(struct rules_command *r, const struct rule *said,
                                  struct rule_line *out, struct aisle_err *err)
{
    struct arena *arena = &r->cli->arena;
    struct buf key = BUF_INIT(2 * RULE_MAX_LINE);
    const struct category *c;
    enum aisle_status status = rule_make(&r->splitter, said, arena, &out->rule, err);

    if (status != AISLE_OK)
        return status;
    c = taxonomy_get(&r->decider.tree, out->rule.category_id);
    if (!c)
        c = taxonomy_at_path(&r->decider.tree, out->rule.category_id);
    if (c)
        out->rule.category_id = c->id;
    rule_key(&out->rule, &key);
    out->key = arena_str(arena, buf_str(&key));
    buf_clear(&key);
    return out->key.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status read_row(void *ctx, size_t line, const struct rule *said,
                                  struct aisle_err *err)
{
    struct rules_file *f = ctx;
    struct rule_line *row = add_row(f);
    struct aisle_err mine = {0};
    enum aisle_status status;

    if (!row)
        return aisle_nomem(err);
    row->line = line;
    status = make_row(f->r, said, row, &mine);
    return status == AISLE_OK ? AISLE_OK
                              : aisle_fail(err, status, "line %zu: %s", line, mine.text);
}

static int by_key(const void *a, const void *b)
{
    const struct rule_line *left = a, *right = b;
    int order = str_cmp(left->key, right->key);

    return order ? order : (left->line > right->line) - (left->line < right->line);
}

static int by_line(const void *a, const void *b)
{
    const struct rule_line *left = a, *right = b;

    return (left->line > right->line) - (left->line < right->line);
}

static enum aisle_status fail_contradiction(const struct rule_line *row,
                                            const struct rule_line *before,
                                            struct aisle_err *err)
{
    return aisle_fail(err, AISLE_INVALID,
                      "line %zu: \"%.*s\" leads to %.*s here and to %.*s in line %zu: "
                      "leave one of them",
                      row->line, STR_ARG(row->key), STR_ARG(row->rule.category_id),
                      STR_ARG(before->rule.category_id), before->line);
}

/* The first line that gives a rule another leaf than a line before it. */
static enum aisle_status check_leaves(const struct rules_file *f, struct aisle_err *err)
{
    const struct rule_line *first = NULL, *worst = NULL, *against = NULL;

    for (size_t i = 0; i < f->count; i++) {
        const struct rule_line *row = &f->rows[i];

        if (!first || !str_eq(first->key, row->key))
            first = row;
        if (!str_eq(first->rule.category_id, row->rule.category_id) &&
            (!worst || row->line < worst->line)) {
            worst = row;
            against = first;
        }
    }
    return worst ? fail_contradiction(worst, against, err) : AISLE_OK;
}

/* What stands there twice is one rule, in the place of its first line. */
static enum aisle_status drop_doubles(struct rules_file *f, struct aisle_err *err)
{
    size_t kept = 0;
    enum aisle_status status;

    if (f->count)
        qsort(f->rows, f->count, sizeof *f->rows, by_key);
    status = check_leaves(f, err);
    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < f->count; i++)
        if (i == 0 || !str_eq(f->rows[kept - 1].key, f->rows[i].key))
            f->rows[kept++] = f->rows[i];
    f->doubles = f->count - kept;
    f->count = kept;
    if (kept)
        qsort(f->rows, kept, sizeof *f->rows, by_line);
    return AISLE_OK;
}

static enum aisle_status put_rows(const struct rules_file *f, bool dry_run,
                                  struct aisle_err *err)
{
    struct rules_command *r = f->r;
    size_t standing = 0;
    enum aisle_status status = flow_rules_count(&r->cli->app, r->seller_id,
                                                r->decider.target.id, &standing, err);

    r->dry_run = dry_run;
    r->kept = 0;
    r->same = f->doubles;
    for (size_t i = 0; status == AISLE_OK && i < f->count; i++) {
        struct aisle_err mine = {0};

        status = put(r, &f->rows[i].rule, false, &standing, &mine);
        if (status != AISLE_OK)
            aisle_fail(err, status, "line %zu: %s", f->rows[i].line, mine.text);
    }
    return status;
}

/* Every line is judged before the first is kept. */
static enum aisle_status put_file(struct rules_command *r, struct str text, bool dry_run,
                                  struct aisle_err *err)
{
    struct rules_file f = {.r = r};
    enum aisle_status status = rules_file_each(text, read_row, &f, err);

    if (status == AISLE_OK)
        status = drop_doubles(&f, err);
    if (status == AISLE_OK)
        status = put_rows(&f, true, err);
    if (status == AISLE_OK && !dry_run)
        status = put_rows(&f, false, err);
    return status;
}

static enum aisle_status import_rules(struct rules_command *r, struct aisle_err *err)
{
    struct buf file = BUF_INIT(BUF_MAX_REPLY);
    struct str name = cli_operand(r->cli, 1);
    struct aisle_err why = {0};
    enum aisle_status status;

    if (r->cli->args.operand_count < 2)
        return cli_misuse(r->cli, err, "which file? aisle map rules import FILE");
    status = cli_read(r->cli, name, &file, err);
    if (status == AISLE_OK)
        status = put_file(r, buf_str(&file), r->dry_run, &why);
    if (why.status != AISLE_OK)
        status = aisle_fail(err, status, "%.*s: %s", STR_ARG(name), why.text);
    if (status == AISLE_OK)
        say(&r->cli->voice, "%zu %s kept, %zu stood already%s", r->kept,
            say_noun((int64_t)r->kept, "rule", "rules"), r->same,
            r->dry_run ? " (dry run)" : "");
    buf_clear(&file);
    if (status == AISLE_OK)
        status = apply(r, err);
    try_undo(r, status);
    return status;
}

/* ---- propose ---- */

static enum aisle_status propose(struct rules_command *r, struct aisle_err *err)
{
    struct rule_proposal list[PROPOSE_MOST];
    size_t count = 0, cap = (size_t)cli_count(r->cli, "limit", 20);
    double precision = 0.98;
    struct str said = cli_text(r->cli, "precision");
    enum aisle_status status;

    if (!str_empty(said) && !parse_double(said, 0.5, 1, &precision))
        return cli_misuse(r->cli, err, "--precision is a share from 0.5 to 1");
    cap = cap == 0 || cap > PROPOSE_MOST ? PROPOSE_MOST : cap;
    status = flow_rules_propose(&r->cli->app, r->seller_id, r->decider.target.id,
                                (size_t)cli_count(r->cli, "least", PROPOSE_LEAST),
                                precision, &r->cli->arena, list, cap, &count, err);
    if (status == AISLE_OK)
        status = out_begin(&r->cli->out, columns, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = row_of(r, &list[i].rule, &list[i], err);
    if (status == AISLE_OK && count == 0)
        say(&r->cli->voice, "no words that enough decided products share yet");
    return status == AISLE_OK ? out_end(&r->cli->out, err) : status;
}

/* ---- the command ---- */

static enum aisle_status act(struct rules_command *r, struct aisle_err *err)
{
    struct str action =
        r->cli->args.operand_count ? cli_operand(r->cli, 0) : STR_LIT("list");

    if (str_is(action, "list"))
        return list_rules(r, err);
    if (str_is(action, "add"))
        return put_one(r, false, err);
    if (str_is(action, "remove"))
        return put_one(r, true, err);
    if (str_is(action, "propose"))
        return propose(r, err);
    if (str_is(action, "export"))
        return export_rules(r, err);
    if (str_is(action, "import"))
        return import_rules(r, err);
    return cli_misuse(r->cli, err,
                      "'%.*s' is none of list, add, remove, propose, export, import",
                      STR_ARG(action));
}

static enum aisle_status run_rules(struct cli *cli, struct aisle_err *err)
{
    struct rules_command r = {
        .cli = cli, .seller_id = cli_seller(cli), .dry_run = cli_switch(cli, "dry-run")};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = decider_open(&cli->app, cli_text(cli, "target"), &r.decider, err);
    if (status == AISLE_OK)
        status = word_splitter_init(&r.splitter, err);
    if (status == AISLE_OK) {
        status = act(&r, err);
        word_splitter_clear(&r.splitter);
    }
    if (cli->app_open)
        decider_close(&r.decider);
    return status;
}

static const struct option options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "words",
     .letter = 'w',
     .kind = OPTION_TEXT,
     .argument = "WORDS",
     .help = "add, remove: all must stand in the title, in any order"},
    {.name = "brand",
     .kind = OPTION_TEXT,
     .argument = "BRAND",
     .help = "add, remove: the product's brand"},
    {.name = "in",
     .kind = OPTION_TEXT,
     .argument = "PATH",
     .help = "add, remove: the seller's category, or one above it"},
    {.name = "category",
     .letter = 'c',
     .kind = OPTION_TEXT,
     .argument = "LEAF",
     .help = "add: where such products belong, by id or path"},
    {.name = "least",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "propose: what fits fewer products is no rule; else 5"},
    {.name = "precision",
     .kind = OPTION_TEXT,
     .argument = "SHARE",
     .help = "propose: so much of what it fits went to its leaf; else 0.98"},
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "propose: at most so many; else 20"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle map rules", "the rules that stand"},
    {"aisle map rules add --words 'kaos polos' --category 744161",
     "every product with both words"},
    {"aisle map rules propose", "what repeated approvals have in common"},
    {"aisle map rules export > rules.tsv", "a text file for version control"},
    {"aisle map rules import rules.tsv", "and back"},
    END_OF_EXAMPLES,
};

const struct command command_map_rules = {
    .noun = "map",
    .verb = "rules",
    .operands = "[ACTION] [FILE]",
    .words = "list add remove propose export import",
    .summary = "rules: these words, this brand, in this category, belong in that leaf",
    .about =
        "The action is list, add, remove, propose, export or import.\n\n"
        "A product's own decision by a person or a run goes before its rule, and the "
        "rule before its seller category. Rules are put to the catalogue when they "
        "change and when a map run begins; every change is a batch that map undo "
        "takes back. A rule whose leaf takes no products any more is passed over, and "
        "what fits it left as it is, also by wider rules.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_rules,
};
