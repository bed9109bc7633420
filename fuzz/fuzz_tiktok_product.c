/* Answers about products: Check Product Listing, Create and Edit, Get, Search, and what
 * was not changed. */
#include "replies.h"

#include "channels/tiktok/listing_wire.h"

static void look_at_skus(const struct channel_listed_sku *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fuzz_look(rows[i].id);
        fuzz_look(rows[i].seller_sku);
    }
}

static void look_at_product(const struct channel_product *p)
{
    must(p->id.n > 0);
    fuzz_look(p->id);
    fuzz_look(p->title);
    fuzz_look(p->status);
    fuzz_look(p->audit);
    fuzz_look(p->reason);
    fuzz_look(p->category_id);
    fuzz_look(p->external_id);
    look_at_skus(p->skus, p->sku_count);
}

static void read_lists(const json_t *envelope, struct arena *arena, struct aisle_err *err)
{
    struct channel_product_page page;
    const struct channel_unchanged *unchanged;
    size_t n;

    if (fuzz_read(tiktok_products_read(envelope, arena, &page, err), err)) {
        fuzz_look(page.next_token);
        for (size_t i = 0; i < page.count; i++)
            look_at_product(&page.rows[i]);
    }
    if (fuzz_read(tiktok_unchanged_read(envelope, arena, &unchanged, &n, err), err)) {
        for (size_t i = 0; i < n; i++) {
            fuzz_look(unchanged[i].product_id);
            fuzz_look(unchanged[i].code);
            fuzz_look(unchanged[i].message);
        }
    }
}

static enum aisle_status read_all(const json_t *envelope, struct arena *arena,
                                  struct aisle_err *err)
{
    struct channel_listing_check check;
    struct channel_listed listed;
    struct channel_product product;

    if (fuzz_read(tiktok_check_read(envelope, arena, &check, err), err)) {
        fuzz_look(check.warning);
        for (size_t i = 0; i < check.reason_count; i++) {
            fuzz_look(check.reasons[i].code);
            fuzz_look(check.reasons[i].message);
        }
    }
    if (fuzz_read(tiktok_listed_read(envelope, arena, &listed, err), err)) {
        fuzz_look(listed.product_id);
        fuzz_look(listed.audit);
        look_at_skus(listed.skus, listed.sku_count);
        for (size_t i = 0; i < listed.warning_count; i++)
            fuzz_look(listed.warnings[i]);
    }
    if (fuzz_read(tiktok_product_read(envelope, arena, &product, err), err))
        look_at_product(&product);
    read_lists(envelope, arena, err);
    return AISLE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_all);
    return 0;
}
