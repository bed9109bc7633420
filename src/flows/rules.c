#include "flows/rules.h"

#include "flows/newest.h"
#include "flows/refused.h"

#include <stdlib.h>

enum { PAGE = 200, STUDIED = 50000, NAMED = 5, TRIES = 10 };

/* ---- the rules that stand ---- */

struct listing_rules {
    struct arena *arena;
    struct rule *list;
    size_t count, cap;
};

static enum aisle_status note_rule(void *ctx, const struct decision *d,
                                   struct aisle_err *err)
{
    struct listing_rules *l = ctx;
    struct str key = arena_str(l->arena, d->key);
    struct rule rule;
    enum aisle_status status = key.p ? rule_parse_key(key, &rule, err) : aisle_nomem(err);

    if (status != AISLE_OK)
        return status;
    if (l->count == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 64;
        struct rule *wider = arena_alloc(l->arena, cap * sizeof(*wider));

        if (!wider)
            return aisle_nomem(err);
        if (l->count)
            memcpy(wider, l->list, l->count * sizeof(*wider));
        l->list = wider;
        l->cap = cap;
    }
    rule.category_id = arena_str(l->arena, d->category_id);
    l->list[l->count++] = rule;
    return rule.category_id.p ? AISLE_OK : aisle_nomem(err);
}

static struct mapping_filter those_of(struct str seller_id, struct str target_id)
{
    return (struct mapping_filter){.seller_id = seller_id,
                                   .target_id = target_id,
                                   .has_scope = true,
                                   .scope = SCOPE_RULE,
                                   .states = 1u << DECISION_ACCEPTED};
}

enum aisle_status flow_rules(const struct app *app, struct str seller_id,
                             struct str target_id, struct arena *arena, struct rule **out,
                             size_t *count, struct aisle_err *err)
{
    struct mapping_filter filter = those_of(seller_id, target_id);
    struct listing_rules l = {.arena = arena};
    enum aisle_status status =
        app->store->ops->decisions->each_mapping(app->store, &filter, note_rule, &l, err);

    if (status != AISLE_OK)
        return status;
    rules_sort(l.list, l.count);
    *out = l.list;
    *count = l.count;
    return AISLE_OK;
}

static enum aisle_status note_any(void *ctx, const struct decision *d,
                                  struct aisle_err *err)
{
    (void)d;
    (void)err;
    *(bool *)ctx = true;
    return AISLE_STOPPED;
}

enum aisle_status flow_rules_any(const struct app *app, struct str seller_id,
                                 struct str target_id, bool *out, struct aisle_err *err)
{
    struct mapping_filter filter = those_of(seller_id, target_id);
    bool any = false;
    enum aisle_status status;

    filter.states = 0;
    filter.limit = 1;
    status = app->store->ops->decisions->each_mapping(app->store, &filter, note_any, &any,
                                                      err);
    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    *out = any;
    return AISLE_OK;
}

static enum aisle_status count_rule(void *ctx, const struct decision *d,
                                    struct aisle_err *err)
{
    (void)d;
    (void)err;
    ++*(size_t *)ctx;
    return AISLE_OK;
}

enum aisle_status flow_rules_count(const struct app *app, struct str seller_id,
                                   struct str target_id, size_t *out,
                                   struct aisle_err *err)
{
    struct mapping_filter filter = those_of(seller_id, target_id);
    size_t count = 0;
    enum aisle_status status = app->store->ops->decisions->each_mapping(
        app->store, &filter, count_rule, &count, err);

    if (status == AISLE_OK)
        *out = count;
    return status;
}

/* ---- one more, one less ---- */

static enum aisle_status check_room(const struct decider *d,
                                    const struct rule_request *request,
                                    struct aisle_err *err)
{
    size_t standing = 0;
    enum aisle_status status = AISLE_OK;

    if (request->standing)
        standing = *request->standing;
    else
        status =
            flow_rules_count(d->app, request->seller_id, d->target.id, &standing, err);
    if (status == AISLE_OK && standing >= RULES_MAX)
        status = aisle_fail(err, AISLE_LIMIT,
                            "a seller has at most %d rules for a target: remove some "
                            "first, or say several as one with fewer words",
                            RULES_MAX);
    return status;
}

/* A rule that does not stand yet, or stands with another leaf; or one that goes. */
static enum aisle_status decide_rule(struct decider *d,
                                     const struct rule_request *request, struct str key,
                                     bool stands, char batch_id[BATCH_ID_LEN],
                                     struct aisle_err *err)
{
    struct decide_request r = {.seller_id = request->seller_id,
                               .scope = SCOPE_RULE,
                               .key = key,
                               .state =
                                   request->remove ? DECISION_CLEARED : DECISION_ACCEPTED,
                               .category = request->rule->category_id,
                               .expected = EXPECT_ANY,
                               .batch_id = str_of(batch_id)};
    enum aisle_status status =
        stands || request->remove ? AISLE_OK : check_room(d, request, err);

    if (status == AISLE_OK && request->remove && !stands)
        status =
            aisle_fail(err, AISLE_NOT_FOUND, "there is no rule \"%.*s\"", STR_ARG(key));
    if (status == AISLE_OK)
        status = decider_decide(d, &r, request->dry_run, batch_id, err);
    if (status == AISLE_OK && request->standing)
        *request->standing += !stands;
    return status;
}

enum aisle_status flow_rule_put(struct decider *d, const struct rule_request *request,
                                char batch_id[BATCH_ID_LEN], bool *same,
                                struct aisle_err *err)
{
    struct buf key = BUF_INIT(2 * RULE_MAX_LINE);
    struct decision now;
    bool found = false, stands, as_it_is;
    enum aisle_status status;

    rule_key(request->rule, &key);
    status = buf_check(&key, "rule", err);
    if (status == AISLE_OK)
        status = newest_decision(d->app, request->seller_id, d->target.id, SCOPE_RULE,
                                 buf_str(&key), &d->arena, &now, &found, err);
    stands = found && now.state == DECISION_ACCEPTED;
    as_it_is =
        stands && !request->remove && str_eq(now.category_id, request->rule->category_id);
    if (status == AISLE_OK && same)
        *same = as_it_is;
    if (status == AISLE_OK && !(same && as_it_is))
        status = decide_rule(d, request, buf_str(&key), stands, batch_id, err);
    buf_clear(&key);
    return status;
}

/* ---- putting them to the catalogue ---- */

struct applying {
    const struct app *app;
    const struct rules_request *request;
    struct arena rules_arena, page;
    struct rule *rules;
    size_t rule_count;
    struct word_splitter splitter;
    struct word_list words;
    struct product products[PAGE];
    struct decision_write writes[PAGE];
    size_t product_count, write_count;
    struct rules_applied done;
};

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct applying *a = ctx;
    struct product *at = &a->products[a->product_count++];

    *at = (struct product){.id = arena_str(&a->page, p->id),
                           .title = arena_str(&a->page, p->title),
                           .brand = arena_str(&a->page, p->brand),
                           .seller_category_id =
                               arena_str(&a->page, p->seller_category_id)};
    return at->id.p && at->title.p && at->brand.p && at->seller_category_id.p
               ? AISLE_OK
               : aisle_nomem(err);
}

bool flow_rule_is_open(const struct taxonomy *tree, const struct rule *rule)
{
    const struct category *c = taxonomy_get(tree, rule->category_id);

    return c && (c->provisional || category_takes_products(c));
}

static void write_decision(struct applying *a, const struct product *p,
                           enum decision_state state, const struct category *leaf,
                           struct str reasons, int64_t expected)
{
    const struct rules_request *r = a->request;

    a->writes[a->write_count++] = (struct decision_write){
        .d = {.seller_id = r->seller_id,
              .target_id = r->target_id,
              .scope = SCOPE_PRODUCT,
              .key = p->id,
              .state = state,
              .category_id = leaf ? leaf->id : (struct str){"", 0},
              .advisor = ADVISOR_RULE,
              .confidence = state == DECISION_ACCEPTED,
              .who = a->app->who,
              .reasons = reasons,
              .batch_id = r->batch_id,
              .snapshot_id = r->snapshot_id,
              .provisional = leaf && leaf->provisional,
              .at = clock_now_s(a->app->clock)},
        .expected = expected,
    };
}

static enum aisle_status map_by(struct applying *a, const struct product *p,
                                const struct rule *rule, int64_t expected,
                                struct aisle_err *err)
{
    struct buf key = BUF_INIT(2 * RULE_MAX_LINE);
    struct str reasons;

    rule_key(rule, &key);
    reasons = arena_str(&a->page, buf_str(&key));
    buf_clear(&key);
    if (!reasons.p)
        return aisle_nomem(err);
    write_decision(a, p, DECISION_ACCEPTED,
                   taxonomy_get(a->request->tree, rule->category_id), reasons, expected);
    return AISLE_OK;
}

static bool is_by_rule(const struct decision *own)
{
    return own->state == DECISION_ACCEPTED && own->advisor == ADVISOR_RULE;
}

/* Whether the rule that fits, or NULL, leaves a product to what stands for it, or NULL.
 */
static bool leaves_alone(const struct applying *a, const struct rule *rule,
                         const struct decision *own)
{
    bool by_rule = own && is_by_rule(own);

    if (!rule)
        return !by_rule;
    if (!flow_rule_is_open(a->request->tree, rule))
        return true; /* it takes none, and what it took waits in the queue with the rest
                      */
    return by_rule && str_eq(rule->category_id, own->category_id);
}

/* A person said: not there. */
static enum aisle_status is_refused(struct applying *a, const struct product *p,
                                    const struct rule *rule, bool *out,
                                    struct aisle_err *err)
{
    struct refusals refused = {0};
    enum aisle_status status =
        refusals_of(a->app, a->request->seller_id, a->request->target_id, SCOPE_PRODUCT,
                    p->id, &a->page, &refused, err);

    *out = refusals_have(&refused, rule->category_id);
    return status;
}

/* What the rules say of a product against what stands for it. */
static enum aisle_status apply_to(struct applying *a, const struct product *p,
                                  struct aisle_err *err)
{
    struct product_text text = {
        .title = p->title, .brand = p->brand, .seller_category = p->seller_category_id};
    struct decision own;
    bool found, by_rule, refused = false;
    const struct rule *rule;
    enum aisle_status status =
        newest_decision(a->app, a->request->seller_id, a->request->target_id,
                        SCOPE_PRODUCT, p->id, &a->page, &own, &found, err);

    if (status != AISLE_OK)
        return status;
    a->done.looked_at++;
    by_rule = found && is_by_rule(&own);
    if (found && decision_is_settled(own.state) && !by_rule)
        return AISLE_OK;
    status = words_split(&a->splitter, p->title, &a->words, err);
    if (status != AISLE_OK)
        return status;
    rule = rules_find(a->rules, a->rule_count, &a->words, &text);
    if (leaves_alone(a, rule, found ? &own : NULL))
        return AISLE_OK;
    if (rule && found)
        status = is_refused(a, p, rule, &refused, err);
    if (status != AISLE_OK || refused)
        return status;
    if (rule)
        status = map_by(a, p, rule, found ? own.seq : 0, err);
    else
        write_decision(a, p, DECISION_CLEARED, NULL, (struct str){"", 0}, own.seq);
    a->done.mapped += rule && !by_rule;
    a->done.changed += rule && by_rule;
    a->done.opened += !rule;
    return status;
}

/* All of them, or none, and then none is counted. */
static enum aisle_status try_some(struct applying *a, size_t first, size_t count,
                                  struct aisle_err *err)
{
    const struct rules_applied before = a->done;
    enum aisle_status status = AISLE_OK;

    a->write_count = 0;
    for (size_t i = first; i < first + count && status == AISLE_OK; i++)
        status = apply_to(a, &a->products[i], err);
    if (status == AISLE_OK && a->write_count)
        status = a->app->store->ops->decisions->append(a->app->store, a->writes,
                                                       a->write_count, NULL, err);
    if (status != AISLE_OK)
        a->done = before;
    return status;
}

/* One that somebody decided between our look and our word is looked at anew, so that
 * what was said meanwhile stays; the others by halves, so that the few that are decided
 * while we are at it cost the many little. As deep as halves go: eight for a page. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static enum aisle_status apply_some(struct applying *a, size_t first, size_t count,
                                    struct aisle_err *err)
{
    enum aisle_status status = AISLE_CONFLICT;
    struct aisle_err why = {0};

    for (int i = 0; status == AISLE_CONFLICT && i < (count > 1 ? 1 : TRIES); i++) {
        why = (struct aisle_err){0};
        status = try_some(a, first, count, &why);
    }
    if (status != AISLE_CONFLICT || count == 1) {
        aisle_pass(err, &why);
        return status;
    }
    status = apply_some(a, first, count / 2, err);
    return status == AISLE_OK ? apply_some(a, first + count / 2, count - count / 2, err)
                              : status;
}

static enum aisle_status apply_all(struct applying *a, struct aisle_err *err)
{
    const struct store_catalogue *catalogue = a->app->store->ops->catalogue;
    struct arena last = ARENA_INIT(BUF_MAX_LINE);
    struct product_filter filter = {.seller_id = a->request->seller_id, .limit = PAGE};
    enum aisle_status status = AISLE_OK;

    do {
        a->product_count = 0;
        arena_clear(&a->page);
        status = catalogue->each_product(a->app->store, &filter, note_product, a, err);
        if (status == AISLE_OK)
            status = apply_some(a, 0, a->product_count, err);
        if (status == AISLE_OK && a->product_count) {
            arena_clear(&last);
            filter.after_id = arena_str(&last, a->products[a->product_count - 1].id);
            if (!filter.after_id.p)
                status = aisle_nomem(err);
        }
    } while (status == AISLE_OK && a->product_count == PAGE);
    arena_clear(&last);
    return status;
}

/* Counts the rules that are passed over, and names the first few. */
static void warn_of_passed_over(struct applying *a)
{
    struct buf names = BUF_INIT(BUF_MAX_LINE);
    size_t *n = &a->done.passed_over;

    for (size_t i = 0; i < a->rule_count; i++) {
        if (flow_rule_is_open(a->request->tree, &a->rules[i]) || ++*n > NAMED)
            continue;
        buf_addz(&names, *n > 1 ? ", \"" : "\"");
        rule_key(&a->rules[i], &names);
        buf_addf(&names, "\" to %.*s", STR_ARG(a->rules[i].category_id));
    }
    if (*n > NAMED)
        buf_addf(&names, " and %zu more", *n - NAMED);
    if (*n)
        log_line(a->app->log, LOG_WARN,
                 "%s whose leaf takes no products now %s passed over: %.*s; give each "
                 "another leaf, or remove it: aisle map rules list --target %.*s "
                 "--seller %.*s",
                 *n > 1 ? "rules" : "a rule", *n > 1 ? "are" : "is",
                 STR_ARG(buf_str(&names)), STR_ARG(a->request->target_id),
                 STR_ARG(a->request->seller_id));
    buf_clear(&names);
}

enum aisle_status flow_rules_apply(const struct app *app,
                                   const struct rules_request *request,
                                   struct rules_applied *out, struct aisle_err *err)
{
    struct arena holder = ARENA_INIT(ARENA_MAX_WORK);
    struct applying *a = arena_zalloc(&holder, 1, sizeof(*a));
    enum aisle_status status;

    if (!a)
        return aisle_nomem(err);
    *a = (struct applying){.app = app,
                           .request = request,
                           .rules_arena = ARENA_INIT(ARENA_MAX_WORK),
                           .page = ARENA_INIT(ARENA_MAX_WORK)};
    status = word_splitter_init(&a->splitter, err);
    if (status == AISLE_OK)
        status = flow_rules(app, request->seller_id, request->target_id, &a->rules_arena,
                            &a->rules, &a->rule_count, err);
    if (status == AISLE_OK)
        warn_of_passed_over(a);
    if (status == AISLE_OK)
        status = apply_all(a, err);
    if (status == AISLE_OK)
        *out = a->done;
    word_splitter_clear(&a->splitter);
    arena_clear(&a->page);
    arena_clear(&a->rules_arena);
    arena_clear(&holder);
    return status;
}

/* ---- proposals ---- */

struct studying {
    const struct app *app;
    struct arena *arena;
    struct labelled *rows;
    size_t count;
};

static enum aisle_status note_decided(void *ctx, const struct decision *d,
                                      struct aisle_err *err)
{
    struct studying *s = ctx;
    struct aisle_err why = {0};
    struct product p;
    enum aisle_status status;

    if (d->advisor != ADVISOR_PERSON && d->advisor != ADVISOR_MARKETPLACE)
        return AISLE_OK; /* what a rule or the matcher said proves no rule */
    status = s->app->store->ops->catalogue->get_product(s->app->store, d->seller_id,
                                                        d->key, s->arena, &p, &why);
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    s->rows[s->count] = (struct labelled){
        .text = {.title = p.title, .brand = p.brand},
        .category_id = arena_str(s->arena, d->category_id),
    };
    if (!s->rows[s->count].category_id.p)
        return aisle_nomem(err);
    return ++s->count == STUDIED ? AISLE_STOPPED : AISLE_OK;
}

enum aisle_status flow_rules_propose(const struct app *app, struct str seller_id,
                                     struct str target_id, size_t least, double precision,
                                     struct arena *arena, struct rule_proposal *out,
                                     size_t cap, size_t *count, struct aisle_err *err)
{
    struct mapping_filter filter = {.seller_id = seller_id,
                                    .target_id = target_id,
                                    .has_scope = true,
                                    .scope = SCOPE_PRODUCT,
                                    .states = 1u << DECISION_ACCEPTED};
    struct studying s = {.app = app,
                         .arena = arena,
                         .rows = arena_alloc(arena, STUDIED * sizeof(*s.rows))};
    enum aisle_status status;

    if (!s.rows)
        return aisle_nomem(err);
    status = app->store->ops->decisions->each_mapping(app->store, &filter, note_decided,
                                                      &s, err);
    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    return rules_propose(s.rows, s.count, least, precision, arena, out, cap, count, err);
}
