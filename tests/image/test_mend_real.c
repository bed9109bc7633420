/* Each of the hard cases for a gallery: right as it is, mended, or refused with a reason.
 */
#include "data.h"

#include "image/mend.h"

#include <dirent.h>
#include <stdlib.h>

static const struct image_need gallery = {
    1 << IMAGE_JPEG | 1 << IMAGE_PNG | 1 << IMAGE_WEBP | 1 << IMAGE_HEIC | 1 << IMAGE_BMP,
    300, 4000, 5 * 1024 * 1024, 4};

enum { NO_IMAGE = 1 << 20 }; /* beside the flaws: it is none at all */

static const struct {
    const char *file;
    unsigned flaws;
    uint32_t width, height; /* when mended; 0: it cannot be */
    const char *words;      /* NULL: right as it is */
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
    {"html_error_page.jpg", NO_IMAGE, 0, 0, "an HTML page"},
    {"jpeg_named.png", 0, 0, 0, NULL},
    {"jpeg_trailing_garbage.jpg", 0, 0, 0, NULL},
    {"only_20_bytes.jpg", NO_IMAGE, 0, 0, "no image"},
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
    {"zero_bytes.jpg", NO_IMAGE, 0, 0, "empty"},
};

static uint64_t peak; /* of all that were mended */

static struct image_helpers *helpers;

static int begin_helpers(void **state)
{
    (void)state;
    helpers = image_helpers_new(getenv("AISLE_IMAGE"), 1);
    return helpers ? 0 : -1;
}

static int end_helpers(void **state)
{
    (void)state;
    image_helpers_free(helpers);
    return 0;
}

static enum aisle_status mend(struct str bytes, const struct image_facts *facts,
                              struct buf *words)
{
    struct image_mender here = {.helpers = helpers, .seconds = 600};
    struct buf out = BUF_INIT(BUF_MAX_IMAGE);
    struct image_mended is;
    struct aisle_err err = {0};
    enum aisle_status status = image_mend(&here, bytes, facts, &gallery, &out, &is, &err);

    peak = is.peak_bytes > peak ? is.peak_bytes : peak;
    if (status == AISLE_OK) {
        image_tell_mended(facts, &is, words);
        buf_addf(words, " (%u x %u)", is.facts.width, is.facts.height);
    } else {
        buf_addz(words, err.text);
    }
    buf_clear(&out);
    return status;
}

/* What became of it, for who reads the test's output, and whether that is right. */
static bool judge_edge(size_t i, struct str bytes, struct buf *words)
{
    struct image_facts facts;
    struct aisle_err why = {0};
    enum aisle_status status = image_look(bytes, &facts, &why);
    char sides[40];

    if (status != AISLE_OK) {
        buf_addf(words, "no image: %s", why.text);
        return edge_files[i].flaws == NO_IMAGE && strstr(words->p, edge_files[i].words);
    }
    if (image_flaws(&facts, &gallery) != edge_files[i].flaws) {
        buf_addf(words, "flaws %x", image_flaws(&facts, &gallery));
        return false;
    }
    if (!edge_files[i].flaws) {
        buf_addz(words, "right");
        return true;
    }
    status = mend(bytes, &facts, words);
    snprintf(sides, sizeof sides, "(%u x %u)", edge_files[i].width, edge_files[i].height);
    return status == (edge_files[i].width ? AISLE_OK : AISLE_INVALID) &&
           strstr(words->p, edge_files[i].words) &&
           (!edge_files[i].width || strstr(words->p, sides));
}

static void hard_cases_are_judged_as_their_names_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(edge_files); i++) {
        struct buf bytes = data_read("product_images/edge", edge_files[i].file);
        struct buf words = BUF_INIT(4096);
        bool right = judge_edge(i, buf_str(&bytes), &words);

        printf("# %s: %s\n", edge_files[i].file, words.p);
        if (!right)
            fail_msg("%s: %s", edge_files[i].file, words.p);
        buf_clear(&bytes);
        buf_clear(&words);
    }
    printf("# the most memory it took: %llu MB\n", (unsigned long long)peak >> 20);
    assert_true(peak < (uint64_t)3 << 29);
}

static bool is_in_table(const char *file)
{
    for (size_t i = 0; i < COUNT(edge_files); i++)
        if (strcmp(edge_files[i].file, file) == 0)
            return true;
    return false;
}

static void no_hard_case_is_left_out(void **state)
{
    char folder[PATH_ROOM];
    DIR *d;
    struct dirent *e;
    size_t seen = 0;

    (void)state;
    data_path(folder, "product_images/edge", "");
    d = opendir(folder);
    assert_non_null(d);
    while ((e = readdir(d))) {
        if (e->d_name[0] == '.')
            continue;
        if (!is_in_table(e->d_name))
            fail_msg("%s is not judged", e->d_name);
        seen++;
    }
    closedir(d);
    assert_int_equal(seen, COUNT(edge_files));
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
        cmocka_unit_test(no_hard_case_is_left_out),
        cmocka_unit_test(photographs_are_right),
    };

    if (!data_or_skip("product_images/edge"))
        return 0;
    if (!getenv("AISLE_IMAGE")) {
        printf("1..0 # SKIP built without libvips\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, begin_helpers, end_helpers);
}
