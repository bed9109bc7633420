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

enum aisle_status aisle_import(struct aisle *a,
                               const struct aisle_import_request *request,
                               const void *bytes, size_t n,
                               struct aisle_import_result *result, struct aisle_err *err)
{
    struct import_call call = {
        .request = request, .arena = ARENA_INIT(BUF_MAX_REQUEST), .ok = true};
    struct import_request import = {
        .seller_id = str_of(request->seller),
        .file_name = str_of(request->file_name),
        .map = str_of(request->map),
        .image_root = str_of(request->image_root),
        .dry_run = request->dry_run,
    };
    struct import_result r = {0};
    enum aisle_status status =
        flow_import(&a->app, &import, str_n(bytes, n),
                    request->problem ? tell_problem : NULL, &call, &r, err);

    if (status == AISLE_OK && !call.ok)
        status = aisle_nomem(err);
    if (status == AISLE_OK && result)
        *result = (struct aisle_import_result){
            .rows = r.rows,
            .products = r.products,
            .problems = r.problems,
            .added = r.counts.added,
            .changed = r.counts.changed,
            .same = r.counts.same,
        };
    arena_clear(&call.arena);
    return status;
}

/* ---- from a file ---- */

static enum aisle_status file_read(FILE *f, struct buf *out)
{
    size_t n;

    do {
        if (!buf_room(out, BUF_MAX_LINE))
            return out->failed;
        n = fread(out->p + out->n, 1, BUF_MAX_LINE, f);
        out->n += n;
    } while (n > 0);
    out->p[out->n] = '\0';
    return ferror(f) ? AISLE_IO : AISLE_OK;
}

static enum aisle_status file_load(const char *name, struct buf *out,
                                   struct aisle_err *err)
{
    FILE *f = fopen(name, "rbe");
    enum aisle_status status;

    if (!f)
        return aisle_fail(err, errno == ENOENT ? AISLE_NOT_FOUND : AISLE_IO,
                          "cannot open %s: %s", name, strerror(errno));
    status = file_read(f, out);
    if (status == AISLE_IO)
        aisle_fail(err, status, "cannot read %s", name);
    else
        status = buf_check(out, name, err);
    fclose(f);
    return status;
}

enum aisle_status aisle_import_file(struct aisle *a,
                                    const struct aisle_import_request *request,
                                    struct aisle_import_result *result,
                                    struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_FILE);
    enum aisle_status status;

    if (!request->file_name || !request->file_name[0])
        return aisle_fail(err, AISLE_INVALID, "no file was named");
    status = file_load(request->file_name, &bytes, err);
    if (status == AISLE_OK)
        status = aisle_import(a, request, bytes.p, bytes.n, result, err);
    buf_clear(&bytes);
    return status;
}
