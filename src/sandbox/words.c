/* The text forms of settings: faults and tree files, as a flag or a line has them. */
#include "sandbox/sandbox.h"

static const char *const fault_names[FAULT_KINDS] = {
    [FAULT_REFUSE] = "refuse",
    [FAULT_WRONG] = "wrong",
    [FAULT_DELAY] = "delay",
    [FAULT_TOO_MANY] = "429",
    [FAULT_SERVER_ERROR] = "5xx",
    [FAULT_CUT] = "cut",
    [FAULT_RESET] = "reset",
    [FAULT_HTML] = "html",
    [FAULT_DUPLICATE] = "duplicate",
    [FAULT_TOKEN_EXPIRED] = "token-expired",
    [FAULT_SLOW] = "slow",
    [FAULT_HOOK_LATE] = "hook-late",
    [FAULT_HOOK_TWICE] = "hook-twice",
    [FAULT_HOOK_LOST] = "hook-lost",
};

const char *sandbox_fault_name(enum sandbox_fault_kind kind)
{
    return kind >= 0 && kind < FAULT_KINDS ? fault_names[kind] : "none";
}

static bool find_kind(struct str name, enum sandbox_fault_kind *kind)
{
    for (int i = 0; i < FAULT_KINDS; i++) {
        if (str_is(name, fault_names[i])) {
            *kind = (enum sandbox_fault_kind)i;
            return true;
        }
    }
    return false;
}

/* Numbers a fault may have, and the kinds they say something about. */
static const struct detail {
    const char *key;
    size_t at; /* in struct sandbox_fault */
    int min, max;
    const char *kinds;
} details[] = {
    {"ms", offsetof(struct sandbox_fault, ms), 0, 600 * 1000, "delay, slow, hook-late"},
    {"status", offsetof(struct sandbox_fault, status), 500, 599, "5xx"},
    {"retry-after", offsetof(struct sandbox_fault, retry_after_s), -1, 24 * 3600, "429"},
};

enum { DETAILS = sizeof details / sizeof *details };

static bool is_among(struct str list, struct str word)
{
    while (list.n)
        if (str_eq(str_trim(str_cut(&list, ',')), word))
            return true;
    return false;
}

static enum aisle_status not_of(const char *kind, const char *key, const char *kinds,
                                struct aisle_err *err)
{
    return aisle_fail(err, AISLE_INVALID, "%s cannot have %s; it is of %s", kind, key,
                      kinds);
}

static enum aisle_status check_detail(const struct detail *d, const char *kind,
                                      int64_t number, struct aisle_err *err)
{
    if (!is_among(str_of(d->kinds), str_of(kind)))
        return not_of(kind, d->key, d->kinds, err);
    if (number < d->min || number > d->max)
        return aisle_fail(err, AISLE_INVALID,
                          "%s cannot have %s=%lld; it is from %d to %d", kind, d->key,
                          (long long)number, d->min, d->max);
    return AISLE_OK;
}

enum aisle_status sandbox_fault_check(const struct sandbox_fault *f,
                                      struct aisle_err *err)
{
    const char *kind = sandbox_fault_name(f->kind);
    enum aisle_status status = AISLE_OK;

    if (f->kind < 0 || f->kind >= FAULT_KINDS)
        return aisle_fail(err, AISLE_INVALID, "a fault of no kind");
    if (!(f->rate >= 0 && f->rate <= 1))
        return aisle_fail(err, AISLE_INVALID, "the rate of %s is not from 0 to 1", kind);
    for (size_t i = 0; i < DETAILS && status == AISLE_OK; i++) {
        int number = *(const int *)((const char *)f + details[i].at);

        if (number)
            status = check_detail(&details[i], kind, number, err);
    }
    if (status == AISLE_OK && f->html && f->kind != FAULT_SERVER_ERROR)
        status = not_of(kind, "html", "5xx", err);
    return status;
}

static enum aisle_status read_number(const struct detail *d, struct str value,
                                     struct sandbox_fault *fault, struct aisle_err *err)
{
    const char *kind = fault_names[fault->kind];
    int64_t number;

    if (!parse_i64(value, INT64_MIN, INT64_MAX, &number))
        return aisle_fail(err, AISLE_INVALID,
                          "%s cannot have %s=%.*s; it is from %d to %d", kind, d->key,
                          STR_ARG(str_head(value, 32)), d->min, d->max);
    *(int *)((char *)fault + d->at) =
        number >= d->min && number <= d->max ? (int)number : 0;
    return check_detail(d, kind, number, err);
}

static enum aisle_status read_detail(struct str key, struct str value,
                                     struct sandbox_fault *fault, struct aisle_err *err)
{
    const char *kind = fault_names[fault->kind];

    if (str_is(key, "path")) {
        fault->path = value;
        return AISLE_OK;
    }
    if (str_is(key, "html")) {
        fault->html = true;
        return str_empty(value)
                   ? AISLE_OK
                   : aisle_fail(err, AISLE_INVALID,
                                "%s cannot have html=%.*s; html stands alone", kind,
                                STR_ARG(str_head(value, 32)));
    }
    for (size_t i = 0; i < DETAILS; i++)
        if (str_is(key, details[i].key))
            return read_number(&details[i], value, fault, err);
    return aisle_fail(err, AISLE_INVALID,
                      "%s cannot have %.*s; there are path, ms, status, retry-after and "
                      "html",
                      kind, STR_ARG(str_head(key, 32)));
}

enum aisle_status sandbox_fault_parse(struct str text, struct sandbox_fault *out,
                                      struct aisle_err *err)
{
    struct sandbox_fault fault = {0};
    struct str rate = str_cut(&text, ','), name = str_cut(&rate, '=');
    enum aisle_status status = AISLE_OK;

    if (!find_kind(name, &fault.kind))
        return aisle_fail(err, AISLE_INVALID,
                          "no fault is called %.*s; there are refuse, wrong, delay, 429, "
                          "5xx, cut, reset, html, duplicate, token-expired, slow, "
                          "hook-late, hook-twice and hook-lost",
                          STR_ARG(str_head(name, 32)));
    if (!parse_double(rate, 0, 1, &fault.rate))
        return aisle_fail(err, AISLE_INVALID, "%s needs a rate from 0 to 1, as %s=0.2",
                          fault_names[fault.kind], fault_names[fault.kind]);
    while (text.n && status == AISLE_OK) {
        struct str value = str_cut(&text, ','), key = str_cut(&value, '=');

        status = read_detail(key, value, &fault, err);
    }
    if (status == AISLE_OK)
        status = sandbox_fault_check(&fault, err);
    if (status == AISLE_OK)
        *out = fault;
    return status;
}

static bool read_qualifier(struct str word, struct sandbox_tree_file *file)
{
    if (str_is(word, "v1") || str_is(word, "v2"))
        file->version = word;
    else if (str_is(word, "TIKTOK_SHOP") || str_is(word, "TOKOPEDIA"))
        file->platform = word;
    else if (word.n == 5 && word.p[2] == '-')
        file->locale = word;
    else
        return false;
    return true;
}

enum aisle_status sandbox_tree_file_parse(struct str text, struct sandbox_tree_file *out,
                                          struct aisle_err *err)
{
    struct sandbox_tree_file file = {.path = text};
    size_t at = text.n;
    struct str rest;

    while (at > 0 && text.p[at - 1] != '@')
        at--;
    rest = at ? str_skip(text, at) : (struct str){0};
    if (at)
        file.path = str_head(text, at - 1);
    while (rest.n) {
        struct str word = str_cut(&rest, ',');

        if (read_qualifier(word, &file))
            continue;
        return aisle_fail(err, AISLE_INVALID,
                          "%.*s is no version (v1, v2), locale (id-ID) or platform "
                          "(TIKTOK_SHOP, TOKOPEDIA)",
                          STR_ARG(str_head(word, 64)));
    }
    if (str_empty(file.path))
        return aisle_fail(err, AISLE_INVALID, "a tree needs a file");
    *out = file;
    return AISLE_OK;
}
