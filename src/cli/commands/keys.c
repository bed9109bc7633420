#include "cli/commands/keys.h"

#include "base/hash.h"
#include "cli/secrets.h"

#include <stdlib.h>

/* Which variable holds what, channel by channel. */
struct key_name {
    const char *channel, *name;
    size_t at; /* in struct app_keys */
};

static const struct key_name names[] = {
    {"tiktok", "TIKTOK_APP_KEY", offsetof(struct app_keys, app_key)},
    {"tiktok", "TIKTOK_APP_SECRET", offsetof(struct app_keys, app_secret)},
    {"tiktok", "TIKTOK_APP_ACCESS_KEY", offsetof(struct app_keys, access_token)},
    {"tiktok", "TIKTOK_REFRESH_TOKEN", offsetof(struct app_keys, refresh_token)},
    {"tiktok", "TIKTOK_SHOP_CIPHER", offsetof(struct app_keys, cipher)},
    {"tokopedia", "TOKOPEDIA_CLIENT_ID", offsetof(struct app_keys, app_key)},
    {"tokopedia", "TOKOPEDIA_CLIENT_SECRET", offsetof(struct app_keys, app_secret)},
    {"tokopedia", "TOKOPEDIA_FS_ID", offsetof(struct app_keys, remote_id)},
    {"sandbox", "AISLE_SANDBOX_URL", offsetof(struct app_keys, url)},
    {"sandbox", "AISLE_SANDBOX_TOKEN", offsetof(struct app_keys, token)},
};

enum { NAMES = sizeof names / sizeof *names };

static struct str *slot(struct app_keys *keys, const struct key_name *name)
{
    return (struct str *)((char *)keys + name->at);
}

static void from_environment(struct str channel, struct app_keys *out)
{
    for (size_t i = 0; i < NAMES; i++)
        if (str_is(channel, names[i].channel))
            *slot(out, &names[i]) = str_of(getenv(names[i].name));
}

/* "NAME=value", "export NAME=value", the value perhaps quoted; names of no interest to us
 * are passed over, as such a file may serve others too. */
static enum aisle_status take_line(struct str line, size_t number, struct str channel,
                                   struct app_keys *out, struct aisle_err *err)
{
    struct str value = str_trim(line), name;

    if (str_empty(value) || value.p[0] == '#')
        return AISLE_OK;
    if (str_starts(value, "export "))
        value = str_trim(str_skip(value, 7));
    if (str_find_char(value, '=') == value.n)
        return aisle_fail(err, AISLE_INVALID, "secrets, line %zu: not NAME=value",
                          number);
    name = str_trim(str_cut(&value, '='));
    value = str_trim(value);
    if (value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\'') &&
        value.p[value.n - 1] == value.p[0])
        value = str_n(value.p + 1, value.n - 2);
    for (size_t i = 0; i < NAMES; i++)
        if (str_is(channel, names[i].channel) && str_is(name, names[i].name))
            *slot(out, &names[i]) = value;
    return AISLE_OK;
}

enum aisle_status app_keys_read(struct cli *cli, struct str file, struct str channel,
                                struct app_keys *out, struct aisle_err *err)
{
    struct buf text = BUF_INIT(SECRET_MAX_FILE);
    struct app_keys keys = {0};
    struct str rest;
    enum aisle_status status;

    if (str_empty(file)) {
        from_environment(channel, &keys);
        *out = keys;
        return AISLE_OK;
    }
    status = str_is(file, "-") ? cli_read(cli, file, &text, err)
                               : secret_read_file(file, &text, err);
    rest = arena_str(&cli->arena, buf_str(&text)); /* the keys point into it */
    if (status == AISLE_OK && !rest.p)
        status = aisle_nomem(err);
    for (size_t line = 1; status == AISLE_OK && !str_empty(rest); line++)
        status = take_line(str_cut(&rest, '\n'), line, channel, &keys, err);
    if (text.p)
        secret_wipe(text.p, text.n);
    buf_clear(&text);
    if (status == AISLE_OK)
        *out = keys;
    return status;
}
