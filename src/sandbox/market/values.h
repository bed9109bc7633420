/* values.h - small things about JSON, pages of a list and texts that every endpoint of
 * the market needs; the market's own */
#ifndef SANDBOX_MARKET_VALUES_H
#define SANDBOX_MARKET_VALUES_H

#include "sandbox/call.h"

/* A value as it is, written behind its key; nothing when it is NULL. */
void put_value(struct json_out *json, const char *key, const json_t *value);
/* The same member of an object, where it has it. */
void put_member(struct json_out *json, const json_t *object, const char *key);
/* A SKU's sales attributes by their ids alone, under that key, as what was just made is
 * answered with. */
void put_sales_ids(struct json_out *json, const char *key, const json_t *sku);
/* A string of jansson's; NULL: no memory. */
json_t *value_of(struct str text);
/* A name by locale, {"en-US": …}: in that one, else in en-US, else any. */
struct str name_in(const json_t *names, struct str locale);

bool is_number_id(struct str text); /* 1 to 20 digits */
bool has_chinese(struct str text);  /* any Han character */
bool list_has(struct str commas, const char *word);
/* How often a JSON list has that text. */
size_t texts_like(const json_t *list, struct str text);

/* page_size and page_token of the query. False: refused, with the page's own codes
 * (12019108, 12019109; 36009004 when there is no size). */
struct page {
    size_t from, size;
};
bool page_read(struct call *c, struct page *out);
/* next_page_token, empty on the last page, and total_count. */
void page_put_end(struct json_out *json, const struct page *page, size_t total);

#endif
