/* proxy.h - what a proxy that stands in the way is told as; inside the room only */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include "base/status.h"
#include "base/str.h"

#include <curl/curl.h>

/* After a request to `url` through `proxy`, which is as it was set. AISLE_OK: the proxy
 * did its part. AISLE_CONFIG where asking again would not help, AISLE_BUSY where it says
 * that it may. Names it without user and password. */
enum aisle_status proxy_check(CURL *easy, struct str proxy, struct str url, CURLcode rc,
                              struct aisle_err *err);

#endif
