/* image_use.h - what images are for at the marketplace, and what each use takes
 *
 * The use decides sides, shape and weight: Upload Product Image 202309, and Create
 * Product of the profile in force.
 */
#ifndef LISTING_IMAGE_USE_H
#define LISTING_IMAGE_USE_H

#include "image/mend.h"
#include "listing/draft.h"
#include "listing/finding.h"
#include "listing/limits.h"

enum image_use { USE_MAIN, USE_SALES, USE_DESCRIPTION, USE_CERTIFICATE, USE_SIZE_CHART };
enum { IMAGE_USES = USE_SIZE_CHART + 1 };

const char *image_use_name(enum image_use use);             /* "MAIN_IMAGE": use_case */
const char *image_use_word(enum image_use use);             /* "main": ours */
bool image_use_parse(struct str word, enum image_use *out); /* either of them */

/* What image_mend has to bring it to. */
struct image_need listing_image_need(const struct listing_limits *limits,
                                     enum image_use use);
/* Adds what is wrong with an image that was looked at, as listing_check would of a first
 * one, but for paths: there is only the one. `white`: what is known of its ground. */
void listing_judge_image(const struct listing_limits *limits,
                         const struct image_facts *facts, enum image_use use,
                         enum listing_flag white, struct findings *out);

#endif
