/* multipart.h - the parts of a multipart/form-data body (RFC 7578), where they lie
 *
 * Works on a body read whole; copies nothing but the file names that need unquoting.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "base/arena.h"

enum { HTTP_MAX_PARTS = 64, HTTP_MAX_PART_HEADER = 8 * 1024, HTTP_MAX_BOUNDARY = 70 };

struct http_part {
    struct str name;
    struct str file_name; /* with is_file */
    struct str mime;      /* its Content-Type, or empty */
    struct str data;      /* borrowed from the body */
    bool is_file;         /* it says filename= */
};

/* AISLE_INVALID: another media type, or no boundary. AISLE_GARBLED: not closed by its
 * last boundary, or a part without a header or a name. AISLE_LIMIT, AISLE_NOMEM. */
enum aisle_status http_multipart_read(struct str content_type, struct str body,
                                      struct arena *arena, const struct http_part **out,
                                      size_t *count, struct aisle_err *err);
/* The first part of that name, or NULL. */
const struct http_part *http_part_named(const struct http_part *parts, size_t count,
                                        const char *name);

#endif
