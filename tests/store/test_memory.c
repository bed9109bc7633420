/* Every promise with the nth allocation failing, SQLite's own included: the failure is
 * said, nothing of the work is there, and the store goes on.
 */
#include "store_test.h"

#include "store/sqlite/driver.h"

#include <stdio.h>

/* ---- SQLite allocates through our door too ---- */

enum { HEAD = 16 }; /* the size stands before what SQLite is given */

static void *give(void *p, int n)
{
    if (!p)
        return NULL;
    *(int *)p = n;
    return (char *)p + HEAD;
}

static void *sqlite_malloc(int n)
{
    return give(mem_alloc((size_t)n + HEAD), n);
}

static void sqlite_free(void *p)
{
    mem_free(p ? (char *)p - HEAD : NULL);
}

static void *sqlite_realloc(void *p, int n)
{
    return give(mem_realloc((char *)p - HEAD, (size_t)n + HEAD), n);
}

static int sqlite_size(void *p)
{
    return p ? *(int *)(void *)((char *)p - HEAD) : 0;
}

static int sqlite_roundup(int n)
{
    return (n + 7) & ~7;
}

static int sqlite_init(void *ctx)
{
    (void)ctx;
    return SQLITE_OK;
}

static void sqlite_shutdown(void *ctx)
{
    (void)ctx;
}

static const sqlite3_mem_methods through_our_door = {
    sqlite_malloc,  sqlite_free, sqlite_realloc,  sqlite_size,
    sqlite_roundup, sqlite_init, sqlite_shutdown, NULL};

/* ---- what is done ---- */

/* What each piece of work finds there. */
static void fill(struct store_test *t)
{
    static const struct suggestion one = {STR_INIT("30"), 1, ADVISOR_LOCAL, {0}};
    struct product product = a_product("acme", "A");
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    struct pushed_image pushed = a_pushed_image("uuid-1", "bytes");
    struct answer answer = {.seller_id = STR_LIT("acme"),
                            .target_id = STR_LIT(TARGET),
                            .question = STR_LIT("q-1")};
    struct run run = a_run("r-1");
    struct step_item item = {.item = {.run_id = run.id,
                                      .seller_id = STR_LIT("acme"),
                                      .product_id = STR_LIT("A")},
                             .suggestions = &one,
                             .suggestion_count = 1};
    struct run_step step = {.pushed = &pushed,
                            .seller_id = STR_LIT("acme"),
                            .shop_id = STR_LIT("toko-a"),
                            .link_image_id = STR_LIT("img-1"),
                            .link_channel_image_id = STR_LIT("uuid-1"),
                            .answer = &answer,
                            .decisions = &w,
                            .decision_count = 1,
                            .items = &item,
                            .item_count = 1,
                            .run = &run};
    const struct lease_claim claim = {STR_LIT("taken"), STR_LIT("b"), 1, 9, 60};
    struct test_tree tree;
    int64_t id;

    put_shop_and_target(t);
    product.image_id = STR_LIT("img-1");
    product.image_location = STR_LIT("a.jpg");
    assert_ok(t->s->ops->catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err),
              &t->err);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    tree_read(&tree, "10 0 Fashion\n30 10 Kaos*!AVAILABLE", "10 0 Mode");
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    assert_ok(t->s->ops->leases->claim(t->s, &claim, NULL, NULL, &t->err), &t->err);
}

typedef enum aisle_status work_fn(struct store_test *t, struct aisle_err *err);

#define acme STR_LIT("acme")
#define toko STR_LIT("toko-a")
#define target_id STR_LIT(TARGET)

/* Writes: done again after a failure, each succeeds only when nothing of the tries before
 * is there. */

static enum aisle_status put_shop(struct store_test *t, struct aisle_err *err)
{
    struct shop shop = a_shop("toko-b", "zeta");

    return t->s->ops->shops->put_shop(t->s, &shop, err);
}

static enum aisle_status put_keys(struct store_test *t, struct aisle_err *err)
{
    int64_t version;

    return t->s->ops->shops->put_keys(t->s, toko, 0, STR_LIT("sealed"), &version, err);
}

static enum aisle_status drop_shop(struct store_test *t, struct aisle_err *err)
{
    return t->s->ops->shops->drop_shop(t->s, toko, err);
}

static enum aisle_status put_products(struct store_test *t, struct aisle_err *err)
{
    struct product list[2] = {a_product("acme", "A"), a_product("zeta", "B")};
    struct put_counts counts = {0};
    enum aisle_status status;

    list[0].image_location = STR_LIT("b.jpg");
    list[1].image_location = STR_LIT("c.jpg");
    status = t->s->ops->catalogue->put_products(t->s, list, 2, 2, &counts, err);
    if (status == AISLE_OK) {
        assert_int_equal(counts.changed, 1);
        assert_int_equal(counts.added, 1);
    }
    return status;
}

static enum aisle_status keep_title(void *ctx, size_t at, const struct product *then,
                                    struct product *now, struct arena *arena,
                                    struct aisle_err *err)
{
    (void)ctx;
    (void)at;
    now->title = arena_str(arena, then->title);
    return now->title.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status merge_products(struct store_test *t, struct aisle_err *err)
{
    struct product list[2] = {a_product("acme", "A"), a_product("acme", "B")};
    struct products_merge w = {.list = list, .count = 2, .merge = keep_title, .at = 2};
    struct put_counts counts = {0};
    enum aisle_status status;

    list[0].brand = STR_LIT("Ronara");
    status = t->s->ops->catalogue->merge_products(t->s, &w, &counts, err);
    if (status == AISLE_OK) {
        assert_int_equal(counts.changed, 1);
        assert_int_equal(counts.added, 1);
    }
    return status;
}

static enum aisle_status drop_product(struct store_test *t, struct aisle_err *err)
{
    return t->s->ops->catalogue->drop_product(t->s, acme, STR_LIT("A"), 0, err);
}

static enum aisle_status append(struct store_test *t, struct aisle_err *err)
{
    struct decision_write list[2] = {a_decision("A", DECISION_REJECTED, "30"),
                                     a_decision("B", DECISION_ACCEPTED, "30")};

    list[0].expected = 1;
    list[1].expected = 0;
    return t->s->ops->decisions->append(t->s, list, 2, NULL, err);
}

static enum aisle_status meet_conflict(struct store_test *t, struct aisle_err *err)
{
    struct decision_write w = a_decision("A", DECISION_REJECTED, "30");
    struct aisle_err conflict = {0};
    enum aisle_status status;

    w.expected = 0;
    status = t->s->ops->decisions->append(t->s, &w, 1, NULL, &conflict);
    if (status == AISLE_CONFLICT)
        return AISLE_OK;
    *err = conflict;
    return status;
}

static enum aisle_status put_step(struct store_test *t, struct aisle_err *err)
{
    static const struct suggestion one = {STR_INIT("40"), 1, ADVISOR_LOCAL, {0}};
    struct decision_write w = a_decision("B", DECISION_ACCEPTED, "30");
    struct provisional_category leaf = {target_id, STR_LIT("70"), STR_LIT("Jaket"),
                                        STR_LIT("10"), 1};
    struct run run = a_run("r-1");
    struct step_item item = {
        .item = {.run_id = run.id, .seller_id = acme, .product_id = STR_LIT("B")},
        .suggestions = &one,
        .suggestion_count = 1};
    struct run_step step = {.provisional = &leaf,
                            .decisions = &w,
                            .decision_count = 1,
                            .items = &item,
                            .item_count = 1,
                            .run = &run};

    w.expected = 0;
    return t->s->ops->work->put_step(t->s, &step, err);
}

static enum aisle_status apply(struct store_test *t, struct aisle_err *err)
{
    static struct test_tree tree;
    int64_t id;

    tree_read(&tree, "10 0 Fashion\n40 10 Kemeja*!AVAILABLE", "10 0 Mode");
    tree.change.expected_snapshot = 1;
    return t->s->ops->trees->apply(t->s, &tree.change, &id, err);
}

static enum aisle_status apply_same(struct store_test *t, struct aisle_err *err)
{
    static struct test_tree tree;
    int64_t id;

    tree_read(&tree, "10 0 Fashion\n30 10 Kaos*!AVAILABLE", "10 0 Mode");
    tree.change.expected_snapshot = 1;
    return t->s->ops->trees->apply(t->s, &tree.change, &id, err);
}

static enum aisle_status claim(struct store_test *t, struct aisle_err *err)
{
    const struct lease_claim claim = {STR_LIT("free"), STR_LIT("a"), 1, 9, 60};

    return t->s->ops->leases->claim(t->s, &claim, NULL, NULL, err);
}

static enum aisle_status claim_taken(struct store_test *t, struct aisle_err *err)
{
    struct aisle_err conflict = {0};
    struct str holder = {0};
    const struct lease_claim claim = {STR_LIT("taken"), STR_LIT("a"), 1, 9, 60};
    enum aisle_status status =
        t->s->ops->leases->claim(t->s, &claim, &t->arena, &holder, &conflict);

    if (status == AISLE_CONFLICT) {
        assert_str(holder, "b");
        return AISLE_OK;
    }
    *err = conflict;
    return status;
}

/* Reads. */

static enum aisle_status load(struct store_test *t, struct aisle_err *err)
{
    struct taxonomy tree;
    struct snapshot snapshot;

    return t->s->ops->trees->load(t->s, target_id, 0, &t->arena, &snapshot, &tree, err);
}

static enum aisle_status get_each(struct store_test *t, struct aisle_err *err)
{
    const struct store_catalogue *c = t->s->ops->catalogue;
    struct sha256 hash;
    enum aisle_status status =
        t->s->ops->shops->get_shop(t->s, toko, &t->arena, &(struct shop){0}, err);

    if (status == AISLE_OK)
        status = c->get_product(t->s, acme, STR_LIT("A"), &t->arena, &(struct product){0},
                                err);
    if (status == AISLE_OK)
        status = c->get_image(t->s, acme, STR_LIT("img-1"), toko, &t->arena,
                              &(struct product_image){0}, err);
    if (status == AISLE_OK)
        status = c->get_pushed(t->s, acme, toko, STR_LIT("uuid-1"), &t->arena,
                               &(struct pushed_image){0}, err);
    if (status == AISLE_OK)
        status = sha256_of(STR_LIT("bytes"), &hash, err);
    if (status == AISLE_OK)
        status = c->find_pushed(t->s, acme, toko, &hash, STR_LIT("MAIN_IMAGE"), &t->arena,
                                &(struct pushed_image){0}, err);
    if (status == AISLE_OK)
        status =
            t->s->ops->decisions->get(t->s, acme, target_id, SCOPE_PRODUCT, STR_LIT("A"),
                                      &t->arena, &(struct decision){0}, err);
    if (status == AISLE_OK)
        status = t->s->ops->work->get_answer(t->s, acme, target_id, STR_LIT("q-1"),
                                             &t->arena, &(struct answer){0}, err);
    if (status == AISLE_OK)
        status = t->s->ops->work->get_run(t->s, STR_LIT("r-1"), &t->arena,
                                          &(struct run){0}, err);
    return status;
}

static enum aisle_status walk_each(struct store_test *t, struct aisle_err *err)
{
    const struct store_ops *o = t->s->ops;
    size_t n;
    enum aisle_status status = o->shops->each_shop(t->s, see_shop, t, err);

    if (status == AISLE_OK)
        status = o->catalogue->each_product(
            t->s, &(struct product_filter){.undecided_for = STR_LIT("x")}, see_product, t,
            err);
    if (status == AISLE_OK)
        status = o->catalogue->count_products(t->s, &(struct product_filter){0}, &n, err);
    if (status == AISLE_OK)
        status = o->decisions->each_mapping(t->s, &(struct mapping_filter){.states = 31},
                                            see_decision, t, err);
    if (status == AISLE_OK)
        status = o->work->each_item(t->s, &(struct item_filter){.run_id = STR_LIT("r-1")},
                                    see_item, t, err);
    if (status == AISLE_OK)
        status = o->trees->each_snapshot(t->s, STR_LIT(""), see_snapshot, t, err);
    return status;
}

static enum aisle_status facts(struct store_test *t, struct aisle_err *err)
{
    return t->s->ops->facts(t->s, &t->arena, &(struct store_facts){0}, err);
}

static enum aisle_status open_another(struct store_test *t, struct aisle_err *err)
{
    struct store *s = NULL;
    enum aisle_status status = store_open(str_of(t->location), NULL, &s, err);

    store_close(s);
    return status;
}

static const struct {
    const char *says;
    work_fn *work;
    long stride; /* try every so many allocations; 0: each */
} works[] = {
    {"put_shop", put_shop, 0},
    {"put_keys", put_keys, 0},
    {"drop_shop", drop_shop, 0},
    {"put_products", put_products, 0},
    {"merge_products", merge_products, 0},
    {"drop_product", drop_product, 0},
    {"append", append, 0},
    {"a conflict", meet_conflict, 0},
    {"put_step", put_step, 0},
    {"apply", apply, 0},
    {"apply the same", apply_same, 0},
    {"claim", claim, 0},
    {"claim what is taken", claim_taken, 0},
    {"load", load, 0},
    {"one of each", get_each, 0},
    {"every walk", walk_each, 0},
    {"facts", facts, 0},
    {"open", open_another, 97}, /* the whole schema, thousands */
};

static struct store_test *filled(const struct store_ops *ops)
{
    struct store_test *t = store_test_new(ops);

    fill(t);
    return t;
}

/* Statements kept ready would be made without memory. */
static void forget_statements(struct store_test *t)
{
    struct sqlite_store *s = sqlite_store_of(t->s);

    sqlite_conn_forget(s->writer);
    for (size_t i = 0; i < s->idle_count; i++)
        sqlite_conn_forget(s->idle[i]);
}

/* With the nth allocation failing. Returns how many there were. */
static long try_once(struct store_test *t, size_t i, long n, enum aisle_status *status)
{
    struct aisle_err err = {0};
    long count;

    forget_statements(t);
    mem_fail_at(n);
    *status = works[i].work(t, &err);
    count = mem_count();
    mem_fail_at(0);
    buf_reset(&t->seen);
    if (*status != AISLE_OK && *status != AISLE_NOMEM)
        print_error("%s, allocation %ld\n", works[i].says, n);
    if (*status != AISLE_OK)
        assert_status(*status, AISLE_NOMEM, &err);
    return count;
}

/* Until no allocation was asked to fail: a failure SQLite can do without is none, and
 * then what was done is begun on a store of its own. */
static void try_all(const struct store_ops *ops, long at_least)
{
    for (size_t i = 0; i < COUNT(works); i++) {
        struct store_test *t = filled(ops);
        long stride = works[i].stride > at_least ? works[i].stride : at_least;
        enum aisle_status status;

        for (long n = 1; try_once(t, i, n, &status) >= n; n += stride) {
            if (status != AISLE_OK)
                continue;
            store_test_free(t);
            t = filled(ops);
        }
        assert_ok(status, NULL);
        assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
        store_test_free(t);
    }
}

static void no_allocation_that_fails_leaves_half_a_write(void **state)
{
    (void)state;
    try_all(&store_memory_ops, 1);
}

/* On a disk there is the log and its index besides; each try waits for it. */
static void nor_on_a_disk(void **state)
{
    (void)state;
    try_all(&store_sqlite_ops, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_allocation_that_fails_leaves_half_a_write),
        cmocka_unit_test(nor_on_a_disk),
    };

    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &through_our_door) != SQLITE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
