/* Answers of Get Category Rules and Get Attributes, and of their global sisters: what is
 * read is written as text, read back, compared, and put before markets. */
#include "replies.h"

#include "channels/tiktok/listing_wire.h"
#include "listing/requirement_diff.h"

static enum aisle_status no_difference(void *ctx, const struct requirement_diff *d,
                                       struct aisle_err *err)
{
    (void)ctx;
    (void)d;
    (void)err;
    must(!"a requirement differs from itself");
    return AISLE_OK;
}

static void hold_together(const struct requirement *r, struct arena *arena)
{
    const struct str markets[] = {STR_LIT("MY"), STR_LIT("DE")};
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    struct requirement again, there;
    struct aisle_err err = {0};

    for (size_t i = 1; i < r->attribute_count; i++)
        must(str_cmp(r->attributes[i - 1].id, r->attributes[i].id) < 0);
    for (size_t i = 1; i < r->certificate_count; i++)
        must(str_cmp(r->certificates[i - 1].id, r->certificates[i].id) < 0);
    requirement_format(r, &text);
    if (buf_check(&text, "a requirement", NULL) == AISLE_OK &&
        requirement_parse(buf_str(&text), arena, &again, &err) == AISLE_OK)
        must(requirement_diff(r, &again, no_difference, NULL, NULL) == AISLE_OK);
    must(requirement_in_markets(r, markets, 2, arena, &there, NULL) == AISLE_OK);
    buf_clear(&text);
}

static enum aisle_status read_halves(const json_t *envelope, struct arena *arena,
                                     struct aisle_err *err)
{
    struct requirement rules = {0}, attributes = {0};

    if (fuzz_read(tiktok_rules_read(envelope, arena, &rules, err), err))
        hold_together(&rules, arena);
    if (fuzz_read(tiktok_attributes_read(envelope, arena, &attributes, err), err))
        hold_together(&attributes, arena);
    return AISLE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_halves);
    return 0;
}
