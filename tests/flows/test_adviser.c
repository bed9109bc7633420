/* All that the matcher may use, put together: a model or none, sellers' decisions as they
 * come, rules, and a second tree. */
#include "world.h"

#include "flows/adviser.h"
#include "flows/rules.h"
#include "flows/share.h"
#include "match/train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char picture[] = "images/kaos-hitam.png";

struct asking {
    struct taxonomy tree;
    struct adviser *adviser;
    struct seller_advice *advice;
    struct match_scratch *scratch;
};

static void open_asking(struct world *w, struct asking *a, const char *model,
                        const char *also)
{
    struct adviser_request from = {.target_id = STR_LIT(WORLD_TARGET),
                                   .tree = &a->tree,
                                   .model = str_of(model),
                                   .also = str_of(also)};
    struct aisle_err err = {0};

    *a = (struct asking){0};
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, from.target_id, 0,
                                                    &w->arena, NULL, &a->tree, &err),
                     AISLE_OK);
    if (adviser_open(&w->app, &from, &a->adviser, &err) != AISLE_OK)
        fail_msg("%s", err.text);
    assert_int_equal(adviser_of(a->adviser, STR_LIT("acme"), &a->advice, &err), AISLE_OK);
    assert_int_equal(match_scratch_new(&a->scratch, &err), AISLE_OK);
}

static void close_asking(struct asking *a)
{
    match_scratch_free(a->scratch);
    adviser_close(a->adviser);
}

/* The best leaf for a title, or "-". */
static const char *best(struct world *w, struct asking *a, const char *title)
{
    struct match_query query = {.title = str_of(title)};
    struct suggestion s;
    size_t count;

    assert_int_equal(match_rank(a->advice->matcher, a->scratch, &query, &w->arena, &s, 1,
                                &count, NULL),
                     AISLE_OK);
    return count ? arena_fmt(&w->arena, "%.*s", STR_ARG(s.category_id)).p : "-";
}

static void take(struct world *w, const char *key, const char *leaf)
{
    struct decide_request r = {.target = STR_LIT(WORLD_TARGET),
                               .scope = SCOPE_PRODUCT,
                               .key = str_of(key),
                               .state = DECISION_ACCEPTED,
                               .category = str_of(leaf),
                               .expected = EXPECT_ANY};
    struct aisle_err err = {0};

    if (flow_decide(&w->app, &r, NULL, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void product_of(struct world *w, const char *seller, const char *id,
                       const char *title, const char *category)
{
    struct product p = {.seller_id = str_of(seller),
                        .id = str_of(id),
                        .title = str_of(title),
                        .seller_category_id = str_of(category),
                        .price_minor = -1};

    assert_int_equal(
        w->app.store->ops->catalogue->put_products(w->app.store, &p, 1, 1, NULL, NULL),
        AISLE_OK);
}

static enum aisle_status run(struct world *w, const struct map_request *what,
                             struct map_result *out, struct aisle_err *err)
{
    struct map_request request = *what;

    if (str_empty(request.target))
        request.target = STR_LIT(WORLD_TARGET);
    request.budget = -1;
    request.jobs = 1;
    request.image_root = str_of(w->image_root);
    return flow_map(&w->app, &request, NULL, NULL, out, err);
}

/* ---- models ---- */

static void model_path(struct world *w, char out[64])
{
    (void)w;
    snprintf(out, 64, "/tmp/aisle-adviser-%ld.model", (long)getpid());
}

/* Forty titles of words no name has: shirts are zarvina, glasses quansi. */
static struct buf train(struct world *w, bool paths)
{
    static const char *const colours[] = {"biru",   "merah",  "hijau", "putih", "hitam",
                                          "krem",   "ungu",   "abu",   "emas",  "perak",
                                          "coklat", "jingga", "toska", "marun", "navy",
                                          "lilac",  "mint",   "salem", "khaki", "mocca"};
    struct labelled rows[40];
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct taxonomy tree;
    struct aisle_err err = {0};

    for (size_t i = 0; i < 40; i++)
        rows[i] = (struct labelled){
            .text = {.title = arena_fmt(&w->arena, "%s seri %s",
                                        i % 2 ? "zarvina" : "quansi", colours[i / 2])},
            .category_id = i % 2 ? STR_LIT("11") : STR_LIT("20")};
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, STR_LIT(WORLD_TARGET),
                                                    0, &w->arena, NULL, &tree, &err),
                     AISLE_OK);
    if (model_train(&tree, rows, 40,
                    &(struct model_options){.paths = paths, .one_thread = true}, &bytes,
                    &err) != AISLE_OK)
        fail_msg("%s", err.text);
    return bytes;
}

static void save(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "we");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
}

/* What was warned of. */
static void note_line(void *ctx, enum log_level level, struct str line)
{
    if (level == LOG_WARN)
        snprintf(ctx, 512, "%.*s", STR_ARG(line));
}

static void a_model_says_what_names_do_not(void **state)
{
    struct world *w = *state;
    struct asking a;
    struct buf bytes;
    char path[64];

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    model_path(w, path);
    bytes = train(w, false);
    save(path, buf_str(&bytes));
    open_asking(w, &a, NULL, NULL);
    assert_string_equal(best(w, &a, "Zarvina seri emerald"), "-");
    close_asking(&a);
    open_asking(w, &a, path, NULL);
    assert_true(adviser_has_model(a.adviser));
    assert_string_equal(best(w, &a, "Zarvina seri emerald"), "11");
    assert_string_equal(best(w, &a, "Quansi seri emerald"), "20");
    assert_string_equal(best(w, &a, "Kaos polos"), "10"); /* by its name, as ever */
    close_asking(&a);
    unlink(path);
    buf_clear(&bytes);
}

/* Cut short, of another machine, of a newer version, of something else, of paths, or not
 * there: warned of in words, and the answers are those without one. */
static void a_model_that_cannot_be_used_is_done_without(void **state)
{
    static const struct {
        const char *says;
        size_t at;
        int byte;
    } cases[] = {{"no model", 0, 'X'},
                 {"byte order", 8, 1},
                 {"version 99", 12, 99},
                 {"damaged", 40, 0xff}};
    struct world *w = *state;
    char path[64], warned[512];
    struct log log = {
        .level = LOG_WARN, .clock = w->app.clock, .sink = note_line, .ctx = warned};
    struct map_result r;
    struct asking a;
    struct buf bytes, paths;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    w->app.log = &log;
    model_path(w, path);
    bytes = train(w, false);
    paths = train(w, true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases + 3; i++) {
        struct buf bad = BUF_INIT(MODEL_MAX_BYTES);
        const char *says = "cut short";

        buf_add(&bad, i == 5 ? buf_str(&paths) : buf_str(&bytes));
        if (i < sizeof cases / sizeof *cases) {
            bad.p[cases[i].at] = (char)cases[i].byte;
            if (cases[i].at == 8) /* the whole mark, the other way round */
                memcpy(bad.p + 8, "\1\2\3\4", 4);
            says = cases[i].says;
        } else if (i == 4) {
            bad.n /= 2;
        } else {
            says = i == 5 ? "knows paths" : "";
        }
        unlink(path);
        if (i < 6)
            save(path, buf_str(&bad));
        warned[0] = '\0';
        open_asking(w, &a, path, NULL);
        assert_false(adviser_has_model(a.adviser));
        if (!strstr(warned, says) || !strstr(warned, "going on without a model"))
            fail_msg("%s: %s", says, warned);
        assert_string_equal(best(w, &a, "Zarvina seri emerald"), "-");
        assert_string_equal(best(w, &a, "Kaos polos"), "10");
        close_asking(&a);
        buf_clear(&bad);
    }
    world_product(w, "a", "kaos hitam", "Kaos", picture); /* and a run goes on too */
    assert_int_equal(run(w, &(struct map_request){.model = str_of(path)}, &r, NULL),
                     AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10");
    w->app.log = NULL;
    buf_clear(&bytes);
    buf_clear(&paths);
}

static void what_a_model_was_taught_moves_along_with_its_leaf(void **state)
{
    struct world *w = *state;
    struct sync_request again = {.target = STR_LIT(WORLD_TARGET), .accept_shrink = true};
    struct sync_result synced;
    struct asking a;
    struct buf bytes;
    char path[64];

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    model_path(w, path);
    bytes = train(w, false);
    save(path, buf_str(&bytes));
    w->market.tree[0] = "1< Fashion\n10<1 Kaos*\n2< Rumah\n20<2 Gelas*\n"
                        "3< Baju\n31<3 Kemeja*\n";
    assert_int_equal(flow_sync(&w->app, &again, NULL, &w->arena, &synced, NULL),
                     AISLE_OK);
    open_asking(w, &a, path, NULL);
    assert_string_equal(best(w, &a, "Zarvina seri emerald"), "31");
    assert_string_equal(best(w, &a, "Quansi seri emerald"), "20");
    close_asking(&a);
    unlink(path);
    buf_clear(&bytes);
}

/* It decides in a run: a product nobody was asked about goes where the model says, once
 * its kin's answers name that leaf. No two titles are nearly the same: one such answer
 * would do for the others without a model, too. */
static void a_run_asks_less_with_a_model(void **state)
{
    struct world *w = *state;
    struct map_result without, with;
    struct buf bytes;
    char path[64], id[16], title[64];

    w->market.answers = "zarvina=11\nquansi=20\n";
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    model_path(w, path);
    bytes = train(w, false);
    save(path, buf_str(&bytes));
    for (size_t i = 0; i < 40; i++) {
        snprintf(id, sizeof id, "p%02zu", i);
        snprintf(title, sizeof title, "%s x%zu", i % 2 ? "zarvina" : "quansi", i);
        world_product(w, id, title, "Promo", NULL);
    }
    assert_int_equal(
        run(w, &(struct map_request){.model = str_of(path), .limit = 20}, &with, NULL),
        AISLE_OK);
    assert_int_equal(with.counts.mapped, 20);
    for (size_t i = 40; i < 80; i++) {
        snprintf(id, sizeof id, "p%02zu", i);
        snprintf(title, sizeof title, "%s x%zu", i % 2 ? "zarvina" : "quansi", i);
        product_of(w, "other", id, title, "Promo");
    }
    assert_int_equal(
        run(w, &(struct map_request){.all_sellers = true, .limit = 20}, &without, NULL),
        AISLE_OK);
    assert_int_equal(without.counts.done, 20);
    assert_true(with.counts.calls < without.counts.calls);
    unlink(path);
    buf_clear(&bytes);
}

/* ---- unseen ---- */

/* What was proved where others of the category were decided proves nothing elsewhere. */
static void nothing_is_taken_unseen_in_a_category_nobody_decided_in(void **state)
{
    struct world *w = *state;
    struct map_result r;
    const char *told;
    char id[16], title[64];

    w->market.answers = "zarvina=refuse\n";
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    for (size_t i = 0; i < 40; i++) {
        snprintf(id, sizeof id, "p%02zu", i);
        snprintf(title, sizeof title, "Zarvina seri %zu", i);
        world_product(w, id, title, "Dikenal", NULL);
        take(w, id, "11");
    }
    world_product(w, "known", "Zarvina seri baru", "Dikenal", NULL);
    world_product(w, "strange", "Zarvina seri baru", "Asing", NULL);
    assert_int_equal(run(w, &(struct map_request){.accept_at = 0.9}, &r, NULL), AISLE_OK);
    told = world_mappings(w);
    assert_non_null(strstr(told, "known=11 "));
    assert_non_null(strstr(told, "strange=11?"));
}

/* ---- decisions as they come ---- */

/* Who decides is another thread, process or host: the store is all that is between. */
static void decisions_of_others_are_looked_for_every_second(void **state)
{
    struct world *w = *state;
    struct asking a;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "c", "Quansi teplo", "", NULL);
    open_asking(w, &a, NULL, NULL);
    take(w, "c", "20");
    assert_int_equal(seller_advice_look(a.advice, false, NULL), AISLE_OK);
    assert_string_equal(best(w, &a, "Teplo quansi"), "-"); /* looked just now */
    clock_sleep_ms(w->app.clock, ADVISER_LOOK_MS);
    assert_int_equal(seller_advice_look(a.advice, false, NULL), AISLE_OK);
    assert_string_equal(best(w, &a, "Teplo quansi"), "20");
    take(w, "c", "10");
    assert_int_equal(seller_advice_look(a.advice, true, NULL), AISLE_OK);
    assert_string_equal(best(w, &a, "Teplo quansi"), "10");
    close_asking(&a);
}

static void a_seller_s_decisions_are_not_another_s(void **state)
{
    struct world *w = *state;
    struct seller_advice *other;
    struct asking a;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "c", "Quansi teplo", "", NULL);
    product_of(w, "other", "c", "Quansi teplo", "");
    take(w, "c", "20");
    open_asking(w, &a, NULL, NULL);
    assert_int_equal(adviser_of(a.adviser, STR_LIT("other"), &other, NULL), AISLE_OK);
    assert_string_equal(best(w, &a, "Teplo quansi"), "20");
    a.advice = other;
    assert_string_equal(best(w, &a, "Teplo quansi"), "-");
    adviser_drop(a.adviser, other);
    close_asking(&a);
}

static void take_of(struct world *w, const char *target, const char *seller,
                    const char *key, const char *leaf)
{
    struct decide_request r = {.target = str_of(target),
                               .seller_id = str_of(seller),
                               .scope = SCOPE_PRODUCT,
                               .key = str_of(key),
                               .state = DECISION_ACCEPTED,
                               .category = str_of(leaf),
                               .expected = EXPECT_ANY};
    struct aisle_err err = {0};

    if (flow_decide(&w->app, &r, NULL, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void share(struct world *w, const char *seller, const char *with, bool on)
{
    struct aisle_err err = {0};

    if (flow_share(&w->app, str_of(seller), str_of(with), on, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static const char *best_after_a_look(struct world *w, struct asking *a, const char *title)
{
    clock_sleep_ms(w->app.clock, LEARN_SHARED_MS);
    assert_int_equal(seller_advice_look(a->advice, false, NULL), AISLE_OK);
    return best(w, a, title);
}

/* Both must agree; either can end it; what comes meanwhile comes over, and goes again. */
static void approvals_are_shared_while_both_want_it(void **state)
{
    struct world *w = *state;
    struct asking a;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "mine", "Kaos polos", "", NULL);
    product_of(w, "other", "c", "Quansi teplo", "Baju");
    product_of(w, "other", "d", "Zarvina", "");
    take_of(w, WORLD_TARGET, "other", "c", "20");
    open_asking(w, &a, NULL, NULL);
    assert_string_equal(best(w, &a, "Teplo quansi"), "-");
    share(w, "acme", "other", true);
    assert_string_equal(best_after_a_look(w, &a, "Teplo quansi"), "-");
    share(w, "other", "acme", true);
    assert_string_equal(best_after_a_look(w, &a, "Teplo quansi"), "20");
    take_of(w, WORLD_TARGET, "other", "d", "11");
    assert_string_equal(best_after_a_look(w, &a, "Zarvina"), "11");
    share(w, "other", "acme", false);
    assert_string_equal(best_after_a_look(w, &a, "Teplo quansi"), "-");
    assert_string_equal(best(w, &a, "Zarvina"), "-");
    share(w, "other", "acme", true);
    assert_string_equal(best_after_a_look(w, &a, "Zarvina"), "11");
    share(w, "acme", "other", false);
    assert_string_equal(best_after_a_look(w, &a, "Zarvina"), "-");
    assert_int_equal(approvals_count(a.advice->learnt.approvals), 0);
    close_asking(&a);
}

static void what_is_shared_shows_no_title_and_no_seller_category(void **state)
{
    struct world *w = *state;
    struct match_query query = {.title = STR_LIT("Quansi teplo biru"),
                                .seller_category = STR_LIT("Zarvo")};
    struct suggestion s[4];
    struct asking a;
    size_t count;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "mine", "Kaos polos", "Zarvo", NULL);
    product_of(w, "other", "c", "Quansi teplo biru rahasia", "Zarvo");
    take_of(w, WORLD_TARGET, "other", "c", "20");
    share(w, "acme", "other", true);
    share(w, "other", "acme", true);
    open_asking(w, &a, NULL, NULL);
    assert_int_equal(
        match_rank(a.advice->matcher, a.scratch, &query, &w->arena, s, 4, &count, NULL),
        AISLE_OK);
    assert_true(count > 0 && str_is(s[0].category_id, "20"));
    assert_true(str_find(s[0].reasons, STR_LIT("another seller's")) < s[0].reasons.n);
    assert_true(str_find(s[0].reasons, STR_LIT("rahasia")) == s[0].reasons.n);
    query.title = STR_LIT("nothing alike"); /* their shelf of that name is not ours */
    assert_int_equal(
        match_rank(a.advice->matcher, a.scratch, &query, &w->arena, s, 4, &count, NULL),
        AISLE_OK);
    assert_int_equal(count, 0);
    close_asking(&a);
}

/* In their own shop, where the ids mean the same; not where they may mean another leaf.
 */
static void approvals_for_an_own_shop_of_the_same_market_count(void **state)
{
    static const struct {
        const char *shop, *region;
        const char *expected;
    } cases[] = {{"same", "ID", "20"}, {"abroad", "MY", "-"}};
    struct world *w = *state;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "mine", "Kaos polos", "", NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shop_request theirs = {.shop = {.id = str_of(cases[i].shop),
                                               .seller_id = str_of(cases[i].shop),
                                               .channel = STR_LIT("market"),
                                               .region = str_of(cases[i].region),
                                               .app_key = STR_LIT("key")},
                                      .keys = {.access_token = STR_LIT("t")},
                                      .offline = true};
        struct sync_request sync = {.target = str_of(cases[i].shop)};
        struct sync_result synced;
        struct asking a;

        assert_int_equal(flow_shop_add(&w->app, &theirs, NULL), AISLE_OK);
        assert_int_equal(flow_sync(&w->app, &sync, NULL, &w->arena, &synced, NULL),
                         AISLE_OK);
        product_of(w, cases[i].shop, "c", "Quansi teplo", "");
        take_of(w, cases[i].shop, cases[i].shop, "c", "20");
        share(w, "acme", cases[i].shop, true);
        share(w, cases[i].shop, "acme", true);
        open_asking(w, &a, NULL, NULL);
        assert_string_equal(best(w, &a, "Teplo quansi"), cases[i].expected);
        close_asking(&a);
        share(w, "acme", cases[i].shop, false);
    }
}

static void rule_of(struct world *w, const char *seller, const char *words,
                    const char *leaf)
{
    struct rule what = {.words = str_of(words), .category_id = str_of(leaf)};
    struct decider d;
    char batch[BATCH_ID_LEN] = "";
    struct aisle_err err = {0};

    assert_int_equal(decider_open(&w->app, STR_LIT(WORLD_TARGET), &d, &err), AISLE_OK);
    if (flow_rule_put(&d,
                      &(struct rule_request){.seller_id = str_of(seller), .rule = &what},
                      batch, NULL, &err) != AISLE_OK)
        fail_msg("%s", err.text);
    decider_close(&d);
}

/* The same title, decided otherwise by each: both runs' proposals go by their own. */
static void a_run_for_all_learns_from_each_and_puts_each_one_s_rules(void **state)
{
    struct world *w = *state;
    struct map_result r;
    const char *told;

    w->market.answers = "nothing=refuse\n";
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    product_of(w, "other", "x", "Quansi teplo", "");
    product_of(w, "other", "y", "Quansi teplo biru", "");
    product_of(w, "other", "z", "zarvina", "");
    world_product(w, "a", "Quansi teplo", "", picture);
    world_product(w, "b", "Quansi teplo biru", "", picture);
    world_product(w, "c", "zarvina", "", picture);
    take(w, "a", "20");
    assert_int_equal(flow_decide(&w->app,
                                 &(struct decide_request){.target = STR_LIT(WORLD_TARGET),
                                                          .seller_id = STR_LIT("other"),
                                                          .scope = SCOPE_PRODUCT,
                                                          .key = STR_LIT("x"),
                                                          .state = DECISION_ACCEPTED,
                                                          .category = STR_LIT("11"),
                                                          .expected = EXPECT_ANY},
                                 NULL, NULL),
                     AISLE_OK);
    rule_of(w, "acme", "zarvina", "10");
    rule_of(w, "other", "zarvina", "20");
    assert_int_equal(run(w, &(struct map_request){.all_sellers = true}, &r, NULL),
                     AISLE_OK);
    told = world_mappings(w);
    assert_string_equal(told, "a=20 b=20? c=10 x=11 y=11? z=20");
}

static void what_others_say_of_a_product_is_told_by_who_says_it(void **state)
{
    struct world *w = *state;
    struct decide_request category = {.target = STR_LIT(WORLD_TARGET),
                                      .scope = SCOPE_SELLER_CATEGORY,
                                      .key = STR_LIT("Baju"),
                                      .state = DECISION_ACCEPTED,
                                      .category = STR_LIT("11"),
                                      .expected = EXPECT_ANY};
    struct decision own = {.state = DECISION_PROPOSED,
                           .advisor = ADVISOR_MARKETPLACE,
                           .category_id = STR_LIT("20")};
    struct product p = {.seller_id = STR_LIT("acme"),
                        .id = STR_LIT("a"),
                        .title = STR_LIT("zarvina biru"),
                        .seller_category_id = STR_LIT("Baju")};
    struct match_advice known;
    struct asking a;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "a", "zarvina biru", "Baju", NULL);
    open_asking(w, &a, NULL, NULL);
    assert_int_equal(seller_advice_known(a.advice, &p, NULL, &w->arena, &known, NULL),
                     AISLE_OK);
    assert_true(str_empty(known.rule) && str_empty(known.marketplace) &&
                str_empty(known.seller_category));
    rule_of(w, "acme", "zarvina", "10");
    assert_int_equal(flow_decide(&w->app, &category, NULL, NULL), AISLE_OK);
    assert_int_equal(seller_advice_look(a.advice, true, NULL), AISLE_OK);
    assert_int_equal(seller_advice_known(a.advice, &p, &own, &w->arena, &known, NULL),
                     AISLE_OK);
    assert_true(str_is(known.rule, "10"));
    assert_true(str_is(known.seller_category, "11"));
    assert_true(str_is(known.marketplace, "20"));
    close_asking(&a);
}

/* ---- two platforms at once ---- */

static const char *const leaf_ids[] = {"10", "11", "12", "20", "21"};
static const char *const leaf_names[] = {"Kaos", "Kemeja", "Emas", "Gelas", "Piring"};
enum { LEAVES = 5 };

/* A tree of the five leaves, those closed that have their bit. */
static const char *tree_with(struct world *w, unsigned closed)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    const char *kept;

    buf_addz(&text, "1< Fashion\n2< Rumah\n");
    for (size_t i = 0; i < LEAVES; i++)
        buf_addf(&text, "%s<%c %s*%s\n", leaf_ids[i], leaf_ids[i][0], leaf_names[i],
                 closed >> i & 1 ? "!" : "");
    kept = arena_str(&w->arena, buf_str(&text)).p;
    buf_clear(&text);
    return kept;
}

static void add_other_shop(struct world *w)
{
    struct shop_request other = {.shop = {.id = STR_LIT("toko-b"),
                                          .seller_id = STR_LIT("acme"),
                                          .channel = STR_LIT("market"),
                                          .region = STR_LIT("ID"),
                                          .app_key = STR_LIT("key")},
                                 .keys = {.access_token = STR_LIT("t")},
                                 .offline = true};

    assert_int_equal(flow_shop_add(&w->app, &other, NULL), AISLE_OK);
}

struct taken {
    unsigned closed; /* in either tree */
    size_t count;
};

static enum aisle_status look_at_mapping(void *ctx, const struct decision *d,
                                         struct aisle_err *err)
{
    struct taken *t = ctx;

    (void)err;
    for (size_t i = 0; i < LEAVES; i++)
        if (str_is(d->category_id, leaf_ids[i]) && (t->closed >> i & 1))
            fail_msg("%s is closed in one of the trees (%x)", leaf_ids[i], t->closed);
    t->count++;
    return AISLE_OK;
}

static size_t map_with(struct world *w, unsigned here, unsigned there,
                       enum map_policy policy)
{
    struct mapping_filter accepted = {.target_id = STR_LIT(WORLD_TARGET),
                                      .states = 1u << DECISION_ACCEPTED};
    struct sync_request other = {.target = STR_LIT("toko-b")};
    struct sync_result synced;
    struct taken taken = {.closed = here | there};
    struct map_result r;
    char id[16], title[64];

    add_other_shop(w);
    w->market.tree[0] = tree_with(w, there);
    assert_int_equal(flow_sync(&w->app, &other, NULL, &w->arena, &synced, NULL),
                     AISLE_OK);
    w->market.tree[0] = tree_with(w, here);
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    w->market.answers = "kaos=10\nkemeja=11\nemas=12\ngelas=20\npiring=21\n";
    for (size_t i = 0; i < 40; i++) {
        snprintf(id, sizeof id, "p%02zu", i);
        snprintf(title, sizeof title, "%s nomor %zu",
                 &"kaos\0\0\0kemeja\0emas\0\0\0gelas\0\0piring"[7 * (i % LEAVES)], i);
        world_product(w, id, title,
                      i < 20 ? "Campur" : &"AA\0BB\0CC\0DD\0EE"[3 * (i % 5)], picture);
    }
    assert_int_equal(
        run(w, &(struct map_request){.also = STR_LIT("toko-b"), .policy = policy}, &r,
            NULL),
        AISLE_OK);
    assert_int_equal(w->app.store->ops->decisions->each_mapping(
                         w->app.store, &accepted, look_at_mapping, &taken, NULL),
                     AISLE_OK);
    return taken.count;
}

static void what_is_taken_is_open_in_both_trees_whatever_is_closed(void **state)
{
    size_t taken = 0;
    uint64_t seed = 5;

    (void)state;
    for (int round = 0; round < 16; round++) {
        void *world = NULL;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        assert_int_equal(world_setup(&world), 0);
        taken += map_with(world, seed >> 40 & 31, seed >> 50 & 31,
                          round % 4 ? MAP_THRIFTY : MAP_GUIDE);
        assert_int_equal(world_teardown(&world), 0);
    }
    assert_true(taken > 16);
}

static void a_second_tree_that_was_never_synced_is_said(void **state)
{
    struct world *w = *state;
    struct map_result r;
    struct aisle_err err = {0};

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    add_other_shop(w);
    assert_int_equal(run(w, &(struct map_request){.also = STR_LIT("toko-b")}, &r, &err),
                     AISLE_CONFIG);
    assert_non_null(strstr(err.text, "toko-b"));
}

#define IN_A_WORLD(test)                                                                 \
    cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_model_says_what_names_do_not),
        IN_A_WORLD(a_model_that_cannot_be_used_is_done_without),
        IN_A_WORLD(what_a_model_was_taught_moves_along_with_its_leaf),
        IN_A_WORLD(a_run_asks_less_with_a_model),
        IN_A_WORLD(nothing_is_taken_unseen_in_a_category_nobody_decided_in),
        IN_A_WORLD(decisions_of_others_are_looked_for_every_second),
        IN_A_WORLD(a_seller_s_decisions_are_not_another_s),
        IN_A_WORLD(approvals_are_shared_while_both_want_it),
        IN_A_WORLD(what_is_shared_shows_no_title_and_no_seller_category),
        IN_A_WORLD(approvals_for_an_own_shop_of_the_same_market_count),
        IN_A_WORLD(a_run_for_all_learns_from_each_and_puts_each_one_s_rules),
        IN_A_WORLD(what_others_say_of_a_product_is_told_by_who_says_it),
        cmocka_unit_test(what_is_taken_is_open_in_both_trees_whatever_is_closed),
        IN_A_WORLD(a_second_tree_that_was_never_synced_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
