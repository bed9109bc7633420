/* client.h - TikTok Shop's Get Categories without a store: keys in, categories out
 *
 * A client is one app's way to one shop. It signs and sends, repeats what TikTok Shop's
 * pages say may be repeated, and keeps its connection for the next call. It keeps nothing
 * else: no file, no environment, nothing printed, no signal handler. It does not refresh
 * tokens; for that, and for everything that lasts, there is aisle.h.
 *
 * A client belongs to one thread at a time (only aisle_client_stop may come from
 * another); different clients may be used at once. Text is UTF-8 and NUL-terminated; what
 * is handed in is copied, secrets are overwritten when they are replaced or freed.
 *
 *     struct aisle_client *client;
 *     struct aisle_categories found = {0};
 *     struct aisle_err err = {0};
 *
 *     aisle_client_new(&(struct aisle_client_options){.app_key = …}, &client, &err);
 *
 * A fallible function returns AISLE_OK or why not, and fills err, which starts as {0} and
 * may be NULL.
 */
#ifndef AISLE_CLIENT_H
#define AISLE_CLIENT_H

#include "aisle/status.h"
#include "aisle/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct aisle_client;

/* What is NULL or 0 is as usual. */
struct aisle_client_options {
    const char *app_key, *app_secret; /* both needed */
    const char *api_url;    /* NULL: TikTok Shop; else a stand-in on this machine,
                               "http://127.0.0.1:40123": keys go to no other host */
    const char *proxy;      /* "http://proxy:3128"; NULL: none */
    const char *ca_file;    /* certificates to trust, PEM; NULL: the system's */
    const char *trace_file; /* transcript of the calls, without secrets, appended to */
    int timeout_ms;         /* of one request; 0: 60 seconds */
    int max_attempts;       /* of one call, repeats included; 0: 6, 1: never repeat */
};

/* Makes a client and asks nobody yet. AISLE_CONFIG: app key or secret is missing, or keys
 * may not go to api_url; AISLE_IO: trace_file cannot be written; AISLE_NOMEM. *client is
 * yours: aisle_client_free. */
enum aisle_status aisle_client_new(const struct aisle_client_options *options,
                                   struct aisle_client **client, struct aisle_err *err);
void aisle_client_free(struct aisle_client *client); /* NULL is fine */

/* The seller's access token, and the shop as TikTok Shop names it to this app. Needed
 * before the first call; NULL or "" forgets them. AISLE_NOMEM leaves what was there. */
enum aisle_status aisle_client_set_access_token(struct aisle_client *client,
                                                const char *access_token,
                                                struct aisle_err *err);
enum aisle_status aisle_client_set_shop_cipher(struct aisle_client *client,
                                               const char *shop_cipher,
                                               struct aisle_err *err);

/* What the marketplace said of a call, good or bad. */
struct aisle_response {
    char code[24];       /* their own: "0" is success; "" when no answer came */
    char message[256];   /* their words; without an answer, what went wrong */
    char request_id[64]; /* what their support will ask for, or "" */
    int http_status;     /* 0 when no answer came */
    int calls;           /* requests that were answered, repeats included */
    int64_t elapsed_ms;  /* of the last */
};

struct aisle_category {
    const char *id;        /* text even where it looks like a number */
    const char *name;      /* in the locale asked for */
    const char *parent_id; /* "" for a root */
    const char *path;      /* "Fashion > Kaos"; "" from a client: an answer is no tree */
    const char *permissions; /* "AVAILABLE", "INVITE_ONLY,PROHIBITED"; "" not told */
    bool is_leaf;            /* as the marketplace says: only leaves take products */
    bool takes_products;     /* a leaf that is open to this shop */
};

/* As the parameters of Get Categories; NULL is not sent. */
struct aisle_categories_query {
    const char *locale;           /* "id-ID"; not sent: the shop's own */
    const char *keyword;          /* part of a name; not sent: the whole tree */
    const char *category_version; /* "v1", "v2" */
    const char *listing_platform; /* "TIKTOK_SHOP", "TOKOPEDIA" */
    bool include_prohibited;
};

/* Starts as {0}. */
struct aisle_categories {
    struct aisle_response response;
    const struct aisle_category *list; /* in the order sent; until cleared */
    size_t count;
    void *owned; /* the memory of list */
};

/* Ask. What result held is cleared first. response is filled on success and failure
 * alike, the list on success only; clear it in either case, or use it again.
 *
 * AISLE_AUTH: the token is missing, expired or not allowed. AISLE_CONFIG: the cipher is
 * missing, the secret wrong, this machine's clock off, TLS. AISLE_INVALID: a parameter.
 * AISLE_REFUSED: they said no. AISLE_BUSY: no connection, or theirs to mend; later it may
 * do. AISLE_GARBLED, AISLE_LIMIT: an answer we cannot read. AISLE_STOPPED, AISLE_NOMEM.
 * Whether it was the marketplace that said so, aisle_err_is_api tells. */
enum aisle_status aisle_client_get_categories(struct aisle_client *client,
                                              const struct aisle_categories_query *query,
                                              struct aisle_categories *result,
                                              struct aisle_err *err);
void aisle_categories_clear(struct aisle_categories *result); /* twice is fine */

/* The call under way ends soon with AISLE_STOPPED, and so does each later one. From any
 * thread, also from a signal handler. */
void aisle_client_stop(struct aisle_client *client);

/* Whether a failure is an error of the marketplace's API (it answered, with a code of its
 * own in err->remote_code), rather than any other: no connection, a proxy's page, a
 * setting, memory. */
bool aisle_err_is_api(const struct aisle_err *err);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
