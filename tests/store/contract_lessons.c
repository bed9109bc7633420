/* What people taught about sellers' columns. */
#include "contract.h"

static const struct store_lessons *lessons(const struct store_test *t)
{
    return t->s->ops->lessons;
}

static struct kept_lesson a_lesson(const char *name, const char *value,
                                   const char *value_id)
{
    return (struct kept_lesson){
        .seller_id = STR_LIT("acme"),
        .channel = STR_LIT("tiktok"),
        .region = STR_LIT("ID"),
        .says = {.attribute_id = STR_LIT("10"),
                 .seller_name = str_of(name),
                 .seller_value = str_of(value),
                 .value_id = str_of(value_id)},
        .taught = true,
        .who = STR_LIT("ana"),
        .batch_id = STR_LIT("b-1"),
        .at = 100,
    };
}

static int64_t append(struct store_test *t, const struct kept_lesson *list, size_t count)
{
    int64_t seq = 0;

    assert_ok(lessons(t)->append(t->s, list, count, &seq, &t->err), &t->err);
    return seq;
}

static enum aisle_status see_lesson(void *ctx, const struct kept_lesson *l,
                                    struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%lld %.*s/%.*s/%.*s [%.*s] %.*s: %.*s=%.*s -> %.*s|%.*s%s %.*s\n",
             (long long)l->seq, STR_ARG(l->seller_id), STR_ARG(l->channel),
             STR_ARG(l->region), STR_ARG(l->says.category_id),
             STR_ARG(l->says.attribute_id), STR_ARG(l->says.seller_name),
             STR_ARG(l->says.seller_value), STR_ARG(l->says.value_id),
             STR_ARG(l->says.value_name), l->taught ? "" : " back", STR_ARG(l->batch_id));
    return AISLE_OK;
}

static void see(struct store_test *t, struct lesson_filter filter)
{
    assert_ok(lessons(t)->each(t->s, &filter, see_lesson, t, &t->err), &t->err);
}

static void the_newest_lesson_of_a_key_stands(void **state)
{
    struct store_test *t = *state;
    struct kept_lesson list[] = {a_lesson("kain", "", ""),
                                 a_lesson("kain", "katun", "101"),
                                 a_lesson("kain", "katun", "102")};

    assert_int_equal(append(t, list, 2), 2);
    list[2].batch_id = STR_LIT("b-2");
    assert_int_equal(append(t, &list[2], 1), 3);
    see(t, (struct lesson_filter){.standing = true});
    assert_seen(t, "1 acme/tiktok/ID [] 10: kain= -> | b-1\n"
                   "3 acme/tiktok/ID [] 10: kain=katun -> 102| b-2\n");
    see(t, (struct lesson_filter){0});
    assert_seen(t, "3 acme/tiktok/ID [] 10: kain=katun -> 102| b-2\n"
                   "2 acme/tiktok/ID [] 10: kain=katun -> 101| b-1\n"
                   "1 acme/tiktok/ID [] 10: kain= -> | b-1\n");
    see(t, (struct lesson_filter){.batch_id = STR_LIT("b-1"), .limit = 1});
    assert_seen(t, "2 acme/tiktok/ID [] 10: kain=katun -> 101| b-1\n");
}

static void pages_go_on_behind_the_last_lesson_told(void **state)
{
    struct store_test *t = *state;
    struct kept_lesson list[] = {a_lesson("warna", "", ""),
                                 a_lesson("kain", "sutra", "1"),
                                 a_lesson("kain", "katun", "2"), a_lesson("kain", "", ""),
                                 a_lesson("kain", "katun", "3")};

    list[0].says.attribute_id = STR_LIT("9");
    list[3].seller_id = STR_LIT("zeta");
    append(t, list, 5);
    see(t, (struct lesson_filter){.standing = true, .limit = 2});
    assert_seen(t, "5 acme/tiktok/ID [] 10: kain=katun -> 3| b-1\n"
                   "2 acme/tiktok/ID [] 10: kain=sutra -> 1| b-1\n");
    see(t, (struct lesson_filter){.standing = true, .after_seq = 2});
    assert_seen(t, "1 acme/tiktok/ID [] 9: warna= -> | b-1\n"
                   "4 zeta/tiktok/ID [] 10: kain= -> | b-1\n");
    see(t, (struct lesson_filter){.after_seq = 4, .limit = 1});
    assert_seen(t, "3 acme/tiktok/ID [] 10: kain=katun -> 2| b-1\n");
    see(t, (struct lesson_filter){.standing = true, .after_seq = 99});
    assert_seen(t, "");
}

static void what_was_taken_back_stands_no_more_and_stays_in_the_log(void **state)
{
    struct store_test *t = *state;
    struct kept_lesson lesson = a_lesson("kain", "katun", "101");

    append(t, &lesson, 1);
    lesson.taught = false;
    lesson.undoes = 1;
    append(t, &lesson, 1);
    see(t, (struct lesson_filter){.standing = true});
    assert_seen(t, "");
    see(t, (struct lesson_filter){.attribute_id = STR_LIT("10")});
    assert_seen(t, "2 acme/tiktok/ID [] 10: kain=katun -> 101| back b-1\n"
                   "1 acme/tiktok/ID [] 10: kain=katun -> 101| b-1\n");
}

static void one_is_found_by_its_key_and_so_is_the_one_before(void **state)
{
    struct store_test *t = *state;
    struct kept_lesson first = a_lesson("kain", "katun", "101"), second = first, got;

    second.says.value_id = STR_LIT("");
    second.says.value_name = STR_LIT("Katun \xe2\x98\x95");
    second.says.category_id = STR_LIT("600001");
    append(t, &first, 1);
    first.says.value_id = STR_LIT("102");
    append(t, &first, 1);
    append(t, &second, 1);
    assert_ok(lessons(t)->get(t->s, &first, 0, &t->arena, &got, &t->err), &t->err);
    assert_str(got.says.value_id, "102");
    assert_ok(lessons(t)->get(t->s, &first, 2, &t->arena, &got, &t->err), &t->err);
    assert_str(got.says.value_id, "101");
    assert_ok(lessons(t)->get(t->s, &second, 0, &t->arena, &got, &t->err), &t->err);
    assert_str(got.says.value_name, "Katun \xe2\x98\x95");
    assert_str(got.who, "ana");
    assert_int_equal(got.at, 100);
    lessons(t)->get(t->s, &first, 1, &t->arena, &got, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "nothing was taught of attribute 10 so");
}

static void markets_and_leaves_are_kept_apart(void **state)
{
    struct store_test *t = *state;
    struct kept_lesson list[] = {a_lesson("kain", "katun", "101"),
                                 a_lesson("kain", "katun", "201"),
                                 a_lesson("kain", "katun", "301")};

    list[1].region = STR_LIT("MY");
    list[2].says.category_id = STR_LIT("600001");
    append(t, list, 3);
    see(t, (struct lesson_filter){.region = STR_LIT("ID"),
                                  .channel = STR_LIT("tiktok"),
                                  .seller_id = STR_LIT("acme"),
                                  .standing = true});
    assert_seen(t, "1 acme/tiktok/ID [] 10: kain=katun -> 101| b-1\n"
                   "3 acme/tiktok/ID [600001] 10: kain=katun -> 301| b-1\n");
}

static const struct contract_case cases[] = {
    CASE(the_newest_lesson_of_a_key_stands),
    CASE(pages_go_on_behind_the_last_lesson_told),
    CASE(what_was_taken_back_stands_no_more_and_stays_in_the_log),
    CASE(one_is_found_by_its_key_and_so_is_the_one_before),
    CASE(markets_and_leaves_are_kept_apart),
};
const struct contract_table contract_lessons = CONTRACT_TABLE(cases);
