/* sync.c - a sync as the caller sees it: listeners told in plain words */
#include "flows/sync.h"

#include "lib/lib.h"

_Static_assert((int)AISLE_SYNC_FIRST == (int)SYNC_FIRST &&
                   (int)AISLE_SYNC_UNCHANGED == (int)SYNC_UNCHANGED &&
                   (int)AISLE_SYNC_CHANGED == (int)SYNC_CHANGED &&
                   (int)AISLE_SYNC_HELD == (int)SYNC_HELD &&
                   (int)AISLE_SYNC_DRY_RUN == (int)SYNC_DRY_RUN &&
                   (int)AISLE_SYNC_NOT_DUE == (int)SYNC_NOT_DUE,
               "outcomes have the same order inside and out");
_Static_assert((int)AISLE_ADDED == (int)CATEGORY_ADDED &&
                   (int)AISLE_REMOVED == (int)CATEGORY_REMOVED &&
                   (int)AISLE_RENAMED == (int)CATEGORY_RENAMED &&
                   (int)AISLE_MOVED == (int)CATEGORY_MOVED &&
                   (int)AISLE_LEAFING == (int)CATEGORY_LEAFING &&
                   (int)AISLE_PERMISSION_CHANGED == (int)CATEGORY_PERMISSION_CHANGED,
               "changes have the same bits inside and out");

const char *aisle_sync_outcome_name(enum aisle_sync_outcome outcome)
{
    return sync_outcome_name((enum sync_outcome)outcome);
}

const char *aisle_change_name(enum aisle_change change)
{
    return category_change_name((enum category_change)change);
}

/* One call: whom it tells, and memory for what it tells them. */
struct sync_call {
    const struct aisle_sync_request *request;
    struct arena arena;
    bool ok; /* false: something could not be told for want of memory */
};

/* ---- telling ---- */

static void tell_problem(void *ctx, enum taxonomy_problem problem, struct str id,
                         struct str name, struct str locale)
{
    struct sync_call *call = ctx;
    struct arena_mark mark = arena_mark(&call->arena);
    struct aisle_tree_problem out = {
        .what = taxonomy_problem_name(problem),
        .id = text_out(&call->arena, id, &call->ok),
        .name = text_out(&call->arena, name, &call->ok),
        .locale = text_out(&call->arena, locale, &call->ok),
    };

    if (call->ok)
        call->request->problem(call->request->ctx, &out);
    arena_rewind(&call->arena, mark);
}

/* The first locale of now's that it is renamed in, else now's first. */
static struct str locale_to_show(const struct taxonomy *now, uint32_t renamed_in)
{
    for (size_t l = 0; l < now->locale_count; l++)
        if (renamed_in & 1u << l)
            return now->locales[l];
    return now->locale_count ? now->locales[0] : STR_LIT("");
}

static void tell_difference(void *ctx, const struct taxonomy *then,
                            const struct taxonomy *now, const struct category_diff *diff)
{
    struct sync_call *call = ctx;
    struct arena_mark mark = arena_mark(&call->arena);
    struct str locale = locale_to_show(now, diff->renamed_in);
    struct aisle_category was, is;
    struct aisle_difference out = {
        .changes = diff->changes,
        .locale = text_out(&call->arena, locale, &call->ok),
    };

    if (diff->was) {
        was = category_out(then, diff->was, taxonomy_locale(then, locale), &call->arena,
                           &call->ok);
        out.was = &was;
    }
    if (diff->is) {
        is = category_out(now, diff->is, taxonomy_locale(now, locale), &call->arena,
                          &call->ok);
        out.is = &is;
    }
    if (call->ok)
        call->request->differs(call->request->ctx, &out);
    arena_rewind(&call->arena, mark);
}

static void tell_impact(void *ctx, const struct impact *impact)
{
    struct sync_call *call = ctx;
    struct arena *arena = &call->arena;
    struct arena_mark mark = arena_mark(arena);
    struct aisle_impact out = {
        .seller = text_out(arena, impact->mapping->seller_id, &call->ok),
        .key = text_out(arena, impact->mapping->key, &call->ok),
        .of_seller_category = impact->mapping->scope == SCOPE_SELLER_CATEGORY,
        .products = impact->products,
        .category_id = text_out(arena, impact->mapping->category_id, &call->ok),
        .was_path = text_out(arena, impact->was_path, &call->ok),
        .why = impact->why,
        .successor_id = text_out(arena, impact->successor_id, &call->ok),
        .successor_path = text_out(arena, impact->successor_path, &call->ok),
        .successor_by = impact->successor_by,
        .confidence = impact->confidence,
    };

    if (call->ok)
        call->request->impact(call->request->ctx, &out);
    arena_rewind(arena, mark);
}

/* ---- the call ---- */

static enum aisle_status locales_in(const struct aisle_sync_request *r,
                                    struct arena *arena, struct sync_request *out,
                                    struct aisle_err *err)
{
    struct str *list;
    size_t n = 0;

    while (r->locales && r->locales[n])
        n++;
    list = arena_alloc(arena, (n + 1) * sizeof *list);
    if (!list)
        return aisle_nomem(err);
    for (size_t i = 0; i < n; i++)
        list[i] = str_of(r->locales[i]);
    out->locales = list;
    out->locale_count = n;
    return AISLE_OK;
}

static struct aisle_sync_result result_out(const struct sync_result *r)
{
    struct aisle_sync_result out = {
        .outcome = (enum aisle_sync_outcome)r->outcome,
        .snapshot_id = r->snapshot_id,
        .previous_id = r->previous_id,
        .categories = r->categories,
        .leaves = r->leaves,
        .problems = r->problems,
        .added = r->diff.added,
        .removed = r->diff.removed,
        .renamed = r->diff.renamed,
        .moved = r->diff.moved,
        .leaf_to_parent = r->diff.leaf_to_parent,
        .parent_to_leaf = r->diff.parent_to_leaf,
        .permission = r->diff.permission,
        .impacted = r->impacted,
        .calls = r->calls,
        .elapsed_ms = r->elapsed_ms,
    };

    text_put(out.target, sizeof out.target, r->target_id);
    text_put(out.held, sizeof out.held, r->held);
    text_put(out.run_id, sizeof out.run_id, str_of(r->run_id));
    return out;
}

enum aisle_status aisle_sync(struct aisle *a, const struct aisle_sync_request *request,
                             struct aisle_sync_result *result, struct aisle_err *err)
{
    struct sync_call call = {
        .request = request, .arena = ARENA_INIT(BUF_MAX_REQUEST), .ok = true};
    struct sync_listener listener = {
        .ctx = &call,
        .problem = request->problem ? tell_problem : NULL,
        .differs = request->differs ? tell_difference : NULL,
        .impact = request->impact ? tell_impact : NULL,
    };
    struct sync_request sync = {
        .target = str_of(request->target),
        .dry_run = request->dry_run,
        .accept_shrink = request->accept_shrink,
        .include_prohibited = request->include_prohibited,
        .due_after_s = request->due_after_s,
    };
    struct teller teller = {request->progress, request->ctx};
    struct app app = app_telling(a, &teller);
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct sync_result r;
    enum aisle_status status = locales_in(request, &arena, &sync, err);

    if (status == AISLE_OK)
        status = flow_sync(&app, &sync, &listener, &arena, &r, err);
    if (status == AISLE_OK && !call.ok)
        status = aisle_nomem(err);
    if (status == AISLE_OK && result)
        *result = result_out(&r);
    arena_clear(&arena);
    arena_clear(&call.arena);
    return status;
}
