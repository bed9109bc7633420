/* sandbox.h - pretend TikTok Shop and Tokopedia, on loopback, for tests, demos and
 * benches
 *
 * Written from the marketplaces' documents and not from our client, whose room it may not
 * see: two readings, so that a wrong one shows. Everything it makes up (keys, shops,
 * ciphers, tokens, refusals, faults) follows from the seed, so that a run repeats. What
 * it serves, and where it guesses, is in docs/wire/sandbox.md. Does not talk to the real
 * marketplaces, and keeps nothing on disk but the log it is asked for.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "base/clock.h"

enum {
    SANDBOX_MAX_SHOPS = 64,
    SANDBOX_MAX_FAULTS = 32,
    SANDBOX_MAX_TREES = 64,
};

/* What is not given is made from the seed. Shops that name the same seller share its
 * tokens; those that name none have a seller each. */
struct sandbox_shop {
    struct str id, name, region, cipher, code; /* region: "ID" */
    struct str seller;
    struct str access_token, refresh_token; /* of its seller; its first shop's count */
    struct str scopes;    /* "seller.product.basic,…"; empty is all of them */
    struct str platforms; /* it sells on: "TOKOPEDIA"; empty: on all its region has */
    bool cross_border;
};

/* A Get Categories answer to serve instead of our own tree; an empty version, locale or
 * platform stands for all. Once one is given our own tree is not served. */
struct sandbox_tree_file {
    struct str path; /* JSON as the API returns it, or the bare list of categories */
    struct str version, locale, platform; /* "v2", "id-ID", "TIKTOK_SHOP" */
};

/* What can go wrong on purpose. REFUSE and WRONG are decided by the question alone, so
 * that it is answered alike each time; the others by the question and how often it was
 * asked, so that asking again may help. */
enum sandbox_fault_kind {
    FAULT_REFUSE,        /* Recommend finds no matching category: 12019064 */
    FAULT_WRONG,         /* Recommend names a leaf that is not the right one */
    FAULT_DELAY,         /* answers after ms; occupies no thread meanwhile */
    FAULT_TOO_MANY,      /* 429, 36009002, Retry-After */
    FAULT_SERVER_ERROR,  /* 500, 502 or 503, as JSON or as the proxy's HTML */
    FAULT_CUT,           /* half the body under the whole one's Content-Length */
    FAULT_RESET,         /* the connection reset in the middle of the body */
    FAULT_HTML,          /* 200 with a page where JSON belongs */
    FAULT_DUPLICATE,     /* the answer to the call before, on that path */
    FAULT_TOKEN_EXPIRED, /* 105002 although the token is good */
    FAULT_SLOW,          /* the body in drops, ms from first to last */
    FAULT_HOOK_LATE,     /* a webhook ms later, behind those made after it */
    FAULT_HOOK_TWICE,    /* a webhook twice */
    FAULT_HOOK_LOST,     /* a webhook never sent */
    FAULT_KINDS
};

struct sandbox_fault {
    enum sandbox_fault_kind kind;
    double rate;       /* 0 never … 1 always */
    struct str path;   /* only where the path has this in it; empty everywhere */
    int ms;            /* DELAY, SLOW, HOOK_LATE; 0: 50, 2000 and 1500 */
    int status;        /* SERVER_ERROR; 0: 500, 502 and 503 by turns */
    int retry_after_s; /* TOO_MANY; 0: 1, below 0: the header is left out */
    bool html;         /* SERVER_ERROR as the proxy's page */
};

/* "cut=0.2", "delay=1,ms=50", "429=0.1,retry-after=2,path=/recommend",
 * "5xx=0.2,status=503,html". Words: refuse wrong delay 429 5xx cut reset html duplicate
 * token-expired slow hook-late hook-twice hook-lost. The path is borrowed from text.
 * AISLE_INVALID names what is wrong with it. */
enum aisle_status sandbox_fault_parse(struct str text, struct sandbox_fault *out,
                                      struct aisle_err *err);
const char *sandbox_fault_name(enum sandbox_fault_kind kind);
/* AISLE_INVALID: a rate or number out of its range, or one that says nothing about that
 * kind. */
enum aisle_status sandbox_fault_check(const struct sandbox_fault *f,
                                      struct aisle_err *err);

/* "FILE", "FILE@v2" or "FILE@v2,id-ID,TOKOPEDIA", in any order; borrowed from text. */
enum aisle_status sandbox_tree_file_parse(struct str text, struct sandbox_tree_file *out,
                                          struct aisle_err *err);

/* Where the documents disagree or say nothing; all off is what the documents say, but for
 * v2_required, which the marketplace asks for by now in the US and South-East Asia: the
 * pages' samples leave the version out. */
struct sandbox_switches {
    bool live_wording;     /* gateway errors in the live gateway's words */
    bool plain_name;       /* Get Categories says "name", not "local_name" */
    bool rootless;         /* a root has no parent_id, not "0" */
    bool business_400;     /* business errors come with 400, not 200 */
    bool v2_required;      /* v1, or no version at all: 12052217 */
    bool image_required;   /* Recommend without an image: 12019009 */
    bool any_grant;        /* refresh takes grant_type=authorized_code as well */
    bool old_refresh;      /* a refresh token is good after it was used */
    bool loose_cipher;     /* a shop_cipher where none belongs is overlooked */
    bool empty_body_loose; /* a body of {} may be left out of the signature */
    bool small_images;     /* images up to 5 MB, not 10 */
    bool any_image;        /* uploads of any kind and size; a listing's are looked at */
    bool lower_name;       /* Tokopedia says "name", not "Name" */
    bool child_null;       /* Tokopedia's leaves have "child": null */
    bool child_empty;      /* Tokopedia's leaves have "child": [] */
    bool
        right_spelling; /* is_required and UNAUTHORIZED, not as the wire misspells them */
    bool strict_html;   /* a description's tags and nesting as the older rule has them */
    bool chinese_refused; /* Chinese in a description is 12052346; else advised against */
    bool brand_refused;   /* an unknown brand is 12052026, not a warning */
    bool short_urls;      /* external URLs up to 200 characters, not 500 */
    bool old_sku_limits;  /* 100 SKUs in US and UK, 300 elsewhere */
};

/* What Create Product answers when an idempotency key comes again. */
enum sandbox_replay {
    REPLAY_SAME,    /* the ids given the first time */
    REPLAY_ERROR,   /* 12052910 */
    REPLAY_IGNORED, /* another product is made */
};

/* What happens to products; all zero is an audit of a quarter second that nobody fails,
 * and an index that lags as long. */
struct sandbox_market {
    struct str rules;   /* a file of Get Category Rules' answers by leaf id; "" ours */
    int audit_ms;       /* 0: 250, below 0: none */
    double audit_fails; /* this share of titles fails it */
    double audit_waits; /* this share ends PRE_APPROVED and stays PENDING */
    int index_lag_ms;   /* until Search Products knows of it; 0: 250, below 0: none */
    enum sandbox_replay replay;
    int daily_cap;      /* listings a shop may create a day; 0: any number */
    int probation_cap;  /* listings it may create or activate a day; 0: any number */
    struct str missing; /* "RETURN_WAREHOUSE,…": prerequisites that are not met */
    struct str webhook; /* where all webhooks go, loopback only; "" where subscribed */
    int webhook_timeout_ms; /* an answer may take; 0: 5 s */
    int webhook_retry_ms; /* between attempts; 0: 2 and 30 min, 3 and 12 h, as documented
                           */
    int64_t
        upgrade_age_s; /* before the upgrade task takes a product; 0: 24 h, below 0: 0 */
};

/* AISLE_INVALID: a word in .missing that is no prerequisite; the text lists those there
 * are. Their case does not matter. */
enum aisle_status sandbox_missing_check(struct str missing, struct aisle_err *err);

/* All zero is a sandbox of one Indonesian shop on a free port. Text is copied. */
struct sandbox_settings {
    uint16_t port;      /* 0: a free one */
    struct str address; /* "": 127.0.0.1; only loopback is taken */
    unsigned threads;   /* 0: as many as the machine has, two at least */
    uint64_t seed;      /* 0 is a seed like any other */
    struct str app_key, app_secret, service_id; /* TikTok's; "": from the seed */
    const struct sandbox_shop *shops;
    size_t shop_count;       /* with shops NULL: so many are made; 0: one */
    struct str redirect_url; /* where consent goes back to; "": a page of ours */
    bool consent_at_once;    /* the consent page sends back at once, approved */
    int64_t access_ttl_s, refresh_ttl_s; /* 0: 7 days, 365 days */

    struct str fs_id, client_id, client_secret; /* Tokopedia's; "": from the seed */
    int64_t tokopedia_ttl_s;                    /* 0: 30 days */
    double tokopedia_qps; /* requests a second, and the burst; 0: 5, below 0: no limit */

    const struct sandbox_tree_file *trees;
    size_t tree_count;
    struct str
        tokopedia_tree; /* Get All Categories' answer, or nested id name children */
    struct str
        truth; /* a file of title TAB leaf id, or "own" for our catalogue's; "" none */

    double qps;           /* requests a second per app and shop; 0: no limit */
    struct str allow_ips; /* "127.0.0.1,::1"; "": anyone, else 36009033 */
    const struct sandbox_fault *faults;
    size_t fault_count;
    struct sandbox_switches switches;
    struct sandbox_market market;
    int business_status; /* HTTP status of business errors; 0: 200 (or the switch's 400)
                          */

    struct str log_file;       /* every call appended as a JSON line; "" none */
    struct str control_token;  /* "": made by chance */
    size_t image_memory;       /* bytes of images kept to be served again; 0: 256 MiB */
    const struct clock *clock; /* NULL: the system's */
    const struct rng *rng;     /* for the control token; NULL: the system's */
};

struct sandbox;

/* Load the trees, listen and serve, on threads of its own. AISLE_CONFIG: a file that
 * cannot be read or is not what it should be, an address that is not loopback or is
 * taken; AISLE_INVALID: shops that contradict each other, a prerequisite or fault there
 * is not; AISLE_NOMEM. */
enum aisle_status sandbox_start(const struct sandbox_settings *settings,
                                struct sandbox **out, struct aisle_err *err);
/* Calls under way get a second to end. NULL is fine. */
void sandbox_stop(struct sandbox *s);

uint16_t sandbox_port(const struct sandbox *s);

/* Who is who: for the person or the test that started it. Good until sandbox_stop. */
struct sandbox_identity {
    struct str url; /* "http://127.0.0.1:40123" */
    struct str app_key, app_secret, service_id;
    struct str fs_id, client_id, client_secret;
    struct str control_token;
    const struct sandbox_shop *shops; /* complete, with the tokens as at the start */
    size_t shop_count;
};
const struct sandbox_identity *sandbox_identity(const struct sandbox *s);

#endif
