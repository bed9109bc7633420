/* gather.h - writes of many threads in few commits
 *
 * A commit waits for the disk, and while it waits the next writes come in. The first
 * thread to come leads: it runs all that is waiting, its own write included, in one
 * transaction, and wakes everyone with their own outcome once it is durable. Whoever came
 * meanwhile finds a new leader among themselves. Those who were woken are often about to
 * write again: after a commit of several the next leader waits until as many have come,
 * for a tenth of that commit's time at most. A write that fails takes nothing but itself
 * back.
 *
 * Where statements are put off, the writes and their commit are sent one behind the other
 * first, as if all will go well; when one does not, the transaction is taken back and
 * each has its turn in a savepoint of its own.
 */
#ifndef STORE_SQL_GATHER_H
#define STORE_SQL_GATHER_H

#include "store/sql/sql.h"

#include <pthread.h>

/* One whole piece of work, inside a transaction. May be run in another thread than its
 * caller's, which waits, and more than once: it begins from the beginning each time. What
 * it puts into its caller's variables counts only when the write as a whole came back
 * AISLE_OK. */
typedef enum aisle_status write_fn(struct conn *c, const void *work,
                                   struct aisle_err *err);

struct gather_piece {
    write_fn *write;
    /* Looks at what `write` put off (sql_change_later), when it is done, and maybe
     * committed; may be NULL. A write that it refuses must have changed nothing, and one
     * that it looks at change no more when it is run twice. */
    write_fn *look;
    const void *work;
    const char *where; /* SQL_HERE */
};

struct gather {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct waiting *first, **last; /* in the order they came */
    size_t waiting;                /* how many they are */
    bool led;                      /* a thread is at it */
    bool expects;                  /* and waits for company */
    size_t together;               /* how many shared the last commit */
    int64_t took_us;               /* and how long it took */
    pthread_cond_t came;           /* by CLOCK_MONOTONIC */
    struct conn *conn;             /* the leader's */
    pthread_mutex_t *turn; /* to be held while using conn, where readers use it too; or
                              NULL */
};

enum aisle_status gather_init(struct gather *g, struct conn *conn, pthread_mutex_t *turn,
                              struct aisle_err *err);
void gather_clear(struct gather *g); /* after gather_init came back AISLE_OK */

/* Durable when it comes back AISLE_OK, else nothing of it is there. */
enum aisle_status gather_write(struct gather *g, const struct gather_piece *piece,
                               struct aisle_err *err);

#endif
