#include "flows/limits.h"

#include "net/pace_rule.h"

enum {
    TRIES = 30,
    IDLE_MS = 600000, /* nobody called for so long: what was found out is old */
    AHEAD_MS = 2000,  /* turns are given out so long before they come */
};

static struct pace_rule rule_of(const struct call_limit *l)
{
    return (struct pace_rule){
        .rate = l->per_second,
        .most = l->most,
        .next_ms = l->next_ms,
        .grown_ms = l->grown_ms,
        .window_ms = l->window_ms,
        .turns = l->turns,
        .answers = l->answers,
        .refused = l->refused,
        .best = l->best,
        .asking = l->asking,
        .asked_from = l->asked_from,
        .asked_share = l->asked_share,
        .put_up_with = l->put_up_with,
        .put_up_until_ms = l->put_up_until_ms,
    };
}

static void keep_rule(struct call_limit *l, const struct pace_rule *r)
{
    l->per_second = r->rate;
    l->most = r->most;
    l->next_ms = r->next_ms;
    l->grown_ms = r->grown_ms;
    l->window_ms = r->window_ms;
    l->turns = r->turns;
    l->answers = r->answers;
    l->refused = r->refused;
    l->best = r->best;
    l->asking = r->asking;
    l->asked_from = r->asked_from;
    l->asked_share = r->asked_share;
    l->put_up_with = r->put_up_with;
    l->put_up_until_ms = r->put_up_until_ms;
}

/* A row that is old, or from a host whose clock was far ahead, is begun anew. */
static bool is_stale(const struct call_limit *l, int64_t now)
{
    return l->version == 0 || now - l->grown_ms > IDLE_MS ||
           l->grown_ms - now > IDLE_MS || l->next_ms - now > IDLE_MS;
}

static int share_of(const struct pace_rule *r, int want)
{
    double rate = r->rate < pace_most_per_second ? r->rate : pace_most_per_second;
    int most = rate > 4 ? (int)(rate / 2) : 1;

    if (r->rate <= 0 || want < 0)
        return 0;
    return want < 1 ? 1 : want < most ? want : most;
}

/* Not out of a far future: who waits for its turn at the pace of a moment ago would not
 * hear that the pace has grown since. */
static void give_turns(struct pace_rule *rule, int want, int64_t now,
                       struct pace_grant *grant)
{
    int64_t ahead = pace_rule_take(rule, 0, now) - now;

    grant->later = rule->rate > 0 && want >= 0 && ahead > AHEAD_MS;
    grant->wait_ms = grant->later ? ahead - AHEAD_MS : ahead;
    grant->turns = grant->later ? 0 : share_of(rule, want);
    pace_rule_take(rule, grant->turns, now);
}

/* What was counted goes in, turns come out. */
static void deal(const struct limits *l, struct call_limit *row,
                 const struct pace_report *report, struct pace_grant *grant)
{
    int64_t now = clock_now_ms(l->clock);
    struct pace_rule rule = rule_of(row);

    if (is_stale(row, now))
        pace_rule_init(&rule, l->per_second, now);
    pace_rule_told(&rule, l->per_second);
    pace_rule_told(&rule, report->told);
    pace_rule_count(&rule, report->turns, report->answers, report->refused, now);
    if (report->hold_ms)
        pace_rule_hold(&rule, now + report->hold_ms, now);
    row->calls += report->answers;
    row->throttled += report->refused;
    give_turns(&rule, report->want, now, grant);
    grant->per_second = rule.rate;
    grant->gap_ms = rule.rate > 0 ? 1000 / rule.rate : 0;
    grant->puts_up = now < rule.put_up_until_ms;
    keep_rule(row, &rule);
}

static enum aisle_status exchange_once(const struct limits *l, struct str key,
                                       const struct pace_report *report,
                                       struct pace_grant *grant)
{
    const struct store_tasks *ops = l->store->ops->tasks;
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct call_limit row = {.key = key};
    enum aisle_status status = ops->get_limit(l->store, key, &arena, &row, NULL);

    if (status == AISLE_NOT_FOUND) {
        row = (struct call_limit){.key = key};
        status = AISLE_OK;
    }
    if (status == AISLE_OK) {
        deal(l, &row, report, grant);
        status = ops->put_limit(l->store, &row, NULL);
    }
    arena_clear(&arena);
    return status;
}

static enum aisle_status exchange(void *ctx, struct str key,
                                  const struct pace_report *report,
                                  struct pace_grant *grant)
{
    const struct limits *l = ctx;
    enum aisle_status status = AISLE_CONFLICT;

    for (int n = 0; n < TRIES && status == AISLE_CONFLICT; n++)
        status = exchange_once(l, key, report, grant);
    return status;
}

void limits_init(struct limits *l, const struct clock *clock, double per_second)
{
    *l = (struct limits){.clock = clock, .per_second = per_second};
    l->share = (struct pace_share){.ctx = l, .exchange = exchange};
}
