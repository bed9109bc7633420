#include "sandbox/market/judge.h"

/* clang-format off */
static const struct region regions[] = {
    {.code = "BR", .weight_max_g = 30000, .currency = "BRL", .title_min = 1, .title_max = 300, .skus = 300, .grams = true,
     .price_min = 0.05, .price_max = 10000},
    {.code = "DE", .weight_max_g = 30000, .currency = "EUR", .title_min = 1, .title_max = 255, .skus = 300, .eu = true,
     .price_min = 0.01, .price_max = 6300},
    {.code = "ES", .weight_max_g = 30000, .currency = "EUR", .title_min = 1, .title_max = 255, .skus = 300, .eu = true,
     .price_min = 0.01, .price_max = 6300},
    {.code = "FR", .weight_max_g = 30000, .currency = "EUR", .title_min = 1, .title_max = 255, .skus = 300, .eu = true,
     .price_min = 0.01, .price_max = 6300},
    {.code = "GB", .weight_max_g = 30000, .currency = "GBP", .title_min = 1, .title_max = 255, .skus = 300,
     .price_min = 0.01, .price_max = 5600},
    {.code = "ID", .min_order = true, .currency = "IDR", .title_min = 25, .title_max = 255, .skus = 100, .cod = true,
     .delivery_options = true},
    {.code = "IE", .weight_max_g = 30000, .currency = "EUR", .title_min = 1, .title_max = 255, .skus = 300, .eu = true,
     .price_min = 0.01, .price_max = 6300},
    {.code = "IT", .weight_max_g = 30000, .currency = "EUR", .title_min = 1, .title_max = 255, .skus = 300, .eu = true,
     .price_min = 0.01, .price_max = 6300},
    {.code = "JP", .currency = "JPY", .title_min = 1, .title_max = 255, .skus = 300, .grams = true,
     .kanji = true},
    {.code = "MX", .weight_max_g = 30000, .currency = "MXN", .title_min = 1, .title_max = 300, .skus = 300, .grams = true,
     .delivery_options = true, .price_min = 0.1, .price_max = 50000},
    {.code = "MY", .min_order = true, .currency = "MYR", .title_min = 25, .title_max = 255, .skus = 100, .cod = true,
     .cod_cross_border = true, .delivery_options = true},
    {.code = "PH", .min_order = true, .currency = "PHP", .title_min = 25, .title_max = 255, .skus = 100, .cod = true,
     .cod_cross_border = true, .delivery_options = true},
    {.code = "SG", .min_order = true, .currency = "SGD", .title_min = 25, .title_max = 255, .skus = 100,
     .delivery_options = true},
    {.code = "TH", .min_order = true, .currency = "THB", .title_min = 25, .title_max = 255, .skus = 100, .cod = true,
     .cod_cross_border = true, .delivery_options = true},
    {.code = "US", .weight_max_g = 68039, .currency = "USD", .title_min = 1, .title_max = 255, .skus = 300, .pounds = true,
     .inches = true, .price_min = 0.01, .price_max = 7600},
    {.code = "VN", .min_order = true, .currency = "VND", .title_min = 25, .title_max = 255, .skus = 100, .cod = true,
     .cod_cross_border = true, .delivery_options = true},
    {.code = "", .currency = "USD", .title_min = 25, .title_max = 255, .skus = 100},
};
/* clang-format on */

enum { REGIONS = sizeof regions / sizeof *regions };

const struct region *region_of(struct str code)
{
    for (size_t i = 0; i < REGIONS; i++)
        if (str_is(code, regions[i].code))
            return &regions[i];
    return &regions[REGIONS - 1];
}
