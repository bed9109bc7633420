#include "flows/tasks_same.h"

#include "base/json.h"

#include <math.h>

enum { WORDS = 120 };

/* How the open one is to be done, in words, where that is not what is asked for; else
 * empty. */
static void other_flag(const json_t *open, const char *name, bool asked, const char *yes,
                       const char *no, struct buf *out)
{
    bool is = json_flag(open, name, false);

    if (!out->n && is != asked)
        buf_addz(out, is ? yes : no);
}

static void other_text(const json_t *open, const char *name, struct str asked,
                       bool unsaid, struct buf *out)
{
    struct str is = json_str(open, name);

    if (out->n || unsaid || str_empty(asked) || str_eq(is, asked))
        return;
    if (str_empty(is))
        buf_addf(out, "with no %s", name);
    else
        buf_addf(out, "with %s %.*s", name, STR_ARG(str_head(is, WORDS)));
}

static void other_listing(const json_t *open, const struct tasks_request *r,
                          struct buf *out)
{
    other_flag(open, "draft", r->draft, "as drafts", "to go live", out);
    other_flag(open, "fix", r->fix, "with fix", "without fix", out);
    if (!out->n && !str_eq(json_str(open, "defaults"), r->defaults))
        buf_addz(out, "with other defaults");
}

static void other_map(const json_t *open, const struct tasks_request *r, struct str also,
                      struct buf *out)
{
    double accept_at = json_num(open, "accept_at", 0);

    other_text(open, "policy", r->policy, r->unsaid & UNSAID_POLICY, out);
    if (!out->n && r->accept_at > 0 && fabs(accept_at - r->accept_at) > 1e-9) {
        buf_addz(out, accept_at > 0 ? "with accept_at " : "with no accept_at");
        if (accept_at > 0)
            buf_addf(out, "%g", accept_at);
    }
    other_text(open, "model", r->model, r->unsaid & UNSAID_MODEL, out);
    other_text(open, "also", also, false, out);
}

static enum aisle_status fail_other(const struct task *open, struct str how,
                                    struct aisle_err *err)
{
    if (open->kind == TASK_MAP)
        return aisle_fail(err, AISLE_CONFLICT,
                          "a map of %.*s is open already %.*s: let it end, or drop its "
                          "tasks first (aisle work list)",
                          STR_ARG(open->target_id), STR_ARG(how));
    return aisle_fail(err, AISLE_CONFLICT,
                      "%.*s is open already %.*s: let it end, or drop it first (aisle "
                      "work drop %.*s)",
                      STR_ARG(open->id), STR_ARG(how), STR_ARG(open->id));
}

enum aisle_status tasks_check_same(const struct task *open,
                                   const struct tasks_request *request, struct str also,
                                   struct aisle_err *err)
{
    struct buf how = BUF_INIT(BUF_MAX_LINE);
    json_t *parameters = NULL;
    enum aisle_status status = AISLE_OK;

    if (open->kind != TASK_MAP && open->kind != TASK_PUBLISH)
        return AISLE_OK; /* they are done in one way */
    status = json_read(open->parameters, BUF_MAX_REQUEST, "parameters of the task",
                       &parameters, err);
    if (status != AISLE_OK)
        return status;
    if (open->kind == TASK_PUBLISH)
        other_listing(parameters, request, &how);
    else
        other_map(parameters, request, also, &how);
    other_text(parameters, "image_root", request->image_root,
               request->unsaid & UNSAID_IMAGE_ROOT, &how);
    if (request->allow_private && !(request->unsaid & UNSAID_ALLOW_PRIVATE))
        other_flag(parameters, "allow_private", true, "", "without allow_private", &how);
    status = buf_check(&how, "what is open", err);
    if (status == AISLE_OK && how.n)
        status = fail_other(open, buf_str(&how), err);
    buf_clear(&how);
    json_decref(parameters);
    return status;
}
