/* driver.h - what the files of the SQLite driver share
 *
 * One connection writes, through gather.h; reads take one from a pool, so that they
 * neither wait for a writer nor see half of what it does. A store in memory has but one
 * connection, and whoever uses it holds its turn.
 */
#ifndef STORE_SQLITE_DRIVER_H
#define STORE_SQLITE_DRIVER_H

#include "store/sqlite/gather.h"
#include "store/sqlite/noun.h"
#include "store/store.h"

enum { POOL_MAX_IDLE = 32, STORE_BUSY_MS = 10 * 1000 };

struct sqlite_store {
    struct store base;
    char *path; /* ":memory:" for one in memory */
    int busy_ms;
    bool in_memory;
    struct conn *writer;
    struct gather gather;
    pthread_mutex_t turn; /* of the one connection of a store in memory; recursive, so
                             that a visitor may read */
    pthread_mutex_t pool_lock;
    struct conn *idle[POOL_MAX_IDLE]; /* read connections nobody uses */
    size_t idle_count;
};

static inline struct sqlite_store *sqlite_store_of(struct store *s)
{
    return (struct sqlite_store *)s;
}

extern const struct store_ops store_sqlite_ops, store_memory_ops;
extern const struct store_trees sqlite_trees;
extern const struct store_shops sqlite_shops;
extern const struct store_catalogue sqlite_catalogue;
extern const struct store_decisions sqlite_decisions;
extern const struct store_work sqlite_work;
extern const struct store_listings sqlite_listings;
extern const struct store_hooks sqlite_hooks;

/* ---- open.c ---- */

/* Open path (":memory:" too) for a driver. */
enum aisle_status sqlite_store_open(const struct store_ops *ops, struct str path,
                                    const struct store_options *options,
                                    struct store **out, struct aisle_err *err);
void sqlite_store_close(struct store *s);

/* ---- migrate.c ---- */

int64_t sqlite_schema_wanted(void);
/* Which schema the file has; 0 for an empty one. AISLE_CONFIG: another program's. */
enum aisle_status sqlite_schema_version(struct conn *c, int64_t *version,
                                        struct aisle_err *err);
/* Bring it to the schema we want, unless it must not be touched. */
enum aisle_status sqlite_migrate(struct conn *c, bool no_migrate, struct aisle_err *err);

/* ---- care.c ---- */

enum aisle_status sqlite_facts(struct store *s, struct arena *arena,
                               struct store_facts *out, struct aisle_err *err);
enum aisle_status sqlite_check(struct store *s, struct aisle_err *err);
enum aisle_status sqlite_backup(struct store *s, struct str path, struct aisle_err *err);

/* ---- reading and writing: access.c ---- */

#define sqlite_write(s, fn, work, err)                                                   \
    gather_write(&sqlite_store_of(s)->gather, fn, work, SQL_HERE, err)

/* A connection to read with; give it back, also NULL. */
enum aisle_status sqlite_take_reader(struct store *s, struct conn **out,
                                     struct aisle_err *err);
void sqlite_give_reader(struct store *s, struct conn *c);

/* Rows one after the other, borrowed:
 *
 *     struct walk w = walk_begin(s, &shop_noun, &q, err);
 *
 *     while (walk_next(&w, &row))
 *         w.status = fn(ctx, &row, err);
 *     return walk_end(&w);
 */
struct walk {
    struct store *store;
    const struct noun *noun;
    struct conn *conn;
    sqlite3_stmt *st;
    enum aisle_status status; /* anything but AISLE_OK ends the walk */
    struct aisle_err *err;
};
struct walk walk_begin(struct store *s, const struct noun *noun, const struct query *q,
                       struct aisle_err *err);
bool walk_next(struct walk *w, void *row);
enum aisle_status walk_end(struct walk *w);

/* The first row, kept in the arena; *found is false where there is none. */
enum aisle_status sqlite_get(struct store *s, const struct noun *noun,
                             const struct query *q, struct arena *arena, void *out,
                             bool *found, struct aisle_err *err);
/* The same inside a transaction: borrowed until sql_finish(c, *st). */
enum aisle_status sqlite_peek(struct conn *c, const struct noun *noun,
                              const struct query *q, sqlite3_stmt **st, void *out,
                              bool *found, struct aisle_err *err);
/* `count` numbers of a row of `counter`, never given before: *first and those behind it.
 */
enum aisle_status sqlite_take_numbers(struct conn *c, const char *counter, size_t count,
                                      int64_t *first, struct aisle_err *err);

/* ---- the words of our enums: words.c ---- */

extern const struct words sqlite_scope_words, sqlite_state_words, sqlite_advisor_words,
    sqlite_run_words, sqlite_item_words, sqlite_item_advisor_words, sqlite_listing_words,
    sqlite_doing_words, sqlite_hook_words;

/* ---- pieces of one transaction that several nouns share ---- */

enum aisle_status sqlite_add_seller(struct conn *c, struct str id, struct aisle_err *err);
enum aisle_status sqlite_append(struct conn *c, const struct decision_write *list,
                                size_t count, int64_t *last_seq, struct aisle_err *err);
enum aisle_status sqlite_put_run(struct conn *c, const struct run *run,
                                 struct aisle_err *err);
enum aisle_status sqlite_put_provisional(struct conn *c,
                                         const struct provisional_category *p,
                                         struct aisle_err *err);
enum aisle_status sqlite_put_pushed(struct conn *c, const struct pushed_image *image,
                                    struct aisle_err *err);
/* Left out where the product image is gone by now. */
enum aisle_status sqlite_link_image(struct conn *c, struct str seller_id,
                                    struct str image_id, struct str shop_id,
                                    struct str channel_image_id, struct aisle_err *err);

#endif
