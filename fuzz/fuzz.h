/* fuzz.h - what a fuzz target is: one function that takes any bytes and must not fall
 * over
 *
 * A target is fuzz/fuzz_<name>.c with seeds in fuzz/corpus/<name>/, and a line in
 * fuzz/meson.build. With clang and -Dfuzz=true libFuzzer drives it (script/fuzz); else
 * replay.c does, over the corpus, as a test. What a target promises about its parser it
 * says with must(), which also counts where asserts are compiled out.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(promise)                                                                    \
    do {                                                                                 \
        if (!(promise)) {                                                                \
            fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__,           \
                    #promise);                                                           \
            abort();                                                                     \
        }                                                                                \
    } while (0)

#endif
