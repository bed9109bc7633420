/* pages.h - answers in HTML that nobody asked for: what a proxy in front says */
#ifndef SANDBOX_PAGES_H
#define SANDBOX_PAGES_H

#include "sandbox/call.h"

/* nginx's own page for a status, as it was in front of fs.tokopedia.net. */
void page_nginx(struct call *c, int status);
/* 200 and a page, as of a portal or a login in the way. */
void page_in_the_way(struct call *c);

#endif
