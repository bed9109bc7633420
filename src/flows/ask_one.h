/* ask_one.h - one product asked about at the marketplace: the guide's manual flow, from
 * its stored image to the recommended leaf */
#ifndef FLOWS_ASK_ONE_H
#define FLOWS_ASK_ONE_H

#include "flows/app.h"

struct ask_request {
    struct str target;    /* as flow_target reads it */
    struct str seller_id; /* "" the shop's */
    struct str product_id;
    struct str image_root;
    bool allow_private;
};

struct ask_result {
    struct str target_id, category_id; /* "" it named none */
    struct str image_uri;              /* that went along; "" none */
    struct str refusal;                /* in the marketplace's words; "" none */
    bool provisional;                  /* the stored tree lacks the leaf as yet */
    char run_id[40];
};

/* Fetch the product's image where it has one, upload it unless equal bytes were, keep uri
 * and url under a UUID of ours and link it, ask with title and uri, keep the answer as a
 * suggestion and, where the stored tree lacks the leaf, as a provisional category. No
 * decision is taken. The record is a run of kind "ask". */
enum aisle_status flow_ask_one(const struct app *app, const struct ask_request *request,
                               struct arena *arena, struct ask_result *out,
                               struct aisle_err *err);

#endif
