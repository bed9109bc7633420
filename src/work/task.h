/* task.h - a piece of work that waits for whichever worker is free, and who has it
 *
 * A task belongs to one shop's lane. A worker takes it for a while (a lease) and renews
 * that while it is at it; a task whose worker is gone is due again when its lease is
 * over. Each taking has a number, the fence: whoever holds an older one has lost the
 * task, and what it says of it counts no more.
 */
#ifndef WORK_TASK_H
#define WORK_TASK_H

#include "base/str.h"

enum task_kind {
    TASK_MAP, /* some seller categories of a shop */
    TASK_SYNC,
    TASK_REQUIREMENTS,
    TASK_PUBLISH,
    TASK_STATUS,
    TASK_WEBHOOKS,
    TASK_TOKEN, /* refreshed where it ends soon */
    TASK_TRAIN, /* a model, from what was decided */
};

const char *task_kind_name(enum task_kind kind); /* "map", "sync", … */
bool task_kind_parse(struct str name, enum task_kind *out);

enum task_state {
    TASK_WAITING, /* for its time, then for a worker */
    TASK_TAKEN,
    TASK_DONE,
    TASK_DEAD, /* given up; text says why. A person can have it tried again */
};

const char *task_state_name(enum task_state state); /* "waiting", "taken", … */
bool task_state_parse(struct str name, enum task_state *out);

#define TASK_NEVER INT64_MAX

struct task {
    struct str seller_id, shop_id;
    struct str id; /* one task of a name is open at a time */
    enum task_kind kind;
    struct str target_id;  /* empty where it is about the shop */
    struct str parameters; /* JSON: what else its kind wants to know */
    bool urgent;           /* a person waits: before all that nobody waits for */
    enum task_state state;
    int64_t attempts, most_attempts; /* begun; before it is given up */
    int64_t due_at;   /* waiting: not before; taken: the lease's end; else TASK_NEVER */
    int64_t fence;    /* grows each time it is taken */
    struct str owner; /* of the last taking */
    struct str text;  /* why it failed last, or what it did */
    int64_t created_at, started_at, finished_at; /* 0 not yet */
    int64_t begun_at; /* first taken since it was added or tried again: what was done
                         since then is done */
};

/* Who has a task, by the number of its taking. */
struct task_hold {
    struct str seller_id, shop_id, id;
    int64_t fence;
};

/* How a taking ended. Waiting: again from due_at on; a taking that was given back
 * (`unused`) does not count as an attempt. */
struct task_end {
    struct task_hold hold;
    enum task_state state;
    struct str text;
    int64_t due_at;
    bool unused;
    int64_t at;
};

/* A shop's tasks, counted. */
struct lane {
    struct str seller_id, shop_id;
    int64_t waiting, urgent, taken, done, dead; /* urgent: of those waiting */
    int64_t oldest_at; /* since when the oldest open one is there; 0 none */
};

/* A process that takes tasks, as it last said of itself. */
struct worker_report {
    struct str id; /* "host/pid/start" */
    int64_t started_at, seen_at;
    int64_t slots, busy;        /* at once; of them in use */
    int64_t done, failed, lost; /* takings since it began, by how they ended */
    struct str doing;           /* what it is at, for people */
    struct str last_error;
};

/* How often one app may call one shop, found out by all who do and shared by them. Times
 * are UTC milliseconds: several hosts read them. */
struct call_limit {
    struct str key; /* of the app and shop */
    int64_t version;
    double per_second, most; /* 0: no limit known; most: it may grow to */
    double best;             /* got through a second, lately */
    int64_t next_ms;         /* turns before it are given out */
    int64_t grown_ms;
    int64_t window_ms; /* since when the following are counted */
    int64_t turns, answers, refused;
    bool asking;
    double asked_from, asked_share, put_up_with;
    int64_t put_up_until_ms;
    int64_t calls, throttled; /* ever */
};

#endif
