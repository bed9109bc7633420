/* demands.c - what leaves demand of products, and which brands a shop may name */
#include "cli/commands/list.h"
#include "cli/commands/listing.h"
#include "cli/commands/shared.h"
#include "flows/brands.h"
#include "flows/requirements.h"

#include <assert.h>

static const struct column columns[] = {
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf"},
    {.name = "attributes", .kind = COLUMN_COUNT, .help = "it knows"},
    {.name = "mandatory", .kind = COLUMN_COUNT, .help = "of them"},
    {.name = "certificates", .kind = COLUMN_COUNT, .help = "it may ask for"},
    {.name = "size_chart", .kind = COLUMN_ID, .help = "required, supported or none"},
    {.name = "cod", .kind = COLUMN_FLAG, .help = "cash on delivery"},
    {.name = "changes", .kind = COLUMN_COUNT, .help = "since it was last fetched"},
    {.name = "breaking",
     .kind = COLUMN_COUNT,
     .help = "of them: listings may be wrong now"},
    {.name = "mappings", .kind = COLUMN_COUNT, .help = "of ours that point there"},
    {.name = "listings", .kind = COLUMN_COUNT, .help = "of ours that lie there"},
    {.name = "first",
     .kind = COLUMN_FLAG,
     .detail = true,
     .help = "never fetched before"},
    END_OF_COLUMNS,
};

static const struct column touched_columns[] = {
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf"},
    {.name = "product", .kind = COLUMN_ID, .help = "mapped there"},
    {.name = "state", .kind = COLUMN_ID, .help = "draft, live, …; none: not listed"},
    {.name = "listing", .kind = COLUMN_ID, .help = "the marketplace's id"},
    {.name = "errors", .kind = COLUMN_COUNT, .help = "that stand in its way now"},
    {.name = "first", .kind = COLUMN_TEXT, .help = "of them, and what mends it"},
    {.name = "codes", .kind = COLUMN_TEXT, .help = "the marketplace's, of all"},
    {.name = "title", .kind = COLUMN_TEXT, .help = "ours", .detail = true},
    {.name = "seller", .kind = COLUMN_ID, .help = "whose", .detail = true},
    END_OF_COLUMNS,
};

struct showing {
    struct cli *cli;
    bool impact; /* rows are products, not leaves */
    struct leaf_touched *leaves;
    size_t leaf_count, leaf_room;
    enum aisle_status status;
    struct aisle_err err;
};

static void tell_difference(void *ctx, struct str category_id,
                            const struct requirement_diff *d)
{
    struct showing *s = ctx;

    say(&s->cli->voice, "%.*s: %s %.*s%s%.*s%s", STR_ARG(category_id),
        requirement_change_name(d->change), STR_ARG(d->id), d->name.n ? " " : "",
        STR_ARG(d->name), d->breaks ? ", which may break listings" : "");
}

static void tell_failed(void *ctx, struct str category_id, const struct aisle_err *why)
{
    struct showing *s = ctx;

    say_warning(&s->cli->voice, "category %.*s: %s", STR_ARG(category_id), why->text);
}

static size_t mandatory(const struct requirement *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->attribute_count; i++)
        n += r->attributes[i].required;
    return n;
}

/* ---- whom it touches ---- */

static void note_touched(struct showing *s, struct str category_id)
{
    if (s->leaf_count == s->leaf_room) {
        size_t room = s->leaf_room ? 2 * s->leaf_room : 16;
        struct leaf_touched *wider = arena_zalloc(&s->cli->arena, room, sizeof *wider);

        if (!wider) {
            s->status = aisle_nomem(&s->err);
            return;
        }
        if (s->leaf_count)
            memcpy(wider, s->leaves, s->leaf_count * sizeof *wider);
        s->leaves = wider;
        s->leaf_room = room;
    }
    s->leaves[s->leaf_count].category_id = arena_str(&s->cli->arena, category_id);
    if (!s->leaves[s->leaf_count++].category_id.p)
        s->status = aisle_nomem(&s->err);
}

static const struct finding *first_error(const struct findings *f, size_t *count)
{
    const struct finding *first = NULL;

    *count = 0;
    for (size_t i = f->count; i-- > 0;)
        if (finding_is_demanded(&f->rows[i])) {
            first = &f->rows[i];
            ++*count;
        }
    return first;
}

static void add_codes(struct buf *out, const struct findings *f)
{
    assert(f->rows || f->count == 0);
    for (size_t i = 0; i < f->count; i++) {
        struct str code = str_of(f->rows[i].code);

        if (finding_is_demanded(&f->rows[i]) && code.n &&
            str_find(buf_str(out), code) >= out->n)
            buf_addf(out, "%s%.*s", out->n ? " " : "", STR_ARG(code));
    }
}

static void put_touched(void *ctx, const struct publish_item *item)
{
    struct showing *s = ctx;
    struct out *out = &s->cli->out;
    size_t errors = 0;
    const struct finding *first = first_error(item->findings, &errors);
    struct buf what = BUF_INIT(BUF_MAX_LINE), codes = BUF_INIT(BUF_MAX_LINE);

    if (!s->impact || s->status != AISLE_OK)
        return;
    if (first)
        buf_addf(&what, "%.*s%s%.*s", STR_ARG(first->what), first->fix.n ? "; " : "",
                 STR_ARG(first->fix));
    add_codes(&codes, item->findings);
    out_str(out, item->category_id);
    out_str(out, item->product_id);
    out_opt(out, item->listing ? str_of(listing_state_name(item->listing->state))
                               : STR_LIT(""));
    out_opt(out, item->listing ? item->listing->remote_id : STR_LIT(""));
    out_int(out, (int64_t)errors);
    out_opt(out, buf_str(&what));
    out_opt(out, buf_str(&codes));
    out_str(out, item->title);
    out_str(out, item->seller_id);
    s->status = out_row(out, &s->err);
    buf_clear(&what);
    buf_clear(&codes);
}

static enum aisle_status touch(struct showing *s, struct str target,
                               struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct str defaults = {0};
    enum aisle_status status = listing_read_defaults(s->cli, &text, &defaults, err);

    if (status == AISLE_OK)
        status = flow_leaves_touched(&s->cli->app, target, defaults, s->leaves,
                                     s->leaf_count, put_touched, s, err);
    buf_clear(&text);

    for (size_t i = 0; status == AISLE_OK && i < s->leaf_count; i++) {
        const struct leaf_touched *l = &s->leaves[i];

        say(&s->cli->voice,
            "%.*s: %zu mapped %s, %zu of them drafts, %zu live; now wrong are %zu, "
            "drafts %zu, live %zu",
            STR_ARG(l->category_id), l->products,
            say_noun((int64_t)l->products, "product", "products"), l->drafts, l->live,
            l->wrong, l->drafts_wrong, l->live_wrong);
    }
    return status;
}

static void put_leaf(void *ctx, const struct requirement_news *n)
{
    struct showing *s = ctx;
    struct out *out = &s->cli->out;
    const struct requirement *r = n->now;

    if (s->status == AISLE_OK && (n->changes || s->cli->args.operand_count))
        note_touched(s, n->category_id);
    if (s->status != AISLE_OK || s->impact)
        return;
    out_str(out, n->category_id);
    out_int(out, (int64_t)r->attribute_count);
    out_int(out, (int64_t)mandatory(r));
    out_int(out, (int64_t)r->certificate_count);
    out_str(out, str_of(r->size_chart_required    ? "required"
                        : r->size_chart_supported ? "supported"
                                                  : "none"));
    out_flag(out, r->cod_supported);
    out_int(out, (int64_t)n->changes);
    out_int(out, (int64_t)n->breaking);
    out_int(out, (int64_t)n->mappings);
    out_int(out, (int64_t)n->listings);
    out_flag(out, n->first);
    s->status = out_row(out, &s->err);
}

static enum aisle_status run_requirements(struct cli *cli, struct aisle_err *err)
{
    struct showing s = {.cli = cli, .impact = cli_switch(cli, "impact")};
    struct requirements_listener listener = {&s, tell_difference, put_leaf, tell_failed};
    struct requirements_request request = {
        .target = cli_text(cli, "target"),
        .categories = cli->args.operands,
        .category_count = cli->args.operand_count,
        .locale = cli_text(cli, "locale"),
        .due_after_s = cli_seconds(cli, "due", 0),
        .dry_run = cli_switch(cli, "dry-run"),
    };
    struct requirements_result r = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, cli_columns(cli), err);
    if (status == AISLE_OK)
        status = flow_requirements(&cli->app, &request, &listener, &cli->arena, &r, err);
    if (status == AISLE_OK && s.status == AISLE_OK && s.leaf_count && !request.dry_run)
        status = touch(&s, r.target_id, err);
    if (status == AISLE_OK && s.status != AISLE_OK) {
        aisle_pass(err, &s.err);
        status = s.status;
    }
    if (status != AISLE_OK)
        return status;
    say(&cli->voice,
        "%zu %s: %zu new, %zu changed, %zu as before, %zu not due, %zu failed", r.leaves,
        say_noun((int64_t)r.leaves, "leaf", "leaves"), r.first, r.changed, r.same,
        r.not_due, r.failed);
    if (r.leaves == 0)
        say(&cli->voice, "no leaf is in use: map products first, or name categories");
    if (r.failed)
        cli->exit_code = EXIT_PARTLY;
    else if (cli_switch(cli, "exit-code") && r.changed)
        cli->exit_code = EXIT_DIFFERENT;
    return out_end(&cli->out, err);
}

static const struct option requirement_options[] = {
    OPTION_TARGET,
    OPTION_LOCALE,
    {.name = "due",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "leave out what was fetched less than this ago"},
    {.name = "exit-code", .kind = OPTION_SWITCH, .help = "end with 10 when some changed"},
    {.name = "impact",
     .kind = OPTION_SWITCH,
     .help = "rows are the products a change touches, checked once more"},
    {.name = "defaults",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "for that check, as listing publish takes it"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example requirement_examples[] = {
    {"aisle tree requirements", "fetch what the leaves in use demand, and what changed"},
    {"aisle tree requirements 600001 --json", "of one leaf"},
    {"aisle tree requirements --due 1d --exit-code", "for cron"},
    {"aisle tree requirements --impact", "the products that what changed touches"},
    END_OF_EXAMPLES,
};

const struct command command_tree_requirements = {
    .noun = "tree",
    .verb = "requirements",
    .operands = "[CATEGORY]...",
    .summary = "fetch what leaves demand of products, and compare it with before",
    .about =
        "Rules and attributes of the leaves products are mapped to or listed in, or "
        "of those named. Every former state is kept.\n\n"
        "Where something changed, every product mapped there is checked again against "
        "what is demanded now, without calling anybody: how many, which of them are "
        "drafts or live, and how many would be refused.",
    .examples = requirement_examples,
    .options = requirement_options,
    .columns = columns,
    .other_option = "impact",
    .other_columns = touched_columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_requirements,
};

/* ---- brands ---- */

static const struct column brand_columns[] = {
    {.name = "brand", .kind = COLUMN_ID, .help = "its id"},
    {.name = "name", .kind = COLUMN_TEXT, .help = "its name"},
    {.name = "authorized", .kind = COLUMN_FLAG, .help = "this shop may show it"},
    {.name = "available", .kind = COLUMN_FLAG, .help = "in this category"},
    {.name = "t1", .kind = COLUMN_FLAG, .help = "protected: not without authorisation"},
    END_OF_COLUMNS,
};

static enum aisle_status put_brand(void *ctx, const struct shop_brand *brand,
                                   struct aisle_err *err)
{
    struct cli *cli = ctx;

    out_str(&cli->out, brand->id);
    out_str(&cli->out, brand->name);
    out_flag(&cli->out, brand->authorized);
    out_flag(&cli->out, brand->available);
    out_flag(&cli->out, brand->t1);
    return out_row(&cli->out, err);
}

/* A name the marketplace does not take is told; the others are added all the same. */
static enum aisle_status add_brand(struct cli *cli, struct str name,
                                   struct aisle_err *err)
{
    struct brand_added brand;
    struct aisle_err why = {0};
    enum aisle_status status = flow_brand_add(&cli->app, cli_text(cli, "target"), name,
                                              &cli->arena, &brand, &why);

    if (status == AISLE_REFUSED || status == AISLE_INVALID || status == AISLE_LIMIT) {
        say(&cli->voice, "%.*s: %s (%s)", STR_ARG(name), why.text,
            why.remote_code[0] ? why.remote_code : aisle_status_name(why.status));
        cli->exit_code = EXIT_PARTLY;
        return AISLE_OK;
    }
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    say(&cli->voice, "%.*s %s", STR_ARG(brand.name),
        brand.created ? "was added" : "was there already");
    out_str(&cli->out, brand.id);
    out_str(&cli->out, brand.name);
    out_absent(&cli->out);
    out_absent(&cli->out);
    out_absent(&cli->out);
    return out_row(&cli->out, err);
}

static enum aisle_status run_add(struct cli *cli, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!str_is(cli_operand(cli, 0), "add") || cli->args.operand_count < 2)
        return cli_misuse(cli, err, "say which: shop brands add NAME...");
    status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, brand_columns, err);
    for (size_t i = 1; status == AISLE_OK && i < cli->args.operand_count; i++)
        status = add_brand(cli, cli_operand(cli, i), err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static enum aisle_status run_brands(struct cli *cli, struct aisle_err *err)
{
    const struct brands_request request = {.target = cli_text(cli, "target"),
                                           .category = cli_text(cli, "category"),
                                           .name = cli_text(cli, "name"),
                                           .authorized_only =
                                               cli_switch(cli, "authorized"),
                                           .limit = (size_t)cli_count(cli, "limit", 0)};
    enum aisle_status status;

    if (cli->args.operand_count)
        return run_add(cli, err);
    status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, brand_columns, err);
    if (status == AISLE_OK)
        status =
            flow_each_brand(&cli->app, &request, &cli->arena, put_brand, cli, NULL, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option brand_options[] = {
    OPTION_TARGET,
    {.name = "name",
     .kind = OPTION_TEXT,
     .argument = "TEXT",
     .help = "names that begin so"},
    {.name = "category",
     .kind = OPTION_TEXT,
     .argument = "CATEGORY",
     .help = "those for this leaf"},
    {.name = "authorized", .kind = OPTION_SWITCH, .help = "only those the shop may show"},
    OPTION_LIMIT,
    END_OF_OPTIONS,
};

static const struct example brand_examples[] = {
    {"aisle shop brands --name Batik", "brands whose name begins so, with their ids"},
    {"aisle shop brands add 'Batik Ayu'", "a brand of one's own, unless it is there"},
    END_OF_EXAMPLES,
};

const struct command command_shop_brands = {
    .noun = "shop",
    .verb = "brands",
    .operands = "[add] [NAME]...",
    .words = "add",
    .summary = "show the brands a shop may name in its listings, or add some",
    .about = "Added is only what is not there by that name, however often it is said. A "
             "name the marketplace refuses is told, and the command ends with 7.",
    .examples = brand_examples,
    .options = brand_options,
    .columns = brand_columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_brands,
};
