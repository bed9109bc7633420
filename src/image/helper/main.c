/* aisle-image - one image from stdin to stdout, as image/mend.h promises it
 *
 * A program of its own, because libvips and what it stands on decode bytes of strangers:
 * it takes its limits first, and from then on opens nothing. Not for people; its
 * arguments are numbers in the order of image/mend.c.
 *
 * Ends with 0 when the image is written, 1 when it cannot be mended and stderr says why,
 * 2 when it was called wrongly or libvips is not fit.
 */
#include "image/helper/helper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REFUSED = 1, UNFIT = 2, NUMBERS = 8, OUTPUT_MAX = 64 * 1024 * 1024 };

static int say(int code, const char *text)
{
    dprintf(2, "%s\n", text);
    return code;
}

/* At the first a signal that can be told from others, a second above it SIGKILL. */
static bool limit(__rlimit_resource_t what, rlim_t most)
{
    const struct rlimit l = {most, what == RLIMIT_CPU ? most + 1 : most};

    return setrlimit(what, &l) == 0;
}

/* No file can be opened: there is no number left for one. */
static bool take_limits(const struct order *o)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_AS, o->memory_max) && limit(RLIMIT_CPU, o->seconds) &&
           limit(RLIMIT_FSIZE, OUTPUT_MAX) && limit(RLIMIT_NOFILE, 3);
}

static bool read_order(int count, char *const *args, struct order *out)
{
    unsigned long long n[NUMBERS];

    if (count != NUMBERS + 1)
        return false;
    for (int i = 0; i < NUMBERS; i++) {
        char *end;

        errno = 0;
        n[i] = strtoull(args[i + 1], &end, 10);
        if (errno || *end || end == args[i + 1])
            return false;
    }
    *out = (struct order){.kind = (enum image_kind)n[0],
                          .kinds = (unsigned)n[1],
                          .side_min = (int)n[2],
                          .side_max = (int)n[3],
                          .bytes_max = (size_t)n[4],
                          .shape = (int)n[5],
                          .memory_max = (rlim_t)n[6],
                          .seconds = (rlim_t)n[7]};
    return n[2] <= INT32_MAX && n[3] > 0 && n[3] <= INT32_MAX && n[5] <= 100;
}

static bool write_all(const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(1, p, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

/* libvips tells of every layer the failure went through; the first line is the cause. */
static int say_vips(void)
{
    char text[200];

    snprintf(text, sizeof text, "%.*s", (int)strcspn(vips_error_buffer(), "\n"),
             vips_error_buffer());
    return say(REFUSED, text[0] ? text : "it cannot be decoded");
}

static int mend(const struct order *o)
{
    struct stat st;
    void *bytes, *made = NULL;
    size_t made_n = 0;
    const char *why = NULL;

    if (fstat(0, &st) || st.st_size <= 0)
        return say(UNFIT, "there is no image on stdin");
    bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, 0, 0);
    if (bytes == MAP_FAILED)
        return say(UNFIT, "stdin cannot be mapped: it has to be a file");
    if (!picture_mend(o, bytes, (size_t)st.st_size, &made, &made_n, &why))
        return why ? say(REFUSED, why) : say_vips();
    return write_all(made, made_n) ? 0 : say(UNFIT, "the outcome cannot be written");
}

int main(int count, char **args)
{
    struct order order;

    if (!read_order(count, args, &order))
        return say(UNFIT, "a part of aisle, which calls it; see aisle help image");
    prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0);
    if (vips_init(args[0]) || !picture_prepare(order.kind))
        return say(UNFIT, "libvips cannot be used");
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    if (!take_limits(&order))
        return say(UNFIT, "limits cannot be set");
    fflush(NULL);
    _exit(mend(&order)); /* what libvips would tidy up goes with the process */
}
