/* webhook.h - TikTok Shop's notifications: who signed them and what they say */
#ifndef CHANNELS_TIKTOK_WEBHOOK_H
#define CHANNELS_TIKTOK_WEBHOOK_H

#include "channels/event.h"

channel_event_check_fn tiktok_event_check;
channel_event_read_fn tiktok_event_read;

#endif
