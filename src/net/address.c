#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

/* IANA's registry of special-purpose IPv4 addresses (RFC 6890 and later), without those
 * that lead to the public anyway; and one that a cloud uses for its metadata. */
static const struct {
    uint32_t net;
    unsigned bits;
} not_public[] = {
    {0x00000000, 8},  /* 0/8: this host */
    {0x0A000000, 8},  /* 10/8: private */
    {0x64400000, 10}, /* 100.64/10: carrier-grade NAT; a cloud's metadata too */
    {0x7F000000, 8},  /* 127/8: loopback */
    {0xA83F8110, 32}, /* 168.63.129.16: Azure's metadata */
    {0xA9FE0000, 16}, /* 169.254/16: link-local, 169.254.169.254 metadata */
    {0xAC100000, 12}, /* 172.16/12: private */
    {0xC0000000, 24}, /* 192.0.0/24: protocol assignments; a cloud's metadata too */
    {0xC0000200, 24}, /* 192.0.2/24: examples */
    {0xC0586300, 24}, /* 192.88.99/24: 6to4 relays */
    {0xC0A80000, 16}, /* 192.168/16: private */
    {0xC6120000, 15}, /* 198.18/15: benchmarks */
    {0xC6336400, 24}, /* 198.51.100/24: examples */
    {0xCB007100, 24}, /* 203.0.113/24: examples */
    {0xE0000000, 3},  /* 224/4 multicast, 240/4 reserved, broadcast */
};

static bool in_net(uint32_t address, uint32_t net, unsigned bits)
{
    return (address ^ net) >> (32 - bits) == 0;
}

static bool v4_is_public(uint32_t address)
{
    for (size_t i = 0; i < sizeof not_public / sizeof *not_public; i++)
        if (in_net(address, not_public[i].net, not_public[i].bits))
            return false;
    return true;
}

static bool v4_within(uint32_t address, enum net_reach reach)
{
    switch (reach) {
    case NET_PUBLIC:
        return v4_is_public(address);
    case NET_LOOPBACK:
        return in_net(address, 0x7F000000, 8);
    case NET_ANYWHERE:
        return true;
    }
    return false;
}

static uint32_t v4_at(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool begins(const unsigned char *b, const char *prefix, size_t n)
{
    return memcmp(b, prefix, n) == 0;
}

/* The IPv4 address an IPv6 one leads to: mapped (::ffff:0:0/96), 6to4 (2002::/16), NAT64
 * (64:ff9b::/96). */
static bool v4_inside(const unsigned char *b, uint32_t *out)
{
    if (begins(b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) ||
        begins(b, "\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12))
        *out = v4_at(b + 12);
    else if (begins(b, "\x20\x02", 2))
        *out = v4_at(b + 2);
    else
        return false;
    return true;
}

/* Only 2000::/3 is given out to the public; in it stand protocol assignments with Teredo
 * (2001::/23) and examples (2001:db8::/32, 3fff::/20). Unique-local, link-local,
 * multicast, loopback and unspecified lie outside it. */
static bool v6_is_public(const unsigned char *b)
{
    return (b[0] & 0xE0) == 0x20 && !(begins(b, "\x20\x01", 2) && b[2] < 2) &&
           !begins(b, "\x20\x01\x0d\xb8", 4) &&
           !(begins(b, "\x3f\xff", 2) && b[2] < 0x10);
}

static bool v6_within(const unsigned char *b, enum net_reach reach)
{
    uint32_t v4;

    if (v4_inside(b, &v4))
        return v4_within(v4, reach);
    switch (reach) {
    case NET_PUBLIC:
        return v6_is_public(b);
    case NET_LOOPBACK:
        return begins(b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    case NET_ANYWHERE:
        return true;
    }
    return false;
}

bool net_address_within(const struct sockaddr *address, enum net_reach reach)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    switch (address->sa_family) {
    case AF_INET:
        memcpy(&v4, address, sizeof v4);
        return v4_within(ntohl(v4.sin_addr.s_addr), reach);
    case AF_INET6:
        memcpy(&v6, address, sizeof v6);
        return v6_within(v6.sin6_addr.s6_addr, reach);
    default:
        return false;
    }
}

void net_address_format(const struct sockaddr *address, char out[NET_ADDRESS_TEXT])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    const char *text = NULL;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        text = inet_ntop(AF_INET, &v4.sin_addr, out, NET_ADDRESS_TEXT);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        text = inet_ntop(AF_INET6, &v6.sin6_addr, out, NET_ADDRESS_TEXT);
    }
    if (!text)
        snprintf(out, NET_ADDRESS_TEXT, "?");
}
