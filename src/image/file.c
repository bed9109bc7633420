#include "image/file.h"

#include "image/boxes.h"
#include "image/kinds.h"

static const struct kind {
    const char *name, *ending, *mime;
} kinds[] = {
    [FILE_UNKNOWN] = {"unknown", "bin", "application/octet-stream"},
    [FILE_PDF] = {"PDF", "pdf", "application/pdf"},
    [FILE_MP4] = {"MP4", "mp4", "video/mp4"},
    [FILE_MOV] = {"MOV", "mov", "video/quicktime"},
    [FILE_3GP] = {"3GP", "3gp", "video/3gpp"},
    [FILE_WEBM] = {"WEBM", "webm", "video/webm"},
    [FILE_AVI] = {"AVI", "avi", "video/x-msvideo"},
    [FILE_FLV] = {"FLV", "flv", "video/x-flv"},
    [FILE_WMV] = {"WMV", "wmv", "video/x-ms-wmv"},
    [FILE_MPEG] = {"MPEG", "mpeg", "video/mpeg"},
};

const char *file_kind_name(enum file_kind kind)
{
    return kinds[kind].name;
}

const char *file_kind_ending(enum file_kind kind)
{
    return kinds[kind].ending;
}

const char *file_kind_mime(enum file_kind kind)
{
    return kinds[kind].mime;
}

/* The brand says which of the family it is; QuickTime's oldest files have none. */
static enum file_kind boxed_kind(struct str bytes)
{
    if (is_at(bytes, 4, "moov", 4) || is_at(bytes, 4, "mdat", 4) ||
        is_at(bytes, 4, "wide", 4))
        return FILE_MOV;
    if (!is_at(bytes, 4, "ftyp", 4))
        return FILE_UNKNOWN;
    if (is_at(bytes, 8, "qt  ", 4))
        return FILE_MOV;
    if (is_at(bytes, 8, "3gp", 3) || is_at(bytes, 8, "3g2", 3))
        return FILE_3GP;
    return image_is_heic(bytes) || is_at(bytes, 8, "avif", 4) ? FILE_UNKNOWN : FILE_MP4;
}

static enum file_kind kind_of(struct str bytes)
{
    static const struct {
        enum file_kind kind;
        const char *sign;
        size_t n;
    } signs[] = {
        {FILE_PDF, "%PDF-", 5},         {FILE_WEBM, "\x1A\x45\xDF\xA3", 4},
        {FILE_FLV, "FLV\x01", 4},       {FILE_WMV, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", 8},
        {FILE_MPEG, "\0\0\x01\xBA", 4}, {FILE_MPEG, "\0\0\x01\xB3", 4},
    };

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (is_at(bytes, 0, signs[i].sign, signs[i].n))
            return signs[i].kind;
    if (is_at(bytes, 0, "RIFF", 4) && is_at(bytes, 8, "AVI ", 4))
        return FILE_AVI;
    return boxed_kind(bytes);
}

/* ---- MP4 and its kin: ISO/IEC 14496-12, boxes mvhd and tkhd ---- */

static uint64_t be64(struct str bytes, size_t at)
{
    return (uint64_t)be32(bytes, at) << 32 | be32(bytes, at + 4);
}

static uint32_t seconds_of(struct str mvhd)
{
    bool wide = has(mvhd, 0, 1) && byte_at(mvhd, 0) == 1;
    size_t at = wide ? 20 : 12;
    uint64_t scale, length, seconds;

    if (!has(mvhd, at, wide ? 12 : 8))
        return 0;
    scale = be32(mvhd, at);
    length = wide ? be64(mvhd, at + 4) : be32(mvhd, at + 4);
    if (scale == 0)
        return 0;
    seconds = length / scale + (length % scale != 0);
    return seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

/* Sides are whole numbers with as many bits behind the point; a matrix that only swaps
 * them turns the video by a quarter. */
static void read_track(struct str tkhd, struct file_facts *facts)
{
    size_t matrix = has(tkhd, 0, 1) && byte_at(tkhd, 0) == 1 ? 52 : 40;
    uint32_t width, height;
    bool turned;

    if (!has(tkhd, matrix, 44))
        return;
    width = be32(tkhd, matrix + 36) >> 16;
    height = be32(tkhd, matrix + 40) >> 16;
    turned = be32(tkhd, matrix) == 0 && be32(tkhd, matrix + 16) == 0 &&
             be32(tkhd, matrix + 4) != 0;
    if ((uint64_t)width * height <= (uint64_t)facts->width * facts->height)
        return;
    facts->width = turned ? height : width;
    facts->height = turned ? width : height;
}

static void read_boxes(struct str bytes, struct file_facts *facts)
{
    struct str moov = box_find(bytes, "moov"), rest = bytes;
    struct box box;

    facts->seconds = seconds_of(box_find(moov, "mvhd"));
    facts->cut_short = moov.n == 0; /* it may stand at the end */
    while (box_next(&rest, &box))
        facts->cut_short |= !box.whole;
    while (box_next(&moov, &box))
        if (str_is(box.type, "trak"))
            read_track(box_find(box.data, "tkhd"), facts);
}

struct file_facts file_look(struct str bytes)
{
    struct file_facts facts = {.kind = kind_of(bytes), .bytes = bytes.n};

    if (facts.kind == FILE_MP4 || facts.kind == FILE_MOV || facts.kind == FILE_3GP)
        read_boxes(bytes, &facts);
    return facts;
}
