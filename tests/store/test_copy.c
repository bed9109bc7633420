/* A whole store moved into another, whatever keeps them; and what is shown of where it
 * is.
 */
#include "store_test.h"

#include "store/postgres/driver.h"
#include "store/private_postgres.h"
#include "store/sqlite/driver.h"

#include <stdio.h>
#include <stdlib.h>

enum { PRODUCTS = 4500 }; /* several pieces */

/* A row in most tables, words of several bytes, and a product without an image. */
static void fill(struct store_test *t)
{
    static char ids[PRODUCTS][16];
    static struct product products[PRODUCTS];
    struct decision_write decisions[2] = {a_decision("P-00001", DECISION_ACCEPTED, "30"),
                                          a_decision("P-00002", DECISION_NONE, "")};
    struct pushed_image pushed = a_pushed_image("uuid-1", "bytes");
    struct run run = a_run("r-1");
    struct suggestion one = {STR_INIT("30"), 0.1, ADVISOR_LOCAL, STR_INIT("kaos")};
    struct step_item item = {.item = {.run_id = STR_LIT("r-1"),
                                      .seller_id = STR_LIT("acme"),
                                      .product_id = STR_LIT("P-00001")},
                             .suggestions = &one,
                             .suggestion_count = 1};
    struct run_step step = {.pushed = &pushed,
                            .decisions = decisions,
                            .decision_count = 2,
                            .items = &item,
                            .item_count = 1,
                            .run = &run};
    struct test_tree tree;
    int64_t id;

    for (size_t i = 0; i < PRODUCTS; i++) {
        snprintf(ids[i], sizeof ids[i], "P-%05zu", i);
        products[i] = a_product("acme", ids[i]);
        products[i].title = STR_LIT("Kaos \xe2\x98\x95 \xf0\x9f\x91\x95");
        if (i % 3)
            products[i].image_location = str_of(ids[i]);
    }
    put_shop_and_target(t);
    assert_ok(
        t->s->ops->catalogue->put_products(t->s, products, PRODUCTS, 1, NULL, &t->err),
        &t->err);
    tree_read(&tree, "10 0 Fashion\n30 10 Kaos*!INVITE_ONLY\n31 10 Topi*", "10 0 Mode");
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
}

/* "product 4500 3f…" a line, of tables that have rows; numbers given are another matter.
 */
static enum aisle_status see_table(void *ctx, const struct store_copied *copied,
                                   struct aisle_err *err)
{
    struct store_test *t = ctx;
    char hex[SHA256_HEX_LEN + 1];

    (void)err;
    sha256_hex(&copied->hash, hex);
    if (copied->rows && !str_is(copied->table, "counter"))
        buf_addf(&t->seen, "%.*s %zu %s\n", STR_ARG(copied->table), copied->rows, hex);
    return AISLE_OK;
}

static int by_line(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The order of tables is each database's own. */
static struct str sorted(struct store_test *t)
{
    struct str lines[128], text = arena_str(&t->arena, buf_str(&t->seen));
    size_t n = 0;

    buf_reset(&t->seen);
    while (!str_empty(text) && n < COUNT(lines))
        lines[n++] = str_cut(&text, '\n');
    qsort(lines, n, sizeof *lines, by_line);
    for (size_t i = 0; i < n; i++)
        buf_addf(&t->seen, "%.*s\n", STR_ARG(lines[i]));
    text = arena_str(&t->arena, buf_str(&t->seen));
    buf_reset(&t->seen);
    return text;
}

static struct str copy(struct store_test *t, struct store *from, struct store *to)
{
    assert_ok(store_copy(from, to, see_table, t, &t->err), &t->err);
    assert_ok(to->ops->check(to, &t->err), &t->err);
    return sorted(t);
}

static bool is_here(const struct store_ops *ops)
{
    return strcmp(ops->name, "postgresql") != 0 || private_postgres() != NULL;
}

static const struct store_ops *sqlite_ops(void)
{
    for (size_t i = 0; store_drivers[i]; i++)
        if (strcmp(store_drivers[i]->name, "sqlite") == 0)
            return store_drivers[i];
    return NULL;
}

static void a_store_is_the_same_after_going_there_and_back(void **state)
{
    struct store_test *a = store_test_new(sqlite_ops());

    (void)state;
    fill(a);
    for (size_t i = 0; store_drivers[i]; i++) {
        struct store_test *b, *c;
        struct str there, back;

        if (!is_here(store_drivers[i]))
            continue;
        b = store_test_new(store_drivers[i]);
        c = store_test_new(sqlite_ops());
        there = copy(a, a->s, b->s);
        back = copy(a, b->s, c->s);
        assert_true(str_find(there, STR_LIT("product 4500 ")) < there.n);
        assert_text(store_drivers[i]->name, there, back.p);
        store_test_free(b);
        store_test_free(c);
    }
    store_test_free(a);
}

/* As the server does with a session that was silent for too long, between two pieces. */
static int lose_the_source_once(unsigned what, void *ctx, void *st, void *text)
{
    bool *lost = ctx;

    (void)what, (void)text;
    if (!*lost && str_starts(str_of(sqlite3_sql(st)), "INSERT INTO product (")) {
        *lost = true;
        private_postgres_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE application_name = 'aisle'");
    }
    return 0;
}

static void a_source_that_is_lost_half_way_is_read_from_the_beginning(void **state)
{
    struct store_test *a, *b, *c;
    struct str there, back;
    bool lost = false;

    (void)state;
    if (!is_here(&store_postgres_ops))
        skip();
    a = store_test_new(sqlite_ops());
    b = store_test_new(&store_postgres_ops);
    c = store_test_new(sqlite_ops());
    fill(a);
    there = copy(a, a->s, b->s);
    sqlite3_trace_v2(sqlite_conn_of(sqlite_store_of(c->s)->writer)->db, SQLITE_TRACE_STMT,
                     lose_the_source_once, &lost);
    back = copy(a, b->s, c->s);
    assert_true(lost);
    assert_text("back", there, back.p);
    store_test_free(a);
    store_test_free(b);
    store_test_free(c);
}

static void numbers_go_on_where_they_were(void **state)
{
    struct store_test *a = store_test_new(sqlite_ops());

    (void)state;
    fill(a);
    for (size_t i = 0; store_drivers[i]; i++) {
        struct store_test *b;
        struct decision_write d = a_decision("later", DECISION_ACCEPTED, "30");
        struct product product;
        int64_t seq = 0;

        if (!is_here(store_drivers[i]))
            continue;
        b = store_test_new(store_drivers[i]);
        copy(a, a->s, b->s);
        assert_ok(b->s->ops->decisions->append(b->s, &d, 1, &seq, &b->err), &b->err);
        assert_int_equal(seq, 3);
        assert_ok(b->s->ops->catalogue->get_product(b->s, STR_LIT("acme"),
                                                    STR_LIT("P-00003"), &b->arena,
                                                    &product, &b->err),
                  &b->err);
        assert_str(product.title, "Kaos \xe2\x98\x95 \xf0\x9f\x91\x95");
        assert_str(product.image_id, "");
        store_test_free(b);
    }
    store_test_free(a);
}

static void nothing_is_copied_over_what_is_there(void **state)
{
    struct store_test *a = store_test_new(sqlite_ops());

    (void)state;
    fill(a);
    for (size_t i = 0; store_drivers[i]; i++) {
        struct store_test *b;
        struct seller zeta = {STR_LIT("zeta"), STR_LIT("")};

        if (!is_here(store_drivers[i]))
            continue;
        b = store_test_new(store_drivers[i]);
        assert_ok(b->s->ops->shops->put_seller(b->s, &zeta, &b->err), &b->err);
        assert_status(store_copy(a->s, b->s, NULL, NULL, &b->err), AISLE_CONFLICT,
                      &b->err);
        assert_true(str_find(str_of(b->err.text),
                             STR_LIT("is not empty: 1 rows of seller are there")) <
                    strlen(b->err.text));
        last_failure(b);
        assert_ok(b->s->ops->shops->each_seller(b->s, see_seller, b, &b->err), &b->err);
        assert_seen(b, "zeta -\n");
        store_test_free(b);
    }
    store_test_free(a);
}

static void a_location_is_shown_without_its_password(void **state)
{
    static const struct {
        const char *location, *shown;
        bool has;
    } table[] = {
        {"aisle.db", "aisle.db", false},
        {"shops/a:b@c.db", "shops/a:b@c.db", false},
        {"sqlite:password=x", "sqlite:password=x", false},
        {"postgresql://h/db", "postgresql://h/db", false},
        {"postgresql://u@h/db", "postgresql://u@h/db", false},
        {"postgresql://u:pw@h,i:2/db", "postgresql://u:***@h,i:2/db", true},
        {"postgres://u:p%40w@h/db?sslmode=require",
         "postgres://u:***@h/db?sslmode=require", true},
        {"postgresql://u:p@w/x@h/db", "postgresql://u:***@h/db", true},
        {"postgresql://h/db?user=u&password=pw&sslmode=require",
         "postgresql://h/db?user=u&password=***&sslmode=require", true},
        {"postgresql://u:a@h/db?password=b", "postgresql://u:***@h/db?password=***",
         true},
    };
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct str location = str_of(table[i].location);

        assert_text(table[i].location, store_location_shown(location, &arena),
                    table[i].shown);
        assert_int_equal(store_location_has_password(location), table[i].has);
    }
    arena_clear(&arena);
}

static void a_failure_is_told_without_where_the_store_is(void **state)
{
    static const struct {
        const char *place, *text, *shown;
        bool hidden;
    } table[] = {
        {"/var/shop/aisle.db", "another process holds /var/shop/aisle.db",
         "another process holds the store", true},
        {"/var/shop/aisle.db", "/var/shop/aisle.db: bad, see /var/shop/aisle.db",
         "the store: bad, see the store", true},
        {"/var/shop/aisle.db", "there is no shop /var/shop", "there is no shop /var/shop",
         false},
        {"postgresql://u@h/db", "all 64 connections to postgresql://u@h/db are in use",
         "all 64 connections to the store are in use", true},
        {"", "out of memory", "out of memory", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct store store = {.place = table[i].place};
        struct aisle_err err = {0};

        aisle_fail(&err, AISLE_BUSY, "%s", table[i].text);
        assert_int_equal(store_hide_place(&store, &err), table[i].hidden);
        assert_string_equal(err.text, table[i].shown);
    }
}

static void a_place_that_was_cut_off_is_not_told_either(void **state)
{
    char place[sizeof((struct aisle_err *)NULL)->text + 1] = "/";
    struct store store = {.place = place};
    struct aisle_err err = {0};

    (void)state;
    memset(place + 1, 'x', sizeof place - 2);
    aisle_fail(&err, AISLE_BUSY, "another process holds %s", place);
    assert_true(store_hide_place(&store, &err));
    assert_string_equal(err.text, "another process holds the store");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_is_the_same_after_going_there_and_back),
        cmocka_unit_test(a_source_that_is_lost_half_way_is_read_from_the_beginning),
        cmocka_unit_test(numbers_go_on_where_they_were),
        cmocka_unit_test(nothing_is_copied_over_what_is_there),
        cmocka_unit_test(a_location_is_shown_without_its_password),
        cmocka_unit_test(a_failure_is_told_without_where_the_store_is),
        cmocka_unit_test(a_place_that_was_cut_off_is_not_told_either),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
