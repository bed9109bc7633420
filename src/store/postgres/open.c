/* open.c - a location to a store, and back */
#include "base/mem.h"
#include "store/postgres/driver.h"

static enum aisle_status init_locks(struct pg_store *s, struct aisle_err *err)
{
    pthread_condattr_t attr;
    int failed = pthread_condattr_init(&attr);
    enum aisle_status status;

    if (failed)
        return aisle_nomem(err);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    failed = pthread_cond_init(&s->given, &attr);
    pthread_condattr_destroy(&attr);
    if (failed)
        return aisle_nomem(err);
    if (pthread_mutex_init(&s->lock, NULL) != 0) {
        pthread_cond_destroy(&s->given);
        return aisle_nomem(err);
    }
    status = gather_init(&s->gather, s->writer, NULL, err);
    if (status != AISLE_OK) {
        pthread_mutex_destroy(&s->lock);
        pthread_cond_destroy(&s->given);
    }
    return status;
}

static void free_store(struct pg_store *s)
{
    pg_conn_close(s->writer);
    pg_address_clear(&s->address);
    mem_free(s);
}

static enum aisle_status make_ready(struct conn *c, const struct store_options *options,
                                    struct aisle_err *err)
{
    enum aisle_status status = pg_migrate(c, options, err);

    return status == AISLE_OK ? pg_conn_enlist(c, err) : status;
}

/* Each part of it may be done twice: where there was a server, it is waited for. */
static enum aisle_status open_writer(struct pg_store *s,
                                     const struct store_options *options,
                                     struct aisle_err *err)
{
    enum aisle_status status = pg_conn_open(&s->address, false, &s->writer, err);
    int64_t until = 0;

    while (status == AISLE_OK) {
        struct aisle_err now = {0};

        status = make_ready(s->writer, options, &now);
        if (status == AISLE_OK || !pg_conn_of(s->writer)->lost ||
            !pg_conn_is_patient(pg_conn_of(s->writer), &until)) {
            aisle_pass(err, &now);
            break;
        }
        status = pg_conn_again(pg_conn_of(s->writer), err);
    }
    return status;
}

static enum aisle_status open_location(struct str location,
                                       const struct store_options *options,
                                       struct store **out, struct aisle_err *err)
{
    static const struct store_options defaults;
    struct pg_store *s = mem_zalloc(1, sizeof *s);
    enum aisle_status status;

    if (!s)
        return aisle_nomem(err);
    if (!options)
        options = &defaults;
    s->base.base.ops = &store_postgres_ops;
    s->base.driver = &pg_driver;
    status = pg_address_init(
        &s->address, location,
        options->busy_timeout_ms > 0 ? options->busy_timeout_ms : PG_BUSY_MS, err);
    s->address.log = options->log;
    s->base.base.place = s->address.place;
    if (status == AISLE_OK)
        status = open_writer(s, options, err);
    if (status == AISLE_OK)
        status = init_locks(s, err);
    if (status == AISLE_OK)
        *out = &s->base.base;
    else
        free_store(s);
    return status;
}

static void close_store(struct store *store)
{
    struct pg_store *s = pg_store_of(store);

    for (size_t i = 0; i < s->idle_count; i++)
        pg_conn_close(s->idle[i]);
    pg_conn_resign(s->writer);
    gather_clear(&s->gather);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->given);
    free_store(s);
}

const struct store_ops store_postgres_ops = {
    .name = "postgresql",
    .scheme = "postgresql://",
    .open = open_location,
    .close = close_store,
    .facts = pg_facts,
    .answers = pg_answers,
    .now = pg_now,
    .check_schema = pg_check_schema,
    .check = pg_check,
    .backup = NULL, /* pg_dump is PostgreSQL's own */
    .trees = &sql_trees,
    .shops = &sql_shops,
    .catalogue = &sql_catalogue,
    .decisions = &sql_decisions,
    .work = &sql_work,
    .listings = &sql_listings,
    .hooks = &sql_hooks,
    .labels = &sql_labels,
    .leases = &sql_leases,
    .lessons = &sql_lessons,
    .people = &sql_people,
    .queues = &sql_queues,
    .retention = &sql_retention,
    .models = &sql_models,
    .sharing = &sql_sharing,
    .tasks = &sql_tasks,
};
