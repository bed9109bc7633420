/* Videos and PDFs made by hand, as far as their headers go. */
#include "check.h"

#include "image/file.h"

#define FTYP                                                                             \
    "\0\0\0\x10"                                                                         \
    "ftypisom\0\0\0\0"
#define QT                                                                               \
    "\0\0\0\x10"                                                                         \
    "ftypqt  \0\0\0\0"
#define MDAT "\0\0\0\x0cmdat1234"
/* 12.5 s, in thousandths */
#define MVHD "\0\0\0\x1cmvhd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\xe8\0\0\x30\xd4"
/* the same in 64 bits */
#define MVHD_1                                                                           \
    "\0\0\0\x28mvhd\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\xe8\0\0\0\0\0\0"   \
    "\x30\xd4"
#define ZEROS_40                                                                         \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define UPRIGHT                                                                          \
    "\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0"
#define QUARTER                                                                          \
    "\0\0\0\0\0\x01\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0"
#define SIDES "\x05\0\0\0\x02\xd0\0\0" /* 1280 x 720 */
#define SOUND "\0\0\0\0\0\0\0\0"
#define TRAK(matrix, sides) "\0\0\0\x64trak\0\0\0\x5ctkhd" ZEROS_40 matrix sides
#define MOOV(n, inside) "\0\0\0" n "moov" inside

static const struct {
    const char *says;
    struct str bytes;
    enum file_kind kind;
    uint32_t width, height, seconds;
    bool cut_short;
} files[] = {
    {"a PDF", STR_INIT("%PDF-1.7\n"), FILE_PDF, 0, 0, 0, false},
    {"an MP4", STR_INIT(FTYP MDAT MOOV("\x88", MVHD TRAK(UPRIGHT, SIDES))), FILE_MP4,
     1280, 720, 13, false},
    {"one with its index in front, and sound first",
     STR_INIT(FTYP MOOV("\xec", MVHD TRAK(UPRIGHT, SOUND) TRAK(UPRIGHT, SIDES)) MDAT),
     FILE_MP4, 1280, 720, 13, false},
    {"one held upright", STR_INIT(FTYP MDAT MOOV("\x88", MVHD TRAK(QUARTER, SIDES))),
     FILE_MP4, 720, 1280, 13, false},
    {"one with long times", STR_INIT(FTYP MDAT MOOV("\x94", MVHD_1 TRAK(UPRIGHT, SIDES))),
     FILE_MP4, 1280, 720, 13, false},
    {"QuickTime's", STR_INIT(QT MDAT MOOV("\x88", MVHD TRAK(UPRIGHT, SIDES))), FILE_MOV,
     1280, 720, 13, false},
    {"one whose index never came", STR_INIT(FTYP MDAT), FILE_MP4, 0, 0, 0, true},
    {"one whose index is cut short", STR_INIT(FTYP MDAT MOOV("\x88", MVHD)), FILE_MP4, 0,
     0, 13, true},
    {"one that counts by nothing",
     STR_INIT(FTYP MDAT MOOV("\x24", "\0\0\0\x1cmvhd"
                                     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05")),
     FILE_MP4, 0, 0, 0, false},
    {"a WEBM", STR_INIT("\x1a\x45\xdf\xa3\x01"), FILE_WEBM, 0, 0, 0, false},
    {"an AVI", STR_INIT("RIFF\x10\0\0\0AVI LIST"), FILE_AVI, 0, 0, 0, false},
    {"an FLV", STR_INIT("FLV\x01\x05"), FILE_FLV, 0, 0, 0, false},
    {"a WEBP, which begins like an AVI", STR_INIT("RIFF\x10\0\0\0WEBPVP8 "), FILE_UNKNOWN,
     0, 0, 0, false},
    {"a HEIC, which begins like an MP4",
     STR_INIT("\0\0\0\x10"
              "ftypheic\0\0\0\0"),
     FILE_UNKNOWN, 0, 0, 0, false},
    {"a page", STR_INIT("<html>"), FILE_UNKNOWN, 0, 0, 0, false},
    {"nothing", STR_INIT(""), FILE_UNKNOWN, 0, 0, 0, false},
};

static void files_are_told_by_their_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct file_facts f = file_look(files[i].bytes);

        if (f.kind != files[i].kind || f.width != files[i].width ||
            f.height != files[i].height || f.seconds != files[i].seconds ||
            f.cut_short != files[i].cut_short || f.bytes != files[i].bytes.n)
            fail_msg("%s: %s %u x %u, %u s, cut short %d", files[i].says,
                     file_kind_name(f.kind), f.width, f.height, f.seconds, f.cut_short);
    }
}

/* In memory of just that size, so that a sanitizer sees a byte too many. */
static void a_file_may_end_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++)
        for (size_t n = 0; n < files[i].bytes.n; n++) {
            char *copy = mem_alloc(n);

            memcpy(copy, files[i].bytes.p, n);
            file_look(str_n(copy, n));
            mem_free(copy);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_told_by_their_bytes),
        cmocka_unit_test(a_file_may_end_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
