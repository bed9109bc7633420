/* sync.h - a marketplace's tree fetched, compared, judged and kept
 *
 * Fetches every locale asked for, builds and checks the tree, compares it with the stored
 * snapshot, and keeps it in one piece or not at all. An empty tree is never kept; one
 * that lost more than a twentieth of its leaves, in all or in one of its locales, or in
 * which more than a twentieth of those that took products were closed, is held until a
 * person accepts it.
 */
#ifndef FLOWS_SYNC_H
#define FLOWS_SYNC_H

#include "flows/app.h"
#include "taxonomy/diff.h"

struct sync_request {
    struct str
        target; /* "toko-a:v2:TIKTOK_SHOP"; missing parts are the channel's defaults */
    const struct str *locales; /* none: those of the last snapshot, else the shop's own */
    size_t locale_count;
    bool dry_run; /* compare and tell, keep nothing */
    bool accept_shrink;
    bool include_prohibited;
    int64_t due_after_s; /* skip when checked less than this ago; 0: always */
    /* Of a sync that may have been begun before: locales kept since then need not be
     * fetched, and those fetched are kept when not all are; 0: a sync in one go. */
    int64_t begun_at;
};

/* A mapping the new tree breaks or makes doubtful, and where it could go. */
struct impact {
    const struct decision *mapping;
    struct str was_path; /* in the tree before */
    const char *why; /* "removed", "no longer a leaf", "closed to this shop"; while nobody
                      * decided it since: "moved", "renamed" */
    struct str successor_id; /* "" when none is proposed */
    struct str successor_path;
    const char *successor_by; /* as struct successor has it */
    double confidence;
    size_t products; /* that depend on it */
};

/* Told before anything is kept, and nothing of an answer that is the same as the last.
 * All may be NULL; all borrowed until they return. */
struct sync_listener {
    void *ctx;
    taxonomy_problem_fn *problem;
    void (*differs)(void *ctx, const struct taxonomy *then, const struct taxonomy *now,
                    const struct category_diff *diff);
    void (*impact)(void *ctx, const struct impact *impact);
    struct str locale; /* of an impact's paths; "": the tree's first */
};

enum sync_outcome {
    SYNC_FIRST, /* nothing was stored before: kept */
    SYNC_UNCHANGED,
    SYNC_CHANGED, /* kept */
    SYNC_HELD,    /* not kept: too many leaves lost, or closed */
    SYNC_DRY_RUN, /* not kept: asked not to */
    SYNC_NOT_DUE, /* not fetched */
};

const char *sync_outcome_name(enum sync_outcome outcome);

struct sync_result {
    enum sync_outcome outcome;
    struct str target_id;             /* the full written form, in the arena */
    int64_t snapshot_id, previous_id; /* 0 for none */
    struct taxonomy_diff_counts diff;
    size_t categories, leaves, problems;
    struct str held; /* why it was, or a dry run's would be; "" else. In the arena */
    size_t impacted; /* mappings */
    size_t calls;
    int64_t elapsed_ms;
    char run_id[40];
};

/* AISLE_CONFLICT when another process is syncing this target. AISLE_INVALID when the
 * marketplace answered with no category at all. */
enum aisle_status flow_sync(const struct app *app, const struct sync_request *request,
                            const struct sync_listener *listener, struct arena *arena,
                            struct sync_result *out, struct aisle_err *err);

/* Compare two stored snapshots of a target (0: the newest, and the one before it). */
enum aisle_status flow_tree_diff(const struct app *app, struct str target_id,
                                 int64_t from, int64_t to,
                                 const struct sync_listener *listener,
                                 struct taxonomy_diff_counts *out, struct aisle_err *err);

/* The mappings that point to a leaf of the target that is gone or closed now. */
enum aisle_status flow_tree_impact(const struct app *app, struct str target_id,
                                   const struct sync_listener *listener, size_t *count,
                                   struct aisle_err *err);

/* How many mappings of a seller (empty: of all) point to a leaf that is gone or closed
 * now; 0 where there is no tree yet. */
enum aisle_status flow_tree_broken(const struct app *app, struct str target_id,
                                   struct str seller_id, size_t *count,
                                   struct aisle_err *err);

/* A target as asked for to its full form: "toko-a" is "toko-a:v2:TIKTOK_SHOP" for TikTok,
 * of a cross-border seller's shop "toko-a:v2:GLOBAL".
 * With an empty text: the only target stored; AISLE_INVALID lists them when there are
 * several. */
enum aisle_status flow_target(const struct app *app, struct str asked,
                              struct arena *arena, struct target *out, struct shop *shop,
                              struct aisle_err *err);

#endif
