#include "sandbox/answers.h"

#include "base/mem.h"

enum { MAX_KEPT = 64, MAX_KEY = 32 };

struct kept_answer {
    char key[MAX_KEY];
    struct http_shared *text;
};

struct answers {
    struct kept_answer kept[MAX_KEPT];
    size_t count;
};

void answers_free(struct answers *a)
{
    for (size_t i = 0; a && i < a->count; i++)
        http_shared_drop(a->kept[i].text);
    mem_free(a);
}

static struct http_shared *find(const struct tree *t, struct str key)
{
    const struct answers *a = t->answers;

    for (size_t i = 0; a && i < a->count; i++)
        if (str_is(key, a->kept[i].key))
            return a->kept[i].text;
    return NULL;
}

static void keep(struct tree *t, struct str key, struct http_shared *text)
{
    struct answers *a = t->answers;

    if (!a)
        a = t->answers = mem_zalloc(1, sizeof *a);
    if (!a || a->count == MAX_KEPT || key.n >= MAX_KEY)
        return;
    memcpy(a->kept[a->count].key, key.p, key.n);
    a->kept[a->count++].text = http_shared_ref(text);
}

static struct http_shared *write_new(struct tree *t, struct str key,
                                     answer_write_fn *write, void *ctx)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    struct http_shared *shared;

    write(ctx, &text);
    shared = text.failed ? NULL : http_shared_new(&text);
    if (shared)
        keep(t, key, shared);
    buf_clear(&text);
    return shared;
}

struct http_shared *tree_answer(struct tree *t, struct str key, answer_write_fn *write,
                                void *ctx)
{
    struct http_shared *text;

    pthread_mutex_lock(&t->lock);
    text = http_shared_ref(find(t, key));
    if (!text)
        text = write_new(t, key, write, ctx);
    pthread_mutex_unlock(&t->lock);
    return text;
}
