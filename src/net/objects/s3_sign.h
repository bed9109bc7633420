/* s3_sign.h - Signature Version 4, as S3 wants it: in the Authorization header
 *
 * Pure. Written from "Signature Calculations for the Authorization Header: Transferring
 * Payload in a Single Chunk", Amazon S3 API Reference. The payload is always hashed:
 * nothing is streamed, so UNSIGNED-PAYLOAD is never said.
 */
#ifndef NET_OBJECTS_S3_SIGN_H
#define NET_OBJECTS_S3_SIGN_H

#include "base/buf.h"
#include "base/hash.h"

struct s3_key {
    struct str id, secret, region;
};

struct s3_pair {
    struct str name, value;
};

enum { S3_TIME_LEN = 16, S3_MOST_PAIRS = 12 };

struct s3_call {
    const char *method;
    struct str path; /* "/bucket/key", not escaped */
    /* Not escaped, in any order. */
    const struct s3_pair *query;
    size_t query_count;
    /* All of them are signed: names in small letters, in any order, "host" and
     * "x-amz-date" among them. */
    const struct s3_pair *headers;
    size_t header_count;
    const char *payload_hash; /* as x-amz-content-sha256 says it */
    const char *time;         /* as x-amz-date says it, "20130524T000000Z" */
};

/* "20130524T000000Z" */
void s3_time(int64_t at, char out[S3_TIME_LEN + 1]);

/* The path as it is sent: every byte but unreserved ones and '/' as %XX. Appends. */
void s3_path(struct buf *out, struct str path);
/* "max-keys=2&prefix=J" as it is signed and sent: escaped, in order. Appends. */
enum aisle_status s3_query(struct buf *out, const struct s3_pair *query, size_t count,
                           struct aisle_err *err);

/* The steps, each appended, so that a test can hold them against the published ones. */
enum aisle_status s3_canonical(const struct s3_call *call, struct buf *out,
                               struct aisle_err *err);
enum aisle_status s3_to_sign(const struct s3_call *call, struct str region,
                             struct buf *out, struct aisle_err *err);
/* The value of the Authorization header. Appends. */
enum aisle_status s3_authorize(const struct s3_call *call, const struct s3_key *key,
                               struct buf *out, struct aisle_err *err);

#endif
