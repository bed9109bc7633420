#include "api/meter.h"

static const int64_t meter_ms[METER_STEPS] = {1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000};

void meter_add(struct meter *m, int status, int64_t ms)
{
    size_t i = 0;

    atomic_fetch_add(&m->answers[status >= 100 && status < 600 ? status / 100 : 5], 1);
    atomic_fetch_add(&m->total_ms, (unsigned long long)(ms > 0 ? ms : 0));
    while (i < METER_STEPS && ms > meter_ms[i])
        i++;
    atomic_fetch_add(i < METER_STEPS ? &m->steps[i] : &m->slower, 1);
}

static void add_times(const struct meter *m, struct buf *out)
{
    unsigned long long so_far = 0;

    buf_addz(out, "# HELP aisle_http_request_seconds How long answers took.\n"
                  "# TYPE aisle_http_request_seconds histogram\n");
    for (size_t i = 0; i < METER_STEPS; i++) {
        so_far += atomic_load(&m->steps[i]);
        buf_addf(out, "aisle_http_request_seconds_bucket{le=\"%g\"} %llu\n",
                 (double)meter_ms[i] / 1000, so_far);
    }
    so_far += atomic_load(&m->slower);
    buf_addf(out,
             "aisle_http_request_seconds_bucket{le=\"+Inf\"} %llu\n"
             "aisle_http_request_seconds_sum %g\n"
             "aisle_http_request_seconds_count %llu\n",
             so_far, (double)atomic_load(&m->total_ms) / 1000, so_far);
}

void meter_text(const struct meter *m, struct buf *out)
{
    buf_addz(out, "# HELP aisle_http_requests_total Answers by class of status.\n"
                  "# TYPE aisle_http_requests_total counter\n");
    for (int i = 1; i < 6; i++)
        buf_addf(out, "aisle_http_requests_total{status=\"%dxx\"} %llu\n", i,
                 (unsigned long long)atomic_load(&m->answers[i]));
    add_times(m, out);
    buf_addf(out,
             "# HELP aisle_sign_ins_total People who came in, or did not.\n"
             "# TYPE aisle_sign_ins_total counter\n"
             "aisle_sign_ins_total{outcome=\"ok\"} %llu\n"
             "aisle_sign_ins_total{outcome=\"failed\"} %llu\n",
             (unsigned long long)atomic_load(&m->sign_ins),
             (unsigned long long)atomic_load(&m->failed_sign_ins));
}
