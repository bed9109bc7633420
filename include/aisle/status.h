/* status.h - what can go wrong, said once for every room and for whoever links libaisle
 *
 * A fallible function returns enum aisle_status and takes a struct aisle_err last, which
 * may be NULL. The status is for the program (retry? sign in again? show the seller?),
 * the text for a person, the marketplace's own code and request id for its support desk.
 */
#ifndef AISLE_STATUS_H
#define AISLE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default) /* what is declared here is all libaisle shows */

enum aisle_status {
    AISLE_OK,
    AISLE_NOT_FOUND, /* asked for by name, and not there */
    AISLE_INVALID,   /* what we were given, or about to send, breaks a rule */
    AISLE_CONFLICT,  /* someone else got there first */
    AISLE_CONFIG,    /* a setting, key or file we stand on is missing or wrong */
    AISLE_AUTH,      /* token missing, expired or not allowed: sign in again */
    AISLE_BUSY,      /* fine later: rate limit, lock, timeout, 5xx */
    AISLE_REFUSED,   /* the marketplace understood and said no */
    AISLE_GARBLED,   /* a reply or row we cannot read */
    AISLE_LIMIT,     /* a ceiling or budget was reached */
    AISLE_IO,
    AISLE_NOMEM,
    AISLE_STOPPED, /* a visitor or the caller asked to end here */
};

/* Filled by the first failure on the way; later ones leave it alone. Starts as {0}. */
struct aisle_err {
    enum aisle_status status;
    char text[256];       /* one line, no trailing full stop, never a secret */
    char remote_code[24]; /* the marketplace's own, "12052024", or "" */
    char request_id[64];  /* what their support will ask for, or "" */
    int http_status;      /* of the answer that failed; 0 when none came */
    int retry_after_s;    /* with AISLE_BUSY, 0 when they did not say; with AISLE_CONFLICT
                             until the lease of who is at it is over, 0 where it is none */
    int outage;           /* 1: the store's server or disk was out, whatever was asked */
};

/* "conflict" for AISLE_CONFLICT and so on; static text, never NULL. */
const char *aisle_status_name(enum aisle_status status);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
