/* model.c - opening a model and asking it
 *
 * Scoring is linear.h's, over the packed weights of the file.
 */
#include "match/model.h"

#include "base/mem.h"
#include "match/problem.h"
#include "match/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { CHECKED_AT_ONCE = 1 << 20 }; /* whole pages */

struct model {
    struct str bytes;
    bool mapped;
    const struct model_header *header;
    const char *strings;
    const struct model_node *nodes;
    const struct linear_link *links;
    uint32_t link_count;
    const struct model_feature *features;
    uint32_t feature_count;
    const uint32_t *weights, *holders, *pulls;
    const struct model_row *rows;
    uint32_t weight_count, holder_count, pull_count;
};

/* ---- opening ---- */

static enum aisle_status check_header(struct str bytes, struct aisle_err *err)
{
    const struct model_header *h = (const struct model_header *)(const void *)bytes.p;

    if (bytes.n < sizeof h->magic || memcmp(bytes.p, MODEL_MAGIC, sizeof h->magic) != 0)
        return aisle_fail(err, AISLE_GARBLED, "this is no model file");
    if (bytes.n < sizeof *h)
        return aisle_fail(err, AISLE_GARBLED, "the model file is cut short");
    if (h->mark != MODEL_MARK)
        return aisle_fail(err, AISLE_GARBLED,
                          "the model file comes from a machine of another byte order");
    if (h->version != MODEL_VERSION)
        return aisle_fail(err, AISLE_GARBLED,
                          "the model file has version %u, we read version %u", h->version,
                          MODEL_VERSION);
    if (h->digest != model_header_digest(h))
        return aisle_fail(err, AISLE_GARBLED, "the model file is damaged");
    if (h->bytes != bytes.n)
        return aisle_fail(err, AISLE_GARBLED,
                          h->bytes > bytes.n ? "the model file is cut short"
                                             : "the model file is damaged");
    return AISLE_OK;
}

static bool section_fits(const struct model_header *h, enum model_section section,
                         size_t size)
{
    const struct model_span *span = &h->sections[section];

    return span->at % 8 == 0 && span->at <= h->bytes &&
           span->bytes <= h->bytes - span->at && span->bytes % size == 0 &&
           span->bytes / size < UINT32_MAX;
}

static enum aisle_status check_sections(const struct model_header *h,
                                        struct aisle_err *err)
{
    bool fits = section_fits(h, SECTION_STRINGS, 1) &&
                section_fits(h, SECTION_NODES, sizeof(struct model_node)) &&
                section_fits(h, SECTION_LINKS, sizeof(struct linear_link)) &&
                section_fits(h, SECTION_FEATURES, sizeof(struct model_feature)) &&
                section_fits(h, SECTION_WEIGHTS, sizeof(uint32_t)) &&
                section_fits(h, SECTION_HOLDERS, sizeof(uint32_t)) &&
                section_fits(h, SECTION_ROWS, sizeof(struct model_row)) &&
                section_fits(h, SECTION_PULLS, sizeof(uint32_t));

    if (!fits || h->leaves > h->nodes || h->nodes >= 1u << PACKED_NODE_BITS ||
        h->sections[SECTION_NODES].bytes / sizeof(struct model_node) != h->nodes ||
        h->sections[SECTION_ROWS].bytes / sizeof(struct model_row) != h->rows)
        return aisle_fail(err, AISLE_GARBLED, "the model file is damaged");
    return AISLE_OK;
}

static const void *section(const struct model *m, enum model_section s)
{
    return m->bytes.p + m->header->sections[s].at;
}

static uint32_t section_count(const struct model *m, enum model_section s, size_t size)
{
    return (uint32_t)(m->header->sections[s].bytes / size);
}

enum aisle_status model_open_bytes(struct str bytes, struct model **out,
                                   struct aisle_err *err)
{
    struct model *m;
    enum aisle_status status = check_header(bytes, err);

    if (status == AISLE_OK)
        status = check_sections((const struct model_header *)(const void *)bytes.p, err);
    if (status != AISLE_OK)
        return status;
    m = mem_zalloc(1, sizeof *m);
    if (!m)
        return aisle_nomem(err);
    m->bytes = bytes;
    m->header = (const struct model_header *)(const void *)bytes.p;
    m->strings = section(m, SECTION_STRINGS);
    m->nodes = section(m, SECTION_NODES);
    m->links = section(m, SECTION_LINKS);
    m->link_count = section_count(m, SECTION_LINKS, sizeof *m->links);
    m->features = section(m, SECTION_FEATURES);
    m->feature_count = section_count(m, SECTION_FEATURES, sizeof *m->features);
    m->weights = section(m, SECTION_WEIGHTS);
    m->weight_count = section_count(m, SECTION_WEIGHTS, sizeof *m->weights);
    m->holders = section(m, SECTION_HOLDERS);
    m->holder_count = section_count(m, SECTION_HOLDERS, sizeof *m->holders);
    m->rows = section(m, SECTION_ROWS);
    m->pulls = section(m, SECTION_PULLS);
    m->pull_count = section_count(m, SECTION_PULLS, sizeof *m->pulls);
    *out = m;
    return AISLE_OK;
}

static enum aisle_status map_file(const char *path, int fd, struct str *out,
                                  struct aisle_err *err)
{
    struct stat st;
    void *p;

    if (fstat(fd, &st) != 0)
        return aisle_fail(err, AISLE_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return aisle_fail(err, AISLE_NOT_FOUND, "name a model's file, not the folder %s",
                          path);
    if (!S_ISREG(st.st_mode) || st.st_size == 0 || st.st_size > MODEL_MAX_BYTES)
        return aisle_fail(err, AISLE_GARBLED, "this is no model file, %s", path);
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return aisle_fail(err, AISLE_IO, "%s: %s", path, strerror(errno));
    *out = str_n(p, (size_t)st.st_size);
    return AISLE_OK;
}

/* Whether all of it is as it was written. */
static enum aisle_status check_body(const struct model *m, struct aisle_err *err)
{
    struct str rest = str_skip(m->bytes, sizeof *m->header);
    XXH3_state_t *sum = XXH3_createState();
    uint64_t body;

    if (!sum)
        return aisle_nomem(err);
    XXH3_64bits_reset(sum);
    for (size_t at = 0; at < rest.n; at += CHECKED_AT_ONCE) {
        struct str piece = str_head(str_skip(rest, at), CHECKED_AT_ONCE);

        XXH3_64bits_update(sum, piece.p, piece.n);
        if (m->mapped) /* whoever asks for these pages has them again */
            madvise((void *)(m->bytes.p + at), piece.n, MADV_DONTNEED);
    }
    body = XXH3_64bits_digest(sum);
    XXH3_freeState(sum);
    if (body != m->header->body)
        return aisle_fail(err, AISLE_GARBLED, "the model file is damaged");
    return AISLE_OK;
}

static enum aisle_status open_file(const char *path, size_t read_most, struct model **out,
                                   struct aisle_err *err)
{
    struct model *m = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct str bytes = {0};
    enum aisle_status status;

    if (fd < 0)
        return aisle_fail(err, errno == ENOENT ? AISLE_NOT_FOUND : AISLE_IO, "%s: %s",
                          path, strerror(errno));
    status = map_file(path, fd, &bytes, err);
    close(fd);
    if (status != AISLE_OK)
        return status;
    status = model_open_bytes(bytes, &m, err);
    if (status == AISLE_OK)
        m->mapped = true;
    else
        munmap((void *)bytes.p, bytes.n);
    if (status == AISLE_OK && bytes.n <= read_most)
        status = check_body(m, err);
    if (status != AISLE_OK) {
        model_close(m);
        aisle_note(err, "%s", path);
        return status;
    }
    *out = m;
    return AISLE_OK;
}

enum aisle_status model_open(const char *path, struct model **out, struct aisle_err *err)
{
    return open_file(path, MODEL_CHECKED_MOST, out, err);
}

enum aisle_status model_open_whole(const char *path, struct model **out,
                                   struct aisle_err *err)
{
    return open_file(path, MODEL_MAX_BYTES, out, err);
}

void model_close(struct model *m)
{
    if (m && m->mapped)
        munmap((void *)m->bytes.p, m->bytes.n);
    mem_free(m);
}

/* ---- looking ---- */

const struct model_header *model_header(const struct model *m)
{
    return m->header;
}

static struct str text_at(const struct model *m, uint32_t at, uint32_t bytes)
{
    uint64_t all = m->header->sections[SECTION_STRINGS].bytes;

    if (at > all || bytes > all - at)
        return (struct str){0};
    return str_n(m->strings + at, bytes);
}

struct str model_node_id(const struct model *m, uint32_t node)
{
    return text_at(m, m->nodes[node].id_at, m->nodes[node].id_bytes);
}

const struct model_row *model_row(const struct model *m, uint32_t row)
{
    return row < m->header->rows ? &m->rows[row] : NULL;
}

struct str model_row_text(const struct model *m, const struct model_row *row)
{
    return text_at(m, row->text_at, row->text_bytes);
}

/* ---- scoring ---- */

void model_scratch_clear(struct model_scratch *s)
{
    mem_free(s->nodes);
    mem_free(s->activity);
    mem_free(s->active);
    s->nodes = s->activity = NULL;
    s->active = NULL;
    s->node_cap = s->row_cap = s->active_count = 0;
}

static enum aisle_status make_room(struct model_scratch *s, const struct model_header *h,
                                   struct aisle_err *err)
{
    if (s->nodes && s->node_cap >= h->nodes && s->row_cap >= h->rows)
        return AISLE_OK;
    model_scratch_clear(s);
    s->nodes = mem_zalloc(h->nodes + 1, sizeof *s->nodes);
    s->activity = mem_zalloc(h->rows + 1, sizeof *s->activity);
    s->active = mem_alloc((h->rows + 1) * sizeof *s->active);
    if (!s->nodes || !s->activity || !s->active) {
        model_scratch_clear(s);
        return aisle_nomem(err);
    }
    s->node_cap = h->nodes;
    s->row_cap = h->rows;
    return AISLE_OK;
}

static void forget_last(struct model_scratch *s)
{
    for (uint32_t a = 0; a < s->active_count; a++)
        s->activity[s->active[a]] = 0;
    s->active_count = 0;
}

/* The place of a feature in the table, or UINT32_MAX. */
static uint32_t find_feature(const struct model *m, uint64_t key)
{
    uint32_t print = (uint32_t)(key >> 32);
    uint32_t i = model_feature_home(key, m->feature_count);

    for (uint32_t tries = 0; tries < m->feature_count && m->features[i].count > 0;
         tries++) {
        if (m->features[i].print == print)
            return i;
        i = i + 1 < m->feature_count ? i + 1 : 0;
    }
    return UINT32_MAX;
}

static void find_values(const struct model *m, struct model_scratch *s,
                        const struct feature_list *features)
{
    float rarest = problem_rarity(m->header->rows, 1), unheard[BLOCKS] = {0};
    float words = 0, unknown = 0;

    s->value_count = 0;
    s->hints = (struct calibration_hints){0};
    for (size_t i = 0; i < features->n; i++) {
        const struct feature *f = &features->at[i];
        uint32_t place = find_feature(m, f->key);
        uint32_t n = s->value_count;

        if (f->block == BLOCK_WORDS) {
            if (words == 0 && place == UINT32_MAX)
                s->hints.start = 1;
            words++;
            unknown += place == UINT32_MAX;
        }
        if (place == UINT32_MAX) {
            unheard[f->block] += rarest * rarest;
            continue;
        }
        s->values[n] = (struct linear_value){place, (float)m->features[place].rarity *
                                                        MODEL_RARITY_STEP};
        s->blocks[n] = f->block;
        s->words[n] = f->word;
        s->value_count++;
    }
    s->hints.unknown = words > 0 ? unknown / words : 1;
    problem_weigh(s->values, s->blocks, s->value_count, unheard);
}

/* A feature's own weights: how many, and where they begin; 0 where the file lies. */
static uint32_t own_weights(const struct model *m, const struct model_feature *f,
                            float *scale, const uint32_t **packed)
{
    if (f->first >= m->weight_count || f->count > m->weight_count - f->first - 1)
        return 0;
    memcpy(scale, &m->weights[f->first], sizeof *scale);
    *packed = m->weights + f->first + 1;
    return f->count;
}

static uint32_t holders_of(const struct model *m, const struct model_feature *f,
                           const uint32_t **holders)
{
    if (f->first > m->holder_count || f->count > m->holder_count - f->first)
        return 0;
    *holders = m->holders + f->first;
    return f->count;
}

static uint32_t pulls_of(const struct model *m, const struct model_row *row,
                         const uint32_t **packed)
{
    if (row->pulls > m->pull_count || row->pull_count > m->pull_count - row->pulls)
        return 0;
    *packed = m->pulls + row->pulls;
    return row->pull_count;
}

static void add_packed(const struct model *m, float *nodes, const uint32_t *packed,
                       uint32_t count, float x)
{
    x /= PACKED_MOST;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t node = packed_node(packed[i]);

        if (node < m->header->nodes)
            nodes[node] += x * (float)((int32_t)packed[i] >> PACKED_NODE_BITS);
    }
}

/* What a rare feature of block and rarity is worth in a row. */
static float value_in(const struct model_row *row, const struct model_feature *f)
{
    unsigned block = f->block & (MODEL_OWN - 1u);

    return block < BLOCKS ? (float)f->rarity * MODEL_RARITY_STEP * row->scale[block] : 0;
}

static void wake_holders(const struct model *m, struct model_scratch *s,
                         const struct model_feature *f, float x)
{
    const uint32_t *holders = NULL;
    uint32_t count = holders_of(m, f, &holders);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = holders[i];

        if (row >= m->header->rows)
            continue;
        if (s->activity[row] == 0)
            s->active[s->active_count++] = row;
        s->activity[row] += x * value_in(&m->rows[row], f);
        if (s->activity[row] == 0) /* a damaged file's zero: it is listed already */
            s->activity[row] = 1e-20F;
    }
}

static void add_relatives(const struct model *m, float *nodes)
{
    const struct model_header *h = m->header;

    for (uint32_t n = h->leaves; n < h->nodes; n++)
        if (m->nodes[n].parent < n)
            nodes[n] += nodes[m->nodes[n].parent];
    for (uint32_t n = 0; n < h->leaves; n++)
        if (m->nodes[n].parent < h->nodes)
            nodes[n] += LINEAR_ANCESTOR * nodes[m->nodes[n].parent];
    for (uint32_t i = 0; i < m->link_count; i++)
        if (m->links[i].leaf < h->leaves && m->links[i].node < h->nodes)
            nodes[m->links[i].leaf] += LINEAR_KIN * nodes[m->links[i].node];
}

enum aisle_status model_score(const struct model *m, struct model_scratch *s,
                              const struct feature_list *features, struct aisle_err *err)
{
    enum aisle_status status = make_room(s, m->header, err);

    if (status != AISLE_OK)
        return status;
    forget_last(s);
    find_values(m, s, features);
    for (uint32_t n = 0; n < m->header->nodes; n++)
        s->nodes[n] = m->nodes[n].bias;
    for (uint32_t i = 0; i < s->value_count; i++) {
        const struct model_feature *f = &m->features[s->values[i].feature];
        const uint32_t *packed = NULL;
        float scale = 0;
        uint32_t count = f->block & MODEL_OWN ? own_weights(m, f, &scale, &packed) : 0;

        if (count)
            add_packed(m, s->nodes, packed, count, scale * s->values[i].x);
        else if (!(f->block & MODEL_OWN))
            wake_holders(m, s, f, s->values[i].x);
    }
    for (uint32_t a = 0; a < s->active_count; a++) {
        const struct model_row *row = &m->rows[s->active[a]];
        const uint32_t *packed = NULL;
        uint32_t count = pulls_of(m, row, &packed);

        add_packed(m, s->nodes, packed, count,
                   row->pull_scale * s->activity[s->active[a]]);
    }
    add_relatives(m, s->nodes);
    return AISLE_OK;
}

size_t model_rank(const struct model *m, const struct model_scratch *s,
                  struct model_hit *out, size_t cap)
{
    uint32_t top[CALIBRATE_TOP];
    float scores[CALIBRATE_TOP];
    double confidence[CALIBRATE_TOP];
    size_t n = calibrate_top(s->nodes, m->header->leaves, top);
    struct calibration_hints hints = s->hints;

    for (size_t i = 0; i < n; i++)
        scores[i] = s->nodes[top[i]];
    hints.trust = n ? m->nodes[top[0]].trust : 0;
    calibrate_apply(&m->header->calibration, scores, n, &hints, confidence);
    if (n > cap)
        n = cap;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct model_hit){top[i], scores[i], confidence[i]};
    return n;
}

/* ---- reasons ---- */

enum { CHAIN_MOST = TAXONOMY_MAX_DEPTH + 1 + 32 };

/* What has a say in a leaf's score: itself, its ancestors, its kin. */
struct chain {
    uint32_t node[CHAIN_MOST];
    float weight[CHAIN_MOST];
    uint32_t n;
};

static struct chain chain_of(const struct model *m, uint32_t leaf)
{
    struct chain c = {.node = {leaf}, .weight = {1}, .n = 1};

    for (uint32_t n = m->nodes[leaf].parent;
         n < m->header->nodes && c.n <= TAXONOMY_MAX_DEPTH; n = m->nodes[n].parent) {
        c.node[c.n] = n;
        c.weight[c.n++] = LINEAR_ANCESTOR;
    }
    for (uint32_t i = 0; i < m->link_count && c.n < CHAIN_MOST; i++)
        if (m->links[i].leaf == leaf) {
            c.node[c.n] = m->links[i].node;
            c.weight[c.n++] = LINEAR_KIN;
        }
    return c;
}

/* What a run of packed weights says of the chain. */
static float say_of(const struct chain *c, const uint32_t *packed, uint32_t count)
{
    float sum = 0;

    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < c->n; k++)
            if (packed_node(packed[i]) == c->node[k])
                sum += c->weight[k] * packed_share(packed[i]);
    return sum;
}

static float feature_says(const struct model *m, const struct model_feature *f,
                          const struct chain *c)
{
    const uint32_t *list = NULL, *packed = NULL;
    float sum = 0, scale = 0;
    uint32_t count;

    if (f->block & MODEL_OWN) {
        count = own_weights(m, f, &scale, &packed);
        return scale * say_of(c, packed, count);
    }
    count = holders_of(m, f, &list);
    for (uint32_t i = 0; i < count; i++) {
        const struct model_row *row = model_row(m, list[i]);
        uint32_t pulls = row ? pulls_of(m, row, &packed) : 0;

        if (pulls)
            sum += value_in(row, f) * row->pull_scale * say_of(c, packed, pulls);
    }
    return sum;
}

void model_explain(const struct model *m, const struct model_scratch *s, uint32_t leaf,
                   float credit[WORDS_MAX])
{
    struct chain c = chain_of(m, leaf);

    for (uint32_t i = 0; i < s->value_count; i++)
        if (s->words[i] < WORDS_MAX)
            credit[s->words[i]] +=
                s->values[i].x * feature_says(m, &m->features[s->values[i].feature], &c);
}

uint32_t model_lookalike(const struct model *m, const struct model_scratch *s,
                         uint32_t leaf)
{
    uint32_t best = UINT32_MAX;

    for (uint32_t a = 0; a < s->active_count; a++) {
        uint32_t row = s->active[a];

        if (m->rows[row].label != leaf || m->rows[row].text_bytes == 0 ||
            s->activity[row] < MODEL_ALIKE)
            continue;
        if (best == UINT32_MAX || s->activity[row] > s->activity[best] ||
            (row < best && s->activity[row] == s->activity[best]))
            best = row;
    }
    return best;
}
