/* The writing half of json.h. */
#include "base/json.h"

#include "base/c_locale.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

/* Keys are words of ours: nothing in them is escaped. */
static void put_key(struct buf *b, struct str key)
{
    char *at;

    if (!buf_room(b, key.n + 3))
        return;
    at = b->p + b->n;
    *at++ = '"';
    memcpy(at, key.p, key.n);
    at += key.n;
    *at++ = '"';
    *at++ = ':';
    *at = '\0';
    b->n += key.n + 3;
}

void json_key(struct json_out *o, const char *key)
{
    assert(o->depth && !o->after_key && (o->buf->failed || !(*level(o) & IS_LIST)));
    before_element(o);
    put_key(o->buf, str_of(key));
    if (o->pretty)
        buf_addc(o->buf, ' ');
    o->after_key = true;
}

void json_put_str(struct json_out *o, struct str s)
{
    before_value(o);
    buf_json(o->buf, s);
}

void json_put_int(struct json_out *o, int64_t n)
{
    char digits[20], *at = digits + sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    before_value(o);
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (n < 0)
        *--at = '-';
    buf_add(o->buf, str_n(at, (size_t)(digits + sizeof digits - at)));
}

/* Into z: the fewest digits that strtod reads back as n. */
static void shortest(double n, char z[32])
{
    struct c_locale locale = c_locale_enter();

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(z, 32, "%.*g", digits, n);
        if (strtod(z, NULL) == n)
            break;
    }
    c_locale_leave(locale);
}

void json_put_num(struct json_out *o, double n)
{
    char z[32];

    if (!isfinite(n)) { /* JSON has no word for these */
        json_put_null(o);
        return;
    }
    before_value(o);
    shortest(n == 0 ? 0 : n, z); /* no -0 */
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
