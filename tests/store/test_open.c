/* Opening a store: locations, files made and found, and every way it can be refused. */
#include "store_test.h"

#include "store/postgres/conn.h"
#include "store/sqlite/driver.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct store_ops *sqlite_ops(void)
{
    for (size_t i = 0; store_drivers[i]; i++)
        if (strcmp(store_drivers[i]->name, "sqlite") == 0)
            return store_drivers[i];
    fail_msg("no sqlite driver");
    return NULL;
}

static int begin(void **state)
{
    *state = store_test_new(sqlite_ops());
    return 0;
}

/* By hand, as somebody with the sqlite3 shell would. */
static void sql_on(const char *path, const char *sql)
{
    sqlite3 *db;
    char *message = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");

    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static enum aisle_status open_at(struct store_test *t, const char *location,
                                 const struct store_options *options)
{
    struct store *s = NULL;
    enum aisle_status status = store_open(str_of(location), options, &s, &t->err);

    assert_int_equal(status == AISLE_OK, s != NULL);
    store_close(s);
    return status;
}

/* "#": the schema this program wants; "@": the path. */
static const char *in_words(struct store_test *t, const char *fmt, const char *path)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);
    struct str kept;

    for (const char *p = fmt; *p; p++)
        if (*p == '@')
            buf_addz(&b, path);
        else if (*p == '#')
            buf_addf(&b, "%lld", (long long)sqlite_schema_wanted());
        else
            buf_addc(&b, *p);
    kept = arena_str(&t->arena, buf_str(&b));
    buf_clear(&b);
    return kept.p;
}

/* ---- locations ---- */

static void a_location_names_its_driver(void **state)
{
    static const struct {
        const char *location, *driver;
    } table[] = {
        {"memory:", "memory"},  {":memory:", "sqlite"}, {"sqlite::memory:", "sqlite"},
        {"sqlite:@", "sqlite"}, {"@", "sqlite"},
    };
    struct store_test *t = *state;

    for (size_t i = 0; i < COUNT(table); i++) {
        const char *location = in_words(t, table[i].location, path_in_dir(t, "a.db"));
        struct store *s = NULL;

        assert_ok(store_open(str_of(location), NULL, &s, &t->err), &t->err);
        assert_string_equal(s->ops->name, table[i].driver);
        store_close(s);
    }
}

static void a_location_that_is_none_is_refused_in_words(void **state)
{
    static const struct {
        struct str location;
        enum aisle_status status;
        const char *words;
    } table[] = {
        {STR_INIT(""), AISLE_INVALID, "a store needs a path"},
        {STR_INIT("sqlite:"), AISLE_INVALID, "a store needs a path"},
        {STR_INIT("a\0b"), AISLE_INVALID, "a store's path has a NUL in it"},
        {STR_INIT("memory:shop"), AISLE_INVALID,
         "\"memory:\" takes no name: there is one store each time"},
        {STR_INIT("mysql://me:secret@db/aisle"), AISLE_CONFIG,
         "no store keeps a location such as \"mysql://\": give a path"},
        {STR_INIT("/no/such/folder/aisle.db"), AISLE_IO,
         "cannot make /no/such/folder/aisle.db: No such file or directory"},
        {STR_INIT("/dev/null/aisle.db"), AISLE_IO,
         "cannot open /dev/null/aisle.db: Not a directory"},
        {STR_INIT("/tmp"), AISLE_IO, "/tmp is a directory"},
    };
    struct store_test *t = *state;

    for (size_t i = 0; i < COUNT(table); i++) {
        struct store *s = NULL;

        store_open(table[i].location, NULL, &s, &t->err);
        assert_null(s);
        assert_failure(t, table[i].status, table[i].words);
    }
}

static void a_store_in_memory_begins_empty_each_time(void **state)
{
    struct store_test *t = *state;
    struct seller acme = {STR_LIT("acme"), STR_LIT("")};
    struct store *a = NULL, *b = NULL;

    assert_ok(store_open(STR_LIT(":memory:"), NULL, &a, &t->err), &t->err);
    assert_ok(store_open(STR_LIT(":memory:"), NULL, &b, &t->err), &t->err);
    assert_ok(a->ops->shops->put_seller(a, &acme, &t->err), &t->err);
    assert_ok(b->ops->shops->each_seller(b, see_seller, t, &t->err), &t->err);
    assert_seen(t, "");
    store_close(a);
    store_close(b);
    store_close(NULL);
}

/* ---- files ---- */

static void its_files_are_the_owners_alone(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    struct store_test *t = *state;
    mode_t before = umask(0);

    reopen(t);
    put_shop_and_target(t);
    umask(before);
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        struct str path = arena_fmt(&t->arena, "%s/aisle.db%s", t->dir, suffixes[i]);
        struct stat st;

        assert_int_equal(stat(path.p, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

static void a_store_is_not_made_where_it_must_exist(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "none.db");

    open_at(t, path, &(struct store_options){.must_exist = true});
    assert_failure(t, AISLE_NOT_FOUND, in_words(t, "there is no store at @", path));
    open_at(t, path, &(struct store_options){.no_migrate = true});
    assert_failure(t, AISLE_CONFIG,
                   in_words(t, "there is no store at @: make it first", path));
    assert_int_equal(access(path, F_OK), -1);
}

static void an_empty_file_is_a_store_to_be(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "empty.db");

    write_file(path, "");
    open_at(t, path, &(struct store_options){.no_migrate = true});
    assert_failure(
        t, AISLE_CONFIG,
        in_words(t, "@ has schema 0, this program wants #: migrate it first", path));
    assert_ok(open_at(t, path, &(struct store_options){.must_exist = true}), &t->err);
    assert_ok(open_at(t, path, &(struct store_options){.no_migrate = true}), &t->err);
}

/* As `sqlite3 aisle.db < 0001_first.sqlite.sql` makes it. */
static void a_store_of_the_first_schema_opens(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "one.db");
    struct str file =
        arena_fmt(&t->arena, "%s/src/store/migrations/0001_first.sqlite.sql",
                  getenv("SOURCE_ROOT"));
    static char sql[64 * 1024];
    FILE *f = fopen(file.p, "re");
    struct store *s = NULL;

    assert_non_null(f);
    assert_true(fread(sql, 1, sizeof sql - 1, f) > 1000);
    fclose(f);
    sql_on(path, sql);
    sql_on(path, "INSERT INTO seller (id, name) VALUES ('acme', 'Acme')");
    assert_ok(store_open(str_of(path), NULL, &s, &t->err), &t->err);
    assert_ok(s->ops->shops->each_seller(s, see_seller, t, &t->err), &t->err);
    assert_seen(t, "acme Acme\n");
    assert_ok(s->ops->check(s, &t->err), &t->err);
    store_close(s);
}

/* ---- refusals ---- */

static void a_newer_schema_is_left_alone(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "aisle.db");

    sql_on(path, "PRAGMA user_version = 99");
    open_at(t, path, NULL);
    assert_failure(
        t, AISLE_CONFIG,
        in_words(t, "@ has schema 99, this program knows #: use a newer program", path));
}

static void a_schema_that_moves_on_meanwhile_is_told(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "aisle.db");
    struct store *s;

    assert_ok(store_open(str_of(path), NULL, &s, &t->err), &t->err);
    assert_ok(s->ops->check_schema(s, &t->err), &t->err);
    sql_on(path, "PRAGMA user_version = 99");
    s->ops->check_schema(s, &t->err);
    assert_failure(
        t, AISLE_CONFIG,
        in_words(t, "@ has schema 99, this program knows #: use a newer program", path));
    store_close(s);
}

static void a_file_that_is_no_store_is_left_alone(void **state)
{
    struct store_test *t = *state;
    const char *notes = path_in_dir(t, "notes.txt"), *other = path_in_dir(t, "other.db");
    char back[64] = "";
    FILE *f;

    write_file(notes, "Remember the milk, and the other twelve things.\n");
    open_at(t, notes, NULL);
    assert_failure(t, AISLE_GARBLED, in_words(t, "@ is not a database", notes));
    f = fopen(notes, "re");
    assert_non_null(f);
    assert_non_null(fgets(back, sizeof back, f));
    fclose(f);
    assert_string_equal(back, "Remember the milk, and the other twelve things.\n");

    sql_on(other, "CREATE TABLE milk (litres)");
    open_at(t, other, NULL);
    assert_failure(t, AISLE_CONFIG,
                   in_words(t, "@ is a database of another program", other));
    sql_on(other, "PRAGMA application_id = 77; DROP TABLE milk");
    open_at(t, other, NULL);
    assert_failure(t, AISLE_CONFIG,
                   in_words(t, "@ is a database of another program", other));
}

/* As somebody who may write neither there nor to the file; root may always. */
static void begin_reading_only(struct store_test *t, const char *path, mode_t mode)
{
    store_close(t->s);
    t->s = NULL;
    assert_int_equal(chmod(path, mode), 0);
    assert_int_equal(chmod(t->dir, 0555), 0);
    if (geteuid() == 0)
        assert_int_equal(seteuid(65534), 0);
}

static void end_reading_only(struct store_test *t)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
    chmod(t->dir, 0700);
}

static void a_folder_one_may_not_write_to_is_named(void **state)
{
    struct store_test *t = *state;
    const char *fresh = path_in_dir(t, "fresh.db"), *there = path_in_dir(t, "aisle.db");
    bool named;

    put_shop_and_target(t);
    begin_reading_only(t, there, 0000);
    open_at(t, fresh, NULL);
    assert_failure(t, AISLE_IO, in_words(t, "cannot make @: Permission denied", fresh));
    open_at(t, there, NULL);
    named = strstr(t->err.text, there) && strstr(t->err.text, "cannot ");
    end_reading_only(t);
    assert_true(named);
    assert_int_equal(last_failure(t), AISLE_IO);
}

/* Such as a backup that was put aside. */
static void a_file_that_can_only_be_read_is_read(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "100% aisle?.db");
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    struct store *s = NULL;

    put_shop_and_target(t);
    assert_ok(t->s->ops->backup(t->s, str_of(path), &t->err), &t->err);
    for (int i = 0; i < 2; i++) { /* as it was written, and as one that was worked in */
        begin_reading_only(t, path, 0444);
        store_open(str_of(path), &(struct store_options){.must_exist = true}, &s,
                   &t->err);
        end_reading_only(t);
        assert_ok(t->err.status, &t->err);
        assert_ok(s->ops->shops->each_seller(s, see_seller, t, &t->err), &t->err);
        assert_seen(t, "acme -\n");
        s->ops->decisions->append(s, &w, 1, NULL, &t->err);
        assert_int_equal(t->err.outage, 0);
        assert_failure(
            t, AISLE_IO,
            in_words(t, "@ can only be read: copy it to where it can be written", path));
        store_close(s);
        assert_int_equal(chmod(path, 0600), 0);
        assert_int_equal(open_at(t, path, NULL), AISLE_OK);
    }
}

static void what_cannot_be_read_without_writing_says_what_helps(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "aisle.db"), *log = path_in_dir(t, "aisle.db-wal");
    struct str words;

    put_shop_and_target(t);
    begin_reading_only(t, path, 0446); /* others may write to it at any time */
    open_at(t, path, NULL);
    end_reading_only(t);
    words = arena_str(&t->arena, str_of(t->err.text));
    assert_int_equal(last_failure(t), AISLE_IO);
    assert_non_null(strstr(words.p, "copy it to where it can be written"));

    write_file(log, "what was not folded into it yet");
    assert_int_equal(chmod(log, 0444), 0);
    begin_reading_only(t, path, 0444);
    open_at(t, path, NULL);
    end_reading_only(t);
    words = arena_str(&t->arena, str_of(t->err.text));
    assert_int_equal(last_failure(t), AISLE_IO);
    assert_non_null(strstr(words.p, "the -wal file beside it"));
    unlink(log);

    assert_int_equal(chmod(path, 0600), 0);
    sql_on(path, "PRAGMA user_version = 1");
    begin_reading_only(t, path, 0444);
    open_at(t, path, NULL);
    end_reading_only(t);
    assert_failure(t, AISLE_CONFIG,
                   in_words(t,
                            "@ has schema 1, this program wants #, and it can only be "
                            "read: copy it to where it can be written, and migrate that",
                            path));
}

/* Write over the first page of a table. */
static void damage_table(const char *path, const char *table)
{
    char junk[4096];
    sqlite3 *db;
    sqlite3_stmt *st;
    off_t page;
    int fd;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT rootpage FROM sqlite_schema "
                                        "WHERE type = 'table' AND name = ?",
                                        -1, &st, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    page = sqlite3_column_int(st, 0) - 1;
    sqlite3_finalize(st);
    sqlite3_close(db);

    memset(junk, 0xA5, sizeof junk);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, junk, sizeof junk, page * 4096), sizeof junk);
    close(fd);
}

static void a_damaged_file_is_named_by_whoever_meets_it(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "aisle.db");
    struct product product = a_product("acme", "K-01");

    assert_ok(t->s->ops->catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err),
              &t->err);
    store_close(t->s);
    t->s = NULL;
    damage_table(path, "product");

    assert_ok(store_open(str_of(path), NULL, &t->s, &t->err), &t->err);
    assert_status(t->s->ops->check(t->s, &t->err), AISLE_GARBLED, &t->err);
    assert_non_null(strstr(t->err.text, path));
    last_failure(t);
    product.title = STR_LIT("Another");
    t->s->ops->catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err);
    assert_failure(t, AISLE_GARBLED,
                   in_words(t, "@ is damaged: database disk image is malformed", path));
}

static void check_finds_what_does_not_fit_together(void **state)
{
    static const struct {
        const char *sql, *words;
    } table[] = {
        {"UPDATE mapping SET seq = 1 WHERE key = 'A'",
         "@ has a mapping behind its newest decision: product A"},
        {"PRAGMA foreign_keys = OFF; DELETE FROM decision WHERE seq = 2",
         "@ has a row without the one it refers to: mapping row ? lacks its decision"},
        {"PRAGMA foreign_keys = OFF; DELETE FROM product_image",
         "@ has a product without the image it had: K-01"},
        {"UPDATE progress SET products = 2 WHERE target_id = ''",
         "@ has counted the products of a seller category wrong: Fashion > Kaos of acme"},
        {"PRAGMA foreign_keys = OFF; UPDATE decision SET key = 'K-01'; UPDATE mapping "
         "SET "
         "key = 'K-01'",
         "@ has counted what stands for the products of a seller category wrong: Fashion "
         "> Kaos of acme"},
        {"INSERT INTO progress VALUES ('acme', 'Fashion > Kaos', 't', 'done', 'person', "
         "9, 0, 1)",
         "@ has counted what stands for the products of a seller category wrong: Fashion "
         "> "
         "Kaos of acme"},
        {"PRAGMA foreign_keys = OFF; DELETE FROM snapshot_content",
         "@ has a snapshot without its tree: snapshot 1"},
    };

    for (size_t i = 0; i < COUNT(table); i++) {
        struct store_test *t = store_test_new(sqlite_ops());
        const char *path = path_in_dir(t, "aisle.db");
        struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
        struct product product = a_product("acme", "K-01");
        struct test_tree tree;
        int64_t id;

        (void)state;
        product.image_location = STR_LIT("a.jpg");
        assert_ok(t->s->ops->catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err),
                  &t->err);
        tree_read(&tree, "10 0 Fashion", NULL);
        assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
        assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
        assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
        assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
        sql_on(path, table[i].sql);
        t->s->ops->check(t->s, &t->err);
        assert_failure(t, AISLE_GARBLED, in_words(t, table[i].words, path));
        store_test_free(t);
    }
}

static void a_row_that_no_program_of_ours_wrote_is_garbled(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "aisle.db");
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    struct test_tree tree;
    int64_t id;

    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
    sql_on(path, "UPDATE decision SET state = 'odd'");
    t->s->ops->decisions->each(t->s, &(struct log_filter){0}, see_decision, t, &t->err);
    assert_failure(t, AISLE_GARBLED, "a row of decision has state \"odd\"");
    assert_seen(t, "");

    tree_read(&tree, "10 0 Fashion", NULL);
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    sql_on(path, "UPDATE snapshot SET content = 'x'");
    t->s->ops->trees->each_snapshot(t->s, STR_LIT(""), see_snapshot, t, &t->err);
    assert_failure(t, AISLE_GARBLED, "a row of snapshot has content \"x\"");
    sql_on(path, "UPDATE snapshot SET content = permissions, categories = -1");
    t->s->ops->trees->each_snapshot(t->s, STR_LIT(""), see_snapshot, t, &t->err);
    assert_failure(t, AISLE_GARBLED, "a row of snapshot has categories \"-1\"");
}

static void a_store_somebody_else_holds_is_busy(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "aisle.db");
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    struct store *impatient = NULL;
    sqlite3 *db;

    assert_ok(store_open(str_of(path), &(struct store_options){.busy_timeout_ms = 1},
                         &impatient, &t->err),
              &t->err);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    impatient->ops->decisions->append(impatient, &w, 1, NULL, &t->err);
    assert_failure(t, AISLE_BUSY, in_words(t, "another process holds @", path));
    /* reading goes on */
    assert_ok(impatient->ops->decisions->each(impatient, &(struct log_filter){0},
                                              see_decision, t, &t->err),
              &t->err);
    assert_seen(t, "");
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_ok(impatient->ops->decisions->append(impatient, &w, 1, NULL, &t->err),
              &t->err);
    sqlite3_close(db);
    store_close(impatient);
}

/* As an operator does who puts a backup in its place under a service that runs. */
static void a_file_that_was_replaced_while_it_was_open_is_not_written_to(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "gone.db"), *aside = path_in_dir(t, "aside.db");
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    struct store *s = NULL;

    assert_ok(store_open(str_of(path), NULL, &s, &t->err), &t->err);
    assert_int_equal(rename(path, aside), 0);
    for (int i = 0; i < 2; i++) { /* nothing there; another file there */
        s->ops->decisions->append(s, &w, 1, NULL, &t->err);
        assert_failure(t, AISLE_IO,
                       in_words(t, "@ is not the file it was: start anew", path));
        s->ops->shops->each_seller(s, NULL, NULL,
                                   &t->err); /* a connection not used yet */
        assert_int_equal(last_failure(t) != AISLE_OK, true);
        write_file(path, "");
    }
    assert_int_equal(rename(aside, path), 0);
    assert_ok(s->ops->decisions->append(s, &w, 1, NULL, &t->err), &t->err);
    store_close(s);
}

struct other_writer {
    sqlite3 *db;
    atomic_bool done;
};

static void *give_way(void *ctx)
{
    struct other_writer *other = ctx;

    usleep(200 * 1000); /* however long: the opener waits */
    atomic_store(&other->done, true);
    sqlite3_exec(other->db, "COMMIT", NULL, NULL, NULL);
    return NULL;
}

/* SQLite itself would not: it turns its log on at once or not at all. */
static void a_new_file_is_waited_for_while_somebody_makes_it(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "new.db");
    struct other_writer other = {0};
    struct store *s = NULL;
    pthread_t thread;

    assert_int_equal(sqlite3_open(path, &other.db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other.db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                     SQLITE_OK);
    store_open(str_of(path), &(struct store_options){.busy_timeout_ms = 1}, &s, &t->err);
    assert_failure(t, AISLE_BUSY, in_words(t, "another process holds @", path));
    assert_int_equal(pthread_create(&thread, NULL, give_way, &other), 0);
    assert_ok(store_open(str_of(path), &store_test_patient, &s, &t->err), &t->err);
    assert_true(atomic_load(&other.done));
    pthread_join(thread, NULL);
    sqlite3_close(other.db);
    store_close(s);
}

static void what_libpq_says_in_lines_is_said_in_sentences(void **state)
{
    static const struct {
        const char *said, *want;
    } cases[] = {
        {"connection to server at \"a\", port 1 failed: Connection refused\n\tIs the "
         "server "
         "running on that host and accepting TCP/IP connections?\n",
         "connection to server at \"a\", port 1 failed: Connection refused"},
        {"connection to a failed: timeout expired\nconnection to b failed: no route\n"
         "\tIs the server running on that host?\n",
         "connection to a failed: timeout expired; connection to b failed: no route"},
        {"FATAL:  database \"x\" does not exist\n",
         "FATAL: database \"x\" does not exist"},
        {"one,\ntwo.\r\n  \n Three\n\n", "one, two. Three"},
        {"\n \t", ""},
        {"", ""},
    };
    char out[400];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pg_words(cases[i].said, out, sizeof out);
        assert_string_equal(out, cases[i].want);
    }
    for (size_t room = 1; room < 20; room++) {
        memset(out, 'x', sizeof out);
        pg_words("a\nB c\nd\n\nE f g", out, room);
        assert_true(strlen(out) < room);
        assert_int_equal(out[room], 'x');
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, store_test_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_location_names_its_driver),
        TEST(a_location_that_is_none_is_refused_in_words),
        TEST(a_store_in_memory_begins_empty_each_time),
        TEST(its_files_are_the_owners_alone),
        TEST(a_store_is_not_made_where_it_must_exist),
        TEST(an_empty_file_is_a_store_to_be),
        TEST(a_store_of_the_first_schema_opens),
        TEST(a_newer_schema_is_left_alone),
        TEST(a_schema_that_moves_on_meanwhile_is_told),
        TEST(a_file_that_is_no_store_is_left_alone),
        TEST(a_folder_one_may_not_write_to_is_named),
        TEST(a_file_that_can_only_be_read_is_read),
        TEST(what_cannot_be_read_without_writing_says_what_helps),
        TEST(a_damaged_file_is_named_by_whoever_meets_it),
        TEST(check_finds_what_does_not_fit_together),
        TEST(a_row_that_no_program_of_ours_wrote_is_garbled),
        TEST(a_store_somebody_else_holds_is_busy),
        TEST(a_file_that_was_replaced_while_it_was_open_is_not_written_to),
        TEST(a_new_file_is_waited_for_while_somebody_makes_it),
        cmocka_unit_test(what_libpq_says_in_lines_is_said_in_sentences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
