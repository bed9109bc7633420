/* tokopedia.h - Tokopedia's Open API as a channel
 *
 * The service was switched off on 2025-09-30. This serves archives, stand-ins and the
 * sandbox; Tokopedia of today is reached through TikTok Shop with listing_platform
 * TOKOPEDIA, a target like any other.
 *
 * The same file names as channels/tiktok: token, categories, recommend, errors, call.
 * There is no sign.c: requests are not signed, a bearer token is all. And no image.c: it
 * took addresses of images within the product.
 */
#ifndef CHANNELS_TOKOPEDIA_TOKOPEDIA_H
#define CHANNELS_TOKOPEDIA_TOKOPEDIA_H

#include "channels/channel.h"

extern const struct channel_ops tokopedia_ops;

#endif
