#include "flows/sync.h"

#include "flows/impact.h"
#include "flows/keeper.h"
#include "flows/keys.h"
#include "flows/lease.h"
#include "flows/runs.h"
#include "flows/session.h"

#include <stdlib.h>

enum {
    SYNC_LEASE_S = 90, /* renewed while it goes on; a lost one's stays for so long */
    SHRINK_PARTS = 20, /* a tree that lost more than one leaf in so many is held */
};

struct sync {
    const struct app *app;
    const struct sync_request *request;
    const struct sync_listener *listener;
    struct arena *arena;
    struct target target;
    struct shop shop;
    struct lease lease;
    struct keeper keeper;
    const struct str *locales;
    size_t locale_count;
    struct category_rows *answers; /* one a locale */
    int64_t *fetched_at;           /* of each by this sync; 0 not, or kept before */
    struct tree_digests digests;   /* of them */
    struct taxonomy now, then;
    struct snapshot before; /* id 0: never synced */
    struct run run;
    struct run_request_ids request_ids;
    struct channel_meta meta;
    struct sync_result result;
};

const char *sync_outcome_name(enum sync_outcome outcome)
{
    static const char *const names[] = {
        [SYNC_FIRST] = "first",     [SYNC_UNCHANGED] = "unchanged",
        [SYNC_CHANGED] = "changed", [SYNC_HELD] = "held",
        [SYNC_DRY_RUN] = "dry-run", [SYNC_NOT_DUE] = "not-due",
    };

    return (size_t)outcome < sizeof names / sizeof *names ? names[outcome] : "unknown";
}

/* ---- what is stored ---- */

static enum aisle_status note_newest(void *ctx, const struct snapshot *newest,
                                     struct aisle_err *err)
{
    struct sync *s = ctx;

    s->before = *newest;
    s->before.locales = arena_str(s->arena, newest->locales);
    return s->before.locales.p ? AISLE_STOPPED : aisle_nomem(err);
}

/* What is known of the newest snapshot without its tree. */
static enum aisle_status look_before(struct sync *s, struct aisle_err *err)
{
    enum aisle_status status = s->app->store->ops->trees->each_snapshot(
        s->app->store, s->target.id, note_newest, s, err);

    return status == AISLE_STOPPED ? AISLE_OK : status;
}

static enum aisle_status load_before(struct sync *s, struct aisle_err *err)
{
    if (s->before.id == 0)
        return AISLE_OK;
    return s->app->store->ops->trees->load(s->app->store, s->target.id, s->before.id,
                                           s->arena, NULL, &s->then, err);
}

static bool is_due(const struct sync *s)
{
    int64_t age = clock_now_s(s->app->clock) - s->before.checked_at;

    return s->before.id == 0 || s->request->due_after_s <= 0 || age < 0 ||
           age >= s->request->due_after_s;
}

/* ---- locales ---- */

/* What a shop's market speaks (locale list of Get Categories 202309, matched by name). */
static struct str locale_of_region(struct str region)
{
    static const struct {
        const char *region, *locale;
    } market[] = {
        {"BR", "pt-BR"}, {"DE", "de-DE"}, {"ES", "es-ES"}, {"FR", "fr-FR"},
        {"GB", "en-GB"}, {"ID", "id-ID"}, {"IE", "en-IE"}, {"IT", "it-IT"},
        {"JP", "ja-JP"}, {"MX", "es-MX"}, {"MY", "ms-MY"}, {"TH", "th-TH"},
        {"VN", "vi-VN"},
    };

    for (size_t i = 0; i < sizeof(market) / sizeof(*market); i++)
        if (str_is(region, market[i].region))
            return str_of(market[i].locale);
    return STR_LIT("en-US");
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "en-US,id-ID" as a snapshot has it, taken apart; at most TAXONOMY_MAX_LOCALES. */
static size_t split_locales(struct str text, struct str out[TAXONOMY_MAX_LOCALES])
{
    size_t n = 0;

    while (!str_empty(text) && n < TAXONOMY_MAX_LOCALES)
        out[n++] = str_cut(&text, ',');
    return n;
}

/* Asked for, else as last time, else the market's own. In one order, so that asking for
 * the same locales another way round is the same tree. */
static enum aisle_status choose_locales(struct sync *s, const struct channel_ops *channel,
                                        struct aisle_err *err)
{
    const struct sync_request *r = s->request;
    struct str own = locale_of_region(s->shop.region), last[TAXONOMY_MAX_LOCALES], *list;
    size_t count = split_locales(s->before.locales, last), kept = 0;
    const struct str *from = last;

    if (r->locale_count) {
        from = r->locales;
        count = r->locale_count;
    }
    if (!channel->has_locales) /* one tongue only: Tokopedia's */
        own = STR_LIT("id-ID"), count = 0;
    if (count == 0)
        from = &own, count = 1;
    list = arena_alloc(s->arena, count * sizeof(*list));
    if (!list)
        return aisle_nomem(err);
    memcpy(list, from, count * sizeof(*list));
    qsort(list, count, sizeof(*list), by_text);
    for (size_t i = 0; i < count; i++)
        if (!str_empty(list[i]) && (kept == 0 || !str_eq(list[kept - 1], list[i])))
            list[kept++] = list[i];
    if (kept == 0)
        return aisle_fail(err, AISLE_INVALID, "no locale to ask for");
    s->locales = list;
    s->locale_count = kept;
    return AISLE_OK;
}

/* ---- fetching ---- */

static void say(const struct sync *s, const char *doing)
{
    struct progress p = {.doing = doing, .budget = -1, .seconds_left = -1};

    if (s->app->progress)
        s->app->progress(s->app->progress_ctx, &p);
}

/* Whoever lost it leaves the rest to the one who has it. */
static enum aisle_status check_still_ours(const struct sync *s, struct aisle_err *err)
{
    enum aisle_status status = app_check_stop(s->app, err);

    return status == AISLE_OK ? keeper_check(&s->keeper, err) : status;
}

static enum aisle_status fetch_one(struct sync *s, struct session *session, size_t i,
                                   struct aisle_err *err)
{
    struct channel_tree_request request = {
        .locale = s->locales[i],
        .version = s->target.version,
        .platform = s->target.platform,
        .include_prohibited = s->request->include_prohibited,
    };
    struct str doing = arena_fmt(s->arena, "fetching %.*s %.*s", STR_ARG(s->target.id),
                                 STR_ARG(s->locales[i]));
    enum aisle_status status = check_still_ours(s, err);

    if (status != AISLE_OK || s->answers[i].count)
        return status;
    say(s, doing.p ? doing.p : "fetching");
    status = session_fetch_categories(session, &request, s->arena, &s->answers[i],
                                      &s->meta, err);
    run_note_request(&s->request_ids, &s->meta);
    run_note_answer(&s->run, &s->meta);
    if (status != AISLE_OK) {
        aisle_note(err, "while fetching categories of %.*s in %.*s",
                   STR_ARG(s->target.id), STR_ARG(s->locales[i]));
        return status;
    }
    s->answers[i].locale = s->locales[i];
    if (s->answers[i].count == 0)
        return aisle_fail(
            err, AISLE_INVALID,
            "the marketplace answered with no category at all for %.*s in %.*s: "
            "nothing is changed",
            STR_ARG(s->target.id), STR_ARG(s->locales[i]));
    s->fetched_at[i] = clock_now_s(s->app->clock);
    return AISLE_OK;
}

/* ---- going on where an earlier taking was stopped ---- */

/* One kept "later" is of an earlier taking, when the clock was ahead. */
static enum aisle_status load_part(struct sync *s, size_t i, struct aisle_err *err)
{
    struct tree_part part;
    struct aisle_err none = {0};
    enum aisle_status status = s->app->store->ops->trees->get_part(
        s->app->store, s->target.id, s->locales[i], s->arena, &part, &none);

    if (status == AISLE_OK && part.fetched_at >= s->request->begun_at &&
        part.fetched_at <= clock_now_s(s->app->clock))
        return tree_part_parse(&part, s->arena, &s->answers[i], err);
    if (status != AISLE_OK && status != AISLE_NOT_FOUND) {
        aisle_pass(err, &none);
        return status;
    }
    return AISLE_OK;
}

static enum aisle_status load_parts(struct sync *s, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; s->request->begun_at && status == AISLE_OK && i < s->locale_count;
         i++)
        status = load_part(s, i, err);
    return status;
}

static enum aisle_status keep_part(const struct sync *s, size_t i)
{
    struct buf body = BUF_INIT(BUF_MAX_REPLY);
    struct tree_part part = {.target_id = s->target.id,
                             .locale = s->locales[i],
                             .fetched_at = s->fetched_at[i]};
    enum aisle_status status;

    tree_part_format(&s->answers[i], &body);
    part.body = buf_str(&body);
    status = buf_check(&body, "a part of a tree", NULL);
    if (status == AISLE_OK)
        status = s->app->store->ops->trees->put_part(s->app->store, &part, NULL);
    buf_clear(&body);
    return status;
}

/* What cannot be kept is fetched again: the failure that ended the sync is told. */
static void keep_parts(const struct sync *s)
{
    for (size_t i = 0; s->request->begun_at && i < s->locale_count; i++)
        if (s->fetched_at[i] && keep_part(s, i) != AISLE_OK)
            return;
}

/* ---- all of them ---- */

static enum aisle_status make_answers(struct sync *s, struct aisle_err *err)
{
    s->answers = arena_zalloc(s->arena, s->locale_count, sizeof *s->answers);
    s->fetched_at = arena_zalloc(s->arena, s->locale_count, sizeof *s->fetched_at);
    return s->answers && s->fetched_at ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status fetch_each(struct sync *s, struct session *session,
                                    struct aisle_err *err)
{
    enum aisle_status status = load_parts(s, err);

    for (size_t i = 0; status == AISLE_OK && i < s->locale_count; i++)
        status = fetch_one(s, session, i, err);
    if (status != AISLE_OK)
        keep_parts(s);
    return status;
}

static enum aisle_status fetch_all(struct sync *s, struct aisle_err *err)
{
    struct session session;
    enum aisle_status status = session_open_for(s->app, &s->target, &session, err);

    if (status != AISLE_OK)
        return status;
    status = choose_locales(s, session.to.ops, err);
    if (status == AISLE_OK)
        status = make_answers(s, err);
    if (status == AISLE_OK)
        status = fetch_each(s, &session, err);
    s->result.calls = (size_t)s->meta.calls;
    session_close(&session);
    return status;
}

/* ---- comparing ---- */

static void count_problem(void *ctx, enum taxonomy_problem problem, struct str id,
                          struct str name, struct str locale)
{
    struct sync *s = ctx;

    s->result.problems++;
    if (s->listener && s->listener->problem)
        s->listener->problem(s->listener->ctx, problem, id, name, locale);
}

static enum aisle_status tell_difference(void *ctx, const struct category_diff *diff,
                                         struct aisle_err *err)
{
    struct sync *s = ctx;

    (void)err;
    s->listener->differs(s->listener->ctx, &s->then, &s->now, diff);
    return AISLE_OK;
}

/* The same answer again needs no tree to be built: its digests tell. */
static bool is_unchanged(const struct sync *s)
{
    return s->before.id != 0 &&
           memcmp(s->digests.content.b, s->before.content.b, SHA256_LEN) == 0 &&
           memcmp(s->digests.permissions.b, s->before.permissions.b, SHA256_LEN) == 0;
}

static enum aisle_status compare(struct sync *s, struct aisle_err *err)
{
    enum aisle_status status = taxonomy_build(s->arena, s->answers, s->locale_count,
                                              count_problem, s, &s->now, err);

    if (status != AISLE_OK)
        return status;
    s->result.categories = s->now.count;
    s->result.leaves = taxonomy_leaf_count(&s->now);
    s->result.diff = taxonomy_diff_count(&s->then, &s->now);
    if (s->before.id == 0)
        return AISLE_OK; /* everything is new: nothing to list, nobody to hurt */
    if (s->listener && s->listener->differs)
        status = taxonomy_diff(&s->then, &s->now, tell_difference, s, err);
    if (status == AISLE_OK)
        status = impact_each(s->app, s->target.id, &s->then, &s->now, 0, s->listener,
                             &s->result.impacted, err);
    return status;
}

/* ---- judging ---- */

static bool too_many(size_t lost, size_t of)
{
    return lost * SHRINK_PARTS > of;
}

/* One answer cut short, which the other locales' make up for in the tree. */
static void judge_locales(const struct sync *s, struct buf *why)
{
    for (uint32_t l = 0; l < s->now.locale_count; l++) {
        size_t of, lost = taxonomy_lost_in(&s->then, &s->now, l, &of);

        if (too_many(lost, of))
            buf_addf(why, "%s%zu of %zu leaves would be lost in %.*s", why->n ? ", " : "",
                     lost, of, STR_ARG(s->now.locales[l]));
    }
}

/* A reply cut short must not empty the shop, nor one that closes it: why the tree is not
 * to be kept without a person, or nothing. */
static void judge(const struct sync *s, struct buf *why)
{
    const struct taxonomy_diff_counts *d = &s->result.diff;

    if (too_many(d->leaves_lost, d->leaves_then))
        buf_addf(why, "%zu of %zu leaves would be lost", d->leaves_lost, d->leaves_then);
    else
        judge_locales(s, why);
    if (too_many(d->closed, d->open_then))
        buf_addf(why, "%s%zu of %zu leaves that take products would be closed",
                 why->n ? ", " : "", d->closed, d->open_then);
}

static enum aisle_status note_judgement(struct sync *s, struct aisle_err *err)
{
    struct buf why = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    if (s->before.id == 0 || s->request->accept_shrink)
        return AISLE_OK;
    judge(s, &why);
    status = buf_check(&why, "why a tree is held", err);
    s->result.held = arena_str(s->arena, buf_str(&why));
    buf_clear(&why);
    return status == AISLE_OK && !s->result.held.p ? aisle_nomem(err) : status;
}

/* ---- keeping ---- */

static enum aisle_status put_run(struct sync *s, enum run_state state, const char *text,
                                 struct aisle_err *err)
{
    s->run.state = state;
    s->run.text = str_of(text);
    s->run.request_ids = str_of(s->request_ids.text);
    s->run.counts.calls = (int64_t)s->result.calls;
    s->run.finished_at = state == RUN_UNDER_WAY ? 0 : clock_now_s(s->app->clock);
    return s->app->store->ops->work->put_run(s->app->store, &s->run, err);
}

static enum aisle_status apply(struct sync *s, struct aisle_err *err)
{
    struct tree_change change = {
        .target = s->target,
        .channel = s->shop.channel,
        .region = target_is_global(&s->target) ? STR_LIT(CHANNEL_GLOBAL) : s->shop.region,
        .per_locale = s->answers,
        .locale_count = s->locale_count,
        .digests = &s->digests,
        .tree = s->now.count > 0 ? &s->now : NULL,
        .categories = s->result.categories,
        .leaves = s->result.leaves,
        .expected_snapshot = s->before.id,
        .run = &s->run,
        .at = clock_now_s(s->app->clock),
    };
    enum aisle_status status;

    s->run.state = RUN_DONE;
    s->run.finished_at = change.at;
    s->run.counts.calls = (int64_t)s->result.calls;
    s->run.request_ids = str_of(s->request_ids.text);
    status = s->app->store->ops->trees->apply(s->app->store, &change,
                                              &s->result.snapshot_id, err);
    if (status != AISLE_OK)
        return status;
    if (s->before.id == 0)
        s->result.outcome = SYNC_FIRST;
    else if (s->result.snapshot_id == s->before.id)
        s->result.outcome = SYNC_UNCHANGED;
    else
        s->result.outcome = SYNC_CHANGED;
    return AISLE_OK;
}

static enum aisle_status judge_and_keep(struct sync *s, struct aisle_err *err)
{
    enum aisle_status status = note_judgement(s, err);

    if (status == AISLE_OK)
        status = check_still_ours(s, err);
    if (status != AISLE_OK)
        return status;
    if (s->request->dry_run) {
        s->result.outcome = SYNC_DRY_RUN;
        return AISLE_OK;
    }
    if (!str_empty(s->result.held)) {
        struct str text = arena_fmt(s->arena, "held: %.*s", STR_ARG(s->result.held));

        s->result.outcome = SYNC_HELD;
        return put_run(s, RUN_STOPPED, text.p ? text.p : "held", err);
    }
    return apply(s, err);
}

/* ---- the whole ---- */

static void begin_run(struct sync *s)
{
    run_id_new(s->app, s->result.run_id);
    s->run = (struct run){
        .id = str_of(s->result.run_id),
        .kind = STR_LIT("sync"),
        .seller_id = s->shop.seller_id,
        .target_id = s->target.id,
        .counts = {.total = -1},
        .started_at = clock_now_s(s->app->clock),
        .owner = s->app->owner,
    };
}

static enum aisle_status sync_held(struct sync *s, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    bool record = !s->request->dry_run;

    begin_run(s);
    if (s->lease.was_left)
        status = runs_cut_off(s->app, s->run.kind, s->target.id, s->arena, err);
    if (status == AISLE_OK && record)
        status = put_run(s, RUN_UNDER_WAY, "", err);
    if (status == AISLE_OK)
        status = fetch_all(s, err);
    if (record && status == AISLE_OK) /* only now: a misspelt one has no tree */
        status = s->app->store->ops->shops->put_target(s->app->store, &s->target, err);
    if (status == AISLE_OK)
        status = taxonomy_digest(s->answers, s->locale_count, &s->digests, err);
    if (status == AISLE_OK && is_unchanged(s)) {
        s->result.categories = s->before.categories;
        s->result.leaves = s->before.leaves;
    } else if (status == AISLE_OK) {
        status = load_before(s, err);
        if (status == AISLE_OK)
            status = compare(s, err);
    }
    if (status == AISLE_OK)
        status = judge_and_keep(s, err);
    if (status != AISLE_OK && record && err)
        put_run(s, status == AISLE_STOPPED ? RUN_STOPPED : RUN_FAILED, err->text, NULL);
    return status;
}

static enum aisle_status sync_kept(struct sync *s, struct aisle_err *err)
{
    enum aisle_status status =
        keeper_begin(&s->keeper, s->app, &s->lease, SYNC_LEASE_S, err);

    if (status != AISLE_OK)
        return status;
    status = sync_held(s, err);
    keeper_end(&s->keeper);
    return status;
}

enum aisle_status flow_sync(const struct app *app, const struct sync_request *request,
                            const struct sync_listener *listener, struct arena *arena,
                            struct sync_result *out, struct aisle_err *err)
{
    struct sync s = {
        .app = app, .request = request, .listener = listener, .arena = arena};
    int64_t began = clock_mono_ms(app->clock);
    enum aisle_status status;

    status = flow_target(app, request->target, arena, &s.target, &s.shop, err);
    if (status == AISLE_OK)
        status = look_before(&s, err);
    if (status != AISLE_OK)
        return status;

    s.result.target_id = s.target.id;
    s.result.previous_id = s.before.id;
    if (!is_due(&s)) {
        s.result.outcome = SYNC_NOT_DUE;
        s.result.snapshot_id = s.before.id;
    } else {
        status = lease_take(app, &s.lease, "sync", s.target.id, SYNC_LEASE_S, err);
        if (status == AISLE_OK)
            status = sync_kept(&s, err);
        lease_give_back(app, &s.lease);
    }
    s.result.elapsed_ms = clock_mono_ms(app->clock) - began;
    *out = s.result;
    return status;
}
