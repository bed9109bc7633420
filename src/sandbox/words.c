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

static bool read_int(struct str text, int64_t min, int64_t max, int *out)
{
    int64_t number;

    if (!parse_i64(text, min, max, &number))
        return false;
    *out = (int)number;
    return true;
}

static bool read_detail(struct str key, struct str value, struct sandbox_fault *fault)
{
    if (str_is(key, "path")) {
        fault->path = value;
        return true;
    }
    if (str_is(key, "html")) {
        fault->html = true;
        return str_empty(value);
    }
    if (str_is(key, "ms"))
        return read_int(value, 0, 600 * 1000, &fault->ms);
    if (str_is(key, "status"))
        return read_int(value, 500, 599, &fault->status);
    if (str_is(key, "retry-after"))
        return read_int(value, -1, 24 * 3600, &fault->retry_after_s);
    return false;
}

enum aisle_status sandbox_fault_parse(struct str text, struct sandbox_fault *out,
                                      struct aisle_err *err)
{
    struct sandbox_fault fault = {0};
    struct str rate = str_cut(&text, ','), name = str_cut(&rate, '=');

    if (!find_kind(name, &fault.kind))
        return aisle_fail(err, AISLE_INVALID,
                          "no fault is called %.*s; there are refuse, wrong, delay, 429, "
                          "5xx, cut, reset, html, duplicate, token-expired, slow, "
                          "hook-late, hook-twice and hook-lost",
                          STR_ARG(str_head(name, 32)));
    if (!parse_double(rate, 0, 1, &fault.rate))
        return aisle_fail(err, AISLE_INVALID, "%s needs a rate from 0 to 1, as %s=0.2",
                          fault_names[fault.kind], fault_names[fault.kind]);
    while (text.n) {
        struct str value = str_cut(&text, ','), key = str_cut(&value, '=');

        if (!read_detail(key, value, &fault))
            return aisle_fail(err, AISLE_INVALID, "%s cannot have %.*s",
                              fault_names[fault.kind], STR_ARG(str_head(key, 32)));
    }
    *out = fault;
    return AISLE_OK;
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
