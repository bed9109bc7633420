/* label.c - sets of labelled products: into the store, listed, out of it again */
#include "cli/commands/list.h"
#include "cli/commands/model.h"
#include "flows/labels.h"
#include "flows/models.h"
#include "flows/people.h"

enum { PROBLEMS_SHOWN = 10 };

static enum aisle_status keep_trail(struct cli *cli, struct str what,
                                    const struct label_set *set, struct aisle_err *err)
{
    struct audit_entry entry = {.who = cli->app.who,
                                .by = STR_LIT("command"),
                                .what = what,
                                .seller_id = set->seller_id,
                                .about = set->name};

    return flow_audit(&cli->app, &entry, err);
}

/* ---- import ---- */

static const struct column import_columns[] = {
    {.name = "name", .kind = COLUMN_ID, .help = "of the set"},
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree its categories are of"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in the set"},
    {.name = "left_out",
     .kind = COLUMN_COUNT,
     .help = "rows without title or category, or that could not be read"},
    {.name = "unknown",
     .kind = COLUMN_COUNT,
     .help = "rows in it whose category is no leaf of the tree as it is now"},
    {.name = "closed",
     .kind = COLUMN_COUNT,
     .help = "rows in it whose leaf takes no products from this shop"},
    {.name = "same", .kind = COLUMN_FLAG, .help = "it was there with these very rows"},
    {.name = "replaced", .kind = COLUMN_FLAG, .help = "it was there with others"},
    END_OF_COLUMNS,
};

struct importing {
    struct cli *cli;
    struct str file;
    size_t problems;
};

static void tell_problem(void *ctx, size_t line, bool left_out, const char *what)
{
    struct importing *im = ctx;

    if (im->problems++ < PROBLEMS_SHOWN)
        say_warning(&im->cli->voice, "%.*s:%zu: %s%s", STR_ARG(im->file), line, what,
                    left_out ? " (left out)" : "");
}

static enum aisle_status put_imported(struct cli *cli, const struct label_imported *r,
                                      struct aisle_err *err)
{
    struct out *out = &cli->out;
    enum aisle_status status = out_begin_one(out, import_columns, err);

    if (status != AISLE_OK)
        return status;
    out_str(out, r->set.name);
    out_str(out, r->set.target_id);
    out_int(out, r->set.rows);
    out_int(out, (int64_t)r->left_out);
    out_int(out, (int64_t)r->unknown);
    out_int(out, (int64_t)r->closed);
    out_flag(out, r->same);
    out_flag(out, r->replaced);
    return out_done(out, err);
}

static void tell_kept(struct cli *cli, const struct label_imported *r, bool dry)
{
    const struct label_set *set = &r->set;
    long long rows = set->rows;
    const char *noun = say_noun(rows, "row", "rows");

    if (r->same)
        say(&cli->voice, "label set %.*s has these %lld %s already", STR_ARG(set->name),
            rows, noun);
    else
        say(&cli->voice, "label set %.*s of %.*s %s %lld %s", STR_ARG(set->name),
            STR_ARG(set->target_id), dry ? "would have" : "has", rows, noun);
    if (r->left_out)
        say(&cli->voice, "%zu %s left out", r->left_out,
            say_noun((int64_t)r->left_out, "row was", "rows were"));
    if (r->unknown)
        say(&cli->voice, "%zu %s no leaf of the tree as it is: nothing is learnt of them",
            r->unknown, say_noun((int64_t)r->unknown, "row is in", "rows are in"));
    if (!r->has_tree)
        say(&cli->voice,
            "the tree of %.*s is not here yet: categories are looked up "
            "when it is",
            STR_ARG(set->target_id));
    if (!r->same && !dry && rows < TRAIN_LEAST)
        say(&cli->voice,
            "a model takes %d rows and decided products together; with these: "
            "aisle model train",
            TRAIN_LEAST);
    else if (!r->same && !dry)
        say(&cli->voice, "next: aisle model train; where there are workers, one does it "
                         "by itself");
}

static enum aisle_status read_in(struct cli *cli, struct importing *im,
                                 const struct label_import *request,
                                 struct label_imported *out, struct aisle_err *err)
{
    FILE *stream = NULL;
    enum aisle_status status = cli_open_stream(im->file, &stream, err);

    if (status == AISLE_OK)
        status = flow_label_import(&cli->app, request, feed_source_stream(stream),
                                   tell_problem, im, &cli->arena, out, err);
    cli_close_stream(stream);
    if (im->problems > PROBLEMS_SHOWN)
        say_warning(&cli->voice, "and %zu more", im->problems - PROBLEMS_SHOWN);
    if (status == AISLE_CONFLICT && !request->replace)
        cli_try(cli, "aisle label import %.*s --name %.*s --replace", STR_ARG(im->file),
                STR_ARG(request->name));
    return status;
}

static enum aisle_status run_import(struct cli *cli, struct aisle_err *err)
{
    struct importing im = {.cli = cli, .file = cli_operand(cli, 0)};
    struct label_import request = {
        .name = cli_text(cli, "name"),
        .columns = {.title = cli_text(cli, "title"), .label = cli_text(cli, "label")},
        .titles_only = cli_switch(cli, "titles-only"),
        .replace = cli_switch(cli, "replace"),
        .dry_run = cli_switch(cli, "dry-run")};
    struct label_imported r = {0};
    struct target target;
    enum aisle_status status;

    if (str_empty(request.name))
        return cli_misuse(cli, err, "say --name SET");
    status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = cli_target(cli, &target, NULL, err);
    request.target = target.id;
    if (status == AISLE_OK)
        status = read_in(cli, &im, &request, &r, err);
    if (status == AISLE_OK && r.set.seq)
        status = keep_trail(cli, STR_LIT("label.import"), &r.set, err);
    if (status == AISLE_OK && cli_wants_summary(cli))
        status = put_imported(cli, &r, err);
    if (status != AISLE_OK)
        return status;
    tell_kept(cli, &r, request.dry_run);
    if (r.left_out + r.unknown)
        cli->exit_code = EXIT_PARTLY;
    return AISLE_OK;
}

static const struct option import_options[] = {
    {.name = "name",
     .kind = OPTION_TEXT,
     .argument = "SET",
     .help = "what the set is called: 1 to 40 of a-z 0-9 - _"},
    OPTION_TARGET,
    OPTION_TITLE_COLUMN,
    OPTION_LABEL_COLUMN,
    OPTION_TITLES_ONLY,
    {.name = "replace",
     .kind = OPTION_SWITCH,
     .help = "in place of the set of that name, if there is one"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example import_examples[] = {
    {"aisle label import old-shop.csv --name old-shop", "what was sorted elsewhere"},
    {"aisle label import old-shop.csv --name old-shop --replace", "a newer file of it"},
    END_OF_EXAMPLES,
};

const struct command command_label_import = {
    .noun = "label",
    .verb = "import",
    .operands = "FILE",
    .summary = "keep labelled products, for models to learn from",
    .about =
        "FILE is read as model train reads it: CSV or JSON Lines, - is stdin; a row has "
        "a title and a category, an id or a path of the target's tree. The set is kept "
        "whole or, after a failure, not at all; the same file again changes nothing, and "
        "another under the same name wants --replace.\n"
        "\n"
        "It belongs to the target's seller, and changes no answer until a training: "
        "aisle model train, or a worker by itself. Rows that cannot be used are told by "
        "line and left out; those whose category is no leaf now are kept, and learnt "
        "once it is. Where a title was decided, the decision is learnt instead.",
    .examples = import_examples,
    .options = import_options,
    .columns = import_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_import,
};

/* ---- remove ---- */

static enum aisle_status run_remove(struct cli *cli, struct aisle_err *err)
{
    struct str name = cli_operand(cli, 0);
    bool dry = cli_switch(cli, "dry-run");
    struct label_set set;
    struct target target;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_target(cli, &target, NULL, err);
    if (status == AISLE_OK)
        status =
            flow_label_remove(&cli->app, target.id, name, true, &cli->arena, &set, err);
    if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle label list");
    if (status == AISLE_OK && !dry)
        status = cli_confirm(cli, err, "Remove label set %.*s of %.*s with %lld %s?",
                             STR_ARG(name), STR_ARG(target.id), (long long)set.rows,
                             say_noun(set.rows, "row", "rows"));
    if (status == AISLE_OK && !dry)
        status =
            flow_label_remove(&cli->app, target.id, name, false, &cli->arena, &set, err);
    if (status == AISLE_OK && !dry)
        status = keep_trail(cli, STR_LIT("label.remove"), &set, err);
    if (status != AISLE_OK)
        return status;
    say(&cli->voice, "label set %.*s of %.*s%s with %lld %s", STR_ARG(name),
        STR_ARG(target.id), dry ? " would go" : " is gone", (long long)set.rows,
        say_noun(set.rows, "row", "rows"));
    if (!dry)
        say(&cli->voice, "a model that learnt it knows it until the next: aisle model "
                         "train");
    return AISLE_OK;
}

static const struct option remove_options[] = {OPTION_TARGET, OPTION_YES, OPTION_DRY_RUN,
                                               END_OF_OPTIONS};

static const struct example remove_examples[] = {
    {"aisle label remove old-shop", "and then aisle model train, so that it is unlearnt"},
    END_OF_EXAMPLES,
};

const struct command command_label_remove = {
    .noun = "label",
    .verb = "remove",
    .operands = "SET",
    .summary = "remove a label set; the next model knows nothing of it",
    .examples = remove_examples,
    .options = remove_options,
    .uses = USES_STORE,
    .run = run_remove,
};
