/* app.h - what every flow is handed: the store, the world outside, and who is asking
 *
 * Filled once by whoever wires the program (cli, lib, a worker) and then only read, from
 * any number of threads. Everything in it outlives the flows.
 */
#ifndef FLOWS_APP_H
#define FLOWS_APP_H

#include "base/log.h"
#include "catalog/vault.h"
#include "channels/channel.h"
#include "net/objects.h"
#include "store/store.h"
#include "work/run.h"

/* How far a long flow is; told at most a few times a second, from one thread at a time.
 */
struct progress {
    const char *doing;               /* "fetching id-ID", "mapping" */
    const struct run_counts *counts; /* NULL where there is nothing to count yet */
    int64_t budget;                  /* calls allowed; -1 no limit */
    double per_second;               /* items finished a second; 0 unknown */
    int64_t seconds_left;            /* -1 unknown */
};
typedef void progress_fn(void *ctx, const struct progress *p);

struct image_helpers; /* image/mend.h */

struct app {
    struct store *store;
    const struct channel_ops *const
        *channels; /* ended by NULL; usually channel_drivers */
    const struct clock *clock;
    const struct rng *rng;
    const struct log *log;     /* or NULL */
    const struct vault *vault; /* without a key, what needs shop keys is AISLE_CONFIG */
    struct pace *pace;
    struct net_settings net; /* each thread makes its own struct net from it */
    struct objects *objects; /* where uploaded images are kept; or NULL */
    struct image_helpers *image_helpers; /* NULL: images are not mended */
    struct str image_folder;             /* where mended ones are kept; "" nowhere */
    struct str model_folder; /* where models fetched from objects are kept; "" nowhere */
    const atomic_bool *stop; /* set by Ctrl-C; or NULL */
    struct str owner;        /* of leases: "host/pid/start" */
    struct str who;          /* of decisions: a user's name */
    progress_fn *progress;   /* or NULL */
    void *progress_ctx;
    struct app_owned
        *owned; /* what app_open made; NULL when the caller filled this itself */
};

/* What a program decides before it can hand out a struct app. Text is borrowed for
 * app_open only. */
struct app_settings {
    struct str store; /* location, as store_open reads it */
    struct store_options store_options;
    struct str proxy, ca_file;       /* "" none, the system's */
    struct objects_settings objects; /* location "": none; net and rng are put in here */
    struct str trace_file;           /* transcript; "" none */
    double calls_per_second;         /* of one app and shop; 0: no limit until a 429 */
    bool own_limits; /* find out alone what shops let through, not with all who share the
                        store */
    int timeout_ms;  /* of a call; 0: 60 s */
    const struct clock *clock; /* NULL: the system's */
    const struct rng *rng;     /* NULL: the system's */
    const struct log *log;     /* or NULL */
    const struct vault *vault; /* or NULL: no keys */
    const atomic_bool *stop;   /* or NULL */
    struct str who;            /* "" the login name */
    progress_fn *progress;
    void *progress_ctx;
};

/* Opens the store and all that goes with it. *out stays where it is put: threads point at
 * it. app_close after success only. */
enum aisle_status app_open(const struct app_settings *settings, struct app *out,
                           struct aisle_err *err);
void app_close(struct app *app);

/* Look again how far this machine's clock is from the store's, and go by the store's from
 * now on: leases and limits are several machines'. app_open does it first; whoever runs
 * for long does it now and then. A store that does not say changes nothing. */
void app_agree_on_time(const struct app *app);

/* AISLE_STOPPED once app->stop is set. */
enum aisle_status app_check_stop(const struct app *app, struct aisle_err *err);

/* A text such as "host/4711/88231/4026531836" for app.owner, from host name, process id,
 * its start, and the namespace its id counts in. */
enum aisle_status owner_format(struct buf *out, struct aisle_err *err);
/* Whether the process behind an owner of this host is gone for certain; false when
 * unsure, as of another container that has this one's name. */
bool owner_is_gone(struct str owner);
/* The same by what this container can see: good for a hint, not to take a lease. */
bool owner_seems_gone(struct str owner);

#endif
