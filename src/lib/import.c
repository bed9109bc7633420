/* import.c - a seller's file into the store */
#include "flows/catalogue.h"
#include "lib/lib.h"

#include <errno.h>
#include <stdio.h>

struct import_call {
    const struct aisle_import_request *request;
    struct arena arena;
    bool ok; /* false: something could not be told for want of memory */
};

static void tell_problem(void *ctx, size_t line, struct str column, bool left_out,
                         const char *what)
{
    struct import_call *call = ctx;
    struct arena_mark mark = arena_mark(&call->arena);
    struct aisle_row_problem out = {
        .line = line,
        .column = text_out(&call->arena, column, &call->ok),
        .what = what,
        .left_out = left_out,
    };

    if (call->ok)
        call->request->problem(call->request->ctx, &out);
    arena_rewind(&call->arena, mark);
}

static struct aisle_import_result result_out(const struct import_result *r)
{
    return (struct aisle_import_result){
        .rows = r->rows,
        .products = r->products,
        .left_out = r->left_out,
        .problems = r->problems,
        .added = r->counts.added,
        .changed = r->counts.changed,
        .same = r->counts.same,
    };
}

static enum aisle_status import_from(struct aisle *a, struct feed_source source,
                                     const struct aisle_import_request *request,
                                     struct aisle_import_result *result,
                                     struct aisle_err *err)
{
    struct import_call call = {
        .request = request, .arena = ARENA_INIT(BUF_MAX_REQUEST), .ok = true};
    struct import_request import = {
        .seller_id = str_of(request->seller),
        .map = str_of(request->map),
        .currency = str_of(request->currency),
        .image_root = str_of(request->image_root),
        .replace = request->replace,
        .dry_run = request->dry_run,
    };
    struct import_result r = {0};
    enum aisle_status status = flow_import(
        &a->app, &import, source, request->problem ? tell_problem : NULL, &call, &r, err);

    if (status == AISLE_OK && !call.ok)
        status = aisle_nomem(err);
    if (result)
        *result = result_out(&r);
    arena_clear(&call.arena);
    return status;
}

enum aisle_status aisle_import(struct aisle *a,
                               const struct aisle_import_request *request,
                               const void *bytes, size_t n,
                               struct aisle_import_result *result, struct aisle_err *err)
{
    struct str rest = str_n(bytes, n);

    return import_from(a, feed_source_text(&rest), request, result, err);
}

enum aisle_status aisle_import_file(struct aisle *a, const char *file,
                                    const struct aisle_import_request *request,
                                    struct aisle_import_result *result,
                                    struct aisle_err *err)
{
    FILE *f = file ? fopen(file, "rbe") : NULL;
    enum aisle_status status;

    if (result)
        *result = (struct aisle_import_result){0};
    if (!file)
        return aisle_fail(err, AISLE_INVALID, "no file was named");
    if (!f)
        return aisle_fail(err, errno == ENOENT ? AISLE_NOT_FOUND : AISLE_IO,
                          "cannot open %s: %s", file, strerror(errno));
    status = import_from(a, feed_source_stream(f), request, result, err);
    fclose(f);
    return status;
}
