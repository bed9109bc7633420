/* temper.h - the dial of faults: what goes wrong on purpose, and when
 *
 * Chance follows from the seed, the kind, the path, the question and, but for REFUSE and
 * WRONG, how often it was asked: no matter how calls of several threads fall, the same
 * questions meet the same faults in the next run. Thread-safe.
 */
#ifndef SANDBOX_TEMPER_H
#define SANDBOX_TEMPER_H

#include "http/reply.h"
#include "sandbox/journal.h"
#include "sandbox/sandbox.h"

struct temper;

enum aisle_status temper_new(uint64_t seed, const struct sandbox_fault *faults,
                             size_t count, struct temper **out, struct aisle_err *err);
void temper_free(struct temper *t); /* NULL is fine */

/* A new dial; AISLE_LIMIT over SANDBOX_MAX_FAULTS, AISLE_INVALID for a rate that is none.
 */
enum aisle_status temper_set(struct temper *t, const struct sandbox_fault *faults,
                             size_t count, struct aisle_err *err);
/* Appends the dial as a JSON array. */
void temper_show(struct temper *t, struct buf *out);
/* Forgets how often anything was asked. */
void temper_forget(struct temper *t);

/* What becomes of one call. */
struct mood {
    uint64_t chance; /* of this call, for details */
    bool has[FAULT_KINDS];
    struct sandbox_fault fault[FAULT_KINDS]; /* where has; the path is not filled in */
};

/* Counts the question and says what becomes of it. */
void temper_judge(struct temper *t, struct str path, uint64_t question,
                  struct mood *mood);
/* REFUSE or WRONG for a question about this title. */
bool temper_decides(struct temper *t, enum sandbox_fault_kind kind, struct str path,
                    struct str title, uint64_t *chance);

/* Keep what was answered on a path, and put that in place of another answer. */
void temper_keep(struct temper *t, struct str path, const struct http_reply *reply,
                 const struct note *note);
/* False: nothing is kept. The note is told what is answered instead, in the arena. */
bool temper_repeat(struct temper *t, struct str path, struct http_reply *reply,
                   struct arena *arena, struct note *note);

/* Turns the reply's pieces into a source that cuts, resets or dribbles them. False: no
 * memory, and the reply is as it was. */
bool temper_spoil(const struct mood *mood, struct http_reply *reply);

#endif
