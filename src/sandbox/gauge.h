/* gauge.h - how many requests a second a key may make: token buckets; thread-safe */
#ifndef SANDBOX_GAUGE_H
#define SANDBOX_GAUGE_H

#include "base/status.h"
#include "base/str.h"

struct gauge;

/* Buckets that hold `burst` and regain per_second; per_second 0 or less: no limit. */
enum aisle_status gauge_new(double per_second, double burst, struct gauge **out,
                            struct aisle_err *err);
void gauge_free(struct gauge *g); /* NULL is fine */

struct gauge_reading {
    double per_second, burst;
    bool limited;          /* false: there is no limit, and the rest means nothing */
    bool over;             /* nothing was left: refuse */
    double left;           /* after this one */
    double next_s, full_s; /* until one is regained, and all */
};

/* Take one. Keys beyond a few thousand share buckets. */
struct gauge_reading gauge_take(struct gauge *g, struct str key, int64_t now_ms);

#endif
