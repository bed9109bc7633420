#include "sandbox/market/judge.h"

#include "base/text.h"
#include "sandbox/market/codes.h"

/* The order in which a product is looked at: what the request is, what it is about, its
 * texts and images, its SKUs, then what hangs on them. (An answer on the wire says one
 * thing at a time; that much is recorded, the order is not.) */
static const struct {
    bool (*run)(struct judge *j);
    bool local_only; /* not of a global product */
} steps[] = {
    {step_schema, false},
    {step_presence, false},
    {step_choices, false},
    {step_shop, true},
    {step_category, false},
    {step_title, false},
    {step_description, false},
    {step_main_images, false},
    {step_brand, false},
    {step_attributes, false},
    {step_required, false},
    {step_skus, false},
    {step_sales_attributes, false},
    {step_sku_images, false},
    {step_prices, false},
    {step_inventory, true},
    {step_codes, false},
    {step_sku_extras, true},
    {step_pre_sale, true},
    {step_package, false},
    {step_certifications, false},
    {step_size_chart, false},
    {step_persons, false},
    {step_extras, true},
    {step_combined, true},
};

enum { STEPS = sizeof steps / sizeof *steps };

void judge_begin(struct judge *j, struct call *c, const struct market *m,
                 const json_t *body)
{
    struct str id = json_str(body, "category_id");
    struct str version = json_str(body, "category_version");

    *j = (struct judge){.call = c, .market = m, .body = body};
    j->region = region_of(c->shop->region);
    j->draft = str_is(json_str(body, "save_mode"), "AS_DRAFT");
    if (place_find(c, id, version, &j->place)) {
        j->place = (struct place){0};
        return;
    }
    j->rules = demands_rules(m->demands, j->place.tree, j->place.at);
    j->demand_count = demands_of(m->demands, j->place.tree, j->place.at, j->demands);
}

void judge_end(struct judge *j)
{
    json_decref(j->rules);
    json_decref(j->warnings);
    j->rules = j->warnings = NULL;
}

bool judge_pass(struct judge *j)
{
    for (size_t i = 0; i < STEPS; i++)
        if (!(j->global && steps[i].local_only) && !steps[i].run(j))
            return false;
    return true;
}

void judge_each(struct judge *j, judge_said_fn *said, void *ctx)
{
    for (size_t i = 0; i < STEPS; i++) {
        j->verdict = (struct verdict){0};
        if ((j->global && steps[i].local_only) || steps[i].run(j))
            continue;
        said(ctx, &j->verdict);
        if (steps[i].run == step_schema) /* nothing else can be read */
            return;
    }
}

void judge_refuse(struct judge *j)
{
    call_refuse_text(j->call, j->verdict.gateway, j->verdict.code, j->verdict.text);
}

/* ---- saying no ---- */

static struct str fill_in(struct judge *j, struct str text, const struct str *fill,
                          size_t count)
{
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct str kept;

    call_fill(&out, text, fill, count);
    kept = call_keep(j->call, buf_str(&out));
    buf_clear(&out);
    return kept;
}

bool judge_fail_with(struct judge *j, int64_t code, const struct str *fill, size_t count)
{
    j->verdict = (struct verdict){code, false, fill_in(j, code_text(code), fill, count)};
    return false;
}

bool judge_fail(struct judge *j, int64_t code)
{
    return judge_fail_with(j, code, NULL, 0);
}

bool judge_fail_value(struct judge *j, struct str name, const char *reason,
                      const char *expected)
{
    struct str fill[] = {name, str_of(reason), str_of(expected)};
    struct str text = STR_LIT("Parameter {} is invalid. Reason: {}. Expected: {}");

    j->verdict = (struct verdict){98001004, true, fill_in(j, text, fill, 3)};
    return false;
}

bool judge_fail_schema(struct judge *j, struct str text)
{
    j->verdict = (struct verdict){36009004, true, call_keep(j->call, text)};
    return false;
}

void judge_warn(struct judge *j, struct str text)
{
    if (!j->warnings)
        j->warnings = json_array();
    json_array_append_new(j->warnings, value_of(text));
}

void judge_warn_code(struct judge *j, int64_t code)
{
    if (!texts_like(j->warnings, code_text(code)))
        judge_warn(j, code_text(code));
}

/* ---- texts ---- */

static bool is_emoji(uint32_t c)
{
    return (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) ||
           (c >= 0x2b00 && c <= 0x2bff) || c == 0xfe0f || c == 0x20e3 ||
           (c >= 0xe0000 && c <= 0xe007f);
}

static bool is_control(uint32_t c, bool long_text)
{
    bool line = c == '\n' || c == '\r' || c == '\t';

    return (c < 0x20 && !(line && long_text)) || c == 0x7f;
}

static bool is_letter(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xaa && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x2bff) &&
            !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xff00 && c <= 0xff0f));
}

/* "&nbsp;", "&#160;", "&#xa0;" where the text is at its '&'. */
static bool is_escape(struct str text)
{
    size_t at = 1, start;

    if (at < text.n && text.p[at] == '#')
        at++;
    start = at;
    while (at < text.n && at < 12 &&
           ((text.p[at] >= '0' && text.p[at] <= '9') ||
            (text.p[at] >= 'A' && text.p[at] <= 'Z') ||
            (text.p[at] >= 'a' && text.p[at] <= 'z')))
        at++;
    return at > start && at < text.n && text.p[at] == ';';
}

bool text_is_plain(struct str text, bool long_text)
{
    uint32_t before = 0;
    size_t row = 0;
    bool letters = false;

    for (size_t at = 0; at < text.n;) {
        struct str rest = str_skip(text, at);
        uint32_t c = utf8_next(text, &at);

        row = c == before ? row + 1 : 1;
        before = c;
        letters |= is_letter(c);
        if (row > 9 || is_emoji(c) || is_control(c, long_text) ||
            (c == '&' && is_escape(rest)))
            return false;
    }
    return letters || text.n == 0;
}

bool text_is_amount(struct str text, size_t decimals, double *out)
{
    size_t point = str_find_char(text, '.'), last = text.n;

    for (size_t i = 0; i < text.n; i++)
        if (i != point && (text.p[i] < '0' || text.p[i] > '9'))
            return false;
    if (text.n == 0 || point == 0 || point + 1 == text.n || text.n > 20)
        return false;
    while (point < text.n && last > point + 1 && text.p[last - 1] == '0')
        last--; /* 1.500 is 1.5 */
    if (point < text.n && last - point - 1 > decimals)
        return false;
    return parse_double(text, 0, 1e18, out);
}

bool judge_is_chinese(const struct judge *j, struct str text)
{
    return !j->region->kanji && has_chinese(text);
}

/* As uploads give them out: "tos-…/name"; an address of the web is none. */
static bool is_uri(struct str uri)
{
    return !str_empty(uri) && uri.n <= 256 && str_find(uri, STR_LIT("://")) == uri.n &&
           str_find_char(uri, ' ') == uri.n && str_find_char(uri, '/') < uri.n;
}

/* As Upload Product Image has it; what was uploaded in another way may be anything. */
size_t judge_image_bytes(const struct judge *j)
{
    return (size_t)(j->market->engine->set.switches.small_images ? 5 : 10) << 20;
}

bool judge_image_kind(const struct image_facts *facts)
{
    return facts->kind == IMAGE_JPEG || facts->kind == IMAGE_PNG ||
           facts->kind == IMAGE_WEBP || facts->kind == IMAGE_HEIC ||
           facts->kind == IMAGE_BMP;
}

bool judge_image_square(const struct image_facts *facts)
{
    uint64_t w = facts->width, h = facts->height;

    return w * 4 >= h * 3 && w * 3 <= h * 4;
}

int64_t judge_uri(const struct judge *j, struct str uri, int64_t illegal)
{
    if (!is_uri(uri))
        return illegal;
    return images_know(j->market->engine->images, uri) ? 0 : 12052722;
}

const json_t *judge_skus(const struct judge *j)
{
    return json_list(j->body, "skus");
}
