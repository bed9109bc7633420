/* labels.c - a table's or an object's fields by name, the best of several */
#include "feeds/labels.h"

#include "base/text.h"
#include "feeds/kinds.h"

#include <stdio.h>

enum { NAMES_MOST = 12, LABELS_MAX_NAMES = 1 << 20 };

/* What the columns are called, the best first, as text_key writes them. */
static const char *const usual[LABEL_FIELDS][NAMES_MOST] = {
    [LABEL_ID] = {"id", "product id", "sku", "seller sku", "item id"},
    [LABEL_TITLE] = {"title", "name", "product name", "product title", "judul",
                     "nama produk", "nama", "item name", "ten san pham", "text"},
    [LABEL_LABEL] = {"category path", "label", "category", "category id", "leaf",
                     "leaf id", "path", "kategori"},
    [LABEL_DESCRIPTION] = {"description", "deskripsi", "mo ta"},
    [LABEL_BRAND] = {"brand", "merek", "vendor"},
    [LABEL_SELLER] = {"seller category", "seller category path", "local category",
                      "kategori toko"},
};

/* ---- telling a table from lines ---- */

/* The source with what was looked at in front. */
static enum aisle_status read_again(void *ctx, char *out, size_t cap, size_t *n,
                                    struct aisle_err *err)
{
    struct labels *l = ctx;

    if (l->head_at == l->head_n)
        return l->source.read(l->source.ctx, out, cap, n, err);
    *n = l->head_n - l->head_at < cap ? l->head_n - l->head_at : cap;
    memcpy(out, l->head + l->head_at, *n);
    l->head_at += *n;
    return AISLE_OK;
}

static enum aisle_status look_ahead(struct labels *l, struct aisle_err *err)
{
    struct str seen;
    size_t n = 1;
    bool is_json; /* in UTF-16 too, which is not read here */

    while (l->head_n < sizeof l->head && n > 0) {
        enum aisle_status status = l->source.read(l->source.ctx, l->head + l->head_n,
                                                  sizeof l->head - l->head_n, &n, err);

        if (status != AISLE_OK)
            return status;
        l->head_n += n;
    }
    seen = str_n(l->head, l->head_n);
    if (str_starts(seen, "\xEF\xBB\xBF"))
        seen = str_skip(seen, 3);
    l->json = str_starts(str_trim(seen), "{");
    if (l->json || l->head_n == 0)
        return AISLE_OK;
    return feed_kind(str_n(l->head, l->head_n), n == 0, &is_json, err);
}

/* ---- which column is which ---- */

static struct str key_of(struct str name, struct arena *arena)
{
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    struct str kept = {0};

    text_key(name, &key);
    if (key.failed == AISLE_OK)
        kept = arena_str(arena, buf_str(&key));
    buf_clear(&key);
    return kept;
}

/* How good a name is for a field: 0 the best, NAMES_MOST none. */
static size_t rank_of(const struct labels *l, enum label_field field, struct str key)
{
    if (!str_empty(l->asked[field]))
        return str_eq(l->asked[field], key) ? 0 : NAMES_MOST;
    for (size_t i = 0; i < NAMES_MOST && usual[field][i]; i++)
        if (str_is(key, usual[field][i]))
            return i;
    return NAMES_MOST;
}

static enum aisle_status no_column(const struct labels *l, enum label_field field,
                                   struct str names, struct aisle_err *err)
{
    names = utf8_head(names, 120);
    if (!str_empty(l->asked[field]))
        return aisle_fail(err, AISLE_INVALID, "there is no column %.*s among: %.*s",
                          STR_ARG(l->asked[field]), STR_ARG(names));
    return aisle_fail(err, AISLE_INVALID, "no column is known as the %s among: %.*s",
                      field == LABEL_TITLE ? "title" : "category", STR_ARG(names));
}

/* "id, title, path": the header as a message shows it. */
static struct str list_names(const struct csv_row *row, struct arena *arena)
{
    struct buf names = BUF_INIT(LABELS_MAX_NAMES);
    struct str kept;

    for (size_t i = 0; i < row->count; i++) {
        buf_addz(&names, i ? ", " : "");
        buf_add(&names, row->cells[i]);
    }
    kept = arena_str(arena, buf_str(&names));
    buf_clear(&names);
    return kept;
}

static enum aisle_status read_header(struct labels *l, struct aisle_err *err)
{
    size_t best[LABEL_FIELDS];
    struct csv_row row;
    struct str names;
    enum aisle_status status = csv_next(&l->csv, &row, err);

    for (int f = 0; f < LABEL_FIELDS; f++) {
        best[f] = NAMES_MOST;
        l->column[f] = SIZE_MAX;
    }
    for (size_t i = 0; status == AISLE_OK && i < row.count; i++) {
        struct str key = key_of(text_trim(row.cells[i]), &l->arena);

        if (!key.p)
            return aisle_nomem(err);
        for (int f = 0; f < LABEL_FIELDS; f++) {
            size_t rank = rank_of(l, (enum label_field)f, key);

            if (rank >= best[f])
                continue;
            best[f] = rank;
            l->column[f] = i;
        }
    }
    if (status != AISLE_OK)
        return status;
    names = list_names(&row, &l->arena);
    if (!names.p)
        return aisle_nomem(err);
    csv_expect(&l->csv, row.count);
    if (l->column[LABEL_TITLE] == SIZE_MAX)
        return no_column(l, LABEL_TITLE, names, err);
    if (l->column[LABEL_LABEL] == SIZE_MAX && !l->unlabelled)
        return no_column(l, LABEL_LABEL, names, err);
    return AISLE_OK;
}

static enum aisle_status keep_asked(struct labels *l, const struct label_options *options,
                                    struct aisle_err *err)
{
    const struct str said[LABEL_FIELDS] = {
        [LABEL_TITLE] = options->title, [LABEL_LABEL] = options->label};

    for (int f = 0; f < LABEL_FIELDS; f++) {
        if (str_empty(said[f]))
            continue;
        l->asked[f] = key_of(said[f], &l->arena);
        if (!l->asked[f].p)
            return aisle_nomem(err);
    }
    return AISLE_OK;
}

enum aisle_status labels_open(struct labels *l, struct feed_source source,
                              const struct label_options *options, struct aisle_err *err)
{
    struct feed_source again = {l, read_again};
    enum aisle_status status;

    *l = (struct labels){
        .source = source,
        .unlabelled = options->unlabelled,
        .arena = ARENA_INIT(2 * LABELS_MAX_NAMES),
        .row_arena = ARENA_INIT(LABELS_MAX_NAMES + JSONL_MAX_LINE),
    };
    status = keep_asked(l, options, err);
    if (status == AISLE_OK)
        status = look_ahead(l, err);
    if (status != AISLE_OK)
        return status;
    if (l->head_n == 0 && !l->unlabelled)
        return aisle_fail(err, AISLE_INVALID, "the file is empty");
    l->json = l->json || l->head_n == 0; /* a piece of a catalogue may have no rows */
    if (l->json) {
        jsonl_open(&l->lines, again);
        return AISLE_OK;
    }
    status = csv_open(&l->csv, again, '\0', err);
    return status == AISLE_OK ? read_header(l, err) : status;
}

void labels_close(struct labels *l)
{
    csv_close(&l->csv);
    jsonl_close(&l->lines, &l->object);
    arena_clear(&l->arena);
    arena_clear(&l->row_arena);
}

/* ---- rows ---- */

#define AS_PATH "write it as one text, \"Fashion > Men > T-Shirts\""

/* A list that was written into a cell: ["a", "b"]. */
static bool is_list(struct str label)
{
    return str_starts(label, "[\"") || str_starts(label, "['") ||
           str_eq(label, STR_LIT("[]"));
}

/* ">" stands between parts where blanks, the ends or others of its kind are beside it;
 * "TV >55" is one part. */
static bool parts_here(struct str label, size_t i)
{
    bool free_before = i == 0 || label.p[i - 1] == ' ' || label.p[i - 1] == '>';
    bool free_behind = i + 1 == label.n || label.p[i + 1] == ' ' || label.p[i + 1] == '>';

    return label.p[i] == '>' && free_before && free_behind;
}

static bool has_empty_part(struct str label)
{
    size_t first = 0;

    for (size_t i = 0; i < label.n; i++) {
        if (!parts_here(label, i))
            continue;
        if (str_empty(text_trim(str_n(label.p + first, i - first))))
            return true;
        first = i + 1;
    }
    return str_empty(text_trim(str_skip(label, first)));
}

/* What would be learnt as a category's name and is none. */
static void judge_label(struct label_row *row)
{
    if (is_list(row->label))
        snprintf(row->why, sizeof row->why, "the category is a list: " AS_PATH);
    else if (has_empty_part(row->label))
        snprintf(row->why, sizeof row->why,
                 "the category \"%.*s\" has an empty part: " AS_PATH,
                 STR_ARG(utf8_head(row->label, 80)));
}

static void judge_row(const struct labels *l, struct label_row *row)
{
    const char *lacks = NULL;

    if (row->why[0])
        return;
    if (str_empty(row->title))
        lacks = "title";
    else if (str_empty(row->label) && !l->unlabelled)
        lacks = "category";
    if (lacks)
        snprintf(row->why, sizeof row->why, "the row has no %s", lacks);
    else if (!l->unlabelled)
        judge_label(row);
}

static void set_field(struct label_row *row, enum label_field field, struct str text)
{
    struct str *const places[LABEL_FIELDS] = {
        [LABEL_ID] = &row->id,       [LABEL_TITLE] = &row->title,
        [LABEL_LABEL] = &row->label, [LABEL_DESCRIPTION] = &row->description,
        [LABEL_BRAND] = &row->brand, [LABEL_SELLER] = &row->seller_category,
    };

    *places[field] = text_trim(text);
}

static enum aisle_status next_cells(struct labels *l, struct label_row *row,
                                    struct aisle_err *err)
{
    struct csv_row cells;
    enum aisle_status status = csv_next(&l->csv, &cells, err);

    if (status != AISLE_OK || cells.count == 0)
        return status;
    row->line = cells.line;
    row->mended = cells.flaws & CSV_BAD_TEXT;
    for (int f = 0; f < LABEL_FIELDS; f++)
        if (l->column[f] < cells.count)
            set_field(row, (enum label_field)f, csv_unguard(cells.cells[l->column[f]]));
    return AISLE_OK;
}

/* The fields of an object, the best name of each. */
static enum aisle_status take_object(struct labels *l, struct label_row *row,
                                     struct aisle_err *err)
{
    size_t best[LABEL_FIELDS];
    const char *name;
    const json_t *value;

    arena_clear(&l->row_arena);
    for (int f = 0; f < LABEL_FIELDS; f++)
        best[f] = NAMES_MOST;
    json_object_foreach(l->object.object, name, value)
    {
        struct str key = key_of(str_of(name), &l->row_arena);

        if (!key.p)
            return aisle_nomem(err);
        for (int f = 0; f < LABEL_FIELDS; f++) {
            size_t rank = rank_of(l, (enum label_field)f, key);
            struct str text;

            if (rank >= best[f])
                continue;
            best[f] = rank;
            if (f == LABEL_LABEL && json_is_array(value)) /* judge_label tells */
                text = STR_LIT("[]");
            else
                text = json_text(l->object.object, name, &l->row_arena);
            set_field(row, (enum label_field)f, text);
        }
    }
    return AISLE_OK;
}

static enum aisle_status next_object(struct labels *l, struct label_row *row,
                                     struct aisle_err *err)
{
    enum aisle_status status = jsonl_next(&l->lines, &l->object, err);

    if (status != AISLE_OK || l->object.line == 0)
        return status;
    row->line = l->object.line;
    if (l->object.object)
        return take_object(l, row, err);
    snprintf(row->why, sizeof row->why, "%s", l->object.why);
    return AISLE_OK;
}

enum aisle_status labels_next(struct labels *l, struct label_row *row,
                              struct aisle_err *err)
{
    enum aisle_status status;

    *row = (struct label_row){0};
    status = l->json ? next_object(l, row, err) : next_cells(l, row, err);
    if (status == AISLE_OK && row->line > 0)
        judge_row(l, row);
    return status;
}
