#include "sandbox/files.h"

#include "base/mem.h"

#include <errno.h>
#include <stdio.h>

/* False when the disk failed; what does not fit is the buffer's to say. */
static bool read_on(FILE *file, struct buf *out)
{
    char piece[16 * 1024];
    size_t n;

    do {
        n = fread(piece, 1, sizeof piece, file);
        buf_add(out, str_n(piece, n));
    } while (n && !out->failed);
    return !ferror(file);
}

enum aisle_status file_load(struct str path, struct buf *out, struct aisle_err *err)
{
    char *name = mem_dup(path.p, path.n);
    FILE *file = name ? fopen(name, "rb") : NULL;
    enum aisle_status status = AISLE_OK;

    if (!name)
        return aisle_nomem(err);
    if (!file || !read_on(file, out))
        status =
            aisle_fail(err, AISLE_CONFIG, "cannot read %s: %s", name, strerror(errno));
    if (status == AISLE_OK)
        status = buf_check(out, name, err);
    if (file)
        fclose(file);
    mem_free(name);
    return status;
}
