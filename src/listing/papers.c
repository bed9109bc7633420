/* papers.c - videos, size charts and certificates from columns, and into a draft */
#include "listing/papers.h"

#include "base/text.h"
#include "listing/assemble.h"
#include "listing/members.h"
#include "listing/words.h"

enum { PAPERS_MAX = 100, DAY_S = 24 * 3600 };

struct named { /* what a column's name says */
    enum column_role role;
    struct str key; /* of a certificate's name, folded */
};

/* "certificate sni expires": the word in front, and what stands behind. */
static bool take_word(struct str *key, const char *word)
{
    size_t n = strlen(word);

    if (!str_starts(*key, word) || key->n <= n + 1 || key->p[n] != ' ')
        return false;
    *key = str_skip(*key, n + 1);
    return true;
}

static bool drop_end(struct str *key, const char *end)
{
    size_t n = strlen(end);

    if (!str_ends(*key, end) || key->n <= n)
        return false;
    *key = str_trim(str_head(*key, key->n - n));
    return true;
}

static struct named name_column(struct str key)
{
    struct named named = {.key = key};
    unsigned n;

    if (take_word(&named.key, "certificate") || take_word(&named.key, "sertifikat")) {
        named.role =
            drop_end(&named.key, " expires") || drop_end(&named.key, " berlaku sampai")
                ? COLUMN_CERTIFICATE_EXPIRES
                : COLUMN_CERTIFICATE;
        return named;
    }
    named.role = column_role_of(key, &n);
    return named;
}

bool listing_is_paper(struct str key)
{
    enum column_role role = name_column(key).role;

    return role == COLUMN_VIDEO || role == COLUMN_SIZE_CHART ||
           role == COLUMN_CERTIFICATE;
}

static bool ends_like_pdf(struct str location)
{
    return location.n > 4 &&
           str_eq_nocase(str_skip(location, location.n - 4), STR_LIT(".pdf"));
}

struct papers {
    struct arena *arena;
    struct listing_paper *rows;
    size_t count;
};

static void add_paper(struct papers *p, enum paper_role role, struct str certificate,
                      struct str location)
{
    if (p->count < PAPERS_MAX)
        p->rows[p->count++] = (struct listing_paper){
            .role = role,
            .certificate = certificate,
            .location = location,
            .is_file = role == PAPER_VIDEO ||
                       (role == PAPER_CERTIFICATE && ends_like_pdf(location))};
}

static void add_papers(struct papers *p, struct named named, struct str cell)
{
    while (cell.n) {
        size_t end = 0;
        struct str one;

        while (end < cell.n && cell.p[end] != '|' && cell.p[end] != '\n')
            end++;
        one = str_trim(str_head(cell, end));
        cell = str_skip(cell, end + 1);
        if (str_empty(one))
            continue;
        if (named.role == COLUMN_CERTIFICATE)
            add_paper(p, PAPER_CERTIFICATE, named.key, one);
        else
            add_paper(p, named.role == COLUMN_VIDEO ? PAPER_VIDEO : PAPER_SIZE_CHART,
                      STR_LIT(""), one);
    }
}

/* The first column with that role that says something; .p NULL without memory. */
static struct str cell_of(const struct listing_field *fields, size_t count,
                          enum column_role role, struct str certificate,
                          struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        struct str key = words_key(fields[i].name, arena);
        struct named named;

        if (!key.p)
            return key;
        named = name_column(key);
        if (named.role == role && !str_empty(str_trim(fields[i].value)) &&
            (role != COLUMN_CERTIFICATE_EXPIRES || str_eq(named.key, certificate)))
            return str_trim(fields[i].value);
    }
    return STR_LIT("");
}

enum aisle_status listing_papers(const struct listing_field *fields, size_t count,
                                 struct arena *arena, struct listing_paper **out,
                                 size_t *paper_count, struct aisle_err *err)
{
    struct papers p = {.arena = arena};
    struct str template =
        cell_of(fields, count, COLUMN_SIZE_CHART_TEMPLATE, STR_LIT(""), arena);

    p.rows = arena_zalloc(arena, PAPERS_MAX, sizeof *p.rows);
    if (!p.rows || !template.p)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        struct str key = words_key(fields[i].name, arena);
        struct named named;

        if (!key.p)
            return aisle_nomem(err);
        named = name_column(key);
        if (named.role == COLUMN_VIDEO || named.role == COLUMN_CERTIFICATE ||
            (named.role == COLUMN_SIZE_CHART && template.n == 0))
            add_papers(&p, named, fields[i].value);
    }
    *out = p.rows;
    *paper_count = p.count;
    return AISLE_OK;
}

/* ---- into a draft ---- */

struct filing {
    const struct assemble_request *q;
    struct arena *arena;
    struct listing_draft *draft;
    struct listing_certificate *certificates;
    struct str words[PAPERS_MAX]; /* the seller's, of each */
    size_t count;
    bool no_memory;
};

static struct listing_image image_of(const struct listing_paper *p)
{
    return (struct listing_image){
        .uri = p->uri, .location = p->location, .looked = p->looked, .facts = p->image};
}

static void file_video(struct filing *f, const struct listing_paper *p)
{
    if (f->draft->video.said)
        return; /* a product has one: the first */
    f->draft->video = (struct listing_video){.said = true,
                                             .id = p->uri,
                                             .location = p->location,
                                             .looked = p->looked,
                                             .file = p->file};
}

static void file_size_chart(struct filing *f, const struct listing_paper *p)
{
    struct listing_size_chart *chart = &f->draft->size_chart;

    if (chart->image_said || chart->template_said)
        return;
    chart->said = chart->image_said = true;
    chart->image = image_of(p);
}

/* "SNI Certificate" is what a column "Certificate SNI" means. */
static bool names_certificate(struct str key, struct str word)
{
    struct str rest = key;

    if (str_eq(key, word))
        return true;
    if (!drop_end(&rest, " certificate") && !take_word(&rest, "certificate") &&
        !take_word(&rest, "sertifikat"))
        return false;
    return str_eq(rest, word);
}

/* What the leaf calls it; a word it does not know stays what it is, for the check. */
static struct str certificate_id(struct filing *f, struct str word)
{
    const struct requirement *need = f->q->requirement;

    for (size_t i = 0; need && i < need->certificate_count; i++) {
        const struct required_certificate *c = &need->certificates[i];
        struct str key = words_key(c->name, f->arena);

        if (!key.p)
            f->no_memory = true;
        else if (str_eq(c->id, word) || names_certificate(key, word))
            return c->id;
    }
    return word;
}

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month > 2 ? year : year - 1, m = (month + 9) % 12;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* "2027-01-31", until the end of which it holds; or seconds as they are sent. */
static struct listing_int read_day(struct str s)
{
    struct str rest = s;
    int64_t year, month, day, seconds;

    if (parse_i64(str_cut(&rest, '-'), 1970, 9999, &year) &&
        parse_i64(str_cut(&rest, '-'), 1, 12, &month) && parse_i64(rest, 1, 31, &day))
        return (struct listing_int){true, (days_of(year, month, day) + 1) * DAY_S - 1};
    if (parse_i64(s, 1, INT64_MAX, &seconds))
        return (struct listing_int){true, seconds};
    return (struct listing_int){s.n > 0, 0}; /* which the check does not take */
}

static struct listing_certificate *certificate_for(struct filing *f, struct str word)
{
    struct listing_certificate *c;
    struct str expires;

    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->words[i], word))
            return &f->certificates[i];
    c = &f->certificates[f->count];
    f->words[f->count++] = word;
    expires = cell_of(f->q->fields, f->q->field_count, COLUMN_CERTIFICATE_EXPIRES, word,
                      f->arena);
    if (!expires.p)
        f->no_memory = true;
    c->id = certificate_id(f, word);
    c->expiration_date = read_day(expires);
    return c;
}

static void file_certificate(struct filing *f, const struct listing_paper *p)
{
    struct listing_certificate *c = certificate_for(f, p->certificate);
    struct listing_file *files;
    struct listing_image *images;

    if (p->is_file) {
        files = arena_alloc(f->arena, (c->file_count + 1) * sizeof *files);
        if (!files) {
            f->no_memory = true;
            return;
        }
        if (c->file_count)
            memcpy(files, c->files, c->file_count * sizeof *files);
        files[c->file_count++] = (struct listing_file){.id = p->uri,
                                                       .name = p->name,
                                                       .format = STR_LIT("PDF"),
                                                       .location = p->location,
                                                       .looked = p->looked,
                                                       .facts = p->file};
        c->files = files;
        return;
    }
    images = arena_alloc(f->arena, (c->images.count + 1) * sizeof *images);
    if (!images) {
        f->no_memory = true;
        return;
    }
    if (c->images.count)
        memcpy(images, c->images.rows, c->images.count * sizeof *images);
    images[c->images.count++] = image_of(p);
    c->images.rows = images;
}

static void file_template(struct filing *f)
{
    struct listing_size_chart *chart = &f->draft->size_chart;
    struct str id = cell_of(f->q->fields, f->q->field_count, COLUMN_SIZE_CHART_TEMPLATE,
                            STR_LIT(""), f->arena);

    if (!id.p)
        f->no_memory = true;
    if (id.n == 0)
        return;
    chart->said = chart->template_said = true;
    chart->template_id = id;
}

bool listing_file_papers(const struct assemble_request *q, struct arena *arena,
                         struct listing_draft *draft)
{
    struct filing f = {.q = q, .arena = arena, .draft = draft};

    f.certificates = arena_zalloc(arena, PAPERS_MAX, sizeof *f.certificates);
    if (!f.certificates)
        return false;
    file_template(&f);
    for (size_t i = 0; i < q->paper_count && i < PAPERS_MAX; i++) {
        const struct listing_paper *p = &q->papers[i];

        if (p->role == PAPER_VIDEO)
            file_video(&f, p);
        else if (p->role == PAPER_SIZE_CHART)
            file_size_chart(&f, p);
        else
            file_certificate(&f, p);
    }
    if (f.count) {
        draft->certificates = f.certificates;
        draft->certificate_count = f.count;
    }
    return !f.no_memory;
}
