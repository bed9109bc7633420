/* quoted.c - secrets that an answer quotes back bare, where no name before them tells
 * what they are */
#include "channels/quoted.h"

#include "base/scrub.h"

#include <string.h>

enum { SECRET_MIN = 6, BEGIN_MIN = 8 };
static const char stars[] = "***";

/* Room for the stars: a secret has more letters than they. */
static void hide_whole(char *field, struct str secret)
{
    struct str left = str_of(field);
    size_t at;

    while ((at = str_find(left, secret)) < left.n) {
        char *p = field + (left.p - field) + at;

        memcpy(p, stars, strlen(stars));
        memmove(p + strlen(stars), p + secret.n, strlen(p + secret.n) + 1);
        left = str_of(p + strlen(stars));
    }
}

/* Where the field was cut in the middle of one. */
static void hide_begun(char *field, struct str secret)
{
    size_t n = strlen(field);

    for (size_t k = secret.n - 1; k >= BEGIN_MIN; k--)
        if (k <= n && memcmp(field + n - k, secret.p, k) == 0) {
            memcpy(field + n - k, stars, sizeof stars);
            return;
        }
}

static void hide(struct channel_meta *meta, struct str secret)
{
    char *const fields[] = {meta->message, meta->reason, meta->request_id, meta->code};

    if (secret.n < SECRET_MIN)
        return;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        hide_whole(fields[i], secret);
        hide_begun(fields[i], secret);
    }
}

/* "name=value" of an address, as it would be logged. */
static bool is_secret(struct str pair)
{
    struct buf query = BUF_INIT(BUF_MAX_REQUEST), clean = BUF_INIT(BUF_MAX_REQUEST);
    bool secret;

    buf_addc(&query, '?');
    buf_add(&query, pair);
    scrub_text(buf_str(&query), &clean);
    secret = query.failed || clean.failed || !str_eq(buf_str(&query), buf_str(&clean));
    buf_clear(&clean);
    buf_clear(&query);
    return secret;
}

void channel_hide_quoted(const struct channel_session *s,
                         const struct net_request *request, struct channel_meta *meta)
{
    struct str query = str_skip(request->url, str_find(request->url, STR_LIT("?")));

    hide(meta, s->keys.access_token);
    hide(meta, s->keys.refresh_token);
    hide(meta, s->keys.app_secret);
    hide(meta, s->keys.cipher);
    query = str_skip(query, query.n > 0);
    while (query.n) {
        struct str pair = str_cut(&query, '&');

        if (is_secret(pair))
            hide(meta, str_skip(pair, str_find(pair, STR_LIT("=")) + 1));
    }
}
