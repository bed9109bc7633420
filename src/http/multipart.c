#include "http/multipart.h"

#include "http/request.h"

struct reader {
    struct str rest; /* what is not read yet */
    struct str mark; /* "\r\n--boundary" */
    struct arena *arena;
};

/* Up to the quote that closes, or to the end; backslashes take the next byte along. */
static size_t quoted_length(struct str s)
{
    size_t at = 0;

    while (at < s.n && s.p[at] != '"')
        at += s.p[at] == '\\' && at + 1 < s.n ? 2 : 1;
    return at < s.n ? at : s.n;
}

/* The value of a parameter of Content-Disposition: a token, or quoted with backslashes.
 */
static enum aisle_status read_param(struct reader *r, struct str *rest, struct str *out,
                                    struct aisle_err *err)
{
    struct str quoted, copy;
    size_t n = 0;

    if (!str_starts(*rest, "\"")) {
        *out = str_trim(str_cut(rest, ';'));
        return AISLE_OK;
    }
    quoted = str_skip(*rest, 1);
    quoted = str_head(quoted, quoted_length(quoted));
    copy = arena_str(r->arena, quoted);
    if (!copy.p)
        return aisle_nomem(err);
    for (size_t at = 0; at < quoted.n; at++) {
        if (quoted.p[at] == '\\' && at + 1 < quoted.n)
            at++;
        ((char *)copy.p)[n++] = quoted.p[at];
    }
    *out = str_n(copy.p, n);
    *rest = str_skip(*rest, quoted.n + 2);
    str_cut(rest, ';');
    return AISLE_OK;
}

static enum aisle_status read_disposition(struct reader *r, struct str value,
                                          struct http_part *part, struct aisle_err *err)
{
    if (!str_eq_nocase(str_trim(str_cut(&value, ';')), STR_LIT("form-data")))
        return aisle_fail(err, AISLE_GARBLED, "a part that is no form-data");
    while (value.n) {
        struct str name = str_trim(str_cut(&value, '=')), got;
        enum aisle_status status;

        value = str_trim(value);
        status = read_param(r, &value, &got, err);
        if (status)
            return status;
        if (str_eq_nocase(name, STR_LIT("name")))
            part->name = got;
        if (str_eq_nocase(name, STR_LIT("filename"))) {
            part->file_name = got;
            part->is_file = true;
        }
    }
    return AISLE_OK;
}

static enum aisle_status read_header(struct reader *r, struct http_part *part,
                                     struct aisle_err *err)
{
    size_t end = str_find(r->rest, STR_LIT("\r\n\r\n"));
    struct str header = str_head(r->rest, end);
    bool disposed = false;

    if (end == r->rest.n || end > HTTP_MAX_PART_HEADER)
        return aisle_fail(err, AISLE_GARBLED, "a part without an end to its header");
    r->rest = str_skip(r->rest, end + 2); /* its last CRLF may begin the next mark */
    while (header.n) {
        struct str value = str_trim(str_cut(&header, '\n'));
        struct str name = str_cut(&value, ':');
        enum aisle_status status = AISLE_OK;

        value = str_trim(value);
        if (str_eq_nocase(name, STR_LIT("Content-Type")))
            part->mime = value;
        if (!disposed && str_eq_nocase(name, STR_LIT("Content-Disposition"))) {
            disposed = true;
            status = read_disposition(r, value, part, err);
        }
        if (status)
            return status;
    }
    if (str_empty(part->name))
        return aisle_fail(err, AISLE_GARBLED, "a part without a name");
    return AISLE_OK;
}

/* Behind a mark: "--" is the end, else blanks and a line end. */
static enum aisle_status pass_mark(struct reader *r, bool *last, struct aisle_err *err)
{
    *last = str_starts(r->rest, "--");
    if (*last)
        return AISLE_OK;
    while (r->rest.n && (*r->rest.p == ' ' || *r->rest.p == '\t'))
        r->rest = str_skip(r->rest, 1);
    if (!str_starts(r->rest, "\r\n"))
        return aisle_fail(err, AISLE_GARBLED, "a boundary in the middle of a line");
    r->rest = str_skip(r->rest, 2);
    return AISLE_OK;
}

static enum aisle_status read_data(struct reader *r, struct http_part *part,
                                   struct aisle_err *err)
{
    size_t end = str_find(r->rest, r->mark);

    if (end == r->rest.n)
        return aisle_fail(err, AISLE_GARBLED, "the last boundary is missing");
    part->data = end >= 2 ? str_n(r->rest.p + 2, end - 2) : STR_LIT("");
    r->rest = str_skip(r->rest, end + r->mark.n);
    return AISLE_OK;
}

/* To behind the first mark, which may stand at the very beginning. */
static enum aisle_status find_first(struct reader *r, struct aisle_err *err)
{
    struct str bare = str_skip(r->mark, 2);
    size_t at;

    if (r->rest.n >= bare.n && str_eq(str_head(r->rest, bare.n), bare)) {
        r->rest = str_skip(r->rest, bare.n);
        return AISLE_OK;
    }
    at = str_find(r->rest, r->mark);
    if (at == r->rest.n)
        return aisle_fail(err, AISLE_GARBLED, "no boundary in the body");
    r->rest = str_skip(r->rest, at + r->mark.n);
    return AISLE_OK;
}

static enum aisle_status read_parts(struct reader *r, struct http_part *parts,
                                    size_t *count, struct aisle_err *err)
{
    bool last = false;
    enum aisle_status status = find_first(r, err);

    if (status == AISLE_OK)
        status = pass_mark(r, &last, err);
    while (status == AISLE_OK && !last) {
        struct http_part *part = &parts[*count];

        if (*count == HTTP_MAX_PARTS)
            return aisle_fail(err, AISLE_LIMIT, "more than %d parts", HTTP_MAX_PARTS);
        status = read_header(r, part, err);
        if (status == AISLE_OK)
            status = read_data(r, part, err);
        if (status == AISLE_OK)
            status = pass_mark(r, &last, err);
        *count += 1;
    }
    return status;
}

enum aisle_status http_multipart_read(struct str content_type, struct str body,
                                      struct arena *arena, const struct http_part **out,
                                      size_t *count, struct aisle_err *err)
{
    struct str boundary = http_media_param(content_type, "boundary");
    struct reader r = {.rest = body, .arena = arena};
    struct http_part *parts;
    size_t n = 0;
    enum aisle_status status;

    if (!str_eq_nocase(http_media_type(content_type), STR_LIT("multipart/form-data")))
        return aisle_fail(err, AISLE_INVALID, "the body is no multipart/form-data");
    if (str_empty(boundary) || boundary.n > HTTP_MAX_BOUNDARY)
        return aisle_fail(err, AISLE_INVALID, "multipart/form-data without a boundary");

    r.mark = arena_fmt(arena, "\r\n--%.*s", STR_ARG(boundary));
    parts = arena_zalloc(arena, HTTP_MAX_PARTS, sizeof *parts);
    if (!r.mark.p || !parts)
        return aisle_nomem(err);
    status = read_parts(&r, parts, &n, err);
    if (status == AISLE_OK) {
        *out = parts;
        *count = n;
    }
    return status;
}

const struct http_part *http_part_named(const struct http_part *parts, size_t count,
                                        const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(parts[i].name, name))
            return &parts[i];
    return NULL;
}
