/* How it looks: every separator (= or :) is a chance that a secret follows. The name
 * before it is compared backwards with the table, the value after it is measured, and all
 * else is copied. So each byte is looked at a bounded number of times, whatever the text.
 *
 * What stands in a text may be wrapped: percent-encoded once or more (%3D, %253D), or as
 * a JSON string within JSON (\", \\\", \u003d). A separator wrapped in `layer` turns of
 * percent has its name's and value's delimiters wrapped in at most as many; what is
 * wrapped deeper is content. */
#include "base/scrub.h"

enum {
    EXACT = 1 << 0,  /* nothing may come before the name: "design" is not "sign" */
    QUERY = 1 << 1,  /* only as a query parameter or form field */
    MEMBER = 1 << 2, /* before a colon only when quoted: "Neon Sign: Open" */
    LINE = 1 << 3,   /* a header: unquoted, its value goes to the end of the line */
};

/* Lower case, without - and _, which are skipped in the text: access_token, accessToken.
 * A name without EXACT may have more before it: TIKTOK_APP_SECRET. */
static const struct secret_name {
    const char *word;
    unsigned is;
} names[] = {
    {"xttsaccesstoken", LINE},
    {"accesstoken", 0},
    {"refreshtoken", 0},
    {"securitytoken", 0},
    {"token", EXACT}, /* page_token is none */
    {"accesskey", 0},
    {"secretkey", 0},
    {"apikey", 0},
    {"appsecret", 0},
    {"clientsecret", 0},
    {"secret", EXACT},
    {"authcode", 0},
    {"code", EXACT | QUERY}, /* "code": 12052024 is what support asks for */
    {"sign", EXACT | MEMBER},
    {"amzsignature", 0},
    {"shopcipher", 0},
    {"cipher", EXACT | MEMBER},
    {"password", 0},
    {"passwd", 0},
    {"authorization", LINE},
    {"setcookie", EXACT | LINE},
    {"cookie", EXACT | LINE},
};

enum { MAX_LAYERS = 8 };

/* One character as it stands in the text. */
struct unit {
    int c;      /* unwrapped; -1 at the end of the text */
    size_t n;   /* bytes it takes */
    int layer;  /* turns of percent around it */
    bool slash; /* written \uXXXX */
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static int hex_byte(struct str s, size_t at)
{
    int high, low;

    if (at + 2 > s.n)
        return -1;
    high = hex_value(s.p[at]);
    low = hex_value(s.p[at + 1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static struct unit percent_at(struct str s, size_t at)
{
    struct unit u = {.c = '%', .n = 1};
    size_t i = at + 1;
    int layer = 1, c = hex_byte(s, i);

    while (c == '%' && layer < MAX_LAYERS && hex_byte(s, i + 2) >= 0) {
        i += 2;
        layer++;
        c = hex_byte(s, i);
    }
    if (c >= 0)
        u = (struct unit){.c = c, .n = i + 2 - at, .layer = layer};
    return u;
}

static struct unit unit_at(struct str s, size_t at)
{
    struct unit u = {.c = -1};

    if (at >= s.n)
        return u;
    if (s.p[at] == '%')
        return percent_at(s, at);
    u = (struct unit){.c = (unsigned char)s.p[at], .n = 1};
    if (s.p[at] == '\\' && at + 6 <= s.n && memcmp(s.p + at, "\\u00", 4) == 0 &&
        hex_byte(s, at + 4) >= 0)
        u = (struct unit){.c = hex_byte(s, at + 4), .n = 6, .slash = true};
    return u;
}

/* The unit that ends just before `at`. */
static struct unit unit_before(struct str s, size_t at)
{
    struct unit u = {.c = -1};
    size_t i = at;

    if (at == 0)
        return u;
    if (at >= 6 && memcmp(s.p + at - 6, "\\u00", 4) == 0 && hex_byte(s, at - 2) >= 0)
        return unit_at(s, at - 6);
    for (int layer = 1; layer <= MAX_LAYERS && i >= 3; layer++) {
        i -= 2;
        if (hex_byte(s, i) < 0 || (layer > 1 && hex_byte(s, i) != '%'))
            break;
        if (s.p[i - 1] == '%')
            return unit_at(s, i - 1);
    }
    return (struct unit){.c = (unsigned char)s.p[at - 1], .n = 1};
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(int c)
{
    return is_blank(c) || c == '\r' || c == '\n';
}

static bool is_quote(int c)
{
    return c == '"' || c == '\'';
}

static bool is_name(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

/* Where `word` begins if it ends at `end`, whatever its case and its - and _; else `end`.
 */
static size_t word_before(struct str s, size_t end, const char *word)
{
    size_t i = end, left = strlen(word);

    while (left && i) {
        char c = s.p[i - 1];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if (c == word[left - 1])
            left--;
        else if ((c != '_' && c != '-') || i == end)
            break;
        i--;
    }
    return left ? end : i;
}

/* Is what ends at `at` part of a longer name? The n of \n and the 26 of %26 are not. */
static bool name_goes_on(struct str s, size_t at)
{
    struct unit u = unit_before(s, at);

    if (u.n != 1 || !is_name(u.c))
        return false;
    return !(at >= 2 && s.p[at - 2] == '\\' && strchr("nrtbf", u.c));
}

/* A name found before a separator, and how it stands there. */
struct found {
    const struct secret_name *name;
    int layer;        /* of the separator, or of the quotes if that is more */
    bool quoted;      /* "name": */
    bool parameter;   /* ?name= or &name= */
    bool first;       /* nothing, a blank or a quote before an unquoted name */
    struct str quote; /* the name's, as it stands in the text */
    int before;       /* the quote before an unquoted name: 'Authorization: x' */
    bool in_string;   /* an unquoted name after \n, so within a JSON string */
};

static bool name_at(struct str s, size_t end, struct found *f)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t start = word_before(s, end, names[i].word);
        struct unit before;

        if (start == end || ((names[i].is & EXACT) && name_goes_on(s, start)))
            continue;
        while (!(names[i].is & EXACT) && start && name_goes_on(s, start))
            start--;
        before = unit_before(s, start);
        f->name = &names[i];
        f->parameter = before.c > 0 && strchr("?&#;", before.c);
        f->before = is_quote(before.c) ? before.c : 0;
        f->first = before.c < 0 || is_space(before.c) || is_quote(before.c);
        f->in_string = start >= 2 && s.p[start - 2] == '\\';
        return true;
    }
    return false;
}

/* The name whose separator is at `at`. */
static bool name_before(struct str s, size_t at, struct found *f)
{
    struct unit u = unit_before(s, at);

    while (is_space(u.c)) {
        at -= u.n;
        u = unit_before(s, at);
    }
    if (u.c == ']') { /* user[password]= */
        at -= u.n;
        u = unit_before(s, at);
    }
    f->quoted = is_quote(u.c);
    if (f->quoted) {
        size_t end = at;

        if (f->layer < u.layer) /* encodeURI wraps quotes and leaves the colon */
            f->layer = u.layer;
        at -= u.n;
        u = unit_before(s, at);
        while (u.c == '\\' && !u.slash && u.layer <= f->layer) {
            at -= u.n;
            u = unit_before(s, at);
        }
        f->quote = str_n(s.p + at, end - at);
    }
    return name_at(s, at, f);
}

/* A quote with the backslashes before it. */
struct quote {
    struct unit mark;
    size_t slashes;
    size_t n; /* bytes of all */
};

static struct quote quote_at(struct str s, size_t at, int layer)
{
    struct quote q = {.mark = unit_at(s, at)};

    while (q.mark.c == '\\' && !q.mark.slash && q.mark.layer <= layer) {
        q.slashes++;
        q.n += q.mark.n;
        q.mark = unit_at(s, at + q.n);
    }
    if (q.mark.slash) /* its own backslash is one of the row */
        q.slashes++;
    q.n += q.mark.n;
    return q;
}

/* Does `q` close what `open` opened? Within a string of a string of … each level doubles
 * the backslashes: k before the quotes that open and close, and then runs of 2(k + 1) are
 * content. Fewer than k close a string further out, and ours with it. */
static bool closes(struct quote q, struct quote open)
{
    size_t k = open.slashes;

    return q.mark.c == open.mark.c && q.mark.slash == open.mark.slash &&
           (q.slashes < k || q.slashes % (2 * (k + 1)) == k);
}

static size_t end_of_quoted(struct str s, size_t at, struct quote open)
{
    while (at < s.n) {
        struct quote q = quote_at(s, at, open.mark.layer);

        if (q.mark.layer <= open.mark.layer && closes(q, open))
            return at;
        at += q.n;
    }
    return s.n;
}

/* A list or an object as a value: all of it, with what is in it. */
static size_t end_of_nested(struct str s, size_t at, int layer)
{
    unsigned depth = 0;

    while (at < s.n) {
        struct quote q = quote_at(s, at, layer);

        at += q.n;
        if (q.mark.layer > layer)
            continue;
        if (q.mark.c == '"') {
            at = end_of_quoted(s, at, q);
            at += quote_at(s, at, layer).n;
        }
        depth += q.mark.c == '[' || q.mark.c == '{';
        depth -= q.mark.c == ']' || q.mark.c == '}';
        if (depth == 0)
            break;
    }
    return at < s.n ? at : s.n;
}

static bool ends_word(int c, const struct found *f)
{
    if (is_space(c) || (c > 0 && strchr("&\"'<>\\;", c)))
        return true;
    if (f->parameter)
        return c == '#';
    return f->quoted && c > 0 && strchr(",]}", c);
}

static size_t end_of_word(struct str s, size_t at, int layer, const struct found *f)
{
    size_t start = at;

    while (at < s.n) {
        struct unit u = unit_at(s, at);

        if (u.layer <= layer && ends_word(u.c, f)) {
            struct str word = str_n(s.p + start, at - start);

            /* "token: Bearer abc": the secret is the next one */
            if (!is_blank(u.c) || !(str_eq_nocase(word, STR_LIT("bearer")) ||
                                    str_eq_nocase(word, STR_LIT("basic"))))
                break;
        }
        at += u.n;
    }
    return at < s.n ? at : s.n;
}

static size_t end_of_line(struct str s, size_t at, int layer, bool equals,
                          const struct found *f)
{
    while (at < s.n) {
        struct unit u = unit_at(s, at);
        bool here = u.layer <= layer;

        if (here && (u.c == '\r' || u.c == '\n' || (equals && u.c == '&')))
            break;
        if (here && u.c == '\\' && (f->in_string || f->before || at + 1 == s.n))
            break;
        if (here && u.c == '\\' && strchr("rn\"", s.p[at + 1]))
            break;
        if (here && ((f->before && u.c == f->before) || (f->in_string && u.c == '"')))
            break;
        at += u.n;
    }
    return at < s.n ? at : s.n;
}

/* The stretch of text that is the secret, and what is to stand around the ***. */
struct stretch {
    size_t from, to;
    struct str quote;
};

static bool is_literal(struct str s)
{
    return str_is(s, "null") || str_is(s, "true") || str_is(s, "false");
}

static struct stretch value_after(struct str s, size_t at, bool equals,
                                  const struct found *f)
{
    int layer = f->layer;
    bool new_line = false;
    struct quote open;
    struct unit u = unit_at(s, at);

    while (!f->parameter && u.layer <= layer &&
           (f->quoted ? is_space(u.c) : is_blank(u.c))) {
        new_line |= !is_blank(u.c);
        at += u.n;
        u = unit_at(s, at);
    }
    open = quote_at(s, at, layer);
    if (!f->parameter && is_quote(open.mark.c) && open.mark.layer <= layer)
        return (struct stretch){at + open.n, end_of_quoted(s, at + open.n, open), {0}};
    if (f->quoted && (u.c == '[' || u.c == '{'))
        return (struct stretch){at, end_of_nested(s, at, layer), f->quote};
    if (new_line) /* a JSON text cut short, and then something else: not its value */
        return (struct stretch){at, at, {0}};
    if ((f->name->is & LINE) && !f->quoted)
        return (struct stretch){at, end_of_line(s, at, layer, equals, f), {0}};
    return (struct stretch){at, end_of_word(s, at, layer, f), f->quote};
}

/* Can what follows be a secret at all? Asked before its end is looked for, so that no
 * stretch is measured in vain, and twice. */
static bool may_apply(const struct found *f, bool equals)
{
    unsigned is = f->name->is;

    if (is & QUERY)
        return equals && !f->quoted && (f->parameter || f->first);
    return equals || f->quoted || !(is & MEMBER);
}

static bool applies(struct str s, const struct found *f, struct stretch value)
{
    struct str text = str_n(s.p + value.from, value.to - value.from);

    if (str_empty(text) || (f->quoted && is_literal(text)))
        return false;
    if ((f->name->is & QUERY) && !f->parameter)
        return unit_at(s, value.to).c == '&'; /* a form: code=x&grant_type=y */
    return true;
}

/* user:password@ after the colon of "://" at `at`. */
static bool password_after(struct str s, size_t at, int layer, struct stretch *out)
{
    size_t colon = 0, sign = 0;

    for (int i = 0; i < 2; i++) { /* PHP writes the slashes as \/ */
        struct quote slash = quote_at(s, at, layer);

        if (slash.mark.c != '/' || slash.mark.layer > layer)
            return false;
        at += slash.n;
    }
    for (struct unit u; at < s.n; at += u.n) {
        u = unit_at(s, at);
        if (u.layer > layer)
            continue;
        if (is_space(u.c) || strchr("/?#\"'<>\\", u.c))
            break;
        if (u.c == ':' && !colon)
            colon = at + u.n;
        if (u.c == '@')
            sign = at;
    }
    *out = (struct stretch){colon, sign, {0}};
    return colon && sign > colon;
}

/* What is secret after the separator u at `at`, if anything. */
static bool secret_after(struct str s, size_t at, struct unit u, struct stretch *out)
{
    struct found f = {.layer = u.layer};
    bool equals = u.c == '=';
    size_t after = at + u.n;

    if (!equals && password_after(s, after, u.layer, out))
        return true;
    if (!name_before(s, at, &f) || !may_apply(&f, equals))
        return false;
    *out = value_after(s, after, equals, &f);
    return applies(s, &f, *out);
}

void scrub_text(struct str text, struct buf *out)
{
    size_t copied = 0, at = 0;

    while (at < text.n) {
        struct unit u = unit_at(text, at);
        struct stretch secret;

        if ((u.c == '=' || u.c == ':') && secret_after(text, at, u, &secret)) {
            buf_add(out, str_n(text.p + copied, secret.from - copied));
            buf_add(out, secret.quote);
            buf_addz(out, "***");
            buf_add(out, secret.quote);
            at = copied = secret.to;
            continue;
        }
        at += u.c == '=' || u.c == ':' ? u.n : 1;
    }
    buf_add(out, str_skip(text, copied));
}
