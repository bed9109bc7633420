#include "base/file.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* "a/b" and "a/b/" are named in "a", "b" in ".", "/b" in "/". */
static char *folder_of(const char *path)
{
    size_t n = strlen(path);

    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    while (n > 1 && path[n - 1] == '/')
        n--;
    return n ? mem_dup(path, n) : mem_dup(".", 1);
}

enum aisle_status file_sync_name(const char *path, struct aisle_err *err)
{
    char *folder = folder_of(path);
    enum aisle_status status = AISLE_OK;
    int fd;

    if (!folder)
        return aisle_nomem(err);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if ((fd < 0 && errno != EACCES) || (fd >= 0 && fsync(fd) != 0 && errno != EINVAL))
        status =
            aisle_fail(err, AISLE_IO, "cannot write to %s: %s", folder, strerror(errno));
    if (fd >= 0)
        close(fd);
    mem_free(folder);
    return status;
}
