/* Amounts as bodies write them, counted in minor units and written again. */
#include "check.h"

#include "listing/draft.h"

static const struct {
    const char *written, *currency;
    int64_t minor; /* -1: no amount */
    const char *again;
} amounts[] = {
    {"59000", "IDR", 5900000, "59000"},
    {"59000.00", "IDR", 5900000, "59000"},
    {"59000.5", "IDR", 5900050, "59000.50"},
    {"12.34", "USD", 1234, "12.34"},
    {"0.01", "EUR", 1, "0.01"},
    {"0", "EUR", 0, "0"},
    {"1200", "JPY", 1200, "1200"},
    {"1200.0", "JPY", 1200, "1200"},
    {"1200.5", "JPY", -1, ""},
    {"99000", "VND", 99000, "99000"},
    {"1.234", "USD", -1, ""},
    {"1.230", "USD", -1, ""},
    {"1.2300", "USD", 123, "1.23"},
    {"59.000", "IDR", -1, ""},
    {"59.000", "VND", -1, ""},
    {"59000.000", "IDR", -1, ""},
    {"1.2345", "KWD", -1, ""},
    {"1.234", "KWD", 1234, "1.234"},
    {"", "USD", -1, ""},
    {".5", "USD", -1, ""},
    {"5.", "USD", -1, ""},
    {"1,5", "USD", -1, ""},
    {"-1", "USD", -1, ""},
    {"+1", "USD", -1, ""},
    {"1e3", "USD", -1, ""},
    {"1.2.3", "USD", -1, ""},
    {"Rp 5", "IDR", -1, ""},
    {"92233720368547758.07", "USD", INT64_MAX, "92233720368547758.07"},
    {"92233720368547758.08", "USD", -1, ""},
    {"99999999999999999999", "USD", -1, ""},
};

static void amounts_are_counted_and_written_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(amounts); i++) {
        struct str currency = str_of(amounts[i].currency);
        int64_t minor = -1;
        char text[MONEY_TEXT];

        money_parse(str_of(amounts[i].written), currency, &minor);
        if (minor != amounts[i].minor)
            fail_msg("%s %s: %lld", amounts[i].written, amounts[i].currency,
                     (long long)minor);
        if (minor >= 0)
            assert_text(amounts[i].written,
                        str_n(text, money_format(minor, currency, text)),
                        amounts[i].again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_counted_and_written_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
