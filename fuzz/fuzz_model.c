/* fuzz_model.c - a model file nobody can trust, and a title nobody can: the first two
 * bytes say how long the title is, then it comes, then the file */
#include "base/mem.h"
#include "fuzz.h"
#include "match/ask.h"

/* Files that a fuzzer writes have no right digest: with it put right it gets further. */
static void sign(char *file, size_t size)
{
    struct model_header *h = (struct model_header *)(void *)file;

    if (size < sizeof *h)
        return;
    h->bytes = size;
    h->digest = model_header_digest(h);
}

static void ask(const struct model *m, struct str title)
{
    struct product_text text = {.title = title, .description = title};
    struct model_hit hits[CALIBRATE_TOP];
    struct asker *a = NULL;
    size_t count = 0;

    must(asker_new(m, &a, NULL) == AISLE_OK);
    must(asker_rank(a, &text, hits, CALIBRATE_TOP, &count, NULL) == AISLE_OK);
    must(count <= CALIBRATE_TOP);
    for (size_t i = 0; i < count; i++) {
        float credit[WORDS_MAX] = {0};
        uint32_t row = model_lookalike(m, &a->scratch, hits[i].leaf);

        must(hits[i].leaf < model_header(m)->leaves);
        model_node_id(m, hits[i].leaf);
        model_explain(m, &a->scratch, hits[i].leaf, credit);
        if (row != UINT32_MAX)
            model_row_text(m, model_row(m, row));
    }
    asker_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t title = size > 2 ? data[0] + 256u * data[1] : 0;
    struct model *m = NULL;
    char *file;

    if (size <= 2 || title > size - 2)
        return 0;
    file = mem_alloc(size - 2 - title + 1); /* aligned, as a mapped file is */
    must(file);
    memcpy(file, data + 2 + title, size - 2 - title);
    sign(file, size - 2 - title);
    if (model_open_bytes(str_n(file, size - 2 - title), &m, NULL) == AISLE_OK)
        ask(m, str_n((const char *)data + 2, title));
    model_close(m);
    mem_free(file);
    return 0;
}
