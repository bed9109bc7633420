/* past.h - what became of one category, sync by sync, as far back as snapshots are kept
 */
#ifndef FLOWS_PAST_H
#define FLOWS_PAST_H

#include "flows/app.h"
#include "taxonomy/diff.h"

struct category_event {
    unsigned changes; /* enum category_change; of the first snapshot there is: ADDED */
    bool first;       /* no snapshot is older: since when it is there is not known */
    int64_t snapshot_id, at;
    struct str run_id;                       /* the sync; may be empty */
    const struct category_reading *was, *is; /* in the locale that tells it best; NULL: it
                                              * was not there */
};

/* The newest first, in the arena. A name counts as changed in any locale both snapshots
 * have; `locale` goes before the others. None: no snapshot ever had it. */
enum aisle_status flow_category_past(const struct app *app, struct str target_id,
                                     struct str category_id, struct str locale,
                                     struct arena *arena, struct category_event **out,
                                     size_t *count, struct aisle_err *err);

#endif
