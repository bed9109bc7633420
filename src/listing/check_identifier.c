/* check_identifier.c - GTIN, EAN, UPC, ISBN, JAN: digits, check digit, further codes */
#include "listing/identifier.h"
#include "listing/judge.h"

static bool digits_of(struct str s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* GS1's: from the right the digits weigh 3, 1, 3, …; all together are full tens. */
static bool gs1_digit_right(struct str s)
{
    unsigned sum = 0;

    for (size_t i = 0; i < s.n; i++)
        sum += (unsigned)(s.p[s.n - 1 - i] - '0') * (i % 2 ? 3 : 1);
    return sum % 10 == 0;
}

/* ISBN-10's: the digits weigh 10 down to 1, X is ten; all together are full elevens. */
static bool isbn10_digit_right(struct str s)
{
    unsigned sum = 0;

    for (size_t i = 0; i < 10; i++)
        sum += (s.p[i] == 'X' ? 10 : (unsigned)(s.p[i] - '0')) * (unsigned)(10 - i);
    return sum % 11 == 0;
}

bool identifier_digit_right(struct str code)
{
    if (code.n == 10 && digits_of(code, 9) && (code.p[9] == 'X' || digits_of(code, 10)))
        return isbn10_digit_right(code);
    if (code.n == 0 || !digits_of(code, code.n))
        return false;
    return gs1_digit_right(code);
}

/* Create Product 202309: how many digits each type has. */
static const struct {
    const char *type;
    unsigned char lengths[3];
} types[] = {
    {"GTIN", {14}},     {"EAN", {8, 13, 14}}, {"UPC", {12}},
    {"ISBN", {13, 10}}, {"JAN", {8, 13}},
};
enum { TYPES = sizeof types / sizeof *types, LENGTHS = 3 };

static bool has_length(size_t type, size_t n)
{
    for (size_t i = 0; i < LENGTHS; i++)
        if (types[type].lengths[i] == n && n)
            return true;
    return false;
}

const char *identifier_type_of(struct str code)
{
    if (!identifier_digit_right(code))
        return NULL;
    switch (code.n) {
    case 8:
        return "EAN";
    case 10:
        return "ISBN";
    case 12:
        return "UPC";
    case 13:
        return str_starts(code, "978") || str_starts(code, "979") ? "ISBN" : "EAN";
    case 14:
        return "GTIN";
    default:
        return NULL;
    }
}

static bool says_none(struct str cell)
{
    for (size_t i = 0; i < cell.n; i++)
        if (cell.p[i] >= '1' && cell.p[i] <= '9')
            return false;
    return true;
}

struct str identifier_clean(struct str cell, struct arena *arena)
{
    char *kept = arena_alloc(arena, cell.n + 1);
    size_t n = 0;

    if (!kept)
        return (struct str){0};
    if (str_ends(cell, ".0"))
        cell.n -= 2;
    for (size_t i = 0; i < cell.n && !says_none(cell); i++)
        if (cell.p[i] != ' ' && cell.p[i] != '-')
            kept[n++] = cell.p[i] == 'x' ? 'X' : cell.p[i];
    kept[n] = '\0';
    return str_n(kept, n);
}

static struct str lengths_text(struct judge *j, size_t type)
{
    const unsigned char *n = types[type].lengths;

    if (n[2])
        return findings_fmt(j->out, "%d, %d or %d digits", n[0], n[1], n[2]);
    if (n[1])
        return findings_fmt(j->out, "%d or %d digits", n[0], n[1]);
    return findings_fmt(j->out, "%d digits", n[0]);
}

static void judge_code(struct judge *j, const struct place *at, struct str code,
                       size_t type)
{
    bool isbn = str_is(str_of(types[type].type), "ISBN");
    size_t digits = code.n && isbn && code.p[code.n - 1] == 'X' ? code.n - 1 : code.n;
    const char *better = identifier_type_of(code);

    if (isbn && digits_of(code, digits) == false &&
        str_find_char(str_head(code, digits), 'X') < digits) {
        judge_error(j, at, "identifier-x", "12052598",
                    SAID(.what = STR_LIT("only the last character may be an X"),
                         .found = judge_quote(j, code)));
        return;
    }
    if (!digits_of(code, digits) || !has_length(type, code.n) ||
        (digits < code.n && code.n != 10)) {
        judge_error(
            j, at, "identifier-digits", "12052591",
            SAID(.what = STR_LIT("the code has the wrong number of digits"),
                 .found = judge_quote(j, code), .allowed = lengths_text(j, type),
                 .fix = better ? findings_fmt(j->out, "it is a %s", better) : STR_LIT(""),
                 .mend = better ? MEND_IDENTIFIER_TYPE : MEND_NONE));
        return;
    }
    if (!identifier_digit_right(code))
        judge_warning(j, at, "identifier-check-digit", "",
                      SAID(.what = STR_LIT("the check digit is wrong: a digit is "
                                           "mistyped"),
                           .found = judge_quote(j, code),
                           .fix = STR_LIT("copy it again from the package")));
}

static void judge_extra(struct judge *j, const struct place *at,
                        const struct listing_sku *sku)
{
    const struct listing_strs *extra = &sku->extra_identifier_codes;

    if (!extra->count)
        return;
    if (!j->limits->eu) {
        judge_error(j, at, "extra-codes-market", "12052291",
                    SAID(.what = STR_LIT("this market takes no further codes"),
                         .fix = STR_LIT("leave them out"), .mend = MEND_DROP));
        return;
    }
    if (!sku->identifier_code.n)
        judge_error(j, at, "extra-codes-alone", "12052293",
                    SAID(.what = STR_LIT("further codes need a first one in "
                                         "identifier_code")));
    if (extra->count > j->limits->extra_codes_max)
        judge_error(j, at, "extra-codes-many", "12052292",
                    SAID(.what = STR_LIT("there are too many further codes"),
                         .found = judge_number(j, (int64_t)extra->count),
                         .allowed = judge_range(j, 0, j->limits->extra_codes_max)));
    for (size_t i = 0; i < extra->count; i++) {
        struct str code = extra->rows[i];
        bool right = (code.n == 8 || code.n == 10 || (code.n >= 12 && code.n <= 14)) &&
                     digits_of(code, code.n - (code.p[code.n - 1] == 'X'));

        if (!right)
            judge_error(j, ITEM(at, i), "extra-code", "12052294",
                        SAID(.what = STR_LIT("this is no GTIN, EAN, UPC, JAN or ISBN"),
                             .found = judge_quote(j, code)));
    }
}

static bool is_unit_count(struct str s)
{
    double n;

    return parse_double(s, 0.01, 99999.9999, &n) && str_find_char(s, 'e') == s.n &&
           str_find_char(s, 'E') == s.n;
}

static void judge_type(struct judge *j, const struct place *at,
                       const struct listing_sku *sku)
{
    for (size_t type = 0; type < TYPES; type++)
        if (str_is(sku->identifier_type, types[type].type)) {
            judge_code(j, FIELD(at, "code"), sku->identifier_code, type);
            return;
        }
    judge_error(j, FIELD(at, "type"), "identifier-type", "12052600",
                SAID(.what = STR_LIT("which kind of code it is is missing or unknown"),
                     .found = judge_quote(j, sku->identifier_type),
                     .allowed = STR_LIT("GTIN, EAN, UPC, ISBN, JAN"),
                     .mend = identifier_type_of(sku->identifier_code)
                                 ? MEND_IDENTIFIER_TYPE
                                 : MEND_NONE));
}

/* "8.99E+12": a spreadsheet kept the first digits alone. */
static bool is_rounded(struct str cell)
{
    size_t e = str_find_char(cell, 'E');

    if (e == cell.n)
        e = str_find_char(cell, 'e');
    return e > 0 && e + 1 < cell.n && cell.p[e - 1] >= '0' && cell.p[e - 1] <= '9' &&
           (cell.p[e + 1] == '+' || (cell.p[e + 1] >= '0' && cell.p[e + 1] <= '9'));
}

/* In the catalogue, and no code: the product goes without it. */
static void judge_unread(struct judge *j, const struct place *at, struct str cell)
{
    size_t digits = 0;
    struct said said = {.found = judge_quote(j, cell),
                        .allowed = STR_LIT("8, 12, 13 or 14 digits, 10 of an ISBN")};

    for (size_t i = 0; i < cell.n; i++)
        digits += cell.p[i] >= '0' && cell.p[i] <= '9';
    if (is_rounded(cell)) {
        said.what = STR_LIT("a spreadsheet shortened the barcode: it is not sent");
        said.fix = STR_LIT("make the column text and write all digits there again");
    } else if (digits == 8 || (digits >= 12 && digits <= 14)) {
        said.what = STR_LIT("the barcode's check digit is wrong: it is not sent");
        said.fix = STR_LIT("copy it again from the package");
    } else {
        said.what = STR_LIT("the barcode has the wrong number of digits: it is not sent");
        said.fix = STR_LIT("copy it again from the package, with zeroes in front");
    }
    judge_warning(j, at, "identifier-unread", "", said);
}

void judge_identifier(struct judge *j, const struct place *sku_at,
                      const struct listing_sku *sku)
{
    const struct place *at = FIELD(sku_at, "identifier_code");

    if (sku->identifier_said && !sku->identifier_code.n && !sku->identifier_type.n)
        judge_error(j, at, "identifier-empty", "12052487",
                    SAID(.what = STR_LIT("identifier_code is there and empty"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
    else if (sku->identifier_said)
        judge_type(j, at, sku);
    else if (sku->identifier_unread.n)
        judge_unread(j, at, sku->identifier_unread);
    judge_extra(j, FIELD(sku_at, "extra_identifier_codes"), sku);
    if (j->limits->eu && sku->unit_count.text.p && !is_unit_count(sku->unit_count.text))
        judge_error(j, FIELD(sku_at, "sku_unit_count"), "unit-count", "12052574",
                    SAID(.what = STR_LIT("unit count is out of range"),
                         .found = judge_quote(j, sku->unit_count.text),
                         .allowed = STR_LIT("0.01 to 99999.9999")));
}
