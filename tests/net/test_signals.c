/* test_signals - does the library keep its hands off SIGPIPE, which is the program's?
 *
 * libcurl would set it aside and back around the end of a connection: of two threads that
 * do so at once, the later puts back what the earlier had set, and the program ignores
 * SIGPIPE for good. Here every such call of the process is counted. */
#include "peer.h"

#include "net/net.h"

#include <dlfcn.h>
#include <signal.h>

typedef int sigaction_fn(int signal, const struct sigaction *set, struct sigaction *was);

static atomic_int asked;

int sigaction(int signal, const struct sigaction *set, struct sigaction *was)
{
    void *real = dlsym(RTLD_NEXT, "sigaction");
    sigaction_fn *next;

    memcpy(&next, &real, sizeof next); /* ISO C has no cast from one to the other */
    if (signal == SIGPIPE)
        atomic_fetch_add(&asked, 1);
    return next(signal, set, was);
}

static void calls_for_the_signal_are_counted(void **state)
{
    struct sigaction was;

    (void)state;
    atomic_store(&asked, 0);
    assert_int_equal(sigaction(SIGPIPE, NULL, &was), 0);
    assert_int_equal(atomic_load(&asked), 1);
}

/* One whose peer is there, and one whose peer went away. */
static void a_connection_ends_without_a_word_about_it(void **state)
{
    static const struct peer_answer answers[][1] = {
        {{.status = 200, .body = STR_INIT("one")}},
        {{.status = 200, .body = STR_INIT("one"), .close = true}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct clock_still clock;
        struct net_settings settings = {.clock = &clock.clock, .timeout_ms = 60000};
        struct net_request r = {.method = "GET", .reach = NET_ANYWHERE};
        struct net_reply reply;
        struct aisle_err err = {0};
        struct net *net = NULL;
        struct peer peer = {0};

        clock_still_init(&clock, 1700000000000);
        peer_start(&peer, answers[i], 1);
        r.url = str_of(peer.url);
        net_reply_init(&reply);
        atomic_store(&asked, 0);
        assert_ok(net_new(&settings, &net, &err), &err);
        assert_ok(net_send(net, &r, &reply, &err), &err);
        net_free(net);
        assert_int_equal(atomic_load(&asked), 0);
        net_reply_clear(&reply);
        peer_stop(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_for_the_signal_are_counted),
        cmocka_unit_test(a_connection_ends_without_a_word_about_it),
    };

    return cmocka_run_group_tests_name("net: signals", tests, NULL, NULL);
}
