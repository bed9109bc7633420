/* hook.h - a notification a marketplace sent, kept as it came until it is applied
 *
 * It is stored before it is answered, so that none is lost; the same one sent twice is
 * kept once.
 */
#ifndef WORK_HOOK_H
#define WORK_HOOK_H

#include "base/str.h"

enum hook_state {
    HOOK_WAITING, /* to be applied */
    HOOK_APPLIED,
    HOOK_PASSED, /* looked at: nothing of ours changes by it */
    HOOK_FAILED, /* could not be applied; see text. It can be tried again */
};

const char *hook_state_name(enum hook_state state); /* "waiting", "applied", … */
bool hook_state_parse(struct str name, enum hook_state *out);

struct hook {
    struct str seller_id, shop_id; /* whose it is, by our words */
    struct str id;                 /* the marketplace's, of the notification */
    struct str body;               /* as it came */
    enum hook_state state;
    struct str text; /* what applying it did, or why it could not be */
    int64_t received_at;
    int64_t settled_at; /* 0 while waiting */
};

#endif
