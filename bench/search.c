/* search.c - match_search and SQLite's FTS5 over the names of one tree, timed in process:
 * bench_search TREE TYPED. One line of JSON each. */
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "match/match.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LOCALES = 3, FIRST = 5, KINDS = 8 };

struct typed {
    struct str kind, wanted, text;
};

struct bench {
    struct arena arena;
    struct buf tree_file, typed_file;
    struct category_row *rows[LOCALES];
    size_t row_count;
    struct taxonomy tree;
    struct typed *typed;
    size_t typed_count;
};

/* What one engine did. */
struct tally {
    const char *name;
    double build_us, *times;
    struct {
        struct str kind;
        size_t right, all;
    } kinds[KINDS];
    size_t kind_count, n;
};

static void die(const char *what)
{
    fprintf(stderr, "bench_search: %s\n", what);
    exit(1);
}

static void check(enum aisle_status status, const struct aisle_err *err)
{
    if (status != AISLE_OK)
        die(err->text);
}

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct buf read_file(const char *path)
{
    struct buf out = BUF_INIT(BUF_MAX_REPLY);
    FILE *f = fopen(path, "rb");
    size_t n;

    if (!f)
        die(path);
    do {
        if (!buf_room(&out, 65536))
            die("file too large");
        n = fread(out.p + out.n, 1, 65536, f);
        out.n += n;
    } while (n > 0);
    fclose(f);
    return out;
}

static size_t count_lines(struct str text)
{
    size_t n = 0;

    while (!str_empty(text)) {
        str_cut(&text, '\n');
        n++;
    }
    return n;
}

static void read_tree(struct bench *b)
{
    struct category_rows per_locale[LOCALES];
    struct str rest = buf_str(&b->tree_file);
    size_t lines = count_lines(rest);
    struct aisle_err err = {0};

    for (size_t l = 0; l < LOCALES; l++)
        b->rows[l] = arena_zalloc(&b->arena, lines, sizeof **b->rows);
    while (!str_empty(rest)) {
        struct str cells = str_cut(&rest, '\n');
        struct category_row row = {.id = str_cut(&cells, '\t')};

        row.parent_id = str_cut(&cells, '\t');
        row.leaf = str_eq(str_cut(&cells, '\t'), STR_LIT("1"));
        for (size_t l = 0; l < LOCALES; l++) {
            row.name = str_cut(&cells, '\t');
            b->rows[l][b->row_count] = row;
        }
        b->row_count++;
    }
    for (size_t l = 0; l < LOCALES; l++) {
        static const char *const names[LOCALES] = {"l1", "l2", "l3"};

        per_locale[l] =
            (struct category_rows){str_of(names[l]), b->rows[l], b->row_count};
    }
    check(taxonomy_build(&b->arena, per_locale, LOCALES, NULL, NULL, &b->tree, &err),
          &err);
}

static void read_typed(struct bench *b)
{
    struct str rest = buf_str(&b->typed_file);

    b->typed = arena_alloc(&b->arena, count_lines(rest) * sizeof *b->typed);
    while (!str_empty(rest)) {
        struct str cells = str_cut(&rest, '\n');
        struct typed *t = &b->typed[b->typed_count++];

        t->kind = str_cut(&cells, '\t');
        t->wanted = str_cut(&cells, '\t');
        t->text = cells;
    }
}

/* ---- counting ---- */

static bool is_wanted(struct str wanted, struct str id)
{
    while (!str_empty(wanted))
        if (str_eq(str_cut(&wanted, ' '), id))
            return true;
    return false;
}

static void count_kind(struct tally *t, struct str kind, bool right)
{
    size_t k = 0;

    while (k < t->kind_count && !str_eq(t->kinds[k].kind, kind))
        k++;
    if (k == t->kind_count)
        t->kinds[t->kind_count++].kind = kind;
    t->kinds[k].right += right;
    t->kinds[k].all++;
}

static void note(struct tally *t, const struct typed *typed, double took,
                 const struct str *found, size_t count)
{
    bool right = false;

    t->times[t->n++] = took;
    if (str_eq(typed->kind, STR_LIT("key")))
        return;
    for (size_t i = 0; i < count; i++)
        right |= is_wanted(typed->wanted, found[i]);
    count_kind(t, typed->kind, right);
    count_kind(t, STR_LIT("all"), right);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void tell(struct tally *t)
{
    qsort(t->times, t->n, sizeof *t->times, by_value);
    printf("{\"name\":\"%s\",\"build_ms\":%.1f,\"queries\":%zu,\"p50_us\":%.1f,"
           "\"p99_us\":%.1f,\"most_us\":%.1f,\"recall\":{",
           t->name, t->build_us / 1e3, t->n, t->times[t->n / 2],
           t->times[t->n * 99 / 100], t->times[t->n - 1]);
    for (size_t k = 0; k < t->kind_count; k++)
        printf("%s\"%.*s\":%.4f", k ? "," : "", STR_ARG(t->kinds[k].kind),
               (double)t->kinds[k].right / (double)t->kinds[k].all);
    printf("}}\n");
    mem_free(t->times);
}

static struct tally tally_new(const struct bench *b, const char *name)
{
    return (struct tally){.name = name,
                          .times = mem_alloc(b->typed_count * sizeof(double))};
}

/* ---- ours ---- */

static void measure_ours(const struct bench *b)
{
    struct tally t = tally_new(b, "aisle");
    struct match_scratch *s;
    struct matcher *m;
    struct aisle_err err = {0};
    double began = now_us();

    check(match_new(&b->tree, &m, &err), &err);
    t.build_us = now_us() - began;
    check(match_scratch_new(&s, &err), &err);
    for (size_t i = 0; i < b->typed_count; i++) {
        const struct category *found[FIRST];
        struct str ids[FIRST];
        size_t count;
        double took;

        began = now_us();
        check(match_search(m, s, b->typed[i].text, found, FIRST, &count, &err), &err);
        took = now_us() - began;
        for (size_t k = 0; k < count; k++)
            ids[k] = found[k]->id;
        note(&t, &b->typed[i], took, ids, count);
    }
    tell(&t);
    match_scratch_free(s);
    match_free(m);
}

/* ---- FTS5 ---- */

static void must(sqlite3 *db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        die(sqlite3_errmsg(db));
}

static void add_names(const struct bench *b, const struct category *c, struct buf *out)
{
    for (size_t l = 0; l < b->tree.locale_count; l++) {
        buf_add(out, c->names[l]);
        buf_add(out, STR_LIT(" \n "));
    }
}

static void fill_fts(const struct bench *b, sqlite3 *db)
{
    sqlite3_stmt *insert;
    struct buf name = BUF_INIT(BUF_MAX_LINE), above = BUF_INIT(BUF_MAX_LINE);

    must(db, sqlite3_exec(db,
                          "CREATE VIRTUAL TABLE f USING fts5(id UNINDEXED, name, above, "
                          "prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 2\");"
                          "BEGIN",
                          NULL, NULL, NULL));
    must(db,
         sqlite3_prepare_v2(db, "INSERT INTO f VALUES (?1, ?2, ?3)", -1, &insert, NULL));
    for (size_t i = 0; i < b->tree.count; i++) {
        const struct category *c = &b->tree.rows[i];

        buf_reset(&name);
        buf_reset(&above);
        add_names(b, c, &name);
        for (uint32_t p = c->parent; p != TAXONOMY_NONE; p = b->tree.rows[p].parent)
            add_names(b, &b->tree.rows[p], &above);
        sqlite3_bind_text(insert, 1, c->id.p, (int)c->id.n, SQLITE_STATIC);
        sqlite3_bind_text(insert, 2, name.p, (int)name.n, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, above.p, (int)above.n, SQLITE_STATIC);
        must(db, sqlite3_step(insert));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    must(db, sqlite3_exec(db, "COMMIT; INSERT INTO f(f) VALUES ('optimize')", NULL, NULL,
                          NULL));
    buf_clear(&name);
    buf_clear(&above);
}

/* "kaos pri" to "kaos" "pri"*: all of them, or any of them. */
static void fts_query(struct str text, const char *between, struct buf *out)
{
    buf_reset(out);
    while (!str_empty(text)) {
        struct str word = str_cut(&text, ' ');

        if (str_empty(word) || str_eq(word, STR_LIT(">")))
            continue;
        if (out->n)
            buf_add(out, str_of(between));
        buf_add(out, STR_LIT("\""));
        for (size_t i = 0; i < word.n; i++)
            if (word.p[i] != '"')
                buf_add(out, str_n(word.p + i, 1));
        buf_add(out, str_empty(text) ? STR_LIT("\"*") : STR_LIT("\""));
    }
}

static size_t ask_fts(sqlite3_stmt *ask, struct str query, struct buf *ids,
                      struct str found[FIRST])
{
    size_t count = 0, at[FIRST], lengths[FIRST];

    buf_reset(ids);
    sqlite3_reset(ask);
    sqlite3_bind_text(ask, 1, query.p, (int)query.n, SQLITE_STATIC);
    while (count < FIRST && sqlite3_step(ask) == SQLITE_ROW) {
        at[count] = ids->n;
        lengths[count] = (size_t)sqlite3_column_bytes(ask, 0);
        buf_add(ids, str_n((const char *)sqlite3_column_text(ask, 0), lengths[count]));
        count++;
    }
    for (size_t i = 0; i < count; i++)
        found[i] = str_n(ids->p + at[i], lengths[i]);
    return count;
}

static void measure_fts(const struct bench *b)
{
    struct tally t = tally_new(b, "FTS5");
    struct buf query = BUF_INIT(BUF_MAX_LINE), ids = BUF_INIT(BUF_MAX_LINE);
    sqlite3 *db;
    sqlite3_stmt *ask;
    double began = now_us();

    must(NULL, sqlite3_open(":memory:", &db));
    fill_fts(b, db);
    t.build_us = now_us() - began;
    must(db, sqlite3_prepare_v2(db,
                                "SELECT id FROM f WHERE f MATCH ?1 "
                                "ORDER BY bm25(f, 0, 10, 1) LIMIT 5",
                                -1, &ask, NULL));
    for (size_t i = 0; i < b->typed_count; i++) {
        struct str found[FIRST];
        size_t count;

        began = now_us();
        fts_query(b->typed[i].text, " ", &query);
        count = ask_fts(ask, buf_str(&query), &ids, found);
        if (count == 0) {
            fts_query(b->typed[i].text, " OR ", &query);
            count = ask_fts(ask, buf_str(&query), &ids, found);
        }
        note(&t, &b->typed[i], now_us() - began, found, count);
    }
    tell(&t);
    sqlite3_finalize(ask);
    sqlite3_close(db);
    buf_clear(&query);
    buf_clear(&ids);
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = ARENA_INIT(ARENA_MAX_WORK)};

    if (argc != 3)
        die("bench_search TREE TYPED");
    b.tree_file = read_file(argv[1]);
    b.typed_file = read_file(argv[2]);
    read_tree(&b);
    read_typed(&b);
    measure_ours(&b);
    measure_fts(&b);
    buf_clear(&b.tree_file);
    buf_clear(&b.typed_file);
    arena_clear(&b.arena);
    return 0;
}
