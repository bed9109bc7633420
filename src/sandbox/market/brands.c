/* Get Brands 202309 and Create Custom Brands 202309. A custom brand is the seller's whose
 * token made it, unauthorised and no T1 brand. Over 50 a day or 1000 in all it says
 * 12052109 (a guess: the page names the limits and no code). */
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/data.h"
#include "sandbox/market/market.h"
#include "sandbox/market/schema.h"

enum { CUSTOM_A_DAY = 50, CUSTOM_IN_ALL = 1000, DAY_MS = 24 * 3600 * 1000 };

static struct brand *add(struct market *m, struct str id, struct str name)
{
    struct brand *list;
    struct brand fresh = {.id = mem_dup(id.p, id.n), .name = mem_dup(name.p, name.n)};

    list = m->brand_count < MARKET_MAX_BRANDS
               ? mem_realloc(m->brands, (m->brand_count + 1) * sizeof *list)
               : NULL;
    if (list)
        m->brands = list;
    if (!list || !fresh.id || !fresh.name) {
        mem_free(fresh.id);
        mem_free(fresh.name);
        return NULL;
    }
    m->brands[m->brand_count] = fresh;
    return &m->brands[m->brand_count++];
}

enum aisle_status brands_load(struct market *m, struct aisle_err *err)
{
    struct str text = SANDBOX_DATA(brands);

    str_cut(&text, '\n');
    while (text.n) {
        struct str line = str_cut(&text, '\n'), id = str_cut(&line, '\t');
        struct brand *brand = add(m, id, str_cut(&line, '\t'));

        if (!brand)
            return aisle_nomem(err);
        brand->authorized = str_is(str_cut(&line, '\t'), "AUTHORIZED");
        brand->t1 = str_is(str_cut(&line, '\t'), "yes");
        brand->expired = str_is(line, "EXPIRED");
        brand->available = str_is(line, "AVAILABLE") || brand->expired;
    }
    return AISLE_OK;
}

void brands_free(struct market *m)
{
    for (size_t i = 0; i < m->brand_count; i++) {
        mem_free(m->brands[i].id);
        mem_free(m->brands[i].name);
    }
    mem_free(m->brands);
    m->brands = NULL;
    m->brand_count = 0;
}

static bool is_seen_by(const struct brand *b, const struct seller *seller)
{
    return !b->owner || b->owner == seller;
}

const struct brand *brands_find(const struct market *m, const struct seller *seller,
                                struct str id)
{
    for (size_t i = 0; i < m->brand_count; i++)
        if (is_seen_by(&m->brands[i], seller) && str_is(id, m->brands[i].id))
            return &m->brands[i];
    return NULL;
}

/* ---- Get Brands ---- */

struct wish {
    struct page page;
    struct str name; /* folded; the beginning of the brand's */
    bool authorized_only, has_category;
};

static bool begins(const char *name, struct str folded_prefix)
{
    struct buf folded = BUF_INIT(BUF_MAX_LINE);
    bool fits;

    text_fold(str_of(name), &folded);
    fits = str_eq(str_head(buf_str(&folded), folded_prefix.n), folded_prefix);
    buf_clear(&folded);
    return fits;
}

/* The wire misspells UNAUTHORIZED. The status is said of authorised ones, in a category.
 */
static void put_brand(struct json_out *json, const struct call *c, const struct wish *w,
                      const struct brand *b)
{
    const char *without =
        c->engine->set.switches.right_spelling ? "UNAUTHORIZED" : "UNAUTHORIEZD";

    json_open(json);
    json_add_str(json, "id", str_of(b->id));
    json_add_str(json, "name", str_of(b->name));
    json_add_str(json, "authorized_status",
                 str_of(b->authorized ? "AUTHORIZED" : without));
    json_add_bool(json, "is_t1_brand", b->t1);
    if (b->authorized && w->has_category)
        json_add_str(json, "brand_status",
                     str_of(b->available ? "AVAILABLE" : "UNAVAILABLE"));
    json_close(json);
}

static bool read_category(struct call *c, struct wish *w)
{
    struct str id = http_arg_str(c->request, "category_id");
    struct place place;
    int64_t code;

    w->has_category = !str_empty(id);
    if (!w->has_category)
        return true;
    code = place_find(c, id, http_arg_str(c->request, "category_version"), &place);
    if (code == 12052002)
        code = 12052023;
    if (code && code != 12052024) { /* of a parent too; the page does not list 12052024 */
        call_fail(c, code, NULL, 0);
        return false;
    }
    return true;
}

static bool read_wish(struct call *c, struct wish *w, struct buf *folded)
{
    struct str only = http_arg_str(c->request, "is_authorized");

    if (!page_read(c, &w->page) || !read_category(c, w))
        return false;
    if (!str_empty(only) && !str_is(only, "0") && !str_is(only, "1")) {
        call_refuse_value(c, "is_authorized", "unknown value", "0 or 1");
        return false;
    }
    w->authorized_only = str_is(only, "1");
    text_fold(str_trim(http_arg_str(c->request, "brand_name")), folded);
    w->name = buf_str(folded);
    return true;
}

static void answer(struct call *c, const struct market *m, const struct wish *w)
{
    struct json_out json = call_data(c);
    size_t total = 0;

    json_open(&json);
    json_key(&json, "brands");
    json_open_list(&json);
    for (size_t i = 0; i < m->brand_count; i++) {
        const struct brand *b = &m->brands[i];

        if (!is_seen_by(b, c->seller) || (w->authorized_only && !b->authorized) ||
            !begins(b->name, w->name))
            continue;
        if (total >= w->page.from && total - w->page.from < w->page.size)
            put_brand(&json, c, w, b);
        total++;
    }
    json_close_list(&json);
    page_put_end(&json, &w->page, total);
    json_close(&json);
    call_done(c, "Success");
}

void brands_search(struct call *c)
{
    struct market *m = market_enter(c);
    struct buf folded = BUF_INIT(BUF_MAX_LINE);
    struct wish w = {.page = {0}};

    if (read_wish(c, &w, &folded))
        answer(c, m, &w);
    buf_clear(&folded);
    market_leave(m);
}

/* ---- Create Custom Brands ---- */

static bool is_over(const struct market *m, const struct seller *seller, int64_t day)
{
    size_t all = 0, today = 0;

    for (size_t i = 0; i < m->brand_count; i++) {
        all += m->brands[i].owner == seller;
        today += m->brands[i].owner == seller && m->brands[i].made_day == day;
    }
    return all >= CUSTOM_IN_ALL || today >= CUSTOM_A_DAY;
}

static void create(struct call *c, struct market *m, struct str name)
{
    int64_t day = c->now_ms / DAY_MS;
    char id[MARKET_ID];
    struct json_out json;
    struct brand *brand;

    if (utf8_length(name) < 2 || utf8_length(name) > 30 || has_chinese(name)) {
        call_refuse_value(c, "name", "wrong length or Chinese characters",
                          "2 to 30 characters, none of them Chinese");
        return;
    }
    if (is_over(m, c->seller, day)) {
        call_fail(c, 12052109, NULL, 0);
        return;
    }
    market_id(m, id);
    brand = add(m, str_of(id), name);
    if (!brand) {
        call_broken(c);
        return;
    }
    brand->owner = c->seller;
    brand->made_day = day;
    json = call_data(c);
    json_open(&json);
    json_add_str(&json, "id", str_of(id));
    json_close(&json);
    call_done(c, "Success");
}

void brands_create(struct call *c)
{
    json_t *body = call_body(c);
    struct str name = str_trim(json_str(body, "name")), missing = STR_LIT("Name");
    struct market *m;

    if (body && schema_pass(c, schema_brand, body)) {
        m = market_enter(c);
        if (str_empty(name))
            call_refuse_with(c, REFUSE_REQUIRED, &missing, 1);
        else
            create(c, m, name);
        market_leave(m);
    }
    json_decref(body);
}
