/* call.h - what all requests to TikTok Shop share: address, signature, envelope */
#ifndef CHANNELS_TIKTOK_CALL_H
#define CHANNELS_TIKTOK_CALL_H

#include "base/json.h"
#include "base/json_walk.h"
#include "channels/call.h"
#include "channels/tiktok/sign.h"

#define TIKTOK_API_HOST "open-api.tiktokglobalshop.com"
#define TIKTOK_TOKEN_HOST "auth.tiktok-shops.com"

/* A signed request, before time and keys go into it. */
struct tiktok_request {
    const char *what; /* "Get Categories" */
    const char *method, *path;
    bool with_cipher; /* of one shop; elsewhere the gateway refuses a shop_cipher */
    struct tiktok_param params[8]; /* besides the common ones */
    size_t param_count;
    struct str body; /* JSON; or parts; or neither */
    const struct net_part *parts;
    size_t part_count;
};

/* Adds a parameter unless its value is empty. */
void tiktok_param_add(struct tiktok_request *r, const char *name, struct str value);
/* What its content-type header says, and the signature goes by. */
struct str tiktok_content_type(const struct tiktok_request *r);

/* Who asks and when. */
struct tiktok_asker {
    struct str base; /* "https://host" */
    struct str app_key;
    const struct shop_keys *keys;
    int64_t now_s;
};

/* Pure: appends the whole address, signed. AISLE_CONFIG: app key, secret or cipher is
 * missing. */
enum aisle_status tiktok_url(const struct tiktok_request *r,
                             const struct tiktok_asker *asker, struct buf *out,
                             struct aisle_err *err);

/* Pure: the envelope {"code", "message", "request_id", "data"} of any answer. Fills meta
 * and verdict; with verdict->status AISLE_OK *out is yours (json_decref). Fails with
 * AISLE_NOMEM only. */
enum aisle_status tiktok_envelope_read(struct str body, int http_status,
                                       struct channel_meta *meta,
                                       struct channel_verdict *verdict, json_t **out,
                                       struct aisle_err *err);
/* Reads `data` of an answer so large that no tree is made of it. */
struct tiktok_reader {
    /* Before an answer: what was read of an earlier one is void. */
    void (*begin)(void *ctx);
    /* `data` stands next, whatever it is, and is to be taken. What is wrong with it is
     * kept in ctx, and counts when the answer says success. */
    void (*data)(void *ctx, struct json_walk *w);
    void *ctx;
};

/* Pure: as tiktok_envelope_read, the answer read as it goes by. */
enum aisle_status tiktok_envelope_walk(struct str body, int http_status,
                                       const struct tiktok_reader *reader,
                                       struct channel_meta *meta,
                                       struct channel_verdict *verdict,
                                       struct aisle_err *err);
/* Pure: `data` of an envelope read, AISLE_GARBLED when it is no object. Borrowed. */
enum aisle_status tiktok_data(const json_t *envelope, const char *what,
                              const json_t **out, struct aisle_err *err);

/* Send it, repeated as the documents allow; *out is the envelope, yours. AISLE_AUTH
 * without an access token. */
enum aisle_status tiktok_send(struct channel_session *s, const struct tiktok_request *r,
                              json_t **out, struct channel_meta *meta,
                              struct aisle_err *err);

/* An answer as it came: ask, read what is within, done. Starts as {0}; done is due
 * whatever became of it. */
struct tiktok_answer {
    json_t *envelope;          /* once there is one */
    struct channel_meta *meta; /* the caller's, or */
    struct channel_meta spare;
};
/* tiktok_send, meta may be NULL. */
enum aisle_status tiktok_ask(struct channel_session *s, const struct tiktok_request *r,
                             struct tiktok_answer *a, struct channel_meta *meta,
                             struct aisle_err *err);
/* The same, sent once: of a request that was lost half way nobody knows whether it was
 * taken, and the caller looks before it asks again. What was turned away at the gate
 * surely was not, and is repeated as other calls are. */
enum aisle_status tiktok_ask_once(struct channel_session *s,
                                  const struct tiktok_request *r, struct tiktok_answer *a,
                                  struct channel_meta *meta, struct aisle_err *err);
/* What came of asking and reading: of an answer that could not be read the request id is
 * noted in err. */
enum aisle_status tiktok_done(struct tiktok_answer *a, enum aisle_status status,
                              struct aisle_err *err);

/* tiktok_send for an answer that is read as it goes by. */
enum aisle_status tiktok_send_for(struct channel_session *s,
                                  const struct tiktok_request *r,
                                  const struct tiktok_reader *reader,
                                  struct channel_meta *meta, struct aisle_err *err);
/* The same for the token host: not signed, no token header, the query in `path` as it
 * goes out. */
enum aisle_status tiktok_send_to_token_host(struct channel_session *s, const char *what,
                                            struct str path, json_t **out,
                                            struct channel_meta *meta,
                                            struct aisle_err *err);

#endif
