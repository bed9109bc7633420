/* fuzz_jsonl.c - JSON Lines: the reader alone, and on to products */
#include "feed.h"

#include "feeds/jsonl.h"

static size_t count_lines(const uint8_t *data, size_t size, size_t piece)
{
    struct pieces pieces = {str_n((const char *)data, size), piece};
    struct jsonl lines;
    struct jsonl_row row = {0};
    size_t line = 0, count = 0;

    jsonl_open(&lines, (struct feed_source){&pieces, read_piece});
    for (;;) {
        must(jsonl_next(&lines, &row, NULL) == AISLE_OK);
        if (row.line == 0)
            break;
        must(row.line > line);
        must(row.object || row.why[0]);
        line = row.line;
        count++;
    }
    jsonl_close(&lines, &row);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t whole = count_lines(data, size, SIZE_MAX);

    must(count_lines(data, size, 1 + size % 13) == whole);
    check_products(data, size);
    return 0;
}
