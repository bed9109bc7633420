#include "catalog/shop.h"

#include "base/hash.h"
#include "base/json.h"

enum { MAX_WORD = 40 };

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool short_word_valid(struct str s)
{
    if (s.n < 1 || s.n > MAX_WORD || s.p[0] == '-' || s.p[0] == '_')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_word_char(s.p[i]))
            return false;
    return true;
}

/* The text members, by the names they are sealed under; those names never change. */
static const struct {
    const char *name;
    size_t at;
} members[] = {
    {"app_secret", offsetof(struct shop_keys, app_secret)},
    {"access_token", offsetof(struct shop_keys, access_token)},
    {"refresh_token", offsetof(struct shop_keys, refresh_token)},
    {"cipher", offsetof(struct shop_keys, cipher)},
    {"scopes", offsetof(struct shop_keys, scopes)},
};
enum { MEMBERS = sizeof members / sizeof *members };

static struct str *member(struct shop_keys *keys, size_t i)
{
    return (struct str *)(void *)((char *)keys + members[i].at);
}

static struct str member_value(const struct shop_keys *keys, size_t i)
{
    return *(const struct str *)(const void *)((const char *)keys + members[i].at);
}

/* What the text may come to: a byte as \u00XX at most, and names and numbers around. */
static size_t room_for(const struct shop_keys *keys)
{
    size_t room = 512;

    for (size_t i = 0; i < MEMBERS; i++)
        room += 6 * member_value(keys, i).n;
    return room;
}

void shop_keys_format(const struct shop_keys *keys, struct buf *out)
{
    struct json_out json = {.buf = out};

    if (!buf_room(out, room_for(keys)))
        return;
    json_open(&json);
    for (size_t i = 0; i < MEMBERS; i++)
        if (!str_empty(member_value(keys, i)))
            json_add_str(&json, members[i].name, member_value(keys, i));
    if (keys->access_expires_at)
        json_add_int(&json, "access_expires_at", keys->access_expires_at);
    if (keys->refresh_expires_at)
        json_add_int(&json, "refresh_expires_at", keys->refresh_expires_at);
    json_close(&json);
}

/* jansson's copies of the secrets are not left lying in freed memory either. */
static void wipe_values(json_t *object)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        struct str value = json_str(object, members[i].name);

        if (!str_empty(value))
            secret_wipe((char *)(uintptr_t)value.p, value.n);
    }
}

enum aisle_status shop_keys_parse(struct str text, struct arena *arena,
                                  struct shop_keys *out, struct aisle_err *err)
{
    struct shop_keys keys = {0};
    enum aisle_status status;
    json_t *object;

    status = json_read(text, BUF_MAX_LINE, "keys of the shop", &object, err);
    if (status != AISLE_OK)
        return status;
    if (!json_is_object(object))
        status = aisle_fail(err, AISLE_GARBLED, "keys of the shop are no JSON object");

    for (size_t i = 0; i < MEMBERS && status == AISLE_OK; i++) {
        *member(&keys, i) = arena_str(arena, json_str(object, members[i].name));
        if (!member(&keys, i)->p)
            status = aisle_nomem(err);
    }
    if (status == AISLE_OK) {
        keys.access_expires_at = json_int(object, "access_expires_at", 0);
        keys.refresh_expires_at = json_int(object, "refresh_expires_at", 0);
        *out = keys;
    } else {
        shop_keys_wipe(&keys);
    }
    wipe_values(object);
    json_decref(object);
    return status;
}

void shop_keys_wipe(struct shop_keys *keys)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        struct str *s = member(keys, i);

        if (!str_empty(*s))
            secret_wipe((char *)(uintptr_t)s->p, s->n);
    }
    *keys = (struct shop_keys){0};
}
