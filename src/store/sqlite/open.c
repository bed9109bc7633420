/* open.c - a file, new or not, to a store; and back */
#include "base/mem.h"
#include "store/sqlite/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ours alone to read. Made without opening it: closing a descriptor would drop the locks
 * that SQLite may hold on the same file in this process. */
static enum aisle_status make_file(const char *path, struct aisle_err *err)
{
    if (mknod(path, S_IFREG | 0600, 0) == 0 || errno == EEXIST)
        return AISLE_OK;
    return aisle_fail(err, AISLE_IO, "cannot make %s: %s", path, strerror(errno));
}

static enum aisle_status
prepare_file(const char *path, const struct store_options *options, struct aisle_err *err)
{
    struct stat st;

    if (stat(path, &st) == 0)
        return S_ISDIR(st.st_mode) ? aisle_fail(err, AISLE_IO, "%s is a directory", path)
                                   : AISLE_OK;
    if (errno != ENOENT)
        return aisle_fail(err, AISLE_IO, "cannot open %s: %s", path, strerror(errno));
    if (options->must_exist)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no store at %s", path);
    if (options->no_migrate)
        return aisle_fail(err, AISLE_CONFIG, "there is no store at %s: make it first",
                          path);
    return make_file(path, err);
}

static enum aisle_status ask_for_log(struct conn *c, bool *kept, struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status =
        sql_prepare(c, "PRAGMA journal_mode = WAL", SQL_NO_VALUES, &st, err);

    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK)
        *kept = row && str_is(sql_column(st, 0), "wal");
    sql_finish(st);
    return status;
}

/* Until nobody writes, or the time for waiting is over. */
static enum aisle_status wait_for_turn(struct conn *c, struct aisle_err *err)
{
    enum aisle_status status = sql_begin_write(c, SQL_HERE, err);

    if (status == AISLE_OK)
        sql_rollback(c);
    return status;
}

enum { LOG_TRIES = 8 };

/* A log beside the file, so that readers and the writer go on at the same time. SQLite
 * turns it on without waiting for whoever writes, as who makes the same file does just
 * then: so we wait, and mostly find it turned on. */
static enum aisle_status use_log(struct conn *c, struct aisle_err *err)
{
    struct aisle_err mine = {0};
    bool kept = false;
    enum aisle_status status = ask_for_log(c, &kept, &mine);

    for (int i = 1; status == AISLE_BUSY && i < LOG_TRIES; i++) {
        mine = (struct aisle_err){0};
        status = wait_for_turn(c, &mine);
        if (status != AISLE_OK)
            break;
        status = ask_for_log(c, &kept, &mine);
    }
    aisle_pass(err, &mine);
    if (status == AISLE_OK && !kept)
        return aisle_fail(err, AISLE_CONFIG,
                          "%s is where SQLite cannot keep a write-ahead log", c->place);
    return status;
}

/* Room for what one large piece of work changes, so that it is not written twice (32
 * MiB); and 64 MiB of log before it is folded into the file, so that a page many commits
 * change is folded once. What savepoints may have to take back stays in files: in memory
 * (temp_store) it came to 150 MiB, strewn over the threads that led. */
static const char writer_settings[] = "PRAGMA cache_size = -32768;"
                                      "PRAGMA wal_autocheckpoint = 16384;"
                                      "PRAGMA secure_delete = ON;"
                                      "PRAGMA journal_size_limit = 67108864";

/* Look whose file it is before anything in it is touched. */
static enum aisle_status open_writer(struct sqlite_store *s,
                                     const struct store_options *options,
                                     struct aisle_err *err)
{
    int64_t version;
    enum aisle_status status = sqlite_conn_open(s->path, s->name, sqlite_open_flags(s),
                                                s->busy_ms, &s->writer, err);

    if (status == AISLE_OK)
        status = sqlite_schema_version(s->writer, &version, err);
    if (status == AISLE_OK && !s->in_memory)
        status = use_log(s->writer, err);
    if (status == AISLE_OK)
        status = sql_script(s->writer, writer_settings, err);
    if (status == AISLE_OK)
        status = sqlite_migrate(s->writer, options->no_migrate && !s->in_memory, err);
    return status;
}

/* ---- a file that can only be read ---- */

/* SQLite reads a file with a log in the company of who writes, by a third file that it
 * has to find or make. Where nobody writes it does without, if it is told so. */
static bool nobody_writes(const char *path, const char *log)
{
    struct stat file, left;
    bool sealed = access(path, W_OK) != 0 && errno == EROFS;

    if (!sealed && (stat(path, &file) != 0 || file.st_mode & 0222))
        return false;
    return stat(log, &left) != 0 ? errno == ENOENT : left.st_size == 0;
}

static enum aisle_status name_read_only(struct sqlite_store *s, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    bool still;

    buf_addf(&text, "%s-wal", s->path);
    still = text.p && nobody_writes(s->path, text.p);
    buf_reset(&text);
    buf_addz(&text, "file:");
    buf_url(&text, str_of(s->path));
    if (still)
        buf_addz(&text, "?immutable=1");
    mem_free(s->name);
    s->name = buf_take(&text);
    buf_clear(&text);
    return s->name ? AISLE_OK : aisle_nomem(err);
}

/* What the effective user may; root may always, but where the disk does not. */
static enum aisle_status look_at_file(struct sqlite_store *s, struct aisle_err *err)
{
    if (faccessat(AT_FDCWD, s->path, W_OK, AT_EACCESS) == 0)
        return AISLE_OK;
    if (errno != EACCES && errno != EROFS)
        return aisle_fail(err, AISLE_IO, "cannot open %s: %s", s->path, strerror(errno));
    s->read_only = true;
    return name_read_only(s, err);
}

/* As much as one can do without changing anything. */
static enum aisle_status open_reader(struct sqlite_store *s, struct aisle_err *err)
{
    int64_t version = 0, wanted = sqlite_schema_wanted();
    enum aisle_status status = sqlite_conn_open(s->path, s->name, sqlite_open_flags(s),
                                                s->busy_ms, &s->writer, err);

    if (status == AISLE_OK)
        status = sqlite_schema_version(s->writer, &version, err);
    if (status == AISLE_IO && faccessat(AT_FDCWD, s->path, R_OK, AT_EACCESS) == 0)
        aisle_note(err,
                   "which can only be read: copy it to where it can be written, with "
                   "the -wal file beside it if there is one");
    if (status == AISLE_OK && version < wanted)
        status = aisle_fail(err, AISLE_CONFIG,
                            "%s has schema %lld, this program wants %lld, and it can "
                            "only be read: copy it to where it can be written, and "
                            "migrate that",
                            s->path, (long long)version, (long long)wanted);
    return status == AISLE_OK ? sql_check_schema(s->writer, version, wanted, err)
                              : status;
}

static enum aisle_status init_turn(pthread_mutex_t *turn, struct aisle_err *err)
{
    pthread_mutexattr_t attr;
    int failed = pthread_mutexattr_init(&attr);

    if (failed)
        return aisle_nomem(err);
    failed = pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    if (!failed)
        failed = pthread_mutex_init(turn, &attr);
    pthread_mutexattr_destroy(&attr);
    return failed ? aisle_nomem(err) : AISLE_OK;
}

static enum aisle_status init_locks(struct sqlite_store *s, struct aisle_err *err)
{
    enum aisle_status status = init_turn(&s->turn, err);

    if (status != AISLE_OK)
        return status;
    if (pthread_mutex_init(&s->pool_lock, NULL) != 0) {
        pthread_mutex_destroy(&s->turn);
        return aisle_nomem(err);
    }
    status = gather_init(&s->gather, s->writer, s->in_memory ? &s->turn : NULL, err);
    if (status != AISLE_OK) {
        pthread_mutex_destroy(&s->pool_lock);
        pthread_mutex_destroy(&s->turn);
    }
    return status;
}

static enum aisle_status path_check(struct str path, struct aisle_err *err)
{
    if (str_empty(path))
        return aisle_fail(err, AISLE_INVALID, "a store needs a path");
    if (str_find_char(path, '\0') != path.n)
        return aisle_fail(err, AISLE_INVALID, "a store's path has a NUL in it");
    return AISLE_OK;
}

static void free_store(struct sqlite_store *s)
{
    sqlite_conn_close(s->writer);
    mem_free(s->name);
    mem_free(s->path);
    mem_free(s);
}

static enum aisle_status new_store(const struct store_ops *ops, struct str path,
                                   const struct store_options *options,
                                   struct sqlite_store **out, struct aisle_err *err)
{
    struct sqlite_store *s = mem_zalloc(1, sizeof *s);

    if (!s)
        return aisle_nomem(err);
    s->base.base.ops = ops;
    s->base.driver = &sqlite_driver;
    s->in_memory = str_is(path, ":memory:");
    s->busy_ms = options->busy_timeout_ms > 0 ? options->busy_timeout_ms : STORE_BUSY_MS;
    s->path = mem_dup(path.p, path.n);
    s->name = mem_dup(path.p, path.n);
    if (!s->path || !s->name) {
        free_store(s);
        return aisle_nomem(err);
    }
    s->base.base.place = s->path;
    *out = s;
    return AISLE_OK;
}

enum aisle_status sqlite_store_open(const struct store_ops *ops, struct str path,
                                    const struct store_options *options,
                                    struct store **out, struct aisle_err *err)
{
    static const struct store_options defaults;
    struct sqlite_store *s = NULL;
    enum aisle_status status = path_check(path, err);

    if (!options)
        options = &defaults;
    if (status == AISLE_OK)
        status = new_store(ops, path, options, &s, err);
    if (status != AISLE_OK)
        return status;

    if (!s->in_memory)
        status = prepare_file(s->path, options, err);
    if (status == AISLE_OK && !s->in_memory)
        status = look_at_file(s, err);
    if (status == AISLE_OK)
        status = s->read_only ? open_reader(s, err) : open_writer(s, options, err);
    if (status == AISLE_OK)
        status = init_locks(s, err);
    if (status == AISLE_OK)
        *out = &s->base.base;
    else
        free_store(s);
    return status;
}

/* The writer goes last: the last connection folds the log into the file. */
void sqlite_store_close(struct store *store)
{
    struct sqlite_store *s = sqlite_store_of(store);

    for (size_t i = 0; i < s->idle_count; i++)
        sqlite_conn_close(s->idle[i]);
    gather_clear(&s->gather);
    pthread_mutex_destroy(&s->pool_lock);
    pthread_mutex_destroy(&s->turn);
    free_store(s);
}

/* ---- the driver ---- */

static enum aisle_status open_path(struct str path, const struct store_options *options,
                                   struct store **out, struct aisle_err *err)
{
    return sqlite_store_open(&store_sqlite_ops, path, options, out, err);
}

const struct store_ops store_sqlite_ops = {
    .name = "sqlite",
    .scheme = "sqlite:",
    .open = open_path,
    .close = sqlite_store_close,
    .facts = sqlite_facts,
    .check_schema = sqlite_check_schema,
    .check = sqlite_check,
    .backup = sqlite_backup,
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
