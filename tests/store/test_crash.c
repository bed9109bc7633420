/* A process killed at any moment leaves the old state or the new, and nothing it was told
 * is kept is gone.
 *
 * The program is its own victim: `test_store_crash apply PATH` and `… step PATH` write
 * until they are killed, and tell on stdout what came back AISLE_OK.
 */
#include "store_test.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct store_ops *sqlite_ops(void)
{
    for (size_t i = 0; store_drivers[i]; i++)
        if (strcmp(store_drivers[i]->name, "sqlite") == 0)
            return store_drivers[i];
    return NULL;
}

static int begin(void **state)
{
    *state = store_test_new(sqlite_ops());
    return 0;
}

/* ---- the victim ---- */

/* A tree of `count` leaves, all of one prefix: "a" or "b". */
static void make_tree(struct test_tree *tree, char prefix, struct category_row *rows,
                      char (*ids)[16], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(ids[i], sizeof ids[i], "%c%05zu", prefix, i);
        rows[i] = (struct category_row){.id = str_of(ids[i]),
                                        .name = str_of(ids[i]),
                                        .leaf = true,
                                        .permissions = i % 3 ? PERMISSION_AVAILABLE
                                                             : PERMISSION_INVITE_ONLY};
    }
    tree_read(tree, "", "");
    for (size_t l = 0; l < 2; l++)
        tree->locales[l].rows = rows, tree->locales[l].count = count;
    tree->change.categories = tree->change.leaves = count;
}

enum { LEAVES = 400 };

/* Content is kept once, so each tree is new: the run number is in its first name. */
static void apply_forever(struct store *s)
{
    static struct category_row rows[2][LEAVES];
    static char ids[2][LEAVES][16], name[32];
    static struct test_tree trees[2];
    int64_t id = 0;

    make_tree(&trees[0], 'a', rows[0], ids[0], LEAVES);
    make_tree(&trees[1], 'b', rows[1], ids[1], LEAVES);
    for (int i = 0;; i++) {
        struct test_tree *tree = &trees[i % 2];

        snprintf(name, sizeof name, "%d", i);
        rows[i % 2][0].name = str_of(name);
        tree->change.expected_snapshot = id;
        if (s->ops->trees->apply(s, &tree->change, &id, NULL) != AISLE_OK)
            return;
        printf("%lld\n", (long long)id);
        fflush(stdout);
    }
}

/* One product mapped: image, answer, decision, item, and the run's count. */
static enum aisle_status put_step(struct store *s, int number, const char *key,
                                  const char *uuid)
{
    struct run run = a_run("r-1");
    struct pushed_image pushed = a_pushed_image(uuid, key);
    struct decision_write w = a_decision(key, DECISION_ACCEPTED, "30");
    struct answer answer = {.seller_id = STR_LIT("acme"),
                            .target_id = STR_LIT(TARGET),
                            .question = str_of(key),
                            .category_id = STR_LIT("30")};
    struct step_item item = {.item = {.run_id = run.id,
                                      .seller_id = STR_LIT("acme"),
                                      .product_id = str_of(key)}};
    struct run_step step = {.pushed = &pushed,
                            .answer = &answer,
                            .decisions = &w,
                            .decision_count = 1,
                            .items = &item,
                            .item_count = 1,
                            .run = &run};

    run.counts.done = number;
    return s->ops->work->put_step(s, &step, NULL);
}

static void step_forever(struct store *s)
{
    char key[24], uuid[24];

    for (int i = 1;; i++) {
        snprintf(key, sizeof key, "K-%d", i);
        snprintf(uuid, sizeof uuid, "uuid-%d", i);
        if (put_step(s, i, key, uuid) != AISLE_OK)
            return;
        printf("%d\n", i);
        fflush(stdout);
    }
}

static int victim(const char *what, const char *path)
{
    struct store *s = NULL;

    if (store_open(str_of(path), &store_test_patient, &s, NULL) != AISLE_OK)
        return 1;
    if (strcmp(what, "apply") == 0)
        apply_forever(s);
    else
        step_forever(s);
    return 1;
}

/* ---- the murder ---- */

static pid_t start_victim(const char *what, const char *path, int *out)
{
    int ends[2];
    pid_t child;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl("/proc/self/exe", "test_store_crash", what, path, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return child;
}

/* The last number the victim told, 0 for none. It is dead when this returns. */
static long long kill_after(pid_t child, int out, unsigned tellings, unsigned wait_us)
{
    FILE *f = fdopen(out, "re");
    long long last = 0, number;

    assert_non_null(f);
    for (unsigned i = 0; i < tellings && fscanf(f, "%lld", &number) == 1; i++)
        last = number;
    usleep(wait_us);
    assert_int_equal(kill(child, SIGKILL), 0);
    while (fscanf(f, "%lld", &number) == 1)
        last = number;
    fclose(f);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return last;
}

/* A fixed row of pretended chance, so that a failure can be had again. */
static unsigned chance(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 8) % below;
}

static unsigned rounds(void)
{
    return getenv("AISLE_LONG") ? 200 : 12;
}

/* The tree is one of the victim's, whole: the last it told of, or the one behind it,
 * which it had no time to tell of. */
static void check_tree(struct store_test *t, long long told)
{
    struct snapshot snapshot;
    struct taxonomy tree;
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    enum aisle_status status = t->s->ops->trees->load(t->s, STR_LIT(TARGET), 0, &arena,
                                                      &snapshot, &tree, &t->err);

    if (status == AISLE_NOT_FOUND) {
        assert_int_equal(told, 0);
        last_failure(t);
        return;
    }
    assert_ok(status, &t->err);
    assert_true(snapshot.id == told || snapshot.id == told + 1);
    assert_int_equal(tree.count, LEAVES);
    assert_int_equal(tree.locale_count, 2);
    for (size_t i = 0; i < tree.count; i++) {
        assert_int_equal(tree.rows[i].id.p[0], tree.rows[0].id.p[0]);
        assert_int_equal(tree.rows[i].permissions,
                         i % 3 ? PERMISSION_AVAILABLE : PERMISSION_INVITE_ONLY);
    }
    arena_clear(&arena);
}

static void a_sync_killed_at_any_moment_leaves_the_old_tree_or_the_new(void **state)
{
    unsigned seed = 20261121;

    (void)state;
    for (unsigned round = 0; round < rounds(); round++) {
        struct store_test *t = store_test_new(sqlite_ops());
        int out;
        pid_t child;
        long long told;

        store_close(t->s);
        t->s = NULL;
        child = start_victim("apply", path_in_dir(t, "aisle.db"), &out);
        told = kill_after(child, out, chance(&seed, 8), chance(&seed, 20000));
        reopen(t);
        assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
        check_tree(t, told);
        store_test_free(t);
    }
}

/* What one process was told is kept, another sees at once. */
static void a_sync_of_another_process_is_seen_whole_and_at_once(void **state)
{
    struct store_test *t = *state;
    int out;
    pid_t child = start_victim("apply", path_in_dir(t, "aisle.db"), &out);
    FILE *f = fdopen(out, "re");
    long long told;

    assert_non_null(f);
    for (int i = 0; i < 40 && fscanf(f, "%lld", &told) == 1; i++) {
        struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
        struct snapshot snapshot;
        struct taxonomy tree;

        assert_ok(t->s->ops->trees->load(t->s, STR_LIT(TARGET), 0, &arena, &snapshot,
                                         &tree, &t->err),
                  &t->err);
        assert_true(snapshot.id >= told);
        assert_int_equal(tree.count, LEAVES);
        for (size_t k = 0; k < tree.count; k++)
            assert_int_equal(tree.rows[k].id.p[0], snapshot.id % 2 ? 'a' : 'b');
        arena_clear(&arena);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    fclose(f);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

struct seen_steps {
    size_t items, decisions, answers, images;
};

static void count_parts(struct store_test *t, long long done, struct seen_steps *seen)
{
    const struct store_ops *o = t->s->ops;

    *seen = (struct seen_steps){0};
    for (long long i = 1; i <= done + 1; i++) {
        struct str key = arena_fmt(&t->arena, "K-%lld", i);
        struct str uuid = arena_fmt(&t->arena, "uuid-%lld", i);

        seen->decisions +=
            o->decisions->get(t->s, STR_LIT("acme"), STR_LIT(TARGET), SCOPE_PRODUCT, key,
                              &t->arena, &(struct decision){0}, NULL) == AISLE_OK;
        seen->answers +=
            o->work->get_answer(t->s, STR_LIT("acme"), STR_LIT(TARGET), key, &t->arena,
                                &(struct answer){0}, NULL) == AISLE_OK;
        seen->images += o->catalogue->get_pushed(
                            t->s, STR_LIT("acme"), STR_LIT("toko-a"), uuid, &t->arena,
                            &(struct pushed_image){0}, NULL) == AISLE_OK;
    }
}

static enum aisle_status count_item(void *ctx, const struct run_item *item,
                                    struct aisle_err *err)
{
    (void)item, (void)err;
    ++*(size_t *)ctx;
    return AISLE_OK;
}

static void a_step_killed_at_any_moment_is_there_whole_or_not_at_all(void **state)
{
    unsigned seed = 20261122;

    (void)state;
    for (unsigned round = 0; round < rounds(); round++) {
        struct store_test *t = store_test_new(sqlite_ops());
        struct run run = {.counts = {.done = 0}};
        struct seen_steps seen;
        int out;
        pid_t child;
        long long told, done;

        store_close(t->s);
        t->s = NULL;
        child = start_victim("step", path_in_dir(t, "aisle.db"), &out);
        told = kill_after(child, out, chance(&seed, 30), chance(&seed, 5000));
        reopen(t);
        assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
        if (t->s->ops->work->get_run(t->s, STR_LIT("r-1"), &t->arena, &run, NULL) ==
            AISLE_NOT_FOUND)
            assert_int_equal(told, 0);
        done = run.counts.done;
        assert_true(done == told || done == told + 1);
        count_parts(t, done, &seen);
        assert_ok(t->s->ops->work->each_item(
                      t->s, &(struct item_filter){.run_id = STR_LIT("r-1")}, count_item,
                      &seen.items, &t->err),
                  &t->err);
        assert_int_equal(seen.decisions, done);
        assert_int_equal(seen.answers, done);
        assert_int_equal(seen.images, done);
        assert_int_equal(seen.items, done);
        store_test_free(t);
    }
}

/* The first who opens it meets a store that nobody finished making. */
static void a_store_killed_in_its_making_is_made_by_the_next(void **state)
{
    struct store_test *t = *state;
    unsigned seed = 20261123;

    for (unsigned round = 0; round < rounds(); round++) {
        struct str path = arena_fmt(&t->arena, "%s/new-%u.db", t->dir, round);
        struct store *s = NULL;
        int out;
        pid_t child = start_victim("step", path.p, &out);

        kill_after(child, out, 0, chance(&seed, 60000));
        assert_ok(store_open(path, &store_test_patient, &s, &t->err), &t->err);
        assert_ok(s->ops->check(s, &t->err), &t->err);
        store_close(s);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sync_killed_at_any_moment_leaves_the_old_tree_or_the_new),
        cmocka_unit_test_setup_teardown(
            a_sync_of_another_process_is_seen_whole_and_at_once, begin, store_test_end),
        cmocka_unit_test(a_step_killed_at_any_moment_is_there_whole_or_not_at_all),
        cmocka_unit_test_setup_teardown(a_store_killed_in_its_making_is_made_by_the_next,
                                        begin, store_test_end),
    };

    if (argc == 3)
        return victim(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
