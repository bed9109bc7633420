/* map.c - a map run as the caller sees it */
#include "flows/map.h"

#include "lib/lib.h"

_Static_assert((int)AISLE_ITEM_MAPPED == (int)ITEM_MAPPED &&
                   (int)AISLE_ITEM_REFUSED == (int)ITEM_REFUSED &&
                   (int)AISLE_ITEM_NO_IMAGE == (int)ITEM_NO_IMAGE &&
                   (int)AISLE_ITEM_FAILED == (int)ITEM_FAILED &&
                   (int)AISLE_ITEM_NEEDS_PERSON == (int)ITEM_NEEDS_PERSON &&
                   (int)AISLE_ITEM_SKIPPED == (int)ITEM_SKIPPED,
               "items have the same states inside and out");

const char *aisle_item_state_name(enum aisle_item_state state)
{
    return item_state_name((enum item_state)state);
}

struct map_call {
    const struct aisle_map_request *request;
    struct arena arena;
    bool ok; /* false: something could not be told for want of memory */
};

static void tell_item(void *ctx, const struct product *product,
                      const struct run_item *item)
{
    static const struct product nothing;
    struct map_call *call = ctx;
    struct arena *arena = &call->arena;
    struct arena_mark mark = arena_mark(arena);
    const struct product *p = product ? product : &nothing;
    struct aisle_item out = {
        .seller = text_out(arena, item->seller_id, &call->ok),
        .product_id = text_out(arena, item->product_id, &call->ok),
        .title = text_out(arena, p->title, &call->ok),
        .seller_category = text_out(arena, p->seller_category_id, &call->ok),
        .state = (enum aisle_item_state)item->state,
        .category_id = text_out(arena, item->category_id, &call->ok),
        .by = item->by == ITEM_BY_NONE ? "" : advisor_of_item_name(item->by),
        .code = text_out(arena, item->code, &call->ok),
        .text = text_out(arena, item->text, &call->ok),
    };

    if (call->ok)
        call->request->item(call->request->ctx, &out);
    arena_rewind(arena, mark);
}

static struct map_request request_in(const struct aisle_map_request *r)
{
    return (struct map_request){
        .target = str_of(r->target),
        .all_sellers = r->all_sellers,
        .policy = r->policy == AISLE_MAP_GUIDE ? MAP_GUIDE : MAP_THRIFTY,
        .budget = r->limit_calls ? r->budget : -1,
        .limit = r->limit,
        .jobs = r->jobs,
        .fresh = r->fresh,
        .resume = str_of(r->resume),
        .allow_private = r->allow_private,
        .dry_run = r->dry_run,
        .image_root = str_of(r->image_root),
        .accept_at = r->accept_at,
        .model = str_of(r->model),
        .also = str_of(r->also),
    };
}

static void result_fill(const struct map_result *r, struct aisle_map_result *out)
{
    *out = (struct aisle_map_result){
        .resumed = r->resumed,
        .counts = counts_out(&r->counts),
        .elapsed_ms = r->elapsed_ms,
    };
    text_put(out->run_id, sizeof out->run_id, str_of(r->run_id));
}

static bool has_result(enum aisle_status status)
{
    return status == AISLE_OK || status == AISLE_LIMIT || status == AISLE_STOPPED ||
           status == AISLE_BUSY;
}

enum aisle_status aisle_map(struct aisle *a, const struct aisle_map_request *request,
                            struct aisle_map_result *result, struct aisle_err *err)
{
    struct map_call call = {
        .request = request, .arena = ARENA_INIT(BUF_MAX_REQUEST), .ok = true};
    struct map_request map = request_in(request);
    struct teller teller = {request->progress, request->ctx};
    struct app app = app_telling(a, &teller);
    struct map_result r;
    enum aisle_status status;

    if (request->limit_calls && request->budget < 0)
        return aisle_fail(err, AISLE_INVALID, "a budget of less than no calls");
    if (!(request->accept_at == 0 ||
          (request->accept_at >= 0.5 && request->accept_at <= 1)))
        return aisle_fail(err, AISLE_INVALID, "accept_at is a share from 0.5 to 1, or 0");
    status = flow_map(&app, &map, request->item ? tell_item : NULL, &call, &r, err);
    if (status == AISLE_OK && !call.ok)
        status = aisle_nomem(err);
    if (has_result(status) && result)
        result_fill(&r, result);
    arena_clear(&call.arena);
    return status;
}
