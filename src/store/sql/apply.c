/* apply.c - a reading of a tree is kept, whole or not at all
 *
 * A locale's rows are kept once under their digest: ten shops that are told the same
 * share them, and a sync that found nothing new writes one time stamp. What can be worked
 * out beforehand is, so that other writers wait for rows and nothing else.
 */
#include "store/sql/trees.h"

struct applying {
    const struct tree_change *change;
    struct tree_digests worked_out;
    const struct tree_digests *digests;
    bool same; /* as the newest snapshot has it */

    /* of one that is not the same */
    struct arena arena;
    struct taxonomy built;
    const struct taxonomy *tree;
    unsigned commonest;
    struct str locales; /* "en-US,id-ID" */

    int64_t *snapshot_id;
};

/* ---- before the transaction ---- */

static enum aisle_status check_expected(struct str target_id, int64_t expected,
                                        int64_t newest, struct aisle_err *err)
{
    if (newest == expected)
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFLICT,
                      "the tree of %.*s was synced meanwhile: snapshot %lld",
                      STR_ARG(target_id), (long long)newest);
}

static bool digest_eq(const struct sha256 *a, const struct sha256 *b)
{
    return memcmp(a->b, b->b, SHA256_LEN) == 0;
}

/* Compare with the newest snapshot. Snapshots never change, so that what is found here
 * holds in the transaction as long as the newest is still the expected one. */
static enum aisle_status compare(struct conn *c, void *work, struct aisle_err *err)
{
    struct applying *a = work;
    const struct tree_change *change = a->change;
    struct snapshot_row newest = {0};
    struct stmt *st = NULL;
    bool found = false;
    enum aisle_status status =
        sql_peek_snapshot(c, change->target.id, 0, &st, &newest, &found, err);

    if (status == AISLE_OK)
        status = check_expected(change->target.id, change->expected_snapshot,
                                newest.snapshot.id, err);
    a->same = found && digest_eq(&newest.snapshot.content, &a->digests->content) &&
              digest_eq(&newest.snapshot.permissions, &a->digests->permissions);
    sql_finish(st);
    return status;
}

static unsigned commonest_permission(const struct taxonomy *tree)
{
    size_t seen[2 * PERMISSION_UNKNOWN] = {0};
    unsigned best = 0;

    for (size_t i = 0; i < tree->count; i++) {
        unsigned bits = tree->rows[i].permissions % (2 * PERMISSION_UNKNOWN);

        seen[bits]++;
        if (seen[bits] > seen[best])
            best = bits;
    }
    return best;
}

static enum aisle_status join_locales(struct applying *a, struct aisle_err *err)
{
    struct buf joined = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    for (size_t i = 0; i < a->change->locale_count; i++) {
        if (i > 0)
            buf_addc(&joined, ',');
        buf_add(&joined, a->change->per_locale[i].locale);
    }
    status = buf_check(&joined, "list of locales", err);
    if (status == AISLE_OK) {
        a->locales = arena_str(&a->arena, buf_str(&joined));
        status = a->locales.p ? AISLE_OK : aisle_nomem(err);
    }
    buf_clear(&joined);
    return status;
}

/* The tree is wanted for its permissions alone: which locale has the say is known there.
 */
static enum aisle_status work_out(struct applying *a, struct aisle_err *err)
{
    const struct tree_change *change = a->change;
    enum aisle_status status = join_locales(a, err);

    a->tree = change->tree ? change->tree : &a->built;
    if (status == AISLE_OK && !change->tree)
        status = taxonomy_build(&a->arena, change->per_locale, change->locale_count, NULL,
                                NULL, &a->built, err);
    if (status == AISLE_OK)
        a->commonest = commonest_permission(a->tree);
    return status;
}

/* ---- in the transaction ---- */

/* A locale's rows on their way into the table. */
struct content_rows {
    int64_t content;
    const struct category_row *rows;
};

static void fill_row(const void *ctx, size_t i, struct value *values)
{
    const struct content_rows *from = ctx;
    const struct category_row *r = &from->rows[i];

    values[0] = sql_int(from->content);
    values[1] = sql_int((int64_t)i);
    values[2] = sql_text(r->id);
    values[3] = sql_text(r->parent_id);
    values[4] = sql_text(r->name);
    values[5] = sql_int(r->leaf);
}

static enum aisle_status write_rows(struct conn *c, int64_t content,
                                    const struct category_rows *rows,
                                    struct aisle_err *err)
{
    const struct content_rows from = {content, rows->rows};

    return sql_add(c,
                   &(struct new_rows){
                       .table = "category",
                       .columns = "content, place, id, parent_id, local_name, is_leaf",
                       .column_count = 6,
                       .count = rows->count,
                       .fill = fill_row,
                       .ctx = &from},
                   err);
}

static enum aisle_status add_content(struct conn *c, const struct tree_change *change,
                                     size_t i, struct str digest, int64_t *content,
                                     struct aisle_err *err)
{
    const struct target *t = &change->target;
    enum aisle_status status = sql_take_numbers(c, "content", 1, content, err);

    if (status == AISLE_OK)
        status =
            sql_run(c,
                    "INSERT INTO tree_content (id, channel, region, version, "
                    "platform, locale, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    SQL_VALUES(sql_int(*content), sql_text(change->channel),
                               sql_text(change->region), sql_text(t->version),
                               sql_text(t->platform),
                               sql_text(change->per_locale[i].locale), sql_text(digest)),
                    err);
    if (status == AISLE_OK)
        status = write_rows(c, *content, &change->per_locale[i], err);
    return status;
}

/* The rows of locale i are there: since long, or since now. */
static enum aisle_status put_content(struct conn *c, const struct applying *a, size_t i,
                                     int64_t *content, struct aisle_err *err)
{
    const struct tree_change *change = a->change;
    char hex[SHA256_HEX_LEN + 1];
    struct str digest = str_n(hex, SHA256_HEX_LEN);
    enum aisle_status status;

    sha256_hex(&a->digests->locales[i], hex);
    status = sql_ask(c,
                     "SELECT id FROM tree_content WHERE channel = ? AND region = ? AND "
                     "version = ? AND platform = ? AND locale = ? AND digest = ?",
                     SQL_VALUES(sql_text(change->channel), sql_text(change->region),
                                sql_text(change->target.version),
                                sql_text(change->target.platform),
                                sql_text(change->per_locale[i].locale), sql_text(digest)),
                     0, content, err);
    if (status == AISLE_OK && !*content)
        status = add_content(c, change, i, digest, content, err);
    return status;
}

static enum aisle_status write_contents(struct conn *c, const struct applying *a,
                                        int64_t snapshot_id, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < a->change->locale_count && status == AISLE_OK; i++) {
        int64_t content = 0;

        status = put_content(c, a, i, &content, err);
        if (status == AISLE_OK)
            status =
                sql_run(c,
                        "INSERT INTO snapshot_content (target_id, snapshot_id, "
                        "place, content) VALUES (?, ?, ?, ?)",
                        SQL_VALUES(sql_text(a->change->target.id), sql_int(snapshot_id),
                                   sql_int((int64_t)i), sql_int(content)),
                        err);
    }
    return status;
}

static enum aisle_status write_permissions(struct conn *c, const struct applying *a,
                                           int64_t snapshot_id, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < a->tree->count && status == AISLE_OK; i++) {
        const struct category *category = &a->tree->rows[i];
        char words[80];

        if (category->permissions == a->commonest)
            continue;
        permission_format(category->permissions, words);
        status = sql_run(c,
                         "INSERT INTO permission (target_id, snapshot_id, category_id, "
                         "permissions) VALUES (?, ?, ?, ?)",
                         SQL_VALUES(sql_text(a->change->target.id), sql_int(snapshot_id),
                                    sql_text(category->id), sql_text(str_of(words))),
                         err);
    }
    return status;
}

static enum aisle_status add_snapshot(struct conn *c, const struct applying *a,
                                      struct aisle_err *err)
{
    const struct tree_change *change = a->change;
    char commonest[80];
    struct snapshot_row row = {
        .snapshot = {.target_id = change->target.id,
                     .taken_at = change->at,
                     .checked_at = change->at,
                     .locales = a->locales,
                     .content = a->digests->content,
                     .permissions = a->digests->permissions,
                     .categories = change->categories,
                     .leaves = change->leaves,
                     .run_id = change->run ? change->run->id : str_of("")}};
    enum aisle_status status = sql_take_numbers(c, "snapshot", 1, &row.snapshot.id, err);

    permission_format(a->commonest, commonest);
    row.commonest = str_of(commonest);
    if (status == AISLE_OK)
        status = noun_add(c, &sql_snapshot_noun, &row, err);
    if (status == AISLE_OK)
        status = write_contents(c, a, row.snapshot.id, err);
    if (status == AISLE_OK)
        status = write_permissions(c, a, row.snapshot.id, err);
    *a->snapshot_id = row.snapshot.id;
    return status;
}

static enum aisle_status touch_snapshot(struct conn *c, const struct applying *a,
                                        struct aisle_err *err)
{
    *a->snapshot_id = a->change->expected_snapshot;
    return sql_run(c, "UPDATE snapshot SET checked_at = ? WHERE target_id = ? AND id = ?",
                   SQL_VALUES(sql_int(a->change->at), sql_text(a->change->target.id),
                              sql_int(a->change->expected_snapshot)),
                   err);
}

static enum aisle_status write_tree(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct applying *a = work;
    const struct tree_change *change = a->change;
    const struct values target = SQL_VALUES(sql_text(change->target.id));
    int64_t newest = 0;
    enum aisle_status status =
        sql_hold(c, "counter", "name", STR_LIT("snapshot"), err); /* one sync at a time */

    if (status == AISLE_OK)
        status =
            sql_ask(c, "SELECT coalesce(max(id), 0) FROM snapshot WHERE target_id = ?",
                    target, 0, &newest, err);
    if (status == AISLE_OK)
        status =
            check_expected(change->target.id, change->expected_snapshot, newest, err);
    if (status == AISLE_OK)
        status = a->same ? touch_snapshot(c, a, err) : add_snapshot(c, a, err);
    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM provisional_category WHERE target_id = ?",
                         target, err);
    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM tree_part WHERE target_id = ?", target, err);
    if (status == AISLE_OK && change->run)
        status = sql_put_run(c, change->run, err);
    return status;
}

/* ---- the whole ---- */

static enum aisle_status check_locales(const struct tree_change *change,
                                       struct aisle_err *err)
{
    if (change->locale_count == 0)
        return aisle_fail(err, AISLE_INVALID, "a tree of %.*s in no locale",
                          STR_ARG(change->target.id));
    if (change->locale_count > TAXONOMY_MAX_LOCALES)
        return aisle_fail(err, AISLE_LIMIT, "a tree of %.*s in over %d locales",
                          STR_ARG(change->target.id), TAXONOMY_MAX_LOCALES);
    return AISLE_OK;
}

enum aisle_status sql_apply(struct store *s, const struct tree_change *change,
                            int64_t *snapshot_id, struct aisle_err *err)
{
    int64_t id = 0;
    struct applying a = {
        .change = change, .arena = ARENA_INIT(ARENA_MAX_WORK), .snapshot_id = &id};
    enum aisle_status status = check_locales(change, err);

    a.digests = change->digests ? change->digests : &a.worked_out;
    if (status == AISLE_OK && !change->digests)
        status =
            taxonomy_digest(change->per_locale, change->locale_count, &a.worked_out, err);

    if (status == AISLE_OK)
        status = sql_read(s, compare, &a, err);
    if (status == AISLE_OK && !a.same)
        status = work_out(&a, err);
    if (status == AISLE_OK)
        status = sql_write(s, write_tree, &a, err);
    if (status == AISLE_OK)
        *snapshot_id = id;
    arena_clear(&a.arena);
    return status;
}
