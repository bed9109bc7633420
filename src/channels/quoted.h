/* quoted.h - secrets that an answer quotes back bare, where no name before them tells
 * what they are: base/scrub knows them by that alone */
#ifndef CHANNELS_QUOTED_H
#define CHANNELS_QUOTED_H

#include "channels/channel.h"

/* The session's keys, and what the request's address has under a secret's name, become
 * "***" in meta, also where it was cut in the middle of one. */
void channel_hide_quoted(const struct channel_session *s,
                         const struct net_request *request, struct channel_meta *meta);

#endif
