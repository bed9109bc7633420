/* An answer of Get All Categories, read as the tree and as what a keyword finds. */
#include "replies.h"

#include "channels/tokopedia/wire.h"

static enum aisle_status read_categories(const json_t *document, struct arena *arena,
                                         struct aisle_err *err)
{
    struct category_rows rows;
    struct taxonomy tree;
    enum aisle_status status = tokopedia_hits_read(document, arena, &rows, NULL);

    if (status == AISLE_OK)
        fuzz_rows(rows.rows, rows.count);
    status = tokopedia_tree_read(document, arena, &rows, err);
    if (status == AISLE_OK) {
        fuzz_rows(rows.rows, rows.count);
        status = taxonomy_build(arena, &rows, 1, NULL, NULL, &tree, err);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tokopedia_envelope_read, read_categories);
    return 0;
}
