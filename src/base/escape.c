/* The part of buf.h that writes text for where it is going: URL, HTML, JSON, CSV, TSV,
 * hex. */
#include "base/buf.h"
#include "base/text.h"

static const char hex_digits[] = "0123456789abcdef";

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void buf_url(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (is_letter_or_digit(s.p[i]) || (c && strchr("-._~", c)))
            buf_addc(b, s.p[i]);
        else
            buf_addf(b, "%%%02X", c);
    }
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static const char *tsv_escape(char c)
{
    switch (c) {
    case '\t':
        return "\\t";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\\':
        return "\\\\";
    default:
        return NULL;
    }
}

/* Copies s, with what `instead` has a word for replaced; the stretches between go whole.
 */
static void add_replaced(struct buf *b, struct str s, const char *(*instead)(char))
{
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        const char *word = instead(s.p[i]);

        if (!word)
            continue;
        buf_add(b, str_n(s.p + from, i - from));
        buf_addz(b, word);
        from = i + 1;
    }
    buf_add(b, str_skip(s, from));
}

void buf_html(struct buf *b, struct str s)
{
    add_replaced(b, s, html_entity);
}

void buf_tsv(struct buf *b, struct str s)
{
    add_replaced(b, s, tsv_escape);
}

static void add_json_escape(struct buf *b, unsigned char c)
{
    static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = c ? strchr(named, c) : NULL;

    if (at)
        buf_addf(b, "\\%c", letters[at - named]);
    else
        buf_addf(b, "\\u%04x", c);
}

/* How much of s, from its start, stands for itself between quotes. */
static size_t plain_run(struct str s)
{
    size_t n = 0;

    while (n < s.n && (unsigned char)s.p[n] >= 0x20 && (unsigned char)s.p[n] < 0x80 &&
           s.p[n] != '"' && s.p[n] != '\\')
        n++;
    return n;
}

void buf_json(struct buf *b, struct str s)
{
    size_t from = 0, at = plain_run(s);

    if (!buf_room(b, s.n + 2))
        return;
    buf_addc(b, '"');
    while (at < s.n) {
        size_t start = at;
        unsigned char c = (unsigned char)s.p[at];
        bool ascii = c < 0x80;

        if (ascii && c >= 0x20 && c != '"' && c != '\\') {
            at++;
            continue;
        }
        /* U+FFFD itself takes three bytes, an invalid byte is one */
        if (!ascii && (utf8_next(s, &at), at - start > 1))
            continue;
        buf_add(b, str_n(s.p + from, start - from));
        if (ascii) {
            add_json_escape(b, c);
            at++;
        } else {
            buf_utf8(b, 0xFFFD);
        }
        from = at;
    }
    buf_add(b, str_skip(s, from));
    buf_addc(b, '"');
}

/* Would a spreadsheet take this cell for a formula? The tab and CR are there because some
 * skip them and then look (OWASP, "CSV Injection"). */
static bool looks_like_formula(struct str s)
{
    double n;

    if (s.n == 0 || !s.p[0] || !strchr("=+-@\t\r", s.p[0]))
        return false;
    return !parse_double(s, -1e300, 1e300, &n);
}

void buf_csv(struct buf *b, struct str s)
{
    bool quoted = false;

    for (size_t i = 0; i < s.n && !quoted; i++)
        quoted = s.p[i] && strchr(",\"\r\n", s.p[i]);

    if (quoted)
        buf_addc(b, '"');
    if (looks_like_formula(s))
        buf_addc(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_addc(b, '"');
        buf_addc(b, s.p[i]);
    }
    if (quoted)
        buf_addc(b, '"');
}

void buf_hex(struct buf *b, const void *p, size_t n)
{
    const unsigned char *byte = p;

    for (size_t i = 0; i < n; i++) {
        buf_addc(b, hex_digits[byte[i] >> 4]);
        buf_addc(b, hex_digits[byte[i] & 15]);
    }
}

void buf_base64(struct buf *b, const void *p, size_t n)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *byte = p;

    for (size_t i = 0; i < n; i += 3) {
        size_t here = n - i < 3 ? n - i : 3;
        uint32_t three = (uint32_t)byte[i] << 16;
        char four[4];

        if (here > 1)
            three |= (uint32_t)byte[i + 1] << 8;
        if (here > 2)
            three |= byte[i + 2];
        for (int k = 0; k < 4; k++)
            four[k] = digits[three >> (18 - 6 * k) & 63];
        if (here < 3)
            four[3] = '=';
        if (here < 2)
            four[2] = '=';
        buf_add(b, str_n(four, sizeof four));
    }
}
