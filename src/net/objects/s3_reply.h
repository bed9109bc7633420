/* s3_reply.h - what S3 answers: its errors and its lists, in XML
 *
 * Reads the few elements we need and nothing else: no entities but the five of XML and
 * numbers below 128, no documents of others. Written from "ListObjectsV2" and "Error
 * responses", Amazon S3 API Reference.
 */
#ifndef NET_OBJECTS_S3_REPLY_H
#define NET_OBJECTS_S3_REPLY_H

#include "net/objects.h"

/* What is between <name> and the next </name>, as it stands; *rest goes behind it. False
 * when there is none. */
bool s3_element(struct str *rest, const char *name, struct str *inner);
/* Text of an element, entities read. Appends; false for what we do not read. */
bool s3_text(struct str inner, struct buf *out);

/* One page of a list. Keys come without the prefix (ours, in the bucket) they begin with;
 * what has none is AISLE_GARBLED. What is no key of ours is left out. next, appended, is
 * empty at the end. */
enum aisle_status s3_list_read(struct str xml, struct str prefix, object_fn *fn,
                               void *ctx, struct buf *next, struct aisle_err *err);

/* The failure an answer of status 300 and more is. `what`: "object K", "the bucket". */
enum aisle_status s3_error_read(const struct net_reply *reply, const char *what,
                                struct aisle_err *err);

#endif
