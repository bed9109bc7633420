#include "world.h"

#include <stdio.h>
#include <string.h>

static struct decide_request decide(enum decision_scope scope, const char *key,
                                    enum decision_state state, const char *category)
{
    return (struct decide_request){.target = STR_LIT(WORLD_TARGET),
                                   .scope = scope,
                                   .key = str_of(key),
                                   .state = state,
                                   .category = str_of(category),
                                   .expected = EXPECT_ANY};
}

static void take(struct world *w, struct decide_request r, char batch[BATCH_ID_LEN])
{
    struct aisle_err err = {0};

    if (flow_decide(&w->app, &r, batch, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void ready(struct world *w)
{
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "a", "kaos hitam", "Baju", NULL);
    world_product(w, "b", "kemeja putih", "Baju", NULL);
    world_product(w, "c", "gelas", "", NULL);
}

static void a_category_covers_its_products_and_an_own_decision_goes_before(void **state)
{
    struct world *w = *state;

    ready(w);
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10"), NULL);
    assert_string_equal(world_mappings(w), "a=10 b=10 c=-");
    take(w, decide(SCOPE_PRODUCT, "b", DECISION_ACCEPTED, "Fashion > Kemeja"), NULL);
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_NONE, NULL), NULL);
    assert_string_equal(world_mappings(w), "a=10 b=11 c=#");
}

static void what_cannot_be_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *key, *category, *words;
        enum aisle_status status;
    } cases[] = {
        {"a", "77", "no one category", AISLE_INVALID},
        {"a", "1", "not a leaf", AISLE_INVALID},
        {"a", "12", "invite-only: ask", AISLE_INVALID},
        {"nobody", "10", "nobody", AISLE_NOT_FOUND},
    };
    struct world *w = *state;

    ready(w);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct decide_request r =
            decide(SCOPE_PRODUCT, cases[i].key, DECISION_ACCEPTED, cases[i].category);
        struct aisle_err err = {0};

        assert_int_equal(flow_decide(&w->app, &r, NULL, &err), cases[i].status);
        assert_non_null(strstr(err.text, cases[i].words));
    }
    assert_string_equal(world_mappings(w), "a=- b=- c=-");
}

static void who_came_second_is_told_who_was_first(void **state)
{
    struct world *w = *state;
    struct decide_request late = decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11");
    struct aisle_err err = {0};

    ready(w);
    late.expected = 0; /* they saw nothing decided */
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10"), NULL);
    assert_int_equal(flow_decide(&w->app, &late, NULL, &err), AISLE_CONFLICT);
    assert_non_null(strstr(err.text, "ann"));
    assert_string_equal(world_mappings(w), "a=10 b=- c=-");
}

static void of_many_what_can_be_is_kept_in_one_batch_and_the_rest_says_why(void **state)
{
    struct world *w = *state;
    struct decide_request list[] = {
        decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10"),
        decide(SCOPE_PRODUCT, "b", DECISION_ACCEPTED, "77"),
        decide(SCOPE_PRODUCT, "nobody", DECISION_NONE, NULL),
        decide(SCOPE_PRODUCT, "c", DECISION_ACCEPTED, "11"),
    };
    static const enum aisle_status wanted[2][4] = {
        {AISLE_OK, AISLE_INVALID, AISLE_NOT_FOUND, AISLE_OK},
        {AISLE_CONFLICT, AISLE_INVALID, AISLE_NOT_FOUND, AISLE_OK},
    };
    char batch[BATCH_ID_LEN] = "", same[BATCH_ID_LEN];
    struct undo_result undone;
    struct decider d;

    ready(w);
    assert_int_equal(decider_open(&w->app, str_of(WORLD_TARGET), &d, NULL), AISLE_OK);
    for (size_t round = 0; round < 2; round++) {
        struct aisle_err whys[4];

        list[0].expected = 0; /* in the second round somebody was faster */
        assert_int_equal(decider_decide_all(&d, list, 4, batch, whys, NULL), AISLE_OK);
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(whys[i].status, wanted[round][i]);
        if (round == 0)
            memcpy(same, batch, sizeof(same));
        list[3].category = STR_LIT("10");
        assert_string_equal(world_mappings(w), round ? "a=10 b=- c=10" : "a=10 b=- c=11");
    }
    assert_string_equal(batch, same);
    decider_close(&d);
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_int_equal(undone.reversed, 2);
    assert_string_equal(world_mappings(w), "a=- b=- c=-");
}

static void undo_brings_back_what_stood_before_and_undoing_that_is_redo(void **state)
{
    struct world *w = *state;
    char batch[BATCH_ID_LEN];
    struct undo_result undone, redone;

    ready(w);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10"), NULL);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11"), batch);
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10 b=- c=-");
    assert_int_equal(undone.reversed, 1);
    assert_int_equal(
        flow_undo(&w->app, str_of(undone.batch_id), NULL, NULL, &redone, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=11 b=- c=-");
}

static void undoing_the_first_decision_leaves_nothing(void **state)
{
    struct world *w = *state;
    char batch[BATCH_ID_LEN];
    struct undo_result undone;

    ready(w);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10"), batch);
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_string_equal(world_mappings(w), "a=- b=- c=-");
}

static enum aisle_status note_left(void *ctx, const struct decision *d,
                                   struct aisle_err *err)
{
    char *text = ctx;

    (void)err;
    snprintf(text, 64, "%.*s=%.*s", STR_ARG(d->key), STR_ARG(d->category_id));
    return AISLE_OK;
}

static void undo_leaves_alone_what_was_decided_later_and_names_it(void **state)
{
    struct world *w = *state;
    char batch[BATCH_ID_LEN], left[64] = "";
    struct decide_request second;
    struct undo_result undone;

    ready(w);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10"), batch);
    second = decide(SCOPE_PRODUCT, "b", DECISION_ACCEPTED, "10");
    second.batch_id = str_of(batch);
    take(w, second, NULL);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11"), NULL);
    assert_int_equal(flow_undo(&w->app, str_of(batch), note_left, left, &undone, NULL),
                     AISLE_OK);
    assert_int_equal(undone.reversed, 1);
    assert_int_equal(undone.left_alone, 1);
    assert_string_equal(left, "a=11");
    assert_string_equal(world_mappings(w), "a=11 b=- c=-");
}

static void undo_leaves_alone_what_is_decided_while_it_is_at_it(void **state)
{
    struct world *w = *state;
    char batch[BATCH_ID_LEN], left[64] = "";
    struct decide_request second;
    struct undo_result undone, redone;

    ready(w);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10"), batch);
    second = decide(SCOPE_PRODUCT, "b", DECISION_ACCEPTED, "10");
    second.batch_id = str_of(batch);
    take(w, second, NULL);
    world_race(w, "a", DECISION_ACCEPTED, "11", 1);
    assert_int_equal(flow_undo(&w->app, str_of(batch), note_left, left, &undone, NULL),
                     AISLE_OK);
    assert_int_equal(undone.reversed, 1);
    assert_int_equal(undone.left_alone, 1);
    assert_string_equal(left, "a=11");
    assert_string_equal(world_mappings(w), "a=11 b=- c=-");
    assert_int_equal(
        flow_undo(&w->app, str_of(undone.batch_id), note_left, left, &redone, NULL),
        AISLE_OK);
    assert_int_equal(redone.reversed, 1);
    assert_string_equal(world_mappings(w), "a=11 b=10 c=-");
}

/* ---- the queue ---- */

struct seen {
    char text[512];
};

static enum aisle_status see(void *ctx, const struct open_item *item,
                             struct aisle_err *err)
{
    struct seen *s = ctx;
    size_t n = strlen(s->text);

    (void)err;
    snprintf(s->text + n, sizeof(s->text) - n, "%s%.*s(%zu,%s%s%.*s)", n ? " " : "",
             STR_ARG(item->key), item->products, item->why,
             item->candidate_count ? "," : "",
             STR_ARG(item->candidate_count ? item->candidates[0].category_id
                                           : (struct str){0}));
    return AISLE_OK;
}

static void the_queue_has_what_covers_most_first(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct seen seen = {""};

    ready(w);
    world_product(w, "d", "gelas kaca", "Gelas", NULL);
    assert_int_equal(flow_each_open(&w->app, &filter, see, &seen, NULL), AISLE_OK);
    assert_non_null(strstr(seen.text, "Baju(2,no decision"));
    assert_non_null(strstr(seen.text, "Gelas(1,no decision,20)"));
    assert_non_null(strstr(seen.text, "c(1,no decision,20)"));
    assert_true(strstr(seen.text, "Baju") < strstr(seen.text, "Gelas("));
    assert_null(strstr(seen.text, "a(")); /* waits for its category */
}

static void a_product_refused_its_categorys_leaf_waits_for_another(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct seen seen = {""}, later = {""};

    ready(w);
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10"), NULL);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_REJECTED, "10"), NULL);
    take(w, decide(SCOPE_PRODUCT, "b", DECISION_REJECTED, "11"), NULL);
    assert_string_equal(world_mappings(w), "a=10~ b=10 c=-");
    assert_int_equal(flow_each_open(&w->app, &filter, see, &seen, NULL), AISLE_OK);
    assert_non_null(strstr(seen.text, "a(1,refused"));
    assert_null(strstr(seen.text, "a(1,refused,10)"));
    assert_null(strstr(seen.text, "b("));
    assert_null(strstr(seen.text, "Baju("));
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "11"), NULL);
    assert_string_equal(world_mappings(w), "a=11 b=11~ c=-");
    assert_int_equal(flow_each_open(&w->app, &filter, see, &later, NULL), AISLE_OK);
    assert_null(strstr(later.text, "a("));
    assert_non_null(strstr(later.text, "b(1,refused"));
}

static void a_refusal_that_names_no_leaf_is_of_the_one_that_counts(void **state)
{
    struct world *w = *state;
    struct decide_request no = decide(SCOPE_PRODUCT, "c", DECISION_REJECTED, "");
    struct aisle_err err = {0};

    ready(w);
    assert_int_equal(flow_decide(&w->app, &no, NULL, &err), AISLE_INVALID);
    assert_non_null(strstr(err.text, "nothing to refuse"));
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10"), NULL);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_REJECTED, ""), NULL);
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_ACCEPTED, "20"), NULL);
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_REJECTED, ""), NULL);
    assert_string_equal(world_mappings(w), "a=10~ b=10 c=20~");
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_REJECTED, ""), NULL);
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_REJECTED, "Fashion > Kemeja"), NULL);
    assert_string_equal(world_mappings(w), "a=10~ b=10~ c=11~");
}

static void what_was_refused_is_not_offered_however_long_ago(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct seen before = {""}, after = {""};

    ready(w);
    assert_int_equal(flow_each_open(&w->app, &filter, see, &before, NULL), AISLE_OK);
    assert_non_null(strstr(before.text, "c(1,no decision,20)"));
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_REJECTED, "20"), NULL);
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_REJECTED, "11"), NULL);
    assert_int_equal(flow_each_open(&w->app, &filter, see, &after, NULL), AISLE_OK);
    assert_non_null(strstr(after.text, "c(1,refused"));
    assert_null(strstr(after.text, "c(1,refused,20)"));
}

static void a_dead_leaf_is_back_in_the_queue(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct sync_request shrink = {.target = STR_LIT(WORLD_TARGET), .accept_shrink = true};
    struct sync_result r;
    struct seen seen = {""};

    ready(w);
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10"), NULL);
    w->market.tree[0] = "1< Fashion\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah\n20<2 Gelas*\n";
    assert_int_equal(flow_sync(&w->app, &shrink, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(flow_each_open(&w->app, &filter, see, &seen, NULL), AISLE_OK);
    assert_non_null(strstr(seen.text, "Baju(2,leaf is gone"));
}

static size_t hurt(struct world *w)
{
    size_t impacted, broken;

    assert_int_equal(
        flow_tree_impact(&w->app, STR_LIT(WORLD_TARGET), NULL, &impacted, NULL),
        AISLE_OK);
    assert_int_equal(
        flow_tree_broken(&w->app, STR_LIT(WORLD_TARGET), STR_LIT("acme"), &broken, NULL),
        AISLE_OK);
    assert_int_equal(impacted, broken);
    return broken;
}

static void map_with(struct world *w, const char *answers)
{
    const struct map_request request = {.target = STR_LIT(WORLD_TARGET),
                                        .policy = MAP_GUIDE,
                                        .budget = -1,
                                        .jobs = 1,
                                        .image_root = str_of(w->image_root)};
    struct map_result r;

    w->market.answers = answers;
    assert_int_equal(flow_map(&w->app, &request, NULL, NULL, &r, NULL), AISLE_OK);
}

static void a_leaf_no_sync_ever_had_is_back_in_the_queue_with_the_next(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET), .by_product = true};
    struct seen before = {""}, seen = {""};

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "a", "barang baru", "", "images/kaos-hitam.png");
    map_with(w, "baru=99\n");
    assert_int_equal(flow_each_open(&w->app, &filter, see, &before, NULL), AISLE_OK);
    assert_string_equal(before.text, "");
    assert_int_equal(hurt(w), 0);
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    assert_int_equal(flow_each_open(&w->app, &filter, see, &seen, NULL), AISLE_OK);
    assert_non_null(strstr(seen.text, "a(1,leaf is gone"));
    assert_int_equal(hurt(w), 1);
}

static void a_dead_leaf_named_anew_stays_dead_for_whom_it_died(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct sync_request shrink = {.target = STR_LIT(WORLD_TARGET), .accept_shrink = true};
    struct sync_result r;
    struct seen seen = {""};

    ready(w);
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10"), NULL);
    w->market.tree[0] = "1< Fashion\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah\n20<2 Gelas*\n";
    assert_int_equal(flow_sync(&w->app, &shrink, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(hurt(w), 1);
    world_product(w, "d", "barang baru", "", "images/kaos-hitam.png");
    map_with(w, "baru=10\n");
    assert_int_equal(flow_each_open(&w->app, &filter, see, &seen, NULL), AISLE_OK);
    assert_non_null(strstr(seen.text, "Baju(2,leaf is gone"));
    assert_null(strstr(seen.text, "d("));
    assert_int_equal(hurt(w), 1);
}

static void a_closed_leaf_is_not_offered_again(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct sync_request again = {.target = STR_LIT(WORLD_TARGET), .accept_shrink = true};
    struct sync_result r;
    struct seen seen = {""};

    ready(w);
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10"), NULL);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos*!\n11<1 Kemeja*\n2< Rumah\n20<2 Gelas*\n";
    assert_int_equal(flow_sync(&w->app, &again, NULL, &w->arena, &r, NULL), AISLE_OK);
    assert_int_equal(flow_each_open(&w->app, &filter, see, &seen, NULL), AISLE_OK);
    assert_non_null(strstr(seen.text, "Baju(2,leaf is gone"));
    assert_null(strstr(seen.text, "leaf is gone,10"));
}

/* ---- the sheet ---- */

static void note_problem(void *ctx, size_t line, const struct aisle_err *why)
{
    char *text = ctx;

    snprintf(text, 300, "%zu: %s", line, why->text);
}

/* Put an answer into the empty decision cell of the row that has the key. */
static void answer(struct buf *sheet, const char *key, const char *what)
{
    struct str all = buf_str(sheet);
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);

    while (!str_empty(all)) {
        struct str line = str_cut(&all, '\n');
        size_t comma = line.n;

        if (str_find(line, str_of(key)) < line.n)
            while (comma && line.p[comma - 1] != ',')
                comma--;
        if (comma < line.n) {
            buf_add(&out, str_head(line, comma - 1));
            buf_addz(&out, what);
            buf_add(&out, str_skip(line, comma - 1));
        } else {
            buf_add(&out, line);
        }
        buf_addc(&out, '\n');
    }
    buf_clear(sheet);
    *sheet = out;
}

static void a_sheet_goes_out_and_its_answers_come_back(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct buf sheet = BUF_INIT(BUF_MAX_REQUEST);
    struct sheet_result r;
    char problem[300] = "", problem_dry[300] = "";
    size_t rows;

    ready(w);
    assert_int_equal(flow_sheet_export(&w->app, &filter, &sheet, &rows, NULL), AISLE_OK);
    assert_int_equal(rows, 2);
    answer(&sheet, "Baju", "10");
    answer(&sheet, "product,c", "none");
    assert_int_equal(flow_sheet_import(&w->app, buf_str(&sheet), STR_LIT(WORLD_TARGET),
                                       false, note_problem, problem, &r, NULL),
                     AISLE_OK);
    assert_string_equal(problem, "");
    assert_int_equal(r.accepted, 1);
    assert_int_equal(r.none, 1);
    assert_string_equal(world_mappings(w), "a=10 b=10 c=#");

    /* the same sheet again: decided meanwhile, so refused by line */
    assert_int_equal(flow_sheet_import(&w->app, buf_str(&sheet), STR_LIT(WORLD_TARGET),
                                       false, note_problem, problem, &r, NULL),
                     AISLE_OK);
    assert_int_equal(r.refused, 2);
    assert_non_null(strstr(problem, "3: "));
    assert_int_equal(flow_sheet_import(&w->app, buf_str(&sheet), STR_LIT(WORLD_TARGET),
                                       true, note_problem, problem_dry, &r, NULL),
                     AISLE_OK);
    assert_int_equal(r.refused, 2);
    assert_string_equal(problem_dry, problem);
    buf_clear(&sheet);
}

static void a_refusal_in_a_sheet_is_of_what_its_row_shows(void **state)
{
    struct world *w = *state;
    struct open_filter filter = {.target = STR_LIT(WORLD_TARGET)};
    struct buf sheet = BUF_INIT(BUF_MAX_REQUEST);
    struct sheet_result r;
    char problem[300] = "";
    size_t rows;

    ready(w);
    assert_int_equal(flow_sheet_export(&w->app, &filter, &sheet, &rows, NULL), AISLE_OK);
    answer(&sheet, "product,c", "reject");
    assert_int_equal(flow_sheet_import(&w->app, buf_str(&sheet), STR_LIT(WORLD_TARGET),
                                       false, note_problem, problem, &r, NULL),
                     AISLE_OK);
    assert_string_equal(problem, "");
    assert_int_equal(r.rejected, 1);
    assert_string_equal(world_mappings(w), "a=- b=- c=20~");
    buf_clear(&sheet);
}

static void add_line(void *ctx, size_t line, const struct aisle_err *why)
{
    (void)why;
    buf_addf(ctx, "%zu ", line);
}

static enum aisle_status count_in(void *ctx, const struct decision *d,
                                  struct aisle_err *err)
{
    size_t *count = ctx;

    (void)d;
    (void)err;
    ++*count;
    return AISLE_OK;
}

/* More than share a transaction: two of unknown products, one decided twice, one of an
 * unknown scope, one for a category that is no leaf. */
static void a_long_sheet_is_one_batch_and_its_bad_rows_are_told_in_order(void **state)
{
    struct world *w = *state;
    struct buf sheet = BUF_INIT(BUF_MAX_REQUEST), told = BUF_INIT(BUF_MAX_LINE);
    struct sheet_result r;
    struct log_filter filter;
    size_t count = 0;

    ready(w);
    buf_addz(&sheet, "seller,scope,key,decision,version\n");
    for (int i = 2; i <= 1204; i++) {
        char id[16];

        snprintf(id, sizeof(id), "p-%d", i == 1100 ? 1099 : i);
        if (i != 1100 && i != 3 && i != 700)
            world_product(w, id, "kaos", "", NULL);
        buf_addf(&sheet, "acme,%s,%s,%s,0\n", i == 650 ? "shelf" : "product", id,
                 i == 1201 ? "1" : "10");
    }
    for (int dry = 1; dry >= 0; dry--) {
        buf_reset(&told);
        assert_int_equal(flow_sheet_import(&w->app, buf_str(&sheet),
                                           STR_LIT(WORLD_TARGET), dry, add_line, &told,
                                           &r, NULL),
                         AISLE_OK);
        buf_addc(&told, '\0');
        assert_string_equal(buf_str(&told).p,
                            dry ? "3 650 700 1201 " : "3 650 700 1100 1201 ");
        assert_int_equal(r.rows, 1203);
        assert_int_equal(r.refused, dry ? 4 : 5);
        assert_int_equal(r.accepted, dry ? 1199 : 1198);
        filter = (struct log_filter){.batch_id = str_of(r.batch_id)};
        assert_int_equal(w->app.store->ops->decisions->each(w->app.store, &filter,
                                                            count_in, &count, NULL),
                         AISLE_OK);
        assert_int_equal(count, dry ? 0 : 1198);
    }
    buf_clear(&sheet);
    buf_clear(&told);
}

/* ---- to another target ---- */

/* Of seller acme's second shop, with a tree of its own. */
static void add_second_shop(struct world *w, const char *tree)
{
    struct shop_request other = {.shop = {.id = STR_LIT("toko-b"),
                                          .seller_id = STR_LIT("acme"),
                                          .channel = STR_LIT("market"),
                                          .region = STR_LIT("ID"),
                                          .app_key = STR_LIT("key")},
                                 .keys = {.access_token = STR_LIT("t")},
                                 .offline = true};
    struct sync_request sync = {.target = STR_LIT("toko-b")};
    struct sync_result synced;

    assert_int_equal(flow_shop_add(&w->app, &other, NULL), AISLE_OK);
    w->market.tree[0] = tree;
    assert_int_equal(flow_sync(&w->app, &sync, NULL, &w->arena, &synced, NULL), AISLE_OK);
}

static struct carry_result carry(struct world *w)
{
    struct carry_result r = {0};
    struct aisle_err err = {0};

    if (flow_carry(&w->app, STR_LIT("toko"), STR_LIT("toko-b"), false, NULL, NULL, &r,
                   &err) != AISLE_OK)
        fail_msg("%s", err.text);
    return r;
}

static const char *carried_to(struct world *w, const char *product)
{
    struct decision d;

    assert_int_equal(w->app.store->ops->decisions->get(
                         w->app.store, STR_LIT("acme"), STR_LIT("toko-b"), SCOPE_PRODUCT,
                         str_of(product), &w->arena, &d, NULL),
                     AISLE_OK);
    assert_int_equal(d.state, DECISION_PROPOSED);
    return arena_str(&w->arena, d.category_id).p;
}

static void mappings_are_carried_to_another_target_as_proposals(void **state)
{
    struct world *w = *state;
    struct carry_result r;
    struct decision d;

    ready(w);
    take(w, decide(SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10"), NULL);
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_ACCEPTED, "20"), NULL);
    take(w, decide(SCOPE_RULE, "words=kaos", DECISION_ACCEPTED, "10"), NULL);
    add_second_shop(w, "7< Rumah\n70<7 Gelas*\n8< Fashion\n10<8 Kaos*\n");
    r = carry(w);
    assert_int_equal(r.same_id, 1);
    assert_int_equal(r.same_path, 1);
    assert_string_equal(carried_to(w, "c"), "70");
    assert_int_equal(w->app.store->ops->decisions->get(
                         w->app.store, STR_LIT("acme"), STR_LIT("toko-b"), SCOPE_RULE,
                         STR_LIT("words=kaos"), &w->arena, &d, NULL),
                     AISLE_NOT_FOUND);
}

/* In tree "toko" 10 and 11 are Kaos and Kemeja, and 20 is Rumah > Gelas. */
static void an_id_of_another_name_is_another_category(void **state)
{
    struct world *w = *state;
    struct carry_result r;

    ready(w);
    take(w, decide(SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10"), NULL);
    take(w, decide(SCOPE_PRODUCT, "b", DECISION_ACCEPTED, "11"), NULL);
    take(w, decide(SCOPE_PRODUCT, "c", DECISION_ACCEPTED, "20"), NULL);
    add_second_shop(w, "2< Rumah\n10<2 Gelas*\n20<2 Tinta Printer*\n"
                       "3< Baju\n11<3 Kemeja*\n30<3 Kaos*\n");
    r = carry(w);
    assert_int_equal(r.same_id, 1); /* moved, and called the same */
    assert_int_equal(r.same_path, 1);
    assert_int_equal(r.same_name, 1);
    assert_string_equal(carried_to(w, "a"), "30");
    assert_string_equal(carried_to(w, "b"), "11");
    assert_string_equal(carried_to(w, "c"), "10");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_category_covers_its_products_and_an_own_decision_goes_before),
        T(what_cannot_be_is_refused_with_the_reason),
        T(who_came_second_is_told_who_was_first),
        T(of_many_what_can_be_is_kept_in_one_batch_and_the_rest_says_why),
        T(undo_brings_back_what_stood_before_and_undoing_that_is_redo),
        T(undoing_the_first_decision_leaves_nothing),
        T(undo_leaves_alone_what_was_decided_later_and_names_it),
        T(undo_leaves_alone_what_is_decided_while_it_is_at_it),
        T(the_queue_has_what_covers_most_first),
        T(a_product_refused_its_categorys_leaf_waits_for_another),
        T(a_refusal_that_names_no_leaf_is_of_the_one_that_counts),
        T(what_was_refused_is_not_offered_however_long_ago),
        T(a_dead_leaf_is_back_in_the_queue),
        T(a_leaf_no_sync_ever_had_is_back_in_the_queue_with_the_next),
        T(a_dead_leaf_named_anew_stays_dead_for_whom_it_died),
        T(a_closed_leaf_is_not_offered_again),
        T(a_sheet_goes_out_and_its_answers_come_back),
        T(a_refusal_in_a_sheet_is_of_what_its_row_shows),
        T(a_long_sheet_is_one_batch_and_its_bad_rows_are_told_in_order),
        T(mappings_are_carried_to_another_target_as_proposals),
        T(an_id_of_another_name_is_another_category),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
