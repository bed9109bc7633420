/* listing_jobs.h - what jobs do towards a listing: one leaf asked about afresh, one
 * product checked, saved as a draft or listed
 *
 * Each writes what came of it as a JSON object, which the job then shows as its `result`.
 */
#ifndef API_LISTING_JOBS_H
#define API_LISTING_JOBS_H

#include "base/json.h"
#include "flows/app.h"
#include "flows/leaf.h"
#include "flows/listing.h"

enum list_act {
    LIST_CHECK,
    LIST_DRAFT,
    LIST_PUBLISH,
    LIST_EDIT, /* only what was sent before */
    LIST_STATUS,
    LIST_ACTIVATE,
    LIST_DEACTIVATE,
    LIST_DELETE,
    LIST_RECOVER,
    LIST_PULL, /* the rest are about a whole shop */
    LIST_UPGRADE,
};
const char *list_act_name(enum list_act act); /* "check" */
bool list_act_parse(struct str name, enum list_act *out);

struct list_request {
    enum list_act act;
    struct str target, seller_id, product_id, image_root;
    struct publish_seen seen; /* before LIST_STATUS: what the product was then */
    bool allow_private, dry_run;
    bool fix; /* mend what can be mended without asking, images too */
};

/* {"category", "path", "told", "leaf", "open", "permissions", "provisional"}. text gets a
 * word: "open", "closed". */
enum aisle_status leaf_job_run(const struct app *app, const struct leaf_request *request,
                               struct buf *result, const char **text,
                               struct aisle_err *err);

/* {"draft": OUTCOME, "listing": OUTCOME}: a check judges both; the other acts write one.
 * text gets the outcome's name. */
enum aisle_status list_job_run(const struct app *app, const struct list_request *request,
                               struct buf *result, const char **text,
                               struct aisle_err *err);

/* From LIST_STATUS on. {"was", "listing"}; of a pull {"seen", "joined", "mapped",
 * "unknown", "batch"}; of an upgrade {}. text gets the act's name. */
enum aisle_status list_job_act(const struct app *app, const struct list_request *request,
                               struct buf *result, const char **text,
                               struct aisle_err *err);
void list_job_put(struct json_out *o, const struct listing *l);

#endif
