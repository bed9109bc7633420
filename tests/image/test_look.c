/* Images made by hand, byte by byte; none of them could be shown, all of them walked. */
#include "check.h"

#include "image/look.h"

/* JPEG: a frame of 640 x 480, and a scan with a byte FF of its own (FF 00) */
#define SOI "\xff\xd8"
#define APP0 "\xff\xe0\x00\x07JFIF\x00"
#define FRAME "\xff\xc0\x00\x0b\x08\x01\xe0\x02\x80\x01\x01\x11\x00"
#define PROGRESSIVE "\xff\xc2\x00\x0b\x08\x01\xe0\x02\x80\x01\x01\x11\x00"
#define TABLES "\xff\xc4\x00\x04\xff\xd9" /* ends in what looks like EOI */
#define SCAN "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\x00\x34\xff\xd0\x56"
#define EOI "\xff\xd9"
/* a thumbnail of 16 x 16 inside a segment, end of image and all */
#define THUMB                                                                            \
    "\xff\xe1\x00\x13" SOI "\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00" EOI

/* PNG: 3 x 2 pixels of gray */
#define PNG_SIGNATURE "\x89PNG\r\n\x1a\n"
#define IHDR                                                                             \
    "\x00\x00\x00\x0dIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x00\x00\x00\x00"           \
    "\xb8\x1f\x39\xc6"
#define TEXT                                                                             \
    "\x00\x00\x00\x09tEXt"                                                               \
    "Author\x00us\x70\xef\x5d\xf2"
#define IDAT                                                                             \
    "\x00\x00\x00\x10IDAT\x78\xda\x63\x48\x4c\x4a\x66\x48\x49\x4d\x03\x00\x09\x46\x02"   \
    "\x56\x82\xe1\x7e\xc7"
#define IEND "\x00\x00\x00\x00IEND\xae\x42\x60\x82"

/* WEBP: 5 x 4, coded in each of the three ways */
#define VP8 "VP8 \x0b\x00\x00\x00\x30\x01\x00\x9d\x01\x2a\x05\x00\x04\x40\x77"
#define VP8L "VP8L\x06\x00\x00\x00\x2f\x04\xc0\x00\x00\x77"
#define VP8X "VP8X\x0a\x00\x00\x00\x10\x00\x00\x00\x04\x00\x00\x03\x00\x00"

/* GIF: a screen of 7 x 6, two colours, one picture */
#define SCREEN "GIF89a\x07\x00\x06\x00\x80\x00\x00"
#define COLOURS "\x00\x00\x00\xff\xff\xff"
#define CONTROL "\x21\xf9\x04\x00\x00\x00\x00\x00"
#define PICTURE "\x2c\x00\x00\x00\x00\x07\x00\x06\x00\x00\x02\x02\x44\x01\x00"

/* BMP: 40-byte header, 24 bits, 2 x 1 in a padded row */
#define BMP_FILE "BM\x3e\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00"
#define BMP_REST                                                                         \
    "\x01\x00\x18\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"   \
    "\x00\x00\x00\x00\x00\x00\x00\x00"                                                   \
    "abcdef\x00\x00"

/* HEIC: a tile of 512 x 512 and the picture of 1024 x 768 */
#define FTYP                                                                             \
    "\x00\x00\x00\x14"                                                                   \
    "ftypheic\x00\x00\x00\x00mif1"
#define ISPE_TILE "\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x02\x00"
#define ISPE "\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x03\x00"
#define META                                                                             \
    "\x00\x00\x00\x44meta\x00\x00\x00\x00\x00\x00\x00\x38iprp\x00\x00\x00\x30ipc"        \
    "o" ISPE_TILE ISPE
#define MDAT "\x00\x00\x00\x0cmdat\x01\x02\x03\x04"

/* TIFF: 9 x 8 in one strip of two bytes, little end first; and big end first in two
 * strips, whose places are elsewhere */
#define TIFF                                                                             \
    "II*\0\x0a\0\0\0\x11\x22"                                                            \
    "\x04\0\0\x01\x03\0\x01\0\0\0\x09\0\0\0\x01\x01\x04\0\x01\0\0\0\x08\0\0\0"           \
    "\x11\x01\x04\0\x01\0\0\0\x08\0\0\0\x17\x01\x04\0\x01\0\0\0"
#define TIFF_BIG                                                                         \
    "MM\0*\0\0\0\x14\0\0\0\x08\0\0\0\x09\0\x01\0\x01"                                    \
    "\0\x04\x01\0\0\x04\0\0\0\x01\0\0\0\x09\x01\x01\0\x03\0\0\0\x01\0\x08\0\0"           \
    "\x01\x11\0\x04\0\0\0\x02\0\0\0\x08\x01\x17\0\x03\0\0\0\x02\0\x01\0\x01"

static const struct {
    const char *says;
    struct str bytes;
    enum image_kind kind;
    uint32_t width, height;
    bool whole;
} images[] = {
    {"a JPEG", STR_INIT(SOI APP0 TABLES FRAME SCAN EOI), IMAGE_JPEG, 640, 480, true},
    {"a progressive JPEG", STR_INIT(SOI PROGRESSIVE SCAN TABLES SCAN EOI), IMAGE_JPEG,
     640, 480, true},
    {"a JPEG with more after its end", STR_INIT(SOI FRAME SCAN EOI "garbage"), IMAGE_JPEG,
     640, 480, true},
    {"a JPEG with filling before a marker", STR_INIT(SOI "\xff\xff" FRAME SCAN EOI),
     IMAGE_JPEG, 640, 480, true},
    {"a JPEG with a thumbnail in it", STR_INIT(SOI THUMB FRAME SCAN EOI), IMAGE_JPEG, 640,
     480, true},
    {"a JPEG cut before its end", STR_INIT(SOI FRAME SCAN), IMAGE_JPEG, 640, 480, false},
    {"a JPEG cut inside its thumbnail's picture", STR_INIT(SOI FRAME THUMB), IMAGE_JPEG,
     640, 480, false},
    {"a JPEG without a picture", STR_INIT(SOI FRAME EOI), IMAGE_JPEG, 640, 480, false},
    {"a PNG", STR_INIT(PNG_SIGNATURE IHDR TEXT IDAT IEND), IMAGE_PNG, 3, 2, true},
    {"a PNG with more after its end", STR_INIT(PNG_SIGNATURE IHDR IDAT IEND "garbage"),
     IMAGE_PNG, 3, 2, true},
    {"a PNG cut before its end", STR_INIT(PNG_SIGNATURE IHDR IDAT), IMAGE_PNG, 3, 2,
     false},
    {"a PNG without a picture", STR_INIT(PNG_SIGNATURE IHDR IEND), IMAGE_PNG, 3, 2,
     false},
    {"a PNG with a wrong checksum",
     STR_INIT(PNG_SIGNATURE IHDR "\x00\x00\x00\x01tEXtA\x00\x00\x00\x00" IDAT IEND),
     IMAGE_PNG, 3, 2, false},
    {"a WEBP with loss", STR_INIT("RIFF\x18\x00\x00\x00WEBP" VP8 "\x00"), IMAGE_WEBP, 5,
     4, true},
    {"a WEBP without loss", STR_INIT("RIFF\x12\x00\x00\x00WEBP" VP8L), IMAGE_WEBP, 5, 4,
     true},
    {"an extended WEBP", STR_INIT("RIFF\x24\x00\x00\x00WEBP" VP8X VP8L), IMAGE_WEBP, 5, 4,
     true},
    {"a WEBP with more after its end",
     STR_INIT("RIFF\x12\x00\x00\x00WEBP" VP8L "garbage"), IMAGE_WEBP, 5, 4, true},
    {"a WEBP cut short", STR_INIT("RIFF\x24\x00\x00\x00WEBP" VP8X), IMAGE_WEBP, 5, 4,
     false},
    {"a WEBP without a picture", STR_INIT("RIFF\x16\x00\x00\x00WEBP" VP8X), IMAGE_WEBP, 5,
     4, false},
    {"a WEBP whose chunk runs over its end",
     STR_INIT("RIFF\x12\x00\x00\x00WEBPVP8L\x07\x00\x00\x00\x2f\x04\xc0\x00\x00\x77"),
     IMAGE_WEBP, 5, 4, false},
    {"a TIFF", STR_INIT(TIFF "\x02\0\0\0"), IMAGE_TIFF, 9, 8, true},
    {"a TIFF whose strip is longer than the file", STR_INIT(TIFF "\xff\0\0\0"),
     IMAGE_TIFF, 9, 8, false},
    {"a TIFF the other way round", STR_INIT(TIFF_BIG), IMAGE_TIFF, 9, 8, true},
    {"a TIFF cut short", STR_INIT(TIFF "\x02\0\0"), IMAGE_TIFF, 9, 8, false},
    {"a GIF", STR_INIT(SCREEN COLOURS CONTROL PICTURE ";"), IMAGE_GIF, 7, 6, true},
    {"a GIF cut short", STR_INIT(SCREEN COLOURS CONTROL PICTURE), IMAGE_GIF, 7, 6, false},
    {"a GIF without a picture", STR_INIT(SCREEN COLOURS ";"), IMAGE_GIF, 7, 6, false},
    {"a GIF with nonsense between blocks", STR_INIT(SCREEN COLOURS "?" PICTURE ";"),
     IMAGE_GIF, 7, 6, false},
    {"a BMP",
     STR_INIT(BMP_FILE "\x28\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00" BMP_REST),
     IMAGE_BMP, 2, 1, true},
    {"a BMP that begins at the top",
     STR_INIT(BMP_FILE "\x28\x00\x00\x00\x02\x00\x00\x00\xff\xff\xff\xff" BMP_REST),
     IMAGE_BMP, 2, 1, true},
    {"an old BMP",
     STR_INIT("BM\x1e\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00"
              "\x0c\x00\x00\x00\x01\x00\x01\x00\x01\x00\x18\x00"
              "abc\x00"),
     IMAGE_BMP, 1, 1, true},
    {"a BMP cut short",
     STR_INIT(BMP_FILE "\x28\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00"), IMAGE_BMP, 2,
     1, false},
    {"a HEIC", STR_INIT(FTYP META MDAT), IMAGE_HEIC, 1024, 768, true},
    {"a HEIC whose last box goes to the end",
     STR_INIT(FTYP META "\x00\x00\x00\x00mdat\x01\x02"), IMAGE_HEIC, 1024, 768, true},
    {"a HEIC with a length of eight bytes",
     STR_INIT(FTYP META "\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x11\x01"),
     IMAGE_HEIC, 1024, 768, true},
    {"a HEIC cut short", STR_INIT(FTYP META "\x00\x00\x01\x00mdat\x01"), IMAGE_HEIC, 1024,
     768, false},
    {"a HEIC without its pixels", STR_INIT(FTYP META), IMAGE_HEIC, 1024, 768, false},
};

static void images_are_what_their_bytes_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(images); i++) {
        struct image_facts f = {0};
        struct aisle_err err = {0};

        if (image_look(images[i].bytes, &f, &err) != AISLE_OK)
            fail_msg("%s: %s", images[i].says, err.text);
        if (f.kind != images[i].kind || f.width != images[i].width ||
            f.height != images[i].height || f.whole != images[i].whole ||
            f.bytes != images[i].bytes.n)
            fail_msg("%s: %s %ux%u whole %d", images[i].says, image_kind_name(f.kind),
                     f.width, f.height, f.whole);
    }
}

/* Exif: 1 is upright, 6 to be turned by a quarter */
#define TAGS(turn) "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" turn "\0\0\0\0\0\0"
#define JPEG_TAGS(turn)                                                                  \
    SOI "\xff\xe1\x00\x22"                                                               \
        "Exif\0\0" TAGS(turn) FRAME SCAN EOI
#define PNG_TAGS(turn, sum)                                                              \
    PNG_SIGNATURE IHDR "\x00\x00\x00\x1a"                                                \
                       "eXIf" TAGS(turn) sum IDAT IEND

static void which_way_up_it_is_stands_in_its_tags(void **state)
{
    static const struct {
        const char *says;
        struct str bytes;
        bool turned;
    } rows[] = {
        {"a JPEG on its side", STR_INIT(JPEG_TAGS("\x06")), true},
        {"a JPEG upright", STR_INIT(JPEG_TAGS("\x01")), false},
        {"a PNG on its side", STR_INIT(PNG_TAGS("\x06", "\xd6\x67\x4b\x69")), true},
        {"a PNG upright", STR_INIT(PNG_TAGS("\x01", "\x13\xc0\x75\xe7")), false},
        {"a WEBP on its side",
         STR_INIT("RIFF\x46\x00\x00\x00WEBP" VP8X VP8L
                  "EXIF\x1a\x00\x00\x00" TAGS("\x06")),
         true},
        {"a WEBP with what stands before them in a JPEG",
         STR_INIT("RIFF\x4c\x00\x00\x00WEBP" VP8X VP8L "EXIF\x20\x00\x00\x00"
                  "Exif\0\0" TAGS("\x06")),
         true},
        {"a WEBP upright",
         STR_INIT("RIFF\x46\x00\x00\x00WEBP" VP8X VP8L
                  "EXIF\x1a\x00\x00\x00" TAGS("\x01")),
         false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image_facts f = {0};
        struct aisle_err err = {0};

        if (image_look(rows[i].bytes, &f, &err) != AISLE_OK)
            fail_msg("%s: %s", rows[i].says, err.text);
        if (!f.whole || f.turned != rows[i].turned)
            fail_msg("%s: whole %d turned %d", rows[i].says, f.whole, f.turned);
    }
}

/* Every beginning of every image above, in memory of exactly its size. */
static void an_image_cut_anywhere_is_not_whole_and_read_no_further(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(images); i++)
        for (size_t n = 0; images[i].whole && n < images[i].bytes.n; n++) {
            char *copy = mem_dup(images[i].bytes.p, n), *exact;
            struct image_facts f = {.kind = IMAGE_UNKNOWN};
            enum aisle_status status;
            bool trailing = strstr(images[i].says, "more after") != NULL;
            bool open_end = strstr(images[i].says, "to the end") != NULL;

            assert_non_null(copy);
            exact = n ? mem_realloc(copy, n) : copy; /* without the NUL */
            status = image_look(str_n(exact, n), &f, NULL);
            if (status == AISLE_OK)
                assert_true(!f.whole || trailing || open_end);
            else
                assert_int_equal(status, AISLE_INVALID);
            mem_free(exact);
        }
}

static const struct {
    const char *says;
    struct str bytes;
    const char *words;
} refused[] = {
    {"no bytes at all", STR_INIT(""), "image is empty: 0 bytes"},
    {"an HTML page", STR_INIT("<!DOCTYPE html>\n<html><body>Not found"),
     "an HTML page where an image should be: is the address right?"},
    {"an HTML page behind a mark and blanks", STR_INIT("\xef\xbb\xbf\r\n  <HTML>"),
     "an HTML page where an image should be: is the address right?"},
    {"words", STR_INIT("BMW 320i for sale"),
     "not an image we know: neither JPEG, PNG, WEBP, GIF, BMP, HEIC nor TIFF"},
    {"a drawing", STR_INIT("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
     "not an image we know: neither JPEG, PNG, WEBP, GIF, BMP, HEIC nor TIFF"},
    {"another RIFF", STR_INIT("RIFF\x24\x00\x00\x00WAVEfmt "),
     "not an image we know: neither JPEG, PNG, WEBP, GIF, BMP, HEIC nor TIFF"},
    {"a film",
     STR_INIT("\x00\x00\x00\x14"
              "ftypisom\x00\x00\x00\x00mp41"),
     "not an image we know: neither JPEG, PNG, WEBP, GIF, BMP, HEIC nor TIFF"},
    {"an AVIF that says it is a HEIF too",
     STR_INIT("\x00\x00\x00\x18"
              "ftypavif\x00\x00\x00\x00mif1heic" META MDAT),
     "not an image we know: neither JPEG, PNG, WEBP, GIF, BMP, HEIC nor TIFF"},
    {"a JPEG cut before its size", STR_INIT(SOI APP0 "\xff\xc0\x00\x0b\x08"),
     "JPEG header without a size in 16 bytes"},
    {"a JPEG whose height comes later",
     STR_INIT(SOI "\xff\xc0\x00\x0b\x08\x00\x00\x02\x80\x01\x01\x11\x00" SCAN EOI),
     "JPEG header without a size in 34 bytes"},
    {"a PNG that does not begin with its header", STR_INIT(PNG_SIGNATURE IDAT IEND),
     "PNG header without a size in 48 bytes"},
    {"a WEBP coded in a way of its own",
     STR_INIT("RIFF\x0c\x00\x00\x00WEBPVP9 \x00\x00\x00\x00"),
     "WEBP header without a size in 20 bytes"},
};

static void what_is_no_image_is_refused_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct image_facts f = {.bytes = 99};
        struct aisle_err err = {0};

        if (image_look(refused[i].bytes, &f, &err) != AISLE_INVALID ||
            strcmp(err.text, refused[i].words) != 0)
            fail_msg("%s: %s", refused[i].says, err.text);
        assert_int_equal(f.bytes, 99);
    }
}

static void kinds_have_names(void **state)
{
    (void)state;
    assert_string_equal(image_kind_name(IMAGE_JPEG), "JPEG");
    assert_string_equal(image_kind_mime(IMAGE_JPEG), "image/jpeg");
    assert_string_equal(image_kind_mime(IMAGE_WEBP), "image/webp");
    assert_string_equal(image_kind_name(IMAGE_UNKNOWN), "unknown");
    assert_string_equal(image_kind_mime(IMAGE_UNKNOWN), "application/octet-stream");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_are_what_their_bytes_say),
        cmocka_unit_test(which_way_up_it_is_stands_in_its_tags),
        cmocka_unit_test(an_image_cut_anywhere_is_not_whole_and_read_no_further),
        cmocka_unit_test(what_is_no_image_is_refused_in_words),
        cmocka_unit_test(kinds_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
