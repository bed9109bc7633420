#include "cli/keys.h"

#include "base/status.h"
#include "cli/stop.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Keys as they are pressed and not shown; Ctrl-C still is a signal, Ctrl-Z is not, for it
 * would leave the shell with a terminal that shows nothing. */
static bool set_raw(int fd, struct termios *before)
{
    struct termios raw;

    if (tcgetattr(fd, before) != 0)
        return false; /* no terminal */
    raw = *before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    return tcsetattr(fd, TCSADRAIN, &raw) == 0;
}

enum aisle_status key_read(int fd, char *out, struct aisle_err *err)
{
    struct termios before;
    bool raw = set_raw(fd, &before);
    enum aisle_status status = AISLE_OK;
    ssize_t n = 0;
    char c = '\0';

    do {
        n = stop_asked() ? -1 : read(fd, &c, 1);
    } while (!stop_asked() &&
             ((n < 0 && errno == EINTR) || (n == 1 && !raw && (c == '\n' || c == '\r'))));
    if (raw)
        tcsetattr(fd, TCSADRAIN, &before);
    if (stop_asked())
        status = aisle_fail(err, AISLE_STOPPED, "stopped as asked");
    else if (n < 0)
        status = aisle_fail(err, AISLE_IO, "cannot read keys: %s", strerror(errno));
    else if (n == 0)
        status = aisle_fail(err, AISLE_NOT_FOUND, "no more keys");
    if (status == AISLE_OK)
        *out = c;
    return status;
}
