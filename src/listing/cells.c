#include "listing/cells.h"

#include "catalog/price.h"

/* ---- money ---- */

struct listing_money cell_money(const struct listing_price *cell, struct str currency,
                                struct arena *arena)
{
    struct price price;
    enum price_reading reading = price_parse(cell->text, currency, cell->point, &price);

    if (reading == PRICE_NONE)
        return (struct listing_money){0};
    /* "$5" where rupiah are expected is of no currency we know */
    if (reading == PRICE_UNCLEAR || (currency.n && !price.currency[0]))
        return (struct listing_money){
            .said = true, .minor = -1, .currency = currency, .written = cell->text};
    return (struct listing_money){.said = true,
                                  .minor = price.minor,
                                  .currency = arena_str(arena, str_of(price.currency))};
}

/* Hundredths in minor units of so many decimals; false when some would be lost. */
static bool rescale(int64_t hundredths, unsigned decimals, int64_t *minor)
{
    int64_t n = hundredths;

    for (; decimals > 2; decimals--)
        if (__builtin_mul_overflow(n, 10, &n))
            return false;
    for (; decimals < 2; decimals++) {
        if (n % 10)
            return false;
        n /= 10;
    }
    *minor = n;
    return true;
}

struct listing_money cell_hundredths(int64_t hundredths, struct str currency,
                                     struct arena *arena)
{
    struct listing_money money = {.said = true, .minor = -1, .currency = currency};
    char text[MONEY_TEXT];

    if (!rescale(hundredths, money_decimals(currency), &money.minor))
        money.written =
            arena_str(arena, str_n(text, money_format(hundredths, STR_LIT(""), text)));
    else
        money.written = STR_LIT("");
    return money;
}

/* ---- stock ---- */

void cell_quantity(struct str text, struct listing_stock *out)
{
    int64_t n = 0;
    bool read = parse_i64(text, INT64_MIN, INT64_MAX, &n);

    out->quantity = (struct listing_int){read, n > 0 ? n : 0};
    out->unread = read ? (struct str){0} : text;
}

/* ---- weight and sides ---- */

static const struct {
    const char *word;
    unsigned unit;
} unit_words[] = {
    {"kg", UNIT_KILOGRAM}, {"kilogram", UNIT_KILOGRAM}, {"g", UNIT_GRAM},
    {"gr", UNIT_GRAM},     {"gram", UNIT_GRAM},         {"cm", UNIT_CENTIMETER},
};

static bool is_side(unsigned unit)
{
    return (unit & UNIT_CENTIMETER) != 0;
}

/* The unit behind a number taken off; false for one that does not belong there. */
static bool take_unit(struct str *s, unsigned *unit)
{
    size_t n = s->n;
    struct str word;

    while (n > 0 && (unsigned char)(s->p[n - 1] - '0') > 9)
        n--;
    word = str_trim(str_skip(*s, n));
    *s = str_head(*s, n);
    for (size_t i = 0; word.n && i < sizeof unit_words / sizeof *unit_words; i++)
        if (str_eq_nocase(word, str_of(unit_words[i].word)) &&
            is_side(*unit) == is_side(unit_words[i].unit)) {
            *unit = unit_words[i].unit;
            return true;
        }
    return str_empty(word);
}

bool cell_unit(struct str word, unsigned *unit)
{
    struct str s = str_trim(word);

    return str_empty(s) || take_unit(&s, unit);
}

/* Whether its one separator may as well stand between thousands. */
static bool could_be_thousands(struct str s, size_t separator)
{
    return s.n - separator == 4 && separator <= 3 && s.p[0] != '0';
}

bool cell_measure(struct str text, unsigned *unit, struct measure *out)
{
    char plain[MEASURE_TEXT];
    unsigned said = *unit;
    size_t comma, point;

    if (!take_unit(&text, &said) || text.n >= sizeof plain)
        return false;
    comma = str_find_char(text, ',');
    point = str_find_char(text, '.');
    if (comma < text.n && could_be_thousands(text, comma))
        return false;
    if (point < text.n && said == UNIT_GRAM && could_be_thousands(text, point))
        return false;
    memcpy(plain, text.p, text.n);
    if (comma < text.n && point == text.n)
        plain[comma] = '.';
    if (!measure_parse(str_n(plain, text.n), out))
        return false;
    *unit = said;
    return true;
}

/* Parcels are weighed in whole grams, and none has less than ten. */
bool cell_lacks_unit(struct str text)
{
    unsigned unit = UNIT_KILOGRAM;
    struct measure number;

    text = str_trim(text);
    if (str_empty(text) || (unsigned char)(text.p[text.n - 1] - '0') > 9 ||
        !cell_measure(text, &unit, &number))
        return false;
    return measure_number(&number) >= (number.decimals ? 100 : 10);
}
