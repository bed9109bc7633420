/* address.h - whom an address belongs to: the world, this network, or this machine
 *
 * The guard against being sent to places a seller's file has no business naming. Judges
 * what a name resolved to, never the name.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "net/net.h"

#include <sys/socket.h>

/* Whether a connection of that reach may be made there. An IPv4 address inside an IPv6
 * one (mapped, 6to4, NAT64) is judged as itself. Anything but IPv4 and IPv6 is refused.
 */
bool net_address_within(const struct sockaddr *address, enum net_reach reach);

/* "10.0.0.7" for a message; "?" for what is neither IPv4 nor IPv6. */
enum { NET_ADDRESS_TEXT = 46 };
void net_address_format(const struct sockaddr *address, char out[NET_ADDRESS_TEXT]);

#endif
