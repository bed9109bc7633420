/* errors.h - what TikTok Shop's codes mean to us: the one table */
#ifndef CHANNELS_TIKTOK_ERRORS_H
#define CHANNELS_TIKTOK_ERRORS_H

#include "channels/call.h"

/* Fill status, again, throttled, token and image_gone for an answer whose code is not 0.
 * The code wins over the HTTP status, which differs between gateways and for business
 * errors is not documented; an unknown code is judged by HTTP 401, 429 and 5xx, and else
 * is AISLE_REFUSED. 36009004 covers a dozen causes and is judged by its message. */
void tiktok_judge_error(struct str code, struct str message, int http_status,
                        struct channel_verdict *out);

#endif
