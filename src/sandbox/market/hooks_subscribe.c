/* Update, Get and Delete Shop Webhooks 202309. */
#include "net/net.h"
#include "sandbox/market/hooks_own.h"
#include "sandbox/market/schema.h"

#include <stdio.h>

/* What the page says a shop can subscribe to. Only what happens to products happens here;
 * of the rest nothing is ever sent. A type of 0: no page we have tells its number. */
static const struct event {
    const char *name;
    int type;
    bool sent;
} events[] = {
    {"ORDER_STATUS_CHANGE", 1, false},
    {"RECIPIENT_ADDRESS_UPDATE", 3, false},
    {"PACKAGE_UPDATE", 4, false},
    {"PRODUCT_STATUS_CHANGE", 5, true},
    {"SELLER_DEAUTHORIZATION", 6, false},
    {"UPCOMING_AUTHORIZATION_EXPIRATION", 7, false},
    {"CANCELLATION_STATUS_CHANGE", 11, false},
    {"RETURN_STATUS_CHANGE", 12, false},
    {"NEW_CONVERSATION", 13, false},
    {"NEW_MESSAGE", 14, false},
    {"PRODUCT_INFORMATION_CHANGE", 15, true},
    {"PRODUCT_CREATION", 16, true},
    {"PRODUCT_CATEGORY_CHANGE", 18, true},
    {"NEW_MESSAGE_LISTENER", 0, false},
    {"INVOICE_STATUS_CHANGE", 0, false},
    {"PRODUCT_AUDIT_STATUS_CHANGE", 37, true},
    {"REVERSE_STATUS_UPDATE", 2, false},
};

enum { EVENTS = sizeof events / sizeof *events };

static const struct event *find_event(struct str name)
{
    for (size_t i = 0; i < EVENTS; i++)
        if (str_is(name, events[i].name))
            return &events[i];
    return NULL;
}

static struct subscription *find(struct hooks *h, const struct sandbox_shop *shop,
                                 const struct event *event)
{
    for (size_t i = 0; i < h->subscribed_count; i++)
        if (h->subscribed[i].shop == shop && h->subscribed[i].event == event)
            return &h->subscribed[i];
    return NULL;
}

const struct subscription *hooks_subscription(struct hooks *h,
                                              const struct sandbox_shop *shop, int type)
{
    for (size_t i = 0; i < h->subscribed_count; i++) {
        const struct subscription *s = &h->subscribed[i];

        if (s->shop == shop && s->event->sent && s->event->type == type &&
            net_url_is_loopback(str_of(s->address)))
            return s;
    }
    return NULL;
}

bool hooks_have_address(const struct market *m, const struct sandbox_shop *shop, int type)
{
    return !str_empty(m->engine->set.market.webhook) ||
           hooks_subscription(m->hooks, shop, type);
}

/* In the log, once: nobody would hear of it otherwise. */
static void say_not_sent(const struct call *c, const struct subscription *s)
{
    struct arena *arena = c->request->arena;
    struct http_request r = {.method = STR_LIT("HOOK")};
    struct note n = {
        .shop = c->shop->id, .uri = str_of(s->address), .fault = STR_LIT("not-sent")};

    r.path = s->event->type ? arena_fmt(arena, "/hook/%d", s->event->type)
                            : arena_fmt(arena, "/hook/%s", s->event->name);
    journal_add(c->engine->journal, c->now_ms, &r, &n);
}

static bool subscribe(struct call *c, const struct market *m, const struct event *event,
                      struct str address)
{
    struct hooks *h = m->hooks;
    struct subscription *s = find(h, c->shop, event);

    if (!s && h->subscribed_count == MAX_SUBSCRIBED)
        return false;
    if (!s) {
        s = &h->subscribed[h->subscribed_count++];
        *s = (struct subscription){
            .shop = c->shop, .event = event, .created_s = c->now_ms / 1000};
    }
    s->updated_s = c->now_ms / 1000;
    if (str_is(address, s->address))
        return true;
    memcpy(s->address, address.p, address.n);
    s->address[address.n] = '\0';
    if (!event->sent || !hooks_have_address(m, c->shop, event->type))
        say_not_sent(c, s);
    return true;
}

static void say_nothing_more(struct call *c)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_close(&json);
    call_done(c, "Success");
}

/* Every name there is, for whoever said another. */
static void refuse_event(struct call *c)
{
    struct buf names = BUF_INIT(BUF_MAX_LINE);

    for (size_t i = 0; i < EVENTS; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", events[i].name);
    if (names.failed)
        call_broken(c);
    else
        call_refuse_value(c, "event_type", "unknown value", names.p);
    buf_clear(&names);
}

static bool is_address(struct str text)
{
    struct str host, rest;
    bool https;

    return text.n <= MAX_ADDRESS && net_url_split(text, &https, &host, &rest);
}

void hooks_subscribe(struct call *c)
{
    json_t *body = call_body(c);
    struct str address = json_str(body, "address");
    const struct event *event = find_event(json_str(body, "event_type"));
    struct market *m;

    if (body && schema_pass(c, schema_webhook, body)) {
        m = market_enter(c);
        if (!event)
            refuse_event(c);
        else if (!is_address(address))
            call_refuse_value(c, "address", "no URL, or too long",
                              "an http or https address of at most 255 characters");
        else if (subscribe(c, m, event, address))
            say_nothing_more(c);
        else
            call_broken(c);
        market_leave(m);
    }
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
        json_add_str(&json, "event_type", str_of(s->event->name));
        json_add_int(&json, "update_time", s->updated_s);
        json_close(&json);
    }
    json_close_list(&json);
    json_add_int(&json, "total_count", total);
    json_close(&json);
    call_done(c, "Success");
    market_leave(m);
}

/* Success whether there was one or not, as the page says. */
void hooks_unsubscribe(struct call *c)
{
    json_t *body = call_body(c);
    struct market *m;
    struct subscription *s;

    if (body && schema_pass(c, schema_webhook_gone, body)) {
        m = market_enter(c);
        s = find(m->hooks, c->shop, find_event(json_str(body, "event_type")));
        if (s)
            *s = m->hooks->subscribed[--m->hooks->subscribed_count];
        say_nothing_more(c);
        market_leave(m);
    }
    json_decref(body);
}
