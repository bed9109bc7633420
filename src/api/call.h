/* call.h - one request on its way through a handler: who asks, what was said, and the
 * answer being written
 *
 * A handler reads parameters, asks one query or flow, writes JSON, and returns. A failure
 * it returns becomes a problem (RFC 9457) with the status of api_fail, or the usual one
 * for its kind.
 */
#ifndef API_CALL_H
#define API_CALL_H

#include "api/api.h"
#include "api/held.h"
#include "api/meter.h"
#include "api/renewals.h"
#include "base/json.h"
#include "flows/people.h"

#include <pthread.h>

enum { API_PAGE = 50, API_MOST = 500, API_MAX_JSON = 1024 * 1024 };

/* Who is asking. Text lives in the request's arena. */
struct person {
    struct str name;      /* "" nobody */
    struct str seller_id; /* whose affairs; "" every seller's */
    enum role role;
    unsigned rights;      /* enum right */
    struct str by;        /* "session", "token ab12cd34" */
    struct str csrf;      /* of the session; "" of a token */
    struct sha256 digest; /* of the session's secret */
    int64_t expires_at;   /* 0: never */
};

struct api_route;

struct api_call {
    struct api *api;
    const struct http_request *request;
    const struct http_call *http;
    struct http_reply *reply;
    const struct api_route *route;
    struct person who;
    struct app app;       /* the api's, with who as the one who decides */
    struct json_out json; /* writes to the reply's body */
    json_t *body;         /* of a write, an object; NULL for none */
    int status;           /* of the answer: 200, or what a failure shall be */
    struct str field;     /* that a failure is about */
    struct str etag;      /* without its quotes; "" none */
    struct str location;  /* path of what was made; "" none */
    struct str current;   /* JSON of what stands instead, with a 412 */
    struct audit_entry note;
    struct str peer; /* address asking */
    char request_id[UUID_LEN + 1];
    int64_t began_ms;
};

typedef enum aisle_status api_run_fn(struct api_call *c, struct aisle_err *err);

struct api_route {
    struct http_route at; /* run is NULL */
    api_run_fn *run;
    unsigned right;    /* enum right; 0: anybody, signed in or not */
    size_t max_body;   /* 0: API_MAX_JSON */
    bool raw;          /* the body is no JSON */
    bool secret;       /* the answer shows what is shown once: it is not kept */
    const char *slow;  /* a read that may take its time, as it goes through much or asks
                          another machine: "" always, else with that query parameter */
    bool is_signed;    /* Authorization signs the body; no person asks */
    const char *takes; /* fields of the JSON body, and of its lists' rows: "target
                          lessons[column value]"; NULL: none */
    const char *what;  /* in the audit trail: "decision.add"; NULL of a read */
};
#define END_OF_ROUTES                                                                    \
    {                                                                                    \
        .run = NULL                                                                      \
    }

/* ---- what was said ---- */

static inline struct str api_text(const struct api_call *c, const char *name)
{
    return http_value(c->http, name)->text;
}
static inline bool api_given(const struct api_call *c, const char *name)
{
    return http_value(c->http, name)->given;
}
static inline bool api_flag(const struct api_call *c, const char *name)
{
    return http_value(c->http, name)->flag;
}
static inline bool api_is_write(const struct api_call *c)
{
    return strcmp(c->route->at.method, "GET") != 0;
}
int64_t api_number(const struct api_call *c, const char *name, int64_t absent);
/* "limit", else a page's worth. */
size_t api_limit(const struct api_call *c);

/* Rows are asked for one more than a page has: that one is not told, but that there is a
 * next page, which then has something in it. */
struct api_page {
    size_t left;
    bool more;
};
static inline struct api_page api_page(const struct api_call *c)
{
    return (struct api_page){.left = api_limit(c)};
}
static inline bool api_page_takes(struct api_page *page)
{
    page->more = page->left == 0;
    page->left -= !page->more;
    return !page->more;
}

/* A failure with a status of its own, and the field it is about ("" none). */
enum aisle_status api_fail(struct api_call *c, int status, const char *field,
                           struct aisle_err *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* The parameter "scope"; has: it was said. */
enum aisle_status api_scope(struct api_call *c, bool *has, enum decision_scope *out,
                            struct aisle_err *err); /* decisions.c */

/* The body, or what a form has in the field, with the name its file had there. */
enum aisle_status api_file(struct api_call *c, const char *field, struct str *out,
                           struct str *name, struct aisle_err *err);

/* A text of the body; AISLE_INVALID names the field when it is missing. */
enum aisle_status api_need(struct api_call *c, const char *key, struct str *out,
                           struct aisle_err *err);

/* Whether it has the fields the route takes, each of its type; else 400 names the one
 * that is not, and what may have been meant. body.c. */
enum aisle_status api_check_body(struct api_call *c, struct aisle_err *err);

/* Where the body's "kind" says what else it takes: which fields go with which, up to one
 * without a kind. A field no row names goes with all. */
struct api_kind {
    const char *kind, *takes;
};
/* 400 names a field that goes with other kinds, and with which. body.c. */
enum aisle_status api_check_kind(struct api_call *c, const struct api_kind *kinds,
                                 struct str kind, struct aisle_err *err);

/* Whether the query has but what the route declares, under /api; else 400, as for a body.
 * query.c. */
enum aisle_status api_check_query(struct api_call *c, struct aisle_err *err);

/* ---- whose it is ---- */

/* Whom a question is about: the seller asked for, or the person's own when there is but
 * that. AISLE_NOT_FOUND for another's. */
enum aisle_status api_seller(struct api_call *c, struct str asked, struct str *out,
                             struct aisle_err *err);
/* Whose a file is to be or is: the seller asked for, else absent, else "default". A file
 * serves its own seller's products only. */
enum aisle_status api_owner(struct api_call *c, struct str absent, struct str *out,
                            struct aisle_err *err);
/* Whether a seller's affairs may be seen. */
bool api_may_see(const struct api_call *c, struct str seller_id);
/* The target and its shop, without its tree. AISLE_NOT_FOUND too when it is another
 * seller's. */
enum aisle_status api_target(struct api_call *c, struct str asked, struct target *out,
                             struct shop *shop, struct aisle_err *err);
/* The parameter of that name, in full, to choose rows by; "" stays "". One whose shop is
 * gone, and the rows still there, stays as it was said. */
enum aisle_status api_filter_target(struct api_call *c, const char *name, struct str *out,
                                    struct aisle_err *err);
/* The target's tree, held in memory; give back with held_give. AISLE_NOT_FOUND too when
 * it is another seller's. */
enum aisle_status api_tree(struct api_call *c, struct str asked, struct held **out,
                           struct aisle_err *err);
/* A target whose leaves must be open too, in full; "" stays "". Fails as flow_also does,
 * and with AISLE_NOT_FOUND when it is another seller's. */
enum aisle_status api_also(struct api_call *c, struct str asked, struct str *out,
                           struct aisle_err *err);
/* The tree, advising only on leaves that are open in both. */
enum aisle_status api_tree_also(struct api_call *c, struct str asked, struct str also,
                                struct held **out, struct aisle_err *err);

/* ---- the answer ---- */

/* A failure's words for whoever asks: where the store is is not for them. */
struct str api_told(const struct api_call *c, const struct aisle_err *err);

/* {"items": [ … */
void api_open_items(struct api_call *c);
/* … ], "next": "…"}; next is left out where there is no more. */
void api_close_items(struct api_call *c, struct str next);
void api_time(struct api_call *c, const char *key, int64_t at); /* null for 0 */
/* A key, or null where the text is empty. */
void api_add_or_null(struct api_call *c, const char *key, struct str s);
void api_etag_number(struct api_call *c, int64_t n);
/* What was changed, for the audit trail. */
void api_note(struct api_call *c, struct str seller_id, struct str about);
/* A keyset page's place, for api_close_items: a number, none for 0. */
struct str api_next(struct api_call *c, int64_t last);
/* The same of text: parts joined so that no part can be taken for two. */
struct str api_cursor(struct api_call *c, struct str a, struct str b);
/* The parts of one that was joined, "" none; AISLE_INVALID. */
enum aisle_status api_cursor_cut(struct api_call *c, struct str joined, struct str *a,
                                 struct str *b, struct aisle_err *err);
/* The page asked for. Both empty when there is none. */
enum aisle_status api_cursor_read(struct api_call *c, struct str *a, struct str *b,
                                  struct aisle_err *err);

/* The body's batch, to be added to: who began it may. Empty without one. */
enum aisle_status api_batch(struct api_call *c, struct str *out, struct aisle_err *err);

/* ---- nouns written in several places ---- */

void api_put_category(struct api_call *call, const struct taxonomy *tree,
                      const struct category *category, uint32_t locale); /* trees.c */
void api_put_snapshot(struct api_call *c,
                      const struct snapshot *s);          /* trees.c: its fields */
void api_put_rights(struct json_out *o, unsigned rights); /* people.c: a list */
void api_put_decision(struct api_call *c, const struct decision *d); /* decisions.c */
void api_put_product(struct api_call *c, const struct product *p);   /* products.c */
/* The product of the path's {seller} and {id}. */
enum aisle_status api_find_product(struct api_call *c, struct product *out,
                                   struct aisle_err *err);
void api_put_shop(struct api_call *c, const struct shop *s); /* shops.c */
/* The shop of the path's {id}; another seller's is not there. */
enum aisle_status api_find_shop(struct api_call *c, struct shop *out,
                                struct aisle_err *err);
/* Leaves with their paths in the tree; those the tree lacks without. */
void api_put_suggestions(struct api_call *c, const struct held *h, uint32_t locale,
                         const struct suggestion *list, size_t count); /* advice.c */
/* What leaves are asked for. */
struct api_about {
    struct str seller_id;
    struct match_query query;
    const struct product *product; /* of the catalogue, or NULL */
    const struct decision *own;    /* its newest, or NULL */
};
/* What the matcher makes of it, and of what rules, seller category and marketplace say of
 * the product; at most cap. */
enum aisle_status api_rank(struct api_call *c, struct held *h,
                           const struct api_about *about, struct suggestion *out,
                           size_t cap, size_t *count, struct aisle_err *err);

/* Starts the question and answers with the job; runs.c. */
enum aisle_status api_start_ask(struct api_call *c, struct str target,
                                const struct product *p, struct aisle_err *err);

/* Starts a job that is all filled in but for who asks, and answers with it. */
struct job_request;
enum aisle_status api_start(struct api_call *c, struct job_request *r,
                            struct aisle_err *err);

/* A leaf's permission asked afresh; a product checked, drafted or listed, as the body
 * says. */
enum aisle_status api_start_leaf(struct api_call *c, struct str target,
                                 struct str category_id, struct aisle_err *err);
enum aisle_status api_start_list(struct api_call *c, const struct product *p,
                                 struct aisle_err *err);

#define PARAM_TARGET                                                                     \
    {                                                                                    \
        .name = "target", .max = 200                                                     \
    }
#define PARAM_ALSO                                                                       \
    {                                                                                    \
        .name = "also", .max = 200                                                       \
    }
#define PARAM_NEED_TARGET                                                                \
    {                                                                                    \
        .name = "target", .required = true, .min = 1, .max = 200                         \
    }
#define PARAM_SELLER                                                                     \
    {                                                                                    \
        .name = "seller", .max = 40                                                      \
    }
#define PARAM_LOCALE                                                                     \
    {                                                                                    \
        .name = "locale", .max = 20                                                      \
    }
#define PARAM_SCOPE                                                                      \
    {                                                                                    \
        .name = "scope", .max = 20                                                       \
    }
#define PARAM_AFTER_NUMBER                                                               \
    {                                                                                    \
        .name = "after", .type = HTTP_INT, .max = INT64_MAX                              \
    }
#define PRODUCT_PATH "/api/v1/products/{seller}/{id}"
#define PARAM_PRODUCT                                                                    \
    PARAM_SELLER,                                                                        \
    {                                                                                    \
        .name = "id", .max = PRODUCT_MAX_ID                                              \
    }
#define PARAM_LIMIT                                                                      \
    {                                                                                    \
        .name = "limit", .type = HTTP_INT, .min = 1, .max = API_MOST                     \
    }

/* ---- the api itself ---- */

struct known; /* sessions and tokens looked up not long ago */

struct api {
    struct api_settings set;
    struct held_set *held;
    struct known *known;
    struct renewals *renewals;
    struct meter meter;
    struct jobs *jobs;
    struct http_route *routes; /* the table once more, as http_route_find wants it */
    const struct api_route **behind;
    size_t route_count;
    pthread_mutex_t sign_in;  /* one password is hashed at a time: each takes 64 MiB */
    pthread_mutex_t counting; /* one catalogue is gone through at a time */
};

/* Every table of routes, ended by NULL. */
extern const struct api_route *const api_tables[];

/* ---- guard.c: who is asking, and may they ---- */

enum aisle_status guard_check(struct api_call *c, struct aisle_err *err);
/* Whether who came in before still may look, and at that seller's affairs: their session
 * or token is as good as it was. Counts as no use of it. While the store does not answer
 * they may. */
bool guard_still_in(struct api *api, const struct sha256 *digest, bool token,
                    struct str seller_id);
const char *guard_cookie_name(const struct api *api);
/* The secret in a cookie of ours; "" when it is none, or there are two of the name: a
 * second one is somebody's planting. */
struct str guard_cookie(const struct api_call *c, const char *name);
enum aisle_status known_new(struct known **out, struct aisle_err *err);
void known_free(struct known *k);
/* Someone's rights changed: look again. */
void known_forget(struct known *k);

#endif
