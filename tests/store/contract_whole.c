/* What is true of a store as a whole: walks, many threads, other processes, time. */
#include "contract.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- walks ---- */

struct stopping {
    size_t rows, stop_after;
};

static enum aisle_status stop_at_row(void *ctx, struct aisle_err *err)
{
    struct stopping *s = ctx;

    if (++s->rows < s->stop_after)
        return AISLE_OK;
    return aisle_fail(err, AISLE_STOPPED, "enough");
}

#define STOPPING(name, type)                                                             \
    static enum aisle_status name(void *ctx, const type *row, struct aisle_err *err)     \
    {                                                                                    \
        assert_non_null(row);                                                            \
        return stop_at_row(ctx, err);                                                    \
    }
STOPPING(stop_seller, struct seller)
STOPPING(stop_shop, struct shop)
STOPPING(stop_target, struct target)
STOPPING(stop_snapshot, struct snapshot)
STOPPING(stop_product, struct product)
STOPPING(stop_category, struct seller_category)
STOPPING(stop_decision, struct decision)
STOPPING(stop_suggestion, struct suggestion)
STOPPING(stop_run, struct run)
STOPPING(stop_item, struct run_item)

/* Two rows for every walk there is. */
static void fill(struct store_test *t)
{
    static const struct suggestion two[] = {{STR_INIT("30"), 1, ADVISOR_LOCAL, {0}},
                                            {STR_INIT("40"), 0, ADVISOR_LOCAL, {0}}};
    struct product products[2] = {a_product("acme", "A"), a_product("zeta", "B")};
    struct decision_write decisions[2] = {a_decision("A", DECISION_ACCEPTED, "30"),
                                          a_decision("B", DECISION_ACCEPTED, "30")};
    struct run run = a_run("r-1"), other = a_run("r-2");
    struct step_item items[2] = {{.item = {.run_id = run.id,
                                           .seller_id = STR_LIT("acme"),
                                           .product_id = STR_LIT("A")},
                                  .suggestions = two,
                                  .suggestion_count = 2},
                                 {.item = {.run_id = run.id,
                                           .seller_id = STR_LIT("zeta"),
                                           .product_id = STR_LIT("B")}}};
    struct run_step step = {.decisions = decisions,
                            .decision_count = 2,
                            .items = items,
                            .item_count = 2,
                            .run = &run};
    struct shop shop = a_shop("toko-b", "zeta");
    struct target target = {.id = STR_LIT("toko-b"), .shop_id = STR_LIT("toko-b")};
    struct test_tree tree;
    int64_t id;

    put_shop_and_target(t);
    assert_ok(t->s->ops->shops->put_shop(t->s, &shop, &t->err), &t->err);
    assert_ok(t->s->ops->shops->put_target(t->s, &target, &t->err), &t->err);
    assert_ok(t->s->ops->catalogue->put_products(t->s, products, 2, 1, NULL, &t->err),
              &t->err);
    assert_ok(t->s->ops->work->put_step(t->s, &step, &t->err), &t->err);
    assert_ok(t->s->ops->work->put_run(t->s, &other, &t->err), &t->err);
    tree_read(&tree, "10 0 Fashion\n30 10 Kaos*", NULL);
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    tree_read(&tree, "10 0 Fashion", NULL);
    assert_ok(tree_apply(t, &tree, id, 2, &id), &t->err);
}

static void whatever_a_visitor_returns_ends_the_walk_and_comes_back(void **state)
{
    struct store_test *t = *state;
    struct store *s = t->s;
    const struct store_ops *o = s->ops;
    const struct str any = STR_LIT(""), acme = STR_LIT("acme"), a = STR_LIT("A");
    struct stopping st;
    struct aisle_err *err = &t->err;

#define STOPS(call)                                                                      \
    st = (struct stopping){.stop_after = 1};                                             \
    assert_status(call, AISLE_STOPPED, err);                                             \
    assert_failure(t, AISLE_STOPPED, "enough");                                          \
    assert_int_equal(st.rows, 1);                                                        \
    st = (struct stopping){.stop_after = 3};                                             \
    assert_ok(call, err);                                                                \
    assert_int_equal(st.rows, 2);

    fill(t);
    STOPS(o->shops->each_seller(s, stop_seller, &st, err))
    STOPS(o->shops->each_shop(s, stop_shop, &st, err))
    STOPS(o->shops->each_target(s, any, stop_target, &st, err))
    STOPS(o->trees->each_snapshot(s, any, stop_snapshot, &st, err))
    STOPS(o->catalogue->each_product(s, &(struct product_filter){0}, stop_product, &st,
                                     err))
    STOPS(o->catalogue->each_seller_category(s, any, stop_category, &st, err))
    STOPS(o->decisions->each(s, &(struct log_filter){0}, stop_decision, &st, err))
    STOPS(o->decisions->each_mapping(s, &(struct mapping_filter){0}, stop_decision, &st,
                                     err))
    STOPS(
        o->work->each_suggestion(s, acme, STR_LIT(TARGET), a, stop_suggestion, &st, err))
    STOPS(o->work->each_run(s, any, 0, stop_run, &st, err))
    STOPS(o->work->each_item(s, &(struct item_filter){.run_id = STR_LIT("r-1")},
                             stop_item, &st, err))
#undef STOPS
}

/* A product with what stands for it, and the tree besides. */
static enum aisle_status look_around(void *ctx, const struct product *row,
                                     struct aisle_err *err)
{
    struct store_test *t = ctx;
    struct product again;
    struct taxonomy tree;
    enum aisle_status status = t->s->ops->catalogue->get_product(
        t->s, row->seller_id, row->id, &t->arena, &again, err);

    if (status == AISLE_OK)
        status =
            t->s->ops->trees->load(t->s, STR_LIT(TARGET), 0, &t->arena, NULL, &tree, err);
    if (status == AISLE_OK)
        status = t->s->ops->catalogue->each_product(t->s, &(struct product_filter){0},
                                                    see_product, t, err);
    buf_addz(&t->seen, product_same(row, &again) ? "same\n" : "differs\n");
    return status;
}

static void a_visitor_may_read(void **state)
{
    struct store_test *t = *state;

    fill(t);
    assert_ok(t->s->ops->catalogue->each_product(t->s, &(struct product_filter){0},
                                                 look_around, t, &t->err),
              &t->err);
    assert_seen(t, "acme/A\nzeta/B\nsame\nacme/A\nzeta/B\nsame\n");
}

/* ---- threads ---- */

enum { THREADS = 8, APPENDS = 40 };

struct appender {
    struct store *s;
    int number;
    struct aisle_err err;
    int64_t seqs[APPENDS];
};

/* Every fifth meets a conflict of its own, which must not touch the others' writes. */
static void *append_many(void *ctx)
{
    struct appender *a = ctx;

    for (int i = 0; i < APPENDS && a->err.status == AISLE_OK; i++) {
        char key[32];
        struct decision_write list[2];

        snprintf(key, sizeof key, "t%d-%d", a->number, i);
        list[0] = a_decision(key, DECISION_ACCEPTED, "30");
        list[1] = a_decision("nobody decided this", DECISION_ACCEPTED, "30");
        list[1].expected = 12345;
        if (i % 5 == 0 &&
            a->s->ops->decisions->append(a->s, list, 2, NULL, NULL) != AISLE_CONFLICT)
            aisle_fail(&a->err, AISLE_INVALID, "no conflict");
        a->s->ops->decisions->append(a->s, list, 1, &a->seqs[i], &a->err);
    }
    return NULL;
}

static int by_number(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

    return (a > b) - (a < b);
}

static void threads_write_at_once_and_nothing_is_lost(void **state)
{
    static struct appender appenders[THREADS];
    static int64_t seqs[THREADS * APPENDS];
    struct store_test *t = *state;
    pthread_t threads[THREADS];
    struct stopping count = {.stop_after = THREADS * APPENDS + 1};

    for (int i = 0; i < THREADS; i++) {
        appenders[i] = (struct appender){.s = t->s, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, append_many, &appenders[i]),
                         0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_ok(appenders[i].err.status, &appenders[i].err);
        for (int k = 1; k < APPENDS; k++) /* in the order they were asked for */
            assert_true(appenders[i].seqs[k] > appenders[i].seqs[k - 1]);
        memcpy(&seqs[i * APPENDS], appenders[i].seqs, sizeof appenders[i].seqs);
    }
    qsort(seqs, COUNT(seqs), sizeof *seqs, by_number);
    for (size_t i = 1; i < COUNT(seqs); i++)
        assert_true(seqs[i] > seqs[i - 1]);
    assert_ok(t->s->ops->decisions->each_mapping(t->s, &(struct mapping_filter){0},
                                                 stop_decision, &count, &t->err),
              &t->err);
    assert_int_equal(count.rows, THREADS * APPENDS);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

/* Two trees that share no category: a half of one would show. */
static const char tree_a[] = "10 0 Fashion!AVAILABLE\n11 10 Kaos*!INVITE_ONLY\n"
                             "12 10 Kemeja*!AVAILABLE\n13 10 Topi*!AVAILABLE";
static const char tree_b[] = "20 0 Home\n21 20 Sofa*!PROHIBITED\n22 20 Lamp*";

struct reader {
    struct store *s;
    _Atomic bool stop;
    const char *a, *b;
    size_t loads, halves;
    struct aisle_err err;
};

static void *load_many(void *ctx)
{
    struct reader *r = ctx;

    while (!r->stop && r->err.status == AISLE_OK) {
        struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
        struct buf shown = BUF_INIT(BUF_MAX_LINE);
        struct taxonomy tree;

        if (r->s->ops->trees->load(r->s, STR_LIT(TARGET), 0, &arena, NULL, &tree,
                                   &r->err) == AISLE_OK) {
            tree_show(&tree, &shown);
            r->halves += !str_is(buf_str(&shown), r->a) && !str_is(buf_str(&shown), r->b);
            r->loads++;
        }
        buf_clear(&shown);
        arena_clear(&arena);
    }
    return NULL;
}

static const char *show(struct store_test *t, const struct test_tree *tree)
{
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct taxonomy built;
    struct str kept;

    assert_ok(taxonomy_build(&t->arena, tree->locales, tree->change.locale_count, NULL,
                             NULL, &built, &t->err),
              &t->err);
    tree_show(&built, &out);
    kept = arena_str(&t->arena, buf_str(&out));
    buf_clear(&out);
    return kept.p;
}

static void a_reader_sees_the_old_tree_or_the_new_never_half(void **state)
{
    static struct test_tree a, b;
    struct store_test *t = *state;
    struct reader readers[2];
    pthread_t threads[2];
    int64_t id = 0;

    tree_read(&a, tree_a, tree_a);
    tree_read(&b, tree_b, tree_b);
    assert_ok(tree_apply(t, &a, id, 1, &id), &t->err);
    for (int i = 0; i < 2; i++) {
        readers[i] = (struct reader){.s = t->s, .a = show(t, &a), .b = show(t, &b)};
        assert_int_equal(pthread_create(&threads[i], NULL, load_many, &readers[i]), 0);
    }
    for (int i = 0; i < 100; i++)
        assert_ok(tree_apply(t, i % 2 ? &a : &b, id, i, &id), &t->err);
    for (int i = 0; i < 2; i++) {
        readers[i].stop = true;
        pthread_join(threads[i], NULL);
        assert_ok(readers[i].err.status, &readers[i].err);
        assert_int_equal(readers[i].halves, 0);
    }
}

/* ---- what is on a disk ---- */

static void what_was_kept_is_there_when_opened_again(void **state)
{
    struct store_test *t = *state;
    struct shop shop;
    struct taxonomy tree;
    int64_t version;

    fill(t);
    assert_ok(t->s->ops->shops->put_keys(t->s, STR_LIT("toko-a"), 0, STR_LIT("sealed"),
                                         &version, &t->err),
              &t->err);
    reopen(t);
    assert_ok(
        t->s->ops->shops->get_shop(t->s, STR_LIT("toko-a"), &t->arena, &shop, &t->err),
        &t->err);
    assert_str(shop.sealed, "sealed");
    assert_ok(
        t->s->ops->trees->load(t->s, STR_LIT(TARGET), 1, &t->arena, NULL, &tree, &t->err),
        &t->err);
    assert_int_equal(tree.count, 2);
    assert_ok(t->s->ops->catalogue->each_product(t->s, &(struct product_filter){0},
                                                 see_product, t, &t->err),
              &t->err);
    assert_seen(t, "acme/A\nzeta/B\n");
    assert_ok(t->s->ops->decisions->each(t->s, &(struct log_filter){0}, see_decision, t,
                                         &t->err),
              &t->err);
    assert_seen(t, "1 product A accepted 30\n2 product B accepted 30\n");
    /* numbers go on where they were */
    assert_ok(t->s->ops->decisions->append(
                  t->s, &(struct decision_write[]){a_decision("C", DECISION_NONE, "")}[0],
                  1, &version, &t->err),
              &t->err);
    assert_int_equal(version, 3);
}

static void another_who_has_it_open_sees_a_write_at_once(void **state)
{
    struct store_test *t = *state, other = {.seen = BUF_INIT(BUF_MAX_LINE)};
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    int64_t seq = 0;

    assert_ok(store_open(str_of(t->location), &store_test_patient, &other.s, &t->err),
              &t->err);
    for (int i = 0; i < 20; i++) {
        struct store_test *writer = i % 2 ? t : &other, *reader = i % 2 ? &other : t;
        struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
        struct decision got;

        w.expected = seq;
        assert_ok(writer->s->ops->decisions->append(writer->s, &w, 1, &seq, &t->err),
                  &t->err);
        assert_ok(reader->s->ops->decisions->get(reader->s, w.d.seller_id, w.d.target_id,
                                                 w.d.scope, w.d.key, &arena, &got,
                                                 &t->err),
                  &t->err);
        assert_int_equal(got.seq, seq);
        arena_clear(&arena);
    }
    store_close(other.s);
    buf_clear(&other.seen);
}

struct opener {
    const char *location;
    struct aisle_err err;
};

static void *open_and_write(void *ctx)
{
    struct opener *o = ctx;
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    struct store *s = NULL;

    if (store_open(str_of(o->location), &store_test_patient, &s, &o->err) == AISLE_OK)
        s->ops->decisions->append(s, &w, 1, NULL, &o->err);
    store_close(s);
    return NULL;
}

/* Each makes and migrates it, or finds it made. */
static void many_may_open_a_new_store_at_once(void **state)
{
    struct store_test *t = *state;
    struct opener openers[THREADS];
    pthread_t threads[THREADS];

    for (int round = 0; round < 5; round++) {
        const char *location = fresh_location(t);

        for (int i = 0; i < THREADS; i++) {
            openers[i] = (struct opener){.location = location};
            assert_int_equal(
                pthread_create(&threads[i], NULL, open_and_write, &openers[i]), 0);
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            assert_ok(openers[i].err.status, &openers[i].err);
        }
    }
}

/* ---- facts, soundness, copies ---- */

static void facts_say_what_is_in_it(void **state)
{
    struct store_test *t = *state;
    struct store_facts facts;

    fill(t);
    assert_ok(t->s->ops->facts(t->s, &t->arena, &facts, &t->err), &t->err);
    assert_str(facts.driver, t->ops->name);
    assert_true(t->s->place && *t->s->place);
    assert_int_equal(facts.schema_version, facts.schema_wanted);
    assert_true(facts.schema_wanted >= 1);
    assert_int_equal(facts.products, 2);
    assert_int_equal(facts.decisions, 2);
    assert_int_equal(facts.snapshots, 2);
    assert_int_equal(facts.bytes > 0, strcmp(t->ops->name, "memory") != 0);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static void a_backup_is_a_store_of_its_own(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "copy.db");
    struct store *copy = NULL;
    struct product product = a_product("acme", "later");
    struct stat st;

    fill(t);
    assert_ok(t->s->ops->backup(t->s, str_of(path), &t->err), &t->err);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(t->s->ops->catalogue->put_products(t->s, &product, 1, 1, NULL, &t->err),
              &t->err);
    assert_ok(store_open(str_of(path), &(struct store_options){.must_exist = true}, &copy,
                         &t->err),
              &t->err);
    assert_ok(copy->ops->catalogue->each_product(copy, &(struct product_filter){0},
                                                 see_product, t, &t->err),
              &t->err);
    assert_seen(t, "acme/A\nzeta/B\n");
    assert_ok(copy->ops->check(copy, &t->err), &t->err);
    store_close(copy);
}

static void a_backup_overwrites_nothing(void **state)
{
    struct store_test *t = *state;
    const char *path = path_in_dir(t, "copy.db");

    assert_ok(t->s->ops->backup(t->s, str_of(path), &t->err), &t->err);
    assert_status(t->s->ops->backup(t->s, str_of(path), &t->err), AISLE_CONFLICT,
                  &t->err);
    last_failure(t);
    assert_status(t->s->ops->backup(t->s, STR_LIT("/no/such/folder/x.db"), &t->err),
                  AISLE_IO, &t->err);
    assert_failure(t, AISLE_IO,
                   "cannot make /no/such/folder/x.db: No such file or directory");
}

static const struct contract_case cases[] = {
    CASE(whatever_a_visitor_returns_ends_the_walk_and_comes_back),
    CASE(a_visitor_may_read),
    CASE(threads_write_at_once_and_nothing_is_lost),
    CASE(a_reader_sees_the_old_tree_or_the_new_never_half),
    CASE_ON_DISK(what_was_kept_is_there_when_opened_again),
    CASE_ON_DISK(another_who_has_it_open_sees_a_write_at_once),
    CASE_ON_DISK(many_may_open_a_new_store_at_once),
    CASE(facts_say_what_is_in_it),
    CASE_OF_BACKUP(a_backup_is_a_store_of_its_own),
    CASE_OF_BACKUP(a_backup_overwrites_nothing),
};
const struct contract_table contract_whole = CONTRACT_TABLE(cases);
