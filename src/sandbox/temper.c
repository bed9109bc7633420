#include "sandbox/temper.h"

#include "base/json.h"
#include "base/mem.h"
#include "sandbox/lexicon.h"

#include <pthread.h>

enum {
    MAX_PATH = 128,
    MAX_COUNTED = 4 << 20,
    MAX_KEPT = 32,
    MAX_KEPT_BYTES = 256 * 1024
};

struct counted {
    uint64_t question; /* 0: a free cell */
    uint32_t times;
};

/* The last answer on a path. */
struct kept {
    char path[MAX_PATH];
    struct http_reply reply;
    char code[32], leaf[64], uri[128], request_id[40];
};

struct temper {
    pthread_mutex_t lock;
    uint64_t seed;
    struct sandbox_fault dial[SANDBOX_MAX_FAULTS];
    char paths[SANDBOX_MAX_FAULTS][MAX_PATH]; /* what the dial's paths point to */
    size_t count;
    struct counted *cells; /* open addressing */
    size_t cell_count, used;
    struct kept kept[MAX_KEPT];
    size_t kept_count;
};

enum aisle_status temper_new(uint64_t seed, const struct sandbox_fault *faults,
                             size_t count, struct temper **out, struct aisle_err *err)
{
    struct temper *t = mem_zalloc(1, sizeof *t);
    enum aisle_status status;

    if (!t)
        return aisle_nomem(err);
    t->seed = seed;
    pthread_mutex_init(&t->lock, NULL);
    status = temper_set(t, faults, count, err);
    if (status == AISLE_OK)
        *out = t;
    else
        temper_free(t);
    return status;
}

static void drop_kept(struct temper *t)
{
    for (size_t i = 0; i < t->kept_count; i++)
        http_reply_clear(&t->kept[i].reply);
    t->kept_count = 0;
}

void temper_free(struct temper *t)
{
    if (!t)
        return;
    drop_kept(t);
    mem_free(t->cells);
    pthread_mutex_destroy(&t->lock);
    mem_free(t);
}

static enum aisle_status check_dial(const struct sandbox_fault *faults, size_t count,
                                    struct aisle_err *err)
{
    if (count > SANDBOX_MAX_FAULTS)
        return aisle_fail(err, AISLE_LIMIT, "more than %d faults", SANDBOX_MAX_FAULTS);
    for (size_t i = 0; i < count; i++) {
        enum aisle_status status = sandbox_fault_check(&faults[i], err);

        if (status)
            return status;
        if (faults[i].path.n >= MAX_PATH)
            return aisle_fail(err, AISLE_INVALID, "the path of %s is too long",
                              sandbox_fault_name(faults[i].kind));
    }
    return AISLE_OK;
}

enum aisle_status temper_set(struct temper *t, const struct sandbox_fault *faults,
                             size_t count, struct aisle_err *err)
{
    enum aisle_status status = check_dial(faults, count, err);

    if (status)
        return status;
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < count; i++) {
        t->dial[i] = faults[i];
        memcpy(t->paths[i], faults[i].path.n ? faults[i].path.p : "", faults[i].path.n);
        t->dial[i].path = str_n(t->paths[i], faults[i].path.n);
    }
    t->count = count;
    pthread_mutex_unlock(&t->lock);
    return AISLE_OK;
}

void temper_show(struct temper *t, struct buf *out)
{
    struct json_out json = {.buf = out};

    pthread_mutex_lock(&t->lock);
    json_open_list(&json);
    for (size_t i = 0; i < t->count; i++) {
        const struct sandbox_fault *f = &t->dial[i];

        json_open(&json);
        json_add_str(&json, "kind", str_of(sandbox_fault_name(f->kind)));
        json_add_num(&json, "rate", f->rate);
        json_add_str(&json, "path", f->path);
        json_add_int(&json, "ms", f->ms);
        json_add_int(&json, "status", f->status);
        json_add_int(&json, "retry_after_s", f->retry_after_s);
        json_add_bool(&json, "html", f->html);
        json_close(&json);
    }
    json_close_list(&json);
    pthread_mutex_unlock(&t->lock);
}

void temper_forget(struct temper *t)
{
    pthread_mutex_lock(&t->lock);
    mem_free(t->cells);
    t->cells = NULL;
    t->cell_count = t->used = 0;
    drop_kept(t);
    pthread_mutex_unlock(&t->lock);
}

static struct counted *cell_of(struct counted *cells, size_t count, uint64_t question)
{
    size_t at = question & (count - 1);

    while (cells[at].question && cells[at].question != question)
        at = (at + 1) & (count - 1);
    return &cells[at];
}

static bool grow(struct temper *t)
{
    size_t count = t->cell_count ? t->cell_count * 2 : 1024;
    struct counted *cells;

    if (t->used * 2 < t->cell_count)
        return true;
    if (count > MAX_COUNTED)
        return false;
    cells = mem_zalloc(count, sizeof *cells);
    if (!cells)
        return false;
    for (size_t i = 0; i < t->cell_count; i++)
        if (t->cells[i].question)
            *cell_of(cells, count, t->cells[i].question) = t->cells[i];
    mem_free(t->cells);
    t->cells = cells;
    t->cell_count = count;
    return true;
}

/* How often it was asked before; what does not fit is new each time. */
static uint32_t count_question(struct temper *t, uint64_t question)
{
    struct counted *cell;

    question = question ? question : 1;
    if (!grow(t))
        return 0;
    cell = cell_of(t->cells, t->cell_count, question);
    if (!cell->question)
        t->used++;
    cell->question = question;
    return cell->times++;
}

static bool fits(const struct sandbox_fault *f, struct str path)
{
    return str_empty(f->path) || str_find(path, f->path) < path.n;
}

void temper_judge(struct temper *t, struct str path, uint64_t question, struct mood *mood)
{
    uint64_t asked = chance_of(t->seed ^ question, path);

    *mood = (struct mood){0};
    pthread_mutex_lock(&t->lock);
    mood->chance = chance_of(asked + count_question(t, asked), STR_LIT("call"));
    for (size_t i = 0; i < t->count; i++) {
        const struct sandbox_fault *f = &t->dial[i];
        uint64_t chance =
            chance_of(mood->chance + i, str_of(sandbox_fault_name(f->kind)));

        if (mood->has[f->kind] || !fits(f, path) || chance_unit(chance) >= f->rate)
            continue;
        mood->has[f->kind] = true;
        mood->fault[f->kind] = *f;
        mood->fault[f->kind].path = (struct str){0};
    }
    pthread_mutex_unlock(&t->lock);
}

bool temper_decides(struct temper *t, enum sandbox_fault_kind kind, struct str path,
                    struct str title, uint64_t *chance)
{
    bool decided = false;

    *chance = chance_of(t->seed ^ ((uint64_t)kind << 56), title);
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->count && !decided; i++)
        decided = t->dial[i].kind == kind && fits(&t->dial[i], path) &&
                  chance_unit(*chance) < t->dial[i].rate;
    pthread_mutex_unlock(&t->lock);
    return decided;
}

static bool has_duplicates(const struct temper *t, struct str path)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->dial[i].kind == FAULT_DUPLICATE && fits(&t->dial[i], path))
            return true;
    return false;
}

static struct kept *find_kept(struct temper *t, struct str path)
{
    for (size_t i = 0; i < t->kept_count; i++)
        if (str_is(path, t->kept[i].path))
            return &t->kept[i];
    return NULL;
}

static void copy_reply(const struct http_reply *from, struct http_reply *to)
{
    http_reply_clear(to);
    to->status = from->status;
    buf_add(&to->body, buf_str(&from->body));
    to->middle = http_shared_ref(from->middle);
    buf_add(&to->tail, buf_str(&from->tail));
    buf_add(&to->headers, buf_str(&from->headers));
    to->header_count = from->header_count;
}

static void copy_text(char *out, size_t room, struct str text)
{
    text = str_head(text, room - 1);
    if (text.n)
        memcpy(out, text.p, text.n);
    out[text.n] = '\0';
}

void temper_keep(struct temper *t, struct str path, const struct http_reply *reply,
                 const struct note *note)
{
    struct kept *kept;

    if (reply->body.n + reply->tail.n > MAX_KEPT_BYTES || path.n >= MAX_PATH)
        return;
    pthread_mutex_lock(&t->lock);
    kept = find_kept(t, path);
    if (has_duplicates(t, path) && (kept || t->kept_count < MAX_KEPT)) {
        if (!kept) {
            kept = &t->kept[t->kept_count++];
            http_reply_init(&kept->reply);
        }
        copy_text(kept->path, sizeof kept->path, path);
        copy_text(kept->code, sizeof kept->code, note->code);
        copy_text(kept->leaf, sizeof kept->leaf, note->leaf);
        copy_text(kept->uri, sizeof kept->uri, note->uri);
        copy_text(kept->request_id, sizeof kept->request_id, note->request_id);
        copy_reply(reply, &kept->reply);
    }
    pthread_mutex_unlock(&t->lock);
}

bool temper_repeat(struct temper *t, struct str path, struct http_reply *reply,
                   struct arena *arena, struct note *note)
{
    const struct kept *kept;

    pthread_mutex_lock(&t->lock);
    kept = find_kept(t, path);
    if (kept) {
        copy_reply(&kept->reply, reply);
        note->status = kept->reply.status;
        note->code = arena_str(arena, str_of(kept->code));
        note->leaf = arena_str(arena, str_of(kept->leaf));
        note->uri = arena_str(arena, str_of(kept->uri));
        note->request_id = arena_str(arena, str_of(kept->request_id));
    }
    pthread_mutex_unlock(&t->lock);
    return kept != NULL;
}

/* A reply's pieces, sent up to a point, at once or in drops. */
struct spoiled {
    struct buf body, tail;
    struct http_shared *middle;
    size_t at, stop;  /* the next byte, and the first that is not sent */
    size_t drop;      /* bytes between two rests; 0: none */
    size_t rested_at; /* where the last rest was */
    int64_t wait_ms;
    enum http_pull last;
};

static size_t copy_piece(struct str piece, size_t from, char *out, size_t room)
{
    struct str rest = str_head(str_skip(piece, from), room);

    if (rest.n)
        memcpy(out, rest.p, rest.n);
    return rest.n;
}

/* Bytes from `at` on, at most room of them, out of whichever piece it is in. */
static size_t copy_at(const struct spoiled *s, size_t at, char *out, size_t room)
{
    struct str pieces[3] = {buf_str(&s->body), http_shared_str(s->middle),
                            buf_str(&s->tail)};

    for (int i = 0; i < 3; i++) {
        if (at < pieces[i].n)
            return copy_piece(pieces[i], at, out, room);
        at -= pieces[i].n;
    }
    return 0;
}

static enum http_pull pull_spoiled(void *ctx, char *out, size_t room, size_t *n,
                                   int64_t *wait_ms)
{
    struct spoiled *s = ctx;

    if (s->at == s->stop)
        return s->last;
    if (s->drop && s->at > s->rested_at && (s->at - s->rested_at) >= s->drop) {
        s->rested_at = s->at;
        *wait_ms = s->wait_ms;
        return HTTP_WAIT;
    }
    if (s->drop && room > s->drop)
        room = s->drop;
    if (room > s->stop - s->at)
        room = s->stop - s->at;
    *n = copy_at(s, s->at, out, room);
    s->at += *n;
    return HTTP_PULLED;
}

static void close_spoiled(void *ctx)
{
    struct spoiled *s = ctx;

    buf_clear(&s->body);
    buf_clear(&s->tail);
    http_shared_drop(s->middle);
    mem_free(s);
}

bool temper_spoil(const struct mood *mood, struct http_reply *reply)
{
    enum { DROPS = 10 };
    size_t whole = http_reply_length(reply);
    const struct sandbox_fault *slow = &mood->fault[FAULT_SLOW];
    struct spoiled *s = mem_zalloc(1, sizeof *s);

    if (!s)
        return false;
    s->stop = whole;
    s->last = HTTP_END;
    if (mood->has[FAULT_SLOW]) {
        s->drop = whole / DROPS + 1;
        s->wait_ms = (slow->ms ? slow->ms : 2000) / DROPS;
    }
    if (mood->has[FAULT_CUT] || mood->has[FAULT_RESET]) {
        s->stop = whole / 2;
        s->last = mood->has[FAULT_CUT] ? HTTP_BREAK : HTTP_RESET;
    }
    s->body = reply->body;
    s->tail = reply->tail;
    s->middle = reply->middle;
    reply->body = (struct buf)BUF_INIT(BUF_MAX_REPLY);
    reply->tail = (struct buf)BUF_INIT(BUF_MAX_REPLY);
    reply->middle = NULL;
    reply->source = (struct http_source){pull_spoiled, close_spoiled, s, (int64_t)whole};
    return true;
}
