/* map_suggest.c - what the matcher proposes, with all that it knows: for a title, a
 * product of the catalogue, or a file of products, a line for a line
 */
#include "cli/commands/list.h"
#include "cli/commands/model.h"
#include "flows/adviser.h"

#include "base/mem.h"

enum { SUGGEST_MOST = 100 };

static const struct column columns[] = {
    {.name = "id", .kind = COLUMN_ID, .help = "of the leaf"},
    {.name = "path", .kind = COLUMN_PATH, .help = "the way to it"},
    {.name = "confidence", .kind = COLUMN_SHARE, .help = "the chance that it is right"},
    {.name = "reasons",
     .kind = COLUMN_TEXT,
     .help = "words that decided, and approved products like it"},
    END_OF_COLUMNS,
};

struct asking {
    struct cli *cli;
    struct open_tree tree;
    struct adviser *adviser;
    struct seller_advice *advice;
    struct match_scratch *scratch;
    struct suggestion found[SUGGEST_MOST];
    size_t cap, count, bad;
};

static enum aisle_status rank(struct asking *a, const struct match_query *query,
                              const struct match_advice *known, struct aisle_err *err)
{
    return match_decide(a->advice->matcher, a->scratch, query, known, &a->cli->arena,
                        a->found, a->cap, &a->count, err);
}

static struct str path_of(const struct asking *a, struct str id)
{
    const struct category *c = taxonomy_get(&a->tree.tree, id);

    return c ? open_tree_path(&a->tree, c, &a->cli->arena) : STR_LIT("");
}

/* ---- one ---- */

/* What is asked about: words, or a product of the catalogue. */
static enum aisle_status ask_one(struct asking *a, struct aisle_err *err)
{
    struct cli *cli = a->cli;
    struct str product_id = cli_text(cli, "product");
    struct store *store = cli->app.store;
    struct match_query query = {.title = cli_operand(cli, 0),
                                .brand = cli_text(cli, "brand"),
                                .seller_category = cli_text(cli, "in")};
    struct match_advice known = {0};
    struct product p;
    enum aisle_status status;

    if (str_empty(product_id))
        return rank(a, &query, NULL, err);
    status = store->ops->catalogue->get_product(store, cli_seller(cli), product_id,
                                                &cli->arena, &p, err);
    if (status == AISLE_OK)
        status = seller_advice_known(a->advice, &p, NULL, &cli->arena, &known, err);
    if (status != AISLE_OK)
        return status;
    query = (struct match_query){
        .title = p.title,
        .description = p.description,
        .brand = p.brand,
        .seller_category = learnt_path(&a->advice->learnt, p.seller_category_id)};
    return rank(a, &query, &known, err);
}

static enum aisle_status answer_one(struct asking *a, struct aisle_err *err)
{
    struct out *out = &a->cli->out;
    enum aisle_status status = ask_one(a, err);

    if (status == AISLE_OK)
        status = out_begin(out, columns, err);
    for (size_t i = 0; status == AISLE_OK && i < a->count; i++) {
        out_str(out, a->found[i].category_id);
        out_opt(out, path_of(a, a->found[i].category_id));
        out_share(out, a->found[i].confidence);
        out_opt(out, a->found[i].reasons);
        status = out_row(out, err);
    }
    if (status == AISLE_OK && a->count == 0)
        say(&a->cli->voice, "nothing in these words points to a leaf");
    return status == AISLE_OK ? out_end(out, err) : status;
}

/* ---- a file of them ---- */

static void put_leaf(struct asking *a, struct json_out *json, const struct suggestion *s)
{
    char confidence[16];

    snprintf(confidence, sizeof confidence, "%.4f", s->confidence);
    json_open(json);
    json_add_str(json, "category_id", s->category_id);
    json_add_str(json, "category_path", path_of(a, s->category_id));
    json_key(json, "confidence");
    json_put_raw(json, str_of(confidence));
    json_close(json);
}

static enum aisle_status answer_row(struct asking *a, const struct label_row *row,
                                    struct aisle_err *err)
{
    struct product_text text = model_row_product(a->cli, row);
    struct match_query query = {text.title, text.description, text.brand,
                                text.seller_category, STR_LIT("")};
    struct json_out json = {.buf = &a->cli->out.buf};
    enum aisle_status status = AISLE_OK;

    a->count = 0;
    if (!row->why[0])
        status = rank(a, &query, NULL, err);
    if (status != AISLE_OK)
        return status;
    json_open(&json);
    json_add_str(&json, "id", row->id);
    json_key(&json, "suggestions");
    json_open_list(&json);
    for (size_t i = 0; i < a->count; i++)
        put_leaf(a, &json, &a->found[i]);
    json_close_list(&json);
    if (row->why[0]) {
        json_add_int(&json, "line", (int64_t)row->line);
        json_add_str(&json, "error", str_of(row->why));
        a->bad++;
    }
    json_close(&json);
    return out_text(&a->cli->out, STR_LIT("\n"), err);
}

static enum aisle_status answer_file(struct asking *a, struct aisle_err *err)
{
    struct model_file *file = mem_zalloc(1, sizeof *file);
    struct cli *cli = a->cli;
    struct label_row row;
    enum aisle_status status;

    if (!file)
        return aisle_nomem(err);
    status = model_file_open(cli, STR_LIT("-"), true, file, err);
    while (status == AISLE_OK &&
           (status = model_file_next(file, &row, err)) == AISLE_OK && row.line > 0) {
        struct arena_mark mark = arena_mark(&cli->arena);

        status = answer_row(a, &row, err);
        arena_rewind(&cli->arena, mark);
    }
    if (status == AISLE_OK)
        status = out_flush(&cli->out, err);
    if (status == AISLE_OK && a->bad)
        cli->exit_code = EXIT_PARTLY;
    model_file_close(file);
    mem_free(file);
    return status;
}

/* ---- run ---- */

static enum aisle_status open_asking(struct asking *a, struct aisle_err *err)
{
    struct cli *cli = a->cli;
    struct adviser_request from = {.tree = &a->tree.tree, .also = cli_text(cli, "also")};
    enum aisle_status status = cli_model(cli, &from.model, err);

    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = cli_tree(cli, 0, &a->tree, err);
    from.target_id = a->tree.target.id;
    if (status == AISLE_OK)
        status = adviser_open(&cli->app, &from, &a->adviser, err);
    if (status == AISLE_OK)
        status = adviser_of(a->adviser, cli_seller(cli), &a->advice, err);
    return status == AISLE_OK ? match_scratch_new(&a->scratch, err) : status;
}

/* Of the model that a flag names; one of the settings is asked beside the tree or not at
 * all. */
enum model_standing { BESIDE_THE_TREE, ALONE, UNUSABLE };

/* A model of paths has no target: it is all there is to ask. */
static enum model_standing standing_of_model(struct cli *cli)
{
    const struct setting *setting = settings_get(&cli->settings, "model");
    struct str path = arena_str(&cli->arena, cli_text(cli, "model"));
    struct model *model = NULL;
    enum model_standing standing = UNUSABLE;

    if (!path.p || str_empty(path) || (setting && setting->origin != ORIGIN_FLAG))
        return BESIDE_THE_TREE;
    if (model_open(path.p, &model, NULL) == AISLE_OK)
        standing = model_header(model)->paths ? ALONE : BESIDE_THE_TREE;
    model_close(model);
    return standing;
}

static enum aisle_status check_words(struct cli *cli, bool file, struct aisle_err *err)
{
    bool product = !str_empty(cli_text(cli, "product"));

    if (product && cli->args.operand_count)
        return cli_misuse(cli, err, "say a title, or --product with its id");
    if (file && cli->out.form != OUT_JSONL)
        return cli_misuse(cli, err,
                          "say a title, --product with its id, or a file of products on "
                          "stdin: that is answered in JSON Lines, say --jsonl");
    return AISLE_OK;
}

static enum aisle_status run_suggest(struct cli *cli, struct aisle_err *err)
{
    struct asking *a = arena_zalloc(&cli->arena, 1, sizeof *a);
    size_t limit = (size_t)cli_count(cli, "limit", 5);
    bool file = cli->args.operand_count == 0 && str_empty(cli_text(cli, "product"));
    enum model_standing model = standing_of_model(cli);
    struct aisle_err why = {0};
    enum aisle_status status;

    if (!a)
        return aisle_nomem(err);
    if (model == ALONE)
        return model_answer(cli, columns, err);
    a->cli = cli;
    a->cap = limit == 0 || limit > SUGGEST_MOST ? SUGGEST_MOST : limit;
    status = check_words(cli, file, err);
    if (status == AISLE_OK) {
        status = open_asking(a, &why);
        if (status == AISLE_OK)
            status = file ? answer_file(a, err) : answer_one(a, err);
        else if (model == UNUSABLE) /* and no tree to do with: it is the model's fault */
            status = model_answer(cli, columns, err);
        else
            aisle_pass(err, &why);
    }
    match_scratch_free(a->scratch);
    adviser_close(a->adviser);
    return status;
}

static const struct option options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    OPTION_LOCALE,
    {.name = "product",
     .kind = OPTION_TEXT,
     .argument = "ID",
     .help = "a product of the catalogue, instead of a title"},
    OPTION_MODEL_TOO,
    OPTION_TITLES_ONLY,
    OPTION_ALSO,
    {.name = "in",
     .kind = OPTION_TEXT,
     .argument = "PATH",
     .help = "the seller's own category, with a title"},
    {.name = "brand", .kind = OPTION_TEXT, .argument = "BRAND", .help = "with a title"},
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "5",
     .help = "at most so many"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle map suggest 'Kaos polos pria lengan panjang'", "leaves for a title, offline"},
    {"aisle map suggest --product SKU-1", "for a product of the catalogue"},
    {"aisle map suggest --jsonl < products.csv", "for a file of products, line for line"},
    {"aisle map suggest --model shop.model --jsonl < products.csv",
     "by what a model was taught too"},
    END_OF_EXAMPLES,
};

const struct command command_map_suggest = {
    .noun = "map",
    .verb = "suggest",
    .operands = "[TITLE]",
    .summary = "leaves our matcher proposes, without asking anyone",
    .about =
        "By the names of the tree and what this seller decided; with a model also by "
        "what it was taught, and of a product of the catalogue by its rule, its seller "
        "category and the marketplace's last answer. All of it becomes one list with one "
        "confidence a leaf.\n\n"
        "Without title and --product a file of products is read from stdin, CSV or JSON "
        "Lines, and with --jsonl each of its rows is answered by an object with its id "
        "and suggestions, in the order of the rows; a row that cannot be read is "
        "answered with its line and what is wrong with it. A model that was taught "
        "paths, without a target, is asked alone and needs no store.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_suggest,
};
