/* notify.h - a word to systemd, where it started us (sd_notify(3), the protocol) */
#ifndef CLI_NOTIFY_H
#define CLI_NOTIFY_H

/* "READY=1", "STOPPING=1". Without NOTIFY_SOCKET nothing happens. */
void notify_service(const char *state);

#endif
