/* papers.h - what goes along with a product beside its pictures: video, size chart,
 * certificates; as a seller's columns name them
 *
 * "Video", "Size chart", and "Certificate SNI" for each certificate, by its id or name;
 * several documents in one cell are parted by | or lines. "Size chart template" names one
 * the shop has, which goes before an image; "Certificate SNI expires" is a day,
 * 2027-01-31.
 */
#ifndef LISTING_PAPERS_H
#define LISTING_PAPERS_H

#include "base/arena.h"
#include "image/file.h"
#include "image/look.h"

struct listing_field;

enum paper_role { PAPER_VIDEO, PAPER_SIZE_CHART, PAPER_CERTIFICATE };

struct listing_paper {
    enum paper_role role;
    struct str certificate; /* of PAPER_CERTIFICATE: the seller's word for it */
    struct str location;
    bool is_file; /* a video or PDF, else an image; by its name until it was looked at */
    bool looked;  /* one of these is known: */
    struct image_facts image;
    struct file_facts file;
    struct str uri;  /* of an image, or the id of a file; .p NULL until it is uploaded */
    struct str name; /* of a file, as it was uploaded */
};

/* Whether the cells of a column (its key, words_key) are locations of such. */
bool listing_is_paper(struct str key);

/* Those of a product's columns, in the arena; names and locations are borrowed.
 * AISLE_NOMEM. */
enum aisle_status listing_papers(const struct listing_field *fields, size_t count,
                                 struct arena *arena, struct listing_paper **out,
                                 size_t *paper_count, struct aisle_err *err);

#endif
