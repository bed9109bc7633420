/* Check digits, and what kind of code a row of digits is. */
#include "check.h"

#include "listing/identifier.h"

static const struct {
    const char *code, *type; /* NULL: its check digit is wrong, or it is none */
} codes[] = {
    {"8991234567891", "EAN"},
    {"8991234567896", NULL},
    {"96385074", "EAN"},
    {"96385075", NULL},
    {"036000291452", "UPC"},
    {"036000291453", NULL},
    {"08712345678906", "GTIN"},
    {"08712345678907", NULL},
    {"9780306406157", "ISBN"},
    {"9780306406158", NULL},
    {"0306406152", "ISBN"},
    {"0306406153", NULL},
    {"080442957X", "ISBN"},
    {"0804429570", NULL},
    {"08044X9570", NULL},
    {"12345", NULL},
    {"", NULL},
    {"89912345678AB", NULL},
};

static void a_digit_that_is_mistyped_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const char *type = identifier_type_of(str_of(codes[i].code));

        if (!codes[i].type && type)
            fail_msg("%s: no code, and taken for %s", codes[i].code, type);
        if (codes[i].type && (!type || strcmp(type, codes[i].type) != 0))
            fail_msg("%s: want %s, got %s", codes[i].code, codes[i].type,
                     type ? type : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_digit_that_is_mistyped_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
