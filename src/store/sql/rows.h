/* rows.h - what the files about nouns share: the way to the rows, and pieces of a
 * transaction that several of them need
 *
 * A driver opens connections and says how to come by one; the nouns (shops.c, trees.c and
 * so on) are the same for all of them.
 */
#ifndef STORE_SQL_ROWS_H
#define STORE_SQL_ROWS_H

#include "store/sql/gather.h"
#include "store/sql/noun.h"
#include "store/store.h"

/* What a connection is wanted for. */
enum sql_use {
    SQL_LOOK, /* a few rows, with nobody else asked meanwhile */
    SQL_WALK, /* rows for a visitor, who may read the store himself */
};

struct incoming;

/* A piece of reading that takes several statements. */
typedef enum aisle_status read_fn(struct conn *c, void *work, struct aisle_err *err);

struct sql_driver {
    /* A connection to read with; give it back, also NULL. */
    enum aisle_status (*take)(struct store *s, enum sql_use use, struct conn **out,
                              struct aisle_err *err);
    void (*give)(struct store *s, enum sql_use use, struct conn *c);
    /* Run it in a transaction that reads one state; again where the connection was lost,
     * so that it begins from the beginning each time. */
    enum aisle_status (*read)(struct store *s, read_fn *fn, void *work, const char *where,
                              struct aisle_err *err);
    /* Durable when it comes back AISLE_OK, else nothing of it is there. */
    enum aisle_status (*write)(struct store *s, const struct gather_piece *piece,
                               struct aisle_err *err);
    /* The quick way for many products (put_many_fn of products.h); NULL where one by one
     * is quick. */
    enum aisle_status (*put_products)(struct conn *c, const struct incoming *list,
                                      size_t count, int64_t at, struct put_counts *counts,
                                      struct aisle_err *err);
    bool takes_hints; /* "INDEXED BY" */
    /* A question for all tables in an order in which none refers to a later one: table,
     * column, type, whether it is never null, place in the primary key from 1 or 0. */
    const char *tables;
};

/* Drivers over SQL have it as their first member. */
struct sql_store {
    struct store base;
    const struct sql_driver *driver;
};

static inline const struct sql_driver *sql_driver_of(struct store *s)
{
    return ((struct sql_store *)s)->driver;
}

extern const struct store_trees sql_trees;
extern const struct store_shops sql_shops;
extern const struct store_catalogue sql_catalogue;
extern const struct store_decisions sql_decisions;
extern const struct store_work sql_work;
extern const struct store_listings sql_listings;
extern const struct store_hooks sql_hooks;
extern const struct store_labels sql_labels;
extern const struct store_leases sql_leases;
extern const struct store_lessons sql_lessons;
extern const struct store_models sql_models;
extern const struct store_people sql_people;
extern const struct store_queues sql_queues;
extern const struct store_retention sql_retention;
extern const struct store_sharing sql_sharing;
extern const struct store_tasks sql_tasks;

/* ---- reading and writing: access.c ---- */

#define sql_write(s, fn, work, err) sql_write_looked(s, fn, NULL, work, err)
/* The same with a `look` (struct gather_piece). */
#define sql_write_looked(s, fn, look, work, err)                                         \
    sql_driver_of(s)->write(s, &(struct gather_piece){fn, look, work, SQL_HERE}, err)
#define sql_read(s, fn, work, err) sql_driver_of(s)->read(s, fn, work, SQL_HERE, err)

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
    enum sql_use use;
    struct conn *conn;
    struct stmt *st;
    enum aisle_status status; /* anything but AISLE_OK ends the walk */
    struct aisle_err *err;
};
struct walk walk_begin(struct store *s, const struct noun *noun, const struct query *q,
                       struct aisle_err *err);
bool walk_next(struct walk *w, void *row);
enum aisle_status walk_end(struct walk *w);

/* The first row, kept in the arena; *found is false where there is none. */
enum aisle_status sql_get(struct store *s, const struct noun *noun, const struct query *q,
                          struct arena *arena, void *out, bool *found,
                          struct aisle_err *err);
/* The same inside a transaction: borrowed until sql_finish(*st). */
enum aisle_status sql_peek(struct conn *c, const struct noun *noun, const struct query *q,
                           struct stmt **st, void *out, bool *found,
                           struct aisle_err *err);
/* The number a question is answered with; 0 where there is no row. */
enum aisle_status sql_look(struct store *s, const struct query *q, int64_t *answer,
                           struct aisle_err *err);
/* `count` numbers of a row of `counter`, never given before: *first and those behind it.
 * The next to ask waits for our commit: numbers become visible in their order. */
enum aisle_status sql_take_numbers(struct conn *c, const char *counter, size_t count,
                                   int64_t *first, struct aisle_err *err);
/* The same for whoever finds them there: the row's last ones, until the commit. */
enum aisle_status sql_skip_numbers(struct conn *c, const char *counter, size_t count,
                                   struct aisle_err *err);

/* What the index mapping_apart is about, said so that a database finds it. */
#define SQL_MAPPING_APART "m.stands IN ('refused', 'contested', 'conflict', 'none')"

/* ---- how a store is: care.c ---- */

/* A question that a sound store answers with no row; else the first one says where. */
struct sql_check {
    const char *sql, *words;
};
enum aisle_status sql_check(struct conn *c, const struct sql_check *list, size_t count,
                            struct aisle_err *err);
/* What must be so in any database. */
enum aisle_status sql_check_rows(struct conn *c, struct aisle_err *err);
/* Products, decisions and snapshots of the facts. */
enum aisle_status sql_count_rows(struct conn *c, struct store_facts *out,
                                 struct aisle_err *err);

/* ---- the words of our enums: words.c ---- */

extern const struct words sql_scope_words, sql_state_words, sql_standing_words,
    sql_advisor_words, sql_run_words, sql_item_words, sql_item_advisor_words,
    sql_listing_words, sql_doing_words, sql_hook_words, sql_role_words,
    sql_task_kind_words, sql_task_words;

/* ---- pieces of one transaction that several nouns share ---- */

enum aisle_status sql_add_seller(struct conn *c, struct str id, struct aisle_err *err);
enum aisle_status sql_append(struct conn *c, const struct decision_write *list,
                             size_t count, int64_t *last_seq, struct aisle_err *err);
/* The same; where nobody asks for the last number, and all may be hoped to be well, in a
 * few statements for all of them. */
enum aisle_status sql_append_all(struct conn *c, const struct decision_write *list,
                                 size_t count, struct aisle_err *err);
enum aisle_status sql_put_run(struct conn *c, const struct run *run,
                              struct aisle_err *err);
enum aisle_status sql_put_provisional(struct conn *c,
                                      const struct provisional_category *p,
                                      struct aisle_err *err);
enum aisle_status sql_put_pushed(struct conn *c, const struct pushed_image *image,
                                 struct aisle_err *err);
enum aisle_status sql_put_refused(struct conn *c, const struct refused_image *image,
                                  struct aisle_err *err);
/* AISLE_CONFLICT when the task is another's by now; else it is ours until the commit. */
enum aisle_status sql_check_hold(struct conn *c, const struct task_hold *hold,
                                 struct aisle_err *err);
/* Left out where the product image is gone by now. */
enum aisle_status sql_link_image(struct conn *c, struct str seller_id,
                                 struct str image_id, struct str shop_id,
                                 struct str channel_image_id, struct aisle_err *err);

#endif
