/* fuzz_listing_html.c - descriptions cut into tags: every byte once, in order */
#include "fuzz.h"

#include "listing/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_n((const char *)data, size);
    struct html html = {text};
    struct html_token t;
    size_t at = 0;

    while (html_next(&html, &t)) {
        struct str rest = t.attributes;
        struct html_attribute a;
        size_t attributes = 0;

        must(t.whole.n > 0 && t.whole.p == text.p + at);
        at += t.whole.n;
        must(t.kind != HTML_OPEN || t.name.n > 0);
        while (t.kind == HTML_OPEN && html_next_attribute(&rest, &a)) {
            must(a.name.n > 0);
            must(++attributes <= t.attributes.n);
        }
    }
    must(at == size);
    return 0;
}
