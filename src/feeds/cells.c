/* cells.c - what a cell means: the addresses it lists, the digits a spreadsheet took */
#include "feeds/cells.h"

#include "base/text.h"

/* ---- addresses ---- */

static bool ends_as_image(struct str name)
{
    static const char *const kinds[] = {".jpg",  ".jpeg", ".png", ".webp", ".gif",
                                        ".heic", ".bmp",  ".tif", ".tiff", ".avif"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct str kind = str_of(kinds[i]);

        if (name.n > kind.n && str_eq_nocase(str_skip(name, name.n - kind.n), kind))
            return true;
    }
    return false;
}

static bool parts(char b)
{
    return b == ',' || b == ';' || b == '|' || b == ' ' || b == '\n' || b == '\r';
}

static bool is_address(struct str s)
{
    return str_starts(s, "http://") || str_starts(s, "https://");
}

/* Up to what may end it, without its question: "2.jpg?v=1". */
static bool begins_as_image(struct str s)
{
    size_t n = 0;

    while (n < s.n && !parts(s.p[n]) && s.p[n] != '?')
        n++;
    return ends_as_image(str_head(s, n));
}

/* A name may hold commas and blanks, and so may an address: "f_auto,w_100/a.jpg". */
static bool ends_here(struct str s, size_t at)
{
    struct str next = str_skip(s, at + 1), before = str_head(s, at);

    switch (s.p[at]) {
    case '|':
    case '\n':
    case '\r':
        return true;
    case ',':
    case ';':
        if (str_empty(next) || str_starts(next, " "))
            return true;
        break;
    case ' ':
        break;
    default:
        return false;
    }
    return is_address(next) || (ends_as_image(before) && begins_as_image(next));
}

struct str feed_cut_address(struct str *rest)
{
    struct str one;

    do {
        size_t end = 0;

        while (end < rest->n && !ends_here(*rest, end))
            end++;
        one = text_trim(str_head(*rest, end));
        *rest = str_skip(*rest, end + 1);
    } while (str_empty(one) && !str_empty(*rest));
    return one;
}

struct str feed_first_image(struct str cell)
{
    return feed_cut_address(&cell);
}

/* ---- spoiled numbers ---- */

static size_t digits_of(struct str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n;
}

bool feed_is_spoiled(struct str value)
{
    size_t n;

    if (digits_of(value) != 1)
        return false;
    value = str_skip(value, 1);
    if (value.n && (value.p[0] == '.' || value.p[0] == ',')) {
        value = str_skip(value, 1);
        n = digits_of(value);
        if (n == 0)
            return false;
        value = str_skip(value, n);
    }
    if (!str_starts(value, "E+") && !str_starts(value, "e+"))
        return false;
    value = str_skip(value, 2);
    n = digits_of(value);
    return n >= 2 && n <= 3 && n == value.n;
}

bool feed_is_code(struct str key)
{
    static const char *const words[] = {"sku",  "barcode", "gtin", "ean",
                                        "upc",  "isbn",    "jan",  "mpn",
                                        "kode", "code",    "id",   "identifier"};

    while (!str_empty(key)) {
        struct str word = str_cut(&key, ' ');

        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (str_is(word, words[i]))
                return true;
    }
    return false;
}
