/* A proxy that stands in the way is named, without its password, and not asked again. */
#include "peer.h"

#include "net/net.h"

static const struct {
    const char *url;
    struct peer_answer answer;
    enum aisle_status want;
    const char *says;
} cases[] = {
    {"https://shop.example/x", {.status = 407}, AISLE_CONFIG, "(HTTP 407)"},
    {"http://shop.example/x", {.status = 407}, AISLE_CONFIG, "(HTTP 407)"},
    {"https://shop.example/x", {.status = 403}, AISLE_CONFIG, "shop.example (HTTP 403)"},
    {"https://shop.example/x", {.status = 502}, AISLE_CONFIG, "shop.example (HTTP 502)"},
    {"https://shop.example/x", {.status = 503}, AISLE_BUSY, "for now (HTTP 503)"},
    /* what the host answers is the host's */
    {"http://shop.example/x", {.status = 502}, AISLE_OK, ""},
};

#define LONG_LABEL                                                                       \
    "proxyproxyproxyproxyproxyproxyproxyproxyproxyproxyproxyproxyproxyproxy"

/* "127.0.0.1:port" of a peer's address. */
static const char *name_of(const char *url)
{
    return url + strlen("http://");
}

static void send_through(const char *proxy, const char *url, enum aisle_status want,
                         struct aisle_err *err)
{
    struct clock_still clock;
    struct net_settings settings = {.timeout_ms = 60000};
    const struct net_request r = {
        .method = "GET", .url = str_of(url), .reach = NET_ANYWHERE};
    struct net_reply reply;
    struct net *net;

    clock_still_init(&clock, 1700000000000);
    settings.clock = &clock.clock;
    settings.proxy = str_of(proxy);
    net_reply_init(&reply);
    assert_ok(net_new(&settings, &net, err), err);
    assert_status(net_send(net, &r, &reply, err), want, err);
    net_reply_clear(&reply);
    net_free(net);
}

static void assert_told(const struct aisle_err *err, const char *name, const char *says)
{
    if (err->status == AISLE_OK)
        return;
    if (!strstr(err->text, name) || !strstr(err->text, says))
        fail_msg("%s and %s are not in: %s", name, says, err->text);
    assert_null(strstr(err->text, "S3CR3T"));
    assert_null(strstr(err->text, "kim"));
}

static void what_it_refuses_is_told_with_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        struct peer peer;
        char proxy[128];

        peer_start(&peer, &cases[i].answer, 1);
        snprintf(proxy, sizeof proxy, "http://kim:S3CR3T@%.60s", name_of(peer.url));
        send_through(proxy, cases[i].url, cases[i].want, &err);
        assert_told(&err, name_of(peer.url), cases[i].says);
        peer_stop(&peer);
    }
}

static void one_that_is_not_there_is_told_so(void **state)
{
    struct aisle_err err = {0};
    char url[64], proxy[128];
    int fd = peer_absent(url, sizeof url);

    (void)state;
    snprintf(proxy, sizeof proxy, "kim:S3CR3T@%.60s/", name_of(url));
    send_through(proxy, "https://shop.example/x", AISLE_CONFIG, &err);
    assert_told(&err, name_of(url), "cannot be reached");
    close(fd);
    err = (struct aisle_err){0};
    /* a label over 63 letters: no resolver asks anybody */
    send_through("http://kim:S3CR3T@" LONG_LABEL ".invalid:3128",
                 "https://shop.example/x", AISLE_CONFIG, &err);
    assert_told(&err, LONG_LABEL ".invalid:3128", "no address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_refuses_is_told_with_its_name),
        cmocka_unit_test(one_that_is_not_there_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
