/* kinds.h - one reader for each kind of image; inside the room only
 *
 * A reader is asked only when the bytes begin as its kind does. It fills width, height
 * (0 when the header gives out before them), whole, and where its kind can be, cmyk and
 * turned; nothing else. Bytes may end anywhere and lie about every length.
 */
#ifndef IMAGE_KINDS_H
#define IMAGE_KINDS_H

#include "image/look.h"

bool image_is_jpeg(struct str bytes);
bool image_is_png(struct str bytes);
bool image_is_webp(struct str bytes);
bool image_is_gif(struct str bytes);
bool image_is_bmp(struct str bytes);
bool image_is_heic(struct str bytes);
bool image_is_tiff(struct str bytes);

void image_read_jpeg(struct str bytes, struct image_facts *facts);
void image_read_png(struct str bytes, struct image_facts *facts);
void image_read_webp(struct str bytes, struct image_facts *facts);
void image_read_gif(struct str bytes, struct image_facts *facts);
void image_read_bmp(struct str bytes, struct image_facts *facts);
void image_read_heic(struct str bytes, struct image_facts *facts);
void image_read_tiff(struct str bytes, struct image_facts *facts);

/* Whether tags of a TIFF, which are those of Exif too, say that it is to be turned. */
bool image_tiff_turned(struct str bytes);

/* Whether bytes has `n` of them from `at` on. */
static inline bool has(struct str bytes, size_t at, size_t n)
{
    return at <= bytes.n && n <= bytes.n - at;
}

static inline bool is_at(struct str bytes, size_t at, const char *what, size_t n)
{
    return has(bytes, at, n) && memcmp(bytes.p + at, what, n) == 0;
}

/* Numbers, big end or little end first; the caller has asked `has`. */
static inline uint32_t byte_at(struct str bytes, size_t at)
{
    return (unsigned char)bytes.p[at];
}

static inline uint32_t be16(struct str bytes, size_t at)
{
    return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

static inline uint32_t be32(struct str bytes, size_t at)
{
    return be16(bytes, at) << 16 | be16(bytes, at + 2);
}

static inline uint32_t le16(struct str bytes, size_t at)
{
    return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}

static inline uint32_t le24(struct str bytes, size_t at)
{
    return le16(bytes, at) | byte_at(bytes, at + 2) << 16;
}

static inline uint32_t le32(struct str bytes, size_t at)
{
    return le16(bytes, at) | le16(bytes, at + 2) << 16;
}

#endif
