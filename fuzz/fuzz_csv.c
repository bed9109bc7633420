/* fuzz_csv.c - tables as sellers send them: the reader alone, and on to products */
#include "feed.h"

#include "feeds/csv.h"

static void mix(uint64_t *digest, uint64_t n)
{
    *digest = (*digest ^ n) * 0x9E3779B97F4A7C15u;
}

/* Reads all rows, in pieces of that size, and gives a digest of what they hold. */
static uint64_t read_rows(const uint8_t *data, size_t size, size_t piece)
{
    struct pieces pieces = {str_n((const char *)data, size), piece};
    uint64_t digest = 1;
    size_t line = 0;
    struct csv csv;
    struct csv_row row;

    must(csv_open(&csv, (struct feed_source){&pieces, read_piece}, '\0', NULL) ==
         AISLE_OK);
    for (;;) {
        must(csv_next(&csv, &row, NULL) == AISLE_OK);
        if (row.count == 0)
            break;
        must(row.line > line);
        must(row.count <= CSV_MAX_COLUMNS);
        line = row.line;
        mix(&digest, row.line);
        mix(&digest, row.flaws);
        for (size_t i = 0; i < row.count; i++) {
            must(row.cells[i].n <= 4 * (size_t)CSV_MAX_CELL);
            must(utf8_valid(row.cells[i]));
            must(str_find_char(row.cells[i], '\0') == row.cells[i].n);
            mix(&digest, str_hash(row.cells[i]));
        }
    }
    must(csv.reread <= csv.passed + 4 * (uint64_t)CSV_MAX_ROW);
    csv_close(&csv);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t whole = read_rows(data, size, SIZE_MAX);

    must(read_rows(data, size, 1 + size % 13) == whole);
    check_products(data, size);
    return 0;
}
