/* What a cell says a thing costs; "?" is unclear, "" nothing there. */
#include "check.h"

#include "catalog/price.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
    const char *text, *currency;
    bool point;
    const char *want; /* minor units and currency */
} cases[] = {
    {"", "IDR", false, ""},
    {"  ", "", false, ""},
    {"\u00a0", "", false, ""},
    {"0", "", false, "0"},
    {"12", "", false, "1200"},
    {"12.50", "", false, "1250"},
    {"12,50", "", false, "1250"},
    {"12.5", "USD", false, "1250 USD"},
    {"66.05", "EUR", false, "6605 EUR"},
    {"52.000000", "", false, "5200"},
    {"12.345678", "", false, "?"},
    {"1.234.567,89", "", false, "123456789"},
    {"1,234,567.89", "USD", false, "123456789 USD"},
    {"1.234.567", "", false, "123456700"},
    {"1,234.50", "", false, "123450"},
    {"1.234,50", "", false, "123450"},
    {"1 234,50", "", false, "123450"},
    {"1\u00a0234,50 z\u0142", "", false, "123450 PLN"},
    {"1'234.50", "CHF", false, "123450 CHF"},
    {"1 234", "", false, "123400"},
    {"1.23.456", "", false, "?"},
    {"1,23,456.00", "", false, "?"},
    {"12.34.56", "", false, "?"},
    {"1234.500", "", false, "123450"},
    {"0.500", "USD", false, "50 USD"},
    /* twelve thousand, or twelve */
    {"12.000", "", false, "?"},
    {"12,000", "", false, "?"},
    {"12.000", "USD", false, "?"},
    {"12.000", "IDR", false, "1200000 IDR"},
    {"12,000", "IDR", false, "1200000 IDR"},
    {"12.000", "VND", false, "12000 VND"},
    {"12.000", "", true, "1200"},
    {"12,000", "", true, "1200000"},
    {"1,234.5", "", true, "123450"},
    {"12.345", "", true, "?"},
    {"1.2.3", "", true, "?"},
    /* marks and codes */
    {"Rp 12.000", "", false, "1200000 IDR"},
    {"Rp12.000", "", false, "1200000 IDR"},
    {"rp. 1.250.000", "", false, "125000000 IDR"},
    {"Rp 12.000,-", "", false, "1200000 IDR"},
    {"Rp 12.000,00", "", false, "1200000 IDR"},
    {"IDR 12000", "", false, "1200000 IDR"},
    {"12000 IDR", "", false, "1200000 IDR"},
    {"IDR12000", "USD", false, "1200000 IDR"},
    {"89.0 EUR", "", false, "8900 EUR"},
    {"\u20ac 9,99", "", false, "999 EUR"},
    {"9,99\u20ac", "", false, "999 EUR"},
    {"US$5", "", false, "500 USD"},
    {"S$5", "", false, "500 SGD"},
    {"$5", "", false, "500"},
    {"$5", "USD", false, "500 USD"},
    {"$5", "SGD", false, "500 SGD"},
    {"$5", "IDR", false, "500"},
    {"\u00a5500", "JPY", false, "500 JPY"},
    {"RM 19.90", "", false, "1990 MYR"},
    {"150.000\u20ab", "", false, "150000 VND"},
    {"1 200 \u0440\u0443\u0431.", "", false, "120000 RUB"},
    {"500", "JPY", false, "500 JPY"},
    {"500.00", "JPY", false, "500 JPY"},
    {"500.50", "JPY", false, "?"},
    {"1.5", "KWD", false, "1500 KWD"},
    {"1.500", "KWD", false, "1500 KWD"},
    {"1,500", "KWD", false, "?"},
    /* no prices */
    {"free", "", false, "?"},
    {"-5", "", false, "?"},
    {"10-20", "", false, "?"},
    {"10 / 20", "", false, "?"},
    {"EUR", "", false, "?"},
    {"USDT 5", "", false, "?"},
    {"XQZ 5", "", false, "?"},
    {"5 RUPIAH", "IDR", false, "?"},
    {"12.", "", false, "?"},
    {".5", "", false, "?"},
    {"1e5", "", false, "?"},
    {"5 EUR USD", "", false, "?"},
    {"99999999999999999999", "", false, "?"},
    {"123456789012345678901234567890", "", false, "?"},
    {"\xff", "", false, "?"},
};

static void a_price_is_read_or_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct price price;
        char got[64] = "?";

        switch (price_parse(str_of(cases[i].text), str_of(cases[i].currency),
                            cases[i].point, &price)) {
        case PRICE_NONE:
            got[0] = '\0';
            break;
        case PRICE_READ:
            snprintf(got, sizeof got, "%" PRId64 "%s%s", price.minor,
                     price.currency[0] ? " " : "", price.currency);
            break;
        case PRICE_UNCLEAR:
            break;
        }
        assert_text(cases[i].text, str_of(got), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_is_read_or_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
