/* A locale's rows as text and back. */
#include "rows.h"

#include "taxonomy/snapshot.h"

static const char rows_text[] =
    "1< Fashion & \"Caf\xc3\xa9\"\n12<1 Emas*!INVITE_ONLY,PROHIBITED\n11<1 \n1< Twice\n";

static void rows_come_back_in_their_order(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows rows = rows_read(&arena, "id-ID", rows_text), back;
    struct buf body = BUF_INIT(BUF_MAX_REPLY);
    struct tree_part part = {.locale = STR_LIT("id-ID")};
    struct aisle_err err = {0};

    (void)state;
    tree_part_format(&rows, &body);
    part.body = buf_str(&body);
    assert_ok(tree_part_parse(&part, &arena, &back, &err), &err);
    assert_str(back.locale, "id-ID");
    assert_int_equal(back.count, 4);
    for (size_t i = 0; i < rows.count; i++) {
        assert_true(str_eq(back.rows[i].id, rows.rows[i].id));
        assert_true(str_eq(back.rows[i].parent_id, rows.rows[i].parent_id));
        assert_true(str_eq(back.rows[i].name, rows.rows[i].name));
        assert_int_equal(back.rows[i].leaf, rows.rows[i].leaf);
        assert_int_equal(back.rows[i].permissions, rows.rows[i].permissions);
    }
    buf_clear(&body);
    arena_clear(&arena);
}

static const char *const no_parts[] = {"", "{}", "[", "[[]]",
                                       "[[\"1\", \"\", \"A\", true]]"};

static void what_is_no_part_is_told(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);

    (void)state;
    for (size_t i = 0; i < COUNT(no_parts); i++) {
        struct tree_part part = {.body = str_of(no_parts[i])};
        struct category_rows out;

        assert_int_equal(tree_part_parse(&part, &arena, &out, NULL), AISLE_GARBLED);
    }
    arena_clear(&arena);
}

static enum aisle_status there_and_back(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct buf body = BUF_INIT(BUF_MAX_REPLY);
    struct category_rows out;
    struct tree_part part = {0};
    enum aisle_status status;

    tree_part_format(ctx, &body);
    part.body = buf_str(&body);
    status = buf_check(&body, "a part", err);
    if (status == AISLE_OK)
        status = tree_part_parse(&part, &arena, &out, err);
    buf_clear(&body);
    arena_clear(&arena);
    return status;
}

static void parts_survive_running_out_of_memory(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows rows = rows_read(&arena, "id-ID", rows_text);

    (void)state;
    each_allocation_failing(there_and_back, &rows);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_in_their_order),
        cmocka_unit_test(what_is_no_part_is_told),
        cmocka_unit_test(parts_survive_running_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
