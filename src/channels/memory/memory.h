/* memory.h - a marketplace that is a table in this process: test double, and the shortest
 * example of a driver
 *
 * It has no network, needs no keys and never waits. Its tree and its answers are those of
 * a struct memory_channel: the built-in one, or one a test fills. A question is answered
 * by the first row of the table whose words the title holds; without one, by the leaf
 * whose name the title holds. It keeps nothing: an image pushed is named by its digest.
 */
#ifndef CHANNELS_MEMORY_MEMORY_H
#define CHANNELS_MEMORY_MEMORY_H

#include "channels/channel.h"

struct memory_answer {
    const char *words;        /* in the title, whatever the case */
    const char *category_id;  /* the leaf, when status is AISLE_OK */
    enum aisle_status status; /* else what the call fails with */
    const char *code, *message;
};

/* Its ops come first: a session's ops lead to the table, which is only read. */
struct memory_channel {
    struct channel_ops ops;
    const struct category_rows *trees; /* one a locale; the first is the shop's own */
    size_t tree_count;
    const struct memory_answer *answers;
    size_t answer_count;
};

/* A channel of one's own: the ops of the built-in one, its tables yours to set. Hand out
 * &m->ops. */
void memory_channel_init(struct memory_channel *m);

extern const struct memory_channel memory_builtin;

#endif
