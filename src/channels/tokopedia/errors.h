/* errors.h - what Tokopedia's codes mean to us: the one table */
#ifndef CHANNELS_TOKOPEDIA_ERRORS_H
#define CHANNELS_TOKOPEDIA_ERRORS_H

#include "channels/call.h"

/* Fill status, again and throttled for an answer that is no success. HTTP 401, 429 and
 * 5xx win; then the code; what is in no table is AISLE_REFUSED. */
void tokopedia_judge_error(struct str code, int http_status, struct channel_verdict *out);

#endif
