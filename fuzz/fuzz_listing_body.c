/* fuzz_listing_body.c - a Create Product body: read, checked, mended, written again */
#include "fuzz.h"

#include "listing/body.h"
#include "listing/fix.h"

/* What was written is read as it was meant: no type is wrong any more. */
static void read_again(const struct listing_draft *draft, struct arena *arena)
{
    struct findings findings = {.arena = arena};
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct listing_draft again;
    enum aisle_status status;

    listing_write_body(draft, BODY_CREATE, &text);
    must(buf_check(&text, "body", NULL) == AISLE_OK);
    status = listing_read_body(buf_str(&text), arena, &again, &findings, NULL);
    must(status == AISLE_OK || status == AISLE_LIMIT);
    for (size_t i = 0; i < findings.count; i++)
        must(findings.rows[i].level != FINDING_ERROR);
    buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct findings findings = {.arena = &arena};
    struct listing_draft draft, mended;
    struct listing_repairs repairs;
    struct aisle_err err = {0};
    struct listing_question q = {
        .draft = &draft,
        .limits = listing_limits_get(size % 2 ? STR_LIT("ID") : STR_LIT("US"),
                                     size % 3 ? LISTING_CURRENT : LISTING_202309),
    };
    enum aisle_status status = listing_read_body(str_n((const char *)data, size), &arena,
                                                 &draft, &findings, &err);

    must(status == AISLE_OK || (err.status == status && err.text[0]));
    if (status == AISLE_OK && listing_check(&q, &findings, &err) == AISLE_OK &&
        listing_fix(&q, &findings, &arena, &mended, &repairs, &err) == AISLE_OK)
        read_again(&mended, &arena);
    arena_clear(&arena);
    return 0;
}
