/* channel.h - the contract of a marketplace's API
 *
 * A driver turns our words into one marketplace's requests and its answers into our
 * nouns. It retries what that marketplace's documents say may be retried, and nothing
 * else; it keeps no state but the session it is handed, reads no clock but the session's,
 * and never stores.
 *
 * Statuses say what to do: AISLE_BUSY retry later, AISLE_AUTH sign in (or refresh) again,
 * AISLE_INVALID fix what we sent, AISLE_REFUSED take no for an answer, AISLE_GARBLED
 * their answer cannot be read, AISLE_CONFIG a key or address of ours is wrong. err
 * carries their code, request id and words; struct channel_meta the same for success and
 * failure alike.
 */
#ifndef CHANNELS_CHANNEL_H
#define CHANNELS_CHANNEL_H

#include "base/log.h"
#include "catalog/shop.h"
#include "channels/event.h"
#include "channels/listing.h"
#include "image/pushed.h"
#include "net/net.h"
#include "net/pace.h"
#include "taxonomy/snapshot.h"
#include "taxonomy/suggestion.h"

struct channel_ops;

/* One thread's way to one shop. Plain data; the caller fills and owns it. */
struct channel_session {
    const struct channel_ops *ops;
    struct net *net;   /* this thread's */
    struct pace *pace; /* shared */
    const struct clock *clock;
    const struct rng *rng;
    const struct log *log; /* or NULL */
    const struct shop *shop;
    struct shop_keys keys;
    int max_attempts;        /* of one call, repeats included; 0: 6 */
    const atomic_bool *over; /* or NULL; set: nobody waits for a turn or a repeat any
                                more, AISLE_STOPPED; what is on its way is still heard */
    /* Or NULL: called before each request goes out, its turn taken. Where it fails the
     * request does not go, and the call fails alike. */
    enum aisle_status (*about_to_send)(void *ctx, struct aisle_err *err);
    void *about_ctx;
};

/* What is wrong with a token, of an answer that is AISLE_AUTH. */
enum channel_token {
    TOKEN_UNFIT,         /* unknown, or they do not say: a fresh one may do */
    TOKEN_EXPIRED,       /* a fresh one will do; of a fresh one it is their slip */
    TOKEN_NEEDS_CONSENT, /* what was consented to does not suffice: no fresh one will do
                          */
};

/* What the last answer said about itself; after a failed connection, what we say of it.
 * Starts as {0}; may be passed as NULL. */
struct channel_meta {
    char code[24]; /* "0" for success; what they call it */
    char message[256];
    char request_id[64];
    int http_status;
    int calls; /* requests that were answered, repeats included; added to, never reset */
    int64_t elapsed_ms; /* of the last */
    enum channel_token token;
    bool throttled; /* of AISLE_BUSY: turned away unread, for too many requests */
    bool lost; /* of this try or one before it the answer was lost, or was that something
                  broke down: it may have been done all the same */
    bool image_gone;       /* of AISLE_INVALID: an image uri we sent is known no more */
    char reason[256];      /* a second text, of a marketplace that sends two; may be "" */
    double process_time_s; /* what the marketplace says it took; 0 it does not */
};

struct channel_tree_request {
    struct str locale;   /* "" the shop's own */
    struct str keyword;  /* "" the whole tree */
    struct str version;  /* category_version; "" not sent */
    struct str platform; /* listing_platform; "" not sent */
    bool include_prohibited;
};

struct channel_question {
    struct str title;
    struct str description;       /* "" not sent */
    const struct str *image_uris; /* as push_image gave them; may be none */
    size_t image_count;
    struct str version, platform; /* "" not sent */
};

/* The marketplace's leaf, and the way to it from the top where it tells. */
struct channel_advice {
    struct str category_id;
    const struct category_row *chain; /* root first, the leaf last; may be empty */
    size_t chain_count;
};

struct channel_image {
    struct str file_name, mime;
    struct str bytes;
    struct str use_case; /* "MAIN_IMAGE"; "" not sent */
};

struct channel_shop { /* one the app is authorised for */
    struct str id, name, region, seller_type, cipher, code;
};

struct channel_ops {
    const char *name;         /* "tiktok" */
    const char *const *hosts; /* the only ones real secrets go to, ended by NULL */
    bool has_versions;        /* category_version means something */
    bool has_platforms;       /* listing_platform means something */
    bool has_locales;
    bool reports_permissions; /* false: what it does not report counts as open */

    /* The whole tree, or what a keyword finds. Text in the arena. */
    enum aisle_status (*fetch_categories)(struct channel_session *s,
                                          const struct channel_tree_request *request,
                                          struct arena *arena, struct category_rows *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err);
    /* A leaf for a product. AISLE_REFUSED when it names none. */
    enum aisle_status (*recommend)(struct channel_session *s,
                                   const struct channel_question *question,
                                   struct arena *arena, struct channel_advice *out,
                                   struct channel_meta *meta, struct aisle_err *err);
    /* A fresh pair of tokens from the old (or from client credentials): everything of
     * *out is filled, also what did not change. Store it before you use it. */
    enum aisle_status (*refresh)(struct channel_session *s, struct arena *arena,
                                 struct shop_keys *out, struct channel_meta *meta,
                                 struct aisle_err *err);

    /* Optional, NULL where the channel has no such thing. */

    /* Upload an image; out->uri, url, width, height, use_case are filled. NULL: recommend
     * takes no image. */
    enum aisle_status (*push_image)(struct channel_session *s,
                                    const struct channel_image *image,
                                    struct arena *arena, struct pushed_image *out,
                                    struct channel_meta *meta, struct aisle_err *err);
    /* Where a seller gives consent; no request is made. region "US" has a page of its
     * own. */
    enum aisle_status (*consent_url)(struct str service_id, struct str region,
                                     struct str state, struct buf *out,
                                     struct aisle_err *err);
    /* Tokens for the code that came back from consent. */
    enum aisle_status (*exchange_code)(struct channel_session *s, struct str code,
                                       struct arena *arena, struct shop_keys *out,
                                       struct channel_meta *meta, struct aisle_err *err);
    /* The shops these tokens may act for. */
    enum aisle_status (*fetch_shops)(struct channel_session *s, struct arena *arena,
                                     const struct channel_shop **out, size_t *count,
                                     struct channel_meta *meta, struct aisle_err *err);
    /* Of what it tells of its own accord: is it from the marketplace, and what does it
     * say? */
    channel_event_check_fn *check_event;
    channel_event_read_fn *read_event;
    const struct channel_listing_ops *listing; /* channels/listing.h */
    /* The same marketplace as a cross-border seller has it: of its calls those about
     * trees, advice and listings are about global leaves and global products. */
    const struct channel_ops *global;
};

/* The listing platform that stands for it in a target, "ekspor:v2:GLOBAL". */
#define CHANNEL_GLOBAL "GLOBAL"
/* And the seller_type of struct channel_shop that may go there. */
#define CHANNEL_CROSS_BORDER "CROSS_BORDER"

/* Every driver, ended by NULL. */
extern const struct channel_ops *const channel_drivers[];

/* By name; AISLE_NOT_FOUND lists the names there are. */
enum aisle_status channel_find(struct str name, const struct channel_ops **out,
                               struct aisle_err *err);
/* May this channel's secrets go to that address? Its own hosts over TLS (an empty address
 * is that), or loopback. AISLE_CONFIG says why not. */
enum aisle_status channel_check_url(const struct channel_ops *ops, struct str url,
                                    struct aisle_err *err);

#endif
