/* listing_publish.c - mapped products to the marketplace: as drafts, listed, changed */
#include "cli/commands/list.h"
#include "cli/commands/listing.h"
#include "cli/commands/shared.h"

static const struct column columns[] = {
    {.name = "product", .kind = COLUMN_ID, .help = "ours"},
    {.name = "outcome",
     .kind = COLUMN_ID,
     .help = "created, edited, found, same, ready, unmapped, wrong, refused or later"},
    {.name = "state", .kind = COLUMN_ID, .help = "draft, pending, live, …"},
    {.name = "listing", .kind = COLUMN_ID, .help = "the marketplace's id"},
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf"},
    {.name = "errors", .kind = COLUMN_COUNT, .help = "that the check found"},
    {.name = "warnings", .kind = COLUMN_COUNT, .help = "the same"},
    {.name = "code", .kind = COLUMN_ID, .help = "the marketplace's, of a refusal"},
    {.name = "text", .kind = COLUMN_TEXT, .whole = true, .help = "why not"},
    {.name = "title", .kind = COLUMN_TEXT, .detail = true, .help = "ours"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose product"},
    {.name = "tips", .kind = COLUMN_COUNT, .detail = true, .help = "would sell better"},
    {.name = "mended", .kind = COLUMN_COUNT, .detail = true, .help = "by --fix"},
    {.name = "request", .kind = COLUMN_ID, .detail = true, .help = "id, for support"},
    {.name = "markets",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "of a global product"},
    END_OF_COLUMNS,
};

enum { MOST_TOLD = 20, MOST_WRONG_TOLD = 10, MOST_JOBS = 64 };

struct publishing {
    struct cli *cli;
    size_t wrong;
    enum aisle_status status; /* of writing rows */
    struct aisle_err err;
};

static void add_named(struct buf *out, const char *name, struct str value)
{
    if (value.n)
        buf_addf(out, ", %s %.*s", name, STR_ARG(value));
}

static void tell_finding(struct cli *cli, struct str product_id, const struct finding *f)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);

    buf_addf(&text, "%.*s: %s %.*s%s%.*s", STR_ARG(product_id),
             finding_level_name(f->level), STR_ARG(f->path), f->path.n ? ": " : "",
             STR_ARG(f->what));
    if (f->code[0])
        buf_addf(&text, " (%s)", f->code);
    add_named(&text, "found", f->found);
    add_named(&text, "allowed", f->allowed);
    if (f->fix.n)
        buf_addf(&text, "; %.*s", STR_ARG(f->fix));
    say(&cli->voice, "%.*s", STR_ARG(buf_str(&text)));
    buf_clear(&text);
}

void listing_tell_findings(struct cli *cli, struct str product_id,
                           const struct findings *f)
{
    for (size_t i = 0; i < f->count && i < MOST_TOLD; i++) {
        const struct finding *one = &f->rows[i];

        if (one->level == FINDING_TIP)
            continue;
        tell_finding(cli, product_id, one);
    }
    if (f->count > MOST_TOLD)
        say(&cli->voice, "%.*s: and %zu more", STR_ARG(product_id), f->count - MOST_TOLD);
}

static void tell_repairs(struct cli *cli, const struct publish_item *item)
{
    for (size_t i = 0; i < item->repairs->count; i++)
        say(&cli->voice, "%.*s: mended %.*s: %.*s", STR_ARG(item->product_id),
            STR_ARG(item->repairs->rows[i].path), STR_ARG(item->repairs->rows[i].what));
}

static void put_item(void *ctx, const struct publish_item *item)
{
    struct publishing *p = ctx;
    struct buf markets = BUF_INIT(BUF_MAX_LINE);
    struct out *out = &p->cli->out;
    const struct listing *l = item->listing;

    if (p->status != AISLE_OK)
        return;
    tell_repairs(p->cli, item);
    if (item->outcome == PUBLISH_WRONG && p->wrong++ < MOST_WRONG_TOLD)
        listing_tell_findings(p->cli, item->product_id, item->findings);
    out_str(out, item->product_id);
    out_str(out, str_of(publish_outcome_name(item->outcome)));
    out_opt(out, l ? str_of(listing_state_name(l->state)) : STR_LIT(""));
    out_opt(out, l ? l->remote_id : STR_LIT(""));
    out_opt(out, item->category_id);
    out_int(out, (int64_t)item->findings->errors);
    out_int(out, (int64_t)item->findings->warnings);
    out_opt(out, item->code);
    out_opt(out, item->text);
    out_str(out, item->title);
    out_str(out, item->seller_id);
    out_int(out, (int64_t)item->findings->tips);
    out_int(out, (int64_t)item->repairs->count);
    out_opt(out, l ? l->request_id : STR_LIT(""));
    listing_put_markets(out, l, &markets);
    p->status = out_row(out, &p->err);
    buf_clear(&markets);
}

void listing_put_markets(struct out *out, const struct listing *l, struct buf *text)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct listing_abroad rows[ABROAD_MAX];
    size_t count = 0;

    if (l)
        listing_abroad_parse(l->markets, &arena, rows, &count, NULL);
    for (size_t i = 0; i < count; i++)
        buf_addf(text, "%s%.*s %s%s%.*s", i ? ", " : "", STR_ARG(rows[i].region),
                 rows[i].id.n ? listing_state_name(rows[i].state) : "not there",
                 rows[i].id.n ? " " : "", STR_ARG(rows[i].id));
    out_opt(out, buf_str(text));
    arena_clear(&arena);
}

/* ---- what is asked ---- */

enum aisle_status listing_read_defaults(struct cli *cli, struct buf *text,
                                        struct str *out, struct aisle_err *err)
{
    struct str file = cli_text(cli, "defaults");
    enum aisle_status status = file.n ? cli_read_json(cli, file, text, err) : AISLE_OK;

    if (status == AISLE_OK)
        *out = buf_str(text);
    return status;
}

void listing_tell_strangers(struct cli *cli, const struct publish_result *r)
{
    for (size_t i = 0; i < r->stranger_count; i++)
        say_warning(&cli->voice, "%.*s: no product has the category \"%.*s\"",
                    STR_ARG(cli_text(cli, "defaults")), STR_ARG(r->strangers[i]));
}

static enum aisle_status request_of(struct cli *cli, struct buf *defaults,
                                    struct publish_request *out, struct aisle_err *err)
{
    int64_t lag = cli_seconds(cli, "search-lag", -1), jobs = cli_count(cli, "jobs", 4);
    enum aisle_status status;

    if (jobs < 1 || jobs > MOST_JOBS)
        return cli_misuse(cli, err, "--jobs is 1 to %d", MOST_JOBS);

    *out = (struct publish_request){
        .target = cli_text(cli, "target"),
        .seller_id = cli_text(cli, "seller"),
        .defaults_name = cli_text(cli, "defaults"),
        .product_ids = cli->args.operands,
        .product_count = cli->args.operand_count,
        .limit = (size_t)cli_count(cli, "limit", 0),
        .check_only = cli_switch(cli, "dry-run"),
        .fix = cli_switch(cli, "fix"),
        .again = cli_switch(cli, "again"),
        .jobs = (unsigned)jobs,
        .image_root = cli_text(cli, "image-root"),
        .allow_private = cli_switch(cli, "allow-private"),
        .search_lag_s = lag > 24 * 3600 ? 24 * 3600 : (int)lag,
    };
    listing_profile_parse(cli_text(cli, "profile"), &out->profile); /* a choice */
    status = cli_list(cli, "markets", &out->markets, &out->market_count, err);
    return status == AISLE_OK ? listing_read_defaults(cli, defaults, &out->defaults, err)
                              : status;
}

/* ---- what is said ---- */

static void add_part(struct buf *out, size_t n, const char *words)
{
    if (n)
        buf_addf(out, "%s%zu %s", out->n ? ", " : "", n, words);
}

/* Many are wrong in the same way: what it is stands once there. */
static void tell_wrong(struct cli *cli, const struct publish_result *r)
{
    struct str file = cli_text(cli, "defaults");
    size_t wrong = r->counts[PUBLISH_WRONG];

    if (wrong > MOST_WRONG_TOLD)
        say(&cli->voice, "what is wrong with %zu more is not told here",
            wrong - MOST_WRONG_TOLD);
    if (wrong > 1)
        say(&cli->voice,
            "next: aisle listing check --group code --online%s%.*s --target %.*s",
            file.n ? " --defaults " : "", STR_ARG(file), STR_ARG(r->target_id));
}

static void tell_end(struct cli *cli, const struct publish_result *r)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);

    for (int i = 0; i < PUBLISH_OUTCOMES; i++)
        add_part(&text, r->counts[i], publish_outcome_name((enum publish_outcome)i));
    if (r->total == 0)
        say(&cli->voice, "nothing to list: the catalogue is empty");
    else
        say(&cli->voice, "%zu %s: %.*s", r->total,
            say_noun((int64_t)r->total, "product", "products"), STR_ARG(buf_str(&text)));
    buf_clear(&text);
    if (r->capped)
        say(&cli->voice, "the shop may list no more products today; go on tomorrow");
    tell_wrong(cli, r);
    if (r->counts[PUBLISH_UNMAPPED])
        say(&cli->voice, "next: aisle map run, aisle map review --target %.*s",
            STR_ARG(r->target_id));
    else if (r->counts[PUBLISH_CREATED] + r->counts[PUBLISH_FOUND])
        say(&cli->voice, "next: aisle listing status --target %.*s",
            STR_ARG(r->target_id));
}

static enum exit_code exit_after(const struct publish_result *r)
{
    if (r->counts[PUBLISH_LATER])
        return r->capped ? EXIT_PARTLY : EXIT_TEMPORARY;
    if (r->counts[PUBLISH_WRONG])
        return EXIT_FINDINGS;
    if (r->counts[PUBLISH_REFUSED])
        return EXIT_PARTLY;
    return EXIT_DONE;
}

static enum aisle_status run(struct cli *cli, bool draft, bool only_listed,
                             struct aisle_err *err)
{
    struct publishing p = {.cli = cli};
    struct publish_request request = {0};
    struct publish_result result = {0};
    struct buf defaults = BUF_INIT(BUF_MAX_REQUEST);
    enum aisle_status status = request_of(cli, &defaults, &request, err);

    request.draft = draft;
    request.only_listed = only_listed;
    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, columns, err);
    if (status == AISLE_OK)
        status =
            flow_publish(&cli->app, &request, put_item, &p, &cli->arena, &result, err);
    if (status == AISLE_OK && p.status != AISLE_OK) {
        aisle_pass(err, &p.err);
        status = p.status;
    }
    listing_tell_strangers(cli, &result);
    if (result.total || status == AISLE_OK)
        tell_end(cli, &result);
    if (status == AISLE_OK)
        cli->exit_code = exit_after(&result);
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    buf_clear(&defaults);
    return status;
}

static enum aisle_status run_publish(struct cli *cli, struct aisle_err *err)
{
    return run(cli, false, false, err);
}

static enum aisle_status run_draft(struct cli *cli, struct aisle_err *err)
{
    return run(cli, true, false, err);
}

static enum aisle_status run_edit(struct cli *cli, struct aisle_err *err)
{
    return run(cli, false, true, err);
}

static const struct option options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    OPTION_LIMIT,
    {.name = "fix",
     .kind = OPTION_SWITCH,
     .help = "mend what can be mended without asking, and say so"},
    {.name = "again",
     .kind = OPTION_SWITCH,
     .help = "also what was refused before in the same form, or deleted"},
    {.name = "defaults",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "JSON: what products do not say, for the shop and by seller category"},
    {.name = "markets",
     .kind = OPTION_CHOICE,
     .argument = "REGION",
     .repeats = true,
     .commas = true,
     .choices = "DE ES FR GB ID IE IT JP MX MY PH SG TH US VN",
     .help = "of a global target: where to publish; else the shop's own market"},
    {.name = "profile",
     .kind = OPTION_CHOICE,
     .argument = "PROFILE",
     .choices = "current 202309",
     .fallback = "current",
     .help = "which edition of the rules"},
    {.name = "jobs",
     .letter = 'j',
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "4",
     .help = "products at a time, 1 to 64"},
    {.name = "search-lag",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "how long the marketplace's search may not show what was created"},
    {.name = "image-root",
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .help = "folder that relative image paths are under"},
    {.name = "allow-private",
     .kind = OPTION_SWITCH,
     .help = "fetch images from private addresses too"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example publish_examples[] = {
    {"aisle listing publish --dry-run", "what would be sent, and what is wrong with it"},
    {"aisle listing publish K-01 K-02 --fix", "two products, mended where it can be"},
    {"aisle listing publish --defaults defaults.json --jobs 8",
     "all mapped products, with weight and stock from a file"},
    {"aisle listing publish --target ekspor:v2:GLOBAL --markets MY,TH",
     "a cross-border seller's: made once, put into two markets"},
    END_OF_EXAMPLES,
};

const struct command command_listing_publish = {
    .noun = "listing",
    .verb = "publish",
    .operands = "[PRODUCT]...",
    .summary = "list mapped products, or bring their listings up to date",
    .about = "Each product is assembled from what the catalogue has, what its leaf "
             "demands and what --defaults says, checked against every rule that can be "
             "known, and sent only when nothing is wrong. What was sent before is sent "
             "again only when it changed.\n\n"
             "A run may be cut off at any moment: the next one looks up what may have "
             "been created before it creates anything again.\n\n"
             "A cross-border seller's shop lists global products (target SHOP:v2:GLOBAL, "
             "which is its usual one): each is made once and published to --markets, "
             "every market once, with prices by the \"rates\" of --defaults.\n\n"
             "Ends with 5 when something is left for later, 6 when the check found "
             "errors, 7 when the marketplace refused something.",
    .examples = publish_examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_publish,
};

static const struct example draft_examples[] = {
    {"aisle listing draft K-01", "one product, kept there as a draft"},
    END_OF_EXAMPLES,
};

const struct command command_listing_draft = {
    .noun = "listing",
    .verb = "draft",
    .operands = "[PRODUCT]...",
    .summary = "keep mapped products as drafts at the marketplace",
    .about = "As publish, but for save mode: a draft may lack the attributes its leaf "
             "demands, and nobody sees it.",
    .examples = draft_examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_draft,
};

static const struct example edit_examples[] = {
    {"aisle listing edit", "send what changed since it was last sent"},
    END_OF_EXAMPLES,
};

const struct command command_listing_edit = {
    .noun = "listing",
    .verb = "edit",
    .operands = "[PRODUCT]...",
    .summary = "bring listings up to date with the catalogue; lists nothing new",
    .examples = edit_examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_edit,
};
