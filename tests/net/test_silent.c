/* Hosts of images that hold everyone up, or may not be asked. */
#include "peer.h"

#include "net/objects.h"
#include "net/silent.h"

struct talk {
    struct clock_still clock;
    struct net *net;
    struct net_reply reply;
};

static void talk_begin(struct talk *t)
{
    struct net_settings settings = {.timeout_ms = 60000};
    struct aisle_err err = {0};

    clock_still_init(&t->clock, 1700000000000);
    settings.clock = &t->clock.clock;
    net_reply_init(&t->reply);
    assert_ok(net_new(&settings, &t->net, &err), &err);
}

static void talk_end(struct talk *t)
{
    net_reply_clear(&t->reply);
    net_free(t->net);
}

static void ask(struct talk *t, const char *url, bool fail_fast, enum aisle_status want,
                struct aisle_err *err)
{
    struct net_request r = {.method = "GET",
                            .url = str_of(url),
                            .reach = NET_ANYWHERE,
                            .fail_fast = fail_fast,
                            .timeout_ms = want == AISLE_OK ? 60000 : 100};

    *err = (struct aisle_err){0};
    assert_status(net_send(t->net, &r, &t->reply, err), want, err);
}

static void a_host_that_never_answers_is_waited_for_once(void **state)
{
    static const struct peer_answer says_nothing[] = {{.mute = true}};
    static const struct peer_answer answers[] = {{.status = 200}};
    struct peer silent, good;
    struct aisle_err err;
    struct talk t;

    (void)state;
    peer_start(&silent, says_nothing, 1);
    peer_start(&good, answers, 1);
    talk_begin(&t);
    ask(&t, silent.url, true, AISLE_BUSY, &err);
    assert_true(t.reply.silent && t.reply.sent);
    for (int i = 0; i < 3; i++) {
        ask(&t, silent.url, true, AISLE_BUSY, &err);
        assert_non_null(strstr(err.text, "is not asked again for now"));
        assert_false(t.reply.sent);
        ask(&t, good.url, true, AISLE_OK, &err);
    }
    clock_sleep_ms(&t.clock.clock, SILENT_MS);
    ask(&t, silent.url, true, AISLE_BUSY, &err);
    assert_null(strstr(err.text, "again"));
    /* but who does not ask for it is not turned away */
    ask(&t, silent.url, false, AISLE_BUSY, &err);
    assert_null(strstr(err.text, "again"));
    talk_end(&t);
    peer_stop(&good);
    peer_stop(&silent);
}

static void what_answers_is_asked_on(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 503}, {.mute = true, .close = true}, {.status = 200}};
    struct peer peer;
    struct aisle_err err;
    struct talk t;

    (void)state;
    peer_start(&peer, answers, COUNT(answers));
    talk_begin(&t);
    ask(&t, peer.url, true, AISLE_OK, &err);
    for (int i = 0; i < 2; i++) {
        struct net_request r = {.method = "GET",
                                .url = str_of(peer.url),
                                .reach = NET_ANYWHERE,
                                .fail_fast = true};

        err = (struct aisle_err){0};
        net_send(t.net, &r, &t.reply, &err);
        assert_false(t.reply.silent);
    }
    assert_int_equal(t.reply.status, 200);
    talk_end(&t);
    peer_stop(&peer);
}

static void a_private_address_is_refused_with_what_allows_it(void **state)
{
    static const char *const urls[] = {
        "http://127.0.0.1:1/a.jpg", "http://localhost:1/a.jpg", "http://10.0.0.7/a.jpg"};
    struct talk t;

    (void)state;
    talk_begin(&t);
    for (size_t i = 0; i < COUNT(urls); i++) {
        const struct object_request r = {.location = str_of(urls[i]), .max_bytes = 1000};
        struct buf out = BUF_INIT(BUF_MAX_IMAGE);
        struct aisle_err err = {0};

        assert_status(object_fetch(t.net, &r, &out, &err), AISLE_INVALID, &err);
        if (!strstr(err.text, "--allow-private"))
            fail_msg("%s: %s", urls[i], err.text);
        buf_clear(&out);
    }
    talk_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_never_answers_is_waited_for_once),
        cmocka_unit_test(what_answers_is_asked_on),
        cmocka_unit_test(a_private_address_is_refused_with_what_allows_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
