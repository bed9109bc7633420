#include "check.h"

#include "net/address.h"

#include <netdb.h>
#include <sys/un.h>

/* Which reaches allow it: p public, l loopback, a anywhere. */
static const struct {
    const char *address, *allowed;
} cases[] = {
    {"0.0.0.0", "a"},
    {"0.1.2.3", "a"},
    {"1.0.0.0", "pa"},
    {"1.1.1.1", "pa"},
    {"9.255.255.255", "pa"},
    {"10.0.0.0", "a"},
    {"10.255.255.255", "a"},
    {"11.0.0.0", "pa"},
    {"100.63.255.255", "pa"},
    {"100.64.0.0", "a"},
    {"100.100.100.200", "a"}, /* a cloud's metadata */
    {"100.127.255.255", "a"},
    {"100.128.0.0", "pa"},
    {"127.0.0.1", "la"},
    {"127.255.255.254", "la"},
    {"128.0.0.1", "pa"},
    {"168.63.129.15", "pa"},
    {"168.63.129.16", "a"}, /* a cloud's metadata */
    {"169.253.255.255", "pa"},
    {"169.254.0.1", "a"},
    {"169.254.169.254", "a"}, /* most clouds' metadata */
    {"169.255.0.0", "pa"},
    {"172.15.255.255", "pa"},
    {"172.16.0.0", "a"},
    {"172.31.255.255", "a"},
    {"172.32.0.0", "pa"},
    {"192.0.0.192", "a"}, /* a cloud's metadata */
    {"192.0.2.1", "a"},
    {"192.88.99.1", "a"},
    {"192.167.255.255", "pa"},
    {"192.168.0.1", "a"},
    {"192.169.0.0", "pa"},
    {"198.17.255.255", "pa"},
    {"198.18.0.1", "a"},
    {"198.19.255.255", "a"},
    {"198.20.0.0", "pa"},
    {"198.51.100.7", "a"},
    {"203.0.113.7", "a"},
    {"223.255.255.255", "pa"},
    {"224.0.0.1", "a"},
    {"239.255.255.250", "a"},
    {"240.0.0.1", "a"},
    {"255.255.255.255", "a"},

    {"::", "a"},
    {"::1", "la"},
    {"::2", "a"},
    {"::7f00:1", "a"},        /* IPv4-compatible, long given up */
    {"::ffff:8.8.8.8", "pa"}, /* IPv4 as IPv6 */
    {"::ffff:127.0.0.1", "la"},
    {"::ffff:10.1.2.3", "a"},
    {"::ffff:169.254.169.254", "a"},
    {"64:ff9b::808:808", "pa"}, /* NAT64 of 8.8.8.8 */
    {"64:ff9b::a00:1", "a"},
    {"64:ff9b::a9fe:a9fe", "a"},
    {"64:ff9b:1::1", "a"},
    {"100::1", "a"},  /* discard */
    {"2001::1", "a"}, /* Teredo */
    {"2001:1ff:ffff::1", "a"},
    {"2001:200::1", "pa"},
    {"2001:db8::1", "a"},
    {"2001:4860:4860::8888", "pa"},
    {"2002:808:808::1", "pa"}, /* 6to4 of 8.8.8.8 */
    {"2002:a00:1::1", "a"},
    {"2002:7f00:1::1", "la"},
    {"2400:cb00::1", "pa"},
    {"3fff::1", "a"},
    {"3fff:1000::1", "pa"},
    {"4000::1", "a"},
    {"fc00::1", "a"},
    {"fd00:ec2::254", "a"}, /* a cloud's metadata */
    {"fe80::1", "a"},
    {"fec0::1", "a"},
    {"ff02::1", "a"},
};

static struct addrinfo *address_of(const char *text)
{
    struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;

    if (getaddrinfo(text, "80", &wanted, &found) != 0)
        fail_msg("not an address: %s", text);
    return found;
}

static void addresses_belong_to_whom_they_belong(void **state)
{
    bool good = true;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        static const char letters[] = {
            [NET_PUBLIC] = 'p', [NET_LOOPBACK] = 'l', [NET_ANYWHERE] = 'a'};
        struct addrinfo *a = address_of(cases[i].address);

        for (int reach = NET_PUBLIC; reach <= NET_ANYWHERE; reach++) {
            bool want = strchr(cases[i].allowed, letters[reach]) != NULL;

            if (net_address_within(a->ai_addr, (enum net_reach)reach) == want)
                continue;
            print_error("%s: %c\n", cases[i].address, letters[reach]);
            good = false;
        }
        freeaddrinfo(a);
    }
    assert_true(good);
}

static void other_families_are_refused(void **state)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/run/x"};
    char text[NET_ADDRESS_TEXT];

    (void)state;
    assert_false(net_address_within((struct sockaddr *)&local, NET_ANYWHERE));
    net_address_format((struct sockaddr *)&local, text);
    assert_string_equal(text, "?");
}

static void addresses_are_shown_as_they_are_written(void **state)
{
    static const char *const same[] = {"10.0.0.7", "fd00:ec2::254", "::ffff:10.1.2.3"};

    (void)state;
    for (size_t i = 0; i < COUNT(same); i++) {
        struct addrinfo *a = address_of(same[i]);
        char text[NET_ADDRESS_TEXT];

        net_address_format(a->ai_addr, text);
        assert_string_equal(text, same[i]);
        freeaddrinfo(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_belong_to_whom_they_belong),
        cmocka_unit_test(other_families_are_refused),
        cmocka_unit_test(addresses_are_shown_as_they_are_written),
    };

    return cmocka_run_group_tests_name("net: address", tests, NULL, NULL);
}
