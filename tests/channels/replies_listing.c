/* What is read from answers about requirements and products, in words. */
#include "replies.h"

#include "channels/tiktok/listing_wire.h"

static void put_conditions(struct buf *out, const struct requirement_conditions *when)
{
    for (size_t i = 0; i < when->count; i++)
        buf_addf(out, " if %.*s=%.*s%s%.*s", STR_ARG(when->rows[i].attribute_id),
                 STR_ARG(when->rows[i].value_id), when->rows[i].region.n ? " in " : "",
                 STR_ARG(when->rows[i].region));
}

static void put_where(struct buf *out, struct str markets)
{
    if (markets.n)
        buf_addf(out, " in %.*s", STR_ARG(markets));
}

enum aisle_status say_rules(const json_t *envelope, struct arena *arena, struct buf *out,
                            struct aisle_err *err)
{
    struct requirement r = {0};
    enum aisle_status status = tiktok_rules_read(envelope, arena, &r, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < r.certificate_count; i++) {
        const struct required_certificate *c = &r.certificates[i];

        buf_addf(out, "certificate %.*s \"%.*s\"%s%s", STR_ARG(c->id), STR_ARG(c->name),
                 c->required ? " required" : "",
                 c->expiration_required ? " expires" : "");
        put_where(out, c->required_in);
        put_conditions(out, &c->when);
        buf_addc(out, '\n');
    }
    buf_addf(out,
             "size chart %d %d, cod %d, dimension %d, epr %d, manufacturer %d, "
             "person %d, types %.*s\n",
             r.size_chart_supported, r.size_chart_required, r.cod_supported,
             r.package_dimension_required, r.epr_required, r.manufacturer_required,
             r.responsible_person_required, STR_ARG(r.special_types));
    if (r.manufacturer_in.n || r.responsible_person_in.n)
        buf_addf(out, "manufacturer in %.*s, person in %.*s\n",
                 STR_ARG(r.manufacturer_in), STR_ARG(r.responsible_person_in));
    for (size_t i = 0; i < r.fee_count; i++)
        buf_addf(out, "fee %.*s %d\n", STR_ARG(r.fees[i].type), r.fees[i].required);
    return AISLE_OK;
}

enum aisle_status say_attributes(const json_t *envelope, struct arena *arena,
                                 struct buf *out, struct aisle_err *err)
{
    struct requirement r = {0};
    enum aisle_status status = tiktok_attributes_read(envelope, arena, &r, err);

    for (size_t i = 0; status == AISLE_OK && i < r.attribute_count; i++) {
        const struct required_attribute *a = &r.attributes[i];

        buf_addf(out, "%.*s \"%.*s\"%s%s%s%s%s", STR_ARG(a->id), STR_ARG(a->name),
                 a->sales ? " sales" : "", a->required ? " required" : "",
                 a->customizable ? " own" : "", a->multiple ? " several" : "",
                 a->number ? " number" : "");
        put_where(out, a->required_in);
        put_conditions(out, &a->when);
        for (size_t k = 0; k < a->value_count; k++)
            buf_addf(out, ", %.*s %.*s", STR_ARG(a->values[k].id),
                     STR_ARG(a->values[k].name));
        buf_addc(out, '\n');
    }
    return status;
}

enum aisle_status say_brands(const json_t *envelope, struct arena *arena, struct buf *out,
                             struct aisle_err *err)
{
    struct channel_brand_page page;
    enum aisle_status status = tiktok_brands_read(envelope, arena, &page, err);

    if (status != AISLE_OK)
        return status;
    buf_addf(out, "of %lld, next %.*s\n", (long long)page.total,
             STR_ARG(page.next_token));
    for (size_t i = 0; i < page.count; i++)
        buf_addf(out, "%.*s \"%.*s\"%s%s%s\n", STR_ARG(page.rows[i].id),
                 STR_ARG(page.rows[i].name), page.rows[i].authorized ? " authorized" : "",
                 page.rows[i].available ? " available" : "",
                 page.rows[i].t1 ? " t1" : "");
    return AISLE_OK;
}

static void put_warehouses(struct buf *out, const struct shop_warehouse *rows,
                           size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "%.*s \"%.*s\" %.*s %.*s%s\n", STR_ARG(rows[i].id),
                 STR_ARG(rows[i].name), STR_ARG(rows[i].type), STR_ARG(rows[i].status),
                 rows[i].is_default ? " default" : "");
}

enum aisle_status say_warehouses(const json_t *envelope, struct arena *arena,
                                 struct buf *out, struct aisle_err *err)
{
    const struct shop_warehouse *rows;
    size_t count;
    enum aisle_status status =
        tiktok_warehouses_read(envelope, arena, &rows, &count, err);

    if (status == AISLE_OK)
        put_warehouses(out, rows, count);
    return status;
}

enum aisle_status say_global_warehouses(const json_t *envelope, struct arena *arena,
                                        struct buf *out, struct aisle_err *err)
{
    const struct shop_warehouse *rows;
    size_t count;
    enum aisle_status status =
        tiktok_global_warehouses_read(envelope, arena, &rows, &count, err);

    if (status == AISLE_OK)
        put_warehouses(out, rows, count);
    return status;
}

enum aisle_status say_prerequisites(const json_t *envelope, struct arena *arena,
                                    struct buf *out, struct aisle_err *err)
{
    const struct channel_prerequisite *rows;
    size_t count;
    enum aisle_status status =
        tiktok_prerequisites_read(envelope, arena, &rows, &count, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        buf_addf(out, "%.*s %s %.*s\n", STR_ARG(rows[i].item),
                 rows[i].failed ? "failed" : "passed", STR_ARG(rows[i].reasons));
    return status;
}

enum aisle_status say_file(const json_t *envelope, struct arena *arena, struct buf *out,
                           struct aisle_err *err)
{
    struct channel_pushed_file file;
    enum aisle_status status = tiktok_file_read(envelope, arena, &file, err);

    if (status == AISLE_OK)
        buf_addf(out, "%.*s %.*s %.*s %.*s\n", STR_ARG(file.id), STR_ARG(file.name),
                 STR_ARG(file.format), STR_ARG(file.url));
    return status;
}

enum aisle_status say_check(const json_t *envelope, struct arena *arena, struct buf *out,
                            struct aisle_err *err)
{
    struct channel_listing_check check;
    enum aisle_status status = tiktok_check_read(envelope, arena, &check, err);

    if (status != AISLE_OK)
        return status;
    buf_addf(out, "%s, warning \"%.*s\"\n", check.passed ? "passed" : "failed",
             STR_ARG(check.warning));
    for (size_t i = 0; i < check.reason_count; i++)
        buf_addf(out, "%.*s %.*s\n", STR_ARG(check.reasons[i].code),
                 STR_ARG(check.reasons[i].message));
    return AISLE_OK;
}

static void put_skus(struct buf *out, const struct channel_listed_sku *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "sku %.*s %.*s\n", STR_ARG(rows[i].id),
                 STR_ARG(rows[i].seller_sku));
}

enum aisle_status say_listed(const json_t *envelope, struct arena *arena, struct buf *out,
                             struct aisle_err *err)
{
    struct channel_listed listed;
    enum aisle_status status = tiktok_listed_read(envelope, arena, &listed, err);

    if (status != AISLE_OK)
        return status;
    buf_addf(out, "product %.*s audit %.*s\n", STR_ARG(listed.product_id),
             STR_ARG(listed.audit));
    put_skus(out, listed.skus, listed.sku_count);
    for (size_t i = 0; i < listed.warning_count; i++)
        buf_addf(out, "warning %.*s\n", STR_ARG(listed.warnings[i]));
    return AISLE_OK;
}

static void put_product(struct buf *out, const struct channel_product *p)
{
    buf_addf(out, "%.*s \"%.*s\" %.*s = %s, audit %.*s, leaf %.*s, external %.*s, %lld\n",
             STR_ARG(p->id), STR_ARG(p->title), STR_ARG(p->status),
             listing_state_name(p->state), STR_ARG(p->audit), STR_ARG(p->category_id),
             STR_ARG(p->external_id), (long long)p->updated_at);
    if (p->reason.n)
        buf_addf(out, "because %.*s\n", STR_ARG(p->reason));
    put_skus(out, p->skus, p->sku_count);
}

enum aisle_status say_product(const json_t *envelope, struct arena *arena,
                              struct buf *out, struct aisle_err *err)
{
    struct channel_product product;
    enum aisle_status status = tiktok_product_read(envelope, arena, &product, err);

    if (status == AISLE_OK)
        put_product(out, &product);
    return status;
}

enum aisle_status say_products(const json_t *envelope, struct arena *arena,
                               struct buf *out, struct aisle_err *err)
{
    struct channel_product_page page;
    enum aisle_status status = tiktok_products_read(envelope, arena, &page, err);

    if (status != AISLE_OK)
        return status;
    buf_addf(out, "of %lld, next %.*s\n", (long long)page.total,
             STR_ARG(page.next_token));
    for (size_t i = 0; i < page.count; i++)
        put_product(out, &page.rows[i]);
    return AISLE_OK;
}

enum aisle_status say_unchanged(const json_t *envelope, struct arena *arena,
                                struct buf *out, struct aisle_err *err)
{
    const struct channel_unchanged *rows;
    size_t count;
    enum aisle_status status = tiktok_unchanged_read(envelope, arena, &rows, &count, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        buf_addf(out, "%.*s not changed: %.*s %.*s\n", STR_ARG(rows[i].product_id),
                 STR_ARG(rows[i].code), STR_ARG(rows[i].message));
    if (status == AISLE_OK && count == 0)
        buf_addz(out, "all changed\n");
    return status;
}

static void put_markets(struct buf *out, const struct channel_market *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "in %.*s: product %.*s of shop %.*s%s%.*s\n",
                 STR_ARG(rows[i].region), STR_ARG(rows[i].product_id),
                 STR_ARG(rows[i].shop_id), rows[i].failed ? ", failed: " : "",
                 STR_ARG(rows[i].reason));
        put_skus(out, rows[i].skus, rows[i].sku_count);
    }
}

enum aisle_status say_global_listed(const json_t *envelope, struct arena *arena,
                                    struct buf *out, struct aisle_err *err)
{
    struct channel_listed listed;
    enum aisle_status status = tiktok_global_listed_read(envelope, arena, &listed, err);

    if (status != AISLE_OK)
        return status;
    buf_addf(out, "product %.*s\n", STR_ARG(listed.product_id));
    put_skus(out, listed.skus, listed.sku_count);
    put_markets(out, listed.markets, listed.market_count);
    return AISLE_OK;
}

enum aisle_status say_global_product(const json_t *envelope, struct arena *arena,
                                     struct buf *out, struct aisle_err *err)
{
    struct channel_product product;
    enum aisle_status status = tiktok_global_product_read(envelope, arena, &product, err);

    if (status != AISLE_OK)
        return status;
    put_product(out, &product);
    put_markets(out, product.markets, product.market_count);
    return AISLE_OK;
}

enum aisle_status say_published(const json_t *envelope, struct arena *arena,
                                struct buf *out, struct aisle_err *err)
{
    const struct channel_market *rows;
    size_t count;
    enum aisle_status status = tiktok_published_read(envelope, arena, &rows, &count, err);

    if (status == AISLE_OK)
        put_markets(out, rows, count);
    return status;
}
