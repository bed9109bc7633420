/* The writing half of json.h. */
#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

/* What a level is and has, in the bits of json_out.has. */
enum { HAS_ELEMENT = 1, IS_LIST = 2 };

static unsigned char *level(struct json_out *o)
{
    return &o->has[o->depth <= JSON_OUT_DEPTH ? o->depth : JSON_OUT_DEPTH];
}

static void new_line(struct json_out *o)
{
    if (!o->pretty)
        return;
    buf_addc(o->buf, '\n');
    for (unsigned i = 0; i < o->depth; i++)
        buf_addz(o->buf, "  ");
}

/* The comma and line end before an element of the list or object we are in. */
static void before_element(struct json_out *o)
{
    if (*level(o) & HAS_ELEMENT)
        buf_addc(o->buf, ',');
    *level(o) |= HAS_ELEMENT;
    if (o->depth)
        new_line(o);
}

static void before_value(struct json_out *o)
{
    if (o->after_key) {
        o->after_key = false;
        return;
    }
    /* in an object a key comes first, and outside there is one value in all */
    assert(o->buf->failed || (o->depth ? *level(o) & IS_LIST : !*level(o)));
    before_element(o);
}

static void open_level(struct json_out *o, char bracket, unsigned char kind)
{
    before_value(o);
    buf_addc(o->buf, bracket);
    o->depth++;
    if (o->depth > JSON_OUT_DEPTH && o->buf->failed == AISLE_OK)
        o->buf->failed = AISLE_LIMIT;
    *level(o) = kind;
}

static void close_level(struct json_out *o, char bracket)
{
    bool had = *level(o) & HAS_ELEMENT;

    assert(o->depth > 0 && !o->after_key);
    o->depth--;
    if (had)
        new_line(o);
    buf_addc(o->buf, bracket);
}

void json_open(struct json_out *o)
{
    open_level(o, '{', 0);
}

void json_close(struct json_out *o)
{
    assert(o->buf->failed || !(*level(o) & IS_LIST));
    close_level(o, '}');
}

void json_open_list(struct json_out *o)
{
    open_level(o, '[', IS_LIST);
}

void json_close_list(struct json_out *o)
{
    assert(o->buf->failed || (*level(o) & IS_LIST));
    close_level(o, ']');
}

void json_key(struct json_out *o, const char *key)
{
    assert(o->depth && !o->after_key && (o->buf->failed || !(*level(o) & IS_LIST)));
    before_element(o);
    buf_json(o->buf, str_of(key));
    buf_addz(o->buf, o->pretty ? ": " : ":");
    o->after_key = true;
}

void json_put_str(struct json_out *o, struct str s)
{
    before_value(o);
    buf_json(o->buf, s);
}

void json_put_int(struct json_out *o, int64_t n)
{
    before_value(o);
    buf_addf(o->buf, "%lld", (long long)n);
}

/* printf writes the decimal point of the process's locale, which may take several bytes.
 */
static size_t fix_point(char *z)
{
    char *to = z;

    for (const char *from = z; *from; from++) {
        bool plain = (*from >= '0' && *from <= '9') || strchr("+-e", *from);

        if (plain)
            *to++ = *from;
        else if (to == z || to[-1] != '.')
            *to++ = '.';
    }
    *to = '\0';
    return (size_t)(to - z);
}

void json_put_num(struct json_out *o, double n)
{
    char z[64];
    double back = 0;

    if (!isfinite(n)) { /* JSON has no word for these */
        json_put_null(o);
        return;
    }
    before_value(o);
    if (n == 0)
        n = 0; /* no -0 */
    for (int digits = 15; digits <= 17; digits++) {
        size_t size;

        snprintf(z, sizeof z, "%.*g", digits, n);
        size = fix_point(z);
        if (parse_double(str_n(z, size), -HUGE_VAL, HUGE_VAL, &back) && back == n)
            break;
    }
    buf_addz(o->buf, z);
}

void json_put_bool(struct json_out *o, bool b)
{
    before_value(o);
    buf_addz(o->buf, b ? "true" : "false");
}

void json_put_null(struct json_out *o)
{
    before_value(o);
    buf_addz(o->buf, "null");
}

void json_put_raw(struct json_out *o, struct str json)
{
    before_value(o);
    buf_add(o->buf, json);
}

void json_add_str(struct json_out *o, const char *key, struct str s)
{
    json_key(o, key);
    json_put_str(o, s);
}

void json_add_int(struct json_out *o, const char *key, int64_t n)
{
    json_key(o, key);
    json_put_int(o, n);
}

void json_add_num(struct json_out *o, const char *key, double n)
{
    json_key(o, key);
    json_put_num(o, n);
}

void json_add_bool(struct json_out *o, const char *key, bool b)
{
    json_key(o, key);
    json_put_bool(o, b);
}
