#include "sandbox/market/values.h"

#include "base/text.h"
#include "sandbox/lexicon.h"

#include <stdio.h>

void put_value(struct json_out *json, const char *key, const json_t *value)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);

    if (!value)
        return;
    json_key(json, key);
    json_dump_to(&text, value);
    json_put_raw(json, buf_str(&text));
    buf_clear(&text);
}

void put_member(struct json_out *json, const json_t *object, const char *key)
{
    put_value(json, key, json_at(object, key));
}

void put_sales_ids(struct json_out *json, const char *key, const json_t *sku)
{
    const json_t *list = json_list(sku, "sales_attributes");

    json_key(json, key);
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_open(json);
        put_member(json, json_array_get(list, i), "id");
        put_member(json, json_array_get(list, i), "value_id");
        json_close(json);
    }
    json_close_list(json);
}

json_t *value_of(struct str text)
{
    return json_stringn(text.p ? text.p : "", text.n);
}

struct str name_in(const json_t *names, struct str locale)
{
    struct str name = {0};
    const char *key;
    json_t *value;

    if (json_is_string(names))
        return json_value_str(names);
    json_object_foreach((json_t *)names, key, value)
    {
        if (str_is(locale, key))
            return json_value_str(value);
        if (str_empty(name) || strcmp(key, "en-US") == 0)
            name = json_value_str(value);
    }
    return name;
}

bool is_number_id(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.n > 0 && text.n <= 20;
}

bool has_chinese(struct str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t code = utf8_next(text, &at);

        if ((code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf) ||
            (code >= 0x20000 && code <= 0x2ebef))
            return true;
    }
    return false;
}

bool list_has(struct str commas, const char *word)
{
    while (commas.n)
        if (str_is(str_trim(str_cut(&commas, ',')), word))
            return true;
    return false;
}

size_t texts_like(const json_t *list, struct str text)
{
    size_t times = 0;

    for (size_t i = 0; i < json_array_size(list); i++)
        times += str_eq(json_value_str(json_array_get(list, i)), text);
    return times;
}

enum { MAX_TOKEN = 48, MAX_PAGE = 100 };

/* Opaque to clients, and with what has to be escaped in a query, as real ones have. */
static struct str write_token(size_t from, char out[MAX_TOKEN])
{
    uint64_t check = chance_of(from, STR_LIT("page"));

    snprintf(out, MAX_TOKEN, "%zu/%012llX+==", from,
             (unsigned long long)(check & 0xffffffffffff));
    return str_of(out);
}

static bool read_token(struct str token, size_t *from)
{
    struct str rest = token;
    char again[MAX_TOKEN];
    int64_t number;

    if (!parse_i64(str_cut(&rest, '/'), 0, INT32_MAX, &number) ||
        !str_eq(write_token((size_t)number, again), token))
        return false;
    *from = (size_t)number;
    return true;
}

bool page_read(struct call *c, struct page *out)
{
    struct str size = http_arg_str(c->request, "page_size");
    struct str token = http_arg_str(c->request, "page_token");
    struct str name = STR_LIT("PageSize");
    int64_t number;

    *out = (struct page){0};
    if (str_empty(size)) {
        call_refuse_with(c, REFUSE_REQUIRED, &name, 1);
        return false;
    }
    if (!parse_i64(size, 1, MAX_PAGE, &number)) {
        call_fail(c, 12019109, NULL, 0);
        return false;
    }
    if (!str_empty(token) && !read_token(token, &out->from)) {
        call_fail(c, 12019108, NULL, 0);
        return false;
    }
    out->size = (size_t)number;
    return true;
}

void page_put_end(struct json_out *json, const struct page *page, size_t total)
{
    char token[MAX_TOKEN];
    size_t next = page->from + page->size;

    json_add_str(json, "next_page_token",
                 next < total ? write_token(next, token) : STR_LIT(""));
    json_add_int(json, "total_count", (int64_t)total);
}
