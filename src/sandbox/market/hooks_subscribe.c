/* Update, Get and Delete Shop Webhooks 202309. */
#include "net/net.h"
#include "sandbox/market/hooks_own.h"

/* Names to subscribe by: the first is documented, the others are guesses after it. */
static const struct {
    int type;
    const char *name;
} events[] = {
    {5, "PRODUCT_STATUS_CHANGE"},
    {15, "PRODUCT_INFORMATION_CHANGE"},
    {16, "PRODUCT_CREATION"},
    {18, "PRODUCT_CATEGORY_CHANGE"},
    {37, "PRODUCT_AUDIT_STATUS_CHANGE"},
};

struct subscription *hooks_subscription(struct hooks *h, const struct sandbox_shop *shop,
                                        int type)
{
    for (size_t i = 0; i < h->subscribed_count; i++)
        if (h->subscribed[i].shop == shop && h->subscribed[i].type == type)
            return &h->subscribed[i];
    return NULL;
}

static int type_of(struct str name)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (str_is(name, events[i].name))
            return events[i].type;
    return 0;
}

static const char *name_of(int type)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i].type == type)
            return events[i].name;
    return "";
}

static bool subscribe(struct call *c, struct hooks *h, int type, struct str address)
{
    struct subscription *s = hooks_subscription(h, c->shop, type);

    if (!s && h->subscribed_count == MAX_SUBSCRIBED)
        return false;
    if (!s) {
        s = &h->subscribed[h->subscribed_count++];
        *s = (struct subscription){
            .shop = c->shop, .type = type, .created_s = c->now_ms / 1000};
    }
    memcpy(s->address, address.p, address.n);
    s->address[address.n] = '\0';
    s->updated_s = c->now_ms / 1000;
    return true;
}

static void say_nothing_more(struct call *c)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_close(&json);
    call_done(c, "Success");
}

void hooks_subscribe(struct call *c)
{
    json_t *body = call_body(c);
    struct str address = json_str(body, "address");
    int type = type_of(json_str(body, "event_type"));
    struct market *m;

    if (!body)
        return;
    m = market_enter(c);
    if (!type)
        call_refuse_value(c, "event_type", "unknown value",
                          "PRODUCT_STATUS_CHANGE, PRODUCT_INFORMATION_CHANGE, "
                          "PRODUCT_CREATION, PRODUCT_CATEGORY_CHANGE, "
                          "PRODUCT_AUDIT_STATUS_CHANGE");
    else if (address.n == 0 || address.n > MAX_ADDRESS || !net_url_is_loopback(address))
        call_refuse_value(c, "address", "the sandbox calls this machine only",
                          "an address on loopback of at most 255 characters");
    else if (subscribe(c, m->hooks, type, address))
        say_nothing_more(c);
    else
        call_broken(c);
    market_leave(m);
    json_decref(body);
}

void hooks_list(struct call *c)
{
    struct market *m = market_enter(c);
    struct json_out json = call_data(c);
    int64_t total = 0;

    json_open(&json);
    json_key(&json, "webhooks");
    json_open_list(&json);
    for (size_t i = 0; i < m->hooks->subscribed_count; i++) {
        const struct subscription *s = &m->hooks->subscribed[i];

        if (s->shop != c->shop)
            continue;
        total++;
        json_open(&json);
        json_add_str(&json, "address", str_of(s->address));
        json_add_int(&json, "create_time", s->created_s);
        json_add_str(&json, "event_type", str_of(name_of(s->type)));
        json_add_int(&json, "update_time", s->updated_s);
        json_close(&json);
    }
    json_close_list(&json);
    json_add_int(&json, "total_count", total);
    json_close(&json);
    call_done(c, "Success");
    market_leave(m);
}

void hooks_unsubscribe(struct call *c)
{
    json_t *body = call_body(c);
    struct market *m;
    struct subscription *s;

    if (!body)
        return;
    m = market_enter(c);
    s = hooks_subscription(m->hooks, c->shop, type_of(json_str(body, "event_type")));
    if (s)
        *s = m->hooks->subscribed[--m->hooks->subscribed_count];
    say_nothing_more(c);
    market_leave(m);
    json_decref(body);
}
