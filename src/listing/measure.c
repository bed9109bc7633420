#include "listing/measure.h"

#include <math.h>
#include <stdio.h>

enum { DIGITS_MAX = 15 }; /* what a double still holds exactly */

bool measure_parse(struct str s, struct measure *out)
{
    struct measure m = {0};
    size_t point = str_find_char(s, '.'), digits = 0;

    if (s.n == 0 || point == 0 || point + 1 == s.n)
        return false;
    while (point < s.n && s.p[s.n - 1] == '0')
        s.n--;
    for (size_t i = 0; i < s.n; i++) {
        if (i == point)
            continue;
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        digits += digits || s.p[i] != '0';
        if (digits > DIGITS_MAX)
            return false;
        m.digits = m.digits * 10 + (s.p[i] - '0');
        m.decimals += i > point;
    }
    if (m.decimals > DIGITS_MAX)
        return false;
    *out = m;
    return true;
}

/* Ten to the power of that, as exact as a double can. */
static double tens(unsigned power)
{
    double n = 1;

    while (power--)
        n *= 10;
    return n;
}

double measure_number(const struct measure *m)
{
    return (double)m->digits / tens(m->decimals);
}

/* One of it in grams or centimetres. */
static double factor(unsigned unit)
{
    switch (unit) {
    case UNIT_KILOGRAM:
        return 1000;
    case UNIT_POUND:
        return 453.59237;
    case UNIT_INCH:
        return 2.54;
    default:
        return 1;
    }
}

/* Up, but not for what is only a rounding of the arithmetic. */
static int64_t round_up(double n)
{
    return n < 9e15 ? (int64_t)ceil(n - n * 1e-12) : (int64_t)9e15;
}

int64_t measure_grams(const struct measure *m, unsigned unit)
{
    return round_up(measure_number(m) * factor(unit));
}

struct measure measure_convert(const struct measure *m, unsigned from, unsigned to,
                               unsigned decimals)
{
    double n = measure_number(m) * factor(from) / factor(to);
    struct measure out = {round_up(n * tens(decimals)), decimals};

    while (out.decimals && out.digits % 10 == 0) {
        out.digits /= 10;
        out.decimals--;
    }
    return out;
}

size_t measure_format(const struct measure *m, char out[MEASURE_TEXT])
{
    int64_t unit = 1;

    for (unsigned i = 0; i < m->decimals; i++)
        unit *= 10;
    if (!m->decimals)
        return (size_t)snprintf(out, MEASURE_TEXT, "%lld", (long long)m->digits);
    return (size_t)snprintf(out, MEASURE_TEXT, "%lld.%0*lld",
                            (long long)(m->digits / unit), (int)m->decimals,
                            (long long)(m->digits % unit));
}
