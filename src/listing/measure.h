/* measure.h - decimal numbers of weights and sides, and units that belong together */
#ifndef LISTING_MEASURE_H
#define LISTING_MEASURE_H

#include "listing/limits.h"

/* digits / 10^decimals: "0.250" is 250 and 3, with zeros at the end not counted: 25
 * and 2. */
struct measure {
    int64_t digits;
    unsigned decimals;
};

/* Digits with at most one point; false for anything else, a sign included, or when it
 * does not fit. */
bool measure_parse(struct str s, struct measure *out);
double measure_number(const struct measure *m);
int64_t measure_grams(const struct measure *m, unsigned unit); /* rounded up */
/* In another unit, rounded up to so many decimals. */
struct measure measure_convert(const struct measure *m, unsigned from, unsigned to,
                               unsigned decimals);
enum { MEASURE_TEXT = 32 };
size_t measure_format(const struct measure *m, char out[MEASURE_TEXT]);

#endif
