#include "base/json_walk.h"

#include "base/bytes16.h"
#include "base/text.h"

#include <assert.h>
#include <math.h>

enum { UTF16_HIGH = 0xD800, UTF16_LOW = 0xDC00, UTF16_END = 0xE000 };

/* ---- mistakes ---- */

/* Where a byte is, for a person. */
static void find_place(const struct json_walk *w, size_t at, size_t *line, size_t *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at && i < w->text.n; i++)
        if (w->text.p[i] == '\n')
            ++*line, *column = 1;
        else
            ++*column;
}

/* Nothing of the text is quoted: it may be a secret. */
static void mistake(struct json_walk *w, size_t at, const char *says)
{
    size_t line, column;

    if (w->status != AISLE_OK)
        return;
    find_place(w, at, &line, &column);
    w->status = aisle_fail(&w->err, AISLE_GARBLED,
                           "%s is no JSON we can read: %s, line %zu column %zu", w->what,
                           says, line, column);
}

static void too_deep(struct json_walk *w)
{
    size_t line, column;

    if (w->status != AISLE_OK)
        return;
    find_place(w, w->at, &line, &column);
    w->status =
        aisle_fail(&w->err, AISLE_LIMIT, "%s is nested too deep, line %zu column %zu",
                   w->what, line, column);
}

/* ---- bytes ---- */

/* The next byte; 0, which stands in no JSON, at the end. */
static unsigned char look(const struct json_walk *w)
{
    return w->at < w->text.n ? (unsigned char)w->text.p[w->at] : 0;
}

static void skip_blanks(struct json_walk *w)
{
    while (w->at < w->text.n && (w->text.p[w->at] == ' ' || w->text.p[w->at] == '\n' ||
                                 w->text.p[w->at] == '\r' || w->text.p[w->at] == '\t'))
        w->at++;
}

static bool take_byte(struct json_walk *w, char c)
{
    if (w->at == w->text.n || w->text.p[w->at] != c)
        return false;
    w->at++;
    return true;
}

/* ---- text ---- */

/* Stands for itself within quotes, and is a whole character. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static void pass_plain(struct json_walk *w)
{
    const char *p = w->text.p;
    unsigned first = 16;

    for (; first == 16 && w->text.n - w->at >= 16; w->at += first) {
        bytes16 v = bytes16_load(p + w->at);

        /* signed: what is not ASCII is below zero */
        first = bytes16_first((v < 0x20) | (v == '"') | (v == '\\'));
    }
    if (first < 16)
        return;
    while (w->at < w->text.n && is_plain((unsigned char)p[w->at]))
        w->at++;
}

static int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind \u; -1 where they are none. */
static int32_t take_unit(struct json_walk *w)
{
    int32_t unit = 0;

    for (int i = 0; i < 4; i++) {
        int digit = hex_value(look(w));

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
        w->at++;
    }
    return unit;
}

/* Behind \u: one unit, or a pair of them. -1 for half a pair, and for NUL, which would
 * end a C string before its end. */
static int32_t take_code_point(struct json_walk *w)
{
    int32_t high = take_unit(w), low;

    if (high < UTF16_HIGH || high >= UTF16_END)
        return high > 0 ? high : -1;
    if (high >= UTF16_LOW || !take_byte(w, '\\') || !take_byte(w, 'u'))
        return -1;
    low = take_unit(w);
    if (low < UTF16_LOW || low >= UTF16_END)
        return -1;
    return 0x10000 + (high - UTF16_HIGH) * 0x400 + (low - UTF16_LOW);
}

/* Behind a backslash. */
static bool take_escape(struct json_walk *w, struct buf *out)
{
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    unsigned char c = look(w);
    const char *name = c ? strchr(names, c) : NULL;
    int32_t code_point;

    w->at += c != 0;
    if (name) {
        if (out)
            buf_addc(out, meanings[name - names]);
        return true;
    }
    code_point = c == 'u' ? take_code_point(w) : -1;
    if (code_point < 0)
        return false;
    if (out)
        buf_utf8(out, (uint32_t)code_point);
    return true;
}

/* To the end of a text whose first quote is taken; with `out`, what it says is added
 * there. Stretches between escapes go whole. */
static bool pass_text(struct json_walk *w, struct buf *out)
{
    const unsigned char *p = (const unsigned char *)w->text.p;

    for (;;) {
        size_t from = w->at, foreign;

        pass_plain(w);
        foreign = w->at;
        while (w->at < w->text.n && p[w->at] >= 0x80)
            w->at++;
        if (w->at > foreign && !utf8_valid(str_n(w->text.p + foreign, w->at - foreign))) {
            mistake(w, foreign, "a text is not UTF-8");
            return false;
        }
        if (out)
            buf_add(out, str_n(w->text.p + from, w->at - from));
        if (take_byte(w, '"'))
            return true;
        if (take_byte(w, '\\')) {
            w->escaped = true;
            if (take_escape(w, out))
                continue;
            mistake(w, w->at, "a text has an escape that means nothing");
            return false;
        }
        if (w->at == w->text.n || p[w->at] < 0x20) {
            mistake(w, w->at,
                    w->at < w->text.n ? "a text has a control character in it"
                                      : "a text has no end");
            return false;
        }
    }
}

/* A text that stands next, as it is between its quotes. */
static struct str take_quoted(struct json_walk *w)
{
    size_t from = ++w->at;

    w->escaped = false;
    if (!pass_text(w, NULL))
        return STR_LIT("");
    return str_n(w->text.p + from, w->at - 1 - from);
}

/* What the text just taken says; borrowed until the next time. */
static struct str unescaped(struct json_walk *w, struct str quoted)
{
    size_t at = w->at;

    if (!w->escaped)
        return quoted;
    buf_reset(&w->plain);
    w->at = (size_t)(quoted.p - w->text.p);
    pass_text(w, &w->plain);
    w->at = at;
    if (w->status == AISLE_OK)
        w->status = buf_check(&w->plain, w->what, &w->err);
    return w->status == AISLE_OK ? buf_str(&w->plain) : STR_LIT("");
}

/* ---- numbers and words ---- */

static bool pass_digits(struct json_walk *w)
{
    size_t from = w->at;

    while (look(w) >= '0' && look(w) <= '9')
        w->at++;
    return w->at > from;
}

/* A number by the letter; *integer: it has neither fraction nor exponent. */
static bool pass_number(struct json_walk *w, bool *integer)
{
    *integer = true;
    take_byte(w, '-');
    if (!take_byte(w, '0') && !pass_digits(w))
        return false;
    if (take_byte(w, '.')) {
        *integer = false;
        if (!pass_digits(w))
            return false;
    }
    if (take_byte(w, 'e') || take_byte(w, 'E')) {
        *integer = false;
        if (!take_byte(w, '-'))
            take_byte(w, '+');
        return pass_digits(w);
    }
    return true;
}

/* One that an int64_t or a double can hold. */
static struct str take_number(struct json_walk *w, bool *integer)
{
    size_t from = w->at;
    struct str number;
    int64_t n;
    double real;

    if (!pass_number(w, integer)) {
        mistake(w, w->at, "a number is not whole");
        return STR_LIT("");
    }
    number = str_n(w->text.p + from, w->at - from);
    if (*integer ? parse_i64(number, INT64_MIN, INT64_MAX, &n)
                 : parse_double(number, -HUGE_VAL, HUGE_VAL, &real))
        return number;
    mistake(w, from, "a number is too big");
    return STR_LIT("");
}

static void take_word(struct json_walk *w, const char *word)
{
    struct str rest = str_skip(w->text, w->at);

    if (str_starts(rest, word))
        w->at += strlen(word);
    else
        mistake(w, w->at, "a word is neither true nor false nor null");
}

/* ---- the walk ---- */

void json_walk_begin(struct json_walk *w, struct str text, size_t max, const char *what)
{
    *w = (struct json_walk){
        .text = str_skip(text, str_starts(text, "\xEF\xBB\xBF") ? 3 : 0),
        .what = what,
        .plain = BUF_INIT(max),
    };
    if (text.n > max) {
        w->status =
            aisle_fail(&w->err, AISLE_LIMIT,
                       "%s has %zu bytes, more than the %zu allowed", what, text.n, max);
        return;
    }
    skip_blanks(w);
    if (w->at == w->text.n)
        w->status = aisle_fail(&w->err, AISLE_GARBLED, "%s is empty", what);
    else if (look(w) != '{' && look(w) != '[')
        mistake(w, w->at, "it begins with neither { nor [");
}

enum aisle_status json_walk_end(struct json_walk *w, struct aisle_err *err)
{
    if (w->status == AISLE_OK) {
        skip_blanks(w);
        if (w->depth > 0 || w->at < w->text.n)
            mistake(w, w->at, "something stands where it should end");
    }
    if (w->status != AISLE_OK && err && err->status == AISLE_OK)
        *err = w->err;
    buf_clear(&w->plain);
    return w->status;
}

enum json_walk_kind json_walk_kind(struct json_walk *w)
{
    if (w->status != AISLE_OK)
        return JSON_WALK_NONE;
    switch (look(w)) {
    case '{':
        return JSON_WALK_OBJECT;
    case '[':
        return JSON_WALK_LIST;
    case '"':
        return JSON_WALK_TEXT;
    case 't':
    case 'f':
        return JSON_WALK_FLAG;
    case 'n':
        return JSON_WALK_NULL;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return JSON_WALK_NUMBER;
    default:
        mistake(w, w->at, "a value is missing");
        return JSON_WALK_NONE;
    }
}

void json_walk_open(struct json_walk *w)
{
    uint64_t bit = UINT64_C(1) << w->depth % 64, *levels;

    if (w->status != AISLE_OK)
        return;
    assert(look(w) == '{' || look(w) == '[');
    assert(w->depth < JSON_WALK_DEPTH); /* seen to where the value was come to */
    levels = &w->is_list[w->depth / 64];
    *levels = look(w) == '[' ? *levels | bit : *levels & ~bit;
    w->depth++;
    w->at++;
    w->begun = w->due = false;
    skip_blanks(w);
}

static bool in_list(const struct json_walk *w)
{
    size_t level = w->depth - 1;

    return w->is_list[level / 64] >> level % 64 & 1;
}

/* A value is behind us. */
static void taken(struct json_walk *w)
{
    w->begun = true;
    w->due = false;
    skip_blanks(w);
}

/* Before the next member or item of the level that is open, or out of it. */
static bool next(struct json_walk *w, char last)
{
    if (w->status != AISLE_OK)
        return false;
    assert(w->depth > 0 && in_list(w) == (last == ']') && !w->due);
    if (take_byte(w, last)) {
        w->depth--;
        taken(w);
        return false;
    }
    if (w->begun) {
        if (!take_byte(w, ',')) {
            mistake(w, w->at, w->at < w->text.n ? "a comma is missing" : "it has no end");
            return false;
        }
        skip_blanks(w);
    }
    if (w->depth == JSON_WALK_DEPTH)
        too_deep(w);
    w->due = true;
    return w->status == AISLE_OK;
}

/* The same for a member, whose key comes as it is between its quotes. */
static bool next_member(struct json_walk *w, struct str *quoted)
{
    if (!next(w, '}'))
        return false;
    if (look(w) != '"') {
        mistake(w, w->at, "the name of a member is missing");
        return false;
    }
    *quoted = take_quoted(w);
    skip_blanks(w);
    if (w->status == AISLE_OK && !take_byte(w, ':'))
        mistake(w, w->at, "a colon is missing");
    skip_blanks(w);
    return w->status == AISLE_OK;
}

bool json_walk_member(struct json_walk *w, struct str *key)
{
    struct str quoted;

    if (!next_member(w, &quoted))
        return false;
    *key = unescaped(w, quoted);
    return w->status == AISLE_OK;
}

bool json_walk_item(struct json_walk *w)
{
    return next(w, ']') && json_walk_kind(w) != JSON_WALK_NONE;
}

/* ---- values ---- */

static void take_simple(struct json_walk *w, enum json_walk_kind kind)
{
    bool integer;

    switch (kind) {
    case JSON_WALK_TEXT:
        take_quoted(w);
        break;
    case JSON_WALK_NUMBER:
        take_number(w, &integer);
        break;
    case JSON_WALK_FLAG:
        take_word(w, look(w) == 't' ? "true" : "false");
        break;
    default:
        take_word(w, "null");
        break;
    }
    taken(w);
}

/* Into what has members or items, over what has none. */
static void step(struct json_walk *w)
{
    enum json_walk_kind kind = json_walk_kind(w);

    if (kind == JSON_WALK_OBJECT || kind == JSON_WALK_LIST)
        json_walk_open(w);
    else if (kind != JSON_WALK_NONE)
        take_simple(w, kind);
}

/* Not by recursion: how deep it goes is up to whoever wrote the text. */
void json_walk_leave(struct json_walk *w, size_t depth)
{
    struct str quoted;

    if (w->due && w->depth > depth)
        step(w);
    while (w->status == AISLE_OK && w->depth > depth)
        if (in_list(w) ? next(w, ']') : next_member(w, &quoted))
            step(w);
}

struct str json_walk_skip(struct json_walk *w)
{
    size_t from = w->at, depth = w->depth, to;

    step(w);
    json_walk_leave(w, depth);
    if (w->status != AISLE_OK)
        return STR_LIT("");
    for (to = w->at; strchr(" \t\r\n", w->text.p[to - 1]);)
        to--;
    return str_n(w->text.p + from, to - from);
}

struct str json_walk_str(struct json_walk *w)
{
    struct str quoted;

    if (json_walk_kind(w) != JSON_WALK_TEXT) {
        json_walk_skip(w);
        return STR_LIT("");
    }
    quoted = take_quoted(w);
    if (w->status == AISLE_OK)
        quoted = unescaped(w, quoted);
    taken(w);
    return quoted;
}

/* An integer as it stands, "" for another number; -0 is 0. */
static struct str take_integer(struct json_walk *w)
{
    bool integer;
    struct str number = take_number(w, &integer);

    taken(w);
    if (!integer)
        return STR_LIT("");
    return str_is(number, "-0") ? STR_LIT("0") : number;
}

struct str json_walk_word(struct json_walk *w)
{
    return json_walk_kind(w) == JSON_WALK_NUMBER ? take_integer(w) : json_walk_str(w);
}

bool json_walk_flag(struct json_walk *w, bool absent)
{
    enum json_walk_kind kind = json_walk_kind(w);
    bool flag = absent;
    struct str word;

    if (kind == JSON_WALK_FLAG) {
        flag = look(w) == 't';
        take_simple(w, kind);
    } else if (kind == JSON_WALK_NUMBER) {
        word = take_integer(w);
        flag = str_is(word, "1") || (absent && !str_is(word, "0"));
    } else {
        parse_bool(json_walk_str(w), &flag);
    }
    return flag;
}
