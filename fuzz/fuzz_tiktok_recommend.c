/* An answer of Recommend Category. */
#include "replies.h"

#include "channels/tiktok/wire.h"

static enum aisle_status read_advice(const json_t *envelope, struct arena *arena,
                                     struct aisle_err *err)
{
    struct channel_advice advice;
    enum aisle_status status = tiktok_recommend_read(envelope, arena, &advice, err);

    if (status == AISLE_OK) {
        fuzz_look(advice.category_id);
        must(advice.category_id.n > 0 && advice.chain_count <= TAXONOMY_MAX_DEPTH);
        fuzz_rows(advice.chain, advice.chain_count);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_advice);
    return 0;
}
