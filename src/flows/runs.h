/* runs.h - naming and keeping the record of a run */
#ifndef FLOWS_RUNS_H
#define FLOWS_RUNS_H

#include "flows/app.h"

enum { RUN_ID_LEN = 40, RUN_MAX_REQUEST_IDS = 512 };

/* "r-20261121-205856-7f3a9c": sorts by time, told apart by chance. */
void run_id_new(const struct app *app, char out[RUN_ID_LEN]);

/* The first few request ids of a run, for a support desk. */
struct run_request_ids {
    char text[RUN_MAX_REQUEST_IDS];
};
void run_note_request(struct run_request_ids *ids, const struct channel_meta *meta);

/* What a run decided was taken back before it had ended: it is over. */
bool run_is_undone(const struct run *run);
void run_set_undone(struct run *run);

/* Whether it is a map that `map run --resume` takes up again: it ended before its time,
 * or its process did. */
bool run_is_left(const struct run *run);

/* End what is under way of a kind at a target: whoever holds the lease of these, which
 * was left, knows that its process is lost. */
enum aisle_status runs_cut_off(const struct app *app, struct str kind,
                               struct str target_id, struct arena *arena,
                               struct aisle_err *err);

/* The marketplace's last word, borrowed from meta. */
void run_note_answer(struct run *run, const struct channel_meta *meta);

#endif
