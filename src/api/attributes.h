/* attributes.h - what teaching columns and showing what is open share */
#ifndef API_ATTRIBUTES_H
#define API_ATTRIBUTES_H

#include "api/call.h"

struct teacher;

/* A teacher for the target, and whose columns are meant: the seller asked for, else the
 * person's own, else the target's shop's. AISLE_NOT_FOUND for another's. teacher_close
 * after a failure too. */
enum aisle_status api_teacher(struct api_call *c, struct str target, struct str seller,
                              struct teacher *out, struct str *seller_id,
                              struct aisle_err *err);

#endif
