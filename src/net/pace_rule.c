#include "net/pace_rule.h"

enum {
    WINDOW_MS = 1000,      /* answers are counted for so long at least, */
    WINDOW_MAX_MS = 10000, /* and at most, where they are */
    WINDOW_ANSWERS = 10,   /* fewer than these */
    SETTLE_MS = 1000,      /* answers to what was asked before a change of pace */
    PUT_UP_MS = 60000,     /* until the question is asked anew */
};

static const double few = 0.05;     /* share of 429s that is nobody's fault, */
static const int one = 1;           /* and so is a single one of a window */
static const double below = 0.9;    /* of what got through: where we stand back to, */
static const double at_once = 0.1;  /* but not to less than this of what was asked */
static const double bearable = 0.5; /* a larger share of 429s is never put up with */
static const double always = 0.75;  /* and this large it is a limit, whatever was known */
static const double step = 0.05;    /* of the most that got through lately, a second */
static const double slowest = 0.5;  /* turns a second */
static const double fading = 0.95;  /* of "lately", a window */

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Not while a question is open: its answer would be blurred. */
static void grow(struct pace_rule *r, int64_t now)
{
    double seconds = (double)(now - r->grown_ms) / 1000;

    r->grown_ms = now;
    if (r->rate <= 0 || r->asking)
        return;
    r->rate += seconds * step * larger(r->best, 1);
    if (r->most > 0)
        r->rate = smaller(r->rate, r->most);
}

int64_t pace_rule_take(struct pace_rule *r, int n, int64_t now)
{
    int64_t first = r->next_ms > now ? r->next_ms : now;

    grow(r, now);
    r->next_ms = r->rate > 0 ? first + (int64_t)(n * 1000 / r->rate) : first;
    return first;
}

static void begin_window(struct pace_rule *r, int64_t from)
{
    r->window_ms = from;
    r->turns = r->answers = r->refused = 0;
}

static bool puts_up(const struct pace_rule *r, int64_t now)
{
    return now < r->put_up_until_ms;
}

static bool is_congested(const struct pace_rule *r, double share, int64_t now)
{
    if (r->refused <= one)
        return false;
    return share > (puts_up(r, now) ? smaller(2 * r->put_up_with + few, always) : few);
}

/* To just under what got through, which of a limit that is there is the limit. */
static void slow_down(struct pace_rule *r, double share, double per_second, int64_t now)
{
    double asked = r->rate > 0 ? smaller(r->rate, per_second) : per_second;

    r->asking = true;
    r->asked_from = r->rate;
    r->asked_share = share;
    r->put_up_until_ms = now;
    r->rate = larger(asked * larger((1 - share) * below, at_once), slowest);
}

/* The slower pace was kept for a window. */
static void hear_answer(struct pace_rule *r, double share, int64_t now)
{
    r->asking = false;
    r->grown_ms = now;
    if (share < r->asked_share / 2 || larger(share, r->asked_share) > bearable)
        return; /* it helped, or it is beyond asking */
    r->rate = r->asked_from;
    if (r->most > 0 && (r->rate <= 0 || r->rate > r->most))
        r->rate = r->most; /* told meanwhile */
    r->put_up_with = larger(share, r->asked_share);
    r->put_up_until_ms = now + PUT_UP_MS;
}

/* At the end of a window: what it says. All 429s of one are one event. */
static void judge_window(struct pace_rule *r, int64_t now)
{
    int64_t lasted = now - r->window_ms;
    double seconds = (double)lasted / 1000, share;

    if (lasted < WINDOW_MS || (r->answers < WINDOW_ANSWERS && lasted < WINDOW_MAX_MS))
        return;
    share = (double)r->refused / (double)r->answers;
    r->best = larger((double)(r->answers - r->refused) / seconds, r->best * fading);
    if (r->asking)
        hear_answer(r, share, now);
    if (lasted < 2 * WINDOW_MAX_MS && is_congested(r, share, now)) {
        slow_down(r, share, larger((double)r->turns, (double)r->answers) / seconds, now);
        begin_window(r, now + SETTLE_MS);
    } else {
        begin_window(r, now);
    }
}

/* After a window in which next to nothing got through, all there is to find out is
 * whether that is over. */
static bool is_storm(const struct pace_rule *r)
{
    return r->asking && r->asked_share > always;
}

/* The first answer that is not refused is the end of what was before it. */
static void hear_end(struct pace_rule *r, int answers, int refused, int64_t now)
{
    if (is_storm(r) && r->refused && r->answers == r->refused && answers > refused)
        begin_window(r, now);
}

/* Each one says so again, up to half of what got through lately, until there is a 429: so
 * who waits at the end of a storm waits for seconds. */
static void look_up(struct pace_rule *r, int answers, int refused)
{
    if (is_storm(r) && !r->refused && answers > refused && r->rate < r->best / 2)
        r->rate = smaller(2 * r->rate, r->best / 2);
}

void pace_rule_count(struct pace_rule *r, int turns, int answers, int refused,
                     int64_t now)
{
    if (now < r->window_ms)
        return;
    hear_end(r, answers, refused, now);
    r->turns += turns;
    r->answers += answers;
    r->refused += refused;
    look_up(r, answers, refused);
    if (answers)
        judge_window(r, now);
}

void pace_rule_hold(struct pace_rule *r, int64_t until, int64_t now)
{
    if (!puts_up(r, now) && until > r->next_ms)
        r->next_ms = until;
}

void pace_rule_told(struct pace_rule *r, double per_second)
{
    if (per_second > 0 && per_second <= pace_most_per_second &&
        (r->most <= 0 || per_second < r->most)) {
        r->most = per_second;
        if (r->rate <= 0 || r->rate > per_second)
            r->rate = per_second;
    }
}

void pace_rule_init(struct pace_rule *r, double per_second, int64_t now)
{
    *r = (struct pace_rule){
        .rate = per_second, .most = per_second, .grown_ms = now, .window_ms = now};
}
