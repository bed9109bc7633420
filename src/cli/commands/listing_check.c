/* listing_check.c - a body held against everything documented, before it is sent */
#include "cli/commands/list.h"
#include "cli/commands/listing.h"
#include "cli/commands/shared.h"

#include "base/json.h"
#include "listing/body.h"
#include "listing/fix.h"
#include "listing/report.h"

#include <stdlib.h>

static const struct column columns[] = {
    {.name = "product", .kind = COLUMN_ID, .help = "ours; none with --body"},
    {.name = "level", .kind = COLUMN_ID, .help = "error, warning or tip"},
    {.name = "path", .kind = COLUMN_PATH, .help = "where in the body"},
    {.name = "code", .kind = COLUMN_ID, .help = "the marketplace's, where it has one"},
    {.name = "what", .kind = COLUMN_TEXT, .whole = true, .help = "what is wrong"},
    {.name = "found", .kind = COLUMN_TEXT, .help = "what is there"},
    {.name = "allowed", .kind = COLUMN_TEXT, .whole = true, .help = "what may be there"},
    {.name = "fix", .kind = COLUMN_TEXT, .whole = true, .help = "what would mend it"},
    {.name = "rule", .kind = COLUMN_ID, .help = "our name for it", .detail = true},
    {.name = "mends",
     .kind = COLUMN_FLAG,
     .help = "--fix does it by itself",
     .detail = true},
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf", .detail = true},
    {.name = "draft",
     .kind = COLUMN_FLAG,
     .help = "an error of a draft as well",
     .detail = true},
    {.name = "title", .kind = COLUMN_TEXT, .help = "ours", .detail = true},
    {.name = "seller", .kind = COLUMN_ID, .help = "whose product", .detail = true},
    END_OF_COLUMNS,
};

struct checking {
    struct cli *cli;
    struct str file;
    struct buf text, side_text; /* the body's and the requirements' */
    struct requirement need;
    struct listing_shop shop;
    struct listing_draft draft, mended;
    struct listing_question question;
    struct findings findings, as_draft;
};

/* {"requirement": {…}, "shop": {…}}, either of them or none. */
static enum aisle_status read_side(struct checking *c, struct aisle_err *err)
{
    struct str path = cli_text(c->cli, "requirements");
    struct buf part = BUF_INIT(BUF_MAX_REPLY);
    json_t *root = NULL;
    enum aisle_status status;

    if (str_empty(path))
        return AISLE_OK;
    status = cli_read_json(c->cli, path, &c->side_text, err);
    if (status == AISLE_OK)
        status = json_read(buf_str(&c->side_text), BUF_MAX_REPLY, "requirements file",
                           &root, err);
    for (int shop = 0; status == AISLE_OK && shop < 2; shop++) {
        const json_t *object = json_at(root, shop ? "shop" : "requirement");
        char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

        if (!text)
            continue;
        buf_reset(&part);
        buf_addz(&part, text);
        free(text);
        status = buf_check(&part, "requirements file", err);
        if (status == AISLE_OK && shop) {
            status = listing_shop_parse(buf_str(&part), &c->cli->arena, &c->shop, err);
            c->question.shop = &c->shop;
        } else if (status == AISLE_OK) {
            status = requirement_parse(buf_str(&part), &c->cli->arena, &c->need, err);
            c->question.requirement = &c->need;
        }
    }
    if (status == AISLE_OK && !c->question.shop && !c->question.requirement)
        status = aisle_fail(err, AISLE_INVALID,
                            "requirements file has neither \"requirement\" nor \"shop\"");
    json_decref(root);
    buf_clear(&part);
    return status;
}

static enum aisle_status read_question(struct checking *c, struct aisle_err *err)
{
    struct str market = cli_text(c->cli, "market"), mode = cli_text(c->cli, "mode");
    enum listing_profile profile = LISTING_CURRENT;
    enum aisle_status status = read_side(c, err);

    if (status != AISLE_OK)
        return status;
    listing_profile_parse(cli_text(c->cli, "profile"), &profile);
    if (str_empty(market))
        market = c->shop.market;
    c->question.limits = listing_limits_get(market, profile);
    if (!str_empty(market) && !c->question.limits->market[0])
        return aisle_fail(err, AISLE_INVALID, "market %.*s is none we know",
                          STR_ARG(market));
    if (str_empty(market))
        say(&c->cli->voice, "no market named: only what is alike in all is judged");
    c->question.mode = str_empty(mode)         ? listing_draft_mode(&c->draft)
                       : str_is(mode, "draft") ? LISTING_MODE_DRAFT
                                               : LISTING_MODE_LISTING;
    c->question.now = clock_now_s(clock_system());
    c->question.no_tips = cli_switch(c->cli, "no-tips");
    return AISLE_OK;
}

/* ---- mending ---- */

static void tell_repair(struct cli *cli, const struct listing_repair *r)
{
    if (str_empty(r->was) && str_empty(r->is))
        say(&cli->voice, "%.*s: %.*s", STR_ARG(r->path), STR_ARG(r->what));
    else
        say(&cli->voice, "%.*s: %.*s: \"%.*s\" is now \"%.*s\"", STR_ARG(r->path),
            STR_ARG(r->what), STR_ARG(r->was), STR_ARG(r->is));
}

static enum aisle_status write_mended(struct checking *c, struct aisle_err *err)
{
    struct str to = cli_text(c->cli, "output");
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    enum aisle_status status;

    if (str_empty(to))
        to = c->file;
    if (str_is(to, "-"))
        return aisle_fail(err, AISLE_INVALID,
                          "say with --output where the mended body "
                          "goes");
    listing_write_body(&c->mended, BODY_CREATE, &body);
    buf_addc(&body, '\n');
    status = buf_check(&body, "body", err);
    if (status == AISLE_OK)
        status = cli_write(to, buf_str(&body), 0644, true, err);
    buf_clear(&body);
    return status;
}

/* Mends, writes, and leaves the findings of what is there now. */
static enum aisle_status mend(struct checking *c, struct aisle_err *err)
{
    struct listing_repairs repairs = {0};
    enum aisle_status status = listing_fix(&c->question, &c->findings, &c->cli->arena,
                                           &c->mended, &repairs, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < repairs.count; i++)
        tell_repair(c->cli, &repairs.rows[i]);
    if (repairs.count)
        status = write_mended(c, err);
    else
        say(&c->cli->voice, "nothing to mend by itself");
    c->question.draft = &c->mended;
    c->findings = (struct findings){.arena = &c->cli->arena};
    if (status == AISLE_OK)
        status = listing_check(&c->question, &c->findings, err);
    return status;
}

/* ---- telling ---- */

static enum aisle_status print_rows(struct checking *c, struct aisle_err *err)
{
    struct out *out = &c->cli->out;
    enum aisle_status status = out_begin_work(out, columns, err);

    for (size_t i = 0; status == AISLE_OK && i < c->findings.count; i++) {
        const struct finding *f = &c->findings.rows[i];

        out_opt(out, STR_LIT("")); /* product */
        out_str(out, str_of(finding_level_name(f->level)));
        out_str(out, f->path);
        out_opt(out, str_of(f->code));
        out_str(out, f->what);
        out_opt(out, f->found);
        out_opt(out, f->allowed);
        out_opt(out, f->fix);
        out_str(out, str_of(f->rule));
        out_flag(out, f->mend != MEND_NONE && f->mend != MEND_IMAGE);
        out_opt(out, c->draft.category_id);
        out_flag(out, finding_stops_draft(f, &c->as_draft));
        out_opt(out, c->draft.title);
        out_opt(out, STR_LIT("")); /* seller */
        status = out_row(out, err);
    }
    return status == AISLE_OK ? out_end(out, err) : status;
}

static enum aisle_status print_markdown(struct checking *c, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    enum aisle_status status;

    findings_markdown(&c->findings, c->draft.title, &text);
    status = buf_check(&text, "report", err);
    if (status == AISLE_OK)
        status = out_text(&c->cli->out, buf_str(&text), err);
    buf_clear(&text);
    return status;
}

static void tell_end(struct checking *c)
{
    const struct findings *f = &c->findings;

    say(&c->cli->voice, "%zu %s, %zu %s, %zu %s%s", f->errors,
        say_noun((int64_t)f->errors, "error", "errors"), f->warnings,
        say_noun((int64_t)f->warnings, "warning", "warnings"), f->tips,
        say_noun((int64_t)f->tips, "tip", "tips"),
        f->errors ? ": it would be refused" : ": it would be taken");
}

/* The same as a draft, to say of each error whether it is one there too. */
static enum aisle_status check_draft(struct checking *c, struct aisle_err *err)
{
    struct listing_question q = c->question;

    q.mode = LISTING_MODE_DRAFT;
    q.no_tips = true;
    c->as_draft = (struct findings){.arena = &c->cli->arena};
    return listing_check(&q, &c->as_draft, err);
}

static enum aisle_status check(struct checking *c, struct aisle_err *err)
{
    enum aisle_status status = cli_read_json(c->cli, c->file, &c->text, err);

    if (status == AISLE_OK)
        status = listing_read_body(buf_str(&c->text), &c->cli->arena, &c->draft,
                                   &c->findings, err);
    if (status == AISLE_OK)
        status = read_question(c, err);
    if (status != AISLE_OK)
        return status;
    c->question.draft = &c->draft;
    status = listing_check(&c->question, &c->findings, err);
    if (status == AISLE_OK && cli_switch(c->cli, "fix"))
        status = mend(c, err);
    if (status != AISLE_OK)
        return status;
    status = check_draft(c, err);
    if (status != AISLE_OK)
        return status;
    findings_sort(&c->findings);
    status = cli_switch(c->cli, "markdown") ? print_markdown(c, err) : print_rows(c, err);
    if (status == AISLE_OK) {
        tell_end(c);
        if (c->findings.errors)
            c->cli->exit_code = EXIT_FINDINGS;
    }
    return status;
}

static bool said_any(struct cli *cli, const char *const *names, const char **which)
{
    for (; *names; names++)
        if (!str_empty(cli_text(cli, *names))) {
            *which = *names;
            return true;
        }
    return false;
}

static enum aisle_status check_products(struct cli *cli, struct aisle_err *err)
{
    static const char *const of_bodies[] = {"requirements", "market", "output", NULL};
    const char *which;

    if (said_any(cli, of_bodies, &which))
        return cli_misuse(cli, err, "--%s goes with --body", which);
    return listing_check_store(cli, err);
}

static enum aisle_status check_body(struct checking *c, struct aisle_err *err)
{
    static const char *const of_products[] = {"group", "seller-category", "defaults",
                                              NULL};
    struct cli *cli = c->cli;
    const char *which = "online";

    if (cli->args.operand_count)
        return cli_misuse(cli, err, "a body and products are two things to check");
    if (said_any(cli, of_products, &which) || cli_switch(cli, "online") ||
        cli_switch(cli, "remote"))
        return cli_misuse(cli, err, "--%s goes with products, not with --body", which);
    return check(c, err);
}

static enum aisle_status run_check(struct cli *cli, struct aisle_err *err)
{
    struct checking c = {.cli = cli,
                         .file = cli_text(cli, "body"),
                         .text = BUF_INIT(BUF_MAX_FILE),
                         .side_text = BUF_INIT(BUF_MAX_REPLY),
                         .findings = {.arena = &cli->arena}};
    enum aisle_status status = AISLE_OK;

    if (cli_switch(cli, "markdown"))
        status = cli_no_rows(cli, "--markdown", err);
    if (status == AISLE_OK)
        status = str_empty(c.file) ? check_products(cli, err) : check_body(&c, err);

    buf_clear(&c.text);
    buf_clear(&c.side_text);
    return status;
}

static const struct option options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "seller-category",
     .kind = OPTION_TEXT,
     .argument = "PATH",
     .help = "only products in that category of the seller's"},
    OPTION_LIMIT,
    {.name = "group",
     .kind = OPTION_CHOICE,
     .argument = "BY",
     .choices = "code leaf",
     .help = "what is wrong in the same way as one row, all over or once a leaf"},
    {.name = "defaults",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "JSON: what products do not say, as listing publish takes it"},
    {.name = "online",
     .kind = OPTION_SWITCH,
     .help = "ask afresh for permissions, warehouses and brands, and look at images"},
    {.name = "remote",
     .kind = OPTION_SWITCH,
     .help = "have the marketplace check too; uploads images, lists nothing"},
    {.name = "image-root",
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .help = "folder that relative image paths are under"},
    {.name = "allow-private",
     .kind = OPTION_SWITCH,
     .help = "fetch images from private addresses too"},
    {.name = "body",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "a Create Product body as JSON instead of products; - is stdin"},
    {.name = "requirements",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "of a body: what the leaf demands and the shop has, as JSON"},
    {.name = "market",
     .kind = OPTION_TEXT,
     .argument = "REGION",
     .help = "of a body: such as ID; else the requirements file's"},
    {.name = "profile",
     .kind = OPTION_CHOICE,
     .argument = "WHICH",
     .choices = "current 202309",
     .fallback = "current",
     .help = "the rules as they read now, or as they did"},
    {.name = "mode",
     .kind = OPTION_CHOICE,
     .argument = "WHICH",
     .choices = "listing draft",
     .help = "judge it as that; else as its save_mode says"},
    {.name = "fix",
     .kind = OPTION_SWITCH,
     .help = "mend what can be mended; of a body: and write it back"},
    {.name = "output",
     .letter = 'o',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "with --fix: write it there instead"},
    {.name = "markdown",
     .kind = OPTION_SWITCH,
     .help = "a report for a pull request instead of rows"},
    {.name = "no-tips", .kind = OPTION_SWITCH, .help = "errors and warnings only"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle listing check --group code",
     "every mapped product, what is wrong most first"},
    {"aisle listing check K-01 K-02 --online",
     "two, with what the shop has asked afresh"},
    {"aisle listing check --seller-category 'Fashion > Kaos' --markdown",
     "a report for a pull request"},
    {"aisle listing check --body body.json --market ID", "everything that is wrong"},
    {"aisle listing check --body body.json --market ID --fix --output mended.json",
     "mend what needs no decision, and what stays"},
    {"aisle listing check --body body.json --requirements leaf.json --markdown",
     "a report for a pull request"},
    END_OF_EXAMPLES,
};

const struct command command_listing_check = {
    .noun = "listing",
    .verb = "check",
    .operands = "[PRODUCT]...",
    .summary = "hold products, or a body, against everything documented",
    .about =
        "Mapped products of the store, or with --body one body from a file. Of products "
        "nobody is asked, unless with --online: what tree sync and tree requirements "
        "fetched last counts.\n\n"
        "All findings at once: an error would be refused, a warning would be changed or "
        "dropped by the marketplace, a tip would sell better. Exit code 6 when there are "
        "errors. Nothing is sent. The requirements file is {\"requirement\": …, "
        "\"shop\": …}; without it only what holds for every leaf and shop is judged of a "
        "body.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .other_option = "group",
    .other_columns = listing_group_columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_check,
};
