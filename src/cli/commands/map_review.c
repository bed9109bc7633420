/* map_review.c - what is open, one after the other, one key a decision
 *
 * Speaks on stderr and reads keys from stdin, be it a terminal or not; what was decided
 * comes on stdout at the end, as of any command.
 */
#include "cli/commands/list.h"
#include "cli/commands/review.h"
#include "cli/keys.h"

#include <unistd.h>

static const char help_text[] =
    "  a     accept the first       1-9   accept that one\n"
    "  n     no legal leaf          x     the first is wrong\n"
    "  s     skip                   /     search the tree\n"
    "  u     undo the last          q     quit; what was decided is kept\n";

/* The way to a category, in the arena; "" for none. */
static struct str path_of(struct review *r, struct str category_id)
{
    const struct category *c = taxonomy_get(&r->decider.tree, category_id);
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct str kept;

    if (c)
        category_path(&r->decider.tree, c, 0, &path);
    kept = arena_str(&r->cli->arena, buf_str(&path));
    buf_clear(&path);
    return kept;
}

/* ---- deciding ---- */

static void tell(const struct review *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void tell(const struct review *r, const char *fmt, ...)
{
    struct buf out = BUF_INIT(BUF_MAX_LINE), shown = BUF_INIT(BUF_MAX_LINE);
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(&out, fmt, ap);
    va_end(ap);
    buf_shown(&shown, buf_str(&out));
    buf_addc(&shown, '\n');
    say_text(&r->cli->voice, buf_str(&shown));
    buf_clear(&out);
    buf_clear(&shown);
}

/* A refusal is told and the item stays; only what ends the command is returned. */
static enum aisle_status decide(struct review *r, struct review_item *item,
                                enum decision_state state, struct str category,
                                struct aisle_err *err)
{
    struct decide_request request = {.seller_id = item->seller_id,
                                     .scope = item->scope,
                                     .key = item->key,
                                     .state = state,
                                     .category = category,
                                     .expected = item->seq,
                                     .reasons = STR_LIT("review")};
    struct aisle_err mine = {0};
    char batch_id[BATCH_ID_LEN] = "";
    enum aisle_status status =
        decider_decide(&r->decider, &request, false, batch_id, &mine);

    if (status == AISLE_CONFLICT) { /* someone else was faster: that stands */
        tell(r, "  %s", mine.text);
        r->at++;
        return AISLE_OK;
    }
    if (status == AISLE_INVALID || status == AISLE_NOT_FOUND) {
        tell(r, "  %s", mine.text);
        return AISLE_OK;
    }
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    category = path_of(r, category);
    tell(r, "  %s%s%.*s", decision_state_name(state), str_empty(category) ? "" : ": ",
         STR_ARG(category));
    memcpy(r->batches[r->batch_count], batch_id, BATCH_ID_LEN);
    r->batch_items[r->batch_count++] = r->at;
    item->decided = true;
    item->state = state;
    r->at++;
    return AISLE_OK;
}

static enum aisle_status accept(struct review *r, struct review_item *item, size_t n,
                                struct aisle_err *err)
{
    if (n >= item->choice_count) {
        tell(r, "  there is no candidate %zu", n + 1);
        return AISLE_OK;
    }
    return decide(r, item, DECISION_ACCEPTED, item->choices[n].category_id, err);
}

/* Take the last decision back and stand before its item again. */
static enum aisle_status undo(struct review *r, struct aisle_err *err)
{
    struct undo_result result = {0};
    struct store *store = r->cli->app.store;
    struct decision now;
    struct review_item *item;
    enum aisle_status status;

    if (r->batch_count == 0) {
        tell(r, "  nothing to undo");
        return AISLE_OK;
    }
    r->batch_count--;
    r->at = r->batch_items[r->batch_count];
    item = r->items[r->at];
    item->decided = false;
    status = flow_undo(&r->cli->app, str_of(r->batches[r->batch_count]), NULL, NULL,
                       &result, err);
    if (status == AISLE_OK)
        status =
            store->ops->decisions->get(store, item->seller_id, r->decider.target.id,
                                       item->scope, item->key, &r->cli->arena, &now, err);
    if (status != AISLE_OK)
        return status;
    item->seq = now.seq;
    tell(r, "  undone");
    return AISLE_OK;
}

/* ---- searching ---- */

static enum aisle_status search(struct review *r, struct str typed,
                                const struct category **found, size_t *count,
                                struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    size_t n = 0;

    if (!r->matcher)
        status = match_new(&r->decider.tree, &r->matcher, err);
    if (status == AISLE_OK && !r->scratch)
        status = match_scratch_new(&r->scratch, err);
    if (status == AISLE_OK)
        status =
            match_search(r->matcher, r->scratch, typed, found, REVIEW_CHOICES, &n, err);
    if (status != AISLE_OK)
        return status;
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (category_takes_products(found[i])) /* nothing else can be accepted */
            found[(*count)++] = found[i];
    return AISLE_OK;
}

/* What is found takes the candidates' place. */
static enum aisle_status search_for(struct review *r, struct review_item *item,
                                    struct aisle_err *err)
{
    const struct category *found[REVIEW_CHOICES];
    struct str typed;
    size_t count = 0;
    enum aisle_status status;

    say_text(&r->cli->voice, STR_LIT("  search: "));
    status = cli_read_line(r->cli, &typed, err);
    if (status != AISLE_OK || str_empty(typed))
        return status;
    status = search(r, typed, found, &count, err);
    if (status != AISLE_OK)
        return status;
    if (count == 0) {
        tell(r, "  nothing like it in the tree");
        return AISLE_OK;
    }
    item->choice_count = 0;
    for (size_t i = 0; i < count; i++)
        item->choices[item->choice_count++] = (struct review_choice){
            .category_id = found[i]->id, .path = path_of(r, found[i]->id)};
    return AISLE_OK;
}

/* ---- one key after the other ---- */

static enum aisle_status take_key(struct review *r, struct review_item *item, char key,
                                  struct aisle_err *err)
{
    if (key >= '1' && key <= '9')
        return accept(r, item, (size_t)(key - '1'), err);
    switch (key) {
    case 'a':
        return accept(r, item, 0, err);
    case 'n':
        return decide(r, item, DECISION_NONE, STR_LIT(""), err);
    case 'x':
        return decide(r, item, DECISION_REJECTED, item->first, err);
    case 's':
        r->skipped++;
        r->at++;
        return AISLE_OK;
    case 'u':
        return undo(r, err);
    case '/':
        return search_for(r, item, err);
    case 'q':
        r->quit = true;
        return AISLE_OK;
    case '?':
        say_text(&r->cli->voice, str_of(help_text));
        return AISLE_OK;
    default:
        tell(r, "  no such key; ? tells which there are");
        return AISLE_OK;
    }
}

static enum aisle_status review_all(struct review *r, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    while (status == AISLE_OK && r->at < r->count && !r->quit) {
        struct aisle_err mine = {0};
        struct review_item *item = r->items[r->at];
        char key;

        review_show(r, item);
        say_text(&r->cli->voice, STR_LIT("a 1-9 n x s u / q ?> "));
        status = key_read(STDIN_FILENO, &key, &mine);
        if (status == AISLE_NOT_FOUND) { /* the end of the keys is a way to quit */
            say_text(&r->cli->voice, STR_LIT("\n"));
            return AISLE_OK;
        }
        if (status != AISLE_OK) {
            aisle_pass(err, &mine);
            return status;
        }
        say_text(&r->cli->voice, str_n((char[]){key, '\n'}, 2));
        status = take_key(r, item, key, err);
        if (status == AISLE_NOT_FOUND) /* a search that was not typed to its end */
            return AISLE_OK;
    }
    return status;
}

/* ---- the end ---- */

static const struct column columns[] = {
    {.name = "open", .kind = COLUMN_COUNT, .help = "items that were open"},
    {.name = "accepted", .kind = COLUMN_COUNT, .help = "with a leaf"},
    {.name = "none", .kind = COLUMN_COUNT, .help = "without a legal leaf"},
    {.name = "rejected", .kind = COLUMN_COUNT, .help = "leaf is wrong"},
    {.name = "skipped", .kind = COLUMN_COUNT, .help = "for later"},
    {.name = "left", .kind = COLUMN_COUNT, .help = "not decided this time"},
    END_OF_COLUMNS,
};

static size_t count_decided(const struct review *r, enum decision_state state)
{
    size_t n = 0;

    for (size_t i = 0; i < r->count; i++)
        n += r->items[i]->decided && r->items[i]->state == state;
    return n;
}

static enum aisle_status result_row(struct review *r, struct aisle_err *err)
{
    struct out *out = &r->cli->out;
    size_t accepted = count_decided(r, DECISION_ACCEPTED);
    size_t none = count_decided(r, DECISION_NONE);
    size_t rejected = count_decided(r, DECISION_REJECTED);
    enum aisle_status status = out_begin_one(out, columns, err);

    if (status != AISLE_OK)
        return status;
    out_int(out, (int64_t)r->count);
    out_int(out, (int64_t)accepted);
    out_int(out, (int64_t)none);
    out_int(out, (int64_t)rejected);
    out_int(out, (int64_t)r->skipped);
    out_int(out, (int64_t)(r->count - accepted - none - rejected));
    return out_done(out, err);
}

static enum aisle_status run_review(struct cli *cli, struct aisle_err *err)
{
    struct review *r = arena_zalloc(&cli->arena, 1, sizeof(*r));
    enum aisle_status status = cli_open(cli, err);

    if (!r)
        return aisle_nomem(err);
    r->cli = cli;
    if (status == AISLE_OK)
        status = decider_open(&cli->app, cli_text(cli, "target"), &r->decider, err);
    if (status == AISLE_OK)
        status = review_load(r, err);
    say_progress_end(&cli->voice);
    if (status == AISLE_OK && r->count == 0)
        say(&cli->voice, "nothing is open");
    if (status == AISLE_OK)
        status = review_all(r, err);
    if (status == AISLE_OK || status == AISLE_STOPPED) {
        enum aisle_status told = AISLE_OK;

        say(&cli->voice, "%zu accepted, %zu without a leaf, %zu rejected, %zu skipped",
            count_decided(r, DECISION_ACCEPTED), count_decided(r, DECISION_NONE),
            count_decided(r, DECISION_REJECTED), r->skipped);
        if (cli_wants_summary(cli))
            told = result_row(r, NULL);

        status = status == AISLE_OK ? told : status;
    }
    match_scratch_free(r->scratch);
    match_free(r->matcher);
    if (cli->app_open)
        decider_close(&r->decider);
    return status;
}

static const struct option options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "by-product",
     .kind = OPTION_SWITCH,
     .help = "products one by one; else seller categories first"},
    OPTION_MODEL_TOO,
    OPTION_ALSO,
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "1000",
     .help = "at most so many, up to 1000"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle map review", "what is open, one key a decision"},
    {"printf aaq | aisle map review",
     "accept the first two proposals, without a terminal"},
    END_OF_EXAMPLES,
};

const struct command command_map_review = {
    .noun = "map",
    .verb = "review",
    .summary = "decide what is open, one key a decision",
    .about =
        "Keys: a accepts the first candidate, 1 to 9 another, n says there is no legal "
        "leaf, x that the leaf is wrong, s skips, u undoes, / searches the tree, q "
        "quits. What was decided is kept as it is decided.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_review,
};
