/* meter.h - what /metrics tells: requests by kind of answer, and how long they took */
#ifndef API_METER_H
#define API_METER_H

#include "base/buf.h"

#include <stdatomic.h>

enum { METER_STEPS = 10 };

struct meter {
    atomic_ullong answers[6];         /* by the first digit of the status */
    atomic_ullong steps[METER_STEPS]; /* not slower than meter_ms[i], each for itself */
    atomic_ullong slower, total_ms;
    atomic_ullong sign_ins, failed_sign_ins;
};

void meter_add(struct meter *m, int status, int64_t ms);
/* In Prometheus' text format, version 0.0.4. */
void meter_text(const struct meter *m, struct buf *out);

#endif
