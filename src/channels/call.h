/* call.h - one call to a marketplace: wait for the turn, send, judge, repeat
 *
 * What all drivers over HTTP share. Which requests are made, what an answer means and
 * whether it is worth a repeat is the driver's to say; how long to wait is net/pace's.
 */
#ifndef CHANNELS_CALL_H
#define CHANNELS_CALL_H

#include "base/json.h"
#include "channels/channel.h"

/* What a driver makes of an answer; it fills meta's code, message and request id too. */
struct channel_verdict {
    enum aisle_status status; /* AISLE_OK: it is ours to read */
    bool again;               /* the marketplace's documents say it may be repeated */
    bool throttled;           /* too many requests */
    int wait_s;               /* before a repeat, at least; 0 they did not say */
    enum channel_token token; /* of AISLE_AUTH */
    bool image_gone;          /* an image uri we sent is known no more */
};

struct channel_call {
    const char *what;    /* "Get Categories", for messages */
    struct str pace_key; /* whose budget it is */
    /* Fill the request: called before each attempt, so that a signature is fresh. What it
     * points at lives until the next. */
    enum aisle_status (*prepare)(void *ctx, struct net_request *out,
                                 struct aisle_err *err);
    /* Judge an answer that is no redirect: those are AISLE_GARBLED, told as such. May
     * fail with AISLE_NOMEM; a bad answer is a verdict, with its words in meta->message.
     */
    enum aisle_status (*judge)(void *ctx, const struct net_reply *reply,
                               struct channel_meta *meta, struct channel_verdict *out,
                               struct aisle_err *err);
    void *ctx;
    bool once; /* whether one that was lost half way was taken nobody knows: only what was
                  turned away unread is repeated */
};

/* AISLE_OK when judge said so. reply must be initialised. Longer than CHANNEL_MAX_WAIT_S
 * is not waited: AISLE_BUSY with err's retry_after_s, for the caller to decide. Nor is a
 * call repeated when no call of its key was answered for CHANNEL_MAX_SILENCE_MS. */
enum {
    CHANNEL_MAX_ATTEMPTS = 6,
    CHANNEL_MAX_WAIT_S = 120,
    CHANNEL_MAX_SILENCE_MS = 15000,
};
enum aisle_status channel_call(struct channel_session *s, const struct channel_call *call,
                               struct net_reply *reply, struct channel_meta *meta,
                               struct aisle_err *err);

/* Text of theirs into a field of meta: scrubbed, and cut where it is too long. False
 * without memory; the field is empty then. */
bool channel_meta_put(char *field, size_t size, struct str text);
/* Their code, a number or a text; empty when it is neither. */
void channel_meta_put_code(struct channel_meta *meta, const json_t *code);
void channel_meta_put_code_text(struct channel_meta *meta, struct str code);

/* An answer that is not the JSON it should be, or that says success (meta has its code)
 * with an HTTP status that says none. By HTTP status: 401 AISLE_AUTH, 403
 * AISLE_REFUSED, 429 and 5xx AISLE_BUSY. With 2xx, what is empty or begins as JSON was
 * cut short on the way, which is a failed connection: AISLE_BUSY. All else is
 * AISLE_GARBLED; of it a page in place of a 2xx answer may be asked again, as it was not
 * the marketplace that answered. `why` is what the reader of JSON said, AISLE_OK when it
 * could be read but is no answer of theirs. */
void channel_judge_unreadable(struct str body, int http_status,
                              const struct aisle_err *why, struct channel_meta *meta,
                              struct channel_verdict *out);

/* Passes a status on. A failure to read an answer gets the answer's code, request id and
 * HTTP status into err. */
enum aisle_status channel_named(enum aisle_status status, const struct channel_meta *meta,
                                struct aisle_err *err);

/* Whom a request to that base may reach: this machine alone for a stand-in on it. The
 * marketplace's own host is not checked further: the name is ours, TLS proves it, and a
 * company may well answer to it with an address of its own. */
enum net_reach channel_reach(struct str base_url);

/* The address requests begin with: the driver's host, or the shop's stand-in where it has
 * one; without a slash at the end. AISLE_CONFIG when secrets may not go there, or when
 * there is more than a host. */
enum aisle_status channel_base_url(const struct channel_ops *ops, struct str own,
                                   const char *host, struct buf *out,
                                   struct aisle_err *err);

/* "app_key/shop": whose budget of requests a call counts against. */
void channel_pace_key(const struct shop *shop, struct buf *out);

#endif
