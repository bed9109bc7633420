/* version.h - which Aisle a program is built against, and which one runs it
 *
 *     #if AISLE_VERSION_NUMBER < 200
 *     #error this needs Aisle 0.2
 *     #endif
 *
 * The two may differ by a patch alone: another minor version may have grown structs.
 */
#ifndef AISLE_VERSION_H
#define AISLE_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Of these headers. */
#define AISLE_VERSION "0.1.0"
#define AISLE_VERSION_MAJOR 0
#define AISLE_VERSION_MINOR 1
#define AISLE_VERSION_PATCH 0
/* Two digits each for minor and patch: 1.2.3 is 10203. */
#define AISLE_VERSION_NUMBER                                                             \
    (AISLE_VERSION_MAJOR * 10000 + AISLE_VERSION_MINOR * 100 + AISLE_VERSION_PATCH)

/* Of the library that runs: "0.1.0", and as a number. */
const char *aisle_version(void);
int aisle_version_number(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
