#include "cli/commands/password.h"

#include <termios.h>
#include <unistd.h>

/* Typed without being shown; the terminal is as before whatever happens. */
static enum aisle_status read_unseen(struct cli *cli, const char *question,
                                     struct str *out, struct aisle_err *err)
{
    struct termios before, unseen;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    enum aisle_status status;

    say_text(&cli->voice, str_of(question));
    if (terminal) {
        unseen = before;
        unseen.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    }
    status = cli_read_line(cli, out, err);
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    say_text(&cli->voice, STR_LIT("\n"));
    return status;
}

enum aisle_status cli_password(struct cli *cli, struct str *out, struct aisle_err *err)
{
    struct str first, second;
    enum aisle_status status;

    if (!isatty(STDIN_FILENO)) {
        status = cli_read_line(cli, out, err);
        if (status == AISLE_NOT_FOUND)
            return aisle_fail(err, AISLE_INVALID, "no password came on stdin");
        return status;
    }
    status = read_unseen(cli, "password: ", &first, err);
    if (status == AISLE_OK)
        status = read_unseen(cli, "once more: ", &second, err);
    if (status == AISLE_OK && !str_eq(first, second))
        status = aisle_fail(err, AISLE_INVALID, "the two differ");
    if (status == AISLE_OK)
        *out = first;
    return status;
}
