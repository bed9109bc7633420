/* Upload Product File 202309: a PDF of at most 20 MB or a video of at most 100 MB, told
 * by its name and, where that is easy, by its first bytes. Equal bytes have one id. Sides
 * of a video are not looked at. */
#include "base/hash.h"
#include "base/mem.h"
#include "http/multipart.h"
#include "sandbox/market/market.h"

enum { MAX_PDF = 20 * 1024 * 1024, MAX_VIDEO = 100 * 1024 * 1024, MAX_FILES = 100000 };

static const struct format {
    const char *ending, *kind;
    size_t at; /* where the sign stands */
    const char *sign;
} formats[] = {
    {"pdf", "PDF", 0, "%PDF-"}, {"mp4", "MP4", 4, "ftyp"},
    {"mov", "MOV", 4, NULL},    {"mkv", "MKV", 0, "\x1a\x45"},
    {"wmv", "WMV", 0, NULL},    {"webm", "WEBM", 0, "\x1a\x45"},
    {"avi", "AVI", 0, "RIFF"},  {"3gp", "3GP", 4, "ftyp"},
    {"flv", "FLV", 0, "FLV"},   {"mpeg", "MPEG", 0, NULL},
};

static const struct format *format_of(struct str ending)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq_nocase(ending, str_of(formats[i].ending)))
            return &formats[i];
    return NULL;
}

/* One dot, no blanks, a letter or digit first. */
static bool is_name(struct str name, struct str *ending)
{
    size_t dot = str_find_char(name, '.');

    *ending = str_skip(name, dot + 1);
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == ' ' || name.p[i] == '\t')
            return false;
    return dot > 0 && dot < name.n && str_find_char(*ending, '.') == ending->n &&
           ((name.p[0] >= '0' && name.p[0] <= '9') ||
            (name.p[0] >= 'A' && name.p[0] <= 'Z') ||
            (name.p[0] >= 'a' && name.p[0] <= 'z') || (unsigned char)name.p[0] >= 0x80);
}

static bool has_sign(const struct format *f, struct str bytes)
{
    return !f->sign || str_starts(str_skip(bytes, f->at), f->sign);
}

bool files_know(const struct market *m, struct str id, const char *kind)
{
    for (size_t i = 0; i < m->file_count; i++)
        if (str_is(id, m->files[i].id))
            return strcmp(kind, "video") == 0 ? !m->files[i].pdf : m->files[i].pdf;
    return false;
}

static bool remember(struct market *m, struct str id, bool pdf)
{
    struct file *list;

    if (files_know(m, id, pdf ? "PDF" : "video"))
        return true;
    list = m->file_count < MAX_FILES
               ? mem_realloc(m->files, (m->file_count + 1) * sizeof *list)
               : NULL;
    if (!list)
        return false;
    m->files = list;
    list[m->file_count].pdf = pdf;
    memcpy(list[m->file_count].id, id.p, id.n);
    list[m->file_count++].id[id.n] = '\0';
    return true;
}

static void answer(struct call *c, struct market *m, const struct format *f,
                   struct str name, struct str bytes)
{
    struct arena *arena = c->request->arena;
    struct sha256 digest;
    char hex[SHA256_HEX_LEN + 1];
    bool pdf = f == formats;
    struct str id;
    struct json_out json;

    if (sha256_of(bytes, &digest, NULL)) {
        call_broken(c);
        return;
    }
    sha256_hex(&digest, hex);
    id = arena_fmt(arena, "v09%s%.28s", pdf ? "p" : "v", hex);
    if (!id.p || !remember(m, id, pdf)) {
        call_broken(c);
        return;
    }
    c->note.digest = call_keep(c, str_of(hex));
    c->note.uri = id;
    json = call_data(c);
    json_open(&json);
    json_add_str(&json, "format", str_of(f->kind));
    json_add_str(&json, "id", id);
    json_add_str(&json, "name", name);
    json_add_str(&json, "url",
                 arena_fmt(arena, "%.*s/_cdn/%.*s", STR_ARG(m->engine->identity.url),
                           STR_ARG(id)));
    json_close(&json);
    call_done(c, "Success");
}

void files_upload(struct call *c)
{
    const struct http_part *data, *name;
    const struct format *f = NULL;
    struct market *m;
    struct str ending;

    data = http_part_named(c->parts, c->part_count, "data");
    name = http_part_named(c->parts, c->part_count, "name");
    if (name && is_name(name->data, &ending))
        f = format_of(ending);
    if (c->parts_status || !data || str_empty(data->data)) {
        call_refuse(c, REFUSE_UPLOAD_FILE);
    } else if (!name || !f) {
        call_refuse(c, REFUSE_UPLOAD_PARAM);
    } else if (data->data.n > (f == formats ? MAX_PDF : MAX_VIDEO)) {
        call_refuse(c, REFUSE_UPLOAD_SIZE);
    } else if (!has_sign(f, data->data)) {
        call_refuse(c, REFUSE_UPLOAD_CONTENT);
    } else {
        m = market_enter(c);
        answer(c, m, f, name->data, data->data);
        market_leave(m);
    }
}
