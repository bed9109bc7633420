/* care.c - how a store is: what is in it, whether it is sound, and a copy of it */
#include "base/file.h"
#include "store/sqlite/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- facts ---- */

static int64_t file_bytes(struct arena *arena, const char *path, const char *suffix)
{
    struct str name = arena_fmt(arena, "%s%s", path, suffix);
    struct stat st;

    return name.p && stat(name.p, &st) == 0 ? st.st_size : 0;
}

static enum aisle_status read_facts(struct conn *c, void *work, struct aisle_err *err)
{
    struct store_facts *f = work;
    enum aisle_status status = sqlite_schema_version(c, &f->schema_version, err);

    return status == AISLE_OK ? sql_count_rows(c, f, err) : status;
}

enum aisle_status sqlite_facts(struct store *store, struct arena *arena,
                               struct store_facts *out, struct aisle_err *err)
{
    const struct sqlite_store *s = sqlite_store_of(store);
    struct store_facts f = {.driver = str_of(store->ops->name),
                            .location = arena_str(arena, str_of(s->path)),
                            .schema_wanted = sqlite_schema_wanted()};
    enum aisle_status status =
        f.location.p ? sql_read(store, read_facts, &f, err) : aisle_nomem(err);

    if (status != AISLE_OK)
        return status;
    if (!s->in_memory)
        f.bytes = file_bytes(arena, s->path, "") + file_bytes(arena, s->path, "-wal");
    *out = f;
    return AISLE_OK;
}

static enum aisle_status look_at_schema(struct conn *c, void *work, struct aisle_err *err)
{
    (void)work;
    return sqlite_schema_known(c, err);
}

enum aisle_status sqlite_check_schema(struct store *s, struct aisle_err *err)
{
    return sql_read(s, look_at_schema, NULL, err);
}

/* ---- soundness ---- */

static const struct sql_check checks[] = {
    {"SELECT integrity_check FROM pragma_integrity_check(1) "
     "WHERE integrity_check <> 'ok'",
     "is damaged"},
    {"SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' lacks its ' || parent "
     "FROM pragma_foreign_key_check LIMIT 1",
     "has a row without the one it refers to"},
};

enum aisle_status sqlite_check(struct store *s, struct aisle_err *err)
{
    struct conn *c = NULL;
    enum aisle_status status = sqlite_driver.take(s, SQL_LOOK, &c, err);

    if (status == AISLE_OK)
        status = sql_check(c, checks, sizeof checks / sizeof *checks, err);
    if (status == AISLE_OK)
        status = sql_check_rows(c, err);
    sqlite_driver.give(s, SQL_LOOK, c);
    return status;
}

/* ---- a copy ---- */

/* SQLite leaves it to us when the copy reaches the disk. */
static enum aisle_status flush_file(const char *path, struct aisle_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int failed = fd < 0 || fsync(fd) != 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    return failed
               ? aisle_fail(err, AISLE_IO, "cannot write %s: %s", path, strerror(failed))
               : AISLE_OK;
}

static enum aisle_status copy_into(struct store *s, const char *path,
                                   struct aisle_err *err)
{
    struct conn *c = NULL;
    enum aisle_status status = sqlite_driver.take(s, SQL_LOOK, &c, err);

    if (status == AISLE_OK)
        status = sql_run(c, "VACUUM INTO ?", SQL_VALUES(sql_text(str_of(path))), err);
    sqlite_driver.give(s, SQL_LOOK, c);
    return status == AISLE_OK ? flush_file(path, err) : status;
}

/* The empty file is made first, so that it is ours alone to read from the beginning. */
enum aisle_status sqlite_backup(struct store *s, struct str path, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct str name = arena_str(&arena, path);
    enum aisle_status status = AISLE_OK;

    if (!name.p)
        status = aisle_nomem(err);
    else if (mknod(name.p, S_IFREG | 0600, 0) != 0)
        status = aisle_fail(err, errno == EEXIST ? AISLE_CONFLICT : AISLE_IO,
                            "cannot make %s: %s", name.p, strerror(errno));
    else {
        status = copy_into(s, name.p, err);
        if (status == AISLE_OK)
            status = file_sync_name(name.p, err);
        if (status != AISLE_OK)
            unlink(name.p);
    }
    arena_clear(&arena);
    return status;
}
