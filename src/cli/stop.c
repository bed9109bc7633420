#include "cli/stop.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SAME_WISH_MS = 2000 };

static atomic_bool asked;
static atomic_llong first_ms; /* when; 0 not yet */

static long long now_ms(void)
{
    struct timespec t = {0};

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000 + 1;
}

static void on_signal(int number)
{
    static const char words[] =
        "\r\033[Kstopping after this step; once more to stop now\n";
    long long now = now_ms(), first = 0;
    int saved = errno;

    if (atomic_compare_exchange_strong(&first_ms, &first, now)) {
        atomic_store(&asked, true);
        if (isatty(STDERR_FILENO)) {
            ssize_t n = write(STDERR_FILENO, words, sizeof(words) - 1);

            (void)n; /* nothing can be done about it here */
        }
    } else if (number == SIGINT || now - first >= SAME_WISH_MS) {
        signal(number, SIG_DFL); /* blocked until this handler returns, then it ends us */
        raise(number);
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
