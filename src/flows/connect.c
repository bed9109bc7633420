#include "flows/connect.h"

#include "people/session.h"

static bool is_zero(const struct sha256 *digest)
{
    static const struct sha256 zero;

    return memcmp(digest, &zero, sizeof zero) == 0;
}

/* ---- begin ---- */

enum aisle_status flow_connect_begin(const struct app *app,
                                     const struct connect_request *request,
                                     struct login *out, int64_t *expires_at,
                                     struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct shop_request known = {.service_id = request->service_id};
    int64_t now = clock_now_s(app->clock);
    struct shop_login kept = {.shop_id = request->shop_id,
                              .user = request->user,
                              .proof = request->proof,
                              .created_at = now,
                              .expires_at = now + CONNECT_S};
    enum aisle_status status =
        flow_shop_known(app, request->shop_id, &arena, &known, err);

    if (status == AISLE_OK)
        status = flow_login_begin(app, &known, out, err);
    if (status == AISLE_OK)
        status = secret_digest(str_of(out->state), &kept.state, err);
    if (status == AISLE_OK && !str_empty(request->browser))
        status = secret_digest(request->browser, &kept.browser, err);
    if (status == AISLE_OK)
        status = app->store->ops->people->put_login(app->store, &kept, err);
    if (status == AISLE_OK)
        *expires_at = kept.expires_at;
    shop_keys_wipe(&known.keys);
    arena_clear(&arena);
    return status;
}

/* ---- look ---- */

static enum aisle_status is_over(struct aisle_err *err)
{
    return aisle_fail(err, AISLE_AUTH,
                      "this link was used before, is over, or was never given: begin "
                      "again");
}

static enum aisle_status check_browser(const struct shop_login *login, struct str browser,
                                       struct aisle_err *err)
{
    struct sha256 digest;
    enum aisle_status status;

    if (is_zero(&login->browser))
        return AISLE_OK;
    status = secret_digest(browser, &digest, err);
    if (status != AISLE_OK)
        return status;
    if (str_empty(browser) || memcmp(&digest, &login->browser, sizeof digest) != 0)
        return aisle_fail(err, AISLE_AUTH,
                          "this was begun in another browser: open the link there");
    return AISLE_OK;
}

/* *good false: whoever had that proof is signed out by now, or their token revoked. */
static enum aisle_status check_proof(const struct app *app,
                                     const struct shop_login *login,
                                     const struct user *user, struct arena *arena,
                                     bool *good, struct aisle_err *err)
{
    const struct store_people *people = app->store->ops->people;
    int64_t now = clock_now_s(app->clock);
    struct aisle_err mine = {0};
    struct user_session session;
    struct api_token token;
    enum aisle_status status =
        people->get_session(app->store, &login->proof, arena, &session, &mine);

    if (status == AISLE_OK) {
        *good = session.expires_at > now && session.user_version == user->version;
        return AISLE_OK;
    }
    if (status == AISLE_NOT_FOUND) {
        mine = (struct aisle_err){0};
        status = people->get_token(app->store, &login->proof, arena, &token, &mine);
        *good = status == AISLE_OK && api_token_is_good(&token, now);
    }
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &mine);
    return status;
}

/* Whoever began it must still be one who may. */
static enum aisle_status check_user(const struct app *app, const struct shop_login *login,
                                    struct arena *arena, struct aisle_err *err)
{
    struct aisle_err mine = {0};
    struct user user;
    struct shop shop;
    bool good = false;
    enum aisle_status status =
        app->store->ops->people->get_user(app->store, login->user, arena, &user, &mine);

    if (status == AISLE_OK)
        status = app->store->ops->shops->get_shop(app->store, login->shop_id, arena,
                                                  &shop, &mine);
    if (status == AISLE_OK)
        status = check_proof(app, login, &user, arena, &good, &mine);
    if (status == AISLE_NOT_FOUND ||
        (status == AISLE_OK &&
         (!good || user.role != ROLE_ADMIN ||
          (!str_empty(user.seller_id) && !str_eq(user.seller_id, shop.seller_id)))))
        return aisle_fail(err, AISLE_AUTH,
                          "who began this is signed out by now, or the shop is gone");
    aisle_pass(err, &mine);
    return status;
}

enum aisle_status flow_connect_check(const struct app *app, struct str state,
                                     struct str browser, struct arena *arena,
                                     struct shop_login *out, struct aisle_err *err)
{
    struct aisle_err mine = {0};
    struct shop_login login;
    struct sha256 digest;
    enum aisle_status status = secret_digest(state, &digest, err);

    if (status == AISLE_OK)
        status =
            app->store->ops->people->get_login(app->store, &digest, arena, &login, &mine);
    if (status == AISLE_NOT_FOUND ||
        (status == AISLE_OK && login.expires_at <= clock_now_s(app->clock)))
        return is_over(err);
    aisle_pass(err, &mine);
    if (status == AISLE_OK)
        status = check_browser(&login, browser, err);
    if (status == AISLE_OK)
        status = check_user(app, &login, arena, err);
    if (status == AISLE_OK)
        *out = login;
    return status;
}

/* ---- finish ---- */

enum aisle_status flow_connect_finish(const struct app *app,
                                      const struct shop_login *login, struct str state,
                                      struct str query, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct aisle_err mine = {0};
    struct shop_request known = {0};
    struct login asked = {0};
    struct str address = arena_fmt(&arena, "?%.*s", STR_ARG(query));
    enum aisle_status status =
        app->store->ops->people->drop_login(app->store, &login->state, &mine);

    if (status == AISLE_NOT_FOUND) {
        status = is_over(err);
        goto done;
    }
    aisle_pass(err, &mine);
    if (status == AISLE_OK && (!address.p || state.n > LOGIN_STATE_LEN))
        status = address.p ? is_over(err) : aisle_nomem(err);
    if (status == AISLE_OK) {
        memcpy(asked.state, state.p, state.n);
        status = flow_shop_known(app, login->shop_id, &arena, &known, err);
    }
    if (status == AISLE_OK)
        status = flow_login_finish(app, &known, &asked, address, err);
    if (address.p)
        secret_wipe((char *)(uintptr_t)address.p, address.n);
done:
    shop_keys_wipe(&known.keys);
    arena_clear(&arena);
    return status;
}
