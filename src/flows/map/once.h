/* once.h - equal things one at a time: the second thread waits, then finds what the first
 * kept */
#ifndef FLOWS_MAP_ONCE_H
#define FLOWS_MAP_ONCE_H

#include "base/status.h"
#include "base/str.h"

struct once;

/* Room for as many keys at a time as there are threads. */
enum aisle_status once_new(size_t threads, struct once **out, struct aisle_err *err);
void once_free(struct once *o); /* NULL is fine */

/* Waits until no other thread has this key. At most one key a thread. */
void once_enter(struct once *o, uint64_t key);
void once_leave(struct once *o, uint64_t key);

#endif
