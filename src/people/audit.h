/* audit.h - who changed what, and when: written for every write that came over HTTP or
 * from a command about people */
#ifndef PEOPLE_AUDIT_H
#define PEOPLE_AUDIT_H

#include "base/str.h"

struct audit_entry {
    int64_t seq; /* given by the store */
    int64_t at;
    struct str who;       /* user name; "" nobody yet */
    struct str by;        /* "session", "token erp-1", "command", "scheduler" */
    struct str what;      /* "decision.add", "user.remove" */
    struct str seller_id; /* whose affair; "" of no one seller */
    struct str about;     /* "toko-a:v2 K-01", "dewi" */
    struct str detail;    /* a word more; never a secret */
    struct str peer;      /* address it came from; "" of a command */
    struct str request_id;
    int64_t outcome; /* HTTP's status; 0 of a command */
};

#endif
