#include "sandbox/images.h"

#include "base/mem.h"

#include <pthread.h>

struct image {
    char *uri;
    struct image_facts facts;
    struct http_shared *bytes; /* NULL: made way */
    size_t size;
};

struct images {
    pthread_mutex_t lock;
    struct image *list; /* in the order they came */
    size_t count, cap;
    uint32_t *by_uri; /* open addressing */
    size_t cells;
    size_t memory, used;
    size_t oldest; /* the first that may still have bytes */
};

#define NONE UINT32_MAX

enum aisle_status images_new(size_t memory, struct images **out, struct aisle_err *err)
{
    struct images *i = mem_zalloc(1, sizeof *i);

    if (!i)
        return aisle_nomem(err);
    i->memory = memory;
    pthread_mutex_init(&i->lock, NULL);
    *out = i;
    return AISLE_OK;
}

void images_forget(struct images *i)
{
    pthread_mutex_lock(&i->lock);
    for (size_t k = 0; k < i->count; k++) {
        mem_free(i->list[k].uri);
        http_shared_drop(i->list[k].bytes);
    }
    mem_free(i->by_uri);
    i->by_uri = NULL;
    i->cells = i->count = i->used = i->oldest = 0;
    pthread_mutex_unlock(&i->lock);
}

void images_free(struct images *i)
{
    if (!i)
        return;
    images_forget(i);
    mem_free(i->list);
    pthread_mutex_destroy(&i->lock);
    mem_free(i);
}

static uint32_t *cell_of(const struct images *i, struct str uri)
{
    size_t at = str_hash(uri) & (i->cells - 1);

    while (i->by_uri[at] != NONE && !str_is(uri, i->list[i->by_uri[at]].uri))
        at = (at + 1) & (i->cells - 1);
    return &i->by_uri[at];
}

static struct image *find(const struct images *i, struct str uri)
{
    uint32_t at = i->cells && i->list ? *cell_of(i, uri) : NONE;

    return at == NONE ? NULL : &i->list[at];
}

static bool grow_index(struct images *i)
{
    size_t cells = i->cells ? i->cells * 2 : 256;
    uint32_t *by_uri;

    if (i->count * 2 < i->cells)
        return true;
    by_uri = mem_alloc(cells * sizeof *by_uri);
    if (!by_uri)
        return false;
    memset(by_uri, 0xff, cells * sizeof *by_uri);
    mem_free(i->by_uri);
    i->by_uri = by_uri;
    i->cells = cells;
    for (uint32_t k = 0; k < i->count; k++)
        *cell_of(i, str_of(i->list[k].uri)) = k;
    return true;
}

static bool grow_list(struct images *i)
{
    size_t cap = i->cap ? i->cap * 2 : 128;
    struct image *list;

    if (i->list && i->count < i->cap)
        return true;
    list = mem_realloc(i->list, cap * sizeof *list);
    if (!list)
        return false;
    i->list = list;
    i->cap = cap;
    return true;
}

static void make_way(struct images *i, size_t size)
{
    while (i->used + size > i->memory && i->oldest < i->count) {
        struct image *image = &i->list[i->oldest++];

        if (image->bytes)
            i->used -= image->size;
        http_shared_drop(image->bytes);
        image->bytes = NULL;
    }
}

static struct http_shared *share(struct str bytes)
{
    struct buf copy = BUF_INIT(BUF_MAX_IMAGE);
    struct http_shared *shared;

    buf_add(&copy, bytes);
    shared = copy.failed ? NULL : http_shared_new(&copy);
    buf_clear(&copy);
    return shared;
}

/* Called with the lock. */
static bool add(struct images *i, struct str uri, const struct image_facts *facts,
                struct str bytes)
{
    struct image image = {.facts = *facts, .size = bytes.n};
    uint32_t at = (uint32_t)i->count;

    if (!grow_list(i) || !grow_index(i))
        return false;
    image.uri = mem_dup(uri.p, uri.n);
    if (!image.uri)
        return false;
    make_way(i, bytes.n);
    if (i->used + bytes.n <= i->memory)
        image.bytes = share(bytes);
    if (image.bytes)
        i->used += bytes.n;
    *cell_of(i, uri) = at;
    i->list[i->count++] = image;
    return true;
}

enum aisle_status images_put(struct images *i, struct str uri,
                             const struct image_facts *facts, struct str bytes,
                             struct aisle_err *err)
{
    bool done;

    pthread_mutex_lock(&i->lock);
    done = find(i, uri) || add(i, uri, facts, bytes);
    pthread_mutex_unlock(&i->lock);
    return done ? AISLE_OK : aisle_nomem(err);
}

bool images_know(struct images *i, struct str uri)
{
    bool known;

    pthread_mutex_lock(&i->lock);
    known = find(i, uri) != NULL;
    pthread_mutex_unlock(&i->lock);
    return known;
}

bool images_facts(struct images *i, struct str uri, struct image_facts *out)
{
    const struct image *image;

    pthread_mutex_lock(&i->lock);
    image = find(i, uri);
    if (image)
        *out = image->facts;
    pthread_mutex_unlock(&i->lock);
    return image != NULL;
}

struct http_shared *images_bytes(struct images *i, struct str uri, enum image_kind *kind)
{
    const struct image *image;
    struct http_shared *bytes = NULL;

    pthread_mutex_lock(&i->lock);
    image = find(i, uri);
    if (image) {
        *kind = image->facts.kind;
        bytes = http_shared_ref(image->bytes);
    }
    pthread_mutex_unlock(&i->lock);
    return bytes;
}

size_t images_count(struct images *i)
{
    size_t count;

    pthread_mutex_lock(&i->lock);
    count = i->count;
    pthread_mutex_unlock(&i->lock);
    return count;
}
