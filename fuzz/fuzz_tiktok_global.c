/* Answers about global products: Create and Edit, Get, Publish. Of a market there is one
 * entry. */
#include "replies.h"

#include "channels/tiktok/listing_wire.h"

static void look_at_skus(const struct channel_listed_sku *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fuzz_look(rows[i].id);
        fuzz_look(rows[i].seller_sku);
    }
}

static void look_at_markets(const struct channel_market *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fuzz_look(rows[i].region);
        fuzz_look(rows[i].product_id);
        fuzz_look(rows[i].shop_id);
        fuzz_look(rows[i].reason);
        look_at_skus(rows[i].skus, rows[i].sku_count);
        for (size_t k = 0; k < i && i < 50; k++)
            must(!str_eq(rows[k].region, rows[i].region));
    }
}

static enum aisle_status read_all(const json_t *envelope, struct arena *arena,
                                  struct aisle_err *err)
{
    const struct channel_market *markets;
    struct channel_listed listed;
    struct channel_product product;
    size_t n;

    if (fuzz_read(tiktok_global_listed_read(envelope, arena, &listed, err), err)) {
        fuzz_look(listed.product_id);
        look_at_skus(listed.skus, listed.sku_count);
        look_at_markets(listed.markets, listed.market_count);
    }
    if (fuzz_read(tiktok_global_product_read(envelope, arena, &product, err), err)) {
        must(product.id.n > 0);
        fuzz_look(product.title);
        fuzz_look(product.external_id);
        look_at_skus(product.skus, product.sku_count);
        look_at_markets(product.markets, product.market_count);
    }
    if (fuzz_read(tiktok_published_read(envelope, arena, &markets, &n, err), err))
        look_at_markets(markets, n);
    return AISLE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_all);
    return 0;
}
