/* listing_check_store.c - products of the store held against everything known, before any
 * of them is sent: rows of findings, the same grouped, or a report
 */
#include "cli/commands/listing.h"
#include "cli/commands/shared.h"
#include "listing/report.h"

enum { TOLD_IN_FULL = 20 }; /* products in a report */

const struct column listing_group_columns[] = {
    {.name = "level", .kind = COLUMN_ID, .help = "error, warning or tip"},
    {.name = "products", .kind = COLUMN_COUNT, .help = "that have it"},
    {.name = "drafts",
     .kind = COLUMN_COUNT,
     .help = "of them, those it keeps from being drafts as well"},
    {.name = "code", .kind = COLUMN_ID, .help = "the marketplace's, where it has one"},
    {.name = "what", .kind = COLUMN_TEXT, .whole = true, .help = "what is wrong"},
    {.name = "fix", .kind = COLUMN_TEXT, .whole = true, .help = "what would mend it"},
    {.name = "leaf", .kind = COLUMN_PATH, .help = "the way to it, with --group leaf"},
    {.name = "such_as", .kind = COLUMN_TEXT, .help = "a few of the products"},
    {.name = "category", .kind = COLUMN_ID, .detail = true, .help = "the leaf's id"},
    {.name = "path", .kind = COLUMN_PATH, .detail = true, .help = "where in the body"},
    {.name = "allowed", .kind = COLUMN_TEXT, .detail = true, .help = "what may be there"},
    {.name = "rule", .kind = COLUMN_ID, .detail = true, .help = "our name for it"},
    END_OF_COLUMNS,
};

enum shape { SHAPE_ROWS, SHAPE_GROUPS, SHAPE_MARKDOWN };

struct store_check {
    struct cli *cli;
    enum shape shape;
    bool no_tips, remote;
    struct taxonomy tree; /* for the leaves' paths */
    struct listing_report report;
    struct buf details; /* of the first products that are wrong, in Markdown */
    size_t told, not_judged, unmapped;
    size_t asked, agreed, theirs_alone, ours_alone; /* with --remote */
    enum aisle_status status;                       /* of writing rows */
    struct aisle_err err;
};

/* ---- one product ---- */

static void put_finding(struct store_check *c, const struct publish_item *item,
                        const struct finding *f)
{
    struct out *out = &c->cli->out;

    out_str(out, item->product_id);
    out_str(out, str_of(finding_level_name(f->level)));
    out_str(out, f->path);
    out_opt(out, str_of(f->code));
    out_str(out, f->what);
    out_opt(out, f->found);
    out_opt(out, f->allowed);
    out_opt(out, f->fix);
    out_str(out, str_of(f->rule));
    out_flag(out, f->mend != MEND_NONE && f->mend != MEND_IMAGE);
    out_opt(out, item->category_id);
    out_flag(out, finding_stops_draft(f, item->as_draft));
    out_str(out, item->title);
    out_str(out, item->seller_id);
    c->status = out_row(out, &c->err);
}

/* A product that was not judged: no leaf, a leaf that is closed, a call that failed. */
static struct finding no_judgement(const struct publish_item *item)
{
    return (struct finding){
        .level = FINDING_ERROR,
        .rule = item->outcome == PUBLISH_UNMAPPED ? "unmapped" : "not-judged",
        .code = item->code.n ? item->code.p : "", /* text of an arena ends in a NUL */
        .path = STR_LIT(""),
        .what = item->text,
        .fix = item->outcome == PUBLISH_UNMAPPED ? STR_LIT("aisle map run, map review")
                                                 : STR_LIT(""),
    };
}

static void compare(struct store_check *c, const struct publish_item *item)
{
    bool ours = item->findings->errors > item->remote_alone;

    if (!item->remote_asked)
        return;
    c->asked++;
    c->theirs_alone += item->remote_alone > 0;
    c->ours_alone += ours && item->remote_passed;
    c->agreed += item->remote_alone == 0 && ours == !item->remote_passed;
}

static void add_details(struct store_check *c, const struct publish_item *item)
{
    struct str title = arena_fmt(&c->cli->arena, "%.*s: %.*s", STR_ARG(item->product_id),
                                 STR_ARG(item->title));

    if (!item->findings->errors || c->told++ >= TOLD_IN_FULL)
        return;
    buf_addc(&c->details, '\n');
    findings_markdown(item->findings, title.p ? title : item->product_id, &c->details);
}

static void drop_tips(struct findings *f)
{
    size_t kept = 0;

    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].level != FINDING_TIP)
            f->rows[kept++] = f->rows[i];
    f->count = kept;
    f->tips = 0;
}

static void add_to_report(struct store_check *c, const struct publish_item *item,
                          const struct findings *findings)
{
    const struct category *leaf = taxonomy_get(&c->tree, item->category_id);
    struct report_product product = {.id = item->product_id,
                                     .category_id = item->category_id,
                                     .findings = findings,
                                     .as_draft = item->as_draft};
    struct buf path = BUF_INIT(BUF_MAX_LINE);

    if (leaf)
        category_path(&c->tree, leaf, TAXONOMY_NONE, &path);
    product.path = buf_str(&path);
    report_add(&c->report, &product);
    buf_clear(&path);
}

static void take_item(void *ctx, const struct publish_item *item)
{
    struct store_check *c = ctx;
    struct findings shown = *item->findings;
    struct arena_mark mark = arena_mark(&c->cli->arena);

    if (c->status != AISLE_OK)
        return;
    if (item->outcome != PUBLISH_READY && item->outcome != PUBLISH_WRONG) {
        struct finding why = no_judgement(item);

        c->unmapped += item->outcome == PUBLISH_UNMAPPED;
        c->not_judged += item->outcome != PUBLISH_UNMAPPED;
        shown = (struct findings){.arena = &c->cli->arena};
        findings_add(&shown, &why);
    }
    if (c->no_tips)
        drop_tips(&shown);
    compare(c, item);
    if (c->shape == SHAPE_MARKDOWN)
        add_details(c, item);
    for (size_t i = 0; c->shape == SHAPE_ROWS && i < shown.count; i++)
        if (c->status == AISLE_OK)
            put_finding(c, item, &shown.rows[i]);
    add_to_report(c, item, &shown);
    arena_rewind(&c->cli->arena, mark);
}

/* ---- all of them ---- */

static enum aisle_status put_groups(struct store_check *c, struct aisle_err *err)
{
    struct out *out = &c->cli->out;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < c->report.count; i++) {
        const struct report_line *l = &c->report.lines[i];
        struct buf some = BUF_INIT(BUF_MAX_LINE);

        for (size_t k = 0; k < REPORT_EXAMPLES && k < l->products; k++)
            buf_addf(&some, "%s%.*s", k ? ", " : "", STR_ARG(l->examples[k]));
        out_str(out, str_of(finding_level_name(l->level)));
        out_int(out, (int64_t)l->products);
        out_int(out, (int64_t)l->drafts);
        out_opt(out, l->code);
        out_str(out, l->what);
        out_opt(out, l->fix);
        out_opt(out, l->path);
        out_opt(out, buf_str(&some));
        out_opt(out, l->category_id);
        out_opt(out, l->where);
        out_opt(out, l->allowed);
        out_str(out, l->rule);
        status = out_row(out, err);
        buf_clear(&some);
    }
    return status == AISLE_OK ? out_end(out, err) : status;
}

static enum aisle_status put_report(struct store_check *c, struct str target,
                                    struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    struct str title =
        arena_fmt(&c->cli->arena, "Listing check of %.*s", STR_ARG(target));
    enum aisle_status status;

    report_markdown(&c->report, title.p ? title : target, &text);
    buf_add(&text, buf_str(&c->details));
    if (c->told > TOLD_IN_FULL)
        buf_addf(&text, "\nAnd %zu more that are wrong.\n", c->told - TOLD_IN_FULL);
    status = buf_check(&text, "report", err);
    if (status == AISLE_OK)
        status = buf_check(&c->details, "report", err);
    if (status == AISLE_OK)
        status = out_text(&c->cli->out, buf_str(&text), err);
    buf_clear(&text);
    return status;
}

static void tell_end(struct store_check *c)
{
    const struct listing_report *r = &c->report;
    struct voice *v = &c->cli->voice;

    say(v, "%zu %s: %zu would be taken, %zu refused; %zu could be kept as drafts",
        r->products, say_noun((int64_t)r->products, "product", "products"), r->right,
        r->products - r->right, r->drafts);
    if (c->unmapped)
        say(v, "%zu have no leaf; next: aisle map run", c->unmapped);
    if (c->not_judged)
        say(v, "%zu could not be judged", c->not_judged);
    if (c->remote)
        say(v,
            "the marketplace was asked about %zu: it agrees about %zu, objects alone to "
            "%zu, and would take %zu that we would not",
            c->asked, c->agreed, c->theirs_alone, c->ours_alone);
}

static enum aisle_status request_of(struct store_check *c, struct buf *defaults,
                                    struct publish_request *out, struct aisle_err *err)
{
    struct cli *cli = c->cli;
    struct str shelf = cli_text(cli, "seller-category");

    *out = (struct publish_request){
        .target = cli_text(cli, "target"),
        .seller_id = cli_text(cli, "seller"),
        .defaults_name = cli_text(cli, "defaults"),
        .product_ids = cli->args.operands,
        .product_count = cli->args.operand_count,
        .seller_category = shelf,
        .has_seller_category = shelf.n > 0,
        .limit = (size_t)cli_count(cli, "limit", 0),
        .draft = str_is(cli_text(cli, "mode"), "draft"),
        .check_only = true,
        .offline = !cli_switch(cli, "online") && !c->remote,
        .remote = c->remote,
        .fix = cli_switch(cli, "fix"),
        .image_root = cli_text(cli, "image-root"),
        .allow_private = cli_switch(cli, "allow-private"),
    };
    listing_profile_parse(cli_text(cli, "profile"), &out->profile); /* a choice */
    return listing_read_defaults(cli, defaults, &out->defaults, err);
}

static enum aisle_status check(struct store_check *c, struct publish_request *request,
                               struct aisle_err *err)
{
    struct cli *cli = c->cli;
    struct open_tree t;
    struct publish_result result = {0};
    enum aisle_status status = cli_tree(cli, 0, &t, err);

    if (status != AISLE_OK)
        return status;
    c->tree = t.tree;
    request->target = t.target.id;
    if (c->shape != SHAPE_MARKDOWN)
        status = out_begin_work(&cli->out, cli_columns(cli), err);
    if (status == AISLE_OK)
        status =
            flow_publish(&cli->app, request, take_item, c, &cli->arena, &result, err);
    listing_tell_strangers(cli, &result);
    if (status == AISLE_OK && c->status != AISLE_OK) {
        aisle_pass(err, &c->err);
        status = c->status;
    }
    if (status == AISLE_OK)
        status = report_check(&c->report, err);
    report_sort(&c->report);
    if (status == AISLE_OK)
        status = c->shape == SHAPE_MARKDOWN ? put_report(c, t.target.id, err)
                 : c->shape == SHAPE_GROUPS ? put_groups(c, err)
                                            : out_end(&cli->out, err);
    return status;
}

enum aisle_status listing_check_store(struct cli *cli, struct aisle_err *err)
{
    struct arena lines = ARENA_INIT(ARENA_MAX_WORK);
    struct store_check c = {.cli = cli,
                            .no_tips = cli_switch(cli, "no-tips"),
                            .remote = cli_switch(cli, "remote"),
                            .report = {.arena = &lines},
                            .details = BUF_INIT(BUF_MAX_REPLY)};
    struct str group = cli_text(cli, "group");
    struct buf defaults = BUF_INIT(BUF_MAX_REQUEST);
    struct publish_request request;
    enum aisle_status status = cli_open(cli, err);

    c.report.by_leaf = str_is(group, "leaf");
    c.shape = cli_switch(cli, "markdown") ? SHAPE_MARKDOWN
              : group.n                   ? SHAPE_GROUPS
                                          : SHAPE_ROWS;
    if (status == AISLE_OK)
        status = request_of(&c, &defaults, &request, err);
    if (status == AISLE_OK)
        status = check(&c, &request, err);
    if (status == AISLE_OK)
        tell_end(&c);
    if (status == AISLE_OK && c.report.right < c.report.products)
        cli->exit_code = EXIT_FINDINGS;
    buf_clear(&defaults);
    buf_clear(&c.details);
    arena_clear(&lines);
    return status;
}
