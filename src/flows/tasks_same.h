/* tasks_same.h - whether work that is open already is what somebody asks for now
 *
 * Of a kind and target one is open at a time. Who asks for it in another way must hear of
 * that: neither is it done as it was asked before, nor is what was asked before changed
 * under whoever asked for it.
 */
#ifndef FLOWS_TASKS_SAME_H
#define FLOWS_TASKS_SAME_H

#include "flows/tasks.h"

/* AISLE_CONFLICT names the open task, how it is to be done, and what helps. How products
 * are listed is always meant as it is asked; of a map, and of where files are, only what
 * is said counts. also: the request's, in full. */
enum aisle_status tasks_check_same(const struct task *open,
                                   const struct tasks_request *request, struct str also,
                                   struct aisle_err *err);

#endif
