/* Each of the hard cases for a gallery: right as it is, mended, or refused with a reason.
 */
#include "data.h"

#include "image/mend.h"

#include <dirent.h>
#include <stdlib.h>

static const struct image_need gallery = {
    1 << IMAGE_JPEG | 1 << IMAGE_PNG | 1 << IMAGE_WEBP | 1 << IMAGE_HEIC | 1 << IMAGE_BMP,
    300, 4000, 5 * 1024 * 1024, 4};

static const struct {
    const char *file;
    unsigned flaws;
    uint32_t width, height; /* when mended; 0: it cannot be */
    const char *words;
} edge_files[] = {
    {"4001x1000.jpg", IMAGE_LARGE | IMAGE_BAD_SHAPE, 4000, 4000, "made square on white"},
    {"bad_crc.png", IMAGE_CUT_SHORT, 0, 0, "cut short or damaged"},
    {"cmyk.jpg", IMAGE_INKS, 1273, 1580, "CMYK to sRGB"},
    {"exactly_300x300.jpg", 0, 0, 0, NULL},
    {"exactly_4000x4000.jpg", 0, 0, 0, NULL},
    {"extreme_ratio_2000x100.jpg", IMAGE_SMALL | IMAGE_BAD_SHAPE, 2000, 2000,
     "2000 x 100 to 2000 x 2000"},
    {"gray.jpg", 0, 0, 0, NULL},
    {"header_claims_65535x65535.jpg", IMAGE_LARGE, 0, 0, "over 100 million pixels"},
    {"jpeg_named.png", 0, 0, 0, NULL},
    {"jpeg_trailing_garbage.jpg", 0, 0, 0, NULL},
    {"over_4000px_6000x4000_small_bytes.jpg", IMAGE_LARGE | IMAGE_BAD_SHAPE, 4000, 4000,
     "6000 x 4000 to 4000 x 4000"},
    {"over_4000px_wide_4096x2304.jpg", IMAGE_LARGE | IMAGE_BAD_SHAPE, 4000, 4000,
     "made square"},
    {"over_5MB_4096x4096_progressive.jpg", IMAGE_LARGE | IMAGE_HEAVY, 4000, 4000,
     "4096 x 4096 to 4000 x 4000, 6691439 to "},
    {"png_named.jpg", 0, 0, 0, NULL},
    {"too_small_299px_wide.jpg", IMAGE_SMALL, 0, 0, "not enlarged"},
    {"truncated_half.jpg", IMAGE_CUT_SHORT, 0, 0, "cut short"},
    {"valid.gif", IMAGE_BAD_KIND, 1273, 1580, "GIF to JPEG"},
    {"valid.png", 0, 0, 0, NULL},
    {"valid.webp", 0, 0, 0, NULL},
    {"valid_alpha.png", 0, 0, 0, NULL},
    {"valid_lossless.webp", 0, 0, 0, NULL},
    {"webp_named.jpg", 0, 0, 0, NULL},
};

static enum aisle_status mend(struct str bytes, const struct image_facts *facts,
                              struct buf *words)
{
    struct image_mender here = {.helper = getenv("AISLE_IMAGE")};
    struct buf out = BUF_INIT(BUF_MAX_IMAGE);
    struct image_mended is;
    struct aisle_err err = {0};
    enum aisle_status status = image_mend(&here, bytes, facts, &gallery, &out, &is, &err);

    if (status == AISLE_OK) {
        image_tell_mended(facts, &is, words);
        buf_addf(words, " (%u x %u)", is.facts.width, is.facts.height);
    } else {
        buf_addz(words, err.text);
    }
    buf_clear(&out);
    return status;
}

static void judge_edge(size_t i)
{
    struct buf bytes = data_read("product_images/edge", edge_files[i].file);
    struct buf words = BUF_INIT(4096);
    struct image_facts facts;
    char sides[40];

    assert_ok(image_look(buf_str(&bytes), &facts, NULL), NULL);
    if (image_flaws(&facts, &gallery) != edge_files[i].flaws)
        fail_msg("%s: flaws %x", edge_files[i].file, image_flaws(&facts, &gallery));
    if (edge_files[i].flaws) {
        enum aisle_status status = mend(buf_str(&bytes), &facts, &words);

        snprintf(sides, sizeof sides, "(%u x %u)", edge_files[i].width,
                 edge_files[i].height);
        if (status != (edge_files[i].width ? AISLE_OK : AISLE_INVALID) ||
            !strstr(words.p, edge_files[i].words) ||
            (edge_files[i].width && !strstr(words.p, sides)))
            fail_msg("%s: %s", edge_files[i].file, words.p);
    }
    buf_clear(&bytes);
    buf_clear(&words);
}

static void hard_cases_are_judged_as_their_names_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(edge_files); i++)
        judge_edge(i);
}

/* Photographs are right as they are, and survive being made into something else. */
static void photographs_are_right(void **state)
{
    char folder[PATH_ROOM];
    DIR *d;
    struct dirent *e;
    size_t seen = 0;

    (void)state;
    data_path(folder, "product_images/photos", "");
    d = opendir(folder);
    assert_non_null(d);
    while ((e = readdir(d))) {
        struct buf bytes;
        struct image_facts facts;

        if (!str_ends(str_of(e->d_name), ".jpg"))
            continue;
        bytes = data_read("product_images/photos", e->d_name);
        assert_ok(image_look(buf_str(&bytes), &facts, NULL), NULL);
        if (image_flaws(&facts, &gallery))
            fail_msg("%s: flaws %x", e->d_name, image_flaws(&facts, &gallery));
        buf_clear(&bytes);
        seen++;
    }
    closedir(d);
    assert_true(seen >= 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_cases_are_judged_as_their_names_say),
        cmocka_unit_test(photographs_are_right),
    };

    if (!data_or_skip("product_images/edge"))
        return 0;
    if (!getenv("AISLE_IMAGE")) {
        printf("1..0 # SKIP built without libvips\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
