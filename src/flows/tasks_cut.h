/* tasks_cut.h - what is left of a large seller category, as tasks of their own
 *
 * The sample that decides on a seller category is sequential and one task's. Once it has
 * mapped the category, or left it as a mixed one, the other products are independent of
 * each other: any number of workers may be at them.
 */
#ifndef FLOWS_TASKS_CUT_H
#define FLOWS_TASKS_CUT_H

#include "base/json.h"
#include "flows/app.h"

/* Add the tasks for what is behind a sample that is decided. All or none, and once: when
 * the sample's task is done again, they stay as they are. */
enum aisle_status tasks_cut_rest(const struct app *app, const struct task *sample,
                                 const json_t *parameters, struct aisle_err *err);

#endif
