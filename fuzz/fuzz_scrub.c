/* fuzz_scrub.c - secrets must go, whatever stands before them */
#include "fuzz.h"

#include "base/scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_n((const char *)data, size), secret = STR_LIT("s3cr3tXYZ");
    struct buf in = BUF_INIT(BUF_MAX_REPLY), out = BUF_INIT(BUF_MAX_REPLY);

    scrub_text(text, &out);
    must(out.failed == AISLE_OK);
    must(out.n <= 4 * size + 64);

    /* a new line is a new thing, and the header in it one to hide */
    if (str_find(text, secret) == text.n) {
        buf_reset(&out);
        buf_add(&in, text);
        buf_addz(&in, "\nAuthorization: Bearer s3cr3tXYZ\n");
        scrub_text(buf_str(&in), &out);
        must(str_find(buf_str(&out), secret) == out.n);
    }
    buf_clear(&in);
    buf_clear(&out);
    return 0;
}
