/* hooks.h - what marketplaces tell of their own accord: checked, kept, applied once
 *
 * Receiving and applying are apart: a notification is answered as soon as it is stored,
 * and applied by whoever comes next. Applying one twice, late or out of order changes
 * nothing that it should not.
 */
#ifndef FLOWS_HOOKS_H
#define FLOWS_HOOKS_H

#include "flows/app.h"

/* Check and keep one for a shop of this channel: the one whose remote id it names, which
 * must be one of ours. *added (may be NULL) is false when it was there already.
 * AISLE_AUTH when it is not signed by the shop's app, AISLE_NOT_FOUND when the shop is
 * none of ours, AISLE_GARBLED, AISLE_LIMIT. */
enum aisle_status flow_hook_receive(const struct app *app, struct str channel,
                                    struct str body, struct str signature, bool *added,
                                    struct aisle_err *err);

struct hooks_result {
    size_t seen, applied, passed, failed, waiting; /* waiting: to be tried again */
};

typedef void hook_fn(void *ctx, const struct hook *hook);

/* Shops of which some wait; text and list in the arena. */
struct hook_shops {
    struct arena *arena;
    struct hook_shop {
        struct str seller_id, id;
        int64_t newest_at; /* when the last of them came */
        struct hook_shop *next;
    } * first;
};
enum aisle_status flow_hooks_waiting(const struct app *app, bool again,
                                     struct hook_shops *out, struct aisle_err *err);

/* Apply those waiting (and, with again, those that failed), oldest first, *out filled
 * after a failure too; fn (may be NULL) hears what became of each. shop_id "" is every
 * shop. AISLE_CONFLICT: another is at a shop's; the others' were applied. */
enum aisle_status flow_hooks_apply(const struct app *app, struct str shop_id, bool again,
                                   hook_fn *fn, void *ctx, struct hooks_result *out,
                                   struct aisle_err *err);

#endif
