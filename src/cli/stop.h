/* stop.h - Ctrl-C: the first asks to stop cleanly, the second ends at once
 *
 * The only state of the program that is not handed around: a signal handler can be handed
 * nothing. SIGTERM and SIGHUP count as the first; where they come together (timeout(1)
 * sends SIGTERM to us and to our group, systemd with SendSIGHUP both) they are one wish.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

/* From now on signals only set the flag; those ignored at start stay so. */
void stop_listen(void);
const atomic_bool *stop_flag(void);
bool stop_asked(void);

#endif
