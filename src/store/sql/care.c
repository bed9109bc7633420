/* care.c - what is in a store, and whether its rows fit together */
#include "store/sql/rows.h"

enum aisle_status sql_count_rows(struct conn *c, struct store_facts *out,
                                 struct aisle_err *err)
{
    const struct {
        const char *sql;
        size_t *count;
    } counts[] = {
        {"SELECT count(*) FROM product", &out->products},
        {"SELECT count(*) FROM decision", &out->decisions},
        {"SELECT count(*) FROM snapshot", &out->snapshots},
    };
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < sizeof counts / sizeof *counts && status == AISLE_OK; i++) {
        int64_t n = 0;

        status = sql_ask(c, counts[i].sql, SQL_NO_VALUES, 0, &n, err);
        *counts[i].count = (size_t)n;
    }
    return status;
}

static const struct sql_check checks[] = {
    {"SELECT p.id FROM product p WHERE p.image_id IS NOT NULL AND NOT EXISTS (SELECT 1 "
     "FROM product_image i WHERE i.seller_id = p.seller_id AND i.id = p.image_id) LIMIT "
     "1",
     "has a product without the image it had"},
    {"SELECT m.scope || ' ' || m.key FROM mapping m JOIN decision d "
     "ON d.seller_id = m.seller_id AND d.key = m.key AND d.target_id = m.target_id "
     "AND d.scope = m.scope AND d.seq > m.seq LIMIT 1",
     "has a mapping behind its newest decision"},
    {"SELECT g.seller_category_id || ' of ' || g.seller_id FROM progress g WHERE "
     "g.target_id = '' AND g.products <> (SELECT count(*) FROM product p WHERE "
     "p.seller_id = g.seller_id AND p.seller_category_id = g.seller_category_id) LIMIT 1",
     "has counted the products of a seller category wrong"},
    {"SELECT t.seller_category_id || ' of ' || t.seller_id FROM (SELECT seller_id, "
     "seller_category_id, target_id, stands, advisor, tenth, provisional, products FROM "
     "progress WHERE target_id <> '' UNION ALL SELECT p.seller_id, "
     "p.seller_category_id, m.target_id, m.stands, m.advisor, m.tenth, m.provisional, "
     "-1 FROM mapping m JOIN product p ON p.seller_id = m.seller_id AND p.id = m.key "
     "WHERE m.scope = 'product') t GROUP BY t.seller_id, t.seller_category_id, "
     "t.target_id, t.stands, t.advisor, t.tenth, t.provisional HAVING sum(t.products) "
     "<> 0 LIMIT 1",
     "has counted what stands for the products of a seller category wrong"},
    {"SELECT s.name || ' of ' || s.seller_id FROM label_set s WHERE s.row_count <> "
     "(SELECT count(*) FROM label l WHERE l.seller_id = s.seller_id AND l.set_seq = "
     "s.seq) LIMIT 1",
     "has a label set without some of its rows"},
    {"SELECT 'snapshot ' || s.id FROM snapshot s WHERE NOT EXISTS (SELECT 1 FROM "
     "snapshot_content c WHERE c.target_id = s.target_id AND c.snapshot_id = s.id) "
     "LIMIT 1",
     "has a snapshot without its tree"},
};

static enum aisle_status run_check(struct conn *c, const struct sql_check *check,
                                   struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row = false;
    enum aisle_status status = sql_prepare(c, check->sql, SQL_NO_VALUES, &st, err);

    if (status == AISLE_OK)
        status = sql_step(st, &row, err);
    if (status == AISLE_OK && row)
        status = aisle_fail(err, AISLE_GARBLED, "%s %s: %.*s", c->place, check->words,
                            STR_ARG(sql_column(st, 0)));
    sql_finish(st);
    return status;
}

enum aisle_status sql_check(struct conn *c, const struct sql_check *list, size_t count,
                            struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = run_check(c, &list[i], err);
    return status;
}

enum aisle_status sql_check_rows(struct conn *c, struct aisle_err *err)
{
    return sql_check(c, checks, sizeof checks / sizeof *checks, err);
}
