#include "channels/tokopedia/errors.h"

/* Codes are <MODULE>_<LAYER>_<number>. Get All Categories documents none of its own (its
 * heading "Error Codes" is empty), so these are those of the whole API that it may give.
 */
static const struct {
    const char *code;
    enum aisle_status status;
} exact[] = {
    {"400", AISLE_INVALID},          /* "400 Bad Request" as a status in the answer */
    {"RBAC_MDLW_001", AISLE_CONFIG}, /* fs_id is not associated with the shop */
    {"RBAC_MDLW_002", AISLE_AUTH},   /* the owner gave no permission */
    {"RBAC_USC_008", AISLE_CONFIG},  /* app is not associated with the shop */
    {"RBAC_USC_012", AISLE_AUTH},    /* the owner gave no permission */
    {"PRD_DLV_001", AISLE_CONFIG},   /* fs_id is empty */
    {"PRD_DLV_002", AISLE_CONFIG},   /* fs_id has the wrong format */
    {"PRD_USC_001", AISLE_CONFIG},   /* fs_id is not associated with the shop */
    {"VRT_USC_002", AISLE_INVALID},  /* category id not found */
};

/* Else by layer: a guess from how they are named. What failed behind them is fine later;
 * a repeat at once is documented for none. */
static const struct {
    const char *layer;
    enum aisle_status status;
} by_layer[] = {
    {"_DLV_", AISLE_INVALID}, /* the request's form */
    {"_USC_", AISLE_REFUSED}, /* the use case said no */
    {"_API_", AISLE_BUSY},    {"_GRPC_", AISLE_BUSY},
    {"_DB_", AISLE_BUSY},     {"_CACHE_", AISLE_BUSY},
};

static enum aisle_status by_code(struct str code)
{
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (str_is(code, exact[i].code))
            return exact[i].status;
    for (size_t i = 0; i < sizeof by_layer / sizeof *by_layer; i++)
        if (str_find(code, str_of(by_layer[i].layer)) < code.n)
            return by_layer[i].status;
    return AISLE_REFUSED;
}

/* A number as code is an HTTP status by another way: 500 came with HTTP 200. */
void tokopedia_judge_error(struct str code, int http_status, struct channel_verdict *out)
{
    int64_t number;

    if (http_status < 400 && parse_i64(code, 400, 599, &number))
        http_status = (int)number;
    out->throttled = http_status == 429;
    out->again = http_status == 429 || http_status >= 500;
    if (http_status == 401)
        out->status = AISLE_AUTH;
    else if (out->again)
        out->status = AISLE_BUSY;
    else
        out->status = by_code(code);
}
