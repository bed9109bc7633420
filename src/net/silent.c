#include "net/silent.h"

bool silent_has(const struct silent *s, struct str host, int64_t now_ms)
{
    for (size_t i = 0; i < SILENT_HOSTS; i++)
        if (s->hosts[i].until_ms > now_ms &&
            str_eq_nocase(str_of(s->hosts[i].name), host))
            return true;
    return false;
}

void silent_note(struct silent *s, struct str host, int64_t now_ms)
{
    struct silent_host *h = &s->hosts[s->next];

    if (host.n == 0 || host.n >= SILENT_NAME || silent_has(s, host, now_ms))
        return;
    memcpy(h->name, host.p, host.n);
    h->name[host.n] = '\0';
    h->until_ms = now_ms + SILENT_MS;
    s->next = (s->next + 1) % SILENT_HOSTS;
}
