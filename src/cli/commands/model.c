/* model.c - teaching the matcher from a file, and looking at what came of it */
#include "cli/commands/model.h"

#include "base/mem.h"
#include "cli/commands/list.h"
#include "cli/stop.h"
#include "flows/models.h"
#include "match/paths.h"
#include "match/train.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { TITLES_SHOWN = 10, ROWS_FIRST = 4096 };
#define ROWS_MAX_MEMORY ((size_t)4 << 30)

/* ---- shared ---- */

struct product_text model_row_product(const struct cli *cli, const struct label_row *row)
{
    struct product_text text = {.title = row->title};

    if (cli_switch(cli, "titles-only"))
        return text;
    text.description = row->description;
    text.brand = row->brand;
    text.seller_category = row->seller_category;
    return text;
}

enum aisle_status model_file_open(struct cli *cli, struct str path, bool unlabelled,
                                  struct model_file *f, struct aisle_err *err)
{
    struct label_options options = {.unlabelled = unlabelled};
    struct aisle_err why = {0};
    enum aisle_status status = cli_open_stream(path, &f->stream, err);

    f->cli = cli;
    f->name = str_is(path, "-") ? STR_LIT("stdin") : path;
    if (!unlabelled) { /* map suggest knows columns by their usual names alone */
        options.title = cli_text(cli, "title");
        options.label = cli_text(cli, "label");
    }
    if (status != AISLE_OK)
        return status;
    status = labels_open(&f->labels, feed_source_stream(f->stream), &options, &why);
    return status == AISLE_OK
               ? AISLE_OK
               : aisle_fail(err, status, "%.*s: %s", STR_ARG(f->name), why.text);
}

enum aisle_status model_file_next(struct model_file *f, struct label_row *row,
                                  struct aisle_err *err)
{
    enum aisle_status status = labels_next(&f->labels, row, err);

    if (status == AISLE_OK && row->mended && !f->told_mended) {
        f->told_mended = true;
        say_warning(&f->cli->voice,
                    "%.*s:%zu: some letters are no UTF-8, here and maybe further on: "
                    "save the file again as CSV UTF-8",
                    STR_ARG(f->name), row->line);
    }
    return status;
}

void model_file_close(struct model_file *f)
{
    labels_close(&f->labels);
    cli_close_stream(f->stream);
    f->stream = NULL;
}

enum aisle_status model_asker_open(struct cli *cli, struct model **m, struct asker **a,
                                   struct aisle_err *err)
{
    struct str path = arena_str(&cli->arena, cli_text(cli, "model"));
    enum aisle_status status;

    if (!path.p)
        return aisle_nomem(err);
    if (str_empty(path))
        return cli_misuse(cli, err, "say --model FILE");
    status = model_open_whole(path.p, m, err);
    if (status == AISLE_GARBLED)
        cli_try(cli, "aisle model train FILE --out MODEL");
    return status == AISLE_OK ? asker_new(*m, a, err) : status;
}

/* ---- train ---- */

struct lesson {
    struct cli *cli;
    struct arena arena; /* the rows and what they are made of */
    struct labelled *rows;
    size_t count, cap, bad;
    struct taxonomy tree;
    bool paths;
};

static bool keep(struct lesson *l, struct str *text)
{
    *text = arena_str(&l->arena, *text);
    return text->p != NULL;
}

static bool keep_row(struct lesson *l, const struct label_row *row)
{
    struct labelled one = {model_row_product(l->cli, row), row->label};
    size_t cap = l->cap ? 2 * l->cap : ROWS_FIRST;

    if (l->count == l->cap) {
        struct labelled *rows = mem_realloc(l->rows, cap * sizeof *rows);

        if (!rows)
            return false;
        l->rows = rows;
        l->cap = cap;
    }
    one.text.description = str_head(one.text.description, FEATURES_MAX_TEXT);
    if (!keep(l, &one.text.title) || !keep(l, &one.text.description) ||
        !keep(l, &one.text.brand) || !keep(l, &one.text.seller_category) ||
        !keep(l, &one.category_id))
        return false;
    l->rows[l->count++] = one;
    return true;
}

/* A row that cannot be used is told, the first few by line. */
static void tell_bad(struct lesson *l, const struct model_file *f,
                     const struct label_row *row)
{
    if (l->bad++ < TITLES_SHOWN)
        say_warning(&l->cli->voice, "%.*s:%zu: %s (left out)", STR_ARG(f->name),
                    row->line, row->why);
}

static enum aisle_status read_lesson(struct lesson *l, struct model_file *f,
                                     struct aisle_err *err)
{
    struct label_row row;
    enum aisle_status status;

    while ((status = model_file_next(f, &row, err)) == AISLE_OK && row.line > 0) {
        if (row.why[0])
            tell_bad(l, f, &row);
        else if (!keep_row(l, &row))
            return aisle_nomem(err);
    }
    if (status == AISLE_OK && l->count == 0)
        status = aisle_fail(err, AISLE_INVALID, "%.*s has no row to learn from",
                            STR_ARG(f->name));
    return status;
}

/* Without --target the labels are all there is of a tree. */
static enum aisle_status tree_of_labels(struct lesson *l, struct aisle_err *err)
{
    struct str *paths = mem_alloc((l->count + 1) * sizeof *paths);
    enum aisle_status status;

    if (!paths)
        return aisle_nomem(err);
    for (size_t i = 0; i < l->count; i++)
        paths[i] = l->rows[i].category_id;
    l->paths = true;
    status = paths_build(paths, l->count, &l->arena, &l->tree, err);
    mem_free(paths);
    return status;
}

/* With it, a label is an id or a path of its tree; what is neither is counted later. */
static enum aisle_status tree_of_target(struct lesson *l, struct aisle_err *err)
{
    struct open_tree t;
    enum aisle_status status = cli_open(l->cli, err);

    if (status == AISLE_OK)
        status = cli_tree(l->cli, 0, &t, err);
    for (size_t i = 0; status == AISLE_OK && i < l->count; i++) {
        const struct category *c = NULL;

        if (open_tree_find(&t, l->rows[i].category_id, &c, NULL) == AISLE_OK)
            l->rows[i].category_id = c->id;
    }
    if (status == AISLE_OK)
        l->tree = t.tree;
    return status;
}

static const struct column train_columns[] = {
    {.name = "file", .kind = COLUMN_ID, .help = "the model"},
    {.name = "bytes", .kind = COLUMN_COUNT, .help = "its size"},
    {.name = "leaves", .kind = COLUMN_COUNT, .help = "it can answer with"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "it was taught"},
    {.name = "left_out",
     .kind = COLUMN_COUNT,
     .help = "rows without title or category, or of a category that is no leaf here"},
    {.name = "held_out",
     .kind = COLUMN_COUNT,
     .help = "titles kept back once, to measure by"},
    {.name = "right", .kind = COLUMN_SHARE, .help = "of these, with the first leaf"},
    {.name = "right_in_3", .kind = COLUMN_SHARE, .help = "with one of the first three"},
    {.name = "ece",
     .kind = COLUMN_SHARE,
     .help = "how far confidence and being right lie apart"},
    END_OF_COLUMNS,
};

static struct trained_model described(const struct model_header *h, struct str path)
{
    return (struct trained_model){.key = path,
                                  .stamp = h->stamp,
                                  .rows = h->taught,
                                  .left_out = h->left_out,
                                  .leaves = h->leaves,
                                  .bytes = (int64_t)h->bytes,
                                  .version = h->version,
                                  .held_out = h->measure.titles,
                                  .right = h->measure.right,
                                  .right_in_3 = h->measure.right_in_3,
                                  .ece = (double)h->measure.ece};
}

void model_put_measure(struct out *out, const struct trained_model *m)
{
    if (m->held_out == 0) {
        out_absent(out);
        out_absent(out);
        out_absent(out);
        return;
    }
    out_share(out, (double)m->right / (double)m->held_out);
    out_share(out, (double)m->right_in_3 / (double)m->held_out);
    out_share(out, m->ece);
}

enum aisle_status model_put_trained(struct out *out, const struct trained_model *m,
                                    struct aisle_err *err)
{
    enum aisle_status status = out_begin_one(out, train_columns, err);

    if (status != AISLE_OK)
        return status;
    out_str(out, m->key);
    out_int(out, m->bytes);
    out_int(out, m->leaves);
    out_int(out, m->rows);
    out_int(out, m->left_out);
    out_int(out, m->held_out);
    model_put_measure(out, m);
    return out_done(out, err);
}

static enum aisle_status tell_model(struct lesson *l, const struct buf *bytes,
                                    struct str path, struct aisle_err *err)
{
    const struct model_header *h = (const struct model_header *)(const void *)bytes->p;
    struct trained_model m = described(h, path);
    struct cli *cli = l->cli;
    enum aisle_status status = AISLE_OK;

    m.left_out += (int64_t)l->bad;
    if (cli_wants_summary(cli))
        status = model_put_trained(&cli->out, &m, err);
    say(&cli->voice, "%u %s learnt, %u %s, %.1f MB", h->taught,
        say_noun(h->taught, "row", "rows"), h->leaves,
        say_noun(h->leaves, "leaf", "leaves"), (double)h->bytes / 1e6);
    if (h->measure.titles)
        say(&cli->voice, "of %u %s held out %.1f %% were right", h->measure.titles,
            say_noun(h->measure.titles, "title", "titles"),
            100.0 * h->measure.right / h->measure.titles);
    else
        say(&cli->voice, "how often it is right was not measured: no category has two "
                         "titles, so that one could be held out");
    if (h->left_out > 0)
        say_warning(&cli->voice, "%u %s left out: the category is no leaf of the %s",
                    h->left_out, say_noun(h->left_out, "row", "rows"),
                    l->paths ? "labels' paths" : "target's tree");
    if (h->left_out + l->bad > 0)
        cli->exit_code = EXIT_PARTLY;
    return status;
}

/* A model that learnt nothing is worth less than the one it would take the place of. */
static enum aisle_status check_learnt(const struct lesson *l, const struct buf *bytes,
                                      struct aisle_err *err)
{
    const struct model_header *h = (const struct model_header *)(const void *)bytes->p;

    if (h->taught > 0)
        return AISLE_OK;
    return aisle_fail(
        err, AISLE_INVALID,
        "no row could be learnt: '%.*s' and the others are no leaves of the "
        "target's tree, neither as ids nor as paths",
        STR_ARG(l->rows[0].category_id));
}

static enum aisle_status teach(struct lesson *l, struct str path, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    enum aisle_status status;

    stop_listen();
    status = model_train(&l->tree, l->rows, l->count,
                         &(struct model_options){.paths = l->paths, .stop = stop_flag()},
                         &bytes, err);
    if (status == AISLE_OK)
        status = check_learnt(l, &bytes, err);
    if (status == AISLE_OK)
        status = model_save(buf_str(&bytes), path.p, err);
    if (status == AISLE_OK)
        status = tell_model(l, &bytes, path, err);
    buf_clear(&bytes);
    return status;
}

static bool is_same_file(struct cli *cli, struct str rows, struct str path)
{
    struct str name = arena_str(&cli->arena, rows);
    struct stat a, b;

    return name.p && stat(name.p, &a) == 0 && stat(path.p, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static enum aisle_status train_from_file(struct cli *cli, struct aisle_err *err)
{
    struct lesson l = {.cli = cli, .arena = ARENA_INIT(ROWS_MAX_MEMORY)};
    struct model_file *file = mem_zalloc(1, sizeof *file);
    struct str path = arena_str(&cli->arena, cli_text(cli, "out"));
    enum aisle_status status = AISLE_OK;

    if (!file || !path.p) {
        mem_free(file);
        return aisle_nomem(err);
    }
    if (str_empty(path))
        status = cli_misuse(cli, err, "say --out FILE");
    else if (is_same_file(cli, cli_operand(cli, 0), path))
        status = cli_misuse(cli, err, "%s would be learnt from and replaced", path.p);
    if (status == AISLE_OK)
        status = model_may_save(path.p, err);
    if (status == AISLE_OK)
        status = model_file_open(cli, cli_operand(cli, 0), false, file, err);
    if (status == AISLE_OK)
        status = read_lesson(&l, file, err);
    if (status == AISLE_OK)
        status = str_empty(cli_text(cli, "target")) ? tree_of_labels(&l, err)
                                                    : tree_of_target(&l, err);
    if (status == AISLE_OK)
        status = teach(&l, path, err);
    model_file_close(file);
    mem_free(file);
    mem_free(l.rows);
    arena_clear(&l.arena);
    return status;
}

static enum aisle_status run_train(struct cli *cli, struct aisle_err *err)
{
    static const char *const of_file[] = {"out", "title", "label"};

    if (!str_empty(cli_operand(cli, 0)))
        return train_from_file(cli, err);
    for (size_t i = 0; i < sizeof of_file / sizeof *of_file; i++)
        if (!str_empty(cli_text(cli, of_file[i])))
            return cli_misuse(cli, err, "--%s goes with a FILE", of_file[i]);
    if (cli_switch(cli, "titles-only"))
        return cli_misuse(cli, err, "--titles-only goes with a FILE");
    return model_train_store(cli, err);
}

static const struct option train_options[] = {
    {.name = "out",
     .letter = 'o',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "where the model of a FILE goes"},
    OPTION_TARGET,
    OPTION_TITLE_COLUMN,
    OPTION_LABEL_COLUMN,
    OPTION_TITLES_ONLY,
    {.name = "objects",
     .kind = OPTION_FILE,
     .argument = "PLACE",
     .fallback = "objects",
     .help = "where models of the store are kept: a folder, or s3://BUCKET/PREFIX"},
    END_OF_OPTIONS,
};

static const struct example train_examples[] = {
    {"aisle model train labelled.csv --out shop.model",
     "from a table with titles and category paths"},
    {"aisle model train labelled.jsonl --target toko -o toko.model",
     "for a marketplace's tree, by its ids or paths"},
    {"aisle model train", "from what was decided and the label sets in the store"},
    END_OF_EXAMPLES,
};

const struct command command_model_train = {
    .noun = "model",
    .verb = "train",
    .operands = "[FILE]",
    .summary = "learn from labelled products, or from what the store has",
    .about =
        "Without FILE it learns what was decided for the target and the label sets of "
        "its seller (aisle label import), as a worker does, and keeps the model where "
        "all who share the store find it; map run, map review, serve and the workers "
        "use it from then on.\n"
        "\n"
        "FILE is CSV or JSON Lines, - is stdin. A row has a title and a category; id, "
        "description, brand and seller category are read where there are such columns.\n"
        "\n"
        "Without --target the category paths of the file are the tree. With it, a "
        "category is an id or a path of that target's tree, every leaf of which takes "
        "part under its names.\n"
        "\n"
        "Beside the model, which learns from all rows, up to four others each learn from "
        "three titles in four and are asked about the fourth: so it is measured what "
        "confidence is worth. The same rows give the same file, in whatever order they "
        "come. What stood at --out is replaced when all is done, and stays after Ctrl-C.",
    .examples = train_examples,
    .options = train_options,
    .columns = train_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_train,
};

/* ---- info ---- */

static const struct column info_columns[] = {
    {.name = "target", .kind = COLUMN_ID, .help = "whose, of one that the store has"},
    {.name = "trained_at", .kind = COLUMN_TIME, .help = "when"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "it was taught"},
    {.name = "newer", .kind = COLUMN_COUNT, .help = "decisions that are not in it"},
    {.name = "labels_changed",
     .kind = COLUMN_FLAG,
     .help = "label sets came, went or are others since"},
    {.name = "right",
     .kind = COLUMN_SHARE,
     .help = "of the titles held out, with the first leaf"},
    {.name = "right_in_3", .kind = COLUMN_SHARE, .help = "with one of the first three"},
    {.name = "ece",
     .kind = COLUMN_SHARE,
     .help = "how far confidence and being right lie apart"},
    {.name = "held_out",
     .kind = COLUMN_COUNT,
     .help = "titles kept back once, to measure by"},
    {.name = "labelled",
     .kind = COLUMN_COUNT,
     .help = "of its rows, those of label sets"},
    {.name = "left_out",
     .kind = COLUMN_COUNT,
     .help = "rows of a category that the tree lacked"},
    {.name = "leaves", .kind = COLUMN_COUNT, .help = "it can answer with"},
    {.name = "bytes", .kind = COLUMN_COUNT, .help = "its size"},
    {.name = "version", .kind = COLUMN_COUNT, .help = "of the file's layout"},
    {.name = "paths", .kind = COLUMN_FLAG, .help = "categories are known by their paths"},
    {.name = "last_decision",
     .kind = COLUMN_COUNT,
     .help = "the newest decision it was taught; 0 none"},
    {.name = "file", .kind = COLUMN_ID, .help = "the model"},
    END_OF_COLUMNS,
};

static void put_info(struct out *out, const struct trained_model *m, bool paths,
                     const struct model_news *newer)
{
    out_opt(out, m->target_id);
    out_time(out, m->trained_at);
    out_int(out, m->rows);
    out_int(out, (int64_t)newer->decisions);
    out_flag(out, newer->labels);
    model_put_measure(out, m);
    out_int(out, m->held_out);
    out_int(out, m->labelled);
    out_int(out, m->left_out);
    out_int(out, m->leaves);
    out_int(out, m->bytes);
    out_int(out, m->version);
    out_flag(out, paths);
    out_int(out, m->stamp);
    out_str(out, m->key);
}

static enum aisle_status info_of_file(struct cli *cli, struct aisle_err *err)
{
    static const struct model_news none = {0};
    struct str path = arena_str(&cli->arena, cli_operand(cli, 0));
    struct model *m = NULL;
    enum aisle_status status =
        path.p ? model_open_whole(path.p, &m, err) : aisle_nomem(err);

    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, info_columns, err);
    if (status == AISLE_OK) {
        const struct model_header *h = model_header(m);
        const struct trained_model of_file = described(h, path);

        put_info(&cli->out, &of_file, h->paths, &none);
        status = out_done(&cli->out, err);
    }
    model_close(m);
    return status;
}

struct shown {
    struct cli *cli;
    size_t models;
};

static enum aisle_status put_trained(void *ctx, const struct trained_model *m,
                                     struct aisle_err *err)
{
    struct shown *shown = ctx;
    struct cli *cli = shown->cli;
    struct model_news newer = {0};
    enum aisle_status status = flow_model_newer(&cli->app, m, &newer, err);

    if (status != AISLE_OK)
        return status;
    shown->models++;
    put_info(&cli->out, m, false, &newer);
    return out_row(&cli->out, err);
}

static enum aisle_status info_of_trained(struct cli *cli, struct aisle_err *err)
{
    struct shown shown = {.cli = cli};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = out_begin(&cli->out, info_columns, err);
    if (status == AISLE_OK)
        status = cli->app.store->ops->models->each(cli->app.store, STR_LIT(""),
                                                   put_trained, &shown, err);
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK && shown.models == 0) {
        say(&cli->voice, "no model was trained from the store yet");
        say(&cli->voice, "next: aisle model train, when some products are decided or a "
                         "label set is imported; aisle model info FILE shows a file");
    }
    return status;
}

static enum aisle_status run_info(struct cli *cli, struct aisle_err *err)
{
    return str_empty(cli_operand(cli, 0)) ? info_of_trained(cli, err)
                                          : info_of_file(cli, err);
}

static const struct example info_examples[] = {
    {"aisle model info shop.model", "what it was taught, and how well it knows it"},
    {"aisle model info", "those of the store, and what was decided since"},
    END_OF_EXAMPLES,
};

const struct command command_model_info = {
    .noun = "model",
    .verb = "info",
    .operands = "[FILE]",
    .summary = "what a model was taught, and how well it knows it",
    .about =
        "Without FILE, of each target the newest that was trained from what was decided "
        "and labelled (aisle model train, or a worker): map run, map review, serve and "
        "the workers use it by themselves, with newer decisions laid over it.",
    .examples = info_examples,
    .columns = info_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_info,
};
