/* Answers about what a shop has: Get Brands, Get Warehouses and the global ones, Check
 * Listing Prerequisites, Upload Product File. */
#include "replies.h"

#include "channels/tiktok/listing_wire.h"

static void look_at_warehouses(const struct shop_warehouse *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fuzz_look(rows[i].id);
        fuzz_look(rows[i].name);
        fuzz_look(rows[i].type);
        fuzz_look(rows[i].status);
    }
}

static enum aisle_status read_all(const json_t *envelope, struct arena *arena,
                                  struct aisle_err *err)
{
    struct channel_brand_page page;
    const struct shop_warehouse *warehouses;
    const struct channel_prerequisite *checks;
    struct channel_pushed_file file;
    size_t n;

    if (fuzz_read(tiktok_brands_read(envelope, arena, &page, err), err)) {
        fuzz_look(page.next_token);
        for (size_t i = 0; i < page.count; i++) {
            fuzz_look(page.rows[i].id);
            fuzz_look(page.rows[i].name);
        }
    }
    if (fuzz_read(tiktok_warehouses_read(envelope, arena, &warehouses, &n, err), err))
        look_at_warehouses(warehouses, n);
    if (fuzz_read(tiktok_global_warehouses_read(envelope, arena, &warehouses, &n, err),
                  err))
        look_at_warehouses(warehouses, n);
    if (fuzz_read(tiktok_prerequisites_read(envelope, arena, &checks, &n, err), err)) {
        for (size_t i = 0; i < n; i++) {
            fuzz_look(checks[i].item);
            fuzz_look(checks[i].reasons);
        }
    }
    if (fuzz_read(tiktok_file_read(envelope, arena, &file, err), err)) {
        fuzz_look(file.id);
        fuzz_look(file.url);
        must(file.id.n > 0);
    }
    return AISLE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_all);
    return 0;
}
