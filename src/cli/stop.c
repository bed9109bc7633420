#include "cli/stop.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static atomic_bool asked;

static void on_signal(int number)
{
    static const char words[] =
        "\r\033[Kstopping after this step; once more to stop now\n";
    int saved = errno;

    if (atomic_exchange(&asked, true)) {
        signal(number, SIG_DFL); /* blocked until this handler returns, then it ends us */
        raise(number);
    } else if (isatty(STDERR_FILENO)) {
        ssize_t n = write(STDERR_FILENO, words, sizeof(words) - 1);

        (void)n; /* nothing can be done about it here */
    }
    errno = saved;
}

static void listen_to(int number)
{
    struct sigaction act = {.sa_handler = on_signal}, old;

    sigemptyset(&act.sa_mask);
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(number, &act, NULL);
}

void stop_listen(void)
{
    listen_to(SIGINT);
    listen_to(SIGTERM);
    listen_to(SIGHUP);
}

const atomic_bool *stop_flag(void)
{
    return &asked;
}

bool stop_asked(void)
{
    return atomic_load(&asked);
}
