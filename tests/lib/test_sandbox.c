/* The library against the sandbox: what only a marketplace that changes can show. */
#include "aisle/aisle.h"

#include "check.h"
#include "sandbox/control.h"

#include <stdio.h>

/* A sandbox, and a store in memory. */
struct world {
    struct sandbox *sandbox;
    const struct sandbox_identity *who;
    struct control control;
    struct aisle *a;
    char told[1024];
    size_t count;
};

static int set_up(void **state)
{
    static struct world w;
    char key[AISLE_VAULT_KEY_SIZE];
    struct aisle_err err = {0};

    w = (struct world){0};
    assert_ok(sandbox_start(&(struct sandbox_settings){.seed = 7}, &w.sandbox, &err),
              &err);
    w.who = sandbox_identity(w.sandbox);
    w.control = (struct control){w.who->url, w.who->control_token};
    aisle_new_vault_key(key);
    assert_ok(
        aisle_open(
            &(struct aisle_options){.store = "memory:", .vault_key = key, .who = "ana"},
            &w.a, &err),
        &err);
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    aisle_close(w->a);
    sandbox_stop(w->sandbox);
    return 0;
}

/* The identity's text is NUL-terminated; so much of the sandbox we may know. */
static struct aisle_shop tiktok_shop(const struct world *w)
{
    return (struct aisle_shop){
        .id = "toko-a",
        .app_key = w->who->app_key.p,
        .app_secret = w->who->app_secret.p,
        .access_token = w->who->shops[0].access_token.p,
        .refresh_token = w->who->shops[0].refresh_token.p,
        .api_url = w->who->url.p,
        .auth_url = w->who->url.p,
    };
}

static void add_tiktok_shop(struct world *w)
{
    struct aisle_shop shop = tiktok_shop(w);
    struct aisle_err err = {0};

    assert_ok(aisle_shop_add(w->a, &shop, &err), &err);
}

static enum aisle_status sync_it(struct world *w, const char *target,
                                 struct aisle_sync_result *result, struct aisle_err *err)
{
    return aisle_sync(w->a, &(struct aisle_sync_request){.target = target}, result, err);
}

static void evolve(struct world *w, const char *edits)
{
    struct buf answer = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err err = {0};

    assert_ok(control_evolve(&w->control, str_of(edits), &answer, &err), &err);
    buf_clear(&answer);
}

/* ---- shops ---- */

static void a_wrong_secret_is_an_error_of_the_api_and_no_shop_is_kept(void **state)
{
    struct world *w = *state;
    struct aisle_shop shop = tiktok_shop(w);
    struct aisle_err err = {0};

    shop.app_secret = "none of theirs";
    assert_status(aisle_shop_add(w->a, &shop, &err), AISLE_CONFIG, &err);
    assert_true(aisle_err_is_api(&err));
    assert_string_equal(err.remote_code, "106001");
    assert_string_not_equal(err.request_id, "");
    assert_null(strstr(err.text, shop.app_secret));
    assert_status(sync_it(w, "toko-a", NULL, NULL), AISLE_NOT_FOUND, NULL);
}

static void an_expired_token_is_refreshed_on_the_way(void **state)
{
    struct world *w = *state;
    struct buf answer = BUF_INIT(BUF_MAX_LINE);
    struct aisle_sync_result result;
    struct aisle_err err = {0};

    add_tiktok_shop(w);
    assert_ok(control_trigger(&w->control, STR_LIT("expire-access"), &answer, &err),
              &err);
    assert_ok(sync_it(w, "toko-a", &result, &err), &err);
    assert_int_equal(result.outcome, AISLE_SYNC_FIRST);
    buf_clear(&answer);
}

static void a_tokopedia_shop_is_added_by_its_secret_and_synced(void **state)
{
    struct world *w = *state;
    struct aisle_shop shop = {
        .id = "tokped",
        .channel = "tokopedia",
        .remote_id = w->who->fs_id.p,
        .app_key = w->who->client_id.p,
        .app_secret = w->who->client_secret.p,
        .api_url = w->who->url.p,
        .auth_url = w->who->url.p,
    };
    struct aisle_sync_result result;
    struct aisle_tree *tree;
    struct aisle_err err = {0};

    assert_ok(aisle_shop_add(w->a, &shop, &err), &err);
    assert_ok(sync_it(w, "tokped", &result, &err), &err);
    assert_string_equal(result.target, "tokped");
    assert_true(result.leaves > 100);
    assert_ok(aisle_tree_load(w->a, "tokped", NULL, &tree, &err), &err);
    aisle_tree_free(tree);
}

/* ---- a tree that changes ---- */

static void note_difference(void *ctx, const struct aisle_difference *d)
{
    struct world *w = ctx;
    size_t n = strlen(w->told);

    w->count++;
    snprintf(w->told + n, sizeof w->told - n, "%s %s: %s -> %s\n",
             aisle_change_name((enum aisle_change)d->changes), d->locale,
             d->was ? d->was->path : "-", d->is ? d->is->path : "-");
}

static void a_difference_names_the_locale_it_shows(void **state)
{
    struct world *w = *state;
    struct aisle_sync_request request = {
        .target = "toko-a",
        .locales = (const char *const[]){"id-ID", "en-US", NULL},
        .differs = note_difference,
        .ctx = w,
    };
    struct aisle_sync_result result;
    struct aisle_err err = {0};

    add_tiktok_shop(w);
    assert_ok(aisle_sync(w->a, &request, NULL, &err), &err);
    assert_int_equal(w->count, 0); /* a first tree has no differences */
    evolve(w, "[{\"op\":\"rename\",\"id\":\"744161\",\"names\":{\"id-ID\":\"Kaos "
              "Cowok\"}}]");
    assert_ok(aisle_sync(w->a, &request, &result, &err), &err);
    assert_int_equal(result.outcome, AISLE_SYNC_CHANGED);
    assert_int_equal(result.renamed, 1);
    assert_string_equal(w->told,
                        "renamed id-ID: Fashion Pria > Atasan Pria > Kaos Pria -> "
                        "Fashion Pria > Atasan Pria > Kaos Cowok\n");
}

static void note_impact(void *ctx, const struct aisle_impact *i)
{
    struct world *w = ctx;

    w->count++;
    snprintf(w->told, sizeof w->told, "%s %s %zu: %s (%s) -> %s (%s)", i->seller, i->key,
             i->products, i->was_path, i->why, i->successor_path, i->successor_by);
}

static void a_mapping_whose_leaf_goes_is_told_before_the_tree_is_kept(void **state)
{
    static const char products[] = "sku,title,category\nK-1,Kaos hitam,Baju\n";
    struct world *w = *state;
    struct aisle_import_request import = {0};
    struct aisle_decide_request decide = {
        .target = "toko-a",
        .scope = AISLE_SCOPE_SELLER_CATEGORY,
        .key = "Baju",
        .category = "744161",
    };
    struct aisle_sync_request request = {
        .target = "toko-a", .dry_run = true, .impact = note_impact, .ctx = w};
    struct aisle_sync_result result;
    struct aisle_decision d = {0};
    struct aisle_err err = {0};

    add_tiktok_shop(w);
    assert_ok(sync_it(w, "toko-a", NULL, &err), &err);
    assert_ok(aisle_import(w->a, &import, products, sizeof products - 1, NULL, &err),
              &err);
    assert_ok(aisle_decide(w->a, &decide, NULL, &err), &err);
    assert_ok(aisle_mapping_get(w->a, "toko-a", NULL, "K-1", &d, &err), &err);
    assert_int_equal(d.scope, AISLE_SCOPE_SELLER_CATEGORY);
    aisle_decision_clear(&d);

    evolve(w, "[{\"op\":\"add\",\"id\":\"884217\",\"parent_id\":\"744161\",\"names\":"
              "{\"en-US\":\"Short\",\"id-ID\":\"Kaos Pendek\"},\"permission\":"
              "\"AVAILABLE\"}]");
    assert_ok(aisle_sync(w->a, &request, &result, &err), &err);
    assert_int_equal(result.outcome, AISLE_SYNC_DRY_RUN);
    assert_int_equal(result.impacted, 1);
    assert_string_equal(w->told,
                        "default Baju 1: Fashion Pria > Atasan Pria > Kaos Pria (no "
                        "longer a leaf) -> Fashion Pria > Atasan Pria > Kaos Pria > Kaos "
                        "Pendek (new child)");
}

struct removal { /* of the first `left` leaves */
    struct buf edits;
    size_t left;
};

static enum aisle_status remove_leaf(void *ctx, const struct aisle_category *c,
                                     struct aisle_err *err)
{
    struct removal *r = ctx;

    (void)err;
    if (c->is_leaf)
        buf_addf(&r->edits, "%s{\"op\":\"remove\",\"id\":\"%s\"}", r->edits.n ? "," : "[",
                 c->id);
    return c->is_leaf && --r->left == 0 ? AISLE_STOPPED : AISLE_OK;
}

static void a_tree_that_lost_too_much_is_held_until_that_is_accepted(void **state)
{
    struct world *w = *state;
    struct removal removal = {BUF_INIT(BUF_MAX_LINE), 40};
    struct aisle_sync_request request = {.target = "toko-a"};
    struct aisle_sync_result first, result;
    struct aisle_tree *tree;
    struct aisle_err err = {0};

    add_tiktok_shop(w);
    assert_ok(sync_it(w, "toko-a", &first, &err), &err);
    assert_ok(aisle_tree_load(w->a, "toko-a", NULL, &tree, &err), &err);
    assert_status(aisle_category_each(tree, remove_leaf, &removal, NULL), AISLE_STOPPED,
                  NULL);
    buf_addc(&removal.edits, ']');
    evolve(w, removal.edits.p);

    assert_ok(aisle_sync(w->a, &request, &result, &err), &err);
    assert_int_equal(result.outcome, AISLE_SYNC_HELD);
    assert_int_equal(result.removed, 40);
    assert_non_null(strstr(result.held, "leaves would be lost"));
    assert_int_equal(result.snapshot_id, 0);
    request.accept_shrink = true;
    assert_ok(aisle_sync(w->a, &request, &result, &err), &err);
    assert_int_equal(result.outcome, AISLE_SYNC_CHANGED);
    assert_string_equal(result.held, "");
    assert_true(result.leaves < first.leaves);
    aisle_tree_free(tree);
    buf_clear(&removal.edits);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_wrong_secret_is_an_error_of_the_api_and_no_shop_is_kept),
        IN_A_WORLD(an_expired_token_is_refreshed_on_the_way),
        IN_A_WORLD(a_tokopedia_shop_is_added_by_its_secret_and_synced),
        IN_A_WORLD(a_difference_names_the_locale_it_shows),
        IN_A_WORLD(a_mapping_whose_leaf_goes_is_told_before_the_tree_is_kept),
        IN_A_WORLD(a_tree_that_lost_too_much_is_held_until_that_is_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
