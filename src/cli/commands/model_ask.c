/* model_ask.c - a file of products answered from a model, a line for a line
 *
 * Memory does not grow with the file; a row that cannot be read is answered with what is
 * wrong with it, and the next one is read.
 */
#include "cli/commands/model.h"

#include "base/mem.h"

enum { REASONS = 4 };

struct answering {
    struct cli *cli;
    struct model *model;
    struct asker *asker;
    const struct open_tree *tree; /* NULL: ids are paths */
    size_t most;                  /* leaves an answer */
    size_t bad;
};

static void put_leaf(struct answering *a, struct json_out *json,
                     const struct model_hit *hit)
{
    struct str id = model_node_id(a->model, hit->leaf);
    const struct category *c = a->tree ? taxonomy_get(&a->tree->tree, id) : NULL;
    char confidence[16];

    json_open(json);
    if (a->tree)
        json_add_str(json, "category_id", id);
    if (c)
        json_add_str(json, "category_path", open_tree_path(a->tree, c, &a->cli->arena));
    else if (!a->tree)
        json_add_str(json, "category_path", id);
    json_key(json, "confidence");
    snprintf(confidence, sizeof confidence, "%.4f", hit->confidence);
    json_put_raw(json, str_of(confidence));
    json_close(json);
}

/* A model outlives changes of the tree: what is gone or closed since is passed over. */
static bool may_offer(const struct answering *a, const struct model_hit *hit)
{
    const struct category *c;

    if (!a->tree)
        return true;
    c = taxonomy_get(&a->tree->tree, model_node_id(a->model, hit->leaf));
    return c && category_takes_products(c);
}

static enum aisle_status put_answer(struct answering *a, const struct label_row *row,
                                    struct aisle_err *err)
{
    struct product_text text = model_row_product(a->cli, row);
    struct json_out json = {.buf = &a->cli->out.buf};
    struct model_hit hits[CALIBRATE_TOP];
    size_t count = 0, put = 0;
    enum aisle_status status = AISLE_OK;

    if (!row->why[0])
        status = asker_rank(a->asker, &text, hits, CALIBRATE_TOP, &count, err);
    if (status != AISLE_OK)
        return status;
    json_open(&json);
    json_add_str(&json, "id", row->id);
    json_key(&json, "suggestions");
    json_open_list(&json);
    for (size_t i = 0; i < count && put < a->most; i++)
        if (may_offer(a, &hits[i])) {
            put_leaf(a, &json, &hits[i]);
            put++;
        }
    json_close_list(&json);
    if (row->why[0]) {
        json_add_int(&json, "line", (int64_t)row->line);
        json_add_str(&json, "error", str_of(row->why));
    }
    json_close(&json);
    return out_text(&a->cli->out, STR_LIT("\n"), err);
}

static enum aisle_status answer_rows(struct answering *a, struct model_file *f,
                                     struct aisle_err *err)
{
    struct label_row row;
    enum aisle_status status;

    while ((status = model_file_next(f, &row, err)) == AISLE_OK && row.line > 0) {
        struct arena_mark mark = arena_mark(&a->cli->arena);

        a->bad += row.why[0] != '\0';
        status = put_answer(a, &row, err);
        arena_rewind(&a->cli->arena, mark);
        if (status != AISLE_OK)
            return status;
    }
    return status;
}

/* A model of a target's tree knows ids; their names and permissions are in the store. */
static enum aisle_status open_tree_of(struct answering *a, struct open_tree *t,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (model_header(a->model)->paths)
        return AISLE_OK;
    status = cli_open(a->cli, err);
    if (status == AISLE_OK)
        status = cli_tree(a->cli, 0, t, err);
    a->tree = t;
    return status;
}

static enum aisle_status answer_file(struct answering *a, struct aisle_err *err)
{
    struct model_file *file = mem_zalloc(1, sizeof *file);
    struct cli *cli = a->cli;
    enum aisle_status status = AISLE_OK;

    if (!file)
        return aisle_nomem(err);
    if (cli->out.form != OUT_JSONL)
        status = cli_misuse(cli, err, "a file is answered in JSON Lines: say --jsonl");
    if (status == AISLE_OK)
        status = model_file_open(cli, STR_LIT("-"), true, file, err);
    if (status == AISLE_OK)
        status = answer_rows(a, file, err);
    if (status == AISLE_OK)
        status = out_flush(&cli->out, err);
    if (status == AISLE_OK && a->bad > 0)
        cli->exit_code = EXIT_PARTLY;
    model_file_close(file);
    mem_free(file);
    return status;
}

/* ---- one title ---- */

/* The words of the title that spoke for a leaf, the loudest first. */
static struct str reasons_for(struct answering *a, uint32_t leaf)
{
    const struct word_list *words = &a->asker->maker.title;
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    float credit[WORDS_MAX] = {0};
    struct str kept;

    model_explain(a->model, &a->asker->scratch, leaf, credit);
    for (int k = 0; k < REASONS; k++) {
        size_t best = 0;

        for (size_t i = 1; i < words->n; i++)
            if (credit[i] > credit[best])
                best = i;
        if (words->n == 0 || credit[best] <= 0)
            break;
        for (size_t i = 0; i < words->n; i++) /* a word is told once */
            if (i == best || str_eq(words->at[i].text, words->at[best].text))
                credit[i] = 0;
        buf_addz(&text, k ? ", " : "");
        buf_add(&text, words->at[best].text);
    }
    kept = arena_str(&a->cli->arena, buf_str(&text));
    buf_clear(&text);
    return kept;
}

static enum aisle_status put_row(struct answering *a, const struct model_hit *hit,
                                 struct aisle_err *err)
{
    struct str id = model_node_id(a->model, hit->leaf);
    const struct category *c = a->tree ? taxonomy_get(&a->tree->tree, id) : NULL;
    struct out *out = &a->cli->out;

    out_str(out, id);
    out_str(out, c ? open_tree_path(a->tree, c, &a->cli->arena) : id);
    out_share(out, hit->confidence);
    out_opt(out, reasons_for(a, hit->leaf));
    return out_row(out, err);
}

static enum aisle_status answer_title(struct answering *a, const struct column *columns,
                                      struct aisle_err *err)
{
    struct cli *cli = a->cli;
    struct product_text text = {.title = cli_operand(cli, 0),
                                .brand = cli_text(cli, "brand"),
                                .seller_category = cli_text(cli, "in")};
    struct model_hit hits[CALIBRATE_TOP];
    size_t count = 0, put = 0;
    enum aisle_status status =
        asker_rank(a->asker, &text, hits, CALIBRATE_TOP, &count, err);

    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    for (size_t i = 0; status == AISLE_OK && i < count && put < a->most; i++)
        if (may_offer(a, &hits[i])) {
            status = put_row(a, &hits[i], err);
            put++;
        }
    if (status == AISLE_OK && put == 0)
        say(&cli->voice, "nothing in these words points to a leaf");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

enum aisle_status model_answer(struct cli *cli, const struct column *columns,
                               struct aisle_err *err)
{
    struct answering a = {.cli = cli, .most = (size_t)cli_count(cli, "limit", 5)};
    struct open_tree tree;
    enum aisle_status status = AISLE_OK;

    if (a.most == 0)
        a.most = CALIBRATE_TOP;
    if (!str_empty(cli_text(cli, "product")))
        status = cli_misuse(cli, err,
                            "--model answers titles and files, not "
                            "--product");
    if (status == AISLE_OK)
        status = model_asker_open(cli, &a.model, &a.asker, err);
    if (status == AISLE_OK)
        status = open_tree_of(&a, &tree, err);
    if (status == AISLE_OK)
        status = cli->args.operand_count ? answer_title(&a, columns, err)
                                         : answer_file(&a, err);
    asker_free(a.asker);
    model_close(a.model);
    return status;
}
