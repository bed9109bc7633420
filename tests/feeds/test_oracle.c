/* Our reader beside libcsv: what RFC 4180 allows, both must read alike.
 *
 * Tables are made at random, from a seed that is named when they differ.
 */
#include "check.h"

#include "base/buf.h"
#include "base/clock.h"
#include "feeds/csv.h"

#include <csv.h>

/* Cells and rows as one text, each with its length, so that nothing can run together. */
static void add_cell(struct buf *out, struct str cell)
{
    buf_addf(out, "%zu:", cell.n);
    buf_add(out, cell);
    buf_addc(out, ',');
}

static void libcsv_cell(void *cell, size_t n, void *ctx)
{
    add_cell(ctx, str_n(cell, n));
}

static void libcsv_row(int end, void *ctx)
{
    (void)end;
    buf_addc(ctx, '\n');
}

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void read_with_libcsv(struct str file, struct buf *out)
{
    struct csv_parser p;

    assert_int_equal(csv_init(&p, CSV_STRICT), 0);
    csv_set_space_func(&p,
                       no_space); /* else it trims bare cells, which RFC 4180 forbids */
    assert_int_equal(csv_parse(&p, file.p, file.n, libcsv_cell, libcsv_row, out), file.n);
    assert_int_equal(csv_fini(&p, libcsv_cell, libcsv_row, out), 0);
    csv_free(&p);
}

static void read_with_ours(struct str file, struct buf *out)
{
    struct csv csv;
    struct csv_row row;

    assert_int_equal(csv_open(&csv, feed_source_text(&file), ',', NULL), AISLE_OK);
    while (csv_next(&csv, &row, NULL) == AISLE_OK && row.count > 0) {
        assert_int_equal(row.flaws, 0);
        for (size_t i = 0; i < row.count; i++)
            add_cell(out, row.cells[i]);
        buf_addc(out, '\n');
    }
    csv_close(&csv);
}

/* ---- tables as RFC 4180 has them ---- */

static const char *pick(const struct rng *rng, const char *const *words, size_t count)
{
    return words[rng_below(rng, count)];
}

static void add_random_cell(const struct rng *rng, struct buf *out)
{
    static const char *const bare[] = {"a", "Kaos", " ",  "1.5", "\u00e9",     "'", ";",
                                       "|", "\t",   "\\", "x y", "\U0001f600", "-", "="};
    static const char *const quoted[] = {"a",  "\"\"",   ",",  "\n", "\r\n", " ",
                                         "\r", "\u00e9", "\\", "\t", "sep=", "\"\"\"\""};
    bool quotes = rng_below(rng, 2) == 0;

    if (quotes)
        buf_addc(out, '"');
    for (uint64_t n = rng_below(rng, 6); n > 0; n--)
        buf_addz(out, quotes ? pick(rng, quoted, COUNT(quoted))
                             : pick(rng, bare, COUNT(bare)));
    if (quotes)
        buf_addc(out, '"');
}

static void add_random_table(const struct rng *rng, struct buf *out)
{
    uint64_t columns = 2 + rng_below(rng, 5), rows = 1 + rng_below(rng, 12);
    const char *end = rng_below(rng, 2) ? "\n" : "\r\n";

    for (uint64_t r = 0; r < rows; r++) {
        for (uint64_t c = 0; c < columns; c++) {
            if (c > 0)
                buf_addc(out, ',');
            add_random_cell(rng, out);
        }
        if (r + 1 < rows || rng_below(rng, 2))
            buf_addz(out, end);
    }
}

enum { TABLES = 5000 };

static void tables_are_read_as_libcsv_reads_them(void **state)
{
    struct buf file = BUF_INIT(BUF_MAX_LINE), ours = BUF_INIT(BUF_MAX_REQUEST),
               theirs = BUF_INIT(BUF_MAX_REQUEST);

    (void)state;
    for (uint64_t seed = 1; seed <= TABLES; seed++) {
        struct rng_seeded rng;

        rng_seeded_init(&rng, seed);
        buf_reset(&file);
        buf_reset(&ours);
        buf_reset(&theirs);
        add_random_table(&rng.rng, &file);
        read_with_ours(buf_str(&file), &ours);
        read_with_libcsv(buf_str(&file), &theirs);
        if (!str_eq(buf_str(&ours), buf_str(&theirs)))
            fail_msg("seed %u:\n%s\nours:\n%s\ntheirs:\n%s", (unsigned)seed, file.p,
                     ours.p, theirs.p);
    }
    buf_clear(&file);
    buf_clear(&ours);
    buf_clear(&theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_read_as_libcsv_reads_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
