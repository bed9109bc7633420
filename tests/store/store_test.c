#include "store_test.h"

#include "store/private_postgres.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const struct store_options store_test_patient = {.busy_timeout_ms = 600 * 1000};

/* ---- a fresh store ---- */

static void make_dir(struct store_test *t)
{
    snprintf(t->dir, sizeof t->dir, "%s", "/tmp/aisle-store-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
}

static bool is_postgres(const struct store_ops *ops)
{
    return strcmp(ops->name, "postgresql") == 0;
}

struct store_test *store_test_new(const struct store_ops *ops)
{
    struct store_test *t = calloc(1, sizeof *t);

    assert_non_null(t);
    t->ops = ops;
    t->arena.max = ARENA_MAX_WORK;
    t->seen.max = BUF_MAX_REPLY;
    if (strcmp(ops->name, "memory") == 0) {
        snprintf(t->location, sizeof t->location, "memory:");
    } else if (is_postgres(ops)) {
        private_postgres_location(t->location, sizeof t->location);
    } else {
        make_dir(t);
        snprintf(t->location, sizeof t->location, "%s%s/aisle.db", ops->scheme, t->dir);
    }
    assert_ok(store_open(str_of(t->location), &store_test_patient, &t->s, &t->err),
              &t->err);
    return t;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

void store_test_free(struct store_test *t)
{
    store_close(t->s);
    if (is_postgres(t->ops)) {
        private_postgres_drop(t->location);
        for (size_t i = 0; i < t->fresh_count; i++)
            private_postgres_drop(t->fresh[i]);
    }
    arena_clear(&t->arena);
    buf_clear(&t->seen);
    if (t->dir[0])
        nftw(t->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(t);
}

int store_test_begin(void **state)
{
    *state = store_test_new(*state);
    return 0;
}

int store_test_end(void **state)
{
    store_test_free(*state);
    return 0;
}

void reopen(struct store_test *t)
{
    store_close(t->s);
    t->s = NULL;
    assert_ok(store_open(str_of(t->location), &store_test_patient, &t->s, &t->err),
              &t->err);
}

const char *path_in_dir(struct store_test *t, const char *name)
{
    struct str path;

    if (!t->dir[0])
        make_dir(t);
    path = arena_fmt(&t->arena, "%s/%s", t->dir, name);
    assert_non_null(path.p);
    return path.p;
}

const char *fresh_location(struct store_test *t)
{
    char *location = t->fresh[t->fresh_count];
    char name[32];

    assert_true(t->fresh_count < COUNT(t->fresh));
    snprintf(name, sizeof name, "fresh-%zu.db", t->fresh_count++);
    if (is_postgres(t->ops))
        private_postgres_location(location, sizeof t->fresh[0]);
    else
        snprintf(location, sizeof t->fresh[0], "%s", path_in_dir(t, name));
    return location;
}

/* ---- what was seen ---- */

void check_seen(struct store_test *t, const char *want, const char *file, int line)
{
    check_text("seen", buf_str(&t->seen), str_of(want), file, line);
    buf_reset(&t->seen);
}

enum aisle_status last_failure(struct store_test *t)
{
    enum aisle_status status = t->err.status;

    t->err = (struct aisle_err){0};
    return status;
}

void check_failure(struct store_test *t, enum aisle_status status, const char *words,
                   const char *file, int line)
{
    check_status(t->err.status, status, &t->err, file, line);
    check_text("failure", str_of(t->err.text), str_of(words), file, line);
    last_failure(t);
}

void check_sql(struct store_test *t, const char *sql, const char *want, const char *file,
               int line)
{
    struct buf rows = BUF_INIT(BUF_MAX_LINE);
    sqlite3 *db;
    sqlite3_stmt *st;

    assert_int_equal(
        sqlite3_open_v2(path_in_dir(t, "aisle.db"), &db, SQLITE_OPEN_READONLY, NULL),
        SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(st) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const char *text = (const char *)sqlite3_column_text(st, i);

            buf_addf(&rows, "%s%s", i ? "|" : "", text ? text : "NULL");
        }
        buf_addc(&rows, '\n');
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    check_text(sql, buf_str(&rows), str_of(want), file, line);
    buf_clear(&rows);
}

/* "a b c", a "-" for each empty one; NULL ends. */
static void see(struct store_test *t, const struct str *const *members)
{
    for (size_t i = 0; members[i]; i++) {
        if (i > 0)
            buf_addc(&t->seen, ' ');
        buf_add(&t->seen, str_empty(*members[i]) ? STR_LIT("-") : *members[i]);
    }
}

#define SEE(...) see(t, (const struct str *const[]){__VA_ARGS__, NULL})

enum aisle_status see_seller(void *ctx, const struct seller *row, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->id, &row->name);
    buf_addc(&t->seen, '\n');
    return AISLE_OK;
}

enum aisle_status see_shop(void *ctx, const struct shop *row, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->id, &row->seller_id, &row->channel, &row->name, &row->remote_id,
        &row->region, &row->app_key, &row->api_url, &row->auth_url, &row->sealed);
    buf_addf(&t->seen, " %lld %lld\n", (long long)row->keys_version,
             (long long)row->created_at);
    return AISLE_OK;
}

enum aisle_status see_target(void *ctx, const struct target *row, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->id, &row->shop_id, &row->version, &row->platform);
    buf_addc(&t->seen, '\n');
    return AISLE_OK;
}

enum aisle_status see_snapshot(void *ctx, const struct snapshot *row,
                               struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->target_id, &row->locales, &row->run_id);
    buf_addf(&t->seen, " %lld %lld %lld %zu %zu\n", (long long)row->id,
             (long long)row->taken_at, (long long)row->checked_at, row->categories,
             row->leaves);
    return AISLE_OK;
}

enum aisle_status see_product(void *ctx, const struct product *row, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s/%.*s\n", STR_ARG(row->seller_id), STR_ARG(row->id));
    return AISLE_OK;
}

enum aisle_status see_category(void *ctx, const struct seller_category *row,
                               struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->seller_id, &row->id, &row->path);
    buf_addf(&t->seen, " %zu\n", row->products);
    return AISLE_OK;
}

enum aisle_status see_decision(void *ctx, const struct decision *row,
                               struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%lld %s ", (long long)row->seq, decision_scope_name(row->scope));
    SEE(&row->key);
    buf_addf(&t->seen, " %s ", decision_state_name(row->state));
    SEE(&row->category_id);
    buf_addc(&t->seen, '\n');
    return AISLE_OK;
}

enum aisle_status see_suggestion(void *ctx, const struct suggestion *row,
                                 struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->category_id, &row->reasons);
    buf_addf(&t->seen, " %s %.2f\n", advisor_name(row->advisor), row->confidence);
    return AISLE_OK;
}

enum aisle_status see_run(void *ctx, const struct run *row, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->id, &row->kind);
    buf_addf(&t->seen, " %s\n", run_state_name(row->state));
    return AISLE_OK;
}

enum aisle_status see_item(void *ctx, const struct run_item *row, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    SEE(&row->run_id, &row->seller_id, &row->product_id, &row->category_id, &row->code,
        &row->text);
    buf_addf(&t->seen, " %s %s %lld\n", item_state_name(row->state),
             advisor_of_item_name(row->by), (long long)row->at);
    return AISLE_OK;
}

/* ---- things to put into a store ---- */

struct shop a_shop(const char *id, const char *seller_id)
{
    return (struct shop){.id = str_of(id),
                         .seller_id = str_of(seller_id),
                         .channel = str_of("tiktok"),
                         .name = str_of("Toko"),
                         .remote_id = str_of("7494"),
                         .region = str_of("ID"),
                         .seller_type = str_of("LOCAL"),
                         .app_key = str_of("app"),
                         .created_at = 100};
}

struct product a_product(const char *seller_id, const char *id)
{
    return (struct product){.seller_id = str_of(seller_id),
                            .id = str_of(id),
                            .title = str_of("Kaos Polos"),
                            .seller_category_id = str_of("Fashion > Kaos"),
                            .price_minor = -1};
}

struct decision_write a_decision(const char *key, enum decision_state state,
                                 const char *category_id)
{
    return (struct decision_write){.d = {.seller_id = str_of("acme"),
                                         .target_id = str_of(TARGET),
                                         .scope = SCOPE_PRODUCT,
                                         .key = str_of(key),
                                         .state = state,
                                         .category_id = str_of(category_id),
                                         .advisor = ADVISOR_PERSON,
                                         .confidence = 1,
                                         .who = str_of("budi"),
                                         .batch_id = str_of("b-1"),
                                         .at = 500},
                                   .expected = EXPECT_ANY};
}

struct run a_run(const char *id)
{
    return (struct run){.id = str_of(id),
                        .kind = str_of("map"),
                        .seller_id = str_of("acme"),
                        .target_id = str_of(TARGET),
                        .policy = str_of("guide"),
                        .parameters = str_of("{}"),
                        .counts = {.total = 10},
                        .started_at = 400,
                        .owner = str_of("host/1/2"),
                        .lease_until = 460};
}

struct pushed_image a_pushed_image(const char *id, const char *bytes)
{
    struct pushed_image image = {.seller_id = str_of("acme"),
                                 .shop_id = str_of("toko-a"),
                                 .id = str_of(id),
                                 .uri = str_of("tos-1/kaos"),
                                 .url = str_of("https://cdn.example/kaos"),
                                 .width = 600,
                                 .height = 800,
                                 .use_case = str_of("MAIN_IMAGE"),
                                 .request_id = str_of("req-1"),
                                 .pushed_at = 450};

    assert_ok(sha256_of(str_of(bytes), &image.bytes_hash, NULL), NULL);
    return image;
}

void put_shop_and_target(struct store_test *t)
{
    struct shop shop = a_shop("toko-a", "acme");
    struct target target = {.id = str_of(TARGET),
                            .shop_id = str_of("toko-a"),
                            .version = str_of("v2"),
                            .platform = str_of("TIKTOK_SHOP")};

    assert_ok(t->s->ops->shops->put_shop(t->s, &shop, &t->err), &t->err);
    assert_ok(t->s->ops->shops->put_target(t->s, &target, &t->err), &t->err);
}

/* ---- trees ---- */

static unsigned read_permissions(struct str words)
{
    unsigned bits = 0;

    while (!str_empty(words))
        bits |= permission_parse(str_cut(&words, ','));
    return bits;
}

static size_t read_rows(const char *lines, struct category_row rows[TEST_MAX_ROWS])
{
    struct str rest = str_of(lines);
    size_t n = 0;

    while (!str_empty(rest)) {
        struct str line = str_cut(&rest, '\n');
        struct category_row *row = &rows[n++];

        assert_true(n <= TEST_MAX_ROWS);
        row->id = str_cut(&line, ' ');
        row->parent_id = str_cut(&line, ' ');
        row->name = str_cut(&line, '!');
        row->permissions = read_permissions(line);
        row->leaf = str_ends(row->name, "*");
        if (row->leaf)
            row->name.n--;
    }
    return n;
}

void tree_read(struct test_tree *tree, const char *english, const char *indonesian)
{
    memset(tree, 0, sizeof *tree);
    tree->locales[0] = (struct category_rows){STR_LIT("en-US"), tree->rows[0],
                                              read_rows(english, tree->rows[0])};
    if (indonesian)
        tree->locales[1] = (struct category_rows){STR_LIT("id-ID"), tree->rows[1],
                                                  read_rows(indonesian, tree->rows[1])};
    tree->change = (struct tree_change){.target = {.id = STR_LIT(TARGET),
                                                   .shop_id = STR_LIT("toko-a"),
                                                   .version = STR_LIT("v2"),
                                                   .platform = STR_LIT("TIKTOK_SHOP")},
                                        .channel = STR_LIT("tiktok"),
                                        .region = STR_LIT("ID"),
                                        .per_locale = tree->locales,
                                        .locale_count = indonesian ? 2 : 1,
                                        .categories = tree->locales[0].count,
                                        .leaves = 0};
    for (size_t i = 0; i < tree->locales[0].count; i++)
        tree->change.leaves += tree->rows[0][i].leaf;
}

void tree_show(const struct taxonomy *tree, struct buf *out)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct category *c = &tree->rows[i];
        char permissions[80];

        permission_format(c->permissions, permissions);
        buf_addf(out, "%.*s > %.*s,", STR_ARG(c->id), STR_ARG(c->parent_id));
        for (size_t l = 0; l < tree->locale_count; l++)
            buf_addf(out, " %.*s%s", STR_ARG(c->names[l]), c->names[l].p ? "" : "-");
        buf_addf(out, "%s%s%s%s\n", c->leaf ? ", leaf" : "",
                 c->provisional ? ", provisional" : "", permissions[0] ? ", " : "",
                 permissions);
    }
}

enum aisle_status tree_apply(struct store_test *t, struct test_tree *tree,
                             int64_t expected, int64_t at, int64_t *snapshot_id)
{
    tree->change.expected_snapshot = expected;
    tree->change.at = at;
    return t->s->ops->trees->apply(t->s, &tree->change, snapshot_id, &t->err);
}
