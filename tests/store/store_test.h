/* store_test.h - a fresh store for each test, and what its visitors saw as lines of text
 */
#ifndef TESTS_STORE_STORE_TEST_H
#define TESTS_STORE_STORE_TEST_H

#include "check.h"

#include "base/buf.h"
#include "store/store.h"

struct store_test {
    const struct store_ops *ops; /* of the driver under test */
    char dir[64];                /* ours, gone afterwards; "" for a driver without disk */
    char location[192];
    struct store *s;
    struct arena arena;
    char fresh[8][192];
    size_t fresh_count;
    struct buf seen; /* one line for each row a visitor was given */
    struct aisle_err err;
};

/* A promise every driver keeps. */
struct contract_case {
    const char *says;
    void (*test)(void **state);
    bool needs_disk; /* about what outlives a process, or is shared by several */
    bool needs_backup;
};

#define CASE(function)                                                                   \
    {                                                                                    \
        .says = #function, .test = (function)                                            \
    }
#define CASE_ON_DISK(function)                                                           \
    {                                                                                    \
        .says = #function, .test = (function), .needs_disk = true                        \
    }

#define CASE_OF_BACKUP(function)                                                         \
    {                                                                                    \
        .says = #function, .test = (function), .needs_backup = true                      \
    }

/* cmocka's setup and teardown; *state is the driver's struct store_ops before, a struct
 * store_test after. */
int store_test_begin(void **state);
int store_test_end(void **state);

/* For whoever waits for others of the same test: as long as a slow machine needs. */
extern const struct store_options store_test_patient;

/* The same without cmocka. */
struct store_test *store_test_new(const struct store_ops *ops);
void store_test_free(struct store_test *t);

/* Close and open again. */
void reopen(struct store_test *t);
/* A path inside the test's folder; for a driver without disk in a folder made for it. */
const char *path_in_dir(struct store_test *t, const char *name);

/* Where the driver under test would make a store, and there is none yet. */
const char *fresh_location(struct store_test *t);

/* Forget the last failure, whose status it was. */
enum aisle_status last_failure(struct store_test *t);

/* What was seen since the last time, as text; compared and forgotten. */
#define assert_seen(t, want) check_seen(t, want, __FILE__, __LINE__)
void check_seen(struct store_test *t, const char *want, const char *file, int line);

/* The whole text of a failure. */
#define assert_failure(t, status, words)                                                 \
    check_failure(t, status, words, __FILE__, __LINE__)
void check_failure(struct store_test *t, enum aisle_status status, const char *words,
                   const char *file, int line);

/* The rows an SQL text gives on a connection of its own, "a|b" each, NULL where it is
 * null. For a store in SQLite's file. */
#define assert_sql(t, sql, want) check_sql(t, sql, want, __FILE__, __LINE__)
void check_sql(struct store_test *t, const char *sql, const char *want, const char *file,
               int line);

/* Visitors with a struct store_test as their ctx. */
enum aisle_status see_seller(void *ctx, const struct seller *row, struct aisle_err *err);
enum aisle_status see_shop(void *ctx, const struct shop *row, struct aisle_err *err);
enum aisle_status see_target(void *ctx, const struct target *row, struct aisle_err *err);
enum aisle_status see_snapshot(void *ctx, const struct snapshot *row,
                               struct aisle_err *err);
enum aisle_status see_product(void *ctx, const struct product *row,
                              struct aisle_err *err); /* "acme/K-01" */
enum aisle_status see_category(void *ctx, const struct seller_category *row,
                               struct aisle_err *err);
enum aisle_status see_decision(void *ctx, const struct decision *row,
                               struct aisle_err *err);
enum aisle_status see_suggestion(void *ctx, const struct suggestion *row,
                                 struct aisle_err *err);
enum aisle_status see_run(void *ctx, const struct run *row, struct aisle_err *err);
enum aisle_status see_item(void *ctx, const struct run_item *row, struct aisle_err *err);

/* Things to put into a store. */
struct shop a_shop(const char *id, const char *seller_id);
struct product a_product(const char *seller_id, const char *id);
struct decision_write a_decision(const char *key, enum decision_state state,
                                 const char *category_id);
struct run a_run(const char *id);
struct pushed_image a_pushed_image(const char *id, const char *bytes);
/* A shop "toko-a" of seller "acme", and the target "toko-a:v2:TIKTOK_SHOP". */
void put_shop_and_target(struct store_test *t);

#define TARGET "toko-a:v2:TIKTOK_SHOP"

/* ---- trees ---- */

enum { TEST_MAX_ROWS = 64 };

/* A tree from lines "id parent name" for each of two locales; a leaf's name ends in "*",
 * words behind a "!" are its permissions. */
struct test_tree {
    struct category_row rows[2][TEST_MAX_ROWS];
    struct category_rows locales[2];
    struct tree_change change;
};
/* Lines of en-US and id-ID (NULL: one locale). Text must outlive the tree. */
void tree_read(struct test_tree *tree, const char *english, const char *indonesian);
/* One line for each category of a tree: "id > parent, names, leaf, permissions". */
void tree_show(const struct taxonomy *tree, struct buf *out);
/* Apply; *snapshot_id as the store gave it. */
enum aisle_status tree_apply(struct store_test *t, struct test_tree *tree,
                             int64_t expected, int64_t at, int64_t *snapshot_id);

#endif
