/* Two sellers with the same ids for everything: neither sees nor touches what is the
 * other's, through any query that names a seller. What is asked here is held against the
 * contract's own structs: an operation that is new there has to be tried in see_all,
 * write_all or change_and_drop, or be listed with the reason why it is nobody's. */
#include "contract.h"

#include "work/hook.h"

#include <stddef.h>

/* ---- what there is to try ---- */

enum { OPERATIONS_MAX = 32, SLOT = sizeof(void (*)(void)) };

#define NOUN_OF(noun)                                                                    \
    {                                                                                    \
#noun, offsetof(struct store_ops, noun), sizeof(struct store_##noun) / SLOT      \
    }

static const struct {
    const char *name;
    size_t at, operations;
} nouns[] = {
    NOUN_OF(trees),  NOUN_OF(shops),     NOUN_OF(catalogue), NOUN_OF(decisions),
    NOUN_OF(work),   NOUN_OF(listings),  NOUN_OF(hooks),     NOUN_OF(labels),
    NOUN_OF(leases), NOUN_OF(lessons),   NOUN_OF(models),    NOUN_OF(people),
    NOUN_OF(queues), NOUN_OF(retention), NOUN_OF(sharing),   NOUN_OF(tasks),
};

#define NO_SELLERS(noun, operation, why)                                                 \
    {                                                                                    \
        offsetof(struct store_ops, noun),                                                \
            offsetof(struct store_##noun, operation) / SLOT, why                         \
    }

static const char of_all[] = "what a marketplace tells all alike",
                  by_shop[] = "by a shop's id, which is one seller's for good",
                  of_store[] = "of the whole installation: no seller can ask for it",
                  by_run[] = "by a run's id; whose it is the run says";

static const struct {
    size_t noun, operation;
    const char *why;
} exceptions[] = {
    NO_SELLERS(trees, apply, of_all),
    NO_SELLERS(trees, load, of_all),
    NO_SELLERS(trees, each_snapshot, of_all),
    NO_SELLERS(trees, readings, of_all),
    NO_SELLERS(trees, put_part, of_all),
    NO_SELLERS(trees, get_part, of_all),
    NO_SELLERS(trees, put_provisional, of_all),
    NO_SELLERS(shops, put_seller, of_store),
    NO_SELLERS(shops, each_seller, of_store),
    NO_SELLERS(shops, put_shop, by_shop),
    NO_SELLERS(shops, get_shop, by_shop),
    NO_SELLERS(shops, each_shop, of_store),
    NO_SELLERS(shops, drop_shop, by_shop),
    NO_SELLERS(shops, put_keys, by_shop),
    NO_SELLERS(shops, put_target, by_shop),
    NO_SELLERS(shops, each_target, by_shop),
    NO_SELLERS(work, get_run, by_run),
    NO_SELLERS(work, each_run, of_store),
    NO_SELLERS(work, each_item, by_run),
    NO_SELLERS(leases, claim, of_store),
    NO_SELLERS(leases, release, of_store),
    NO_SELLERS(listings, put_requirement, of_all),
    NO_SELLERS(listings, get_requirement, of_all),
    NO_SELLERS(listings, each_requirement, of_all),
    NO_SELLERS(listings, put_move, of_all),
    NO_SELLERS(listings, get_move, of_all),
    NO_SELLERS(people, put_user, of_store),
    NO_SELLERS(people, get_user, of_store),
    NO_SELLERS(people, each_user, of_store),
    NO_SELLERS(people, drop_user, of_store),
    NO_SELLERS(people, put_session, of_store),
    NO_SELLERS(people, get_session, of_store),
    NO_SELLERS(people, renew_session, of_store),
    NO_SELLERS(people, drop_session, of_store),
    NO_SELLERS(people, put_login, of_store),
    NO_SELLERS(people, get_login, of_store),
    NO_SELLERS(people, drop_login, of_store),
    NO_SELLERS(people, put_token, of_store),
    NO_SELLERS(people, get_token, of_store),
    NO_SELLERS(people, each_token, of_store),
    NO_SELLERS(people, use_token, of_store),
    NO_SELLERS(people, drop_token, of_store),
    NO_SELLERS(people, get_attempts, of_store),
    NO_SELLERS(people, put_attempts, of_store),
    NO_SELLERS(people, add_audit, of_store),
    NO_SELLERS(people, each_audit, of_store),
    NO_SELLERS(people, claim_answer, of_store),
    NO_SELLERS(people, put_answer, of_store),
    NO_SELLERS(people, get_answer, of_store),
    NO_SELLERS(people, sweep, of_store),
    NO_SELLERS(retention, drop_runs, of_store),
    NO_SELLERS(retention, drop_snapshots, of_store),
    NO_SELLERS(tasks, pull_in, of_store),
    NO_SELLERS(tasks, sweep, of_store),
    NO_SELLERS(tasks, each_lane, of_store),
    NO_SELLERS(tasks, put_worker, of_store),
    NO_SELLERS(tasks, drop_worker, of_store),
    NO_SELLERS(tasks, each_worker, of_store),
    NO_SELLERS(tasks, get_limit, of_store),
    NO_SELLERS(tasks, put_limit, of_store),
    NO_SELLERS(tasks, each_limit, of_store),
    NO_SELLERS(queues, each_leaf, by_shop), /* a target is a shop's */
};

struct tenant {
    struct store_test *t;
    struct str seller;
    const char *word; /* stands in all that is his */
    bool (*tried)[OPERATIONS_MAX];
};

static void note_tried(const struct tenant *w, size_t noun, size_t operation)
{
    for (size_t i = 0; w->tried && i < COUNT(nouns); i++)
        if (nouns[i].at == noun)
            w->tried[i][operation] = true;
}

/* An operation of the store, noted as tried. */
#define DO(w, noun, operation)                                                           \
    (note_tried(w, offsetof(struct store_ops, noun),                                     \
                offsetof(struct store_##noun, operation) / SLOT),                        \
     (w)->t->s->ops->noun->operation)

/* ---- everything a seller can be asked for, as text ---- */

#define SAW(name, type, format, ...)                                                     \
    static enum aisle_status name(void *ctx, const type *row, struct aisle_err *err)     \
    {                                                                                    \
        struct store_test *t = ctx;                                                      \
                                                                                         \
        (void)err;                                                                       \
        buf_addf(&t->seen, #name " " format "\n", __VA_ARGS__);                          \
        return AISLE_OK;                                                                 \
    }
SAW(saw_product, struct product, "%.*s %.*s %.*s %.*s v%lld", STR_ARG(row->seller_id),
    STR_ARG(row->id), STR_ARG(row->title), STR_ARG(row->image_location),
    (long long)row->version)
SAW(saw_category, struct seller_category, "%.*s %.*s %.*s %zu", STR_ARG(row->seller_id),
    STR_ARG(row->id), STR_ARG(row->path), row->products)
SAW(saw_decision, struct decision, "%.*s %.*s %.*s %s", STR_ARG(row->seller_id),
    STR_ARG(row->key), STR_ARG(row->reasons), decision_state_name(row->state))
SAW(saw_suggestion, struct suggestion, "%.*s", STR_ARG(row->reasons))
SAW(saw_listing, struct listing, "%.*s %.*s %.*s v%lld", STR_ARG(row->seller_id),
    STR_ARG(row->product_id), STR_ARG(row->reason), (long long)row->version_no)
SAW(saw_hook, struct hook, "%.*s %.*s %.*s %s", STR_ARG(row->seller_id), STR_ARG(row->id),
    STR_ARG(row->body), hook_state_name(row->state))
SAW(saw_task, struct task, "%.*s %.*s %.*s %s %lld", STR_ARG(row->seller_id),
    STR_ARG(row->id), STR_ARG(row->parameters), task_state_name(row->state),
    (long long)row->fence)
SAW(saw_run, struct run, "%.*s %.*s", STR_ARG(row->seller_id), STR_ARG(row->id))
SAW(saw_lesson, struct kept_lesson, "%.*s %.*s", STR_ARG(row->seller_id),
    STR_ARG(row->says.value_name))
SAW(saw_model, struct trained_model, "%.*s %.*s", STR_ARG(row->seller_id),
    STR_ARG(row->key))
SAW(saw_set, struct label_set, "%.*s %.*s %lld", STR_ARG(row->seller_id),
    STR_ARG(row->name), (long long)row->rows)
SAW(saw_row, struct set_row, "%.*s", STR_ARG(row->title))
SAW(saw_consent, struct consent, "%.*s %.*s %.*s", STR_ARG(row->seller_id),
    STR_ARG(row->with_id), STR_ARG(row->who))
SAW(saw_word, struct word_count, "%s %zu", standing_name(row->stands), row->products)
SAW(saw_progress, struct category_progress, "%.*s %.*s %zu",
    STR_ARG(row->category.seller_id), STR_ARG(row->category.path), row->settled)

static void saw_text(struct store_test *t, enum aisle_status status, const char *what,
                     struct str text)
{
    buf_addf(&t->seen, "%s %s %.*s\n", what, aisle_status_name(status),
             status == AISLE_OK ? (int)text.n : 0, text.p ? text.p : "");
}

/* Not asked for the shop's rows: a shop is one seller's. */
static void see_one_by_one(const struct tenant *w)
{
    struct store_test *t = w->t;
    const struct str shop = STR_LIT("toko"), target = STR_LIT(TARGET), a = STR_LIT("A");
    struct arena *arena = &t->arena;
    struct product product = {0};
    struct product_image image = {0};
    struct pushed_image pushed = {0};
    struct refused_image refused = {0};
    struct decision decision = {0};
    struct answer answer = {0};
    struct listing listing = {0};
    struct hook hook = {0};
    struct task task = {0};
    struct kept_lesson lesson = {0};
    struct trained_model model = {0};
    struct label_set set = {0};
    struct sha256 hash = a_pushed_image("x", "bytes").bytes_hash;

#define SEE_ONE(call, text) saw_text(t, call, #text, text)
    SEE_ONE(DO(w, catalogue, get_product)(t->s, w->seller, a, arena, &product, NULL),
            product.title);
    SEE_ONE(DO(w, catalogue, get_image)(t->s, w->seller, STR_LIT("img"), shop, arena,
                                        &image, NULL),
            image.location);
    SEE_ONE(DO(w, catalogue, get_pushed)(t->s, w->seller, shop, STR_LIT("uuid"), arena,
                                         &pushed, NULL),
            pushed.uri);
    SEE_ONE(DO(w, catalogue, find_pushed)(t->s, w->seller, shop, &hash,
                                          STR_LIT("MAIN_IMAGE"), arena, &pushed, NULL),
            pushed.url);
    SEE_ONE(DO(w, catalogue, find_refused)(t->s, w->seller, shop, &hash,
                                           STR_LIT("BRAND_IMAGE"), arena, &refused, NULL),
            refused.text);
    SEE_ONE(DO(w, decisions, get)(t->s, w->seller, target, SCOPE_PRODUCT, a, arena,
                                  &decision, NULL),
            decision.reasons);
    SEE_ONE(DO(w, work, get_answer)(t->s, w->seller, target, STR_LIT("q"), arena, &answer,
                                    NULL),
            answer.refusal_text);
    SEE_ONE(DO(w, listings, get)(t->s, w->seller, shop, a, arena, &listing, NULL),
            listing.reason);
    SEE_ONE(DO(w, listings, find)(t->s, w->seller, shop, STR_LIT("remote"), arena,
                                  &listing, NULL),
            listing.reason);
    SEE_ONE(DO(w, hooks, get)(t->s, w->seller, shop, STR_LIT("hook"), arena, &hook, NULL),
            hook.body);
    SEE_ONE(DO(w, tasks, get)(t->s, w->seller, shop, STR_LIT("task"), arena, &task, NULL),
            task.parameters);
    SEE_ONE(DO(w, lessons, get)(t->s, &(struct kept_lesson){.seller_id = w->seller}, 0,
                                arena, &lesson, NULL),
            lesson.says.value_name);
    SEE_ONE(DO(w, models, get)(t->s, w->seller, target, arena, &model, NULL), model.key);
    SEE_ONE(
        DO(w, labels, get)(t->s, w->seller, target, STR_LIT("set"), arena, &set, NULL),
        set.who);
#undef SEE_ONE
}

static enum aisle_status saw_merged(void *ctx, size_t at, const struct product *then,
                                    struct product *now, struct arena *arena,
                                    struct aisle_err *err)
{
    (void)at;
    (void)now;
    (void)arena;
    return saw_product(ctx, then, err);
}

static struct str see_all(const struct tenant *w)
{
    struct store_test *t = w->t;
    const struct str target = STR_LIT(TARGET);
    const struct product_filter products = {.seller_id = w->seller},
                                undecided = {.seller_id = w->seller,
                                             .undecided_for = STR_LIT("elsewhere")},
                                behind = {.seller_id = w->seller,
                                          .after_id = STR_LIT("0")},
                                until = {.seller_id = w->seller,
                                         .until_seller = w->seller,
                                         .until_id = STR_LIT("Z")},
                                named = {.seller_id = w->seller, .words = STR_LIT("of")};
    const struct product one = {.seller_id = w->seller, .id = STR_LIT("A")};
    const struct products_merge merge = {
        .list = &one, .count = 1, .merge = saw_merged, .ctx = t, .dry = true};
    const struct mapping_filter mappings = {.seller_id = w->seller};
    const struct log_filter log = {.seller_id = w->seller},
                            key = {.seller_id = w->seller, .key = STR_LIT("A")},
                            batch = {.seller_id = w->seller, .batch_id = STR_LIT("b-1")};
    const struct listing_filter listings = {.seller_id = w->seller};
    const struct hook_filter hooks = {.seller_id = w->seller};
    const struct task_filter tasks = {.seller_id = w->seller};
    const struct run_filter runs = {.seller_id = w->seller};
    const struct lesson_filter lessons = {.seller_id = w->seller},
                               standing = {.seller_id = w->seller, .standing = true},
                               one_batch = {.seller_id = w->seller,
                                            .batch_id = STR_LIT("b-1")};
    const struct queue_filter queues = {.seller_id = w->seller, .target_id = target};
    struct aisle_err *err = &t->err;
    struct str text;
    int64_t change = 0;
    size_t count = 0;

    see_one_by_one(w);
    assert_ok(DO(w, catalogue, each_product)(t->s, &products, saw_product, t, err), err);
    assert_ok(DO(w, catalogue, merge_products)(t->s, &merge, NULL, err), err);
    assert_ok(DO(w, catalogue, each_product)(t->s, &undecided, saw_product, t, err), err);
    assert_ok(DO(w, catalogue, each_product)(t->s, &behind, saw_product, t, err), err);
    assert_ok(DO(w, catalogue, count_products)(t->s, &products, &count, err), err);
    buf_addf(&t->seen, "products %zu\n", count);
    assert_ok(DO(w, catalogue, each_product)(t->s, &until, saw_product, t, err), err);
    assert_ok(DO(w, catalogue, each_product)(t->s, &named, saw_product, t, err), err);
    for (size_t n = 1; n <= 2; n++) {
        struct str seller = {0}, id = {0};
        enum aisle_status status = DO(w, catalogue, nth_product)(
            t->s, &products, n, &t->arena, &seller, &id, NULL);

        saw_text(t, status, "nth", seller);
    }
    assert_ok(DO(w, work, page_runs)(t->s, &runs, saw_run, t, err), err);
    assert_ok(
        DO(w, catalogue, each_seller_category)(t->s, w->seller, saw_category, t, err),
        err);
    assert_ok(DO(w, decisions, each_mapping)(t->s, &mappings, saw_decision, t, err), err);
    assert_ok(DO(w, decisions, each_of)(t->s, w->seller, target, SCOPE_PRODUCT,
                                        &(struct str){"A", 1}, 1, saw_decision, t, err),
              err);
    assert_ok(DO(w, decisions, each)(t->s, &log, saw_decision, t, err), err);
    assert_ok(DO(w, decisions, each)(t->s, &key, saw_decision, t, err), err);
    assert_ok(DO(w, decisions, each)(t->s, &batch, saw_decision, t, err), err);
    assert_ok(DO(w, work, each_suggestion)(t->s, w->seller, target, STR_LIT("A"),
                                           saw_suggestion, t, err),
              err);
    assert_ok(DO(w, listings, each)(t->s, &listings, saw_listing, t, err), err);
    assert_ok(DO(w, hooks, each)(t->s, &hooks, saw_hook, t, err), err);
    assert_ok(DO(w, tasks, each)(t->s, &tasks, saw_task, t, err), err);
    assert_ok(DO(w, lessons, each)(t->s, &lessons, saw_lesson, t, err), err);
    assert_ok(DO(w, lessons, each)(t->s, &standing, saw_lesson, t, err), err);
    assert_ok(DO(w, lessons, each)(t->s, &one_batch, saw_lesson, t, err), err);
    assert_ok(DO(w, labels, each)(t->s, w->seller, target, saw_set, t, err), err);
    assert_ok(
        DO(w, labels, each_row)(t->s, w->seller, target, STR_LIT("set"), saw_row, t, err),
        err);
    assert_ok(DO(w, labels, changed)(t->s, w->seller, target, &change, err), err);
    buf_addf(&t->seen, "sets changed %lld\n", (long long)change);
    assert_ok(DO(w, models, each)(t->s, w->seller, saw_model, t, err), err);
    assert_ok(DO(w, sharing, each)(t->s, w->seller, saw_consent, t, err), err);
    assert_ok(DO(w, queues, each_word)(t->s, &queues, saw_word, t, err), err);
    assert_ok(DO(w, queues, each_category)(t->s, &queues, saw_progress, t, err), err);
    assert_ok(DO(w, queues, count_refused)(t->s, &queues, &count, err), err);
    buf_addf(&t->seen, "refused %zu\n", count);
    text = arena_str(&t->arena, buf_str(&t->seen));
    buf_reset(&t->seen);
    return text;
}

/* ---- everything a seller can write, under the same ids ---- */

static void put_step(const struct tenant *w, enum decision_state state)
{
    struct store_test *t = w->t;
    struct decision_write d = a_decision("A", state, w->word);
    struct pushed_image pushed = a_pushed_image("uuid", "bytes");
    struct refused_image refused = {.seller_id = w->seller,
                                    .shop_id = STR_LIT("toko"),
                                    .bytes_hash = pushed.bytes_hash,
                                    .use_case = STR_LIT("BRAND_IMAGE"),
                                    .text = str_of(w->word)};
    struct run run = a_run("r-1");
    struct suggestion one = {str_of(w->word), 0.5, ADVISOR_LOCAL, str_of(w->word)};
    struct step_item item = {.item = {.run_id = STR_LIT("r-1"),
                                      .seller_id = w->seller,
                                      .product_id = STR_LIT("A")},
                             .suggestions = &one,
                             .suggestion_count = 1};
    struct answer answer = {.seller_id = w->seller,
                            .target_id = STR_LIT(TARGET),
                            .question = STR_LIT("q"),
                            .refusal_text = str_of(w->word)};
    struct run_step step = {.pushed = &pushed,
                            .refused = &refused,
                            .seller_id = w->seller,
                            .shop_id = STR_LIT("toko"),
                            .link_image_id = STR_LIT("img"),
                            .link_channel_image_id = STR_LIT("uuid"),
                            .answer = &answer,
                            .decisions = &d,
                            .decision_count = 1,
                            .items = &item,
                            .item_count = 1,
                            .run = &run};

    d.d.seller_id = w->seller;
    d.d.reasons = str_of(w->word);
    pushed.seller_id = w->seller;
    pushed.shop_id = STR_LIT("toko");
    pushed.uri = pushed.url = str_of(w->word);
    assert_ok(DO(w, work, put_step)(t->s, &step, &t->err), &t->err);
}

static void put_rest(const struct tenant *w, int64_t version_no)
{
    struct store_test *t = w->t;
    struct product p = {.seller_id = w->seller,
                        .id = STR_LIT("A"),
                        .title = str_of(w->word),
                        .seller_category_id = str_of(w->word),
                        .image_id = STR_LIT("img"),
                        .image_location = str_of(w->word),
                        .price_minor = version_no};
    struct listing listing = {.seller_id = w->seller,
                              .shop_id = STR_LIT("toko"),
                              .product_id = STR_LIT("A"),
                              .remote_id = STR_LIT("remote"),
                              .reason = str_of(w->word),
                              .version_no = version_no};
    struct hook hook = {.seller_id = w->seller,
                        .shop_id = STR_LIT("toko"),
                        .id = STR_LIT("hook"),
                        .body = str_of(w->word)};
    struct task task = {.seller_id = w->seller,
                        .shop_id = STR_LIT("toko"),
                        .id = STR_LIT("task"),
                        .parameters = str_of(w->word),
                        .most_attempts = 5};
    struct decision_write d = a_decision("B", DECISION_ACCEPTED, w->word);
    struct run run = a_run(w->word);
    struct kept_lesson lesson = {.seller_id = w->seller,
                                 .says = {.value_name = str_of(w->word)},
                                 .batch_id = STR_LIT("b-1"),
                                 .taught = true};

    struct set_row row = {.title = str_of(w->word), .category = STR_LIT("10")};
    struct label_set set = {.seller_id = w->seller,
                            .target_id = STR_LIT(TARGET),
                            .name = STR_LIT("set"),
                            .rows = 1,
                            .who = str_of(w->word)},
                     before = {0};
    int64_t seq;

    d.d.seller_id = run.seller_id = w->seller;
    d.d.reasons = str_of(w->word);
    assert_ok(DO(w, decisions, append)(t->s, &d, 1, &seq, &t->err), &t->err);
    assert_ok(DO(w, work, put_run)(t->s, &run, &t->err), &t->err);
    assert_ok(DO(w, tasks, put)(t->s, &task, 1, NULL, &t->err), &t->err);
    assert_ok(DO(w, catalogue, put_products)(t->s, &p, 1, 1, NULL, &t->err), &t->err);
    p.brand = str_of(w->word);
    assert_ok(DO(w, catalogue, merge_products)(
                  t->s, &(struct products_merge){.list = &p, .count = 1}, NULL, &t->err),
              &t->err);
    assert_ok(DO(w, lessons, append)(t->s, &lesson, 1, NULL, &t->err), &t->err);
    t->s->ops->labels->get(t->s, w->seller, set.target_id, set.name, &t->arena, &before,
                           NULL);
    assert_ok(DO(w, labels, put)(t->s, &set, &row, before.seq, NULL, &t->err), &t->err);
    assert_ok(DO(w, models, put)(t->s,
                                 &(struct trained_model){.seller_id = w->seller,
                                                         .target_id = STR_LIT(TARGET),
                                                         .key = str_of(w->word)},
                                 &t->err),
              &t->err);
    assert_ok(DO(w, sharing, put)(t->s,
                                  &(struct consent){.seller_id = w->seller,
                                                    .with_id = STR_LIT("elsewhere"),
                                                    .who = str_of(w->word)},
                                  &t->err),
              &t->err);
    assert_ok(DO(w, listings, put)(t->s, &listing, NULL, &t->err), &t->err);
    assert_ok(DO(w, hooks, put)(t->s, &hook, NULL, &t->err), &t->err);
    hook.state = HOOK_APPLIED;
    assert_ok(DO(w, hooks, settle)(t->s, &hook, &t->err), &t->err);
}

static void write_all(const struct tenant *w, int64_t version_no)
{
    put_rest(w, version_no);
    put_step(w, version_no ? DECISION_NONE : DECISION_ACCEPTED);
}

/* ---- the two ---- */

static bool mentions(struct str text, const char *word)
{
    return str_find(text, str_of(word)) < text.n;
}

static void a_seller_sees_his_own_and_nothing_of_anothers(void **state)
{
    const struct tenant acme = {*state, STR_LIT("acme"), "ofacme", NULL};
    const struct tenant zeta = {*state, STR_LIT("zeta"), "ofzeta", NULL};
    const struct tenant nobody = {*state, STR_LIT("nobody"), "", NULL};
    struct str text;

    write_all(&acme, 0);
    write_all(&zeta, 0);
    text = see_all(&acme);
    assert_true(mentions(text, "ofacme") && !mentions(text, "zeta"));
    text = see_all(&zeta);
    assert_true(mentions(text, "ofzeta") && !mentions(text, "acme"));
    text = see_all(&nobody);
    assert_true(!mentions(text, "acme") && !mentions(text, "zeta"));
    assert_true(mentions(text, "products 0"));
}

/* The first in turn is acme's: by then zeta's of the same name waits beside it. */
static void work_at_task(const struct tenant *w, struct str other)
{
    struct store_test *t = w->t;
    const struct str toko = STR_LIT("toko"), task = STR_LIT("task");
    const struct task_wish wish = {STR_LIT("w"), 50, 50000, 80, 4, 0};
    struct task taken[4];
    struct task_end end = {.state = TASK_DEAD, .at = 60};
    struct task_hold others;
    size_t count = 0;

    assert_ok(DO(w, tasks, take)(t->s, &wish, &t->arena, taken, &count, &t->err),
              &t->err);
    assert_int_equal(count, 1);
    assert_str(taken[0].seller_id, w->word + 2);
    end.hold = others = (struct task_hold){w->seller, toko, task, taken[0].fence};
    others.seller_id = other;
    assert_status(DO(w, tasks, renew)(t->s, &others, 90, NULL), AISLE_CONFLICT, NULL);
    assert_ok(DO(w, tasks, renew)(t->s, &end.hold, 90, &t->err), &t->err);
    assert_ok(DO(w, tasks, end)(t->s, &end, &t->err), &t->err);
    assert_status(DO(w, tasks, revive)(t->s, other, toko, task, 90, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(DO(w, tasks, revive)(t->s, w->seller, toko, task, 90, &t->err), &t->err);
    assert_ok(DO(w, tasks, drop)(t->s, w->seller, toko, task, &t->err), &t->err);
}

/* What there is one of, by its key: the same key is another's too. */
static void change_and_drop(const struct tenant *w, struct str other)
{
    struct store_test *t = w->t;
    struct product p;

    assert_ok(DO(w, catalogue, get_product)(t->s, w->seller, STR_LIT("A"), &t->arena, &p,
                                            &t->err),
              &t->err);
    p.title = STR_LIT("changed");
    assert_ok(DO(w, catalogue, change_product)(t->s, &p, p.version, 9, &t->err), &t->err);
    assert_ok(DO(w, catalogue, drop_product)(t->s, w->seller, STR_LIT("A"), 0, &t->err),
              &t->err);
    work_at_task(w, other);
    assert_ok(
        DO(w, labels, drop)(t->s, w->seller, STR_LIT(TARGET), STR_LIT("set"), &t->err),
        &t->err);
    assert_ok(DO(w, models, drop)(t->s, w->seller, STR_LIT(TARGET), &t->err), &t->err);
    assert_ok(DO(w, sharing, drop)(t->s, w->seller, STR_LIT("elsewhere"), &t->err),
              &t->err);
}

static void what_a_seller_writes_leaves_anothers_alone(void **state)
{
    const struct tenant acme = {*state, STR_LIT("acme"), "ofacme", NULL};
    const struct tenant zeta = {*state, STR_LIT("zeta"), "ofzeta", NULL};
    const struct tenant later = {*state, STR_LIT("acme"), "lateracme", NULL};
    struct store_test *t = *state;
    struct str before;

    write_all(&acme, 0);
    write_all(&zeta, 0);
    before = see_all(&zeta);
    write_all(&later, 1);
    assert_true(mentions(see_all(&acme), "lateracme"));
    assert_text("changed", see_all(&zeta), before.p);
    change_and_drop(&acme, zeta.seller);
    assert_text("dropped", see_all(&zeta), before.p);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

/* ---- was all of it tried? ---- */

static const char *why_not(size_t noun, size_t operation)
{
    for (size_t i = 0; i < COUNT(exceptions); i++)
        if (exceptions[i].noun == nouns[noun].at && exceptions[i].operation == operation)
            return exceptions[i].why;
    return NULL;
}

static void every_operation_of_the_contract_was_tried_or_is_nobodys(void **state)
{
    bool tried[COUNT(nouns)][OPERATIONS_MAX] = {{false}};
    const struct tenant acme = {*state, STR_LIT("acme"), "ofacme", tried};

    assert_int_equal(COUNT(nouns),
                     (sizeof(struct store_ops) - offsetof(struct store_ops, trees)) /
                         SLOT);
    write_all(&acme, 0);
    see_all(&acme);
    change_and_drop(&acme, STR_LIT("zeta"));
    for (size_t i = 0; i < COUNT(nouns); i++)
        for (size_t k = 0; k < nouns[i].operations; k++)
            if (tried[i][k] == (why_not(i, k) != NULL))
                fail_msg("operation %zu of store_%s %s", k + 1, nouns[i].name,
                         tried[i][k] ? "is tried, and an exception"
                                     : "is neither tried here nor an exception");
}

static const struct contract_case cases[] = {
    CASE(every_operation_of_the_contract_was_tried_or_is_nobodys),
    CASE(a_seller_sees_his_own_and_nothing_of_anothers),
    CASE(what_a_seller_writes_leaves_anothers_alone),
};
const struct contract_table contract_tenants = CONTRACT_TABLE(cases);
