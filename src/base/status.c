#include "base/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef aisle_fail /* what the analyzer is told is for those who call */

const char *aisle_status_name(enum aisle_status status)
{
    switch (status) {
    case AISLE_OK:
        return "ok";
    case AISLE_NOT_FOUND:
        return "not_found";
    case AISLE_INVALID:
        return "invalid";
    case AISLE_CONFLICT:
        return "conflict";
    case AISLE_CONFIG:
        return "config";
    case AISLE_AUTH:
        return "auth";
    case AISLE_BUSY:
        return "busy";
    case AISLE_REFUSED:
        return "refused";
    case AISLE_GARBLED:
        return "garbled";
    case AISLE_LIMIT:
        return "limit";
    case AISLE_IO:
        return "io";
    case AISLE_NOMEM:
        return "nomem";
    case AISLE_STOPPED:
        return "stopped";
    }
    return "unknown";
}

/* A text cut in the middle of a UTF-8 character would be garbled wherever it is shown. */
static void drop_cut_character(char *text)
{
    size_t n = strlen(text), back = 0;
    unsigned char lead;

    while (back < 3 && back < n && ((unsigned char)text[n - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back == n)
        return;
    lead = (unsigned char)text[n - 1 - back];
    if ((lead >= 0xC0 && back < 1) || (lead >= 0xE0 && back < 2) ||
        (lead >= 0xF0 && back < 3))
        text[n - 1 - back] = '\0';
}

/* Write into text[at …] as one line: what a server sent may hold line ends, and worse. */
static void write_line(struct aisle_err *err, size_t at, const char *fmt, va_list ap)
{
    size_t room = sizeof err->text - at;
    int n = vsnprintf(err->text + at, room, fmt, ap);

    if (n < 0)
        err->text[at] = '\0';
    else if ((size_t)n >= room)
        drop_cut_character(err->text);

    for (char *c = err->text + at; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
}

enum aisle_status aisle_fail(struct aisle_err *err, enum aisle_status status,
                             const char *fmt, ...)
{
    va_list ap;

    assert(status != AISLE_OK);
    if (!err || err->status != AISLE_OK)
        return status;

    err->status = status;
    va_start(ap, fmt);
    write_line(err, 0, fmt, ap);
    va_end(ap);
    return status;
}

void aisle_note(struct aisle_err *err, const char *fmt, ...)
{
    va_list ap;
    size_t n;

    if (!err || err->status == AISLE_OK)
        return;

    n = strlen(err->text);
    if (n + sizeof ", " >= sizeof err->text)
        return;
    memcpy(err->text + n, ", ", sizeof ", ");
    va_start(ap, fmt);
    write_line(err, n + 2, fmt, ap);
    va_end(ap);
}

void aisle_pass(struct aisle_err *err, const struct aisle_err *why)
{
    if (err && err->status == AISLE_OK)
        *err = *why;
}
