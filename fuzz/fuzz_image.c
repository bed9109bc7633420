/* fuzz_image.c - headers and containers of images */
#include "fuzz.h"

#include "image/look.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image_facts facts = {.kind = IMAGE_UNKNOWN};
    struct aisle_err err = {0};
    enum aisle_status status = image_look(str_n((const char *)data, size), &facts, &err);

    must(status == AISLE_OK || (status == AISLE_INVALID && err.text[0]));
    if (status == AISLE_OK) {
        must(facts.kind != IMAGE_UNKNOWN);
        must(facts.width > 0 && facts.height > 0);
        must(facts.bytes == size);
        must(strcmp(image_kind_name(facts.kind), "unknown") != 0);
    }
    return 0;
}
