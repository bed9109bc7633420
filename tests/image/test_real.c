/* Photographs and hard cases as they are met. */
#include "data.h"

#include "image/look.h"

static const struct {
    const char *file;
    enum image_kind kind; /* IMAGE_UNKNOWN: refused */
    uint32_t width, height;
    bool whole;
} edge_files[] = {
    {"4001x1000.jpg", IMAGE_JPEG, 4001, 1000, true},
    {"bad_crc.png", IMAGE_PNG, 1080, 1340, false},
    {"cmyk.jpg", IMAGE_JPEG, 1273, 1580, true},
    {"exactly_300x300.jpg", IMAGE_JPEG, 300, 300, true},
    {"exactly_4000x4000.jpg", IMAGE_JPEG, 4000, 4000, true},
    {"extreme_ratio_2000x100.jpg", IMAGE_JPEG, 2000, 100, true},
    {"gray.jpg", IMAGE_JPEG, 1273, 1580, true},
    {"header_claims_65535x65535.jpg", IMAGE_JPEG, 65535, 65535, true},
    {"html_error_page.jpg", IMAGE_UNKNOWN, 0, 0, false},
    {"jpeg_named.png", IMAGE_JPEG, 1080, 1340, true},
    {"jpeg_trailing_garbage.jpg", IMAGE_JPEG, 1080, 1340, true},
    {"only_20_bytes.jpg", IMAGE_UNKNOWN, 0, 0, false},
    {"over_4000px_6000x4000_small_bytes.jpg", IMAGE_JPEG, 6000, 4000, true},
    {"over_4000px_wide_4096x2304.jpg", IMAGE_JPEG, 4096, 2304, true},
    {"over_5MB_4096x4096_progressive.jpg", IMAGE_JPEG, 4096, 4096, true},
    {"png_named.jpg", IMAGE_PNG, 1080, 1340, true},
    {"too_small_299px_wide.jpg", IMAGE_JPEG, 299, 371, true},
    {"truncated_half.jpg", IMAGE_JPEG, 1080, 1340, false},
    {"valid.gif", IMAGE_GIF, 1273, 1580, true},
    {"valid.png", IMAGE_PNG, 1080, 1340, true},
    {"valid.webp", IMAGE_WEBP, 1080, 1340, true},
    {"valid_alpha.png", IMAGE_PNG, 1274, 1580, true},
    {"valid_lossless.webp", IMAGE_WEBP, 1274, 1580, true},
    {"webp_named.jpg", IMAGE_WEBP, 1080, 1340, true},
    {"zero_bytes.jpg", IMAGE_UNKNOWN, 0, 0, false},
};

static void real_files_are_told_for_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(edge_files); i++) {
        struct buf bytes = data_read("product_images/edge", edge_files[i].file);
        struct image_facts f = {.kind = IMAGE_UNKNOWN};
        enum aisle_status status = image_look(buf_str(&bytes), &f, NULL);

        if (f.kind != edge_files[i].kind || f.whole != edge_files[i].whole ||
            f.width != edge_files[i].width || f.height != edge_files[i].height ||
            (status == AISLE_OK) != (f.kind != IMAGE_UNKNOWN))
            fail_msg("%s: %s %ux%u whole %d", edge_files[i].file, image_kind_name(f.kind),
                     f.width, f.height, f.whole);
        buf_clear(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_are_told_for_what_they_are),
    };

    if (!data_or_skip("product_images/edge"))
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
