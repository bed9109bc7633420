/* sharing.c - with whom a seller shares what it approved: each agrees for itself, and
 * takes it back when it likes */
#include "api/call.h"
#include "flows/share.h"

static void put_one(struct api_call *c, const struct sharing *s)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "with", s->with_id);
    json_add_bool(o, "given", s->given);
    json_add_bool(o, "granted", s->granted);
    json_add_bool(o, "shared", s->given && s->granted);
    json_close(o);
}

static enum aisle_status list_sharing(struct api_call *c, struct aisle_err *err)
{
    struct sharing *with;
    struct str seller_id;
    size_t count = 0;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller_id, err);

    if (status == AISLE_OK)
        status = flow_sharing(&c->app, seller_id, c->request->arena, &with, &count, err);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    for (size_t i = 0; i < count; i++)
        put_one(c, &with[i]);
    api_close_items(c, (struct str){0});
    return AISLE_OK;
}

/* How it stands now with this one. */
static enum aisle_status put_standing(struct api_call *c, struct str seller_id,
                                      struct str with_id, struct aisle_err *err)
{
    struct sharing none = {.with_id = with_id}, *with;
    const struct sharing *found = &none;
    size_t count = 0;
    enum aisle_status status =
        flow_sharing(&c->app, seller_id, c->request->arena, &with, &count, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        if (str_eq(with[i].with_id, with_id))
            found = &with[i];
    put_one(c, found);
    return AISLE_OK;
}

static enum aisle_status set(struct api_call *c, bool on, struct aisle_err *err)
{
    struct str seller_id, with_id = api_text(c, "with");
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller_id, err);

    if (status == AISLE_OK)
        status = flow_share(&c->app, seller_id, with_id, on, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, seller_id, with_id);
    return put_standing(c, seller_id, with_id, err);
}

static enum aisle_status agree(struct api_call *c, struct aisle_err *err)
{
    return set(c, true, err);
}

static enum aisle_status take_back(struct api_call *c, struct aisle_err *err)
{
    return set(c, false, err);
}

#define PARAMS_BOTH                                                                      \
    {                                                                                    \
        {.name = "seller", .max = 40},                                                   \
        {                                                                                \
            .name = "with", .max = 40                                                    \
        }                                                                                \
    }

const struct api_route api_sharing_routes[] = {
    {.at = {"GET", "/api/v1/sellers/{seller}/sharing", {{.name = "seller", .max = 40}}},
     .run = list_sharing,
     .right = RIGHT_READ},
    {.at = {"PUT", "/api/v1/sellers/{seller}/sharing/{with}", PARAMS_BOTH},
     .run = agree,
     .right = RIGHT_ADMIN,
     .what = "share.agree"},
    {.at = {"DELETE", "/api/v1/sellers/{seller}/sharing/{with}", PARAMS_BOTH},
     .run = take_back,
     .right = RIGHT_ADMIN,
     .what = "share.end"},
    END_OF_ROUTES,
};
