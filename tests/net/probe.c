/* probe - one request from the command line, for tests that play a server with TLS
 *
 * probe URL [ca=FILE] [proxy=URL] [reach=public|loopback] prints the status of net_send,
 * and the HTTP status and body, or the failure's words. */
#include "net/net.h"

#include <stdio.h>

static struct str value_of(int argc, char **argv, const char *name)
{
    for (int i = 2; i < argc; i++)
        if (str_starts(str_of(argv[i]), name))
            return str_of(argv[i] + strlen(name));
    return STR_LIT("");
}

int main(int argc, char **argv)
{
    struct net_settings settings = {.ca_file = value_of(argc, argv, "ca="),
                                    .proxy = value_of(argc, argv, "proxy="),
                                    .clock = clock_system(),
                                    .timeout_ms = 60000};
    struct net_request r = {
        .method = "GET", .url = str_of(argc > 1 ? argv[1] : ""), .reach = NET_ANYWHERE};
    struct str reach = value_of(argc, argv, "reach=");
    struct aisle_err err = {0};
    struct net_reply reply;
    struct net *net = NULL;
    enum aisle_status status = net_new(&settings, &net, &err);

    if (str_is(reach, "public"))
        r.reach = NET_PUBLIC;
    else if (str_is(reach, "loopback"))
        r.reach = NET_LOOPBACK;
    net_reply_init(&reply);
    if (status == AISLE_OK)
        status = net_send(net, &r, &reply, &err);
    if (status == AISLE_OK)
        printf("ok %d %s\n", reply.status, buf_str(&reply.body).p);
    else
        printf("%s %s\n", aisle_status_name(status), err.text);
    net_reply_clear(&reply);
    net_free(net);
    return 0;
}
