#include "listing/draft.h"

#include <stdio.h>

/* ISO 4217's exceptions to two decimals, of currencies a marketplace or its seller may
 * use. */
static const struct {
    char code[4];
    unsigned decimals;
} exceptions[] = {
    {"CLP", 0}, {"ISK", 0}, {"JPY", 0}, {"KRW", 0}, {"PYG", 0}, {"VND", 0},
    {"XAF", 0}, {"XOF", 0}, {"BHD", 3}, {"JOD", 3}, {"KWD", 3}, {"OMR", 3},
};

unsigned money_decimals(struct str currency)
{
    for (size_t i = 0; currency.n == 3 && i < sizeof exceptions / sizeof *exceptions; i++)
        if (memcmp(currency.p, exceptions[i].code, 3) == 0)
            return exceptions[i].decimals;
    return 2;
}

/* Appends a decimal digit; false when it does not fit. */
static bool add_digit(int64_t *n, int digit)
{
    return !__builtin_mul_overflow(*n, 10, n) && !__builtin_add_overflow(*n, digit, n);
}

bool money_parse(struct str written, struct str currency, int64_t *minor)
{
    unsigned left = money_decimals(currency);
    size_t point = str_find_char(written, '.');
    int64_t n = 0;

    if (point == 0 || written.n == 0 || point + 1 == written.n)
        return false;
    if (left < 3 && written.n - point == 4) /* "59.000" may be thousands */
        return false;
    for (size_t i = 0; i < written.n; i++) {
        char c = written.p[i];

        if (i == point)
            continue;
        if (c < '0' || c > '9')
            return false;
        if (i > point && left-- == 0) {
            if (c != '0') /* "59000.00" of a currency without decimals is still clear */
                return false;
            left = 0;
            continue;
        }
        if (!add_digit(&n, c - '0'))
            return false;
    }
    while (left-- > 0)
        if (!add_digit(&n, 0))
            return false;
    *minor = n;
    return true;
}

size_t money_format(int64_t minor, struct str currency, char out[MONEY_TEXT])
{
    unsigned decimals = money_decimals(currency);
    uint64_t n = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor, unit = 1;
    const char *sign = minor < 0 ? "-" : "";

    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    if (n % unit == 0)
        return (size_t)snprintf(out, MONEY_TEXT, "%s%llu", sign,
                                (unsigned long long)(n / unit));
    return (size_t)snprintf(out, MONEY_TEXT, "%s%llu.%0*llu", sign,
                            (unsigned long long)(n / unit), (int)decimals,
                            (unsigned long long)(n % unit));
}
