#include "feeds/jsonl.h"

#include "base/status.h"

#include <stdio.h>

enum { BLOCK = 64 * 1024 };

void jsonl_open(struct jsonl *j, struct feed_source source)
{
    *j = (struct jsonl){
        .source = source, .line = 1, .window = BUF_INIT(2 * JSONL_MAX_LINE + 4 * BLOCK)};
}

static void drop_object(struct jsonl_row *row)
{
    json_decref(row->object);
    row->object = NULL;
}

void jsonl_close(struct jsonl *j, struct jsonl_row *row)
{
    drop_object(row);
    buf_clear(&j->window);
}

static enum aisle_status fill(struct jsonl *j, struct aisle_err *err)
{
    enum aisle_status status;
    size_t n;

    if (j->at >= BLOCK && j->at >= j->window.n / 2) {
        memmove(j->window.p, j->window.p + j->at, j->window.n - j->at);
        j->window.n -= j->at;
        j->at = 0;
    }
    if (!buf_room(&j->window, BLOCK))
        return buf_check(&j->window, "line", err);
    status = j->source.read(j->source.ctx, j->window.p + j->window.n, BLOCK, &n, err);
    if (status != AISLE_OK)
        return status;
    j->window.n += n;
    j->at_end = n == 0;
    return AISLE_OK;
}

static struct str ahead(const struct jsonl *j)
{
    return str_skip(buf_str(&j->window), j->at);
}

/* The next line, without its end; *has_room is false for one that is too long, of which
 * only the end was looked for. */
static enum aisle_status next_line(struct jsonl *j, struct str *line, bool *has_room,
                                   struct aisle_err *err)
{
    size_t looked = 0;

    *has_room = true;
    for (;;) {
        struct str rest = ahead(j);
        size_t end = looked + str_find_char(str_skip(rest, looked), '\n');
        enum aisle_status status;

        if (end < rest.n || j->at_end) {
            *line = str_head(rest, end);
            j->at += end + (end < rest.n);
            j->line++;
            return AISLE_OK;
        }
        looked = rest.n;
        if (rest.n > JSONL_MAX_LINE) {
            *has_room = false;
            j->at += rest.n;
            looked = 0;
        }
        status = fill(j, err);
        if (status != AISLE_OK)
            return status;
    }
}

/* The line as an object; what is wrong with it in why. AISLE_NOMEM alone is a failure. */
static enum aisle_status read_object(struct str line, struct jsonl_row *row,
                                     struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status =
        json_read(line, JSONL_MAX_LINE, "line", &row->object, &why);

    if (status == AISLE_NOMEM)
        return aisle_nomem(err);
    if (status != AISLE_OK) {
        const char *place = strstr(why.text, ", line "); /* which is always 1 */

        row->object = NULL;
        snprintf(row->why, sizeof row->why, "%.*s",
                 (int)(place ? place - why.text : (long)strlen(why.text)), why.text);
    } else if (!json_is_object(row->object)) {
        drop_object(row);
        snprintf(row->why, sizeof row->why, "line is JSON, but no object");
    }
    return AISLE_OK;
}

enum aisle_status jsonl_next(struct jsonl *j, struct jsonl_row *row,
                             struct aisle_err *err)
{
    struct str line;
    bool has_room;

    drop_object(row);
    do {
        enum aisle_status status;

        row->line = j->line;
        status = next_line(j, &line, &has_room, err);
        if (status != AISLE_OK)
            return status;
        if (row->line == 1 && str_starts(line, "\xEF\xBB\xBF"))
            line = str_skip(line, 3);
        line = str_trim(line);
    } while (has_room && str_empty(line) && !(j->at_end && str_empty(ahead(j))));

    if (has_room && str_empty(line)) {
        row->line = 0;
        return AISLE_OK;
    }
    if (has_room)
        return read_object(line, row, err);
    snprintf(row->why, sizeof row->why, "line is over %d MiB",
             JSONL_MAX_LINE / (1024 * 1024));
    return AISLE_OK;
}
