#include "base/json_walk.h"
#include "listing/members.h"

enum { DEEPEST = 8, PATH_MAX_BYTES = 160 };

struct step { /* one part of a path: a name, or a place in a list */
    const char *name;
    size_t index;
};

struct reading {
    struct json_walk walk;
    struct arena *arena;
    struct findings *findings;
    struct step path[DEEPEST];
    size_t depth;
    bool no_memory, too_many;
};

/* "skus[0].price.amount"; name: what is below the path, or NULL. */
static struct str path_text(struct reading *r, struct str name)
{
    struct buf b = BUF_INIT(PATH_MAX_BYTES);
    struct str made;

    for (size_t i = 0; i < r->depth; i++) {
        if (r->path[i].name)
            buf_addf(&b, "%s%s", b.n ? "." : "", r->path[i].name);
        else
            buf_addf(&b, "[%zu]", r->path[i].index);
    }
    if (!str_empty(name))
        buf_addf(&b, "%s%.*s", b.n ? "." : "", STR_ARG(name));
    made = arena_str(r->arena, buf_str(&b));
    buf_clear(&b);
    return made.p ? made : STR_LIT("");
}

static const char *kind_name(enum json_walk_kind kind)
{
    static const char *const names[] = {
        [JSON_WALK_NONE] = "nothing",  [JSON_WALK_OBJECT] = "object",
        [JSON_WALK_LIST] = "array",    [JSON_WALK_TEXT] = "string",
        [JSON_WALK_NUMBER] = "number", [JSON_WALK_FLAG] = "boolean",
        [JSON_WALK_NULL] = "null",
    };

    return names[kind];
}

static void report_type(struct reading *r, enum json_walk_kind got, const char *want,
                        bool read)
{
    struct str path = path_text(r, STR_LIT(""));

    findings_add(
        r->findings,
        &(struct finding){
            .level = FINDING_ERROR,
            .rule = "type",
            .code = "36009004",
            .path = path,
            .what = findings_fmt(
                r->findings, "param %.*s type invalid. actual type:%s, expected type:%s",
                STR_ARG(path), kind_name(got), want),
            .found = str_of(kind_name(got)),
            .allowed = str_of(want),
            .fix = read ? STR_LIT("write it in the type that is expected") : STR_LIT(""),
            .mend = read ? MEND_TYPE : MEND_NONE,
        });
}

static void report_unknown(struct reading *r, struct str name)
{
    findings_add(r->findings,
                 &(struct finding){
                     .level = FINDING_WARNING,
                     .rule = "unknown-member",
                     .code = "",
                     .path = path_text(r, str_head(name, 64)),
                     .what = STR_LIT("no such member is documented"),
                     .fix = STR_LIT("is it misspelt? leave it out otherwise"),
                 });
}

/* ---- plain values ---- */

/* What stands in the text until the next call stays. */
static struct str keep(struct reading *r, struct str s)
{
    struct str kept = arena_str(r->arena, s);

    if (!kept.p)
        r->no_memory = true;
    return kept;
}

static struct str read_text(struct reading *r)
{
    enum json_walk_kind kind = json_walk_kind(&r->walk);

    switch (kind) {
    case JSON_WALK_TEXT:
        return keep(r, json_walk_str(&r->walk));
    case JSON_WALK_NUMBER:
        report_type(r, kind, "string", true);
        return keep(r, json_walk_skip(&r->walk));
    case JSON_WALK_NULL:
        break;
    default:
        report_type(r, kind, "string", false);
    }
    json_walk_skip(&r->walk);
    return (struct str){0};
}

static struct listing_int read_int(struct reading *r)
{
    enum json_walk_kind kind = json_walk_kind(&r->walk);
    struct listing_int i = {.said = true};
    bool text = kind == JSON_WALK_TEXT;
    struct str word = text ? str_trim(json_walk_str(&r->walk)) : json_walk_skip(&r->walk);

    if ((text || kind == JSON_WALK_NUMBER) &&
        parse_i64(word, INT64_MIN, INT64_MAX, &i.n)) {
        if (text)
            report_type(r, kind, "number", true);
        return i;
    }
    if (kind == JSON_WALK_NUMBER)
        report_type(r, kind, "integer", false);
    else if (kind != JSON_WALK_NULL)
        report_type(r, kind, "number", false);
    return (struct listing_int){0};
}

static enum listing_flag read_flag(struct reading *r)
{
    enum json_walk_kind kind = json_walk_kind(&r->walk);
    bool said = false;

    if (kind == JSON_WALK_FLAG)
        return json_walk_flag(&r->walk, false) ? LISTING_YES : LISTING_NO;
    if (kind == JSON_WALK_TEXT) {
        bool read = parse_bool(json_walk_str(&r->walk), &said);

        report_type(r, kind, "boolean", read);
        if (!read)
            return LISTING_UNSAID;
        return said ? LISTING_YES : LISTING_NO;
    }
    json_walk_skip(&r->walk);
    if (kind != JSON_WALK_NULL)
        report_type(r, kind, "boolean", false);
    return LISTING_UNSAID;
}

/* ---- what has something inside ---- */

/* Makes room for one more row of a list; the rows lie in the arena, doubling. */
static void *one_more(struct reading *r, void *rows, size_t count, size_t size)
{
    size_t cap = 4;
    void *grown;

    if (count >= LISTING_LIST_MAX) {
        r->too_many = true;
        return NULL;
    }
    if (count > 0 && (count < cap || (count & (count - 1))))
        return rows;
    while (cap <= count)
        cap *= 2;
    grown = arena_zalloc(r->arena, cap, size);
    if (!grown)
        r->no_memory = true;
    else if (count)
        memcpy(grown, rows, count * size);
    return grown;
}

static bool must_stop(const struct reading *r)
{
    return r->no_memory || r->too_many;
}

/* True when a value of that kind comes; else it was reported and passed over. */
static bool comes(struct reading *r, enum json_walk_kind want)
{
    enum json_walk_kind kind = json_walk_kind(&r->walk);

    if (kind == want)
        return true;
    if (kind != JSON_WALK_NULL)
        report_type(r, kind, kind_name(want), false);
    json_walk_skip(&r->walk);
    return false;
}

/* Where the rows of an empty list are: somewhere. */
static const struct listing_sku nothing_there;

static struct listing_strs read_texts(struct reading *r)
{
    struct str *rows = NULL;
    size_t count = 0;

    if (!comes(r, JSON_WALK_LIST))
        return (struct listing_strs){0};
    json_walk_open(&r->walk);
    r->depth++;
    while (!must_stop(r) && json_walk_item(&r->walk)) {
        struct str *grown = one_more(r, rows, count, sizeof *rows);

        if (!grown)
            break;
        rows = grown;
        r->path[r->depth - 1] = (struct step){.index = count};
        rows[count++] = read_text(r);
    }
    r->depth--;
    return (struct listing_strs){count ? rows : (const void *)&nothing_there, count};
}

static void read_object(struct reading *r, const struct members *members, void *row);

static void read_list(struct reading *r, const struct member *m, void *row)
{
    const struct members *inside = m->inside;
    char *rows = NULL;
    size_t count = 0;

    if (!comes(r, JSON_WALK_LIST))
        return;
    json_walk_open(&r->walk);
    r->depth++;
    while (!must_stop(r) && json_walk_item(&r->walk)) {
        char *grown;

        r->path[r->depth - 1] = (struct step){.index = count};
        if (!comes(r, JSON_WALK_OBJECT))
            continue;
        grown = one_more(r, rows, count, inside->size);
        if (!grown)
            break;
        rows = grown;
        read_object(r, inside, rows + count * inside->size);
        count++;
    }
    r->depth--;
    *(const void **)member_at(row, m->at) = count ? (const void *)rows : &nothing_there;
    *(size_t *)member_at(row, m->count) = count;
}

static void read_member(struct reading *r, const struct member *m, void *row)
{
    void *at = member_at(row, m->at);

    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_DECIMAL:
        *(struct str *)at = read_text(r);
        return;
    case MEMBER_INT:
        *(struct listing_int *)at = read_int(r);
        return;
    case MEMBER_FLAG:
        *(enum listing_flag *)at = read_flag(r);
        return;
    case MEMBER_MONEY: {
        struct listing_money *money = at;

        money->written = read_text(r);
        money->said = money->written.p != NULL;
        return;
    }
    case MEMBER_TEXTS: {
        struct listing_strs texts = read_texts(r);

        *(const struct str **)at = texts.rows;
        *(size_t *)member_at(row, m->count) = texts.count;
        return;
    }
    case MEMBER_OBJECT:
        if (!comes(r, JSON_WALK_OBJECT))
            return;
        *(bool *)member_at(row, m->said) = true;
        read_object(r, m->inside, at);
        return;
    case MEMBER_LIST:
        read_list(r, m, row);
        return;
    case MEMBER_CURRENCY:
        return;
    }
}

static bool is_named(const struct member *m, struct str name)
{
    return m->length == name.n && name.n && m->name[0] == name.p[0] &&
           memcmp(m->name, name.p, name.n) == 0;
}

/* Looked for from *from on, behind the last one found: bodies mostly keep the order of
 * the documents. */
static const struct member *find_member(const struct members *members, struct str name,
                                        size_t *from)
{
    for (size_t tried = 0, i = *from; tried < members->count; tried++, i++) {
        i = i < members->count ? i : 0;
        if (is_named(&members->rows[i], name)) {
            *from = i + 1;
            return &members->rows[i];
        }
    }
    return NULL;
}

/* The amounts beside a currency can be counted once both are read. */
static void count_money(const struct members *members, struct str currency, void *row)
{
    for (size_t i = 0; i < members->count; i++) {
        struct listing_money *money;

        if (members->rows[i].kind != MEMBER_MONEY)
            continue;
        money = member_at(row, members->rows[i].at);
        money->currency = currency;
        if (!money_parse(money->written, currency, &money->minor))
            money->minor = -1;
    }
}

static void read_object(struct reading *r, const struct members *members, void *row)
{
    struct str key, currency = {0};
    size_t from = 0;

    json_walk_open(&r->walk);
    r->depth++;
    while (!must_stop(r) && json_walk_member(&r->walk, &key)) {
        const struct member *m = find_member(members, key, &from);

        if (!m) {
            r->depth--;
            report_unknown(r, key);
            r->depth++;
            json_walk_skip(&r->walk);
            continue;
        }
        r->path[r->depth - 1] = (struct step){.name = m->name};
        if (m->kind == MEMBER_CURRENCY)
            currency = read_text(r);
        else
            read_member(r, m, row);
    }
    r->depth--;
    count_money(members, currency, row);
}

enum aisle_status listing_read_body(struct str text, struct arena *arena,
                                    struct listing_draft *out, struct findings *findings,
                                    struct aisle_err *err)
{
    struct reading r = {.arena = arena, .findings = findings};
    struct listing_draft draft = {0};
    enum aisle_status status;

    json_walk_begin(&r.walk, text, LISTING_BODY_MAX, "body");
    if (json_walk_kind(&r.walk) == JSON_WALK_LIST) {
        json_walk_end(&r.walk, NULL);
        return aisle_fail(err, AISLE_GARBLED, "body is a list, and no JSON object");
    }
    read_object(&r, &body_members, &draft);
    if (r.no_memory || r.too_many) {
        json_walk_end(&r.walk, NULL);
        return r.no_memory ? aisle_nomem(err)
                           : aisle_fail(err, AISLE_LIMIT,
                                        "body has a list of more than %d entries",
                                        LISTING_LIST_MAX);
    }
    status = json_walk_end(&r.walk, err);
    if (status == AISLE_OK)
        status = findings_check(findings, err);
    if (status == AISLE_OK)
        *out = draft;
    return status;
}
