/* Users, sessions, tokens, failed sign-ins, the audit trail, writes sent twice. */
#include "contract.h"

static const struct store_people *people(const struct store_test *t)
{
    return t->s->ops->people;
}

static struct user a_user(const char *name, enum role role)
{
    return (struct user){.name = str_of(name),
                         .seller_id = STR_LIT("acme"),
                         .role = role,
                         .password = STR_LIT("$argon2id$"),
                         .created_at = 100};
}

static void put_user(struct store_test *t, struct user user)
{
    assert_ok(people(t)->put_user(t->s, &user, &t->err), &t->err);
}

static struct sha256 a_digest(unsigned char first)
{
    return (struct sha256){.b = {first}};
}

static enum aisle_status see_user(void *ctx, const struct user *u, struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s %.*s %s %lld %lld\n", STR_ARG(u->name),
             STR_ARG(u->seller_id), role_name(u->role), (long long)u->created_at,
             (long long)u->version);
    return AISLE_OK;
}

static enum aisle_status see_token(void *ctx, const struct api_token *k,
                                   struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%.*s %.*s %.*s %u %lld %lld\n", STR_ARG(k->id), STR_ARG(k->user),
             STR_ARG(k->name), k->scopes, (long long)k->expires_at,
             (long long)k->used_at);
    return AISLE_OK;
}

static enum aisle_status see_entry(void *ctx, const struct audit_entry *e,
                                   struct aisle_err *err)
{
    struct store_test *t = ctx;

    (void)err;
    buf_addf(&t->seen, "%lld %.*s %.*s %.*s\n", (long long)e->seq, STR_ARG(e->who),
             STR_ARG(e->what), STR_ARG(e->seller_id));
    return AISLE_OK;
}

static void a_user_is_added_once_and_changed_by_who_saw_the_last_version(void **state)
{
    struct store_test *t = *state;
    struct user dewi = a_user("dewi", ROLE_MAPPER);

    put_user(t, dewi);
    put_user(t, a_user("ana", ROLE_ADMIN));
    assert_status(people(t)->put_user(t->s, &dewi, &t->err), AISLE_CONFLICT, &t->err);
    assert_failure(t, AISLE_CONFLICT, "user dewi is there already");
    dewi.version = 1;
    dewi.role = ROLE_VIEWER;
    put_user(t, dewi);
    assert_status(people(t)->put_user(t->s, &dewi, &t->err), AISLE_CONFLICT, &t->err);
    assert_failure(t, AISLE_CONFLICT, "user dewi was changed meanwhile");
    assert_ok(people(t)->each_user(t->s, see_user, t, &t->err), &t->err);
    assert_seen(t, "ana acme admin 100 1\ndewi acme viewer 100 2\n");
}

static void a_user_goes_with_sessions_and_tokens(void **state)
{
    struct store_test *t = *state;
    struct user_session session = {.digest = a_digest(1),
                                   .user = STR_LIT("dewi"),
                                   .csrf = STR_LIT("word"),
                                   .expires_at = 500};
    struct api_token token = {.id = STR_LIT("k1"),
                              .user = STR_LIT("dewi"),
                              .name = STR_LIT("erp"),
                              .scopes = RIGHT_READ,
                              .digest = a_digest(2)};
    struct user out;

    put_user(t, a_user("dewi", ROLE_MAPPER));
    assert_ok(people(t)->put_session(t->s, &session, &t->err), &t->err);
    assert_ok(people(t)->put_token(t->s, &token, &t->err), &t->err);
    assert_ok(people(t)->drop_user(t->s, STR_LIT("dewi"), &t->err), &t->err);
    assert_status(
        people(t)->get_session(t->s, &session.digest, &t->arena, &session, &t->err),
        AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_status(people(t)->get_token(t->s, &token.digest, &t->arena, &token, &t->err),
                  AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_status(people(t)->get_user(t->s, STR_LIT("dewi"), &t->arena, &out, &t->err),
                  AISLE_NOT_FOUND, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "there is no user dewi");
    assert_status(people(t)->drop_user(t->s, STR_LIT("dewi"), &t->err), AISLE_NOT_FOUND,
                  &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
}

static void a_session_is_found_by_its_digest_and_prolonged(void **state)
{
    struct store_test *t = *state;
    struct user_session out, session = {.digest = a_digest(7),
                                        .user = STR_LIT("dewi"),
                                        .user_version = 3,
                                        .csrf = STR_LIT("word"),
                                        .created_at = 100,
                                        .expires_at = 500};

    assert_ok(people(t)->put_session(t->s, &session, &t->err), &t->err);
    assert_ok(people(t)->renew_session(t->s, &session.digest, 900, &t->err), &t->err);
    assert_ok(people(t)->get_session(t->s, &session.digest, &t->arena, &out, &t->err),
              &t->err);
    assert_text("user", out.user, "dewi");
    assert_text("csrf", out.csrf, "word");
    assert_int_equal(out.user_version, 3);
    assert_int_equal(out.expires_at, 900);
    assert_ok(people(t)->drop_session(t->s, &session.digest, &t->err), &t->err);
    assert_ok(people(t)->drop_session(t->s, &session.digest, &t->err), &t->err);
    /* by a request that came before it was signed out, and is behind it */
    assert_ok(people(t)->renew_session(t->s, &session.digest, 999, &t->err), &t->err);
    assert_status(people(t)->get_session(t->s, &session.digest, &t->arena, &out, &t->err),
                  AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
}

static void a_login_is_found_by_its_state_and_taken_once(void **state)
{
    struct store_test *t = *state;
    struct shop_login out, login = {.state = a_digest(3),
                                    .shop_id = STR_LIT("toko"),
                                    .user = STR_LIT("dewi"),
                                    .proof = a_digest(4),
                                    .browser = a_digest(5),
                                    .created_at = 100,
                                    .expires_at = 700};

    assert_ok(people(t)->put_login(t->s, &login, &t->err), &t->err);
    assert_ok(people(t)->get_login(t->s, &login.state, &t->arena, &out, &t->err),
              &t->err);
    assert_text("shop", out.shop_id, "toko");
    assert_text("user", out.user, "dewi");
    assert_memory_equal(&out.proof, &login.proof, sizeof out.proof);
    assert_memory_equal(&out.browser, &login.browser, sizeof out.browser);
    assert_int_equal(out.expires_at, 700);
    assert_ok(people(t)->drop_login(t->s, &login.state, &t->err), &t->err);
    assert_status(people(t)->drop_login(t->s, &login.state, &t->err), AISLE_NOT_FOUND,
                  &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_status(people(t)->get_login(t->s, &login.state, &t->arena, &out, &t->err),
                  AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
}

static void a_token_is_listed_used_and_revoked(void **state)
{
    struct store_test *t = *state;
    struct api_token out, token = {.id = STR_LIT("k1"),
                                   .user = STR_LIT("erp"),
                                   .name = STR_LIT("nightly"),
                                   .scopes = RIGHT_READ | RIGHT_EDIT,
                                   .digest = a_digest(2),
                                   .expires_at = 900};
    const struct sha256 used = token.digest;

    assert_ok(people(t)->put_token(t->s, &token, &t->err), &t->err);
    assert_ok(people(t)->use_token(t->s, &token.digest, 3600, &t->err), &t->err);
    assert_ok(people(t)->get_token(t->s, &token.digest, &t->arena, &out, &t->err),
              &t->err);
    assert_int_equal(out.used_at, 3600);
    token.digest = a_digest(3);
    assert_status(people(t)->put_token(t->s, &token, &t->err), AISLE_CONFLICT, &t->err);
    assert_failure(t, AISLE_CONFLICT, "token k1 is there already");
    assert_ok(people(t)->each_token(t->s, STR_LIT("erp"), see_token, t, &t->err),
              &t->err);
    assert_ok(people(t)->each_token(t->s, STR_LIT("dewi"), see_token, t, &t->err),
              &t->err);
    assert_seen(t, "k1 erp nightly 5 900 3600\n");
    assert_ok(people(t)->drop_token(t->s, STR_LIT("k1"), &t->err), &t->err);
    assert_status(people(t)->drop_token(t->s, STR_LIT("k1"), &t->err), AISLE_NOT_FOUND,
                  &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_ok(people(t)->use_token(t->s, &used, 7200, &t->err), &t->err);
    assert_status(people(t)->get_token(t->s, &used, &t->arena, &out, &t->err),
                  AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
}

static void failures_to_sign_in_are_counted_by_key(void **state)
{
    struct store_test *t = *state;
    struct attempts a = {STR_LIT("user/dewi"), 3, 100}, out;

    assert_ok(people(t)->get_attempts(t->s, a.key, &out, &t->err), &t->err);
    assert_int_equal(out.failures, 0);
    assert_ok(people(t)->put_attempts(t->s, &a, &t->err), &t->err);
    a.failures = 4;
    assert_ok(people(t)->put_attempts(t->s, &a, &t->err), &t->err);
    assert_ok(people(t)->get_attempts(t->s, a.key, &out, &t->err), &t->err);
    assert_int_equal(out.failures, 4);
    a.failures = 0;
    assert_ok(people(t)->put_attempts(t->s, &a, &t->err), &t->err);
    assert_ok(people(t)->get_attempts(t->s, a.key, &out, &t->err), &t->err);
    assert_int_equal(out.failures, 0);
}

static void the_trail_is_read_backwards(void **state)
{
    struct store_test *t = *state;
    const struct audit_entry entries[] = {
        {.who = STR_LIT("ana"), .what = STR_LIT("user.add")},
        {.who = STR_LIT("ana"),
         .what = STR_LIT("decision.add"),
         .seller_id = STR_LIT("acme")},
        {.who = STR_LIT("budi"),
         .what = STR_LIT("decision.undo"),
         .seller_id = STR_LIT("zeta")},
    };
    struct audit_filter f = {.limit = 2};

    for (size_t i = 0; i < COUNT(entries); i++)
        assert_ok(people(t)->add_audit(t->s, &entries[i], &t->err), &t->err);
    assert_ok(people(t)->each_audit(t->s, &f, see_entry, t, &t->err), &t->err);
    assert_seen(t, "3 budi decision.undo zeta\n2 ana decision.add acme\n");
    f = (struct audit_filter){.before_seq = 3, .what = STR_LIT("decision.")};
    assert_ok(people(t)->each_audit(t->s, &f, see_entry, t, &t->err), &t->err);
    assert_seen(t, "2 ana decision.add acme\n");
    f = (struct audit_filter){.who = STR_LIT("ana"), .seller_id = STR_LIT("zeta")};
    assert_ok(people(t)->each_audit(t->s, &f, see_entry, t, &t->err), &t->err);
    assert_seen(t, "");
}

static void a_key_of_a_write_is_claimed_once_and_keeps_its_answer(void **state)
{
    struct store_test *t = *state;
    struct kept_answer out, a = {.who = STR_LIT("erp"),
                                 .key = STR_LIT("k-1"),
                                 .question = a_digest(9),
                                 .at = 100};

    assert_ok(people(t)->claim_answer(t->s, &a, &t->err), &t->err);
    assert_status(people(t)->claim_answer(t->s, &a, &t->err), AISLE_CONFLICT, &t->err);
    assert_int_equal(last_failure(t), AISLE_CONFLICT);
    a.outcome = 201;
    a.type = STR_LIT("application/json");
    a.body = STR_LIT("{}");
    a.etag = STR_LIT("17");
    a.location = STR_LIT("/api/v1/shops/toko");
    assert_ok(people(t)->put_answer(t->s, &a, &t->err), &t->err);
    assert_ok(people(t)->get_answer(t->s, a.who, a.key, &t->arena, &out, &t->err),
              &t->err);
    assert_int_equal(out.outcome, 201);
    assert_text("body", out.body, "{}");
    assert_text("etag", out.etag, "17");
    assert_text("location", out.location, "/api/v1/shops/toko");
    a.outcome = 0;
    assert_ok(people(t)->put_answer(t->s, &a, &t->err), &t->err);
    assert_ok(people(t)->claim_answer(t->s, &a, &t->err), &t->err);
}

static void what_is_over_is_swept(void **state)
{
    struct store_test *t = *state;
    struct user_session out, session = {.digest = a_digest(1), .expires_at = 500};
    struct shop_login login = {.state = a_digest(3), .expires_at = 500};
    struct attempts a = {STR_LIT("peer/::1"), 3, 100}, left;
    struct kept_answer answer = {
        .who = STR_LIT("erp"), .key = STR_LIT("k"), .at = 100, .outcome = 200};

    assert_ok(people(t)->put_session(t->s, &session, &t->err), &t->err);
    session.digest = a_digest(2);
    session.expires_at = 501;
    assert_ok(people(t)->put_session(t->s, &session, &t->err), &t->err);
    assert_ok(people(t)->put_login(t->s, &login, &t->err), &t->err);
    assert_ok(people(t)->put_attempts(t->s, &a, &t->err), &t->err);
    assert_ok(people(t)->put_answer(t->s, &answer, &t->err), &t->err);
    assert_ok(people(t)->sweep(t->s, 500, 101, &t->err), &t->err);
    assert_ok(people(t)->get_session(t->s, &session.digest, &t->arena, &out, &t->err),
              &t->err);
    session.digest = a_digest(1);
    assert_status(people(t)->get_session(t->s, &session.digest, &t->arena, &out, &t->err),
                  AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_status(people(t)->drop_login(t->s, &login.state, &t->err), AISLE_NOT_FOUND,
                  &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_ok(people(t)->get_attempts(t->s, a.key, &left, &t->err), &t->err);
    assert_int_equal(left.failures, 0);
    assert_ok(people(t)->claim_answer(t->s, &answer, &t->err), &t->err);
}

/* ---- what is kept for a while ---- */

static void runs_are_dropped_with_their_items_once_they_are_old(void **state)
{
    struct store_test *t = *state;
    const struct store_retention *retention = t->s->ops->retention;
    struct run ended = a_run("r-1"), later = a_run("r-2"), under_way = a_run("r-3");
    size_t count = 0;

    ended.state = later.state = RUN_DONE;
    ended.finished_at = 100;
    later.finished_at = 200;
    under_way.state = RUN_UNDER_WAY;
    under_way.finished_at = 0;
    assert_ok(t->s->ops->work->put_run(t->s, &ended, &t->err), &t->err);
    assert_ok(t->s->ops->work->put_run(t->s, &later, &t->err), &t->err);
    assert_ok(t->s->ops->work->put_run(t->s, &under_way, &t->err), &t->err);
    assert_ok(retention->drop_runs(t->s, 150, true, &count, &t->err), &t->err);
    assert_int_equal(count, 1);
    assert_ok(retention->drop_runs(t->s, 150, false, &count, &t->err), &t->err);
    assert_int_equal(count, 1);
    assert_ok(retention->drop_runs(t->s, 150, false, &count, &t->err), &t->err);
    assert_int_equal(count, 0);
    assert_status(
        t->s->ops->work->get_run(t->s, STR_LIT("r-1"), &t->arena, &ended, &t->err),
        AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_ok(
        t->s->ops->work->get_run(t->s, STR_LIT("r-3"), &t->arena, &under_way, &t->err),
        &t->err);
}

static void snapshots_are_dropped_but_never_the_newest(void **state)
{
    struct store_test *t = *state;
    const struct store_retention *retention = t->s->ops->retention;
    struct test_tree tree;
    struct taxonomy out;
    int64_t first = 0, second = 0;
    size_t count = 0;

    put_shop_and_target(t);
    tree_read(&tree, "1 - Fashion\n10 1 Kaos*\n", NULL);
    assert_ok(tree_apply(t, &tree, 0, 100, &first), &t->err);
    tree_read(&tree, "1 - Fashion\n10 1 Kaos*\n11 1 Kemeja*\n", NULL);
    assert_ok(tree_apply(t, &tree, first, 200, &second), &t->err);
    assert_ok(retention->drop_snapshots(t->s, 1000, true, &count, &t->err), &t->err);
    assert_int_equal(count, 1);
    assert_ok(retention->drop_snapshots(t->s, 100, false, &count, &t->err), &t->err);
    assert_int_equal(count, 0);
    assert_ok(retention->drop_snapshots(t->s, 1000, false, &count, &t->err), &t->err);
    assert_int_equal(count, 1);
    assert_status(t->s->ops->trees->load(t->s, STR_LIT(TARGET), first, &t->arena, NULL,
                                         &out, &t->err),
                  AISLE_NOT_FOUND, &t->err);
    assert_int_equal(last_failure(t), AISLE_NOT_FOUND);
    assert_ok(
        t->s->ops->trees->load(t->s, STR_LIT(TARGET), 0, &t->arena, NULL, &out, &t->err),
        &t->err);
    assert_int_equal(out.count, 3);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

static const struct contract_case cases[] = {
    CASE(runs_are_dropped_with_their_items_once_they_are_old),
    CASE(snapshots_are_dropped_but_never_the_newest),
    CASE(a_user_is_added_once_and_changed_by_who_saw_the_last_version),
    CASE(a_user_goes_with_sessions_and_tokens),
    CASE(a_session_is_found_by_its_digest_and_prolonged),
    CASE(a_login_is_found_by_its_state_and_taken_once),
    CASE(a_token_is_listed_used_and_revoked),
    CASE(failures_to_sign_in_are_counted_by_key),
    CASE(the_trail_is_read_backwards),
    CASE(a_key_of_a_write_is_claimed_once_and_keeps_its_answer),
    CASE(what_is_over_is_swept),
};
const struct contract_table contract_people = CONTRACT_TABLE(cases);
