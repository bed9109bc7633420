/* The main job through aisle.h, with a store in memory and the marketplace that is a
 * table in this process. */
#include "aisle/aisle.h"

#include "base/json.h"
#include "base/mem.h"
#include "data.h"
#include "flows/sync.h"
#include "lib/lib.h"
#include "match/train.h"

#include <math.h>
#include <signal.h>
#include <unistd.h>

/* Its channel knows no versions and no platforms. */
#define TARGET "toko"

static const char catalogue[] = "sku,title,category\r\n"
                                "K-1,Kaos hitam lengan pendek,Baju\r\n"
                                "K-2,Kaos putih lengan panjang,Baju\r\n"
                                "R-1,Ransel kanvas 20 liter,Tas\r\n"
                                "X-1,Hadiah kejutan,Promo\r\n";

/* ---- a program's own ---- */

static char vault_key[AISLE_VAULT_KEY_SIZE];

static enum aisle_status open_in_memory(struct aisle **out, struct aisle_err *err)
{
    struct aisle_options options = {
        .store = "memory:", .vault_key = vault_key, .who = "ana"};

    return aisle_open(&options, out, err);
}

static enum aisle_status add_shop(struct aisle *a, struct aisle_err *err)
{
    struct aisle_shop shop = {
        .id = "toko",
        .channel = "memory",
        .app_key = "k",
        .app_secret = "s",
        .access_token = "t",
    };

    return aisle_shop_add(a, &shop, err);
}

static const char *const both_locales[] = {"id-ID", "en-US", NULL};

static enum aisle_status sync_it(struct aisle *a, struct aisle_sync_result *result,
                                 struct aisle_err *err)
{
    return aisle_sync(
        a, &(struct aisle_sync_request){.target = TARGET, .locales = both_locales},
        result, err);
}

static enum aisle_status import_it(struct aisle *a, struct aisle_import_result *result,
                                   struct aisle_err *err)
{
    struct aisle_import_request request = {0};

    return aisle_import(a, &request, catalogue, sizeof catalogue - 1, result, err);
}

/* cmocka's setup and teardown: opened, with a shop; and with tree and products. */
static int opened(void **state)
{
    struct aisle_err err = {0};
    struct aisle *a;

    assert_ok(open_in_memory(&a, &err), &err);
    assert_ok(add_shop(a, &err), &err);
    *state = a;
    return 0;
}

static int ready(void **state)
{
    struct aisle_err err = {0};

    opened(state);
    assert_ok(sync_it(*state, NULL, &err), &err);
    assert_ok(import_it(*state, NULL, &err), &err);
    return 0;
}

static int closed(void **state)
{
    aisle_close(*state);
    return 0;
}

/* What callbacks heard, a word a time. */
struct heard {
    char text[2048];
    size_t count;
};

static void hear(struct heard *h, const char *a, const char *b)
{
    size_t n = strlen(h->text);

    snprintf(h->text + n, sizeof h->text - n, "%s%s=%s", n ? " " : "", a, b);
    h->count++;
}

/* ---- opening ---- */

static void what_cannot_be_opened_says_why(void **state)
{
    static const struct {
        struct aisle_options options;
        enum aisle_status status;
        const char *text;
    } cases[] = {
        {{.store = NULL}, AISLE_CONFIG, "where the store is was not said"},
        {{.store = ""}, AISLE_CONFIG, "where the store is was not said"},
        {{.store = "memory:", .vault_key = "deadbeef"}, AISLE_CONFIG, NULL},
        {{.store = "/nowhere/at/all.db", .must_exist = true}, AISLE_NOT_FOUND, NULL},
        {{.store = "memory:", .trace_file = "/nowhere/at/all"}, AISLE_IO, NULL},
        {{.store = "memory:", .calls_per_second = 1e10}, AISLE_INVALID, NULL},
        {{.store = "memory:", .calls_per_second = INFINITY}, AISLE_INVALID, NULL},
        {{.store = "memory:", .calls_per_second = NAN}, AISLE_INVALID, NULL},
        {{.store = "memory:", .calls_per_second = -1}, AISLE_INVALID, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        struct aisle *a = NULL;

        assert_status(aisle_open(&cases[i].options, &a, &err), cases[i].status, &err);
        if (cases[i].text)
            assert_string_equal(err.text, cases[i].text);
        assert_null(a);
    }
    aisle_close(NULL);
}

static void a_key_that_is_none_is_never_quoted(void **state)
{
    struct aisle_options options = {.store = "memory:", .vault_key = "deadbeef"};
    struct aisle_err err = {0};
    struct aisle *a;

    (void)state;
    assert_status(aisle_open(&options, &a, &err), AISLE_CONFIG, &err);
    assert_null(strstr(err.text, "deadbeef"));
}

static void new_keys_are_64_digits_and_differ(void **state)
{
    char one[AISLE_VAULT_KEY_SIZE], other[AISLE_VAULT_KEY_SIZE];

    (void)state;
    aisle_new_vault_key(one);
    aisle_new_vault_key(other);
    assert_int_equal(strspn(one, "0123456789abcdef"), 64);
    assert_int_equal(one[64], '\0');
    assert_string_not_equal(one, other);
}

static void without_a_vault_key_no_shop_is_kept(void **state)
{
    struct aisle_err err = {0};
    struct aisle *a;

    (void)state;
    assert_ok(aisle_open(&(struct aisle_options){.store = "memory:"}, &a, &err), &err);
    assert_status(add_shop(a, &err), AISLE_CONFIG, &err);
    assert_non_null(strstr(err.text, "aisle_new_vault_key"));
    assert_status(sync_it(a, NULL, NULL), AISLE_NOT_FOUND, NULL); /* there is none */
    aisle_close(a);
}

static void a_shop_whose_keys_would_go_elsewhere_is_not_added(void **state)
{
    struct aisle_shop shop = {
        .id = "toko-b",
        .app_key = "k",
        .app_secret = "s",
        .access_token = "t",
        .api_url = "https://shop.example",
    };
    struct aisle_err err = {0};

    assert_status(aisle_shop_add(*state, &shop, &err), AISLE_CONFIG, &err);
}

/* ---- sync and tree ---- */

static void a_first_sync_keeps_the_tree_and_a_second_finds_it_unchanged(void **state)
{
    struct aisle_sync_result first, second;
    struct aisle_err err = {0};

    assert_ok(sync_it(*state, &first, &err), &err);
    assert_ok(sync_it(*state, &second, &err), &err);
    assert_string_equal(aisle_sync_outcome_name(first.outcome), "first");
    assert_string_equal(first.target, TARGET);
    assert_int_equal(first.categories, 10);
    assert_int_equal(first.leaves, 5);
    assert_int_equal(first.calls, 2);
    assert_int_equal(first.previous_id, 0);
    assert_int_equal(strncmp(first.run_id, "r-", 2), 0);
    assert_int_equal(second.outcome, AISLE_SYNC_UNCHANGED);
    assert_int_equal(second.previous_id, first.snapshot_id);
    assert_int_equal(second.snapshot_id, first.snapshot_id);
}

static void a_dry_run_keeps_nothing(void **state)
{
    struct aisle_sync_request request = {.target = TARGET, .dry_run = true};
    struct aisle_sync_result result;
    struct aisle_tree *tree = NULL;
    struct aisle_err err = {0};

    assert_ok(aisle_sync(*state, &request, &result, &err), &err);
    assert_int_equal(result.outcome, AISLE_SYNC_DRY_RUN);
    assert_int_equal(result.categories, 10);
    assert_status(aisle_tree_load(*state, TARGET, NULL, &tree, &err), AISLE_NOT_FOUND,
                  &err);
    assert_null(tree);
}

static void a_sync_that_is_not_due_asks_nobody(void **state)
{
    struct aisle_sync_request request = {.target = TARGET, .due_after_s = 3600};
    struct aisle_sync_result result;
    struct aisle_err err = {0};

    assert_ok(sync_it(*state, NULL, &err), &err);
    assert_ok(aisle_sync(*state, &request, &result, &err), &err);
    assert_int_equal(result.outcome, AISLE_SYNC_NOT_DUE);
    assert_int_equal(result.calls, 0);
    assert_string_equal(result.run_id, "");
}

static void hear_progress(void *ctx, const struct aisle_progress *p)
{
    hear(ctx, p->doing, p->counts ? "counts" : "");
}

static void a_sync_tells_what_it_is_doing(void **state)
{
    struct heard heard = {0};
    struct aisle_sync_request request = {.target = TARGET,
                                         .locales = both_locales,
                                         .progress = hear_progress,
                                         .ctx = &heard};
    struct aisle_err err = {0};

    assert_ok(aisle_sync(*state, &request, NULL, &err), &err);
    assert_string_equal(heard.text, "fetching toko en-US= fetching toko id-ID=");
}

static void a_target_nobody_has_is_not_found(void **state)
{
    struct aisle_sync_request request = {.target = "toko-z"};
    struct aisle_err err = {0};

    assert_status(aisle_sync(*state, &request, NULL, &err), AISLE_NOT_FOUND, &err);
}

struct walk {
    const struct aisle_tree *tree;
    size_t count;
    char first_path[64];
};

static enum aisle_status see(void *ctx, const struct aisle_category *c,
                             struct aisle_err *err)
{
    struct walk *walk = ctx;

    (void)err;
    if (walk->count++ == 0)
        snprintf(walk->first_path, sizeof walk->first_path, "%s", c->path);
    if (c->parent_id[0])
        assert_non_null(aisle_category_get(walk->tree, c->parent_id));
    return walk->count == 4 ? AISLE_STOPPED : AISLE_OK;
}

static void the_tree_is_walked_from_the_top_and_the_walk_can_be_ended(void **state)
{
    struct aisle_err err = {0};
    struct aisle_tree *tree;
    struct walk walk = {0};

    assert_ok(aisle_tree_load(*state, TARGET, "en-US", &tree, &err), &err);
    walk.tree = tree;
    assert_status(aisle_category_each(tree, see, &walk, &err), AISLE_STOPPED, &err);
    assert_int_equal(walk.count, 4);
    assert_string_equal(walk.first_path, "Fashion");
    aisle_tree_free(tree);
}

static enum aisle_status hear_category(void *ctx, const struct aisle_category *c,
                                       struct aisle_err *err)
{
    (void)err;
    hear(ctx, c->id, c->name);
    return AISLE_OK;
}

static void a_parent_stands_before_its_children_in_the_marketplaces_order(void **state)
{
    struct heard heard = {0};
    struct aisle_err err = {0};
    struct aisle_tree *tree;

    assert_ok(aisle_tree_load(*state, TARGET, "id-ID", &tree, &err), &err);
    assert_ok(aisle_category_each(tree, hear_category, &heard, &err), &err);
    assert_string_equal(heard.text,
                        "1=Fashion 11=Pakaian Pria 111=Kaos 112=Kemeja 12=Tas 121=Ransel "
                        "2=Dapur 21=Alat Masak 211=Wajan 22=Botol");
    aisle_tree_free(tree);
}

static void a_category_is_got_by_id_with_its_path_in_the_locale_asked_for(void **state)
{
    const struct aisle_category *c;
    struct aisle_err err = {0};
    struct aisle_tree *tree;

    assert_ok(aisle_tree_load(*state, TARGET, "id-ID", &tree, &err), &err);
    c = aisle_category_get(tree, "111");
    assert_non_null(c);
    assert_string_equal(c->name, "Kaos");
    assert_string_equal(c->path, "Fashion > Pakaian Pria > Kaos");
    assert_string_equal(c->parent_id, "11");
    assert_string_equal(c->permissions, "AVAILABLE");
    assert_true(c->is_leaf && c->takes_products);
    assert_null(aisle_category_get(tree, "999"));
    assert_null(aisle_category_get(tree, NULL));
    aisle_tree_free(tree);
}

static void a_locale_that_was_not_synced_is_not_found(void **state)
{
    struct aisle_tree *tree = NULL;
    struct aisle_err err = {0};

    assert_status(aisle_tree_load(*state, TARGET, "th-TH", &tree, &err), AISLE_NOT_FOUND,
                  &err);
    assert_null(tree);
}

static void a_search_finds_by_words_of_any_locale_and_by_id(void **state)
{
    static const struct {
        const char *typed, *id;
    } cases[] = {{"kaos", "111"}, {"t-shirt", "111"}, {"ransl", "121"}, {"211", "211"}};
    const struct aisle_category *found[3], *all[64]; /* more than there are */
    struct aisle_err err = {0};
    struct aisle_tree *tree;
    size_t count;

    assert_ok(aisle_tree_load(*state, TARGET, NULL, &tree, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_ok(aisle_category_search(tree, cases[i].typed, found, 3, &count, &err),
                  &err);
        assert_in_range(count, 1, 3);
        assert_string_equal(found[0]->id, cases[i].id);
    }
    assert_ok(aisle_category_search(tree, "zzzzzz", found, 3, &count, &err), &err);
    assert_int_equal(count, 0);
    assert_ok(aisle_category_search(tree, "111", all, SIZE_MAX, &count, &err), &err);
    assert_int_equal(count, 1);
    aisle_tree_free(tree);
}

static void a_tree_outlives_what_it_came_from(void **state)
{
    struct aisle_err err = {0};
    struct aisle_tree *tree;
    struct aisle *a;

    (void)state;
    assert_ok(open_in_memory(&a, &err), &err);
    assert_ok(add_shop(a, &err), &err);
    assert_ok(sync_it(a, NULL, &err), &err);
    assert_ok(aisle_tree_load(a, TARGET, NULL, &tree, &err), &err);
    aisle_close(a);
    assert_non_null(aisle_category_get(tree, "111"));
    aisle_tree_free(tree);
}

/* ---- products ---- */

static void hear_row(void *ctx, const struct aisle_row_problem *p)
{
    char line[32];

    snprintf(line, sizeof line, "%zu%s", p->line, p->left_out ? " left out" : "");
    hear(ctx, line, p->column);
}

static void products_are_imported_once(void **state)
{
    struct aisle_import_result first, second;
    struct aisle_err err = {0};

    assert_ok(import_it(*state, &first, &err), &err);
    assert_ok(import_it(*state, &second, &err), &err);
    assert_int_equal(first.rows, 4);
    assert_int_equal(first.products, 4);
    assert_int_equal(first.added, 4);
    assert_int_equal(second.added, 0);
    assert_int_equal(second.same, 4);
}

static void a_bad_row_is_told_by_line_and_the_rest_kept(void **state)
{
    static const char bytes[] = "sku,title\nK-1,Kaos hitam\n,Tanpa nomor\nK-3,Kaos\n";
    struct heard heard = {0};
    struct aisle_import_request request = {.problem = hear_row, .ctx = &heard};
    struct aisle_import_result result;
    struct aisle_err err = {0};

    assert_ok(aisle_import(*state, &request, bytes, sizeof bytes - 1, &result, &err),
              &err);
    assert_int_equal(result.products, 2);
    assert_int_equal(result.problems, 1);
    assert_int_equal(heard.count, 1);
    assert_int_equal(strncmp(heard.text, "3 left out", 10), 0);
}

static void a_file_is_imported_by_its_name(void **state)
{
    char path[] = "/tmp/aisle-test-XXXXXX.csv";
    struct aisle_import_request request = {0};
    struct aisle_import_result result;
    struct aisle_err err = {0};
    int fd = mkstemps(path, 4);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, catalogue, sizeof catalogue - 1), sizeof catalogue - 1);
    close(fd);
    assert_ok(aisle_import_file(*state, path, &request, &result, &err), &err);
    assert_int_equal(result.products, 4);
    unlink(path);
    assert_status(aisle_import_file(*state, path, &request, &result, &err),
                  AISLE_NOT_FOUND, &err);
    assert_status(aisle_import_file(*state, NULL, &request, &result, NULL), AISLE_INVALID,
                  NULL);
}

/* ---- map and decide ---- */

static void hear_item(void *ctx, const struct aisle_item *item)
{
    char what[64];

    snprintf(what, sizeof what, "%s:%s", aisle_item_state_name(item->state),
             item->category_id);
    hear(ctx, item->product_id, what);
}

static enum aisle_status map_it(struct aisle *a, struct heard *heard,
                                struct aisle_map_result *result, struct aisle_err *err)
{
    struct aisle_map_request request = {
        .target = TARGET, .jobs = 1, .item = heard ? hear_item : NULL, .ctx = heard};

    return aisle_map(a, &request, result, err);
}

static void a_map_run_gives_every_product_its_turn_and_tells_of_each(void **state)
{
    struct heard heard = {0};
    struct aisle_map_result result;
    struct aisle_err err = {0};

    assert_ok(map_it(*state, &heard, &result, &err), &err);
    assert_int_equal(heard.count, 4);
    assert_non_null(strstr(heard.text, "K-1=mapped:111"));
    assert_non_null(strstr(heard.text, "R-1=mapped:121"));
    assert_int_equal(result.counts.done, 4);
    assert_true(result.counts.mapped >= 3);
    assert_false(result.resumed);
}

static void what_was_mapped_is_not_asked_about_again(void **state)
{
    struct aisle_map_result result;
    struct aisle_err err = {0};
    struct heard heard = {0};

    assert_ok(map_it(*state, NULL, NULL, &err), &err);
    assert_ok(map_it(*state, &heard, &result, &err), &err);
    assert_null(strstr(heard.text, "K-1"));
}

static void a_mapping_says_who_took_it_and_for_what(void **state)
{
    struct aisle_decision d = {0};
    struct aisle_err err = {0};

    assert_ok(map_it(*state, NULL, NULL, &err), &err);
    assert_ok(aisle_mapping_get(*state, TARGET, NULL, "R-1", &d, &err), &err);
    assert_int_equal(d.state, AISLE_DECISION_ACCEPTED);
    assert_string_equal(d.category_id, "121");
    assert_string_equal(d.target, TARGET);
    assert_string_equal(d.seller, "default");
    assert_string_equal(d.by, "marketplace");
    assert_ok(aisle_mapping_get(*state, TARGET, "default", "K-1", &d, &err), &err);
    assert_string_equal(d.category_id, "111");
    aisle_decision_clear(&d);
    aisle_decision_clear(&d);
}

static enum aisle_status decide(struct aisle *a, const char *category, int64_t expected,
                                char batch_id[AISLE_BATCH_ID_SIZE],
                                struct aisle_err *err);

static void a_mapping_of_no_product_is_not_found(void **state)
{
    struct aisle_decision d = {0};
    struct aisle_err err = {0};

    assert_status(aisle_mapping_get(*state, TARGET, NULL, "Z-9", &d, &err),
                  AISLE_NOT_FOUND, &err);
    assert_status(aisle_mapping_get(*state, TARGET, NULL, "K-1", &d, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_null(d.owned);
    assert_ok(decide(*state, "22", 0, NULL, &err), &err);
    assert_ok(aisle_mapping_get(*state, TARGET, NULL, "X-1", &d, &err), &err);
    assert_status(aisle_mapping_get(*state, TARGET, NULL, "Z-9", &d, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_null(d.category_id); /* nothing of the one before */
}

static void a_used_up_budget_leaves_a_run_that_is_taken_up_again(void **state)
{
    struct aisle_map_request request = {
        .target = TARGET, .jobs = 1, .limit_calls = true, .budget = 1};
    struct aisle_map_result first = {0}, second = {0};
    struct aisle_err err = {0};

    assert_status(aisle_map(*state, &request, &first, &err), AISLE_LIMIT, &err);
    assert_int_equal(first.counts.calls, 1);
    request.limit_calls = false;
    assert_ok(aisle_map(*state, &request, &second, &err), &err);
    assert_true(second.resumed);
    assert_string_equal(second.run_id, first.run_id);
    assert_int_equal(second.counts.done, 4);
}

static void
a_map_run_takes_a_model_and_another_tree_along_and_refuses_what_cannot_be(void **state)
{
    struct aisle_map_request request = {
        .target = TARGET, .jobs = 1, .also = "nobody", .accept_at = 0.98};
    struct aisle_map_result result;
    struct aisle_err err = {0};
    const double bad[] = {0.2, 1.1, -1};

    assert_status(aisle_map(*state, &request, &result, &err), AISLE_NOT_FOUND, &err);
    request.also = TARGET; /* open in its own tree, whatever the leaf */
    request.model = "/nowhere/shop.model";
    err = (struct aisle_err){0};
    assert_ok(aisle_map(*state, &request, &result, &err), &err);
    assert_int_equal(result.counts.done, 4);
    for (size_t i = 0; i < COUNT(bad); i++) {
        request.accept_at = bad[i];
        assert_status(aisle_map(*state, &request, &result, NULL), AISLE_INVALID, NULL);
    }
}

static void a_dry_map_run_tells_and_decides_nothing(void **state)
{
    struct heard heard = {0};
    struct aisle_map_request request = {
        .target = TARGET, .dry_run = true, .item = hear_item, .ctx = &heard};
    struct aisle_decision d = {0};
    struct aisle_map_result result;
    struct aisle_err err = {0};

    assert_ok(aisle_map(*state, &request, &result, &err), &err);
    assert_int_equal(heard.count, 4);
    assert_int_equal(result.counts.calls, 0);
    assert_status(aisle_mapping_get(*state, TARGET, NULL, "K-1", &d, NULL),
                  AISLE_NOT_FOUND, NULL);
}

static enum aisle_status hear_open(void *ctx, const struct aisle_open_item *item,
                                   struct aisle_err *err)
{
    (void)err;
    assert_string_equal(item->target, TARGET);
    hear(ctx, item->key, item->scope == AISLE_SCOPE_PRODUCT ? "product" : "category");
    return AISLE_OK;
}

static void what_no_one_could_map_is_open_for_a_person(void **state)
{
    struct heard heard = {0};
    struct aisle_open_request open = {.target = TARGET};
    struct aisle_err err = {0};

    assert_ok(map_it(*state, NULL, NULL, &err), &err);
    assert_ok(aisle_open_each(*state, &open, hear_open, &heard, &err), &err);
    assert_string_equal(heard.text, "Promo=category");
}

/* ---- what is open, with a model ---- */

/* Titles of a word that no name has, all in one leaf of two. */
static struct labelled *surprises(struct arena *arena, size_t count)
{
    struct labelled *rows = arena_zalloc(arena, count, sizeof *rows);

    assert_non_null(rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct labelled){
            .text.title =
                arena_fmt(arena, "%s seri %zu", i % 2 ? "kejutan" : "kanvas", i),
            .category_id = i % 2 ? STR_LIT("22") : STR_LIT("31"),
        };
    return rows;
}

/* Trained as the command does, on the tree that the store has. */
static void teach(struct aisle *a, const char *path)
{
    enum { ROWS = 40 };
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct app *app = &a->app;
    struct aisle_err err = {0};
    struct taxonomy tree;
    struct target target;
    struct shop shop;

    assert_ok(flow_target(app, STR_LIT(TARGET), &arena, &target, &shop, &err), &err);
    assert_ok(
        app->store->ops->trees->load(app->store, target.id, 0, &arena, NULL, &tree, &err),
        &err);
    assert_ok(model_train(&tree, surprises(&arena, ROWS), ROWS, NULL, &bytes, &err),
              &err);
    assert_ok(model_save(buf_str(&bytes), path, &err), &err);
    buf_clear(&bytes);
    arena_clear(&arena);
}

static enum aisle_status hear_best(void *ctx, const struct aisle_open_item *item,
                                   struct aisle_err *err)
{
    (void)err;
    hear(ctx, item->key,
         item->candidate_count ? item->candidates[0].category_id : "none");
    return AISLE_OK;
}

static void what_is_open_is_ranked_by_a_model_where_one_is_named(void **state)
{
    char path[64];
    struct heard without = {0}, with = {0}, bad = {0};
    struct aisle_open_request open = {.target = TARGET, .by_product = true};
    struct aisle_err err = {0};

    snprintf(path, sizeof path, "/tmp/aisle-lib-open-%ld.model", (long)getpid());
    teach(*state, path);
    assert_ok(map_it(*state, NULL, NULL, &err), &err);
    assert_ok(aisle_open_each(*state, &open, hear_best, &without, &err), &err);
    assert_string_equal(without.text, "X-1=none");
    open.model = path;
    assert_ok(aisle_open_each(*state, &open, hear_best, &with, &err), &err);
    assert_string_equal(with.text, "X-1=22");
    unlink(path);
    assert_ok(aisle_open_each(*state, &open, hear_best, &bad, &err), &err);
    assert_string_equal(bad.text, "X-1=none");
    open.also = "nobody";
    assert_status(aisle_open_each(*state, &open, hear_best, &bad, &err), AISLE_NOT_FOUND,
                  &err);
}

static enum aisle_status end_it(void *ctx, const struct aisle_open_item *item,
                                struct aisle_err *err)
{
    (void)err;
    hear(ctx, item->key, "");
    return AISLE_STOPPED;
}

static enum aisle_status stop_all(void *ctx, const struct aisle_open_item *item,
                                  struct aisle_err *err)
{
    (void)item, (void)err;
    aisle_stop(ctx);
    return AISLE_OK;
}

static void a_walk_through_what_is_open_can_be_ended(void **state)
{
    struct heard heard = {0};
    struct aisle_open_request open = {.target = TARGET, .by_product = true, .limit = 1};
    struct aisle_err err = {0};

    assert_status(aisle_open_each(*state, &open, end_it, &heard, &err), AISLE_STOPPED,
                  &err);
    assert_int_equal(heard.count, 1);
    open.limit = 0;
    assert_status(aisle_open_each(*state, &open, stop_all, *state, &err), AISLE_STOPPED,
                  &err);
    aisle_go_on(*state);
}

static void what_is_open_of_another_seller_is_not_told(void **state)
{
    struct heard heard = {0};
    struct aisle_open_request open = {.target = TARGET, .seller = "somebody"};
    struct aisle_err err = {0};

    assert_ok(map_it(*state, NULL, NULL, &err), &err);
    assert_ok(aisle_open_each(*state, &open, hear_open, &heard, &err), &err);
    assert_string_equal(heard.text, "");
}

static enum aisle_status decide(struct aisle *a, const char *category, int64_t expected,
                                char batch_id[AISLE_BATCH_ID_SIZE], struct aisle_err *err)
{
    struct aisle_decide_request request = {
        .target = TARGET,
        .key = "X-1",
        .category = category,
        .expected = expected,
        .reasons = "looked at it",
    };

    return aisle_decide(a, &request, batch_id, err);
}

static void a_person_decides_and_the_decision_counts(void **state)
{
    char batch[AISLE_BATCH_ID_SIZE];
    struct aisle_decision d = {0};
    struct aisle_err err = {0};

    assert_ok(decide(*state, "Dapur > Botol", 0, batch, &err), &err);
    assert_ok(aisle_mapping_get(*state, TARGET, NULL, "X-1", &d, &err), &err);
    assert_string_equal(d.category_id, "22");
    assert_string_equal(d.who, "ana");
    assert_string_equal(d.by, "person");
    assert_string_equal(d.reasons, "looked at it");
    assert_string_equal(d.batch_id, batch);
    assert_int_equal(d.scope, AISLE_SCOPE_PRODUCT);
    aisle_decision_clear(&d);
}

static void a_decision_on_what_someone_else_decided_meanwhile_is_a_conflict(void **state)
{
    struct aisle_decision d = {0};
    struct aisle_err err = {0};

    assert_ok(decide(*state, "22", AISLE_EXPECT_NONE, NULL, &err), &err);
    assert_status(decide(*state, "211", AISLE_EXPECT_NONE, NULL, &err), AISLE_CONFLICT,
                  &err);
    assert_ok(aisle_mapping_get(*state, TARGET, NULL, "X-1", &d, NULL), NULL);
    assert_string_equal(d.category_id, "22");
    assert_ok(decide(*state, "211", d.seq, NULL, NULL), NULL);
    aisle_decision_clear(&d);
}

static void what_is_no_decision_is_not_kept(void **state)
{
    static const struct aisle_decide_request bad[] = {
        {.target = TARGET, .scope = (enum aisle_scope)3, .key = "X-1", .category = "22"},
        {.target = TARGET,
         .scope = (enum aisle_scope) - 1,
         .key = "X-1",
         .category = "22"},
        {.target = TARGET,
         .key = "X-1",
         .state = (enum aisle_decision_state) - 1,
         .category = "22"},
        {.target = TARGET,
         .key = "X-1",
         .state = AISLE_DECISION_REJECTED,
         .category = "no such thing"},
        {.target = TARGET,
         .key = "X-1",
         .category = "22",
         .batch_id = "review-of-2026-11-23-by-ana-of-the-catalogue-team-no-1"},
    };

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct aisle_decision d = {0};
        struct aisle_err err = {0};

        assert_status(aisle_decide(*state, &bad[i], NULL, &err), AISLE_INVALID, &err);
        assert_status(aisle_mapping_get(*state, TARGET, NULL, "X-1", &d, NULL),
                      AISLE_NOT_FOUND, NULL);
    }
    assert_string_equal(aisle_sync_outcome_name((enum aisle_sync_outcome)99), "unknown");
}

static void only_a_leaf_can_be_chosen(void **state)
{
    struct aisle_decide_request proposed = {
        .target = TARGET, .key = "X-1", .state = AISLE_DECISION_PROPOSED};

    assert_status(decide(*state, "2", 0, NULL, NULL), AISLE_INVALID, NULL);
    assert_status(decide(*state, "none such", 0, NULL, NULL), AISLE_INVALID, NULL);
    assert_status(aisle_decide(*state, &proposed, NULL, NULL), AISLE_INVALID, NULL);
}

static void hear_left_alone(void *ctx, const struct aisle_decision *d)
{
    hear(ctx, d->key, d->category_id);
}

static void
an_undone_batch_is_as_if_it_had_not_been_and_undoing_that_redoes_it(void **state)
{
    char batch[AISLE_BATCH_ID_SIZE];
    struct aisle_undo_result undone, redone;
    struct aisle_decision d = {0};
    struct aisle_err err = {0};

    assert_ok(decide(*state, "22", 0, batch, &err), &err);
    assert_ok(aisle_undo(*state, &(struct aisle_undo_request){.batch_id = batch}, &undone,
                         &err),
              &err);
    assert_int_equal(undone.reversed, 1);
    assert_status(aisle_mapping_get(*state, TARGET, NULL, "X-1", &d, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(aisle_undo(*state,
                         &(struct aisle_undo_request){.batch_id = undone.batch_id},
                         &redone, &err),
              &err);
    assert_ok(aisle_mapping_get(*state, TARGET, NULL, "X-1", &d, &err), &err);
    assert_string_equal(d.category_id, "22");
    aisle_decision_clear(&d);
}

static void what_was_decided_later_is_left_alone_and_told(void **state)
{
    char batch[AISLE_BATCH_ID_SIZE];
    struct heard heard = {0};
    struct aisle_undo_request undo = {
        .batch_id = batch, .left_alone = hear_left_alone, .ctx = &heard};
    struct aisle_undo_result result;
    struct aisle_err err = {0};

    assert_ok(decide(*state, "22", 0, batch, &err), &err);
    assert_ok(decide(*state, "211", 0, NULL, &err), &err);
    assert_ok(aisle_undo(*state, &undo, &result, &err), &err);
    assert_int_equal(result.reversed, 0);
    assert_int_equal(result.left_alone, 1);
    assert_string_equal(heard.text, "X-1=211");
    assert_string_equal(aisle_decision_state_name(AISLE_DECISION_NONE), "none");
}

/* ---- stopping ---- */

static struct aisle *to_stop;

static void on_signal(int number)
{
    (void)number;
    aisle_stop(to_stop); /* NOLINT(bugprone-signal-handler): as promised */
}

static void a_signal_stops_a_run_which_goes_on_later(void **state)
{
    struct aisle_map_result first = {0}, second = {0};
    struct aisle_err err = {0};

    to_stop = *state;
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    signal(SIGUSR1, SIG_DFL);
    assert_status(map_it(*state, NULL, &first, &err), AISLE_STOPPED, &err);
    assert_int_equal(first.counts.done, 0);
    aisle_go_on(*state);
    assert_ok(map_it(*state, NULL, &second, NULL), NULL);
    assert_string_equal(second.run_id, first.run_id);
    assert_int_equal(second.counts.done, 4);
}

static void note_mask(void *ctx, const struct aisle_item *item)
{
    bool *kept_away = ctx;
    sigset_t now;

    (void)item;
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    *kept_away = *kept_away && sigismember(&now, SIGINT);
}

static void the_programs_signals_are_kept_from_the_librarys_threads(void **state)
{
    bool kept_away = true;
    struct aisle_map_request request = {
        .target = TARGET, .item = note_mask, .ctx = &kept_away};
    struct aisle_err err = {0};
    sigset_t after;

    assert_ok(aisle_map(*state, &request, NULL, &err), &err);
    assert_true(kept_away);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    assert_false(sigismember(&after, SIGINT));
}

/* ---- log ---- */

static void hear_line(void *ctx, enum aisle_log_level level, const char *line)
{
    struct heard *h = ctx;

    (void)level;
    snprintf(h->text, sizeof h->text, "%s", line);
    h->count++;
}

static void log_lines_reach_whoever_asked(void **state)
{
    struct heard heard = {0};
    struct aisle_options options = {.store = "memory:",
                                    .vault_key = vault_key,
                                    .log = hear_line,
                                    .log_ctx = &heard,
                                    .log_level = AISLE_LOG_DEBUG};
    struct aisle_shop shop = {
        .id = "toko",
        .channel = "memory",
        .app_key = "k",
        .app_secret = "s",
        .access_token = "t",
        .refresh_token = "r",
        .access_expires_at = 1, /* long ago: refreshed at the first use */
    };
    struct aisle_err err = {0};
    struct aisle *a;

    (void)state;
    assert_ok(aisle_open(&options, &a, &err), &err);
    assert_ok(aisle_shop_add(a, &shop, &err), &err);
    assert_ok(sync_it(a, NULL, &err), &err);
    assert_true(heard.count > 0);
    assert_non_null(strstr(heard.text, "token of shop toko refreshed"));
    aisle_close(a);
}

/* ---- without memory ---- */

static enum aisle_status look_at_tree(struct aisle *a, struct aisle_err *err)
{
    const struct aisle_category *found[2];
    struct aisle_tree *tree = NULL;
    size_t count;
    enum aisle_status status = aisle_tree_load(a, TARGET, "id-ID", &tree, err);

    if (status == AISLE_OK)
        status = aisle_category_search(tree, "kaos", found, COUNT(found), &count, err);
    aisle_tree_free(tree);
    return status;
}

static enum aisle_status from_nothing_to_a_tree(void *ctx, struct aisle_err *err)
{
    struct aisle *a = NULL;
    enum aisle_status status = open_in_memory(&a, err);

    (void)ctx;
    if (status == AISLE_OK)
        status = add_shop(a, err);
    if (status == AISLE_OK)
        status = sync_it(a, NULL, err);
    if (status == AISLE_OK)
        status = look_at_tree(a, err);
    aisle_close(a);
    return status;
}

static void whichever_allocation_fails_nothing_is_lost(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(from_nothing_to_a_tree, NULL) > 50);
}

static enum aisle_status ask_and_undo(void *ctx, struct aisle_err *err)
{
    char batch[AISLE_BATCH_ID_SIZE];
    struct aisle_decision d = {0};
    enum aisle_status status = import_it(ctx, NULL, err);

    if (status == AISLE_OK)
        status = decide(ctx, "22", 0, batch, err);
    if (status == AISLE_OK)
        status = aisle_mapping_get(ctx, TARGET, NULL, "X-1", &d, err);
    aisle_decision_clear(&d);
    if (status == AISLE_OK)
        status =
            aisle_undo(ctx, &(struct aisle_undo_request){.batch_id = batch}, NULL, err);
    return status;
}

static void whichever_allocation_fails_a_decision_is_whole(void **state)
{
    assert_true(each_allocation_failing(ask_and_undo, *state) > 5);
}

#define WITH_SHOP(test) cmocka_unit_test_setup_teardown(test, opened, closed)
#define WITH_ALL(test) cmocka_unit_test_setup_teardown(test, ready, closed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_opened_says_why),
        cmocka_unit_test(a_key_that_is_none_is_never_quoted),
        cmocka_unit_test(new_keys_are_64_digits_and_differ),
        cmocka_unit_test(without_a_vault_key_no_shop_is_kept),
        WITH_SHOP(a_shop_whose_keys_would_go_elsewhere_is_not_added),
        WITH_SHOP(a_first_sync_keeps_the_tree_and_a_second_finds_it_unchanged),
        WITH_SHOP(a_dry_run_keeps_nothing),
        WITH_SHOP(a_sync_that_is_not_due_asks_nobody),
        WITH_SHOP(a_sync_tells_what_it_is_doing),
        WITH_SHOP(a_target_nobody_has_is_not_found),
        WITH_ALL(the_tree_is_walked_from_the_top_and_the_walk_can_be_ended),
        WITH_ALL(a_parent_stands_before_its_children_in_the_marketplaces_order),
        WITH_ALL(a_category_is_got_by_id_with_its_path_in_the_locale_asked_for),
        WITH_ALL(a_locale_that_was_not_synced_is_not_found),
        WITH_ALL(a_search_finds_by_words_of_any_locale_and_by_id),
        cmocka_unit_test(a_tree_outlives_what_it_came_from),
        WITH_SHOP(products_are_imported_once),
        WITH_SHOP(a_bad_row_is_told_by_line_and_the_rest_kept),
        WITH_SHOP(a_file_is_imported_by_its_name),
        WITH_ALL(a_map_run_gives_every_product_its_turn_and_tells_of_each),
        WITH_ALL(what_was_mapped_is_not_asked_about_again),
        WITH_ALL(a_mapping_says_who_took_it_and_for_what),
        WITH_ALL(a_mapping_of_no_product_is_not_found),
        WITH_ALL(a_used_up_budget_leaves_a_run_that_is_taken_up_again),
        WITH_ALL(
            a_map_run_takes_a_model_and_another_tree_along_and_refuses_what_cannot_be),
        WITH_ALL(a_dry_map_run_tells_and_decides_nothing),
        WITH_ALL(what_no_one_could_map_is_open_for_a_person),
        WITH_ALL(what_is_open_is_ranked_by_a_model_where_one_is_named),
        WITH_ALL(a_walk_through_what_is_open_can_be_ended),
        WITH_ALL(what_is_open_of_another_seller_is_not_told),
        WITH_ALL(a_person_decides_and_the_decision_counts),
        WITH_ALL(a_decision_on_what_someone_else_decided_meanwhile_is_a_conflict),
        WITH_ALL(what_is_no_decision_is_not_kept),
        WITH_ALL(only_a_leaf_can_be_chosen),
        WITH_ALL(an_undone_batch_is_as_if_it_had_not_been_and_undoing_that_redoes_it),
        WITH_ALL(what_was_decided_later_is_left_alone_and_told),
        WITH_ALL(a_signal_stops_a_run_which_goes_on_later),
        WITH_ALL(the_programs_signals_are_kept_from_the_librarys_threads),
        cmocka_unit_test(log_lines_reach_whoever_asked),
        cmocka_unit_test(whichever_allocation_fails_nothing_is_lost),
        WITH_ALL(whichever_allocation_fails_a_decision_is_whole),
    };

    json_set_alloc_funcs(mem_alloc, mem_free);
    aisle_new_vault_key(vault_key);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
