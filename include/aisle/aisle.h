/* aisle.h - the main job: trees kept in a store, catalogues mapped onto them
 *
 * Open a store, add a shop, sync its tree, import products, map them, let a person decide
 * what is open. The command `aisle` does its work by the same flows on the same store, so
 * a program and a person may share one, at the same time too.
 *
 * Threads. A struct aisle may be used from any number of threads at once, until
 * aisle_close. Callbacks of one call come one at a time, those of aisle_map from threads
 * of the library. A callback may call aisle_stop, and read its ctx; it must not call
 * anything else here with the same struct aisle.
 *
 * Text is UTF-8 and NUL-terminated. What is handed in is needed until the call returns,
 * but for aisle_open and aisle_shop_add, which copy. What a callback gets is borrowed
 * until it returns. In a request, NULL and 0 mean the usual, and text coming back is ""
 * where there is nothing, never NULL.
 *
 * Failures. A fallible function returns AISLE_OK or why not, and fills err, which starts
 * as {0} and may be NULL. Results are written on success, and where it says so. The
 * library prints nothing, reads no environment (libcurl, below it, hears SSLKEYLOGFILE),
 * sets no signal handler.
 */
#ifndef AISLE_AISLE_H
#define AISLE_AISLE_H

#include "aisle/client.h"
#include "aisle/status.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* ---- opening ---- */

struct aisle;

enum aisle_log_level { AISLE_LOG_ERROR, AISLE_LOG_WARN, AISLE_LOG_INFO, AISLE_LOG_DEBUG };

/* A line without its end and without secrets. Comes from any thread, also from several at
 * once. */
typedef void aisle_log_fn(void *ctx, enum aisle_log_level level, const char *line);

struct aisle_options {
    const char *store;       /* needed: "aisle.db", "sqlite:/srv/aisle.db" */
    bool must_exist;         /* AISLE_NOT_FOUND rather than make a new one */
    const char *vault_key;   /* secret; seals the shops' keys in the store. One key a line
                                (aisle_new_vault_key), the first seals, all open. NULL: no
                                shop can be added or asked */
    const char *who;         /* takes the decisions; NULL: the login name */
    const char *proxy;       /* "http://proxy:3128"; NULL: none */
    const char *ca_file;     /* certificates to trust, PEM; NULL: the system's */
    const char *trace_file;  /* transcript of the calls, without secrets, appended to */
    double calls_per_second; /* to one shop; 0: no limit until it says "too many" */
    int timeout_ms;          /* of one request; 0: 60 seconds */
    aisle_log_fn *log;       /* or NULL */
    void *log_ctx;
    enum aisle_log_level log_level; /* what is less urgent is not told */
};

/* AISLE_CONFIG: vault_key is none, the store is of a newer version; AISLE_NOT_FOUND;
 * AISLE_BUSY; AISLE_IO. *out is yours: aisle_close. */
enum aisle_status aisle_open(const struct aisle_options *options, struct aisle **out,
                             struct aisle_err *err);
/* When no call is under way any more. NULL is fine. */
void aisle_close(struct aisle *a);

/* Ask every call under way, and each later one that takes long, to end with AISLE_STOPPED
 * at its next step; what was done is kept, and a map run can be taken up again. From any
 * thread, also from a signal handler. aisle_go_on takes the wish back. */
void aisle_stop(struct aisle *a);
void aisle_go_on(struct aisle *a);

/* A new key for vault_key, 64 hexadecimal digits. Secret: keep it apart from the store.
 */
enum { AISLE_VAULT_KEY_SIZE = 65 };
void aisle_new_vault_key(char key[AISLE_VAULT_KEY_SIZE]);

/* ---- shops ---- */

/* A shop and a token for it that is at hand. */
struct aisle_shop {
    const char *id;      /* needed; ours: "toko-a", 1 to 40 of a-z 0-9 - _ */
    const char *channel; /* NULL: "tiktok"; "tokopedia" */
    const char *seller;  /* whose products are listed there; NULL: "default" */
    const char *app_key, *app_secret; /* needed; tokopedia: client id and secret */
    const char *access_token;         /* needed; tokopedia: fetched */
    const char *refresh_token;        /* NULL: the token is not refreshed */
    const char *cipher;               /* NULL: the marketplace is asked for it */
    const char *remote_id; /* which of the token's shops, the marketplace's id; NULL: its
                              first; tokopedia: the fs_id, needed */
    const char *region;    /* "ID"; NULL: the marketplace is asked */
    const char *api_url, *auth_url; /* NULL: the marketplace; else a stand-in on this
                                       machine: keys go to no other host */
    int64_t access_expires_at, refresh_expires_at; /* UTC seconds; 0: not known */
    bool offline; /* keep it without asking the marketplace */
};

/* Keep a shop and its keys, sealed; one that is there already gets the new keys.
 * AISLE_CONFIG: no vault key, or keys may not go to api_url; AISLE_INVALID: the id;
 * AISLE_AUTH: the marketplace does not take the keys; AISLE_NOT_FOUND: remote_id is none
 * of the token's shops; AISLE_CONFLICT: it is there with another seller or channel. */
enum aisle_status aisle_shop_add(struct aisle *a, const struct aisle_shop *shop,
                                 struct aisle_err *err);

/* ---- progress ---- */

struct aisle_counts {
    int64_t total; /* products it is about; -1 not known */
    int64_t done;  /* products that had their turn, whatever came of it */
    int64_t mapped, refused, without_image, failed, conflicts, need_person, skipped;
    int64_t by_local, by_marketplace, by_seller_category, by_rule; /* of mapped */
    int64_t calls;               /* requests the marketplace answered */
    int64_t uploads, recommends; /* of them */
    int64_t saved;               /* calls that were not needed */
};

struct aisle_progress {
    const char *doing;                 /* "fetching toko-a:v2:TIKTOK_SHOP id-ID" */
    const struct aisle_counts *counts; /* NULL where there is nothing to count */
    double per_second;                 /* products done; 0 not known */
    int64_t seconds_left;              /* -1 not known */
};
typedef void aisle_progress_fn(void *ctx, const struct aisle_progress *progress);

/* ---- sync ---- */

/* A target is where a product may be listed: "SHOP:VERSION:PLATFORM", as in
 * "toko-a:v2:TIKTOK_SHOP"; "toko-a" is that too. NULL is the only one there is. */
enum {
    AISLE_TARGET_SIZE = 256,
    AISLE_RUN_ID_SIZE = 40,
    AISLE_BATCH_ID_SIZE = 40,
    AISLE_HELD_SIZE = 256
};

enum aisle_change {
    AISLE_ADDED = 1 << 0,
    AISLE_REMOVED = 1 << 1,
    AISLE_RENAMED = 1 << 2,
    AISLE_MOVED = 1 << 3,   /* hangs under another parent */
    AISLE_LEAFING = 1 << 4, /* began or ceased to be a leaf */
    AISLE_PERMISSION_CHANGED = 1 << 5,
};
/* "added", … of one bit; static text. */
const char *aisle_change_name(enum aisle_change change);

struct aisle_difference {
    unsigned changes;                 /* enum aisle_change */
    const struct aisle_category *was; /* NULL: added */
    const struct aisle_category *is;  /* NULL: removed */
    const char *locale;               /* of the names: the first it is renamed in */
};

/* A mapping the new tree breaks or makes doubtful, and where it could go. */
struct aisle_impact {
    const char *seller;
    const char *key;          /* product, or seller category */
    bool of_seller_category;  /* key is one, and all its products are touched */
    size_t products;          /* touched */
    const char *category_id;  /* it is mapped to */
    const char *was_path;     /* in the tree before */
    const char *why;          /* "removed", "no longer a leaf", "moved", "renamed", … */
    const char *successor_id; /* "" none found */
    const char *successor_path; /* in the new tree */
    const char *successor_by;   /* "same id", "same name", "new child", "matcher" */
    double confidence;          /* in the successor */
};

/* Something odd in what the marketplace sent; the usable rest is kept. */
struct aisle_tree_problem {
    const char *what; /* "orphan", "double-id", "leaf-with-child", … */
    const char *id, *name, *locale;
};

enum aisle_sync_outcome {
    AISLE_SYNC_FIRST,     /* nothing was kept before: kept */
    AISLE_SYNC_UNCHANGED, /* as it was */
    AISLE_SYNC_CHANGED,   /* kept */
    AISLE_SYNC_HELD,      /* not kept: over a twentieth of its leaves lost or closed */
    AISLE_SYNC_DRY_RUN,   /* not kept: asked not to */
    AISLE_SYNC_NOT_DUE,   /* not fetched */
};
const char *aisle_sync_outcome_name(enum aisle_sync_outcome outcome); /* "first", … */

struct aisle_sync_request {
    const char *target;
    const char *const *locales; /* {"id-ID", "en-US", NULL}; NULL: as last time, else the
                                   market's own */
    bool dry_run;               /* compare and tell, keep nothing */
    bool accept_shrink;         /* keep also what would be held */
    bool include_prohibited;
    int64_t due_after_s; /* skip when it was synced less than this ago; 0: never skip */
    void *ctx;
    /* All before anything is kept; NULL where nobody wants to know. A first tree has no
     * differences. */
    void (*problem)(void *ctx, const struct aisle_tree_problem *problem);
    void (*differs)(void *ctx, const struct aisle_difference *difference);
    void (*impact)(void *ctx, const struct aisle_impact *impact);
    aisle_progress_fn *progress;
};

struct aisle_sync_result {
    enum aisle_sync_outcome outcome;
    char target[AISLE_TARGET_SIZE];   /* in full */
    char run_id[AISLE_RUN_ID_SIZE];   /* "" when it was not fetched */
    int64_t snapshot_id, previous_id; /* 0 none */
    size_t categories, leaves, problems;
    size_t added, removed, renamed, moved, leaf_to_parent, parent_to_leaf, permission;
    size_t impacted; /* mappings */
    size_t calls;
    int64_t elapsed_ms;
    char held[AISLE_HELD_SIZE]; /* why it was, or a dry run's would be: "197 of 200 leaves
                                   would be lost in id-ID"; else "" */
};

/* Fetch the target's whole tree in every locale, compare, and keep it: all of it or, when
 * anything fails, nothing. AISLE_CONFLICT: someone else is syncing it; AISLE_NOT_FOUND:
 * no such shop; AISLE_INVALID: no such target, or no category came; and what the
 * marketplace's calls fail with (client.h). */
enum aisle_status aisle_sync(struct aisle *a, const struct aisle_sync_request *request,
                             struct aisle_sync_result *result, struct aisle_err *err);

/* ---- the tree ---- */

/* A kept tree, with its names in one locale. It never changes and may be read from any
 * number of threads at once; it outlives the struct aisle it came from. */
struct aisle_tree;

/* The newest tree of a target. locale NULL: the first it has; a name it lacks in that
 * locale is given in another. AISLE_NOT_FOUND: never synced, or no such locale. *out is
 * yours: aisle_tree_free. */
enum aisle_status aisle_tree_load(struct aisle *a, const char *target, const char *locale,
                                  struct aisle_tree **out, struct aisle_err *err);
void aisle_tree_free(struct aisle_tree *tree); /* NULL is fine */

/* From the top down, a parent before its children. Anything but AISLE_OK ends the walk
 * and comes back. What is visited, and found below, is good until the tree is freed. */
typedef enum aisle_status aisle_category_fn(void *ctx,
                                            const struct aisle_category *category,
                                            struct aisle_err *err);
enum aisle_status aisle_category_each(const struct aisle_tree *tree,
                                      aisle_category_fn *fn, void *ctx,
                                      struct aisle_err *err);
/* NULL when the tree has no such id. */
const struct aisle_category *aisle_category_get(const struct aisle_tree *tree,
                                                const char *id);
/* Up to cap categories for what a person types, best first: words in any locale, typos
 * forgiven, an id, or a path. */
enum aisle_status aisle_category_search(struct aisle_tree *tree, const char *typed,
                                        const struct aisle_category **out, size_t cap,
                                        size_t *count, struct aisle_err *err);

/* ---- products ---- */

/* Something wrong with a row; lines count from 1. */
struct aisle_row_problem {
    size_t line;
    const char *column; /* "": the whole row */
    const char *what;
    bool left_out; /* the row is not kept */
};

struct aisle_import_request {
    const char *seller;     /* NULL: "default" */
    const char *map;        /* "title=Judul,category=Kategori"; NULL: by their names */
    const char *currency;   /* of prices that name none, "IDR"; NULL: not known */
    const char *image_root; /* put before relative image paths; NULL: as they are */
    bool dry_run;
    void *ctx;
    void (*problem)(void *ctx, const struct aisle_row_problem *problem);
    bool replace; /* products become what the file says; else what it has no column for
                     stays as it is */
};

struct aisle_import_result {
    size_t rows, products, left_out, problems;
    size_t added, changed, same; /* of the products; in a dry run what would be */
};

/* Read CSV or JSON Lines and keep the products, some hundred at a time; bad rows are told
 * and left out. AISLE_INVALID: not a kind of file we read, or a map that does not fit it;
 * AISLE_NOT_FOUND, AISLE_IO: the file. What was kept before a failure stays, and *result
 * is filled then too. */
enum aisle_status aisle_import(struct aisle *a,
                               const struct aisle_import_request *request,
                               const void *bytes, size_t n,
                               struct aisle_import_result *result, struct aisle_err *err);
enum aisle_status aisle_import_file(struct aisle *a, const char *file,
                                    const struct aisle_import_request *request,
                                    struct aisle_import_result *result,
                                    struct aisle_err *err);

/* ---- map ---- */

enum aisle_map_policy {
    AISLE_MAP_THRIFTY, /* ask as little as will do */
    AISLE_MAP_GUIDE,   /* the partner guide's twelve steps for each product */
};

enum aisle_item_state {
    AISLE_ITEM_MAPPED,
    AISLE_ITEM_REFUSED,  /* the marketplace named no leaf */
    AISLE_ITEM_NO_IMAGE, /* and the policy asks with one */
    AISLE_ITEM_FAILED,
    AISLE_ITEM_NEEDS_PERSON, /* there are proposals, none good enough */
    AISLE_ITEM_SKIPPED,      /* in a dry run: would have its turn */
};
const char *aisle_item_state_name(enum aisle_item_state state); /* "mapped", … */

/* What became of a product. */
struct aisle_item {
    const char *seller, *product_id, *title, *seller_category;
    enum aisle_item_state state;
    const char *category_id; /* mapped or proposed */
    const char *by;          /* "local", "marketplace", "seller-category", "rule" */
    const char *code, *text; /* of a refusal or failure, the marketplace's */
};

struct aisle_map_request {
    const char *target;
    bool all_sellers; /* every seller's products, through this target's shop */
    enum aisle_map_policy policy;
    bool limit_calls;       /* to budget */
    int64_t budget;         /* of this time, where a run is taken up */
    size_t limit;           /* products of the run in all; 0: all */
    unsigned jobs;          /* at once; 0: 8 */
    bool fresh;             /* a new run even where one can be taken up again */
    const char *resume;     /* a run's id; NULL: the newest unfinished one like this */
    bool allow_private;     /* images from private addresses */
    const char *image_root; /* folder that relative image paths are under */
    double accept_at;       /* thrifty: take the matcher's word unseen where this share of
                               it proved right, 0.5 to 1; 0: never */
    const char *model;      /* thrifty: file that `aisle model train --target` wrote; one
                               that cannot be used is logged and done without */
    const char *also;       /* another target: only leaves open in its tree too */
    bool dry_run;           /* tell what would be asked: no call, nothing kept */
    void *ctx;
    void (*item)(void *ctx, const struct aisle_item *item);
    aisle_progress_fn *progress;
};

struct aisle_map_result {
    char run_id[AISLE_RUN_ID_SIZE];
    bool resumed;
    struct aisle_counts counts;
    int64_t elapsed_ms;
};

/* Give every product of the target's seller that is not decided yet its turn. AISLE_OK:
 * all had it. AISLE_LIMIT (the budget), AISLE_STOPPED and AISLE_BUSY (the marketplace is
 * not to be reached) leave a run that the same request takes up again, and fill *result
 * too. AISLE_CONFIG: sync the tree first; AISLE_CONFLICT: someone else is at it;
 * AISLE_AUTH: sign in again. */
enum aisle_status aisle_map(struct aisle *a, const struct aisle_map_request *request,
                            struct aisle_map_result *result, struct aisle_err *err);

/* ---- decisions ---- */

enum aisle_scope { AISLE_SCOPE_PRODUCT, AISLE_SCOPE_RULE, AISLE_SCOPE_SELLER_CATEGORY };

enum aisle_decision_state {
    AISLE_DECISION_ACCEPTED,
    AISLE_DECISION_REJECTED, /* that leaf is wrong; the key is open again */
    AISLE_DECISION_NONE,     /* looked at: no legal leaf */
    AISLE_DECISION_PROPOSED, /* advice; nobody stands for it yet */
    AISLE_DECISION_CLEARED,  /* by an undo */
};
const char *aisle_decision_state_name(enum aisle_decision_state state); /* "accepted" */

struct aisle_decision {
    int64_t seq; /* its place in the log */
    const char *seller, *target;
    enum aisle_scope scope;
    const char *key; /* product, or seller category */
    enum aisle_decision_state state;
    const char *category_id; /* "" for none and cleared */
    const char *by;          /* "local", "marketplace", "rule", "person" */
    double confidence;
    const char *who, *reasons, *batch_id, *run_id;
    int64_t at;       /* UTC seconds */
    bool conflict;    /* differs from its seller category's */
    bool provisional; /* the kept tree lacks the leaf as yet */
    void *owned;      /* the memory of the text; NULL in a callback */
};

/* The decision that counts for a product: its own, else its rule's, else its seller
 * category's. seller NULL: the target's own. AISLE_NOT_FOUND: no such product, or none.
 * *out starts as {0}; what it held is cleared first, and it is yours to clear. */
enum aisle_status aisle_mapping_get(struct aisle *a, const char *target,
                                    const char *seller, const char *product_id,
                                    struct aisle_decision *out, struct aisle_err *err);
void aisle_decision_clear(struct aisle_decision *d); /* twice is fine */

struct aisle_candidate {
    const char *category_id, *path;
    double confidence;
    const char *by, *reasons;
    bool takes_products; /* false, of what is proposed: ask for access, or choose another
                          */
};

/* Something for a person: a product, or a seller category with all its products. */
struct aisle_open_item {
    const char *seller, *target;
    enum aisle_scope scope;
    const char *key, *title, *seller_category;
    size_t products; /* it covers */
    const char *why; /* "proposed", "conflict", "refused", "no decision", … */
    int64_t seen;    /* for aisle_decide's expected */
    const struct aisle_candidate *candidates; /* what stands or is proposed already, then
                                                 what else there is, best first */
    size_t candidate_count;
};
typedef enum aisle_status
aisle_open_item_fn(void *ctx, const struct aisle_open_item *item, struct aisle_err *err);

struct aisle_open_request {
    const char *target;
    const char *seller; /* NULL: every seller's */
    bool by_product;    /* else by seller category, then the products left over */
    size_t limit;       /* items; 0: all */
    const char *model;  /* as in aisle_map_request, both */
    const char *also;
};

/* Visit what is open: seller categories first, those with the most products leading.
 * Anything but AISLE_OK from fn ends the walk and comes back; so does aisle_stop, between
 * two items. */
enum aisle_status aisle_open_each(struct aisle *a,
                                  const struct aisle_open_request *request,
                                  aisle_open_item_fn *fn, void *ctx,
                                  struct aisle_err *err);

#define AISLE_EXPECT_NONE ((int64_t)-1)

struct aisle_decide_request {
    const char *target, *seller; /* seller NULL: the target's own */
    enum aisle_scope scope;
    const char *key;                 /* product, or seller category */
    enum aisle_decision_state state; /* accepted, rejected or none */
    const char *category;            /* id or path; what is accepted or rejected. Rejected
                                        without: what counts for the key now, and
                                        AISLE_INVALID where nothing does */
    int64_t expected;     /* seq of the decision the person saw: any other there now is an
                             AISLE_CONFLICT; 0: whatever; AISLE_EXPECT_NONE */
    const char *batch_id; /* at most 39 bytes; NULL: a new batch */
    const char *reasons;
    bool allow_closed; /* a leaf this shop may not list in, as yet */
};

/* Take a person's decision. AISLE_INVALID: no such category, or no open leaf;
 * AISLE_CONFLICT: decided meanwhile; AISLE_NOT_FOUND: no such product or seller category.
 * batch_id may be NULL. */
enum aisle_status aisle_decide(struct aisle *a,
                               const struct aisle_decide_request *request,
                               char batch_id[AISLE_BATCH_ID_SIZE], struct aisle_err *err);

struct aisle_undo_request {
    const char *batch_id;
    void *ctx;
    void (*left_alone)(void *ctx, const struct aisle_decision *decided_later);
};

struct aisle_undo_result {
    size_t reversed, left_alone;
    char batch_id[AISLE_BATCH_ID_SIZE]; /* of the reversal: undo that to redo */
};

/* Take a batch back: what stood before stands again. What was decided later is left alone
 * and told. A map run that could be taken up again is over with its batch, the run's id;
 * AISLE_CONFLICT while its target is being mapped. AISLE_NOT_FOUND: no such batch. */
enum aisle_status aisle_undo(struct aisle *a, const struct aisle_undo_request *request,
                             struct aisle_undo_result *result, struct aisle_err *err);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
