#include "base/json.h"
#include "listing/members.h"

static void put_money(struct json_out *o, const struct listing_money *money)
{
    char text[MONEY_TEXT];

    if (money->minor < 0)
        json_put_str(o, money->written);
    else
        json_put_str(o, str_n(text, money_format(money->minor, money->currency, text)));
}

/* The currency that lies with a table's amounts. */
static struct str currency_of(const struct members *members, const void *row)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct listing_money *money = member_of(row, members->rows[i].at);

        if (members->rows[i].kind == MEMBER_MONEY && money->currency.p)
            return money->currency;
    }
    return (struct str){0};
}

static void put_members(struct json_out *o, const struct members *members, unsigned in,
                        const void *row);

/* An image that was not pushed yet has nothing to be named by. */
static bool is_unpushed(const struct members *members, const void *row)
{
    return members->size == sizeof(struct listing_image) &&
           str_is(str_of(members->rows[0].name), "uri") &&
           !((const struct listing_image *)row)->uri.p;
}

static void put_list(struct json_out *o, const struct member *m, unsigned in,
                     const void *row)
{
    const char *rows = *(const char *const *)member_of(row, m->at);
    size_t count = *(const size_t *)member_of(row, m->count);

    json_open_list(o);
    for (size_t i = 0; i < count; i++) {
        const void *one = rows + i * m->inside->size;

        if (is_unpushed(m->inside, one))
            continue;
        json_open(o);
        put_members(o, m->inside, in, one);
        json_close(o);
    }
    json_close_list(o);
}

static void put_texts(struct json_out *o, const struct member *m, const void *row)
{
    const struct str *rows = *(const struct str *const *)member_of(row, m->at);
    size_t count = *(const size_t *)member_of(row, m->count);

    json_open_list(o);
    for (size_t i = 0; i < count; i++)
        json_put_str(o, rows[i]);
    json_close_list(o);
}

static void put_member(struct json_out *o, const struct member *m, unsigned in,
                       const void *row)
{
    const void *at = member_of(row, m->at);

    json_key(o, m->name);
    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_DECIMAL:
        json_put_str(o, *(const struct str *)at);
        return;
    case MEMBER_INT:
        json_put_int(o, ((const struct listing_int *)at)->n);
        return;
    case MEMBER_FLAG:
        json_put_bool(o, *(const enum listing_flag *)at == LISTING_YES);
        return;
    case MEMBER_MONEY:
        put_money(o, at);
        return;
    case MEMBER_TEXTS:
        put_texts(o, m, row);
        return;
    case MEMBER_LIST:
        put_list(o, m, in, row);
        return;
    case MEMBER_OBJECT:
        json_open(o);
        put_members(o, m->inside, in, at);
        json_close(o);
        return;
    case MEMBER_CURRENCY:
        return;
    }
}

static void put_members(struct json_out *o, const struct members *members, unsigned in,
                        const void *row)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct member *m = &members->rows[i];
        struct str currency;

        if (!(m->in & in) || (m->in & READ_ONLY))
            continue;
        if (member_is_there(m, row)) {
            put_member(o, m, in, row);
        } else if (m->kind == MEMBER_CURRENCY) {
            currency = currency_of(members, row);
            if (currency.p)
                json_add_str(o, m->name, currency);
        }
    }
}

void listing_write_body(const struct listing_draft *draft, enum listing_body_kind kind,
                        struct buf *out)
{
    static const unsigned ins[] = {
        [BODY_CREATE] = IN_CREATE,     [BODY_EDIT] = IN_EDIT,
        [BODY_PARTIAL_EDIT] = IN_EDIT, [BODY_CHECK] = IN_CHECK,
        [BODY_GLOBAL] = IN_GLOBAL,     [BODY_GLOBAL_EDIT] = IN_GLOBAL | IN_GLOBAL_EDIT,
    };
    struct json_out o = {.buf = out};

    json_open(&o);
    put_members(&o, &body_members, ins[kind], draft);
    json_close(&o);
}
