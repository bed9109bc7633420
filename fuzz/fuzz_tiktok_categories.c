/* An answer of Get Categories, to the tree it makes. */
#include "replies.h"

#include "channels/tiktok/wire.h"

static void take_categories(struct tiktok_categories *reading)
{
    struct category_rows rows;
    struct taxonomy tree;
    struct aisle_err err = {0};
    enum aisle_status status =
        tiktok_categories_take(reading, STR_LIT("id-ID"), &rows, &err);

    must((status == AISLE_OK) == (err.status == AISLE_OK));
    if (status != AISLE_OK)
        return;
    fuzz_rows(rows.rows, rows.count);
    status = taxonomy_build(reading->arena, &rows, 1, NULL, NULL, &tree, &err);
    must((status == AISLE_OK) == (err.status == AISLE_OK));
}

/* What the reader with a tree makes of the envelope, this one makes of it too; but for
 * the few things that only jansson takes (fuzz_json_walk.c). */
static void compare_envelopes(struct str body, int http_status,
                              const struct channel_verdict *verdict,
                              const struct channel_meta *meta)
{
    struct channel_meta other_meta = {0};
    struct channel_verdict other = {0};
    json_t *root = NULL;

    must(tiktok_envelope_read(body, http_status, &other_meta, &other, &root, NULL) ==
         AISLE_OK);
    json_decref(root);
    if (!meta->code[0])
        return;
    must(verdict->status == other.status && verdict->again == other.again);
    must(strcmp(meta->code, other_meta.code) == 0);
    must(strcmp(meta->message, other_meta.message) == 0);
    must(strcmp(meta->request_id, other_meta.request_id) == 0);
}

/* Read twice, as an answer is that came to a second attempt. */
static void read_answer(struct str body, int http_status)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct tiktok_categories reading = {.arena = &arena};
    const struct tiktok_reader reader = tiktok_categories_reader(&reading);

    for (int i = 0; i < 2; i++) {
        struct channel_meta meta = {0};
        struct channel_verdict verdict = {0};
        struct aisle_err err = {0};

        must(tiktok_envelope_walk(body, http_status, &reader, &meta, &verdict, &err) ==
             AISLE_OK);
        compare_envelopes(body, http_status, &verdict, &meta);
        if (verdict.status == AISLE_OK)
            take_categories(&reading);
    }
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_answer(str_n((const char *)data, size), 200);
    read_answer(str_n((const char *)data, size), 502);
    return 0;
}
