/* A model asked through the public header, as a program without a store does. */
#include "aisle/model.h"

#include "check.h"
#include "match/paths.h"
#include "match/train.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/aisle-lib-model-XXXXXX", path[64], bad[64];

static const struct labelled rows[] = {
    {{.title = STR_INIT("Rok plisket panjang")}, STR_INIT("Wanita > Rok")},
    {{.title = STR_INIT("Rok jeans pendek")}, STR_INIT("Wanita > Rok")},
    {{.title = STR_INIT("Kaos polos katun")}, STR_INIT("Pria > Kaos")},
    {{.title = STR_INIT("Kaos oblong hitam")}, STR_INIT("Pria > Kaos")},
};

static void write_file(const char *name, struct str bytes)
{
    struct aisle_err err = {0};

    assert_ok(model_save(bytes, name, &err), &err);
}

static int teach(void **state)
{
    struct arena arena = ARENA_INIT(8 << 20);
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct model_options options = {.paths = true};
    struct str paths[COUNT(rows)];
    struct taxonomy tree;
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        paths[i] = rows[i].category_id;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/m", folder);
    snprintf(bad, sizeof bad, "%s/bad", folder);
    assert_ok(paths_build(paths, COUNT(rows), &arena, &tree, NULL), NULL);
    assert_ok(model_train(&tree, rows, COUNT(rows), &options, &bytes, NULL), NULL);
    write_file(path, buf_str(&bytes));
    write_file(bad, str_head(buf_str(&bytes), bytes.n / 2));
    buf_clear(&bytes);
    arena_clear(&arena);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    unlink(path);
    unlink(bad);
    return rmdir(folder);
}

static void a_title_is_answered_with_its_leaf(void **state)
{
    struct aisle_match_query query = {.title = "Rok plisket biru"};
    struct aisle_match found[5];
    struct aisle_model *model;
    struct aisle_err err = {0};
    size_t count;
    (void)state;

    assert_ok(aisle_model_open(path, &model, &err), &err);
    assert_ok(aisle_model_match(model, &query, found, 5, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_string_equal(found[0].category, "Wanita > Rok");
    assert_true(found[0].confidence > found[1].confidence);
    assert_ok(aisle_model_match(model, &query, found, 1, &count, &err), &err);
    assert_int_equal(count, 1);
    query.title = "qqqq";
    assert_ok(aisle_model_match(model, &query, found, 5, &count, &err), &err);
    assert_int_equal(count, 0);
    query.title = "";
    assert_status(aisle_model_match(model, &query, found, 5, &count, &err), AISLE_INVALID,
                  &err);
    aisle_model_close(model);
}

static void what_cannot_be_opened_says_why(void **state)
{
    struct aisle_model *model = NULL;
    struct aisle_err err = {0}, cut = {0};
    (void)state;

    assert_status(aisle_model_open("/nowhere/m", &model, &err), AISLE_NOT_FOUND, &err);
    assert_status(aisle_model_open(bad, &model, &cut), AISLE_GARBLED, &cut);
    assert_non_null(strstr(cut.text, "cut short"));
    assert_null(model);
    aisle_model_close(model);
}

static enum aisle_status open_and_ask(void *ctx, struct aisle_err *err)
{
    struct aisle_match_query query = {.title = "kaos", .brand = "x"};
    struct aisle_match found[3];
    struct aisle_model *model = NULL;
    size_t count;
    enum aisle_status status = aisle_model_open(path, &model, err);
    (void)ctx;

    if (status == AISLE_OK)
        status = aisle_model_match(model, &query, found, 3, &count, err);
    aisle_model_close(model);
    return status;
}

static void failing_memory_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(open_and_ask, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_is_answered_with_its_leaf),
        cmocka_unit_test(what_cannot_be_opened_says_why),
        cmocka_unit_test(failing_memory_is_reported_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, teach, forget);
}
