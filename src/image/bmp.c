/* bmp.c - the headers of a Windows bitmap */
#include "image/kinds.h"

enum { FILE_HEAD = 14, CORE_HEAD = 12 };

/* "BM" begins many a text; the second header's length tells them apart. */
bool image_is_bmp(struct str bytes)
{
    static const uint32_t lengths[] = {12, 40, 52, 56, 64, 108, 124};

    if (!is_at(bytes, 0, "BM", 2) || !has(bytes, FILE_HEAD, 4))
        return false;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        if (le32(bytes, FILE_HEAD) == lengths[i])
            return true;
    return false;
}

/* Rows that begin at the top have a negative height. */
static uint32_t without_sign(uint32_t n)
{
    return n > INT32_MAX ? 0 - n : n;
}

void image_read_bmp(struct str bytes, struct image_facts *facts)
{
    if (le32(bytes, FILE_HEAD) == CORE_HEAD) {
        if (!has(bytes, FILE_HEAD, CORE_HEAD))
            return;
        facts->width = le16(bytes, FILE_HEAD + 4);
        facts->height = le16(bytes, FILE_HEAD + 6);
    } else {
        if (!has(bytes, FILE_HEAD, 12))
            return;
        facts->width = le32(bytes, FILE_HEAD + 4);
        facts->height = without_sign(le32(bytes, FILE_HEAD + 8));
    }
    /* the file's length, and where in it the pixels begin */
    facts->whole = bytes.n >= le32(bytes, 2) && bytes.n > le32(bytes, 10) &&
                   le32(bytes, 2) > le32(bytes, 10);
}
