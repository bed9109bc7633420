/* An answer of Get Categories, to the tree it makes. */
#include "replies.h"

#include "channels/tiktok/wire.h"

static enum aisle_status read_categories(const json_t *envelope, struct arena *arena,
                                         struct aisle_err *err)
{
    struct category_rows rows;
    struct taxonomy tree;
    enum aisle_status status =
        tiktok_categories_read(envelope, STR_LIT("id-ID"), arena, &rows, err);

    if (status == AISLE_OK) {
        fuzz_rows(rows.rows, rows.count);
        status = taxonomy_build(arena, &rows, 1, NULL, NULL, &tree, err);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_categories);
    return 0;
}
