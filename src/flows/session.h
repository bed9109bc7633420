/* session.h - a thread's way to a shop: its keys opened, fresh, and refreshed by exactly
 * one
 *
 * Tokens are refreshed ahead of their expiry and again when the marketplace says they
 * are no good. That one just given is called expired is their slip, a guess that it
 * passes: the call is made again after a while, and in the end fails for now, AISLE_BUSY.
 * The new pair is stored before it is used; a lease lets only one process of all refresh,
 * the others wait and take what it stored. They wait while the lease is renewed, at most
 * for six tries of two minutes and a timeout each (18 minutes), and then are AISLE_BUSY.
 */
#ifndef FLOWS_SESSION_H
#define FLOWS_SESSION_H

#include "flows/app.h"

struct session {
    struct channel_session to; /* hand &session.to to a channel */
    struct shop shop;
    struct arena arena; /* shop and keys live here */
    const struct app *app;
    int64_t refresh_at;     /* UTC seconds; 0: when the marketplace says so */
    int64_t fresh_until_ms; /* monotonic: its token was given so lately */
};

/* AISLE_NOT_FOUND (no such shop), AISLE_CONFIG (no keys, or no vault key opens them),
 * AISLE_AUTH (refresh refused: sign in again). Close after failure too is fine. */
enum aisle_status session_open(const struct app *app, struct str shop_id,
                               struct session *out, struct aisle_err *err);
/* The same for a target's shop. With a global target (CHANNEL_GLOBAL) the calls about
 * trees, advice and listings are about global leaves and products. */
enum aisle_status session_open_for(const struct app *app, const struct target *target,
                                   struct session *out, struct aisle_err *err);
/* Before there is a shop in the store: its addresses and keys as they were given. The
 * keys stay the caller's text: take them out (to.keys) before closing wipes them. */
enum aisle_status session_open_new(const struct app *app, const struct shop *shop,
                                   const struct shop_keys *keys, struct session *out,
                                   struct aisle_err *err);
void session_close(struct session *s); /* wipes the keys; twice is fine */

/* Whether its token ends so soon; false also when it is not known when. */
bool session_ends_within(const struct session *s, int64_t seconds);

/* The channel's calls with keys kept fresh: refresh ahead when due, and after AISLE_AUTH
 * where that may help. What they need and give is in channels/channel.h. */
enum aisle_status session_fetch_categories(struct session *s,
                                           const struct channel_tree_request *request,
                                           struct arena *arena, struct category_rows *out,
                                           struct channel_meta *meta,
                                           struct aisle_err *err);
enum aisle_status session_recommend(struct session *s,
                                    const struct channel_question *question,
                                    struct arena *arena, struct channel_advice *out,
                                    struct channel_meta *meta, struct aisle_err *err);
enum aisle_status session_push_image(struct session *s, const struct channel_image *image,
                                     struct arena *arena, struct pushed_image *out,
                                     struct channel_meta *meta, struct aisle_err *err);
enum aisle_status session_fetch_shops(struct session *s, struct arena *arena,
                                      const struct channel_shop **out, size_t *count,
                                      struct channel_meta *meta, struct aisle_err *err);

/* Any other call of the channel's, in the same way: `call` makes it with the session it
 * is given and may be called several times. */
typedef enum aisle_status session_call_fn(void *ctx, struct channel_session *to,
                                          struct channel_meta *meta,
                                          struct aisle_err *err);
enum aisle_status session_call(struct session *s, session_call_fn *call, void *ctx,
                               struct channel_meta *meta, struct aisle_err *err);

#endif
