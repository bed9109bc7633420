/* model.h - leaves for a title, by what `aisle model train` learnt: no store, no network
 *
 * A model belongs to one thread at a time; another thread opens the file again, which
 * costs next to nothing: it is mapped, not loaded, so that a newer one takes its place by
 * rename and never by writing into it, as `aisle model train` does. Text is UTF-8 and
 * NUL-terminated; what is handed in is needed until the call returns. Prints nothing,
 * reads no environment.
 *
 *     struct aisle_model *model;
 *     struct aisle_match found[5];
 *     size_t count;
 *
 *     aisle_model_open("shop.model", &model, &err);
 *     aisle_model_match(model, &(struct aisle_match_query){.title = "Rok plisket biru"},
 *                       found, 5, &count, &err);
 *
 * A fallible function returns AISLE_OK or why not, and fills err, which starts as {0} and
 * may be NULL.
 */
#ifndef AISLE_MODEL_H
#define AISLE_MODEL_H

#include "aisle/status.h"
#include "aisle/version.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct aisle_model;

/* AISLE_NOT_FOUND; AISLE_GARBLED: no model, damaged, of another byte order or a newer
 * version, and the text says which (of more than 16 MiB the header alone is looked at);
 * AISLE_INVALID: no path; AISLE_IO; AISLE_NOMEM. *model is yours: aisle_model_close. */
enum aisle_status aisle_model_open(const char *path, struct aisle_model **model,
                                   struct aisle_err *err);
void aisle_model_close(struct aisle_model *model); /* NULL is fine */

/* What is known of a product; NULL is unknown. */
struct aisle_match_query {
    const char *title; /* needed */
    const char *description, *brand;
    const char *seller_category; /* its path: "Fashion Pria > Kaos" */
};

struct aisle_match {
    const char *category; /* its id, or its path where the model was taught paths; until
                             the next question to the model */
    double confidence;    /* the chance that it is right: 0 to 1 */
};

/* The best leaves for a product, best first, at most cap and 24. None, *count 0, when
 * nothing in its words was ever seen. AISLE_INVALID: no title; AISLE_NOMEM. */
enum aisle_status aisle_model_match(struct aisle_model *model,
                                    const struct aisle_match_query *query,
                                    struct aisle_match *list, size_t cap, size_t *count,
                                    struct aisle_err *err);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
