/* store.h - what we keep, and the contract every driver keeps it by
 *
 * A store is a few small tables of functions by noun. Each write is one named, whole
 * piece of work: when it returns AISLE_OK it is durable and visible to every process at
 * once, and when it fails nothing of it is there. There is no begin and no commit out
 * here.
 *
 * A store may be used from any number of threads. Reads see one consistent state each.
 * What people decided is kept apart from what a sync brings back and is never lost to
 * one.
 *
 * Text handed to a visitor or put into an out-struct lives in the arena given; visitors
 * get rows borrowed until they return, and whatever a visitor returns but AISLE_OK ends
 * the walk and comes back. A visitor may read the store it is visiting, but must not
 * write to it, nor wait for somebody who does.
 *
 * Failures to expect everywhere: AISLE_BUSY (another process holds the store too long),
 * AISLE_IO (disk, connection), AISLE_GARBLED (a row we cannot read), AISLE_NOMEM, and
 * where it says so AISLE_NOT_FOUND and AISLE_CONFLICT.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "catalog/product.h"
#include "catalog/shop.h"
#include "image/pushed.h"
#include "match/mapping.h"
#include "store/hooks.h"
#include "store/labels.h"
#include "store/leases.h"
#include "store/lessons.h"
#include "store/listings.h"
#include "store/models.h"
#include "store/people.h"
#include "store/queues.h"
#include "store/retention.h"
#include "store/sharing.h"
#include "store/tasks.h"
#include "taxonomy/snapshot.h"
#include "work/run.h"

struct store;
struct store_options;

/* One locale-complete reading of a target's tree, believed and about to be kept. */
struct tree_change {
    struct target target;
    struct str channel,
        region; /* with version and platform of the target: whom content is shared by */
    const struct category_rows *per_locale;
    size_t locale_count;
    size_t categories, leaves; /* of the built tree */
    /* What a caller knows of per_locale anyway; NULL is worked out. */
    const struct tree_digests *digests;
    const struct taxonomy *tree;
    int64_t expected_snapshot; /* the newest one it was compared with; 0 for none */
    const struct run *run;     /* written in the same piece; may be NULL */
    int64_t at;
};

struct store_trees {
    /* Keep a reading. All locales or none. When content and permissions equal the newest
     * snapshot's, no snapshot is added, its checked_at moves to `at` and *snapshot_id is
     * its id. Provisional categories of the target end here. AISLE_CONFLICT when the
     * newest snapshot is not expected_snapshot. */
    enum aisle_status (*apply)(struct store *s, const struct tree_change *change,
                               int64_t *snapshot_id, struct aisle_err *err);
    /* The tree of a snapshot (0: the newest), with provisional categories when it is the
     * newest. snapshot may be NULL. AISLE_NOT_FOUND when the target was never synced, or
     * no such id. */
    enum aisle_status (*load)(struct store *s, struct str target_id, int64_t snapshot_id,
                              struct arena *arena, struct snapshot *snapshot,
                              struct taxonomy *tree, struct aisle_err *err);
    /* Snapshots of a target (empty: of all), newest first. */
    enum aisle_status (*each_snapshot)(struct store *s, struct str target_id,
                                       enum aisle_status (*fn)(void *ctx,
                                                               const struct snapshot *,
                                                               struct aisle_err *),
                                       void *ctx, struct aisle_err *err);
    /* What the snapshots of a target that are kept had of a category, in the arena: the
     * oldest first, and of each its locales in their order. None where the target was
     * never synced. */
    enum aisle_status (*readings)(struct store *s, struct str target_id,
                                  struct str category_id, struct arena *arena,
                                  struct category_reading **out, size_t *count,
                                  struct aisle_err *err);
    /* Keep a locale for a sync that goes on later, over an earlier one. Parts of a target
     * end when a tree of it is applied. */
    enum aisle_status (*put_part)(struct store *s, const struct tree_part *part,
                                  struct aisle_err *err);
    enum aisle_status (*get_part)(struct store *s, struct str target_id,
                                  struct str locale, struct arena *arena,
                                  struct tree_part *out,
                                  struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Keep a recommended leaf the stored tree lacks. Twice is fine. */
    enum aisle_status (*put_provisional)(struct store *s,
                                         const struct provisional_category *c,
                                         struct aisle_err *err);
};

struct store_shops {
    /* Add or rename. */
    enum aisle_status (*put_seller)(struct store *s, const struct seller *seller,
                                    struct aisle_err *err);
    enum aisle_status (*each_seller)(struct store *s,
                                     enum aisle_status (*fn)(void *ctx,
                                                             const struct seller *,
                                                             struct aisle_err *),
                                     void *ctx, struct aisle_err *err);
    /* Add or change all but the keys (which only put_keys writes). The seller is added
     * when it is new. AISLE_CONFLICT when the shop is there with another seller or
     * channel. */
    enum aisle_status (*put_shop)(struct store *s, const struct shop *shop,
                                  struct aisle_err *err);
    enum aisle_status (*get_shop)(struct store *s, struct str shop_id,
                                  struct arena *arena, struct shop *out,
                                  struct aisle_err *err); /* AISLE_NOT_FOUND */
    enum aisle_status (*each_shop)(struct store *s,
                                   enum aisle_status (*fn)(void *ctx, const struct shop *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err); /* by id */
    /* The shop with its keys, targets and what was pushed for it; trees, products and
     * decisions stay. AISLE_NOT_FOUND. */
    enum aisle_status (*drop_shop)(struct store *s, struct str shop_id,
                                   struct aisle_err *err);
    /* Replace the sealed keys; AISLE_CONFLICT when keys_version is not `expected`
     * (someone else refreshed). *version is the new one. */
    enum aisle_status (*put_keys)(struct store *s, struct str shop_id, int64_t expected,
                                  struct str sealed, int64_t *version,
                                  struct aisle_err *err);
    enum aisle_status (*put_target)(struct store *s, const struct target *target,
                                    struct aisle_err *err); /* twice is fine */
    /* Targets of a shop (empty: of all), by id. */
    enum aisle_status (*each_target)(struct store *s, struct str shop_id,
                                     enum aisle_status (*fn)(void *ctx,
                                                             const struct target *,
                                                             struct aisle_err *),
                                     void *ctx, struct aisle_err *err);
};

struct put_counts {
    size_t added, changed, same;
};

/* Products in the order of (seller_id, id), which is the catalogue's order everywhere. */
struct product_filter {
    struct str seller_id;              /* empty: every seller's */
    struct str after_seller, after_id; /* begin behind this key; empty: at the start. With
                                          seller_id, after_id alone is enough */
    size_t limit;                      /* 0: all */
    struct str seller_category_id; /* with has_seller_category: of this one only (may be
                                      empty) */
    bool has_seller_category;
    struct str undecided_for; /* a target: only those that neither their own decision nor
                               * their seller category's settles; empty: all. Who was
                               * refused the very leaf its category has is not settled */
    bool for_run;     /* of them without those: a person has to say what it is instead */
    struct str words; /* each of them, up to PRODUCT_WORDS_MAX, is in the title, the brand
                         or the id, letters of ASCII in either case; empty: all */
    struct str until_seller, until_id; /* end with this key; empty: at the last */
    /* Of the undecided only those somebody is sure of, or only those nobody has settled,
     * contested or is sure of. */
    enum undecided_part { UNDECIDED_ALL, UNDECIDED_AGREED, UNDECIDED_REST } part;
};
enum { PRODUCT_WORDS_MAX = 8 };

typedef enum aisle_status store_product_fn(void *ctx, const struct product *,
                                           struct aisle_err *);

/* One of a list that is there already: makes `now`, which came as the list has it, what
 * it shall become; id and seller stay. `then` is borrowed until it returns, text it adds
 * is the arena's. */
typedef enum aisle_status store_merge_fn(void *ctx, size_t at, const struct product *then,
                                         struct product *now, struct arena *arena,
                                         struct aisle_err *err);

/* Products of which not all is said; of one seller, no id twice. */
struct products_merge {
    const struct product *list;
    size_t count;
    store_merge_fn *merge; /* NULL: they are put as they came */
    void *ctx;
    int64_t at;
    bool dry; /* nothing is kept, only counted */
};

struct store_catalogue {
    /* Add or change products, their seller categories and images, and sellers that are
     * new, all in one piece. An image without an id gets image_id_of its location's. A
     * product equal to the stored one is left alone (version and times too). A product
     * whose image location changed loses the link to what was pushed. counts is added to;
     * may be NULL. */
    enum aisle_status (*put_products)(struct store *s, const struct product *list,
                                      size_t count, int64_t at, struct put_counts *counts,
                                      struct aisle_err *err);
    /* The same, with `merge` called before for each that is there, once or more, in
     * another thread maybe: what is read, merged and written is one piece, so that
     * nobody's change is lost between. merge may not use the store; what it fails with
     * ends all. */
    enum aisle_status (*merge_products)(struct store *s, const struct products_merge *w,
                                        struct put_counts *counts, struct aisle_err *err);
    /* put_products of one product that was seen at version `expected` (0: it was not
     * there), compared and written as one. AISLE_CONFLICT when it is at another by now.
     */
    enum aisle_status (*change_product)(struct store *s, const struct product *product,
                                        int64_t expected, int64_t at,
                                        struct aisle_err *err);
    enum aisle_status (*get_product)(struct store *s, struct str seller_id, struct str id,
                                     struct arena *arena, struct product *out,
                                     struct aisle_err *err); /* AISLE_NOT_FOUND */
    enum aisle_status (*each_product)(struct store *s,
                                      const struct product_filter *filter,
                                      store_product_fn *fn, void *ctx,
                                      struct aisle_err *err);
    /* How many each_product would visit. */
    enum aisle_status (*count_products)(struct store *s,
                                        const struct product_filter *filter,
                                        size_t *count, struct aisle_err *err);
    /* The key of the nth product, from 1, that each_product would visit, so that a search
     * for words can be told where to end. AISLE_NOT_FOUND when there are fewer. */
    enum aisle_status (*nth_product)(struct store *s, const struct product_filter *filter,
                                     size_t n, struct arena *arena, struct str *seller_id,
                                     struct str *id, struct aisle_err *err);
    /* The product; its decisions stay in the log. version is what was seen, 0 whichever
     * there is: AISLE_CONFLICT when it is another. AISLE_NOT_FOUND. */
    enum aisle_status (*drop_product)(struct store *s, struct str seller_id,
                                      struct str id, int64_t version,
                                      struct aisle_err *err);
    /* With the number of products; by (seller_id, id). */
    enum aisle_status (*each_seller_category)(
        struct store *s, struct str seller_id,
        enum aisle_status (*fn)(void *ctx, const struct seller_category *,
                                struct aisle_err *),
        void *ctx, struct aisle_err *err);
    /* The image mapping row as one shop sees it. AISLE_NOT_FOUND. */
    enum aisle_status (*get_image)(struct store *s, struct str seller_id,
                                   struct str image_id, struct str shop_id,
                                   struct arena *arena, struct product_image *out,
                                   struct aisle_err *err);
    /* An image pushed for a shop, by our UUID, or by the digest of its bytes and its use
     * case. AISLE_NOT_FOUND. */
    enum aisle_status (*get_pushed)(struct store *s, struct str seller_id,
                                    struct str shop_id, struct str channel_image_id,
                                    struct arena *arena, struct pushed_image *out,
                                    struct aisle_err *err);
    enum aisle_status (*find_pushed)(struct store *s, struct str seller_id,
                                     struct str shop_id, const struct sha256 *bytes_hash,
                                     struct str use_case, struct arena *arena,
                                     struct pushed_image *out, struct aisle_err *err);
    /* The refusal of these bytes for that use. AISLE_NOT_FOUND. */
    enum aisle_status (*find_refused)(struct store *s, struct str seller_id,
                                      struct str shop_id, const struct sha256 *bytes_hash,
                                      struct str use_case, struct arena *arena,
                                      struct refused_image *out, struct aisle_err *err);
};

/* A decision to append, and what must hold for it. */
struct decision_write {
    struct decision d;    /* seq is given by the store */
    int64_t expected;     /* seq of the key's newest decision, 0 for none; EXPECT_ANY */
    bool skip_if_settled; /* no failure: left out when the key is settled by then */
    bool skip_if_changed; /* no failure: left out when it is not the expected one that
                             stands; of append alone, no step of a run has it */
};
#define EXPECT_ANY ((int64_t)-1)

struct mapping_filter {
    struct str seller_id, target_id; /* empty: any */
    bool has_scope;
    enum decision_scope scope;
    unsigned states;         /* bit 1 << enum decision_state; 0: any */
    unsigned standings;      /* bit 1 << enum standing; 0: any */
    bool in_tree_only;       /* without the provisional ones */
    struct str category_id;  /* only those that point there; empty: any */
    bool only_conflicts;     /* those that differ from their seller category */
    double least_confidence; /* 0: any */
    int64_t after_seq;       /* begin behind this one, which newest_first is before it */
    size_t limit;            /* 0: all */
    bool newest_first;
};

struct log_filter {
    struct str seller_id, target_id, key, batch_id, run_id; /* empty: any */
    bool has_scope;
    enum decision_scope scope;
    int64_t after_seq; /* begin behind this one, which newest_first is before it */
    size_t limit;
    bool newest_first;
};

typedef enum aisle_status store_decision_fn(void *ctx, const struct decision *,
                                            struct aisle_err *);

struct store_decisions {
    /* Append to the log, all or none. AISLE_CONFLICT names the first key whose newest
     * decision is not the expected one, and whose it is. last_seq may be NULL; it is 0
     * when every one was left out. */
    enum aisle_status (*append)(struct store *s, const struct decision_write *list,
                                size_t count, int64_t *last_seq, struct aisle_err *err);
    /* The newest decision of a key, whatever its state. AISLE_NOT_FOUND. */
    enum aisle_status (*get)(struct store *s, struct str seller_id, struct str target_id,
                             enum decision_scope scope, struct str key,
                             struct arena *arena, struct decision *out,
                             struct aisle_err *err);
    /* The same of several keys, in no order; those without a decision are left out. Keys
     * may be any number. */
    enum aisle_status (*each_of)(struct store *s, struct str seller_id,
                                 struct str target_id, enum decision_scope scope,
                                 const struct str *keys, size_t count,
                                 store_decision_fn *fn, void *ctx, struct aisle_err *err);
    /* The newest decision of every key that matches, by seq. */
    enum aisle_status (*each_mapping)(struct store *s,
                                      const struct mapping_filter *filter,
                                      store_decision_fn *fn, void *ctx,
                                      struct aisle_err *err);
    /* The log, by seq. */
    enum aisle_status (*each)(struct store *s, const struct log_filter *filter,
                              store_decision_fn *fn, void *ctx, struct aisle_err *err);
};

/* What became of a product in a run, and the leaves proposed for it (they replace those
 * kept of this product for the run's target). */
struct step_item {
    struct run_item item;
    const struct suggestion *suggestions; /* best first; NULL leaves those kept */
    size_t suggestion_count;
};

/* What one step of a map run brought, kept in one piece. Absent parts are NULL. */
struct run_step {
    const struct pushed_image *pushed;
    const struct refused_image *refused; /* again replaces the former */
    struct str seller_id, shop_id, link_image_id,
        link_channel_image_id; /* link_image_id empty: no link */
    const struct answer *answer;
    const struct provisional_category *provisional;
    const struct decision_write *decisions;
    size_t decision_count;
    const struct step_item *items; /* an item again replaces the former */
    size_t item_count;
    const struct run *run; /* counts, state, lease; may be NULL */
    /* Whose task the run is done for, when it is taken over or given back: this is asked
     * instead of whose the stored run is. */
    const struct task_hold *hold;
};

/* Empty: any. What comes after the run begun at `before_at` with that id. */
struct run_filter {
    struct str kind, seller_id, target_id;
    unsigned states;      /* bits 1 << enum run_state; 0: any */
    struct str before_id; /* "" from the newest */
    int64_t before_at;
    size_t limit; /* 0: all */
};

struct item_filter {
    struct str run_id;
    struct str after_seller, after_product; /* begin behind this one */
    bool has_state;
    enum item_state state;
    size_t limit; /* 0: all */
};

struct store_work {
    /* Keep a step. Counts of a run are written as given. A link from an image that no
     * product has any more is left out. AISLE_CONFLICT as for append, or when the stored
     * run has another owner than step->run, or step->hold is over; AISLE_NOT_FOUND when
     * suggestions come for a run that is not stored. */
    enum aisle_status (*put_step)(struct store *s, const struct run_step *step,
                                  struct aisle_err *err);
    enum aisle_status (*get_answer)(struct store *s, struct str seller_id,
                                    struct str target_id, struct str question,
                                    struct arena *arena, struct answer *out,
                                    struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Best first. */
    enum aisle_status (*each_suggestion)(
        struct store *s, struct str seller_id, struct str target_id,
        struct str product_id,
        enum aisle_status (*fn)(void *ctx, const struct suggestion *, struct aisle_err *),
        void *ctx, struct aisle_err *err);
    /* Add or replace a run. */
    enum aisle_status (*put_run)(struct store *s, const struct run *run,
                                 struct aisle_err *err);
    enum aisle_status (*get_run)(struct store *s, struct str id, struct arena *arena,
                                 struct run *out,
                                 struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Newest first; empty kind: any. limit 0: all. */
    enum aisle_status (*each_run)(struct store *s, struct str kind, size_t limit,
                                  enum aisle_status (*fn)(void *ctx, const struct run *,
                                                          struct aisle_err *),
                                  void *ctx, struct aisle_err *err);
    /* The same, a page of those that are as the filter says. */
    enum aisle_status (*page_runs)(struct store *s, const struct run_filter *filter,
                                   enum aisle_status (*fn)(void *ctx, const struct run *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err);
    enum aisle_status (*each_item)(
        struct store *s, const struct item_filter *filter,
        enum aisle_status (*fn)(void *ctx, const struct run_item *, struct aisle_err *),
        void *ctx, struct aisle_err *err); /* by (seller_id, product_id) */
};

/* What `doctor` and `db status` show. */
struct store_facts {
    struct str driver, location; /* location never has a password */
    int64_t schema_version, schema_wanted;
    size_t products, decisions, snapshots;
    int64_t bytes; /* on disk; -1 unknown */
};

struct store_ops {
    const char *name;   /* "sqlite" */
    const char *scheme; /* of its locations, "sqlite:"; a plain path is SQLite's */
    enum aisle_status (*open)(struct str location, const struct store_options *options,
                              struct store **out, struct aisle_err *err);
    void (*close)(struct store *s);
    enum aisle_status (*facts)(struct store *s, struct arena *arena,
                               struct store_facts *out, struct aisle_err *err);
    /* Whether it answers within seconds: one that is away is not waited for, as all else
     * does. NULL where nothing is far enough to be. */
    enum aisle_status (*answers)(struct store *s, struct aisle_err *err);
    /* What time it is where the store is, UTC milliseconds; NULL where that is this
     * machine. */
    enum aisle_status (*now)(struct store *s, int64_t *ms, struct aisle_err *err);
    /* Whether it still has a schema we know: AISLE_CONFIG when a newer program has moved
     * it on since we opened it. NULL where no other program can. */
    enum aisle_status (*check_schema)(struct store *s, struct aisle_err *err);
    /* Whole and sound? AISLE_GARBLED says where not. */
    enum aisle_status (*check)(struct store *s, struct aisle_err *err);
    /* A copy, taken while others go on, in a new file; NULL where the database has its
     * own tool. */
    enum aisle_status (*backup)(struct store *s, struct str path, struct aisle_err *err);
    const struct store_trees *trees;
    const struct store_shops *shops;
    const struct store_catalogue *catalogue;
    const struct store_decisions *decisions;
    const struct store_work *work;
    const struct store_listings *listings; /* store/listings.h */
    const struct store_hooks *hooks;       /* store/hooks.h */
    const struct store_labels *labels;     /* store/labels.h */
    const struct store_leases *leases;     /* store/leases.h */
    const struct store_lessons *lessons;   /* store/lessons.h */
    const struct store_models *models;     /* store/models.h */
    const struct store_people *people;
    const struct store_queues *queues;
    const struct store_retention *retention;
    const struct store_sharing *sharing; /* store/sharing.h */
    const struct store_tasks *tasks;     /* store/tasks.h */
};

struct store_options {
    bool must_exist;     /* AISLE_NOT_FOUND rather than make a new one */
    bool no_migrate;     /* AISLE_CONFIG when the schema is older than ours */
    int busy_timeout_ms; /* 0: 10 seconds */
    /* Told when a server is gone and waited for, and when it is back; or NULL. */
    const struct log *log;
};

/* Drivers have it as their first member. */
struct store {
    const struct store_ops *ops;
    const char *place; /* its file or host as failures name it, without a password */
};

/* Every driver, ended by NULL. */
extern const struct store_ops *const store_drivers[];

/* Open a store by location: a path or "sqlite:PATH" (":memory:" too), "memory:" for one
 * that ends with the process. Makes and migrates it unless the options say otherwise; a
 * schema newer than ours is AISLE_CONFIG. options may be NULL. store_close(*out) when
 * done. */
enum aisle_status store_open(struct str location, const struct store_options *options,
                             struct store **out, struct aisle_err *err);
void store_close(struct store *s); /* NULL is fine */

/* Copy all there is from one store into another that has nothing yet (AISLE_CONFLICT),
 * with the same numbers and times, whatever keeps them; others may read and write `from`
 * meanwhile. Rows are read back, counted and hashed before they are kept: all or nothing.
 * fn, which may be NULL, is told of each table afterwards. */
struct store_copied {
    struct str table;
    size_t rows;
    struct sha256 hash; /* of all values, in the order of the primary key */
};
enum aisle_status store_copy(struct store *from, struct store *to,
                             enum aisle_status (*fn)(void *ctx,
                                                     const struct store_copied *,
                                                     struct aisle_err *),
                             void *ctx, struct aisle_err *err);

/* A location as it may be shown: without the password it may have. .p NULL without
 * memory. */
struct str store_location_shown(struct str location, struct arena *arena);
/* Whether it has one. */
bool store_location_has_password(struct str location);

/* A failure for people who may not know where the store is: its place becomes "the
 * store", also where the text was cut within it. False: it was not named. */
bool store_hide_place(const struct store *s, struct aisle_err *err);

#endif
