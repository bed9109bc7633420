#include "sandbox/journal.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

enum { MAX_COUNTED = 256, MAX_SHOWN_PATH = 160 };

/* How often a path answered with a code. */
struct counted {
    char path[MAX_SHOWN_PATH + 16]; /* with the method before it */
    char code[24];
    uint64_t calls;
};

struct entry {
    uint64_t number;
    char *line;
};

struct journal {
    pthread_mutex_t lock;
    FILE *file;            /* or NULL */
    struct entry *entries; /* by number; what found no memory is missing */
    size_t count, cap;
    uint64_t next;
    struct counted counted[MAX_COUNTED];
    size_t counted_count;
};

enum aisle_status journal_open(struct str file, struct journal **out,
                               struct aisle_err *err)
{
    struct journal *j = mem_zalloc(1, sizeof *j);
    char *name = mem_dup(file.p, file.n);
    enum aisle_status status = AISLE_OK;

    if (!j || !name)
        status = aisle_nomem(err);
    if (status == AISLE_OK && file.n) {
        j->file = fopen(name, "ae"); /* e: close on exec */
        if (!j->file)
            status = aisle_fail(err, AISLE_CONFIG, "cannot write %s: %s", name,
                                strerror(errno));
    }
    mem_free(name);
    if (status) {
        mem_free(j);
        return status;
    }
    j->next = 1;
    pthread_mutex_init(&j->lock, NULL);
    *out = j;
    return AISLE_OK;
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    journal_forget(j);
    mem_free(j->entries);
    if (j->file)
        fclose(j->file);
    pthread_mutex_destroy(&j->lock);
    mem_free(j);
}

void journal_forget(struct journal *j)
{
    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->count; i++)
        mem_free(j->entries[i].line);
    j->count = 0;
    j->counted_count = 0;
    pthread_mutex_unlock(&j->lock);
}

static bool is_secret(struct str name)
{
    static const char *const secret[] = {
        "sign",          "access_token", "app_secret",    "auth_code",
        "refresh_token", "shop_cipher",  "client_secret", "code",
    };

    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (str_eq_nocase(name, str_of(secret[i])))
            return true;
    return false;
}

static void put_query(struct json_out *json, const struct http_request *r)
{
    json_key(json, "query");
    json_open(json);
    for (size_t i = 0; i < r->arg_count; i++) {
        char name[64];

        if (is_secret(r->args[i].name) || r->args[i].name.n >= sizeof name)
            continue;
        memcpy(name, r->args[i].name.p, r->args[i].name.n);
        name[r->args[i].name.n] = '\0';
        json_add_str(json, name, r->args[i].value);
    }
    json_close(json);
}

static void put_some(struct json_out *json, const char *key, struct str text)
{
    if (!str_empty(text))
        json_add_str(json, key, text);
}

static void put_time(struct json_out *json, int64_t now_ms)
{
    char to_second[TIME_LEN + 1], whole[TIME_LEN + 8];

    time_format(now_ms / 1000, to_second);
    snprintf(whole, sizeof whole, "%.*s.%03dZ", TIME_LEN - 1, to_second,
             (int)(now_ms % 1000));
    json_add_str(json, "time", str_of(whole));
}

static void write_entry(struct buf *out, uint64_t number, int64_t now_ms,
                        const struct http_request *r, const struct note *note)
{
    struct json_out json = {.buf = out};

    json_open(&json);
    json_add_int(&json, "seq", (int64_t)number);
    put_time(&json, now_ms);
    json_add_str(&json, "method", r->method);
    json_add_str(&json, "path", r->path);
    put_query(&json, r);
    put_some(&json, "shop", note->shop);
    put_some(&json, "title", note->title);
    put_some(&json, "keyword", note->keyword);
    put_some(&json, "image", note->image);
    put_some(&json, "digest", note->digest);
    json_add_int(&json, "status", note->status);
    put_some(&json, "code", note->code);
    put_some(&json, "leaf", note->leaf);
    put_some(&json, "uri", note->uri);
    put_some(&json, "fault", note->fault);
    if (note->delay_ms)
        json_add_int(&json, "delay_ms", note->delay_ms);
    put_some(&json, "request_id", note->request_id);
    put_some(&json, "body", note->body);
    json_close(&json);
}

static void count(struct journal *j, const struct http_request *r,
                  const struct note *note)
{
    char path[sizeof j->counted->path], code[sizeof j->counted->code];
    struct str shown = str_empty(note->group) ? r->path : note->group;
    size_t at = 0;

    snprintf(path, sizeof path, "%.*s %.*s", STR_ARG(str_head(r->method, 12)),
             STR_ARG(str_head(shown, MAX_SHOWN_PATH)));
    if (str_empty(note->code))
        snprintf(code, sizeof code, "HTTP %d", note->status);
    else
        snprintf(code, sizeof code, "%.*s", STR_ARG(str_head(note->code, 23)));
    while (at < j->counted_count && (strcmp(j->counted[at].path, path) != 0 ||
                                     strcmp(j->counted[at].code, code) != 0))
        at++;
    if (at == MAX_COUNTED)
        return;
    if (at == j->counted_count) {
        j->counted[at].calls = 0;
        memcpy(j->counted[at].path, path, sizeof path);
        memcpy(j->counted[at].code, code, sizeof code);
        j->counted_count++;
    }
    j->counted[at].calls++;
}

static void keep(struct journal *j, uint64_t number, char *line)
{
    if (line && j->count == j->cap) {
        size_t cap = j->cap ? j->cap * 2 : 1024;
        struct entry *entries = mem_realloc(j->entries, cap * sizeof *entries);

        if (entries) {
            j->entries = entries;
            j->cap = cap;
        }
    }
    if (line && j->count < j->cap)
        j->entries[j->count++] = (struct entry){number, line};
    else
        mem_free(line);
}

uint64_t journal_add(struct journal *j, int64_t now_ms, const struct http_request *r,
                     const struct note *note)
{
    struct buf line = BUF_INIT(BUF_MAX_LINE);
    uint64_t number;

    pthread_mutex_lock(&j->lock);
    number = j->next++;
    count(j, r, note);
    write_entry(&line, number, now_ms, r, note);
    buf_addc(&line, '\n');
    if (j->file && !line.failed) {
        fwrite(line.p, 1, line.n, j->file);
        fflush(j->file);
    }
    keep(j, number, buf_take(&line));
    pthread_mutex_unlock(&j->lock);
    return number;
}

void journal_read(struct journal *j, uint64_t from, struct buf *out)
{
    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->count; i++)
        if (j->entries[i].number >= from)
            buf_addz(out, j->entries[i].line);
    pthread_mutex_unlock(&j->lock);
}

uint64_t journal_total(struct journal *j)
{
    uint64_t total = 0;

    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->counted_count; i++)
        total += j->counted[i].calls;
    pthread_mutex_unlock(&j->lock);
    return total;
}

static bool seen_before(const struct journal *j, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(j->counted[i].path, j->counted[at].path) == 0)
            return true;
    return false;
}

static void put_path(struct json_out *json, const struct journal *j, const char *path)
{
    int64_t calls = 0;

    json_key(json, path);
    json_open(json);
    json_key(json, "codes");
    json_open(json);
    for (size_t i = 0; i < j->counted_count; i++) {
        if (strcmp(j->counted[i].path, path) != 0)
            continue;
        json_add_int(json, j->counted[i].code, (int64_t)j->counted[i].calls);
        calls += (int64_t)j->counted[i].calls;
    }
    json_close(json);
    json_add_int(json, "calls", calls);
    json_close(json);
}

void journal_counts(struct journal *j, struct buf *out)
{
    struct json_out json = {.buf = out};

    pthread_mutex_lock(&j->lock);
    json_open(&json);
    for (size_t i = 0; i < j->counted_count; i++)
        if (!seen_before(j, i))
            put_path(&json, j, j->counted[i].path);
    json_close(&json);
    pthread_mutex_unlock(&j->lock);
}
