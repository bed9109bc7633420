/* ask.h - the calls of a mapping, each kept as soon as it is answered
 *
 * Equal bytes are uploaded once and equal questions asked once: what is kept is looked up
 * first, also after a crash. Statuses are those that end or delay a run; what concerns
 * one product alone (no image, a broken one, a refusal) comes back in *out with AISLE_OK.
 */
#ifndef FLOWS_MAP_ASK_H
#define FLOWS_MAP_ASK_H

#include "flows/map/engine.h"

/* Steps 2 to 9 of the guide: the product's image at the marketplace; `anew`, although it
 * is there by what we know. AISLE_OK with *uri empty and *out saying why when there is
 * none to be had; else *uri is in w->arena. */
enum aisle_status ask_image(struct worker *w, const struct product *p, bool anew,
                            struct str *uri, struct asked *out, struct aisle_err *err);

/* Steps 10 and 11: the marketplace's leaf for title and, where there is one, image. *out
 * is ASKED_LEAF, ASKED_REFUSED or ASKED_FAILED. */
enum aisle_status ask_recommend(struct worker *w, const struct product *p, struct str uri,
                                struct asked *out, struct aisle_err *err);

/* Both, 2 to 11; an image the marketplace knows no more is brought there anew, once. *out
 * says why when there is no image to ask with. */
enum aisle_status ask_with_image(struct worker *w, const struct product *p,
                                 struct asked *out, struct aisle_err *err);

#endif
