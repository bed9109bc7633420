/* replay.c - feeds the files of a folder to a fuzz target, one after the other, in TAP
 *
 * usage: replay_<target> FOLDER
 *
 * Yesterday's finds are today's tests: a crash is the test's crash, and the last line
 * before it names the file. Each input lies in memory of exactly its size, so that the
 * sanitizers notice a byte read too far.
 */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20 };

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay(const char *folder, const char *name)
{
    char path[4096];
    uint8_t *bytes, *exact;
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    printf("# %s\n", path);
    fflush(stdout);
    f = fopen(path, "rb");
    bytes = malloc(MOST_BYTES);
    must(f && bytes);
    n = fread(bytes, 1, MOST_BYTES, f);
    fclose(f);

    exact = malloc(n ? n : 1);
    must(exact);
    memcpy(exact, bytes, n);
    free(bytes);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

int main(int argc, char **argv)
{
    struct dirent **entries;
    int count;

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    count = scandir(argv[1], &entries, is_file, alphasort);
    if (count <= 0) {
        fprintf(stderr, "%s: no inputs in %s\n", argv[0], argv[1]);
        return 2;
    }
    printf("1..1\n");
    for (int i = 0; i < count; i++) {
        replay(argv[1], entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    printf("ok 1 - %d inputs\n", count);
    return 0;
}
