/* Pictures of one colour, written here, and what aisle-image makes of them. */
#include "check.h"

#include "image/mend.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TAKEN = 1 << IMAGE_JPEG | 1 << IMAGE_PNG | 1 << IMAGE_WEBP | 1 << IMAGE_BMP,
    MANY = 10 * 1024 * 1024,
    MEMORY_SEEN = 600 * 1024 * 1024, /* of the process, whatever the picture */
};

static const struct image_need gallery = {TAKEN, 300, 4000, MANY, 4};
static const struct image_need jpegs_of_any_shape = {1 << IMAGE_JPEG, 10, 4000, MANY, 0};

static struct image_helpers *helpers;

static int begin_helpers(void **state)
{
    (void)state;
    helpers = image_helpers_new(getenv("AISLE_IMAGE"), 2);
    return helpers ? 0 : -1;
}

static int end_helpers(void **state)
{
    (void)state;
    image_helpers_free(helpers);
    return 0;
}

static struct image_mender mender_here(void)
{
    return (struct image_mender){.helpers = helpers, .seconds = 600}; /* of any machine */
}

/* ---- pictures ---- */

static void put16(struct buf *b, unsigned n)
{
    buf_addc(b, (char)(n & 255));
    buf_addc(b, (char)(n >> 8 & 255));
}

static void put32(struct buf *b, uint32_t n)
{
    put16(b, n & 65535);
    put16(b, n >> 16);
}

/* Red at the top left quarter, else blue; bits are 8, 24 or 32. */
static struct buf bitmap(uint32_t width, uint32_t height, unsigned bits)
{
    struct buf b = BUF_INIT((size_t)1 << 30);
    uint32_t row = (width * bits + 31) / 32 * 4, palette = bits == 8 ? 8 : 0;

    buf_addz(&b, "BM");
    put32(&b, 54 + palette + row * height);
    put32(&b, 0);
    put32(&b, 54 + palette);
    put32(&b, 40);
    put32(&b, width);
    put32(&b, height);
    put16(&b, 1);
    put16(&b, bits);
    for (int i = 0; i < 4; i++)
        put32(&b, 0);
    put32(&b, bits == 8 ? 2 : 0);
    put32(&b, 0);
    if (palette) {
        put32(&b, 0x0000FF); /* blue, as it lies in the file */
        put32(&b, 0xFF0000);
    }
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            bool red = x < width / 2 && y >= height / 2; /* rows begin at the bottom */

            if (bits == 8)
                buf_addc(&b, red);
            else
                buf_add(&b, str_n(red ? "\0\0\xFF\0" : "\xFF\0\0\0", bits / 8));
        }
        while ((b.n - 54 - palette) % 4)
            buf_addc(&b, 0);
    }
    return b;
}

/* One strip of gray. */
static struct buf tiff(uint32_t width, uint32_t height)
{
    static const struct {
        unsigned tag, type;
    } tags[] = {{256, 4}, {257, 4}, {258, 3}, {259, 3}, {262, 3},
                {273, 4}, {277, 3}, {278, 4}, {279, 4}};
    const uint32_t values[] = {width, height, 8, 1, 1, 8, 1, height, width * height};
    struct buf b = BUF_INIT((size_t)1 << 30);

    buf_add(&b, str_n("II*\0", 4));
    put32(&b, 8 + width * height);
    for (uint32_t i = 0; i < width * height; i++)
        buf_addc(&b, (char)(i & 127));
    put16(&b, COUNT(tags));
    for (size_t i = 0; i < COUNT(tags); i++) {
        put16(&b, tags[i].tag);
        put16(&b, tags[i].type);
        put32(&b, 1);
        put32(&b, values[i]);
    }
    put32(&b, 0);
    return b;
}

static enum aisle_status mend_with(const struct image_mender *mender, struct str bytes,
                                   const struct image_need *need, struct buf *out,
                                   struct image_mended *told, struct aisle_err *err)
{
    struct image_facts facts;
    enum aisle_status status = image_look(bytes, &facts, err);

    return status == AISLE_OK ? image_mend(mender, bytes, &facts, need, out, told, err)
                              : status;
}

static enum aisle_status mend(struct str bytes, const struct image_need *need,
                              struct buf *out, struct image_mended *told,
                              struct aisle_err *err)
{
    struct image_mender here = mender_here();

    return mend_with(&here, bytes, need, out, told, err);
}

/* A JPEG of that size with Exif that says it is to be turned by a quarter. */
static struct buf turned_jpeg(uint32_t width, uint32_t height)
{
    static const char exif[] = "\xFF\xE1\x00\x22"
                               "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"
                               "\x06\0\0\0\0\0\0";
    struct buf plain = bitmap(width, height, 24), jpeg = BUF_INIT(MANY);
    struct buf b = BUF_INIT(MANY);
    struct aisle_err err = {0};

    assert_ok(mend(buf_str(&plain), &jpegs_of_any_shape, &jpeg, NULL, &err), &err);
    buf_add(&b, str_head(buf_str(&jpeg), 2));
    buf_add(&b, str_n(exif, sizeof exif - 1));
    buf_add(&b, str_skip(buf_str(&jpeg), 2));
    buf_clear(&plain);
    buf_clear(&jpeg);
    return b;
}

/* ---- what becomes of them ---- */

static const struct {
    const char *says;
    uint32_t width, height;
    unsigned bits; /* 0: a TIFF; 1: a JPEG lying on its side */
    struct image_need need;
    uint32_t to_width, to_height; /* 0: refused */
    const char *words;            /* of what was done, or why not */
} cases[] = {
    {"a bitmap where only JPEGs are taken",
     400,
     400,
     24,
     {1 << IMAGE_JPEG, 300, 4000, MANY, 4},
     400,
     400,
     "BMP to JPEG"},
    {"one with a palette",
     400,
     301,
     8,
     {1 << IMAGE_JPEG, 300, 4000, MANY, 4},
     400,
     301,
     "BMP to JPEG"},
    {"one of 32 bits",
     333,
     400,
     32,
     {1 << IMAGE_JPEG, 300, 4000, MANY, 4},
     333,
     400,
     "BMP to JPEG"},
    {"a TIFF", 420, 400, 0, {TAKEN, 300, 4000, MANY, 4}, 420, 400, "TIFF to JPEG"},
    {"sides over the limit",
     1200,
     1000,
     24,
     {TAKEN, 300, 600, MANY, 4},
     600,
     500,
     "1200 x 1000 to 600 x 500"},
    {"too wide: made square, and large enough by that",
     2000,
     100,
     24,
     {TAKEN, 300, 4000, MANY, 4},
     2000,
     2000,
     "made square on white"},
    {"too tall and over the limit",
     100,
     900,
     24,
     {TAKEN, 300, 600, MANY, 4},
     600,
     600,
     "100 x 900 to 600 x 600, made square on white"},
    {"too wide where shapes are free",
     900,
     320,
     24,
     {1 << IMAGE_JPEG, 300, 4000, MANY, 0},
     900,
     320,
     "BMP to JPEG"},
    {"too heavy",
     1000,
     1000,
     24,
     {TAKEN, 300, 4000, 100000, 4},
     1000,
     1000,
     "3000054 to "},
    {"so heavy that only a smaller one will do",
     1000,
     1000,
     24,
     {TAKEN, 300, 4000, 4000, 4},
     0,
     0,
     "1000 x 1000 to "},
    {"lying on its side",
     400,
     320,
     1,
     {TAKEN, 300, 4000, MANY, 4},
     320,
     400,
     "turned upright"},
    {"too small",
     299,
     299,
     24,
     {TAKEN, 300, 4000, MANY, 4},
     0,
     0,
     "299 x 299 is too small (sides of 300 at least), and pictures are not enlarged"},
    {"too small once it fits",
     4000,
     800,
     24,
     {TAKEN, 300, 1000, MANY, 0},
     0,
     0,
     "too small"},
    {"too heavy at any size it may have",
     400,
     400,
     24,
     {TAKEN, 300, 4000, 1000, 4},
     0,
     0,
     "cannot be made light enough"},
};

static struct buf make_case(size_t i)
{
    if (cases[i].bits == 0)
        return tiff(cases[i].width, cases[i].height);
    if (cases[i].bits == 1)
        return turned_jpeg(cases[i].width, cases[i].height);
    return bitmap(cases[i].width, cases[i].height, cases[i].bits);
}

static bool has_words(struct str text, const char *words)
{
    return words && memmem(text.p, text.n, words, strlen(words));
}

static void run_case(size_t i)
{
    struct buf bytes = make_case(i), out = BUF_INIT(MANY), words = BUF_INIT(4096);
    struct image_facts was;
    struct image_mended is = {0};
    struct aisle_err err = {0};
    enum aisle_status status = mend(buf_str(&bytes), &cases[i].need, &out, &is, &err);

    assert_ok(image_look(buf_str(&bytes), &was, NULL), NULL);
    if (status == AISLE_OK)
        image_tell_mended(&was, &is, &words);
    else
        buf_addz(&words, err.text);
    if (status != AISLE_OK && status != AISLE_INVALID)
        fail_msg("%s: %s", cases[i].says, err.text);
    if (!has_words(buf_str(&words), cases[i].words))
        fail_msg("%s: says \"%s\"", cases[i].says, words.p);
    if (cases[i].to_width && (status != AISLE_OK || is.facts.width != cases[i].to_width ||
                              is.facts.height != cases[i].to_height))
        fail_msg("%s: %s", cases[i].says, words.p);
    if (status == AISLE_OK && image_flaws(&is.facts, &cases[i].need))
        fail_msg("%s: still has flaws", cases[i].says);
    assert_true(is.peak_bytes < MEMORY_SEEN);
    buf_clear(&bytes);
    buf_clear(&out);
    buf_clear(&words);
}

static void images_are_mended_as_their_use_asks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        run_case(i);
}

static void the_same_image_gives_the_same_bytes(void **state)
{
    struct buf bytes = bitmap(500, 400, 24), one = BUF_INIT(MANY), two = BUF_INIT(MANY);
    struct aisle_err err = {0};

    (void)state;
    assert_ok(mend(buf_str(&bytes), &jpegs_of_any_shape, &one, NULL, &err), &err);
    assert_ok(mend(buf_str(&bytes), &jpegs_of_any_shape, &two, NULL, &err), &err);
    assert_true(str_eq(buf_str(&one), buf_str(&two)));
    buf_clear(&bytes);
    buf_clear(&one);
    buf_clear(&two);
}

/* Metadata is gone, and what said that it lies on its side with it. */
static void what_was_mended_is_right_for_good(void **state)
{
    struct buf bytes = turned_jpeg(400, 320), out = BUF_INIT(MANY);
    struct image_mended is = {0};
    struct aisle_err err = {0};

    (void)state;
    assert_ok(mend(buf_str(&bytes), &gallery, &out, &is, &err), &err);
    assert_int_equal(is.flaws, IMAGE_TURNED);
    assert_false(is.facts.turned);
    assert_null(memmem(out.p, out.n, "Exif", 4));
    buf_clear(&bytes);
    buf_clear(&out);
}

/* ---- their ground ---- */

/* One colour with a square of another in it, that far from the left edge. */
static struct buf on_ground(uint32_t ground, uint32_t thing, uint32_t from)
{
    const uint32_t side = 500;
    struct buf b = bitmap(side, side, 24);

    for (uint32_t y = 0; y < side; y++)
        for (uint32_t x = 0; x < side; x++) {
            bool inside = x >= from && x < from + 300 && y >= 100 && y < 400;
            uint32_t colour = inside ? thing : ground;
            char *at = b.p + 54 + (size_t)(y * side + x) * 3;

            at[0] = (char)(colour & 255);
            at[1] = (char)(colour >> 8 & 255);
            at[2] = (char)(colour >> 16);
        }
    return b;
}

static const struct {
    const char *says;
    uint32_t ground, thing, from;
    bool white;
} grounds[] = {
    {"white", 0xFFFFFF, 0x2040C0, 100, true},
    {"nearly white", 0xF4F2F5, 0x2040C0, 100, true},
    {"white, and what stands on it is too", 0xFFFFFF, 0xFAFAFA, 100, true},
    {"light gray", 0xE0E0E0, 0x2040C0, 100, false},
    {"yellow", 0xFFFFC0, 0x2040C0, 100, false},
    {"black under something white", 0x000000, 0xFFFFFF, 100, false},
    {"blue under something white, cut off at one side", 0x2040C0, 0xFFFFFF, 0, false},
    {"white, and cut off at one side", 0xFFFFFF, 0x2040C0, 0, true},
};

static void a_white_ground_is_told_from_others(void **state)
{
    struct image_mender here = mender_here();

    (void)state;
    for (size_t i = 0; i < COUNT(grounds); i++) {
        struct buf b = on_ground(grounds[i].ground, grounds[i].thing, grounds[i].from);
        struct image_facts facts;
        struct aisle_err err = {0};
        bool white = !grounds[i].white;

        assert_ok(image_look(buf_str(&b), &facts, &err), &err);
        assert_ok(image_find_ground(&here, buf_str(&b), &facts, &white, &err), &err);
        if (white != grounds[i].white)
            fail_msg("%s", grounds[i].says);
        buf_clear(&b);
    }
}

static void the_ground_of_a_torn_image_is_not_known(void **state)
{
    struct buf b = turned_jpeg(400, 320);
    struct str torn = str_head(buf_str(&b), b.n / 2);
    struct image_facts facts = {
        .kind = IMAGE_JPEG, .width = 400, .height = 320, .bytes = torn.n, .whole = true};
    struct image_mender here = mender_here();
    struct aisle_err err = {0};
    bool white;

    (void)state;
    assert_status(image_find_ground(&here, torn, &facts, &white, &err), AISLE_INVALID,
                  &err);
    err = (struct aisle_err){0};
    facts.whole = false;
    assert_status(image_find_ground(&here, torn, &facts, &white, &err), AISLE_INVALID,
                  &err);
    buf_clear(&b);
}

/* ---- what must not hurt ---- */

/* Every length of a small image, and bytes turned over: refused or mended, and we live
 * on. */
static void torn_images_are_refused(void **state)
{
    struct buf bytes = turned_jpeg(400, 320), out = BUF_INIT(MANY);

    (void)state;
    for (size_t n = 1; n < bytes.n; n += bytes.n / 24 + 1) {
        struct str torn = str_head(buf_str(&bytes), n);
        struct image_facts facts = {.kind = IMAGE_JPEG,
                                    .width = 400,
                                    .height = 320,
                                    .bytes = n,
                                    .whole = true}; /* as if it had passed */
        struct image_mender here = mender_here();
        struct aisle_err err = {0};

        assert_status(image_mend(&here, torn, &facts, &gallery, &out, NULL, &err),
                      AISLE_INVALID, &err);
    }
    for (size_t at = 60; at < bytes.n; at += bytes.n / 16 + 1) {
        struct aisle_err err = {0};
        enum aisle_status status;

        bytes.p[at] ^= 0x5A;
        status = mend(buf_str(&bytes), &gallery, &out, NULL, &err);
        if (status != AISLE_OK && status != AISLE_INVALID && status != AISLE_LIMIT)
            fail_msg("byte %zu: %s", at, err.text);
        bytes.p[at] ^= 0x5A;
    }
    buf_clear(&bytes);
    buf_clear(&out);
}

static void more_pixels_than_are_decoded_start_no_process(void **state)
{
    const struct image_facts huge = {
        .kind = IMAGE_PNG, .width = 50000, .height = 50000, .bytes = 4, .whole = true};
    struct image_mender nobody = {.helpers = image_helpers_new("/nowhere", 1)};
    struct buf out = BUF_INIT(MANY);
    struct aisle_err err = {0};

    (void)state;
    assert_status(
        image_mend(&nobody, STR_LIT("\x89PNG"), &huge, &gallery, &out, NULL, &err),
        AISLE_INVALID, &err);
    assert_non_null(strstr(err.text, "million pixels"));
    image_helpers_free(nobody.helpers);
}

static void little_memory_is_a_limit_and_no_crash(void **state)
{
    struct buf bytes = bitmap(4200, 4200, 24), out = BUF_INIT(MANY);
    struct image_mender poor = mender_here();
    struct image_mended is = {0};
    struct aisle_err err = {0};
    enum aisle_status status;

    (void)state;
    poor.memory_max = (size_t)300 << 20;
    status = mend_with(&poor, buf_str(&bytes), &gallery, &out, &is, &err);
    assert_true(status == AISLE_LIMIT || status == AISLE_INVALID);
    assert_true(is.peak_bytes < poor.memory_max);
    buf_clear(&bytes);
    buf_clear(&out);
}

/* ---- helpers that are not what they should be ---- */

#define HEARS "read -r order || exit 0; "

static const struct {
    const char *says, *script;
    enum aisle_status status;
    const char *words;
} strangers[] = {
    {"is killed half way", HEARS "kill -9 $$", AISLE_IO, "ended from outside"},
    {"breaks", HEARS "kill -SEGV $$", AISLE_LIMIT, "broke what decodes it"},
    {"has its copy killed", HEARS "echo 9 0 0 0", AISLE_IO, "ended from outside"},
    {"has its copy break", HEARS "echo 11 0 0 0", AISLE_LIMIT, "broke what decodes it"},
    {"tells that it took too long", HEARS "echo 9 5 5 1", AISLE_LIMIT, "too long"},
    {"never answers", HEARS "exec sleep 600", AISLE_LIMIT, "too long"},
    {"never answers and says nothing more", HEARS "exec 2>&-; exec sleep 600",
     AISLE_LIMIT, "too long"},
    {"hears nothing", "exec sleep 600", AISLE_LIMIT, "too long"},
    {"answers in prose", HEARS "echo it went well", AISLE_GARBLED, "should not"},
    {"never comes to the end of an answer", HEARS "yes | tr -d '\\n'", AISLE_GARBLED,
     "should not"},
    {"writes nonsense", HEARS "echo nonsense >&4; echo 0 0 0 0", AISLE_GARBLED,
     "not an image we know"},
    {"writes nothing", HEARS "echo 0 0 0 0", AISLE_GARBLED, "empty"},
    {"writes what it was given", HEARS "cat <&3 >&4; echo 0 0 0 0", AISLE_GARBLED,
     "still wrong"},
    {"refuses in silence", HEARS "echo 256 0 0 0", AISLE_INVALID, "does not say why"},
    {"has much to say", HEARS "yes 'a great deal' | head -c 100000 >&2; echo 256 0 0 0",
     AISLE_INVALID, "a great deal"},
    {"is not fit", HEARS "echo no libvips >&2; echo 512 0 0 0", AISLE_CONFIG,
     "no libvips"},
    {"lacks a library", "echo libvips.so.42: not found >&2; exit 127", AISLE_CONFIG,
     "libvips.so.42"},
};

static void write_script(const char *path, const char *script)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", script);
    fclose(f);
    assert_int_equal(chmod(path, 0700), 0);
}

static void a_helper_that_fails_is_told_of(void **state)
{
    char folder[] = "/tmp/aisle-mend-XXXXXX", path[64];
    struct buf bytes = bitmap(400, 400, 24), out = BUF_INIT(MANY);

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/helper", folder);
    for (size_t i = 0; i < COUNT(strangers); i++) {
        bool idle = strstr(strangers[i].script, "sleep"); /* the others get their time */
        struct image_mender stranger = {.helpers = image_helpers_new(path, 1),
                                        .seconds = idle ? 1 : 60};
        struct aisle_err err = {0};
        enum aisle_status status;

        write_script(path, strangers[i].script);
        status =
            mend_with(&stranger, buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err);
        if (status != strangers[i].status || !strstr(err.text, strangers[i].words))
            fail_msg("%s: %s \"%s\"", strangers[i].says, aisle_status_name(status),
                     err.text);
        image_helpers_free(stranger.helpers);
    }
    unlink(path);
    rmdir(folder);
    buf_clear(&bytes);
    buf_clear(&out);
}

static void without_a_helper_it_says_so(void **state)
{
    struct buf bytes = bitmap(400, 400, 24), out = BUF_INIT(MANY);
    struct image_mender none = {0},
                        gone = {.helpers = image_helpers_new("/nowhere/aisle-image", 1)};
    struct aisle_err err = {0};

    (void)state;
    assert_status(
        mend_with(&none, buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err),
        AISLE_CONFIG, &err);
    assert_non_null(strstr(err.text, "without libvips"));
    err = (struct aisle_err){0};
    assert_status(
        mend_with(&gone, buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err),
        AISLE_CONFIG, &err);
    assert_non_null(strstr(err.text, "there is no /nowhere/aisle-image"));
    image_helpers_free(gone.helpers);
    buf_clear(&bytes);
    buf_clear(&out);
}

/* ---- helpers that stay ---- */

static void helpers_that_were_never_needed_leave_nothing_open_or_closed(void **state)
{
    struct stat before[8], after;
    bool open[8];

    (void)state;
    for (int fd = 0; fd < 8; fd++)
        open[fd] = fstat(fd, &before[fd]) == 0;
    image_helpers_free(image_helpers_new("/nowhere", 0));
    for (int fd = 0; fd < 8; fd++) {
        assert_int_equal(fstat(fd, &after) == 0, open[fd]);
        if (open[fd])
            assert_int_equal(after.st_ino, before[fd].st_ino);
    }
}

static void a_bad_image_costs_the_next_one_nothing(void **state)
{
    struct buf large = bitmap(4200, 4200, 24), bytes = bitmap(400, 400, 24);
    struct buf out = BUF_INIT(MANY);
    struct image_mender one = {.helpers = image_helpers_new(getenv("AISLE_IMAGE"), 1)};
    struct image_mender poor = {.helpers = one.helpers, .memory_max = (size_t)200 << 20};
    struct aisle_err err = {0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_not_equal(
            mend_with(&poor, buf_str(&large), &gallery, &out, NULL, NULL), AISLE_OK);
        assert_ok(mend_with(&one, buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err),
                  &err);
    }
    image_helpers_free(one.helpers);
    buf_clear(&large);
    buf_clear(&bytes);
    buf_clear(&out);
}

/* It serves one image and goes. */
static void a_helper_that_went_between_images_is_begun_anew(void **state)
{
    char folder[] = "/tmp/aisle-mend-XXXXXX", path[64], script[128];
    struct buf bytes = bitmap(400, 400, 24), out = BUF_INIT(MANY);
    struct image_mender brief;
    struct aisle_err err = {0};
    FILE *f;

    (void)state;
    assert_ok(mend(buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err), &err);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/outcome", folder);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(out.p, 1, out.n, f), out.n);
    fclose(f);
    snprintf(script, sizeof script, HEARS "cat %s >&4; echo 0 0 0 0", path);
    snprintf(path, sizeof path, "%s/helper", folder);
    write_script(path, script);
    brief = (struct image_mender){.helpers = image_helpers_new(path, 1)};
    for (int i = 0; i < 3; i++)
        assert_ok(
            mend_with(&brief, buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err),
            &err);
    image_helpers_free(brief.helpers);
    unlink(path);
    snprintf(path, sizeof path, "%s/outcome", folder);
    unlink(path);
    rmdir(folder);
    buf_clear(&bytes);
    buf_clear(&out);
}

enum { THREADS = 4, EACH = 6 };

/* Each thread's pictures have sides of their own, so that none can pass for another. */
static void *mend_a_few(void *ctx)
{
    uint32_t side = 400 + 10 * (uint32_t)(uintptr_t)ctx;
    size_t right = 0;

    for (uint32_t i = 0; i < EACH; i++) {
        struct buf bytes = bitmap(side + i, side, 24), out = BUF_INIT(MANY);
        struct image_mended is;

        right +=
            mend(buf_str(&bytes), &jpegs_of_any_shape, &out, &is, NULL) == AISLE_OK &&
            is.facts.width == side + i && is.facts.height == side;
        buf_clear(&bytes);
        buf_clear(&out);
    }
    return (void *)right;
}

static void threads_share_helpers(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, mend_a_few, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *right = NULL;

        pthread_join(threads[i], &right);
        assert_int_equal((size_t)right, EACH);
    }
}

static void it_is_given_up_when_all_is_over(void **state)
{
    struct buf bytes = bitmap(400, 400, 24), out = BUF_INIT(MANY);
    atomic_bool over = true;
    struct image_mender mender = mender_here();
    struct aisle_err err = {0};

    (void)state;
    mender.over = &over;
    assert_status(
        mend_with(&mender, buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err),
        AISLE_STOPPED, &err);
    buf_clear(&bytes);
    buf_clear(&out);
}

static void a_ceiling_of_the_outcome_holds(void **state)
{
    struct buf bytes = bitmap(400, 400, 24), out = BUF_INIT(100);
    struct aisle_err err = {0};

    (void)state;
    assert_status(mend(buf_str(&bytes), &jpegs_of_any_shape, &out, NULL, &err),
                  AISLE_LIMIT, &err);
    buf_clear(&bytes);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest of_ours[] = {
        cmocka_unit_test(more_pixels_than_are_decoded_start_no_process),
        cmocka_unit_test(a_helper_that_fails_is_told_of),
        cmocka_unit_test(without_a_helper_it_says_so),
        cmocka_unit_test(helpers_that_were_never_needed_leave_nothing_open_or_closed),
    };
    const struct CMUnitTest of_both[] = {
        cmocka_unit_test(images_are_mended_as_their_use_asks),
        cmocka_unit_test(the_same_image_gives_the_same_bytes),
        cmocka_unit_test(what_was_mended_is_right_for_good),
        cmocka_unit_test(a_white_ground_is_told_from_others),
        cmocka_unit_test(the_ground_of_a_torn_image_is_not_known),
        cmocka_unit_test(torn_images_are_refused),
        cmocka_unit_test(more_pixels_than_are_decoded_start_no_process),
        cmocka_unit_test(little_memory_is_a_limit_and_no_crash),
        cmocka_unit_test(a_helper_that_fails_is_told_of),
        cmocka_unit_test(without_a_helper_it_says_so),
        cmocka_unit_test(helpers_that_were_never_needed_leave_nothing_open_or_closed),
        cmocka_unit_test(a_bad_image_costs_the_next_one_nothing),
        cmocka_unit_test(a_helper_that_went_between_images_is_begun_anew),
        cmocka_unit_test(threads_share_helpers),
        cmocka_unit_test(it_is_given_up_when_all_is_over),
        cmocka_unit_test(a_ceiling_of_the_outcome_holds),
    };

    if (!getenv("AISLE_IMAGE")) /* built without libvips */
        return cmocka_run_group_tests(of_ours, NULL, NULL);
    return cmocka_run_group_tests(of_both, begin_helpers, end_helpers);
}
