/* test.c - inner steps by hand: what a signature, a match, an image or a CSV comes to */
#include "base/hash.h"
#include "channels/tiktok/sign.h"
#include "cli/commands/keys.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "feeds/csv.h"
#include "image/look.h"
#include "match/match.h"

/* ---- sign ---- */

static enum aisle_status said_params(struct cli *cli, struct tiktok_param *params,
                                     size_t *count, struct aisle_err *err)
{
    const struct str *list;
    size_t n;
    enum aisle_status status = cli_list(cli, "param", &list, &n, err);

    if (status == AISLE_OK && n > TIKTOK_MAX_PARAMS)
        return aisle_fail(err, AISLE_LIMIT, "over %d parameters", TIKTOK_MAX_PARAMS);
    for (size_t i = 0; status == AISLE_OK && i < n; i++) {
        struct str value = list[i];

        params[i].name = str_cut(&value, '=');
        params[i].value = value;
    }
    *count = n;
    return status;
}

static enum aisle_status run_sign(struct cli *cli, struct aisle_err *err)
{
    struct tiktok_param params[TIKTOK_MAX_PARAMS];
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct str file = cli_text(cli, "body");
    char sign[SHA256_HEX_LEN + 1];
    struct tiktok_signed what = {.path = cli_operand(cli, 0),
                                 .params = params,
                                 .content_type = cli_text(cli, "content-type")};
    struct app_keys keys;
    enum aisle_status status =
        app_keys_read(cli, cli_text(cli, "secrets"), STR_LIT("tiktok"), &keys, err);

    if (status == AISLE_OK && str_empty(keys.app_secret))
        status = aisle_fail(err, AISLE_CONFIG, "TIKTOK_APP_SECRET is not set");
    if (status == AISLE_OK)
        status = said_params(cli, params, &what.param_count, err);
    if (status == AISLE_OK && !str_empty(file))
        status = cli_read(cli, file, &body, err);
    what.body = buf_str(&body);
    if (status == AISLE_OK)
        status = tiktok_sign(keys.app_secret, &what, sign, err);
    if (status == AISLE_OK)
        buf_addf(&cli->out.buf, "%s\n", sign);
    buf_clear(&body);
    return status;
}

static const struct option sign_options[] = {
    {.name = "param",
     .letter = 'p',
     .kind = OPTION_TEXT,
     .argument = "NAME=VALUE",
     .repeats = true,
     .help = "a parameter of the address; sign and access_token are left "
             "out by themselves"},
    {.name = "body", .kind = OPTION_FILE, .argument = "FILE", .help = "as it is sent"},
    {.name = "content-type",
     .kind = OPTION_TEXT,
     .argument = "TYPE",
     .fallback = "application/json",
     .help = "of the body"},
    {.name = "secrets",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help =
         "TIKTOK_APP_SECRET=… lines, mode 0600, or - for stdin; else the environment"},
    END_OF_OPTIONS,
};

static const struct example sign_examples[] = {
    {"aisle test sign /product/202309/categories -p app_key=6abc123 -p "
     "timestamp=1700000000",
     "TikTok Shop's signature, to hold beside another's"},
    END_OF_EXAMPLES,
};

const struct command command_test_sign = {
    .noun = "test",
    .verb = "sign",
    .operands = "PATH",
    .summary = "TikTok Shop's signature of a request",
    .examples = sign_examples,
    .options = sign_options,
    .uses = USES_SETTINGS,
    .run = run_sign,
};

/* ---- match ---- */

static const struct column match_columns[] = {
    {.name = "title", .kind = COLUMN_TEXT, .help = "as it was read"},
    {.name = "id", .kind = COLUMN_ID, .help = "of the leaf; null when nothing is known"},
    {.name = "path", .kind = COLUMN_PATH, .help = "the way to it"},
    {.name = "confidence", .kind = COLUMN_SHARE, .help = "the chance that it is right"},
    END_OF_COLUMNS,
};

struct matching {
    struct cli *cli;
    struct open_tree t;
    struct matcher *matcher;
    struct match_scratch *scratch;
};

static enum aisle_status match_title(struct matching *m, struct str title,
                                     struct aisle_err *err)
{
    struct out *out = &m->cli->out;
    struct arena_mark mark = arena_mark(&m->cli->arena);
    struct match_query query = {.title = title};
    struct suggestion found;
    const struct category *c = NULL;
    size_t count = 0;
    enum aisle_status status = match_rank(m->matcher, m->scratch, &query, &m->cli->arena,
                                          &found, 1, &count, err);

    if (status != AISLE_OK)
        return status;
    if (count)
        c = taxonomy_get(&m->t.tree, found.category_id);
    out_str(out, title);
    out_opt(out, count ? found.category_id : STR_LIT(""));
    out_opt(out, c ? open_tree_path(&m->t, c, &m->cli->arena) : STR_LIT(""));
    if (count)
        out_share(out, found.confidence);
    else
        out_absent(out);
    status = out_row(out, err);
    arena_rewind(&m->cli->arena, mark);
    return status;
}

static enum aisle_status match_lines(struct matching *m, struct str lines,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    while (status == AISLE_OK && !str_empty(lines)) {
        struct str title = str_trim(str_cut(&lines, '\n'));

        if (!str_empty(title))
            status = match_title(m, title, err);
    }
    return status;
}

static enum aisle_status run_match(struct cli *cli, struct aisle_err *err)
{
    struct matching m = {.cli = cli};
    struct buf lines = BUF_INIT(BUF_MAX_FILE);
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && cli->args.operand_count)
        buf_add(&lines, cli_operand(cli, 0));
    else if (status == AISLE_OK)
        status = cli_read(cli, STR_LIT("-"), &lines, err);
    if (status == AISLE_OK)
        status = cli_tree(cli, 0, &m.t, err);
    if (status == AISLE_OK)
        status = match_new(&m.t.tree, &m.matcher, err);
    if (status == AISLE_OK)
        status = match_scratch_new(&m.scratch, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, match_columns, err);
    if (status == AISLE_OK)
        status = match_lines(&m, buf_str(&lines), err);
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    match_scratch_free(m.scratch);
    match_free(m.matcher);
    buf_clear(&lines);
    return status;
}

static const struct option match_options[] = {OPTION_TARGET, OPTION_LOCALE,
                                              END_OF_OPTIONS};

static const struct example match_examples[] = {
    {"aisle test match 'kaos pria'", "the first leaf of one title"},
    {"aisle test match < titles.txt", "of many, a line each"},
    END_OF_EXAMPLES,
};

const struct command command_test_match = {
    .noun = "test",
    .verb = "match",
    .operands = "[TITLE]",
    .summary = "the matcher's first leaf for titles, from the line or stdin",
    .examples = match_examples,
    .options = match_options,
    .columns = match_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_match,
};

/* ---- image ---- */

static const struct column image_columns[] = {
    {.name = "file", .kind = COLUMN_TEXT, .help = "that was read"},
    {.name = "kind", .kind = COLUMN_ID, .help = "found in its bytes, not its name"},
    {.name = "width", .kind = COLUMN_COUNT, .help = "pixels"},
    {.name = "height", .kind = COLUMN_COUNT, .help = "pixels"},
    {.name = "bytes", .kind = COLUMN_COUNT, .help = "of the file"},
    {.name = "whole", .kind = COLUMN_FLAG, .help = "whether its end is there"},
    END_OF_COLUMNS,
};

static enum aisle_status image_row(struct cli *cli, struct str file,
                                   struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_IMAGE);
    struct out *out = &cli->out;
    struct image_facts facts;
    enum aisle_status status = cli_read(cli, file, &bytes, err);

    if (status == AISLE_OK)
        status = image_look(buf_str(&bytes), &facts, err);
    if (status == AISLE_OK) {
        out_str(out, file);
        out_str(out, str_of(image_kind_name(facts.kind)));
        out_int(out, facts.width);
        out_int(out, facts.height);
        out_int(out, (int64_t)facts.bytes);
        out_flag(out, facts.whole);
        status = out_row(out, err);
    }
    buf_clear(&bytes);
    return status;
}

static enum aisle_status run_image(struct cli *cli, struct aisle_err *err)
{
    size_t failed = 0, count = cli->args.operand_count;
    enum aisle_status status = out_begin_work(&cli->out, image_columns, err),
                      worst = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        struct aisle_err one = {0};
        enum aisle_status looked = image_row(cli, cli->args.operands[i], &one);

        if (looked == AISLE_OK)
            continue;
        failed++;
        worst = looked;
        aisle_note(&one, "in %.*s", STR_ARG(cli->args.operands[i]));
        one.status = looked;
        say_error(&cli->voice, &one, STR_LIT(""));
    }
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (failed)
        cli->exit_code = failed < count ? EXIT_PARTLY : exit_of(worst);
    return status;
}

static const struct example image_examples[] = {
    {"aisle test image *.jpg", "what the files really are"},
    END_OF_EXAMPLES,
};

const struct command command_test_image = {
    .noun = "test",
    .verb = "image",
    .operands = "FILE...",
    .summary = "what images are, from their bytes",
    .examples = image_examples,
    .columns = image_columns,
    .uses = USES_ROWS,
    .run = run_image,
};

/* ---- csv ---- */

static const struct column csv_columns[] = {
    {.name = "line", .kind = COLUMN_COUNT, .help = "where the row begins"},
    {.name = "cells", .kind = COLUMN_COUNT, .help = "how many it has"},
    {.name = "flaws", .kind = COLUMN_TEXT, .help = "what had to be mended"},
    {.name = "first", .kind = COLUMN_TEXT, .help = "its first cells"},
    END_OF_COLUMNS,
};

static void csv_flaws(unsigned flaws, struct buf *out)
{
    static const struct {
        unsigned bit;
        const char *word;
    } words[] = {{CSV_STRAY_QUOTE, "stray-quote"},
                 {CSV_UNCLOSED_QUOTE, "unclosed-quote"},
                 {CSV_NUL, "nul"},
                 {CSV_BAD_TEXT, "bad-text"},
                 {CSV_TOO_LONG, "too-long"},
                 {CSV_TOO_MANY, "too-many"}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (flaws & words[i].bit)
            buf_addf(out, "%s%s", out->n ? "," : "", words[i].word);
}

static enum aisle_status csv_row_out(struct cli *cli, const struct csv_row *row,
                                     struct aisle_err *err)
{
    struct buf flaws = BUF_INIT(BUF_MAX_LINE), first = BUF_INIT(BUF_MAX_FILE);
    enum aisle_status status;

    csv_flaws(row->flaws, &flaws);
    for (size_t i = 0; i < row->count && i < 4; i++)
        buf_addf(&first, "%s%.*s", i ? " | " : "", STR_ARG(utf8_head(row->cells[i], 60)));
    out_int(&cli->out, (int64_t)row->line);
    out_int(&cli->out, (int64_t)row->count);
    out_opt(&cli->out, buf_str(&flaws));
    out_str(&cli->out, buf_str(&first));
    status = out_row(&cli->out, err);
    buf_clear(&flaws);
    buf_clear(&first);
    return status;
}

static enum aisle_status run_csv(struct cli *cli, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_FILE);
    struct str rest;
    struct csv csv = {0};
    struct csv_row row = {.count = 1};
    enum aisle_status status = cli_read(cli, cli_operand(cli, 0), &bytes, err);

    rest = buf_str(&bytes);
    if (status == AISLE_OK)
        status = csv_open(&csv, feed_source_text(&rest), '\0', err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, csv_columns, err);
    while (status == AISLE_OK) {
        status = csv_next(&csv, &row, err);
        if (status != AISLE_OK || row.count == 0)
            break;
        status = csv_row_out(cli, &row, err);
    }
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK)
        say(&cli->voice, "separator '%c'", csv.delimiter);
    csv_close(&csv);
    buf_clear(&bytes);
    return status;
}

static const struct example csv_examples[] = {
    {"aisle test csv products.csv", "how the rows of a messy file are read"},
    END_OF_EXAMPLES,
};

const struct command command_test_csv = {
    .noun = "test",
    .verb = "csv",
    .operands = "FILE",
    .summary = "how the rows of a CSV are read, and what had to be mended",
    .examples = csv_examples,
    .columns = csv_columns,
    .uses = USES_ROWS,
    .run = run_csv,
};
