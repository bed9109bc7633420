/* trees.c - trees and snapshots read again; apply.c keeps them */
#include "store/sql/trees.h"

#include <assert.h>

static const struct column snapshot_columns[] = {
    COLUMN(struct snapshot_row, snapshot.target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct snapshot_row, snapshot.id, "id", MEMBER_INT),
    COLUMN(struct snapshot_row, snapshot.taken_at, "taken_at", MEMBER_INT),
    COLUMN(struct snapshot_row, snapshot.checked_at, "checked_at", MEMBER_INT),
    COLUMN(struct snapshot_row, snapshot.locales, "locales", MEMBER_TEXT),
    COLUMN(struct snapshot_row, snapshot.content, "content", MEMBER_DIGEST),
    COLUMN(struct snapshot_row, snapshot.permissions, "permissions", MEMBER_DIGEST),
    COLUMN(struct snapshot_row, snapshot.categories, "categories", MEMBER_SIZE),
    COLUMN(struct snapshot_row, snapshot.leaves, "leaves", MEMBER_SIZE),
    COLUMN(struct snapshot_row, snapshot.run_id, "run_id", MEMBER_TEXT),
    COLUMN(struct snapshot_row, commonest, "commonest", MEMBER_TEXT),
};
const struct noun sql_snapshot_noun =
    NOUN("snapshot", struct snapshot_row, snapshot_columns, 2);

static const struct column provisional_columns[] = {
    COLUMN(struct provisional_category, target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct provisional_category, id, "id", MEMBER_TEXT),
    COLUMN(struct provisional_category, name, "name", MEMBER_TEXT),
    COLUMN(struct provisional_category, parent_id, "parent_id", MEMBER_TEXT),
    COLUMN(struct provisional_category, at, "at", MEMBER_INT),
};
static const struct noun provisional_noun =
    NOUN("provisional_category", struct provisional_category, provisional_columns, 2);

static const struct column part_columns[] = {
    COLUMN(struct tree_part, target_id, "target_id", MEMBER_TEXT),
    COLUMN(struct tree_part, locale, "locale", MEMBER_TEXT),
    COLUMN(struct tree_part, fetched_at, "fetched_at", MEMBER_INT),
    COLUMN(struct tree_part, body, "body", MEMBER_TEXT),
};
static const struct noun part_noun = NOUN("tree_part", struct tree_part, part_columns, 2);

/* ---- snapshots ---- */

enum aisle_status sql_peek_snapshot(struct conn *c, struct str target_id, int64_t id,
                                    struct stmt **st, struct snapshot_row *out,
                                    bool *found, struct aisle_err *err)
{
    struct query q = {0};

    query_select(&q, &sql_snapshot_noun);
    query_where(&q, "target_id = ?", sql_text(target_id));
    if (id)
        query_where(&q, "id = ?", sql_int(id));
    query_add(&q, " ORDER BY id DESC LIMIT 1");
    return sql_peek(c, &sql_snapshot_noun, &q, st, out, found, err);
}

static enum aisle_status each_snapshot(struct store *s, struct str target_id,
                                       enum aisle_status (*fn)(void *ctx,
                                                               const struct snapshot *,
                                                               struct aisle_err *),
                                       void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct snapshot_row row;
    struct walk w;

    query_select(&q, &sql_snapshot_noun);
    query_where_text(&q, "target_id = ?", target_id);
    query_add(&q, " ORDER BY id DESC");
    w = walk_begin(s, &sql_snapshot_noun, &q, err);
    while (walk_next(&w, &row))
        w.status = fn(ctx, &row.snapshot, err);
    return walk_end(&w);
}

/* ---- loading ---- */

/* A category whose permission is not the commonest. */
struct exception {
    struct str id;
    unsigned permissions;
};

struct loading {
    struct conn *conn;
    struct str target_id;
    int64_t wanted; /* snapshot; 0: the newest */
    struct arena *arena;
    struct snapshot *snapshot;
    struct arena rows; /* ends with the loading; the tree has copies */
    struct category_rows locales[TAXONOMY_MAX_LOCALES];
    size_t locale_count;
    int64_t content[TAXONOMY_MAX_LOCALES];
    unsigned commonest;
    struct exception *exceptions; /* sorted by id */
    size_t exception_count;
    bool newest;
};

/* "INVITE_ONLY,PROHIBITED" */
static unsigned permissions_parse(struct str words)
{
    unsigned permissions = 0;

    while (!str_empty(words))
        permissions |= permission_parse(str_cut(&words, ','));
    return permissions;
}

static unsigned permissions_of(const struct loading *l, struct str id)
{
    size_t low = 0, high = l->exception_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(l->exceptions[mid].id, id);

        if (order == 0)
            return l->exceptions[mid].permissions;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return l->commonest;
}

static enum aisle_status read_exceptions(struct loading *l, int64_t snapshot_id,
                                         struct aisle_err *err)
{
    const struct values key = SQL_VALUES(sql_text(l->target_id), sql_int(snapshot_id));
    struct stmt *st = NULL;
    int64_t count = 0;
    bool row = false;
    enum aisle_status status = sql_ask(l->conn,
                                       "SELECT count(*) FROM permission "
                                       "WHERE target_id = ? AND snapshot_id = ?",
                                       key, 0, &count, err);

    if (status != AISLE_OK)
        return status;
    l->exceptions = arena_zalloc(&l->rows, (size_t)count, sizeof *l->exceptions);
    if (!l->exceptions)
        return aisle_nomem(err);

    status = sql_prepare(l->conn,
                         "SELECT category_id, permissions FROM permission "
                         "WHERE target_id = ? AND snapshot_id = ? ORDER BY category_id",
                         key, &st, err);
    while (status == AISLE_OK) {
        struct exception e;

        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        e.id = arena_str(&l->rows, sql_column(st, 0));
        e.permissions = permissions_parse(sql_column(st, 1));
        if (!e.id.p)
            status = aisle_nomem(err);
        else
            l->exceptions[l->exception_count++] = e;
    }
    sql_finish(st);
    return status;
}

/* Which locales, and where their rows are. */
static enum aisle_status read_locales(struct loading *l, int64_t snapshot_id,
                                      struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status = sql_prepare(
        l->conn,
        "SELECT t.id, t.locale FROM snapshot_content s JOIN tree_content t ON t.id = "
        "s.content WHERE s.target_id = ? AND s.snapshot_id = ? ORDER BY s.place",
        SQL_VALUES(sql_text(l->target_id), sql_int(snapshot_id)), &st, err);

    while (status == AISLE_OK) {
        struct str locale;

        status = sql_step(st, &row, err);
        if (status != AISLE_OK || !row)
            break;
        if (l->locale_count == TAXONOMY_MAX_LOCALES) {
            status = aisle_fail(err, AISLE_GARBLED, "snapshot %lld has over %d locales",
                                (long long)snapshot_id, TAXONOMY_MAX_LOCALES);
            break;
        }
        locale = arena_str(&l->rows, sql_column(st, 1));
        if (!locale.p)
            status = aisle_nomem(err);
        l->content[l->locale_count] = sql_column_int(st, 0);
        l->locales[l->locale_count++].locale = locale;
    }
    sql_finish(st);
    return status;
}

static bool keep_row(struct loading *l, struct stmt *st, struct category_row *row)
{
    row->id = arena_str(&l->rows, sql_column(st, 0));
    row->parent_id = arena_str(&l->rows, sql_column(st, 1));
    row->name = arena_str(&l->rows, sql_column(st, 2));
    row->leaf = sql_column_int(st, 3) != 0;
    return row->id.p && row->parent_id.p && row->name.p;
}

/* Rows that come from `sql` behind those that are there already; at most `room`. */
static enum aisle_status read_rows(struct loading *l, const char *sql,
                                   struct values values, struct category_row *rows,
                                   size_t room, size_t *count, struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool more = false;
    enum aisle_status status = sql_prepare(l->conn, sql, values, &st, err);

    (void)room; /* where asserts are left out */
    while (status == AISLE_OK) {
        status = sql_step(st, &more, err);
        if (status != AISLE_OK || !more)
            break;
        assert(*count < room); /* counted in the same transaction */
        if (!keep_row(l, st, &rows[*count]))
            status = aisle_nomem(err);
        else
            rows[*count].permissions = permissions_of(l, rows[*count].id);
        ++*count;
    }
    sql_finish(st);
    return status;
}

/* A provisional category is told of by nobody but the recommendation that named it: a
 * leaf, and open. */
static enum aisle_status read_provisional(struct loading *l, struct category_row *rows,
                                          size_t room, size_t *count,
                                          struct aisle_err *err)
{
    size_t first = *count;
    enum aisle_status status =
        read_rows(l,
                  "SELECT id, parent_id, name, 1 FROM provisional_category "
                  "WHERE target_id = ? ORDER BY id",
                  SQL_VALUES(sql_text(l->target_id)), rows, room, count, err);

    for (size_t i = first; i < *count; i++) {
        rows[i].provisional = true;
        rows[i].permissions = 0;
    }
    return status;
}

static enum aisle_status read_locale(struct loading *l, size_t i, struct aisle_err *err)
{
    const struct values content = SQL_VALUES(sql_int(l->content[i]));
    bool provisional = l->newest && i == 0;
    int64_t room = 0, more = 0;
    struct category_row *rows;
    size_t count = 0;
    enum aisle_status status =
        sql_ask(l->conn, "SELECT max(place) + 1 FROM category WHERE content = ?", content,
                0, &room, err);

    if (status == AISLE_OK && provisional)
        status = sql_ask(l->conn,
                         "SELECT count(*) FROM provisional_category WHERE target_id = ?",
                         SQL_VALUES(sql_text(l->target_id)), 0, &more, err);
    if (status != AISLE_OK)
        return status;
    rows = arena_zalloc(&l->rows, (size_t)(room + more), sizeof *rows);
    if (!rows)
        return aisle_nomem(err);

    status = read_rows(l,
                       "SELECT id, parent_id, local_name, is_leaf FROM category "
                       "WHERE content = ? ORDER BY place",
                       content, rows, (size_t)room, &count, err);
    if (status == AISLE_OK && provisional)
        status = read_provisional(l, rows, (size_t)(room + more), &count, err);
    l->locales[i].rows = rows;
    l->locales[i].count = count;
    return status;
}

static enum aisle_status no_snapshot(struct str target_id, int64_t id,
                                     struct aisle_err *err)
{
    if (id)
        return aisle_fail(err, AISLE_NOT_FOUND, "%.*s has no snapshot %lld",
                          STR_ARG(target_id), (long long)id);
    return aisle_fail(err, AISLE_NOT_FOUND, "the tree of %.*s was never synced",
                      STR_ARG(target_id));
}

static enum aisle_status find_snapshot(struct loading *l, int64_t id, struct arena *arena,
                                       struct snapshot *out, struct aisle_err *err)
{
    struct snapshot_row row;
    struct stmt *st = NULL;
    bool found = false;
    int64_t newest = 0;
    enum aisle_status status =
        sql_peek_snapshot(l->conn, l->target_id, id, &st, &row, &found, err);

    if (status == AISLE_OK && !found)
        status = no_snapshot(l->target_id, id, err);
    if (status == AISLE_OK)
        l->commonest = permissions_parse(row.commonest);
    if (status == AISLE_OK)
        status = noun_keep(&sql_snapshot_noun, &row, arena, err);
    sql_finish(st);
    if (status == AISLE_OK)
        status = sql_ask(l->conn, "SELECT max(id) FROM snapshot WHERE target_id = ?",
                         SQL_VALUES(sql_text(l->target_id)), 0, &newest, err);
    if (status != AISLE_OK)
        return status;
    l->newest = row.snapshot.id == newest;
    *out = row.snapshot;
    return AISLE_OK;
}

/* All statements inside one transaction: a sync may end between any two of them. */
static enum aisle_status read_all(struct conn *c, void *work, struct aisle_err *err)
{
    struct loading *l = work;
    enum aisle_status status;

    l->conn = c;
    l->exception_count = l->locale_count = 0;
    status = find_snapshot(l, l->wanted, l->arena, l->snapshot, err);
    if (status == AISLE_OK)
        status = read_exceptions(l, l->snapshot->id, err);
    if (status == AISLE_OK)
        status = read_locales(l, l->snapshot->id, err);
    for (size_t i = 0; i < l->locale_count && status == AISLE_OK; i++)
        status = read_locale(l, i, err);
    return status;
}

static enum aisle_status load(struct store *s, struct str target_id, int64_t snapshot_id,
                              struct arena *arena, struct snapshot *snapshot,
                              struct taxonomy *tree, struct aisle_err *err)
{
    struct snapshot found;
    struct loading l = {.target_id = target_id,
                        .wanted = snapshot_id,
                        .rows = ARENA_INIT(ARENA_MAX_WORK),
                        .arena = arena,
                        .snapshot = &found};
    enum aisle_status status = sql_read(s, read_all, &l, err);

    if (status == AISLE_OK)
        status = taxonomy_build(arena, l.locales, l.locale_count, NULL, NULL, tree, err);
    if (status == AISLE_OK && snapshot)
        *snapshot = found;
    arena_clear(&l.rows);
    return status;
}

/* ---- one category in all of them ---- */

struct remembering {
    struct str target_id, category_id;
    struct arena *arena;
    struct category_reading *rows;
    size_t count, room;
};

static bool keep_reading(struct remembering *r, struct stmt *st)
{
    struct category_reading *row = &r->rows[r->count++];

    *row = (struct category_reading){
        .snapshot_id = sql_column_int(st, 0),
        .taken_at = sql_column_int(st, 1),
        .run_id = arena_str(r->arena, sql_column(st, 2)),
        .locale = arena_str(r->arena, sql_column(st, 3)),
        .there = sql_column_int(st, 4) >= 0,
        .parent_id = arena_str(r->arena, sql_column(st, 5)),
        .name = arena_str(r->arena, sql_column(st, 6)),
        .leaf = sql_column_int(st, 7) != 0,
        .permissions = permissions_parse(sql_column(st, 8)),
    };
    return row->run_id.p && row->locale.p && row->parent_id.p && row->name.p;
}

/* Of an id that an odd tree has twice, the first: as it was built. */
static enum aisle_status read_readings(struct conn *c, void *work, struct aisle_err *err)
{
    struct remembering *r = work;
    struct stmt *st = NULL;
    int64_t room = 0;
    bool more = false;
    enum aisle_status status =
        sql_ask(c, "SELECT count(*) FROM snapshot_content WHERE target_id = ?",
                SQL_VALUES(sql_text(r->target_id)), 0, &room, err);

    if (status != AISLE_OK)
        return status;
    r->count = 0;
    r->rows = arena_zalloc(r->arena, (size_t)room, sizeof *r->rows);
    if (!r->rows)
        return aisle_nomem(err);
    status = sql_prepare(
        c,
        "SELECT s.id, s.taken_at, s.run_id, t.locale, COALESCE(c.place, -1), "
        "COALESCE(c.parent_id, ''), COALESCE(c.local_name, ''), COALESCE(c.is_leaf, 0), "
        "COALESCE(p.permissions, s.commonest) FROM snapshot s "
        "JOIN snapshot_content k ON k.target_id = s.target_id AND k.snapshot_id = s.id "
        "JOIN tree_content t ON t.id = k.content "
        "LEFT JOIN category c ON c.content = k.content AND c.place = (SELECT "
        "min(f.place) "
        "FROM category f WHERE f.content = k.content AND f.id = ?) "
        "LEFT JOIN permission p ON p.target_id = s.target_id AND p.snapshot_id = s.id "
        "AND p.category_id = ? WHERE s.target_id = ? ORDER BY s.id, k.place",
        SQL_VALUES(sql_text(r->category_id), sql_text(r->category_id),
                   sql_text(r->target_id)),
        &st, err);
    while (status == AISLE_OK) {
        status = sql_step(st, &more, err);
        if (status != AISLE_OK || !more)
            break;
        assert(r->count < (size_t)room); /* counted in the same transaction */
        if (!keep_reading(r, st))
            status = aisle_nomem(err);
    }
    sql_finish(st);
    return status;
}

static enum aisle_status readings(struct store *s, struct str target_id,
                                  struct str category_id, struct arena *arena,
                                  struct category_reading **out, size_t *count,
                                  struct aisle_err *err)
{
    struct remembering r = {
        .target_id = target_id, .category_id = category_id, .arena = arena};
    enum aisle_status status = sql_read(s, read_readings, &r, err);

    if (status == AISLE_OK) {
        *out = r.rows;
        *count = r.count;
    }
    return status;
}

/* ---- provisional categories ---- */

enum aisle_status sql_put_provisional(struct conn *c,
                                      const struct provisional_category *p,
                                      struct aisle_err *err)
{
    return noun_put(c, &provisional_noun, p, err);
}

static enum aisle_status write_provisional(struct conn *c, const void *work,
                                           struct aisle_err *err)
{
    return sql_put_provisional(c, work, err);
}

static enum aisle_status put_provisional(struct store *s,
                                         const struct provisional_category *p,
                                         struct aisle_err *err)
{
    return sql_write(s, write_provisional, p, err);
}

/* ---- parts of a tree that is not there yet ---- */

static enum aisle_status write_part(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    return noun_put(c, &part_noun, work, err);
}

static enum aisle_status put_part(struct store *s, const struct tree_part *part,
                                  struct aisle_err *err)
{
    return sql_write(s, write_part, part, err);
}

static enum aisle_status get_part(struct store *s, struct str target_id,
                                  struct str locale, struct arena *arena,
                                  struct tree_part *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &part_noun);
    query_where(&q, "target_id = ?", sql_text(target_id));
    query_where(&q, "locale = ?", sql_text(locale));
    status = sql_get(s, &part_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        status = aisle_fail(err, AISLE_NOT_FOUND, "%.*s has no part in %.*s",
                            STR_ARG(target_id), STR_ARG(locale));
    return status;
}

const struct store_trees sql_trees = {
    .apply = sql_apply,
    .load = load,
    .each_snapshot = each_snapshot,
    .readings = readings,
    .put_part = put_part,
    .get_part = get_part,
    .put_provisional = put_provisional,
};
