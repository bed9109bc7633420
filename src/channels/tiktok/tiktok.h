/* tiktok.h - TikTok Shop's Open API as a channel
 *
 * Written from the pages named in docs/wire/tiktok.md, version 202309 of Get Categories,
 * Recommend Category, Upload Product Image and Get Authorized Shops. A file a page:
 * sign, token, categories, recommend, image; errors is the table of their codes, call
 * what all requests share. What is sent and read is declared in wire.h.
 */
#ifndef CHANNELS_TIKTOK_TIKTOK_H
#define CHANNELS_TIKTOK_TIKTOK_H

#include "channels/channel.h"

extern const struct channel_ops tiktok_ops;

#endif
