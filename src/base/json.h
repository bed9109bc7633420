/* json.h - reading and writing JSON, over jansson; knows no field names of anyone's
 *
 * Reading: json_read checks size and depth and gives a jansson value (yours:
 * json_decref). The getters below never fail: what is absent or of another type comes
 * back empty, so that a tolerant wire file reads as one line a field. The strict ones say
 * the path and both types. Writing: straight into a buf, no tree in between.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"

#include <jansson.h>

/* `what` names the document ("reply of Get Categories"), an object or a list. Duplicate
 * keys: the last one counts. AISLE_GARBLED names line and column (an integer past 64 bits
 * is one reason), AISLE_LIMIT is a document over max bytes or nested over jansson's 2048
 * levels. What is wrong is never quoted: it may be a secret. */
enum aisle_status json_read(struct str text, size_t max, const char *what, json_t **out,
                            struct aisle_err *err);
/* The same, and a key that an object has twice is AISLE_GARBLED: for orders, of which
 * nobody can tell which of the two is meant. */
enum aisle_status json_read_strict(struct str text, size_t max, const char *what,
                                   json_t **out, struct aisle_err *err);

/* Borrowed until the value is released; empty when absent or no string. */
struct str json_str(const json_t *object, const char *key);
/* A string, or an integer written out ("576486316948490000" from a JSON number), in the
 * arena: .p is NULL when that has no more memory, and only then. */
struct str json_text(const json_t *object, const char *key, struct arena *arena);
/* Numbers also from text ("12"), flags also from "true" and 1. */
int64_t json_int(const json_t *object, const char *key, int64_t absent);
double json_num(const json_t *object, const char *key, double absent);
bool json_flag(const json_t *object, const char *key, bool absent);
/* Borrowed; NULL if absent or null. */
const json_t *json_at(const json_t *object, const char *key);
const json_t *json_list(const json_t *object, const char *key); /* an array, or NULL */
/* The value of a key whatever its case ("Name", "name"); the exact spelling wins. */
const json_t *json_at_nocase(const json_t *object, const char *key);
struct str json_value_str(const json_t *value); /* empty unless a string */

/* Strict: AISLE_GARBLED with `where` and the key when it is absent or of another type. */
enum aisle_status json_need_str(const json_t *object, const char *key, const char *where,
                                struct str *out, struct aisle_err *err);
enum aisle_status json_need_list(const json_t *object, const char *key, const char *where,
                                 const json_t **out, struct aisle_err *err);

/* A writer that puts the commas; starts as {.buf = &b}. Nesting deeper than
 * JSON_OUT_DEPTH marks the buffer (AISLE_LIMIT); a key or value out of place is an
 * assertion. */
enum { JSON_OUT_DEPTH = 32 };

struct json_out {
    struct buf *buf;
    bool pretty; /* two blanks of indentation, for people */
    unsigned depth;
    unsigned char has[JSON_OUT_DEPTH + 1]; /* what each open level is, and has already */
    bool after_key;
};

void json_open(struct json_out *o);  /* { */
void json_close(struct json_out *o); /* } */
void json_open_list(struct json_out *o);
void json_close_list(struct json_out *o);
void json_key(struct json_out *o, const char *key);
void json_put_str(struct json_out *o, struct str s);
void json_put_int(struct json_out *o, int64_t n);
void json_put_num(struct json_out *o, double n); /* shortest that reads back the same */
void json_put_bool(struct json_out *o, bool b);
void json_put_null(struct json_out *o);
void json_put_raw(struct json_out *o, struct str json); /* a value already written */

/* Any value, without blanks. False when out has failed, or memory has. */
bool json_dump_to(struct buf *out, const json_t *value);
/* key and value at once */
void json_add_str(struct json_out *o, const char *key, struct str s);
void json_add_int(struct json_out *o, const char *key, int64_t n);
void json_add_num(struct json_out *o, const char *key, double n);
void json_add_bool(struct json_out *o, const char *key, bool b);

#endif
