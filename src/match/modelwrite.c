/* modelwrite.c - section by section, each appended behind the last */
#include "match/modelwrite.h"

#include "base/mem.h"
#include "match/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

struct writing {
    const struct taxonomy *tree;
    const struct problem *problem;
    const struct linear_weights *weights;
    const float *trust; /* of each leaf */
    struct model_header *header;
    struct buf *out;
    size_t base; /* where the model begins in out */
    struct buf strings, lists, holders, pulls;
    uint32_t *firsts; /* of each feature: in lists or holders */
    uint16_t *counts;
    float *spread; /* one feature's weights */
};

static void add_bytes(struct buf *b, const void *p, size_t n)
{
    buf_add(b, str_n(p, n));
}

static void begin_section(struct writing *w, enum model_section section)
{
    static const char zeros[8] = {0};
    size_t over = (w->out->n - w->base) % 8;

    buf_add(w->out, str_n(zeros, over ? 8 - over : 0));
    w->header->sections[section].at = w->out->n - w->base;
}

static void end_section(struct writing *w, enum model_section section)
{
    w->header->sections[section].bytes =
        w->out->n - w->base - w->header->sections[section].at;
}

static void add_section(struct writing *w, enum model_section section,
                        const struct buf *bytes)
{
    begin_section(w, section);
    buf_add(w->out, buf_str(bytes));
    end_section(w, section);
}

static uint32_t add_string(struct writing *w, struct str s)
{
    uint32_t at = (uint32_t)w->strings.n;

    buf_add(&w->strings, s);
    return at;
}

static void write_nodes(struct writing *w)
{
    const struct linear_problem *l = &w->problem->linear;

    begin_section(w, SECTION_NODES);
    for (uint32_t n = 0; n < l->nodes; n++) {
        struct str id =
            n < l->tree_nodes ? w->tree->rows[w->problem->rows[n]].id : (struct str){0};
        struct model_node node = {
            .id_at = add_string(w, id),
            .id_bytes = (uint16_t)id.n,
            .parent = l->parents[n],
            .bias = w->weights->bias[n],
            .trust = n < l->leaves ? w->trust[n] : 0,
        };

        add_bytes(w->out, &node, sizeof node);
    }
    end_section(w, SECTION_NODES);
}

static void write_links(struct writing *w)
{
    const struct linear_problem *l = &w->problem->linear;

    begin_section(w, SECTION_LINKS);
    add_bytes(w->out, l->links, l->link_count * sizeof *l->links);
    end_section(w, SECTION_LINKS);
}

static int share_of(float weight, float scale)
{
    return (int)lroundf(weight / scale * PACKED_MOST);
}

static float largest(const float *weights, uint32_t count)
{
    float most = 1e-12F;

    for (uint32_t i = 0; i < count; i++)
        most = fabsf(weights[i]) > most ? fabsf(weights[i]) : most;
    return most;
}

/* One weight a node, until the next call. */
static const float *spread(const struct writing *w, const struct linear_own *own)
{
    uint32_t width = w->weights->width;

    if (own->all)
        return own->all;
    memset(w->spread, 0, width * sizeof *w->spread);
    for (uint32_t i = 0; i < own->room; i++)
        if (own->some[i].node != width)
            w->spread[own->some[i].node] = own->some[i].by;
    return w->spread;
}

/* The weights of one common feature: the scale, then those that matter. */
static void pack_feature(struct writing *w, uint32_t f, const struct linear_own *own)
{
    const float *weights = spread(w, own);
    const struct linear_problem *l = &w->problem->linear;
    float scale = largest(weights, l->nodes);
    uint16_t count = 0;

    w->firsts[f] = (uint32_t)(w->lists.n / sizeof(uint32_t));
    add_bytes(&w->lists, &scale, sizeof scale);
    for (uint32_t n = 0; n < l->nodes && count < UINT16_MAX; n++) {
        uint32_t packed = packed_make(n, share_of(weights[n], scale));

        if (fabsf(weights[n] * w->problem->idf[f]) < MODEL_SLIGHT ||
            packed_share(packed) == 0)
            continue;
        add_bytes(&w->lists, &packed, sizeof packed);
        count++;
    }
    if (count == 0) { /* says nothing, and is known all the same */
        uint32_t packed = packed_make(0, share_of(weights[0], scale));

        add_bytes(&w->lists, &packed, sizeof packed);
        count = 1;
    }
    w->counts[f] = count;
}

static void pack_features(struct writing *w)
{
    const struct linear_problem *l = &w->problem->linear;
    const struct linear_weights *lw = w->weights;

    for (uint32_t f = 0; f < l->features; f++) {
        if (f < lw->own_count) {
            pack_feature(w, f, &lw->weights[f]);
            continue;
        }
        w->firsts[f] = (uint32_t)(w->holders.n / sizeof(uint32_t));
        w->counts[f] = (uint16_t)l->counts[f];
        for (uint32_t i = lw->holder_firsts[f]; i < lw->holder_firsts[f + 1]; i++)
            add_bytes(&w->holders, &lw->holders[i].row, sizeof(uint32_t));
    }
}

static uint8_t rarity_of(float idf)
{
    float steps = roundf(idf / MODEL_RARITY_STEP);

    return (uint8_t)(steps < 1 ? 1 : steps > 255 ? 255 : steps);
}

static enum aisle_status write_features(struct writing *w, struct aisle_err *err)
{
    const struct problem *p = w->problem;
    uint32_t size = p->linear.features + p->linear.features / 3 + 16;
    struct model_feature *table = mem_zalloc(size, sizeof *table);

    if (!table)
        return aisle_nomem(err);
    for (uint32_t f = 0; f < p->linear.features; f++) {
        uint32_t i = model_feature_home(p->keys[f], size);

        if (w->counts[f] == 0)
            continue;
        while (table[i].count > 0)
            i = i + 1 < size ? i + 1 : 0;
        table[i] = (struct model_feature){
            .print = (uint32_t)(p->keys[f] >> 32),
            .first = w->firsts[f],
            .count = w->counts[f],
            .block =
                (uint8_t)(p->blocks[f] | (f < w->weights->own_count ? MODEL_OWN : 0)),
            .rarity = rarity_of(p->idf[f]),
        };
    }
    begin_section(w, SECTION_FEATURES);
    add_bytes(w->out, table, size * sizeof *table);
    end_section(w, SECTION_FEATURES);
    mem_free(table);
    return AISLE_OK;
}

static void pack_pulls(struct writing *w, const struct linear_pulls *pulls,
                       struct model_row *row)
{
    row->pulls = (uint32_t)(w->pulls.n / sizeof(uint32_t));
    row->pull_scale = largest(pulls->by, pulls->n);
    for (uint32_t i = 0; i < pulls->n; i++) {
        uint32_t packed =
            packed_make(pulls->node[i], share_of(pulls->by[i], row->pull_scale));

        if (packed_share(packed) == 0)
            continue;
        add_bytes(&w->pulls, &packed, sizeof packed);
        row->pull_count++;
    }
}

/* What a row's rare features are multiplied with, block by block. */
static void note_scales(const struct problem *p, uint32_t r, struct model_row *row)
{
    for (uint32_t i = p->linear.firsts[r]; i < p->linear.firsts[r + 1]; i++) {
        uint32_t f = p->linear.values[i].feature;

        row->scale[p->blocks[f]] = p->linear.values[i].x / p->idf[f];
    }
}

/* The beginning of a title, not cut in the middle of a letter. */
static struct str clip(struct str title)
{
    size_t at = 0, n = 0;

    while (at < title.n && at <= MODEL_TEXT) {
        n = at;
        utf8_next(title, &at);
    }
    return str_head(title, at <= MODEL_TEXT ? at : n);
}

static void write_rows(struct writing *w)
{
    const struct problem *p = w->problem;

    begin_section(w, SECTION_ROWS);
    for (uint32_t r = 0; r < p->linear.rows; r++) {
        struct model_row row = {.label = p->linear.labels[r]};

        if (p->sources[r]) {
            struct str title = clip(p->sources[r]->text.title);

            row.text_at = add_string(w, title);
            row.text_bytes = (uint8_t)title.n;
            w->header->taught++;
        }
        pack_pulls(w, &w->weights->pulls[r], &row);
        note_scales(p, r, &row);
        add_bytes(w->out, &row, sizeof row);
    }
    end_section(w, SECTION_ROWS);
}

static enum aisle_status write_all(struct writing *w, struct aisle_err *err)
{
    enum aisle_status status;

    add_bytes(w->out, w->header, sizeof *w->header);
    write_nodes(w);
    write_links(w);
    pack_features(w);
    status = write_features(w, err);
    if (status != AISLE_OK)
        return status;
    write_rows(w);
    add_section(w, SECTION_WEIGHTS, &w->lists);
    add_section(w, SECTION_HOLDERS, &w->holders);
    add_section(w, SECTION_PULLS, &w->pulls);
    add_section(w, SECTION_STRINGS, &w->strings);
    status = buf_check(&w->strings, "model", err);
    if (status == AISLE_OK)
        status = buf_check(&w->lists, "model", err);
    if (status == AISLE_OK)
        status = buf_check(&w->holders, "model", err);
    if (status == AISLE_OK)
        status = buf_check(&w->pulls, "model", err);
    return status == AISLE_OK ? buf_check(w->out, "model", err) : status;
}

static void finish_header(struct writing *w)
{
    const struct linear_problem *l = &w->problem->linear;
    struct model_header *h = w->header;
    struct str body = str_skip(str_skip(buf_str(w->out), w->base), sizeof *h);

    memcpy(h->magic, MODEL_MAGIC, sizeof h->magic);
    h->mark = MODEL_MARK;
    h->version = MODEL_VERSION;
    h->bytes = w->out->n - w->base;
    h->leaves = l->leaves;
    h->nodes = l->nodes;
    h->rows = l->rows;
    h->left_out = (uint32_t)w->problem->left_out;
    h->body = XXH3_64bits(body.p, body.n);
    h->digest = model_header_digest(h);
    memcpy(w->out->p + w->base, h, sizeof *h);
}

enum aisle_status model_write(const struct taxonomy *tree, const struct problem *problem,
                              const struct linear_weights *weights, const float *trust,
                              struct model_header *header, struct buf *out,
                              struct aisle_err *err)
{
    struct writing w = {
        .tree = tree,
        .problem = problem,
        .weights = weights,
        .trust = trust,
        .header = header,
        .out = out,
        .base = out->n,
        .strings = BUF_INIT(MODEL_MAX_BYTES),
        .lists = BUF_INIT(MODEL_MAX_BYTES),
        .holders = BUF_INIT(MODEL_MAX_BYTES),
        .pulls = BUF_INIT(MODEL_MAX_BYTES),
        .firsts = mem_zalloc(problem->linear.features + 1, sizeof *w.firsts),
        .counts = mem_zalloc(problem->linear.features + 1, sizeof *w.counts),
        .spread = mem_zalloc(weights->width + 1, sizeof *w.spread),
    };
    enum aisle_status status = AISLE_NOMEM;

    if (problem->linear.nodes >= 1u << PACKED_NODE_BITS)
        status = aisle_fail(err, AISLE_LIMIT, "a tree of %u categories is too large",
                            problem->linear.nodes);
    else if (!w.firsts || !w.counts || !w.spread)
        status = aisle_nomem(err);
    else
        status = write_all(&w, err);
    if (status == AISLE_OK)
        finish_header(&w);
    buf_clear(&w.strings);
    buf_clear(&w.lists);
    buf_clear(&w.holders);
    buf_clear(&w.pulls);
    mem_free(w.firsts);
    mem_free(w.counts);
    mem_free(w.spread);
    return status;
}

/* ---- to disk ---- */

static enum aisle_status write_whole(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return AISLE_IO;
        bytes = str_skip(bytes, (size_t)n);
    }
    return fsync(fd) == 0 ? AISLE_OK : AISLE_IO;
}

static enum aisle_status failed_at(const char *path, int error, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_IO, "%s: %s", path, strerror(error));
}

enum { NAMES_TRIED = 100 };

/* A new file in the same folder, for it can then take the place of the old one at once;
 * never one that is there, which may be a link that somebody laid. */
static enum aisle_status open_beside(const char *path, struct buf *name, int *fd,
                                     struct aisle_err *err)
{
    enum aisle_status status;

    for (int i = 0; i < NAMES_TRIED; i++) {
        buf_reset(name);
        buf_addf(name, "%s.%ld-%d.new", path, (long)getpid(), i);
        status = buf_check(name, "path of the model", err);
        if (status != AISLE_OK)
            return status;
        *fd = open(name->p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (*fd >= 0)
            return AISLE_OK;
        if (errno != EEXIST)
            break;
    }
    return failed_at(path, errno, err);
}

/* Refuses what is no file, or one with anything in it that does not begin as a model
 * does, or that cannot be looked into. */
static enum aisle_status check_replaced(const char *path, struct aisle_err *err)
{
    char magic[sizeof MODEL_MAGIC - 1];
    struct stat what;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = 0;
    ssize_t n = 0;

    if (fd < 0)
        return errno == ENOENT ? AISLE_OK : failed_at(path, errno, err);
    if (fstat(fd, &what) != 0 || (n = read(fd, magic, sizeof magic)) < 0)
        error = errno;
    close(fd);
    if (error)
        return failed_at(path, error, err);
    if (!S_ISREG(what.st_mode))
        return aisle_fail(err, AISLE_CONFLICT, "%s is no file; name another", path);
    if (n == 0 ||
        ((size_t)n == sizeof magic && memcmp(magic, MODEL_MAGIC, sizeof magic) == 0))
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFLICT,
                      "%s is there and no model; name another file, or remove it", path);
}

enum aisle_status model_may_save(const char *path, struct aisle_err *err)
{
    struct buf beside = BUF_INIT(BUF_MAX_LINE);
    int fd = -1;
    enum aisle_status status = check_replaced(path, err);

    if (status == AISLE_OK)
        status = open_beside(path, &beside, &fd, err);
    if (status == AISLE_OK) {
        close(fd);
        unlink(beside.p);
    }
    buf_clear(&beside);
    return status;
}

enum aisle_status model_save(struct str bytes, const char *path, struct aisle_err *err)
{
    struct buf beside = BUF_INIT(BUF_MAX_LINE);
    int fd = -1;
    enum aisle_status status = open_beside(path, &beside, &fd, err);

    if (status == AISLE_OK) {
        status = write_whole(fd, bytes);
        if (close(fd) != 0 || status != AISLE_OK || rename(beside.p, path) != 0) {
            status = failed_at(path, errno, err);
            unlink(beside.p);
        }
    }
    buf_clear(&beside);
    return status;
}
